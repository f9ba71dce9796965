"""The public site of a dispositif: what is decided, done and paid, for anybody; no name of a person."""
