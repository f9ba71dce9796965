"""Forms of the support requests."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from typing import Any

from django import forms
from django.db.models import Q
from django.utils import timezone

from arpent.plateforme.acteurs.forms_remarques import MessageMixin
from arpent.plateforme.acteurs.models import Agent, DemandeAppui, GenreAppui, Organisation, StructureAppui
from arpent.plateforme.socle.versions import VersionFormMixin

from .routage import annonce, proposer

LONGUEUR = 4_000


def _jour() -> forms.DateInput:
    return forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


def _texte(label: str, *, requis: str = "", aide: str = "", lignes: int = 4) -> forms.CharField:
    return forms.CharField(
        label=label, required=bool(requis), max_length=LONGUEUR, help_text=aide,
        widget=forms.Textarea(attrs={"rows": lignes}), error_messages={"required": requis},
    )  # fmt: skip


class DemandeForm(forms.Form):
    """Asking for help: what about, the question. Everything else is known or may be left out."""

    genre = forms.ChoiceField(
        label="De quoi avez-vous besoin ?", widget=forms.RadioSelect,
        error_messages={"required": "Choisissez de quoi vous avez besoin."},
    )  # fmt: skip
    question = _texte(
        "Votre question", requis="Écrivez votre question, même en une phrase.",
        aide="Une ou deux phrases suffisent.",
    )  # fmt: skip
    objet = forms.ChoiceField(
        label="À propos de", required=False,
        help_text="Facultatif\N{NO-BREAK SPACE}: un projet, un enjeu, le contrat, une réunion. La structure "
        "qui répond peut dépendre du thème du projet.",
        error_messages={
            "invalid_choice": "Cet objet n’est pas à choisir\N{NO-BREAK SPACE}: prenez-en un de la liste."
        },
    )  # fmt: skip
    pour = forms.TypedChoiceField(label="Pour qui", coerce=int)
    souhaitee_le = forms.DateField(
        label="Il me faut une réponse pour le", required=False, widget=_jour(),
        help_text="Facultatif : si vous avez une date à tenir.",
        error_messages={"invalid": "Cette date n’existe pas. Écrivez-la ainsi : 2026-03-15."},
    )  # fmt: skip

    def __init__(
        self,
        *args: Any,
        structures: Sequence[StructureAppui],
        corps: Sequence[Organisation],
        themes: Collection[str] = (),
        objets: Mapping[str, Sequence[tuple[str, str]]] | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        if objets:
            self.fields["objet"].choices = [("", "Rien de précis"), *objets.items()]  # type: ignore[attr-defined]
        else:
            del self.fields["objet"]
        self.corps = {c.pk: c for c in corps}
        self.routes: Mapping[str, StructureAppui | None] = {
            code: proposer(structures, code, themes) for code in GenreAppui.values
        }
        annonces = {code: annonce(s) for code, s in self.routes.items()}
        self.seule_route = next(iter(annonces.values())) if len(set(annonces.values())) == 1 else ""
        choix = []
        for code, mot in GenreAppui.choices:
            libelle = f"{mot[:1].upper()}{mot[1:]}"
            choix.append((code, libelle if self.seule_route else f"{libelle} ({annonces[code]})"))
        self.fields["genre"].choices = choix  # type: ignore[attr-defined]
        self.fields["pour"].choices = [(c.pk, c.nom) for c in corps]  # type: ignore[attr-defined]
        if len(self.corps) == 1:
            self.fields["pour"].widget = forms.HiddenInput()

    def clean_souhaitee_le(self) -> date | None:
        jour: date | None = self.cleaned_data["souhaitee_le"]
        if jour is not None and jour < timezone.localdate():
            raise forms.ValidationError("Cette date est passée : choisissez-en une à venir.")
        return jour


class OrienterForm(forms.Form):
    """Another structure, and why."""

    structure = forms.TypedChoiceField(
        label="Vers", coerce=int, error_messages={"required": "Choisissez la structure."}
    )
    motif = forms.CharField(
        label="Pourquoi", max_length=300,
        error_messages={"required": "Dites pourquoi la demande change de main : le demandeur le lira."},
    )  # fmt: skip

    def __init__(self, *args: Any, structures: Sequence[StructureAppui], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choix = [("", "Choisissez"), *((s.pk, annonce(s)) for s in structures)]
        self.fields["structure"].choices = choix  # type: ignore[attr-defined]


class ConfierForm(forms.Form):
    """Who will answer, among the people of the structure."""

    agent = forms.TypedChoiceField(
        label="À qui", coerce=int, error_messages={"required": "Choisissez la personne."}
    )

    def __init__(self, *args: Any, agents: Sequence[Agent], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["agent"].choices = [("", "Choisissez"), *((a.pk, a.nom_complet) for a in agents)]  # type: ignore[attr-defined]


class PrecisionForm(forms.Form):
    """What the structure needs to know."""

    question = _texte("Ce qu’il vous faut savoir", requis="Écrivez la précision que vous demandez.", lignes=3)


class CloreForm(MessageMixin):
    """The answer and what it gives."""

    resultat = forms.ChoiceField(
        label="Résultat", choices=DemandeAppui.Resultat.choices, widget=forms.RadioSelect,
        error_messages={"required": "Choisissez ce que la demande a donné."},
    )  # fmt: skip
    reponse = _texte("Votre réponse", requis="Écrivez la réponse : le demandeur la lira.")


class RouvrirForm(forms.Form):
    """What is missing in the answer."""

    motif = forms.CharField(
        label="Ce qu’il manque", max_length=300,
        error_messages={"required": "Dites ce qu’il manque à la réponse."},
    )  # fmt: skip


class TempsForm(forms.Form):
    """Time spent."""

    jour = forms.DateField(label="Le", widget=_jour())
    minutes = forms.IntegerField(
        label="Minutes", min_value=1, max_value=1_440,
        error_messages={
            "min_value": "Comptez au moins une minute.",
            "max_value": "Une journée a 1\N{NO-BREAK SPACE}440 minutes.",
        },
    )  # fmt: skip
    quoi = forms.CharField(label="À quoi", max_length=200, required=False)


class StructureForm(VersionFormMixin, forms.ModelForm[StructureAppui]):
    """A structure that answers, as whoever runs the démarches sets it."""

    genres = forms.MultipleChoiceField(
        label="Demandes traitées", choices=GenreAppui.choices, required=False,
        widget=forms.CheckboxSelectMultiple, help_text="Aucune cochée : toutes.",
    )  # fmt: skip
    themes = forms.CharField(
        label="Thèmes", required=False, max_length=400,
        help_text="Codes des thèmes du dispositif, séparés par des virgules ; vide : tous.",
    )  # fmt: skip
    personnes = forms.TypedMultipleChoiceField(
        label="Personnes qui répondent", coerce=int, required=False, widget=forms.CheckboxSelectMultiple
    )

    autre = forms.CharField(
        label="Ou une autre structure", required=False, max_length=200,
        help_text="Son nom, si elle n’est pas dans la liste.",
    )  # fmt: skip

    class Meta:
        model = StructureAppui
        fields = ("nom", "organisation", "delai_jours", "courriel", "telephone", "ordre", "active")
        error_messages = {
            "nom": {"required": "Donnez le nom que le demandeur lira."},
            "delai_jours": {"required": "Dites en combien de jours la structure répond."},
        }

    def __init__(self, *args: Any, repondants: Sequence[Agent], **kwargs: Any) -> None:
        instance: StructureAppui = kwargs["instance"]
        kwargs["initial"] = {
            "genres": instance.genres,
            "themes": ", ".join(instance.themes),
            "personnes": [a.pk for a in instance.agents.all()] if instance.pk else [],
        }
        super().__init__(*args, **kwargs)
        self.repondants = {a.pk: a for a in repondants}
        self.fields["personnes"].choices = [(a.pk, a.nom_complet) for a in repondants]  # type: ignore[attr-defined]
        autorite = instance.autorite_id
        connus = Q(pk=autorite) | Q(appuis_rendus__autorite=autorite) | Q(habilitations__autorite=autorite)
        corps = Organisation.objects.filter(connus).distinct().order_by("nom", "pk")
        champ = self.fields["organisation"]
        champ.queryset, champ.required = corps, False  # type: ignore[attr-defined]
        self.fields["delai_jours"].min_value = 1  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        donnees = super().clean() or self.cleaned_data
        if not donnees.get("organisation") and not donnees.get("autre"):
            self.add_error("organisation", "Choisissez la structure, ou écrivez son nom au-dessous.")
        return donnees

    def clean_themes(self) -> list[str]:
        return sorted({t.strip() for t in self.cleaned_data["themes"].split(",") if t.strip()})

    def clean_delai_jours(self) -> int:
        jours: int = self.cleaned_data["delai_jours"]
        if not 1 <= jours <= 365:
            raise forms.ValidationError("Comptez de 1 à 365 jours.")
        return jours

    def poser(self) -> list[Agent]:
        """Writes the codes and the body on the row about to be saved; the people chosen."""
        if autre := self.cleaned_data["autre"]:
            nature = Organisation.Nature.AUTRE
            connue = Organisation.objects.filter(nom=autre, nature=nature).order_by("pk").first()
            self.instance.organisation = connue or Organisation.objects.create(nom=autre, nature=nature)
        self.instance.genres, self.instance.themes = self.cleaned_data["genres"], self.cleaned_data["themes"]
        return [self.repondants[pk] for pk in self.cleaned_data["personnes"]]
