"""Broken input: one generator for `make test`, which tries some of it, and `make fuzz`, which tries much more."""
