"""The workshop where the font of an authority is read: run as a script by ``police_charte.py``, then dies.

A font is a program of strangers: it is opened under limits of time and memory, never in the server.

stdin: the file; stdout: JSON {famille, graisse, italique, variable, incorporable, manquants}; exit 3: not a
font that both fontTools and Typst can read. `famille` is the name under which Typst finds it.
"""

import io
import json
import os
import resource
import sys
import tempfile

SECONDES_DE_CALCUL = 10
OCTETS_DE_MEMOIRE = 1024**3
ILLISIBLE = 3
INTERDITE, SANS_SOUS_ENSEMBLE, POINTS_SEULS = 0x0002, 0x0100, 0x0200
"""Bits of OS/2.fsType (OpenType specification): a PDF holds a subset of the outlines."""


def main() -> int:
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDES_DE_CALCUL, SECONDES_DE_CALCUL))
    resource.setrlimit(resource.RLIMIT_AS, (OCTETS_DE_MEMOIRE, OCTETS_DE_MEMOIRE))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    attendus = set(json.loads(sys.stdin.buffer.readline()))
    octets = sys.stdin.buffer.read()
    try:
        lue = lire(octets, attendus)
    except Exception as erreur:  # whatever a spoiled font raises: the file is refused, the reason logged
        sys.stderr.write(f"{type(erreur).__name__}: {erreur}")
        return ILLISIBLE
    sys.stdout.write(json.dumps(lue, ensure_ascii=True))
    return 0


def lire(octets: bytes, attendus: set[int]) -> dict[str, object]:
    from fontTools.ttLib import TTFont

    with TTFont(io.BytesIO(octets), lazy=True) as police:
        os2 = police["OS/2"]
        permis, choix = int(os2.fsType), int(os2.fsSelection)
        connus = set(police.getBestCmap() or {})
        return {
            "famille": famille_pour_typst(octets),
            "graisse": int(os2.usWeightClass),
            "italique": bool(choix & 1) or police["post"].italicAngle != 0,
            "variable": "fvar" in police,
            "incorporable": not permis & (INTERDITE | SANS_SOUS_ENSEMBLE | POINTS_SEULS)
            and ("glyf" in police or "CFF " in police),
            "manquants": sorted(attendus - connus),
        }


def famille_pour_typst(octets: bytes) -> str:
    import typst

    with tempfile.TemporaryDirectory() as dossier:
        with open(os.path.join(dossier, "police.ttf"), "wb") as fichier:
            fichier.write(octets)
        familles = typst.Fonts(
            include_system_fonts=False, include_embedded_fonts=False, font_paths=[dossier]
        ).families()
    (famille,) = familles
    return str(famille)


if __name__ == "__main__":
    sys.exit(main())
