"""Official files spoiled at random, the same for a same seed, and files made to harm."""

import gzip
import io
import json
import random
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

MO = 1 << 20


def muter(octets: bytes, alea: random.Random) -> bytes:
    """A copy with one to four faults: cut, doubled, swapped, overwritten, re-encoded…"""
    for _ in range(alea.randint(1, 4)):
        octets = alea.choice(_FAUTES)(octets, alea)
    return octets


def _place(octets: bytes, alea: random.Random) -> int:
    return alea.randrange(len(octets) + 1)


def _couper(o: bytes, a: random.Random) -> bytes:
    return o[: _place(o, a)]


def _oter(o: bytes, a: random.Random) -> bytes:
    i = _place(o, a)
    return o[:i] + o[i + a.randint(1, 400) :]


def _doubler(o: bytes, a: random.Random) -> bytes:
    i = _place(o, a)
    j = i + a.randint(1, 2_000)
    return o[:j] + o[i:j] + o[j:]


def _semer(o: bytes, a: random.Random) -> bytes:
    tampon = bytearray(o)
    for _ in range(a.randint(1, 30)):
        if tampon:
            tampon[a.randrange(len(tampon))] = a.randrange(256)
    return bytes(tampon)


def _inserer(o: bytes, a: random.Random) -> bytes:
    i = _place(o, a)
    return o[:i] + a.choice(_POISONS) + o[i:]


def _separer(o: bytes, a: random.Random) -> bytes:
    avant, apres = a.choice([(b";", b","), (b",", b";"), (b";", b"\t"), (b"\n", b"\r"), (b"\n", b"\n\n")])
    return o.replace(avant, apres)


def _recoder(o: bytes, a: random.Random) -> bytes:
    return o.decode("cp1252", errors="replace").encode(a.choice(["utf-16", "utf-8-sig", "utf-8"]))


def _entete(o: bytes, a: random.Random) -> bytes:
    premiere, fin, reste = o.partition(b"\n")
    noms = premiere.split(b";")
    a.shuffle(noms)
    return b";".join(noms[: a.randint(0, len(noms))]) + fin + reste


_POISONS = (
    b"\0", b'"', b'"""', b"\xff\xfe", b";" * 300, b"1e999", b"-inf", b"nan", b"9" * 400, b"\r", b"=cmd()",
    "é".encode("cp1252"), "\u202e".encode(), b"\x1f\x8b", b"PK\x03\x04", b"[" * 500, b"{}", b"\n" * 50,
)  # fmt: skip
_FAUTES = (_couper, _oter, _doubler, _semer, _inserer, _separer, _recoder, _entete)


def mutants(fichiers: list[Path], nombre: int, graine: int) -> Iterator[tuple[str, bytes]]:
    """(name, bytes) of spoiled copies, one file after the other; some are then packed in gzip or zip."""
    alea = random.Random(graine)
    for rang in range(nombre):
        original = fichiers[rang % len(fichiers)]
        octets = muter(original.read_bytes(), alea)
        if rang % 7 == 5:
            octets = gzip.compress(octets)[: alea.choice([None, -10])]
        elif rang % 7 == 6:
            octets = muter(archive({original.name: octets}), alea)
        yield original.name, octets


def archive(membres: dict[str, bytes]) -> bytes:
    tampon = io.BytesIO()
    with zipfile.ZipFile(tampon, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as zip_:
        for nom, octets in membres.items():
            zip_.writestr(nom, octets)
    return tampon.getvalue()


def classeur(feuille: bytes, textes: bytes | None = None) -> bytes:
    relations = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    principal = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    membres = {
        "xl/workbook.xml": f'<workbook xmlns="{principal}" xmlns:r="{relations}"><sheets>'
        '<sheet name="COM" sheetId="1" r:id="r1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/'
        f'relationships"><Relationship Id="r1" Type="{relations}/worksheet" Target="worksheets/sheet1.xml"/>'
        "</Relationships>",
    }
    tous = {nom: texte.encode() for nom, texte in membres.items()} | {"xl/worksheets/sheet1.xml": feuille}
    return archive(tous | ({"xl/sharedStrings.xml": textes} if textes else {}))


def _feuille(corps: str) -> bytes:
    return (
        '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
        f"{corps}</sheetData></worksheet>"
    ).encode()


def _taille_declaree(octets: bytes, taille: int) -> bytes:
    """The central directory of the zip then announces another size."""
    place = octets.rindex(b"PK\x01\x02") + 24
    return octets[:place] + taille.to_bytes(4, "little") + octets[place + 4 :]


_RIRES = (
    '<!DOCTYPE x [<!ENTITY a "ha">'
    + "".join(f'<!ENTITY {chr(98 + i)} "{f"&{chr(97 + i)};" * 20}">' for i in range(8))
    + "]>"
)
_LOIN = '<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'

BOMBES: dict[str, tuple[str, Callable[[], bytes]]] = {
    "archive qui gonfle mille fois": ("frr-2025.zip", lambda: archive({"frr.csv": b"0" * 200 * MO})),
    "gzip qui gonfle mille fois": ("frr-2025.csv.gz", lambda: gzip.compress(b"0;1\n" * 50 * MO, 1)),
    "un gigaoctet annoncé": ("frr-2025.zip", lambda: _taille_declaree(archive({"frr.csv": b"a;b"}), 1 << 30)),
    "taille qui ment": ("frr-2025.zip", lambda: _taille_declaree(archive({"frr.csv": b"a;b\n" * 999}), 5)),
    "chemin qui remonte": ("frr-2025.zip", lambda: archive({"../../frr.csv": b"a;b"})),
    "chemin absolu": ("frr-2025.zip", lambda: archive({"/etc/frr.csv": b"a;b"})),
    "soixante mille entrées": ("cog-2025.zip", lambda: archive({f"{i}.csv": b"" for i in range(60_000)})),
    "archive dans une archive": ("cog-2025.zip", lambda: archive({"b.zip": archive({"c.csv": b"a;b"})})),
    "cellule très loin": ("epcicom2023.xlsx", lambda: classeur(_feuille(_LOIN))),
    "milliard de rires": ("epcicom2023.xlsx", lambda: classeur(_RIRES.encode() + _feuille("<row/>"))),
    "rires dans les textes": ("epcicom2023.xlsx", lambda: classeur(_feuille("<row/>"), _RIRES.encode())),
    "feuille coupée": ("epcicom2023.xlsx", lambda: classeur(_feuille("<row><c><v>1</v></c></row>" * 9)[:90])),
    "million de rangées": ("epcicom2023.xlsx", lambda: classeur(_feuille("<row/>" * 1_000_000))),
    "geojson profond": (
        "communes-2026.geojson",
        lambda: b'{"type":"FeatureCollection","features":' + b"[" * 2_000_000,
    ),
    "geojson de nombres": (
        "communes-2026.geojson",
        lambda: b'{"type":"FeatureCollection","features":[' + b"1," * 3_000_000 + b"1]}",
    ),
    "geojson sans géométrie": (
        "communes-2026.geojson",
        lambda: json.dumps({"type": "FeatureCollection", "features": [None, {}, {"geometry": 3}]}).encode(),
    ),
    "octets nuls": ("frr-2025.csv", lambda: b"\0" * MO),
    "une chaîne de 400 Mo": (
        "frr-2025.csv",
        lambda: b"Code_insee;Classement FRR 2025\n48001;" + b"x" * 400 * MO,
    ),
    "trois cent mille colonnes": (
        "frr-2025.csv",
        lambda: b";".join(b"%d" % i for i in range(300_000)) + b"\n1\n",
    ),
    "dix mille colonnes": ("frr-2025.csv", lambda: b";".join(b"%d" % i for i in range(10_000)) + b"\n1\n"),
    "guillemet jamais refermé": (
        "frr-2025.csv",
        lambda: b'Code_insee;Classement FRR 2025\n48001;"' + b"48002;FRR socle\n" * 300_000,
    ),
    "image": ("frr-2025.csv", lambda: b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 4_000),
    "une seule colonne": ("frr-2025.csv", lambda: b"a\n" * 500_000),
}
"""What it is to (its name, its bytes)."""
