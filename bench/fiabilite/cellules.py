"""`python -m bench.fiabilite cellules`: hostile texts out in a table and back, in each of the three formats.

Each file (XLSX, ODS, CSV) is written by the product and holds texts drawn with a seed, half of them made to
be taken for a formula. Broken: a cell that openpyxl reads as a formula (XLSX), a formula attribute (ODS), a
cell that starts like one (CSV), a formula once LibreOffice has opened and saved the file (when it is there),
or a text that the product's own reader does not give back as it was. XLSX and ODS are documents: what shows
nothing (zero-width signs, kinds of newline, tabs) is cleaned by `propre` before; CSV keeps all.
"""

from __future__ import annotations

import argparse
import csv
import io
import random
import shutil
import subprocess
import tempfile
import zipfile
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

from .outils import arret, dire

COLONNES = 10
LE = date(2026, 3, 1)
_FORMULES = (
    "=1+1", "+1+1", "-1+1", "@SUM(A1)", "=SUM(A1:A9)", "\t=1+1", "\r=1+1", "\n=1+1", " =1+1", "'=1+1", "''=1",
    '=HYPERLINK("http://pirate.invalid";"Cliquez")', "=cmd|' /C calc'!A0", "=DDE(\"cmd\";\"/C calc\";\"x\")",
    "+33 4 66 49 66 66", "-12,50", "- un tiret", "@mairie", "=", "+", "-", "@", "=-", "{=1}", "\u200b=1+1",
    "\uff1d1+1", "=WEBSERVICE(\"http://pirate.invalid\")", "of:=1+1", "oooc:=1+1", "=1+1\n=2+2", "%=1",
)  # fmt: skip
_MORCEAUX = (
    "école", "e\u0301cole", "Œuvre", " ", "  ", "\u00a0", "\u202f", '"', "'", ";", ",", "\n", "\t",
    "<b>&amp;</b>", "_x0041_", "_x000D_", "0012", "1e5", "31/12/2026", "VRAI", "#REF!", "😀", "中文", "عربي",
    "]]>", "{{ x }}",
)  # fmt: skip


def texte(alea: random.Random) -> str:
    """Never blank, without spaces around: those, an import takes away on purpose."""
    debut = alea.choice(_FORMULES) if alea.random() < 0.5 else alea.choice(_MORCEAUX)
    suite = "".join(alea.choice((*_MORCEAUX, *_FORMULES)) for _ in range(alea.randint(0, 5)))
    return f"{debut}{suite}" if f"{debut}{suite}".strip() else "vide"


def attendu(ecrit: str, genre: str) -> str:
    """What a reader of tables gives back: no control character, no space around."""
    from arpent.plateforme.documents.rendu.texte import propre
    from arpent.plateforme.echanges.lecteur.rangement import _CONTROLES

    return _CONTROLES.sub("", ecrit if genre == "csv" else propre(ecrit)).strip()


def _formules_libreoffice(chemin: Path) -> int | None:
    """Formulas that LibreOffice sees in the file; None without LibreOffice."""
    if (soffice := shutil.which("soffice")) is None:
        return None
    profil = f"-env:UserInstallation=file://{chemin.parent}/profil"
    filtre = ["--infilter=CSV:59,34,76,1"] if chemin.suffix == ".csv" else []
    commande = [soffice, profil, "--headless", *filtre, "--convert-to", "fods", "--outdir"]
    subprocess.run(
        [*commande, str(chemin.parent / "relu"), str(chemin)], check=True, capture_output=True, timeout=300
    )
    return (chemin.parent / "relu" / "plan.fods").read_text(encoding="utf-8").count("table:formula=")


def _formules_xlsx(contenu: bytes) -> int:
    import openpyxl

    livre = openpyxl.load_workbook(io.BytesIO(contenu))
    return sum(c.data_type == "f" for feuille in livre for row in feuille.iter_rows() for c in row)


def _formules_ods(contenu: bytes) -> int:
    with zipfile.ZipFile(io.BytesIO(contenu)) as archive:
        return sum(archive.read(n).count(b"table:formula") for n in archive.namelist() if n.endswith(".xml"))


def _formules_csv(contenu: bytes) -> int:
    rows = csv.reader(io.StringIO(contenu.decode("utf-8-sig"), newline=""), delimiter=";")
    return sum(cellule.lstrip(" ")[:1] in tuple("=+-@\t\r\n") for row in rows for cellule in row if cellule)


def _genres() -> Iterator[tuple[str, Callable[..., bytes], Callable[[bytes], int]]]:
    from arpent.plateforme.documents.rendu.csv_liste import rendre_tableau_csv
    from arpent.plateforme.documents.rendu.ods import rendre_tableau_ods
    from arpent.plateforme.documents.rendu.xlsx import rendre_tableau_xlsx

    yield "xlsx", lambda c, r: rendre_tableau_xlsx("Plan", c, r, etabli_le=LE), _formules_xlsx
    yield "ods", lambda c, r: rendre_tableau_ods("Plan", c, r, etabli_le=LE), _formules_ods
    yield "csv", rendre_tableau_csv, _formules_csv


def eprouver(cellules: int, graine: int) -> Iterator[dict[str, object]]:
    """One result a format: cells sent, formulas seen, texts that did not come back."""
    from arpent.plateforme.documents.donnees import ColonneDoc
    from arpent.plateforme.echanges.lecture import lire_fichier

    noms = ["Intitulé", "Maître d’ouvrage", "Coût HT", *(f"Texte {i}" for i in range(COLONNES - 3))]
    colonnes = [ColonneDoc(str(i), nom) for i, nom in enumerate(noms)]
    alea = random.Random(graine)
    rows = [[texte(alea) for _ in range(COLONNES)] for _ in range(cellules // COLONNES)]
    for genre, rendre, formules in _genres():
        contenu = rendre(colonnes, [{str(i): t for i, t in enumerate(row)} for row in rows])
        with tempfile.TemporaryDirectory() as dossier:
            chemin = Path(dossier) / f"plan.{genre}"
            chemin.write_bytes(contenu)
            libreoffice = _formules_libreoffice(chemin)
            lues = [list(ligne.cellules) for ligne in lire_fichier(chemin).lignes]
        perdues = [
            [ecrit, lu]
            for row, lue in zip(rows, lues, strict=False)
            for ecrit, lu in zip(row, lue, strict=False)
            if lu != attendu(ecrit, genre)
        ]
        yield {
            "format": genre, "cellules": len(rows) * COLONNES, "lignes_relues": len(lues),
            "lignes_ecrites": len(rows), "formules": formules(contenu),
            "formules_libreoffice": libreoffice, "changees": len(perdues),
            "exemples": perdues[:5],
        }  # fmt: skip


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m bench.fiabilite cellules", description=__doc__)
    parser.add_argument("--cellules", type=int, default=10_000)
    parser.add_argument("--graine", type=int, default=2026)
    options = parser.parse_args(arguments)
    brises = []
    for mesure in eprouver(options.cellules, options.graine):
        dire("cellules", mesure)
        vues = mesure["formules"] or mesure["formules_libreoffice"] or mesure["changees"]
        if vues or mesure["lignes_relues"] != mesure["lignes_ecrites"]:
            brises.append(mesure["format"])
    if brises:
        raise arret(f"Des cellules ont changé ou sont des formules : {brises}.")
    return 0
