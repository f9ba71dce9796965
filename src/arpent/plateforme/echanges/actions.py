"""Importing a plan: keeping what was read, then, once confirmed, creating the drafts in one transaction."""

from __future__ import annotations

import hashlib
from pathlib import Path

from django.db import transaction
from django.utils import timezone

from arpent.plateforme.acteurs.models import Agent
from arpent.plateforme.demarches.models import Demarche
from arpent.plateforme.journal.actions import consigner
from arpent.plateforme.plans.actions import creer_fiches

from .apercu import Apercu, verifier
from .correspondance import PAR_CODE, deviner
from .lecture import FichierIllisible, Tableau, depuis_json, en_json, lire_fichier
from .models import ImportPlan


def tableau_de(lecture: ImportPlan) -> Tableau:
    """The table kept by an import."""
    return depuis_json(lecture.entetes, lecture.lignes, lecture.nom_fichier)


def recevoir(demarche: Demarche, chemin: Path, nom: str, *, par: Agent) -> ImportPlan:
    """Reads an uploaded file (in a child process) and keeps its lines. Nothing enters the plan.

    Raises FichierIllisible.
    """
    tableau = lire_fichier(chemin, nom)
    return ImportPlan.objects.create(
        demarche=demarche,
        agent_id=par.pk,
        nom_fichier=Path(nom).name[:200],
        sha256=hashlib.sha256(chemin.read_bytes()).hexdigest(),
        entetes=list(tableau.entetes),
        lignes=en_json(tableau),
        correspondance=deviner(tableau.entetes),
    )


def _a_l_etat_lu(lecture: ImportPlan) -> ImportPlan:
    lecture = ImportPlan.objects.select_for_update(of=("self",)).get(pk=lecture.pk)
    if lecture.etat != ImportPlan.Etat.LU:
        raise FichierIllisible(
            f"Cet import est déjà {lecture.get_etat_display()} : envoyez le fichier à nouveau."
        )
    return lecture


@transaction.atomic
def changer_correspondance(lecture: ImportPlan, colonnes: dict[str, int]) -> ImportPlan:
    """Keeps which column feeds which field."""
    lecture = _a_l_etat_lu(lecture)
    lecture.correspondance = {
        c: i for c, i in colonnes.items() if c in PAR_CODE and 0 <= i < len(lecture.entetes)
    }
    lecture.save(update_fields=["correspondance"])
    return lecture


@transaction.atomic
def importer(demarche: Demarche, apercu: Apercu, par: Agent | None) -> int:
    """Creates one draft per valid line: all of them or none. Returns how many."""
    if not apercu.valides:
        return 0
    return len(creer_fiches(demarche, [v.saisie for v in apercu.valides], par=par, source=apercu.source))


@transaction.atomic
def confirmer(lecture: ImportPlan, *, par: Agent) -> int:
    """Imports what the preview showed, read again against the plan as it is now; once only."""
    lecture = _a_l_etat_lu(lecture)
    # The same lock as the creation of a fiche: no number is taken between the check and the writing.
    demarche = (
        Demarche.objects.select_for_update(of=("self",))
        .select_related("territoire", "version_processus__processus__autorite")
        .get(pk=lecture.demarche_id)
    )
    apercu = verifier(demarche, tableau_de(lecture), lecture.correspondance)
    if not apercu.valides:
        raise FichierIllisible(
            "Aucune ligne ne peut être importée : corrigez les rejets, puis envoyez le fichier."
        )
    nombre = importer(demarche, apercu, par)
    lecture.etat = ImportPlan.Etat.CONFIRME
    lecture.confirme_le = timezone.now()
    lecture.rapport = {"creees": nombre, "rejetees": apercu.lignes_rejetees}
    lecture.lignes = []  # what became fiches needs no second copy
    lecture.save(update_fields=["etat", "confirme_le", "rapport", "lignes"])
    return nombre


@transaction.atomic
def abandonner(lecture: ImportPlan, *, par: Agent) -> None:
    """Forgets what was read."""
    lecture = _a_l_etat_lu(lecture)
    lecture.etat, lecture.lignes = ImportPlan.Etat.ABANDONNE, []
    lecture.save(update_fields=["etat", "lignes"])
    consigner("abandonner_import", sur=lecture, par=par, demarche_id=lecture.demarche_id)
