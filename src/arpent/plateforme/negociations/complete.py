"""The whole maquette on one page, to be read: the columns and the sums of its A3 document, to the cent."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render

from arpent.plateforme.acteurs.acces import RequeteAgent
from arpent.plateforme.demarches.acces import page_demarche
from arpent.plateforme.demarches.models import Demarche
from arpent.plateforme.documents.rendu.vue_maquette import vue_maquette_detaillee

from .droits import VOIR
from .fichiers import document_demande

_AVANT: tuple[tuple[str, str], ...] = (
    ("maturite", "Maturité"), ("calendrier", "Calendrier"),
    ("priorite", "Priorité"), ("statut", "Décision"), ("annee", "Année"),
)  # fmt: skip
_MONTANTS: tuple[tuple[str, str], ...] = (
    ("cout_ht", "Coût HT"), ("cout_ttc", "Coût TTC"), ("assiette", "Base"), ("aide", "Aide proposée"),
    ("taux", "Taux"),
)  # fmt: skip
_APRES: tuple[tuple[str, str], ...] = (
    ("reste", "Reste à charge"), ("part", "Reste %"), ("public", "Aides publiques %"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Case:
    libelle: str
    texte: str


@dataclass(frozen=True, slots=True)
class Rangee:
    """One line: a project, or the total of a theme, of an axis, of the maquette."""

    genre: str
    titre: str
    numero: str = ""
    porteur: str = ""
    demonstration: bool = False
    mots: tuple[Case, ...] = ()
    montants: tuple[Case, ...] = ()


def _montants(lu: Mapping[str, Any], financeurs: Sequence[str]) -> tuple[Case, ...]:
    autres = (Case(nom, texte) for nom, texte in zip(financeurs, lu["recus"], strict=True))
    return (
        *(Case(titre, lu[cle]) for cle, titre in _MONTANTS),
        *autres,
        *(Case(titre, lu[cle]) for cle, titre in _APRES),
    )


def _total(genre: str, titre: str, lu: Mapping[str, Any], financeurs: Sequence[str]) -> Rangee:
    return Rangee(genre, f"{titre}, {lu['nombre']}", montants=_montants(lu, financeurs))


def _mots(vue: Mapping[str, Any]) -> tuple[tuple[str, str], ...]:
    return (*_AVANT, ("fonds", "Fonds")) if vue["avec_fonds"] else _AVANT


def _projet(lu: Mapping[str, Any], financeurs: Sequence[str], colonnes: Sequence[tuple[str, str]]) -> Rangee:
    mots = tuple(Case(titre, lu[cle]) for cle, titre in colonnes)
    return Rangee(
        "projet", lu["titre"], lu["numero"], lu["maitre_ouvrage"], lu["demonstration"], mots,
        _montants(lu, financeurs),
    )  # fmt: skip


def rangees_de(vue: Mapping[str, Any]) -> list[Rangee]:
    """Axis, theme, projects, subtotals, as the document prints them."""
    financeurs: list[str] = vue["financeurs"]
    rangees: list[Rangee] = []
    for axe in vue["axes"]:
        for theme in axe["themes"]:
            rangees.append(Rangee("titre", f"{axe['titre']} · {theme['titre']}"))
            rangees += [_projet(ligne, financeurs, _mots(vue)) for ligne in theme["lignes"]]
            rangees.append(_total("theme", f"Sous-total {theme['titre']}", theme["total"], financeurs))
        rangees.append(_total("axe", axe["titre"], axe["total"], financeurs))
    return rangees


@page_demarche(VOIR)
def maquette_complete(request: RequeteAgent, demarche: Demarche) -> HttpResponse:
    """The maquette in progress, or a scenario one may read (`?scenario=3`)."""
    doc, scenario = document_demande(request, demarche)
    vue = vue_maquette_detaillee(doc, "a3")
    mots = [titre for _, titre in _mots(vue)]
    montants = [t for _, t in _MONTANTS] + list(vue["financeurs"]) + [t for _, t in _APRES]
    contexte = {
        "demarche": demarche,
        "scenario": None if scenario.est_courant else scenario,
        "vue": vue,
        "rangees": rangees_de(vue),
        "mots": mots,
        "montants": montants,
        "colonnes": 1 + len(mots) + len(montants),
        "total": _total("tout", "Total", vue["total"], vue["financeurs"]),
        "mentions": doc.mentions_demonstration,
    }
    return render(request, "negociations/complete.html", contexte)
