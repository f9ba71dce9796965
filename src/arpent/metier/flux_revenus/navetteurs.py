"""Residents who work outside the territory, taken as a whole: bounds rather than one figure."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from arpent.metier.flux_revenus.donnees import ABSENTE, Confiance, Grandeur
from arpent.metier.flux_revenus.lecture import Ligne, nombre
from arpent.metier.flux_revenus.redressement import SEUIL_COUVERTURE

_ZERO = Decimal(0)
_SOURCE_SOLDE = "INSEE, recensement : actifs occupés résidents moins emplois (solde)"
_SOURCE_FLUX = (
    "INSEE, recensement 2014 : déplacements domicile-travail (flux de 100 actifs et plus, Occitanie)"
)


@dataclass(frozen=True, slots=True)
class Navettes:
    """The commuting of one territory taken as a whole, read in the commune × commune file.

    `internes` live and work in it, `sortants` live in it and work elsewhere, `entrants` the reverse.
    """

    internes: Decimal
    sortants: Decimal
    entrants: Decimal
    source: str
    millesime: str
    couverture: Decimal = Decimal(1)

    @property
    def taux_de_sortie(self) -> Decimal | None:
        residents = self.internes + self.sortants
        return self.sortants / residents if residents > 0 else None

    @property
    def part_locale(self) -> Decimal | None:
        """Share of the jobs held by residents."""
        emplois = self.internes + self.entrants
        return self.internes / emplois if emplois > 0 else None


def sortants_de_la_matrice(navettes: Navettes, actifs: Decimal | None) -> Grandeur | None:
    """Outgoing commuters: the rate of the file × the employed residents; None when it says nothing."""
    taux = navettes.taux_de_sortie
    if actifs is None or taux is None or navettes.couverture < SEUIL_COUVERTURE:
        return None
    note = "Enquête par sondage : les flux de moins de 200 actifs sont imprécis."
    return Grandeur(
        taux * actifs, navettes.source, navettes.millesime, navettes.couverture, Confiance.B, note=note
    )


def part_locale(navettes: Navettes | None) -> Grandeur:
    if navettes is None or navettes.part_locale is None or navettes.couverture < SEUIL_COUVERTURE:
        return ABSENTE
    return Grandeur(
        navettes.part_locale, navettes.source, navettes.millesime, navettes.couverture, Confiance.B
    )


def estimer_sortants(
    populations: dict[str, Decimal],
    mobilites: Sequence[Ligne],
    flux: Sequence[Ligne],
    actifs: Decimal | None,
    emplois: Decimal | None,
) -> Grandeur:
    """Outgoing commuters of the set of communes (keys of `populations`, current codes).

    With the 2014 tables: at least the published flows that leave the set, at most all who work outside
    their commune less the published flows that stay in the set; the middle is kept. Never under the balance
    (employed residents minus jobs). Without them, that balance alone, which is only a lower bound, and
    nothing (None) when it is not positive.
    """
    if actifs is None or emplois is None:
        return Grandeur(None, _SOURCE_SOLDE, "2021-2022", _ZERO, Confiance.D)
    solde = max(actifs - emplois, _ZERO)
    taux = taux_2014(populations, mobilites, flux)
    if taux is None:
        return _solde_seul(solde)
    minimum, maximum, couverture = taux
    bas = max(minimum * actifs, solde)
    haut = max(maximum * actifs, bas)
    note = "Milieu de deux bornes : les flux de moins de 100 actifs ne sont pas publiés."
    central = (bas + haut) / 2
    return Grandeur(central, _SOURCE_FLUX, "2014", couverture, Confiance.D, bas, haut, note)


def _solde_seul(solde: Decimal) -> Grandeur:
    """A null balance says nothing about those who leave: the figure is missing, not zero."""
    note = (
        "Sans tableau des déplacements, seul le solde entre actifs et emplois est connu : les navetteurs "
        "sont sous-estimés, et les revenus des emplois tenus par des résidents surestimés."
    )
    valeur = solde if solde > 0 else None
    return Grandeur(valeur, _SOURCE_SOLDE, "2021-2022", Decimal(1), Confiance.D, note=note)


def taux_2014(
    populations: dict[str, Decimal], mobilites: Sequence[Ligne], flux: Sequence[Ligne]
) -> tuple[Decimal, Decimal, Decimal] | None:
    """Lowest and highest share of employed residents working outside, and population covered."""
    actifs = hors_commune = _ZERO
    couvertes: set[str] = set()
    for ligne in mobilites:
        code = str(ligne.get("code_insee_2025"))
        occupes, sortis = nombre(ligne.get("actifs_2014")), nombre(ligne.get("travaillent_hors_commune_2014"))
        if code in populations and occupes is not None and sortis is not None:
            actifs += occupes
            hors_commune += sortis
            couvertes.add(code)
    population = sum(populations.values(), _ZERO)
    couverture = sum((populations[c] for c in couvertes), _ZERO) / population if population else _ZERO
    if couverture < SEUIL_COUVERTURE or actifs <= 0:
        return None
    internes, quittent = _flux_publies(populations, flux)
    maximum = max(hors_commune - internes, _ZERO) / actifs
    return min(quittent / actifs, maximum), maximum, couverture


def _flux_publies(populations: dict[str, Decimal], flux: Sequence[Ligne]) -> tuple[Decimal, Decimal]:
    """Published flows between communes of the set, and from the set to elsewhere.

    Communes are told apart by their code of the time: a flow between two communes merged since then was
    counted as leaving its commune, and is internal today.
    """
    internes = quittent = _ZERO
    for ligne in flux:
        valeur = nombre(ligne.get("flux_2014"))
        meme_commune = ligne.get("code_residence") == ligne.get("code_travail")
        if valeur is None or meme_commune or str(ligne.get("code_residence_2025")) not in populations:
            continue
        if str(ligne.get("code_travail_2025")) in populations:
            internes += valeur
        else:
            quittent += valeur
    return internes, quittent
