"""Votes of the parties: the form of one, its signed act, the due list over every territory, the reminders."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render

from arpent.plateforme.acteurs.acces import RequeteAgent, page
from arpent.plateforme.demarches.acces import page_demarche
from arpent.plateforme.demarches.models import Demarche
from arpent.plateforme.documents.actions import TYPES
from arpent.plateforme.documents.rendu.csv_liste import rendre_tableau_csv
from arpent.plateforme.documents.rendu.xlsx import rendre_tableau_xlsx
from arpent.plateforme.plans.assemblees import delibere
from arpent.plateforme.socle.envois import Envoi
from arpent.plateforme.socle.versions import ConflitDeVersion, page_conflit

from . import adresses
from .actes_signes import rendre
from .attendus import COLONNES, ETATS_LISTE, lignes_de_la_liste, lire_question, peut_relancer, rangee
from .droits import NOTER, peut_noter_vote
from .exigences import ContratRefuse
from .forms import RelanceVotesForm, VoteForm
from .lecture_votes import lire_votes, vote_vierge
from .models import Avenant, Partie, Vote
from .votes import CHAMPS_VOTE, VoteRefuse, enregistrer_vote, relancer_votes

VOIR = "contrat.voir"
MIMES = {"xlsx": TYPES["xlsx"], "csv": "text/csv; charset=utf-8"}


def _partie(demarche: Demarche, pk: int) -> Partie:
    lues = Partie.objects.select_related("organisation__commune", "contrat")
    partie = get_object_or_404(lues, pk=pk, contrat__demarche=demarche)
    if not delibere(partie.organisation):
        raise Http404("Cette partie signe sans délibération.")
    return partie


def _afficher(
    request: RequeteAgent, demarche: Demarche, partie: Partie, form: VoteForm, vote: Vote | None, status: int
) -> HttpResponse:
    avenant = form.instance.avenant
    (lu,) = lire_votes(Partie.objects.filter(pk=partie.pk), date.today(), avenant=avenant)
    actuel = vote is not None and lu.vote is not None and vote.pk == lu.vote.pk
    contexte = {
        "demarche": demarche,
        "partie": partie,
        "form": form,
        "vote": vote,
        "lu": lu if actuel else None,
        "remarques": lu.examen.remarques if actuel and not form.is_bound else (),
        "groupes": [
            (titre, [form[nom] for nom in noms if nom in form.fields]) for titre, noms in VoteForm.GROUPES
        ],
        "avenant": avenant,
        "retour": adresses.page(demarche, avenant, "votes"),
    }
    return render(request, "contrats/vote.html", contexte, status=status)


def _exiger_de_noter(request: RequeteAgent, partie: Partie, demarche: Demarche) -> None:
    if not (avis := peut_noter_vote(request.user, partie, demarche)):
        raise PermissionDenied(avis.raison)


def _traiter(
    request: RequeteAgent,
    demarche: Demarche,
    partie: Partie,
    vote: Vote | None,
    avenant: Avenant | None = None,
) -> HttpResponse:
    montre = vote or vote_vierge(partie, avenant)
    avenant = montre.avenant
    montre.partie = partie
    if request.method != "POST":
        return _afficher(request, demarche, partie, VoteForm(instance=montre), vote, 200)
    form = VoteForm(request.POST, request.FILES, instance=montre)
    if form.is_valid():
        lu = form.cleaned_data
        avec = Vote.objects.select_related("version_votee", "avenant", "avenant_vote")
        relu = None if vote is None else avec.get(pk=vote.pk)
        envoye = lu["signe"]
        try:
            _, remarques = enregistrer_vote(
                partie,
                {nom: lu.get(nom) for nom in CHAMPS_VOTE},
                par=request.user,
                le=date.today(),
                vote=relu,
                version_lue=lu["version_lue"],
                signe=Envoi(envoye.name, envoye.read()) if envoye else None,
                avenant=avenant,
            )
        except ConflitDeVersion as conflit:
            return page_conflit(request, conflit, titre="Ce vote a changé entre-temps", retour=request.path)
        except VoteRefuse as refus:
            for champ, texte in refus.par_champ:
                form.add_error(champ if champ in form.fields else None, texte)
        except ContratRefuse as refus:
            form.add_error(None, str(refus))
        else:
            messages.success(request, f"{partie.organisation.nom} : le vote est enregistré.")
            for remarque in remarques:
                messages.warning(request, f"À vérifier : {remarque.texte}")
            return redirect(adresses.page(demarche, avenant, "votes"))
    return _afficher(request, demarche, partie, form, vote, 422)


@page_demarche(NOTER, "GET", "HEAD", "POST")
def vote_noter(request: RequeteAgent, demarche: Demarche, pk: int) -> HttpResponse:
    """The vote of a party, from its convocation on; the one already followed is completed instead."""
    partie = _partie(demarche, pk)
    _exiger_de_noter(request, partie, demarche)
    (lu,) = lire_votes(Partie.objects.filter(pk=pk), date.today())
    if request.method != "POST" and lu.vote is not None and not lu.a_recommencer:
        return redirect("contrats:vote", demarche.slug, lu.vote.pk)
    return _traiter(request, demarche, partie, None)


@page_demarche(NOTER, "GET", "HEAD", "POST")
def vote_avenant(request: RequeteAgent, demarche: Demarche, pk: int, id: int) -> HttpResponse:
    """The vote of a party on an avenant that it approves."""
    avenant = get_object_or_404(Avenant, pk=pk, contrat__demarche=demarche)
    partie = _partie(demarche, id)
    _exiger_de_noter(request, partie, demarche)
    if not avenant.concernees.filter(pk=id).exists():
        raise Http404("Cette partie n’a pas à voter cet avenant.")
    (lu,) = lire_votes(Partie.objects.filter(pk=id), date.today(), avenant=avenant)
    if request.method != "POST" and lu.vote is not None and not lu.a_recommencer:
        return redirect("contrats:vote", demarche.slug, lu.vote.pk)
    return _traiter(request, demarche, partie, None, avenant)


def _vote(demarche: Demarche, pk: int) -> Vote:
    lus = Vote.objects.select_related("partie", "avenant")
    return get_object_or_404(lus, pk=pk, partie__contrat__demarche=demarche)


@page_demarche(NOTER, "GET", "HEAD", "POST")
def vote(request: RequeteAgent, demarche: Demarche, pk: int) -> HttpResponse:
    """Completes or corrects a vote; a stale save answers 409."""
    objet = _vote(demarche, pk)
    partie = _partie(demarche, objet.partie_id)
    _exiger_de_noter(request, partie, demarche)
    return _traiter(request, demarche, partie, objet)


@page_demarche(VOIR)
def vote_signe(request: RequeteAgent, demarche: Demarche, pk: int) -> HttpResponse:
    """The signed act, to keep."""
    objet = _vote(demarche, pk)
    return rendre(objet, "Aucun acte signé n’est joint à ce vote.")


# --- every territory ------------------------------------------------------------------------------


def _liste(
    request: RequeteAgent, get: QueryDict, form: RelanceVotesForm | None = None, status: int = 200
) -> HttpResponse:
    le = date.today()
    question = lire_question(get)
    toutes = lignes_de_la_liste(request.user, le)
    lignes = [x for x in toutes if question.retient(x, le)]
    relancables = [x.cle for x in lignes if x.relancable]
    if form is None and relancables:
        form = RelanceVotesForm(parties=relancables)
    contexte: dict[str, Any] = {
        "lignes": [(x, x.lu.examen.en_retard(le)) for x in lignes],
        "a_voter": sum(x.lu.a_voter for x in toutes),
        "en_retard": sum(x.lu.examen.en_retard(le) for x in toutes),
        "question": question,
        "etats": [(code, mot, code == question.etat) for code, mot in ETATS_LISTE.items()],
        "relance_form": form,
        "requete": get.urlencode(),
    }
    return render(request, "contrats/votes_attendus.html", contexte, status=status)


@page(VOIR)
def votes_attendus(request: RequeteAgent) -> HttpResponse:
    """The votes of every contract and avenant one may read. A fixed number of queries."""
    return _liste(request, request.GET)


@page(VOIR)
def votes_export(request: RequeteAgent, genre: str) -> HttpResponse:
    """The list as shown, as a spreadsheet or a CSV file."""
    if genre not in MIMES:
        raise Http404("Cette liste existe en Excel et en CSV.")
    le, question = date.today(), lire_question(request.GET)
    retenues = [rangee(x) for x in lignes_de_la_liste(request.user, le) if question.retient(x, le)]
    if genre == "csv":
        contenu = rendre_tableau_csv(COLONNES, retenues)
    else:
        auteur = request.user.nom_complet
        contenu = rendre_tableau_xlsx("Votes des parties", COLONNES, retenues, etabli_le=le, auteur=auteur)
    reponse = HttpResponse(contenu, content_type=MIMES[genre])
    reponse.headers["Content-Disposition"] = f'attachment; filename="votes-{le:%Y-%m-%d}.{genre}"'
    reponse.headers["X-Content-Type-Options"] = "nosniff"
    return reponse


@page(VOIR, "POST")
def votes_relance(request: RequeteAgent) -> HttpResponse:
    """Asks the ticked parties for their vote on a contract or an avenant; only where one drafts it."""
    if not peut_relancer(request.user):
        raise PermissionDenied("Les votes se demandent depuis le service qui rédige le contrat.")
    le = date.today()
    permises = {x.cle: x for x in lignes_de_la_liste(request.user, le) if x.relancable}
    form = RelanceVotesForm(request.POST, parties=list(permises))
    if not form.is_valid():
        return _liste(request, QueryDict(), form, 422)
    lignes = [permises[cle] for cle in form.cleaned_data["partie"]]
    choisies = [(x.lu.partie, x.avenant) for x in lignes]
    faites = relancer_votes(choisies, attendue_le=form.cleaned_data["attendue_le"], par=request.user, le=le)
    s = "s" if faites > 1 else ""
    messages.success(request, f"{faites} vote{s} demandé{s} : ceux qui en ont la charge sont prévenus.")
    return redirect("contrats:votes_attendus")
