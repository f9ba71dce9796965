"""From a fiche to the calculation of the règlement, and back to what pages and commands show."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import Any

from django.db.models import IntegerField, OuterRef, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce

from arpent.metier.plan_financement import Financement, Financeur, StatutFinancement
from arpent.metier.reglement import (
    LIBELLES_VERDICT,
    Constat,
    Derogation,
    Preinstruction,
    Projet,
    Reglement,
    lire_reglement,
    preinstruire,
)
from arpent.plateforme.demarches.models import Demarche
from arpent.plateforme.diagnostics.vulnerabilites.classe import classe_de
from arpent.plateforme.reglements.models import VersionReglement
from arpent.plateforme.territoires.models import Appartenance

from .models import Fiche, LigneFinancement


@dataclass(frozen=True, slots=True)
class Examen:
    """A fiche seen through the règlement in force: `reglement` is None when none is in force yet."""

    reglement: str
    demonstration: bool
    resultat: Preinstruction | None


def _appartenances(le: date) -> QuerySet[Appartenance]:
    en_cours = Appartenance.objects.filter(debut__lte=le)
    return en_cours.filter(fin__isnull=True) | en_cours.filter(fin__gt=le)


def avec_dossier(fiches: QuerySet[Fiche], le: date) -> QuerySet[Fiche]:
    """Everything a pré-instruction reads, in one query (the rows of the plan excepted: prefetch them)."""
    version = VersionReglement.objects.filter(
        dispositif__processus=OuterRef("demarche__version_processus__processus_id"), en_vigueur_le__lte=le
    ).order_by("-en_vigueur_le", "-numero")
    population_groupement = (
        _appartenances(le)
        .filter(groupement=OuterRef("maitre_ouvrage__groupement_id"))
        .order_by()
        .values("groupement")
        .annotate(total=Sum("commune__population"))
        .values("total")[:1]
    )
    return fiches.select_related("maitre_ouvrage", "theme", "axe", "enjeu", "commune").annotate(
        reglement_id=Subquery(version.values("pk")[:1]),
        reglement_empreinte=Subquery(version.values("empreinte")[:1]),
        beneficiaire_population=Coalesce(
            "maitre_ouvrage__commune__population",
            Subquery(population_groupement),
            output_field=IntegerField(),
        ),
    )


@lru_cache(maxsize=64)
def _reglement_lu(pk: int, empreinte: str) -> tuple[Reglement, str, bool]:
    """The parsed règlement, its title, and whether a rule reads the vulnerability class.

    A published version never changes: one query, once a process.
    """
    version = VersionReglement.objects.get(pk=pk, empreinte=empreinte)
    reglement = lire_reglement(version.contenu, demonstration=version.demonstration)
    return reglement, str(version), "classe" in reglement.champs_lus


@dataclass(frozen=True, slots=True)
class Pieces:
    """What a pré-instruction reads beside the fiche itself."""

    financements: tuple[Financement, ...]
    a_deliberation: bool
    secteurs: tuple[str, ...]


def en_financements(rows: Iterable[LigneFinancement]) -> tuple[Financement, ...]:
    """Stored rows as values."""
    return tuple(
        Financement(Financeur(row.financeur), row.libelle, row.montant, StatutFinancement(row.statut), row.le)
        for row in rows
    )


def pieces_de(fiche: Fiche) -> Pieces:
    """Read from the relations of the fiche: no query when they are prefetched (`dossiers`)."""
    return Pieces(
        en_financements(fiche.financements.all()),
        bool(fiche.deliberations.all()),
        tuple(p.code for p in fiche.politiques.all()),
    )


def _derogation(fiche: Fiche) -> Derogation | None:
    if fiche.derogation_taux is None or fiche.derogation_le is None:
        return None
    return Derogation(fiche.derogation_taux, fiche.derogation_acte, fiche.derogation_le)


def projet_de(
    fiche: Fiche, pieces: Pieces | None = None, *, classe_vulnerabilite: str | None = None
) -> Projet:
    """The fiche as the règlement sees it. `fiche` comes from `avec_dossier`."""
    pieces = pieces or pieces_de(fiche)
    return Projet(
        titre=fiche.titre,
        theme=fiche.theme.code if fiche.theme else "",
        maturite=fiche.maturite,
        nature_depense=fiche.nature_depense,
        beneficiaire_nature=fiche.maitre_ouvrage.nature,
        beneficiaire_population=getattr(fiche, "beneficiaire_population", None),
        cout_ht=fiche.cout_ht,
        assiette=fiche.assiette,
        aide_demandee=fiche.aide_demandee,
        financements=pieces.financements,
        classe_vulnerabilite=classe_vulnerabilite,
        a_deliberation=pieces.a_deliberation,
        derogation=_derogation(fiche),
        secteurs=pieces.secteurs,
    )


def examiner(
    fiche: Fiche, le: date, pieces: Pieces | None = None, *, classe_vulnerabilite: str | None = None
) -> Examen:
    """Pré-instruction of a fiche that comes from `avec_dossier`.

    No query once its règlement was read, nor once the class of its territory is known where a rule reads it.
    """
    pk: int | None = fiche.reglement_id  # type: ignore[attr-defined]
    if pk is None:
        return Examen("", False, None)
    reglement, nom, lit_la_classe = _reglement_lu(pk, fiche.reglement_empreinte)  # type: ignore[attr-defined]
    if classe_vulnerabilite is None and lit_la_classe and (classe := classe_de(fiche.demarche_id)):
        classe_vulnerabilite = classe.code
    projet = projet_de(fiche, pieces, classe_vulnerabilite=classe_vulnerabilite)
    return Examen(nom, reglement.demonstration, preinstruire(projet, reglement, le))


def dossiers(fiches: QuerySet[Fiche], le: date) -> list[Fiche]:
    """The fiches with all that `examiner` reads: four queries whatever their number."""
    return list(avec_dossier(fiches, le).prefetch_related("financements", "deliberations", "politiques"))


def preinstruire_fiche(fiche: Fiche, le: date, *, classe_vulnerabilite: str | None = None) -> Examen:
    """Pré-instruction of one fiche, read again from the database (four queries)."""
    (relue,) = dossiers(Fiche.objects.filter(pk=fiche.pk), le)
    return examiner(relue, le, classe_vulnerabilite=classe_vulnerabilite)


def preinstruire_fiches(
    fiches: Iterable[Fiche] | QuerySet[Fiche], le: date, *, classe_vulnerabilite: str | None = None
) -> dict[int, Examen]:
    """Examens by fiche id, for a whole table (four queries)."""
    if not isinstance(fiches, QuerySet):
        fiches = Fiche.objects.filter(pk__in=[f.pk for f in fiches])
    return {f.pk: examiner(f, le, classe_vulnerabilite=classe_vulnerabilite) for f in dossiers(fiches, le)}


def _texte(montant: Decimal | None) -> str | None:
    return None if montant is None else f"{montant:.2f}"


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
    }


def preinstruire_demarche(demarche: Demarche, le: date | None = None) -> list[dict[str, Any]]:
    """Every fiche of the démarche with its constats, as JSON-ready values (for the command line)."""
    le = le or date.today()
    lignes = []
    for fiche in dossiers(Fiche.objects.filter(demarche=demarche).order_by("numero"), le):
        examen = examiner(fiche, le)
        resultat = examen.resultat
        lignes.append(
            {
                "numero": fiche.numero,
                "titre": fiche.titre,
                "maitre_ouvrage": fiche.maitre_ouvrage.nom,
                "etat": fiche.etat,
                "cout_ht": _texte(fiche.cout_ht),
                "aide_demandee": _texte(fiche.aide_demandee),
                "reglement": examen.reglement,
                "verdict": resultat.verdict.value if resultat else "sans_reglement",
                "aide_maximale": _texte(resultat.aide_maximale) if resultat else "",
                "aide_calculee": _texte(resultat.aide_calculee) if resultat else "",
                "plafond_liant": resultat.plafond_liant.intitule
                if resultat and resultat.plafond_liant
                else "",
                "demonstration": fiche.demonstration or examen.demonstration,
                "constats": [constat_en_json(c) for c in resultat.constats] if resultat else [],
            }
        )
    return lignes
