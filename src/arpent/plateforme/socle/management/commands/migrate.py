"""Django's command, quicker on an empty database (`socle.base_neuve`)."""

from __future__ import annotations

from typing import Any

from django.core.management.commands import migrate
from django.db import DEFAULT_DB_ALIAS

from arpent.plateforme.socle import base_neuve

_AUTREMENT = ("app_label", "migration_name", "plan", "fake", "check_unapplied", "prune")


class Command(migrate.Command):
    """Everything asked of the default database when it is empty: its tables are created at once."""

    def handle(self, *args: Any, **options: Any) -> None:
        entier = options["database"] == DEFAULT_DB_ALIAS and not any(options.get(o) for o in _AUTREMENT)
        if entier and base_neuve.est_vide():
            base_neuve.creer()
        super().handle(*args, **options)
