"""The surfaces: one folder each; none knows another."""
