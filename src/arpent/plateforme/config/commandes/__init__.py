"""Sub-commands of `arpent`, one module per room."""
