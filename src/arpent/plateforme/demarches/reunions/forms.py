"""Forms of a meeting: the meeting, its session, who is called, an item of the agenda, a file."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms

from arpent.plateforme.acteurs.models import Personne
from arpent.plateforme.socle.versions import VersionFormMixin

from ..models import Demarche, Etape
from . import objets
from .genres import Genre
from .models import PointOrdreDuJour, Reunion

DUREE_MAX = 14 * 60
_JOUR = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
_HEURE = forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
_ERREURS = {
    "jour": {"invalid": "Cette date n’existe pas. Écrivez-la ainsi : 2026-03-15."},
    "heure": {"invalid": "Cette heure n’existe pas. Écrivez-la ainsi : 18:30."},
}


class _SeanceMixin(forms.Form):
    """What the notice says of when and where."""

    visio = forms.URLField(
        label="Lien de visioconférence", max_length=300, required=False, assume_scheme="https",
        help_text="Facultatif : l’adresse complète de la salle à distance.",
        error_messages={"invalid": "Cette adresse n’est pas complète. Écrivez-la ainsi : https://…"},
    )  # fmt: skip

    def clean_duree_minutes(self) -> int:
        minutes = self.cleaned_data["duree_minutes"]
        if not 10 <= minutes <= DUREE_MAX:
            raise forms.ValidationError("Une réunion dure de dix minutes à quatorze heures.")
        return int(minutes)


class ReunionForm(_SeanceMixin, VersionFormMixin, forms.ModelForm[Reunion]):
    """Preparing a meeting. `genres` empty: its kind is already chosen."""

    genre = forms.ChoiceField(label="Nature de la réunion")
    autres = forms.ModelMultipleChoiceField(
        label="Autres territoires réunis au même endroit",
        queryset=Demarche.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    class Meta:
        model = Reunion
        fields = (
            "titre", "jour", "heure", "duree_minutes", "lieu", "visio", "message", "etape", "reponses_le",
        )  # fmt: skip
        widgets = {
            "jour": _JOUR,
            "heure": _HEURE,
            "reponses_le": _JOUR,
            "message": forms.Textarea(attrs={"rows": 4}),
        }
        error_messages = _ERREURS
        help_texts = {
            "titre": "Laissez vide pour reprendre la nature de la réunion.",
            "message": "Facultatif : il suit le lieu et l’heure dans la convocation.",
            "etape": "Facultatif : un compte rendu validé pourra la dire faite.",
            "reponses_le": "Pour une coordination : la date à laquelle chaque service rend sa contribution.",
        }

    def __init__(
        self,
        *args: Any,
        genres: Sequence[Genre] = (),
        etapes: Sequence[Etape] = (),
        autres: Sequence[Demarche] = (),
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["titre"].required = False
        if genres:
            self.fields["genre"].choices = [(g.code, g.libelle) for g in genres]  # type: ignore[attr-defined]
            del self.fields["version_lue"]
        else:
            del self.fields["genre"]
        self.fields["etape"].choices = [("", "Aucune"), *((e.pk, e.libelle) for e in etapes)]  # type: ignore[attr-defined]
        self.fields["etape"].queryset = Etape.objects.filter(pk__in=[e.pk for e in etapes])  # type: ignore[attr-defined]
        if autres:
            choix: Any = self.fields["autres"]
            choix.queryset = Demarche.objects.filter(pk__in=[d.pk for d in autres])
            choix.choices = [(d.pk, d.territoire.nom) for d in autres]
        else:
            del self.fields["autres"]


class SeanceForm(_SeanceMixin, VersionFormMixin, forms.ModelForm[Reunion]):
    """Another day, hour or place once the notices have left."""

    motif = forms.CharField(
        label="Pourquoi", max_length=300, help_text="Le nouvel avis le dit aux personnes conviées."
    )

    class Meta:
        model = Reunion
        fields = ("jour", "heure", "duree_minutes", "lieu", "visio", "message")
        widgets = {"jour": _JOUR, "heure": _HEURE, "message": forms.Textarea(attrs={"rows": 4})}
        error_messages = _ERREURS

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["heure"].required = True


class MembreForm(forms.Form):
    """Somebody to add: recognised in the directory by the mail address or the whole name, else a guest."""

    nom = forms.CharField(
        label="Prénom et nom", max_length=200,
        help_text="Une personne de l’annuaire est reconnue à son adresse, ou à son nom complet.",
    )  # fmt: skip
    qualite = forms.CharField(label="Qualité", max_length=300, required=False)
    courriel = forms.EmailField(
        label="Adresse électronique", required=False,
        error_messages={"invalid": "Cette adresse est incomplète : il manque « @ » ou un nom de domaine."},
    )  # fmt: skip

    def personne(self) -> Personne | None:
        """The one of the directory that it names; None for a guest, or when two people bear that name."""
        courriel, nom = self.cleaned_data["courriel"], " ".join(self.cleaned_data["nom"].split())
        if courriel and (connue := Personne.objects.filter(courriel__iexact=courriel).first()):
            return connue
        dernier = nom.split()[-1]
        portent = Personne.objects.filter(nom__iendswith=dernier).select_related("agent")[:50]
        memes = [p for p in portent if p.nom_complet.casefold() == nom.casefold()]
        return memes[0] if len(memes) == 1 else None


class ObjetMixin(forms.Form):
    """The object concerned: its kind, and its number or words of its title. Needs `self.demarche`."""

    demarche: Demarche
    objet_genre = forms.ChoiceField(label="Objet concerné", required=False)
    objet_texte = forms.CharField(
        label="Son numéro, ou un mot de son titre", max_length=200, required=False,
    )  # fmt: skip

    def _preparer_objet(self) -> None:
        self.fields["objet_genre"].choices = [("", "Aucun"), *objets.genres()]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        donnees = super().clean() or self.cleaned_data
        genre, texte = donnees.get("objet_genre", ""), donnees.get("objet_texte", "").strip()
        self.objet: objets.Objet | None = None
        if genre and not texte:
            self.add_error("objet_texte", "Écrivez le numéro de l’objet concerné, ou un mot de son titre.")
        elif texte:
            try:
                self.objet = objets.trouver(self.demarche, genre, texte)
            except forms.ValidationError as refus:
                self.add_error("objet_texte", refus)
        return donnees

    def poser_objet(self, porteur: Any) -> None:
        """Writes the object found on the row about to be saved."""
        trouve = self.objet
        porteur.objet_genre = trouve.genre if trouve else ""
        porteur.objet_id = trouve.id if trouve else None
        porteur.objet_libelle = trouve.libelle[:300] if trouve else ""


class PointForm(ObjetMixin, VersionFormMixin, forms.ModelForm[PointOrdreDuJour]):
    """An item of the agenda."""

    class Meta:
        model = PointOrdreDuJour
        fields = ("titre", "duree_minutes", "rapporteur")

    def __init__(self, *args: Any, demarche: Demarche, **kwargs: Any) -> None:
        point = kwargs.get("instance")
        if point is not None and point.objet_genre:
            kwargs["initial"] = {"objet_genre": point.objet_genre, "objet_texte": point.objet_libelle}
        super().__init__(*args, **kwargs)
        self.demarche = demarche
        self._preparer_objet()


class PieceForm(forms.Form):
    """A file of the pack."""

    titre = forms.CharField(label="Titre du document", max_length=200)
    point = forms.TypedChoiceField(
        label="Point de l’ordre du jour", coerce=int, empty_value=None, required=False
    )
    fichier = forms.FileField(
        label="Fichier", help_text="PDF, Word, Excel, LibreOffice ou image, 20 Mo au plus."
    )

    def __init__(self, *args: Any, points: Sequence[PointOrdreDuJour], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choix = [("", "Toute la réunion"), *((p.pk, f"{p.ordre}. {p.titre}") for p in points)]
        self.fields["point"].choices = choix  # type: ignore[attr-defined]


def initiales(demarche: Demarche, genre: Genre | None, le: date) -> dict[str, Any]:
    """What a new meeting of that kind begins with."""
    if genre is None:
        return {"jour": le, "duree_minutes": 120}
    ville = genre.villes[0] if len(genre.villes) == 1 else ""
    return {
        "genre": genre.code,
        "titre": f"{genre.libelle}, {demarche.territoire.nom}"[:200],
        "jour": le,
        "duree_minutes": genre.duree_minutes,
        "lieu": ville,
    }
