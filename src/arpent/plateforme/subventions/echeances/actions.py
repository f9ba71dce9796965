"""The gestures on deadlines: declare a start or a completion, ask for more time, decide, lapse together.

Each locks, checks, saves and journals in one transaction. EcheanceRefusee carries the French reason.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db import transaction
from django.db.models import Max

from arpent.metier.argent import formater_euros
from arpent.metier.cycles import CYCLE_PROROGATION, EtatDossier
from arpent.metier.cycles.versement import VERSEMENTS_OUVERTS, EtatProrogation
from arpent.metier.echeances_dossier import LIBELLES_ECHEANCE, GenreEcheance, refus_prorogation
from arpent.plateforme.acteurs.models import Agent
from arpent.plateforme.journal.actions import consigner
from arpent.plateforme.negociations.credits.registre import Piece
from arpent.plateforme.notifications.actions import notifier
from arpent.plateforme.plans.destinataires import gens_d_une_autorite
from arpent.plateforme.reglements.models import Dispositif
from arpent.plateforme.socle.versions import ConflitDeVersion, enregistrer_version

from ..dossiers.actions import franchir as franchir_dossier
from ..dossiers.actions import noter, qui, verrouiller_dossier
from ..models import Dossier, LigneCaducite, LotCaducite, Prorogation
from ..versements import annonces, livre
from ..versements.compte import lire_compte
from .faits import situation_de

ATTRIBUES = (EtatDossier.VOTE.value, EtatDossier.NOTIFIE.value)


class EcheanceRefusee(ValueError):
    """The gesture is not possible; the message is French and says what to do."""


def _exiger(refus: str) -> None:
    if refus:
        raise EcheanceRefusee(refus)


def _texte(texte: str, refus: str) -> str:
    texte = texte.strip()[:1000]
    _exiger("" if texte else refus)
    return texte


@transaction.atomic
def declarer(
    dossier: Dossier, *, debut_le: date | None, acheve_le: date | None, par: Agent | None, le: date
) -> Dossier:
    """Start and completion of the works, as the owner declares them. EcheanceRefusee, ConflitDeVersion."""
    dossier = verrouiller_dossier(dossier)
    if dossier.etat not in ATTRIBUES:
        raise EcheanceRefusee(
            f"Le dossier est « {dossier.get_etat_display().lower()} » : plus rien à déclarer."
        )
    for dit, nom in ((debut_le, "Le commencement"), (acheve_le, "L’achèvement")):
        if dit is not None and dit > le:
            raise EcheanceRefusee(f"{nom} est daté dans l’avenir : déclarez-le quand il a lieu.")
    if acheve_le is not None and debut_le is None:
        raise EcheanceRefusee("Déclarez d’abord le commencement des travaux.")
    if acheve_le is not None and debut_le is not None and acheve_le < debut_le:
        raise EcheanceRefusee("L’achèvement précède le commencement : vérifiez les deux dates.")
    if (debut_le, acheve_le) == (dossier.debut_le, dossier.acheve_le):
        raise EcheanceRefusee("Ces dates sont déjà déclarées : rien ne change.")
    avant = {"debut_le": dossier.debut_le, "acheve_le": dossier.acheve_le}
    champs = {"debut_le": debut_le, "acheve_le": acheve_le}
    return noter(dossier, "declarer_avancement", champs, par=par, avant=avant)


# --- more time ------------------------------------------------------------------------------------


@transaction.atomic
def demander_prorogation(
    dossier: Dossier, genre: str, mois: int, motif: str, *, par: Agent | None, le: date,
    demonstration: bool = False,
) -> Prorogation:  # fmt: skip
    dossier = Dossier.objects.avec_contexte().select_for_update(of=("self",)).get(pk=dossier.pk)
    situation = situation_de(dossier, le)
    caduque = dossier.etat not in ATTRIBUES
    _exiger(refus_prorogation(genre, mois, motif, situation.regles, situation.faits, caduque=caduque))
    attendue = EtatProrogation.DEMANDEE.value
    if dossier.prorogations.filter(genre=genre, etat=attendue).exists():
        raise EcheanceRefusee("Une prorogation de ce délai est déjà demandée : attendez sa décision.")
    dernier = dossier.prorogations.aggregate(m=Max("numero"))["m"]
    prorogation: Prorogation = Prorogation.objects.create(
        dossier=dossier, numero=(dernier or 0) + 1, genre=genre, mois=mois, motif=motif.strip()[:1000],
        demandee_par_nom=qui(par), demandee_le=le, demonstration=demonstration,
    )  # fmt: skip
    consigner(
        "demander_prorogation", sur=prorogation, par=par, demarche_id=dossier.demarche_id, motif=motif,
        apres={"genre": genre, "mois": mois},
    )  # fmt: skip
    notifier(
        gens_d_une_autorite(dossier.demarche.autorite.pk),
        rubrique="echeances",
        sujet=f"{dossier.demarche.territoire.nom} : une prorogation demandée",
        texte=f"{dossier.maitre_ouvrage.nom} demande {mois} mois pour « {dossier.fiche.titre} ».",
        url=annonces.page_de(dossier),
    )
    return prorogation


@dataclass(frozen=True, slots=True)
class Decision:
    """What was decided on an extension, and by which act (a refusal needs none)."""

    mois: int = 0
    motif: str = ""
    acte: str = ""
    acte_le: date | None = None


def _verrouiller(prorogation: Prorogation) -> Prorogation:
    dossier = Dossier.objects.avec_contexte().select_for_update(of=("self",)).get(pk=prorogation.dossier_id)
    lue: Prorogation = Prorogation.objects.select_for_update(of=("self",)).get(pk=prorogation.pk)
    lue.dossier = dossier
    if lue.version != prorogation.version:
        raise ConflitDeVersion(lue, [])
    return lue


def _franchir(
    prorogation: Prorogation, geste: str, champs: dict[str, object], par: Agent | None, motif: str
) -> Prorogation:
    avant = prorogation.etat
    prorogation.etat = CYCLE_PROROGATION.franchir(geste, prorogation.etat).vers.value
    for nom, valeur in champs.items():
        setattr(prorogation, nom, valeur)
    enregistrer_version(prorogation, prorogation.version, ("etat", *champs))
    consigner(
        geste, sur=prorogation, par=par, demarche_id=prorogation.dossier.demarche_id, motif=motif,
        avant={"etat": avant},
        apres={"etat": prorogation.etat} | {n: v for n, v in champs.items() if not n.endswith("_par_nom")},
    )  # fmt: skip
    return prorogation


@transaction.atomic
def accorder(prorogation: Prorogation, lu: Decision, *, par: Agent | None, le: date) -> Prorogation:
    """Within what the règlement permits, that day. EcheanceRefusee."""
    prorogation = _verrouiller(prorogation)
    CYCLE_PROROGATION.franchir("accorder_prorogation", prorogation.etat)
    acte = _texte(lu.acte, "Écrivez le numéro de l’acte qui accorde la prorogation.")[:120]
    dossier = prorogation.dossier
    situation = situation_de(dossier, le)
    caduque = dossier.etat not in ATTRIBUES
    _exiger(
        refus_prorogation(
            prorogation.genre, lu.mois, prorogation.motif, situation.regles, situation.faits, caduque=caduque
        )
    )
    champs: dict[str, object] = {
        "mois_accordes": lu.mois, "acte": acte, "acte_le": lu.acte_le, "decidee_par_nom": qui(par),
        "decidee_le": le, "decision_motif": lu.motif.strip()[:1000],
    }  # fmt: skip
    prorogation = _franchir(prorogation, "accorder_prorogation", champs, par, lu.motif)
    libelle = LIBELLES_ECHEANCE[GenreEcheance(prorogation.genre)].lower()
    annonces.au_porteur(dossier, "une prorogation est accordée", f"{lu.mois} mois pour le {libelle}.")
    return prorogation


@transaction.atomic
def refuser(prorogation: Prorogation, motif: str, *, par: Agent | None, le: date) -> Prorogation:
    motif = _texte(motif, "Un refus se motive : écrivez pourquoi, le bénéficiaire le lira.")
    prorogation = _verrouiller(prorogation)
    champs: dict[str, object] = {"decision_motif": motif, "decidee_par_nom": qui(par), "decidee_le": le}
    prorogation = _franchir(prorogation, "refuser_prorogation", champs, par, motif)
    annonces.au_porteur(prorogation.dossier, "la prorogation est refusée", motif)
    return prorogation


@transaction.atomic
def retirer(prorogation: Prorogation, *, par: Agent | None) -> Prorogation:
    return _franchir(_verrouiller(prorogation), "retirer_prorogation", {}, par, "")


# --- lapses ---------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Acte:
    """The act that pronounces the lapses."""

    numero: str
    le: date
    demonstration: bool = False


@transaction.atomic
def prononcer_caducites(
    dispositif: Dispositif, dossiers: Sequence[Dossier], acte: Acte, *, par: Agent | None, le: date
) -> LotCaducite:
    """Every one of these files lapses, or none: EcheanceRefusee names the first that cannot.

    `dossiers` carry the version that was previewed: one that changed since is a ConflitDeVersion.
    What is committed and not paid goes back to its envelope.
    """
    numero = _texte(acte.numero, "Écrivez le numéro de l’acte qui prononce les caducités.")[:120]
    if not dossiers:
        raise EcheanceRefusee("Cochez au moins un dossier.")
    if acte.le > le:
        raise EcheanceRefusee("L’acte est daté dans l’avenir : prononcez les caducités quand il est pris.")
    if LotCaducite.objects.filter(dispositif=dispositif, acte=numero).exists():
        raise EcheanceRefusee(f"L’acte {numero} a déjà prononcé des caducités : vérifiez son numéro.")
    lot: LotCaducite = LotCaducite.objects.create(
        dispositif=dispositif,
        acte=numero,
        acte_le=acte.le,
        par_nom=qui(par),
        demonstration=acte.demonstration,
    )
    for dossier in sorted(dossiers, key=lambda d: d.pk):
        _constater(lot, verrouiller_dossier(dossier), par, le)
    return lot


def _constater(lot: LotCaducite, dossier: Dossier, par: Agent | None, le: date) -> None:
    compte = lire_compte(dossier)
    if any(d.etat in VERSEMENTS_OUVERTS for d in compte.demandes):
        raise EcheanceRefusee(
            f"Le dossier {dossier.reference} ({dossier.fiche.titre}) a une demande de versement en cours : "
            "traitez-la d’abord."
        )
    lue = situation_de(dossier, le).caducite
    if not lue.possible:
        raise EcheanceRefusee(
            f"Le dossier {dossier.reference} ({dossier.fiche.titre}) n’est plus hors délai : rechargez la "
            "liste."
        )
    piece = Piece(f"Caducité, dossier {dossier.reference}", lot.acte, lot.acte_le, dossier.demonstration)
    rendu = livre.rendre_le_reste(dossier, piece, par=par)
    LigneCaducite.objects.create(
        lot=lot, dossier=dossier, explication=lue.explication[:500],
        montant_attribue=dossier.montant_attribue or Decimal(0), montant_verse=compte.aide.verse,
        montant_libere=rendu,
    )  # fmt: skip
    champs = {"caducite_le": lue.depuis, "clos_le": lot.acte_le, "fin_motif": lue.explication[:1000]}
    franchir_dossier(dossier, "constater_caducite", champs, par=par, motif=f"Acte {lot.acte}")
    annonces.au_porteur(
        dossier, "l’aide est déclarée caduque",
        f"{lue.explication} Acte {lot.acte}. {formater_euros(rendu)} ne seront pas versés.",
    )  # fmt: skip
