"""The admissible plans of an operation, in whole cents: every legal cap, and how far one funder may go under
each.

The set is closed downwards: less money of any funder never breaks a rule that held. All the rest follows from
it (`docs/algorithmes/cofinancement.md`).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from math import floor

from arpent.metier.argent import CENTIME, formater_euros, formater_taux
from arpent.metier.plan_financement.financeurs import LIBELLES_FINANCEUR, Financeur
from arpent.metier.plan_financement.operation import Operation, Seuil

Montants = Mapping[Financeur, int]
"""Cents of each public funder, all its rows together."""

COUT = "Le plan ne dépasse pas le coût"
MINIMUM = "Participation minimale du maître d’ouvrage"
CUMUL = "Cumul des aides publiques avec l’État"
CONCOURS = "Fonds de concours"
EXCLUSION = "Région ou Département, pas les deux"
PROPRE = "Plafond propre au financeur"


@dataclass(frozen=True, slots=True)
class Limite:
    """What one rule lets a funder give, all its rows together; negative when the others already take it
    all.
    """

    maximum: Decimal
    intitule: str
    article: str
    calcul: str


@dataclass(frozen=True, slots=True)
class Manquement:
    """A rule that the plan breaks, and the arithmetic that shows it."""

    intitule: str
    article: str
    calcul: str


def en_centimes(montant: Decimal) -> int:
    return int(montant / CENTIME)


def en_euros(centimes: int) -> Decimal:
    return centimes * CENTIME


def ecrire(centimes: int) -> str:
    return formater_euros(en_euros(centimes))


def fois(seuil: Seuil, centimes: int) -> int:
    """rate × amount, rounded to the cent, half up: the same cent as `argent.arrondir`."""
    return floor(Fraction(seuil.valeur) * centimes + Fraction(1, 2))


class Contraintes:
    """The rules of one operation. `x` is always what the public funders give, in cents."""

    def __init__(self, operation: Operation) -> None:
        self.operation = operation
        self.cout = en_centimes(operation.plan.cout)
        self.prive = en_centimes(operation.plan.total_prive)
        self.base = max(0, self.cout - self.prive)
        self.acquis = {f: en_centimes(operation.acquis(f)) for f in operation.financeurs}
        self.actuel = {f: a + en_centimes(operation.demande(f)) for f, a in self.acquis.items()}
        cumul = operation.cumul
        self.plafond_cumul = None if cumul is None else fois(cumul, en_centimes(operation.assiette))
        self.propres = {
            p.financeur: min(en_centimes(q.montant) for q in operation.plafonds if q.financeur is p.financeur)
            for p in operation.plafonds
        }
        fctva = operation.fctva
        # Without the FCTVA rate the share of a fonds de concours cannot be computed: it stays where it is.
        self.concours_fige = operation.concours is not None and fctva is None
        self.base_concours = self.cout - self.prive - en_centimes(fctva or Decimal(0))
        part = operation.part_concours
        self.part = None if part is None or self.concours_fige else Fraction(part.valeur)

    # --- what is given -----------------------------------------------------------------------------

    def concours(self, x: Montants) -> int:
        return x.get(self.operation.concours, 0) if self.operation.concours else 0

    def autres(self, x: Montants, financeur: Financeur) -> int:
        return sum(montant for f, montant in x.items() if f is not financeur)

    def minimum(self, concours: int) -> int:
        """The owner's least share when that much comes as fonds de concours."""
        seuil = self.operation.minimum
        return 0 if seuil is None else fois(seuil, self.base_minimum(concours))

    def base_minimum(self, concours: int) -> int:
        return self.base if self.operation.concours_public else max(0, self.base - concours)

    def cumul_s_applique(self, x: Montants) -> bool:
        return self.plafond_cumul is not None and x.get(Financeur.ETAT, 0) > 0

    # --- how far one funder may go -----------------------------------------------------------------

    def limites(self, financeur: Financeur, x: Montants) -> tuple[Limite, ...]:
        """Every bound on this funder, the others giving what `x` says; the first of the smallest is
        binding.
        """
        trouvees = [self._limite_part(financeur, x)]
        if self.plafond_cumul is not None and (financeur is Financeur.ETAT or self.cumul_s_applique(x)):
            trouvees.append(self._limite_cumul(financeur, x, self.plafond_cumul))
        if self.operation.concours is not None:
            trouvees.extend(self._limite_concours(financeur, x))
        if self.operation.exclusion and (rival := _RIVAUX.get(financeur)) and x.get(rival, 0) > 0:
            calcul = f"{LIBELLES_FINANCEUR[rival]} : {ecrire(x[rival])}"
            trouvees.append(Limite(en_euros(0), EXCLUSION, self.operation.exclusion, calcul))
        trouvees.extend(
            Limite(p.montant, PROPRE, p.article, p.calcul or formater_euros(p.montant))
            for p in self.operation.plafonds
            if p.financeur is financeur
        )
        return tuple(trouvees)

    def _limite_part(self, financeur: Financeur, x: Montants) -> Limite:
        """The owner keeps its minimum, or at least nothing is paid twice."""
        seuil, autres = self.operation.minimum, self.autres(x, financeur)
        if seuil is None:
            calcul = f"{ecrire(self.cout)} − {ecrire(self.prive)} − {ecrire(autres)}"
            maximum = self.cout - self.prive - autres
            return Limite(en_euros(maximum), COUT, "", f"{calcul} = {ecrire(maximum)}")
        est_concours = financeur is self.operation.concours
        if est_concours and not self.operation.concours_public:
            maximum = self._plus_grand_concours(autres)
            calcul = (
                f"le plus grand fonds de concours F tel que {ecrire(self.base)} − F − {ecrire(autres)} "
                f"reste au moins {formater_taux(seuil.valeur, None)} de {ecrire(self.base)} − F"
            )
            return Limite(en_euros(maximum), MINIMUM, seuil.article, calcul)
        concours = 0 if est_concours else self.concours(x)
        minimum, hors = self.minimum(concours), self.cout - self.prive - self.base_minimum(concours)
        maximum = self.cout - self.prive - minimum - autres
        exclu = f" − {ecrire(hors)}" if hors > 0 else ""
        base = f"{ecrire(self.cout)} − {ecrire(self.prive)}"
        calcul = (
            f"minimum {formater_taux(seuil.valeur, None)} × ({base}{exclu}) = {ecrire(minimum)} ; "
            f"{base} − {ecrire(minimum)} − {ecrire(autres)} = {ecrire(maximum)}"
        )
        return Limite(en_euros(maximum), MINIMUM, seuil.article, calcul)

    def _plus_grand_concours(self, autres: int) -> int:
        """The largest fonds de concours outside the public financing that leaves the owner its minimum."""
        bas, haut = -1, self.base
        while bas < haut:
            milieu = (bas + haut + 1) // 2
            if self.base - milieu - autres >= self.minimum(milieu):
                bas = milieu
            else:
                haut = milieu - 1
        return bas

    def _limite_cumul(self, financeur: Financeur, x: Montants, plafond: int) -> Limite:
        seuil, autres = self.operation.cumul, self.autres(x, financeur)
        assert seuil is not None
        calcul = (
            f"{formater_taux(seuil.valeur, None)} × {formater_euros(self.operation.assiette)} − "
            f"{ecrire(autres)} = {ecrire(plafond - autres)}"
        )
        return Limite(en_euros(plafond - autres), CUMUL, seuil.article, calcul)

    def _limite_concours(self, financeur: Financeur, x: Montants) -> list[Limite]:
        if financeur is self.operation.concours and self.concours_fige:
            calcul = "le taux du FCTVA n’est pas renseigné : le fonds de concours garde son montant"
            return [Limite(en_euros(x.get(financeur, 0)), CONCOURS, "", calcul)]
        seuil, part = self.operation.part_concours, self.part
        if seuil is None or part is None:
            return []
        deduits = f"{ecrire(self.cout)} − {ecrire(self.cout - self.base_concours)}"
        if financeur is self.operation.concours:
            autres = self.autres(x, financeur)
            maximum = max(0, floor(part * (self.base_concours - autres)))
            calcul = (
                f"{formater_taux(seuil.valeur, None)} × ({deduits} − {ecrire(autres)}) = {ecrire(maximum)}"
            )
            return [Limite(en_euros(maximum), CONCOURS, seuil.article, calcul)]
        verse = self.concours(x)
        if verse == 0:
            return []
        autres = self.autres(x, financeur) - verse
        reste = floor(self.base_concours - verse / part) if part else -1
        calcul = (
            f"{deduits} − {ecrire(verse)} ÷ {formater_taux(seuil.valeur, None)} − {ecrire(autres)} "
            f"= {ecrire(reste - autres)}"
        )
        return [Limite(en_euros(reste - autres), CONCOURS, seuil.article, calcul)]

    # --- is a plan admissible ----------------------------------------------------------------------

    def manquements(self, x: Montants) -> tuple[Manquement, ...]:
        """The rules that `x` breaks; none when the plan is admissible."""
        trouves: dict[tuple[str, str], Manquement] = {}
        for financeur, montant in x.items():
            for limite in self.limites(financeur, x):
                if montant > en_centimes(limite.maximum) and montant > 0:
                    trouves.setdefault(
                        (limite.intitule, limite.article),
                        Manquement(
                            limite.intitule,
                            limite.article,
                            f"{LIBELLES_FINANCEUR[financeur]} : {ecrire(montant)} pour un maximum de "
                            f"{ecrire(max(0, en_centimes(limite.maximum)))} ({limite.calcul})",
                        ),
                    )
        if self.cout < self.prive:
            calcul = f"{ecrire(self.prive)} pour un coût de {ecrire(self.cout)}"
            trouves.setdefault((COUT, ""), Manquement(COUT, "", calcul))
        return tuple(trouves.values())


_RIVAUX = {Financeur.REGION: Financeur.DEPARTEMENT, Financeur.DEPARTEMENT: Financeur.REGION}
