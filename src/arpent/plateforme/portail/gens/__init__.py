"""The directory: bodies, people, what each may do, who to call."""
