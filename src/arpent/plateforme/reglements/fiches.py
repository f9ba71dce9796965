"""The fiche of a dispositif as data: its groups of fields, what is required when, its own lists.

The common fiche is `dispositifs/fiche.yaml`, whose head tells the format; the block `fiche` of a dispositif
changes it key by key. Nothing here knows a database: the room of the plans ties it to its models.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from arpent import dispositifs
from arpent.metier.reglement.lecteur import Lecteur, ReglementInvalide

COMMUNE = Path(dispositifs.__file__).parent / "fiche.yaml"
ETAPES = {
    "proposer": "proposer la fiche",
    "pre_instruire": "clore la pré-instruction",
    "retenir": "retenir le projet",
    "contractualiser": "l’inscrire au contrat",
}
CONDITIONS = {
    "depenses": "au moins une ligne de dépense",
    "financements": "au moins une ligne au plan de financement",
    "plan_equilibre": "un plan de financement équilibré",
    "calendrier": "les dates de début et de fin",
    "deliberation": "la délibération du maître d’ouvrage",
    "point": "le lieu du projet sur la carte",
    "photo": "une photo",
}
GENRES = ("texte", "texte_long", "nombre", "oui_non", "choix", "choix_multiple", "date")
_PREFIXE = "complements__"
TOUJOURS = frozenset({"titre", "maitre_ouvrage", "cout_ht"})
"""Fields without which there is no fiche."""


@dataclass(frozen=True, slots=True)
class Choix:
    """A code and its words."""

    code: str
    libelle: str


@dataclass(frozen=True, slots=True)
class Nature:
    """A kind of expense; `eligible` is what the box of a new line proposes."""

    code: str
    libelle: str
    eligible: bool


@dataclass(frozen=True, slots=True)
class ChampFiche:
    """A field as the dispositif shows it. `genre`: its own fields only; `exige`: a code of ETAPES, or ""."""

    code: str
    libelle: str = ""
    aide: str = ""
    exige: str = ""
    genre: str = ""
    choix: tuple[Choix, ...] = ()


@dataclass(frozen=True, slots=True)
class Groupe:
    code: str
    libelle: str
    aide: str
    ouvert: bool
    champs: tuple[ChampFiche, ...]


@dataclass(frozen=True, slots=True)
class Maturite:
    """What a class of maturity means, and what must be filled to be in it."""

    code: str
    definition: str
    source: str
    exige: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Cadre:
    """The strategic framework of the authority; no axis: the authority has not typed them in."""

    libelle: str
    source: str
    axes: tuple[Choix, ...]


@dataclass(frozen=True, slots=True)
class ModeleFiche:
    groupes: tuple[Groupe, ...]
    conditions: Mapping[str, str]
    natures: tuple[Nature, ...]
    categories: tuple[Choix, ...]
    criteres: tuple[Choix, ...]
    unites: tuple[Choix, ...]
    contrats: tuple[Choix, ...]
    competences: tuple[Choix, ...]
    cadre: Cadre
    maturites: tuple[Maturite, ...]
    competences_banatic: Mapping[str, tuple[str, ...]]

    @property
    def champs(self) -> tuple[ChampFiche, ...]:
        return tuple(champ for groupe in self.groupes for champ in groupe.champs)

    @property
    def complements(self) -> tuple[ChampFiche, ...]:
        """The fields of the dispositif itself."""
        return tuple(champ for champ in self.champs if champ.genre)


@cache
def _commune() -> dict[str, Any]:
    lue: dict[str, Any] = yaml.load(COMMUNE.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
    return lue


def lire_modele_fiche(bloc: Mapping[str, Any], lieu: str = "fiche") -> ModeleFiche:
    """The common fiche changed by `bloc` (empty: as it is). Raises ReglementInvalide, which names the key."""
    commune = _commune()
    # « pieces » belongs to the documents: the list of what is expected with the fiche.
    if inconnues := sorted(set(bloc) - set(commune) - {"pieces", "source"}):
        raise ReglementInvalide(f"{lieu} : la clé « {inconnues[0]} » est inconnue.")
    lecteur = Lecteur(dict(commune) | dict(bloc), lieu)
    changes = _completer(Lecteur(bloc, lieu), "champs")
    complements: dict[str, list[ChampFiche]] = {}
    for champ, groupe in map(_complement, _blocs(lecteur, "complements")):
        complements.setdefault(groupe, []).append(champ)
    groupes = tuple(_groupe(b, changes, complements) for b in _blocs(lecteur, "groupes"))
    modele = ModeleFiche(
        groupes=groupes,
        conditions=_conditions(_completer(Lecteur(bloc, lieu), "conditions"), lecteur),
        natures=tuple(_nature(b) for b in _blocs(lecteur, "natures")),
        categories=_choix(lecteur, "categories"),
        criteres=_choix(lecteur, "criteres"),
        unites=_choix(lecteur, "unites"),
        contrats=_choix(lecteur, "contrats"),
        competences=_choix(lecteur, "competences"),
        cadre=_cadre(Lecteur(lecteur.table("cadre"), f"{lieu}, cadre")),
        maturites=_maturites(_completer(Lecteur(bloc, lieu), "maturites"), lecteur),
        competences_banatic={
            t: tuple(map(str, codes)) for t, codes in lecteur.table("competences_banatic").items()
        },
    )
    _verifier(modele, lecteur, changes, complements)
    return modele


def champs_communs() -> frozenset[str]:
    """Names of the fields that the common fiche shows."""
    return frozenset(nom for groupe in _commune()["groupes"] for nom in groupe["champs"])


def _completer(lecteur: Lecteur, cle: str) -> dict[str, Any]:
    """The common mapping, each entry completed by the dispositif's."""
    communs, propres = dict(_commune()[cle]), lecteur.table(cle)
    for nom, valeur in propres.items():
        ancien = communs.get(nom)
        communs[nom] = (
            {**ancien, **valeur} if isinstance(ancien, dict) and isinstance(valeur, dict) else valeur
        )
    return communs


def _blocs(lecteur: Lecteur, cle: str) -> list[Lecteur]:
    return lecteur.blocs(cle) if lecteur.brut(cle) else []


def _choix(lecteur: Lecteur, cle: str) -> tuple[Choix, ...]:
    lus = tuple(Choix(b.texte("code"), b.texte("libelle")) for b in _blocs(lecteur, cle))
    if len({c.code for c in lus}) < len(lus):
        raise lecteur.refus(f"un code est donné deux fois dans « {cle} ».")
    return lus


def _nature(bloc: Lecteur) -> Nature:
    return Nature(bloc.texte("code"), bloc.texte("libelle"), bloc.booleen("eligible"))


def _cadre(bloc: Lecteur) -> Cadre:
    return Cadre(str(bloc.brut("libelle") or ""), str(bloc.brut("source") or ""), _choix(bloc, "axes"))


def _etape(lecteur: Lecteur, valeur: Any) -> str:
    if valeur is None:
        return ""
    if valeur not in ETAPES:
        raise lecteur.refus(f"l’étape « {valeur} » est inconnue. Connues : {', '.join(ETAPES)}.")
    return str(valeur)


def _complement(bloc: Lecteur) -> tuple[ChampFiche, str]:
    genre = bloc.texte("genre")
    if genre not in GENRES:
        raise bloc.refus(f"le genre « {genre} » est inconnu. Connus : {', '.join(GENRES)}.")
    choix = _choix(bloc, "choix")
    if genre.startswith("choix") and not choix:
        raise bloc.refus("un champ à choix a besoin de sa liste « choix ».")
    champ = ChampFiche(
        _PREFIXE + bloc.texte("code").replace("-", "_"),
        bloc.texte("libelle"),
        bloc.texte("aide", ""),
        _etape(bloc, bloc.brut("exige")),
        genre,
        choix,
    )
    groupe = bloc.texte("groupe")
    bloc.finir()
    return champ, groupe


def _groupe(bloc: Lecteur, changes: Mapping[str, Any], complements: Mapping[str, list[ChampFiche]]) -> Groupe:
    code, noms = bloc.texte("code"), bloc.textes("champs", facultatif=True)
    champs = [_champ(nom, changes.get(nom) or {}, bloc) for nom in noms]
    groupe = Groupe(
        code,
        bloc.texte("libelle"),
        bloc.texte("aide", ""),
        bool(bloc.brut("ouvert")),
        tuple(c for c in champs if c) + tuple(complements.get(code, ())),
    )
    bloc.finir()
    return groupe


def _champ(nom: str, change: Mapping[str, Any], bloc: Lecteur) -> ChampFiche | None:
    lecteur = Lecteur(change, f"{bloc.lieu}, champ {nom}")
    champ = ChampFiche(
        nom, lecteur.texte("libelle", ""), lecteur.texte("aide", ""), _etape(lecteur, lecteur.brut("exige"))
    )
    affiche = lecteur.brut("affiche")
    lecteur.finir()
    if affiche is not False:
        return champ
    if nom in TOUJOURS:
        raise lecteur.refus("ce champ ne peut pas être retiré : une fiche n’existe pas sans lui.")
    return None


def _conditions(conditions: Mapping[str, Any], lecteur: Lecteur) -> dict[str, str]:
    for code in conditions:
        if code not in CONDITIONS:
            raise lecteur.refus(f"la condition « {code} » est inconnue. Connues : {', '.join(CONDITIONS)}.")
    return {code: etape for code, v in conditions.items() if (etape := _etape(lecteur, v))}


def _maturites(brutes: Mapping[str, Any], lecteur: Lecteur) -> tuple[Maturite, ...]:
    lues = []
    for code, valeur in brutes.items():
        bloc = Lecteur(valeur, f"{lecteur.lieu}, maturité {code}")
        exige = bloc.textes("exige", facultatif=True) if bloc.brut("exige") else ()
        lues.append(Maturite(code, bloc.texte("definition"), bloc.texte("source", ""), exige))
        bloc.finir()
    return tuple(lues)


def _verifier(
    modele: ModeleFiche,
    lecteur: Lecteur,
    changes: Mapping[str, Any],
    complements: Mapping[str, list[ChampFiche]],
) -> None:
    """Every name said somewhere exists, and every required field is shown."""
    communs = champs_communs()
    codes = [c.code for c in modele.champs]
    for nom in (c.code for c in modele.champs if not c.genre):
        if nom not in communs:
            raise lecteur.refus(f"le champ « {nom} » n’existe pas sur une fiche.")
    for nom in changes:
        if nom not in communs:
            raise lecteur.refus(f"le champ « {nom} » n’existe pas sur une fiche.")
    if len(set(codes)) < len(codes):
        raise lecteur.refus("un champ est placé dans deux groupes.")
    if absents := sorted(TOUJOURS - set(codes)):
        raise lecteur.refus(
            f"le champ « {absents[0]} » doit être dans un groupe : une fiche n’existe pas sans lui."
        )
    if perdus := sorted(set(complements) - {g.code for g in modele.groupes}):
        raise lecteur.refus(f"un champ propre est rangé dans le groupe « {perdus[0]} », qui n’existe pas.")
    for maturite in modele.maturites:
        if inconnus := sorted(set(maturite.exige) - set(codes) - set(CONDITIONS)):
            raise lecteur.refus(f"la maturité « {maturite.code} » exige « {inconnus[0]} », qui n’existe pas.")
