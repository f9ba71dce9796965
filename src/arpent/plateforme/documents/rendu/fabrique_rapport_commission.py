"""Makes ``gabarits/rapport_commission/v1/rapport_commission.docx``: the Word report, always the same bytes.

    python -m arpent.plateforme.documents.rendu.fabrique_rapport_commission

A test compares the committed file with what this script makes.
"""

from __future__ import annotations

from pathlib import Path

from .fabrique_convocation import fermer, ouvrir
from .pieces_docx import balise, paragraphe, repeter, tableau, titre

GABARIT = Path(__file__).parent.parent / "gabarits" / "rapport_commission" / "v1" / "rapport_commission.docx"


def fabriquer() -> bytes:
    """The template as a .docx file."""
    doc = ouvrir("Établi le {{ etabli_le }}")
    paragraphe(doc, "{{ surtitre }}", "Discret")
    titre(doc, 1, "{{ entete }}")
    tableau(doc, "x in seance", (("Séance", "{{ x.cle }}", 40), ("À retenir", "{{ x.valeur }}", 124)))
    with balise(doc, "for x in visas"):
        paragraphe(doc, "Vu {{ x }}")
    titre(doc, 2, "Exposé")
    repeter(doc, "expose")
    titre(doc, 2, "{{ conclusion }}")
    repeter(doc, "dispositif", "List Bullet")
    titre(doc, 2, "Total par fonds")
    tableau(
        doc,
        "x in recapitulatif",
        (("Fonds", "{{ x.fonds }}", 94), ("Aides", "{{ x.compte }}", -25), ("Montant", "{{ x.total }}", -45)),
        pied=("Total", "{{ compte }}", "{{ total }}"),
    )
    titre(doc, 2, "Liste d’individualisation", nouvelle_page=True)
    with balise(doc, "for f in fonds"):
        titre(doc, 3, "{{ f.nom }}")
        tableau(
            doc,
            "x in f.lignes",
            (
                ("Bénéficiaire et projet", "{{ x.beneficiaire }}, {{ x.projet }} ({{ x.precision }})", 66),
                ("Coût HT", "{{ x.cout }}", -28),
                ("Éligible", "{{ x.assiette }}", -28),
                ("Taux", "{{ x.taux }}", -16),
                ("Aide", "{{ x.montant }}{% if x.sens %} ({{ x.sens }}){% endif %}", -28),
            ),
            pied=("Total, {{ f.compte }}", "{{ f.couts }}", "", "", "{{ f.total }}"),
        )
    return fermer(doc)


if __name__ == "__main__":
    GABARIT.parent.mkdir(parents=True, exist_ok=True)
    GABARIT.write_bytes(fabriquer())
