"""Backup and restoration of an instance: one zip, the same whatever the database behind.

`archive` says what the zip holds and proves that it is whole; `lignes` writes a row as text and fingerprints
a table; `tables` reads and fills a database; `places` makes the new place and swaps it; `ecrire` and `rendre`
are the two gestures.
"""


class SauvegardeRefusee(ValueError):
    """The backup or the restoration cannot be done; French: what happened, why, what to do."""
