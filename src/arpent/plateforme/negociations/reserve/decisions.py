"""The gestures of the authority that move the money of the reserve, under the lock of its envelope.

Lock order: the request, then the envelopes, then the journal. Granting moves the amount from the fund to the
node of the territory; drawing commits it there; giving it back moves it to the fund again.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from uuid import uuid4

from django.db import transaction
from django.utils import timezone

from arpent.metier.argent import ZERO, formater_euros
from arpent.metier.cycles.reserve import A_DECIDER, CYCLE_RESERVE, EtatReserve
from arpent.metier.repartition.reserve import (
    LIBELLES_VERDICT_CRITERE,
    ConstatReserve,
    Moment,
    manques,
    refus_accord,
)
from arpent.metier.repartition.soldes import Stade
from arpent.plateforme.acteurs.models import Agent
from arpent.plateforme.reglements.models import Dispositif

from ..credits.engagements import Operation, attribuer
from ..credits.engagements import liberer as liberer_engagement
from ..credits.noeuds import noeud_du_territoire
from ..credits.registre import CreditRefuse, Ecriture, Piece, consigner_mouvement, inscrire, soldes_propres
from ..credits.verrou import verrouiller
from ..models import DemandeReserve, Enveloppe, Genre, Mouvement
from . import annonces
from .actions import (
    MOTIF_MAX,
    ReserveRefusee,
    exiger_criteres,
    exiger_texte,
    franchir,
    qui,
    reserve_exigee,
    verrouiller_demande,
)
from .criteres import constats_de
from .fonds import racine_exigee


def _piece(motif: str, acte: str, acte_le: date | None) -> Piece:
    return Piece(motif[:300], acte[:120], acte_le)


def _noeud(demande: DemandeReserve) -> tuple[Enveloppe, Enveloppe]:
    """The node of the fund and that of the territory in it, both locked. CreditRefuse."""
    racine = racine_exigee(demande.demarche.processus.dispositif)
    noeud = noeud_du_territoire(racine.fonds, demande.demarche)
    connus = verrouiller([noeud])
    return connus[racine.pk], connus[noeud.pk]


def _deplacer(
    demande: DemandeReserve, de: Enveloppe, vers: Enveloppe, montant: Decimal, par: Agent | None, piece: Piece
) -> None:
    """Both halves of the amount of a request, each naming its fiche."""
    lien, fiche, annee = uuid4(), demande.fiche_id, demande.fiche.annee
    inscrire(
        [
            Ecriture(de, Stade.ALLOUE, Genre.RESERVE, -montant, annee, fiche, lien, piece),
            Ecriture(vers, Stade.ALLOUE, Genre.RESERVE, montant, annee, fiche, lien, piece),
        ],
        par=par,
    )


def figer(constats: list[ConstatReserve]) -> list[dict[str, str]]:
    return [
        {
            "libelle": c.critere.libelle,
            "verdict": c.verdict.value,
            "verdict_libelle": LIBELLES_VERDICT_CRITERE[c.verdict],
            "explication": c.explication,
        }
        for c in constats
    ]


@transaction.atomic
def accorder(
    demande: DemandeReserve,
    montant: Decimal,
    motif: str,
    *,
    acte: str = "",
    acte_le: date | None = None,
    derogation: str = "",
    par: Agent | None,
) -> DemandeReserve:
    """Grants the amount and takes it out of what is left. CreditRefuse, CriteresManquants, ReserveRefusee.

    `derogation`: why it is granted although a criterion is not fulfilled. The balance has no derogation.
    """
    demande = verrouiller_demande(demande)
    CYCLE_RESERVE.franchir("accorder_reserve", demande.etat)
    motif, derogation = motif.strip()[:MOTIF_MAX], derogation.strip()[:MOTIF_MAX]
    if montant > demande.montant_demande:
        raise ReserveRefusee(
            f"Le territoire demande {formater_euros(demande.montant_demande)} : accordez ce montant au plus."
        )
    racine, noeud = _noeud(demande)
    reste = soldes_propres(racine).reste_a_engager
    if refus := refus_accord(montant, reste):
        raise CreditRefuse(refus)
    constats = constats_de(demande, reserve_exigee(demande.demarche), montant=montant, reste=reste)
    fermes = manques(constats, Moment.ACCORDER, derogation=True)
    suite = (
        "Une dérogation n’y peut rien : accordez moins, ou écartez la règle sur la fiche."
        if fermes
        else "Refusez, ou écrivez le motif d’une dérogation pour accorder quand même."
    )
    exiger_criteres(constats, Moment.ACCORDER, suite, derogation=bool(derogation))
    _deplacer(demande, racine, noeud, montant, par, _piece(motif or derogation, acte, acte_le))
    champs = {
        "montant_accorde": montant, "decision_motif": motif, "derogation": derogation,
        "decidee_par_nom": qui(par), "decidee_le": timezone.now(), "acte": acte.strip()[:120],
        "acte_le": acte_le, "constats": figer(constats),
    }  # fmt: skip
    demande = franchir(demande, "accorder_reserve", champs, par=par, motif=derogation or motif)
    annonces.au_territoire(
        demande, "l’aide est accordée", f"{formater_euros(montant)} vous sont réservés. {motif}".strip()
    )
    return demande


@transaction.atomic
def refuser(
    demande: DemandeReserve, motif: str, *, acte: str = "", acte_le: date | None = None, par: Agent | None
) -> DemandeReserve:
    """Refuses, with the reason told to the territory. Nothing was taken, nothing moves."""
    motif = exiger_texte(motif, "Un refus se motive : écrivez la raison, le territoire la lira.")
    demande = verrouiller_demande(demande)
    CYCLE_RESERVE.franchir("refuser_reserve", demande.etat)
    champs = {
        "decision_motif": motif, "decidee_par_nom": qui(par), "decidee_le": timezone.now(),
        "acte": acte.strip()[:120], "acte_le": acte_le,
        "constats": figer(constats_de(demande, reserve_exigee(demande.demarche))),
    }  # fmt: skip
    demande = franchir(demande, "refuser_reserve", champs, par=par, motif=motif)
    annonces.au_territoire(demande, "la demande est refusée", motif)
    return demande


@transaction.atomic
def tirer(
    demande: DemandeReserve, voie: str, numero: str, le: date | None, *, par: Agent | None
) -> DemandeReserve:
    """Commits the amount granted, by an avenant or by an act with its number and date. CreditRefuse."""
    if voie not in DemandeReserve.Voie.values:
        raise ReserveRefusee("Choisissez la voie du tirage : un avenant, ou un acte.")
    numero = exiger_texte(numero, "Écrivez le numéro de l’avenant ou de l’acte.")[:120]
    if le is None:
        raise ReserveRefusee("Donnez la date de l’avenant ou de l’acte.")
    demande = verrouiller_demande(demande)
    CYCLE_RESERVE.franchir("tirer_reserve", demande.etat)
    _, noeud = _noeud(demande)
    operation = Operation(
        demande.montant_accorde or ZERO, demande.fiche, demande.fiche.annee,
        _piece(f"Demande de réserve n° {demande.numero}", numero, le),
    )  # fmt: skip
    attribuer(noeud, operation, par=par)
    champs = {"voie": voie, "tirage": numero, "tirage_le": le}
    demande = franchir(demande, "tirer_reserve", champs, par=par)
    annonces.au_territoire(
        demande, "l’aide est engagée", f"{formater_euros(demande.montant_accorde)}, {numero}."
    )
    return demande


def a_rendre(demande: DemandeReserve) -> Decimal:
    """What would go back to the fund: what was granted, less what was paid of it. At most one query."""
    accorde = demande.montant_accorde or ZERO
    if demande.etat != EtatReserve.TIREE.value:
        return accorde
    du_projet = Mouvement.objects.filter(
        enveloppe__demarche=demande.demarche_id, enveloppe__fonds__code=_code(demande), fiche=demande.fiche_id
    ).soldes()
    return min(accorde, du_projet.reste_a_payer)


def _code(demande: DemandeReserve) -> str:
    return reserve_exigee(demande.demarche).fonds


@transaction.atomic
def rendre(demande: DemandeReserve, motif: str, *, par: Agent | None) -> DemandeReserve:
    """Gives back to the fund what was granted and will not be paid. CreditRefuse, ReserveRefusee."""
    motif = exiger_texte(motif, "Écrivez pourquoi ce montant revient à la réserve.")
    demande = verrouiller_demande(demande)
    CYCLE_RESERVE.franchir("rendre_reserve", demande.etat)
    racine, noeud = _noeud(demande)
    montant = a_rendre(demande)
    if montant <= ZERO:
        raise ReserveRefusee("Tout ce qui a été tiré est payé : il n’y a rien à rendre à la réserve.")
    piece = _piece(motif, "", None)
    if demande.etat == EtatReserve.TIREE.value:
        operation = Operation(montant, demande.fiche, demande.fiche.annee, piece)
        liberer_engagement(noeud, operation, par=par)
    _deplacer(demande, noeud, racine, montant, par, piece)
    champs = {"montant_libere": montant, "fin_motif": motif}
    demande = franchir(demande, "rendre_reserve", champs, par=par, motif=motif)
    annonces.au_territoire(demande, "l’aide est libérée", motif)
    return demande


@transaction.atomic
def liberer_reserve(
    dispositif: Dispositif, motif: str, acte: str, acte_le: date | None, *, par: Agent | None
) -> Mouvement:
    """End of the generation: what is left leaves the reserve, by one movement.

    CreditRefuse, ReserveRefusee.
    """
    motif = exiger_texte(motif, "Écrivez pourquoi la réserve est libérée.")
    acte = exiger_texte(acte, "La réserve se libère par un acte : écrivez sa référence.")[:120]
    racine = racine_exigee(dispositif)
    racine = verrouiller([racine])[racine.pk]
    attendent = DemandeReserve.objects.du_dispositif(dispositif).filter(etat__in=A_DECIDER).count()
    if attendent:
        raise ReserveRefusee(
            f"{attendent} demande{'s attendent' if attendent > 1 else ' attend'} une décision : décidez "
            "avant de libérer la réserve."
        )
    reste = soldes_propres(racine).reste_a_engager
    if reste <= ZERO:
        raise ReserveRefusee("Il ne reste rien dans la réserve : il n’y a rien à libérer.")
    piece = _piece(motif, acte, acte_le)
    (mouvement,) = inscrire([Ecriture(racine, Stade.ALLOUE, Genre.LIBERATION, -reste, piece=piece)], par=par)
    consigner_mouvement("liberer_reserve", racine, reste, par, piece)
    return mouvement
