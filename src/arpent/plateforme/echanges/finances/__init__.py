"""The export of the finance software: read, matched with our files, applied once."""
