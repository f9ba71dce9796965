"""Importing a plan: keeping what was read, then, once confirmed, creating the drafts in one transaction."""

from __future__ import annotations

from dataclasses import astuple, replace
from typing import Any

from django.db import transaction
from django.utils import timezone

from arpent.plateforme.acteurs.models import Agent
from arpent.plateforme.demarches.models import Demarche
from arpent.plateforme.journal.actions import consigner
from arpent.plateforme.plans.actions import creer_fiches

from .apercu import Apercu, verifier
from .correspondance import PAR_CODE, Correspondance
from .etats import ImportRefuse, a_l_etat_lu
from .lecture import FichierIllisible, Tableau, tableau
from .models import ImportPlan
from .reception import memoriser


def tableau_de(lecture: ImportPlan) -> Tableau:
    """The table kept by an import."""
    return tableau(lecture.entetes, lecture.numeros, lecture.lignes, lecture.nom_fichier)


def correspondance_de(lecture: ImportPlan) -> dict[int, str]:
    """Which field each column feeds (JSON keeps the numbers of columns as texts)."""
    return {int(rang): code for rang, code in lecture.correspondance.items() if code in PAR_CODE}


def apercu_de(demarche: Demarche, lecture: ImportPlan) -> Apercu:
    """What the import would do now. FichierIllisible while a necessary column is not known."""
    apercu = verifier(demarche, tableau_de(lecture), correspondance_de(lecture))
    return replace(apercu, notes=(*_notes_de_lecture(lecture.rapport), *apercu.notes))


def _notes_de_lecture(rapport: dict[str, Any]) -> list[str]:
    """How the file was read, when it was not plain."""
    notes = []
    if memoire := rapport.get("memoire"):
        notes.append(f"Les colonnes sont reconnues comme la dernière fois ({memoire}).")
    if rapport.get("niveaux", 1) > 1:
        notes.append(f"Les titres tiennent sur {rapport['niveaux']} lignes : elles ont été réunies.")
    if rapport.get("recopiees"):
        notes.append("Le texte d’une cellule fusionnée est repris sur chacune de ses lignes.")
    if masquees := rapport.get("masquees"):
        noms = ", ".join(f"« {nom} »" for nom in masquees[:5])
        notes.append(f"Feuilles masquées, non lues : {noms}.")
    return notes


@transaction.atomic
def changer_correspondance(lecture: ImportPlan, correspondance: Correspondance, *, par: Agent) -> ImportPlan:
    """Keeps which field each column feeds, for this file and for the next one with the same headers."""
    lecture = a_l_etat_lu(lecture, ImportPlan.Genre.NOUVELLES)
    lecture.correspondance = {
        str(rang): code
        for rang, code in correspondance.items()
        if code in PAR_CODE and 0 <= rang < len(lecture.entetes)
    }
    lecture.save(update_fields=["correspondance"])
    memoriser(lecture, par=par)
    return lecture


@transaction.atomic
def importer(demarche: Demarche, apercu: Apercu, par: Agent | None) -> int:
    """Creates one draft per valid line: all of them or none. Returns how many."""
    if not apercu.valides:
        return 0
    source = f"Import de {apercu.source}" if apercu.source else "Import"
    return len(creer_fiches(demarche, [v.saisie for v in apercu.valides], par=par, source=source))


@transaction.atomic
def confirmer(lecture: ImportPlan, *, par: Agent, attendu: int) -> int:
    """Imports what the preview showed, read again against the plan as it is now; once only.

    `attendu` is the number of fiches the person agreed to: another number means that the plan has changed
    since, and nothing is written. Raises ImportRefuse.
    """
    lecture = a_l_etat_lu(lecture, ImportPlan.Genre.NOUVELLES)
    # The same lock as the creation of a fiche: no number is taken between the check and the writing.
    Demarche.objects.select_for_update(of=("self",)).get(pk=lecture.demarche_id)
    demarche = Demarche.objects.avec_contexte().get(pk=lecture.demarche_id)
    try:
        apercu = apercu_de(demarche, lecture)
    except FichierIllisible as refus:
        raise ImportRefuse(str(refus)) from None
    if not apercu.valides:
        raise ImportRefuse("Aucune ligne ne peut être importée : corrigez le fichier, puis envoyez-le.")
    if len(apercu.valides) != attendu:
        raise ImportRefuse(
            "Le plan a changé depuis cet aperçu, rien n’a été importé : relisez l’aperçu ci-dessous, puis "
            "confirmez."
        )
    nombre = importer(demarche, apercu, par)
    memoriser(lecture, par=par)
    lecture.etat = ImportPlan.Etat.CONFIRME
    lecture.confirme_le = timezone.now()
    lecture.rapport = {"creees": nombre, "rejets": [astuple(r) for r in apercu.rejets]}
    lecture.lignes, lecture.numeros = [], []  # what became fiches needs no second copy
    lecture.save(update_fields=["etat", "confirme_le", "rapport", "lignes", "numeros"])
    return nombre


@transaction.atomic
def abandonner(lecture: ImportPlan, *, par: Agent) -> None:
    """Forgets what was read. Raises ImportRefuse when it is over already."""
    lecture = a_l_etat_lu(lecture)
    lecture.etat, lecture.lignes, lecture.numeros = ImportPlan.Etat.ABANDONNE, [], []
    lecture.rapport = {}
    lecture.save(update_fields=["etat", "lignes", "numeros", "rapport"])
    consigner("abandonner_import", sur=lecture, par=par, demarche_id=lecture.demarche_id)
