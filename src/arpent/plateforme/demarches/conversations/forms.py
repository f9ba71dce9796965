"""The box where a message is written: who will read it is said above the button that sends it."""

from __future__ import annotations

from typing import Any

from django import forms

from arpent.plateforme.acteurs.forms_remarques import MessageMixin
from arpent.plateforme.acteurs.models import Agent
from arpent.plateforme.acteurs.remarques import LONGUEUR, Portee

from .lecture import Public


class MessageForm(MessageMixin):
    """A message, or the answer to one (`reponse_a`): an answer has the readers of its thread."""

    texte = forms.CharField(
        label="Votre message", max_length=LONGUEUR, widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": "Écrivez votre message."},
    )  # fmt: skip
    portee = forms.ChoiceField(label="Qui le lira", widget=forms.RadioSelect)
    reponse_a = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, public: Public, agent: Agent, ce: str, **kwargs: Any) -> None:
        kwargs.setdefault("initial", {"portee": Portee.PARTAGEE.value})
        super().__init__(*args, **kwargs)
        self._preparer_message(public.lecteurs, sauf=agent.pk)
        voient = "qui voit" if public.tous == 1 else "qui voient"
        article = "la" if public.tous == 1 else "les"
        quoi = public.partage.removeprefix("une ")
        choix = [(Portee.PARTAGEE.value, f"Partagé\N{NO-BREAK SPACE}: {article} {quoi} {voient} {ce}")]
        if public.maison_id is not None:
            choix.append(
                (Portee.INTERNE.value, f"Entre nous\N{NO-BREAK SPACE}: {public.maison}, {public.entre_nous}")
            )
        self.fields["portee"].choices = choix  # type: ignore[attr-defined]
