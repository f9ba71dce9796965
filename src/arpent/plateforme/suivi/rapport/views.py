"""The report of evaluation: read as drafted, rewritten section by section, produced, downloaded."""

from __future__ import annotations

from datetime import date

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from arpent.plateforme.acteurs.acces import RequeteAgent
from arpent.plateforme.demarches.acces import page_demarche, peut_sur
from arpent.plateforme.demarches.models import Demarche
from arpent.plateforme.documents.actions import servir
from arpent.plateforme.documents.models import DocumentEmis
from arpent.plateforme.socle.pieces import Onglet
from arpent.plateforme.socle.versions import ConflitDeVersion, VersionFormMixin, page_conflit

from ..models import SectionRapport
from ..volets import volets
from . import actions
from .actions import GENRE_DOCUMENT, NATURES, RapportRefuse, SectionLue, sections_de, texte_propose
from .matiere import rassembler

VOIR, REDIGER = "bilan.voir", "evaluation.rediger"
Genre = SectionRapport.Genre


class SectionForm(VersionFormMixin, forms.ModelForm[SectionRapport]):
    """The text of one section."""

    texte = forms.CharField(
        label="Texte", max_length=actions.TEXTE_MAX, widget=forms.Textarea(attrs={"rows": 14}),
        help_text="Une ligne vide sépare deux paragraphes. Les tableaux suivent les données.",
        error_messages={"required": "Écrivez le texte, ou reprenez celui qui est proposé."},
    )  # fmt: skip

    class Meta:
        model = SectionRapport
        fields = ("texte",)


def _genre(lu: str) -> str:
    return lu if lu in Genre.values else Genre.MI_PARCOURS.value


def documents_de(demarche: Demarche) -> list[DocumentEmis]:
    """The reports produced, the latest first. One query."""
    return list(
        DocumentEmis.objects.filter(demarche_id=demarche.pk, genre=GENRE_DOCUMENT).defer("donnees")[:20]
    )


def _section(demarche: Demarche, genre: str, code: str) -> SectionLue:
    if genre not in Genre.values:
        raise Http404("Ce rapport n’existe pas.")
    lues = sections_de(rassembler(demarche, date.today()), genre)
    lue = next((s for s in lues if s.code == code), None)
    if lue is None:
        raise Http404("Cette partie n’est pas du rapport.")
    return lue


@page_demarche(VOIR)
def rapport(request: RequeteAgent, demarche: Demarche) -> HttpResponse:
    genre = _genre(request.GET.get("genre", ""))
    ici = reverse("suivi:rapport", args=[demarche.slug])
    contexte = {
        "demarche": demarche,
        "genre": genre,
        "nature": NATURES[Genre(genre)],
        "natures": [Onglet(n, f"{ici}?genre={g.value}", g.value == genre) for g, n in NATURES.items()],
        "sections": sections_de(rassembler(demarche, date.today()), genre),
        "documents": documents_de(demarche),
        "redige": bool(peut_sur(request.user, REDIGER, demarche)),
        "volets": volets(demarche, "rapport"),
    }
    return render(request, "suivi/rapport/rapport.html", contexte)


def _retour(demarche: Demarche, genre: str, ancre: str = "") -> str:
    adresse = reverse("suivi:rapport", args=[demarche.slug])
    return f"{adresse}?genre={genre}" + (f"#{ancre}" if ancre else "")


@page_demarche(REDIGER, "GET", "HEAD", "POST")
def section(request: RequeteAgent, demarche: Demarche, genre: str, code: str) -> HttpResponse:
    lue = _section(demarche, genre, code)
    debut = {} if lue.reecrite else {"texte": texte_propose(lue.propose)}
    donnees = request.POST if request.method == "POST" else None
    form = SectionForm(donnees, instance=lue.reecrite, initial=debut)
    if donnees is not None and form.is_valid():
        try:
            actions.ecrire_section(
                demarche, genre, code, form.cleaned_data["texte"],
                version_lue=form.cleaned_data["version_lue"], par=request.user,
            )  # fmt: skip
        except ConflitDeVersion as conflit:
            return page_conflit(request, conflit, titre="Ce texte a changé entre-temps", retour=request.path)
        except RapportRefuse as refus:
            form.add_error("texte", str(refus))
        else:
            messages.success(request, "Le texte est enregistré.")
            return redirect(_retour(demarche, genre, f"s-{code}"))
    contexte = {
        "demarche": demarche, "s": lue, "form": form, "genre": genre, "nature": NATURES[Genre(genre)],
        "retour": _retour(demarche, genre),
    }  # fmt: skip
    status = 422 if donnees is not None else 200
    return render(request, "suivi/rapport/section.html", contexte, status=status)


@page_demarche(REDIGER, "POST")
def section_reprendre(request: RequeteAgent, demarche: Demarche, genre: str, code: str) -> HttpResponse:
    try:
        actions.reprendre_section(demarche, genre, code, par=request.user)
    except RapportRefuse as refus:
        messages.error(request, str(refus))
    else:
        messages.success(request, "Le texte proposé est repris ; le journal garde le vôtre.")
    return redirect(_retour(demarche, _genre(genre), f"s-{code}"))


@page_demarche(REDIGER, "POST")
def rapport_produire(request: RequeteAgent, demarche: Demarche, genre: str) -> HttpResponse:
    try:
        actions.produire_rapport(demarche, genre, le=date.today(), par=request.user)
    except RapportRefuse as refus:
        messages.error(request, str(refus))
    else:
        messages.success(request, "Le rapport est produit et archivé, en PDF et en Word.")
    return redirect(_retour(demarche, _genre(genre), "produits"))


@page_demarche(VOIR)
def rapport_document(request: RequeteAgent, demarche: Demarche, pk: int) -> HttpResponse:
    """As it was archived."""
    return servir(get_object_or_404(DocumentEmis, pk=pk, demarche_id=demarche.pk, genre=GENRE_DOCUMENT))
