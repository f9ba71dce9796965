"""Rules that look at the owner's earlier aids: ceilings of a period, cadence, drawing rights, spreading."""

from decimal import Decimal as D
from typing import Any

import pytest

from arpent.metier.reglement import AideAnterieure, ReglementInvalide, Verdict, lire_reglement
from tests.metier.reglement.fabrique import LE, constat, donnees, enonce, evaluer, simple


def aide(annee: int, montant: str, assiette: str = "0.00", **champs: Any) -> AideAnterieure:
    return AideAnterieure(annee, D(montant), D(assiette), **champs)


HISTORIQUE = (
    aide(2023, "9000.00", "30000.00", theme="voirie", categorie="route", soldee=True),
    aide(2024, "4000.00", "20000.00", theme="sport", categorie="stade", famille="tirage", soldee=True),
    aide(2026, "1000.00", "5000.00", theme="voirie", categorie="pont", famille="tirage", soldee=True),
)
PLAFOND: dict[str, Any] = {"genre": "plafond_periode", "montant": "20 000 €"}


@pytest.mark.parametrize(
    ("cles", "champs", "plafond", "extrait"),
    [
        ({}, {}, "19000.00", "Période 2026 : 20 000,00 € − 1 000,00 € déjà attribués = 19 000,00 €"),
        ({"annees": 3}, {}, "15000.00", "Période 2024-2026"),
        ({"annees": 4}, {}, "6000.00", "Période 2023-2026"),
        ({"annees": 3, "depuis": 2024}, {}, "15000.00", "Période 2024-2026"),
        ({"annees": 3, "depuis": 2024}, {"annee": 2024}, "15000.00", "Période 2024-2026"),
        ({"annees": 4, "perimetre": "theme"}, {}, "10000.00", "10 000,00 €"),
        ({"annees": 4, "perimetre": "categorie"}, {"categorie": "stade"}, "16000.00", "16 000,00 €"),
        ({"annees": 4, "montant": "13 000 €"}, {}, "0.00", "= −1 000,00 €, donc aucune aide possible"),
    ],
)
def test_le_plafond_d_une_periode_compte_les_aides_anterieures(
    cles: dict[str, Any], champs: dict[str, Any], plafond: str, extrait: str
) -> None:
    obtenu = constat({**PLAFOND, **cles}, aides_anterieures=HISTORIQUE, **champs)
    assert obtenu.plafond == D(plafond)
    assert extrait in simple(obtenu.calcul)


@pytest.mark.parametrize("genre", ["plafond_periode", "plafond_assiette_periode"])
@pytest.mark.parametrize(
    ("cles", "champs", "verdict", "extrait"),
    [
        ({}, {}, Verdict.A_VERIFIER, "les aides antérieures du maître d’ouvrage"),
        ({"montant": {"valeur": None}}, {}, Verdict.A_VERIFIER, "n’est pas renseigné"),
        ({"depuis": 2016, "annees": 3}, {}, Verdict.SANS_OBJET, "de 2026, est hors de la période 2016-2018"),
        ({"depuis": 2027}, {}, Verdict.SANS_OBJET, "hors de la période 2027"),
    ],
)
def test_une_periode_qui_ne_peut_pas_jouer_ne_plafonne_rien(
    genre: str, cles: dict[str, Any], champs: dict[str, Any], verdict: Verdict, extrait: str
) -> None:
    obtenu = constat({**PLAFOND, "genre": genre, **cles}, **champs)
    assert (obtenu.verdict, obtenu.plafond) == (verdict, None)
    assert extrait in simple(obtenu.explication)


@pytest.mark.parametrize(
    ("montant", "retenue", "extrait"),
    [
        ("255 000 €", "200000.00", "tient dans la limite de 200 000,00 €"),
        ("254 999,99 €", "199999.99", "est ramenée à 199 999,99 €"),
        ("55 000 €", "0.00", "est ramenée à 0,00 €"),
        ("10 000 €", "0.00", "est ramenée à 0,00 €"),
    ],
)
def test_la_depense_eligible_d_une_periode_compte_celle_deja_retenue(
    montant: str, retenue: str, extrait: str
) -> None:
    regle = {"genre": "plafond_assiette_periode", "montant": montant, "annees": 4}
    resultat = evaluer(regle, {"genre": "taux_intervention", "taux": "100 %"}, aides_anterieures=HISTORIQUE)
    assert extrait in simple(resultat.constats[0].explication)
    assert resultat.aide_maximale == D(retenue)


NOMBRE = {"genre": "nombre_projets", "maximum": 1}


@pytest.mark.parametrize(
    ("cles", "aides", "verdict", "extrait"),
    [
        ({}, (), Verdict.CONFORME, "0 projet déjà aidé en 2026"),
        ({}, HISTORIQUE, Verdict.NON_CONFORME, "1 projet déjà aidé en 2026 : le maximum de 1 est atteint"),
        ({"maximum": 2, "annees": 4, "perimetre": "theme"}, HISTORIQUE, Verdict.NON_CONFORME, "2 projets"),
        ({"maximum": 3, "annees": 4, "perimetre": "theme"}, HISTORIQUE, Verdict.CONFORME, "2 projets déjà"),
        ({}, None, Verdict.A_VERIFIER, "les aides antérieures"),
    ],
)
def test_le_nombre_de_projets_est_limite(
    cles: dict[str, Any], aides: Any, verdict: Verdict, extrait: str
) -> None:
    resultat = evaluer({**NOMBRE, **cles}, aides_anterieures=aides)
    assert resultat.verdict == verdict
    assert extrait in simple(resultat.constats[0].explication)
    assert (resultat.aide_maximale == 0) is (verdict is Verdict.NON_CONFORME)


@pytest.mark.parametrize(
    ("rang", "verdict", "extrait"),
    [
        (1, Verdict.CONFORME, "Le dossier est classé 1."),
        (2, Verdict.A_VERIFIER, "habituellement, seuls les dossiers classés jusqu’à 1 sont retenus"),
        (3, Verdict.A_VERIFIER, "habituellement"),
        (4, Verdict.NON_CONFORME, "3 au plus sont reçus par an"),
        (None, Verdict.A_VERIFIER, "le rang du dossier"),
    ],
)
def test_seuls_les_premiers_dossiers_sont_recus(rang: int | None, verdict: Verdict, extrait: str) -> None:
    obtenu = constat({"genre": "dossiers_classes", "maximum": 3, "retenus": 1}, rang=rang)
    assert obtenu.verdict == verdict
    assert extrait in simple(obtenu.explication)
    assert constat({"genre": "dossiers_classes", "maximum": 3}, rang=3).verdict == Verdict.CONFORME


OUVERTE = (aide(2025, "1000.00", categorie="route"),)
TRAVERSEE = (aide(2025, "1000.00", categorie="traversee"),)


@pytest.mark.parametrize(
    ("croisees", "aides", "champs", "verdict", "extrait"),
    [
        ([], (), {}, Verdict.CONFORME, "Aucune opération"),
        ([], HISTORIQUE, {}, Verdict.CONFORME, "Aucune opération"),
        ([], OUVERTE, {}, Verdict.NON_CONFORME, "Une opération de 2025 n’est pas soldée"),
        ([], None, {}, Verdict.A_VERIFIER, "les aides antérieures"),
        (["traversee"], OUVERTE, {}, Verdict.A_VERIFIER, "la catégorie"),
        (["traversee"], OUVERTE, {"categorie": "ecole"}, Verdict.NON_CONFORME, "n’est pas soldée"),
        (["traversee"], OUVERTE, {"categorie": "traversee"}, Verdict.CONFORME, "se croisent"),
        (["traversee"], TRAVERSEE, {"categorie": "ecole"}, Verdict.CONFORME, "se croisent"),
        (["traversee"], TRAVERSEE, {"categorie": "ecole", "annee": 2025}, Verdict.NON_CONFORME, "2025"),
        (["traversee"], TRAVERSEE, {"categorie": "traversee"}, Verdict.NON_CONFORME, "2025"),
    ],
)
def test_l_operation_precedente_est_soldee_d_abord(
    croisees: list[str], aides: Any, champs: dict[str, Any], verdict: Verdict, extrait: str
) -> None:
    regle: dict[str, Any] = {"genre": "precedent_solde"}
    if croisees:
        regle["croisees"] = croisees
    obtenu = constat(regle, aides_anterieures=aides, **champs)
    assert obtenu.verdict == verdict
    assert extrait in simple(obtenu.explication)


@pytest.mark.parametrize(
    ("aide_demandee", "verdict", "extrait"),
    [
        (
            "25000.00",
            Verdict.CONFORME,
            "3 × 10 000,00 € = 30 000,00 € ; 2026 : 8 333,34 €, 2027 : 8 333,33 €",
        ),
        ("10000.00", Verdict.CONFORME, "30 000,00 € ; 2026 : 10 000,00 €"),
        ("30000.01", Verdict.NON_CONFORME, "3 × 10 000,00 € = 30 000,00 €"),
        ("0.00", Verdict.CONFORME, "3 × 10 000,00 € = 30 000,00 €"),
    ],
)
def test_une_aide_s_etale_en_parts_egales_au_centime(
    aide_demandee: str, verdict: Verdict, extrait: str
) -> None:
    obtenu = constat(
        {"genre": "etalement", "annuel": "10 000 €", "annees": 3}, aide_demandee=D(aide_demandee)
    )
    assert (obtenu.verdict, obtenu.plafond) == (verdict, D("30000.00"))
    assert extrait in simple(obtenu.calcul)


def test_un_etalement_sans_limite_annuelle_est_a_verifier() -> None:
    obtenu = constat({"genre": "etalement", "annuel": {"valeur": None}, "annees": 3})
    assert (obtenu.verdict, obtenu.plafond) == (Verdict.A_VERIFIER, None)


TIRAGE = {"genre": "droit_tirage", "montant": "6 500 €", "depuis": 2024, "annees": 3, "report": True}


@pytest.mark.parametrize(
    ("cles", "champs", "plafond", "extrait"),
    [
        ({}, {}, "14500.00", "3 ans × 6 500,00 € − 5 000,00 € déjà tirés = 14 500,00 €"),
        ({}, {"annee": 2024}, "2500.00", "1 an"),
        ({"famille": "tirage"}, {}, "14500.00", ""),
        ({"famille": "autre"}, {}, "19500.00", ""),
        ({"report": False}, {}, "5500.00", "1 an × 6 500,00 € − 1 000,00 €"),
        ({"montant": "1 000 €"}, {}, "0.00", "= −2 000,00 €, donc aucune aide possible"),
    ],
)
def test_le_droit_de_tirage_se_reporte_ou_non(
    cles: dict[str, Any], champs: dict[str, Any], plafond: str, extrait: str
) -> None:
    obtenu = constat({**TIRAGE, **cles}, aides_anterieures=HISTORIQUE, **champs)
    assert obtenu.plafond == D(plafond)
    assert extrait in simple(obtenu.calcul)


@pytest.mark.parametrize(
    ("cles", "champs", "verdict", "extrait"),
    [
        ({}, {"annee": 2027}, Verdict.SANS_OBJET, "court de 2024 à 2026 ; le dossier est de 2027"),
        ({}, {"annee": 2023}, Verdict.SANS_OBJET, "le dossier est de 2023"),
        ({}, {}, Verdict.A_VERIFIER, "les aides antérieures"),
        ({"montant": {"valeur": None}}, {}, Verdict.A_VERIFIER, "Le droit annuel n’est pas renseigné"),
    ],
)
def test_un_droit_de_tirage_qui_ne_peut_pas_jouer_le_dit(
    cles: dict[str, Any], champs: dict[str, Any], verdict: Verdict, extrait: str
) -> None:
    obtenu = constat({**TIRAGE, **cles}, **champs)
    assert (obtenu.verdict, obtenu.plafond) == (verdict, None)
    assert extrait in simple(obtenu.explication)


@pytest.mark.parametrize(
    ("regle", "phrase"),
    [
        (PLAFOND, "Plafond des aides d’un maître d’ouvrage, par année civile : 20 000,00 €."),
        ({**PLAFOND, "annees": 4, "perimetre": "theme"},
         "Plafond des aides du même thème d’un maître d’ouvrage, sur 4 ans : 20 000,00 €."),
        ({"genre": "plafond_assiette_periode", "montant": 700000, "annees": 3, "depuis": 2016},
         "Dépense éligible d’un maître d’ouvrage, sur 3 ans, à partir de 2016 : au plus 700 000,00 €."),
        (NOMBRE, "Au plus 1 projet par maître d’ouvrage, par année civile."),
        ({**NOMBRE, "maximum": 2, "annees": 3, "perimetre": "categorie"},
         "Au plus 2 projets de la même catégorie par maître d’ouvrage, sur 3 ans."),
        ({"genre": "dossiers_classes", "maximum": 3},
         "Dossiers classés par le maître d’ouvrage : 3 au plus par an."),
        ({"genre": "dossiers_classes", "maximum": 3, "retenus": 1},
         "Dossiers classés par le maître d’ouvrage : 3 au plus par an ; habituellement retenus : 1."),
        ({"genre": "precedent_solde"}, "L’opération précédente est soldée avant une nouvelle aide."),
        ({"genre": "precedent_solde", "croisees": ["voirie"]},
         "L’opération précédente est soldée avant une nouvelle aide, sauf « Voirie » avec un autre type, "
         "votées deux années civiles différentes."),
        ({"genre": "etalement", "annuel": 1000, "annees": 4},
         "Aide étalée sur 4 ans au plus, par an : 1 000,00 €."),
        (TIRAGE, "Droit de tirage annuel, de 2024 à 2026, la part inutilisée est reportée : 6 500,00 €."),
        ({**TIRAGE, "report": False}, "Droit de tirage annuel, de 2024 à 2026, sans report : 6 500,00 €."),
    ],
)  # fmt: skip
def test_les_regles_de_cadence_s_enoncent(regle: dict[str, Any], phrase: str) -> None:
    assert enonce(regle) == phrase


def test_on_ne_retient_pas_plus_de_dossiers_qu_on_n_en_recoit() -> None:
    with pytest.raises(ReglementInvalide, match="ne peut pas dépasser"):
        lire_reglement(donnees({"genre": "dossiers_classes", "maximum": 1, "retenus": 2}))


def test_le_calcul_dit_ce_qui_est_compte_pour_l_aide_demandee() -> None:
    aides = (
        AideAnterieure(LE.year, D("5000.00")),
        AideAnterieure(LE.year, D("3000.00"), demandee=True),
    )
    lu = constat(PLAFOND, aides_anterieures=aides)
    assert "8 000,00 € déjà attribués, dont 3 000,00 € comptés pour l’aide demandée, = 12 000,00 €" in (
        simple(lu.calcul)
    )
    assert "demandée" not in constat(PLAFOND, aides_anterieures=aides[:1]).calcul
