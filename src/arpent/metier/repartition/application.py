"""Apply a formula step by step: fixed, per inhabitant, rank, keys, class, then floors and caps."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from fractions import Fraction

from arpent.metier.argent import CENTIME, ZERO, arrondir, formater_euros, formater_taux, partager

from .bornes import remplir
from .enveloppe import (
    Cle,
    Etape,
    Part,
    Repartition,
    RepartitionImpossible,
    repartir_enveloppe,
    verifier_donnees,
)
from .formule import BORNES, PAR_HABITANT, POPULATION, Borne, Formule

Valeurs = Mapping[str, Mapping[str, Decimal | None] | None]
"""Criterion → territory → value; None instead of the values: an equal share."""

BONUS, FIXE, RANG = "bonus", "fixe", "rang"
LIBELLES_ETAPES = {
    FIXE: "Part fixe",
    PAR_HABITANT: "Montant par habitant",
    RANG: "Rang",
    BONUS: "Coefficient de classe",
    BORNES: "Plancher et plafond",
}


def appliquer(
    montant: Decimal,
    formule: Formule,
    territoires: Sequence[str],
    valeurs: Valeurs,
    *,
    classes: Mapping[str, str | None] | None = None,
    libelles: Mapping[str, str] | None = None,
    noms: Mapping[str, str] | None = None,
) -> Repartition:
    """What each territory receives and what each step gave it; the promises are those of Repartition.

    A step with a missing value is not applied and names the territories in `manquants`; the money that it or
    what follows would have shared stays in `non_reparti`. RepartitionImpossible (French) when it cannot hold.
    """
    verifier_donnees(montant, territoires)
    return _Calcul(montant, formule, territoires, valeurs, classes or {}, libelles or {}, noms or {}).tout()


class _Calcul:
    """The running state of one application: what is left, what each territory has by step."""

    def __init__(
        self,
        montant: Decimal,
        formule: Formule,
        territoires: Sequence[str],
        valeurs: Valeurs,
        classes: Mapping[str, str | None],
        libelles: Mapping[str, str],
        noms: Mapping[str, str],
    ) -> None:
        self.montant, self.formule, self.territoires = montant, formule, territoires
        self.valeurs, self.classes, self.libelles, self.noms = valeurs, classes, libelles, noms
        self.reste = montant
        self.details: dict[str, dict[str, Decimal]] = {t: {} for t in territoires}
        self.manquants: dict[str, tuple[str, ...]] = {}
        self.sommes: dict[str, Decimal] = {}
        self.etapes: list[Etape] = []

    def tout(self) -> Repartition:
        self._fixe()
        if self._par_habitant():
            self._rang()
            self._cles()
        self._bonus()
        self._bornes()
        parts = {t: Part(self._total(t), detail) for t, detail in self.details.items()}
        non_reparti = self.montant - sum((part.total for part in parts.values()), ZERO)
        return Repartition(self.montant, parts, non_reparti, self.manquants, self.sommes, tuple(self.etapes))

    def _total(self, t: str) -> Decimal:
        return sum(self.details[t].values(), ZERO)

    def _donner(self, code: str, parts: Mapping[str, Decimal]) -> None:
        for t, part in parts.items():
            self.details[t][code] = part

    def _prendre(self, code: str, parts: Mapping[str, Decimal], quoi: str) -> None:
        somme = sum(parts.values(), ZERO)
        if somme > self.reste:
            raise RepartitionImpossible(
                f"{quoi} demande {formater_euros(somme)} et il reste {formater_euros(self.reste)} : "
                "baissez cette étape ou relevez l’enveloppe."
            )
        self.reste -= somme
        self._donner(code, parts)

    def _connues(self, critere: str, code: str) -> dict[str, Decimal] | None:
        """The values of a criterion; None when some are missing, noted under `code`."""
        lues = self.valeurs.get(critere, {})
        if lues is None:
            return {t: Decimal(1) for t in self.territoires}
        if absents := tuple(t for t in self.territoires if lues.get(t) is None):
            self.manquants[code] = absents
            return None
        return {t: v for t in self.territoires if (v := lues[t]) is not None}

    def _nom(self, critere: str) -> str:
        return self.libelles.get(critere, critere)

    def _fixe(self) -> None:
        if (fixe := self.formule.fixe) is None:
            return
        self._prendre(FIXE, {t: arrondir(fixe) for t in self.territoires}, "La part fixe")
        phrase = f"{formater_euros(fixe)} à chaque territoire, avant tout partage."
        self.etapes.append(Etape(FIXE, LIBELLES_ETAPES[FIXE], phrase))

    def _par_habitant(self) -> bool:
        """False when the inhabitants are not all known: what follows would share an unknown rest."""
        if (taux := self.formule.par_habitant) is None:
            return True
        self.etapes.append(
            Etape(
                PAR_HABITANT, LIBELLES_ETAPES[PAR_HABITANT], f"{formater_euros(taux)} pour chaque habitant."
            )
        )
        habitants = self._connues(POPULATION, PAR_HABITANT)
        if habitants is None:
            return False
        parts = {t: arrondir(taux * h) for t, h in habitants.items()}
        self._prendre(PAR_HABITANT, parts, "Le montant par habitant")
        return True

    def _rang(self) -> None:
        """The n lowest; those equal to the last one enter too, so that no order decides between them."""
        if (rang := self.formule.rang) is None:
            return
        somme = arrondir(self.montant * rang.part)
        scores = self._connues(rang.critere, RANG)
        selon = self._connues(rang.selon, RANG) if rang.selon else {t: Decimal(1) for t in self.territoires}
        choisis: tuple[str, ...] = ()
        if scores is not None:
            limite = sorted(scores.values())[min(rang.nombre, len(scores)) - 1]
            choisis = tuple(t for t in self.territoires if scores[t] <= limite)
        comment = f"selon « {self._nom(rang.selon)} »" if rang.selon else "à parts égales"
        phrase = (
            f"{formater_euros(somme)} ({formater_taux(rang.part, None)} de l’enveloppe) aux {rang.nombre} "
            f"plus bas de « {self._nom(rang.critere)} », {comment}."
        )
        if len(choisis) > rang.nombre:
            phrase += f" À égalité au dernier rang, {len(choisis)} territoires sont retenus."
        self.etapes.append(Etape(RANG, LIBELLES_ETAPES[RANG], phrase, choisis))
        if scores is None or selon is None:
            if somme > self.reste:
                somme = self.reste
            self.reste -= somme  # kept for the rank: the keys do not share it
            return
        try:
            parts = partager(somme, {t: selon[t] for t in choisis})
        except ValueError as erreur:
            raise RepartitionImpossible(f"Rang : {erreur}") from erreur
        self._prendre(RANG, parts, "Le rang")

    def _cles(self) -> None:
        if not self.formule.cles:
            return
        cles = [
            Cle(c.critere, self._nom(c.critere), c.poids, self.valeurs.get(c.critere, {}))
            for c in self.formule.cles
        ]
        partage = repartir_enveloppe(self.reste, cles, self.territoires)
        for t, part in partage.parts.items():
            self.details[t].update(part.detail)
        self.manquants.update(partage.manquants)
        self.sommes = dict(partage.sommes)
        self.reste = ZERO

    def _bonus(self) -> None:
        """The same money, shared again in proportion to share × multiplier of the class."""
        if not (bonus := self.formule.bonus):
            return
        ecrits = ", ".join(f"{code} × {formater_taux(m, None)}" for code, m in bonus.items())
        self.etapes.append(
            Etape(BONUS, LIBELLES_ETAPES[BONUS], f"Classe {ecrits} ; le total partagé ne change pas.")
        )
        if absents := tuple(t for t in self.territoires if not self.classes.get(t)):
            self.manquants[BONUS] = absents
        if self.manquants:
            self.manquants.setdefault(BONUS, ())
            return
        avant = {t: self._total(t) for t in self.territoires}
        if not (somme := sum(avant.values(), ZERO)):
            return
        poids = {t: avant[t] * bonus.get(self.classes[t] or "", Decimal(1)) for t in self.territoires}
        apres = partager(somme, poids)
        self._donner(BONUS, {t: apres[t] - avant[t] for t in self.territoires})

    def _limites(self, borne: Borne | None, arrondi: str) -> dict[str, int] | None:
        """A floor or a cap in cents; None when there is none, or when inhabitants are missing."""
        if borne is None:
            return None
        bases: Mapping[str, Decimal] | None = dict.fromkeys(
            self.territoires, self.montant if borne.unite == "part" else Decimal(1)
        )
        if borne.unite == PAR_HABITANT:
            bases = self._connues(POPULATION, BORNES)
        if bases is None:
            return None
        return {
            t: int((borne.valeur * base).quantize(CENTIME, rounding=arrondi) / CENTIME)
            for t, base in bases.items()
        }

    def _bornes(self) -> None:
        plancher, plafond = self.formule.plancher, self.formule.plafond
        if not (plancher or plafond):
            return
        ecrits = [f"plancher {plancher.en_mots}"] if plancher else []
        ecrits += [f"plafond {plafond.en_mots}"] if plafond else []
        phrase = f"{', '.join(ecrits)[:1].upper()}{', '.join(ecrits)[1:]}"
        bas = self._limites(plancher, ROUND_CEILING) or dict.fromkeys(self.territoires, 0)
        plafonds = self._limites(plafond, ROUND_FLOOR)
        if self.manquants:
            self.manquants.setdefault(BORNES, ())
            self.etapes.append(Etape(BORNES, LIBELLES_ETAPES[BORNES], f"{phrase}."))
            return
        haut: dict[str, int | None] = {t: plafonds[t] if plafonds else None for t in self.territoires}
        self._verifier_bornes(bas, haut)
        avant = {t: int(self._total(t) / CENTIME) for t in self.territoires}
        reparti = sum(avant.values())
        libre = 0 if self.formule.cles else int(self.reste / CENTIME)
        if sum(bas.values()) > reparti + libre:
            raise RepartitionImpossible(
                f"Les planchers demandent {formater_euros(sum(bas.values()) * CENTIME)} et il y a "
                f"{formater_euros((reparti + libre) * CENTIME)} à partager : baissez le plancher ou relevez "
                "l’enveloppe."
            )
        vise = reparti
        if not self.formule.cles:
            # Nothing says who shares the rest: a floor is paid out of it, what a cap cuts goes back to it.
            coupes = (
                max(x, bas[t]) if (h := haut[t]) is None else min(max(x, bas[t]), h) for t, x in avant.items()
            )
            vise = min(sum(coupes), reparti + libre)
        apres = remplir(vise, {t: Fraction(x) for t, x in avant.items()}, bas, haut)
        self._donner(BORNES, {t: (apres[t] - avant[t]) * CENTIME for t in self.territoires})
        au_bas = tuple(t for t in self.territoires if apres[t] == bas[t] > avant[t])
        au_haut = tuple(t for t in self.territoires if apres[t] == haut[t] and avant[t] > apres[t])
        phrase += f" : {len(au_bas)} au plancher, {len(au_haut)} au plafond, les autres ajustés ensemble."
        self.etapes.append(Etape(BORNES, LIBELLES_ETAPES[BORNES], phrase, (*au_bas, *au_haut)))

    def _verifier_bornes(self, bas: Mapping[str, int], haut: Mapping[str, int | None]) -> None:
        for t in self.territoires:
            plafond = haut[t]
            if plafond is not None and bas[t] > plafond:
                raise RepartitionImpossible(
                    f"{self.noms.get(t, t)} : le plancher ({formater_euros(bas[t] * CENTIME)}) dépasse le "
                    f"plafond ({formater_euros(plafond * CENTIME)}). Baissez l’un ou relevez l’autre."
                )
