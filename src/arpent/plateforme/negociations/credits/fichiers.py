"""The ledger as files: exactly what the page shows, in CSV or in a workbook."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal

from django.http import HttpResponse
from django.utils import timezone

from arpent.metier.repartition.soldes import LIBELLES_STADE, Stade
from arpent.plateforme.documents.donnees import Cellule, ColonneDoc
from arpent.plateforme.documents.rendu.csv_liste import rendre_tableau_csv
from arpent.plateforme.documents.rendu.xlsx import rendre_tableau_xlsx

from ..models import Mouvement
from .lecture import Noeud

_TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
MOUVEMENTS = (
    ColonneDoc("le", "Date", "date"),
    ColonneDoc("enveloppe", "Enveloppe"),
    ColonneDoc("stade", "Stade"),
    ColonneDoc("genre", "Mouvement"),
    ColonneDoc("montant", "Montant", "montant"),
    ColonneDoc("annee", "Exercice"),
    ColonneDoc("projet", "Projet"),
    ColonneDoc("motif", "Motif"),
    ColonneDoc("acte", "Acte"),
    ColonneDoc("acte_le", "Date de l’acte", "date"),
    ColonneDoc("par", "Par"),
)
SOLDES = (
    ColonneDoc("fonds", "Fonds"),
    ColonneDoc("enveloppe", "Enveloppe"),
    *(ColonneDoc(s.value, LIBELLES_STADE[s], "montant") for s in Stade),
    ColonneDoc("reste_a_proposer", "Reste à proposer", "montant"),
    ColonneDoc("reste_a_engager", "Reste à engager", "montant"),
    ColonneDoc("reste_a_payer", "Reste à payer", "montant"),
)


def lignes_des_mouvements(mouvements: Iterable[Mouvement]) -> list[dict[str, Cellule]]:
    return [
        {
            "le": timezone.localtime(m.le).date(),
            "enveloppe": m.enveloppe.libelle,
            "stade": m.get_stade_display(),
            "genre": m.get_genre_display(),
            "montant": m.montant,
            "annee": str(m.annee or ""),
            "projet": f"{m.fiche.numero}. {m.fiche.titre}" if m.fiche else "",
            "motif": f"{m.motif} (démonstration)" if m.demonstration else m.motif,
            "acte": m.acte,
            "acte_le": m.acte_le,
            "par": m.par_nom,
        }
        for m in mouvements
    ]


def lignes_des_soldes(noeuds: Iterable[Noeud]) -> list[dict[str, Cellule]]:
    restes = ("reste_a_proposer", "reste_a_engager", "reste_a_payer")
    return [
        {
            "fonds": n.enveloppe.fonds.libelle,
            "enveloppe": f"{'– ' * n.niveau}{n.enveloppe.libelle}",
            **{s.value: n.branche[s] for s in Stade},
            **{reste: getattr(n.branche, reste) for reste in restes},
        }
        for n in noeuds
    ]


def fichier(
    genre: str,
    titre: str,
    nom: str,
    colonnes: Sequence[ColonneDoc],
    lignes: Sequence[Mapping[str, Cellule]],
    totaux: Mapping[str, Decimal | int] | None = None,
) -> HttpResponse:
    """`genre`: csv or xlsx; `nom`: of the file, without its suffix."""
    le = date.today()
    if genre == "csv":
        contenu = rendre_tableau_csv(colonnes, lignes, totaux)
    else:
        contenu = rendre_tableau_xlsx(titre, colonnes, lignes, totaux, etabli_le=le)
    reponse = HttpResponse(contenu, content_type=_TYPES[genre])
    reponse["Content-Disposition"] = f'attachment; filename="{nom}-{le:%Y-%m-%d}.{genre}"'
    return reponse
