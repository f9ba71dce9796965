"""Who stands in for whom, and who writes, proposes, signs for a body."""

from __future__ import annotations

from datetime import date

from django.db import models

from .agents import Agent
from .organisations import Organisation


class PeriodeQuerySet(models.QuerySet["Absence"]):
    def en_cours(self, le: date) -> PeriodeQuerySet:
        """Absences of that day."""
        return self.filter(debut__lte=le, fin__gte=le)


class Absence(models.Model):
    """An agent is away between two dates (included) and names who stands in.

    The stand-in has the rights of the absent person on the same perimeter, but those that are personal
    (`roles.PERSONNELS`: signing, giving rights, administrating). One level only: who stands in for a stand-in
    gets nothing of it. Ended early: `fin` is brought forward, nothing is deleted.
    """

    agent = models.ForeignKey(Agent, on_delete=models.CASCADE, related_name="absences")
    suppleant = models.ForeignKey(
        Agent, verbose_name="qui vous remplace", on_delete=models.CASCADE, related_name="suppleances"
    )
    debut = models.DateField("du")
    fin = models.DateField("au")
    message = models.CharField("à savoir", max_length=200, blank=True)
    cree_le = models.DateTimeField("déclarée le", auto_now_add=True)

    objects = PeriodeQuerySet.as_manager()

    class Meta:
        verbose_name = "absence"
        ordering = ["-debut", "-pk"]
        indexes = [models.Index(fields=["suppleant", "fin"], name="absence_par_suppleant")]
        constraints = [
            models.CheckConstraint(condition=models.Q(fin__gte=models.F("debut")), name="absence_dates"),
            models.CheckConstraint(
                condition=~models.Q(agent=models.F("suppleant")), name="absence_par_un_autre"
            ),
        ]

    def __str__(self) -> str:
        return f"absence de {self.agent} du {self.debut:%d/%m/%Y} au {self.fin:%d/%m/%Y}"

    @property
    def libelle_journal(self) -> str:
        return f"absence du compte n° {self.agent_id}"


class DesignationQuerySet(models.QuerySet["Designation"]):
    def en_cours(self, le: date) -> DesignationQuerySet:
        return self.filter(debut__lte=le).filter(models.Q(fin__isnull=True) | models.Q(fin__gte=le))


class Designation(models.Model):
    """Somebody named by a body to write its fiches, to propose them, or to sign for it.

    A function that nobody holds changes nothing: all the accounts of the body may do it, as their role says.
    """

    class Fonction(models.TextChoices):
        REDACTEUR = "redacteur", "rédige les fiches"
        VALIDEUR = "valideur", "valide et propose les fiches"
        SIGNATAIRE = "signataire", "signe"

    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="designations")
    agent = models.ForeignKey(Agent, on_delete=models.CASCADE, related_name="designations")
    fonction = models.CharField(max_length=12, choices=Fonction.choices)
    debut = models.DateField("depuis le")
    fin = models.DateField(null=True, blank=True)

    objects = DesignationQuerySet.as_manager()

    class Meta:
        verbose_name = "désignation"
        ordering = ["organisation", "fonction", "pk"]
        indexes = [models.Index(fields=["organisation", "fonction", "fin"], name="designation_par_corps")]
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "agent", "fonction"], condition=models.Q(fin__isnull=True),
                name="designation_en_cours",
            )
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.agent} {self.get_fonction_display()} pour {self.organisation}"

    @property
    def libelle_journal(self) -> str:
        return f"{self.get_fonction_display()} pour {self.organisation}, compte n° {self.agent_id}"
