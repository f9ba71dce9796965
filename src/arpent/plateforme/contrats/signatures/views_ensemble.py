"""The page of the signing day: what awaits my signature everywhere, and signing it together."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render

from arpent.plateforme.acteurs.acces import RequeteAgent, page

from ..droits import SIGNER
from . import electronique
from .ensemble import ENSEMBLE_MAX, LigneSignature, signatures_attendues, signer_ensemble
from .forms import CertificatForm

VOIR = "contrat.voir"


class EnsembleForm(CertificatForm):
    """The places to sign together, with the certificate of their one body."""

    place = forms.MultipleChoiceField(
        error_messages={
            "required": "Cochez au moins un document à signer.",
            "invalid_choice": "Une des cases cochées n’attend plus de signature : rechargez la page.",
        }
    )

    def __init__(self, *args: Any, lignes: list[LigneSignature], **kwargs: Any) -> None:
        self.par_cle = {str(x.place.pk): x for x in lignes if x.signable}
        premiere = next(iter(self.par_cle.values()), None)
        garde = premiere is not None and electronique.certificat_enregistre(premiere.place) is not None
        super().__init__(*args, enregistre=garde, **kwargs)
        champ = self.fields["place"]
        assert isinstance(champ, forms.MultipleChoiceField)
        champ.choices = [(cle, cle) for cle in self.par_cle]

    def clean_place(self) -> list[LigneSignature]:
        choisies = [self.par_cle[cle] for cle in self.cleaned_data["place"]]
        if len(choisies) > ENSEMBLE_MAX:
            raise forms.ValidationError(
                f"{len(choisies)} documents d’un coup, c’est trop pour une page : cochez-en {ENSEMBLE_MAX} "
                "au plus, puis recommencez."
            )
        if len({x.place.partie.organisation_id for x in choisies}) > 1:
            raise forms.ValidationError(
                "Ces documents se signent au nom de plusieurs organisations : signez celles d’une seule à la "
                "fois, avec son certificat."
            )
        return choisies


def _liste(
    request: RequeteAgent, lignes: list[LigneSignature], form: EnsembleForm, status: int = 200
) -> HttpResponse:
    signables = sum(x.signable for x in lignes)
    cochees = set(form.data.getlist("place")) if form.is_bound else set(form.par_cle)  # type: ignore[attr-defined]
    contexte = {
        "lignes": [(x, str(x.place.pk) in cochees) for x in lignes],
        "signables": signables,
        "form": form if signables else None,
    }
    return render(request, "contrats/signatures_attendues.html", contexte, status=status)


@page(VOIR)
def signatures_en_attente(request: RequeteAgent) -> HttpResponse:
    """Every signature awaited that one may give or follow. A fixed number of queries."""
    lignes = signatures_attendues(request.user)
    return _liste(request, lignes, EnsembleForm(lignes=lignes))


@page(SIGNER, "POST")
def signatures_signer(request: RequeteAgent) -> HttpResponse:
    """Signs the ticked places with one certificate; each refusal is said with its contract."""
    lignes = signatures_attendues(request.user)
    form = EnsembleForm(request.POST, request.FILES, lignes=lignes)
    if not form.is_valid():
        return _liste(request, lignes, form, 422)
    choisies, tape = form.cleaned_data["place"], form.cleaned_data["mot_de_passe"]
    premiere = choisies[0].place
    if envoye := form.cleaned_data["certificat"]:
        pkcs12 = envoye.read()
    else:
        pkcs12 = electronique.certificat_enregistre(premiere) or b""
        tape = tape or electronique.mot_de_passe_enregistre(premiere)
    issues = signer_ensemble([x.place for x in choisies], pkcs12, tape, par=request.user)
    refusees = [(x, i) for x, i in zip(choisies, issues, strict=True) if i.refus]
    if len(refusees) == len(issues) and len({i.refus for _, i in refusees}) == 1:
        form.add_error(None, refusees[0][1].refus)  # the certificate itself: said once, nothing is signed
        return _liste(request, lignes, form, 422)
    if faites := len(issues) - len(refusees):
        s = "s" if faites > 1 else ""
        nom = premiere.partie.organisation.nom
        messages.success(request, f"{faites} document{s} signé{s} : {nom}.")
    for ligne, issue in refusees:
        messages.error(request, f"{ligne.demarche.territoire.nom}, {ligne.objet.lower()} : {issue.refus}")
    return redirect("contrats:signatures_attendues")
