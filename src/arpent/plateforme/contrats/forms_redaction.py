"""Forms of the drafting: an article of the model, an added one, a remark."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

from django import forms

from arpent.metier.clauses import PAR_DEFAUT, ArticleModele, Clause
from arpent.plateforme.acteurs.forms_remarques import MessageMixin
from arpent.plateforme.acteurs.models import Agent
from arpent.plateforme.acteurs.remarques import LONGUEUR, Portee
from arpent.plateforme.socle.champs_fichier import FichierField
from arpent.plateforme.socle.versions import VersionFormMixin

from .models import ArticleRedige
from .redaction import LONGUEUR_ARTICLE


class _Redaction(VersionFormMixin, forms.ModelForm[ArticleRedige]):
    texte = forms.CharField(
        required=False, strip=False, max_length=LONGUEUR_ARTICLE, widget=forms.Textarea(attrs={"rows": 14})
    )

    class Meta:
        model = ArticleRedige
        fields: ClassVar[list[str]] = ["variante", "titre", "texte", "retire", "motif"]
        labels: ClassVar[dict[str, str]] = {"retire": "Retirer cet article du contrat"}


class ArticleForm(_Redaction):
    """An article of the model: its wording, its own text, or its withdrawal when the model allows it."""

    def __init__(self, *args: Any, article: ArticleModele, clause: Clause, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["texte"].label = "Texte"
        self.fields["texte"].help_text = (
            "Séparez les paragraphes par une ligne vide. Un champ s’écrit {{ date_effet }} : sa valeur est "
            "mise à la génération. Le texte du modèle, tel quel, ne compte pas comme une réécriture."
        )
        if not self.is_bound:
            self.initial["titre"] = clause.titre
            self.initial["texte"] = clause.texte.strip()
        if article.variantes:
            choix = [(v.code, v.libelle) for v in article.variantes]
            self.fields["variante"] = forms.ChoiceField(
                label="Rédaction",
                required=False,
                choices=[("", "Celle que les données proposent"), (PAR_DEFAUT, "Modèle"), *choix],
                help_text="Changer de rédaction remplace le texte ci-dessous, sauf s’il a été réécrit.",
            )
        else:
            del self.fields["variante"]
        if article.obligatoire:
            del self.fields["retire"]
        self.fields["motif"].label = "Motif"
        self.fields[
            "motif"
        ].help_text = "Pourquoi ce contrat s’écarte du modèle (obligatoire pour un retrait)."
        self._clause = clause

    def clean(self) -> dict[str, Any]:
        """The text left as it was shown is no rewriting: it follows the wording that is chosen."""
        lu = super().clean() or {}
        choix = self._clause.choix
        if str(lu.get("texte") or "").replace("\r\n", "\n").strip() == self._clause.texte.strip():
            lu["texte"] = choix.texte if choix else ""
        if lu.get("titre") == self._clause.titre:
            lu["titre"] = choix.titre if choix else ""
        return lu


class AjoutForm(_Redaction):
    """An article of the drafters' own, and its place."""

    class Meta(_Redaction.Meta):
        fields: ClassVar[list[str]] = ["titre", "texte", "apres", "motif"]

    def __init__(self, *args: Any, suivis: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["apres"] = forms.ChoiceField(
            label="Après l’article", required=False, choices=[("", "À la fin"), *suivis]
        )
        self.fields["titre"].required = self.fields["texte"].required = True
        self.fields["texte"].label = "Texte"
        self.fields["texte"].help_text = "Séparez les paragraphes par une ligne vide."
        self.order_fields(["version_lue", "titre", "apres", "texte", "motif"])


class RemarqueForm(MessageMixin):
    """A remark on an article, with or without the wording it asks for."""

    texte = forms.CharField(
        label="Votre remarque", max_length=LONGUEUR, widget=forms.Textarea(attrs={"rows": 3})
    )
    proposition = forms.CharField(
        label="Rédaction proposée", required=False, strip=False, max_length=LONGUEUR_ARTICLE,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text="Facultatif : le texte entier de l’article tel que vous le voudriez. Le rédacteur le "
        "reprend d’un bouton, ou vous répond.",
    )  # fmt: skip
    portee = forms.ChoiceField(
        label="Qui la lira",
        choices=[
            (Portee.PARTAGEE.value, "Partagée : les deux parties"),
            (Portee.INTERNE.value, "Entre nous : seulement les personnes de votre structure"),
        ],
        initial=Portee.PARTAGEE.value,
        widget=forms.RadioSelect,
    )
    reponse_a = forms.IntegerField(required=False, widget=forms.HiddenInput)
    field_order = ("texte", "proposition", "piece", "prevenir", "portee", "reponse_a")

    def __init__(self, *args: Any, lecteurs: Sequence[Agent] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._preparer_message(lecteurs)


class RetourForm(forms.Form):
    """The Word document that came back."""

    fichier = FichierField(
        label="Le contrat relu, au format .docx",
        widget=forms.FileInput(attrs={"accept": ".docx"}),
        help_text="Gardez les titres « Article 1. Objet ». Les modifications suivies de Word sont lues comme "
        "acceptées ; les commentaires ne sont pas lus.",
        error_messages={"required": "Choisissez le document Word à comparer."},
    )
