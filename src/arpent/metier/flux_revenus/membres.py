"""The communes of a territory, gathered by EPCI: sums that impute, rates of the EPCI."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from arpent.metier.flux_revenus.donnees import Confiance, Grandeur
from arpent.metier.flux_revenus.lecture import CENT, Ligne, nombre, nombres
from arpent.metier.flux_revenus.redressement import SEUIL_COUVERTURE, Somme, redresser

ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class Membre:
    """The communes of the territory that belong to one EPCI, and the published row of that EPCI."""

    ligne: Ligne
    communes: tuple[Ligne, ...]

    @property
    def population(self) -> Decimal:
        return sum((population(c) for c in self.communes), ZERO)

    def somme(self, calcul: Callable[[Ligne], Decimal | None]) -> Somme:
        return tous(self.communes, calcul)

    def taux(self, colonne: str) -> Decimal | None:
        """A published percentage of the EPCI, as a share from 0 to 1 (or more for a ratio)."""
        valeur = nombre(self.ligne.get(colonne))
        return None if valeur is None else valeur / CENT


def membres_de(communes: Iterable[Ligne], epci: Mapping[str, Ligne]) -> tuple[Membre, ...]:
    groupes: dict[str, list[Ligne]] = {}
    for commune in communes:
        groupes.setdefault(str(commune.get("epci_siren") or ""), []).append(commune)
    return tuple(Membre(epci.get(siren, {}), tuple(lignes)) for siren, lignes in sorted(groupes.items()))


def population(commune: Ligne) -> Decimal:
    """The weight of imputation: 2023, else 2022; a commune without either weighs nothing."""
    for colonne in ("population_2023", "P22_POP"):
        valeur = nombre(commune.get(colonne))
        if valeur is not None:
            return valeur
    return ZERO


def actifs_occupes(commune: Ligne) -> Decimal | None:
    lues = nombres(commune, ("actifs_15_64_2021", "chomeurs_15_64_2021"))
    return None if lues is None else max(lues[0] - lues[1], ZERO)


def tous(communes: Iterable[Ligne], calcul: Callable[[Ligne], Decimal | None]) -> Somme:
    return redresser((population(c), calcul(c)) for c in communes)


def par_epci(membres: Sequence[Membre], calcul: Callable[[Membre], Decimal | None]) -> Somme:
    return redresser((m.population, calcul(m)) for m in membres)


def fois(a: Decimal | None, b: Decimal | None) -> Decimal | None:
    return None if a is None or b is None else a * b


def grandeur(
    somme: Somme, source: str, millesime: str, confiance: Confiance, *composantes: Somme
) -> Grandeur:
    """The coverage is that of the least covered of the sums the figure is made of.

    An imputation above 5 % of the population brings the confidence down to C.
    """
    couverture = min(s.couverture for s in (somme, *composantes))
    if couverture < Decimal("0.95"):
        confiance = max(confiance, Confiance.C, key=lambda c: c.value)
    return Grandeur(somme.valeur, source, millesime, couverture, confiance)


def moyenne_ponderee(
    membres: Sequence[Membre],
    valeur: Callable[[Membre], Decimal | None],
    poids: Callable[[Membre], Decimal | None],
) -> Somme:
    """Weighted so that multiplying back by the total weight gives the sum of the EPCI."""
    masse = effectif = habitants = couverte = ZERO
    for membre in membres:
        v, p = valeur(membre), poids(membre)
        habitants += membre.population
        if v is not None and p is not None:
            masse += v * p
            effectif += p
            couverte += membre.population
    couverture = couverte / habitants if habitants else ZERO
    if couverture < SEUIL_COUVERTURE or effectif <= 0:
        return Somme(None, couverture)
    return Somme(masse / effectif, couverture)
