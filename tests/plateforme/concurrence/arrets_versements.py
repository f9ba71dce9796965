"""A process killed while it awards and pays: ledger and files say the same euros, none twice."""

from __future__ import annotations

import itertools
import random
import time
from collections.abc import Callable, Iterator
from typing import Any

AIDE, AVANCE = "100.00", "30.00"


def preparer() -> None:
    """A policy that pays 30 % in advance, and one fund with room."""
    from arpent.plateforme.reglements.models import Fonds
    from tests.plateforme import fabrique
    from tests.plateforme.subventions import atelier_versements as atelier

    demarche = fabrique.demarche(slug="versements")
    dispositif = demarche.processus.dispositif
    Fonds.objects.create(dispositif=dispositif, code="base", libelle="Base", montant="1000000")
    atelier.regler(dispositif)
    _payer(certifie())  # the children find everything loaded


def certifie() -> Any:
    """One more aid awarded, its advance certified: ready to be paid. In one transaction."""
    from django.db import transaction

    from arpent.plateforme.demarches.models import Demarche
    from tests.plateforme import fabrique
    from tests.plateforme.subventions import atelier_versements as atelier

    fabrique._n = itertools.count(time.time_ns() % 10**9)
    demarche = Demarche.objects.get(slug="versements")
    with transaction.atomic():
        fiche = fabrique.fiche(demarche, numero=random.randrange(10**9))
        return atelier.certifier(atelier.dossier_notifie(fiche, AIDE), "avance", AVANCE)


def _payer(demande: Any) -> int:
    from arpent.plateforme.subventions.versements import actions
    from tests.plateforme.subventions import atelier_versements as atelier

    return int(actions.payer(demande, f"M-{demande.pk}", atelier.LE, par=None, le=atelier.LE).pk)


def payer_sans_fin(dire: Callable[[int], None]) -> None:
    """Awards, certifies and pays advance after advance."""
    random.seed()
    while True:
        dire(_payer(certifie()))


def fautes(dites: set[int], mesure: dict[str, Any]) -> Iterator[str]:
    """A payment lost, doubled, or that the ledger contradicts."""
    from decimal import Decimal

    from arpent.plateforme.subventions.models import DemandeVersement
    from tests.plateforme.subventions import atelier_versements as atelier

    payees = set(DemandeVersement.objects.filter(etat="payee").values_list("pk", flat=True))
    if perdus := dites - payees:
        yield f"{len(perdus)} versements acquittés sont perdus"
    for demande in DemandeVersement.objects.select_related("dossier__fiche"):
        attendu = Decimal(AVANCE) if demande.pk in payees else Decimal(0)
        paye, engage = atelier.paye(demande.dossier), atelier.engage(demande.dossier)
        if (paye, engage) != (attendu, Decimal(AIDE)):
            yield f"demande {demande.pk} ({demande.etat}) : {paye} payés, {engage} engagés au grand livre"
