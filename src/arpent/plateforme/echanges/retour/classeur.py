"""The workbook of a plan, made to be edited: what may change is open, the rest is locked.

Sheets: « Fiches », « Financements », « Lisez-moi »; hidden: the lists of allowed values, and each cell as it
went out. The first cell of a sheet says what it is: sheets may be renamed, rows sorted, columns moved.
"""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from arpent.plateforme.documents.rendu.classeur import (
    DOUCE,
    ENCRE,
    EUROS,
    FILET,
    JOUR,
    OCRE_FOND,
    VERT,
    lettre_de,
)

from .colonnes import COLONNES, TROP_LONG, CellulesLigne, Choix, ColonneRetour, Genre

if TYPE_CHECKING:
    import xlsxwriter
    from xlsxwriter.worksheet import Worksheet

MARQUE = "arpent-plan-1"
FICHES, LIGNES, ORIGINE, ORIGINE_LIGNES = "fiches", "financements", "origine", "origine-financements"
LIBRES = 200  # blank rows ready for new projects, and for new financing rows
ENTETES_LIGNES = ("N° de la fiche", "Financeur", "Dispositif ou précision", "Statut", "Date", "Montant")
CODES_LIGNES = ("numero", "financeur", "libelle", "statut", "le", "montant")
GENRES_LIGNES: tuple[Genre, ...] = ("entier", "choix", "texte", "choix", "date", "montant")
_DEBUT = 2  # row 0: codes, hidden; row 1: titles


@dataclass(frozen=True, slots=True)
class FicheSortie:
    """A fiche as it goes out: its texts by column, the rows of its plan as texts."""

    pk: int
    version: int
    numero: int
    etat: str
    textes: Mapping[str, str]
    plan: Sequence[CellulesLigne]


class _Livre:
    """The workbook being written, its formats, its lists."""

    def __init__(self, tampon: io.BytesIO, titre: str, auteur: str, le: date) -> None:
        import xlsxwriter  # at the first workbook: the start of the server must not pay for it

        options = {
            "in_memory": True, "strings_to_formulas": False, "strings_to_numbers": False,
            "strings_to_urls": False,
        }  # fmt: skip
        self.livre: xlsxwriter.Workbook = xlsxwriter.Workbook(tampon, options)
        cree_le = datetime(le.year, le.month, le.day)
        self.livre.set_properties({"title": titre, "author": auteur, "created": cree_le})
        commun = {"font_name": "Calibri", "font_size": 10, "font_color": ENCRE, "valign": "top"}
        bas = commun | {"bottom": 1, "bottom_color": FILET}
        libre = bas | {"locked": False}

        def style(**valeurs: Any) -> Any:
            return self.livre.add_format(valeurs)

        self.formats = {
            # quote_prefix: a text edited in the spreadsheet stays a text, even with « = » in front.
            "texte": style(**libre, text_wrap=True, num_format="@", quote_prefix=True),
            "choix": style(**libre, text_wrap=True),
            "montant": style(**libre, num_format=EUROS),
            "entier": style(**libre, num_format="0"),
            "date": style(**libre, num_format=JOUR),
            "verrou": style(**bas, bg_color=OCRE_FOND, text_wrap=True),
            "verrou_euros": style(**bas, bg_color=OCRE_FOND, num_format=EUROS),
            "entete": style(**commun, bold=True, text_wrap=True, bottom=2, bottom_color=ENCRE),
            "titre": style(**commun | {"font_size": 16, "font_color": VERT}, bold=True),
            "para": style(**commun, text_wrap=True),
            "code": style(font_color=DOUCE, font_size=8),
        }

    def cellule(self, feuille: Worksheet, ligne: int, colonne: int, texte: str, genre: Genre) -> None:
        """A value from its text, with the type its column asks for."""
        style = self.formats[genre]
        if texte == "":
            feuille.write_blank(ligne, colonne, None, style)
        elif texte == TROP_LONG:
            feuille.write_string(ligne, colonne, texte, self.formats["verrou"])
        elif genre == "montant":
            feuille.write_number(ligne, colonne, Decimal(texte), style)
        elif genre == "entier":
            feuille.write_number(ligne, colonne, int(texte), style)
        elif genre == "date":
            feuille.write_datetime(ligne, colonne, datetime.fromisoformat(texte), style)
        else:
            feuille.write_string(ligne, colonne, texte, style)


def ecrire_classeur(
    titre: str,
    slug: str,
    fiches: Sequence[FicheSortie],
    choix: Mapping[str, Choix],
    *,
    etabli_le: date,
    auteur: str,
) -> bytes:
    """The whole workbook. `slug` says which démarche it belongs to."""
    tampon = io.BytesIO()
    livre = _Livre(tampon, titre, auteur, etabli_le)
    feuilles = {
        nom: livre.livre.add_worksheet(nom)
        for nom in ("Fiches", "Financements", "Lisez-moi", "Listes", "Origine", "Origine financements")
    }
    plages = _listes(feuilles["Listes"], choix)
    _feuille_fiches(livre, feuilles["Fiches"], slug, fiches, plages)
    _feuille_lignes(livre, feuilles["Financements"], slug, fiches, plages)
    _origine(feuilles["Origine"], feuilles["Origine financements"], slug, fiches)
    _lisez_moi(livre, feuilles["Lisez-moi"], titre, etabli_le)
    for nom in ("Listes", "Origine", "Origine financements"):
        feuilles[nom].protect()
        feuilles[nom].very_hidden()
    livre.livre.close()
    return tampon.getvalue()


def marque(feuille: str, slug: str) -> str:
    """What the first cell of a sheet holds."""
    return f"{MARQUE}:{feuille}:{slug}"


def _listes(feuille: Worksheet, choix: Mapping[str, Choix]) -> dict[str, str]:
    """One column by list of allowed values; returns the range of each."""
    plages = {}
    for colonne, (code, valeurs) in enumerate(choix.items()):
        feuille.write_string(0, colonne, code)
        for ligne, texte in enumerate(valeurs.objets, start=1):
            feuille.write_string(ligne, colonne, texte[:32_000])
        if valeurs.objets:
            lettre = lettre_de(colonne)
            plages[code] = f"=Listes!${lettre}$2:${lettre}${len(valeurs.objets) + 1}"
    return plages


def _proteger(feuille: Worksheet) -> None:
    """No password: it guards against slips, the way back does not rely on it."""
    permis = ("insert_rows", "delete_rows", "sort", "autofilter", "format_columns", "format_rows")
    feuille.protect("", dict.fromkeys(permis, True))


def _valider(feuille: Worksheet, colonne: int, derniere: int, genre: Genre, plage: str) -> None:
    """What the spreadsheet itself refuses to let in."""
    regles: dict[Genre, dict[str, Any]] = {
        "choix": {
            "validate": "list", "source": plage, "error_title": "Valeur inconnue",
            "error_message": "Choisissez une valeur de la liste, ou laissez vide.",
        },
        "montant": {
            "validate": "decimal", "criteria": ">=", "value": 0, "error_title": "Montant",
            "error_message": "Écrivez un montant en euros, positif, par exemple 12345,67.",
        },
        "entier": {
            "validate": "integer", "criteria": "between", "minimum": 0, "maximum": 99_999,
            "error_title": "Nombre", "error_message": "Écrivez un nombre entier.",
        },
        "date": {
            "validate": "date", "criteria": "between", "minimum": date(2000, 1, 1),
            "maximum": date(2100, 12, 31), "error_title": "Date",
            "error_message": "Écrivez une date, par exemple 15/03/2027.",
        },
    }  # fmt: skip
    if (regle := regles.get(genre)) and (genre != "choix" or plage):
        feuille.data_validation(_DEBUT, colonne, derniere, colonne, regle)


def _entetes(
    livre: _Livre, feuille: Worksheet, codes: Sequence[str], titres: Sequence[str], caches: int
) -> None:
    """Row of codes (hidden) and row of titles, frozen; the `caches` first columns hidden."""
    for colonne, (code, titre) in enumerate(zip(codes, titres, strict=True)):
        feuille.write_string(0, colonne, code, livre.formats["code"])
        feuille.write_string(1, colonne, titre, livre.formats["entete"])
    feuille.set_row(0, None, None, {"hidden": True})
    for colonne in range(caches):
        feuille.set_column(colonne, colonne, 6, None, {"hidden": True})
    feuille.freeze_panes(_DEBUT, caches + 1)


def _feuille_fiches(
    livre: _Livre,
    feuille: Worksheet,
    slug: str,
    fiches: Sequence[FicheSortie],
    plages: Mapping[str, str],
) -> None:
    codes = [marque(FICHES, slug), "version", "numero", "etat", *(c.code for c in COLONNES), "plan", "reste"]
    titres = ["", "", "N°", "État", *(_titre(c) for c in COLONNES), "Total du plan", "Reste à trouver"]
    _entetes(livre, feuille, codes, titres, 2)
    feuille.set_column(2, 2, 7)
    feuille.set_column(3, 3, 14)
    derniere = _DEBUT + len(fiches) + LIBRES - 1
    premiere = 4
    for rang, c in enumerate(COLONNES, start=premiere):
        feuille.set_column(rang, rang, c.largeur)
        _valider(feuille, rang, derniere, c.genre, plages.get(c.code, ""))
    total = premiere + len(COLONNES)
    feuille.set_column(total, total + 1, 17)
    rang_cout = premiere + next(i for i, c in enumerate(COLONNES) if c.code == "cout_ht")
    for y, fiche in enumerate(fiches, start=_DEBUT):
        feuille.write_number(y, 0, fiche.pk)
        feuille.write_number(y, 1, fiche.version)
        feuille.write_number(y, 2, fiche.numero, livre.formats["verrou"])
        feuille.write_string(y, 3, fiche.etat, livre.formats["verrou"])
        for rang, c in enumerate(COLONNES, start=premiere):
            livre.cellule(feuille, y, rang, fiche.textes[c.code], c.genre)
        comptes = (Decimal(montant) for _, _, statut, _, montant in fiche.plan if statut != "Refusé")
        somme = sum(comptes, Decimal("0.00"))
        cout = Decimal(fiche.textes["cout_ht"] or "0")
        n, euros = y + 1, livre.formats["verrou_euros"]
        formule = f'=SUMIFS(Financements!$F:$F,Financements!$A:$A,C{n},Financements!$D:$D,"<>Refusé")'
        feuille.write_formula(y, total, formule, euros, somme)
        ecart = f"=ROUND({lettre_de(rang_cout)}{n}-{lettre_de(total)}{n},2)"
        feuille.write_formula(y, total + 1, ecart, euros, cout - somme)
    for y in range(_DEBUT + len(fiches), derniere + 1):
        feuille.write_blank(y, 2, None, livre.formats["entier"])
        for rang, c in enumerate(COLONNES, start=premiere):
            feuille.write_blank(y, rang, None, livre.formats[c.genre])
    feuille.autofilter(1, 2, max(_DEBUT + len(fiches) - 1, 1), total + 1)
    _proteger(feuille)


def _titre(c: ColonneRetour) -> str:
    return f"{c.libelle} *" if c.obligatoire else c.libelle


def _feuille_lignes(
    livre: _Livre,
    feuille: Worksheet,
    slug: str,
    fiches: Sequence[FicheSortie],
    plages: Mapping[str, str],
) -> None:
    _entetes(livre, feuille, [marque(LIGNES, slug), *CODES_LIGNES[1:]], ENTETES_LIGNES, 0)
    for rang, largeur in enumerate((9, 30, 40, 14, 13, 17)):
        feuille.set_column(rang, rang, largeur)
    rangees = [(str(f.numero), *ligne) for f in fiches for ligne in f.plan]
    derniere = _DEBUT + len(rangees) + LIBRES - 1
    for rang, (code, genre) in enumerate(zip(CODES_LIGNES, GENRES_LIGNES, strict=True)):
        _valider(feuille, rang, derniere, genre, plages.get(code, ""))
    for y, rangee in enumerate(rangees, start=_DEBUT):
        for rang, (texte, genre) in enumerate(zip(rangee, GENRES_LIGNES, strict=True)):
            livre.cellule(feuille, y, rang, texte, genre)
    for y in range(_DEBUT + len(rangees), derniere + 1):
        for rang, genre in enumerate(GENRES_LIGNES):
            feuille.write_blank(y, rang, None, livre.formats[genre])
    feuille.autofilter(1, 0, max(_DEBUT + len(rangees) - 1, 1), len(GENRES_LIGNES) - 1)
    _proteger(feuille)


def _origine(feuille: Worksheet, lignes: Worksheet, slug: str, fiches: Sequence[FicheSortie]) -> None:
    """Each cell as it went out, as text: what tells a change made here from one made there."""
    codes = [marque(ORIGINE, slug), "numero", "version", "etat", *(c.code for c in COLONNES)]
    for colonne, code in enumerate(codes):
        feuille.write_string(0, colonne, code)
    for y, fiche in enumerate(fiches, start=1):
        textes = [str(fiche.pk), str(fiche.numero), str(fiche.version), fiche.etat]
        for colonne, texte in enumerate([*textes, *(fiche.textes[c.code] for c in COLONNES)]):
            if texte:
                feuille.write_string(y, colonne, texte)
    for colonne, code in enumerate([marque(ORIGINE_LIGNES, slug), *CODES_LIGNES[1:]]):
        lignes.write_string(0, colonne, code)
    rangees = [(str(f.numero), *ligne) for f in fiches for ligne in f.plan]
    for y, rangee in enumerate(rangees, start=1):
        for colonne, texte in enumerate(rangee):
            if texte:
                lignes.write_string(y, colonne, texte)


_MODE_D_EMPLOI = (
    "Modifiez les cellules blanches, dans Excel ou dans LibreOffice, puis renvoyez ce fichier sur la "
    "page « Importer » du plan. Avant d’écrire quoi que ce soit, Arpent montre chaque cellule qui "
    "change, l’ancienne valeur et la nouvelle.",
    "Les cellules sur fond ocre sont calculées ou ne se changent que dans Arpent : le numéro, l’état, "
    "les totaux. Un état changé ici est refusé : il se change sur la fiche, par ses boutons.",
    "Rangs : un nombre de 1 à 999, ou rien. Chacun écrit le sien (maître d’ouvrage, territoire, "
    "autorité) ; celui d’autrui est refusé, le reste de la ligne est repris.",
    "Une colonne suivie de * ne peut pas être vidée. Les listes déroulantes donnent les valeurs admises.",
    "Nouveau projet : écrivez-le sous le dernier, sur une ligne vide. Donnez-lui un numéro libre si "
    "vous voulez y rattacher des lignes de financement.",
    "Financements : une ligne par financeur, rattachée à la fiche par son numéro. Une ligne refusée "
    "ne compte pas dans le total.",
    "Retirer une ligne d’une feuille ne supprime rien : Arpent demande ce qu’il faut en faire.",
    "Si une fiche a changé dans Arpent depuis cet export, les trois valeurs sont montrées et vous "
    "choisissez.",
    "Les lignes peuvent être triées, les colonnes déplacées, les feuilles renommées. Gardez les "
    "lignes et les colonnes masquées : elles disent quelle fiche est sur quelle ligne.",
    "La protection des feuilles n’a pas de mot de passe : elle évite seulement les fausses manœuvres.",
)


def _lisez_moi(livre: _Livre, feuille: Worksheet, titre: str, le: date) -> None:
    feuille.hide_gridlines(2)
    feuille.set_column(0, 0, 110)
    feuille.write_string(0, 0, titre, livre.formats["titre"])
    feuille.write_string(1, 0, f"Établi le {le:%d/%m/%Y}", livre.formats["para"])
    for y, texte in enumerate(_MODE_D_EMPLOI, start=3):
        feuille.write_string(y, 0, texte, livre.formats["para"])
    feuille.protect()
