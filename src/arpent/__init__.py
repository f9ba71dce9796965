"""Arpent: territorial contracts, from the diagnostic to the evaluation."""

__version__ = "0.1.0"
