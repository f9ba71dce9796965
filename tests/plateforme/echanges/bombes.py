"""Files made to kill a reader: small on disk, huge or twisted inside."""

from __future__ import annotations

import io
import random
import zipfile
from collections.abc import Iterable, Iterator
from pathlib import Path

from PIL import Image
from xlsxwriter import Workbook

TYPES = (
    '<?xml version="1.0" encoding="UTF-8"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Default Extension="xml" ContentType="application/xml"/>'
    '<Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.'
    'spreadsheetml.sheet.main+xml"/></Types>'
)
RELS = (
    '<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    '<Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/'
    '{type}" '
    'Target="{cible}"/></Relationships>'
)
CLASSEUR = (
    '<?xml version="1.0"?><workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" '
    'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets>'
    '<sheet name="Plan" sheetId="1" r:id="rId1"/></sheets></workbook>'
)
FEUILLE = '<?xml version="1.0"?>{dtd}<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
FIN = "</sheetData></worksheet>"


def classeur(
    chemin: Path, feuille: Iterable[bytes], autres: dict[str, Iterable[bytes]] | None = None
) -> Path:
    """A hand-made workbook whose parts are written block by block."""
    with zipfile.ZipFile(chemin, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        archive.writestr("[Content_Types].xml", TYPES)
        archive.writestr("_rels/.rels", RELS.format(type="officeDocument", cible="xl/workbook.xml"))
        archive.writestr("xl/workbook.xml", CLASSEUR)
        archive.writestr(
            "xl/_rels/workbook.xml.rels", RELS.format(type="worksheet", cible="worksheets/sheet1.xml")
        )
        for nom, blocs in ({"xl/worksheets/sheet1.xml": feuille} | (autres or {})).items():
            with archive.open(nom, "w", force_zip64=True) as flux:
                for bloc in blocs:
                    flux.write(bloc)
    return chemin


def cellules(*xml: str, dtd: str = "") -> list[bytes]:
    return [FEUILLE.format(dtd=dtd).encode(), *(x.encode() for x in xml), FIN.encode()]


def texte(reference: str, valeur: str) -> str:
    return f'<c r="{reference}" t="inlineStr"><is><t>{valeur}</t></is></c>'


def feuille_d_un_giga(chemin: Path) -> Path:
    ligne = b'<row r="2"><c r="A2"><v>1</v></c></row>' * 26_000
    return classeur(chemin, [FEUILLE.format(dtd="").encode(), *([ligne] * 1_060), FIN.encode()])


def chaine_de_400_mo(chemin: Path) -> Path:
    debut = (
        b'<?xml version="1.0"?><sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><si><t>'
    )
    blocs = [debut, *([b"A" * 4_000_000] * 100), b"</t></si></sst>"]
    return classeur(
        chemin, cellules('<row r="1"><c r="A1" t="s"><v>0</v></c></row>'), {"xl/sharedStrings.xml": blocs}
    )


def milliard_de_rires(chemin: Path) -> Path:
    entites = "".join(f'<!ENTITY l{i} "{f"&l{i - 1};" * 10}">' for i in range(1, 10))
    dtd = f'<!DOCTYPE w [<!ENTITY l0 "rire">{entites}]>'
    return classeur(chemin, cellules(f'<row r="1">{texte("A1", "&l9;")}</row>', dtd=dtd))


def entite_externe(chemin: Path) -> Path:
    dtd = '<!DOCTYPE w [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
    blocs = [f'<?xml version="1.0"?>{dtd}<sst><si><t>&x;</t></si></sst>'.encode()]
    return classeur(chemin, cellules(f'<row r="1">{texte("A1", "a")}</row>'), {"xl/sharedStrings.xml": blocs})


def cellule_lointaine(chemin: Path) -> Path:
    return classeur(
        chemin,
        cellules(
            f'<row r="1">{texte("A1", "Intitulé")}</row><row r="1048576">{texte("XFD1048576", "loin")}</row>'
        ),
    )


def trop_de_colonnes(chemin: Path) -> Path:
    """300,000 cells in one row, without references: their place is implied."""
    return classeur(
        chemin, cellules("<row>", *(f"<c><v>{i * 7919 % 100_003}</v></c>" for i in range(300_000)), "</row>")
    )


def soixante_mille_entrees(chemin: Path) -> Path:
    vides: dict[str, Iterable[bytes]] = {f"xl/media/{i}.xml": [b""] for i in range(60_000)}
    return classeur(chemin, cellules(f'<row r="1">{texte("A1", "a")}</row>'), vides)


def chemin_qui_remonte(chemin: Path) -> Path:
    return classeur(
        chemin, cellules(f'<row r="1">{texte("A1", "a")}</row>'), {"../../../../etc/cron.d/x.xml": [b"<x/>"]}
    )


def taille_menteuse(chemin: Path) -> Path:
    """The directory says 20 bytes where 64 MB are compressed."""
    feuille_lourde = [FEUILLE.format(dtd="").encode(), *([b" " * 1_000_000] * 64), FIN.encode()]
    octets = bytearray(classeur(chemin, feuille_lourde).read_bytes())
    with zipfile.ZipFile(io.BytesIO(bytes(octets))) as archive:
        vraie = archive.getinfo("xl/worksheets/sheet1.xml").file_size
    motif = vraie.to_bytes(4, "little")
    place = octets.rfind(motif)
    octets[place : place + 4] = (20).to_bytes(4, "little")
    chemin.write_bytes(bytes(octets))
    return chemin


def tronque(chemin: Path) -> Path:
    entier = sain(chemin).read_bytes()
    chemin.write_bytes(entier[: len(entier) // 2])
    return chemin


def sain(chemin: Path, lignes: int = 3) -> Path:
    classeur_ = Workbook(str(chemin))
    feuille = classeur_.add_worksheet("Plan")
    feuille.write_row(0, 0, ["Plan d’actions du Gévaudan"])
    feuille.write_row(
        2, 0, ["N°", "Intitulé du projet", "Maître d'ouvrage", "Coût total (€ HT)", "DETR (acquis)"]
    )
    for i in range(lignes):
        feuille.write_row(3 + i, 0, [i + 1, f"Projet {i}", "Chirac", 1000.5 + i, 400])
    classeur_.close()
    return chemin


def _hasard(graine: int, lignes: int, premiere: str = "") -> list[bytes]:
    """Rows of ninety numbers that compress less than a hundred times."""
    alea = random.Random(graine)
    modeles = ["".join(f"<c><v>{alea.randrange(10**8)}</v></c>" for _ in range(90)) for _ in range(500)]
    rows = (f"<row>{alea.choice(modeles)}</row>" for _ in range(lignes))
    return cellules(f'<row r="1">{texte("A1", premiere or "Intitulé")}</row>', *rows)


def table_dense(chemin: Path) -> Path:
    return classeur(chemin, _hasard(1, 40_000))


def retour_demesure(chemin: Path) -> Path:
    """Said to come back: its rows have no bound of their own."""
    return classeur(chemin, _hasard(2, 20_000, "arpent-plan-fiches:fiches:x"))


def chaine_de_190_mo(chemin: Path) -> Path:
    """Within the bounds of the archive, beyond the memory of the reader."""
    alea = random.Random(3)
    blocs = [
        b'<?xml version="1.0"?><sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><si><t>'
    ]
    blocs += [(alea.randbytes(1_000).hex().encode() + b"a" * 98_000) * 10 for _ in range(190)]
    return classeur(
        chemin,
        cellules('<row r="1"><c r="A1" t="s"><v>0</v></c></row>'),
        {"xl/sharedStrings.xml": [*blocs, b"</t></si></sst>"]},
    )


def passes_innombrables() -> bytes:
    """A progressive JPEG whose last pass is written two thousand times: each is a whole decoding."""
    sortie = io.BytesIO()
    Image.new("RGB", (4_900, 4_900)).save(sortie, "JPEG", progressive=True)
    saine = sortie.getvalue()
    return saine[:-2] + saine[saine.rindex(b"\xff\xda") : -2] * 2_000 + saine[-2:]


def images() -> Iterator[tuple[str, bytes]]:
    """Pictures small on disk and huge once open."""
    yield "jpeg aux passes innombrables", passes_innombrables()
    for genre, mode, cote in (("PNG", "RGBA", 7_700), ("WEBP", "RGB", 7_700), ("PNG", "1", 30_000)):
        sortie = io.BytesIO()
        Image.new(mode, (cote, cote)).save(sortie, genre)
        yield f"{genre} de {cote} points de côté", sortie.getvalue()


TOUTES = (
    feuille_d_un_giga, chaine_de_400_mo, milliard_de_rires, entite_externe, cellule_lointaine,
    trop_de_colonnes, soixante_mille_entrees, chemin_qui_remonte, taille_menteuse, tronque, table_dense,
    retour_demesure, chaine_de_190_mo,
)  # fmt: skip
