"""The results of a campaign as files: the counts of the page, then the free texts, without who wrote them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal

from arpent.plateforme.documents.donnees import Cellule, ColonneDoc
from arpent.plateforme.documents.rendu.csv_liste import rendre_tableau_csv
from arpent.plateforme.documents.rendu.xlsx import rendre_tableau_xlsx

from .resultats import ResultatsCampagne

MILLIEME = Decimal("0.001")
COLONNES = [
    ColonneDoc("question", "Question"),
    ColonneDoc("groupe", "Qui"),
    ColonneDoc("reponse", "Réponse"),
    ColonneDoc("nombre", "Nombre", "entier"),
    ColonneDoc("sur", "Sur", "entier"),
    ColonneDoc("part", "Part", "taux"),
]
TOUS = "Ensemble"


def lignes(r: ResultatsCampagne) -> list[Mapping[str, Cellule]]:
    """One row by answer; a text is a row of its own, counted once."""
    rangees: list[Mapping[str, Cellule]] = []
    for x in r.lignes:
        q = x.resultat.question
        groupes = [(TOUS, x.resultat), *x.croisement.colonnes]
        for groupe, lu in groupes:
            rangees += [
                {
                    "question": q.libelle, "groupe": groupe, "reponse": p.libelle, "nombre": p.nombre,
                    "sur": p.sur, "part": None if p.part is None else p.part.quantize(MILLIEME),
                }
                for p in lu.parts
            ]  # fmt: skip
        if x.resultat.somme is not None:
            moyenne = x.resultat.moyenne
            assert moyenne is not None
            mot = f"moyenne : {moyenne.quantize(Decimal('0.01'))}".replace(".", ",")
            rangees.append(
                {"question": q.libelle, "groupe": TOUS, "reponse": mot, "nombre": x.resultat.repondants,
                 "sur": x.resultat.sur}
            )  # fmt: skip
        rangees += [
            {"question": q.libelle, "groupe": TOUS, "reponse": texte, "nombre": 1, "sur": x.resultat.sur}
            for texte in x.resultat.textes
        ]
    return rangees


def mentions(r: ResultatsCampagne) -> list[str]:
    return [
        f"{r.recues} réponses reçues sur {r.invites} structures invitées.",
        "Moins de cinq réponses dans une catégorie : elle n’est pas montrée à part.",
    ]


def en_csv(r: ResultatsCampagne) -> bytes:
    return rendre_tableau_csv(COLONNES, lignes(r))


def en_xlsx(r: ResultatsCampagne, le: date) -> bytes:
    return rendre_tableau_xlsx(r.campagne.titre, COLONNES, lignes(r), mentions=mentions(r), etabli_le=le)
