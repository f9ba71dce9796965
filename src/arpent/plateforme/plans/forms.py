"""The forms of the plan: amounts typed as people write them, choices bounded to the territory."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet

from arpent.metier.argent import MontantIllisible, formater_nombre, lire_montant
from arpent.metier.plan_financement import LIBELLES_FINANCEUR, LIBELLES_STATUT, Financeur, StatutFinancement
from arpent.plateforme.acteurs.models import Agent, Organisation
from arpent.plateforme.demarches.models import Demarche
from arpent.plateforme.diagnostics.models import Enjeu
from arpent.plateforme.reglements.models import PolitiqueSectorielle, Theme
from arpent.plateforme.socle.versions import VersionFormMixin

from .actions import LigneSaisie
from .droits import peut_proposer_pour
from .models import Axe, Fiche
from .structures import communes_du_territoire, structures_du_territoire

if TYPE_CHECKING:
    FicheModelForm = forms.ModelForm[Fiche]
    AxeModelForm = forms.ModelForm[Axe]
else:  # Django's own class takes no parameter at run time
    FicheModelForm = AxeModelForm = forms.ModelForm

MONTANT_MAX = Decimal("9999999999.99")
LIGNES_VIDES = 5
JOURS = ["%Y-%m-%d", "%d/%m/%Y"]


class MontantField(forms.CharField):
    """Euros typed as « 12 345,67 € »; the value is a Decimal to the cent, None when nothing is typed."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("widget", forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}))
        super().__init__(**kwargs)

    def to_python(self, value: Any) -> Any:
        texte = super().to_python(value)
        if texte is None or texte in self.empty_values:
            return None
        try:
            montant = lire_montant(texte)
        except MontantIllisible as erreur:
            raise ValidationError(str(erreur)) from None
        if montant > MONTANT_MAX:
            raise ValidationError("Le montant dépasse 10 milliards d’euros : vérifiez l’unité.")
        return montant

    def prepare_value(self, value: Any) -> Any:
        return formater_nombre(value, 2) if isinstance(value, Decimal) else value

    def has_changed(self, initial: Any, data: Any) -> bool:
        try:
            return bool(initial != self.to_python(data))
        except ValidationError:
            return True


class JourField(forms.DateField):
    """A day: the browser's picker, or typed as 31/12/2026."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("widget", forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}))
        kwargs.setdefault("input_formats", JOURS)
        super().__init__(**kwargs)


def maitres_ouvrage(demarche: Demarche, agent: Agent) -> QuerySet[Organisation]:
    """Bodies that may own a fiche of this territory, within what the agent may write for. No query."""
    ids = peut_proposer_pour(agent, demarche)
    if ids is not None:
        return Organisation.objects.filter(pk__in=ids)
    return structures_du_territoire(demarche)


class FicheForm(VersionFormMixin, FicheModelForm):
    """A fiche projet; its financing rows are the formset beside."""

    cout_ht = MontantField(label="Coût total HT", help_text="En euros, hors taxes. Exemple : 12 345,67.")
    cout_ttc = MontantField(label="Coût total TTC", required=False)
    assiette = MontantField(
        label="Dépense éligible (assiette)",
        required=False,
        help_text="La part du coût que le règlement peut aider. Laissez vide si tout le coût est éligible.",
    )
    aide_demandee = MontantField(
        label="Aide demandée à l’autorité",
        required=False,
        help_text="Laissez vide si rien n’est demandé encore.",
    )
    debut_le = JourField(label="Début des travaux", required=False)
    fin_le = JourField(label="Fin des travaux", required=False)
    annee = forms.IntegerField(
        label="Année de programmation", required=False, min_value=2000, max_value=2100,
        help_text="L’année où l’aide serait engagée.",
    )  # fmt: skip
    politiques = forms.ModelMultipleChoiceField(
        PolitiqueSectorielle.objects.none(),
        label="Politiques sectorielles mobilisées",
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    class Meta:
        model = Fiche
        fields = (
            "titre", "description", "maitre_ouvrage", "commune", "theme", "politiques", "axe", "enjeu",
            "maturite", "nature_depense", "debut_le", "fin_le", "annee", "cout_ht", "cout_ttc", "assiette",
            "aide_demandee",
        )  # fmt: skip
        widgets = {"description": forms.Textarea(attrs={"rows": 6})}
        help_texts = {
            "titre": "Dites ce qui sera fait et où : « Réfection de la toiture de l’école de Chirac ».",
            "description": "Le besoin, les travaux, pour qui, avec quels effets attendus.",
            "maitre_ouvrage": "La structure qui porte et paie le projet.",
            "theme": "Demandé pour proposer la fiche.",
            "enjeu": "L’enjeu du diagnostic auquel le projet répond.",
            "maturite": "Structurant : prêt à démarrer. Amorçage : encore à préciser.",
        }

    def __init__(self, *args: Any, demarche: Demarche, agent: Agent, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        dispositif = {"dispositif__processus": demarche.version_processus.processus_id}
        choix: dict[str, tuple[QuerySet[Any], str]] = {
            "maitre_ouvrage": (maitres_ouvrage(demarche, agent), "Choisissez une structure"),
            "commune": (communes_du_territoire(demarche), "Plusieurs communes, ou non précisé"),
            "theme": (Theme.objects.filter(**dispositif).order_by("ordre"), "À préciser"),
            "axe": (Axe.objects.filter(demarche=demarche).order_by("numero"), "Sans axe"),
            "enjeu": (Enjeu.objects.filter(demarche=demarche).order_by("priorite", "pk"), "Aucun"),
            "politiques": (PolitiqueSectorielle.objects.filter(**dispositif).order_by("ordre"), ""),
        }
        for nom, (queryset, vide) in choix.items():
            champ = self.fields[nom]
            assert isinstance(champ, forms.ModelChoiceField)
            champ.queryset = queryset
            if nom != "politiques":
                champ.empty_label = vide

    def clean_aide_demandee(self) -> Decimal:
        montant: Decimal | None = self.cleaned_data["aide_demandee"]
        return Decimal("0.00") if montant is None else montant

    def clean(self) -> dict[str, Any]:
        donnees = super().clean() or {}
        debut, fin = donnees.get("debut_le"), donnees.get("fin_le")
        if debut and fin and fin < debut:
            self.add_error("fin_le", "La fin des travaux précède leur début : corrigez l’une des deux dates.")
        cout = donnees.get("cout_ht")
        for nom, quoi in (("assiette", "La dépense éligible"), ("aide_demandee", "L’aide demandée")):
            montant = donnees.get(nom)
            if cout is not None and montant is not None and montant > cout:
                self.add_error(nom, f"{quoi} dépasse le coût total HT : corrigez l’un des deux montants.")
        return donnees


class LigneForm(forms.Form):
    """One financing row."""

    financeur = forms.ChoiceField(
        label="Financeur",
        choices=[("", "Choisissez"), *((f.value, LIBELLES_FINANCEUR[f]) for f in Financeur)],
    )
    libelle = forms.CharField(label="Dispositif ou précision", max_length=150, required=False)
    statut = forms.ChoiceField(
        label="Statut",
        choices=[(s.value, LIBELLES_STATUT[s]) for s in StatutFinancement],
        initial=StatutFinancement.ENVISAGE.value,
    )
    le = JourField(label="Date", required=False)
    montant = MontantField(label="Montant")
    demonstration = forms.BooleanField(required=False, widget=forms.HiddenInput)

    def saisie(self) -> LigneSaisie:
        d = self.cleaned_data
        return LigneSaisie(
            Financeur(d["financeur"]),
            d["montant"],
            StatutFinancement(d["statut"]),
            d["libelle"],
            d["le"],
            d["demonstration"] and not self.has_changed(),  # a figure typed by somebody is theirs
        )


LignesFormSet = forms.formset_factory(
    LigneForm, extra=LIGNES_VIDES, can_delete=True, max_num=60, absolute_max=80, validate_max=True
)


def lignes_saisies(formset: forms.BaseFormSet[LigneForm]) -> list[LigneSaisie]:
    """The rows typed, in their order, blank and removed ones left out. The formset is valid."""
    stored = formset.initial_form_count()
    return [
        form.saisie()
        for rang, form in enumerate(formset.forms)
        if (rang < stored or form.has_changed()) and not form.cleaned_data.get("DELETE")
    ]


class GesteForm(forms.Form):
    """A gesture of the cycle and, for some, why."""

    geste = forms.SlugField()
    motif = forms.CharField(
        label="Motif", required=False, max_length=2_000, widget=forms.Textarea(attrs={"rows": 3})
    )


class PrioritesForm(VersionFormMixin, forms.Form):
    """The three priorities; only those the agent may set are kept."""

    priorite_maitre_ouvrage = forms.IntegerField(
        label="Du maître d’ouvrage", required=False, min_value=1, max_value=999
    )
    priorite_territoire = forms.IntegerField(
        label="Du territoire", required=False, min_value=1, max_value=999
    )
    priorite_autorite = forms.IntegerField(label="De l’autorité", required=False, min_value=1, max_value=999)

    def __init__(self, *args: Any, fiche: Fiche, ouvertes: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["version_lue"].initial = fiche.version
        for nom in [n for n in self.fields if n.startswith("priorite_")]:
            if nom in ouvertes:
                self.fields[nom].initial = getattr(fiche, nom)
            else:
                del self.fields[nom]

    def valeurs(self) -> dict[str, int | None]:
        return {n: v for n, v in self.cleaned_data.items() if n.startswith("priorite_")}


class DerogationForm(VersionFormMixin, forms.Form):
    """The préfet's act that lowers the owner's minimum participation."""

    taux = forms.DecimalField(
        label="Participation minimale accordée, en %", required=False, min_value=0, max_value=100,
        decimal_places=2, max_digits=5,
        help_text="Exemple : 10 pour 10 %. Laissez les trois champs vides pour retirer la dérogation.",
    )  # fmt: skip
    acte = forms.CharField(label="Acte du préfet", required=False, max_length=200)
    le = JourField(label="Date de l’acte", required=False)


class DeliberationForm(forms.Form):
    """The act by which the owner's assembly adopts the project."""

    numero = forms.CharField(label="Numéro de l’acte", max_length=60)
    adoptee_le = JourField(label="Adoptée le")
    assemblee = forms.CharField(
        label="Assemblée", max_length=200, help_text="Exemple : conseil municipal de Chirac."
    )


class AxeForm(VersionFormMixin, AxeModelForm):
    """An axis and the enjeux it answers."""

    class Meta:
        model = Axe
        fields = ("libelle", "enjeux")
        labels = {"libelle": "Intitulé de l’axe", "enjeux": "Enjeux auxquels l’axe répond"}
        widgets = {"enjeux": forms.CheckboxSelectMultiple}

    def __init__(self, *args: Any, demarche: Demarche, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        champ = self.fields["enjeux"]
        assert isinstance(champ, forms.ModelMultipleChoiceField)
        champ.queryset = Enjeu.objects.filter(demarche=demarche).order_by("priorite", "pk")
