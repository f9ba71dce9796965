"""Many processes sign the same place at the same moment: exactly one signature is collected.

`python -m tests.plateforme.concurrence.signatures COURIR participants repetitions`

Each repetition opens a circuit; every participant, a process of its own with a certificate of its own, waits
for the others at a barrier, then signs. Prints one JSON line.
"""

from __future__ import annotations

import itertools
import json
import multiprocessing
import os
import random
import sys
import time
from typing import Any

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "arpent.plateforme.config.settings_tests")


def preparer(repetitions: int) -> list[int]:
    """One place to sign for each repetition, each of a contract of its own; their pks."""
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    from arpent.plateforme.contrats.models import Contrat, Partie
    from arpent.plateforme.contrats.signatures.circuits import ouvrir_circuit
    from arpent.plateforme.documents.actions import emettre
    from tests.plateforme import fabrique
    from tests.plateforme.contrats.atelier_signature import petit_pdf

    fabrique._n = itertools.count(random.randrange(5_000, 45_000))
    pks = []
    for rang in range(repetitions):
        demarche = fabrique.demarche(slug=f"signatures-{time.time_ns()}")
        contrat = Contrat.objects.create(demarche=demarche, etat="signature")
        partie = Partie.objects.create(
            contrat=contrat, organisation=fabrique.organisation("commune"), role="signataire"
        )
        document = emettre(
            petit_pdf(), nom=f"contrat-{rang}.pdf", titre="Contrat", genre="contrat", gabarit="contrat/v1",
            sur=contrat, demarche_id=demarche.pk, donnees={}, par_id=None, par_nom="Arpent",
        )  # fmt: skip
        circuit = ouvrir_circuit(contrat, document, [partie], ordre_impose=False, par=None, objet="Course")
        pks.append(circuit.emplacements.get().pk)
    return pks


def _participer(pks: list[int], pkcs12: bytes, barriere: Any, rendus: Any) -> None:
    from django.db import OperationalError

    from arpent.plateforme.contrats.models import EmplacementSignature
    from arpent.plateforme.contrats.signatures.circuits import SignatureRefusee
    from arpent.plateforme.contrats.signatures.electronique import signer_electronique
    from tests.plateforme.contrats.atelier_signature import MOT_DE_PASSE

    signees, refusees, occupee = 0, 0, 0
    for pk in pks:
        place = EmplacementSignature.objects.select_related("circuit__contrat", "partie__organisation").get(
            pk=pk
        )
        barriere.wait(120)
        while True:
            try:
                signer_electronique(place, pkcs12, MOT_DE_PASSE, par=None)
                signees += 1
                break
            except SignatureRefusee:
                refusees += 1
                break
            except OperationalError as erreur:  # SQLite waited in vain: nothing was acknowledged
                if "locked" not in str(erreur):
                    raise
                occupee += 1
    rendus.put((signees, refusees, occupee))


def courir(participants: int, repetitions: int) -> dict[str, Any]:
    """The race; each place must hold one signature, each chain one signed file, no file be left over."""
    from pathlib import Path

    from django.conf import settings
    from django.db import connection

    from arpent.plateforme.contrats.models import EmplacementSignature
    from arpent.plateforme.contrats.signatures.circuits import lire_document
    from arpent.plateforme.documents.models import DocumentEmis
    from arpent.plateforme.documents.signature.verification import verifier_pdf
    from arpent.plateforme.journal.actions import verifier
    from arpent.plateforme.journal.models import Entree
    from tests.plateforme.contrats.atelier_signature import pkcs12

    pks = preparer(repetitions)
    certificats = [pkcs12(f"Signataire {n}") for n in range(participants)]
    connection.close()
    contexte = multiprocessing.get_context("fork")
    barriere, rendus = contexte.Barrier(participants), contexte.Queue()
    processus = [contexte.Process(target=_participer, args=(pks, c, barriere, rendus)) for c in certificats]
    debut = time.monotonic()
    for p in processus:
        p.start()
    comptes = [rendus.get(timeout=600) for _ in processus]
    for p in processus:
        p.join()
    places = EmplacementSignature.objects.filter(pk__in=pks).select_related("circuit__revision")
    rapports = [verifier_pdf(lire_document(p.circuit.revision)) for p in places]
    fichiers = [f for f in Path(settings.MEDIA_ROOT).rglob("*") if f.is_file()]
    return {
        "participants": participants,
        "repetitions": repetitions,
        "signees": sum(s for s, _, _ in comptes),
        "refusees": sum(r for _, r, _ in comptes),
        "base_occupee_puis_reprises": sum(o for _, _, o in comptes),
        "signatures_par_fichier": sorted({len(r.signatures) for r in rapports}),
        "intacts": sum(r.intact for r in rapports),
        "au_journal": Entree.objects.filter(geste="recueillir_signature").count(),
        "fichiers_orphelins": len(fichiers) - DocumentEmis.objects.count(),
        "journal": verifier().intacte,
        "secondes": round(time.monotonic() - debut, 1),
    }


def main(arguments: list[str]) -> None:
    import django

    django.setup()
    _, participants, repetitions = arguments
    print(json.dumps(courir(int(participants), int(repetitions))))


if __name__ == "__main__":
    main(sys.argv[1:])
