"""Which models there are: those shipped with the platform, those of the authority, the one in force."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from django.db.models import OuterRef, Subquery

from arpent import dispositifs
from arpent.metier.vulnerabilite import Modele, ModeleInvalide, lire_modele, lire_modeles
from arpent.plateforme.demarches.models import Demarche, Processus

from ..models import ModeleVulnerabilite

RACINE = Path(dispositifs.__file__).parent


@dataclass(frozen=True, slots=True)
class ModeleLivre:
    """A model of a file: `dispositif` is its folder, `definition` its content, ready for JSON."""

    modele: Modele
    definition: Mapping[str, Any]
    dispositif: str


@dataclass(frozen=True, slots=True)
class Politique:
    """What the policy of a démarche says of vulnerability.

    `par_defaut`: first model of its files that can be applied. `en_vigueur`: the authority's own, when it
    put one in force. `types_contrat`: label by code.
    """

    processus_id: int
    par_defaut: Modele | None
    en_vigueur: Modele | None
    en_vigueur_pk: int | None
    types_contrat: Mapping[str, str]

    @property
    def applique(self) -> Modele | None:
        """The model that decides the class."""
        return self.en_vigueur or self.par_defaut


@cache
def livres() -> Mapping[str, ModeleLivre]:
    """The shipped models by code: the files of the dispositifs, then the shared folder."""
    connus: dict[str, ModeleLivre] = {}
    for chemin in [*sorted(RACINE.glob("*/vulnerabilite.yaml")), *sorted(RACINE.glob("modeles/*.yaml"))]:
        contenu = yaml.load(chemin.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
        definitions = json.loads(json.dumps(contenu, default=str))["modeles"]
        for modele, definition in zip(lire_modeles(contenu), definitions, strict=True):
            connus.setdefault(modele.code, ModeleLivre(modele, definition, chemin.parent.name))
    return connus


def politique_de(processus_id: int) -> Politique:
    """One query. A stored model that can no longer be read is set aside: the shipped one applies."""
    en_vigueur = ModeleVulnerabilite.objects.filter(processus=OuterRef("pk"), en_vigueur=True).order_by()
    donnees, parametres, choisi, definition = (
        Processus.objects.filter(pk=processus_id)
        .annotate(
            modele=Subquery(en_vigueur.values("pk")[:1]),
            definition_modele=Subquery(en_vigueur.values("definition")[:1]),
        )
        .values_list(
            "dispositif__modele_vulnerabilite", "dispositif__parametres", "modele", "definition_modele"
        )
        .get()
    )
    return Politique(
        processus_id=processus_id,
        par_defaut=_premier_applicable(donnees),
        en_vigueur=lisible(definition) if definition else None,
        en_vigueur_pk=choisi,
        types_contrat={t["code"]: t["libelle"] for t in (parametres or {}).get("types_contrat", [])},
    )


def politique(demarche: Demarche) -> Politique:
    return politique_de(demarche.version_processus.processus_id)


def _premier_applicable(donnees: Mapping[str, Any] | None) -> Modele | None:
    if not donnees:
        return None
    return next((m for m in lire_modeles(donnees) if m.est_applicable), None)


def lisible(definition: Mapping[str, Any]) -> Modele | None:
    """The model, None when its definition is wrong."""
    try:
        return lire_modele(definition)
    except ModeleInvalide:
        return None


def chercher(code: str, processus_id: int) -> tuple[Modele, Mapping[str, Any]] | None:
    """The model of that code: the authority's first, then a shipped one. One query."""
    if "\0" in code:  # no text of PostgreSQL holds it
        return None
    definition = (
        ModeleVulnerabilite.objects.filter(processus_id=processus_id, code=code)
        .values_list("definition", flat=True)
        .first()
    )
    if definition is not None:
        modele = lisible(definition)
        return (modele, definition) if modele else None
    livre = livres().get(code)
    return (livre.modele, livre.definition) if livre else None
