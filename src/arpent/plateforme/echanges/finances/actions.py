"""An export received, its columns confirmed, its lines reconciled then applied, each once.

ImportRefuse carries the French reason. What a line does goes through the actions of the payments.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from django.db import transaction
from django.utils import timezone

from arpent.metier.apcp import LigneExport, Nature, Rapprochement, Sort, rapprocher
from arpent.metier.argent import ZERO, formater_euros
from arpent.metier.cycles import EtatDossier
from arpent.plateforme.acteurs.models import Agent
from arpent.plateforme.journal.actions import consigner
from arpent.plateforme.negociations.credits.registre import CreditRefuse
from arpent.plateforme.reglements.models import Dispositif
from arpent.plateforme.subventions.dossiers.actions import qui
from arpent.plateforme.subventions.models import Dossier, NumeroEngagement
from arpent.plateforme.subventions.versements import constats
from arpent.plateforme.subventions.versements.actions import VersementRefuse, payer

from ..correspondance import mots
from ..etats import ImportRefuse
from ..lecture import FichierIllisible, ouvrir
from ..models import CorrespondanceMemorisee, ImportFinances, LigneFinances
from . import colonnes
from .connus import a_payer, connus_de

S = LigneFinances.Sort
_SORTS = {
    Sort.RAPPROCHEE: S.RAPPROCHEE,
    Sort.A_REGLER: S.A_REGLER,
    Sort.DEJA: S.DEJA,
    Sort.REPETEE: S.REPETEE,
}


@dataclass(frozen=True, slots=True)
class Bilan:
    """What applying did."""

    appliquees: int = 0
    refusees: int = 0


def recevoir(
    dispositif: Dispositif,
    chemin: Path,
    nom: str,
    nature: str,
    *,
    par: Agent | None,
    demonstration: bool = False,
) -> ImportFinances:
    """Reads the file (in a child process) and keeps what it says: nothing is applied. FichierIllisible."""
    fichier = ouvrir(chemin, nom)
    if fichier.retour:
        raise FichierIllisible("Ce classeur est un plan exporté d’Arpent, pas un export financier.")
    feuille = fichier.feuilles[0]
    entetes = list(feuille["entetes"])
    signature = colonnes.signature(entetes)
    connue = CorrespondanceMemorisee.objects.filter(
        organisation=dispositif.autorite_id, signature=signature
    ).first()
    if connue is None:
        trouvees = colonnes.deviner(entetes)
    else:
        trouvees = {
            rang: code
            for rang, e in enumerate(entetes)
            if (code := connue.correspondance.get(mots(e), "")) in colonnes.CHAMPS
        }
    return ImportFinances.objects.create(
        dispositif=dispositif, nature=nature, agent_id=par.pk if par else None, par_nom=qui(par),
        nom_fichier=Path(nom).name[:200], sha256=hashlib.sha256(chemin.read_bytes()).hexdigest(),
        entetes=entetes, lignes=feuille["lignes"], numeros=list(feuille["numeros"]),
        correspondance={str(r): c for r, c in trouvees.items()},
        memoire=connue.nom_fichier if connue else "", demonstration=demonstration,
    )  # fmt: skip


def _verrouiller(lecture: ImportFinances, etat: str) -> ImportFinances:
    lue = (
        ImportFinances.objects.select_for_update(of=("self",)).select_related("dispositif").get(pk=lecture.pk)
    )
    if lue.etat != etat:
        raise ImportRefuse(f"Cet export est déjà {lue.get_etat_display()}.")
    return lue


@transaction.atomic
def confirmer(
    lecture: ImportFinances, correspondance: Mapping[str, str], *, par: Agent | None
) -> ImportFinances:
    """Keeps the columns for next time, and reconciles each line. ImportRefuse."""
    lecture = _verrouiller(lecture, ImportFinances.Etat.LU)
    if refus := colonnes.defaut(correspondance):
        raise ImportRefuse(refus)
    lecture.correspondance = dict(correspondance)
    lecture.etat = ImportFinances.Etat.RAPPROCHE.value
    lecture.save(update_fields=["correspondance", "etat"])
    CorrespondanceMemorisee.objects.update_or_create(
        organisation_id=lecture.dispositif.autorite_id,
        signature=colonnes.signature(lecture.entetes),
        defaults={
            "entetes": lecture.entetes,
            "correspondance": {mots(lecture.entetes[int(r)]): c for r, c in correspondance.items()},
            "nom_fichier": lecture.nom_fichier,
        },
    )
    lues = colonnes.lire_lignes(lecture.nature, correspondance, lecture.numeros, lecture.lignes)
    exports = [x.export for x in lues if x.export is not None]
    faits = {r.ligne.numero: r for r in _rapprocher(lecture, exports)}
    LigneFinances.objects.bulk_create(
        _ligne(lecture, x, faits[x.numero]) if x.export is not None else _illisible(lecture, x) for x in lues
    )
    consigner(
        "rapprocher_finances", sur=lecture, par=par, demarche_id=None,
        apres={"fichier": lecture.nom_fichier, "lignes": len(lues), "lues": len(exports)},
    )  # fmt: skip
    return lecture


def _rapprocher(lecture: ImportFinances, exports: list[LigneExport]) -> tuple[Rapprochement, ...]:
    deja = LigneFinances.objects.filter(
        dispositif=lecture.dispositif, sort=S.APPLIQUEE, cle__in=[e.cle for e in exports]
    )
    connus = connus_de(lecture.dispositif, lecture.nature)
    return rapprocher(exports, connus, deja=frozenset(deja.values_list("cle", flat=True)))


def _ligne(lecture: ImportFinances, lue: colonnes.Lue, fait: Rapprochement) -> LigneFinances:
    e = fait.ligne
    return LigneFinances(
        importation=lecture, dispositif=lecture.dispositif, numero=e.numero, cle=e.cle[:250],
        montant=e.montant,
        le=e.le, exercice=e.exercice, engagement=e.engagement, siret=e.siret, tiers=lue.tiers,
        mandat=e.mandat, sort=_SORTS[fait.sort].value, raison=fait.raison[:500], dossier_id=fait.cle,
        candidats=list(fait.candidats),
    )  # fmt: skip


def _illisible(lecture: ImportFinances, lue: colonnes.Lue) -> LigneFinances:
    return LigneFinances(
        importation=lecture, dispositif=lecture.dispositif, numero=lue.numero, montant=lue.montant or ZERO,
        tiers=lue.tiers, sort=S.ILLISIBLE.value, raison=lue.raison[:500],
    )  # fmt: skip


@transaction.atomic
def abandonner(lecture: ImportFinances, *, par: Agent | None) -> ImportFinances:
    """Forgets an export not reconciled yet: it changed nothing."""
    lecture = _verrouiller(lecture, ImportFinances.Etat.LU)
    lecture.etat, lecture.lignes = ImportFinances.Etat.ABANDONNE.value, []
    lecture.save(update_fields=["etat", "lignes"])
    consigner("abandonner_finances", sur=lecture, par=par, demarche_id=None)
    return lecture


# --- applying -------------------------------------------------------------------------------------


def appliquer(lecture: ImportFinances, *, par: Agent | None) -> Bilan:
    """Applies the lines reconciled, one transaction each: what is refused goes to the list to settle."""
    appliquees = refusees = 0
    for ligne in lecture.lues.filter(sort=S.RAPPROCHEE).order_by("numero"):
        assert ligne.dossier_id is not None
        try:
            appliquer_ligne(ligne, ligne.dossier_id, par=par)
        except ImportRefuse as refus:
            LigneFinances.objects.filter(pk=ligne.pk, sort=S.RAPPROCHEE).update(
                sort=S.A_REGLER, raison=str(refus)[:500], candidats=[ligne.dossier_id], dossier=None
            )
            refusees += 1
        else:
            appliquees += 1
    return Bilan(appliquees, refusees)


@transaction.atomic
def appliquer_ligne(ligne: LigneFinances, dossier_id: int, *, par: Agent | None) -> LigneFinances:
    """One line on one file, once. ImportRefuse says why it cannot."""
    ligne = LigneFinances.objects.select_for_update(of=("self",)).get(pk=ligne.pk)
    if ligne.sort not in {S.RAPPROCHEE, S.A_REGLER}:
        raise ImportRefuse(f"Cette ligne est déjà {ligne.get_sort_display()}.")
    if LigneFinances.objects.filter(dispositif=ligne.dispositif_id, cle=ligne.cle, sort=S.APPLIQUEE).exists():
        raise ImportRefuse("La même pièce est déjà appliquée par un autre export : écartez cette ligne.")
    dossier = (
        Dossier.objects.avec_contexte()
        .filter(demarche__version_processus__processus__dispositif=ligne.dispositif_id, pk=dossier_id)
        .first()
    )
    if dossier is None:
        raise ImportRefuse("Ce dossier n’est pas de ce dispositif : choisissez-en un autre.")
    try:
        if ligne.cle.startswith(Nature.PAIEMENT.value):
            _payer(ligne, dossier, par)
        else:
            _engager(ligne, dossier, par)
    except (VersementRefuse, CreditRefuse) as refus:
        raise ImportRefuse(str(refus)) from refus
    ligne.sort, ligne.dossier = S.APPLIQUEE.value, dossier
    ligne.regle_par_nom, ligne.regle_le = qui(par), timezone.now()
    ligne.save(update_fields=["sort", "dossier", "regle_par_nom", "regle_le"])
    consigner(
        "appliquer_ligne_finances", sur=ligne, par=par, demarche_id=dossier.demarche_id,
        apres={"dossier": dossier.reference, "montant": ligne.montant, "mandat": ligne.mandat,
               "engagement": ligne.engagement},
    )  # fmt: skip
    return ligne


def _payer(ligne: LigneFinances, dossier: Dossier, par: Agent | None) -> None:
    """The certified request of that amount is paid; without one, the payment is recorded as seen."""
    assert ligne.le is not None
    today = date.today()
    mandat = ligne.mandat or f"ligne {ligne.numero}"
    for demande in dossier.versements.prefetch_related("retenues"):
        if a_payer(demande) == ligne.montant:
            demande.dossier = dossier
            payer(demande, mandat, ligne.le, par=par, le=today)
            return
    source = f"Paiement constaté dans l’export « {ligne.importation.nom_fichier} », ligne {ligne.numero}."
    constats.constater_paiement(
        dossier, constats.Constat(ligne.montant, mandat, ligne.le, source), par=par, le=today
    )
    if ligne.engagement:
        NumeroEngagement.objects.get_or_create(
            dossier=dossier, numero=ligne.engagement, defaults={"par_nom": qui(par)}
        )


def _engager(ligne: LigneFinances, dossier: Dossier, par: Agent | None) -> None:
    """Notes the number of the commitment: the credits were committed by the vote."""
    if dossier.etat in {EtatDossier.CADUC.value, EtatDossier.REJETE.value}:
        raise ImportRefuse(f"Le dossier est « {dossier.get_etat_display().lower()} » : rien ne s’y engage.")
    if not ligne.engagement:
        raise ImportRefuse("Cette ligne n’a pas de numéro d’engagement : écartez-la.")
    deja = sum((n.montant or ZERO for n in dossier.numeros_engagement.exclude(numero=ligne.engagement)), ZERO)
    if deja + ligne.montant > (dossier.montant_attribue or ZERO):
        raise ImportRefuse(
            f"L’aide attribuée est de {formater_euros(dossier.montant_attribue)}, {formater_euros(deja)} "
            "portent déjà un numéro d’engagement : vérifiez le montant avec le service des finances."
        )
    NumeroEngagement.objects.update_or_create(
        dossier=dossier, numero=ligne.engagement,
        defaults={"montant": ligne.montant, "le": ligne.le, "par_nom": qui(par)},
    )  # fmt: skip


@transaction.atomic
def ecarter(ligne: LigneFinances, motif: str, *, par: Agent | None) -> LigneFinances:
    """Not ours, or already counted otherwise: said, with why."""
    motif = motif.strip()[:400]
    if not motif:
        raise ImportRefuse("Dites pourquoi cette ligne est écartée.")
    ligne = LigneFinances.objects.select_for_update(of=("self",)).get(pk=ligne.pk)
    if ligne.sort not in {S.RAPPROCHEE, S.A_REGLER}:
        raise ImportRefuse(f"Cette ligne est déjà {ligne.get_sort_display()}.")
    ligne.sort, ligne.raison, ligne.dossier = S.ECARTEE.value, motif, None
    ligne.regle_par_nom, ligne.regle_le = qui(par), timezone.now()
    ligne.save(update_fields=["sort", "raison", "dossier", "regle_par_nom", "regle_le"])
    consigner("ecarter_ligne_finances", sur=ligne, par=par, demarche_id=None, motif=motif)
    return ligne
