"""The seven terms of captured income: each is a product of factors, written out with its figures."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from arpent.metier.argent import formater_euros, formater_nombre, formater_taux
from arpent.metier.flux_revenus import parametres as codes
from arpent.metier.flux_revenus.donnees import Confiance, Donnees, Grandeur, Parametre, la_moins_bonne
from arpent.metier.flux_revenus.fourchette import Fourchette
from arpent.metier.flux_revenus.resultats import PRODUCTIVE, PUBLIQUE, RESIDENTIELLE, SOCIALE, Terme

UN = Decimal(1)
JOURS = Decimal(365)


@dataclass(frozen=True, slots=True)
class Facteur:
    """One factor of a term; a missing value names what is missing."""

    nom: str
    valeur: Fourchette | None
    ecrit: Callable[[Decimal], str]
    source: str = ""
    millesime: str = ""
    couverture: Decimal = UN
    confiance: Confiance = Confiance.C
    demonstration: bool = False


def _effectif(unite: str) -> Callable[[Decimal], str]:
    return lambda x: f"{formater_nombre(x)} {unite}"


def _euros(x: Decimal) -> str:
    """Cents only when a cent counts (spending per night); a median income is written to the euro."""
    return formater_euros(x, centimes=x < 1000 and x != x.to_integral_value())


def _multiple(x: Decimal) -> str:
    return formater_nombre(x, 2)


def _observe(nom: str, grandeur: Grandeur, ecrit: Callable[[Decimal], str]) -> Facteur:
    return Facteur(
        nom,
        grandeur.fourchette,
        ecrit,
        grandeur.source,
        grandeur.millesime,
        grandeur.couverture,
        grandeur.confiance,
    )


def _parametre(parametres: Mapping[str, Parametre], code: str, ecrit: Callable[[Decimal], str]) -> Facteur:
    parametre = parametres.get(code)
    if parametre is None:
        return Facteur(f"le paramètre « {code} »", None, ecrit)
    confiance = Confiance.D if parametre.demonstration else Confiance.C
    return Facteur(
        f"le paramètre « {parametre.libelle} »",
        parametre.fourchette,
        ecrit,
        parametre.source,
        confiance=confiance,
        demonstration=parametre.demonstration,
    )


def _terme(code: str, base: str, libelle: str, formule: str, facteurs: Sequence[Facteur]) -> Terme:
    manquants = [f.nom for f in facteurs if f.valeur is None]
    presents = [f for f in facteurs if f.valeur is not None]
    montant = None
    calcul = motif = ""
    if manquants:
        motif = f"Non estimé : il manque {', '.join(manquants)}."
    else:
        produit = Fourchette.exacte(UN)
        for facteur in presents:
            if facteur.valeur is not None:
                produit = produit * facteur.valeur
        montant = produit.arrondie()
        calcul = " × ".join(f.ecrit(f.valeur.central) for f in presents if f.valeur is not None)
    sources = dict.fromkeys(f.source for f in facteurs if f.source)
    millesimes = dict.fromkeys(f.millesime for f in facteurs if f.millesime)
    return Terme(
        code=code,
        base=base,
        libelle=libelle,
        formule=formule,
        calcul=calcul,
        montant=montant,
        source=" ; ".join(sources),
        millesime=", ".join(millesimes),
        couverture=min((f.couverture for f in facteurs), default=UN),
        confiance=la_moins_bonne(f.confiance for f in facteurs),
        motif=motif,
        demonstration=any(f.demonstration for f in facteurs),
    )


def part_des_emplois_tenus_par_les_residents(donnees: Donnees) -> Fourchette | None:
    """Read in the commuting matrix, else residents who work in the territory ÷ its jobs, at most 1.

    None when residents or jobs are unknown. Unknown commuters leave the highest possible share: everyone
    works in the territory (a note says so).
    """
    if donnees.part_locale.valeur is not None:
        return donnees.part_locale.fourchette
    actifs, emplois = donnees.actifs_occupes.fourchette, donnees.emplois.fourchette
    if actifs is None or emplois is None or emplois.bas <= 0:
        return None
    sortants = donnees.sortants.fourchette or Fourchette.exacte(Decimal(0))
    return (sortants.reste_de(actifs) / emplois).plafonnee(UN)


def revenu_par_actif(donnees: Donnees, parametres: Mapping[str, Parametre]) -> Fourchette | None:
    """Euros a year earned by one job."""
    parametre, niveau = parametres.get(codes.REVENU_ACTIVITE), donnees.niveau_vie_actifs.fourchette
    if parametre is None or parametre.fourchette is None or niveau is None:
        return None
    return parametre.fourchette * niveau


def emplois_publics(donnees: Donnees, parametres: Mapping[str, Parametre]) -> Fourchette | None:
    """Counted by Flores when it is loaded, else the assumed share of administration, health and schools."""
    if donnees.emplois_publics.valeur is not None:
        return donnees.emplois_publics.fourchette
    part, administration = parametres.get(codes.PART_PUBLIQUE), donnees.emplois_administration.fourchette
    if part is None or part.fourchette is None or administration is None:
        return None
    return administration * part.fourchette


def nuits_marchandes(donnees: Donnees, parametres: Mapping[str, Parametre]) -> tuple[Facteur, ...]:
    """The nights typed in for the territory, else those observed, else beds × days × occupancy."""
    saisies = parametres.get(codes.NUITEES)
    if saisies is not None and saisies.valeur is not None:
        return (_parametre(parametres, codes.NUITEES, _effectif("nuitées")),)
    if donnees.nuitees_marchandes.valeur is None and donnees.lits_marchands.valeur is not None:
        jours = Facteur("les jours de l’année", Fourchette.exacte(JOURS), _effectif("jours"))
        return (
            _observe("les lits marchands", donnees.lits_marchands, _effectif("lits")),
            jours,
            _parametre(parametres, codes.OCCUPATION, formater_taux),
        )
    return (_observe("les nuitées marchandes", donnees.nuitees_marchandes, _effectif("nuitées")),)


def produit(facteurs: Sequence[Facteur]) -> Fourchette | None:
    """None as soon as one factor is missing."""
    resultat = Fourchette.exacte(UN)
    for facteur in facteurs:
        if facteur.valeur is None:
            return None
        resultat = resultat * facteur.valeur
    return resultat


def tous_les_termes(donnees: Donnees, parametres: Mapping[str, Parametre]) -> tuple[Terme, ...]:
    return (*_termes_du_travail(donnees, parametres), *_termes_hors_travail(donnees, parametres))


def _termes_du_travail(donnees: Donnees, parametres: Mapping[str, Parametre]) -> tuple[Terme, ...]:
    revenu = _parametre(parametres, codes.REVENU_ACTIVITE, _multiple)
    niveau = _observe("le niveau de vie médian", donnees.niveau_vie_actifs, _euros)
    origine = donnees.sortants if donnees.part_locale.valeur is None else donnees.part_locale
    residents = Facteur(
        "la part des emplois tenus par des résidents",
        part_des_emplois_tenus_par_les_residents(donnees),
        formater_taux,
        origine.source,
        origine.millesime,
        origine.couverture,
        origine.confiance,
    )
    productifs = _observe("les emplois productifs", donnees.emplois_productifs, _effectif("emplois"))
    sortants = _observe("les navetteurs", donnees.sortants, _effectif("actifs"))
    return (
        _terme(
            "activites_productives",
            PRODUCTIVE,
            "Revenus des activités productives",
            "emplois productifs × part tenue par des résidents × revenu d’activité par actif "
            "× niveau de vie médian",
            (productifs, residents, revenu, niveau),
        ),
        _terme_public(donnees, parametres, (residents, revenu, niveau)),
        _terme(
            "navetteurs",
            RESIDENTIELLE,
            "Revenus des résidents qui travaillent hors du territoire",
            "navetteurs sortants × revenu d’activité par actif × niveau de vie médian",
            (sortants, revenu, niveau),
        ),
    )


def _terme_public(donnees: Donnees, parametres: Mapping[str, Parametre], suite: tuple[Facteur, ...]) -> Terme:
    fin = "× part tenue par des résidents × revenu d’activité par actif × niveau de vie médian"
    if donnees.emplois_publics.valeur is not None:
        formule = f"postes des employeurs publics {fin}"
        effectif: tuple[Facteur, ...] = (
            _observe("les postes publics", donnees.emplois_publics, _effectif("postes")),
        )
    else:
        formule = (
            "emplois de l’administration, de l’enseignement, de la santé et de l’action sociale "
            f"× part publique {fin}"
        )
        administration = donnees.emplois_administration
        effectif = (
            _observe("les emplois de l’administration", administration, _effectif("emplois")),
            _parametre(parametres, codes.PART_PUBLIQUE, formater_taux),
        )
    return _terme("emplois_publics", PUBLIQUE, "Revenus des emplois publics", formule, (*effectif, *suite))


def _terme_des_pensions(donnees: Donnees, parametres: Mapping[str, Parametre]) -> Terme:
    if donnees.pensions.valeur is not None:
        formule = "pensions et retraites déclarées à l’impôt sur le revenu"
        facteurs: tuple[Facteur, ...] = (
            _observe("les pensions déclarées", donnees.pensions, _euros_arrondis),
        )
    else:
        formule = "retraités × pension par retraité × niveau de vie médian"
        facteurs = (
            _observe("les retraités", donnees.retraites, _effectif("retraités")),
            _parametre(parametres, codes.PENSION, _multiple),
            _observe("le niveau de vie médian", donnees.niveau_vie_retraites, _euros),
        )
    return _terme("pensions", RESIDENTIELLE, "Pensions de retraite", formule, facteurs)


def _termes_hors_travail(donnees: Donnees, parametres: Mapping[str, Parametre]) -> tuple[Terme, ...]:
    return (
        _terme_des_pensions(donnees, parametres),
        _terme(
            "residences_secondaires",
            RESIDENTIELLE,
            "Dépenses des occupants de résidences secondaires",
            "résidences secondaires × nuits par résidence × dépense par nuit non marchande",
            (
                _observe(
                    "les résidences secondaires", donnees.residences_secondaires, _effectif("résidences")
                ),
                _parametre(parametres, codes.NUITS_RESIDENCE, _effectif("nuits")),
                _parametre(parametres, codes.DEPENSE_NON_MARCHANDE, _euros),
            ),
        ),
        _terme(
            "tourisme_marchand",
            RESIDENTIELLE,
            "Dépenses des touristes en hébergement marchand",
            "nuitées marchandes × dépense par nuit marchande",
            (
                *nuits_marchandes(donnees, parametres),
                _parametre(parametres, codes.DEPENSE_MARCHANDE, _euros),
            ),
        ),
        _terme(
            "prestations_sociales",
            SOCIALE,
            "Prestations sociales",
            "revenu disponible estimé × part des prestations sociales",
            (
                _observe("le revenu disponible", donnees.revenu_disponible, _euros_arrondis),
                _observe("la part des prestations sociales", donnees.part_prestations, formater_taux),
            ),
        ),
    )


def _euros_arrondis(x: Decimal) -> str:
    return formater_euros(x, centimes=False)
