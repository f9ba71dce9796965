"""Anonymising an account: the person goes, their gestures and all the figures stay.

The number of the account stays, so that statistics by author do not move; the name becomes a number.
In the journal the name lies apart (`journal.AuteurJournal`): it is erased there, and no line of the chain
moves. What was signed, issued or voted keeps the names it was signed with: a public act is not rewritten.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from arpent.plateforme.journal.actions import consigner
from arpent.plateforme.journal.auteurs import oublier_auteur

from ..habilitations import HabilitationRefusee
from ..models import Agent, Habilitation, Invitation, Personne
from .liens import NOMS, Nom
from .sessions import fermer_les_sessions


@dataclass(frozen=True, slots=True)
class Ligne:
    """Rows of one table: how many, and what becomes of them."""

    quoi: str
    nombre: int
    sort: str


def pseudonyme(agent: Agent) -> str:
    return f"Personne n° {agent.pk}"


def _homonyme(agent: Agent) -> bool:
    """Whether somebody else bears that name: a copy that only the name ties cannot be told apart then."""
    autres = Agent.objects.exclude(pk=agent.pk).filter(nom=agent.nom, prenom=agent.prenom)
    return autres.exists() or not agent.nom_complet


def _condition(agent: Agent, nom: Nom, homonyme: bool) -> Q | None:
    if nom.lien:
        return Q(**{nom.lien: agent.pk}) & ~Q(**{nom.champ: ""})
    return None if homonyme else Q(**{nom.champ: agent.nom_complet})


def apercu(agent: Agent) -> list[Ligne]:
    """What anonymising would do, table by table; about thirty short queries."""
    homonyme, lignes = _homonyme(agent), []
    for nom in NOMS:
        modele = apps.get_model(nom.modele)
        quoi = str(modele._meta.verbose_name_plural)
        if nom.modele == "journal.Entree":
            nombre = modele._default_manager.filter(par_id=agent.pk).count()
            lignes.append(Ligne(quoi, nombre, f"« {pseudonyme(agent)} » ; les empreintes ne bougent pas"))
            continue
        condition = _condition(agent, nom, homonyme)
        nombre = 0 if condition is None else modele._default_manager.filter(condition).count()
        if condition is None:
            lignes.append(Ligne(quoi, 0, "gardé : une autre personne porte le même nom, à revoir à la main"))
        elif nombre:
            sort = f"gardé ({nom.fige})" if nom.fige else f"« {pseudonyme(agent)} »"
            lignes.append(Ligne(quoi, nombre, sort))
    for modele_efface in _a_effacer():
        nombre = modele_efface[0].filter(**{modele_efface[1]: agent.pk}).count()
        if nombre:
            lignes.append(Ligne(str(modele_efface[0].model._meta.verbose_name_plural), nombre, "effacé"))
    return lignes


def _a_effacer() -> list[tuple[QuerySet[Any], str]]:
    """What serves nobody once the person is gone: (rows, field that names the account)."""
    noms = (
        ("acteurs.CleAcces", "agent"), ("acteurs.CodeTemporel", "agent"), ("acteurs.CodeSecours", "agent"),
        ("acteurs.SessionOuverte", "agent"), ("notifications.Notification", "destinataire_id"),
        ("plans.SaisieEnCours", "agent"), ("plans.VueEnregistree", "agent"),
        ("notifications.ChoixRubrique", "agent_id"), ("notifications.Rythme", "agent_id"),
        ("notifications.Relance", "agent_id"),
    )  # fmt: skip
    return [(apps.get_model(modele)._default_manager.all(), champ) for modele, champ in noms]


def _oublier_la_personne(agent: Agent, faux: str) -> None:
    """The line of the directory goes with the account; whoever still holds a mandate stays in it, apart."""
    personne = Personne.objects.filter(agent=agent).first()
    if personne is None:
        return
    if personne.mandats.en_cours(timezone.localdate()).exists():
        personne.agent = None
    else:
        personne.civilite, personne.prenom, personne.nom = "", "", faux
        personne.courriel = personne.telephone = ""
    personne.save()


@transaction.atomic
def anonymiser(agent: Agent, *, par: Agent | None, motif: str) -> Agent:
    """Once and for ever. Raises HabilitationRefusee while a habilitation is in force, or if it is done."""
    agent = Agent.objects.select_for_update().get(pk=agent.pk)
    if agent.anonymise_le is not None:
        raise HabilitationRefusee("Ce compte est déjà anonymisé.")
    if Habilitation.objects.filter(agent=agent).en_cours(timezone.localdate()).exists():
        raise HabilitationRefusee(
            "Cette personne a encore une habilitation : désactivez son compte (arpent compte desactiver), "
            "puis recommencez."
        )
    homonyme, faux, vrai = _homonyme(agent), pseudonyme(agent), agent.nom_complet
    for nom in NOMS:
        condition = None if nom.fige else _condition(agent, nom, homonyme)
        if condition is not None:
            apps.get_model(nom.modele)._default_manager.filter(condition).update(**{nom.champ: faux})
    for lignes, champ in _a_effacer():
        lignes.filter(**{champ: agent.pk}).delete()
    apps.get_model("notifications", "Courriel")._default_manager.filter(
        destinataire__iexact=agent.courriel
    ).delete()
    _oublier_la_personne(agent, faux)
    Invitation.objects.filter(Q(acceptee_par=agent) | Q(courriel__iexact=agent.courriel)).delete()
    fermer_les_sessions(agent, par=par, motif="compte anonymisé")
    agent.nom, agent.prenom, agent.fonction = faux, "", ""
    agent.courriel = f"personne-{agent.pk}@anonyme.invalid"
    agent.identite_unique = ""
    agent.set_unusable_password()
    agent.is_active, agent.anonymise_le, agent.last_login = False, timezone.now(), None
    agent.save()
    oublier_auteur(agent.pk, faux, "" if homonyme else vrai)
    consigner("anonymiser_compte", sur=agent, par=par, motif=motif)
    return agent
