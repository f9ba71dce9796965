"""Is this file intact, and is it one that this instance issued?"""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from django.conf import settings

from arpent.plateforme.documents.empreinte import empreinte
from arpent.plateforme.documents.models import DocumentEmis
from arpent.plateforme.documents.signature import isole
from arpent.plateforme.documents.signature.verification import Rapport

from ..models import CircuitSignature
from .circuits import GENRE_REVISION, GENRE_SEPARE


def verifier_ici(pdf: bytes) -> tuple[Rapport, DocumentEmis | None]:
    """The report, and the document issued here that has exactly these bytes. One query.

    What this instance signed, or checked before keeping it, is not compared object by object again. A copy
    signed elsewhere and only deposited is.
    """
    emis = DocumentEmis.objects.filter(sha256=empreinte(pdf)).defer("donnees").order_by("pk").first()
    signe_ici = (
        emis is not None
        and emis.objet_type == CircuitSignature._meta.label_lower
        and emis.genre in (GENRE_REVISION, GENRE_SEPARE)
    )
    return isole.verifier(pdf, settings.ARPENT_CERTIFICATS, connu=signe_ici), emis


def rapport_json(rapport: Rapport, emis: DocumentEmis | None) -> dict[str, Any]:
    """The report as plain values; `emis_ici`: the title of the document issued here, None otherwise."""
    valeurs = asdict(rapport)
    for lue, signature in zip(valeurs["signatures"], rapport.signatures, strict=True):
        lue["intacte"] = signature.intacte
    ici = {"titre": emis.titre, "emis_le": emis.emis_le.isoformat()} if emis else None
    return valeurs | {"intact": rapport.intact, "emis_ici": ici}
