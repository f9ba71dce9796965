"""Default parameters: every value has its origin, and the user may replace any of them."""

from datetime import date
from decimal import Decimal

from arpent.metier.flux_revenus.donnees import Parametre

_CALAGE_FILOSOFI = (
    "Calcul Arpent : médiane et quartiles des 5 234 communes dont la décomposition du revenu est publiée "
    "(INSEE, Filosofi 2021 ; recensement 2021 et 2022)"
)
_DEPENSES = "Valeurs rassemblées par etourisme.info (?p=58697)"

REVENU_ACTIVITE = "revenu_activite_par_actif"
PENSION = "pension_par_retraite"
PART_PUBLIQUE = "part_publique_administration"
NUITS_RESIDENCE = "nuits_par_residence_secondaire"
DEPENSE_NON_MARCHANDE = "depense_nuit_non_marchande"
DEPENSE_MARCHANDE = "depense_nuit_marchande"
OCCUPATION = "taux_occupation_lits"
NUITEES = "nuitees_marchandes"

PARAMETRES: tuple[Parametre, ...] = (
    Parametre(
        REVENU_ACTIVITE,
        "Revenu d’activité par actif occupé, en multiple du niveau de vie médian local",
        Decimal("1.23"),
        Decimal("1.17"),
        Decimal("1.30"),
        "fois le niveau de vie médian",
        _CALAGE_FILOSOFI,
        date(2021, 12, 31),
    ),
    Parametre(
        PENSION,
        "Pension par retraité, en multiple du niveau de vie médian local",
        Decimal("0.87"),
        Decimal("0.80"),
        Decimal("0.94"),
        "fois le niveau de vie médian",
        _CALAGE_FILOSOFI,
        date(2021, 12, 31),
    ),
    Parametre(
        PART_PUBLIQUE,
        "Part des emplois publics parmi ceux de l’administration, de l’enseignement, de la santé "
        "et de l’action sociale",
        Decimal("0.55"),
        Decimal("0.45"),
        Decimal("0.65"),
        "part de 0 à 1",
        "Calcul Arpent : calage sur le rapport national des bases publique et productive (10 % et 22 %, "
        "rapport du Sénat r12-271) ; marge conventionnelle de 0,10",
        date(2022, 12, 31),
    ),
    Parametre(
        NUITS_RESIDENCE,
        "Nuits passées dans une résidence secondaire",
        Decimal(109),
        None,
        None,
        "nuits-personnes par an",
        "294 millions de nuits pour 2,7 millions de logements (Atout France, cité le 11 février 2011)",
        date(2011, 2, 11),
    ),
    Parametre(
        DEPENSE_NON_MARCHANDE,
        "Dépense par nuit non marchande",
        Decimal("48.90"),
        None,
        Decimal("62.00"),
        "euros par personne et par nuit",
        f"{_DEPENSES} : Béarn-Pays basque 48,90 € ; haut : résidents de Nouvelle-Aquitaine, 62 €",
        None,
    ),
    Parametre(
        DEPENSE_MARCHANDE,
        "Dépense par nuit marchande",
        Decimal("105.70"),
        Decimal("65.00"),
        None,
        "euros par personne et par nuit",
        f"{_DEPENSES} : Béarn-Pays basque 105,70 € ; bas : visiteurs français de Nouvelle-Aquitaine, 65 €",
        None,
    ),
    Parametre(
        OCCUPATION,
        "Taux d’occupation des lits marchands sur l’année entière",
        Decimal("0.25"),
        Decimal("0.15"),
        Decimal("0.35"),
        "part de 0 à 1",
        "Valeur supposée, à remplacer par celle du comité départemental ou régional du tourisme",
        None,
        demonstration=True,
    ),
    Parametre(
        NUITEES,
        "Nuitées en hébergement marchand constatées dans le territoire",
        None,
        None,
        None,
        "nuits-personnes par an",
        "Aucune valeur par défaut : à saisir d’après la taxe de séjour ou l’observatoire du tourisme",
        None,
    ),
)
