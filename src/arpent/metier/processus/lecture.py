"""From JSON or YAML to a Definition, and back. Every fault is gathered, each names its place."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, TypeVar

from .conditions import CATALOGUE
from .modele import (
    COMPOSITIONS,
    ECHELLES,
    FREQUENCES,
    LIEUX,
    Condition,
    Definition,
    Echelle,
    EtapeModele,
    Frequence,
    Phase,
    TypeReunion,
)

CODE = re.compile(r"[a-z0-9]+(?:[-_][a-z0-9]+)*")
CODE_MAX, LIBELLE_MAX, PHASE_MAX = 40, 200, 150
MOIS_MAX, JOURS_MAX, PAR_AN_MAX, MINUTES_MAX, FICHES_MAX = 60, 3660, 100, 1440, 1000
ETAPES_MAX = 100
E = TypeVar("E", bound=StrEnum)


class ProcessusInvalide(ValueError):
    """The process cannot be read. `fautes`: French sentences, each opening with its place."""

    def __init__(self, fautes: tuple[str, ...]) -> None:
        super().__init__(" ".join(fautes))
        self.fautes = fautes


@dataclass(slots=True)
class _Cahier:
    """Where the faults are written down."""

    fautes: list[str] = field(default_factory=list)

    def noter(self, lieu: str, message: str) -> None:
        self.fautes.append(f"{lieu[:1].upper()}{lieu[1:]}\u00a0: {message}")


@dataclass(frozen=True, slots=True)
class _Bloc:
    """One mapping being read; a wrong value is noted and a harmless one is returned."""

    donnees: Mapping[str, Any]
    lieu: str
    cahier: _Cahier

    def noter(self, message: str) -> None:
        self.cahier.noter(self.lieu, message)

    def texte(self, cle: str, maximum: int, *, requis: bool = False) -> str:
        valeur = self.donnees.get(cle)
        if valeur is None or valeur == "":
            if requis:
                self.noter(f"la clé «\u00a0{cle}\u00a0» manque.")
            return ""
        if not isinstance(valeur, str) or not valeur.strip():
            self.noter(f"la clé «\u00a0{cle}\u00a0» doit être un texte.")
            return ""
        if len(valeur.strip()) > maximum:
            self.noter(f"la clé «\u00a0{cle}\u00a0» dépasse {maximum} caractères.")
        return valeur.strip()

    def code(self) -> str:
        valeur = self.texte("code", CODE_MAX, requis=True)
        if valeur and not CODE.fullmatch(valeur):
            self.noter(
                f"le code «\u00a0{valeur}\u00a0» s’écrit en minuscules sans accent, chiffres et tirets."
            )
        return valeur

    def entier(self, cle: str, maximum: int, *, minimum: int = 1) -> int | None:
        valeur = self.donnees.get(cle)
        if valeur is None:
            return None
        if not isinstance(valeur, int) or isinstance(valeur, bool) or not minimum <= valeur <= maximum:
            self.noter(f"la clé «\u00a0{cle}\u00a0» doit être un nombre entier entre {minimum} et {maximum}.")
            return None
        return valeur

    def oui(self, cle: str) -> bool:
        valeur = self.donnees.get(cle)
        if valeur is not None and not isinstance(valeur, bool):
            self.noter(f"la clé «\u00a0{cle}\u00a0» doit être «\u00a0true\u00a0» ou «\u00a0false\u00a0».")
        return valeur is True

    def textes(self, cle: str, maximum: int) -> tuple[str, ...]:
        valeur = self.donnees.get(cle)
        if valeur is None:
            return ()
        if not isinstance(valeur, list) or not all(isinstance(v, str) and v.strip() for v in valeur):
            self.noter(f"la clé «\u00a0{cle}\u00a0» doit être une liste de textes.")
            return ()
        if any(len(v) > maximum for v in valeur):
            self.noter(f"un texte de «\u00a0{cle}\u00a0» dépasse {maximum} caractères.")
        return tuple(v.strip() for v in valeur)

    def parmi(self, cle: str, connus: Mapping[str, str], *, requis: bool = False) -> str:
        valeur = self.texte(cle, 60, requis=requis)
        if valeur and valeur not in connus:
            self.noter(
                f"«\u00a0{valeur}\u00a0» n’est pas une valeur de «\u00a0{cle}\u00a0». Connues\u00a0: "
                f"{', '.join(connus)}."
            )
            return ""
        return valeur

    def blocs(self, cle: str, nom: str) -> list["_Bloc"]:
        valeur = self.donnees.get(cle)
        if valeur is None:
            return []
        if not isinstance(valeur, list):
            self.noter(f"la clé «\u00a0{cle}\u00a0» doit être une liste.")
            return []
        blocs = []
        for rang, bloc in enumerate(valeur, 1):
            if isinstance(bloc, Mapping):
                code = bloc.get("code")
                qui = f"«\u00a0{code}\u00a0»" if isinstance(code, str) and code else f"n°\u00a0{rang}"
                lieu = f"{nom} {qui}" if self.lieu == "processus" else f"{self.lieu}, {nom} {qui}"
                blocs.append(_Bloc(bloc, lieu, self.cahier))
            else:
                self.noter(f"la ligne {rang} de «\u00a0{cle}\u00a0» doit être un bloc de clés et de valeurs.")
        return blocs

    def finir(self, *connues: str) -> None:
        """A misspelt key must not be silently ignored."""
        for cle in self.donnees:
            if cle not in connues:
                self.noter(f"clé inconnue «\u00a0{cle}\u00a0». Attendues\u00a0: {', '.join(connues)}.")


def lire_definition(donnees: object) -> Definition:
    """The process. Raises ProcessusInvalide with every fault found.

    The keys that an earlier version of the platform did not have (durations, meetings, conditions…) may be
    absent: a démarche born then is still read.
    """
    cahier = _Cahier()
    if not isinstance(donnees, Mapping):
        raise ProcessusInvalide(("Le processus doit être une table de clés et de valeurs.",))
    tete = _Bloc(donnees, "processus", cahier)
    tete.finir("slug", "nom", "version", "note", "phases", "reunions")
    reunions = tuple(_reunion(bloc) for bloc in tete.blocs("reunions", "réunion"))
    phases = tuple(_phase(bloc) for bloc in tete.blocs("phases", "phase"))
    definition = Definition(phases, reunions)
    _ensemble(definition, tete, "reunions" in donnees)
    if cahier.fautes:
        raise ProcessusInvalide(tuple(cahier.fautes))
    return definition


def _enum(genre: type[E], valeur: str, defaut: E) -> E:
    return genre(valeur) if valeur else defaut


def _reunion(bloc: _Bloc) -> TypeReunion:
    bloc.finir(
        "code", "libelle", "echelle", "composition", "frequence", "par_an", "villes", "duree_minutes",
        "ordre_du_jour",
    )  # fmt: skip
    composition = bloc.textes("composition", CODE_MAX)
    for membre in composition:
        if membre not in COMPOSITIONS:
            bloc.noter(
                f"«\u00a0{membre}\u00a0» n’est pas une composition. Connues\u00a0: {', '.join(COMPOSITIONS)}."
            )
    return TypeReunion(
        code=bloc.code(),
        libelle=bloc.texte("libelle", LIBELLE_MAX, requis=True),
        echelle=_enum(Echelle, bloc.parmi("echelle", ECHELLES, requis=True), Echelle.TERRITOIRE),
        composition=composition,
        frequence=_enum(Frequence, bloc.parmi("frequence", FREQUENCES, requis=True), Frequence.UNE_FOIS),
        par_an=bloc.entier("par_an", PAR_AN_MAX),
        villes=bloc.textes("villes", LIBELLE_MAX),
        duree_minutes=bloc.entier("duree_minutes", MINUTES_MAX) or 120,
        ordre_du_jour=bloc.textes("ordre_du_jour", LIBELLE_MAX),
    )


def _phase(bloc: _Bloc) -> Phase:
    bloc.finir("code", "libelle", "etapes")
    return Phase(
        bloc.code(),
        bloc.texte("libelle", PHASE_MAX, requis=True),
        tuple(_etape(etape) for etape in bloc.blocs("etapes", "étape")),
    )


def _etape(bloc: _Bloc) -> EtapeModele:
    bloc.finir(
        "code", "libelle", "mois", "duree_jours", "acteur", "role", "facultative", "parallele", "reunion",
        "place", "conditions",
    )  # fmt: skip
    return EtapeModele(
        code=bloc.code(),
        libelle=bloc.texte("libelle", LIBELLE_MAX, requis=True),
        mois=bloc.entier("mois", MOIS_MAX),
        duree_jours=bloc.entier("duree_jours", JOURS_MAX),
        acteur=bloc.texte("acteur", LIBELLE_MAX),
        role=bloc.texte("role", CODE_MAX),
        facultative=bloc.oui("facultative"),
        parallele=bloc.oui("parallele"),
        reunion=bloc.texte("reunion", 30),
        place=bloc.parmi("place", LIEUX),
        conditions=tuple(c for b in bloc.blocs("conditions", "condition") if (c := _condition(b))),
    )


def _condition(bloc: _Bloc) -> Condition | None:
    bloc.finir("code", "nombre", "cible")
    code = bloc.texte("code", CODE_MAX, requis=True)
    genre = CATALOGUE.get(code)
    if genre is None:
        if code:
            bloc.noter(f"cette condition n’existe pas. Connues\u00a0: {', '.join(CATALOGUE)}.")
        return None
    nombre, cible = bloc.entier("nombre", FICHES_MAX), bloc.texte("cible", CODE_MAX)
    if genre.demande in {"etape", "reunion"} and not cible:
        bloc.noter("écrivez dans «\u00a0cible\u00a0» le code attendu.")
    if genre.demande == "nombre" and nombre is None:
        bloc.noter("écrivez dans «\u00a0nombre\u00a0» le minimum attendu.")
    return Condition(
        code,
        nombre if genre.demande in {"nombre", "reunion"} else None,
        cible if genre.demande in {"etape", "reunion"} else "",
    )


def _ensemble(definition: Definition, tete: _Bloc, reunions_dites: bool) -> None:
    """What only shows when the whole is read: codes used twice, codes that name nothing."""
    etapes = definition.etapes
    if not etapes:
        tete.noter("il faut au moins une phase et une étape.")
    if len(etapes) > ETAPES_MAX:
        tete.noter(f"un processus compte {ETAPES_MAX} étapes au plus.")
    codes_reunions = [r.code for r in definition.reunions]
    for nom, codes in (
        ("phase", [p.code for p in definition.phases]),
        ("étape", [e.code for e in etapes]),
        ("réunion", codes_reunions),
    ):
        for code in sorted({c for c in codes if c and codes.count(c) > 1}):
            tete.noter(f"deux {nom}s portent le code «\u00a0{code}\u00a0».")
    for phase in definition.phases:
        if not phase.etapes:
            tete.cahier.noter(f"phase «\u00a0{phase.code}\u00a0»", "elle n’a aucune étape.")
        for etape in phase.etapes:
            lieu = f"phase «\u00a0{phase.code}\u00a0», étape «\u00a0{etape.code}\u00a0»"
            if reunions_dites and etape.reunion and etape.reunion not in codes_reunions:
                tete.cahier.noter(lieu, f"la réunion «\u00a0{etape.reunion}\u00a0» n’est pas décrite.")
    _cibles(definition, tete)


def _cibles(definition: Definition, tete: _Bloc) -> None:
    """A condition names a step that comes before it, a meeting that is described."""
    avant: list[str] = []
    reunions = {r.code for r in definition.reunions}
    for etape in definition.etapes:
        for condition in etape.conditions:
            demande = CATALOGUE[condition.code].demande
            lieu = f"étape «\u00a0{etape.code}\u00a0», condition «\u00a0{condition.code}\u00a0»"
            if demande == "etape" and condition.cible and condition.cible not in avant:
                tete.cahier.noter(lieu, f"«\u00a0{condition.cible}\u00a0» n’est pas une étape qui précède.")
            if demande == "reunion" and condition.cible and condition.cible not in reunions:
                tete.cahier.noter(lieu, f"la réunion «\u00a0{condition.cible}\u00a0» n’est pas décrite.")
        avant.append(etape.code)


def ecrire_condition(condition: Condition) -> dict[str, Any]:
    """A condition as data, without its empty keys."""
    ecrite: dict[str, Any] = {"code": condition.code}
    if condition.nombre is not None:
        ecrite["nombre"] = condition.nombre
    if condition.cible:
        ecrite["cible"] = condition.cible
    return ecrite


def lire_conditions(donnees: object) -> tuple[Condition, ...]:
    """The conditions kept on a running step; what can no longer be read is left out."""
    bloc = _Bloc({"conditions": donnees}, "processus", _Cahier())
    return tuple(c for b in bloc.blocs("conditions", "condition") if (c := _condition(b)))


def ecrire_definition(definition: Definition) -> dict[str, Any]:
    """The process as data: what `lire_definition` reads back, each key present."""
    return {
        "phases": [
            {"code": p.code, "libelle": p.libelle, "etapes": [_ecrire_etape(e) for e in p.etapes]}
            for p in definition.phases
        ],
        "reunions": [_ecrire_reunion(r) for r in definition.reunions],
    }


def _ecrire_etape(etape: EtapeModele) -> dict[str, Any]:
    return {
        "code": etape.code,
        "libelle": etape.libelle,
        "mois": etape.mois,
        "duree_jours": etape.duree_jours,
        "acteur": etape.acteur,
        "role": etape.role or None,
        "facultative": etape.facultative,
        "parallele": etape.parallele,
        "reunion": etape.reunion or None,
        "place": etape.place or None,
        "conditions": [ecrire_condition(c) for c in etape.conditions],
    }


def _ecrire_reunion(reunion: TypeReunion) -> dict[str, Any]:
    return {
        "code": reunion.code,
        "libelle": reunion.libelle,
        "echelle": reunion.echelle.value,
        "composition": list(reunion.composition),
        "frequence": reunion.frequence.value,
        "par_an": reunion.par_an,
        "villes": list(reunion.villes),
        "duree_minutes": reunion.duree_minutes,
        "ordre_du_jour": list(reunion.ordre_du_jour),
    }
