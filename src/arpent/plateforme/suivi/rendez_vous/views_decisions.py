"""Deciding a question of a Rendez-vous: a task that awaits somebody, or the draft of an avenant."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from arpent.metier.avenants import Genre
from arpent.plateforme.acteurs.acces import RequeteAgent
from arpent.plateforme.contrats.assemblage import trouver_contrat
from arpent.plateforme.contrats.avenants.acces import PREPARER
from arpent.plateforme.contrats.avenants.forms import choix_pour
from arpent.plateforme.contrats.avenants.lecture import AvenantRefuse, etat_consolide
from arpent.plateforme.contrats.exigences import ContratRefuse
from arpent.plateforme.demarches.acces import page_demarche
from arpent.plateforme.demarches.models import Demarche
from arpent.plateforme.demarches.reunions.actions import ReunionRefusee
from arpent.plateforme.demarches.reunions.models import Reunion
from arpent.plateforme.demarches.reunions.models_suites import QuestionReunion
from arpent.plateforme.plans.models import Fiche

from ..avancement.lecture import structures_responsables
from . import actions
from .acces import exiger, question_ou_404, rendez_vous_ou_404
from .droits import peut_ouvrir_avenant
from .forms import AvenantForm, TacheForm

MOTS_DE_L_OBJET = 200


def _fiche_de(question: QuestionReunion, demarche: Demarche) -> Fiche | None:
    """The project that the question is about, if it is about one. One query at most."""
    if question.objet_genre != "fiche" or question.objet_id is None:
        return None
    return Fiche.objects.filter(demarche=demarche, numero=question.objet_id).first()


def _retour(demarche: Demarche, reunion: Reunion) -> str:
    return reverse("suivi:rendez_vous", args=[demarche.slug, reunion.pk]) + "#questions"


def _page(
    request: RequeteAgent, demarche: Demarche, question: QuestionReunion, form: Any, titre: str, **reste: Any
) -> HttpResponse:
    request.place = "bilan"  # type: ignore[attr-defined]
    contexte = {
        "demarche": demarche, "reunion": question.reunion, "question": question, "form": form,
        "titre": titre, "retour": _retour(demarche, question.reunion),
    } | reste  # fmt: skip
    status = 422 if form.is_bound else 200
    return render(request, "suivi/rendez_vous/decider.html", contexte, status=status)


@page_demarche("reunion.conduire", "GET", "HEAD", "POST")
def decider(request: RequeteAgent, demarche: Demarche, pk: int, question_id: int) -> HttpResponse:
    """A decision on the object of the question, with its owner and its day."""
    reunion = rendez_vous_ou_404(request, demarche, pk)
    ici = question_ou_404(reunion, question_id)
    concernee = actions.demarche_de(ici)
    fiche = _fiche_de(ici, concernee)
    en_plus = [fiche.maitre_ouvrage_id] if fiche else []
    membres = list(reunion.membres.filter(retire=False).select_related("personne"))
    form = TacheForm(
        request.POST if request.method == "POST" else None,
        structures=structures_responsables(concernee, *en_plus), membres=membres,
        initial={"porteur": f"o{en_plus[0]}" if en_plus else ""},
    )  # fmt: skip
    if request.method == "POST" and form.is_valid():
        try:
            decision = actions.decider_une_tache(ici, form.decision(ici), par=request.user)
        except ReunionRefusee as refus:
            form.add_error(None, str(refus))
        else:
            messages.success(
                request, f"La décision {decision.numero} est prise : elle attend {decision.responsable_nom}."
            )
            return redirect(_retour(demarche, reunion))
    return _page(request, demarche, ici, form, "Décider d’une tâche", valider="Enregistrer la décision")


@page_demarche(PREPARER, "GET", "HEAD", "POST")
def avenant(request: RequeteAgent, demarche: Demarche, pk: int, question_id: int) -> HttpResponse:
    """The draft of an avenant, prefilled with the line of the question and its words as the reason."""
    reunion = rendez_vous_ou_404(request, demarche, pk)
    ici = question_ou_404(reunion, question_id)
    concernee = actions.demarche_de(ici)
    exiger(peut_ouvrir_avenant(request.user, reunion, concernee))
    contrat = trouver_contrat(concernee)
    try:
        if contrat is None:
            raise AvenantRefuse(f"Le contrat de {concernee.territoire.nom} n’est pas encore préparé.")
        contrat.demarche = concernee
        etat = etat_consolide(contrat).etat
    except ContratRefuse as refus:
        messages.error(request, str(refus))
        return redirect(_retour(demarche, reunion))
    fiche = _fiche_de(ici, concernee)
    debut: dict[str, Any] = {"motif": ici.texte[:500], "objet": ""}
    if fiche is not None:
        ligne = etat.ligne(str(fiche.pk))
        debut["objet"] = f"Changement du projet « {fiche.titre[:MOTS_DE_L_OBJET]} »."
        debut |= {"lignes": [str(fiche.pk)], "montant": ligne.aide} if ligne else {}
    form = AvenantForm(
        request.POST if request.method == "POST" else None,
        choix=choix_pour(Genre.ANNEE, concernee, etat), initial=debut,
    )  # fmt: skip
    if request.method == "POST" and form.is_valid():
        try:
            fait = actions.decider_un_avenant(ici, contrat, form.demande(), par=request.user)
        except (ContratRefuse, ReunionRefusee) as refus:
            form.add_error(None, str(refus))
        else:
            messages.success(request, f"Le projet d’avenant est ouvert : {fait.objet}")
            return redirect(_retour(demarche, reunion))
    return _page(request, demarche, ici, form, "Ouvrir un avenant", valider="Ouvrir le projet d’avenant")
