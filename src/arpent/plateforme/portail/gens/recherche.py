"""Finding what a person typed: a body, an account, a canton. What is not found is said with what to do."""

from __future__ import annotations

import re
from collections.abc import Iterable

from django.db.models import Q, QuerySet

from arpent.metier.election import plier_nom
from arpent.metier.siren import nettoyer_siren
from arpent.plateforme.acteurs.models import Agent, Habilitation, Organisation
from arpent.plateforme.demarches.perimetre import (
    autorites_de,
    organisations_visibles,
    territoires_visibles,
    voit_tout,
)
from arpent.plateforme.reglements.models import Theme
from arpent.plateforme.territoires.models import Canton


class Introuvable(ValueError):
    """French, says what to type."""


def trouver_organisation(agent: Agent, texte: str) -> Organisation:
    """The visible body of that SIREN, INSEE code or name. Two queries at most."""
    texte = texte.replace("\0", "").strip()
    code = nettoyer_siren(texte).upper()
    visibles = organisations_visibles(agent)
    if re.fullmatch(r"[0-9][0-9AB][0-9]{3}|[0-9]{9}", code):
        trouvee = visibles.filter(Q(siren=code) | Q(commune=code)).first()
        if trouvee is None:
            raise Introuvable(f"Aucune structure de votre périmètre n’a le code {code}.")
        return trouvee
    proches = list(visibles.filter(Q(nom__iexact=texte) | Q(commune__nom__iexact=texte)).order_by("nom")[:6])
    proches = proches or list(visibles.filter(nom__icontains=texte).order_by("nom")[:6])
    if len(proches) == 1:
        return proches[0]
    if proches:
        noms = ", ".join(f"{o.nom} ({o.siren or o.get_nature_display()})" for o in proches[:5])
        raise Introuvable(f"Plusieurs structures répondent : {noms}. Écrivez le nom entier ou le SIREN.")
    raise Introuvable("Aucune structure de votre périmètre ne porte ce nom : écrivez son SIREN.")


def habilitations_visibles(agent: Agent) -> QuerySet[Habilitation]:
    """Those of the authorities one acts for and of the territories in the perimeter. No query."""
    if voit_tout(agent):
        return Habilitation.objects.all()
    return Habilitation.objects.filter(
        Q(autorite__in=autorites_de(agent).order_by().values("pk"))
        | Q(territoire__in=territoires_visibles(agent).order_by().values("pk"))
    )


def agents_visibles(agent: Agent) -> QuerySet[Agent]:
    """Open accounts that hold, or held, something in the perimeter. No query."""
    tenues = habilitations_visibles(agent).order_by()
    return Agent.objects.filter(is_active=True, pk__in=tenues.values("agent"))


def trouver_agent(agent: Agent, courriel: str) -> Agent:
    """The account of that address in the perimeter (anywhere for an administrator). One query."""
    trouve = agents_visibles(agent).filter(courriel__iexact=courriel.strip()).first()
    if trouve is None:
        raise Introuvable("Aucun compte de votre périmètre n’a cette adresse : invitez d’abord la personne.")
    return trouve


def trouver_canton(texte: str, departements: Iterable[str]) -> Canton:
    """By its code or its name, accents apart. One query."""
    voulu = plier_nom(texte)
    for canton in Canton.objects.filter(departement__in=set(departements)):
        if voulu in {canton.code.lower(), plier_nom(canton.nom)}:
            return canton
    raise Introuvable("Ce canton n’est pas connu ici : écrivez son nom ou son code (4803, par exemple).")


def themes_possibles(agent: Agent) -> list[tuple[str, str]]:
    """(code, label) of the themes of the policies in the perimeter, once each. One query."""
    if voit_tout(agent):
        themes = Theme.objects.all()
    else:
        themes = Theme.objects.filter(
            dispositif__processus__versions__demarches__territoire__in=territoires_visibles(agent)
            .order_by()
            .values("pk")
        )
    return list(dict(themes.order_by("libelle", "code").values_list("code", "libelle")).items())
