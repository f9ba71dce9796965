"""From what Filosofi publishes (households, persons, median, decile ratio) to a mass of income."""

from decimal import Decimal

# Standard normal quantile of the ninth decile: ln(D9/D1) spans twice this many standard deviations.
QUANTILE_NEUVIEME_DECILE = Decimal("1.2815515655446004")
AUTRE_ADULTE = Decimal("0.5")
ENFANT = Decimal("0.3")


def unites_consommation(menages: Decimal, personnes: Decimal, part_moins_de_15_ans: Decimal) -> Decimal:
    """Consumption units by INSEE's scale: 1 for the first adult, 0.5 for the others, 0.3 under 14.

    The published age group is 0-14, so children of 14 are counted 0.3: a bias of less than one per cent.
    """
    enfants = min(personnes * part_moins_de_15_ans, personnes - menages)
    return menages + AUTRE_ADULTE * (personnes - menages - enfants) + ENFANT * enfants


def moyenne_sur_mediane(rapport_d9_d1: Decimal) -> Decimal:
    """Mean over median of a log-normal distribution that has this D9/D1 ratio: exp(σ²/2)."""
    if rapport_d9_d1 < 1:
        raise ValueError("Le rapport interdécile D9/D1 ne peut pas être inférieur à 1.")
    sigma = rapport_d9_d1.ln() / (2 * QUANTILE_NEUVIEME_DECILE)
    return (sigma * sigma / 2).exp()
