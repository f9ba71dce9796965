"""The gestures on a request for payment: prepare, file, certify, pay, refuse.

Each locks the file then the request, checks, saves and journals in one transaction; the payment is written
in the ledger by the same gesture. VersementRefuse carries the French reason.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import Max

from arpent.metier.argent import ZERO, formater_euros
from arpent.metier.cycles import CYCLE_VERSEMENT, EtatDossier
from arpent.metier.cycles.versement import VERSEMENTS_OUVERTS
from arpent.metier.versements import (
    LIBELLES_GENRE,
    GenreVersement,
    Payable,
    refus_montant,
    refus_retenue,
)
from arpent.plateforme.acteurs.models import Agent
from arpent.plateforme.journal.actions import consigner
from arpent.plateforme.negociations.credits.registre import Piece
from arpent.plateforme.socle.versions import ConflitDeVersion, enregistrer_version

from ..dossiers.actions import qui
from ..models import DemandeVersement, Dossier, Retenue
from . import annonces, livre
from .compte import lire_compte, parts_de
from .droits import MODIFIABLES

MOTIF_MAX = 1_000
CHAMPS = ("genre", "montant_demande", "depenses", "precisions")


class VersementRefuse(ValueError):
    """The gesture is not possible; the message is French and says what to do."""


@dataclass(frozen=True, slots=True)
class Certification:
    """What the service found: the amount due, the expenses kept, what is withheld of it and why."""

    montant: Decimal
    depenses: Decimal | None = None
    raison: str = ""
    retenue: Decimal = ZERO
    retenue_motif: str = ""


def exiger(refus: str) -> None:
    if refus:
        raise VersementRefuse(refus)


def exiger_texte(texte: str, refus: str) -> str:
    texte = texte.strip()[:MOTIF_MAX]
    exiger("" if texte else refus)
    return texte


def dossier_a_payer(dossier: Dossier) -> Dossier:
    """The file locked and read again; VersementRefuse unless its aid was notified. One query."""
    lu = Dossier.objects.avec_contexte().select_for_update(of=("self",)).get(pk=dossier.pk)
    if lu.etat != EtatDossier.NOTIFIE.value:
        raise VersementRefuse(
            f"Le dossier est « {lu.get_etat_display().lower()} » : seule une aide notifiée, ni soldée ni "
            "caduque, se verse."
        )
    return lu


def verrouiller(demande: DemandeVersement) -> DemandeVersement:
    """Its file locked first, then the row read again with its context. ConflitDeVersion when it changed."""
    dossier = dossier_a_payer(demande.dossier)
    lue = DemandeVersement.objects.select_for_update(of=("self",)).get(pk=demande.pk)
    lue.dossier = dossier
    if lue.version != demande.version:
        raise ConflitDeVersion(lue, [])
    return lue


def franchir(
    demande: DemandeVersement, geste: str, champs: Mapping[str, Any], *, par: Agent | None, motif: str = ""
) -> DemandeVersement:
    """Crosses the cycle, saves `champs` and journals. The row is locked by the caller. TransitionRefusee."""
    avant = demande.etat
    demande.etat = CYCLE_VERSEMENT.franchir(geste, demande.etat).vers.value
    for nom, valeur in champs.items():
        setattr(demande, nom, valeur)
    enregistrer_version(demande, demande.version, ("etat", *champs))
    consigner(
        geste, sur=demande, par=par, demarche_id=demande.dossier.demarche_id, motif=motif,
        avant={"etat": avant},
        apres={"etat": demande.etat}
        | {n: v for n, v in champs.items() if n != "calcul" and not n.endswith("_par_nom")},
    )  # fmt: skip
    return demande


# --- the owner ------------------------------------------------------------------------------------


@transaction.atomic
def ouvrir_demande(
    dossier: Dossier, valeurs: Mapping[str, Any], *, par: Agent | None, demonstration: bool = False
) -> DemandeVersement:
    """A draft; a file has one open request at most. VersementRefuse."""
    dossier = dossier_a_payer(dossier)
    if dossier.versements.filter(etat__in=VERSEMENTS_OUVERTS).exists():
        raise VersementRefuse("Ce dossier a déjà une demande de versement en cours : terminez-la d’abord.")
    dernier = dossier.versements.aggregate(m=Max("numero"))["m"]
    demande: DemandeVersement = DemandeVersement(
        dossier=dossier, numero=(dernier or 0) + 1, cree_par_nom=qui(par), demonstration=demonstration,
        **{nom: valeurs[nom] for nom in CHAMPS if valeurs.get(nom) is not None},
    )  # fmt: skip
    demande.save(force_insert=True)
    consigner(
        "ouvrir_demande_versement", sur=demande, par=par, demarche_id=dossier.demarche_id,
        apres={"genre": demande.genre, "montant_demande": demande.montant_demande},
    )  # fmt: skip
    return demande


@transaction.atomic
def modifier_demande(
    demande: DemandeVersement, valeurs: Mapping[str, Any], *, version_lue: int, par: Agent | None
) -> DemandeVersement:
    """Changes what is asked while the owner holds it. VersementRefuse, ConflitDeVersion."""
    demande = DemandeVersement.objects.avec_contexte().select_for_update(of=("self",)).get(pk=demande.pk)
    if demande.etat not in MODIFIABLES:
        raise VersementRefuse(
            f"La demande est « {demande.get_etat_display().lower()} » : elle ne se modifie plus."
        )
    champs = {nom: valeurs[nom] for nom in CHAMPS if nom in valeurs}
    avant = {nom: getattr(demande, nom) for nom in champs}
    for nom, valeur in champs.items():
        setattr(demande, nom, valeur)
    enregistrer_version(demande, version_lue, champs)
    changes = {nom: v for nom, v in champs.items() if v != avant[nom]}
    if changes:
        consigner(
            "modifier_demande_versement", sur=demande, par=par, demarche_id=demande.dossier.demarche_id,
            avant={nom: avant[nom] for nom in changes}, apres=changes,
        )  # fmt: skip
    return demande


@transaction.atomic
def deposer(demande: DemandeVersement, *, par: Agent | None, le: date) -> DemandeVersement:
    """Sends it to the authority, within what the rules let pay on the expenses declared. VersementRefuse."""
    demande = verrouiller(demande)
    CYCLE_VERSEMENT.franchir("deposer_demande_versement", demande.etat)
    compte = lire_compte(demande.dossier)
    if demande.genre != GenreVersement.AVANCE and demande.depenses is None:
        raise VersementRefuse(
            "Écrivez le total des dépenses éligibles payées depuis le début de l’opération."
        )
    calcule = compte.payable(demande.genre, demande.depenses)
    exiger(refus_montant(demande.montant_demande, calcule, raison="demande du bénéficiaire"))
    pieces = compte.regles.pieces_de(demande.genre)
    if pieces and not demande.pieces.filter(retiree_le=None).exists():
        raise VersementRefuse(f"Joignez au moins une pièce. Attendues : {' ; '.join(pieces)}.")
    champs = {"depose_le": le, "depose_par_nom": qui(par), "complement": ""}
    demande = franchir(demande, "deposer_demande_versement", champs, par=par)
    annonces.deposee(demande)
    return demande


@transaction.atomic
def retirer(demande: DemandeVersement, motif: str, *, par: Agent | None) -> DemandeVersement:
    demande = verrouiller(demande)
    motif = motif.strip()[:MOTIF_MAX]
    return franchir(demande, "retirer_demande_versement", {"fin_motif": motif}, par=par, motif=motif)


# --- the service ----------------------------------------------------------------------------------


@transaction.atomic
def completer(demande: DemandeVersement, question: str, *, par: Agent | None) -> DemandeVersement:
    """Sends it back to its owner with a question."""
    question = exiger_texte(question, "Écrivez ce que le bénéficiaire doit compléter.")
    demande = franchir(
        verrouiller(demande), "completer_demande_versement", {"complement": question}, par=par, motif=question
    )
    annonces.au_porteur(
        demande.dossier, "une pièce est attendue pour le versement", question, demande.get_absolute_url()
    )
    return demande


@transaction.atomic
def certifier(
    demande: DemandeVersement, lu: Certification, *, par: Agent | None, le: date
) -> DemandeVersement:
    """Service done: the amount due, frozen with its arithmetic, and what is withheld. VersementRefuse."""
    demande = verrouiller(demande)
    CYCLE_VERSEMENT.franchir("certifier_service_fait", demande.etat)
    compte = lire_compte(demande.dossier)
    if demande.genre != GenreVersement.AVANCE and lu.depenses is None:
        raise VersementRefuse("Écrivez les dépenses éligibles que vous retenez.")
    calcule = compte.payable(demande.genre, lu.depenses)
    exiger(refus_montant(lu.montant, calcule, lu.raison))
    if lu.retenue:
        exiger(refus_retenue(lu.retenue, lu.montant, lu.retenue_motif))
        Retenue.objects.create(
            demande=demande, montant=lu.retenue, motif=lu.retenue_motif.strip()[:500], par_nom=qui(par), le=le
        )
    prevu = next((p.le for p in compte.prevus(parts_de(demande.dossier))), None)
    champs = {
        "montant_certifie": lu.montant, "depenses_certifiees": lu.depenses, "raison": lu.raison.strip()[:500],
        "calcul": figer(calcule), "certifie_par_nom": qui(par), "certifie_le": le, "prevu_le": prevu,
    }  # fmt: skip
    dit = f"retenue de {formater_euros(lu.retenue)} : {lu.retenue_motif}" if lu.retenue else lu.raison
    demande = franchir(demande, "certifier_service_fait", champs, par=par, motif=dit)
    annonces.certifiee(demande)
    return demande


def figer(calcule: Payable) -> list[dict[str, Any]]:
    """The bounds as they are kept with the certification: amounts are texts with two decimals."""
    return [
        {
            "code": b.code, "libelle": b.libelle, "montant": f"{b.montant:.2f}", "calcul": b.calcul,
            "source": b.source, "liante": b == calcule.borne,
        }
        for b in calcule.bornes
    ]  # fmt: skip


@transaction.atomic
def reprendre(demande: DemandeVersement, motif: str, *, par: Agent | None) -> DemandeVersement:
    """Undoes a certification not paid yet; its withholdings go with it."""
    motif = exiger_texte(motif, "Dites pourquoi la certification est reprise.")
    demande = verrouiller(demande)
    CYCLE_VERSEMENT.franchir("reprendre_certification", demande.etat)
    demande.retenues.all().delete()
    champs: dict[str, Any] = {
        "montant_certifie": None, "depenses_certifiees": None, "raison": "", "calcul": [],
        "certifie_par_nom": "", "certifie_le": None, "prevu_le": None,
    }  # fmt: skip
    return franchir(demande, "reprendre_certification", champs, par=par, motif=motif)


@transaction.atomic
def refuser(demande: DemandeVersement, motif: str, *, par: Agent | None) -> DemandeVersement:
    motif = exiger_texte(motif, "Un refus se motive : écrivez pourquoi, le bénéficiaire le lira.")
    demande = franchir(verrouiller(demande), "refuser_versement", {"fin_motif": motif}, par=par, motif=motif)
    annonces.au_porteur(
        demande.dossier, "la demande de versement est refusée", motif, demande.get_absolute_url()
    )
    return demande


@transaction.atomic
def payer(
    demande: DemandeVersement, mandat: str, mandat_le: date, *, par: Agent | None, le: date
) -> DemandeVersement:
    """Notes the mandate, and writes the payment in the ledger. VersementRefuse, CreditRefuse."""
    mandat = exiger_texte(mandat, "Écrivez le numéro du mandat.")[:60]
    demande = verrouiller(demande)
    CYCLE_VERSEMENT.franchir("mettre_en_paiement", demande.etat)
    certifie_le, montant = demande.certifie_le, demande.montant_certifie
    assert certifie_le is not None
    assert montant is not None
    if mandat_le > le:
        raise VersementRefuse("Le mandat est daté dans l’avenir : notez-le quand il est émis.")
    if mandat_le < certifie_le:
        raise VersementRefuse(
            f"Le mandat précède la certification du service fait, le {certifie_le:%d/%m/%Y} : vérifiez les "
            "deux dates."
        )
    net = montant - demande.montant_retenu
    if net:
        genre = LIBELLES_GENRE[GenreVersement(demande.genre)]
        piece = Piece(
            f"{genre} n° {demande.numero}, dossier {demande.dossier.reference}", f"Mandat {mandat}",
            mandat_le, demande.demonstration,
        )  # fmt: skip
        livre.payer(demande.dossier, net, mandat_le.year, piece, par=par)
    champs = {
        "montant_paye": net, "mandat_numero": mandat, "mandat_le": mandat_le, "exercice": mandat_le.year,
        "paye_par_nom": qui(par),
    }  # fmt: skip
    demande = franchir(demande, "mettre_en_paiement", champs, par=par)
    annonces.au_porteur(
        demande.dossier, "un versement est mis en paiement",
        f"{formater_euros(net)}, mandat {mandat} du {mandat_le:%d/%m/%Y}.", demande.get_absolute_url(),
    )  # fmt: skip
    return demande
