"""Demonstration of the signature: certificates made here, which say so, for each party."""

from __future__ import annotations

from django.conf import settings
from django.utils import timezone

from arpent.plateforme.contrats.models import Contrat, EmplacementSignature
from arpent.plateforme.contrats.signatures.circuits import choisir_canal, ouvrir_pour_le_contrat
from arpent.plateforme.contrats.signatures.electronique import certificat_enregistre, signer_electronique
from arpent.plateforme.documents.signature.certificats import (
    MOT_DE_PASSE_DEMONSTRATION,
    creer_autorite_de_demonstration,
)


def signer_partout(contrat: Contrat) -> None:
    """A test authority, one certificate a party, and the signature of each in turn."""
    circuit = ouvrir_pour_le_contrat(contrat, ordre_impose=False, par=None)
    places = list(
        EmplacementSignature.objects.filter(circuit=circuit)
        .select_related("circuit__contrat", "partie__organisation")
        .order_by("ordre")
    )
    corps = {p.partie.organisation.siren: p.partie.organisation.nom for p in places}
    creer_autorite_de_demonstration(settings.ARPENT_CERTIFICATS, corps, timezone.now())
    for place in places:
        certificat = certificat_enregistre(place)
        assert certificat is not None, f"{place.partie.organisation} has no SIREN"
        choisir_canal(place, EmplacementSignature.Canal.ELECTRONIQUE.value, par=None)
        signer_electronique(place, certificat, MOT_DE_PASSE_DEMONSTRATION, par=None)
