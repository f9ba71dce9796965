"""The co-financing solver: how far each funder may go, the plan that leaves the owner a given share, the
repair.

Algorithm, guarantees and worked table: `docs/algorithmes/cofinancement.md`. Everything is exact to the cent.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from math import floor

from arpent.metier.argent import ZERO, formater_euros
from arpent.metier.plan_financement.ajustement import appliquer, repartir
from arpent.metier.plan_financement.contraintes import (
    Contraintes,
    Limite,
    Manquement,
    ecrire,
    en_centimes,
    en_euros,
)
from arpent.metier.plan_financement.financeurs import LIBELLES_FINANCEUR, Financeur
from arpent.metier.plan_financement.operation import Operation
from arpent.metier.plan_financement.plan import Plan


@dataclass(frozen=True, slots=True)
class Possibilite:
    """One funder: what it grants, what it is asked, the most it may bring alone, the others unchanged.

    `maximum` counts all its rows, granted ones included; `limite` is the rule that binds, among `limites`.
    """

    financeur: Financeur
    acquis: Decimal
    demande: Decimal
    maximum: Decimal
    limite: Limite
    limites: tuple[Limite, ...]

    @property
    def libelle(self) -> str:
        return LIBELLES_FINANCEUR[self.financeur]

    @property
    def encore(self) -> Decimal:
        """What it may bring beside what it has granted."""
        return max(ZERO, self.maximum - self.acquis)

    @property
    def depassement(self) -> Decimal:
        """How much of what is asked of it cannot be, the others unchanged."""
        return max(ZERO, self.demande - self.encore)


@dataclass(frozen=True, slots=True)
class Mouvement:
    """A funder whose amount changes."""

    financeur: Financeur
    avant: Decimal
    apres: Decimal

    @property
    def libelle(self) -> str:
        return LIBELLES_FINANCEUR[self.financeur]

    @property
    def ecart(self) -> Decimal:
        return self.apres - self.avant


@dataclass(frozen=True, slots=True)
class Proposition:
    """A plan that adds up to the cost and breaks no rule; `explication` says what stopped it, in French."""

    plan: Plan
    part: Decimal
    mouvements: tuple[Mouvement, ...]
    explication: str


@dataclass(frozen=True, slots=True)
class Refus:
    """Why no plan answers the wish, and the nearest share that one can reach (None when there is none)."""

    raison: str
    part_possible: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Bilan:
    """The plan as it stands. `part` is what the owner really pays, `minimum` what the law wants it to pay."""

    part: Decimal
    minimum: Decimal
    article_minimum: str
    possibilites: tuple[Possibilite, ...]
    manquements: tuple[Manquement, ...]


def examiner_plan(operation: Operation, financeurs: Sequence[Financeur] = ()) -> Bilan:
    """The room of every funder of the plan, and of those of `financeurs` that are not in it."""
    c = Contraintes(operation)
    tous = [f for f in Financeur if f in c.actuel or (f in financeurs and f.est_aide_publique)]
    return Bilan(
        part=operation.plan.part_maitre_ouvrage,
        minimum=en_euros(c.minimum(c.concours(c.actuel))),
        article_minimum=operation.minimum.article if operation.minimum else "",
        possibilites=tuple(_possibilite(c, f) for f in tous),
        manquements=c.manquements(c.actuel),
    )


def limites_de(operation: Operation, financeur: Financeur) -> tuple[Limite, ...]:
    """Every bound on one funder, the others giving what the plan says."""
    c = Contraintes(operation)
    return c.limites(financeur, c.actuel)


def _possibilite(c: Contraintes, financeur: Financeur) -> Possibilite:
    limites = c.limites(financeur, c.actuel)
    liante = min(limites, key=lambda limite: limite.maximum)
    return Possibilite(
        financeur,
        c.operation.acquis(financeur),
        c.operation.demande(financeur),
        max(ZERO, liante.maximum),
        liante,
        limites,
    )


# --- reaching a total ---------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Branche:
    """One side of each alternative of the law: funders that give nothing, and whether the cumul applies."""

    nuls: frozenset[Financeur]
    cumul: bool


def _branches(
    c: Contraintes, hauts: Mapping[Financeur, int], ordre: Sequence[Financeur]
) -> list[list[_Branche]]:
    """Every way to settle the alternatives, those that keep the State first, the closest to what is asked."""
    avec, sans = _Branche(frozenset(), True), _Branche(frozenset({Financeur.ETAT}), False)
    if c.plafond_cumul is None or not hauts.get(Financeur.ETAT):
        groupes = [[_Branche(frozenset(), False)]]
    else:
        groupes = [[avec]] if c.acquis.get(Financeur.ETAT) else [[avec], [sans]]
    if not c.operation.exclusion:
        return groupes
    rivaux = [Financeur.DEPARTEMENT, Financeur.REGION]
    rivaux.sort(key=lambda f: (ordre.index(f) if f in ordre else len(ordre), -c.actuel.get(f, 0)))
    return [[replace(b, nuls=b.nuls | {r}) for b in groupe for r in reversed(rivaux)] for groupe in groupes]


class _Recherche:
    """Totals that one branch can reach, no funder going above `hauts`."""

    def __init__(
        self, c: Contraintes, hauts: Mapping[Financeur, int], branche: _Branche, propre_acquis: int
    ) -> None:
        self.c, self.branche, self.propre_acquis = c, branche, propre_acquis
        self.hauts = {
            f: 0 if f in branche.nuls else min(haut, c.propres.get(f, haut)) for f, haut in hauts.items()
        }
        self.bas = {f: c.acquis.get(f, 0) for f in hauts}

    def bornes(self, total: int) -> dict[Financeur, tuple[int, int]] | None:
        """The box in which any amounts that add up to `total` are admissible; None when there are none."""
        c, part = self.c, self.c.cout - self.c.prive - total
        if part < self.propre_acquis or part < 0:
            return None
        if self.branche.cumul and c.plafond_cumul is not None and total > c.plafond_cumul:
            return None
        bornes = {f: (bas, self.hauts[f]) for f, bas in self.bas.items()}
        concours = c.operation.concours
        if concours in bornes:
            bas, haut = bornes[concours]
            bornes[concours] = (max(bas, self._concours_du(part)), min(haut, self._concours_permis(total)))
        elif part < c.minimum(0):
            return None
        if any(bas > haut for bas, haut in bornes.values()):
            return None
        atteint = sum(bas for bas, _ in bornes.values()) <= total <= sum(haut for _, haut in bornes.values())
        return bornes if atteint else None

    def _concours_permis(self, total: int) -> int:
        """The largest fonds de concours when all aids add up to `total`: F ≤ p (K − total + F)."""
        c = self.c
        if c.part is None or c.part == 1:
            return total
        return max(0, floor(c.part * (c.base_concours - total) / (1 - c.part)))

    def _concours_du(self, part: int) -> int:
        """The least fonds de concours that makes the owner's share of `part` enough.

        Nothing, or more than anyone gives, unless the fonds de concours is left out of the public financing:
        then the more it brings, the smaller the minimum.
        """
        c = self.c
        bas, haut = 0, c.cout + 1
        while bas < haut:
            milieu = (bas + haut) // 2
            if c.minimum(milieu) <= part:
                haut = milieu
            else:
                bas = milieu + 1
        return bas

    def plus_grand_total(self) -> int | None:
        """The largest total that can be reached, None when what is granted already breaks a rule."""
        bas = sum(self.bas.values())
        if self.bornes(bas) is None:
            return None
        haut = max(bas, self.c.cout)
        while bas < haut:
            milieu = (bas + haut + 1) // 2
            if self.bornes(milieu) is None:
                haut = milieu - 1
            else:
                bas = milieu
        return bas


def _hauts(c: Contraintes, ordre: Sequence[Financeur]) -> dict[Financeur, int]:
    """Who may be raised: the funders asked for something, and those of `ordre`; the others stay."""
    libres = {f.financeur for f in c.operation.plan.comptes if f.statut.est_en_attente}
    fige = c.operation.concours if c.concours_fige else None
    tous = [f for f in Financeur if f in c.actuel or (f in ordre and f.est_aide_publique)]
    return {f: c.cout if (f in libres or f in ordre) and f is not fige else c.actuel.get(f, 0) for f in tous}


def _propre_acquis(operation: Operation) -> int:
    return en_centimes(operation.acquis(Financeur.AUTOFINANCEMENT))


def _recherches(
    c: Contraintes, hauts: Mapping[Financeur, int], ordre: Sequence[Financeur], *, sans_etat: bool
) -> list[tuple[int, _Recherche]]:
    """The branches that can be reached, each with its largest total.

    Those without the State only if no other can be, or on demand: a DETR is not given up to ask more of
    the others.
    """
    trouvees: list[tuple[int, _Recherche]] = []
    for groupe in _branches(c, hauts, ordre):
        for branche in groupe:
            recherche = _Recherche(c, hauts, branche, _propre_acquis(c.operation))
            if (total := recherche.plus_grand_total()) is not None:
                trouvees.append((total, recherche))
        if trouvees and not sans_etat:
            break
    return trouvees


def proposer(
    operation: Operation, part: Decimal | None = None, ordre: Sequence[Financeur] = ()
) -> Proposition | Refus:
    """The plan that leaves the owner `part`, or the least that can be reached when it is None.

    `ordre`: the funders to raise first. Refused, with the nearest share, when the law or the caps forbid it.
    """
    c = Contraintes(operation)
    hauts = _hauts(c, ordre)
    recherches = _recherches(c, hauts, ordre, sans_etat=False)
    if not recherches:
        return Refus(_deja_enfreint(c))
    plus_grand, recherche = max(recherches, key=lambda trouvee: trouvee[0])
    disponible = c.cout - c.prive
    if part is None:
        return _etablir(c, recherche, plus_grand, ordre)
    total = disponible - en_centimes(part)
    if total > plus_grand:
        possible = disponible - plus_grand
        return Refus(_pourquoi_pas_moins(c, recherche, total, possible), en_euros(possible))
    acquis = sum(c.acquis.values())
    if total < acquis:
        raison = (
            f"Les aides acquises et l’argent privé laissent {ecrire(disponible - acquis)} au maître "
            f"d’ouvrage : il ne peut pas garder {formater_euros(part)}, car une aide acquise ne bouge pas."
        )
        return Refus(raison, en_euros(disponible - acquis))
    retenue = next(essai for _, essai in recherches if essai.bornes(total) is not None)
    return _etablir(c, retenue, total, ordre)


def reparer(operation: Operation) -> Proposition | Refus | None:
    """The smallest reduction of what is asked that mends the plan; None when it breaks nothing.

    No funder is raised, and no other mended plan brings more aids in all.
    """
    c = Contraintes(operation)
    if not c.manquements(c.actuel):
        return None
    recherches = _recherches(c, c.actuel, (), sans_etat=True)
    if not recherches:
        return Refus(_deja_enfreint(c))
    total, recherche = max(recherches, key=lambda trouvee: trouvee[0])
    return _etablir(c, recherche, total, ())


def baisses_suffisantes(operation: Operation) -> dict[Financeur, Decimal]:
    """For each funder that can mend the plan alone, how much less to ask of it."""
    c = Contraintes(operation)
    if not c.manquements(c.actuel):
        return {}
    baisses = {}
    for financeur, actuel in c.actuel.items():
        maximum = max(0, min(en_centimes(limite.maximum) for limite in c.limites(financeur, c.actuel)))
        x = {**c.actuel, financeur: maximum}
        if c.acquis[financeur] <= maximum < actuel and not c.manquements(x):
            baisses[financeur] = en_euros(actuel - maximum)
    return baisses


def _etablir(c: Contraintes, recherche: _Recherche, total: int, ordre: Sequence[Financeur]) -> Proposition:
    bornes = recherche.bornes(total)
    assert bornes is not None
    x = repartir(total, bornes, {f: c.actuel.get(f, 0) for f in bornes}, ordre)
    part = en_euros(c.cout - c.prive - total)
    montants = {f: en_euros(montant) for f, montant in x.items()}
    mouvements = tuple(
        Mouvement(f, en_euros(c.actuel.get(f, 0)), montant)
        for f, montant in montants.items()
        if en_centimes(montant) != c.actuel.get(f, 0)
    )
    plan = appliquer(c.operation.plan, montants, part)
    return Proposition(plan, part, mouvements, _explication(c, x, part))


def _explication(c: Contraintes, x: Mapping[Financeur, int], part: Decimal) -> str:
    minimum = en_euros(c.minimum(c.concours(x)))
    seuil = c.operation.minimum
    if seuil is not None and part == minimum:
        return f"Le maître d’ouvrage paie {formater_euros(part)}, le minimum légal ({seuil.article})."
    phrase = f"Le maître d’ouvrage paie {formater_euros(part)}"
    return phrase + (f", pour un minimum légal de {formater_euros(minimum)}." if seuil is not None else ".")


def _pourquoi_pas_moins(c: Contraintes, recherche: _Recherche, total: int, possible: int) -> str:
    """What forbids a share under `possible`: a rule by name, or funders that can give no more."""
    fin = f" La part la plus basse possible est {ecrire(possible)}."
    seuil, cumul = c.operation.minimum, c.operation.cumul
    plancher = c.minimum(c.concours(recherche.hauts))
    if seuil is not None and c.cout - c.prive - total < plancher:
        return f"Le maître d’ouvrage doit payer au moins {ecrire(plancher)} ({seuil.article}).{fin}"
    if (
        cumul is not None
        and recherche.branche.cumul
        and c.plafond_cumul is not None
        and total > c.plafond_cumul
    ):
        return (
            f"Les aides publiques ne peuvent pas dépasser {ecrire(c.plafond_cumul)} ({cumul.article}).{fin}"
        )
    if c.cout - c.prive - total < recherche.propre_acquis:
        return f"L’autofinancement déjà acquis est de {ecrire(recherche.propre_acquis)}.{fin}"
    pleins = [LIBELLES_FINANCEUR[f] for f in recherche.hauts if recherche.hauts[f] < c.cout]
    qui = f" ({', '.join(pleins)})" if pleins else ""
    return f"Les financeurs du plan ne peuvent pas donner davantage{qui}.{fin}"


def _deja_enfreint(c: Contraintes) -> str:
    """What is granted breaks a rule by itself: only a person can decide what to do."""
    manquements = c.manquements(c.acquis)
    if not manquements:
        return "Aucune répartition des aides demandées ne respecte toutes les règles."
    regles = " ; ".join(f"{m.intitule} – {m.calcul}" for m in manquements)
    return f"Les aides acquises enfreignent déjà une règle, et une aide acquise ne bouge pas. {regles}"
