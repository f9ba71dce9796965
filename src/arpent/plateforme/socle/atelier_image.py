"""Draws one SVG as a PNG, then dies. Run as a script by ``images.py``, never imported.

It needs the standard library and ``typst`` alone. Typst has no time limit and its cache grows: it never lives
in a web process.

stdin: JSON {svg, largeur, echelle, polices}; stdout: the PNG; exit 3: Typst's message on stderr.
"""

import json
import os
import resource
import sys
import tempfile

SECONDES_DE_CALCUL = 15
OCTETS_DE_MEMOIRE = 2 * 1024**3
REFUS_DE_TYPST = 3
POINTS_PAR_POUCE = 72

SOURCE = """#set page(width: {largeur}pt, height: auto, margin: 0pt, fill: white)
#image("dessin.svg", width: 100%)
"""


def main() -> int:
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDES_DE_CALCUL, SECONDES_DE_CALCUL))
    resource.setrlimit(resource.RLIMIT_AS, (OCTETS_DE_MEMOIRE, OCTETS_DE_MEMOIRE))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    import typst  # after the limits, so that they cover it

    commande = json.load(sys.stdin)
    with tempfile.TemporaryDirectory() as dossier:
        polices_liees = os.path.join(dossier, "polices")
        os.mkdir(polices_liees)
        for police in commande["polices"]:
            os.symlink(police, os.path.join(polices_liees, os.path.basename(police)))
        for nom, contenu in (
            ("dessin.svg", commande["svg"]),
            ("page.typ", SOURCE.format(largeur=int(commande["largeur"]))),
        ):
            with open(os.path.join(dossier, nom), "w", encoding="utf-8") as fichier:
                fichier.write(contenu)
        polices = typst.Fonts(
            include_system_fonts=False, include_embedded_fonts=False, font_paths=[polices_liees]
        )
        try:
            png = typst.compile(
                os.path.join(dossier, "page.typ"),
                root=dossier,
                font_paths=polices,
                format="png",
                ppi=POINTS_PAR_POUCE * float(commande["echelle"]),
            )
        except typst.TypstError as erreur:
            sys.stderr.write(str(erreur))
            return REFUS_DE_TYPST
    sys.stdout.buffer.write(png if isinstance(png, bytes) else png[0])
    return 0


if __name__ == "__main__":
    sys.exit(main())
