"""The product: one folder per feature; knows no platform."""
