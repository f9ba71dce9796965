"""The maquette as a workbook with live formulas, for Excel or for LibreOffice: the same cells.

Each formula carries its value computed from the Decimal rows: a viewer that does not recalculate shows the
same cents as the database, and a recalculation finds them again.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from ..donnees import GenreColonne, LigneMaquetteDoc, MaquetteDoc, TotalDoc
from ..groupes_maquette import Groupe, financeurs_de
from .classeur import Classeur, lettre_de
from .classeur_ods import ClasseurOds
from .lisez_moi import ecrire_lisez_moi
from .maquette_feuilles import feuille_axes, feuille_echeances, feuille_fonds, feuille_origine
from .maquette_plages import (
    DEBUT,
    ENTETE,
    FINANCEMENTS,
    LIGNES,
    dernier_financement,
    fin_de,
    pied_de_groupe,
    plage,
    total_de,
)
from .texte import jour, propre
from .xlsx import ecrire_titres

if TYPE_CHECKING:
    from xlsxwriter.worksheet import Worksheet

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
    ("Axe", "texte", 30),
    ("Maturité", "texte", 14),
    ("Priorité", "texte", 10),
    ("Décision", "texte", 20),
    ("Calendrier", "texte", 20),
    ("Coût TTC", "montant", 0),
    ("Aides publiques (%)", "taux", 12),
    ("Reste à charge (%)", "taux", 12),
]
"""Then one column per other funder present, the fund where there are several, the mention. The way back finds
them by their titles."""
DECISIONS = ("Retenue", "Différée (amorçage)", "Refusée")
_ANNEE = "F"
_SUITE, _DECISION, _TTC, _PUBLIC, _PART = 12, 15, 17, 18, 19
_FINANCEURS = len(_COLONNES)
Financeurs = tuple[tuple[str, bool], ...]
_DEMONSTRATION = "Valeur de démonstration"


def rendre_maquette_xlsx(doc: MaquetteDoc) -> bytes:
    """The maquette: projects, financements, totals by theme, owner, funder and year, and a « Lisez-moi »."""
    return _rendre(Classeur(doc.titre, doc.autorite, doc.etabli_le), doc)


def rendre_maquette_ods(doc: MaquetteDoc) -> bytes:
    """The same workbook for LibreOffice."""
    return _rendre(ClasseurOds(doc.titre, doc.autorite, doc.etabli_le), doc)


def _rendre(classeur: Classeur, doc: MaquetteDoc) -> bytes:
    doc = _nettoyee(doc)
    _feuille_maquette(classeur, doc)
    _feuille_financements(classeur, doc)
    for nom, colonne, totaux in (
        ("Par thème", "E", doc.par_theme),
        ("Par maître d’ouvrage", "D", doc.par_maitre_ouvrage),
        ("Par année", _ANNEE, doc.par_annee),
    ):
        _feuille_groupe(classeur, doc, nom, colonne, totaux)
    _feuille_financeurs(classeur, doc)
    if doc.credits:
        feuille_fonds(classeur, doc, lettre_de(_FINANCEURS + len(financeurs_de(doc))))
    feuille_axes(classeur, doc)
    feuille_echeances(classeur, doc)
    ecrire_lisez_moi(classeur, doc)
    if doc.retour:
        feuille_origine(classeur, doc)
    return classeur.fermer()


# --- The maquette --------------------------------------------------------------------------------


def _nettoyee(doc: MaquetteDoc) -> MaquetteDoc:
    """The same maquette with clean labels, so that a group and its rows are spelt alike."""
    return replace(
        doc,
        autorite=propre(doc.autorite),
        lignes=tuple(_ligne_nettoyee(x) for x in doc.lignes),
        credits=tuple(replace(c, libelle=propre(c.libelle)) for c in doc.credits),
    )


def _ligne_nettoyee(ligne: LigneMaquetteDoc) -> LigneMaquetteDoc:
    return replace(
        ligne,
        theme=propre(ligne.theme),
        axe=propre(ligne.axe),
        maitre_ouvrage=propre(ligne.maitre_ouvrage),
        fonds=propre(ligne.fonds),
        financements=tuple(replace(x, financeur=propre(x.financeur)) for x in ligne.financements),
    )


def _feuille_maquette(classeur: Classeur, doc: MaquetteDoc) -> None:
    feuille = classeur.feuille(LIGNES)
    mention = [
        f"Ce classeur contient des valeurs de démonstration : {'; '.join(doc.mentions_demonstration)}."
    ]
    ecrire_titres(
        classeur,
        feuille,
        doc.titre,
        f"{doc.autorite} · {doc.territoire} · établi le {jour(doc.etabli_le)}"
        + (" · projet, sans valeur d’engagement" if doc.brouillon else ""),
        mention if doc.mentions_demonstration else [],
    )
    _enveloppe(classeur, feuille, doc)
    financeurs = financeurs_de(doc)
    titres: list[tuple[str, GenreColonne, int]] = [(nom, "montant", 0) for nom, _ in financeurs]
    fonds: list[tuple[str, GenreColonne, int]] = [("Fonds", "texte", 30)] if doc.credits else []
    titres = [*_COLONNES, *titres, *fonds, ("Mention", "texte", 24)]
    classeur.entetes(feuille, ENTETE, titres)
    dernier = dernier_financement(doc)
    for rang, ligne in enumerate(doc.lignes):
        _ligne_maquette(classeur, feuille, rang, ligne, dernier)
        _suite_de_ligne(classeur, feuille, rang, ligne, financeurs, dernier, bool(doc.credits))
        if doc.credits:
            classeur.texte(feuille, DEBUT + rang, _FINANCEURS + len(financeurs), ligne.fonds)
    if doc.lignes:
        _valider(feuille, doc)
    feuille.autofilter(ENTETE, 0, max(fin_de(doc), ENTETE), len(titres) - 1)
    _ligne_de_total(classeur, feuille, doc, financeurs)


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
    classeur.formule(feuille, 4, 3, f"={total_de('I', doc)}", doc.aide_totale, "cle_euros")
    solde = "" if doc.solde is None else doc.solde
    classeur.formule(feuille, 5, 3, '=IF(ISNUMBER(D4),ROUND(D4-D5,2),"")', solde, "cle_euros")


def _ligne_maquette(
    classeur: Classeur, feuille: Worksheet, rang: int, ligne: LigneMaquetteDoc, dernier: int
) -> None:
    y = DEBUT + rang
    n = y + 1  # as Excel counts rows
    classeur.valeur(feuille, y, 0, rang + 1, "entier")
    textes = (ligne.numero, ligne.titre, ligne.groupe_maitre_ouvrage, ligne.groupe_theme)
    largeurs = (8, 46, 32, 28, 28, 12, 18)
    suite = (ligne.groupe_axe, ligne.maturite, ligne.calendrier)
    classeur.hauteur(feuille, y, zip((*textes, *suite), largeurs, strict=True))
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
    aides = f"=SUMIFS({FINANCEMENTS}!$H$2:$H${dernier},{FINANCEMENTS}!$A$2:$A${dernier},A{n})"
    classeur.formule(feuille, y, 10, aides, ligne.autres_aides, "euros")
    classeur.formule(feuille, y, 11, f"=ROUND(G{n}-I{n}-K{n},2)", ligne.reste_a_charge, "euros")


def _suite_de_ligne(
    classeur: Classeur,
    feuille: Worksheet,
    rang: int,
    ligne: LigneMaquetteDoc,
    financeurs: Financeurs,
    dernier: int,
    avec_fonds: bool,
) -> None:
    """What follows the remainder: where the project stands, its percentages, one cell per funder."""
    y = DEBUT + rang
    n = y + 1
    seule = Groupe("", (ligne,))
    textes = (ligne.groupe_axe, ligne.maturite, ligne.priorite, ligne.statut, ligne.calendrier)
    for colonne, texte in enumerate(textes, start=_SUITE):
        classeur.texte(feuille, y, colonne, texte)
    classeur.valeur(feuille, y, _TTC, ligne.cout_ttc, "montant")
    publics = [lettre_de(_FINANCEURS + i) for i, (_, public) in enumerate(financeurs) if public]
    somme = "+".join([f"I{n}", *(f"{lettre}{n}" for lettre in publics)])
    for colonne, formule, valeur in (
        (_PUBLIC, f'=IF(G{n}=0,"",({somme})/G{n})', seule.taux_public),
        (_PART, f'=IF(G{n}=0,"",L{n}/G{n})', seule.part_maitre_ouvrage),
    ):
        classeur.formule(feuille, y, colonne, formule, "" if valeur is None else valeur, "taux")
    for i, (nom, _) in enumerate(financeurs):
        lettre = lettre_de(_FINANCEURS + i)
        lui = f"EXACT({FINANCEMENTS}!$D$2:$D${dernier},{lettre}${ENTETE + 1})"
        memes = f"({FINANCEMENTS}!$A$2:$A${dernier}=$A{n})*{lui}"
        formule = f"=SUMPRODUCT({memes}*{FINANCEMENTS}!$H$2:$H${dernier})"
        classeur.formule(feuille, y, _FINANCEURS + i, formule, seule.recu_de(nom), "euros")
    marque = ligne.demonstration or any(x.demonstration for x in ligne.financements)
    fin = _FINANCEURS + len(financeurs) + avec_fonds
    classeur.texte(feuille, y, fin, _DEMONSTRATION if marque else "", "marque")


def _valider(feuille: Worksheet, doc: MaquetteDoc) -> None:
    """What the spreadsheet itself refuses to let in."""
    feuille.data_validation(
        DEBUT, 8, fin_de(doc), 8,
        {
            "validate": "decimal", "criteria": ">=", "value": 0, "error_title": "Aide proposée",
            "error_message": "Écrivez un montant en euros, positif, par exemple 12345,67.",
        },
    )  # fmt: skip
    feuille.data_validation(
        DEBUT, _DECISION, fin_de(doc), _DECISION,
        {
            "validate": "list", "source": list(DECISIONS), "error_title": "Décision",
            "error_message": "Choisissez une décision de la liste.",
        },
    )  # fmt: skip


def _ligne_de_total(classeur: Classeur, feuille: Worksheet, doc: MaquetteDoc, financeurs: Financeurs) -> None:
    y, tout = fin_de(doc) + 1, Groupe("", doc.lignes)
    for colonne in range(_FINANCEURS + len(financeurs) + bool(doc.credits) + 1):
        classeur.texte(feuille, y, colonne, "Total" if colonne == 2 else "", "total")
    for colonne, valeur in (
        (6, doc.cout_total),
        (7, doc.assiette_totale),
        (8, doc.aide_totale),
        (10, doc.autres_aides_totales),
        (11, doc.reste_a_charge_total),
        *((_FINANCEURS + i, tout.recu_de(nom)) for i, (nom, _) in enumerate(financeurs)),
    ):
        cellules = plage(lettre_de(colonne), doc, feuille=False)
        classeur.formule(feuille, y, colonne, f"=SUM({cellules})", valeur, "total_euros")
    taux = doc.aide_totale / doc.assiette_totale if doc.assiette_totale else ""
    classeur.formule(feuille, y, 9, f'=IF(H{y + 1}=0,"",I{y + 1}/H{y + 1})', taux, "total_taux")
    n = y + 1
    publics = [lettre_de(_FINANCEURS + i) for i, (_, public) in enumerate(financeurs) if public]
    somme = "+".join([f"I{n}", *(f"{lettre}{n}" for lettre in publics)])
    for colonne, formule, part in (
        (_PUBLIC, f'=IF(G{n}=0,"",({somme})/G{n})', tout.taux_public),
        (_PART, f'=IF(G{n}=0,"",L{n}/G{n})', tout.part_maitre_ouvrage),
    ):
        classeur.formule(feuille, y, colonne, formule, "" if part is None else part, "total_taux")


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
        memes = f"EXACT({plage(colonne, doc)},$A{y + 1})"
        if total.libelle.isdecimal() and colonne == _ANNEE:
            feuille.write_number(y, 0, int(total.libelle), classeur.formats["annee"])
            memes = f"({plage(colonne, doc)}=$A{y + 1})"
        else:
            classeur.texte(feuille, y, 0, total.libelle)
        classeur.formule(feuille, y, 1, f"=SUMPRODUCT({memes}*1)", total.nombre, "entier")
        for x, montants, valeur in ((2, "G", total.cout_ht), (3, "I", total.montant)):
            formule = f"=SUMPRODUCT({memes}*{plage(montants, doc)})"
            classeur.formule(feuille, y, x, formule, valeur if valeur is not None else "", "euros")
    sommes = (len(doc.lignes), doc.cout_total, doc.aide_totale)
    pied_de_groupe(classeur, feuille, len(totaux), sommes)


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
    dernier = dernier_financement(doc)
    for y, total in enumerate(totaux, start=1):
        classeur.texte(feuille, y, 0, total.libelle)
        if y in (1, len(totaux)):
            lettre = "I" if y == 1 else "L"
            nombre, montant = (
                f"=SUMPRODUCT(({plage(lettre, doc)}<>0)*1)",
                f"={LIGNES}!{total_de(lettre, doc)}",
            )
        else:
            memes = f"EXACT({FINANCEMENTS}!$D$2:$D${dernier},$A{y + 1})"
            nombre = f"=SUMPRODUCT({memes}*1)"
            montant = f"=SUMPRODUCT({memes}*{FINANCEMENTS}!$H$2:$H${dernier})"
        classeur.formule(feuille, y, 1, nombre, total.nombre, "entier")
        classeur.formule(feuille, y, 2, montant, total.montant, "euros")
    pied_de_groupe(classeur, feuille, len(totaux), (sum(x.nombre for x in totaux), doc.cout_total))
