"""The report to the commission: prepared, filled, put on the agenda, voted.

Lock order: the report, then the files in the order of their pk, then the envelopes, then the journal.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import IntegrityError, transaction

from arpent.metier.argent import ZERO, formater_euros
from arpent.metier.cycles import CYCLE_RAPPORT, EtatDossier, EtatRapport
from arpent.plateforme.acteurs.models import Agent, Organisation
from arpent.plateforme.contrats.signatures.circuits import en_une_fois
from arpent.plateforme.journal.actions import consigner
from arpent.plateforme.socle.versions import ConflitDeVersion, enregistrer_version

from ..models import Dossier, DossierQuerySet, LigneRapport, RapportCommission
from .actions import DossierRefuse, exiger_texte, qui
from .decisions import voter
from .documents import emettre_rapport
from .instruction import rejeter

CHAMPS = ("numero", "objet", "assemblee", "seance_le")
Sens = LigneRapport.Sens


@dataclass(frozen=True, slots=True)
class VoteLigne:
    """What was voted of one file; `montant` None: the one proposed. `motif`: why it was rejected."""

    sens: str
    montant: Decimal | None = None
    motif: str = ""


def verrouiller_rapport(rapport: RapportCommission) -> RapportCommission:
    """ConflitDeVersion when it has changed. One query."""
    relu = RapportCommission.objects.select_for_update(of=("self",)).select_related("autorite")
    verrouille = relu.get(pk=rapport.pk)
    if verrouille.version != rapport.version:
        raise ConflitDeVersion(verrouille, [])
    return verrouille


def _noter(
    rapport: RapportCommission,
    geste: str,
    champs: Mapping[str, Any],
    *,
    par: Agent | None,
    avant: Mapping[str, Any] | None = None,
    apres: Mapping[str, Any] | None = None,
) -> RapportCommission:
    for nom, valeur in champs.items():
        setattr(rapport, nom, valeur)
    enregistrer_version(rapport, rapport.version, champs)
    consigner(geste, sur=rapport, par=par, avant=dict(avant or {}), apres={**champs, **(apres or {})})
    return rapport


def _franchir(
    rapport: RapportCommission, geste: str, champs: Mapping[str, Any], par: Agent | None
) -> RapportCommission:
    avant = rapport.etat
    etat = CYCLE_RAPPORT.franchir(geste, avant).vers.value
    return _noter(rapport, geste, {"etat": etat, **champs}, par=par, avant={"etat": avant})


def _exiger_prepare(rapport: RapportCommission) -> None:
    if rapport.etat != EtatRapport.PREPARE:
        raise DossierRefuse(
            f"Le rapport est « {rapport.get_etat_display().lower()} » : retirez-le d’abord de l’ordre du "
            "jour."
        )


def _deja_pris(numero: str) -> DossierRefuse:
    return DossierRefuse(f"Le rapport {numero} existe déjà : choisissez un autre numéro.")


@transaction.atomic
def creer_rapport(
    autorite: Organisation, valeurs: Mapping[str, Any], *, par: Agent | None
) -> RapportCommission:
    """DossierRefuse when the authority has a report of that number."""
    try:
        with transaction.atomic():
            rapport = RapportCommission.objects.create(
                autorite=autorite, cree_par_nom=qui(par), **{n: valeurs[n] for n in CHAMPS if n in valeurs}
            )
    except IntegrityError:
        raise DossierRefuse(
            f"Le rapport {valeurs['numero']} existe déjà : choisissez un autre numéro."
        ) from None
    consigner("creer_rapport", sur=rapport, par=par, apres={"numero": rapport.numero, "objet": rapport.objet})
    return rapport


@transaction.atomic
def modifier_rapport(
    rapport: RapportCommission, valeurs: Mapping[str, Any], *, version_lue: int, par: Agent | None
) -> RapportCommission:
    """DossierRefuse, ConflitDeVersion."""
    rapport = RapportCommission.objects.select_for_update(of=("self",)).get(pk=rapport.pk)
    _exiger_prepare(rapport)
    champs = {n: valeurs[n] for n in CHAMPS}
    avant = {n: getattr(rapport, n) for n in champs}
    for nom, valeur in champs.items():
        setattr(rapport, nom, valeur)
    try:
        with transaction.atomic():
            enregistrer_version(rapport, version_lue, champs)
    except IntegrityError:
        raise DossierRefuse(
            f"Le rapport {champs['numero']} existe déjà : choisissez un autre numéro."
        ) from None
    consigner("modifier_rapport", sur=rapport, par=par, avant=avant, apres=champs)
    return rapport


def dossiers_a_porter(autorite_id: int) -> DossierQuerySet:
    """Proposed, and carried by no report that waits for its vote."""
    return (
        Dossier.objects.filter(
            demarche__version_processus__processus__autorite=autorite_id, etat=EtatDossier.PROPOSE.value
        )
        .exclude(lignes_rapport__in=LigneRapport.objects.filter(sens=""))
        .avec_contexte()
        .order_by("propose_le", "pk")
    )


@transaction.atomic
def ajouter(rapport: RapportCommission, dossiers: Collection[int], *, par: Agent | None) -> int:
    """Carries these files, with their figures of the day. Answers how many. DossierRefuse."""
    rapport = verrouiller_rapport(rapport)
    _exiger_prepare(rapport)
    choisis = list(
        dossiers_a_porter(rapport.autorite_id)
        .filter(pk__in=dossiers)
        .select_for_update(of=("self",))
        .order_by("pk")
    )
    if len(choisis) != len(set(dossiers)):
        raise DossierRefuse("Un dossier choisi n’est plus à porter : relisez la liste, puis recommencez.")
    for dossier in choisis:
        LigneRapport.objects.update_or_create(
            rapport=rapport, dossier=dossier,
            defaults={
                "cout_ht": dossier.cout_reel_ht or ZERO, "assiette": dossier.assiette_reelle,
                "montant": dossier.montant_propose or ZERO, "sens": "", "montant_vote": None,
            },
        )  # fmt: skip
    _noter(
        rapport, "ajouter_au_rapport",
        {"demonstration": rapport.demonstration or any(d.demonstration for d in choisis)}, par=par,
        apres={"dossiers": [d.reference for d in choisis]},
    )  # fmt: skip
    return len(choisis)


@transaction.atomic
def retirer_ligne(rapport: RapportCommission, ligne: LigneRapport, *, par: Agent | None) -> None:
    rapport = verrouiller_rapport(rapport)
    _exiger_prepare(rapport)
    reference = ligne.dossier.reference
    LigneRapport.objects.filter(pk=ligne.pk, rapport=rapport).delete()
    _noter(rapport, "retirer_du_rapport", {}, par=par, apres={"dossiers": [reference]})


def inscrire(rapport: RapportCommission, *, par: Agent | None, le: date) -> RapportCommission:
    """On the agenda: its PDF and Word files are frozen. DossierRefuse, RenduImpossible."""
    with en_une_fois() as emis:
        rapport = verrouiller_rapport(rapport)
        CYCLE_RAPPORT.franchir("inscrire_rapport", rapport.etat)
        if not rapport.lignes.exists():
            raise DossierRefuse("La liste d’individualisation est vide : ajoutez-y un dossier proposé.")
        if rapport.seance_le is None:
            raise DossierRefuse("Donnez d’abord la date de la séance.")
        rapport = _franchir(rapport, "inscrire_rapport", {}, par)
        emis += emettre_rapport(rapport, par=par, le=le)
        return rapport


@transaction.atomic
def reprendre_rapport(rapport: RapportCommission, *, par: Agent | None) -> RapportCommission:
    rapport = verrouiller_rapport(rapport)
    return _franchir(rapport, "reprendre_rapport", {}, par)


@transaction.atomic
def noter_vote(
    rapport: RapportCommission,
    numero: str,
    le: date,
    votes: Mapping[int, VoteLigne],
    *,
    pour: int | None = None,
    contre: int | None = None,
    abstentions: int | None = None,
    par: Agent | None,
) -> RapportCommission:
    """The act, and what was voted of each file (by pk of its line): awarded, rejected, or carried again.

    All of it or nothing. DossierRefuse names the file that stops it.
    """
    numero = exiger_texte(numero, "Écrivez le numéro de la délibération.")[:120]
    rapport = verrouiller_rapport(rapport)
    CYCLE_RAPPORT.franchir("noter_vote_rapport", rapport.etat)
    for ligne in rapport.lignes.select_related("dossier").order_by("dossier_id"):
        vote = votes.get(ligne.pk, VoteLigne(Sens.ADOPTEE.value))
        _voter_ligne(ligne, vote, numero, le, par)
    champs = {
        "deliberation_numero": numero, "deliberation_le": le, "pour": pour, "contre": contre,
        "abstentions": abstentions,
    }  # fmt: skip
    return _franchir(rapport, "noter_vote_rapport", champs, par)


def _voter_ligne(ligne: LigneRapport, vote: VoteLigne, numero: str, le: date, par: Agent | None) -> None:
    montant = ligne.montant if vote.montant is None else vote.montant
    if vote.sens == Sens.ADOPTEE:
        if montant > ligne.montant:
            raise DossierRefuse(
                f"Dossier {ligne.dossier.reference} : le vote ne dépasse pas l’aide proposée "
                f"({formater_euros(ligne.montant)}). Reprenez la proposition pour la relever."
            )
        LigneRapport.objects.filter(pk=ligne.pk).update(sens=vote.sens, montant_vote=montant)
        voter(ligne.dossier, montant, numero, le=le, par=par)
        return
    LigneRapport.objects.filter(pk=ligne.pk).update(sens=vote.sens, montant_vote=None)
    if vote.sens == Sens.REJETEE:
        motif = vote.motif.strip() or f"Rejeté par la décision {numero}."
        rejeter(ligne.dossier, motif, par=par, le=le, decision=numero)
