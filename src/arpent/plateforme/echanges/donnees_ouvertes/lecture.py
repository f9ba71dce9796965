"""What is public: contracts signed, their projects today, the aids awarded by an act, the votes adopted."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from django.db.models import QuerySet

from arpent.metier.cycles import EtatContrat
from arpent.plateforme.acteurs.models import Organisation
from arpent.plateforme.contrats.avenants.lecture import etat_consolide
from arpent.plateforme.contrats.exigences import ContratRefuse
from arpent.plateforme.contrats.models import Contrat, Vote
from arpent.plateforme.subventions.attribution import Engagement, Octroi, lire_cadre, lire_octrois

from .models import Etablissement

SIGNES = (
    EtatContrat.EN_VIGUEUR.value, EtatContrat.ECHU.value, EtatContrat.SOLDE.value, EtatContrat.RESILIE.value,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class ContratOuvert:
    """One signed contract."""

    identifiant: str
    reference: str
    autorite: str
    autorite_siren: str
    dispositif: str
    territoire: str
    etat: str
    date_effet: date | None
    date_fin: date | None
    nombre_projets: int
    total_aides: Decimal
    total_couts: Decimal
    avenants: int
    demonstration: bool


@dataclass(frozen=True, slots=True)
class ProjetOuvert:
    """One project of a signed contract, avenants included."""

    identifiant: str
    contrat: str
    territoire: str
    numero: str
    titre: str
    beneficiaire: str
    beneficiaire_siren: str
    commune: str
    theme: str
    annee: int | None
    cout_ht: Decimal
    aide: Decimal
    longitude: float | None
    latitude: float | None
    demonstration: bool


@dataclass(frozen=True, slots=True)
class Attribution:
    """An aid awarded by an act that the ledger knows."""

    attribuant: Organisation
    dispositif: str
    fin: date | None
    octroi: Octroi
    engagement: Engagement


@dataclass(slots=True)
class Ouvertes:
    """Everything that is public, read once."""

    contrats: list[ContratOuvert] = field(default_factory=list)
    projets: list[ProjetOuvert] = field(default_factory=list)
    attributions: list[Attribution] = field(default_factory=list)


def contrats_signes() -> QuerySet[Contrat]:
    return (
        Contrat.objects.filter(etat__in=SIGNES)
        .select_related(
            "demarche__territoire",
            "demarche__version_processus__processus__autorite",
            "demarche__version_processus__processus__dispositif",
        )
        .order_by("pk")
    )


def lire(le: date) -> Ouvertes:
    """The whole. About twenty queries for each signed contract."""
    lues = Ouvertes()
    for contrat in contrats_signes():
        try:
            octrois, cadre = lire_octrois(contrat, le), lire_cadre(contrat, le)
            consolide = etat_consolide(contrat, le)
        except ContratRefuse:
            continue  # taken over without its maquette: nothing to publish line by line
        code, processus = f"contrat-{contrat.pk}", contrat.demarche.processus
        demonstration = any(o.demonstration for o in octrois)
        lues.contrats.append(
            ContratOuvert(
                identifiant=code,
                reference=contrat.reference,
                autorite=cadre.autorite.nom,
                autorite_siren=cadre.autorite.siren,
                dispositif=processus.dispositif.nom,
                territoire=contrat.demarche.territoire.nom,
                etat=contrat.get_etat_display(),
                date_effet=consolide.etat.date_effet,
                date_fin=consolide.etat.date_fin,
                nombre_projets=len(consolide.etat.lignes),
                total_aides=consolide.etat.total_aides,
                total_couts=sum((x.cout_ht for x in consolide.etat.lignes), Decimal("0.00")),
                avenants=len(consolide.appliques),
                demonstration=demonstration,
            )
        )
        lues.projets += [_projet(code, contrat, o) for o in octrois]
        for octroi in octrois:
            engagement = cadre.engagements.get(octroi.fiche.pk) if octroi.fiche else None
            if engagement and engagement.acte and engagement.acte_le and engagement.montant > 0:
                lues.attributions.append(
                    Attribution(
                        cadre.autorite, processus.dispositif.nom, consolide.etat.date_fin, octroi, engagement
                    )
                )
    return lues


def _projet(code: str, contrat: Contrat, octroi: Octroi) -> ProjetOuvert:
    ligne, fiche, qui = octroi.ligne, octroi.fiche, octroi.beneficiaire
    commune = fiche.commune if fiche else None
    point = (
        (float(fiche.longitude), float(fiche.latitude))
        if fiche and fiche.longitude is not None and fiche.latitude is not None
        else (commune.longitude, commune.latitude) if commune else (None, None)
    )  # fmt: skip
    return ProjetOuvert(
        identifiant=f"{code}-{ligne.cle}",
        contrat=code,
        territoire=contrat.demarche.territoire.nom,
        numero=ligne.numero,
        titre=ligne.titre,
        beneficiaire=qui.nom if qui else ligne.maitre_ouvrage,
        beneficiaire_siren=qui.siren if qui else "",
        commune=commune.code if commune else "",
        theme=ligne.theme,
        annee=ligne.annee,
        cout_ht=ligne.cout_ht,
        aide=ligne.aide,
        longitude=point[0],
        latitude=point[1],
        demonstration=octroi.demonstration,
    )


def sirets() -> dict[int, str]:
    """By body. One query."""
    return dict(Etablissement.objects.values_list("organisation", "siret"))


def votes_adoptes() -> Iterator[Vote]:
    """The votes of signed contracts that were adopted, with their party. One query."""
    yield from (
        Vote.objects.filter(
            partie__contrat__etat__in=SIGNES, sens=Vote.Sens.ADOPTEE, adoptee_le__isnull=False
        )
        .exclude(numero="")
        .select_related("partie__organisation", "partie__contrat__demarche__territoire")
        .order_by("adoptee_le", "pk")
    )
