"""Sending the plan out, and taking back what was changed, by the action that saves every fiche."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import astuple, dataclass, field
from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone

from arpent.plateforme.acteurs.models import Agent
from arpent.plateforme.demarches.models import Demarche
from arpent.plateforme.journal.actions import consigner
from arpent.plateforme.plans.actions import ActionRefusee, enregistrer_fiche, lignes_de
from arpent.plateforme.plans.avancement import noter_priorites
from arpent.plateforme.plans.models import Fiche
from arpent.plateforme.socle.versions import ConflitDeVersion

from ..etats import ImportRefuse, a_l_etat_lu
from ..models import ImportPlan
from ..reperes import Rejet
from .cellules import incoherence
from .classeur import FicheSortie, ecrire_classeur
from .colonnes import FINANCEMENTS, RANGS, choix_de, textes_de, textes_du_plan
from .comparaison import RELATIONS, Bilan, Changement, FicheChangee, comparer_au_plan

FICHES_MAX = 20_000


PRENDRE, LAISSER = "prendre", "laisser"


@dataclass(frozen=True, slots=True)
class Choisi:
    """What the person chose: cells in conflict to take (« fiche:champ »), whole rows to take or to leave."""

    cellules: Collection[str] = ()
    lignes: Mapping[int, str] = field(default_factory=dict)

    def garde(self, changee: FicheChangee, changement: Changement) -> str:
        """Why a cell stays as it is in Arpent; empty when it is to be written."""
        ligne = self.lignes.get(changee.fiche.pk)
        if ligne == LAISSER:
            return "vous avez laissé toute la ligne"
        attend = changement.conflit or changement.retrait
        if attend and ligne != PRENDRE and changee.cle(changement) not in self.cellules:
            return "vous n’avez pas choisi la valeur du fichier"
        return ""


@dataclass(frozen=True, slots=True)
class Repris:
    """What was written."""

    fiches: int
    cellules: int
    nouvelles: int


def exporter(demarche: Demarche, par: Agent) -> bytes:
    """The plan one may read, as a workbook to edit. Seven queries whatever the plan holds."""
    choix = choix_de(demarche)
    visibles = Fiche.objects.visibles_par(par).filter(demarche=demarche).order_by("numero")
    lues = visibles.select_related(*RELATIONS).prefetch_related("financements")[:FICHES_MAX]
    fiches = [
        FicheSortie(
            fiche.pk,
            fiche.version,
            fiche.numero,
            fiche.get_etat_display(),
            textes_de(fiche, choix),
            textes_du_plan(lignes_de(fiche), choix),
        )
        for fiche in lues
    ]
    titre = f"Plan d’actions – {demarche.territoire.nom}"
    return ecrire_classeur(
        titre, demarche.slug, fiches, choix, etabli_le=date.today(), auteur=par.nom_complet
    )


def bilan_de(demarche: Demarche, lecture: ImportPlan, par: Agent | None) -> Bilan:
    """What the workbook would do now."""
    return comparer_au_plan(demarche, lecture.lignes, par)


@transaction.atomic
def reprendre(lecture: ImportPlan, *, par: Agent, empreinte: str, choisi: Choisi) -> Repris:
    """Writes what the person saw: plain changes, the conflicts and the whole rows they chose.

    All or nothing. Raises ImportRefuse when the plan has moved since the preview.
    """
    lecture = a_l_etat_lu(lecture, ImportPlan.Genre.RETOUR)
    Demarche.objects.select_for_update(of=("self",)).get(pk=lecture.demarche_id)
    demarche = Demarche.objects.avec_contexte().get(pk=lecture.demarche_id)
    bilan = bilan_de(demarche, lecture, par)
    if bilan.empreinte != empreinte:
        raise ImportRefuse(
            "Le plan a changé depuis cet aperçu, rien n’a été écrit : relisez-le ci-dessous, puis confirmez."
        )
    fiches = cellules = 0
    gardes: list[Rejet] = []
    for changee in bilan.changees:
        ecrites = _ecrire(changee, choisi, gardes, par)
        fiches, cellules = fiches + bool(ecrites), cellules + ecrites
    for nouvelle in bilan.nouvelles:
        source = f"Retour de {lecture.nom_fichier}"[:300]
        fiche = Fiche(demarche=demarche, source=source, **nouvelle.champs)
        enregistrer_fiche(fiche, nouvelle.plan, par=par)
    repris = Repris(fiches, cellules, len(bilan.nouvelles))
    _clore(lecture, repris, [*bilan.rejets, *gardes], par)
    return repris


def _ecrire(changee: FicheChangee, choisi: Choisi, gardes: list[Rejet], par: Agent) -> int:
    """Saves the accepted cells of a fiche; those left as they are go to `gardes`. Returns how many."""
    fiche, plan = changee.fiche, lignes_de(changee.fiche)
    avant, rangs, champs = incoherence(fiche), dict[str, int | None](), 0
    for c in changee.changements:
        if raison := choisi.garde(changee, c):
            cause = f"Gardé comme dans Arpent ({c.actuel}) : {raison}."
            gardes.append(Rejet(changee.ligne, c.libelle, cause, "Modifiez la fiche si besoin.", c.retour))
        elif c.code in RANGS:
            rangs[c.code] = c.valeur
        else:
            champs += 1
            if c.code == FINANCEMENTS:
                plan = list(c.valeur)
            else:
                setattr(fiche, c.code, c.valeur)
    if (trouvee := incoherence(fiche)) and trouvee != avant:
        raise ImportRefuse(f"Fiche n° {fiche.numero} : {trouvee[1]} Changez votre choix, puis confirmez.")
    try:
        if champs:
            enregistrer_fiche(fiche, plan, par=par, version_lue=fiche.version)
        if rangs:
            noter_priorites(fiche, rangs, version_lue=fiche.version, par=par)
    except (ActionRefusee, ConflitDeVersion) as refus:
        raise ImportRefuse(f"Fiche n° {fiche.numero} : {refus}") from None
    return champs + len(rangs)


def _clore(lecture: ImportPlan, repris: Repris, rejets: list[Rejet], par: Agent) -> None:
    rapport: dict[str, Any] = {
        "modifiees": repris.fiches,
        "cellules": repris.cellules,
        "creees": repris.nouvelles,
        "rejets": [astuple(r) for r in rejets],
    }
    lecture.etat, lecture.confirme_le, lecture.rapport = ImportPlan.Etat.CONFIRME, timezone.now(), rapport
    lecture.lignes = {}
    lecture.save(update_fields=["etat", "confirme_le", "rapport", "lignes"])
    apres = {k: rapport[k] for k in ("modifiees", "cellules", "creees")} | {"fichier": lecture.nom_fichier}
    consigner("reprendre_plan", sur=lecture, par=par, demarche_id=lecture.demarche_id, apres=apres)
