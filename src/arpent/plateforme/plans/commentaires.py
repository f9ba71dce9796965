"""Remarks on a fiche or on one of its fields: written, answered, settled."""

from __future__ import annotations

from datetime import date

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from arpent.plateforme.acteurs.models import Agent, Habilitation
from arpent.plateforme.acteurs.roles import ROLES
from arpent.plateforme.journal.actions import consigner
from arpent.plateforme.notifications.actions import notifier

from .actions import ActionRefusee
from .models import Commentaire, Fiche
from .models.travail import Portee, RemarqueAbstraite, maisons_de

LONGUEUR = 4_000
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


def cadrer(
    texte: str, *, par: Agent, portee: str, reponse_a: RemarqueAbstraite | None
) -> tuple[str, str, int | None]:
    """Text, reach and body of a remark about to be written; an answer keeps those of its thread.

    ActionRefusee (French) when it is empty, too long, or internal to another body.
    """
    texte = texte.strip()
    if not texte or len(texte) > LONGUEUR:
        raise ActionRefusee(f"Écrivez votre remarque, en {LONGUEUR} caractères au plus.")
    maisons = sorted(maisons_de(par))
    if reponse_a is not None:
        portee, maison = reponse_a.portee, reponse_a.organisation_id
        if portee == Portee.INTERNE and maison not in maisons:
            raise ActionRefusee("Cette discussion est interne à une autre structure.")
    else:
        maison = maisons[0] if maisons else None
    if portee == Portee.INTERNE and maison is None:
        raise ActionRefusee("Votre compte n’agit pour aucune structure : partagez la remarque.")
    return texte, portee, maison


def noter_reglee(remarque: RemarqueAbstraite, *, resolu: bool, par: Agent) -> None:
    """Settles a locked thread, or opens it again. ActionRefusee when it is so already, or an answer."""
    if remarque.reponse_a is not None:
        raise ActionRefusee("Une réponse ne se règle pas seule : réglez la remarque à laquelle elle répond.")
    if (remarque.resolu_le is not None) == resolu:
        raise ActionRefusee("La remarque est déjà réglée." if resolu else "La remarque est déjà ouverte.")
    remarque.resolu_le = timezone.now() if resolu else None
    remarque.resolu_par_nom = par.nom_complet if resolu else ""
    remarque.save(update_fields=["resolu_le", "resolu_par_nom"])


@transaction.atomic
def commenter(
    fiche: Fiche,
    texte: str,
    *,
    par: Agent,
    champ: str = "",
    portee: str = Commentaire.Portee.PARTAGEE,
    reponse_a: Commentaire | None = None,
) -> Commentaire:
    """Writes a remark, or an answer (which keeps the field and the reach of its thread).

    The text stays out of the journal: an internal remark is not for those who read it.
    """
    texte, portee, maison = cadrer(texte, par=par, portee=portee, reponse_a=reponse_a)
    champ = champ if reponse_a is None else reponse_a.champ
    ecrit = Commentaire.objects.create(
        fiche=fiche, champ=champ, texte=texte, portee=portee, organisation_id=maison, reponse_a=reponse_a,
        auteur=par, auteur_nom=par.nom_complet,
    )  # fmt: skip
    consigner(
        "commenter",
        sur=fiche,
        par=par,
        demarche_id=fiche.demarche_id,
        apres={"remarque": champ or "toute la fiche", "portee": ecrit.get_portee_display()},
    )
    qui = _concernes(ecrit, reponse_a or ecrit) - {par.pk}
    sujet = "Une remarque est écrite sur une fiche" if reponse_a is None else "Une réponse à une remarque"
    notifier(
        qui,
        rubrique="remarques",
        sujet=sujet,
        texte=f"{fiche.titre} : {texte}"[:300],
        url=f"{fiche.get_absolute_url()}#echanges",
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
