"""People of the directory: by name, with their latest function."""

from __future__ import annotations

from collections.abc import Sequence

from django.urls import reverse
from django.utils import timezone

from arpent.plateforme.acteurs.droits import peut
from arpent.plateforme.acteurs.models import Mandat
from arpent.plateforme.demarches.perimetre import mandats_visibles
from arpent.plateforme.socle.recherche import mots_plies, racine

from .pieces import Demande, Trouve

LUS = 5_000
"""Mandates read, the latest first: a Département and all its mayors, deputies and clerks."""


def personnes(asked: Demande) -> Sequence[Trouve]:
    """By name, function or body; nobody without the right to the directory. Two queries, read in memory."""
    if not peut(asked.agent, "annuaire.voir"):
        return ()
    lus = mandats_visibles(asked.agent).order_by("-debut", "-pk").values_list(
        "personne", "personne__prenom", "personne__nom", "fonction", "intitule", "organisation__nom", "fin"
    )[:LUS]  # fmt: skip
    today = timezone.localdate()
    fonctions = dict(Mandat.Fonction.choices)
    demandes = [(mot, racine(mot)) for mot in mots_plies(asked.texte)]
    par_nom: dict[int, tuple[bool, Trouve]] = {}
    for pk, prenom, nom, fonction, intitule, organisation, fin in lus:
        if pk in par_nom or not _repond(demandes, prenom, nom, fonctions[fonction], intitule, organisation):
            continue
        passe = "" if fin is None or fin >= today else " (mandat terminé)"
        trouve = Trouve(
            f"{prenom} {nom}".strip(),
            f"{(intitule or fonctions[fonction]).capitalize()}, {organisation}{passe}",
            reverse("portail:personne", args=[pk]),
        )
        par_nom[pk] = (not _repond(demandes, prenom, nom), trouve)
    return [t for _, t in sorted(par_nom.values(), key=lambda c: c[0])][: asked.limite + 1]


def _repond(demandes: Sequence[tuple[str, str]], *textes: str) -> bool:
    """Whether each word asked, or its stem, begins a word of the texts; a word of two letters is whole.

    Names are not stemmed: thousands of them would be, at the first search of each process.
    """
    presents = mots_plies(" ".join(textes))
    return all(
        any(p.startswith((mot, tige)) if len(mot) > 2 else p == mot for p in presents)
        for mot, tige in demandes
    )
