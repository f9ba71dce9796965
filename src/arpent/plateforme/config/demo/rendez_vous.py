"""A Rendez-vous de Territoire of the demonstration: convened, its questions found, many withdrawn.

Invented, but for the projects: the towns of the policy are not published, the hall is made up.
"""

from __future__ import annotations

from datetime import date, time, timedelta

from django.db import transaction

from arpent.plateforme.acteurs.models import Agent
from arpent.plateforme.demarches.models import Demarche
from arpent.plateforme.demarches.reunions import actions, gestes, suites
from arpent.plateforme.demarches.reunions.genres import RENDEZ_VOUS, genres_de
from arpent.plateforme.demarches.reunions.models import Reunion
from arpent.plateforme.demarches.reunions.models_suites import QuestionReunion
from arpent.plateforme.suivi.rendez_vous.actions import deplacer, relever

from .comptes import agent

SIGNE, VOISIN = "randon-margeride", "coeur-de-lozere"
DE_LA_MEME_SORTE = 3
QUESTION = "Quel calendrier pour les dossiers de l’année prochaine ? (exemple)"


@transaction.atomic
def fixer(le: date) -> None:
    """All or nothing, once; nothing when the territories are not loaded."""
    if Reunion.objects.filter(genre__startswith=RENDEZ_VOUS).exists():
        return
    demarches = {d.slug: d for d in Demarche.objects.avec_contexte().filter(slug__in=(SIGNE, VOISIN))}
    hote, voisin = demarches.get(SIGNE), demarches.get(VOISIN)
    genre = genres_de(hote).get(RENDEZ_VOUS) if hote else None
    if hote is None or voisin is None or genre is None:
        return
    cheffe = agent("chef.projet")
    reunion = Reunion(
        demarche=hote,
        titre="Rendez-vous de Territoire (exemple)",
        jour=le + timedelta(days=15),
        heure=time(18),
        duree_minutes=genre.duree_minutes,
        lieu="Salle polyvalente, Monts-de-Randon",
        demonstration=True,
    )
    actions.preparer(reunion, genre, [voisin], par=cheffe)
    if not reunion.membres.exists():
        actions.ajouter_membre(
            reunion, nom=cheffe.nom_complet, qualite=cheffe.fonction, courriel=cheffe.courriel,
            personne=None, par=cheffe,
        )  # fmt: skip
    relever(reunion, par=cheffe)
    _alleger(reunion, cheffe)
    suites.poser_question(QuestionReunion(reunion=reunion, texte=QUESTION), par=cheffe)
    gestes.convoquer(reunion, le=le, par=cheffe)


def _alleger(reunion: Reunion, par: Agent) -> None:
    """An evening holds a few questions: beyond three of the same sort, they wait for another place."""
    vues: dict[str, int] = {}
    for question in list(reunion.questions.all()):
        vues[question.origine] = vues.get(question.origine, 0) + 1
        if vues[question.origine] > DE_LA_MEME_SORTE:
            deplacer(question, "retirer", par=par)
