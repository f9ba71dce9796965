"""Who may write, move and rank a fiche. Each answer carries its reason."""

from __future__ import annotations

from django.db.models import Q

from arpent.metier.cycles import CYCLE_FICHE, EtatFiche, Transition
from arpent.plateforme.acteurs.designations import peut_tenir
from arpent.plateforme.acteurs.droits import (
    ACCORDE,
    Avis,
    agit_pour,
    noter_pour_qui,
    organisations_de,
    themes_de,
)
from arpent.plateforme.acteurs.models import Agent, Designation
from arpent.plateforme.acteurs.roles import Portee
from arpent.plateforme.demarches.acces import peut_sur
from arpent.plateforme.demarches.models import Demarche

from .models import AvisService, Fiche

# States in which the owner still holds the fiche.
MODIFIABLES = frozenset({EtatFiche.BROUILLON.value, EtatFiche.A_COMPLETER.value, EtatFiche.PROPOSEE.value})
# Gestures that belong to another room (the contract) and are not offered beside the fiche.
AILLEURS = frozenset({"contractualiser", "sortir_du_contrat"})
PRE_INSTRUIRE = "fiche.pre_instruire"


def _est_autorite(agent: Agent) -> bool:
    """True when the agent writes fiches for the whole authority (or the whole instance)."""
    return any(
        "fiche.rediger" in h.definition.droits and h.definition.portee in {Portee.AUTORITE, Portee.TOUT}
        for h in agent.habilitations_en_cours
    )


def _est_de_la_maison(agent: Agent, fiche: Fiche) -> Avis:
    """Whether the agent acts for the owner of the fiche."""
    les_siennes = organisations_de(agent, fiche.demarche.territoire_id)
    if les_siennes is None or fiche.maitre_ouvrage_id in les_siennes:
        noter_pour_qui(agent, fiche.demarche.territoire_id, fiche.maitre_ouvrage_id)
        return ACCORDE
    return Avis(
        False,
        f"Cette fiche est celle de {fiche.maitre_ouvrage.nom}. Vous ne pouvez modifier que celles de "
        "votre structure : adressez-vous au maître d’ouvrage ou au chef de projet territorial.",
    )


def est_de_son_theme(agent: Agent, fiche: Fiche) -> Avis:
    """Whether the habilitation, when it is bounded to themes, holds that of the fiche. One query then."""
    codes = themes_de(agent, fiche.demarche.territoire_id, fiche.maitre_ouvrage_id)
    if codes is None or fiche.theme is None or fiche.theme.code in codes:
        return ACCORDE
    return Avis(
        False,
        f"Votre compte est limité à d’autres thèmes que « {fiche.theme.libelle} ». Adressez-vous au maître "
        "d’ouvrage ou au chef de projet territorial.",
    )


def peut_rediger(agent: Agent, fiche: Fiche) -> Avis:
    """Owners and territories while the fiche is in their hands; the authority until it is in the contract.

    No query when `fiche.demarche` and `fiche.maitre_ouvrage` are loaded; one when the owner has named who
    writes.
    """
    if not (avis := peut_sur_le_theme(agent, "fiche.rediger", fiche)):
        return avis
    if not (avis := _est_de_la_maison(agent, fiche)):
        return avis
    if not (avis := est_de_son_theme(agent, fiche)):
        return avis
    if not (avis := peut_tenir(agent, fiche.maitre_ouvrage, Designation.Fonction.REDACTEUR)):
        return avis
    if fiche.etat == EtatFiche.CONTRACTUALISEE.value:
        return Avis(False, "La fiche est inscrite au contrat : demandez un avenant pour la modifier.")
    if fiche.etat in MODIFIABLES or _est_autorite(agent):
        return ACCORDE
    return Avis(
        False,
        f"La fiche est « {fiche.get_etat_display()} » : demandez au chef de projet territorial de vous la "
        "renvoyer à compléter.",
    )


def peut_proposer_pour(agent: Agent, demarche: Demarche) -> set[int] | None:
    """The bodies for which the agent may open a fiche on that territory; None means all."""
    return organisations_de(agent, demarche.territoire_id)


def peut_geste(agent: Agent, fiche: Fiche, transition: Transition) -> Avis:
    """Whether the agent may make this gesture on this fiche (the state is the cycle's business)."""
    if not (avis := peut_sur(agent, transition.droit, fiche.demarche)):
        return avis
    if transition.droit == PRE_INSTRUIRE:
        return peut_sur_le_theme(agent, PRE_INSTRUIRE, fiche)
    if transition.droit != "fiche.proposer":
        return ACCORDE
    if not (avis := _est_de_la_maison(agent, fiche)):
        return avis
    return peut_tenir(agent, fiche.maitre_ouvrage, Designation.Fonction.VALIDEUR)


def peut_sur_le_theme(agent: Agent, droit: str, fiche: Fiche) -> Avis:
    """`peut_sur`, on the theme of the fiche: a fiche without theme is everybody's.

    One query (the theme) at most, and none unless one of the habilitations is bounded to themes.
    """
    avis = peut_sur(agent, droit, fiche.demarche)
    if not avis or fiche.theme_id is None or not any(h.themes for h in agent.habilitations_en_cours):
        return avis
    assert fiche.theme is not None
    return peut_sur(agent, droit, fiche.demarche, theme=fiche.theme.code)


def du_ressort(agent: Agent, droit: str) -> Q:
    """The fiches on which the agent holds `droit`: perimeter and themes, as a condition. No query."""
    condition = Q(pk__in=[])
    for habilitation in agent.habilitations_en_cours:
        definition = habilitation.definition
        if droit not in definition.droits:
            continue
        if definition.portee is Portee.TOUT:
            return Q()
        if definition.portee is Portee.AUTORITE:
            ici = Q(demarche__version_processus__processus__autorite=habilitation.autorite_id or 0)
        else:
            ici = Q(demarche__territoire=habilitation.territoire_id or 0)
        if habilitation.codes_themes:
            ici &= Q(theme__isnull=True) | Q(theme__code__in=habilitation.codes_themes)
        condition |= ici
    return condition


def gestes_ouverts(agent: Agent, fiche: Fiche) -> list[Transition]:
    """The buttons to show: gestures the cycle allows from here and the agent may make."""
    return [
        t
        for t in CYCLE_FICHE.gestes_possibles(fiche.etat)
        if t.geste not in AILLEURS and peut_geste(agent, fiche, t)
    ]


def priorites_ouvertes(agent: Agent, fiche: Fiche) -> list[str]:
    """Names of the priority fields the agent may set: the owner's, the territory's, the authority's."""
    ouvertes = []
    if peut_rediger(agent, fiche):
        ouvertes.append("priorite_maitre_ouvrage")
    if peut_sur(agent, "fiche.prioriser", fiche.demarche):
        ouvertes.append("priorite_territoire")
    if peut_sur(agent, "fiche.arbitrer", fiche.demarche):
        ouvertes.append("priorite_autorite")
    return ouvertes


def voit(agent: Agent, fiche: Fiche) -> bool:
    """What `FicheQuerySet.visibles_par` answers, for one fiche at hand. No query."""
    if fiche.etat != EtatFiche.BROUILLON.value:
        return True
    for h in agent.habilitations_en_cours:
        match h.definition.portee:
            case Portee.TOUT:
                return True
            case Portee.AUTORITE:
                ecrit = "fiche.rediger" in h.definition.droits
                if ecrit and h.autorite_id == fiche.demarche.autorite.pk:
                    return True
            case Portee.TERRITOIRE:
                if h.territoire_id == fiche.demarche.territoire_id:
                    return True
            case _:
                a_soi = h.organisation_id == fiche.maitre_ouvrage_id
                if a_soi and h.territoire_id == fiche.demarche.territoire_id:
                    return True
    return False


def peut_commenter(agent: Agent, fiche: Fiche) -> Avis:
    """Whoever works on the territory and sees the fiche."""
    return peut_sur(agent, "fiche.commenter", fiche.demarche)


def peut_refondre(agent: Agent, fiche: Fiche) -> Avis:
    """Merging, splitting: those who write it, while it is in its owner's hands."""
    if not (avis := peut_rediger(agent, fiche)):
        return avis
    if fiche.fusionnee_dans_id is not None:
        return Avis(False, "La fiche a déjà été fusionnée dans une autre.")
    if fiche.etat not in MODIFIABLES:
        return Avis(
            False,
            f"La fiche est « {fiche.get_etat_display()} » : elle ne se fusionne ni ne se découpe plus.",
        )
    return ACCORDE


def peut_deliberer(agent: Agent, fiche: Fiche) -> Avis:
    """Who notes the act of the owner's assembly: the owner at any time, and those who examine. No query."""
    if peut_sur(agent, "fiche.pre_instruire", fiche.demarche):
        return ACCORDE
    if not (avis := peut_sur(agent, "deliberation.noter", fiche.demarche)):
        return avis
    return _est_de_la_maison(agent, fiche)


def peut_rendre_avis(agent: Agent, avis_service: AvisService) -> Avis:
    """The person asked; when nobody is named, whoever gives avis there. `fiche.demarche` is loaded."""
    demarche = avis_service.fiche.demarche
    if avis_service.rendu_le is not None:
        return Avis(False, f"Cet avis a été rendu par {avis_service.rendu_par_nom}.")
    if avis_service.agent_id is not None and not agit_pour(agent, avis_service.agent_id):
        return Avis(False, "Cet avis est demandé à une autre personne.")
    avis_service.fiche.demarche = demarche
    return peut_sur_le_theme(agent, "avis.rendre", avis_service.fiche)
