"""Launching a campaign; one page of the questionnaire."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from arpent.metier.questionnaire import (
    TEXTE_MAX,
    Etape,
    Genre,
    Question,
    Reponse,
    ReponseInvalide,
    lire_reponse,
)
from arpent.plateforme.plans.forms.bases import JourField

from .actions import Invite
from .destinataires import Propose

DUREE = timedelta(days=30)


class LancementForm(forms.Form):
    """A title, a last day, the bodies kept and their addresses (`pk` of the body in the names)."""

    titre = forms.CharField(label="Titre du questionnaire", max_length=200)
    cloture_le = JourField(label="Dernier jour pour répondre")

    def __init__(
        self, *args: Any, proposes: Sequence[Propose], titre: str = "", le: date, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.proposes = proposes
        self.fields["titre"].initial = titre
        self.fields["cloture_le"].initial = le + DUREE
        for p in proposes:
            pk = p.organisation.pk
            nom = p.organisation.nom
            self.fields[f"garder_{pk}"] = forms.BooleanField(
                label=nom, required=False, initial=bool(p.courriel)
            )
            self.fields[f"courriel_{pk}"] = forms.EmailField(
                label=f"Adresse de {nom}", required=False, initial=p.courriel,
                error_messages={"invalid": f"L’adresse de {nom} est incomplète : corrigez-la."},
            )  # fmt: skip

    @property
    def rangees(self) -> list[tuple[Propose, forms.BoundField, forms.BoundField]]:
        return [
            (p, self[f"garder_{p.organisation.pk}"], self[f"courriel_{p.organisation.pk}"])
            for p in self.proposes
        ]

    def clean(self) -> dict[str, Any]:
        lu = super().clean() or {}
        for p in self.proposes:
            champ = f"courriel_{p.organisation.pk}"
            if lu.get(f"garder_{p.organisation.pk}") and not lu.get(champ) and champ not in self.errors:
                self.add_error(champ, f"Donnez l’adresse de {p.organisation.nom}, ou décochez-la.")
        return lu

    @property
    def invites(self) -> list[Invite]:
        lu = self.cleaned_data
        return [
            Invite(
                p.organisation.pk, p.qualite, adresse, p.nom if adresse == p.courriel else ""
            )
            for p in self.proposes
            if lu.get(f"garder_{p.organisation.pk}") and (adresse := lu[f"courriel_{p.organisation.pk}"])
        ]  # fmt: skip


def _champ(q: Question) -> forms.Field:
    commun: dict[str, Any] = {"label": q.libelle, "required": q.obligatoire}
    match q.genre:
        case Genre.PLUSIEURS:
            return forms.MultipleChoiceField(
                choices=q.modalites, widget=forms.CheckboxSelectMultiple,
                help_text="Plusieurs réponses possibles.", **commun,
            )  # fmt: skip
        case Genre.ECHELLE:
            bas, haut = q.bornes
            mots = {"1": f"1, {bas}" if bas else "1", "5": f"5, {haut}" if haut else "5"}
            choix = [(n, mots.get(n, n)) for n, _ in q.modalites]
            return forms.ChoiceField(choices=choix, widget=forms.RadioSelect, **commun)
        case Genre.CHOIX | Genre.OUI_NON:
            return forms.ChoiceField(choices=q.modalites, widget=forms.RadioSelect, **commun)
        case Genre.NOMBRE:
            return forms.CharField(
                widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}),
                help_text=f"En {q.unite}." if q.unite else "", **commun,
            )  # fmt: skip
        case _:
            return forms.CharField(
                widget=forms.Textarea(attrs={"rows": 4, "maxlength": TEXTE_MAX}), strip=True, **commun
            )


class PageForm(forms.Form):
    """The questions of one page. What is right is kept even when something else is wrong (`bonnes`).

    A question that must be answered is only asked for when the answers are sent: one may go on and come back.
    """

    def __init__(self, *args: Any, etape: Etape, reponses: Mapping[str, Reponse], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.etape = etape
        for q in etape.questions:
            champ = _champ(q)
            champ.initial = reponses.get(q.code)
            if q.genre is Genre.NOMBRE and isinstance(champ.initial, str):
                champ.initial = champ.initial.replace(".", ",")
            self.fields[q.code] = champ
        self.bonnes: dict[str, Reponse | None] = {}

    def _clean_fields(self) -> None:
        """Each question is read by its own rule; nothing is required here."""
        for q in self.etape.questions:
            try:
                lue = lire_reponse(q, self._envoye(q.code))
            except ReponseInvalide as refus:
                self.add_error(q.code, ValidationError(str(refus)))
            else:
                self.bonnes[q.code] = self.cleaned_data[q.code] = lue

    def _envoye(self, code: str) -> list[str]:
        donnees: Any = self.data
        if hasattr(donnees, "getlist"):
            return [str(v).replace("\x00", "") for v in donnees.getlist(code)]
        valeur = donnees.get(code, "")
        return [str(v) for v in valeur] if isinstance(valeur, list) else [str(valeur)]
