"""The console command. Exit codes: 0 done, 1 something was found wrong, 2 bad input (one clear line)."""

from __future__ import annotations

import argparse
import os
import re
import sys
from collections.abc import Callable, Sequence
from typing import Any, NoReturn


class Refus(Exception):
    """Bad input: printed as one line, exit code 2."""


class AideFrancaise(argparse.HelpFormatter):
    """argparse's help in French; the line breaks of the epilogue are kept."""

    def __init__(self, prog: str) -> None:
        super().__init__(prog, max_help_position=32, width=100)

    def add_usage(self, usage: Any, actions: Any, groups: Any, prefix: str | None = None) -> None:
        super().add_usage(usage, actions, groups, "Utilisation : " if prefix is None else prefix)

    def _fill_text(self, text: str, width: int, indent: str) -> str:
        lignes = (super(AideFrancaise, self)._fill_text(ligne, width, indent) for ligne in text.split("\n"))
        return "\n".join(lignes)


class AnalyseurFrancais(argparse.ArgumentParser):
    """argparse whose help and errors are in French, an error being one clear line."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**(options | {"add_help": False, "formatter_class": AideFrancaise}))
        self._positionals.title = "Arguments\u00a0"
        self._optionals.title = "Options\u00a0"
        self.add_argument("-h", "--help", action="help", help="affiche cette aide")

    def error(self, message: str) -> NoReturn:
        for motif, francais in _TRADUCTIONS:
            message = re.sub(motif, francais, message)
        self.exit(2, f"arpent : {message}. Aide : {self.prog} --help\n")


_TRADUCTIONS = (
    (r"the following arguments are required: (.*)", r"il manque \1"),
    (r"unrecognized arguments: (.*)", r"argument inconnu : \1"),
    (r"argument (\S+): invalid choice: (\S+) \(choose from (.*)\)", r"\1 : \2 n’existe pas (choix : \3)"),
    (r"argument (\S+): invalid int value: (\S+)", r"\1 attend un nombre entier, pas \2"),
    (r"argument (\S+): expected one argument", r"\1 attend une valeur"),
    (r"argument (\S+): invalid \S+ value: (\S+)", r"\1 n’accepte pas la valeur \2"),
    (r"argument (\S+): (.*)", r"\1 : \2"),
    (r"ambiguous option: (\S+) could match (.*)", r"option \1 ambiguë (\2)"),
)


Commande = Callable[[argparse.Namespace], int]


def analyseur() -> argparse.ArgumentParser:
    """The whole command line, built from the modules of `commandes`."""
    from .commandes import (
        bilan,
        compte,
        demarche,
        depot,
        donnees,
        enveloppes,
        evaluation,
        finances,
        gens,
        instance,
        journal,
        observatoire,
        pilotage,
        processus,
        reglement,
        rendez_vous,
        reunion,
        sauvegarde,
        scenario,
        territoire,
        tournee,
        verifier,
    )

    racine = AnalyseurFrancais(
        prog="arpent",
        description="Arpent : les contrats territoriaux, du diagnostic à l’évaluation.",
        epilog="CODE est l’identifiant d’un territoire (arpent territoires lister) ou le SIREN d’une de ses "
        "intercommunalités.\n"
        "ARPENT_DONNEES : répertoire de l’instance (par défaut ./donnees).\n"
        "DATABASE_URL : base de données (par défaut SQLite dans ce répertoire).\n"
        "Code de sortie : 0 fait, 1 anomalie trouvée, 2 saisie à corriger.",
    )
    sous = racine.add_subparsers(
        dest="commande", metavar="COMMANDE", required=True, parser_class=AnalyseurFrancais
    )
    for module in (
        instance, compte, demarche, processus, pilotage, bilan, evaluation, rendez_vous, reunion,
        reglement, enveloppes, scenario, territoire, finances, gens, observatoire, journal, depot, donnees,
        sauvegarde, verifier, tournee,
    ):  # fmt: skip
        module.declarer(sous)
    return racine


def main(arguments: Sequence[str] | None = None) -> int:
    """Entry point of the `arpent` script."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "arpent.plateforme.config.settings")
    options = analyseur().parse_args(arguments)
    if options.commande == "demo":  # the settings are read before the demonstration leaves its mark
        os.environ.setdefault("ARPENT_DEMO", "1")
    try:
        _preparer_django()
        from django.db.utils import DatabaseError

        from arpent.plateforme.socle.panne import DepotMuet

        agir: Commande = options.agir
        try:
            return agir(options)
        except DepotMuet as erreur:
            raise Refus(f"{erreur} Vérifiez ARPENT_FICHIERS.") from None
        except DatabaseError as erreur:
            if os.environ.get("ARPENT_TRACE"):
                raise
            raise Refus(_base_indisponible(erreur)) from None
    except Refus as refus:
        print(f"arpent : {refus}", file=sys.stderr)
        return 2
    except BrokenPipeError:  # `arpent … | head`: the reader has left, nothing to say
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except KeyboardInterrupt:
        print("\narpent : interrompu.", file=sys.stderr)
        return 130


def _preparer_django() -> None:
    """Reads the settings; what the environment got wrong is said in one line."""
    import django

    from .fichiers import AdresseInvalide

    try:
        django.setup()
    except AdresseInvalide as erreur:
        raise Refus(f"configuration invalide. {erreur}.") from None
    except OSError as erreur:
        raise Refus(
            f"le répertoire de l’instance ne peut pas être écrit ({erreur.strerror} : {erreur.filename}). "
            "Vérifiez ARPENT_DONNEES et ses droits."
        ) from None
    except ValueError as erreur:
        if os.environ.get("ARPENT_TRACE"):
            raise
        raise Refus(
            f"configuration invalide ({str(erreur).split('.')[0]}). Vérifiez DATABASE_URL, par exemple "
            "postgres://agent:motdepasse@127.0.0.1:5432/arpent"
        ) from None


def _base_indisponible(erreur: Exception) -> str:
    cause = (str(erreur).splitlines() or [""])[0]
    if "no such table" in cause or "does not exist" in cause or "n'existe pas" in cause:
        return "la base de données n’est pas encore préparée. Lancez d’abord : arpent init"
    return f"la base de données ne répond pas ({cause}). Vérifiez DATABASE_URL et l’espace disque."


if __name__ == "__main__":
    raise SystemExit(main())
