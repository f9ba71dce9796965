"""The sheets beside the maquette: subtotals by axis and theme, AP and CP, and the cells as they went out."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from ..donnees import GenreColonne, MaquetteDoc
from ..groupes_maquette import (
    Groupe,
    annees_de_paiement,
    axes_de,
    caisses_de,
    echeances_de,
    phrase_echeancier,
)
from .classeur import Classeur, lettre_de
from .maquette_plages import LIGNES, plage, total_de

if TYPE_CHECKING:
    from xlsxwriter.worksheet import Worksheet

MARQUE = "arpent-maquette-1"
"""First cell of the hidden sheet that makes the way back possible, before « :slug:scenario »."""
ORIGINE = ("ligne", "fiche", "aide", "annee", "decision")
_LETTRES = ("G", "H", "I", "K", "L")
_ENTETE = 3


def _sommes(groupe: Groupe) -> tuple[Decimal, ...]:
    return (groupe.cout_ht, groupe.assiette, groupe.aide, groupe.autres_aides, groupe.reste_a_charge)


def feuille_fonds(classeur: Classeur, doc: MaquetteDoc, colonne: str) -> None:
    """What each fund has, what its lines propose, what is left; `colonne`: where the maquette names it."""
    feuille = classeur.feuille("Par fonds", paysage=False)
    titres: list[tuple[str, GenreColonne, int]] = [
        ("Fonds", "texte", 46), ("Projets aidés", "entier", 0), ("Crédit du territoire", "montant", 0),
        ("Aide proposée", "montant", 0), ("Reste", "montant", 0),
    ]  # fmt: skip
    classeur.entetes(feuille, 0, titres)
    for y, fonds in enumerate(caisses_de(doc), start=1):
        n = y + 1
        classeur.texte(feuille, y, 0, fonds.libelle)
        siennes = f"EXACT({plage(colonne, doc)},$A{n})"
        nombre = f"=SUMPRODUCT({siennes}*({plage('I', doc)}<>0))"
        classeur.formule(feuille, y, 1, nombre, fonds.nombre, "entier")
        classeur.valeur(feuille, y, 2, fonds.montant, "montant")
        classeur.formule(feuille, y, 3, f"=SUMPRODUCT({siennes}*{plage('I', doc)})", fonds.propose, "euros")
        reste = "" if fonds.solde is None else fonds.solde
        classeur.formule(feuille, y, 4, f'=IF(ISNUMBER(C{n}),ROUND(C{n}-D{n},2),"")', reste, "euros")


def feuille_axes(classeur: Classeur, doc: MaquetteDoc) -> None:
    """Subtotals by theme inside each axis, then of the axis."""
    feuille = classeur.feuille("Par axe et thème")
    titres: list[tuple[str, GenreColonne, int]] = [
        ("Axe", "texte", 46),
        ("Thème", "texte", 36),
        ("Projets", "entier", 0),
        ("Coût HT", "montant", 0),
        ("Assiette", "montant", 0),
        ("Aide proposée", "montant", 0),
        ("Autres aides", "montant", 0),
        ("Reste à charge", "montant", 0),
    ]
    classeur.entetes(feuille, 0, titres)
    y = 0
    for axe in axes_de(doc):
        for theme in axe.themes:
            y += 1
            classeur.texte(feuille, y, 0, axe.total.libelle)
            classeur.texte(feuille, y, 1, theme.libelle)
            memes = f"EXACT({plage('M', doc)},$A{y + 1})*EXACT({plage('E', doc)},$B{y + 1})"
            _rangee(classeur, feuille, y, memes, theme, doc)
        y += 1
        classeur.texte(feuille, y, 0, axe.total.libelle, "total")
        classeur.texte(feuille, y, 1, "Sous-total", "total")
        memes = f"EXACT({plage('M', doc)},$A{y + 1})"
        _rangee(classeur, feuille, y, memes, axe.total, doc, "total_")
    y += 1
    classeur.texte(feuille, y, 0, "Total", "total")
    classeur.texte(feuille, y, 1, "", "total")
    nombre = f"=COUNT({plage('A', doc)})"
    classeur.formule(feuille, y, 2, nombre, len(doc.lignes), "total_entier")
    for x, (lettre, somme) in enumerate(zip(_LETTRES, _sommes(Groupe("", doc.lignes)), strict=True), start=3):
        classeur.formule(feuille, y, x, f"={LIGNES}!{total_de(lettre, doc)}", somme, "total_euros")


def _rangee(
    classeur: Classeur,
    feuille: Worksheet,
    y: int,
    memes: str,
    groupe: Groupe,
    doc: MaquetteDoc,
    style: str = "",
) -> None:
    classeur.formule(feuille, y, 2, f"=SUMPRODUCT({memes}*1)", len(groupe.lignes), f"{style}entier")
    for x, (lettre, somme) in enumerate(zip(_LETTRES, _sommes(groupe), strict=True), start=3):
        formule = f"=SUMPRODUCT({memes}*{plage(lettre, doc)})"
        classeur.formule(feuille, y, x, formule, somme, f"{style}euros")


def feuille_echeances(classeur: Classeur, doc: MaquetteDoc) -> None:
    """AP by year, and the CP that follow from the shares written above: change them, everything follows."""
    feuille = classeur.feuille("AP et CP")
    echeances = echeances_de(doc)
    annees = annees_de_paiement(echeances)
    classeur.texte(feuille, 0, 0, phrase_echeancier(doc), "mention" if not doc.echeancier_source else "cle")
    classeur.texte(feuille, 1, 0, "Part payée, par année depuis l’engagement", "cle")
    for k, part in enumerate(doc.echeancier, start=1):
        classeur.valeur(feuille, 1, k, part, "taux")
    titres: list[tuple[str, GenreColonne, int]] = [("Année d’engagement", "texte", 42), ("AP", "montant", 0)]
    titres += [(f"CP {annee}", "montant", 0) for annee in annees]
    titres += [("CP à programmer", "montant", 0)]
    classeur.entetes(feuille, _ENTETE, titres)
    colonnes = {annee: x for x, annee in enumerate(annees, start=2)}
    for y, e in enumerate(echeances, start=_ENTETE + 1):
        n = y + 1
        if e.annee is None:
            classeur.texte(feuille, y, 0, "Année à préciser")
            memes = f"EXACT({plage('F', doc)},$A{n})"
            classeur.formule(feuille, y, 2 + len(annees), f"=B{n}", e.ap, "euros")
        else:
            feuille.write_number(y, 0, e.annee, classeur.formats["annee"])
            memes = f"({plage('F', doc)}=$A{n})"
        classeur.formule(feuille, y, 1, f"=SUMPRODUCT({memes}*{plage('I', doc)})", e.ap, "euros")
        deja: list[str] = []
        for k, (annee, cp) in enumerate(e.cp, start=1):
            x = colonnes[annee]
            if k == len(e.cp):
                formule = f"=ROUND(B{n}-({'+'.join(deja) or '0'}),2)"
            else:
                formule = f"=ROUND(B{n}*${lettre_de(k)}$2,2)"
            classeur.formule(feuille, y, x, formule, cp, "euros")
            deja.append(f"{lettre_de(x)}{n}")
    fin = _ENTETE + len(echeances)
    classeur.texte(feuille, fin + 1, 0, "Total", "total")
    non_datees = sum((e.ap for e in echeances if e.annee is None), Decimal("0.00"))
    payes = [
        sum((cp for e in echeances for a, cp in e.cp if a == annee), Decimal("0.00")) for annee in annees
    ]
    for x, somme in enumerate([doc.aide_totale, *payes, non_datees], start=1):
        lettre = lettre_de(x)
        # Without any row, the range falls back on the header: SUM ignores its text.
        debut = _ENTETE + 2 if echeances else _ENTETE + 1
        classeur.formule(
            feuille, fin + 1, x, f"=SUM({lettre}{debut}:{lettre}{fin + 1})", somme, "total_euros"
        )


def feuille_origine(classeur: Classeur, doc: MaquetteDoc) -> None:
    """Hidden: which project each line is, and its cells as they went out."""
    feuille = classeur.feuille("Origine")
    feuille.write_string(0, 0, f"{MARQUE}:{doc.retour}")
    for x, code in enumerate(ORIGINE):
        feuille.write_string(1, x, code)
    for rang, ligne in enumerate(doc.lignes, start=1):
        annee = "" if ligne.annee is None else str(ligne.annee)
        textes = (str(rang), ligne.reference, f"{ligne.aide:.2f}", annee, ligne.statut)
        for x, texte in enumerate(textes):
            feuille.write_string(rang + 1, x, texte)
    feuille.very_hidden()
