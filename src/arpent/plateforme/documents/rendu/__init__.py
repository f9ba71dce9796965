"""Renderers: a frozen dataclass in, bytes out. No Django, no database, no clock."""
