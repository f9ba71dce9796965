"""Demonstration of the signature: certificates made here, which say so, and a pile of scanned pages."""

from __future__ import annotations

import io
from datetime import date

from django.conf import settings
from django.utils import timezone

from arpent.plateforme.contrats.models import CircuitSignature, Contrat, EmplacementSignature
from arpent.plateforme.contrats.signatures.circuits import choisir_canal, ouvrir_pour_le_contrat
from arpent.plateforme.contrats.signatures.electronique import certificat_enregistre, signer_electronique
from arpent.plateforme.contrats.signatures.papier import exemplaire_a_imprimer, recevoir_papier
from arpent.plateforme.documents.signature.certificats import (
    MOT_DE_PASSE_DEMONSTRATION,
    creer_autorite_de_demonstration,
)
from arpent.plateforme.socle.envois import Envoi

Canal = EmplacementSignature.Canal
POINTS_PAR_POUCE = 130


def _places(circuit: CircuitSignature) -> list[EmplacementSignature]:
    places = circuit.emplacements.select_related("circuit__contrat", "partie__organisation")
    return list(places.order_by("ordre"))


def _certifier(places: list[EmplacementSignature]) -> None:
    """One certificate of the test authority for each body that has a SIREN."""
    corps = {p.partie.organisation.siren: p.partie.organisation.nom for p in places}
    creer_autorite_de_demonstration(settings.ARPENT_CERTIFICATS, corps, timezone.now())


def signer_partout(circuit: CircuitSignature) -> None:
    """A test authority, one certificate a party, and the signature of each in turn."""
    places = _places(circuit)
    _certifier(places)
    for place in places:
        certificat = certificat_enregistre(place)
        assert certificat is not None, f"{place.partie.organisation} has no SIREN"
        choisir_canal(place, Canal.ELECTRONIQUE.value, par=None)
        signer_electronique(place, certificat, MOT_DE_PASSE_DEMONSTRATION, par=None)


def signer_sur_papier(contrat: Contrat, le: date) -> None:
    """Every party but the authority signs the printed copy; the pile comes back disordered, a page turned."""
    circuit = ouvrir_pour_le_contrat(contrat, ordre_impose=False, par=None)
    attendue, *signees = _places(circuit)
    _certifier([attendue])
    for place in signees:
        choisir_canal(place, Canal.PAPIER.value, par=None)
    choisir_canal(attendue, Canal.ELECTRONIQUE.value, par=None)
    pile = Envoi("pile-de-demonstration.pdf", _numeriser(exemplaire_a_imprimer(circuit)))
    recevoir_papier(circuit, [pile], signees, signe_le=le, par=None)


def _numeriser(pdf: bytes) -> bytes:
    """The printed copy as a scanner gives it: grey images, the last page first, one of them turned."""
    import pypdfium2 as pdfium

    document = pdfium.PdfDocument(pdf)
    echelle = POINTS_PAR_POUCE / 72
    images = [page.render(scale=echelle, grayscale=True).to_pil().convert("L") for page in document]
    images[0] = images[0].rotate(180)
    premiere, *suite = images[::-1]
    sortie = io.BytesIO()
    premiere.save(sortie, "PDF", save_all=True, append_images=suite, resolution=POINTS_PAR_POUCE, quality=35)
    document.close()
    return sortie.getvalue()
