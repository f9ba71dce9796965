"""Income captured by a territory, by base, and the jobs it feeds: `docs/algorithmes/flux-de-revenus.md`."""

from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal

from arpent.metier.argent import formater_taux, partager
from arpent.metier.flux_revenus.donnees import Confiance, Donnees, Parametre
from arpent.metier.flux_revenus.fourchette import Fourchette, somme
from arpent.metier.flux_revenus.parametres import NUITS_RESIDENCE, PARAMETRES
from arpent.metier.flux_revenus.resultats import (
    LIBELLES_BASES,
    PARTS_NATIONALES,
    Base,
    Flux,
    Redistribution,
    Terme,
)
from arpent.metier.flux_revenus.termes import (
    JOURS,
    emplois_publics,
    nuits_marchandes,
    part_des_emplois_tenus_par_les_residents,
    produit,
    revenu_par_actif,
    tous_les_termes,
)

MILLION = Decimal(1_000_000)
DIXIEME = Decimal("0.1")

EFFET_D_ECHELLE = (
    "Plus un territoire est petit, plus ses habitants travaillent ailleurs et plus sa base résidentielle est "
    "grande : ne comparez que des territoires de taille voisine."
)
BASE_SOCIALE_PARTIELLE = (
    "La base sociale ne compte que les prestations sociales versées aux ménages : ni les allocations "
    "de chômage, ni les remboursements de soins. Sa part est minorée."
)
FILOSOFI_2021 = "Les revenus sont ceux de 2021, dernier millésime de Filosofi comparable dans le temps."


def estimer(donnees: Donnees, parametres: Sequence[Parametre] = PARAMETRES) -> Flux:
    """Captured income of the territory described by `donnees`; a missing figure removes its term, visibly.

    Shares are taken on central values, over the bases that could be estimated.
    """
    par_code = {p.code: p for p in parametres}
    termes = tous_les_termes(donnees, par_code)
    montants = {code: _montant(termes, code) for code in LIBELLES_BASES}
    total = somme(m for m in montants.values() if m is not None)
    parts = _parts(montants)
    population = donnees.population.valeur
    bases = tuple(
        Base(
            code=code,
            libelle=libelle,
            montant=montants[code],
            part=parts.get(code),
            par_habitant=_par_habitant(montants[code], population),
            part_nationale=PARTS_NATIONALES[code],
            termes=tuple(t for t in termes if t.base == code),
        )
        for code, libelle in LIBELLES_BASES.items()
    )
    return Flux(
        bases=bases,
        total=total,
        par_habitant=_par_habitant(total, population),
        redistribution=_redistribution(donnees, par_code, total),
        avertissements=_avertissements(donnees, termes),
        parametres=tuple(parametres),
    )


def _montant(termes: Sequence[Terme], base: str) -> Fourchette | None:
    return somme(t.montant for t in termes if t.base == base and t.montant is not None)


def _parts(montants: dict[str, Fourchette | None]) -> dict[str, Decimal]:
    """Shares to the ten-thousandth by largest remainder, so that they sum to exactly 1."""
    centraux = {code: m.central for code, m in montants.items() if m is not None}
    if not any(centraux.values()):
        return {}
    return {code: part / 100 for code, part in partager(Decimal("100.00"), centraux).items()}


def _par_habitant(montant: Fourchette | None, population: Decimal | None) -> Decimal | None:
    if montant is None or not population:
        return None
    return (montant.central / population).quantize(Decimal(1), rounding=ROUND_HALF_UP)


def _redistribution(
    donnees: Donnees, parametres: dict[str, Parametre], total: Fourchette | None
) -> Redistribution:
    emplois, productifs = donnees.emplois.fourchette, donnees.emplois_productifs.fourchette
    if emplois is None or productifs is None:
        return Redistribution(None, None, None, None)
    postes = productifs.reste_de(emplois)
    publics = emplois_publics(donnees, parametres)
    prives = None if publics is None else publics.reste_de(postes)
    des_residents, des_entrants = _revenus_presentiels(donnees, parametres, prives)
    population = donnees.population.valeur
    return Redistribution(
        postes_presentiels=postes.arrondie(),
        par_million_capte=_rapport(postes.central * MILLION, total.central if total else None),
        pour_1000_habitants=_rapport(postes.central * 1000, population),
        pour_1000_presents=_rapport(postes.central * 1000, _presents(donnees, parametres)),
        postes_prives=None if prives is None else prives.arrondie(),
        revenu_des_residents=des_residents,
        revenu_des_entrants=des_entrants,
    )


def _revenus_presentiels(
    donnees: Donnees, parametres: dict[str, Parametre], prives: Fourchette | None
) -> tuple[Fourchette | None, Fourchette | None]:
    """What private présentiel posts earn: the part of residents, the part of those who come in to work."""
    revenu, part = revenu_par_actif(donnees, parametres), part_des_emplois_tenus_par_les_residents(donnees)
    if prives is None or revenu is None or part is None:
        return None, None
    entrants = part.reste_de(Fourchette.exacte(Decimal(1)))
    return (prives * part * revenu).arrondie(), (prives * entrants * revenu).arrondie()


def _presents(donnees: Donnees, parametres: dict[str, Parametre]) -> Decimal | None:
    """Inhabitants plus visitor-nights ÷ 365: the average number of people who are there."""
    population, residences = donnees.population.valeur, donnees.residences_secondaires.valeur
    nuits = parametres.get(NUITS_RESIDENCE)
    if population is None or residences is None or nuits is None or nuits.valeur is None:
        return None
    marchandes = produit(nuits_marchandes(donnees, parametres))
    visiteurs = residences * nuits.valeur + (marchandes.central if marchandes else Decimal(0))
    return population + visiteurs / JOURS


def _rapport(numerateur: Decimal, denominateur: Decimal | None) -> Decimal | None:
    return (numerateur / denominateur).quantize(DIXIEME, rounding=ROUND_HALF_UP) if denominateur else None


def _avertissements(donnees: Donnees, termes: Sequence[Terme]) -> tuple[str, ...]:
    messages = [EFFET_D_ECHELLE, BASE_SOCIALE_PARTIELLE, FILOSOFI_2021]
    if donnees.sortants.note:
        messages.append(f"Navetteurs. {donnees.sortants.note}")
    messages.extend(f"{t.libelle}. {t.motif}" for t in termes if t.montant is None)
    messages.extend(
        f"{t.libelle} : données connues pour {formater_taux(t.couverture)} de la population, "
        "le reste est estimé au prorata."
        for t in termes
        if t.montant is not None and t.couverture < 1
    )
    messages.extend(f"{t.libelle} : valeur de démonstration." for t in termes if t.demonstration)
    if any(t.confiance is Confiance.D and t.montant is not None for t in termes):
        messages.append("Les termes de confiance D donnent un ordre de grandeur, pas une mesure.")
    messages.extend(donnees.notes)
    return tuple(dict.fromkeys(messages))
