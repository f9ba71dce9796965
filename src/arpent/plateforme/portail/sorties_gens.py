"""The directory handed down to documents and commands."""

from __future__ import annotations

from datetime import date
from typing import Any

from arpent.plateforme.demarches.models import Demarche
from arpent.plateforme.documents.donnees_interlocuteurs import (
    InterlocuteurDoc,
    InterlocuteursDoc,
    RubriqueDoc,
)

from .gens.interlocuteurs import Annuaire, Interlocuteur, interlocuteurs


def interlocuteurs_doc(
    demarche: Demarche, annuaire: Annuaire, le: date, *, demonstration: bool
) -> InterlocuteursDoc:
    """The sheet as the document needs it. No query."""
    return InterlocuteursDoc(
        territoire=demarche.territoire.nom,
        autorite=demarche.autorite.nom,
        theme=annuaire.theme_libelle,
        etabli_le=le,
        rubriques=tuple(
            RubriqueDoc(titre, tuple(_doc(g) for g in gens)) for titre, gens in annuaire.rubriques
        ),
        demonstration=demonstration,
    )


def _doc(g: Interlocuteur) -> InterlocuteurDoc:
    return InterlocuteurDoc(
        g.nom_complet, g.titre, g.organisation, g.telephone, g.courriel, g.absence, g.suppleant
    )


def interlocuteurs_json(demarche: Demarche, theme: str, le: date) -> dict[str, Any]:
    """For the command line. Five queries."""
    annuaire = interlocuteurs(demarche, theme, le)
    return {
        "territoire": demarche.territoire.nom,
        "theme": annuaire.theme,
        "rubriques": [
            {
                "titre": titre,
                "interlocuteurs": [
                    {
                        "nom": g.nom_complet, "titre": g.titre, "organisation": g.organisation,
                        "telephone": g.telephone, "courriel": g.courriel, "absence": g.absence,
                        "suppleant": g.suppleant,
                    }
                    for g in gens
                ],
            }
            for titre, gens in annuaire.rubriques
        ],
    }  # fmt: skip
