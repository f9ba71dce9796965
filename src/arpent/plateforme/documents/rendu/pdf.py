"""PDF by Typst: PDF/A-2a (to be kept) and PDF/UA-1 (readable by everyone) in one file, always the same bytes.

User text travels as JSON in ``sys.inputs`` and is never read as markup. The compilation runs in a child
process with limits of time and memory (``atelier_typst.py``).
"""

from __future__ import annotations

import base64
import json
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from ..catalogue import GABARITS, Gabarit, gabarit
from ..donnees import ContratDoc, MaquetteDoc
from ..donnees_charte import CharteDoc
from .polices import dessinable, fichiers_de_police, octets_de
from .texte import FINE, INSECABLE, secable
from .vue import Vue, nettoyer, vue_contrat
from .vue_maquette import Papier, vue_maquette_detaillee

NORMES = ("a-2a", "ua-1")
SECONDES = 90
_ATELIER = Path(__file__).with_name("atelier_typst.py")


class RenduImpossible(RuntimeError):
    """The document could not be produced; the message is for the user, ``detail`` for the log."""

    def __init__(self, message: str, detail: str = "") -> None:
        super().__init__(message)
        self.detail = detail


def rendre_contrat_pdf(doc: ContratDoc) -> bytes:
    """The whole contract with its annexes. RenduImpossible, GabaritInconnu."""
    return compiler(gabarit(doc.gabarit), vue_contrat(doc), charte=doc.charte)


def rendre_maquette_pdf(doc: MaquetteDoc, papier: Papier = "a3") -> bytes:
    """The financial table alone, landscape: by axis then theme, then AP and CP. RenduImpossible."""
    return compiler(gabarit("maquette/v2"), vue_maquette_detaillee(doc, papier))


def _pour_la_feuille(texte: str) -> str:
    """The narrow no-break space of Source Sans is too narrow to separate thousands: use the plain one."""
    return secable(dessinable(texte.replace(FINE, INSECABLE)))


def compiler(
    modele: Gabarit, vue: Vue, dessins: Sequence[str] = (), charte: CharteDoc | None = None
) -> bytes:
    """`dessins`: self-contained SVG that the view names by rank; `charte`: what it wears. RenduImpossible."""
    vue_dessinable = nettoyer(vue, _pour_la_feuille)
    commande = {
        "source": str(modele.typst),
        "racine": str(GABARITS),
        "polices": [str(fichier) for fichier in fichiers_de_police()],
        "polices_en_plus": [
            base64.b64encode(octets).decode("ascii") for octets in octets_de(charte.polices if charte else ())
        ],
        "entrees": {
            "vue": json.dumps(vue_dessinable, ensure_ascii=False),
            "dessins": json.dumps(
                [dessinable(svg.replace(FINE, INSECABLE)) for svg in dessins], ensure_ascii=False
            ),
            "logo": charte.logo if charte else "",
            "familles": json.dumps(
                {role: charte.familles(role) if charte else () for role in ("texte", "titres")},
                ensure_ascii=False,
            ),
        },
        "normes": NORMES,
    }
    try:
        fini = subprocess.run(
            [sys.executable, "-I", str(_ATELIER)],
            input=json.dumps(commande).encode(),
            capture_output=True,
            timeout=SECONDES,
            check=False,
        )
    except subprocess.TimeoutExpired as erreur:
        raise RenduImpossible(
            f"Le PDF n’a pas été produit : sa composition dépasse {SECONDES} secondes. "
            "Réduisez le nombre de fiches annexées, puis recommencez."
        ) from erreur
    if fini.returncode != 0 or not fini.stdout.startswith(b"%PDF-"):
        raise RenduImpossible(
            "Le PDF n’a pas été produit : le gabarit a refusé le document. Rien n’est perdu : "
            "utilisez le format Word en attendant et signalez l’incident à l’administrateur.",
            detail=fini.stderr.decode(errors="replace")[-4000:],
        )
    # Typst stops at %%EOF; without this newline a later signature breaks PDF/A-2a (6.1.9).
    return fini.stdout if fini.stdout.endswith(b"\n") else fini.stdout + b"\n"
