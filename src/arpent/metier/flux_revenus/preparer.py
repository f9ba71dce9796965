"""From the columns of the public files to the quantities of one territory.

The platform hands plain mappings, one per commune and one per EPCI, whose keys are the columns named in
`colonnes`. A territory is any set of communes: a group of EPCI is computed as a whole, never as the sum of
its members' results. Official files, when loaded, are preferred to the approximations they replace.
"""

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal

from arpent.metier.flux_revenus import colonnes
from arpent.metier.flux_revenus.donnees import ABSENTE, Confiance, Donnees, Grandeur
from arpent.metier.flux_revenus.emplois import compter, lits_marchands
from arpent.metier.flux_revenus.lecture import CENT, Ligne, nombre, nombres
from arpent.metier.flux_revenus.membres import (
    ZERO,
    Membre,
    actifs_occupes,
    fois,
    grandeur,
    membres_de,
    moyenne_ponderee,
    par_epci,
    population,
    tous,
)
from arpent.metier.flux_revenus.navetteurs import (
    Navettes,
    estimer_sortants,
    part_locale,
    sortants_de_la_matrice,
)
from arpent.metier.flux_revenus.redressement import Somme, redresser
from arpent.metier.flux_revenus.revenu import moyenne_sur_mediane, unites_consommation

SANS_MILLESIME: Mapping[str, str] = {}


def preparer(
    communes: Sequence[Ligne],
    epci: Mapping[str, Ligne],
    mobilites: Sequence[Ligne] = (),
    flux: Sequence[Ligne] = (),
    *,
    navettes: Navettes | None = None,
    millesimes: Mapping[str, str] = SANS_MILLESIME,
) -> Donnees:
    """Quantities of the territory made of `communes` (merged columns, with `code_insee` and `epci_siren`).

    `epci` maps a SIREN to its row. `navettes` is read in the commuting matrix for this very territory;
    without it, `mobilites` and `flux` are the two tables of 2014, where they exist. `millesimes` gives the
    vintage of the official columns. Raises ValueError (French) when there is no commune, or when a cell is
    neither a number nor a known mark of absence.
    """
    if not communes:
        raise ValueError("Aucune commune n’est donnée : choisissez un territoire qui en compte au moins une.")
    membres = membres_de(communes, epci)
    actifs = tous(communes, actifs_occupes)
    emplois = compter(communes, membres, actifs, millesimes)
    habitants = redresser((population(c), nombre(c.get("population_2023"))) for c in communes)
    residences = tous(communes, lambda c: nombre(c.get("residences_secondaires_occasionnelles_2021")))
    retraites = tous(communes, _retraites)
    unites = tous(communes, _unites)
    sortants = sortants_de_la_matrice(navettes, actifs.valeur) if navettes else None
    if sortants is None:
        populations = {str(c.get("code_insee")): population(c) for c in communes}
        sortants = estimer_sortants(populations, mobilites, flux, actifs.valeur, emplois.total.valeur)
    return Donnees(
        nombre_communes=len(communes),
        nombre_epci=len(membres),
        population=grandeur(habitants, "INSEE, population légale", "2023", Confiance.A),
        actifs_occupes=grandeur(actifs, "INSEE, recensement", "2021", Confiance.B),
        emplois=emplois.total,
        emplois_productifs=emplois.productifs,
        emplois_administration=emplois.administration,
        emplois_publics=emplois.publics,
        sortants=sortants,
        part_locale=part_locale(navettes),
        retraites=grandeur(retraites, "INSEE, recensement", "2022", Confiance.B),
        niveau_vie_actifs=_niveau_de_vie(membres, actifs_occupes, actifs),
        niveau_vie_retraites=_niveau_de_vie(membres, _retraites, retraites),
        pensions=_pensions(communes, millesimes),
        revenu_disponible=grandeur(
            par_epci(membres, _revenu_disponible),
            "INSEE, Filosofi et recensement",
            "2021-2022",
            Confiance.C,
            unites,
        ),
        part_prestations=_part_prestations(membres, unites),
        residences_secondaires=grandeur(residences, "INSEE, recensement", "2021", Confiance.B),
        nuitees_marchandes=Grandeur(
            None, "Capacité et fréquentation des hébergements : non disponibles", "", ZERO, Confiance.D
        ),
        lits_marchands=lits_marchands(communes, millesimes),
        surface_km2=_surface(communes),
        notes=_notes(membres),
    )


def _notes(membres: Sequence[Membre]) -> tuple[str, ...]:
    notes = []
    for membre in membres:
        attendues = nombre(membre.ligne.get("n_communes"))
        if attendues is not None and attendues != len(membre.communes):
            notes.append(
                f"{membre.ligne.get('libelle')} : {len(membre.communes)} communes sur {attendues} sont dans "
                "le territoire ; les taux de l’intercommunalité entière leur sont appliqués."
            )
    return tuple(notes)


def _retraites(commune: Ligne) -> Decimal | None:
    """Population aged 15 and over × published share of pensioners in it."""
    lues = nombres(commune, ("P22_POP", "dm_0014_pct_22", "dsp_csp_retraites_pct_22"))
    if lues is None:
        return None
    effectif, enfants, retraites = lues
    return effectif * (CENT - enfants) / CENT * retraites / CENT


def _unites(commune: Ligne) -> Decimal | None:
    lues = nombres(commune, ("NBMENFISC21", "NBPERSMENFISC21", "dm_0014_pct_22"))
    return None if lues is None else unites_consommation(lues[0], lues[1], lues[2] / CENT)


def _revenu_disponible(membre: Membre) -> Decimal | None:
    rapport = nombre(membre.ligne.get("rev_ird9d1_21"))
    if rapport is None:
        return None
    masse = fois(membre.somme(_unites).valeur, nombre(membre.ligne.get("rev_med_21")))
    return fois(masse, moyenne_sur_mediane(rapport))


def _niveau_de_vie(
    membres: Sequence[Membre], personnes: Callable[[Ligne], Decimal | None], ensemble: Somme
) -> Grandeur:
    somme = moyenne_ponderee(
        membres, lambda m: nombre(m.ligne.get("rev_med_21")), lambda m: m.somme(personnes).valeur
    )
    source = "INSEE, Filosofi (niveau de vie médian des intercommunalités)"
    return grandeur(somme, source, "2021", Confiance.B, ensemble)


def _part_prestations(membres: Sequence[Membre], unites: Somme) -> Grandeur:
    somme = moyenne_ponderee(membres, lambda m: m.taux("rev_prestasoc_21"), _revenu_disponible)
    source = "INSEE, Filosofi (part des prestations sociales)"
    return grandeur(somme, source, "2021", Confiance.B, unites)


def _pensions(communes: Sequence[Ligne], millesimes: Mapping[str, str]) -> Grandeur:
    somme = tous(communes, lambda c: nombre(c.get(colonnes.PENSIONS)))
    if somme.valeur is None:
        return ABSENTE
    source = "DGFiP, IRCOM (pensions et retraites déclarées)"
    return grandeur(somme, source, millesimes.get(colonnes.PENSIONS, ""), Confiance.A)


def _surface(communes: Sequence[Ligne]) -> Decimal | None:
    """Square kilometres; None as soon as one commune has no area."""
    hectares = [nombre(c.get("surface_ha")) for c in communes]
    connues = [h for h in hectares if h is not None]
    return sum(connues, ZERO) / CENT if len(connues) == len(hectares) else None
