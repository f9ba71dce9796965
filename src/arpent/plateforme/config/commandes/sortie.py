"""What the commands print."""

import json
import sys
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any, TextIO


def en_json(objet: Any) -> None:
    """Pretty UTF-8 JSON on standard output."""
    json.dump(objet, sys.stdout, ensure_ascii=False, indent=2, default=str)
    sys.stdout.write("\n")


def en_json_au_fil(objets: Iterable[Any], sortie: TextIO) -> None:
    """A JSON array written one object a line, as they come: flat memory whatever their number."""
    avant = "[\n"
    for objet in objets:
        sortie.write(avant + json.dumps(objet, ensure_ascii=False, default=str))
        avant = ",\n"
    sortie.write("[]\n" if avant == "[\n" else "\n]\n")


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
