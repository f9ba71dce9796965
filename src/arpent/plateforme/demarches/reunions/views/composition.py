"""Who is called, and the agenda with its files."""

from __future__ import annotations

from collections.abc import Sequence

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from arpent.plateforme.demarches.acces import page_demarche
from arpent.plateforme.socle.envois import Envoi
from arpent.plateforme.socle.numeros import identifiant
from arpent.plateforme.socle.versions import ConflitDeVersion, page_conflit

from ...models import Demarche
from .. import actions, suites
from ..forms import MembreForm, PieceForm, PointForm
from ..lecture import adresse_objet, membres_de, par_groupe, points_de
from ..models import MembreReunion, PointOrdreDuJour
from .acces import (
    CONDUIRE,
    LIRE_ECRIRE,
    VOIR,
    adresse,
    agent_de,
    cadre,
    exiger_conduite,
    membre_de,
    piece_de,
    point_de,
    reunion_de,
)


@page_demarche(VOIR)
def participants(request: HttpRequest, demarche: Demarche, pk: int) -> HttpResponse:
    """Who is called, by group, and what could not be found. About fifteen queries, whatever their number."""
    ici = reunion_de(demarche, pk)
    contexte = cadre(request, demarche, ici, "participants")
    membres = membres_de(ici)
    ouverte = ici.est_modifiable and contexte["conduit"]
    contexte |= {
        "membres": membres,
        "groupes": par_groupe(membres),
        "abonnes": _abonnes(membres) if contexte["conduit"] else [],
        "retires": list(ici.membres.filter(retire=True)) if ouverte else [],
        "manques": actions.composition_de(ici).manques if ouverte else (),
        "ouverte": ouverte,
        "ajoute": contexte["conduit"] and (ici.est_modifiable or ici.est_en_seance),
        "places": MembreReunion.Place.choices if contexte["conduit"] and not ici.est_validee else (),
        "form": MembreForm(),
    }
    return render(request, "reunions/participants.html", contexte)


def _abonnes(membres: Sequence[MembreReunion]) -> list[MembreReunion]:
    """Those whose calendar feed is open. One query."""
    ouverts = list(suites.agendas_de(membres).values_list("personne_id", "agent_id"))
    personnes, agents = {p for p, _ in ouverts if p}, {a for _, a in ouverts if a}
    return [m for m in membres if m.personne_id in personnes or m.agent_id in agents]


@page_demarche(CONDUIRE, "POST")
def recalculer(request: HttpRequest, demarche: Demarche, pk: int) -> HttpResponse:
    ici = reunion_de(demarche, pk)
    exiger_conduite(request, ici)
    try:
        composition = actions.recomposer(ici, par=agent_de(request))
    except actions.ReunionRefusee as refus:
        messages.error(request, str(refus))
    else:
        nombre = len(composition.convies)
        messages.success(request, f"La composition est recalculée : {nombre} personnes par leur mandat.")
    return redirect(adresse(demarche, "participants", pk))


@page_demarche(CONDUIRE, "POST")
def ajouter(request: HttpRequest, demarche: Demarche, pk: int) -> HttpResponse:
    """Adds somebody; a form to correct comes back with the page."""
    ici = reunion_de(demarche, pk)
    exiger_conduite(request, ici)
    form = MembreForm(request.POST)
    if form.is_valid():
        d = form.cleaned_data
        try:
            membre = actions.ajouter_membre(
                ici, nom=d["nom"], qualite=d["qualite"], courriel=d["courriel"], personne=form.personne(),
                par=agent_de(request),
            )  # fmt: skip
        except actions.ReunionRefusee as refus:
            form.add_error(None, str(refus))
        else:
            messages.success(request, f"{membre.nom} est dans la liste.")
            vers = "seance" if request.POST.get("vers") == "seance" else "participants"
            return redirect(adresse(demarche, vers, pk))
    contexte = cadre(request, demarche, ici, "participants") | {"form": form, "ajoute": True}
    membres = membres_de(ici)
    contexte |= {"membres": membres, "groupes": par_groupe(membres)}
    return render(request, "reunions/participants.html", contexte, status=422)


@page_demarche(CONDUIRE, "POST")
def membre(request: HttpRequest, demarche: Demarche, pk: int) -> HttpResponse:
    """`geste`: retirer, remettre, or a place of MembreReunion.Place."""
    ici = membre_de(demarche, pk)
    exiger_conduite(request, ici.reunion)
    try:
        actions.changer_membre(ici, request.POST.get("geste", ""), par=agent_de(request))
    except actions.ReunionRefusee as refus:
        messages.error(request, str(refus))
    else:
        messages.success(request, f"La place de {ici.nom} est enregistrée.")
    return redirect(adresse(demarche, "participants", ici.reunion_id))


@page_demarche(CONDUIRE, "POST")
def agenda_membre(request: HttpRequest, demarche: Demarche, pk: int) -> HttpResponse:
    """Stops the calendar feed of a member: an address that was lost, or given away."""
    ici = membre_de(demarche, pk)
    exiger_conduite(request, ici.reunion)
    if suites.revoquer_les_agendas(suites.agendas_de([ici]), par=agent_de(request)):
        messages.success(request, f"L’agenda de {ici.nom} est révoqué : son adresse ne répond plus.")
    else:
        messages.info(request, f"{ici.nom} n’a pas d’agenda ouvert : rien n’a changé.")
    return redirect(adresse(demarche, "participants", ici.reunion_id))


@page_demarche(CONDUIRE, "POST")
def place(request: HttpRequest, demarche: Demarche, pk: int) -> HttpResponse:
    """Gives a place (`geste`) to one of the members (`membre`): who presides, the pair of referents."""
    ici = reunion_de(demarche, pk)
    exiger_conduite(request, ici)
    choisi = ici.membres.filter(pk=identifiant(request.POST.get("membre", "")) or 0, retire=False).first()
    geste = request.POST.get("geste", "")
    if choisi is None or geste not in MembreReunion.Place.values:
        messages.error(request, "Choisissez une personne de la liste, puis sa place.")
    else:
        try:
            actions.changer_membre(choisi, geste, par=agent_de(request))
        except actions.ReunionRefusee as refus:
            messages.error(request, str(refus))
        else:
            messages.success(request, f"La place de {choisi.nom} est enregistrée.")
    return redirect(adresse(demarche, "participants", pk))


@page_demarche(VOIR, *LIRE_ECRIRE)
def points(request: HttpRequest, demarche: Demarche, pk: int) -> HttpResponse:
    """The agenda and its files; a POST adds a point."""
    ici = reunion_de(demarche, pk)
    contexte = cadre(request, demarche, ici, "points")
    form = PointForm(request.POST or None, instance=PointOrdreDuJour(reunion=ici), demarche=ici.demarche)
    del form.fields["version_lue"]
    if request.method == "POST":
        exiger_conduite(request, ici)
        if form.is_valid():
            form.poser_objet(form.instance)
            try:
                actions.ajouter_point(form.instance, par=agent_de(request))
            except actions.ReunionRefusee as refus:
                form.add_error(None, str(refus))
            else:
                messages.success(request, "Le point est à l’ordre du jour.")
                return redirect(adresse(demarche, "points", pk))
    lus = points_de(ici)
    contexte |= {
        "points": [(p, adresse_objet(ici.demarche, p)) for p in lus],
        "pieces": list(ici.pieces.filter(retiree_le=None, point=None)),
        "form": form,
        "form_piece": PieceForm(points=lus),
        "ouvert": contexte["conduit"] and (ici.est_modifiable or ici.est_en_seance),
    }
    return render(request, "reunions/points.html", contexte, status=422 if form.is_bound else 200)


@page_demarche(CONDUIRE, *LIRE_ECRIRE)
def point(request: HttpRequest, demarche: Demarche, pk: int) -> HttpResponse:
    """Changing a point."""
    ici = point_de(demarche, pk)
    exiger_conduite(request, ici.reunion)
    avant = {n: getattr(ici, n) for n in actions.CHAMPS_POINT}
    form = PointForm(request.POST or None, instance=ici, demarche=ici.reunion.demarche)
    if form.is_valid():
        form.poser_objet(ici)
        try:
            actions.modifier_point(
                ici, avant=avant, version_lue=form.cleaned_data["version_lue"], par=agent_de(request)
            )
        except actions.ReunionRefusee as refus:
            form.add_error(None, str(refus))
        except ConflitDeVersion as conflit:
            return page_conflit(
                request, conflit, titre="Ce point a changé entre-temps", retour=request.get_full_path()
            )
        else:
            messages.success(request, "Le point est enregistré.")
            return redirect(adresse(demarche, "points", ici.reunion_id))
    contexte = {
        "demarche": demarche,
        "reunion": ici.reunion,
        "form": form,
        "retour": adresse(demarche, "points", ici.reunion_id),
    }
    return render(request, "reunions/point.html", contexte, status=422 if form.is_bound else 200)


@page_demarche(CONDUIRE, "POST")
def deplacer(request: HttpRequest, demarche: Demarche, pk: int) -> HttpResponse:
    """`geste`: monter, descendre or retirer."""
    ici = point_de(demarche, pk)
    exiger_conduite(request, ici.reunion)
    try:
        actions.deplacer_point(ici, request.POST.get("geste", ""), par=agent_de(request))
    except actions.ReunionRefusee as refus:
        messages.error(request, str(refus))
    else:
        messages.success(request, "L’ordre du jour est enregistré.")
    return redirect(adresse(demarche, "points", ici.reunion_id))


@page_demarche(CONDUIRE, "POST")
def deposer(request: HttpRequest, demarche: Demarche, pk: int) -> HttpResponse:
    """Joins a file to the meeting or to one of its points."""
    ici = reunion_de(demarche, pk)
    exiger_conduite(request, ici)
    lus = list(ici.points.all())
    form = PieceForm(request.POST, request.FILES, points=lus)
    if not form.is_valid():
        raisons = " ".join(str(e) for erreurs in form.errors.values() for e in erreurs)
        messages.error(request, f"Le document n’a pas été joint. {raisons}")
        return redirect(adresse(demarche, "points", pk, "documents"))
    d = form.cleaned_data
    try:
        suites.deposer(
            ici, Envoi(d["fichier"].name, d["fichier"].read()), titre=d["titre"],
            point=next((p for p in lus if p.pk == d["point"]), None), par=agent_de(request),
        )  # fmt: skip
    except actions.ReunionRefusee as refus:
        messages.error(request, str(refus))
    else:
        messages.success(request, "Le document est joint.")
    return redirect(adresse(demarche, "points", pk, "documents"))


@page_demarche(VOIR)
def fichier(request: HttpRequest, demarche: Demarche, pk: int) -> HttpResponse:
    """The file as an attachment, under the name that it was sent with."""
    piece = piece_de(demarche, pk)
    if piece.retiree_le is not None:
        raise Http404("Ce document a été retiré.")
    try:
        with piece.fichier.open("rb") as flux:
            contenu = flux.read()
    except FileNotFoundError as erreur:
        raise Http404("Le fichier de ce document n’est plus dans le dossier des fichiers.") from erreur
    reponse = HttpResponse(contenu, content_type=piece.type_mime)
    extension = str(piece.fichier.name).rpartition(".")[2]
    reponse["Content-Disposition"] = f'attachment; filename="document-{piece.pk}.{extension}"'
    reponse["X-Content-Type-Options"] = "nosniff"
    reponse["Cache-Control"] = "private, no-store"
    return reponse


@page_demarche(CONDUIRE, "POST")
def retirer_fichier(request: HttpRequest, demarche: Demarche, pk: int) -> HttpResponse:
    piece = piece_de(demarche, pk)
    exiger_conduite(request, piece.reunion)
    try:
        suites.retirer_piece(piece, par=agent_de(request))
    except actions.ReunionRefusee as refus:
        messages.error(request, str(refus))
    else:
        messages.success(request, "Le document est retiré.")
    return redirect(adresse(demarche, "points", piece.reunion_id, "documents"))
