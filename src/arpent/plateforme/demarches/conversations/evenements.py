"""What other parts of the house do when a message is written, in the same transaction."""

from __future__ import annotations

from collections.abc import Callable

from arpent.plateforme.acteurs.models import Agent

from .models import Message

ECRITS: list[Callable[[Message, Agent], None]] = []
"""Called with each new message and its author; filled once, by the AppConfig."""
