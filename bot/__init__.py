"""The machine: knows every platform, knows no feature."""
