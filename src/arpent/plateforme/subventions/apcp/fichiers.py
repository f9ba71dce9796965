"""The table of credits as files: what the page shows, for the annex to the budget."""

from __future__ import annotations

from collections.abc import Iterator

from django.http import HttpResponse

from arpent.metier.apcp import LigneFonds, TableauCredits
from arpent.plateforme.documents.donnees import Cellule, ColonneDoc
from arpent.plateforme.negociations.credits.fichiers import fichier
from arpent.plateforme.reglements.models import Dispositif

COLONNES = (
    ColonneDoc("fonds", "Fonds"), ColonneDoc("annee", "Exercice"),
    ColonneDoc("ap", "AP votée", "montant"), ColonneDoc("engage", "Engagé", "montant"),
    ColonneDoc("cp", "CP votés", "montant"), ColonneDoc("paye", "Payé", "montant"),
    ColonneDoc("prevu", "Prévu", "montant"), ColonneDoc("attendu", "Attendu", "montant"),
    ColonneDoc("bas", "Attendu, borne basse", "montant"),
    ColonneDoc("haut", "Attendu, borne haute", "montant"),
    ColonneDoc("ecart", "CP votés − payé − attendu", "montant"),
    ColonneDoc("reste", "Reste à réaliser", "montant"),
)  # fmt: skip


def tableau_en_fichier(genre: str, dispositif: Dispositif, tableau: TableauCredits) -> HttpResponse:
    lignes = [x for f in (*tableau.fonds, tableau.total) for x in _lignes(f)]
    return fichier(genre, f"AP et CP, {dispositif.nom}", f"ap-cp-{dispositif.slug}", COLONNES, lignes)


def _lignes(f: LigneFonds) -> Iterator[dict[str, Cellule]]:
    for a in f.annees:
        yield {
            "fonds": f.libelle, "annee": str(a.annee), "ap": a.ap, "engage": a.engage, "cp": a.cp,
            "paye": a.paye, "prevu": a.prevu, "attendu": a.attendu.montant, "bas": a.attendu.bas,
            "haut": a.attendu.haut, "ecart": a.ecart, "reste": None,
        }  # fmt: skip
    yield {
        "fonds": f"{f.libelle}, ensemble", "annee": "", "ap": f.ap, "engage": f.engage, "cp": f.cp,
        "paye": f.paye, "prevu": None, "attendu": None, "bas": None, "haut": None, "ecart": None,
        "reste": f.reste_a_realiser,
    }  # fmt: skip
