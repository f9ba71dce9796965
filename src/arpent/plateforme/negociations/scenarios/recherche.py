"""From the fiches up for arbitration to a problem for the optimiser, and from its answer to a scenario."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import ROUND_CEILING, Decimal
from enum import StrEnum
from math import isfinite

from arpent.metier.argent import ZERO, formater_taux
from arpent.metier.scenarios.optimisation import (
    Candidat,
    Groupe,
    Infaisable,
    Minimum,
    Nombre,
    Objectif,
    OptimisationImpossible,
    Paiements,
    Plafond,
    Portee,
    Probleme,
    Solution,
    Sortie,
    expliquer,
    optimiser,
    pas_a_pas,
    trouver_conflit,
)
from arpent.metier.scenarios.optimisation.probleme import Contrainte
from arpent.plateforme.demarches.models import Demarche
from arpent.plateforme.plans.lot import lire_lot

from ..enveloppes import montant_des, parts_de, sommes_communales
from ..imputations import ouverts_parmi
from ..passerelle import LigneArbitrage, annees_de, en_lice_de, lignes_de
from ..sorties import scenario_ou_vierge
from .caisses import Caisses
from .plafonds import LotLu, contraintes_reglementaires

CENT = Decimal("0.01")
LIMITE_S = 5.0
"""Seconds given to one objective on a page."""


class Classement(StrEnum):
    """Whose ranking is followed."""

    TERRITOIRE = "territoire"
    AUTORITE = "autorite"
    MAITRE_OUVRAGE = "maitre_ouvrage"


@dataclass(frozen=True, slots=True)
class Demande:
    """What is asked of the optimiser. Amounts in euros.

    `modulation`: least share of an aid that is worth giving (None: the aid is given whole or not at all).
    `enveloppe` None: the one shared out to the territory; `enveloppes_locales`: with several territories,
    each also keeps within its own. `imposes`, `exclus`: numbers of fiches.
    `echeancier`: share of an aid paid each year from its commitment, for the ceilings of `paiements`.
    """

    ordre: tuple[Objectif, ...] = (Objectif.CLASSEMENT, Objectif.TRAVAUX)
    poids: Mapping[Objectif, Decimal] | None = None
    classement: Classement = Classement.TERRITOIRE
    modulation: Decimal | None = None
    enveloppe: Decimal | None = None
    par_annee: Mapping[int, Decimal] = field(default_factory=dict)
    par_theme: Mapping[str, Decimal] = field(default_factory=dict)
    paiements: Mapping[int, Decimal] = field(default_factory=dict)
    echeancier: tuple[Decimal, ...] = (Decimal("0.3"), Decimal("0.5"), Decimal("0.2"))
    minimum_par_maitre_ouvrage: int = 0
    maximum_par_maitre_ouvrage: int | None = None
    minimum_par_territoire: int = 0
    euros_par_territoire: Decimal | None = None
    enveloppes_locales: bool = True
    imposes: frozenset[int] = frozenset()
    exclus: frozenset[int] = frozenset()
    tolerance: Decimal = Decimal("0.01")
    limite_s: float = LIMITE_S


@dataclass(frozen=True, slots=True)
class Pose:
    """A problem and where its candidates come from.

    `sans_aide`: by démarche, the fiches (pk) the règlement gives nothing to, with the cause.
    """

    probleme: Probleme
    lignes: Mapping[str, LigneArbitrage]
    sans_aide: Mapping[int, Mapping[int, str]]


@dataclass(frozen=True, slots=True)
class Resultat:
    """The proposal, the second opinion (None: it missed a minimum), and why each fiche is out."""

    demarches: Sequence[Demarche]
    pose: Pose
    solution: Solution
    second_avis: Solution | None
    sorties: Mapping[str, Sortie]


def poser(demarches: Sequence[Demarche], demande: Demande, le: date) -> Pose:
    """The problem over every fiche up for arbitration of those démarches. OptimisationImpossible (French).

    Each démarche keeps its own envelope; with several, `demande.enveloppe` bounds their total. Where several
    funds pay, each has its own ceiling too: see `Caisses`.
    """
    lues: dict[str, LigneArbitrage] = {}
    candidats: list[Candidat] = []
    contraintes: list[Contrainte] = []
    sans_aide: dict[int, dict[int, str]] = {d.pk: {} for d in demarches}
    plusieurs = len(demarches) > 1
    themes: set[str] = set()
    lots: list[LotLu] = []
    caisses = Caisses(demande.enveloppes_locales or not plusieurs, plusieurs)
    for demarche in demarches:
        scenario = scenario_ou_vierge(demarche)
        lot = lire_lot(en_lice_de(scenario), le)
        parts = parts_de(demarche)
        ouverts = ouverts_parmi(parts, demarche.processus.dispositif)
        lignes = lignes_de(scenario, le, lot=lot, ouverts=ouverts)
        lots.append(LotLu(lot, ouverts, {x.fiche.pk: x.ligne.fonds for x in lignes}))
        caisses.ajouter(demarche, ouverts, lignes, saisie=not plusieurs and demande.enveloppe is not None)
        annees = annees_de(demarche, demarche.processus.dispositif)
        themes |= {x.ligne.theme for x in lignes}
        for x in lignes:
            maximum = aide_possible(x)
            if maximum <= 0:
                liant = x.plafond_liant
                cause = f" ({liant.intitule}, article {liant.article})" if liant else ""
                sans_aide[demarche.pk][x.fiche.pk] = f"Aucune aide possible{cause}."
                continue
            lues[str(x.fiche.pk)] = x
            candidats.append(_candidat(x, maximum, annees, demande, par_territoire=plusieurs))
        enveloppe = demande.enveloppe if not plusieurs else None
        enveloppe = montant_des(parts) if enveloppe is None else enveloppe
        if enveloppe is not None and (demande.enveloppes_locales or not plusieurs):
            portee = Portee(territoires=frozenset({str(demarche.pk)})) if plusieurs else Portee()
            nom = f"Enveloppe de {demarche.territoire.nom}" if plusieurs else "Enveloppe"
            contraintes.append(Plafond(f"enveloppe-{demarche.pk}", nom, enveloppe, portee))
    if plusieurs and demande.enveloppe is not None:
        contraintes.append(Plafond("enveloppe", "Enveloppe du dispositif", demande.enveloppe))
    contraintes += caisses.contraintes({c.identifiant for c in candidats})
    contraintes += _par_theme(demande, themes)
    contraintes += _contraintes(demande, candidats)
    if plusieurs:
        contraintes += _minima(demande, demarches, candidats)
    contraintes += contraintes_reglementaires(lots, candidats, None if plusieurs else demande.enveloppe)
    if not any(isinstance(k, Plafond) and k.portee.identifiants is None for k in contraintes):
        raise OptimisationImpossible(
            "Aucune enveloppe ne limite les aides : indiquez un montant, ou répartissez d’abord les fonds."
        )
    probleme = Probleme(
        tuple(candidats), tuple(contraintes), demande.ordre, demande.poids,
        tuple(_groupes(demarches, lues, par_territoire=plusieurs)), demande.tolerance,
    )  # fmt: skip
    return Pose(probleme, lues, sans_aide)


def aide_possible(x: LigneArbitrage) -> Decimal:
    """The most that may be given: what is asked, under the règlement's maximum and the cost."""
    demandee = x.fiche.aide_demandee or x.fiche.cout_ht
    bornes = [demandee, x.fiche.cout_ht] + ([] if x.maximum is None else [x.maximum])
    return max(min(bornes), ZERO)


def _rang(x: LigneArbitrage, classement: Classement) -> int | None:
    fiche = x.fiche
    match classement:
        case Classement.TERRITOIRE:
            return fiche.priorite_territoire
        case Classement.AUTORITE:
            return fiche.priorite_autorite
        case Classement.MAITRE_OUVRAGE:
            return fiche.priorite_maitre_ouvrage


def _candidat(
    x: LigneArbitrage, maximum: Decimal, annees: Sequence[int], demande: Demande, *, par_territoire: bool
) -> Candidat:
    fiche = x.fiche
    possibles = tuple(a for a in annees if fiche.annee is None or a >= fiche.annee) or (annees[-1],)
    minimum = None
    if demande.modulation is not None:
        minimum = (maximum * demande.modulation).quantize(CENT, ROUND_CEILING)
    if par_territoire:
        lieu = str(fiche.demarche_id)
    else:
        lieu = fiche.commune.code if fiche.commune else ""
    return Candidat(
        identifiant=str(fiche.pk),
        titre=f"{fiche.numero}. {fiche.titre}",
        cout=fiche.cout_ht,
        aide_max=maximum,
        aide_min=minimum,
        annees=possibles,
        rang=_rang(x, demande.classement),
        maitre_ouvrage=fiche.maitre_ouvrage.nom,
        theme=x.ligne.theme,
        territoire=lieu,
        impose=True if fiche.numero in demande.imposes else False if fiche.numero in demande.exclus else None,
    )


def _contraintes(demande: Demande, candidats: Sequence[Candidat]) -> Iterator[Contrainte]:
    for annee, montant in sorted(demande.par_annee.items()):
        yield Plafond(f"ap-{annee}", f"Engagements {annee}", montant, Portee(annees=frozenset({annee})))
    for annee, montant in sorted(demande.paiements.items()):
        yield Paiements(f"cp-{annee}", f"Paiements {annee}", annee, montant, demande.echeancier)
    bas, haut = demande.minimum_par_maitre_ouvrage, demande.maximum_par_maitre_ouvrage
    if not bas and haut is None:
        return
    for qui in sorted({c.maitre_ouvrage for c in candidats}):
        siens = sum(c.maitre_ouvrage == qui and c.impose is not False for c in candidats)
        yield Nombre(
            f"nombre-{qui}", f"Projets de {qui}", Portee(maitres_ouvrage=frozenset({qui})),
            min(bas, siens), haut,
        )  # fmt: skip


def _par_theme(demande: Demande, themes: Collection[str]) -> Iterator[Contrainte]:
    for theme, montant in sorted(demande.par_theme.items()):
        if theme not in themes:
            raise OptimisationImpossible(
                f"Aucun projet n’a pour thème « {theme} » : vérifiez son nom dans le plan."
            )
        yield Plafond(f"theme-{theme}", f"Thème {theme}", montant, Portee(themes=frozenset({theme})))


def _minima(
    demande: Demande, demarches: Sequence[Demarche], candidats: Sequence[Candidat]
) -> Iterator[Contrainte]:
    """What each territory has at least; one with less to give has all of it."""
    for demarche in demarches:
        lieu, nom = str(demarche.pk), demarche.territoire.nom
        portee = Portee(territoires=frozenset({lieu}))
        siens = [c.aide_max for c in candidats if c.territoire == lieu and c.impose is not False]
        if demande.minimum_par_territoire:
            combien = min(demande.minimum_par_territoire, len(siens))
            yield Nombre(f"nombre-territoire-{lieu}", f"Projets de {nom}", portee, combien)
        if demande.euros_par_territoire:
            euros = min(demande.euros_par_territoire, sum(siens, ZERO))
            yield Minimum(f"euros-territoire-{lieu}", f"Aides de {nom}", euros, portee)


def _groupes(
    demarches: Sequence[Demarche], lignes: Mapping[str, LigneArbitrage], *, par_territoire: bool
) -> Iterator[Groupe]:
    if par_territoire:
        sommes = sommes_communales(demarches)
        for demarche in demarches:
            population = sommes.get(demarche.territoire_id, {}).get("population")
            yield Groupe(str(demarche.pk), int(population or 0))
        return
    communes = {x.fiche.commune.code: x.fiche.commune for x in lignes.values() if x.fiche.commune}
    for code, commune in sorted(communes.items()):
        yield Groupe(code, commune.population or 0)


def chercher(demarches: Sequence[Demarche], demande: Demande, le: date) -> Resultat:
    """Asks the optimiser. OptimisationImpossible with a French message that names the conflict, if any."""
    pose = poser(demarches, demande, le)
    try:
        solution = optimiser(pose.probleme, limite_s=demande.limite_s)
    except Infaisable as refus:
        conflit = trouver_conflit(pose.probleme, limite_s=demande.limite_s)
        raise OptimisationImpossible(conflit.texte if conflit else str(refus)) from refus
    return Resultat(
        demarches, pose, solution, pas_a_pas(pose.probleme), expliquer(pose.probleme, solution.choix)
    )


def resume(resultat: Resultat) -> str:
    """How far the proposal is proven, in one sentence."""
    if not isfinite(resultat.solution.ecart):
        return "Le temps a manqué pour prouver jusqu’où un autre choix ferait mieux."
    ecart = Decimal(str(round(resultat.solution.ecart, 6))).quantize(Decimal("0.0001"), ROUND_CEILING)
    if ecart == 0:
        return "Aucun autre choix ne fait mieux : c’est prouvé."
    return f"Aucun autre choix ne ferait mieux de plus de {formater_taux(ecart, 2)} : c’est prouvé."
