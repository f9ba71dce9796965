"""Rows → the table of credits: votes, ledger, payments left to make, delays observed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal

from arpent.metier.apcp import (
    FondsLu,
    Glissement,
    Observation,
    Paiement,
    TableauCredits,
    Vote,
    dresser,
    observer,
)
from arpent.metier.argent import ZERO
from arpent.metier.cycles import EtatDossier
from arpent.metier.cycles.versement import EtatVersement
from arpent.metier.repartition.soldes import Stade
from arpent.plateforme.negociations.models import Mouvement
from arpent.plateforme.negociations.sorties import echeancier_de
from arpent.plateforme.reglements.models import Dispositif, Fonds

from ..echeances.lecture import du_dispositif
from ..models import DemandeVersement, Dossier, VoteCredits
from ..versements.compte import aide_du, prevus_de, regles_de

SANS_FONDS = "sans-fonds"


def lire_tableau(dispositif: Dispositif, today: date) -> TableauCredits:
    """Fifteen queries, whatever the number of files."""
    fonds = list(Fonds.objects.filter(dispositif=dispositif).order_by("ordre", "pk"))
    dossiers = du_dispositif(dispositif)
    lus = fonds_lus(fonds, dispositif, dossiers)
    return dresser(lus, glissement_de(dispositif), today)


def glissement_de(dispositif: Dispositif) -> Glissement:
    """The delays of the payments already made. One query."""
    faits = DemandeVersement.objects.filter(
        dossier__demarche__version_processus__processus__dispositif=dispositif,
        etat=EtatVersement.PAYEE.value, prevu_le__isnull=False, mandat_le__isnull=False,
    ).order_by("pk")  # fmt: skip
    jours = faits.values_list("prevu_le", "mandat_le")
    return observer([Observation(prevu, paye) for prevu, paye in jours if prevu and paye])


def fonds_lus(fonds: Sequence[Fonds], dispositif: Dispositif, dossiers: Iterable[Dossier]) -> list[FondsLu]:
    """Each fund with its years; files without a fund are counted apart. Three queries."""
    engages, payes = _du_registre(dispositif, Stade.ENGAGE), _du_registre(dispositif, Stade.PAYE)
    votes = _votes(dispositif)
    restes = _restes(dispositif, dossiers)
    lus = [
        FondsLu(
            f.code, f.libelle, f.montant, engages.get(f.pk, {}), payes.get(f.pk, {}), votes.get(f.pk, {}),
            restes.get(f.pk, []),
        )
        for f in fonds
    ]  # fmt: skip
    if restes.get(None):
        lus.append(FondsLu(SANS_FONDS, "Fonds à préciser", reste=restes[None]))
    return lus


def _du_registre(dispositif: Dispositif, stade: Stade) -> dict[int, dict[int, Decimal]]:
    """Amounts of that stage by fund and exercise; what names no exercise counts for its year of writing."""
    sommes: dict[int, dict[int, Decimal]] = defaultdict(lambda: defaultdict(lambda: ZERO))
    lus = Mouvement.objects.filter(enveloppe__fonds__dispositif=dispositif, stade=stade).order_by("pk")
    for pk, annee, le, montant in lus.values_list("enveloppe__fonds", "annee", "le", "montant"):
        sommes[pk][annee or le.year] += montant
    return sommes


def _votes(dispositif: Dispositif) -> dict[int, dict[int, Vote]]:
    votes: dict[int, dict[int, Vote]] = defaultdict(dict)
    for v in VoteCredits.objects.filter(fonds__dispositif=dispositif):
        votes[v.fonds_id][v.annee] = Vote(v.ap, v.cp)
    return votes


def _restes(dispositif: Dispositif, dossiers: Iterable[Dossier]) -> dict[int | None, list[Paiement]]:
    """The payments left to make on notified files, by fund. No query: the rows are prefetched."""
    regles, parts = regles_de(dispositif), echeancier_de(dispositif)[0]
    restes: dict[int | None, list[Paiement]] = defaultdict(list)
    for dossier in dossiers:
        if dossier.etat not in (EtatDossier.VOTE.value, EtatDossier.NOTIFIE.value):
            continue
        verse = aide_du(dossier, list(dossier.versements.all()), list(dossier.reversements.all())).verse
        for prevu in prevus_de(dossier, verse, regles, parts):
            restes[dossier.fonds_id].append(Paiement(prevu.le, prevu.montant))
    return restes
