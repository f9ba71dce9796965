"""Where the two income coefficients come from: the communes whose income breakdown is published.

Kept as code so that the coefficients can be computed again from a newer official file.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from arpent.metier.flux_revenus.lecture import CENT, Cellule, nombre, nombres
from arpent.metier.flux_revenus.revenu import moyenne_sur_mediane, unites_consommation

_COLONNES = (
    "NBMENFISC21", "NBPERSMENFISC21", "PTSA21", "PBEN21", "PPEN21", "D121", "D921", "P22_POP",
    "dm_0014_pct_22", "dsp_csp_retraites_pct_22", "actifs_15_64_2021", "chomeurs_15_64_2021",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Quartiles:
    bas: Decimal
    central: Decimal
    haut: Decimal


@dataclass(frozen=True, slots=True)
class Coefficients:
    """Both are multiples of the local median standard of living."""

    revenu_activite: Quartiles
    pension: Quartiles
    communes: int


def deriver_coefficients(communes: Iterable[Mapping[str, Cellule]]) -> Coefficients:
    """Quartiles over the communes with a full Filosofi breakdown (one mapping per commune, merged columns).

    Activity income counts wages and self-employment, not unemployment benefit. The local median cancels
    out: a commune's disposable income is (consumption units × mean-to-median ratio) medians.
    Raises ValueError (French) under four usable communes.
    """
    activites: list[Decimal] = []
    pensions: list[Decimal] = []
    for commune in communes:
        couple = _coefficients_commune(commune)
        if couple is not None:
            activites.append(couple[0])
            pensions.append(couple[1])
    if len(activites) < 4:
        raise ValueError(
            "Moins de quatre communes ont une décomposition complète du revenu : "
            "fournissez un fichier Filosofi plus étendu."
        )
    return Coefficients(_quartiles(activites), _quartiles(pensions), len(activites))


def _coefficients_commune(commune: Mapping[str, Cellule]) -> tuple[Decimal, Decimal] | None:
    lues = nombres(commune, _COLONNES)
    if lues is None or nombre(commune.get("MED21")) is None:
        return None
    (
        menages,
        personnes,
        salaires,
        independants,
        pensions,
        d1,
        d9,
        population,
        enfants,
        retraites,
        actifs,
        ch,
    ) = lues
    nombre_retraites = population * (CENT - enfants) * retraites / CENT**2
    occupes = actifs - ch
    if min(nombre_retraites, occupes, d1) <= 0 or d9 < d1:
        return None
    unites = unites_consommation(menages, personnes, enfants / CENT)
    revenu = unites * moyenne_sur_mediane(d9 / d1)
    return revenu * (salaires + independants) / CENT / occupes, revenu * pensions / CENT / nombre_retraites


def _quartiles(valeurs: list[Decimal]) -> Quartiles:
    """Linear interpolation between ordered values (the usual definition of spreadsheets)."""
    ordonnees = sorted(valeurs)

    def rang(part: Decimal) -> Decimal:
        position = part * (len(ordonnees) - 1)
        dessous = int(position)
        dessus = min(dessous + 1, len(ordonnees) - 1)
        return ordonnees[dessous] + (position - dessous) * (ordonnees[dessus] - ordonnees[dessous])

    return Quartiles(rang(Decimal("0.25")), rang(Decimal("0.5")), rang(Decimal("0.75")))
