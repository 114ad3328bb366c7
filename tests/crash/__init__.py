"""Proof that nothing comes twice and nothing gets lost: real processes, killed at the worst moments. `make crash`."""
