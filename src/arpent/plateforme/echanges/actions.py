"""Importing a plan: keeping what was read, then, once confirmed, creating the drafts in one transaction."""

from __future__ import annotations

import hashlib
from dataclasses import astuple
from pathlib import Path

from django.db import transaction
from django.utils import timezone

from arpent.plateforme.acteurs.models import Agent
from arpent.plateforme.demarches.models import Demarche
from arpent.plateforme.journal.actions import consigner
from arpent.plateforme.plans.actions import creer_fiches

from .apercu import Apercu, verifier
from .correspondance import PAR_CODE, Correspondance, deviner
from .lecture import FichierIllisible, Tableau, lire_fichier, tableau
from .models import ImportPlan


class ImportRefuse(ValueError):
    """The gesture cannot be made now; the message is French and says what to do."""


def tableau_de(lecture: ImportPlan) -> Tableau:
    """The table kept by an import."""
    return tableau(lecture.entetes, lecture.numeros, lecture.lignes, lecture.nom_fichier)


def correspondance_de(lecture: ImportPlan) -> dict[int, str]:
    """Which field each column feeds (JSON keeps the numbers of columns as texts)."""
    return {int(rang): code for rang, code in lecture.correspondance.items() if code in PAR_CODE}


def apercu_de(demarche: Demarche, lecture: ImportPlan) -> Apercu:
    """What the import would do now. FichierIllisible while a necessary column is not known."""
    return verifier(demarche, tableau_de(lecture), correspondance_de(lecture))


def recevoir(demarche: Demarche, chemin: Path, nom: str, *, par: Agent) -> ImportPlan:
    """Reads an uploaded file (in a child process) and keeps its lines. Nothing enters the plan.

    The same file sent twice by the same person, not confirmed yet, is the same import. Raises
    FichierIllisible.
    """
    sha256 = hashlib.sha256(chemin.read_bytes()).hexdigest()
    deja = ImportPlan.objects.filter(
        demarche=demarche, agent_id=par.pk, sha256=sha256, etat=ImportPlan.Etat.LU
    ).first()
    if deja is not None:
        return deja
    lu = lire_fichier(chemin, nom)
    return ImportPlan.objects.create(
        demarche=demarche,
        agent_id=par.pk,
        nom_fichier=Path(nom).name[:200],
        sha256=sha256,
        entetes=list(lu.entetes),
        numeros=[ligne.numero for ligne in lu.lignes],
        lignes=[list(ligne.cellules) for ligne in lu.lignes],
        correspondance=deviner(lu.entetes, [ligne.cellules for ligne in lu.lignes[:50]]),
    )


def _a_l_etat_lu(lecture: ImportPlan) -> ImportPlan:
    lecture = ImportPlan.objects.select_for_update(of=("self",)).get(pk=lecture.pk)
    if lecture.etat != ImportPlan.Etat.LU:
        etat = {"confirme": "confirmé", "abandonne": "abandonné"}[lecture.etat]
        raise ImportRefuse(f"Cet import est déjà {etat}. Pour recommencer, envoyez le fichier à nouveau.")
    return lecture


@transaction.atomic
def changer_correspondance(lecture: ImportPlan, correspondance: Correspondance) -> ImportPlan:
    """Keeps which field each column feeds."""
    lecture = _a_l_etat_lu(lecture)
    lecture.correspondance = {
        str(rang): code
        for rang, code in correspondance.items()
        if code in PAR_CODE and 0 <= rang < len(lecture.entetes)
    }
    lecture.save(update_fields=["correspondance"])
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
    lecture = _a_l_etat_lu(lecture)
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
    lecture.etat = ImportPlan.Etat.CONFIRME
    lecture.confirme_le = timezone.now()
    lecture.rapport = {"creees": nombre, "rejets": [astuple(r) for r in apercu.rejets]}
    lecture.lignes, lecture.numeros = [], []  # what became fiches needs no second copy
    lecture.save(update_fields=["etat", "confirme_le", "rapport", "lignes", "numeros"])
    return nombre


@transaction.atomic
def abandonner(lecture: ImportPlan, *, par: Agent) -> None:
    """Forgets what was read. Raises ImportRefuse when it is over already."""
    lecture = _a_l_etat_lu(lecture)
    lecture.etat, lecture.lignes, lecture.numeros = ImportPlan.Etat.ABANDONNE, [], []
    lecture.save(update_fields=["etat", "lignes", "numeros"])
    consigner("abandonner_import", sur=lecture, par=par, demarche_id=lecture.demarche_id)
