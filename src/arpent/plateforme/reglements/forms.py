"""The forms of a règlement being written: how it opens, its head, its articles, its publication."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from arpent.metier.plan_financement import LIBELLES_FINANCEUR, Financeur
from arpent.plateforme.socle.versions import VersionFormMixin

from .controles import controler
from .exemples import Exemple
from .fichiers import TAILLE_MAX, FichierIllisible, FichierLu, lire_fichier
from .models import VersionReglement

PROSE_MAX = 20_000
LIBELLES_MAX = 400
ERREURS_MONTREES = 20


class JourField(forms.DateField):
    """A day: the browser's picker, or typed as 31/12/2026."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("widget", forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}))
        kwargs.setdefault("input_formats", ["%Y-%m-%d", "%d/%m/%Y"])
        super().__init__(**kwargs)


class OuvrirForm(forms.Form):
    """Where the draft starts from. A file with errors is refused with all of them, unless asked otherwise."""

    ORIGINES = (
        ("version", "Une version publiée"),
        ("exemple", "Un exemple réel, à adapter"),
        ("fichier", "Un fichier de règlement (YAML)"),
        ("vierge", "Une page blanche"),
    )
    origine = forms.ChoiceField(label="Partir de", choices=ORIGINES, widget=forms.RadioSelect)
    version = forms.TypedChoiceField(label="Version", required=False, coerce=int, empty_value=None)
    exemple = forms.ChoiceField(label="Exemple", required=False)
    fichier = forms.FileField(
        label="Fichier",
        required=False,
        help_text="Un fichier exporté d’ici, ou écrit selon le schéma publié.",
        widget=forms.ClearableFileInput(attrs={"accept": ".yaml,.yml"}),
    )
    malgre_erreurs = forms.BooleanField(
        label="Ouvrir le fichier même s’il contient des erreurs, pour les corriger ici", required=False
    )
    intitule = forms.CharField(
        label="Intitulé du brouillon", max_length=200, required=False,
        help_text="Par exemple « Règlement 2027 ». Vide : celui de la source.",
    )  # fmt: skip

    def __init__(
        self, *args: Any, versions: Sequence[VersionReglement], exemples: Sequence[Exemple], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        champs = self.fields
        assert isinstance(champs["version"], forms.ChoiceField)
        assert isinstance(champs["exemple"], forms.ChoiceField)
        assert isinstance(champs["origine"], forms.ChoiceField)
        champs["version"].choices = [(v.numero, f"Version {v.numero} : {v.intitule}") for v in versions]
        champs["exemple"].choices = [(e.nom, e.titre) for e in exemples]
        possibles = {"fichier", "vierge"} | ({"version"} if versions else set())
        possibles |= {"exemple"} if exemples else set()
        champs["origine"].choices = [(c, mots) for c, mots in self.ORIGINES if c in possibles]
        champs["origine"].initial = "version" if versions else "vierge"
        self.lu: FichierLu | None = None

    def clean(self) -> dict[str, Any]:
        donnees = super().clean() or {}
        if donnees.get("origine") == "fichier" and not self.errors:
            self._lire(donnees)
        return donnees

    def _lire(self, donnees: dict[str, Any]) -> None:
        fichier = donnees.get("fichier")
        if fichier is None:
            self.add_error("fichier", "Choisissez le fichier à ouvrir.")
            return
        if fichier.size > TAILLE_MAX:
            self.add_error("fichier", f"Le fichier dépasse {TAILLE_MAX // 1000} ko.")
            return
        try:
            self.lu = lire_fichier(fichier.read())
        except FichierIllisible as erreur:
            self.add_error("fichier", str(erreur))
            return
        anomalies = controler(self.lu.contenu, demonstration=True, lu=self.lu).anomalies
        if anomalies and not donnees.get("malgre_erreurs"):
            montrees = [str(a) for a in anomalies[:ERREURS_MONTREES]]
            if len(anomalies) > ERREURS_MONTREES:
                montrees.append(f"… et {len(anomalies) - ERREURS_MONTREES} autres erreurs.")
            self.add_error("fichier", ValidationError([ValidationError(m) for m in montrees]))


class TeteForm(VersionFormMixin, forms.Form):
    """What is said before the articles."""

    intitule = forms.CharField(label="Intitulé", max_length=200)
    financeur = forms.ChoiceField(
        label="Collectivité qui finance", choices=[(f.value, LIBELLES_FINANCEUR[f]) for f in Financeur]
    )
    libelles = forms.CharField(
        label="Noms des codes",
        required=False,
        max_length=PROSE_MAX,
        widget=forms.Textarea(attrs={"rows": 8, "spellcheck": "false"}),
        help_text="Une ligne par code : « voirie : Voirie communale ». Les thèmes et les secteurs du "
        "dispositif sont ajoutés d’eux-mêmes.",
    )
    demonstration = forms.BooleanField(
        label="Employer les valeurs de démonstration là où rien n’est publié",
        required=False,
        help_text="Elles sont signalées partout et n’engagent personne.",
    )

    def clean_libelles(self) -> dict[str, str]:
        libelles: dict[str, str] = {}
        for rang, ligne in enumerate(self.cleaned_data["libelles"].splitlines(), 1):
            if not ligne.strip():
                continue
            code, separateur, libelle = ligne.partition(":")
            if not separateur or not code.strip() or not libelle.strip():
                raise ValidationError(f"Ligne {rang} : écrivez « code : nom ».")
            libelles[code.strip()] = libelle.strip()
        if len(libelles) > LIBELLES_MAX:
            raise ValidationError(f"{LIBELLES_MAX} codes au plus.")
        return libelles


class ArticleForm(VersionFormMixin, forms.Form):
    """What one reads of an article. A draft may be incomplete: only a title is demanded."""

    numero = forms.CharField(label="Numéro", max_length=20, required=False)
    titre = forms.CharField(label="Titre", max_length=200)
    prose = forms.CharField(
        label="Texte de l’article",
        max_length=PROSE_MAX,
        required=False,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text="Ce que vote l’assemblée. Les règles calculables s’ajoutent ensuite, au-dessous.",
    )


class GesteForm(VersionFormMixin, forms.Form):
    """A gesture on an article, a rule or the draft itself."""

    geste = forms.SlugField()


class PublierForm(VersionFormMixin, forms.Form):
    """The act that makes the règlement, and from when."""

    numero = forms.CharField(label="Numéro de l’acte", max_length=60)
    assemblee = forms.CharField(
        label="Assemblée", max_length=100, help_text="Par exemple : conseil départemental de la Lozère."
    )
    adoptee_le = JourField(label="Date de l’acte")
    en_vigueur_le = JourField(
        label="Entrée en vigueur le",
        help_text="Au plus tôt, celle de la version précédente. Une date passée est un rattrapage.",
    )

    def __init__(self, *args: Any, pas_avant: date | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.pas_avant = pas_avant

    def clean_en_vigueur_le(self) -> date:
        jour: date = self.cleaned_data["en_vigueur_le"]
        if self.pas_avant and jour < self.pas_avant:
            raise ValidationError(
                f"La version précédente est en vigueur depuis le {self.pas_avant:%d/%m/%Y} : choisissez ce "
                "jour ou un jour qui le suit."
            )
        return jour

    def acte(self) -> str:
        d = self.cleaned_data
        return f"Délibération n° {d['numero']} du {d['adoptee_le']:%d/%m/%Y}, {d['assemblee']}"
