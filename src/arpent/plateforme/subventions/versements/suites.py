"""After a payment: release what was withheld, ask money back and collect it, close the file."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db import transaction
from django.db.models import Max

from arpent.metier.argent import ZERO, formater_euros
from arpent.metier.cycles import CYCLE_REVERSEMENT, EtatVersement
from arpent.metier.cycles.versement import VERSEMENTS_OUVERTS, EtatReversement
from arpent.metier.versements import GenreVersement, refus_reversement
from arpent.plateforme.acteurs.models import Agent
from arpent.plateforme.journal.actions import consigner
from arpent.plateforme.negociations.credits.registre import Piece
from arpent.plateforme.socle.versions import ConflitDeVersion, enregistrer_version

from ..dossiers.actions import franchir as franchir_dossier
from ..dossiers.actions import qui, verrouiller_dossier
from ..models import Dossier, Retenue, Reversement
from . import annonces, livre
from .actions import VersementRefuse, dossier_a_payer, exiger, exiger_texte
from .compte import lire_compte


@transaction.atomic
def lever_retenue(retenue: Retenue, motif: str, *, par: Agent | None, le: date) -> Retenue:
    """What was withheld becomes payable with the next request. VersementRefuse."""
    motif = exiger_texte(motif, "Dites pourquoi la retenue est levée.")[:500]
    dossier = dossier_a_payer(retenue.demande.dossier)
    levee = Retenue.objects.filter(pk=retenue.pk, levee_le=None, demande__etat=EtatVersement.PAYEE.value)
    if not levee.update(levee_le=le, levee_par_nom=qui(par), levee_motif=motif):
        raise VersementRefuse(
            "Cette retenue est déjà levée, ou son versement n’est pas encore mis en paiement."
        )
    consigner(
        "lever_retenue", sur=retenue.demande, par=par, demarche_id=dossier.demarche_id, motif=motif,
        apres={"montant": retenue.montant},
    )  # fmt: skip
    annonces.au_porteur(
        dossier, "une retenue est levée",
        f"{formater_euros(retenue.montant)} peuvent être demandés avec le prochain versement. {motif}",
    )  # fmt: skip
    retenue.refresh_from_db()
    return retenue


# --- money that comes back ------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Demande:
    """What is asked back."""

    cause: str
    montant: Decimal
    motif: str


@transaction.atomic
def demander_reversement(
    dossier: Dossier, lu: Demande, *, par: Agent | None, le: date, demonstration: bool = False
) -> Reversement:
    """Asks for money back, within what was paid and is not asked for yet. VersementRefuse."""
    dossier = Dossier.objects.avec_contexte().select_for_update(of=("self",)).get(pk=dossier.pk)
    compte = lire_compte(dossier)
    attendus = [r.montant for r in compte.reversements if r.etat == EtatReversement.DEMANDE.value]
    exiger(refus_reversement(lu.montant, compte.aide.verse - sum(attendus, ZERO), lu.motif))
    dernier = dossier.reversements.aggregate(m=Max("numero"))["m"]
    reversement: Reversement = Reversement.objects.create(
        dossier=dossier, numero=(dernier or 0) + 1, cause=lu.cause, montant=lu.montant,
        motif=lu.motif.strip()[:1000], demande_par_nom=qui(par), demande_le=le, demonstration=demonstration,
    )  # fmt: skip
    consigner(
        "demander_reversement", sur=reversement, par=par, demarche_id=dossier.demarche_id, motif=lu.motif,
        apres={"montant": lu.montant, "cause": lu.cause},
    )  # fmt: skip
    annonces.au_porteur(
        dossier, "un reversement est demandé", f"{formater_euros(lu.montant)} : {lu.motif.strip()}"
    )
    return reversement


def _verrouiller(reversement: Reversement) -> Reversement:
    dossier = Dossier.objects.avec_contexte().select_for_update(of=("self",)).get(pk=reversement.dossier_id)
    lu: Reversement = Reversement.objects.select_for_update(of=("self",)).get(pk=reversement.pk)
    lu.dossier = dossier
    if lu.version != reversement.version:
        raise ConflitDeVersion(lu, [])
    return lu


def _franchir(
    reversement: Reversement, geste: str, champs: dict[str, object], par: Agent | None, motif: str = ""
) -> Reversement:
    avant = reversement.etat
    reversement.etat = CYCLE_REVERSEMENT.franchir(geste, reversement.etat).vers.value
    for nom, valeur in champs.items():
        setattr(reversement, nom, valeur)
    enregistrer_version(reversement, reversement.version, ("etat", *champs))
    consigner(
        geste, sur=reversement, par=par, demarche_id=reversement.dossier.demarche_id, motif=motif,
        avant={"etat": avant}, apres={"etat": reversement.etat} | champs,
    )  # fmt: skip
    return reversement


@transaction.atomic
def recouvrer(
    reversement: Reversement, titre: str, recouvre_le: date, *, par: Agent | None, le: date
) -> Reversement:
    """The money is back: the ledger says so. VersementRefuse, CreditRefuse."""
    titre = exiger_texte(titre, "Écrivez le numéro du titre de recette.")[:60]
    reversement = _verrouiller(reversement)
    CYCLE_REVERSEMENT.franchir("recouvrer_reversement", reversement.etat)
    if recouvre_le > le:
        raise VersementRefuse("Le recouvrement est daté dans l’avenir : notez-le quand il est fait.")
    if recouvre_le < reversement.demande_le:
        raise VersementRefuse(
            f"Le recouvrement précède la demande, le {reversement.demande_le:%d/%m/%Y} : vérifiez la date."
        )
    piece = Piece(
        f"Reversement n° {reversement.numero}, dossier {reversement.dossier.reference}", f"Titre {titre}",
        recouvre_le, reversement.demonstration,
    )  # fmt: skip
    livre.reprendre(reversement.dossier, reversement.montant, recouvre_le.year, piece, par=par)
    champs: dict[str, object] = {"titre_numero": titre, "recouvre_le": recouvre_le}
    return _franchir(reversement, "recouvrer_reversement", champs, par)


@transaction.atomic
def abandonner(reversement: Reversement, motif: str, *, par: Agent | None) -> Reversement:
    motif = exiger_texte(motif, "Dites pourquoi le reversement est abandonné (remise gracieuse, erreur).")
    return _franchir(_verrouiller(reversement), "abandonner_reversement", {"fin_motif": motif}, par, motif)


# --- closing --------------------------------------------------------------------------------------


def obstacle_au_solde(dossier: Dossier) -> str:
    """Why the file cannot be closed, and what to do; empty when it can. Three queries."""
    compte = lire_compte(dossier)
    payes = [d for d in compte.demandes if d.etat == EtatVersement.PAYEE.value]
    if any(d.etat in VERSEMENTS_OUVERTS for d in compte.demandes):
        return "Une demande de versement est en cours : terminez-la avant de solder le dossier."
    if not any(d.genre == GenreVersement.SOLDE for d in payes):
        return "Le solde n’est pas encore versé : il se demande avec le certificat d’achèvement."
    if any(r.etat == EtatReversement.DEMANDE.value for r in compte.reversements):
        return "Un reversement est attendu : notez son recouvrement, ou son abandon."
    if compte.aide.retenu:
        return (
            f"{formater_euros(compte.aide.retenu)} sont encore retenus : levez la retenue et versez-la, ou "
            "demandez au bénéficiaire d’y renoncer avant de solder."
        )
    return ""


@transaction.atomic
def solder(dossier: Dossier, *, par: Agent | None, le: date) -> Dossier:
    """Closes a file wholly paid: what is committed and not paid goes back to its envelope."""
    dossier = verrouiller_dossier(dossier)
    exiger(obstacle_au_solde(dossier))
    piece = Piece(f"Dossier {dossier.reference} soldé", "", None, dossier.demonstration)
    rendu = livre.rendre_le_reste(dossier, piece, par=par)
    rendu_dit = f"{formater_euros(rendu)} reviennent à l’enveloppe." if rendu else ""
    dossier = franchir_dossier(dossier, "solder_dossier", {"clos_le": le}, par=par, motif=rendu_dit)
    annonces.au_porteur(dossier, "le dossier est soldé", "L’aide est entièrement versée. Merci.")
    return dossier
