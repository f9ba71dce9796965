"""Remarks on a fiche or on one of its fields: written, answered, settled."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from django.db import transaction
from django.db.models import Q

from arpent.plateforme.acteurs.lecteurs import agents_du_perimetre
from arpent.plateforme.acteurs.mentions import mentionner, prevenir_mentions
from arpent.plateforme.acteurs.models import Agent, Habilitation, Organisation
from arpent.plateforme.acteurs.remarques import cadrer, ecrire, noter_reglee
from arpent.plateforme.acteurs.roles import ROLES
from arpent.plateforme.journal.actions import consigner
from arpent.plateforme.notifications.actions import notifier
from arpent.plateforme.socle.envois import Envoi

from .droits import voit
from .models import Commentaire, Fiche

_LISENT = [role.code for role in ROLES.values() if "fiche.commenter" in role.droits]
_SUIVENT = ("chef_de_projet", "instructeur")


def _concernes(commentaire: Commentaire, racine: Commentaire) -> set[int]:
    """Who is told: those of the thread, then ours (interne) or the owner's and the examiners (partagée)."""
    fiche = commentaire.fiche
    en_cours = Habilitation.objects.en_cours(date.today()).filter(role__in=_LISENT)
    if commentaire.portee == Commentaire.Portee.INTERNE:
        maison = commentaire.organisation_id
        qui = Q(organisation=maison) | Q(organisation__isnull=True, autorite=maison)
        return set(en_cours.filter(qui).values_list("agent_id", flat=True))
    du_porteur = Q(organisation=fiche.maitre_ouvrage_id, territoire=fiche.demarche.territoire_id)
    de_l_autorite = Q(role__in=_SUIVENT, autorite=fiche.demarche.autorite.pk)
    du_fil = Commentaire.objects.filter(
        Q(pk=racine.pk) | Q(reponse_a=racine.pk), auteur__isnull=False
    ).values_list("auteur_id", flat=True)
    qui_lit = en_cours.filter(du_porteur | de_l_autorite).values_list("agent_id", flat=True)
    return {pk for pk in (*qui_lit, *du_fil) if pk is not None}


def lecteurs_de(fiche: Fiche) -> list[Agent]:
    """Whoever sees the fiche, by name. Two queries; `fiche.demarche` comes from `avec_contexte()`."""
    agents = agents_du_perimetre(
        "plan.voir", territoire_id=fiche.demarche.territoire_id, autorite_id=fiche.demarche.autorite.pk
    )
    return [a for a in agents if voit(a, fiche)]


@transaction.atomic
def commenter(
    fiche: Fiche,
    texte: str,
    *,
    par: Agent,
    champ: str = "",
    portee: str = Commentaire.Portee.PARTAGEE,
    reponse_a: Commentaire | None = None,
    envoi: Envoi | None = None,
    prevenir: Collection[int] = (),
) -> Commentaire:
    """Writes a remark, or an answer (which keeps the field and the reach of its thread). RemarqueRefusee.

    The text stays out of the journal: an internal remark is not for those who read it.
    """
    texte, portee, maison = cadrer(texte, par=par, portee=portee, reponse_a=reponse_a)
    cites: set[int] = set()
    if prevenir or "@" in texte:
        cites = mentionner(
            texte, prevenir, lecteurs=lecteurs_de(fiche), portee=portee, maison=maison,
            maison_nom=Organisation.objects.get(pk=maison).nom if maison else "", de_quoi="cette fiche",
        )  # fmt: skip
    champ = champ if reponse_a is None else reponse_a.champ
    ecrit = Commentaire(
        fiche=fiche, champ=champ, texte=texte, portee=portee, organisation_id=maison, reponse_a=reponse_a,
        auteur=par, auteur_nom=par.nom_complet,
    )  # fmt: skip
    ecrire(ecrit, envoi=envoi, mentions=cites)
    consigner(
        "commenter",
        sur=fiche,
        par=par,
        demarche_id=fiche.demarche_id,
        apres={"remarque": champ or "toute la fiche", "portee": ecrit.get_portee_display()},
    )
    url = f"{fiche.get_absolute_url()}#echanges"
    prevenir_mentions(cites - {par.pk}, par=par, texte=f"{fiche.titre} : {texte}", url=url)
    qui = _concernes(ecrit, reponse_a or ecrit) - {par.pk} - cites
    sujet = "Une remarque est écrite sur une fiche" if reponse_a is None else "Une réponse à une remarque"
    notifier(
        qui,
        rubrique="remarques",
        sujet=sujet,
        texte=f"{fiche.titre} : {texte}"[:300],
        url=url,
    )
    return ecrit


@transaction.atomic
def regler(commentaire: Commentaire, *, resolu: bool, par: Agent) -> Commentaire:
    """Settles a thread, or opens it again."""
    stored = Commentaire.objects.select_for_update(of=("self",)).get(pk=commentaire.pk)
    noter_reglee(stored, resolu=resolu, par=par)
    consigner(
        "regler_commentaire" if resolu else "rouvrir_commentaire",
        sur=commentaire.fiche,
        par=par,
        demarche_id=commentaire.fiche.demarche_id,
        apres={
            "remarque": stored.champ or "toute la fiche",
            "portee": stored.get_portee_display(),
        },
    )
    return stored
