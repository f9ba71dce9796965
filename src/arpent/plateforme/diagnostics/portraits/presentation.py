"""The portrait written for the reader: rows of the tables, sentences of the indicator page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from urllib.parse import urlencode

from arpent.extraits import lecture as extraits
from arpent.plateforme.observatoire.catalogue import Croissance, Indicateur, Publie, catalogue
from arpent.plateforme.observatoire.jumeaux import Jumeau
from arpent.plateforme.observatoire.portrait import Famille, LignePortrait, libelle_densite

from .. import phrases
from ..lecture import Lecture, nom_de_la_region, nom_du_departement, noms_des_epci
from . import carte
from .dessins import Dessin, dessiner


@dataclass(frozen=True, slots=True)
class LignePage:
    """One indicator, written for the reader."""

    code: str
    libelle: str
    valeur: str
    absente: bool
    evolution: str
    departement: str
    jumeaux: str
    france: str
    rang: str
    note: str
    source: str


@dataclass(frozen=True, slots=True)
class FamillePage:
    code: str
    libelle: str
    resume: str
    lignes: tuple[LignePage, ...]
    positions: Dessin | None = None
    evolutions: Dessin | None = None

    @property
    def connues(self) -> int:
        return sum(not x.absente for x in self.lignes)


def _dit(valeur: float | None, quoi: Indicateur) -> str:
    return "" if valeur is None else phrases.ecrire(valeur, quoi)


def _valeur(x: LignePortrait) -> str:
    if x.valeur.valeur is None and x.valeur.secret:
        return "secret statistique"
    return phrases.ecrire(x.valeur.valeur, x.indicateur)


def _ligne(x: LignePortrait) -> LignePage:
    quoi = x.indicateur
    return LignePage(
        code=quoi.code,
        libelle=quoi.libelle,
        valeur=_valeur(x),
        absente=x.valeur.valeur is None,
        evolution=x.valeur.evolution_libelle,
        departement=_dit(x.departement, quoi),
        jumeaux=_dit(x.jumeaux, quoi),
        france=_dit(x.france, quoi),
        rang=phrases.rang(x.rang),
        note=x.valeur.note,
        source=f"{quoi.source}, {x.valeur.millesime}",
    )


def famille_presentee(lecture: Lecture, famille: Famille, *, dessins: bool) -> FamillePage:
    return FamillePage(
        famille.code,
        famille.libelle,
        phrases.resume_famille(famille.lignes),
        tuple(_ligne(x) for x in famille.lignes),
        dessiner(lecture, f"famille-{famille.code}") if dessins else None,
        dessiner(lecture, f"evolutions-{famille.code}") if dessins else None,
    )


def familles_presentees(lecture: Lecture, depliees: Sequence[str]) -> list[FamillePage]:
    """All the families; only those unfolded carry their charts, the others say their finding."""
    return [famille_presentee(lecture, f, dessins=f.code in depliees) for f in lecture.familles]


def suite_des_pairs(lecture: Lecture) -> str:
    """The query string that keeps the EPCI picked by the reader; empty for the twins."""
    return "?" + urlencode({"pairs": lecture.pairs}, doseq=True) if lecture.choisis else ""


def reperes(lecture: Lecture, x: LignePortrait) -> list[tuple[str, str]]:
    """What the value is compared with: names and values known."""
    lues = (
        ("Médiane des territoires choisis" if lecture.choisis else "Médiane des jumeaux", x.jumeaux),
        (nom_du_departement(lecture.departement), x.departement),
        (nom_de_la_region(lecture.departement), x.region),
        ("France", x.france),
    )
    return [(nom, phrases.ecrire(v, x.indicateur)) for nom, v in lues if v is not None]


def rangs_dits(lecture: Lecture, x: LignePortrait) -> list[tuple[str, str]]:
    """The rank among each kind of peers, 1 being the highest value."""
    densite = libelle_densite(lecture.magasin, lecture.perimetre.epci)
    lus = (
        (f"des intercommunalités de {nom_du_departement(lecture.departement)}", x.rang),
        (f"des intercommunalités {densite} connues" if densite else "", x.rang_densite),
        ("avec les territoires comparés", x.rang_jumeaux),
    )
    return [(phrases.rang(rang), ou) for ou, rang in lus if rang and ou]


def formule(quoi: Indicateur) -> str:
    """How it is computed, in plain words."""
    regle = quoi.calcul
    if isinstance(regle, Publie):
        texte = "Valeur publiée pour chaque intercommunalité."
        if regle.base is None:
            return f"{texte} Elle ne se recompose pas : une médiane ou un indice ne se moyenne jamais."
        exacte = "son dénominateur" if regle.base_exacte else "un dénominateur voisin"
        return f"{texte} Plusieurs intercommunalités : recomposée avec {exacte}."
    if isinstance(regle, Croissance):
        return f"Croissance annuelle moyenne sur {regle.annees} ans, les communes du périmètre additionnées."
    if regle.denominateur is None:
        return "Somme sur les communes du périmètre."
    return (
        "Numérateur et dénominateur sont additionnés sur les communes du périmètre, puis divisés : "
        "rien n’est moyenné."
    )


def colonnes_dites(quoi: Indicateur) -> list[tuple[str, str, str]]:
    """(part in the formula, column, its meaning as the provenance of the extracts tells it)."""
    regle = quoi.calcul
    if isinstance(regle, Publie):
        noms = [("Valeur publiée", regle.colonne), ("Dénominateur", regle.base)]
    elif isinstance(regle, Croissance):
        noms = [("Au début", regle.debut), ("À la fin", regle.fin)]
    else:
        noms = [("Numérateur", regle.numerateur), ("Dénominateur", regle.denominateur)]
    return [(role, nom, _sens(nom)) for role, nom in noms if nom]


def _sens(nom: str) -> str:
    recette = catalogue().derivees.get(nom)
    if recette is None:
        return _sens_publies().get(nom, "")
    parts = [_sens_publies().get(str(v), str(v)) for v in recette.values()]
    return f"calculé à partir de : {' ; '.join(parts)}"


@cache
def _sens_publies() -> dict[str, str]:
    tables = extraits.manifeste()["tables"].values()
    dits = {nom: c.get("sens", "") for t in tables for nom, c in t["colonnes"].items()}
    lus = extraits.lignes("france/indicateurs_dictionnaire")
    return {x["colonne"]: x["libelle"] for x in lus} | {nom: sens for nom, sens in dits.items() if sens}


def communes_presentees(lecture: Lecture, quoi: Indicateur, ici: carte.Fond) -> list[tuple[str, str]]:
    """The value of each commune by name; empty when none has one."""
    valeurs = carte.par_commune(lecture.magasin, quoi, lecture.perimetre.communes)
    if all(v is None for v in valeurs.values()):
        return []
    return sorted((ici.noms.get(c, c), phrases.ecrire(v, quoi)) for c, v in valeurs.items())


@dataclass(frozen=True, slots=True)
class JumeauPage:
    siren: str
    nom: str
    distance: float
    couverture: float
    rapprochent: str
    eloignent: str
    choisi: bool


def jumeaux_presentes(lecture: Lecture, proches: Sequence[Jumeau]) -> list[JumeauPage]:
    noms = noms_des_epci()
    return [
        JumeauPage(
            j.siren,
            noms.get(j.siren, j.siren),
            j.distance,
            j.couverture,
            ", ".join(j.rapprochent).lower(),
            ", ".join(j.eloignent).lower(),
            j.siren in lecture.pairs,
        )
        for j in proches
    ]
