"""The console command. Exit codes: 0 done, 1 something was found wrong, 2 bad input (one clear line)."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable, Sequence


class Refus(Exception):
    """Bad input: printed as one line, exit code 2."""


class AnalyseurFrancais(argparse.ArgumentParser):
    """argparse whose errors are one clear French line."""

    def error(self, message: str) -> None:  # type: ignore[override]
        traductions = (
            ("the following arguments are required:", "il manque :"),
            ("unrecognized arguments:", "option inconnue :"),
            ("invalid choice:", "choix inconnu :"),
            ("expected one argument", "attend une valeur"),
        )
        for anglais, francais in traductions:
            message = message.replace(anglais, francais)
        self.exit(2, f"arpent : {message} (aide : {self.prog} --help)\n")


Commande = Callable[[argparse.Namespace], int]


def analyseur() -> argparse.ArgumentParser:
    """The whole command line, built from the modules of `commandes`."""
    from .commandes import instance, journal, territoire

    racine = AnalyseurFrancais(
        prog="arpent",
        description="Arpent : les contrats territoriaux, du diagnostic à l’évaluation.",
        epilog="Les données de l’instance sont dans ARPENT_DONNEES (par défaut ./donnees) ; la base est "
        "DATABASE_URL (par défaut SQLite dans ce répertoire). CODE est le SIREN d’une intercommunalité ou "
        "l’identifiant d’un territoire (arpent territoires lister).",
    )
    sous = racine.add_subparsers(
        dest="commande", metavar="COMMANDE", required=True, parser_class=AnalyseurFrancais
    )
    for module in (instance, territoire, journal):
        module.declarer(sous)
    return racine


def main(arguments: Sequence[str] | None = None) -> int:
    """Entry point of the `arpent` script."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "arpent.plateforme.config.settings")
    options = analyseur().parse_args(arguments)
    import django
    from django.db.utils import OperationalError, ProgrammingError

    django.setup()
    agir: Commande = options.agir
    try:
        return agir(options)
    except Refus as refus:
        print(f"arpent : {refus}", file=sys.stderr)
        return 2
    except (OperationalError, ProgrammingError) as erreur:
        if os.environ.get("ARPENT_TRACE"):
            raise
        print(
            f"arpent : la base de données ne répond pas ou n’est pas prête ({str(erreur).splitlines()[0]}). "
            "Lancez d’abord : arpent init",
            file=sys.stderr,
        )
        return 2
    except BrokenPipeError:
        return 0


if __name__ == "__main__":
    raise SystemExit(main())
