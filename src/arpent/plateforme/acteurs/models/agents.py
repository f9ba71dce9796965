"""The accounts (agents) and what each may do, where and when (habilitations)."""

from __future__ import annotations

import json
from datetime import date
from functools import cached_property
from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models.functions import Lower
from django.utils.crypto import salted_hmac

from arpent.plateforme.territoires.models import Territoire

from ..roles import ROLES, Role
from .organisations import Organisation


class AgentManager(BaseUserManager["Agent"]):
    """Accounts are found by mail address whatever its case."""

    def get_by_natural_key(self, username: str | None) -> Agent:
        return self.get(courriel__iexact=username)

    def creer(self, courriel: str, mot_de_passe: str | None = None, **champs: Any) -> Agent:
        """New account; without a password it cannot log in with one."""
        agent = self.model(courriel=self.normalize_email(courriel), **champs)
        if mot_de_passe is None:
            agent.set_unusable_password()
        else:
            agent.set_password(mot_de_passe)
        agent.save(using=self._db)
        return agent


class Agent(AbstractBaseUser):
    """A person who logs in. What they may do comes from their habilitations, nowhere else."""

    courriel = models.EmailField("adresse électronique")
    nom = models.CharField(max_length=100)
    prenom = models.CharField("prénom", max_length=100, blank=True)
    fonction = models.CharField(max_length=150, blank=True)
    is_active = models.BooleanField("compte actif", default=True)
    est_demonstration = models.BooleanField("compte de démonstration", default=False)
    cree_le = models.DateTimeField(auto_now_add=True)
    jeton_session = models.PositiveIntegerField(default=0)
    anonymise_le = models.DateTimeField("anonymisé le", null=True, blank=True)

    objects: ClassVar[AgentManager] = AgentManager()
    USERNAME_FIELD = "courriel"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["nom"]

    class Meta:
        verbose_name = "agent"
        ordering = ["nom", "prenom"]
        constraints = [models.UniqueConstraint(Lower("courriel"), name="agent_courriel_unique")]

    def __str__(self) -> str:
        return self.nom_complet

    @property
    def nom_complet(self) -> str:
        return f"{self.prenom} {self.nom}".strip()

    @property
    def libelle_journal(self) -> str:
        """How the journal, which cannot be rewritten, names the account: by its number."""
        return f"compte n° {self.pk}"

    @cached_property
    def habilitations_en_cours(self) -> list[Habilitation]:
        """Habilitations in force today. One query, once per request."""
        return list(self.habilitations.en_cours(date.today()).select_related("organisation", "territoire"))

    def _get_session_auth_hash(self, secret: str | None = None) -> str:
        """What a session is worth: password, number of "log out everywhere", habilitations of the day.

        When one of them moves, whoever moved it, every open session dies at its next request and the rights
        are those of a new login. No query when the habilitations are loaded (`moteur`), else one.
        """
        en_cours = vars(self).get("habilitations_en_cours")
        if en_cours is None:
            en_cours = list(self.habilitations.en_cours(date.today()))
        droits = sorted(h.empreinte for h in en_cours)
        value = json.dumps([self.password, self.jeton_session, droits])
        return salted_hmac("arpent.session", value, secret=secret, algorithm="sha256").hexdigest()


class HabilitationQuerySet(models.QuerySet["Habilitation"]):
    def en_cours(self, le: date) -> HabilitationQuerySet:
        return self.filter(debut__lte=le).filter(models.Q(fin__isnull=True) | models.Q(fin__gte=le))


class Habilitation(models.Model):
    """A role × a perimeter × a period.

    `autorite` bounds the roles of an authority and of the State; `territoire` those of a territory;
    `organisation` is the body one acts for (and bounds the owners' roles).
    """

    agent = models.ForeignKey(Agent, on_delete=models.CASCADE, related_name="habilitations")
    role = models.CharField("rôle", max_length=30, choices=[(r.code, r.libelle) for r in ROLES.values()])
    organisation = models.ForeignKey(
        Organisation, null=True, blank=True, on_delete=models.PROTECT, related_name="habilitations"
    )
    autorite = models.ForeignKey(
        Organisation, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    territoire = models.ForeignKey(
        Territoire, null=True, blank=True, on_delete=models.PROTECT, related_name="habilitations"
    )
    themes = models.CharField("thèmes (codes séparés par des virgules)", max_length=200, blank=True)
    debut = models.DateField("début")
    fin = models.DateField(null=True, blank=True)

    objects = HabilitationQuerySet.as_manager()

    class Meta:
        verbose_name = "habilitation"
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.agent} : {self.get_role_display()}"

    @property
    def empreinte(self) -> str:
        """Everything that bounds it, as one text."""
        bornes = (
            self.organisation_id,
            self.autorite_id,
            self.territoire_id,
            self.themes,
            self.debut,
            self.fin,
        )
        return "|".join(str(b) for b in (self.pk, self.role, *bornes))

    @property
    def definition(self) -> Role:
        return ROLES[self.role]
