"""The external parapheur: a package goes out, the signed file that comes back is checked to the byte."""

from __future__ import annotations

import io
import json
import zipfile
from dataclasses import asdict
from datetime import datetime

from django.conf import settings

from arpent.metier.argent import formater_nombre
from arpent.plateforme.acteurs.models import Agent
from arpent.plateforme.documents.models import DocumentEmis
from arpent.plateforme.documents.signature import isole, pades

from ..models import CircuitSignature, EmplacementSignature
from .circuits import (
    GENRE_REVISION,
    GENRE_SEPARE,
    Canal,
    Etat,
    SignatureRefusee,
    en_une_fois,
    exiger_ouvert,
    exiger_tour,
    garder,
    lire_document,
    place_attendue,
    recueillir,
    verrouiller_circuit,
)

LISEZ_MOI = """Document à signer dans votre parapheur

Objet        : {objet}
Partie       : {partie}
Signataire   : {signataire}

1. Importez « document.pdf » dans votre parapheur, sans l’imprimer ni le convertir.
2. Faites-le signer électroniquement (PAdES), de préférence dans le champ « {champ} » déjà prévu.
3. Reprenez le PDF signé, et déposez-le dans Arpent, sur la page de cette signature.

Arpent vérifie que le PDF signé est celui-ci, complété de la signature, à l’octet près.
Empreinte SHA-256 de document.pdf : {sha256}
"""


def exporter_parapheur(place: EmplacementSignature) -> bytes:
    """A ZIP: the last revision, a manifest with its fingerprint, what to do. Writes nothing."""
    circuit = place.circuit
    exiger_ouvert(circuit)
    if place.etat == Etat.RECUEILLIE:
        raise SignatureRefusee("Cette signature est déjà recueillie : il n’y a plus rien à exporter.")
    contenu = lire_document(circuit.revision)
    champ = pades.nom_de_champ(place.ordre)
    manifeste = {
        "application": "Arpent",
        "objet": circuit.objet,
        "circuit": circuit.pk,
        "emplacement": place.pk,
        "partie": {"nom": place.partie.organisation.nom, "siren": place.partie.organisation.siren},
        "signataire": place.signataire,
        "qualite": place.qualite,
        "delegation": place.delegation,
        "champ": champ,
        "fichier": "document.pdf",
        "sha256": circuit.revision.sha256,
        "taille": len(contenu),
    }
    lisez = LISEZ_MOI.format(
        objet=circuit.objet, partie=place.partie.organisation.nom,
        signataire=place.signataire or "à désigner", champ=champ, sha256=circuit.revision.sha256,
    )  # fmt: skip
    tampon = io.BytesIO()
    with zipfile.ZipFile(tampon, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("document.pdf", contenu)
        archive.writestr("manifeste.json", json.dumps(manifeste, ensure_ascii=False, indent=2))
        archive.writestr("lisez-moi.txt", lisez)
    return tampon.getvalue()


def _exporte(circuit: CircuitSignature, pdf: bytes) -> tuple[DocumentEmis, bytes]:
    """The longest file of the chain that `pdf` goes on from."""
    revisions = DocumentEmis.objects.filter(
        objet_type=circuit._meta.label_lower, objet_id=str(circuit.pk), genre=GENRE_REVISION
    ).order_by("-pk")
    for revision in (*revisions, circuit.document):
        contenu = lire_document(revision)
        if pdf == contenu:
            raise SignatureRefusee(
                "Ce fichier est celui qui a été exporté : il ne porte aucune signature nouvelle."
            )
        if pades.complements(contenu, pdf):
            return revision, contenu
    raise SignatureRefusee(
        "Ce fichier n’est pas la suite de celui qui a été exporté : le parapheur l’a transformé, ou ce n’est "
        "pas le bon. Exportez à nouveau, faites signer sans convertir, puis redéposez."
    )


def recevoir_parapheur(place: EmplacementSignature, pdf: bytes, *, par: Agent | None) -> EmplacementSignature:
    """Collects the signature brought by a file that only adds to what was exported. SignatureRefusee.

    When others have signed here meanwhile, it is kept as a counterpart and the chain goes on without it.
    """
    if len(pdf) > settings.ARPENT_TAILLE_MAX_FICHIER:
        taille = formater_nombre(settings.ARPENT_TAILLE_MAX_FICHIER // 1024**2)
        raise SignatureRefusee(f"Le fichier dépasse {taille} Mo.")
    rapport = isole.verifier(pdf, settings.ARPENT_CERTIFICATS)
    with en_une_fois() as emis:
        circuit = verrouiller_circuit(place.circuit)
        place = place_attendue(circuit, place.pk)
        exiger_tour(circuit, [place])
        base, contenu = _exporte(circuit, pdf)
        if not rapport.intact:
            raise SignatureRefusee(f"{rapport.explication} {' '.join(rapport.alterations[:4])}".strip())
        nouvelles = [s for s in rapport.signatures if s.octets > len(contenu)]
        if not nouvelles:
            raise SignatureRefusee(
                "Ce fichier ne porte aucune signature nouvelle : faites-le signer d’abord."
            )
        suite = base.pk == circuit.revision_id
        document = garder(
            circuit, pdf, emis, genre=GENRE_REVISION if suite else GENRE_SEPARE, par=par,
            titre=f"{circuit.objet}, signé au parapheur par {place.partie.organisation.nom}",
        )  # fmt: skip
        if suite:
            circuit.revision = document
            circuit.save(update_fields=["revision"])
        preuve = {
            "signatures": [asdict(s) | {"defauts": []} for s in nouvelles], "exporte": base.sha256,
            "exemplaire_separe": not suite,
        }  # fmt: skip
        le = max(datetime.fromisoformat(s.le) for s in nouvelles)
        recueillir(place, canal=Canal.PARAPHEUR.value, document=document, preuve=preuve, le=le, par=par)
        return place
