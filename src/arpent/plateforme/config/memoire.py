"""Memory given back to the system once a large file has been served."""

from __future__ import annotations

import ctypes

_M_TRIM_THRESHOLD, _M_MMAP_THRESHOLD = -1, -3  # malloc.h of glibc
_GRAND = 1024 * 1024


def rendre_les_grands_blocs() -> bool:
    """Blocks of one MB and more go back to the system as soon as they are freed. False: not possible here.

    Left alone, glibc raises that bound to 32 MB after the first large block: the next ones then share the
    heap with small objects that outlive them, and a worker that once received a large file stays large.
    """
    try:
        mallopt = ctypes.CDLL(None).mallopt
    except (OSError, AttributeError, TypeError):  # macOS, Windows, musl
        return False
    return bool(mallopt(_M_MMAP_THRESHOLD, _GRAND) and mallopt(_M_TRIM_THRESHOLD, _GRAND))
