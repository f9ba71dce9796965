"""Who reads the ledger, and who writes it."""

from __future__ import annotations

from django.http import Http404

from arpent.plateforme.demarches.models import Demarche

from ..acces import page_du_dispositif
from ..models import Enveloppe

GERER = "credits.gerer"
LIRE = "credits.lire_territoire"
LIRE_TOUT = "credits.lire_autorite"
RAISON = (
    "Cette page montre les crédits de tous les territoires : elle est ouverte à l’autorité qui les partage. "
    "Ceux de votre territoire sont dans sa négociation."
)

page_credits = page_du_dispositif(LIRE_TOUT, RAISON)
page_dotation = page_du_dispositif(
    GERER, "Le montant d’un fonds revient à l’autorité qui le vote.", "GET", "HEAD", "POST"
)


def enveloppe_de(demarche: Demarche, pk: int) -> Enveloppe:
    """That node of the démarche, else 404. One query."""
    trouvees = Enveloppe.objects.filter(demarche=demarche, pk=pk)
    enveloppe = trouvees.select_related("fonds", "theme", "parent", "demarche__territoire").first()
    if enveloppe is None:
        raise Http404("Cette enveloppe n’existe pas dans ce territoire.")
    return enveloppe
