"""An allocation formula as data: what is written in the files of a dispositif, read and checked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from arpent.metier.argent import formater_euros, formater_nombre, formater_taux

from .enveloppe import RepartitionImpossible

POPULATION = "population"
EUROS, PAR_HABITANT, PART = "euros", "par_habitant", "part"
UNITES = {EUROS: "€ par territoire", PAR_HABITANT: "€ par habitant", PART: "% de l’enveloppe"}
ETAPES = ("fixe", PAR_HABITANT, "rang", "cles", "bonus", "plancher", "plafond")
BORNES = "bornes"
ETAPES_NOMMEES = frozenset({*ETAPES, BORNES})


@dataclass(frozen=True, slots=True)
class Poids:
    """One weighted key: a criterion and its weight (0 to 1)."""

    critere: str
    poids: Decimal


@dataclass(frozen=True, slots=True)
class Rang:
    """The `nombre` lowest values of `critere` share `part` of the envelope, equally or by `selon`."""

    critere: str
    nombre: int
    part: Decimal
    selon: str = ""


@dataclass(frozen=True, slots=True)
class Borne:
    """A floor or a cap of each territory, in one of UNITES."""

    valeur: Decimal
    unite: str = EUROS

    @property
    def en_mots(self) -> str:
        match self.unite:
            case "euros":
                return formater_euros(self.valeur)
            case "par_habitant":
                return f"{formater_euros(self.valeur)} par habitant"
            case _:
                return f"{formater_taux(self.valeur, None)} de l’enveloppe"


@dataclass(frozen=True, slots=True)
class Formule:
    """The steps, in the order they are applied. `bonus`: class code → multiplier (1 for the others)."""

    cles: tuple[Poids, ...] = ()
    fixe: Decimal | None = None
    par_habitant: Decimal | None = None
    rang: Rang | None = None
    bonus: Mapping[str, Decimal] = field(default_factory=dict)
    plancher: Borne | None = None
    plafond: Borne | None = None

    def criteres(self) -> tuple[str, ...]:
        """The criteria whose values the formula reads, once each, keys first."""
        lus = [cle.critere for cle in self.cles]
        if self.rang:
            lus += [self.rang.critere, *([self.rang.selon] if self.rang.selon else [])]
        bornes = (self.plancher, self.plafond)
        if self.par_habitant is not None or any(b and b.unite == PAR_HABITANT for b in bornes):
            lus.append(POPULATION)
        return tuple(dict.fromkeys(lus))

    def en_mots(self, libelles: Mapping[str, str]) -> str:
        """« part égale 50 %, longueur de voirie 25 % ; plancher 500 000,00 € »."""

        def nom(code: str) -> str:
            return libelles.get(code, code).lower()

        morceaux: list[str] = []
        if self.fixe is not None:
            morceaux.append(f"{formater_euros(self.fixe)} par territoire")
        if self.par_habitant is not None:
            morceaux.append(f"{formater_euros(self.par_habitant)} par habitant")
        if self.rang:
            selon = f"selon {nom(self.rang.selon)}" if self.rang.selon else "à parts égales"
            morceaux.append(
                f"{formater_taux(self.rang.part, None)} aux {self.rang.nombre} plus bas de "
                f"« {nom(self.rang.critere)} », {selon}"
            )
        if self.cles:
            morceaux.append(", ".join(f"{nom(c.critere)} {formater_taux(c.poids, None)}" for c in self.cles))
        if self.bonus:
            classes = ", ".join(f"{code} × {formater_nombre(m, 2)}" for code, m in self.bonus.items())
            morceaux.append(f"coefficient de classe {classes}")
        if self.plancher:
            morceaux.append(f"plancher {self.plancher.en_mots}")
        if self.plafond:
            morceaux.append(f"plafond {self.plafond.en_mots}")
        return " ; ".join(morceaux)


def lire_formule(brut: object) -> Formule:
    """A formula from its JSON or YAML: a list of {critere, poids}, or a table of steps.

    RepartitionImpossible (French: the key, what to write). None, [] and {} are the empty formula.
    """
    if not brut:
        return Formule()
    if isinstance(brut, list):
        return Formule(cles=_cles(brut))
    if not isinstance(brut, Mapping):
        raise RepartitionImpossible(
            "La clé de répartition doit être une liste de « critere » et « poids », ou une table d’étapes "
            f"({', '.join(ETAPES)})."
        )
    if inconnues := sorted(str(c) for c in brut if c not in ETAPES):
        raise RepartitionImpossible(
            f"L’étape « {inconnues[0]} » est inconnue. Connues : {', '.join(ETAPES)}."
        )
    formule = Formule(
        cles=_cles(brut.get("cles") or []),
        fixe=_positif(brut.get("fixe"), "fixe"),
        par_habitant=_positif(brut.get(PAR_HABITANT), PAR_HABITANT),
        rang=_rang(brut.get("rang")),
        bonus=_bonus(brut.get("bonus")),
        plancher=_borne(brut.get("plancher"), "plancher"),
        plafond=_borne(brut.get("plafond"), "plafond"),
    )
    verifier(formule)
    return formule


def verifier(formule: Formule) -> None:
    """What a formula may not say, whatever the figures. RepartitionImpossible (French)."""
    if not (formule.cles or formule.fixe or formule.par_habitant or formule.rang):
        raise RepartitionImpossible(
            "La formule ne partage rien : donnez au moins une étape parmi fixe, par_habitant, rang, cles."
        )
    bas, haut = formule.plancher, formule.plafond
    if bas and haut and bas.unite == haut.unite and bas.valeur > haut.valeur:
        raise RepartitionImpossible("Le plancher dépasse le plafond : baissez l’un ou relevez l’autre.")


def _nombre(brut: object, quoi: str) -> Decimal:
    try:
        valeur = Decimal(str(brut).replace(",", "."))
    except ArithmeticError:
        valeur = Decimal("NaN")
    if isinstance(brut, bool) or not valeur.is_finite():
        raise RepartitionImpossible(f"« {quoi} » doit être un nombre, par exemple 0.15 ; lu : « {brut} ».")
    return valeur


def _positif(brut: object, quoi: str) -> Decimal | None:
    if brut is None:
        return None
    valeur = _nombre(brut, quoi)
    if valeur <= 0 or valeur != round(valeur, 2):
        raise RepartitionImpossible(
            f"« {quoi} » doit être un montant en euros supérieur à 0, au centime, par exemple 2.50."
        )
    return valeur


def _cles(brut: object) -> tuple[Poids, ...]:
    if not isinstance(brut, list) or not all(
        isinstance(c, Mapping) and c.get("critere") and c.get("poids") is not None for c in brut
    ):
        raise RepartitionImpossible(
            "Les clés doivent être une liste de « critere » et « poids », par exemple "
            '{critere: population, poids: "0.15"}.'
        )
    cles = tuple(Poids(str(c["critere"]), _nombre(c["poids"], "poids")) for c in brut)
    if len({c.critere for c in cles}) != len(cles):
        raise RepartitionImpossible("Un critère figure deux fois dans les clés : réunissez ses poids.")
    if faux := next((c for c in cles if c.poids <= 0), None):
        raise RepartitionImpossible(f"Le poids du critère « {faux.critere} » doit être supérieur à 0.")
    if reserve := next((c.critere for c in cles if c.critere in ETAPES_NOMMEES), None):
        raise RepartitionImpossible(
            f"« {reserve} » est le nom d’une étape : donnez un autre code au critère."
        )
    total = sum((c.poids for c in cles), Decimal(0))
    if cles and total != 1:
        raise RepartitionImpossible(f"Les poids des clés font {total} au lieu de 1 : corrigez la formule.")
    return cles


def _rang(brut: Any) -> Rang | None:
    if brut is None:
        return None
    exemple = "{critere: potentiel_fiscal, nombre: 100, part: 1, selon: population}"
    if not isinstance(brut, Mapping) or not {"critere", "nombre"} <= set(brut):
        raise RepartitionImpossible(f"« rang » doit donner un critère et un nombre, par exemple {exemple}.")
    if inconnues := sorted(set(map(str, brut)) - {"critere", "nombre", "part", "selon"}):
        raise RepartitionImpossible(
            f"« rang » : la clé « {inconnues[0]} » est inconnue. Exemple : {exemple}."
        )
    nombre, part = brut["nombre"], _nombre(brut.get("part", 1), "part")
    if not isinstance(nombre, int) or isinstance(nombre, bool) or nombre < 1:
        raise RepartitionImpossible("« rang » : « nombre » doit être un entier d’au moins 1.")
    if not 0 < part <= 1:
        raise RepartitionImpossible("« rang » : « part » doit être comprise entre 0 et 1, par exemple 0.2.")
    return Rang(str(brut["critere"]), nombre, part, str(brut.get("selon") or ""))


def _bonus(brut: Any) -> dict[str, Decimal]:
    if brut is None:
        return {}
    if not isinstance(brut, Mapping) or not brut:
        raise RepartitionImpossible("« bonus » doit donner un coefficient par classe, par exemple {A: 1.2}.")
    lus = {str(code): _nombre(m, f"bonus, {code}") for code, m in brut.items()}
    if faux := next((code for code, m in lus.items() if m <= 0), None):
        raise RepartitionImpossible(f"« bonus » : le coefficient de « {faux} » doit être supérieur à 0.")
    return lus


def _borne(brut: Any, quoi: str) -> Borne | None:
    """A number (euros), or a table of one unit."""
    if brut is None:
        return None
    unite, valeur = EUROS, brut
    if isinstance(brut, Mapping):
        if len(brut) != 1 or next(iter(brut)) not in UNITES:
            raise RepartitionImpossible(
                f"« {quoi} » se donne dans une seule unité : {', '.join(UNITES)}. "
                "Exemple : {par_habitant: 20}."
            )
        unite, valeur = next(iter(brut.items()))
    lue = _nombre(valeur, quoi)
    if lue < 0 or (unite == PART and lue > 1):
        raise RepartitionImpossible(
            f"« {quoi} » doit être positif{', entre 0 et 1' if unite == PART else ''}."
        )
    return Borne(lue, unite)
