"""What the home page and its three lists say: the days to come, what changed, who is silent."""
