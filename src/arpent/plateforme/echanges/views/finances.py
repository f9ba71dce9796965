"""The export of the finance software: sent, its columns checked, its lines settled, applied once."""

from __future__ import annotations

import tempfile
from collections import Counter
from pathlib import Path

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from arpent.plateforme.acteurs.acces import RequeteAgent
from arpent.plateforme.documents.donnees import Cellule, ColonneDoc
from arpent.plateforme.negociations.acces import page_du_dispositif
from arpent.plateforme.negociations.credits.fichiers import fichier as en_fichier
from arpent.plateforme.reglements.models import Dispositif

from ..etats import ImportRefuse
from ..finances import actions
from ..finances.connus import dossiers_du
from ..finances.forms import ColonnesForm, ExportForm, LigneForm
from ..forms import colonnes_lues
from ..lecture import FichierIllisible
from ..models import ImportFinances, LigneFinances

DROIT = "credits.gerer"
RAISON = "Importer les engagements et les paiements revient à l’autorité qui gère les crédits."
page_finances = page_du_dispositif(DROIT, RAISON, "GET", "HEAD", "POST")
page_envoi = page_du_dispositif(DROIT, RAISON, "POST")
S = LigneFinances.Sort
ORDRE = (S.A_REGLER, S.RAPPROCHEE, S.APPLIQUEE, S.DEJA, S.REPETEE, S.ECARTEE, S.ILLISIBLE)
PUCES: dict[str, str] = {
    S.A_REGLER: "alerte", S.RAPPROCHEE: "info", S.APPLIQUEE: "ok", S.DEJA: "neutre", S.REPETEE: "neutre",
    S.ECARTEE: "neutre", S.ILLISIBLE: "non",
}  # fmt: skip
COLONNES = (
    ColonneDoc("numero", "Ligne du fichier"), ColonneDoc("sort", "Ce qu’elle devient"),
    ColonneDoc("raison", "Pourquoi"), ColonneDoc("montant", "Montant", "montant"),
    ColonneDoc("le", "Date", "date"), ColonneDoc("tiers", "Tiers"), ColonneDoc("siret", "SIRET"),
    ColonneDoc("engagement", "Engagement"), ColonneDoc("mandat", "Mandat"),
    ColonneDoc("dossier", "Dossier"), ColonneDoc("par", "Réglée par"),
)  # fmt: skip


def _un(dispositif: Dispositif, pk: int) -> ImportFinances:
    lecture = get_object_or_404(ImportFinances, pk=pk, dispositif=dispositif)
    lecture.dispositif = dispositif
    return lecture


@page_finances
def finances(request: RequeteAgent, dispositif: Dispositif) -> HttpResponse:
    """Send an export; those already sent. Two queries beside those of every page."""
    form = ExportForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        envoye = form.cleaned_data["fichier"]
        with tempfile.TemporaryDirectory() as dossier:
            chemin = Path(dossier) / "export"
            chemin.write_bytes(envoye.read())
            try:
                lecture = actions.recevoir(
                    dispositif, chemin, envoye.name, form.cleaned_data["nature"], par=request.user
                )
            except FichierIllisible as refus:
                form.add_error("fichier", str(refus))
            else:
                return redirect("echanges:finances_import", slug=dispositif.slug, pk=lecture.pk)
    imports = ImportFinances.objects.filter(dispositif=dispositif).defer("lignes", "entetes")[:30]
    contexte = {"dispositif": dispositif, "form": form, "imports": list(imports)}
    return render(request, "echanges/finances/liste.html", contexte, status=422 if form.errors else 200)


@page_finances
def importation(request: RequeteAgent, dispositif: Dispositif, pk: int) -> HttpResponse:
    """Its columns to confirm, then its lines by what they become. Four queries beside those of every page."""
    lecture = _un(dispositif, pk)
    if lecture.etat != ImportFinances.Etat.LU:
        return _rapport(request, lecture)
    colonnes = colonnes_lues(lecture.entetes, lecture.lignes)
    form = ColonnesForm(
        request.POST if request.method == "POST" else None, colonnes=colonnes, connues=lecture.correspondance
    )
    if request.method == "POST" and form.is_valid():
        try:
            actions.confirmer(lecture, form.correspondance, par=request.user)
        except ImportRefuse as refus:
            form.add_error(None, str(refus))
        else:
            messages.success(request, "Les lignes sont rapprochées : rien n’est encore appliqué.")
            return redirect(request.path)
    contexte = {"dispositif": dispositif, "lecture": lecture, "form": form, "nombre": len(lecture.lignes)}
    return render(request, "echanges/finances/colonnes.html", contexte, status=422 if form.errors else 200)


def _rapport(request: RequeteAgent, lecture: ImportFinances) -> HttpResponse:
    lues = list(lecture.lues.select_related("dossier__fiche", "dossier__demarche"))
    comptes = Counter(x.sort for x in lues)
    contexte = {
        "dispositif": lecture.dispositif,
        "lecture": lecture,
        "groupes": [
            (sort.value, sort.label, PUCES[sort], [x for x in lues if x.sort == sort])
            for sort in ORDRE
            if comptes[sort.value]
        ],
        "a_regler": comptes[S.A_REGLER.value],
        "a_appliquer": comptes[S.RAPPROCHEE.value],
        "appliquees": comptes[S.APPLIQUEE.value],
    }
    return render(request, "echanges/finances/rapport.html", contexte)


@page_envoi
def appliquer(request: RequeteAgent, dispositif: Dispositif, pk: int) -> HttpResponse:
    """Every line reconciled, once each."""
    lecture = _un(dispositif, pk)
    bilan = actions.appliquer(lecture, par=request.user)
    pluriel = "s" if bilan.appliquees > 1 else ""
    messages.success(request, f"{bilan.appliquees} ligne{pluriel} appliquée{pluriel}.")
    if bilan.refusees:
        messages.warning(request, f"{bilan.refusees} à régler à la main : leur raison est dans la liste.")
    return redirect("echanges:finances_import", slug=dispositif.slug, pk=pk)


@page_envoi
def abandonner(request: RequeteAgent, dispositif: Dispositif, pk: int) -> HttpResponse:
    try:
        actions.abandonner(_un(dispositif, pk), par=request.user)
    except ImportRefuse as refus:
        messages.error(request, str(refus))
    else:
        messages.success(request, "L’export est abandonné : il n’a rien changé.")
    return redirect("echanges:finances", slug=dispositif.slug)


@page_finances
def ligne(request: RequeteAgent, dispositif: Dispositif, pk: int, numero: int) -> HttpResponse:
    """One line to settle by hand: the file it is about, or why it is set aside."""
    lecture = _un(dispositif, pk)
    lue = get_object_or_404(lecture.lues, numero=numero)
    lue.importation = lecture
    retour = reverse("echanges:finances_import", args=[dispositif.slug, pk])
    form = LigneForm(request.POST if request.method == "POST" else None, choix=_choix(dispositif, lue))
    if request.method == "POST" and form.is_valid():
        lu = form.cleaned_data
        try:
            if form.ecarte:
                actions.ecarter(lue, lu["motif"], par=request.user)
            elif lu["dossier"] is None:
                raise ImportRefuse("Choisissez le dossier, ou écartez la ligne avec un motif.")
            else:
                actions.appliquer_ligne(lue, lu["dossier"], par=request.user)
        except ImportRefuse as refus:
            form.add_error(None, str(refus))
        else:
            messages.success(request, "La ligne est écartée." if form.ecarte else "La ligne est appliquée.")
            return redirect(retour)
    contexte = {
        "dispositif": dispositif, "lecture": lecture, "ligne": lue, "form": form, "retour": retour,
        "puce": PUCES[S(lue.sort)], "ouverte": lue.sort in {S.A_REGLER, S.RAPPROCHEE},
    }  # fmt: skip
    return render(request, "echanges/finances/ligne.html", contexte, status=422 if form.errors else 200)


def _choix(dispositif: Dispositif, lue: LigneFinances) -> list[tuple[int, str]]:
    """The likely files first, then all the others. Five queries."""
    possibles = set(lue.candidats) | ({lue.dossier_id} if lue.dossier_id else set())
    dossiers = sorted(dossiers_du(dispositif), key=lambda d: d.pk not in possibles)
    return [
        (
            d.pk,
            f"{'★ ' if d.pk in possibles else ''}{d.reference}, {d.fiche.titre}, {d.maitre_ouvrage.nom}, "
            f"{d.demarche.territoire.nom}",
        )
        for d in dossiers
    ]


@page_finances
def rapport_xlsx(request: RequeteAgent, dispositif: Dispositif, pk: int) -> HttpResponse:
    """What became of each line."""
    lecture = _un(dispositif, pk)
    lignes: list[dict[str, Cellule]] = [
        {
            "numero": str(x.numero), "sort": x.get_sort_display(), "raison": x.raison, "montant": x.montant,
            "le": x.le, "tiers": x.tiers, "siret": x.siret, "engagement": x.engagement, "mandat": x.mandat,
            "dossier": x.dossier.reference if x.dossier else "", "par": x.regle_par_nom,
        }
        for x in lecture.lues.select_related("dossier")
    ]  # fmt: skip
    titre = f"Rapprochement, {lecture.nom_fichier}"
    return en_fichier("xlsx", titre, f"rapprochement-{lecture.pk}", COLONNES, lignes)
