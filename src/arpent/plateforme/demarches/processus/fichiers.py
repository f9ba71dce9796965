"""A version of a process as a YAML file, and back."""

from __future__ import annotations

from typing import Any

import yaml

from arpent.metier.processus import Definition, ProcessusInvalide, ecrire_definition, lire_definition
from arpent.plateforme.acteurs.roles import ROLES

from ..models import VersionProcessus

TAILLE_MAX = 400_000


def ecrire_yaml(version: VersionProcessus) -> str:
    """The text of that version, ready to be edited and loaded again."""
    contenu = {
        "slug": version.processus.slug,
        "nom": version.processus.nom,
        "version": version.numero,
        **ecrire_definition(lire_definition(version.definition)),
    }
    return yaml.safe_dump(contenu, allow_unicode=True, sort_keys=False, width=110)


def lire_yaml(texte: str) -> dict[str, Any]:
    """The content of a file. Raises ProcessusInvalide with every fault, its place first."""
    if len(texte) > TAILLE_MAX:
        raise ProcessusInvalide(("Ce fichier est trop long pour un processus.",))
    try:
        contenu = yaml.safe_load(texte)
    except yaml.YAMLError as erreur:
        marque = getattr(erreur, "problem_mark", None)
        ou = f" ligne {marque.line + 1}" if marque is not None else ""
        raise ProcessusInvalide((f"Ce fichier n’est pas du YAML{ou} : vérifiez les retraits.",)) from erreur
    exiger_roles(lire_definition(contenu))
    assert isinstance(contenu, dict)
    return contenu


def exiger_roles(definition: Definition) -> None:
    """The roles it names exist in the application. Raises ProcessusInvalide."""
    fautes = tuple(
        f"Étape «\u00a0{e.code}\u00a0»\u00a0: le rôle «\u00a0{e.role}\u00a0» n’existe pas. "
        f"Connus\u00a0: {', '.join(ROLES)}."
        for e in definition.etapes
        if e.role and e.role not in ROLES
    )
    if fautes:
        raise ProcessusInvalide(fautes)
