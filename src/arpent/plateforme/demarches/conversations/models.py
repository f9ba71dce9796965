"""A message about any object that the registry knows (`reunions.objets`)."""

from __future__ import annotations

from django.db import models

from arpent.plateforme.acteurs.models import Agent
from arpent.plateforme.acteurs.remarques import RemarqueAbstraite, lisibles_par


class MessageQuerySet(models.QuerySet["Message"]):
    def visibles_par(self, agent: Agent) -> MessageQuerySet:
        """Those whose reach includes the agent, in its perimeter. Whether it sees the object is asked apart
        (`lecture.lisible`): the registry answers in Python.
        """
        from ..models import Demarche

        miennes = Demarche.objects.visibles_par(agent).order_by().values("pk")
        return self.filter(lisibles_par(agent), demarche__in=miennes)


class Message(RemarqueAbstraite):
    """A message of a conversation, or an answer to one. `genre` and `objet_id`: what it is about."""

    demarche = models.ForeignKey("demarches.Demarche", on_delete=models.CASCADE, related_name="messages")
    genre = models.CharField("nature de l’objet", max_length=20)
    objet_id = models.BigIntegerField("numéro de l’objet")

    objects = MessageQuerySet.as_manager()

    class Meta:
        verbose_name = "message"
        ordering = ["ecrit_le", "pk"]
        indexes = [models.Index(fields=["demarche", "genre", "objet_id"], name="message_objet")]

    def __str__(self) -> str:
        return f"message de {self.auteur_nom}"

    @property
    def libelle_journal(self) -> str:
        return f"message n° {self.pk}"
