"""Speed and memory of Arpent, as ratios to a bare Django page measured in the same run: `make bench`.

Everything happens in a temporary directory (and, when DATABASE_URL is a PostgreSQL address, in two databases
of its own, dropped at the end), on 127.0.0.1. `docs/mesures.md` says how to read the figures.
"""
