"""The two tables of the comparison as files: the same rows, the same figures."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal

from arpent.plateforme.documents.donnees import Cellule, ColonneDoc
from arpent.plateforme.documents.rendu.csv_liste import rendre_tableau_csv
from arpent.plateforme.documents.rendu.xlsx import rendre_tableau_xlsx

from .comparaison import Comparee, LigneDite, TerritoireCompare

GENRES = {"entre": "entre", "sort": "sort", "monte": "monte", "baisse": "baisse", "deplacee": "déplacé"}
LIGNES, TERRITOIRES = "lignes", "territoires"

_TERRITOIRES = [
    ColonneDoc("territoire", "Territoire"),
    ColonneDoc("habitants", "Habitants", "entier"),
    ColonneDoc("nombre_avant", "Projets avant", "entier"),
    ColonneDoc("nombre_apres", "Projets après", "entier"),
    ColonneDoc("avant", "Aides avant (€)", "montant"),
    ColonneDoc("apres", "Aides après (€)", "montant"),
    ColonneDoc("net", "Écart (€)", "montant"),
    ColonneDoc("habitant_avant", "€ par habitant avant", "montant"),
    ColonneDoc("habitant_apres", "€ par habitant après", "montant"),
    ColonneDoc("lignes", "Lignes qui changent", "entier"),
]
_LIGNES = [
    ColonneDoc("territoire", "Territoire"),
    ColonneDoc("numero", "N°", "entier"),
    ColonneDoc("titre", "Projet"),
    ColonneDoc("porteur", "Maître d’ouvrage"),
    ColonneDoc("theme", "Thème"),
    ColonneDoc("changement", "Changement"),
    ColonneDoc("avant", "Aide avant (€)", "montant"),
    ColonneDoc("apres", "Aide après (€)", "montant"),
    ColonneDoc("net", "Écart (€)", "montant"),
    ColonneDoc("annee_avant", "Année avant"),
    ColonneDoc("annee_apres", "Année après"),
    ColonneDoc("decision_avant", "Décision avant"),
    ColonneDoc("decision_apres", "Décision après"),
]
Ligne = Mapping[str, Cellule]
Totaux = Mapping[str, Decimal | int]


def _table(c: Comparee, table: str) -> tuple[list[ColonneDoc], list[Ligne], Totaux]:
    if table == TERRITOIRES:
        totaux: Totaux = {
            "nombre_avant": c.nombre_avant, "nombre_apres": c.nombre_apres, "avant": c.total_avant,
            "apres": c.total_apres, "net": c.net, "lignes": c.changees,
        }  # fmt: skip
        return _TERRITOIRES, [_territoire(t) for t in c.territoires], totaux
    return _LIGNES, [_ligne(x) for x in c.lignes], {"net": c.net_des_lignes}


def titre(c: Comparee) -> str:
    """What is compared, and where."""
    ou = f", {c.seul.territoire.nom}" if c.seul else ""
    return f"{c.avant.nom} → {c.apres.nom}{ou}"


def en_csv(c: Comparee, table: str) -> bytes:
    return rendre_tableau_csv(*_table(c, table))


def en_xlsx(c: Comparee, table: str, le: date) -> bytes:
    colonnes, lignes, totaux = _table(c, table)
    return rendre_tableau_xlsx(titre(c), colonnes, lignes, totaux, etabli_le=le)


def _territoire(t: TerritoireCompare) -> Ligne:
    return {
        "territoire": t.demarche.territoire.nom, "habitants": t.habitants,
        "nombre_avant": t.nombre_avant, "nombre_apres": t.nombre_apres,
        "avant": t.avant, "apres": t.apres, "net": t.net,
        "habitant_avant": t.habitant_avant, "habitant_apres": t.habitant_apres, "lignes": len(t.lignes),
    }  # fmt: skip


def _ligne(dite: LigneDite) -> Ligne:
    x = dite.ligne
    return {
        "territoire": dite.demarche.territoire.nom, "numero": x.avant.numero, "titre": x.avant.titre,
        "porteur": x.avant.maitre_ouvrage, "theme": x.avant.theme, "changement": GENRES[x.genre],
        "avant": x.avant.aide_comptee, "apres": x.apres.aide_comptee, "net": x.net,
        "annee_avant": x.annee_avant, "annee_apres": x.annee_apres,
        "decision_avant": x.decision_avant, "decision_apres": x.decision_apres,
    }  # fmt: skip
