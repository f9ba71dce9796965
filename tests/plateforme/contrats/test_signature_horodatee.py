"""Signatures dated by a third party (B-T), and those that carry their own proofs (B-LTA)."""

from __future__ import annotations

import io
import random
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from arpent.plateforme.contrats.models import CircuitSignature, Contrat, EmplacementSignature
from arpent.plateforme.contrats.signatures.circuits import SignatureRefusee, lire_document
from arpent.plateforme.contrats.signatures.electronique import signer_electronique
from arpent.plateforme.documents.signature.verification import verifier_pdf
from tests.plateforme import horodateur
from tests.plateforme.contrats.atelier_signature import MOT_DE_PASSE, ouvrir, pkcs12, reconnaitre_la_racine
from tests.plateforme.horodateur import Horodateur


@pytest.fixture(scope="module")
def tsa() -> Iterator[Horodateur]:
    with horodateur.servir() as serveur:
        yield serveur


@pytest.fixture
def durable(tsa: Horodateur, settings: Any) -> Horodateur:
    """The instance stamps its signatures, and keeps their proofs."""
    settings.ARPENT_HORODATAGE, settings.ARPENT_SIGNATURE_DURABLE = tsa.adresse, True
    reconnaitre_la_racine(settings.ARPENT_CERTIFICATS)
    tsa.installer(settings.ARPENT_CERTIFICATS)
    return tsa


def _signer(place: EmplacementSignature, nom: str) -> EmplacementSignature:
    return signer_electronique(place, pkcs12(nom), MOT_DE_PASSE, par=None)


def _pdf() -> bytes:
    return lire_document(CircuitSignature.objects.get().revision)


def test_l_heure_vient_du_serveur_d_horodatage(a_signer: Contrat, tsa: Horodateur, settings: Any) -> None:
    settings.ARPENT_HORODATAGE = tsa.adresse
    place = _signer(ouvrir(a_signer)[0], "Mme Un")
    assert place.preuve["niveau"] == "B-T"
    (signature,) = verifier_pdf(_pdf(), settings.ARPENT_CERTIFICATS).signatures
    assert signature.horodatee
    assert abs(signature.instant - timezone.now()) < timedelta(minutes=5)


def test_sans_serveur_l_heure_est_seulement_declaree(a_signer: Contrat, settings: Any) -> None:
    place = _signer(ouvrir(a_signer)[0], "Mme Un")
    assert place.preuve["niveau"] == "B-B"
    assert not verifier_pdf(_pdf()).signatures[0].horodatee


def test_un_serveur_en_panne_ne_laisse_rien_de_signe(a_signer: Contrat, durable: Horodateur) -> None:
    place = ouvrir(a_signer)[0]
    durable.en_panne = True
    try:
        with pytest.raises(SignatureRefusee, match="horodatage ne répond pas : rien n’est signé"):
            _signer(place, "Mme Un")
    finally:
        durable.en_panne = False
    place.refresh_from_db()
    assert place.etat == EmplacementSignature.Etat.ATTENDUE
    assert _signer(place, "Mme Un").etat == EmplacementSignature.Etat.RECUEILLIE


def test_les_preuves_restent_dans_le_fichier(a_signer: Contrat, durable: Horodateur, settings: Any) -> None:
    from pyhanko.pdf_utils.reader import PdfFileReader

    lues = ouvrir(a_signer)
    for place, nom in zip(lues, ("Mme Un", "M. Deux"), strict=False):
        assert _signer(place, nom).preuve["niveau"] == "B-LTA"
    pdf = _pdf()
    lecteur = PdfFileReader(io.BytesIO(pdf))
    assert "/DSS" in lecteur.root
    assert len(lecteur.root["/DSS"]["/Certs"]) >= 4
    genres = [s.sig_object_type for s in lecteur.embedded_signatures]
    assert genres == ["/Sig", "/DocTimeStamp", "/Sig", "/DocTimeStamp"]
    rapport = verifier_pdf(pdf, settings.ARPENT_CERTIFICATS)
    assert rapport.intact, rapport.alterations
    assert all(s.reconnu for s in rapport.signatures)
    hasard = random.Random(4)
    for _ in range(40):
        touche = bytearray(pdf)
        touche[hasard.randrange(len(pdf))] ^= 1 << hasard.randrange(8)
        assert not verifier_pdf(bytes(touche), settings.ARPENT_CERTIFICATS).intact


def test_une_autorite_inconnue_arrete_la_signature_durable(
    a_signer: Contrat, tsa: Horodateur, settings: Any
) -> None:
    settings.ARPENT_HORODATAGE, settings.ARPENT_SIGNATURE_DURABLE = tsa.adresse, True
    place = ouvrir(a_signer)[0]
    with pytest.raises(SignatureRefusee, match="« racines »"):
        _signer(place, "Mme Un")
    place.refresh_from_db()
    assert place.etat == EmplacementSignature.Etat.ATTENDUE


def test_la_longue_duree_sans_horodatage_est_refusee(a_signer: Contrat, settings: Any) -> None:
    settings.ARPENT_SIGNATURE_DURABLE = True
    place = ouvrir(a_signer)[0]
    with pytest.raises(SignatureRefusee, match="demandent un serveur d’horodatage"):
        _signer(place, "Mme Un")
    place.refresh_from_db()
    assert place.etat == EmplacementSignature.Etat.ATTENDUE
