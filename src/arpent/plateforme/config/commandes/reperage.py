"""Which démarche, dispositif or day a command speaks of."""

from __future__ import annotations

import argparse
from datetime import date
from typing import TYPE_CHECKING

from ..commande import Refus

if TYPE_CHECKING:
    from arpent.plateforme.contrats.models import Avenant, Contrat
    from arpent.plateforme.demarches.models import Demarche
    from arpent.plateforme.reglements.models import Dispositif


def demarche_de(code: str, dispositif: Dispositif | None = None) -> Demarche:
    """The running démarche of CODE (SIREN of an EPCI, slug of a territory or of a démarche).

    With a dispositif, only its own are looked at.
    """
    from django.db.models import Q

    from arpent.plateforme.demarches.models import Demarche

    toutes = Demarche.objects.avec_contexte()
    if dispositif is not None:
        toutes = toutes.filter(version_processus__processus=dispositif.processus_id)
    demarches = list(
        toutes.filter(
            Q(slug=code)
            | Q(territoire__slug=code)
            | Q(territoire__compositions__groupement_id=code, territoire__compositions__fin__isnull=True)
        )
        .distinct()
        .order_by("-ouverte_le")[:2]
    )
    if not demarches:
        raise Refus(_sans_demarche(code))
    exactes = [d for d in demarches if code in {d.slug, d.territoire.slug}]
    return (exactes or demarches)[0]


def dispositif_de(nom: str) -> Dispositif:
    """The dispositif of that name, with its authority."""
    from arpent.plateforme.reglements.models import Dispositif

    dispositif = Dispositif.objects.select_related("autorite").filter(slug=nom).first()
    if dispositif is None:
        connus = ", ".join(Dispositif.objects.order_by("slug").values_list("slug", flat=True))
        raise Refus(f"dispositif « {nom} » inconnu. Dispositifs : {connus or 'aucun (arpent init)'}.")
    return dispositif


def _sans_demarche(code: str) -> str:
    from arpent.plateforme.territoires.models import Territoire

    if Territoire.objects.filter(slug=code).exists():
        return f"aucune démarche n’est ouverte sur « {code} ». Ouvrez-la : arpent demarche ouvrir {code}"
    return f"territoire « {code} » inconnu. La liste : arpent territoires lister"


def jour_de(texte: str) -> date:
    """The `type=` of an option that is a day; argparse's refusal in French."""
    try:
        return date.fromisoformat(texte)
    except ValueError:
        raise argparse.ArgumentTypeError(f"« {texte} » n’est pas une date : écrivez AAAA-MM-JJ") from None


def avenant_de(contrat: Contrat, numero: int | None) -> Avenant | None:
    """The avenant of that number; None when the contract itself is meant."""
    if numero is None:
        return None
    avenants = contrat.avenants.filter(numero__isnull=False).order_by("numero")
    for avenant in avenants:
        if avenant.numero == numero:
            return avenant
    connus = ", ".join(str(a.numero) for a in avenants)
    suite = f"Avenants proposés : {connus}." if connus else "Aucun avenant n’est encore proposé."
    raise Refus(f"ce contrat n’a pas d’avenant {numero}. {suite}")
