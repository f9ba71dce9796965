"""The deadlines of an awarded aid: declared facts, extensions, alerts, lapses pronounced together."""
