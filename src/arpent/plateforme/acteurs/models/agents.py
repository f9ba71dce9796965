"""The accounts (agents) and what each may do, where and when (habilitations)."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from functools import cached_property
from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models.functions import Lower
from django.utils.crypto import salted_hmac

from arpent.plateforme.journal.auteurs import EN_L_ABSENCE
from arpent.plateforme.territoires.models import Territoire

from ..noms import nom_complet
from ..roles import PERSONNELS, ROLES, Role
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
    identite_unique = models.CharField("identité de la connexion unique", max_length=64, blank=True)
    """SHA-256 of issuer and subject: what the provider never gives to somebody else. Empty: not bound yet."""
    anonymise_le = models.DateTimeField("anonymisé le", null=True, blank=True)

    objects: ClassVar[AgentManager] = AgentManager()
    USERNAME_FIELD = "courriel"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["nom"]

    class Meta:
        verbose_name = "agent"
        ordering = ["nom", "prenom"]
        constraints = [
            models.UniqueConstraint(Lower("courriel"), name="agent_courriel_unique"),
            models.UniqueConstraint(
                fields=["identite_unique"],
                condition=~models.Q(identite_unique=""),
                name="agent_identite_unique",
            ),
        ]

    def __str__(self) -> str:
        return self.nom_complet

    @property
    def nom_complet(self) -> str:
        return nom_complet(self.prenom, self.nom)

    @property
    def libelle_journal(self) -> str:
        """How the journal, which cannot be rewritten, names the account: by its number."""
        return f"compte n° {self.pk}"

    en_l_absence_de: str = ""
    """Name of the absent person whose right, and no right of one's own, opened what is being done now."""

    @property
    def nom_au_journal(self) -> str:
        """“X, en l’absence de Y” when what is being done is done in the place of Y."""
        if self.en_l_absence_de:
            return f"{self.nom_complet}{EN_L_ABSENCE}{self.en_l_absence_de}"[:200]
        return self.nom_complet

    @cached_property
    def habilitations_en_cours(self) -> list[Habilitation]:
        """Habilitations in force today, one's own first, then those lent. One query, once per request."""
        return trier(list(Habilitation.objects.tenues_par(self.pk, date.today())), self.pk)

    def _get_session_auth_hash(self, secret: str | None = None) -> str:
        """What a session is worth: password, number of "log out everywhere", habilitations of the day.

        When one of them moves, whoever moved it, every open session dies at its next request and the rights
        are those of a new login. What is lent during an absence is read anew at each request, and logs nobody
        out. No query when the habilitations are loaded (`moteur`), else one.
        """
        lues = vars(self).get("habilitations_en_cours")
        siennes = self.habilitations.en_cours(date.today()) if lues is None else lues
        en_cours = [h for h in siennes if h.agent_id == self.pk]
        droits = sorted(h.empreinte for h in en_cours)
        value = json.dumps([self.password, self.jeton_session, droits])
        return salted_hmac("arpent.session", value, secret=secret, algorithm="sha256").hexdigest()


class HabilitationQuerySet(models.QuerySet["Habilitation"]):
    def en_cours(self, le: date) -> HabilitationQuerySet:
        return self.filter(debut__lte=le).filter(models.Q(fin__isnull=True) | models.Q(fin__gte=le))

    def tenues_par(self, agent_id: int, le: date) -> HabilitationQuerySet:
        """Those of the agent, and those of the people they stand in for that day; with what `peut` reads."""
        absents = Agent.objects.order_by().filter(
            absences__suppleant=agent_id, absences__debut__lte=le, absences__fin__gte=le, is_active=True
        )
        qui = models.Q(agent=agent_id) | models.Q(agent__in=absents.values("pk"))
        return self.filter(qui).en_cours(le).select_related("agent", "organisation", "territoire")


def trier(habilitations: list[Habilitation], agent_id: int) -> list[Habilitation]:
    """One's own first; the others say whom they come from. No query: `agent` is loaded."""
    siennes = [h for h in habilitations if h.agent_id == agent_id]
    pretees = [h for h in habilitations if h.agent_id != agent_id]
    for habilitation in pretees:
        habilitation.au_nom_de = habilitation.agent
    return siennes + pretees


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
    donnee_par = models.ForeignKey(
        Agent, verbose_name="donnée par", null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    motif = models.CharField(max_length=200, blank=True)
    rappelee_le = models.DateField("fin rappelée le", null=True, blank=True, editable=False)

    objects = HabilitationQuerySet.as_manager()

    class Meta:
        verbose_name = "habilitation"
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.agent} : {self.get_role_display()}"

    @property
    def libelle_journal(self) -> str:
        ou = self.organisation or self.autorite or self.territoire
        return f"{self.get_role_display()}{f', {ou}' if ou else ''}, compte n° {self.agent_id}"

    au_nom_de: Agent | None = None
    """The absent person it is lent by (`moteur`); None: one's own."""

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
        """What it allows. Lent during an absence, it carries neither the signature nor what is personal."""
        role = ROLES[self.role]
        return replace(role, droits=role.droits - PERSONNELS) if self.au_nom_de else role

    @property
    def codes_themes(self) -> frozenset[str]:
        """Themes it is bounded to; empty: all of them."""
        return frozenset(filter(None, self.themes.split(",")))
