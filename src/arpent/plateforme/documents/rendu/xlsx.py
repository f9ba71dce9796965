"""Excel workbooks: any list exported as it is shown (the maquette: `maquette_xlsx`).

Each formula carries its value computed from the Decimal rows: a viewer that does not recalculate shows the
same cents as the database, and a recalculation finds them again.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from ..donnees import Cellule, ColonneDoc
from .classeur import Classeur, lettre_de
from .texte import jour

if TYPE_CHECKING:
    from xlsxwriter.worksheet import Worksheet


def rendre_tableau_xlsx(
    titre: str,
    colonnes: Sequence[ColonneDoc],
    lignes: Sequence[Mapping[str, Cellule]],
    totaux: Mapping[str, Decimal | int] | None = None,
    mentions: Sequence[str] = (),
    *,
    etabli_le: date,
    auteur: str = "",
) -> bytes:
    """A list, exactly as shown: its columns in order, each row by column code, its totals, its mentions.

    A total is a live SUBTOTAL that follows the filter; its stored value is the one given.
    """
    classeur = Classeur(titre, auteur, etabli_le, economie=True)
    feuille = classeur.feuille("Liste")
    ecrire_titres(classeur, feuille, titre, f"Établi le {jour(etabli_le)}", mentions)
    entete = 3 + len(mentions)
    titres = [(c.libelle, c.genre, _largeur(c, lignes)) for c in colonnes]
    classeur.entetes(feuille, entete, titres)
    for rang, ligne in enumerate(lignes, start=entete + 1):
        textes = ((ligne.get(c.code), largeur) for c, (_, _, largeur) in zip(colonnes, titres, strict=True))
        classeur.hauteur(feuille, rang, ((x, largeur) for x, largeur in textes if isinstance(x, str)))
        for indice, colonne in enumerate(colonnes):
            classeur.valeur(feuille, rang, indice, ligne.get(colonne.code), colonne.genre)
    fin = entete + len(lignes)
    if colonnes:
        feuille.autofilter(entete, 0, max(fin, entete), len(colonnes) - 1)
    if totaux and lignes:
        _totaux_de_liste(classeur, feuille, colonnes, totaux, (entete + 1, fin))
    return classeur.fermer()


# --- Lists ---------------------------------------------------------------------------------------


def ecrire_titres(
    classeur: Classeur, feuille: Worksheet, titre: str, sous_titre: str, mentions: Iterable[str]
) -> None:
    classeur.texte(feuille, 0, 0, titre, "titre")
    classeur.texte(feuille, 1, 0, sous_titre, "sous_titre")
    for rang, mention in enumerate(mentions):
        classeur.texte(feuille, 2 + rang, 0, mention, "mention")


def _largeur(colonne: ColonneDoc, lignes: Sequence[Mapping[str, Cellule]]) -> int:
    """Wide enough for the longest text, within reason; 0 lets the kind of column decide."""
    if colonne.genre != "texte":
        return 0
    longueurs = [len(str(ligne.get(colonne.code) or "")) for ligne in lignes]
    return min(max([10, len(colonne.libelle) + 2, *longueurs]), 50)


def _totaux_de_liste(
    classeur: Classeur,
    feuille: Worksheet,
    colonnes: Sequence[ColonneDoc],
    totaux: Mapping[str, Decimal | int],
    bornes: tuple[int, int],
) -> None:
    premiere, derniere = bornes
    for indice, colonne in enumerate(colonnes):
        if colonne.code in totaux:
            haut, bas = f"{lettre_de(indice)}{premiere + 1}", f"{lettre_de(indice)}{derniere + 1}"
            style = "total_entier" if colonne.genre == "entier" else "total_euros"
            formule = f"=SUBTOTAL(109,{haut}:{bas})"
            classeur.formule(feuille, derniere + 1, indice, formule, totaux[colonne.code], style)
        else:
            classeur.texte(feuille, derniere + 1, indice, "Total" if indice == 0 else "", "total")
