"""What the page of a fiche shows beside the core: its other answers, its files, its talks, its kin."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Q
from django.utils.formats import date_format, localize

from arpent.metier.argent import formater_euros
from arpent.plateforme.acteurs.models import Agent
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
from .droits import peut_commenter, peut_refondre
from .lecture_fiche import Dossier
from .models import Commentaire, Fiche, LigneDepense, PieceJointe
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
    depenses: list[tuple[LigneDepense, str]]
    demarches: list[Any]
    fils: list[Fil]
    photos: list[PieceJointe]
    pieces: list[PieceJointe]
    parents: list[Fiche]
    tranches: list[Fiche]
    promotions: list[Promotion]
    manques: list[Manque]
    rempli: tuple[int, int]
    faits: list[Fait]
    champs: list[tuple[str, str]]
    commente: bool
    refond: bool

    @property
    def ouvertes(self) -> int:
        return sum(1 for f in self.fils if f.remarque.resolu_le is None)


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


def _fils(fiche: Fiche, agent: Agent, modele: ModeleFiche) -> list[Fil]:
    """The threads the agent may read, the open ones first. One query."""
    reponses: dict[int, list[Commentaire]] = defaultdict(list)
    racines = []
    remarques = Commentaire.objects.visibles_par(agent).filter(fiche=fiche, genre=Commentaire.Genre.REMARQUE)
    for c in remarques.select_related("organisation"):
        if c.reponse_a_id is None:
            racines.append(c)
        else:
            reponses[c.reponse_a_id].append(c)
    racines.sort(key=lambda c: c.resolu_le is not None)
    return [
        Fil(c, libelle(c.champ, modele) if c.champ else "toute la fiche", reponses[c.pk]) for c in racines
    ]


def lire_suite(dossier: Dossier, agent: Agent) -> Suite:
    """Six queries, rarely eight, whatever the fiche holds."""
    fiche = dossier.fiche
    modele = modele_de(fiche.demarche)
    natures = {n.code: n.libelle for n in modele.natures}
    depenses = [(d, natures.get(d.nature, d.nature)) for d in fiche.depenses.all()]
    demarches = list(fiche.demarches_financeurs.all())
    pieces = list(fiche.pieces.filter(retiree_le=None))
    famille = Fiche.objects.filter(
        Q(tranche_de=fiche) | Q(pk__in=[fiche.tranche_de_id or 0, fiche.fusionnee_dans_id or 0])
    )
    proches = list(famille.only("numero", "titre", "cout_ht", "tranche", "tranche_de", "demarche"))
    for proche in proches:
        proche.demarche = fiche.demarche
    financements = dossier.plan.financements
    photos = [p for p in pieces if p.nature == PieceJointe.Nature.PHOTO]
    joints = Joints(
        dossier.equilibre,
        politiques=len(dossier.politiques),
        depenses=len(depenses),
        financements=len(financements),
        demarches_financeurs=len(demarches),
        deliberations=sum(1 for d in dossier.deliberations if d.le),
        photos=len(photos),
    )
    return Suite(
        rubriques=_rubriques(fiche, modele),
        depenses=depenses,
        demarches=demarches,
        fils=_fils(fiche, agent, modele),
        photos=photos,
        pieces=[p for p in pieces if p.nature != PieceJointe.Nature.PHOTO],
        parents=[p for p in proches if p.tranche_de_id != fiche.pk],
        tranches=sorted((p for p in proches if p.tranche_de_id == fiche.pk), key=lambda p: p.tranche or 0),
        promotions=promotions(fiche, modele, joints),
        manques=manques(fiche, "proposer", modele=modele, joints=joints),
        rempli=completude(fiche, modele, joints),
        faits=faits(fiche, modele),
        champs=[(c.code, libelle(c.code, modele).capitalize()) for c in modele.champs],
        commente=bool(peut_commenter(agent, fiche)),
        refond=bool(peut_refondre(agent, fiche)),
    )
