"""What the commands print."""

import json
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any


def en_json(objet: Any) -> None:
    """Pretty UTF-8 JSON on standard output."""
    json.dump(objet, sys.stdout, ensure_ascii=False, indent=2, default=str)
    sys.stdout.write("\n")


def ligne(texte: str) -> None:
    """One progress line, at once."""
    print(texte, flush=True)


@contextmanager
def etape(libelle: str) -> Iterator[None]:
    """Says what starts and how long it took."""
    debut = time.monotonic()
    print(f"  {libelle}…", end="", flush=True)
    yield
    print(f" {time.monotonic() - debut:.1f} s", flush=True)
