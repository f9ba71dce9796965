"""From the columns of the public files to the quantities of one territory.

The platform hands plain mappings, one per commune and one per EPCI, whose keys are the columns of the
extracts (population, rp2022, filosofi_2021, logement, indicateurs_epci, mobilites_pro_*). A territory is
any set of communes: a group of EPCI is computed as a whole, never as the sum of its members' results.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from arpent.metier.flux_revenus.donnees import Confiance, Donnees, Grandeur
from arpent.metier.flux_revenus.lecture import CENT, Ligne, nombre, nombres
from arpent.metier.flux_revenus.navetteurs import estimer_sortants
from arpent.metier.flux_revenus.redressement import SEUIL_COUVERTURE, Somme, redresser
from arpent.metier.flux_revenus.revenu import moyenne_sur_mediane, unites_consommation

_ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class _Membre:
    """The communes of the territory that belong to one EPCI, and the published row of that EPCI."""

    ligne: Ligne
    communes: tuple[Ligne, ...]

    @property
    def population(self) -> Decimal:
        return sum((_population(c) for c in self.communes), _ZERO)

    def somme(self, calcul: Callable[[Ligne], Decimal | None]) -> Somme:
        return redresser((_population(c), calcul(c)) for c in self.communes)

    def taux(self, colonne: str) -> Decimal | None:
        """A published percentage of the EPCI, as a share from 0 to 1 (or more for a ratio)."""
        valeur = nombre(self.ligne.get(colonne))
        return None if valeur is None else valeur / CENT


def preparer(
    communes: Sequence[Ligne],
    epci: Mapping[str, Ligne],
    mobilites: Sequence[Ligne] = (),
    flux: Sequence[Ligne] = (),
) -> Donnees:
    """Quantities of the territory made of `communes` (merged columns, with `epci_siren`).

    `epci` maps a SIREN to its row of indicateurs_epci. `mobilites` and `flux` are the two 2014 commuting
    tables, when they cover the territory. Raises ValueError (French) when there is no commune, or when a
    cell is neither a number nor a known mark of absence.
    """
    if not communes:
        raise ValueError("Aucune commune n’est donnée : choisissez un territoire qui en compte au moins une.")
    membres = _membres(communes, epci)
    actifs = _tous(communes, _actifs_occupes)
    emplois = _par_epci(membres, _emplois)
    populations = {str(c.get("code_insee")): _population(c) for c in communes}
    population = redresser((_population(c), nombre(c.get("population_2023"))) for c in communes)
    residences = _tous(communes, lambda c: nombre(c.get("residences_secondaires_occasionnelles_2021")))
    retraites = _tous(communes, _retraites)
    unites = _tous(communes, _unites)
    return Donnees(
        nombre_communes=len(communes),
        nombre_epci=len(membres),
        population=_grandeur(population, "INSEE, population légale", "2023", Confiance.A),
        actifs_occupes=_grandeur(actifs, "INSEE, recensement", "2021", Confiance.B),
        emplois=_grandeur(emplois, "INSEE, recensement", "2021-2022", Confiance.C, actifs),
        emplois_productifs=_emplois_productifs(membres, actifs),
        emplois_administration=_grandeur(
            _par_epci(membres, lambda m: _fois(_emplois(m), m.taux("eco_sectadmin_pct_22"))),
            "INSEE, recensement",
            "2021-2022",
            Confiance.C,
            actifs,
        ),
        sortants=estimer_sortants(populations, mobilites, flux, actifs.valeur, emplois.valeur),
        retraites=_grandeur(retraites, "INSEE, recensement", "2022", Confiance.B),
        niveau_vie_actifs=_niveau_de_vie(membres, _actifs_occupes, actifs),
        niveau_vie_retraites=_niveau_de_vie(membres, _retraites, retraites),
        revenu_disponible=_grandeur(
            _par_epci(membres, _revenu_disponible),
            "INSEE, Filosofi et recensement",
            "2021-2022",
            Confiance.C,
            unites,
        ),
        part_prestations=_part_prestations(membres, unites),
        residences_secondaires=_grandeur(residences, "INSEE, recensement", "2021", Confiance.B),
        nuitees_marchandes=Grandeur(
            None, "Capacité et fréquentation des hébergements : non disponibles", "", _ZERO, Confiance.D
        ),
        notes=_notes(membres),
    )


def _membres(communes: Iterable[Ligne], epci: Mapping[str, Ligne]) -> tuple[_Membre, ...]:
    groupes: dict[str, list[Ligne]] = {}
    for commune in communes:
        groupes.setdefault(str(commune.get("epci_siren") or ""), []).append(commune)
    return tuple(_Membre(epci.get(siren, {}), tuple(lignes)) for siren, lignes in sorted(groupes.items()))


def _notes(membres: Sequence[_Membre]) -> tuple[str, ...]:
    notes = []
    for membre in membres:
        attendues = nombre(membre.ligne.get("n_communes"))
        if attendues is not None and attendues != len(membre.communes):
            notes.append(
                f"{membre.ligne.get('libelle')} : {len(membre.communes)} communes sur {attendues} sont dans "
                "le territoire ; les taux de l’intercommunalité entière leur sont appliqués."
            )
    return tuple(notes)


# --- one commune ----------------------------------------------------------------------------------


def _population(commune: Ligne) -> Decimal:
    """The weight of imputation: 2023, else 2022; a commune without either weighs nothing."""
    for colonne in ("population_2023", "P22_POP"):
        valeur = nombre(commune.get(colonne))
        if valeur is not None:
            return valeur
    return _ZERO


def _actifs_occupes(commune: Ligne) -> Decimal | None:
    lues = nombres(commune, ("actifs_15_64_2021", "chomeurs_15_64_2021"))
    return None if lues is None else max(lues[0] - lues[1], _ZERO)


def _retraites(commune: Ligne) -> Decimal | None:
    """Population aged 15 and over × published share of pensioners in it."""
    lues = nombres(commune, ("P22_POP", "dm_0014_pct_22", "dsp_csp_retraites_pct_22"))
    if lues is None:
        return None
    population, enfants, retraites = lues
    return population * (CENT - enfants) / CENT * retraites / CENT


def _unites(commune: Ligne) -> Decimal | None:
    lues = nombres(commune, ("NBMENFISC21", "NBPERSMENFISC21", "dm_0014_pct_22"))
    return None if lues is None else unites_consommation(lues[0], lues[1], lues[2] / CENT)


# --- one EPCI, then the territory -----------------------------------------------------------------


def _fois(a: Decimal | None, b: Decimal | None) -> Decimal | None:
    return None if a is None or b is None else a * b


def _emplois(membre: _Membre) -> Decimal | None:
    return _fois(membre.somme(_actifs_occupes).valeur, membre.taux("eco_ratio_emplt_actoc_22"))


def _revenu_disponible(membre: _Membre) -> Decimal | None:
    rapport = nombre(membre.ligne.get("rev_ird9d1_21"))
    if rapport is None:
        return None
    masse = _fois(membre.somme(_unites).valeur, nombre(membre.ligne.get("rev_med_21")))
    return _fois(masse, moyenne_sur_mediane(rapport))


def _tous(communes: Iterable[Ligne], calcul: Callable[[Ligne], Decimal | None]) -> Somme:
    return redresser((_population(c), calcul(c)) for c in communes)


def _par_epci(membres: Sequence[_Membre], calcul: Callable[[_Membre], Decimal | None]) -> Somme:
    return redresser((m.population, calcul(m)) for m in membres)


def _grandeur(
    somme: Somme, source: str, millesime: str, confiance: Confiance, *composantes: Somme
) -> Grandeur:
    """The coverage is that of the least covered of the sums the figure is made of.

    An imputation above 5 % of the population brings the confidence down to C.
    """
    couverture = min(s.couverture for s in (somme, *composantes))
    if couverture < Decimal("0.95"):
        confiance = max(confiance, Confiance.C, key=lambda c: c.value)
    return Grandeur(somme.valeur, source, millesime, couverture, confiance)


def _emplois_productifs(membres: Sequence[_Membre], actifs: Somme) -> Grandeur:
    """Jobs not meant for the people present; the low value is the share published by Flores alone.

    Flores counts salaried posts only: all farm jobs of the census are added as productive, and the Flores
    share is applied to the other jobs.
    """

    def agricoles_et_autres(membre: _Membre) -> Decimal | None:
        emplois, agricole = _emplois(membre), membre.taux("eco_sectagri_pct_22")
        presentielle = membre.taux("eco_emp_pres_pct_23")
        if emplois is None or agricole is None or presentielle is None:
            return None
        return emplois * (agricole + (1 - agricole) * (1 - presentielle))

    def salaries(membre: _Membre) -> Decimal | None:
        presentielle = membre.taux("eco_emp_pres_pct_23")
        return None if presentielle is None else _fois(_emplois(membre), 1 - presentielle)

    central, bas = _par_epci(membres, agricoles_et_autres), _par_epci(membres, salaries)
    note = "Les exploitants agricoles, absents de Flores, sont comptés comme productifs."
    source = "INSEE, recensement et Flores (sphères)"
    plancher = None if central.valeur is None or bas.valeur is None else min(bas.valeur, central.valeur)
    grandeur = _grandeur(central, source, "2021-2023", Confiance.C, actifs)
    return replace(grandeur, bas=plancher, note=note)


def _moyenne_ponderee(
    membres: Sequence[_Membre],
    valeur: Callable[[_Membre], Decimal | None],
    poids: Callable[[_Membre], Decimal | None],
) -> Somme:
    """Weighted so that multiplying back by the total weight gives the sum of the EPCI."""
    masse = effectif = population = couverte = _ZERO
    for membre in membres:
        v, p = valeur(membre), poids(membre)
        population += membre.population
        if v is not None and p is not None:
            masse += v * p
            effectif += p
            couverte += membre.population
    couverture = couverte / population if population else _ZERO
    if couverture < SEUIL_COUVERTURE or effectif <= 0:
        return Somme(None, couverture)
    return Somme(masse / effectif, couverture)


def _niveau_de_vie(
    membres: Sequence[_Membre], personnes: Callable[[Ligne], Decimal | None], ensemble: Somme
) -> Grandeur:
    somme = _moyenne_ponderee(
        membres, lambda m: nombre(m.ligne.get("rev_med_21")), lambda m: m.somme(personnes).valeur
    )
    source = "INSEE, Filosofi (niveau de vie médian des intercommunalités)"
    return _grandeur(somme, source, "2021", Confiance.B, ensemble)


def _part_prestations(membres: Sequence[_Membre], unites: Somme) -> Grandeur:
    somme = _moyenne_ponderee(membres, lambda m: m.taux("rev_prestasoc_21"), _revenu_disponible)
    source = "INSEE, Filosofi (part des prestations sociales)"
    return _grandeur(somme, source, "2021", Confiance.B, unites)
