"""Pages of the grant files: one file, its pieces, its preparation, the list, the reports."""
