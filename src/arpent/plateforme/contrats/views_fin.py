"""The page that notes the act by which a contract ends before its term, and the one that gives it up."""

from __future__ import annotations

from datetime import date

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from arpent.metier.fin_contrat import LIBELLES_FIN, MotifFin
from arpent.plateforme.acteurs.acces import RequeteAgent
from arpent.plateforme.demarches.acces import page_demarche
from arpent.plateforme.demarches.models import Demarche
from arpent.plateforme.plans.forms.bases import JourField
from arpent.plateforme.socle.champs_fichier import FichierField
from arpent.plateforme.socle.envois import Envoi

from .assemblage import trouver_contrat
from .exigences import ContratRefuse
from .fin import FINISSABLES, FinRefusee, SaisieFin, abandonner_fin, delai_de, fin_en_cours, noter_fin
from .models import Contrat, Partie

CONCLURE = "contrat.conclure"


class PartieChoix(forms.ModelChoiceField[Partie]):
    def label_from_instance(self, obj: Partie) -> str:
        return obj.organisation.nom


class FinForm(forms.Form):
    """The act as it was taken and notified."""

    motif = forms.ChoiceField(
        label="Motif", choices=[("", "Choisissez"), *((m.value, dit) for m, dit in LIBELLES_FIN.items())]
    )
    auteur = PartieChoix(
        label="Partie qui y met fin", queryset=Partie.objects.none(), required=False,
        empty_label="Toutes, d’un commun accord",
    )  # fmt: skip
    explication = forms.CharField(
        label="Explication", required=False, max_length=4000, widget=forms.Textarea(attrs={"rows": 4}),
        help_text="Ce que lisent les autres parties ; à remplir sauf commun accord.",
    )  # fmt: skip
    mise_en_demeure_le = JourField(label="Mise en demeure du", required=False)
    acte = forms.CharField(
        label="Numéro de l’acte", max_length=120,
        help_text="La délibération ou la décision ; d’un commun accord, celle de l’autorité.",
    )  # fmt: skip
    acte_le = JourField(label="Acte du")
    notifie_le = JourField(label="Notifié aux parties le")
    effet_le = JourField(label="Le contrat prend fin le")
    fichier = FichierField(label="Acte signé (PDF)")

    def __init__(self, contrat: Contrat, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        auteur = self.fields["auteur"]
        assert isinstance(auteur, forms.ModelChoiceField)
        auteur.queryset = contrat.parties.en_cours().select_related("organisation").order_by("ordre", "pk")
        if mois := delai_de(contrat):
            self.fields[
                "mise_en_demeure_le"
            ].help_text = f"Pour un manquement seulement ; le contrat lui laisse {mois} mois."


def _contrat(demarche: Demarche) -> Contrat:
    contrat = trouver_contrat(demarche)
    if contrat is None:
        raise Http404("Le contrat de ce territoire n’est pas encore préparé.")
    return contrat


@page_demarche(CONCLURE, "GET", "HEAD", "POST")
def fin(request: RequeteAgent, demarche: Demarche) -> HttpResponse:
    contrat = _contrat(demarche)
    retour = reverse("contrats:contrat", args=[demarche.slug])
    if contrat.etat not in FINISSABLES:
        messages.error(request, "Seul un contrat signé, ou à la signature, prend fin avant son terme.")
        return redirect(retour)
    if fin_en_cours(contrat) is not None:
        messages.info(request, "La fin de ce contrat est déjà notée.")
        return redirect(retour)
    form = FinForm(contrat, request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        lu = form.cleaned_data
        envoye = lu["fichier"]
        saisie = SaisieFin(
            MotifFin(lu["motif"]), lu["auteur"], lu["acte"], lu["acte_le"], lu["notifie_le"], lu["effet_le"],
            Envoi(envoye.name, envoye.read()), lu["mise_en_demeure_le"], lu["explication"],
        )  # fmt: skip
        try:
            noter_fin(contrat, saisie, par=request.user, le=date.today())
        except FinRefusee as refus:
            for defaut in refus.defauts:
                form.add_error(defaut.champ, defaut.phrase)
        except ContratRefuse as refus:
            form.add_error(None, str(refus))
        else:
            messages.success(request, f"C’est noté : le contrat prend fin le {lu['effet_le']:%d/%m/%Y}.")
            return redirect(retour)
    contexte = {"demarche": demarche, "form": form, "retour": retour}
    return render(request, "contrats/fin.html", contexte, status=422 if form.is_bound else 200)


@page_demarche(CONCLURE, "POST")
def fin_abandonner(request: RequeteAgent, demarche: Demarche) -> HttpResponse:
    try:
        abandonner_fin(_contrat(demarche), request.POST.get("motif", ""), par=request.user)
    except ContratRefuse as refus:
        messages.error(request, str(refus))
    else:
        messages.success(request, "La fin anticipée est abandonnée : le contrat suit son cours.")
    return redirect("contrats:contrat", demarche.slug)
