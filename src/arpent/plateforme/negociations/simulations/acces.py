"""The door of the pages that show every territory: they open to the authority's side only."""

from __future__ import annotations

from ..acces import page_du_dispositif

SIMULER = "enveloppe.simuler"

RAISON = (
    "Cette page montre les enveloppes de tous les territoires : elle est ouverte à l’autorité qui les "
    "partage. L’enveloppe de votre territoire est dans sa négociation."
)

page_simulation = page_du_dispositif(SIMULER, RAISON)
