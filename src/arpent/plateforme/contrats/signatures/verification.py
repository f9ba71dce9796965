"""Is this file intact, and is it one that this instance issued?"""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Any

from django.conf import settings
from django.utils.crypto import constant_time_compare

from arpent.plateforme.documents.empreinte import empreinte
from arpent.plateforme.documents.models import DocumentEmis
from arpent.plateforme.documents.signature import isole
from arpent.plateforme.documents.signature.verification import ALTERE, INTACT, Rapport

from ..models import CircuitSignature
from .circuits import GENRE_PREUVE, GENRE_REVISION, GENRE_SEPARE
from .electronique import sceau_tient, sceller


def verifier_ici(contenu: bytes) -> tuple[Rapport, DocumentEmis | None]:
    """The report, and the document issued here that has exactly these bytes. Two queries at most.

    A signed PDF, or a proof of consent (its PDF, its JSON). What this instance signed, or checked before
    keeping it, is not compared object by object again. A copy signed elsewhere and only deposited is.
    """
    emis = DocumentEmis.objects.filter(sha256=empreinte(contenu)).defer("donnees").order_by("pk").first()
    d_ici = emis is not None and emis.objet_type == CircuitSignature._meta.label_lower
    if contenu.lstrip()[:1] == b"{":
        return _preuve_json(contenu), emis
    if emis is not None and d_ici and emis.genre == GENRE_PREUVE:
        return _preuve_pdf(contenu, emis), emis
    signe_ici = emis is not None and d_ici and emis.genre in (GENRE_REVISION, GENRE_SEPARE)
    return isole.verifier(contenu, settings.ARPENT_CERTIFICATS, connu=signe_ici), emis


def _preuve_json(contenu: bytes) -> Rapport:
    if not sceau_tient(contenu):
        return _rapport(
            ALTERE,
            contenu,
            "Ce fichier de preuve n’a pas le sceau de cette instance : il a été changé, ou vient d’ailleurs.",
        )
    return _rapport(INTACT, contenu, _dire(json.loads(contenu)))


def _preuve_pdf(contenu: bytes, emis: DocumentEmis) -> Rapport:
    """The bytes are those issued; the facts kept with them must still have their seal."""
    faits, sceau = emis.donnees.get("faits") or {}, str(emis.donnees.get("sceau") or "")
    if not constant_time_compare(sceau, sceller(faits)):
        return _rapport(ALTERE, contenu, "Les faits gardés avec cette preuve ont changé depuis leur sceau.")
    return _rapport(INTACT, contenu, _dire(faits))


def _rapport(etat: str, contenu: bytes, explication: str) -> Rapport:
    return Rapport(
        etat,
        taille=len(contenu),
        sha256=empreinte(contenu),
        explication=explication,
        alterations=() if etat == INTACT else (explication,),
    )


def _dire(faits: dict[str, Any]) -> str:
    """« Preuve de consentement intacte : … »; the seal holds, so the facts are those written here."""
    return (
        f"Preuve de consentement intacte : {faits['signataire']} a consenti au nom de "
        f"{faits['partie']['nom']}, le {faits['le']}, au document « {faits['document']['titre']} » "
        f"d’empreinte {faits['document']['sha256']} ({faits['authentification']})."
    )


def rapport_json(rapport: Rapport, emis: DocumentEmis | None) -> dict[str, Any]:
    """The report as plain values; `emis_ici`: the title of the document issued here, None otherwise."""
    valeurs = asdict(rapport)
    for lue, signature in zip(valeurs["signatures"], rapport.signatures, strict=True):
        lue["intacte"] = signature.intacte
    ici = {"titre": emis.titre, "emis_le": emis.emis_le.isoformat()} if emis else None
    return valeurs | {"intact": rapport.intact, "emis_ici": ici}
