"""The projects of a contract in force with their aid: what the acts of award are drawn from."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Q

from arpent.metier.argent import ZERO
from arpent.metier.attribution import ConventionDue, Modalites, convention_due, lire_modalites
from arpent.metier.avenants import BASE, Consolide, LigneContrat
from arpent.metier.cycles import CYCLE_CONTRAT, EtatContrat
from arpent.metier.cycles.dossier import DECIDES
from arpent.metier.plan_financement import Seuil
from arpent.metier.reglement.parametres import CONVENTION_SUBVENTION
from arpent.plateforme.acteurs.models import Organisation
from arpent.plateforme.contrats.assemblage import trouver_contrat
from arpent.plateforme.contrats.avenants.lecture import etat_consolide
from arpent.plateforme.contrats.exigences import ContratRefuse
from arpent.plateforme.contrats.lecture_votes import lire_votes
from arpent.plateforme.contrats.models import Contrat, Partie, Vote
from arpent.plateforme.demarches.models import Demarche
from arpent.plateforme.negociations.models import Genre, Mouvement, StadeMouvement
from arpent.plateforme.plans.models import Fiche
from arpent.plateforme.reglements.models import VersionReglement
from arpent.plateforme.reglements.parametres import table_legale
from arpent.plateforme.reglements.pieces import PieceAttendue, lire_pieces

from .models import Dossier

N = Organisation.Nature
PRIVES: dict[str, bool | None] = {N.ASSOCIATION: True, N.AUTRE: None}
"""Private, or not known; every other nature is public."""


@dataclass(frozen=True, slots=True)
class Octroi:
    """One aid of the contract. `fiche`, `beneficiaire` None: the contract names one that is not here."""

    ligne: LigneContrat
    fiche: Fiche | None
    beneficiaire: Organisation | None
    convention: ConventionDue
    acte_qui_fixe: str
    """« avenant n° 2 », or empty for the contract as signed."""
    assiette: Decimal | None = None
    demonstration: bool = False

    @property
    def prive(self) -> bool | None:
        return est_prive(self.beneficiaire)

    @property
    def investissement(self) -> bool:
        return self.fiche is not None and self.fiche.nature_depense == Fiche.NatureDepense.INVESTISSEMENT


@dataclass(frozen=True, slots=True)
class Engagement:
    """What the ledger says of a project: the last act that committed money, and the sum committed."""

    acte: str = ""
    acte_le: date | None = None
    montant: Decimal = ZERO
    demonstration: bool = False


@dataclass(frozen=True, slots=True)
class Cadre:
    """What the acts of one contract share."""

    demarche: Demarche
    contrat: Contrat
    titre: str
    autorite: Organisation
    partie: Partie | None
    vote: Vote | None
    reglement: VersionReglement | None
    articles: Mapping[str, str]
    """Title of an article → its number."""
    modalites: Modalites
    pieces: tuple[PieceAttendue, ...]
    engagements: Mapping[int, Engagement]
    dossiers: Mapping[int, Dossier] = field(default_factory=dict)
    """By fiche, the grant file whose aid was voted: its figures are those of the acts."""


def est_prive(organisation: Organisation | None) -> bool | None:
    return None if organisation is None else PRIVES.get(organisation.nature, False)


def contrat_en_vigueur(demarche: Demarche) -> Contrat:
    """The contract on which aids are awarded. One query. ContratRefuse says what to do first."""
    contrat = trouver_contrat(demarche)
    if contrat is None:
        raise ContratRefuse("Le contrat n’est pas encore préparé : préparez-le, puis faites-le signer.")
    if contrat.etat != EtatContrat.EN_VIGUEUR.value:
        etat = CYCLE_CONTRAT.libelle(contrat.etat).lower()
        raise ContratRefuse(
            f"Contrat : {etat}. Les actes d’attribution se préparent sur un contrat en vigueur : faites "
            "d’abord constater sa signature."
        )
    contrat.demarche = demarche
    return contrat


def lire_octrois(contrat: Contrat, le: date) -> list[Octroi]:
    """The lines of the contract that day, avenants included. Seven queries. ContratRefuse."""
    consolide = etat_consolide(contrat, le)
    lignes = consolide.etat.lignes
    signees = _lignes_signees(contrat)
    fiches = _fiches(contrat, lignes)
    corps = _organisations(lignes, fiches)
    seuil = table_legale().seuil(CONVENTION_SUBVENTION, le)
    paires = [(x, fiches.get(x.cle), _beneficiaire(x, fiches.get(x.cle), corps)) for x in lignes]
    annuels = _par_an(paires)
    return [
        Octroi(
            ligne,
            fiche,
            qui,
            _convention(ligne, qui, annuels, seuil),
            _acte_qui_fixe(consolide, ligne.cle),
            _assiette(ligne, signees.get(ligne.cle), fiche),
            bool((signees.get(ligne.cle) or {}).get("demonstration")),
        )
        for ligne, fiche, qui in paires
    ]


def _lignes_signees(contrat: Contrat) -> dict[str, Mapping[str, Any]]:
    """The lines of the maquette annexed to the signed version, by key. One query."""
    lues = (
        contrat.versions.filter(etat=EtatContrat.SIGNATURE.value)
        .order_by("-numero")
        .values_list("donnees__maquette__lignes", flat=True)
        .first()
    )
    return {str(x.get("reference") or f"n{x['numero']}"): x for x in lues or ()}


def _fiches(contrat: Contrat, lignes: Sequence[LigneContrat]) -> dict[str, Fiche]:
    pks = [int(x.cle) for x in lignes if x.cle.isdigit()]
    lues = Fiche.objects.filter(pk__in=pks, demarche=contrat.demarche_id)
    return {str(f.pk): f for f in lues.select_related("maitre_ouvrage", "theme")}


def _organisations(
    lignes: Sequence[LigneContrat], fiches: Mapping[str, Fiche]
) -> dict[int | str, Organisation]:
    """Those that an avenant put in place of the owner of the fiche, by pk and by name. One query at most."""
    autres = [
        x for x in lignes if x.cle not in fiches or fiches[x.cle].maitre_ouvrage.nom != x.maitre_ouvrage
    ]
    if not autres:
        return {}
    pks = [x.maitre_ouvrage_id for x in autres if x.maitre_ouvrage_id]
    noms = [x.maitre_ouvrage for x in autres if not x.maitre_ouvrage_id]
    lues: dict[int | str, Organisation] = {}
    for organisation in Organisation.objects.filter(Q(pk__in=pks) | Q(nom__in=noms)).order_by("pk"):
        lues[organisation.pk] = organisation
        lues.setdefault(organisation.nom, organisation)
    return lues


def _beneficiaire(
    ligne: LigneContrat, fiche: Fiche | None, corps: Mapping[int | str, Organisation]
) -> Organisation | None:
    if fiche is not None and fiche.maitre_ouvrage.nom == ligne.maitre_ouvrage:
        return fiche.maitre_ouvrage
    return corps.get(ligne.maitre_ouvrage_id or ligne.maitre_ouvrage)


def _par_an(
    paires: Sequence[tuple[LigneContrat, Fiche | None, Organisation | None]],
) -> dict[tuple[str, int | None], list[Decimal]]:
    """The aids of each body each year, in the order of the contract."""
    annuels: dict[tuple[str, int | None], list[Decimal]] = defaultdict(list)
    for ligne, _, _ in paires:
        annuels[ligne.maitre_ouvrage, ligne.annee].append(ligne.aide)
    return annuels


def _convention(
    ligne: LigneContrat,
    qui: Organisation | None,
    annuels: Mapping[tuple[str, int | None], list[Decimal]],
    seuil: Seuil | None,
) -> ConventionDue:
    aides = annuels[ligne.maitre_ouvrage, ligne.annee]
    return convention_due(est_prive(qui), aides, ligne.annee, seuil)


def _acte_qui_fixe(consolide: Consolide, cle: str) -> str:
    trace = consolide.traces[cle]
    code = trace.changements[-1].acte if trace.changements else trace.origine
    return "" if code == BASE else f"avenant n°\N{NO-BREAK SPACE}{code.rpartition('-')[2]}"


def _assiette(ligne: LigneContrat, signee: Mapping[str, Any] | None, fiche: Fiche | None) -> Decimal | None:
    """That of the signed contract while its cost stands, else that of the fiche; None when neither says."""
    if signee is not None and Decimal(signee["cout_ht"]) == ligne.cout_ht:
        return Decimal(signee["assiette"]) or None
    return fiche.assiette if fiche else None


def lire_cadre(contrat: Contrat, le: date) -> Cadre:
    """What the acts share. Nine queries, whatever the number of projects."""
    demarche = contrat.demarche
    dispositif = demarche.processus.dispositif
    autorites = contrat.parties.filter(role=Partie.RolePartie.AUTORITE).select_related("contrat")
    lu = next(iter(lire_votes(autorites, le)), None)
    version = (
        contrat.versions.filter(etat=EtatContrat.SIGNATURE.value)
        .order_by("-numero")
        .values_list("donnees__titre", "donnees__articles")
        .first()
    )
    titre, articles = version or ("", ())
    return Cadre(
        demarche=demarche,
        contrat=contrat,
        titre=titre or str(contrat),
        autorite=demarche.autorite,
        partie=lu.partie if lu else None,
        vote=lu.vote if lu else None,
        reglement=VersionReglement.objects.en_vigueur(dispositif, le),
        articles={a["titre"]: a["numero"] for a in articles or ()},
        modalites=lire_modalites(dispositif.parametres.get("attribution")),
        pieces=tuple(
            p for p in lire_pieces(dispositif.parametres.get("fiche") or {}) if p.etape == "dossier"
        ),
        engagements=_engagements(demarche),
        dossiers={
            d.fiche_id: d for d in Dossier.objects.filter(demarche=demarche, etat__in=DECIDES).order_by("pk")
        },
    )


def _engagements(demarche: Demarche) -> dict[int, Engagement]:
    """By fiche. One query."""
    lus: dict[int, Engagement] = {}
    mouvements = Mouvement.objects.filter(
        fiche__demarche=demarche, stade=StadeMouvement.ENGAGE.value
    ).order_by("pk")
    for m in mouvements.only("fiche_id", "genre", "acte", "acte_le", "montant", "demonstration"):
        assert m.fiche_id is not None
        avant = lus.get(m.fiche_id, Engagement())
        neuf = m.genre == Genre.ATTRIBUTION and m.acte
        lus[m.fiche_id] = Engagement(
            m.acte if neuf else avant.acte,
            m.acte_le if neuf else avant.acte_le,
            avant.montant + m.montant,
            avant.demonstration or m.demonstration,
        )
    return lus
