"""A document composed once for all who read it."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from types import SimpleNamespace
from typing import Any
from unittest import mock

from arpent.plateforme.documents.rendu import pdf


@contextmanager
def une_composition_par_document() -> Iterator[None]:
    """A document is composed once for all those who read it: a process for each takes longer than the rest.

    What is composed is kept by all that the process receives, so that another content is another document.
    """
    faits: dict[bytes, Any] = {}

    def composer(*commande: Any, input: bytes, **options: Any) -> Any:
        if input not in faits:
            faits[input] = subprocess.run(*commande, input=input, **options)
        return faits[input]

    atelier = SimpleNamespace(run=composer, TimeoutExpired=subprocess.TimeoutExpired)
    with mock.patch.object(pdf, "subprocess", atelier):
        yield
