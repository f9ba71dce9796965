"""The votes of an avenant opened, then the day it is in force: one transaction that changes the maquette, the
ledger, the fiches, the parties, the reserve."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from django.db import transaction
from django.utils import timezone

from arpent.metier.argent import ZERO, formater_euros
from arpent.metier.avenants import EtatContractuel, Genre, Mouvement, Piste
from arpent.metier.cycles import CYCLE_AVENANT, CYCLE_FICHE, TransitionRefusee
from arpent.metier.cycles.fiche import EtatFiche
from arpent.metier.cycles.reserve import EtatReserve
from arpent.plateforme.acteurs.models import Agent, Organisation
from arpent.plateforme.demarches.actions import noter_place
from arpent.plateforme.demarches.models import Place
from arpent.plateforme.negociations.avenants import AideRevue, suivre_avenant
from arpent.plateforme.negociations.credits.registre import CreditRefuse, Piece
from arpent.plateforme.negociations.models import DemandeReserve
from arpent.plateforme.negociations.reserve.actions import ReserveRefusee
from arpent.plateforme.negociations.reserve.decisions import rendre, tirer
from arpent.plateforme.plans.actions import ActionRefusee, noter_champs
from arpent.plateforme.plans.avancement import faire_avancer_fiche
from arpent.plateforme.plans.models import Fiche

from ..models import Avenant, Partie
from .actions import exiger_en_vigueur, franchir, verrouiller_avenant
from .examen import examiner
from .lecture import AvenantRefuse, mouvements_de
from .signature import exiger_signe

ARRETES = (CreditRefuse, ReserveRefusee, ActionRefusee, TransitionRefusee)
"""What the rooms below answer when they refuse."""


@transaction.atomic
def soumettre(avenant: Avenant, *, par: Agent | None) -> Avenant:
    """Opens the votes of the parties of its track. AvenantRefuse on the simple track."""
    avenant = verrouiller_avenant(avenant)
    CYCLE_AVENANT.franchir("soumettre_avenant", avenant.etat)
    if avenant.piste == Piste.SIMPLE.value:
        raise AvenantRefuse(
            "Cet avenant relève d’un acte simple : aucune assemblée ne le vote, ouvrez sa signature."
        )
    return franchir(avenant, "soumettre_avenant", {}, par=par)


# --- in force -------------------------------------------------------------------------------------


@transaction.atomic
def mettre_en_vigueur(avenant: Avenant, *, par: Agent | None, le: date) -> Avenant:
    """All of it or nothing: maquette, ledger, fiches, parties, reserve. AvenantRefuse (French).

    The contract is locked first: of two avenants put in force at once, the second one is read on what the
    first one left.
    """
    avenant = verrouiller_avenant(avenant)
    exiger_en_vigueur(avenant.contrat)
    exiger_signe(avenant)
    CYCLE_AVENANT.franchir("mettre_avenant_en_vigueur", avenant.etat)
    if avenant.date_effet is None or avenant.date_effet > le:
        quand = f"{avenant.date_effet:%d/%m/%Y}" if avenant.date_effet else "une date à préciser"
        raise AvenantRefuse(f"L’avenant prend effet le {quand} : mettez-le en vigueur ce jour-là.")
    examen = examiner(avenant, le)
    if examen.effets.refus:
        raise AvenantRefuse(
            f"{' '.join(examen.effets.refus)} Reprenez la préparation dans un autre avenant : celui-ci ne "
            "peut plus s’appliquer."
        )
    if examen.effets.depasse:
        raise AvenantRefuse("L’enveloppe serait dépassée : un autre avenant a pris ses crédits entre-temps.")
    mouvements = mouvements_de(avenant)
    piece = Piece(
        motif=f"{avenant} : {avenant.objet}"[:300],
        acte=avenant.acte or str(avenant),
        acte_le=avenant.signe_le,
        demonstration=avenant.demonstration,
    )
    try:
        _changer_les_aides(avenant, examen.etat, examen.apres, piece, par)
        _changer_les_fiches(avenant, mouvements, examen.etat, examen.apres, par)
        _tirer_la_reserve(avenant, mouvements, examen.etat, par)
    except ARRETES as refus:
        raise AvenantRefuse(str(refus)) from None
    _changer_les_parties(avenant, mouvements)
    _noter_les_places(avenant, examen.apres)
    return franchir(
        avenant, "mettre_avenant_en_vigueur", {"en_vigueur_le": timezone.now()}, par=par, motif=avenant.objet
    )


def _changer_les_aides(
    avenant: Avenant, avant: EtatContractuel, apres: EtatContractuel, piece: Piece, par: Agent | None
) -> None:
    """The lines whose aid or year differ, those that enter and those that leave, the reserve aside."""
    vieilles = {x.cle: x for x in avant.lignes if not x.hors_enveloppe}
    neuves = {x.cle: x for x in apres.lignes if not x.hors_enveloppe}
    aides = []
    for cle in dict.fromkeys([*vieilles, *neuves]):
        ancienne, neuve = vieilles.get(cle), neuves.get(cle)
        if ancienne and neuve and (ancienne.aide, ancienne.annee) == (neuve.aide, neuve.annee):
            continue
        montant: Decimal = neuve.aide if neuve else ZERO
        annee = neuve.annee if neuve else ancienne.annee if ancienne else None
        aides.append(AideRevue(int(cle), montant, annee))
    if aides:
        suivre_avenant(avenant.contrat.demarche, aides, par=par, piece=piece)


def _changer_les_fiches(
    avenant: Avenant,
    mouvements: tuple[Mouvement, ...],
    avant: EtatContractuel,
    apres: EtatContractuel,
    par: Agent | None,
) -> None:
    """Those that enter go as far as the contract, those that leave are set aside, owners change."""
    demarche = avenant.contrat.demarche
    vieilles, neuves = {x.cle for x in avant.lignes}, {x.cle: x for x in apres.lignes}
    cles = {cle for m in mouvements for cle in m.touchees if cle.isdecimal()}
    fiches = {str(f.pk): f for f in Fiche.objects.filter(pk__in=[int(c) for c in cles], demarche=demarche)}
    for cle, fiche in sorted(fiches.items(), key=lambda x: x[1].numero):
        if cle in neuves and cle not in vieilles:
            _inscrire(fiche, avenant, par)
        elif cle in vieilles and cle not in neuves and fiche.etat == EtatFiche.CONTRACTUALISEE:
            faire_avancer_fiche(fiche, "sortir_du_contrat", par=par, motif=f"{avenant} : {avenant.objet}")
    for m in mouvements:
        if m.genre is not Genre.MAITRE_OUVRAGE or m.maitre_ouvrage_id is None:
            continue
        fiche = Fiche.objects.get(pk=int(m.cle))
        nouveau = Organisation.objects.get(pk=m.maitre_ouvrage_id)
        noter_champs(fiche, {"maitre_ouvrage": nouveau}, version_lue=fiche.version, par=par, geste="modifier")


def _inscrire(fiche: Fiche, avenant: Avenant, par: Agent | None) -> None:
    """As far as its own state allows: a fiche whose decision is still open keeps its state."""
    motif = f"{avenant} : {avenant.objet}"
    for geste in ("retenir", "contractualiser"):
        if geste in {t.geste for t in CYCLE_FICHE.gestes_possibles(fiche.etat)}:
            fiche = faire_avancer_fiche(fiche, geste, par=par, motif=motif)


def _tirer_la_reserve(
    avenant: Avenant, mouvements: tuple[Mouvement, ...], avant: EtatContractuel, par: Agent | None
) -> None:
    """Draws what the reserve granted to the projects that enter, gives back that of those that leave."""
    numero, le = avenant.acte or str(avenant), avenant.signe_le
    for m in mouvements:
        if m.genre is Genre.RESERVE and m.ligne is not None:
            tirer(_demande(m.ligne.cle, EtatReserve.ACCORDEE), "avenant", numero, le, par=par)
        ligne = avant.ligne(m.cle) if m.sorties else None
        if ligne is not None and ligne.hors_enveloppe:
            rendre(_demande(ligne.cle, EtatReserve.TIREE), f"{avenant} : {avenant.objet}", par=par)


def _demande(cle: str, etat: EtatReserve) -> DemandeReserve:
    demande = DemandeReserve.objects.filter(fiche_id=int(cle), etat=etat.value).order_by("-pk").first()
    if demande is None:
        raise AvenantRefuse(
            "La demande de réserve de ce projet a changé : vérifiez-la dans « Fonds de réserve »."
        )
    return demande


def _noter_les_places(avenant: Avenant, apres: EtatContractuel) -> None:
    """What the rail says of the contract and of what follows it."""
    demarche = avenant.contrat.demarche
    nombre, aides = len(apres.lignes), formater_euros(apres.total_aides, centimes=False)
    en_cours = Place.Etat.EN_COURS.value
    noter_place(
        demarche, Place.Code.CONTRAT.value, Place.Etat.FAIT.value, f"en vigueur, avenant {avenant.numero}"
    )
    projets = f"{nombre} projet{'s' if nombre > 1 else ''}"
    noter_place(demarche, Place.Code.REALISATION.value, en_cours, f"{projets}, {aides}")
    noter_place(demarche, Place.Code.BILAN.value, en_cours, f"{aides} à suivre")


def _changer_les_parties(avenant: Avenant, mouvements: tuple[Mouvement, ...]) -> None:
    """Who joins was made a party when it was proposed: the state of the avenant is enough. Others leave."""
    sortants = [m.partie for m in mouvements if m.genre is Genre.PERIMETRE and m.sort]
    Partie.objects.filter(contrat=avenant.contrat, organisation__nom__in=sortants).update(sortie=avenant)
