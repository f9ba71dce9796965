"""What every remark is, wherever it is written: who reads it, its answers, its file, whom it mentions."""

from __future__ import annotations

from typing import TypeVar

from django.db import models
from django.utils import timezone

from arpent.plateforme.socle.envois import Envoi, recevoir
from arpent.plateforme.socle.fichiers import FichierRefuse

from .models import Agent, Organisation

LONGUEUR = 4_000


class Portee(models.TextChoices):
    """Who reads a remark."""

    INTERNE = "interne", "entre nous"
    PARTAGEE = "partagee", "partagé"


class RemarqueRefusee(ValueError):
    """It cannot be written, settled or opened; `champ` is the field of the form that is at fault."""

    def __init__(self, message: str, champ: str = "texte") -> None:
        super().__init__(message)
        self.champ = champ


def maisons_de(agent: Agent) -> set[int]:
    """Bodies whose « entre nous » the agent is part of: the one it acts for, else its authority."""
    return {
        pk
        for h in agent.habilitations_en_cours
        for pk in (h.organisation_id or h.autorite_id,)
        if pk is not None
    }


def maison_de(agent: Agent) -> int | None:
    """The body an agent writes for when it keeps a remark « entre nous »."""
    return min(maisons_de(agent), default=None)


def lisibles_par(agent: Agent) -> models.Q:
    """The shared remarks, and those of the bodies the agent acts for. The object is visible already."""
    return models.Q(portee=Portee.PARTAGEE) | models.Q(organisation__in=maisons_de(agent))


class RemarqueAbstraite(models.Model):
    """A remark and its answers: written, settled or open again.

    `portee` interne: read by the people of `organisation` only (ours); partagee: by all who see the object.
    """

    portee = models.CharField("portée", max_length=10, choices=Portee.choices, default=Portee.PARTAGEE)
    organisation = models.ForeignKey(
        Organisation, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    reponse_a = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.CASCADE, related_name="reponses"
    )
    texte = models.TextField()
    auteur = models.ForeignKey(Agent, null=True, on_delete=models.SET_NULL, related_name="+")
    auteur_nom = models.CharField(max_length=200)
    ecrit_le = models.DateTimeField("écrit le", auto_now_add=True)
    resolu_le = models.DateTimeField("résolu le", null=True, blank=True)
    resolu_par_nom = models.CharField("résolu par", max_length=200, blank=True)
    mentions = models.ManyToManyField(Agent, verbose_name="personnes mentionnées", related_name="+")
    piece = models.FileField("pièce jointe", upload_to="messages/%Y/%m", blank=True)
    piece_nom = models.CharField("nom de la pièce", max_length=200, blank=True)
    piece_mime = models.CharField("type de la pièce", max_length=100, blank=True)
    piece_taille = models.PositiveIntegerField("taille de la pièce en octets", default=0)
    piece_sha256 = models.CharField("empreinte de la pièce", max_length=64, blank=True)

    class Meta:
        abstract = True


Remarque = TypeVar("Remarque", bound=RemarqueAbstraite)


def cadrer(
    texte: str, *, par: Agent, portee: str, reponse_a: RemarqueAbstraite | None
) -> tuple[str, str, int | None]:
    """Text, reach and body of a remark about to be written; an answer keeps the readers of its thread.

    RemarqueRefusee when it is empty, too long, or internal to another body.
    """
    texte = texte.strip()
    if not texte or len(texte) > LONGUEUR:
        raise RemarqueRefusee(f"Écrivez votre remarque, en {LONGUEUR} caractères au plus.")
    maison = maison_de(par)
    if reponse_a is not None:
        portee = reponse_a.portee
        if portee == Portee.INTERNE:
            maison = reponse_a.organisation_id
            if maison not in maisons_de(par):
                raise RemarqueRefusee("Cette discussion est interne à une autre structure.")
    if portee not in Portee.values:
        raise RemarqueRefusee("Dites qui lira la remarque : entre nous, ou partagé.", "portee")
    if portee == Portee.INTERNE and maison is None:
        raise RemarqueRefusee("Votre compte n’agit pour aucune structure : partagez la remarque.", "portee")
    return texte, portee, maison


def joindre(remarque: RemarqueAbstraite, envoi: Envoi | None) -> None:
    """Puts a file on a remark about to be saved. RemarqueRefusee: its type, its size."""
    if envoi is None:
        return
    try:
        recu = recevoir(envoi)
    except FichierRefuse as refus:
        raise RemarqueRefusee(str(refus), "piece") from refus
    remarque.piece_nom, remarque.piece_mime = recu.nom, recu.type_mime
    remarque.piece_taille, remarque.piece_sha256 = recu.taille, recu.sha256
    recu.ranger(remarque.piece)


def ecrire(remarque: Remarque, *, envoi: Envoi | None, mentions: set[int]) -> Remarque:
    """Saves a new remark with its file and the people it mentions. Inside a transaction."""
    joindre(remarque, envoi)
    remarque.save(force_insert=True)
    if mentions:
        remarque.mentions.set(mentions)
    return remarque


def noter_reglee(remarque: RemarqueAbstraite, *, resolu: bool, par: Agent) -> None:
    """Settles a locked thread, or opens it again. RemarqueRefusee when it is so already, or an answer."""
    if remarque.reponse_a is not None:
        raise RemarqueRefusee(
            "Une réponse ne se règle pas seule : réglez la remarque à laquelle elle répond."
        )
    if (remarque.resolu_le is not None) == resolu:
        raise RemarqueRefusee("La remarque est déjà réglée." if resolu else "La remarque est déjà ouverte.")
    remarque.resolu_le = timezone.now() if resolu else None
    remarque.resolu_par_nom = par.nom_complet if resolu else ""
    remarque.save(update_fields=["resolu_le", "resolu_par_nom"])
