"""What the child process runs: reading a table that somebody sent. Imports nothing of Arpent."""
