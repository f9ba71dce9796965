"""A workbook as people really keep their plan, everything ugly in one realistic file.

Titles merged on two lines, amounts and dates written every way, SIRET cut by the spreadsheet, notes,
subtotals, hidden and second sheets.
"""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

import xlsxwriter

TITRE = "Plan d’actions 2026-2028 – CC du Gévaudan (v7 définitive bis)"
PIEGE = '=HYPERLINK("http://mechant.exemple","<script>alert(1)</script>")'


def sale(chemin: Path, *, structures: list[str], theme: str, lignes: int = 0) -> Path:
    """Writes it. `structures`: owners that exist; `lignes`: ordinary rows more, for the weight."""
    options = {"strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(str(chemin), options) as livre:
        jour = livre.add_format({"num_format": "dd/mm/yyyy"})
        _annexe(livre.add_worksheet("Lisez-moi"))
        feuille = livre.add_worksheet("Plan 2026")
        cachee = livre.add_worksheet("Anciennes versions")
        cachee.write_row(0, 0, ["Intitulé", "Maître d’ouvrage", "Coût HT"])
        cachee.write_row(1, 0, ["Projet oublié", structures[0], 1])
        cachee.hide()
        autre = livre.add_worksheet("Fonctionnement")
        autre.write_row(0, 0, ["Intitulé de l’action", "Maître d’ouvrage", "Montant"])
        autre.write_row(1, 0, ["Poste de chef de projet", structures[0], 45_000])
        _plan(feuille, structures, theme, jour, lignes)
    return chemin


def _annexe(feuille: Any) -> None:
    feuille.write_string(0, 0, "Document de travail, ne pas diffuser")
    feuille.write_string(2, 0, "Contact : service développement")


def _plan(feuille: Any, structures: list[str], theme: str, jour: Any, lignes: int) -> None:
    feuille.merge_range(0, 0, 0, 12, TITRE)
    feuille.write_string(1, 0, "Mise à jour du 3 novembre 2026")
    # Two lines of titles: single columns merged over both, groups merged over several columns.
    for x, titre in {0: "Thème", 1: "Intitulé de l’opération", 2: "MOA", 3: "SIRET"}.items():
        feuille.merge_range(3, x, 4, x, titre)
    feuille.merge_range(3, 4, 3, 5, "Coût prévisionnel")
    feuille.write_row(4, 4, ["€ HT", "€ TTC"])
    feuille.merge_range(3, 6, 3, 8, "Plan de financement")
    feuille.write_row(4, 6, ["DETR acquise", "Région", "Autofinancement"])
    feuille.merge_range(3, 9, 4, 9, "Contrat territorial (aide sollicitée)")
    feuille.merge_range(3, 10, 3, 11, "Calendrier")
    feuille.write_row(4, 10, ["Début", "Fin"])
    feuille.merge_range(3, 12, 4, 12, "Observations")
    a, b = structures[0], structures[1]
    y = 5
    feuille.write_string(y, 0, "AXE 1 – Vivre au pays")
    rows: list[list[Any]] = [
        [theme, "École de Chirac", a, 79912345600012, "100 000,00 €", "120.000,00", 30_000, "", "50 k€",
         "20 000", "31/12/2026", "2027", PIEGE],
        ["", "Toiture de la mairie", a, "7,99E+13", "12.345,67", "14,814.80", "", "2 345,67", "10000", "",
         "31-12-26", "T4 2027", "voir avec l’architecte"],
        [theme, "Pont du Lot", b, "", "env. 45 000 € HT (devis 2023)", "", "", "", "", "", "2026-12-31",
         "décembre 2027", ""],
        ["", "Étude de centre-bourg", b, "", "à définir", "", "", "", "", "", 46387, "", "+33 4 66 00 00 00"],
    ]  # fmt: skip
    for rang, row in enumerate(rows, start=y + 1):
        for x, valeur in enumerate(row):
            if isinstance(valeur, str):
                feuille.write_string(rang, x, valeur)
            else:
                feuille.write_number(rang, x, valeur)
    # One owner merged over two projects, one amount merged over two projects.
    feuille.merge_range(10, 2, 11, 2, a)
    feuille.write_string(10, 1, "Voirie, tranche 1")
    feuille.write_string(11, 1, "Voirie, tranche 2")
    feuille.merge_range(10, 4, 11, 4, 30_000)
    feuille.write_row(12, 0, ["", "Sous-total axe 1", "", "", 187_345.67, "", 30_000])
    feuille.write_string(14, 0, "AXE 2 – Entreprendre")
    feuille.write_row(15, 1, ["Halle", b, "", 200_000])
    feuille.write_datetime(15, 10, datetime(2027, 3, 1), jour)
    feuille.write_row(16, 1, ["Halle", b, "", 200_000])  # twice the same
    feuille.write_row(17, 1, ["Maison médicale", "Ville inconnue", "", "1.234"])
    feuille.write_row(18, 1, ["Piscine", b, "", -5])
    fin = 19
    for n in range(lignes):
        cout = 10_000 + n * 37 % 900_000
        feuille.write_row(
            fin, 0,
            [theme, f"Réfection de la voie n° {n}", structures[n % len(structures)], "",
             f"{cout:,}".replace(",", " ") + ",00 €", "", cout * 2 // 5, "", f"{cout // 1000} k€", cout // 5,
             "T2 2027", "31-12-27", "Reprise de la chaussée et des fossés"],
        )  # fmt: skip
        fin += 1
    feuille.write_row(fin, 0, ["TOTAL GÉNÉRAL", "", "", "", 999_999])
    feuille.write_string(fin + 2, 0, "NB : montants prévisionnels, sous réserve des devis")
    feuille.write_string(fin + 3, 1, "* projets à confirmer")
