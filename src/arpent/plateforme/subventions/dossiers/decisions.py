"""The award and its notification: the ledger commits the aid and takes back what the line has more.

Lock order: the file, then the envelopes, then the journal.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from django.db import transaction

from arpent.metier.argent import ZERO, formater_euros
from arpent.metier.cycles import CYCLE_DOSSIER, EtatReserve
from arpent.metier.repartition.soldes import Stade
from arpent.plateforme.acteurs.models import Agent
from arpent.plateforme.contrats.exigences import ContratRefuse
from arpent.plateforme.documents.rendu.pdf import RenduImpossible
from arpent.plateforme.negociations.credits.engagements import Operation, attribuer, liberer
from arpent.plateforme.negociations.credits.registre import CreditRefuse, Piece
from arpent.plateforme.negociations.credits.restes import noeud_de_la_fiche, rendre_le_reste
from arpent.plateforme.negociations.models import DemandeReserve, Mouvement

from ..emissions import ActeEmis, actes_emis, emettre_actes
from ..models import Dossier
from . import annonces
from .actions import DossierRefuse, exiger_texte, franchir, ligne_a_jour, verrouiller_dossier

LETTRE = "lettre"


@transaction.atomic
def voter(dossier: Dossier, montant: Decimal, decision: str, *, le: date, par: Agent | None) -> Dossier:
    """Notes the award by that act. The credits are committed, the rest of the line is given back.

    DossierRefuse when the ledger refuses: nothing is written, its reason says what to do.
    """
    decision = exiger_texte(decision, "Écrivez le numéro de la délibération qui attribue l’aide.")[:120]
    dossier = verrouiller_dossier(dossier)
    CYCLE_DOSSIER.franchir("voter_aide", dossier.etat)
    ligne = ligne_a_jour(dossier, le)
    for nom, valeur in ligne.items():
        setattr(dossier, nom, valeur)
    if montant <= ZERO:
        raise DossierRefuse("Une aide votée est positive : notez un rejet si l’assemblée n’accorde rien.")
    if montant > dossier.montant_contractualise:
        raise DossierRefuse(
            f"Dossier {dossier.reference} : {formater_euros(montant)} dépassent la ligne du contrat "
            f"({formater_euros(dossier.montant_contractualise)}). Faites d’abord un avenant."
        )
    piece = Piece(f"Dossier {dossier.reference}", decision, le, demonstration=dossier.demonstration)
    try:
        rendu = _suivre_au_registre(dossier, montant, piece, par)
    except CreditRefuse as refus:
        raise DossierRefuse(f"Dossier {dossier.reference} : {refus}") from refus
    champs = ligne | {
        "montant_attribue": montant, "montant_rendu": rendu, "decision": decision, "vote_le": le,
    }  # fmt: skip
    return franchir(dossier, "voter_aide", champs, par=par, motif=decision)


def _suivre_au_registre(dossier: Dossier, montant: Decimal, piece: Piece, par: Agent | None) -> Decimal:
    """Commits what is not committed yet, and gives back the rest. Answers what was given back. CreditRefuse.

    What the reserve pays was committed when it was drawn: its own gestures give it back.
    """
    fiche = dossier.fiche
    fiche.demarche = dossier.demarche
    tirees = DemandeReserve.objects.filter(fiche=fiche, etat=EtatReserve.TIREE.value)
    if tirees.exists():
        return ZERO
    noeud = noeud_de_la_fiche(fiche, dossier.fonds_id)
    engage = Mouvement.objects.filter(
        fiche=fiche, enveloppe__demarche=dossier.demarche_id, stade=Stade.ENGAGE
    ).soldes()
    ecart = montant - engage.engage
    operation = Operation(abs(ecart), fiche, dossier.annee_programmation, piece)
    if ecart > ZERO:
        attribuer(noeud, operation, par=par)
    elif ecart < ZERO:
        liberer(noeud, operation, par=par)
    reste = dossier.montant_contractualise - montant
    return rendre_le_reste(fiche, reste, piece=piece, par=par) if reste > ZERO else ZERO


@transaction.atomic
def notifier_l_aide(dossier: Dossier, *, par: Agent | None, le: date) -> Dossier:
    """Issues the letter of award when it is not, and tells the owner. DossierRefuse."""
    dossier = verrouiller_dossier(dossier)
    CYCLE_DOSSIER.franchir("notifier_dossier", dossier.etat)
    if lettre_de(dossier) is None:
        try:
            faite = emettre_actes(
                dossier.demarche, genres=[LETTRE], projets=[dossier.fiche_id], le=le, par=par,
                blancs_permis=True,
            )  # fmt: skip
        except (ContratRefuse, RenduImpossible) as refus:
            raise DossierRefuse(str(refus)) from refus
        if not faite.emis:
            raise DossierRefuse(" ".join(faite.refus) or "La lettre n’a pas pu être émise.")
    dossier = franchir(dossier, "notifier_dossier", {"notifie_le": le}, par=par)
    annonces.au_porteur(
        dossier,
        "une aide vous est attribuée",
        f"{formater_euros(dossier.montant_attribue)} pour « {dossier.fiche.titre} », par la décision "
        f"{dossier.decision}. La lettre est dans le dossier.",
    )
    return dossier


def lettre_de(dossier: Dossier) -> ActeEmis | None:
    """The last letter of award of the project that says the amount awarded. One query."""
    actes = actes_emis(dossier.demarche).get(dossier.fiche_id, [])
    lettre = next((a for a in actes if a.code == LETTRE), None)
    return lettre if lettre is not None and lettre.aide == dossier.montant_attribue else None
