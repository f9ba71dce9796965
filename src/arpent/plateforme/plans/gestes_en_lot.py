"""One gesture on several fiches: each by its own action, with its own rights; refusals are said."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction

from arpent.metier.cycles import CYCLE_FICHE, Transition
from arpent.metier.cycles.cycle import TransitionRefusee
from arpent.plateforme.acteurs.droits import Avis, peut
from arpent.plateforme.acteurs.models import Agent
from arpent.plateforme.demarches.acces import peut_sur
from arpent.plateforme.demarches.models import Demarche
from arpent.plateforme.reglements.models import Theme
from arpent.plateforme.socle.versions import ConflitDeVersion

from .actions import ActionRefusee, enregistrer_fiche, lignes_de
from .avancement import AVEC_MOTIF, faire_avancer_fiche, noter_priorites
from .choix_generaux import Mots, nommer_par_code
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


def gestes_offerts(agent: Agent, demarche: Demarche | None) -> list[tuple[str, str]]:
    """The gestures that the role of the agent allows on that plan (None: on one at least). No query.

    Each fiche answers for itself later.
    """
    droits = {geste: ts[0].droit for geste, ts in TRANSITIONS.items()}
    droits |= dict.fromkeys(REDIGES, "fiche.rediger") | {PRIORITE: "fiche.prioriser"}
    return [
        (geste, GESTES[geste])
        for geste, droit in droits.items()
        if (peut_sur(agent, droit, demarche) if demarche else peut(agent, droit))
    ]


def _processus(fiche: Fiche) -> int:
    return fiche.demarche.version_processus.processus_id


def _themes(fiches: Iterable[Fiche]) -> list[Theme]:
    themes = Theme.objects.filter(dispositif__processus__in={_processus(f) for f in fiches})
    return list(themes.select_related("dispositif").order_by("dispositif", "ordre", "pk"))


def _axes(fiches: Iterable[Fiche]) -> list[Axe]:
    axes = Axe.objects.filter(demarche__in={f.demarche_id for f in fiches})
    return list(
        axes.select_related("demarche__territoire").order_by("demarche__territoire__nom", "numero", "pk")
    )


def choix_de_valeur(fiches: Sequence[Fiche], geste: str) -> dict[str, str]:
    """The values offered for a gesture that chooses one; empty when it is typed. One query at most.

    The territory or the dispositif is said when two choices have the same words.
    """
    if geste == "theme":
        return nommer_par_code(Mots(t.code, t.libelle, t.dispositif.nom) for t in _themes(fiches))
    if geste == "axe":
        return nommer_par_code(Mots(str(a.pk), str(a), a.demarche.territoire.nom) for a in _axes(fiches))
    return {}


@dataclass(frozen=True, slots=True)
class Valeur:
    """What is written on each fiche: the same for all, or one by dispositif, or of one démarche only."""

    simple: int | None = None
    themes: Mapping[int, Theme] = field(default_factory=dict)
    axe: Axe | None = None

    def pour(self, fiche: Fiche) -> Any:
        """LotRefuse when that fiche cannot take it."""
        if self.themes:
            if theme := self.themes.get(_processus(fiche)):
                return theme
            raise LotRefuse("Ce thème n’est pas de son dispositif : choisissez-en un autre pour elle.")
        if self.axe is not None:
            if self.axe.demarche_id == fiche.demarche_id:
                return self.axe
            nom = self.axe.demarche.territoire.nom
            raise LotRefuse(f"Cet axe est celui du plan de {nom} : choisissez-en un de son territoire.")
        return self.simple


def _lire_valeur(fiches: Sequence[Fiche], demande: Demande) -> Valeur:
    """The value to write. LotRefuse when it makes no sense."""
    brut = demande.valeur.strip()
    if demande.geste == "theme":
        if themes := {t.dispositif.processus_id: t for t in _themes(fiches) if t.code == brut}:
            return Valeur(themes=themes)
        raise LotRefuse("Choisissez un thème de la liste.")
    if demande.geste == "axe":
        if axe := next((a for a in _axes(fiches) if str(a.pk) == brut), None):
            return Valeur(axe=axe)
        raise LotRefuse("Choisissez un axe de la liste.")
    bas, haut, quoi = (2000, 2100, "une année") if demande.geste == "annee" else (1, 999, "un rang")
    if not (brut.isascii() and brut.isdigit() and len(brut) < 5 and bas <= int(brut) <= haut):
        raise LotRefuse(f"Écrivez {quoi}, de {bas} à {haut}.")
    return Valeur(int(brut))


def fiches_du_lot(agent: Agent, pks: Iterable[int], demarche: Demarche | None) -> list[Fiche]:
    """The fiches one may read among those that were ticked, by territory and number. One query.

    `demarche` None: of any territory; each then comes with all that a right asks of its démarche.
    """
    fiches = Fiche.objects.visibles_par(agent).filter(pk__in=list(pks)[:LOT_MAX]).select_related(*RELATIONS)
    if demarche is None:
        avec = fiches.select_related(
            "demarche__territoire", "demarche__version_processus__processus__autorite"
        )
        avec = avec.defer("demarche__version_processus__definition")
        return list(avec.order_by("demarche__territoire__nom", "demarche", "numero"))
    lues = list(fiches.filter(demarche=demarche).order_by("numero"))
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
    agent: Agent, fiches: Sequence[Fiche], demande: Demande, versions: Mapping[int, int]
) -> list[Ligne]:
    """Makes the gesture on each fiche, each by its own action and with its own journal entry.

    One transaction for the lot: what the report says is what was written. A refusal stops none of the others.
    `versions` are those that the person saw: a fiche that changed since is refused. LotRefuse when nothing
    can be done at all (no reason where one is needed, no such value). All rows are locked first, in one
    order: two lots, or a lot and a save, wait for each other and never block.
    """
    if demande.veut_motif and not demande.motif.strip():
        raise LotRefuse(f"« {demande.libelle} » demande un motif : il sera lu par les porteurs.")
    valeur = _lire_valeur(fiches, demande) if demande.veut_valeur else None
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


def _appliquer(fiche: Fiche, demande: Demande, valeur: Valeur | None, effet: str, agent: Agent) -> Ligne:
    try:
        if valeur is None:
            faire_avancer_fiche(fiche, demande.geste, par=agent, motif=demande.motif)
            return Ligne(fiche, effet)
        voulue = valeur.pour(fiche)
        if demande.geste == PRIORITE:
            noter_priorites(fiche, {PRIORITE: voulue}, version_lue=fiche.version, par=agent)
        else:
            setattr(fiche, demande.geste, voulue)
            enregistrer_fiche(fiche, lignes_de(fiche), par=agent, version_lue=fiche.version)
    except (ActionRefusee, TransitionRefusee, ConflitDeVersion, LotRefuse) as refus:
        return Ligne(fiche, "", str(refus))
    return Ligne(fiche, f"{effet} : {voulue}")
