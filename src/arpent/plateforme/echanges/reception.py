"""Receiving a file: which sheet is read, which field each column feeds, and what was already known of it."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from django.db import transaction

from arpent.plateforme.acteurs.models import Agent, Organisation
from arpent.plateforme.demarches.models import Demarche

from .correspondance import PAR_CODE, deviner, mots
from .etats import ImportRefuse, a_l_etat_lu
from .lecture import ouvrir
from .models import CorrespondanceMemorisee, ImportPlan
from .retour.lecture import comparer


def recevoir(demarche: Demarche, chemin: Path, nom: str, *, par: Agent) -> ImportPlan:
    """Reads an uploaded file (in a child process) and keeps what it says. Nothing enters the plan.

    The same file sent twice by the same person, not confirmed yet, is the same import. Raises
    FichierIllisible.
    """
    sha256 = hashlib.sha256(chemin.read_bytes()).hexdigest()
    deja = ImportPlan.objects.filter(
        demarche=demarche, agent_id=par.pk, sha256=sha256, etat=ImportPlan.Etat.LU
    ).first()
    if deja is not None:
        return deja
    lecture = ImportPlan(
        demarche=demarche, agent_id=par.pk, nom_fichier=Path(nom).name[:200], sha256=sha256, entetes=[]
    )
    fichier = ouvrir(chemin, nom)
    if fichier.retour:
        lecture.genre = ImportPlan.Genre.RETOUR
        lecture.lignes = asdict(comparer(fichier.retour, demarche.slug))
    else:
        _poser(lecture, fichier.feuilles[0], organisation_de(par, demarche))
        lecture.rapport |= {"masquees": list(fichier.masquees), "autres": list(fichier.feuilles[1:])}
    lecture.save(force_insert=True)
    return lecture


def _poser(lecture: ImportPlan, feuille: Mapping[str, Any], organisation: Organisation | None) -> None:
    """Puts a sheet into the import, its columns recognised as last time, else guessed."""
    lecture.entetes, lecture.numeros, lecture.lignes = (
        feuille["entetes"],
        feuille["numeros"],
        feuille["lignes"],
    )
    connue = _connue(organisation, lecture.entetes)
    if connue is None:
        trouvees = deviner(lecture.entetes, lecture.lignes[:50])
    else:
        trouvees = {
            rang: code
            for rang, nom in enumerate(_noms(lecture.entetes))
            if (code := connue.correspondance.get(nom, "")) in PAR_CODE
        }
    lecture.correspondance = {str(rang): code for rang, code in trouvees.items()}
    lecture.rapport = {
        "feuille": feuille["nom"],
        "niveaux": feuille["niveaux"],
        "recopiees": feuille["recopiees"],
        "memoire": connue.nom_fichier if connue else "",
    }


@transaction.atomic
def choisir_feuille(lecture: ImportPlan, nom: str, *, par: Agent) -> ImportPlan:
    """Reads another sheet of the same workbook. ImportRefuse when the workbook has none of that name."""
    lecture = a_l_etat_lu(lecture)
    autres: list[dict[str, Any]] = lecture.rapport.get("autres", [])
    voulue = next((f for f in autres if f["nom"] == nom), None)
    if voulue is None:
        raise ImportRefuse("Cette feuille n’est pas dans le classeur : envoyez le fichier à nouveau.")
    quittee = {
        "nom": lecture.rapport["feuille"],
        "niveaux": lecture.rapport["niveaux"],
        "recopiees": lecture.rapport["recopiees"],
        "entetes": lecture.entetes,
        "numeros": lecture.numeros,
        "lignes": lecture.lignes,
    }
    masquees = lecture.rapport.get("masquees", [])
    _poser(lecture, voulue, organisation_de(par, lecture.demarche))
    lecture.rapport |= {"masquees": masquees, "autres": [f for f in autres if f is not voulue] + [quittee]}
    lecture.save(update_fields=["entetes", "numeros", "lignes", "correspondance", "rapport"])
    return lecture


# --- what an organisation once matched ------------------------------------------------------------


def organisation_de(agent: Agent, demarche: Demarche) -> Organisation | None:
    """The body for which the agent works on that démarche: its own, else its authority's."""
    for h in agent.habilitations_en_cours:
        if demarche.territoire_id == h.territoire_id and h.organisation is not None:
            return h.organisation
    return demarche.autorite


def _noms(entetes: Sequence[str]) -> list[str]:
    """The words of each header; the second of a name is told apart, wherever the columns are."""
    vus: dict[str, int] = {}
    noms = []
    for entete in entetes:
        nom = mots(entete)
        vus[nom] = vus.get(nom, 0) + 1
        noms.append(f"{nom}#{vus[nom]}" if nom else "")
    return noms


def signature(entetes: Sequence[str]) -> str:
    """The same for the same headers in another order."""
    return hashlib.sha256("\n".join(sorted(filter(None, _noms(entetes)))).encode()).hexdigest()


def _connue(organisation: Organisation | None, entetes: Sequence[str]) -> CorrespondanceMemorisee | None:
    if organisation is None:
        return None
    return CorrespondanceMemorisee.objects.filter(
        organisation=organisation, signature=signature(entetes)
    ).first()


def memoriser(lecture: ImportPlan, *, par: Agent) -> None:
    """Keeps which field each header feeds, for the organisation of the agent. Inside a transaction."""
    organisation = organisation_de(par, lecture.demarche)
    if organisation is None:
        return
    par_rang = {int(rang): code for rang, code in lecture.correspondance.items()}
    noms = {nom: par_rang.get(rang, "") for rang, nom in enumerate(_noms(lecture.entetes)) if nom}
    CorrespondanceMemorisee.objects.update_or_create(
        organisation=organisation,
        signature=signature(lecture.entetes),
        defaults={
            "entetes": lecture.entetes,
            "correspondance": noms,
            "nom_fichier": lecture.nom_fichier,
        },
    )
