"""The text of the brief of the elected member."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from arpent.metier.processus.conditions import enumerer

from ..donnees_pilotage import LignePilotageDoc, NotePilotageDoc
from .texte import jour
from .vue import Vue, nettoyer, vue_charte


@dataclass(frozen=True, slots=True)
class Mesure:
    """How much of the brief is shown: lines of a list, letters of a cell."""

    lignes: int
    lettres: int


MESURES = (Mesure(12, 80), Mesure(10, 48), Mesure(7, 36))
"""From the most to the least; the last one holds on one page whatever is said."""


def _court(texte: str, lettres: int) -> str:
    return texte if len(texte) <= lettres else f"{texte[: lettres - 1].rstrip()}…"


def _rubrique(
    titre: str,
    colonnes: tuple[str, str, str],
    toutes: Sequence[LignePilotageDoc],
    en_plus: int,
    vide: str,
    mesure: Mesure,
) -> Vue:
    lignes, lettres, total = toutes[: mesure.lignes], mesure.lettres, len(toutes) + en_plus
    return {
        "titre": titre,
        "colonnes": list(colonnes),
        "lignes": [
            {
                "territoire": _court(x.territoire, lettres),
                "quoi": _court(x.quoi, lettres),
                "valeur": x.valeur,
            }
            for x in lignes
        ],
        "suite": f"{len(lignes)} sur {total}" if len(lignes) < total else "",
        "vide": vide,
    }


def vue_note_pilotage(doc: NotePilotageDoc, mesure: Mesure = MESURES[0]) -> Vue:
    """Three lists, six figures, one page."""
    rubriques = [
        _rubrique(
            "Ce qui est décidé", ("Territoire", "Contrat", "Aide au contrat"), doc.decide, doc.decide_en_plus,
            "Aucun contrat n’est encore en vigueur.", mesure,
        ),
        _rubrique(
            "Ce qui reste à faire", ("Territoire", "Prochaine étape", "Signature prévue"), doc.reste,
            doc.reste_en_plus, "Tous les contrats sont en vigueur.", mesure,
        ),
        _rubrique(
            "Territoires en retard", ("Territoire", "Étape en retard", "Retard"), doc.retards,
            doc.retards_en_plus, "Aucun territoire n’est en retard.", mesure,
        ),
    ]  # fmt: skip
    silence = ""
    if doc.silencieux:
        silence = (
            f"Sans aucun geste depuis plus de {doc.silence_jours} jours : {enumerer(doc.silencieux, 3)}."
        )
    return nettoyer(
        {
            "titre": f"{doc.dispositif} : où en sont les territoires",
            "nom": doc.autorite,
            "date_iso": doc.etabli_le.isoformat(),
            "le": jour(doc.etabli_le),
            "perimetre": f"Territoires retenus : {doc.perimetre}." if doc.perimetre else "",
            "chiffres": [{"cle": c.libelle, "valeur": c.valeur} for c in doc.chiffres],
            "rubriques": rubriques,
            "silence": silence,
            "methode": "Signature prévue : étapes restantes, au rythme observé. Entre parenthèses, "
            "du plus tôt au plus tard quand assez de territoires ont été observés.",
            "charte": vue_charte(doc.charte),
            "demonstration": doc.demonstration,
        }
    )
