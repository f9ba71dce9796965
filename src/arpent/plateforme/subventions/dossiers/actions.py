"""The gestures of the owner on a file: prepare, change, file, withdraw.

Each locks the file, checks, saves and journals in one transaction. DossierRefuse carries the French reason.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import Max

from arpent.metier.argent import ZERO, formater_euros
from arpent.metier.cycles import CYCLE_DOSSIER
from arpent.metier.cycles.dossier import OUVERTS
from arpent.metier.plan_financement import Financement, Financeur
from arpent.metier.reglement.projet import est_examine
from arpent.metier.subvention import Manque
from arpent.plateforme.acteurs.models import Agent
from arpent.plateforme.contrats.exigences import ContratRefuse
from arpent.plateforme.demarches.models import Demarche
from arpent.plateforme.journal.actions import consigner
from arpent.plateforme.negociations.passerelle import financeur_de
from arpent.plateforme.plans.lot import en_financements
from arpent.plateforme.reglements.models import Fonds
from arpent.plateforme.socle.versions import ConflitDeVersion, enregistrer_version

from ..attribution import Octroi
from ..models import Dossier, FinancementDossier
from . import annonces
from .calcul import en_financements as plan_de
from .calcul import octroi_de
from .completude import manques_de
from .droits import MODIFIABLES

MOTIF_MAX = 1_000
CHAMPS = (
    "stade", "cout_reel_ht", "assiette_reelle", "montant_demande", "debut_le", "observations",
)  # fmt: skip


class DossierRefuse(ValueError):
    """The gesture is not possible; the message is French and says what to do."""


class DossierIncomplet(DossierRefuse):
    """What is missing, one by one."""

    def __init__(self, manques: Sequence[Manque]) -> None:
        nombre = len(manques)
        super().__init__(
            f"Il manque {nombre} élément{'s' if nombre > 1 else ''} : "
            + " ; ".join(m.libelle for m in manques)
            + ". Tout ce que vous avez saisi est gardé dans le brouillon."
        )
        self.manques = tuple(manques)


@dataclass(frozen=True, slots=True)
class Ligne:
    """The values that the contract gives to a file."""

    ligne: str
    acte_ligne: str
    montant_contractualise: Decimal
    cout_prevu_ht: Decimal
    assiette_prevue: Decimal | None
    taux: Decimal | None
    annee_programmation: int | None

    @classmethod
    def de(cls, octroi: Octroi) -> Ligne:
        aide, assiette = octroi.ligne.aide, octroi.assiette or octroi.ligne.cout_ht or None
        taux = aide / assiette if assiette and aide <= assiette else None
        return cls(
            octroi.ligne.cle, octroi.acte_qui_fixe, aide, octroi.ligne.cout_ht, assiette,
            None if taux is None else taux.quantize(Decimal("0.000001")), octroi.ligne.annee,
        )  # fmt: skip

    def champs(self) -> dict[str, Any]:
        return {nom: getattr(self, nom) for nom in self.__slots__}


def qui(par: Agent | None) -> str:
    return par.nom_complet[:150] if par else "Arpent"


def verrouiller_dossier(dossier: Dossier) -> Dossier:
    """The row locked and read again with its context. One query. ConflitDeVersion when it has changed."""
    verrouille = Dossier.objects.avec_contexte().select_for_update(of=("self",)).get(pk=dossier.pk)
    if verrouille.version != dossier.version:
        raise ConflitDeVersion(verrouille, [])
    return verrouille


def franchir(
    dossier: Dossier, geste: str, champs: Mapping[str, Any], *, par: Agent | None, motif: str = ""
) -> Dossier:
    """Crosses the cycle, saves `champs` and journals. The row is locked by the caller. TransitionRefusee."""
    avant = dossier.etat
    etat = CYCLE_DOSSIER.franchir(geste, dossier.etat).vers.value
    noter(dossier, geste, {"etat": etat, **champs}, par=par, motif=motif, avant={"etat": avant})
    return dossier


def noter(
    dossier: Dossier,
    geste: str,
    champs: Mapping[str, Any],
    *,
    par: Agent | None,
    motif: str = "",
    avant: Mapping[str, Any] | None = None,
) -> Dossier:
    """Saves these fields under a new version, and journals. The row is locked by the caller."""
    for nom, valeur in champs.items():
        setattr(dossier, nom, valeur)
    enregistrer_version(dossier, dossier.version, champs)
    consigner(
        geste, sur=dossier, par=par, demarche_id=dossier.demarche_id, motif=motif, avant=dict(avant or {}),
        apres={n: v for n, v in champs.items() if n != "calcul" and not n.endswith("_par_nom")},
    )  # fmt: skip
    return dossier


def exiger_texte(texte: str, refus: str) -> str:
    texte = texte.strip()[:MOTIF_MAX]
    if not texte:
        raise DossierRefuse(refus)
    return texte


# --- preparing ------------------------------------------------------------------------------------


@transaction.atomic
def ouvrir_dossier(demarche: Demarche, fiche_id: int, *, par: Agent | None, le: date) -> Dossier:
    """A draft on the line of that fiche, prefilled from the contract and the fiche. DossierRefuse.

    Its pieces take over the files that the fiche has already (`pieces.reprendre_de_la_fiche`).
    """
    verrouillee = Demarche.objects.select_for_update(of=("self",)).get(pk=demarche.pk)
    try:
        octroi = octroi_de(demarche, fiche_id, le)
    except ContratRefuse as refus:
        raise DossierRefuse(str(refus)) from refus
    fiche, beneficiaire = octroi.fiche, octroi.beneficiaire
    assert fiche is not None
    if beneficiaire is None:
        raise DossierRefuse(
            f"« {octroi.ligne.maitre_ouvrage} » n’est pas dans l’annuaire : l’autorité l’y ajoute d’abord."
        )
    if Dossier.objects.filter(fiche=fiche, etat__in=OUVERTS).exists():
        raise DossierRefuse("Ce projet a déjà un dossier : ouvrez-le depuis « Réalisation ».")
    dernier = Dossier.objects.filter(demarche=verrouillee, annee=le.year).aggregate(m=Max("numero"))["m"]
    dossier = Dossier.objects.create(
        demarche=demarche, annee=le.year, numero=(dernier or 0) + 1, fiche=fiche,
        maitre_ouvrage=beneficiaire, fonds=_fonds(demarche, octroi), cree_par_nom=qui(par),
        cout_reel_ht=octroi.ligne.cout_ht or None, assiette_reelle=octroi.assiette,
        montant_demande=octroi.ligne.aide, demonstration=octroi.demonstration,
        **Ligne.de(octroi).champs(),
    )  # fmt: skip
    autorite = financeur_de(demarche.processus.dispositif)
    _poser_le_plan(
        dossier,
        [
            f
            for f in en_financements(fiche.financements.all())
            if f.financeur is not Financeur.AUTOFINANCEMENT and not est_examine(f, autorite)
        ],
    )
    consigner(
        "ouvrir_dossier", sur=dossier, par=par, demarche_id=demarche.pk,
        apres={"montant_contractualise": dossier.montant_contractualise},
    )  # fmt: skip
    return dossier


def _fonds(demarche: Demarche, octroi: Octroi) -> Fonds | None:
    """The fund that the line names; one query."""
    if not octroi.ligne.fonds:
        return None
    fonds = Fonds.objects.filter(dispositif=demarche.processus.dispositif, libelle=octroi.ligne.fonds)
    return fonds.first()


def _poser_le_plan(dossier: Dossier, financements: Sequence[Financement]) -> None:
    dossier.financements.all().delete()
    FinancementDossier.objects.bulk_create(
        FinancementDossier(
            dossier=dossier, financeur=f.financeur.value, libelle=f.libelle[:150], montant=f.montant,
            statut=f.statut.value, le=f.date,
        )
        for f in financements
    )  # fmt: skip


@transaction.atomic
def modifier_dossier(
    dossier: Dossier,
    valeurs: Mapping[str, Any],
    plan: Sequence[Financement],
    *,
    version_lue: int,
    par: Agent | None,
) -> Dossier:
    """Keeps what the owner typed, complete or not. DossierRefuse, ConflitDeVersion."""
    dossier = Dossier.objects.avec_contexte().select_for_update(of=("self",)).get(pk=dossier.pk)
    if dossier.etat not in MODIFIABLES:
        raise DossierRefuse(
            f"Le dossier est « {dossier.get_etat_display().lower()} » : il ne se modifie plus."
        )
    champs = {nom: valeurs[nom] for nom in CHAMPS if nom in valeurs}
    avant = {nom: getattr(dossier, nom) for nom in champs}
    for nom, valeur in champs.items():
        setattr(dossier, nom, valeur)
    enregistrer_version(dossier, version_lue, champs)
    deja = plan_de(dossier.financements.all())
    if list(plan) != list(deja):
        _poser_le_plan(dossier, plan)
        avant["plan"], champs["plan"] = _dit(deja), _dit(plan)
    changes = {nom: v for nom, v in champs.items() if v != avant[nom]}
    if changes:
        consigner(
            "modifier_dossier", sur=dossier, par=par, demarche_id=dossier.demarche_id,
            avant={nom: avant[nom] for nom in changes}, apres=changes,
        )  # fmt: skip
    return dossier


def _dit(plan: Sequence[Financement]) -> list[str]:
    return [f"{f.financeur.value} {f.libelle} {formater_euros(f.montant)} ({f.statut.value})" for f in plan]


# --- filing ---------------------------------------------------------------------------------------


@transaction.atomic
def deposer(dossier: Dossier, *, par: Agent | None, le: date) -> Dossier:
    """Sends it to the authority, on the line of the contract as it stands that day.

    DossierIncomplet lists what is missing; the draft keeps everything.
    """
    dossier = verrouiller_dossier(dossier)
    CYCLE_DOSSIER.franchir("deposer_dossier", dossier.etat)
    champs = ligne_a_jour(dossier, le)
    for nom, valeur in champs.items():
        setattr(dossier, nom, valeur)
    if manques := manques_de(dossier, list(dossier.pieces.all())):
        raise DossierIncomplet(manques)
    en_attente = [d for d in dossier.demandes.all() if d.est_en_attente]
    if en_attente:
        raise DossierIncomplet(
            [Manque(f"demande_{d.pk}", d.libelle, f"Répondez à la demande : {d.texte}") for d in en_attente]
        )
    premier = dossier.depose_le is None
    champs |= {"depose_le": dossier.depose_le or le, "depose_par_nom": qui(par)}
    dossier = franchir(dossier, "deposer_dossier", champs, par=par)
    annonces.depose(dossier, premier=premier)
    return dossier


def ligne_a_jour(dossier: Dossier, le: date) -> dict[str, Any]:
    """What the contract in force says today of the line. DossierRefuse when it left the contract."""
    try:
        octroi = octroi_de(dossier.demarche, dossier.fiche_id, le)
    except ContratRefuse as refus:
        raise DossierRefuse(str(refus)) from refus
    return Ligne.de(octroi).champs()


@transaction.atomic
def retirer(dossier: Dossier, motif: str, *, par: Agent | None, le: date) -> Dossier:
    """The owner gives up before the proposal; another file may be prepared on the line."""
    dossier = verrouiller_dossier(dossier)
    depose = dossier.depose_le is not None
    motif = motif.strip()[:MOTIF_MAX]
    dossier = franchir(dossier, "retirer_dossier", {"fin_motif": motif, "clos_le": le}, par=par, motif=motif)
    if depose:
        annonces.a_l_autorite(dossier, "un dossier est retiré", motif or dossier.fiche.titre)
    return dossier


def reste_a_financer(dossier: Dossier) -> Decimal:
    """What the owner pays once everybody gave; negative when the plan has too much. One query."""
    autres = sum((f.montant for f in plan_de(dossier.financements.all()) if f.est_compte), ZERO)
    return (dossier.cout_reel_ht or ZERO) - autres - dossier.montant_en_jeu
