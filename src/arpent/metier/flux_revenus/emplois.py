"""Jobs of a territory: how many, how many sell outside, how many are paid by public employers.

The official files (census at the place of work, Flores by sphere and employer) are preferred; without them
the published rates of the EPCI are applied to the employed residents.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from arpent.metier.flux_revenus import colonnes
from arpent.metier.flux_revenus.donnees import ABSENTE, Confiance, Grandeur
from arpent.metier.flux_revenus.lecture import Ligne, nombre, nombres
from arpent.metier.flux_revenus.membres import ZERO, Membre, actifs_occupes, fois, grandeur, par_epci, tous
from arpent.metier.flux_revenus.redressement import Somme

_RP, _FLORES = "INSEE, recensement (emplois au lieu de travail)", "INSEE, Flores"


@dataclass(frozen=True, slots=True)
class Emplois:
    """`publics` is absent until Flores is loaded: `administration` × a parameter stands for it."""

    total: Grandeur
    productifs: Grandeur
    administration: Grandeur
    publics: Grandeur


def compter(
    communes: Sequence[Ligne], membres: Sequence[Membre], actifs: Somme, millesimes: Mapping[str, str]
) -> Emplois:
    officiel = tous(communes, lambda c: nombre(c.get(colonnes.EMPLOIS)))
    if officiel.valeur is None:
        total = grandeur(par_epci(membres, _emplois), "INSEE, recensement", "2021-2022", Confiance.C, actifs)
    else:
        total = grandeur(officiel, _RP, millesimes.get(colonnes.EMPLOIS, ""), Confiance.B)
    postes = [tous(communes, lambda c, nom=nom: nombre(c.get(nom))) for nom in colonnes.POSTES]  # type: ignore[misc]
    productifs = publics = None
    if all(p.valeur is not None for p in postes):
        publics = _publics(postes, millesimes)
        productifs = _productifs_de_flores(communes, membres, total, postes, millesimes)
    return Emplois(
        total,
        productifs or _productifs_des_taux(membres, actifs),
        _administration(communes, membres, actifs, millesimes),
        publics or ABSENTE,
    )


def _emplois(membre: Membre) -> Decimal | None:
    """Counted at the place of work, else employed residents × published ratio of jobs to them."""
    officiel = membre.somme(lambda c: nombre(c.get(colonnes.EMPLOIS))).valeur
    return (
        officiel
        if officiel is not None
        else fois(membre.somme(actifs_occupes).valeur, membre.taux("eco_ratio_emplt_actoc_22"))
    )


def _administration(
    communes: Sequence[Ligne], membres: Sequence[Membre], actifs: Somme, millesimes: Mapping[str, str]
) -> Grandeur:
    officiel = tous(communes, lambda c: nombre(c.get(colonnes.EMPLOIS_ADMINISTRATION)))
    if officiel.valeur is not None:
        return grandeur(officiel, _RP, millesimes.get(colonnes.EMPLOIS_ADMINISTRATION, ""), Confiance.B)
    somme = par_epci(membres, lambda m: fois(_emplois(m), m.taux("eco_sectadmin_pct_22")))
    return grandeur(somme, "INSEE, recensement", "2021-2022", Confiance.C, actifs)


def _publics(postes: Sequence[Somme], millesimes: Mapping[str, str]) -> Grandeur:
    """Posts of public employers, whatever they are for."""
    valeurs = [p.valeur or ZERO for p in postes]
    somme = Somme(valeurs[1] + valeurs[3], min(p.couverture for p in postes))
    return grandeur(somme, _FLORES, millesimes.get(colonnes.POSTES_PRODUCTIFS_PUBLICS, ""), Confiance.A)


def _productifs_de_flores(
    communes: Sequence[Ligne],
    membres: Sequence[Membre],
    total: Grandeur,
    postes: Sequence[Somme],
    millesimes: Mapping[str, str],
) -> Grandeur | None:
    """Private posts that sell outside, and the farmers Flores does not count, no more than it leaves out."""
    prives, tous_postes = postes[0].valeur, sum((p.valeur or ZERO for p in postes), ZERO)
    agricoles = _agricoles(communes, membres, total.valeur)
    if prives is None or agricoles is None or total.valeur is None:
        return None
    non_salaries = max(total.valeur - tous_postes, ZERO)
    somme = Somme(prives + min(agricoles, non_salaries), min(p.couverture for p in postes))
    millesime = millesimes.get(colonnes.POSTES_PRODUCTIFS_PRIVES, "")
    mesure = grandeur(somme, f"{_FLORES} (sphères) et recensement", millesime, Confiance.B)
    note = "Les exploitants agricoles, absents de Flores, sont comptés comme productifs."
    return replace(mesure, bas=prives, note=note)


def _agricoles(
    communes: Sequence[Ligne], membres: Sequence[Membre], emplois: Decimal | None
) -> Decimal | None:
    officiel = tous(communes, lambda c: nombre(c.get(colonnes.EMPLOIS_AGRICOLES))).valeur
    if officiel is not None:
        return officiel
    part = par_epci(membres, lambda m: fois(m.taux("eco_sectagri_pct_22"), m.population))
    habitants = sum((m.population for m in membres), ZERO)
    return None if part.valeur is None or habitants <= 0 else fois(emplois, part.valeur / habitants)


def _productifs_des_taux(membres: Sequence[Membre], actifs: Somme) -> Grandeur:
    """Jobs not meant for the people present; the low value is the share published by Flores alone.

    Flores counts salaried posts only: all farm jobs of the census are added as productive, and the Flores
    share is applied to the other jobs.
    """

    def agricoles_et_autres(membre: Membre) -> Decimal | None:
        emplois, agricole = _emplois(membre), membre.taux("eco_sectagri_pct_22")
        presentielle = membre.taux("eco_emp_pres_pct_23")
        if emplois is None or agricole is None or presentielle is None:
            return None
        return emplois * (agricole + (1 - agricole) * (1 - presentielle))

    def salaries(membre: Membre) -> Decimal | None:
        presentielle = membre.taux("eco_emp_pres_pct_23")
        return None if presentielle is None else fois(_emplois(membre), 1 - presentielle)

    central, bas = par_epci(membres, agricoles_et_autres), par_epci(membres, salaries)
    note = "Les exploitants agricoles, absents de Flores, sont comptés comme productifs."
    source = "INSEE, recensement et Flores (sphères)"
    plancher = None if central.valeur is None or bas.valeur is None else min(bas.valeur, central.valeur)
    mesure = grandeur(central, source, "2021-2023", Confiance.C, actifs)
    return replace(mesure, bas=plancher, note=note)


def lits_marchands(communes: Sequence[Ligne], millesimes: Mapping[str, str]) -> Grandeur:
    """Beds for visitors: 2 a hotel room, 3 a pitch, and the beds of the other lodgings."""

    def lits(commune: Ligne) -> Decimal | None:
        lus = nombres(commune, (colonnes.CHAMBRES, colonnes.EMPLACEMENTS, *colonnes.AUTRES_LITS))
        return None if lus is None else 2 * lus[0] + 3 * lus[1] + sum(lus[2:])

    somme = tous(communes, lits)
    if somme.valeur is None:
        return ABSENTE
    source = "INSEE, capacité des hébergements touristiques"
    return grandeur(somme, source, millesimes.get(colonnes.CHAMBRES, ""), Confiance.B)
