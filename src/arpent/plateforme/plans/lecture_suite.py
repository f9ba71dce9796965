"""What the page of a fiche shows beside the core: its other answers, its files, what it lacks, its talks."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

from django.db.models import QuerySet
from django.utils.formats import date_format, localize

from arpent.metier.argent import formater_euros
from arpent.plateforme.acteurs.models import Agent
from arpent.plateforme.demarches.models import Demarche
from arpent.plateforme.reglements.fiches import ModeleFiche

from .champs import (
    COMPLEMENTS,
    Joints,
    Manque,
    Promotion,
    completude,
    libelle,
    manques,
    modele_de,
    promotions,
)
from .connu import ZONAGES, Fait, faits
from .droits import peut_refondre
from .lecture_fiche import Depense, Dossier
from .models import Commentaire, Fiche, PieceJointe
from .quantites import quantites_lisibles

_DEJA_DITS = frozenset(
    {"titre", "description", "maitre_ouvrage", "commune", "theme", "politiques", "maturite", "cout_ht",
     "nature_depense", "debut_le", "fin_le", "annee", "cout_ttc", "assiette", "aide_demandee", "axe", "enjeu",
     "depenses", "financements", "demarches_financeurs", "latitude", "longitude"}
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Fil:
    """A remark and its answers."""

    remarque: Commentaire
    sur: str
    reponses: list[Commentaire] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Rubrique:
    """A group of answers of the fiche."""

    libelle: str
    reponses: list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Suite:
    rubriques: list[Rubrique]
    depenses: list[tuple[Depense, str]]
    photos: list[PieceJointe]
    pieces: list[PieceJointe]
    promotions: list[Promotion]
    manques: list[Manque]
    rempli: tuple[int, int]
    faits: list[Fait]
    refond: bool


def _valeur(fiche: Fiche, nom: str, modele: ModeleFiche) -> str:
    listes = {
        "zonages": ZONAGES,
        "contrats_lies": {c.code: c.libelle for c in modele.contrats},
        "criteres": {c.code: c.libelle for c in modele.criteres},
        "cadre_strategique": {c.code: c.libelle for c in modele.cadre.axes},
        "categorie": {c.code: c.libelle for c in modele.categories},
        "competence": {c.code: c.libelle for c in modele.competences},
    }
    if nom == "quantites":
        return " ; ".join(quantites_lisibles(fiche, modele))
    if nom.startswith(COMPLEMENTS):
        champ = next(c for c in modele.complements if c.code == nom)
        valeur = fiche.complements.get(nom.removeprefix(COMPLEMENTS))
        listes[nom] = {c.code: c.libelle for c in champ.choix}
    else:
        valeur = getattr(fiche, nom)
    if valeur in (None, "", [], {}):
        return ""
    if nom in listes:
        codes = valeur if isinstance(valeur, list) else [valeur]
        return " ; ".join(listes[nom].get(str(c), str(c)) for c in codes)
    return _ecrite(fiche, nom, valeur)


def _ecrite(fiche: Fiche, nom: str, valeur: Any) -> str:
    affiche = getattr(fiche, f"get_{nom}_display", None)
    if affiche is not None:
        return str(affiche())
    if hasattr(valeur, "isoformat"):
        return date_format(valeur, "j F Y")
    if nom == "recettes":
        return formater_euros(valeur)
    return str(valeur) if hasattr(valeur, "pk") else str(localize(valeur))


def _rubriques(fiche: Fiche, modele: ModeleFiche) -> list[Rubrique]:
    """The answers that the core of the page does not print yet, group by group; blanks are left out."""
    lues = []
    for groupe in modele.groupes:
        reponses = [
            (libelle(c.code, modele), valeur)
            for c in groupe.champs
            if c.code not in _DEJA_DITS and (valeur := _valeur(fiche, c.code, modele))
        ]
        if reponses:
            lues.append(Rubrique(groupe.libelle, reponses))
    return lues


def remarques_de(fiche: Fiche, agent: Agent) -> QuerySet[Commentaire]:
    """The remarks and answers that the agent may read, corrections asked aside. No query yet."""
    return Commentaire.objects.visibles_par(agent).filter(fiche=fiche, genre=Commentaire.Genre.REMARQUE)


def lire_fils(fiche: Fiche, agent: Agent, *, champ: str = "") -> list[Fil]:
    """The threads the agent may read, the open ones first; those on one field when `champ`. Two queries."""
    modele = modele_de(fiche.demarche)
    reponses: dict[int, list[Commentaire]] = defaultdict(list)
    racines = []
    remarques = remarques_de(fiche, agent).select_related("organisation").prefetch_related("mentions")
    for c in remarques.filter(champ=champ) if champ else remarques:
        if c.reponse_a_id is None:
            racines.append(c)
        else:
            reponses[c.reponse_a_id].append(c)
    racines.sort(key=lambda c: c.resolu_le is not None)
    return [
        Fil(c, libelle(c.champ, modele) if c.champ else "toute la fiche", reponses[c.pk]) for c in racines
    ]


def champs_commentables(demarche: Demarche) -> list[tuple[str, str]]:
    """The fields a remark may be about, with their names."""
    modele = modele_de(demarche)
    return [(c.code, libelle(c.code, modele).capitalize()) for c in modele.champs]


def lire_suite(dossier: Dossier, agent: Agent) -> Suite:
    """One query, whatever the fiche holds."""
    fiche = dossier.fiche
    modele = modele_de(fiche.demarche)
    natures = {n.code: n.libelle for n in modele.natures}
    depenses = [(d, natures.get(d.nature, d.nature)) for d in dossier.depenses]
    pieces = list(fiche.pieces.filter(retiree_le=None))
    financements = dossier.plan.financements
    photos = [p for p in pieces if p.nature == PieceJointe.Nature.PHOTO]
    joints = Joints(
        dossier.equilibre,
        politiques=len(dossier.politiques),
        depenses=len(depenses),
        financements=len(financements),
        demarches_financeurs=dossier.demarches,
        deliberations=sum(1 for d in dossier.deliberations if d.le),
        photos=len(photos),
    )
    return Suite(
        rubriques=_rubriques(fiche, modele),
        depenses=depenses,
        photos=photos,
        pieces=[p for p in pieces if p.nature != PieceJointe.Nature.PHOTO],
        promotions=promotions(fiche, modele, joints),
        manques=manques(fiche, "proposer", modele=modele, joints=joints),
        rempli=completude(fiche, modele, joints),
        faits=faits(fiche, modele),
        refond=bool(peut_refondre(agent, fiche)),
    )
