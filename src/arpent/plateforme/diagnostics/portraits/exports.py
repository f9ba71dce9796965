"""Every indicator of the portrait as a file: CSV for all, XLSX for a spreadsheet; never a formula."""

from __future__ import annotations

import io
from collections.abc import Iterator

from arpent.plateforme.observatoire.calcul import COUVERTURE_COMPLETE
from arpent.plateforme.observatoire.portrait import Famille, LignePortrait, Rang

from ..lecture import Lecture, nom_de_la_region, nom_du_departement

Cellule = str | float | int | None
BOM = "\ufeff"
SIGNES_DE_FORMULE = ("=", "+", "-", "@", "\t", "\r")
LARGEURS = {"Indicateur": 46, "Famille": 24, "Source": 44, "Remarque": 60, "Évolution": 26}


def entetes(lecture: Lecture) -> tuple[str, ...]:
    departement = nom_du_departement(lecture.departement)
    return (
        "Famille", "Code", "Indicateur", "Valeur", "Unité", "Évolution",
        f"Département ({departement})", f"Région ({nom_de_la_region(lecture.departement)})", "France",
        "Médiane des territoires choisis" if lecture.choisis else "Médiane des jumeaux",
        "Rang dans le département", "Sur", "Rang parmi les jumeaux", "Sur ",
        "Rang dans sa classe de densité", "Sur  ",
        "Source", "Millésime", "Couverture (% de la population)", "Secret statistique", "Remarque",
    )  # fmt: skip


def lignes(lecture: Lecture) -> Iterator[tuple[Cellule, ...]]:
    for famille in lecture.familles:
        for x in famille.lignes:
            yield _ligne(famille, x)


def _ligne(famille: Famille, x: LignePortrait) -> tuple[Cellule, ...]:
    """A missing value is an empty cell, never 0; the remark says why."""
    v, quoi = x.valeur, x.indicateur
    secret = "oui" if v.secret and v.couverture < COUVERTURE_COMPLETE else "non"
    return (
        famille.libelle, quoi.code, quoi.libelle, _arrondi(v.valeur, quoi.decimales), quoi.unite,
        v.evolution_libelle, _arrondi(x.departement, quoi.decimales), _arrondi(x.region, quoi.decimales),
        _arrondi(x.france, quoi.decimales), _arrondi(x.jumeaux, quoi.decimales),
        *_rang(x.rang), *_rang(x.rang_jumeaux), *_rang(x.rang_densite),
        quoi.source, v.millesime, round(v.couverture * 100, 1), secret, v.note,
    )  # fmt: skip


def _arrondi(valeur: float | None, decimales: int) -> float | int | None:
    if valeur is None:
        return None
    return round(valeur, decimales) if decimales else round(valeur)


def _rang(rang: Rang | None) -> tuple[int | None, int | None]:
    return (rang.rang, rang.sur) if rang else (None, None)


def csv(lecture: Lecture) -> bytes:
    """UTF-8 with BOM, semicolons, decimal comma: opens as it should in a French spreadsheet."""
    rangees = (entetes(lecture), *lignes(lecture))
    texte = "\r\n".join(";".join(_cellule(c) for c in rangee) for rangee in rangees)
    return f"{BOM}{texte}\r\n".encode()


def _cellule(valeur: Cellule) -> str:
    """Numbers bare; text quoted, its formula sign made harmless. A sign that opens a number stays."""
    if valeur is None:
        return ""
    if not isinstance(valeur, str):
        return str(valeur).replace(".", ",")
    garde = "'" if valeur.startswith(SIGNES_DE_FORMULE) else ""
    return '"' + garde + valeur.replace('"', '""') + '"'


def xlsx(lecture: Lecture) -> bytes:
    """One sheet: frozen headers, filter, numbers as numbers, text as text."""
    import xlsxwriter  # at the first workbook: the start of the server must not pay for it

    tampon = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    livre = xlsxwriter.Workbook(tampon, options)
    tete = livre.add_format({"bold": True, "text_wrap": True, "bottom": 2, "valign": "top"})
    nombre, texte = livre.add_format({"num_format": "#,##0.##"}), livre.add_format({"text_wrap": False})
    feuille = livre.add_worksheet("Portrait")
    titres = entetes(lecture)
    for colonne, titre in enumerate(titres):
        feuille.set_column(colonne, colonne, LARGEURS.get(titre, 13))
        feuille.write_string(0, colonne, titre.strip(), tete)
    fin = 0
    for fin, rangee in enumerate(lignes(lecture), start=1):
        for colonne, valeur in enumerate(rangee):
            if isinstance(valeur, str):
                feuille.write_string(fin, colonne, valeur, texte)
            elif valeur is not None:
                feuille.write_number(fin, colonne, valeur, nombre)
    feuille.freeze_panes(1, 3)
    feuille.autofilter(0, 0, max(fin, 1), len(titres) - 1)
    feuille.set_landscape()
    feuille.fit_to_pages(1, 0)
    livre.close()
    return tampon.getvalue()
