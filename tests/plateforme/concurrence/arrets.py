"""A process killed at any moment while it works: what was acknowledged is whole, nothing is done twice.

`python -m tests.plateforme.concurrence.arrets COURIR signer|generer|tourner|payer|envoyer kills`

A child works until it is killed (SIGKILL) at a random moment, and says each thing it has done; what it said
must be in the database with its files, and nothing half-done beside it. Prints one JSON line.
"""

from __future__ import annotations

import itertools
import json
import multiprocessing
import os
import random
import signal
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "arpent.plateforme.config.settings_tests")

from . import arrets_tournee, arrets_versements, arrets_web

ATTENTES = {"signer": 0.6, "generer": 2.0, "tourner": 0.5, "payer": 0.4, "envoyer": 0.6}
"""Seconds before a kill, at most: about what a few gestures take."""


# --- signing --------------------------------------------------------------------------------------


def _ouvrir_un_circuit() -> None:
    """A contract to sign by two parties, on a small PDF."""
    from arpent.plateforme.contrats.models import Contrat, Partie
    from arpent.plateforme.contrats.signatures.circuits import ouvrir_circuit
    from arpent.plateforme.documents.actions import emettre
    from tests.plateforme import fabrique
    from tests.plateforme.contrats.atelier_signature import petit_pdf

    fabrique._n = itertools.count(random.randrange(5_000, 45_000))
    demarche = fabrique.demarche(slug=f"arrets-{time.time_ns()}")
    contrat = Contrat.objects.create(demarche=demarche, etat="signature")
    parties = [
        Partie.objects.create(
            contrat=contrat, organisation=fabrique.organisation("commune"), role="signataire"
        )
        for _ in range(2)
    ]
    document = emettre(
        petit_pdf(), nom="contrat.pdf", titre="Contrat", genre="contrat", gabarit="contrat/v1", sur=contrat,
        demarche_id=demarche.pk, donnees={}, par_id=None, par_nom="Arpent",
    )  # fmt: skip
    ouvrir_circuit(contrat, document, parties, ordre_impose=False, par=None, objet="Arrêts")


def signer_sans_fin(dire: Callable[[int], None]) -> None:
    """Signs place after place, opening circuits as needed."""
    from arpent.plateforme.contrats.models import EmplacementSignature
    from arpent.plateforme.contrats.signatures.electronique import signer_electronique
    from tests.plateforme.contrats.atelier_signature import MOT_DE_PASSE, pkcs12

    while True:
        place = (
            EmplacementSignature.objects.filter(etat="attendue")
            .select_related("circuit__contrat", "partie__organisation")
            .first()
        )
        if place is None:
            _ouvrir_un_circuit()
            continue
        signer_electronique(place, pkcs12(f"Signataire {place.ordre}"), MOT_DE_PASSE, par=None)
        dire(place.pk)


def fautes_des_signatures(dites: set[int], mesure: dict[str, Any]) -> Iterator[str]:
    """What does not hold: an acknowledged signature that is lost, a circuit that its file contradicts."""
    from arpent.plateforme.contrats.models import CircuitSignature, EmplacementSignature
    from arpent.plateforme.contrats.signatures.circuits import lire_document
    from arpent.plateforme.documents.signature.verification import verifier_pdf

    recueillies = set(EmplacementSignature.objects.filter(etat="recueillie").values_list("pk", flat=True))
    if perdues := dites - recueillies:
        yield f"{len(perdues)} signatures acquittées sont perdues"
    for circuit in CircuitSignature.objects.select_related("revision").prefetch_related("emplacements"):
        signees = sum(p.etat == "recueillie" for p in circuit.emplacements.all())
        rapport = verifier_pdf(lire_document(circuit.revision))
        if len(rapport.signatures) != signees or (signees and not rapport.intact):
            yield f"circuit {circuit.pk} : {signees} places, {len(rapport.signatures)} signatures au fichier"
        if (circuit.etat == "complet") != (signees == circuit.emplacements.count()):
            yield f"circuit {circuit.pk} : {circuit.etat}, {signees} places recueillies"


# --- issuing --------------------------------------------------------------------------------------


def preparer_un_contrat() -> None:
    """A démarche whose contract can be issued, once already: the children find everything loaded."""
    from arpent.plateforme.contrats.actions import generer
    from tests.architecture.monde import batir

    generer(batir().a.contrat, None)


def generer_sans_fin(dire: Callable[[int], None]) -> None:
    """Issues version after version of one contract: PDF, Word, workbook."""
    from arpent.plateforme.contrats.actions import generer
    from arpent.plateforme.contrats.models import Contrat

    contrat = Contrat.objects.filter(etat="redaction").order_by("pk").first()
    assert contrat is not None
    while True:
        dire(generer(contrat, None).pk)


def fautes_des_versions(dites: set[int], mesure: dict[str, Any]) -> Iterator[str]:
    """What does not hold: an acknowledged version that is lost, a version without its three whole files."""
    from arpent.plateforme.contrats.models import VersionContrat
    from arpent.plateforme.contrats.signatures.circuits import SignatureRefusee, lire_document

    versions = {v.pk: v for v in VersionContrat.objects.defer("donnees").prefetch_related("documents")}
    if perdues := dites - versions.keys():
        yield f"{len(perdues)} versions acquittées sont perdues"
    for pk in dites & versions.keys():
        documents = list(versions[pk].documents.all())
        if len(documents) != 3:
            yield f"version {pk} : {len(documents)} fichiers"
        for document in documents:
            try:
                lire_document(document)
            except SignatureRefusee as refus:
                yield f"version {pk}, {document.format} : {refus}"
    for version in versions.values():
        if version.par_nom == "Arpent" and version.documents.count() not in {0, 3}:
            yield f"version {version.pk} à moitié émise"


# --- the kills ------------------------------------------------------------------------------------

GENRES: dict[str, tuple[Callable[[], None], Callable[[Callable[[int], None]], None], Any]] = {
    "signer": (_ouvrir_un_circuit, signer_sans_fin, fautes_des_signatures),
    "generer": (preparer_un_contrat, generer_sans_fin, fautes_des_versions),
    "tourner": (arrets_tournee.preparer, arrets_tournee.tourner_sans_fin, arrets_tournee.fautes),
    "payer": (arrets_versements.preparer, arrets_versements.payer_sans_fin, arrets_versements.fautes),
    "envoyer": (arrets_web.preparer, arrets_web.envoyer_sans_fin, arrets_web.fautes),
}


def _travailler(travail: Callable[[Callable[[int], None]], None], bout: int) -> None:
    def dire(pk: int) -> None:
        os.write(bout, f"{pk}\n".encode())

    travail(dire)


def _tuer_une_fois(travail: Any, attente: float) -> list[int]:
    """What one child said before it was killed."""
    from django.db import connections

    connections.close_all()
    lecture, ecriture = os.pipe()
    enfant = multiprocessing.get_context("fork").Process(target=_travailler, args=(travail, ecriture))
    enfant.start()
    os.close(ecriture)
    time.sleep(attente)
    assert enfant.pid is not None
    os.kill(enfant.pid, signal.SIGKILL)
    enfant.join()
    with os.fdopen(lecture, "rb") as flux:
        return [int(pk) for pk in flux.read().split()]


def _du_depot() -> set[str]:
    from django.conf import settings

    return {f.name for f in Path(settings.MEDIA_ROOT).rglob("*") if f.is_file()}


def courir(genre: str, nombre: int) -> dict[str, Any]:
    """So many kills. AssertionError names the first thing that does not hold."""
    from django.conf import settings
    from django.core.management import call_command
    from django.db import connection

    from arpent.plateforme.journal.actions import verifier
    from arpent.plateforme.socle.depot import nommes, ranger

    call_command("migrate", verbosity=0)
    preparer, travail, fautes_de = GENRES[genre]
    preparer()
    hasard, dites, debut = random.Random(2026), set[int](), time.monotonic()
    attente = ATTENTES[genre]
    for _ in range(nombre):
        dites.update(_tuer_une_fois(travail, hasard.uniform(0, attente)))
        if not dites:  # a slow or busy machine: nobody had the time to do anything
            attente *= 1.5
    if connection.vendor == "sqlite":
        with connection.cursor() as curseur:
            assert curseur.execute("PRAGMA integrity_check").fetchone()[0] == "ok"
    connus = {Path(nom).name for nom in nommes()}
    laisses = _du_depot() - connus
    for chemin in Path(settings.MEDIA_ROOT).rglob("*"):
        if chemin.is_file():
            os.utime(chemin, (0, 0))
    ranger()
    fichiers = _du_depot()
    mesure: dict[str, Any] = {"genre": genre, "arrets": nombre, "acquittees": len(dites)}
    mesure["fautes"] = list(fautes_de(dites, mesure))
    return mesure | {
        "fichiers_manquants": len(connus - fichiers),
        "fichiers_sans_ligne": len(laisses),
        "fichiers_sans_ligne_une_fois_range": len(fichiers - connus),
        "journal": verifier().intacte,
        "secondes": round(time.monotonic() - debut, 1),
    }


def main(arguments: list[str]) -> None:
    import django

    django.setup()
    match arguments:
        case ["COURIR", genre, nombre]:
            print(json.dumps(courir(genre, int(nombre)), ensure_ascii=False))
        case _:
            raise SystemExit(__doc__)


if __name__ == "__main__":
    main(sys.argv[1:])
