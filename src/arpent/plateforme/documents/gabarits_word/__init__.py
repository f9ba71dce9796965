"""The Word template that an authority puts in place of a shipped one: read, checked and rendered apart.

Nobody here wrote it: it is opened in a process of its own, and its marks may only show, repeat and test the
texts that the shipped template receives (docs/documents.md).
"""
