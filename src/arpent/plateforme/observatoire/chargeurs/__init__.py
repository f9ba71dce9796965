"""Loaders of the official files, as published: one module per file, all listed in `registre`."""
