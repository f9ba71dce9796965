"""The gestures of the territory and of the service on a request: prepare, answer, file, assess, withdraw.

Each locks the request, checks, saves and journals in one transaction. Those that move money are in
`decisions`. ReserveRefusee carries the French reason.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from arpent.metier.argent import formater_euros
from arpent.metier.cycles.fiche import EtatFiche
from arpent.metier.cycles.reserve import CYCLE_RESERVE, OUVERTES
from arpent.metier.repartition.reserve import ConstatReserve, Moment, Reserve, manques
from arpent.metier.repartition.soldes import refus_montant
from arpent.plateforme.acteurs.models import Agent
from arpent.plateforme.demarches.models import Demarche
from arpent.plateforme.journal.actions import consigner
from arpent.plateforme.plans.models import Fiche
from arpent.plateforme.socle.versions import ConflitDeVersion, enregistrer_version

from ..models import DemandeReserve, JustificationReserve
from . import annonces
from .criteres import constats_de
from .droits import MODIFIABLES
from .fonds import reserve_de

TEXTE_MAX, MOTIF_MAX = 3_000, 1_000


class ReserveRefusee(ValueError):
    """The gesture is not possible; the message is French and says what to do."""


class CriteresManquants(ReserveRefusee):
    """Criteria stop the gesture: `codes` names them."""

    def __init__(self, message: str, codes: list[str]) -> None:
        super().__init__(message)
        self.codes = codes


def verrouiller_demande(demande: DemandeReserve) -> DemandeReserve:
    """The row locked and read again with its context. One query. ConflitDeVersion when it has changed."""
    connues = DemandeReserve.objects.avec_contexte().select_for_update(of=("self",))
    verrouillee = connues.get(pk=demande.pk)
    if verrouillee.version != demande.version:
        raise ConflitDeVersion(verrouillee, [])
    return verrouillee


def reserve_exigee(demarche: Demarche) -> Reserve:
    reserve = reserve_de(demarche.processus.dispositif)
    if reserve is None:
        raise ReserveRefusee("Ce dispositif n’a pas de fonds de réserve.")
    return reserve


def franchir(
    demande: DemandeReserve, geste: str, champs: Mapping[str, Any], *, par: Agent | None, motif: str = ""
) -> DemandeReserve:
    """Crosses the cycle, saves `champs` and journals. The row is locked by the caller. TransitionRefusee."""
    avant = demande.etat
    demande.etat = CYCLE_RESERVE.franchir(geste, demande.etat).vers.value
    for nom, valeur in champs.items():
        setattr(demande, nom, valeur)
    enregistrer_version(demande, demande.version, ("etat", *champs))
    consigner(
        geste, sur=demande, par=par, demarche_id=demande.demarche_id, motif=motif,
        avant={"etat": avant}, apres={"etat": demande.etat} | _a_dire(champs),
    )  # fmt: skip
    return demande


def _a_dire(champs: Mapping[str, Any]) -> dict[str, Any]:
    """What the journal keeps: not the names and dates that it has already, nor the frozen verdicts."""
    return {
        nom: valeur
        for nom, valeur in champs.items()
        if nom != "constats" and not nom.endswith(("_par_nom", "deposee_le", "avis_le", "decidee_le"))
    }


def qui(par: Agent | None) -> str:
    return par.nom_complet[:150] if par else "Arpent"


def _exiger_montant(montant: Decimal) -> None:
    if refus := refus_montant(montant):
        raise ReserveRefusee(refus)


@transaction.atomic
def ouvrir_demande(
    fiche: Fiche, montant: Decimal, justifications: Mapping[str, str], *, par: Agent | None
) -> DemandeReserve:
    """A draft for that fiche. A fiche has one open request at most. ReserveRefusee."""
    demarche = Demarche.objects.select_for_update(of=("self",)).get(pk=fiche.demarche_id)
    reserve = reserve_exigee(demarche)
    _exiger_montant(montant)
    if fiche.etat in {EtatFiche.BROUILLON.value, EtatFiche.CONTRACTUALISEE.value}:
        raise ReserveRefusee(
            f"La fiche est « {fiche.get_etat_display().lower()} » : la réserve aide une fiche proposée qui "
            "n’est pas déjà inscrite au contrat."
        )
    if fiche.aide_engagee:
        raise ReserveRefusee(
            f"L’accord sur la maquette donne déjà {formater_euros(fiche.aide_engagee)} à ce projet : la "
            "réserve aide un projet que le contrat n’a pas prévu."
        )
    if DemandeReserve.objects.filter(fiche=fiche, etat__in=OUVERTES).exists():
        raise ReserveRefusee("Ce projet a déjà une demande ouverte : modifiez-la, ou retirez-la d’abord.")
    dernier = DemandeReserve.objects.filter(demarche=demarche).aggregate(m=Max("numero"))["m"]
    demande = DemandeReserve.objects.create(
        demarche=demarche, numero=(dernier or 0) + 1, fiche=fiche, montant_demande=montant,
        cree_par_nom=qui(par),
    )  # fmt: skip
    _justifier(demande, reserve, justifications)
    consigner(
        "ouvrir_demande_reserve", sur=demande, par=par, demarche_id=demarche.pk,
        apres={"montant_demande": montant},
    )  # fmt: skip
    return demande


def _justifier(demande: DemandeReserve, reserve: Reserve, justifications: Mapping[str, str]) -> None:
    connues = {j.critere: j for j in demande.justifications.all()}
    for critere in reserve.declares:
        if critere.code not in justifications:
            continue
        texte = justifications[critere.code].strip()[:TEXTE_MAX]
        if not texte:
            demande.justifications.filter(critere=critere.code).delete()
        elif critere.code not in connues:
            JustificationReserve.objects.create(demande=demande, critere=critere.code, texte=texte)
        elif connues[critere.code].texte != texte:
            demande.justifications.filter(critere=critere.code).update(texte=texte)


@transaction.atomic
def modifier_demande(
    demande: DemandeReserve,
    montant: Decimal,
    justifications: Mapping[str, str],
    *,
    version_lue: int,
    par: Agent | None,
) -> DemandeReserve:
    """Changes the amount and the answers, while the territory holds it. ReserveRefusee, ConflitDeVersion."""
    _exiger_montant(montant)
    demande = DemandeReserve.objects.avec_contexte().select_for_update(of=("self",)).get(pk=demande.pk)
    if demande.etat not in MODIFIABLES:
        raise ReserveRefusee(
            f"La demande est « {demande.get_etat_display().lower()} » : elle ne se modifie plus."
        )
    avant = demande.montant_demande
    demande.montant_demande = montant
    enregistrer_version(demande, version_lue, ("montant_demande",))
    _justifier(demande, reserve_exigee(demande.demarche), justifications)
    consigner(
        "modifier_demande_reserve", sur=demande, par=par, demarche_id=demande.demarche_id,
        avant={"montant_demande": avant}, apres={"montant_demande": montant},
    )  # fmt: skip
    return demande


def exiger_criteres(
    constats: list[ConstatReserve], moment: Moment, suite: str, *, derogation: bool = False
) -> None:
    """CriteresManquants when some stop the gesture; `suite` says what to do."""
    if arretes := manques(constats, moment, derogation=derogation):
        dits = " ".join(f"{c.critere.libelle} : {c.explication}" for c in arretes)
        raise CriteresManquants(f"{dits} {suite}", [c.critere.code for c in arretes])


@transaction.atomic
def deposer(demande: DemandeReserve, *, par: Agent | None) -> DemandeReserve:
    """Sends it to the authority. CriteresManquants names each criterion that is not answered."""
    demande = verrouiller_demande(demande)
    CYCLE_RESERVE.franchir("deposer_demande_reserve", demande.etat)
    constats = constats_de(demande, reserve_exigee(demande.demarche))
    exiger_criteres(constats, Moment.DEPOSER, "La demande reste en brouillon.")
    champs = {"deposee_le": timezone.now(), "complement": ""}
    demande = franchir(demande, "deposer_demande_reserve", champs, par=par)
    annonces.a_l_autorite(
        demande, "une demande sur la réserve",
        f"{demande.fiche.maitre_ouvrage.nom} demande {formater_euros(demande.montant_demande)} pour "
        f"« {demande.fiche.titre} ».",
    )  # fmt: skip
    return demande


@transaction.atomic
def demander_complement(demande: DemandeReserve, question: str, *, par: Agent | None) -> DemandeReserve:
    """Sends it back to the territory with a question."""
    question = exiger_texte(question, "Écrivez ce que le territoire doit compléter.")
    demande = verrouiller_demande(demande)
    demande = franchir(
        demande, "completer_demande_reserve", {"complement": question}, par=par, motif=question
    )
    annonces.au_territoire(demande, "un complément est demandé", question)
    return demande


@transaction.atomic
def instruire(demande: DemandeReserve, avis: str, motif: str, *, par: Agent | None) -> DemandeReserve:
    """The service gives its opinion, with its reason unless it is favourable."""
    if avis not in DemandeReserve.Avis.values:
        raise ReserveRefusee("Choisissez un avis : favorable, réservé ou défavorable.")
    motif = motif.strip()[:MOTIF_MAX]
    if avis != DemandeReserve.Avis.FAVORABLE:
        motif = exiger_texte(motif, "Un avis réservé ou défavorable se motive : écrivez pourquoi.")
    demande = verrouiller_demande(demande)
    champs = {"avis": avis, "avis_motif": motif, "avis_par_nom": qui(par), "avis_le": timezone.now()}
    return franchir(demande, "instruire_reserve", champs, par=par, motif=motif)


@transaction.atomic
def retirer(demande: DemandeReserve, motif: str, *, par: Agent | None) -> DemandeReserve:
    """The territory withdraws its request before the decision."""
    motif = motif.strip()[:MOTIF_MAX]
    demande = verrouiller_demande(demande)
    deposee = demande.deposee_le is not None
    demande = franchir(demande, "retirer_demande_reserve", {"fin_motif": motif}, par=par, motif=motif)
    if deposee:
        annonces.a_l_autorite(demande, "une demande sur la réserve est retirée", motif or demande.fiche.titre)
    return demande


def exiger_texte(texte: str, refus: str) -> str:
    texte = texte.strip()[:MOTIF_MAX]
    if not texte:
        raise ReserveRefusee(refus)
    return texte
