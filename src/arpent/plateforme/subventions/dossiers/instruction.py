"""The gestures of the service: acknowledge a complete file, allow an early start, propose, reject."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from django.db import transaction

from arpent.metier.argent import formater_euros
from arpent.metier.cycles import CYCLE_DOSSIER
from arpent.metier.cycles.dossier import EN_COURS
from arpent.metier.subvention import AideReelle, Manque, refus_du_montant
from arpent.plateforme.acteurs.models import Agent
from arpent.plateforme.contrats.signatures.circuits import en_une_fois

from ..models import DemandePiece, Dossier, LigneRapport
from . import annonces
from .actions import (
    DossierIncomplet,
    DossierRefuse,
    exiger_texte,
    franchir,
    ligne_a_jour,
    noter,
    qui,
    verrouiller_dossier,
)
from .calcul import aide_de, commencement_du, figer
from .completude import completude_de
from .documents import emettre_accuse


def accuser(dossier: Dossier, *, par: Agent | None, le: date) -> Dossier:
    """The file is whole: its acknowledgement is issued, the owner may start the work.

    DossierIncomplet names the pieces that are missing or not accepted; RenduImpossible.
    """
    with en_une_fois() as emis:
        dossier = verrouiller_dossier(dossier)
        CYCLE_DOSSIER.franchir("accuser_dossier", dossier.etat)
        completude = completude_de(dossier, list(dossier.pieces.all()))
        manques = [
            *completude.a_fournir,
            *(
                Manque(f"piece_{a.code}", a.libelle, "Acceptez-la ou refusez-la.")
                for a in completude.a_examiner
            ),
        ]
        if manques:
            raise DossierIncomplet(manques)
        DemandePiece.objects.filter(dossier=dossier, repondue_le=None, levee_le=None).update(levee_le=le)
        champs = {"complet_le": le, "instruit_par_nom": qui(par)}
        dossier = franchir(dossier, "accuser_dossier", champs, par=par)
        emis += emettre_accuse(dossier, par=par, le=le)
        annonces.au_porteur(
            dossier,
            "il est reconnu complet",
            f"{commencement_du(dossier, le).phrase} L’accusé est au dossier.",
        )
        return dossier


@transaction.atomic
def autoriser_le_commencement(
    dossier: Dossier, a_partir_du: date, motif: str, *, par: Agent | None
) -> Dossier:
    """The authority lets the work start before the file is complete: it promises no aid."""
    motif = exiger_texte(motif, "Écrivez pourquoi le commencement ne peut pas attendre.")
    dossier = verrouiller_dossier(dossier)
    if dossier.etat not in EN_COURS:
        raise DossierRefuse("Le commencement s’autorise entre le dépôt et le vote de l’aide.")
    if dossier.complet_le is not None and a_partir_du >= dossier.complet_le:
        raise DossierRefuse(
            f"Le dossier est complet depuis le {dossier.complet_le:%d/%m/%Y} : les travaux peuvent déjà "
            "commencer."
        )
    champs = {"debut_autorise_le": a_partir_du, "debut_autorise_motif": motif[:500]}
    dossier = noter(dossier, "autoriser_commencement", champs, par=par, motif=motif)
    annonces.au_porteur(
        dossier,
        "vous pouvez commencer",
        f"À partir du {a_partir_du:%d/%m/%Y}. Cela ne vaut pas accord d’aide.",
    )
    return dossier


def exiger_le_montant(dossier: Dossier, montant: Decimal, motif: str, le: date) -> AideReelle:
    """The calculation of that day, when it allows the amount. DossierRefuse."""
    aide = aide_de(dossier, le)
    if aide is None:
        raise DossierRefuse(
            "Le coût réel ou la dépense éligible manquent : demandez-les au maître d’ouvrage."
        )
    if refus := refus_du_montant(montant, aide, motif):
        raise DossierRefuse(refus)
    commencement = commencement_du(dossier, le)
    if commencement.regulier is False:
        raise DossierRefuse(
            f"Les travaux ont commencé le {dossier.debut_le:%d/%m/%Y}, avant d’y être autorisés "
            f"({commencement.article}) : rejetez le dossier, ou autorisez ce commencement en disant pourquoi."
        )
    return aide


@transaction.atomic
def proposer(dossier: Dossier, montant: Decimal, motif: str, *, par: Agent | None, le: date) -> Dossier:
    """Proposes an amount to the commission; the calculation of that day is frozen with it. DossierRefuse."""
    dossier = verrouiller_dossier(dossier)
    CYCLE_DOSSIER.franchir("proposer_aide", dossier.etat)
    champs = ligne_a_jour(dossier, le)
    for nom, valeur in champs.items():
        setattr(dossier, nom, valeur)
    motif = motif.strip()[:1000]
    aide = exiger_le_montant(dossier, montant, motif, le)
    champs |= {
        "montant_propose": montant, "motif_proposition": motif, "calcul": figer(aide), "propose_le": le,
        "instruit_par_nom": qui(par),
    }  # fmt: skip
    return franchir(dossier, "proposer_aide", champs, par=par, motif=motif)


def _exiger_hors_rapport(dossier: Dossier) -> None:
    """One query. DossierRefuse when a report that waits for its vote carries it."""
    ligne = LigneRapport.objects.filter(dossier=dossier, sens="").select_related("rapport").first()
    if ligne is not None:
        raise DossierRefuse(f"Le {str(ligne.rapport).lower()} porte ce dossier : retirez-l’en d’abord.")


@transaction.atomic
def reprendre(dossier: Dossier, *, par: Agent | None) -> Dossier:
    """Takes the proposal back, as long as no report carries it."""
    dossier = verrouiller_dossier(dossier)
    CYCLE_DOSSIER.franchir("reprendre_dossier", dossier.etat)
    _exiger_hors_rapport(dossier)
    champs: dict[str, Any] = {
        "montant_propose": None,
        "motif_proposition": "",
        "calcul": [],
        "propose_le": None,
    }
    return franchir(dossier, "reprendre_dossier", champs, par=par)


@transaction.atomic
def rejeter(dossier: Dossier, motif: str, *, par: Agent | None, le: date, decision: str = "") -> Dossier:
    """Rejects the file, with the reason told to its owner. What the line held goes nowhere by itself."""
    motif = exiger_texte(motif, "Un rejet se motive : écrivez la raison, le maître d’ouvrage la lira.")
    dossier = verrouiller_dossier(dossier)
    CYCLE_DOSSIER.franchir("rejeter_dossier", dossier.etat)
    _exiger_hors_rapport(dossier)
    champs = {"fin_motif": motif, "clos_le": le, "decision": decision[:120], "instruit_par_nom": qui(par)}
    dossier = franchir(dossier, "rejeter_dossier", champs, par=par, motif=motif)
    annonces.au_porteur(dossier, "il est rejeté", motif)
    return dossier


def phrase_du_montant(montant: Decimal, aide: AideReelle) -> str:
    """What proposing that amount does to the line of the contract."""
    reste = aide.aide_du_contrat - montant
    if reste <= 0:
        return "Toute l’aide du contrat est proposée."
    return f"{formater_euros(reste)} reviendront à l’enveloppe du territoire, par la décision d’attribution."
