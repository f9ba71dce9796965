"""The workshop: compiles one Typst document, then dies. Run as a script by ``pdf.py``, never imported.

Typst has no time limit and its cache grows with each document, so it never lives in a web process. This
script needs the standard library and ``typst`` alone: it starts in some 50 ms.

stdin: JSON {source, racine, polices, polices_en_plus, entrees, normes}, the faces of the authority in base64;
stdout: the PDF; exit 3: Typst's message on stderr.
"""

import base64
import json
import os
import resource
import sys
import tempfile

SECONDES_DE_CALCUL = 60
OCTETS_DE_MEMOIRE = 2 * 1024**3
REFUS_DE_TYPST = 3


def main() -> int:
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDES_DE_CALCUL, SECONDES_DE_CALCUL))
    resource.setrlimit(resource.RLIMIT_AS, (OCTETS_DE_MEMOIRE, OCTETS_DE_MEMOIRE))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    import typst  # after the limits, so that they cover it

    commande = json.load(sys.stdin)
    with tempfile.TemporaryDirectory() as dossier:
        # Typst takes folders, not files: one link per face keeps the choice of fonts the same everywhere.
        for police in commande["polices"]:
            os.symlink(police, os.path.join(dossier, os.path.basename(police)))
        for rang, octets in enumerate(commande["polices_en_plus"]):
            with open(os.path.join(dossier, f"autorite-{rang}.ttf"), "wb") as fichier:
                fichier.write(base64.b64decode(octets))
        polices = typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[dossier])
        try:
            pdf = typst.compile(
                commande["source"],
                root=commande["racine"],
                font_paths=polices,
                format="pdf",
                sys_inputs=commande["entrees"],
                pdf_standards=commande["normes"],
            )
        except typst.TypstError as erreur:
            sys.stderr.write(str(erreur))
            return REFUS_DE_TYPST
    sys.stdout.buffer.write(pdf)
    return 0


if __name__ == "__main__":
    sys.exit(main())
