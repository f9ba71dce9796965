"""How long personal data is kept: rules typed in, dated and sourced; a preview before anything is touched.

No legal duration of use (DUA) was found for these files: without a rule, or with a rule without months,
nothing is ever erased. The archives service of the authority gives the durations; they are typed here.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from django.apps import apps
from django.db import transaction
from django.db.models import Exists, Max, OuterRef, Q, QuerySet
from django.db.models.functions import Coalesce
from django.utils import timezone

from arpent.plateforme.journal.actions import consigner

from ..models import Agent, Habilitation, Invitation, RegleConservation
from .anonymisation import anonymiser

EXEMPLES = 20


class RegleRefusee(ValueError):
    """Why the rule cannot be applied; French, says what to do."""


@dataclass(frozen=True, slots=True)
class Objet:
    """A kind of personal data. `choisir` gives the rows older than an instant; None: nothing is automatic."""

    code: RegleConservation.Objet
    depart: str
    geste: str
    choisir: Callable[[datetime], QuerySet[Any]] | None = None

    @property
    def libelle(self) -> str:
        libelle = str(self.code.label)
        return libelle[:1].upper() + libelle[1:]


def _comptes(avant: datetime) -> QuerySet[Any]:
    """Accounts not anonymised, without habilitation in force since that instant, nor login."""
    depuis = avant.date()
    encore = Habilitation.objects.filter(agent=OuterRef("pk")).filter(
        Q(fin__isnull=True) | Q(fin__gte=depuis)
    )
    return (
        Agent.objects.filter(anonymise_le__isnull=True, est_demonstration=False)
        .annotate(vu_le=Coalesce(Max("last_login"), Max("cree_le")))
        .filter(~Exists(encore), vu_le__lt=avant)
    )


def _invitations(avant: datetime) -> QuerySet[Any]:
    ouverte = Q(etat=Invitation.Etat.ENVOYEE, expire_le__gte=timezone.now())
    return Invitation.objects.filter(~ouverte, envoyee_le__lt=avant)


def _notifications(avant: datetime) -> QuerySet[Any]:
    lues: QuerySet[Any] = apps.get_model("notifications", "Notification")._default_manager.all()
    return lues.filter(lue_le__isnull=False, creee_le__lt=avant)


def _saisies(avant: datetime) -> QuerySet[Any]:
    laissees: QuerySet[Any] = apps.get_model("plans", "SaisieEnCours")._default_manager.all()
    return laissees.filter(vue_le__lt=avant)


def _destinataires(avant: datetime) -> QuerySet[Any]:
    """Whom a closed questionnaire was sent to: the answers lie apart, their counts do not move."""
    gens: QuerySet[Any] = apps.get_model("suivi", "DestinataireQuestionnaire")._default_manager.all()
    return gens.filter(invitation__campagne__cloture_le__lt=avant.date())


_O = RegleConservation.Objet
OBJETS = (
    Objet(
        _O.COMPTES,
        "la fin de la dernière habilitation et la dernière connexion", "anonymiser", _comptes,
    ),
    Objet(_O.INVITATIONS, "l’envoi", "effacer", _invitations),
    Objet(_O.NOTIFICATIONS, "leur création", "effacer", _notifications),
    Objet(_O.SAISIES, "la dernière frappe", "effacer", _saisies),
    Objet(_O.QUESTIONNAIRES, "le dernier jour pour répondre", "effacer", _destinataires),
    Objet(
        _O.JOURNAL, "le geste",
        "rien d’automatique : les lignes se suivent par empreinte ; les noms s’effacent avec le compte",
    ),
    Objet(
        _O.DOSSIERS, "la fin du contrat",
        "rien d’automatique : versement aux archives, sur décision du service d’archives",
    ),
)  # fmt: skip
PAR_CODE = {objet.code.value: objet for objet in OBJETS}


@dataclass(frozen=True, slots=True)
class Apercu:
    """What a rule would touch now: how many rows, and the first ones in words."""

    objet: Objet
    regle: RegleConservation | None
    avant: date | None
    nombre: int
    exemples: tuple[str, ...]


def regles_en_vigueur(le: date) -> dict[str, RegleConservation]:
    """The rule in force for each kind. One query."""
    dites: dict[str, RegleConservation] = {}
    for regle in RegleConservation.objects.filter(depuis__lte=le).order_by("depuis", "pk"):
        dites[regle.objet] = regle
    return dites


def _moins_mois(le: date, mois: int) -> date:
    rang = le.year * 12 + le.month - 1 - mois
    annee, mois_vise = divmod(rang, 12)
    return date(annee, mois_vise + 1, min(le.day, 28))


def _concernes(objet: Objet, regle: RegleConservation | None, le: date) -> tuple[date, QuerySet[Any]] | None:
    if regle is None or regle.duree_mois is None or objet.choisir is None:
        return None
    avant = _moins_mois(le, regle.duree_mois)
    return avant, objet.choisir(timezone.make_aware(datetime.combine(avant, time.min)))


def apercu(code: str, le: date) -> Apercu:
    """What applying the rule of that kind would do. Three queries. KeyError: unknown kind."""
    objet, regle = PAR_CODE[code], regles_en_vigueur(le).get(code)
    concernes = _concernes(objet, regle, le)
    if concernes is None:
        return Apercu(objet, regle, None, 0, ())
    avant, lignes = concernes
    exemples = tuple(str(ligne) for ligne in lignes.order_by("pk")[:EXEMPLES])
    return Apercu(objet, regle, avant, lignes.count(), exemples)


@transaction.atomic
def fixer_regle(
    code: str, *, duree_mois: int | None, depuis: date, source: str, par: Agent
) -> RegleConservation:
    """A new rule; the former ones stay as proof."""
    regle = RegleConservation.objects.create(
        objet=code, duree_mois=duree_mois, depuis=depuis, source=source, saisie_par_nom=par.nom_complet
    )
    consigner(
        "fixer_conservation", sur=regle, par=par, libelle=f"Conservation : {PAR_CODE[code].libelle}",
        apres={"duree_mois": duree_mois, "depuis": depuis, "source": source},
    )  # fmt: skip
    return regle


@transaction.atomic
def appliquer_regle(code: str, *, attendu: int, le: date, par: Agent | None) -> int:
    """Erases or anonymises what the preview has shown. RegleRefusee: nothing to do, or the number moved."""
    objet, regle = PAR_CODE[code], regles_en_vigueur(le).get(code)
    concernes = _concernes(objet, regle, le)
    if concernes is None or regle is None:
        raise RegleRefusee("Aucune durée n’est fixée pour ces données : rien n’a été effacé.")
    avant, lignes = concernes
    pks = list(lignes.order_by("pk").values_list("pk", flat=True))
    if len(pks) != attendu:
        raise RegleRefusee(
            f"Il y a maintenant {len(pks)} ligne(s), et non {attendu} : relisez l’aperçu avant d’appliquer."
        )
    if objet.geste == "anonymiser":
        for agent in Agent.objects.filter(pk__in=pks):
            anonymiser(agent, par=par, motif=f"durée de conservation de {regle.duree_mois} mois atteinte")
    else:
        lignes.model._default_manager.filter(pk__in=pks).delete()
    consigner(
        "appliquer_conservation", sur=regle, par=par, libelle=f"Conservation : {objet.libelle}",
        apres={"lignes": len(pks), "avant": avant},
    )  # fmt: skip
    return len(pks)
