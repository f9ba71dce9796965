"""One gesture on several fiches: each by its own action, with its own rights; refusals are said."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction

from arpent.metier.cycles import CYCLE_FICHE, Transition
from arpent.metier.cycles.cycle import TransitionRefusee
from arpent.plateforme.acteurs.droits import Avis
from arpent.plateforme.acteurs.models import Agent
from arpent.plateforme.demarches.acces import peut_sur
from arpent.plateforme.demarches.models import Demarche
from arpent.plateforme.reglements.models import Theme
from arpent.plateforme.socle.versions import ConflitDeVersion

from .actions import ActionRefusee, enregistrer_fiche, lignes_de
from .avancement import AVEC_MOTIF, faire_avancer_fiche, noter_priorites
from .droits import AILLEURS, peut_geste, peut_rediger, priorites_ouvertes
from .filtres import ETATS
from .models import Axe, Fiche

LOT_MAX = 500
RELATIONS = ("maitre_ouvrage", "theme", "axe", "enjeu", "commune")
REDIGES = {"annee": "Fixer l’année", "axe": "Rattacher à un axe", "theme": "Choisir le thème"}
PRIORITE = "priorite_territoire"
VALEURS = REDIGES | {PRIORITE: "Fixer le rang du territoire"}
TRANSITIONS: dict[str, list[Transition]] = {}
for _t in CYCLE_FICHE.transitions:
    if _t.geste not in AILLEURS:
        TRANSITIONS.setdefault(_t.geste, []).append(_t)
GESTES = {geste: ts[0].libelle for geste, ts in TRANSITIONS.items()} | VALEURS


class LotRefuse(ValueError):
    """The gesture cannot be made on any fiche; the message is French and says what to do."""


@dataclass(frozen=True, slots=True)
class Ligne:
    """One fiche of the lot: what would become of it, or was done; `refus` says why not."""

    fiche: Fiche
    effet: str
    refus: str = ""


@dataclass(frozen=True, slots=True)
class Demande:
    """The gesture asked: its code, its value as typed, its reason."""

    geste: str
    valeur: str = ""
    motif: str = ""

    @property
    def libelle(self) -> str:
        return GESTES[self.geste]

    @property
    def veut_motif(self) -> bool:
        return self.geste in AVEC_MOTIF

    @property
    def veut_valeur(self) -> bool:
        return self.geste in VALEURS


def gestes_offerts(agent: Agent, demarche: Demarche) -> list[tuple[str, str]]:
    """The gestures that the role of the agent allows on that plan; each fiche answers for itself later."""
    droits = {geste: ts[0].droit for geste, ts in TRANSITIONS.items()}
    droits |= dict.fromkeys(REDIGES, "fiche.rediger") | {PRIORITE: "fiche.prioriser"}
    return [(geste, GESTES[geste]) for geste, droit in droits.items() if peut_sur(agent, droit, demarche)]


def choix_de_valeur(demarche: Demarche, geste: str) -> dict[str, str]:
    """The values offered for a gesture that chooses one; empty when it is typed. One query at most."""
    if geste == "theme":
        themes = Theme.objects.filter(dispositif__processus=demarche.version_processus.processus_id)
        return {str(t.pk): t.libelle for t in themes.order_by("ordre")}
    if geste == "axe":
        return {str(a.pk): str(a) for a in Axe.objects.filter(demarche=demarche).order_by("numero")}
    return {}


def _lire_valeur(demarche: Demarche, demande: Demande) -> Any:
    """The value to write. LotRefuse when it makes no sense."""
    brut = demande.valeur.strip()
    if demande.geste in {"theme", "axe"}:
        if brut not in choix_de_valeur(demarche, demande.geste):
            raise LotRefuse("Choisissez une valeur de la liste.")
        model: type[Theme] | type[Axe] = Theme if demande.geste == "theme" else Axe
        return model._default_manager.get(pk=int(brut))
    bas, haut, quoi = (2000, 2100, "une année") if demande.geste == "annee" else (1, 999, "un rang")
    if not (brut.isascii() and brut.isdigit() and len(brut) < 5 and bas <= int(brut) <= haut):
        raise LotRefuse(f"Écrivez {quoi}, de {bas} à {haut}.")
    return int(brut)


def fiches_du_lot(demarche: Demarche, agent: Agent, pks: Iterable[int]) -> list[Fiche]:
    """The fiches one may read among those that were ticked, in the order of the plan. One query."""
    fiches = Fiche.objects.visibles_par(agent).filter(demarche=demarche, pk__in=list(pks)[:LOT_MAX])
    lues = list(fiches.select_related(*RELATIONS).order_by("numero"))
    for fiche in lues:
        fiche.demarche = demarche
    return lues


def _avis(agent: Agent, fiche: Fiche, demande: Demande) -> Avis:
    if demande.geste in REDIGES:
        return peut_rediger(agent, fiche)
    if demande.geste == PRIORITE:
        ouverte = PRIORITE in priorites_ouvertes(agent, fiche)
        return Avis(ouverte, "" if ouverte else "Votre rôle ne permet pas de fixer le rang du territoire.")
    avis = Avis(False, "")
    for transition in TRANSITIONS[demande.geste]:
        avis = peut_geste(agent, fiche, transition)
        if avis:
            break
    return avis


def prevoir(agent: Agent, fiches: Sequence[Fiche], demande: Demande) -> list[Ligne]:
    """What the gesture would do to each fiche. Writes nothing."""
    lignes = []
    for fiche in fiches:
        if not (avis := _avis(agent, fiche, demande)):
            lignes.append(Ligne(fiche, "", avis.raison))
            continue
        if demande.veut_valeur:
            lignes.append(Ligne(fiche, demande.libelle))
            continue
        try:
            vers = CYCLE_FICHE.franchir(demande.geste, fiche.etat).vers
        except TransitionRefusee as refus:
            lignes.append(Ligne(fiche, "", str(refus)))
        else:
            lignes.append(Ligne(fiche, f"{fiche.get_etat_display()} → {ETATS[str(vers)]}"))
    return lignes


@transaction.atomic
def appliquer(
    demarche: Demarche,
    agent: Agent,
    fiches: Sequence[Fiche],
    demande: Demande,
    versions: Mapping[int, int],
) -> list[Ligne]:
    """Makes the gesture on each fiche, each with its journal entry: what was done and what was refused.

    `versions` are those that the person saw: a fiche that changed since is refused. LotRefuse when nothing
    can be done at all (no reason where one is needed, no such value). All rows are locked first, in one
    order: two lots, or a lot and a save, wait for each other and never block.
    """
    if demande.veut_motif and not demande.motif.strip():
        raise LotRefuse(f"« {demande.libelle} » demande un motif : il sera lu par les porteurs.")
    valeur = _lire_valeur(demarche, demande) if demande.veut_valeur else None
    verrouillees = Fiche.objects.select_for_update(of=("self",)).filter(pk__in=[f.pk for f in fiches])
    actuelles = dict(verrouillees.order_by("pk").values_list("pk", "version"))
    lignes = []
    for prevue in prevoir(agent, fiches, demande):
        fiche = prevue.fiche
        if prevue.refus:
            lignes.append(prevue)
        elif not versions.get(fiche.pk) == fiche.version == actuelles.get(fiche.pk):
            lignes.append(Ligne(fiche, "", "La fiche a changé depuis l’aperçu : relisez-la."))
        else:
            lignes.append(_appliquer(fiche, demande, valeur, prevue.effet, agent))
    return lignes


def _appliquer(fiche: Fiche, demande: Demande, valeur: Any, effet: str, agent: Agent) -> Ligne:
    try:
        if demande.geste in REDIGES:
            setattr(fiche, demande.geste, valeur)
            enregistrer_fiche(fiche, lignes_de(fiche), par=agent, version_lue=fiche.version)
        elif demande.geste == PRIORITE:
            noter_priorites(fiche, {PRIORITE: valeur}, version_lue=fiche.version, par=agent)
        else:
            faire_avancer_fiche(fiche, demande.geste, par=agent, motif=demande.motif)
    except (ActionRefusee, TransitionRefusee, ConflitDeVersion) as refus:
        return Ligne(fiche, "", str(refus))
    return Ligne(fiche, f"{effet} : {valeur}" if demande.veut_valeur else effet)
