"""`arpent processus …` : files checked, loaded as a new version, exported, drawn."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..commande import Refus
from .reperage import dispositif_de
from .sortie import en_json, ligne

if TYPE_CHECKING:
    from arpent.plateforme.demarches.models import VersionProcessus


def declarer(sous: Any) -> None:
    processus = sous.add_parser("processus", help="processus : vérifier, charger, exporter, dessiner")
    actions = processus.add_subparsers(dest="action", metavar="ACTION", required=True)

    verifier = actions.add_parser("verifier", help="dit tout ce qui est faux dans un fichier")
    verifier.add_argument("fichier", type=Path, metavar="FICHIER", help="processus en YAML")
    verifier.add_argument("--json", action="store_true", help="sortie JSON")
    verifier.set_defaults(agir=verifier_un_fichier)

    charger = actions.add_parser("charger", help="publie un fichier comme nouvelle version du processus")
    charger.add_argument("fichier", type=Path, metavar="FICHIER", help="processus en YAML")
    _dispositif(charger)
    charger.add_argument("--par", required=True, metavar="COURRIEL", help="agent au nom de qui il est publié")
    charger.add_argument("--note", required=True, metavar="TEXTE", help="ce qui change et pourquoi")
    charger.set_defaults(agir=charger_un_fichier)

    exporter = actions.add_parser("exporter", help="écrit une version du processus en YAML")
    _dispositif(exporter)
    exporter.add_argument("--version", type=int, metavar="N", help="la plus récente si absent")
    exporter.set_defaults(agir=exporter_une_version)

    schema = actions.add_parser("schema", help="écrit le schéma du processus (Mermaid, ou SVG)")
    _dispositif(schema)
    schema.add_argument("--version", type=int, metavar="N", help="la plus récente si absent")
    schema.add_argument("--svg", type=Path, metavar="FICHIER", help="écrit le dessin dans ce fichier")
    schema.set_defaults(agir=dessiner)


def _dispositif(commande: argparse.ArgumentParser) -> None:
    commande.add_argument("--dispositif", required=True, metavar="NOM", help="lozere, nouvelle-aquitaine…")


def _lire(fichier: Path) -> str:
    try:
        return fichier.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        raise Refus(f"« {fichier} » ne se lit pas : vérifiez son nom et son encodage (UTF-8).") from None


def _version(options: argparse.Namespace) -> VersionProcessus:
    processus = dispositif_de(options.dispositif).processus
    versions = processus.versions.select_related("processus").order_by("-numero")
    version = versions.first() if options.version is None else versions.filter(numero=options.version).first()
    if version is None:
        connues = ", ".join(str(n) for n in versions.values_list("numero", flat=True))
        raise Refus(f"version {options.version} inconnue. Versions : {connues or 'aucune'}.")
    return version


def verifier_un_fichier(options: argparse.Namespace) -> int:
    """0 when the file can be loaded, 1 with every fault."""
    from arpent.metier.processus import ProcessusInvalide, lire_definition
    from arpent.plateforme.demarches.processus.fichiers import lire_yaml

    try:
        definition = lire_definition(lire_yaml(_lire(options.fichier)))
    except ProcessusInvalide as refus:
        if options.json:
            en_json({"fautes": list(refus.fautes)})
        else:
            for faute in refus.fautes:
                ligne(faute)
        return 1
    if options.json:
        en_json({"fautes": []})
    else:
        ligne(
            f"{options.fichier.name} : {len(definition.phases)} phase(s), {len(definition.etapes)} étape(s), "
            f"{len(definition.reunions)} réunion(s). Rien à corriger."
        )
    return 0


def charger_un_fichier(options: argparse.Namespace) -> int:
    """Through the same draft as the screen: opened, replaced, published."""
    from django.db import transaction

    from arpent.metier.processus import ProcessusInvalide, ecrire_definition, lire_definition
    from arpent.plateforme.acteurs.droits import peut
    from arpent.plateforme.acteurs.models import Agent
    from arpent.plateforme.demarches.processus import redaction
    from arpent.plateforme.demarches.processus.fichiers import lire_yaml

    processus = dispositif_de(options.dispositif).processus
    agent = Agent.objects.filter(courriel=options.par).first()
    if agent is None or not peut(agent, "processus.rediger", autorite_id=processus.autorite_id):
        raise Refus(f"« {options.par} » n’est pas un agent qui peut écrire ce processus.")
    try:
        contenu = ecrire_definition(lire_definition(lire_yaml(_lire(options.fichier))))
        with transaction.atomic():
            brouillon = redaction.ouvrir_brouillon(processus, par=agent)
            brouillon = redaction.enregistrer(
                brouillon, contenu, geste="importer_processus", quoi=options.fichier.name, par=agent,
                version_lue=brouillon.version,
            )  # fmt: skip
            version = redaction.publier(brouillon, options.note, par=agent, version_lue=brouillon.version)
    except ProcessusInvalide as refus:
        raise Refus(f"{options.fichier.name}. {refus}") from None
    except redaction.RedactionRefusee as refus:
        raise Refus(str(refus)) from None
    ligne(f"{version} publiée. Les démarches en cours gardent la leur.")
    return 0


def exporter_une_version(options: argparse.Namespace) -> int:
    """The YAML on standard output."""
    from arpent.plateforme.demarches.processus.fichiers import ecrire_yaml

    print(ecrire_yaml(_version(options)), end="")
    return 0


def dessiner(options: argparse.Namespace) -> int:
    """Mermaid text on standard output, or the SVG in a file."""
    from arpent.metier.processus import diagramme, lire_definition
    from arpent.plateforme.demarches.processus.presentation import figure_schema

    version = _version(options)
    definition = lire_definition(version.definition)
    if options.svg is None:
        print(diagramme(definition), end="")
        return 0
    options.svg.write_text(figure_schema(version.processus.nom, definition).svg_complet(), encoding="utf-8")
    ligne(f"Schéma écrit : {options.svg}")
    return 0
