"""The values of the merge fields of a contract, from what the platform holds. None: not known yet."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from django.db.models import Count, Sum

from arpent.metier.argent import formater_euros, formater_nombre
from arpent.metier.clauses import FaitsContrat
from arpent.metier.temps import ajouter_mois
from arpent.plateforme.acteurs.models import Organisation
from arpent.plateforme.demarches.models import Demarche, Etape
from arpent.plateforme.diagnostics.models import Enjeu
from arpent.plateforme.diagnostics.vulnerabilites.classe import ClasseDeTerritoire, classe_de
from arpent.plateforme.documents.rendu.texte import jour
from arpent.plateforme.negociations.passerelle import LigneArbitrage
from arpent.plateforme.plans.models import Axe
from arpent.plateforme.reglements.models import Dispositif, Fonds, VersionReglement
from arpent.plateforme.territoires.models import Appartenance, Groupement

from .models import Contrat, Partie
from .parties import designation

MILLESIME_POPULATION = "2023"
"""Vintage of `territoires.Commune.population`."""


@dataclass(frozen=True, slots=True)
class Matiere:
    """What the contract is made of, already read."""

    demarche: Demarche
    dispositif: Dispositif
    contrat: Contrat
    parties: Sequence[Partie]
    inscrites: Sequence[LigneArbitrage]
    enveloppe: Decimal | None
    enjeux: Sequence[Enjeu]
    axes: Sequence[Axe]
    etabli_le: date


def _date(valeur: date | None) -> str | None:
    return None if valeur is None else jour(valeur)


def date_fin(debut: date | None, duree_annees: int) -> date | None:
    """The last day of the contract."""
    return None if debut is None else ajouter_mois(debut, 12 * duree_annees) - timedelta(days=1)


def duree_figee(duree: int | None, contrat: Contrat) -> int:
    """The duration in years kept with a version; that of the policy for one that kept none."""
    return duree or contrat.demarche.processus.dispositif.duree_annees


@dataclass(frozen=True, slots=True)
class _Lu:
    """What the fields and the facts both need, read once."""

    epci: Sequence[Groupement]
    communes: int
    population: int | None
    reglement: VersionReglement | None
    reserve: Fonds | None
    classe: ClasseDeTerritoire | None


def _lire(matiere: Matiere) -> _Lu:
    """Five queries."""
    epci = list(
        Groupement.objects.filter(
            compositions__territoire=matiere.demarche.territoire_id, compositions__fin__isnull=True
        ).order_by("nom")
    )
    sommes = Appartenance.objects.filter(fin__isnull=True, groupement__in=epci).aggregate(
        nombre=Count("commune", distinct=True), population=Sum("commune__population")
    )
    return _Lu(
        epci=epci,
        communes=sommes["nombre"],
        population=sommes["population"],
        reglement=VersionReglement.objects.en_vigueur(matiere.dispositif, matiere.etabli_le),
        reserve=next((f for f in matiere.dispositif.fonds.all() if f.code == "reserve"), None),
        classe=classe_de(matiere.demarche.pk),
    )


def _types_contrat(matiere: Matiere) -> list[str]:
    return [str(t["libelle"]) for t in matiere.dispositif.parametres.get("types_contrat") or ()]


def _de_territoire(matiere: Matiere, lu: _Lu) -> dict[str, str | None]:
    return {
        "territoire_nom": matiere.demarche.territoire.nom,
        "liste_epci": ", ".join(e.nom for e in lu.epci) or None,
        "nombre_communes": str(lu.communes) if lu.communes else None,
        "population": formater_nombre(lu.population) if lu.population else None,
        "population_millesime": MILLESIME_POPULATION,
    }


def _de_projets(matiere: Matiere) -> dict[str, str | None]:
    inscrites = matiere.inscrites
    structurants = sum(1 for x in inscrites if x.ligne.maturite == "structurant")
    total = sum((x.ligne.aide_comptee for x in inscrites), Decimal("0.00"))
    couts = sum((x.ligne.cout_ht for x in inscrites), Decimal("0.00"))
    return {
        "nombre_projets": str(len(inscrites)) if inscrites else None,
        "nombre_structurants": str(structurants),
        "nombre_amorcages": str(len(inscrites) - structurants),
        "total_aides": formater_euros(total) if inscrites else None,
        "total_couts": formater_euros(couts) if inscrites else None,
        "enveloppe_montant": None if matiere.enveloppe is None else formater_euros(matiere.enveloppe),
    }


def _de_parties(matiere: Matiere) -> dict[str, str | None]:
    autorite = next((p for p in matiere.parties if p.role == Partie.RolePartie.AUTORITE), None)
    autres = [p for p in matiere.parties if p is not autorite]
    deliberees = [p for p in autres if p.deliberation_le]
    representant = ""
    if autorite is not None:
        representant = ", ".join(x for x in (autorite.signataire, autorite.qualite, autorite.delegation) if x)
    return {
        "autorite_nom": matiere.demarche.autorite.nom,
        "autorite_representant": representant or None,
        "parties": " ; ".join(designation(p) for p in autres) or None,
        "nombre_parties": str(len(matiere.parties)) if matiere.parties else None,
        "deliberation_autorite_reference": (autorite.deliberation_numero or None) if autorite else None,
        "deliberation_autorite_date": _date(autorite.deliberation_le)
        if autorite and autorite.deliberation_numero
        else None,
        "deliberations_parties": " ; ".join(
            f"{p.organisation.nom}, délibération n°\u00a0{p.deliberation_numero or 'non numérotée'} "
            f"du {_date(p.deliberation_le)}"
            for p in deliberees
        )
        or None,
    }


def _de_reunions(demarche: Demarche) -> dict[str, str | None]:
    """Dates of the last meetings held that closed the negotiation."""
    faites = dict(
        Etape.objects.filter(demarche=demarche, faite_le__isnull=False, reunion__in=("concertation", "copil"))
        .exclude(place__in=("territoire", "diagnostic", "plan"))
        .order_by("ordre")
        .values_list("reunion", "faite_le")
    )
    return {
        "date_concertation": _date(faites.get("concertation")),
        "date_copil_finalisation": _date(faites.get("copil")),
    }


def _de_reglement(lu: _Lu) -> dict[str, str | None]:
    version = lu.reglement
    return {
        "reglement_intitule": version.intitule if version else None,
        # A règlement of demonstration was adopted by nobody: its act is not cited.
        "reglement_acte": (version.acte or None) if version and not version.demonstration else None,
        "fonds_reserve_montant": _montant_du_fonds(lu.reserve),
    }


def _montant_du_fonds(fonds: Fonds | None) -> str | None:
    """In euros; an amount of demonstration says so."""
    if fonds is None or not fonds.montant:
        return None
    demo = " (valeur de démonstration)" if fonds.demonstration else ""
    return f"{formater_euros(fonds.montant)}{demo}"


def _selon_la_classe(matiere: Matiere, lu: _Lu) -> dict[str, str | None]:
    """Kind of contract and vulnerability class. With one kind only, the class decides nothing."""
    types, classe = _types_contrat(matiere), lu.classe
    if len(types) == 1:
        return {"type_contrat": types[0], "classe_vulnerabilite": None}
    if classe is None:
        return {"type_contrat": None, "classe_vulnerabilite": None}
    demo = " (valeur de démonstration)" if classe.demonstration else ""
    return {
        "type_contrat": classe.type_contrat or None,
        "classe_vulnerabilite": f"{classe.libelle}{demo}",
    }


def champs_et_faits(matiere: Matiere) -> tuple[dict[str, str | None], FaitsContrat]:
    """Every merge field by name, and what the conditions of the clauses look at. About six queries."""
    lu = _lire(matiere)
    champs = _champs(matiere, lu)
    return champs, _faits(matiere, lu, champs["type_contrat"])


def _champs(matiere: Matiere, lu: _Lu) -> dict[str, str | None]:
    duree = matiere.dispositif.duree_annees
    return {
        **_de_territoire(matiere, lu),
        **_de_projets(matiere),
        **_de_parties(matiere),
        **_de_reunions(matiere.demarche),
        **_de_reglement(lu),
        "dispositif_nom": matiere.dispositif.nom,
        **_selon_la_classe(matiere, lu),
        "duree_annees": str(duree),
        "date_effet": _date(matiere.contrat.date_effet),
        "date_fin": _date(date_fin(matiere.contrat.date_effet, duree)),
        "liste_enjeux": " ; ".join(e.libelle for e in matiere.enjeux) or None,
        "liste_axes": " ; ".join(a.libelle for a in matiere.axes) or None,
        "contrat_precedent_nom": None,
        "ingenierie_postes": None,
    }


def _faits(matiere: Matiere, lu: _Lu, type_contrat: str | None) -> FaitsContrat:
    return FaitsContrat(
        nombre_projets=len(matiere.inscrites),
        nombre_structurants=sum(x.ligne.maturite == "structurant" for x in matiere.inscrites),
        nombre_parties=len(matiere.parties),
        nombre_communes=lu.communes,
        population_territoire=lu.population,
        duree_annees=matiere.dispositif.duree_annees,
        total_aides=sum((x.ligne.aide_comptee for x in matiere.inscrites), Decimal("0.00")),
        enveloppe=matiere.enveloppe,
        fonds_reserve=lu.reserve.montant if lu.reserve else None,
        classe=lu.classe.code if lu.classe else None,
        type_contrat=type_contrat,
        reglement_adopte=bool(lu.reglement and lu.reglement.acte and not lu.reglement.demonstration),
        avec_syndicat=any(p.organisation.nature == Organisation.Nature.SYNDICAT for p in matiere.parties),
    )
