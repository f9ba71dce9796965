"""A fiche through the règlement in force, and back to what pages and commands show."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import lru_cache
from itertools import islice
from typing import Any

from django.db.models import QuerySet

from arpent.metier.reglement import (
    LIBELLES_VERDICT,
    LIVRES,
    Constat,
    ParametresLegaux,
    Preinstruction,
    Projet,
    Reglement,
    lire_reglement,
    preinstruire,
)
from arpent.plateforme.diagnostics.vulnerabilites.classe import classe_de
from arpent.plateforme.reglements.models import VersionReglement

from .lot import FicheLue, Lot, lire_lot
from .models import Fiche

TRANCHE = 1_000
"""Fiches read at once when thousands are pré-instructed: what bounds the memory."""


@dataclass(frozen=True, slots=True)
class Examen:
    """A fiche seen through the règlement in force: `reglement` is empty when none is in force yet."""

    reglement: str
    demonstration: bool
    resultat: Preinstruction | None
    projet: Projet | None = None
    reglement_id: int | None = None
    empreinte: str = ""
    loi: ParametresLegaux = LIVRES


@lru_cache(maxsize=64)
def _reglement_lu(pk: int, empreinte: str) -> tuple[Reglement, str, bool]:
    """The parsed règlement, its title, and whether a rule reads the vulnerability class.

    A published version never changes: one query, once a process.
    """
    version = VersionReglement.objects.get(pk=pk, empreinte=empreinte)
    reglement = lire_reglement(version.contenu, demonstration=version.demonstration)
    return reglement, str(version), "classe" in reglement.champs_lus


def examiner(lot: Lot, fiche: FicheLue, *, classe_vulnerabilite: str | None = None) -> Examen:
    """Pré-instruction of one fiche of a batch.

    No query once its règlement was read, nor once the class of its territory is known where a rule reads it.
    """
    if fiche.reglement_id is None:
        return Examen("", False, None, loi=lot.parametres)
    empreinte = fiche.reglement_empreinte or ""
    reglement, nom, _ = _reglement_lu(fiche.reglement_id, empreinte)
    projet = projet_de(lot, fiche, classe_vulnerabilite)
    ecartees = lot.derogations.get(fiche.pk or 0, {})
    resultat = preinstruire(projet, reglement, lot.le, lot.parametres, derogations_regles=ecartees)
    return Examen(
        nom, reglement.demonstration, resultat, projet, fiche.reglement_id, empreinte, lot.parametres
    )


def projet_de(lot: Lot, fiche: FicheLue, classe_vulnerabilite: str | None = None) -> Projet:
    """The fiche as the règlement in force sees it, with the class of its territory where a rule reads it."""
    if classe_vulnerabilite is None and fiche.reglement_id is not None:
        lit_la_classe = _reglement_lu(fiche.reglement_id, fiche.reglement_empreinte or "")[2]
        if lit_la_classe and (classe := classe_de(fiche.demarche_id)):
            classe_vulnerabilite = classe.code
    return lot.projet(fiche, classe=classe_vulnerabilite)


def champs_lus(examen: Examen) -> frozenset[str]:
    """Names of the fields of the project that its règlement looks at. No query: it was read."""
    if examen.reglement_id is None:
        return frozenset()
    return _reglement_lu(examen.reglement_id, examen.empreinte)[0].champs_lus


def preinstruire_fiche(fiche: Fiche, le: date, *, classe_vulnerabilite: str | None = None) -> Examen:
    """Pré-instruction of one fiche, read again from the database (a batch of one)."""
    lot = lire_lot(Fiche.objects.filter(pk=fiche.pk), le)
    return examiner(lot, lot.fiches[0], classe_vulnerabilite=classe_vulnerabilite)


def preinstruire_fiches(
    fiches: Iterable[Fiche] | QuerySet[Fiche], le: date, *, classe_vulnerabilite: str | None = None
) -> dict[int, Examen]:
    """Examens by fiche id, for a whole table: as many queries as for one."""
    if not isinstance(fiches, QuerySet):
        fiches = Fiche.objects.filter(pk__in=[f.pk for f in fiches])
    lot = lire_lot(fiches, le)
    return {
        f.pk: examiner(lot, f, classe_vulnerabilite=classe_vulnerabilite)
        for f in lot.fiches
        if f.pk is not None
    }


def preinstruire_par_tranches(
    fiches: QuerySet[Fiche], le: date, *, tranche: int = TRANCHE
) -> Iterator[tuple[FicheLue, Examen]]:
    """Thousands of fiches in flat memory, in the order of `fiches`; a fixed number of queries a tranche."""
    suite = iter(list(fiches.values_list("pk", flat=True)))
    while cles := list(islice(suite, tranche)):
        rang = {pk: n for n, pk in enumerate(cles)}
        lot = lire_lot(Fiche.objects.filter(pk__in=cles).order_by(), le)
        for fiche in sorted(lot.fiches, key=lambda f: rang[f.pk or 0]):
            yield fiche, examiner(lot, fiche)


def _texte(montant: Decimal | None) -> str | None:
    return None if montant is None else f"{montant:.2f}"


def _derogation_en_json(constat: Constat) -> dict[str, Any] | None:
    if (d := constat.derogation) is None:
        return None
    return {"par": d.par, "le": d.le.isoformat(), "motif": d.motif, "plafond": _texte(d.plafond)}


def constat_en_json(constat: Constat) -> dict[str, Any]:
    """A constat as plain JSON; amounts are texts with two decimals."""
    return {
        "regle": constat.regle,
        "article": constat.article,
        "intitule": constat.intitule,
        "verdict": constat.verdict.value,
        "verdict_libelle": LIBELLES_VERDICT[constat.verdict],
        "explication": constat.explication,
        "calcul": constat.calcul,
        "plafond": _texte(constat.plafond),
        "source": constat.source,
        "demonstration": constat.demonstration,
        "derogation": _derogation_en_json(constat),
    }


def examen_en_json(fiche: FicheLue, examen: Examen) -> dict[str, Any]:
    """One fiche with its constats, as JSON-ready values (for the command line)."""
    resultat = examen.resultat
    return {
        "territoire": fiche.slug,
        "numero": fiche.numero,
        "titre": fiche.titre,
        "maitre_ouvrage": fiche.maitre_ouvrage,
        "etat": fiche.etat,
        "cout_ht": _texte(fiche.cout_ht),
        "aide_demandee": _texte(fiche.aide_demandee),
        "reglement": examen.reglement,
        "verdict": resultat.verdict.value if resultat else "sans_reglement",
        "aide_maximale": _texte(resultat.aide_maximale) if resultat else "",
        "aide_calculee": _texte(resultat.aide_calculee) if resultat else "",
        "plafond_liant": resultat.plafond_liant.intitule if resultat and resultat.plafond_liant else "",
        "demonstration": fiche.demonstration or examen.demonstration,
        "constats": [constat_en_json(c) for c in resultat.constats] if resultat else [],
    }


def examens_en_json(fiches: QuerySet[Fiche], le: date | None = None) -> Iterator[dict[str, Any]]:
    """`examen_en_json` of each fiche, one after the other: flat memory whatever their number."""
    for fiche, examen in preinstruire_par_tranches(fiches, le or date.today()):
        yield examen_en_json(fiche, examen)


def reglement_de(examen: Examen) -> Reglement:
    """The parsed règlement of an examen (already in memory). Raises ValueError when none was in force."""
    if examen.reglement_id is None:
        raise ValueError("no règlement in force")
    return _reglement_lu(examen.reglement_id, examen.empreinte)[0]


def reglement_du_lot(lot: Lot) -> Reglement | None:
    """The règlement in force for the fiches of a batch of one dispositif. No query once it was read."""
    for fiche in lot.fiches:
        if fiche.reglement_id is not None:
            return _reglement_lu(fiche.reglement_id, fiche.reglement_empreinte or "")[0]
    return None
