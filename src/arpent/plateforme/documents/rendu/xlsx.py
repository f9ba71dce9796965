"""Excel workbooks: the maquette with live formulas, and any list exported as it is shown.

Each formula carries its value computed from the Decimal rows: a viewer that does not recalculate shows the
same cents as the database, and a recalculation finds them again.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from ..donnees import Cellule, ColonneDoc, GenreColonne, LigneMaquetteDoc, MaquetteDoc, TotalDoc
from .classeur import Classeur, lettre_de
from .lisez_moi import ecrire_lisez_moi
from .texte import jour, propre

if TYPE_CHECKING:
    from xlsxwriter.worksheet import Worksheet

LIGNES = "Maquette"
FINANCEMENTS = "Financements"

_COLONNES: list[tuple[str, GenreColonne, int]] = [
    ("Ligne", "entier", 7),
    ("N°", "texte", 8),
    ("Projet", "texte", 46),
    ("Maître d’ouvrage", "texte", 32),
    ("Thème", "texte", 28),
    ("Année", "texte", 16),
    ("Coût HT", "montant", 0),
    ("Assiette", "montant", 0),
    ("Aide proposée", "montant", 0),
    ("Taux", "taux", 0),
    ("Autres aides", "montant", 0),
    ("Reste à charge", "montant", 0),
    ("Mention", "texte", 24),
]
_ANNEE = "F"
_ENTETE = 7
_DEBUT = _ENTETE + 1
_DEMONSTRATION = "Valeur de démonstration"


def rendre_maquette_xlsx(doc: MaquetteDoc) -> bytes:
    """The maquette: projects, financements, totals by theme, owner, funder and year, and a « Lisez-moi »."""
    doc = _nettoyee(doc)
    classeur = Classeur(doc.titre, doc.autorite, doc.etabli_le)
    _feuille_maquette(classeur, doc)
    _feuille_financements(classeur, doc)
    for nom, colonne, totaux in (
        ("Par thème", "E", doc.par_theme),
        ("Par maître d’ouvrage", "D", doc.par_maitre_ouvrage),
        ("Par année", _ANNEE, doc.par_annee),
    ):
        _feuille_groupe(classeur, doc, nom, colonne, totaux)
    _feuille_financeurs(classeur, doc)
    ecrire_lisez_moi(classeur, doc)
    return classeur.fermer()


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
    _titres(classeur, feuille, titre, f"Établi le {jour(etabli_le)}", mentions)
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


# --- The maquette --------------------------------------------------------------------------------


def _nettoyee(doc: MaquetteDoc) -> MaquetteDoc:
    """The same maquette with clean labels, so that a group and its rows are spelt alike."""
    return replace(doc, autorite=propre(doc.autorite), lignes=tuple(_ligne_nettoyee(x) for x in doc.lignes))


def _ligne_nettoyee(ligne: LigneMaquetteDoc) -> LigneMaquetteDoc:
    return replace(
        ligne,
        theme=propre(ligne.theme),
        maitre_ouvrage=propre(ligne.maitre_ouvrage),
        financements=tuple(replace(x, financeur=propre(x.financeur)) for x in ligne.financements),
    )


def _feuille_maquette(classeur: Classeur, doc: MaquetteDoc) -> None:
    feuille = classeur.feuille(LIGNES)
    mention = [
        f"Ce classeur contient des valeurs de démonstration : {'; '.join(doc.mentions_demonstration)}."
    ]
    _titres(
        classeur,
        feuille,
        doc.titre,
        f"{doc.autorite} · {doc.territoire} · établi le {jour(doc.etabli_le)}"
        + (" · projet, sans valeur d’engagement" if doc.brouillon else ""),
        mention if doc.mentions_demonstration else [],
    )
    _enveloppe(classeur, feuille, doc)
    classeur.entetes(feuille, _ENTETE, _COLONNES)
    for rang, ligne in enumerate(doc.lignes):
        _ligne_maquette(classeur, feuille, rang, ligne)
    feuille.autofilter(_ENTETE, 0, max(_fin(doc), _ENTETE), len(_COLONNES) - 1)
    _ligne_de_total(classeur, feuille, doc)


def _enveloppe(classeur: Classeur, feuille: Worksheet, doc: MaquetteDoc) -> None:
    """Envelope, proposed aid and balance, above the table where they stay in sight."""
    classeur.texte(feuille, 3, 2, "Enveloppe du territoire", "cle")
    classeur.texte(feuille, 4, 2, "Aides proposées", "cle")
    classeur.texte(feuille, 5, 2, "Solde disponible", "cle")
    if doc.enveloppe is None:
        classeur.texte(feuille, 3, 3, "à renseigner", "sous_titre")
    else:
        feuille.write_number(3, 3, doc.enveloppe, classeur.formats["cle_euros"])
        classeur.texte(feuille, 3, 4, _DEMONSTRATION if doc.enveloppe_demonstration else "", "mention")
    classeur.formule(feuille, 4, 3, f"={_total('I', doc)}", doc.aide_totale, "cle_euros")
    solde = "" if doc.solde is None else doc.solde
    classeur.formule(feuille, 5, 3, '=IF(ISNUMBER(D4),ROUND(D4-D5,2),"")', solde, "cle_euros")


def _ligne_maquette(classeur: Classeur, feuille: Worksheet, rang: int, ligne: LigneMaquetteDoc) -> None:
    y = _DEBUT + rang
    n = y + 1  # as Excel counts rows
    classeur.valeur(feuille, y, 0, rang + 1, "entier")
    textes = (ligne.numero, ligne.titre, ligne.groupe_maitre_ouvrage, ligne.groupe_theme)
    classeur.hauteur(feuille, y, zip(textes, (8, 46, 32, 28), strict=True))
    for colonne, texte in enumerate(textes, start=1):
        classeur.texte(feuille, y, colonne, texte)
    if ligne.annee is None:
        classeur.texte(feuille, y, 5, ligne.groupe_annee)
    else:
        feuille.write_number(y, 5, ligne.annee, classeur.formats["annee"])
    classeur.valeur(feuille, y, 6, ligne.cout_ht, "montant")
    classeur.valeur(feuille, y, 7, ligne.assiette, "montant")
    style = "euros_demonstration" if ligne.demonstration else "euros"
    feuille.write_number(y, 8, ligne.aide, classeur.formats[style])
    taux = "" if ligne.taux is None else ligne.taux
    classeur.formule(feuille, y, 9, f'=IF(H{n}=0,"",I{n}/H{n})', taux, "taux")
    aides = f"=SUMIFS({FINANCEMENTS}!$H:$H,{FINANCEMENTS}!$A:$A,A{n})"
    classeur.formule(feuille, y, 10, aides, ligne.autres_aides, "euros")
    classeur.formule(feuille, y, 11, f"=ROUND(G{n}-I{n}-K{n},2)", ligne.reste_a_charge, "euros")
    marque = ligne.demonstration or any(x.demonstration for x in ligne.financements)
    classeur.texte(feuille, y, 12, _DEMONSTRATION if marque else "", "marque")


def _ligne_de_total(classeur: Classeur, feuille: Worksheet, doc: MaquetteDoc) -> None:
    y = _fin(doc) + 1
    for colonne in range(len(_COLONNES)):
        classeur.texte(feuille, y, colonne, "Total" if colonne == 2 else "", "total")
    for colonne, valeur in (
        (6, doc.cout_total),
        (7, doc.assiette_totale),
        (8, doc.aide_totale),
        (10, doc.autres_aides_totales),
        (11, doc.reste_a_charge_total),
    ):
        plage = _plage(lettre_de(colonne), doc, feuille=False)
        classeur.formule(feuille, y, colonne, f"=SUM({plage})", valeur, "total_euros")
    taux = doc.aide_totale / doc.assiette_totale if doc.assiette_totale else ""
    classeur.formule(feuille, y, 9, f'=IF(H{y + 1}=0,"",I{y + 1}/H{y + 1})', taux, "total_taux")


def _feuille_financements(classeur: Classeur, doc: MaquetteDoc) -> None:
    feuille = classeur.feuille(FINANCEMENTS)
    titres: list[tuple[str, GenreColonne, int]] = [
        ("Ligne", "entier", 7),
        ("N°", "texte", 8),
        ("Projet", "texte", 46),
        ("Financeur", "texte", 32),
        ("Dispositif", "texte", 32),
        ("Statut", "texte", 14),
        ("Mention", "texte", 24),
        ("Montant", "montant", 0),
    ]
    classeur.entetes(feuille, 0, titres)
    y = 0
    for rang, ligne in enumerate(doc.lignes, start=1):
        for x in (x for x in ligne.financements if not x.est_autofinancement):
            y += 1
            classeur.valeur(feuille, y, 0, rang, "entier")
            mention = _DEMONSTRATION if x.demonstration else ""
            textes = (ligne.numero, ligne.titre, x.financeur, x.libelle, x.statut, mention)
            classeur.hauteur(feuille, y, zip(textes, (8, 46, 32, 32, 14, 24), strict=True))
            for colonne, texte in enumerate(textes, start=1):
                classeur.texte(feuille, y, colonne, texte)
            classeur.valeur(feuille, y, 7, x.montant, "montant")
    feuille.autofilter(0, 0, y, len(titres) - 1)


def _feuille_groupe(
    classeur: Classeur, doc: MaquetteDoc, nom: str, colonne: str, totaux: tuple[TotalDoc, ...]
) -> None:
    """Totals of the maquette by the values of one of its columns."""
    feuille = classeur.feuille(nom, paysage=False)
    titres: list[tuple[str, GenreColonne, int]] = [
        (nom.removeprefix("Par ").capitalize(), "texte", 46),
        ("Projets", "entier", 0),
        ("Coût HT", "montant", 0),
        ("Aide proposée", "montant", 0),
    ]
    classeur.entetes(feuille, 0, titres)
    for y, total in enumerate(totaux, start=1):
        # EXACT rather than SUMIFS: a label is compared as it is, even if it holds « * », « ? » or « > ».
        memes = f"EXACT({_plage(colonne, doc)},$A{y + 1})"
        if total.libelle.isdecimal() and colonne == _ANNEE:
            feuille.write_number(y, 0, int(total.libelle), classeur.formats["annee"])
            memes = f"({_plage(colonne, doc)}=$A{y + 1})"
        else:
            classeur.texte(feuille, y, 0, total.libelle)
        classeur.formule(feuille, y, 1, f"=SUMPRODUCT({memes}*1)", total.nombre, "entier")
        for x, montants, valeur in ((2, "G", total.cout_ht), (3, "I", total.montant)):
            formule = f"=SUMPRODUCT({memes}*{_plage(montants, doc)})"
            classeur.formule(feuille, y, x, formule, valeur if valeur is not None else "", "euros")
    sommes = (len(doc.lignes), doc.cout_total, doc.aide_totale)
    _pied_de_groupe(classeur, feuille, len(totaux), sommes)


def _feuille_financeurs(classeur: Classeur, doc: MaquetteDoc) -> None:
    """The authority, the other funders, the owners: together, the whole cost of the projects."""
    feuille = classeur.feuille("Par financeur", paysage=False)
    titres: list[tuple[str, GenreColonne, int]] = [
        ("Financeur", "texte", 46),
        ("Lignes", "entier", 0),
        ("Montant", "montant", 0),
    ]
    classeur.entetes(feuille, 0, titres)
    totaux = doc.par_financeur
    dernier = 1 + sum(not x.est_autofinancement for ligne in doc.lignes for x in ligne.financements)
    for y, total in enumerate(totaux, start=1):
        classeur.texte(feuille, y, 0, total.libelle)
        if y in (1, len(totaux)):
            lettre = "I" if y == 1 else "L"
            nombre, montant = f"=SUMPRODUCT(({_plage(lettre, doc)}<>0)*1)", f"={LIGNES}!{_total(lettre, doc)}"
        else:
            memes = f"EXACT({FINANCEMENTS}!$D$2:$D${dernier},$A{y + 1})"
            nombre = f"=SUMPRODUCT({memes}*1)"
            montant = f"=SUMPRODUCT({memes}*{FINANCEMENTS}!$H$2:$H${dernier})"
        classeur.formule(feuille, y, 1, nombre, total.nombre, "entier")
        classeur.formule(feuille, y, 2, montant, total.montant, "euros")
    _pied_de_groupe(classeur, feuille, len(totaux), (sum(x.nombre for x in totaux), doc.cout_total))


def _pied_de_groupe(
    classeur: Classeur, feuille: Worksheet, nombre: int, sommes: tuple[Decimal | int, ...]
) -> None:
    y = nombre + 1
    feuille.autofilter(0, 0, nombre, len(sommes))
    classeur.texte(feuille, y, 0, "Total", "total")
    for colonne, somme in enumerate(sommes, start=1):
        lettre = lettre_de(colonne)
        style = "total_entier" if isinstance(somme, int) else "total_euros"
        # With no row at all, the range falls back on the header: SUM ignores its text.
        debut = 2 if nombre else 1
        classeur.formule(feuille, y, colonne, f"=SUM({lettre}{debut}:{lettre}{y})", somme, style)


def _fin(doc: MaquetteDoc) -> int:
    """Last row of projects, counted from 0 (an empty one when there is no project)."""
    return _DEBUT + max(len(doc.lignes), 1) - 1


def _plage(colonne: str, doc: MaquetteDoc, *, feuille: bool = True) -> str:
    plage = f"${colonne}${_DEBUT + 1}:${colonne}${_fin(doc) + 1}"
    return f"{LIGNES}!{plage}" if feuille else plage


def _total(colonne: str, doc: MaquetteDoc) -> str:
    return f"${colonne}${_fin(doc) + 2}"


# --- Lists ---------------------------------------------------------------------------------------


def _titres(
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
