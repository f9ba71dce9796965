"""Rules of eligibility on categories, size, free conditions, posts, documents, end of a policy."""

from datetime import date
from decimal import Decimal as D
from typing import Any

import pytest

from arpent.metier.reglement import Poste, ReglementInvalide, Verdict, lire_reglement
from tests.metier.reglement.fabrique import constat, donnees, enonce, evaluer, simple

CATEGORIES: dict[str, Any] = {
    "genre": "categorie_eligible", "categories": ["ecole"], "prioritaires": ["sante"], "exclues": ["culte"],
}  # fmt: skip
SANS_CULTE = {"genre": "categorie_eligible", "exclues": ["culte"]}
THEMES = {"genre": "theme_eligible", "themes": ["voirie"], "prioritaires": ["sante"], "exclus": ["sport"]}
TAILLE: dict[str, Any] = {
    "genre": "taille_projet", "cout_min": "5 000 €", "cout_max": {"valeur": "200 000 €", "source": "Guide"},
    "population_min": 100, "population_max": 800,
}  # fmt: skip
PETITE = {"champ": "population", "est": "<", "valeur": 800}
REQUISE = {"genre": "condition_requise", "exige": PETITE, "motif": "Le fonds vise les petites communes."}
EXCLUSION = {"genre": "exclusion", "cas": PETITE, "motif": "Voir le fonds rural."}
PIECES = {"genre": "pieces_requises", "pieces": ["deliberation", "devis"]}
FIN = {"genre": "fin_de_vigueur", "le": "2025-06-13", "acte": "CD_25_1"}
POSTES: dict[str, Any] = {
    "genre": "poste_ingenierie",
    "admis": [{"type": "generaliste", "maximum": 1}, {"type": "encadrement"}],
    "au_prorata": ["encadrement"],
}


def poste(sorte: str = "generaliste", **champs: Any) -> dict[str, Any]:
    return {"poste": Poste(sorte, **{"leader": False, "deja_soutenus": 0, **champs})}


NON, OUI, VOIR, HORS = Verdict.NON_CONFORME, Verdict.CONFORME, Verdict.A_VERIFIER, Verdict.SANS_OBJET
CAS: list[tuple[dict[str, Any], dict[str, Any], Verdict, str]] = [
    (CATEGORIES, {"categorie": "ecole"}, OUI, "La catégorie « ecole » est éligible"),
    (CATEGORIES, {"categorie": "sante"}, OUI, "est prioritaire"),
    (CATEGORIES, {"categorie": "culte"}, NON, "est exclue"),
    (CATEGORIES, {"categorie": "port"}, NON, "ne figure pas parmi les catégories éligibles"),
    (CATEGORIES, {}, VOIR, "La catégorie n’est pas renseignée : choisissez-la"),
    (SANS_CULTE, {"categorie": "port"}, OUI, "est éligible"),
    (SANS_CULTE, {"categorie": "culte"}, NON, "est exclue"),
    (THEMES, {"theme": "sante"}, OUI, "Le thème « sante » est prioritaire"),
    (THEMES, {"theme": "sport"}, NON, "est exclu."),
    (TAILLE, {}, OUI, "dans les bornes"),
    (TAILLE, {"cout_ht": D("200000.01")}, NON, "dépasse le maximum de 200 000,00 €"),
    (TAILLE, {"cout_ht": D("5000.00")}, OUI, "dans les bornes"),
    (TAILLE, {"cout_ht": D("4999.99")}, NON, "inférieur au minimum de 5 000,00 €"),
    (TAILLE, {"beneficiaire_population": 100}, OUI, "dans les bornes"),
    (TAILLE, {"beneficiaire_population": 99}, NON, "moins que le minimum de 100"),
    (TAILLE, {"beneficiaire_population": 801}, NON, "801 habitants, plus que le maximum de 800"),
    (TAILLE, {"beneficiaire_population": None}, VOIR, "la population du maître d’ouvrage"),
    ({"genre": "taille_projet", "cout_min": {"valeur": None}}, {"beneficiaire_population": None}, VOIR,
     "Une borne de coût n’est pas renseignée"),
    ({"genre": "taille_projet", "cout_max": {"valeur": None}, "population_max": 10}, {}, NON, "plus que"),
    (REQUISE, {"beneficiaire_population": 799}, OUI, "La condition est remplie : maître d’ouvrage de moins"),
    (REQUISE, {}, NON, "n’est pas remplie : maître d’ouvrage de moins de 800 habitants. Le fonds vise"),
    (REQUISE, {"beneficiaire_population": None}, VOIR, "la population"),
    (EXCLUSION, {"beneficiaire_population": 799}, NON, "est exclu : maître d’ouvrage de moins de 800"),
    (EXCLUSION, {}, OUI, "n’est pas dans le cas exclu"),
    (EXCLUSION, {"beneficiaire_population": None}, VOIR, "la population"),
    (POSTES, {}, HORS, "n’est pas un poste"),
    (POSTES, poste(), OUI, "Un poste généraliste peut être aidé"),
    (POSTES, poste(deja_soutenus=1), NON, "déjà aidés dans le territoire : 1, pour 1 au plus"),
    (POSTES, poste(deja_soutenus=None), VOIR, "les postes déjà aidés du territoire"),
    (POSTES, poste(leader=None), VOIR, "le financement par LEADER"),
    (POSTES, poste(leader=True), NON, "pas de double financement"),
    ({**POSTES, "cumul_leader": True}, poste(leader=True), OUI, "peut être aidé"),
    ({**POSTES, "cumul_leader": True}, poste(leader=None), OUI, "peut être aidé"),
    (POSTES, poste("administratif"), NON, "Un poste administratif n’est pas aidé"),
    (POSTES, poste("apprenti"), NON, "Un apprenti n’est pas aidé"),
    (POSTES, poste("encadrement", deja_soutenus=None, quotite=D("0.5")), OUI, "au prorata du temps"),
    (FIN, {"engage_le": date(2025, 6, 13)}, OUI, "l’engagement du 13/06/2025 est honoré"),
    (FIN, {"engage_le": date(2025, 6, 14)}, NON, "a pris fin le 13/06/2025 (CD_25_1)"),
    (FIN, {}, NON, "aucun nouvel engagement"),
    ({"genre": "fin_de_vigueur", "le": date(2026, 1, 1)}, {}, OUI, "elle prend fin le 01/01/2026."),
]  # fmt: skip


@pytest.mark.parametrize(("regle", "champs", "verdict", "extrait"), CAS)
def test_chaque_condition_d_aide_repond_et_dit_pourquoi(
    regle: dict[str, Any], champs: dict[str, Any], verdict: Verdict, extrait: str
) -> None:
    resultat = evaluer(regle, **champs)
    assert resultat.constats[0].verdict == verdict
    assert extrait in simple(resultat.constats[0].explication)
    assert (resultat.aide_maximale == 0) is (verdict is NON)


def test_la_source_d_une_borne_suit_le_constat() -> None:
    assert constat(TAILLE).source == "Guide"
    exemple = {"genre": "taille_projet", "cout_max": {"valeur": None, "valeur_demonstration": "1 000 000 €"}}
    assert constat(exemple, demonstration=True).demonstration


@pytest.mark.parametrize(
    ("pieces", "verdict", "extrait"),
    [
        (("devis", "deliberation", "plan"), OUI, "Toutes les pièces"),
        (("deliberation",), NON, "Il manque au dossier : devis."),
        ((), NON, "Il manque au dossier : deliberation ; devis."),
        (None, VOIR, "les pièces reçues"),
    ],
)
def test_une_piece_absente_ne_baisse_pas_l_aide(pieces: Any, verdict: Verdict, extrait: str) -> None:
    resultat = evaluer(PIECES, pieces=pieces)
    assert resultat.constats[0].verdict == verdict
    assert extrait in simple(resultat.constats[0].explication)
    assert resultat.aide_maximale == D("200000.00")


def test_un_poste_d_encadrement_est_retenu_au_prorata_de_son_temps() -> None:
    resultat = evaluer(
        POSTES,
        {"genre": "taux_intervention", "taux": "50 %"},
        cout_ht=D("60000.00"),
        **poste("encadrement", quotite=D("0.33")),
    )
    assert simple(resultat.constats[0].calcul) == "33 % × 60 000,00 € = 19 800,00 €"
    assert resultat.aide_maximale == D("9900.00")


@pytest.mark.parametrize(
    ("regle", "message"),
    [
        ({"genre": "categorie_eligible"}, "donnez au moins « categories »"),
        ({**CATEGORIES, "exclues": ["ecole"]}, "« ecole » est à la fois éligible et exclu"),
        ({"genre": "taille_projet"}, "donnez au moins une borne"),
        ({**POSTES, "admis": [{"type": "stagiaire"}]}, "code inconnu « stagiaire »"),
        ({**POSTES, "admis": [{"maximum": 1}]}, "la clé « type »"),
        ({**POSTES, "admis": [{"type": "generaliste", "nombre": 1}]}, "clé inconnue « nombre »"),
        ({**FIN, "le": 13}, "doit être une date"),
        ({"genre": "nombre_projets"}, "la clé « maximum » doit être un nombre entier positif"),
        ({"genre": "plafond_financeur", "part": "50 %", "base": "ttc"}, "valeurs possibles : cout, assiette"),
    ],
)
def test_une_condition_d_aide_mal_ecrite_est_refusee(regle: dict[str, Any], message: str) -> None:
    with pytest.raises(ReglementInvalide) as refus:
        lire_reglement(donnees(regle))
    assert message in simple(str(refus.value))


@pytest.mark.parametrize(
    ("regle", "phrase"),
    [
        (CATEGORIES, "Catégories éligibles : ecole. Catégories prioritaires : sante. "
         "Catégories exclues : culte."),
        (THEMES, "Thèmes éligibles : Voirie. Thèmes prioritaires : sante. Thèmes exclus : sport."),
        (TAILLE, "Taille du projet : coût HT d’au moins 5 000,00 € ; coût HT d’au plus 200 000,00 € ; "
         "au moins 100 habitants ; au plus 800 habitants."),
        ({"genre": "taille_projet", "cout_min": 5000}, "Taille du projet : coût HT d’au moins 5 000,00 €."),
        ({"genre": "taille_projet", "population_max": 10}, "Taille du projet : au plus 10 habitants."),
        (REQUISE, "Condition : maître d’ouvrage de moins de 800 habitants."),
        (EXCLUSION, "Exclu : maître d’ouvrage de moins de 800 habitants."),
        (PIECES, "Pièces demandées : deliberation ; devis."),
        (FIN, "Fin de vigueur le 13/06/2025 (CD_25_1) ; les engagements déjà pris sont honorés."),
        ({"genre": "fin_de_vigueur", "le": "2025-06-13"},
         "Fin de vigueur le 13/06/2025 ; les engagements déjà pris sont honorés."),
        (POSTES, "Postes aidés : poste généraliste (1 par territoire) ; poste d’encadrement ; au prorata du "
         "temps : poste d’encadrement ; sans double financement avec LEADER."),
        ({"genre": "poste_ingenierie", "admis": [{"type": "thematique"}], "cumul_leader": True},
         "Postes aidés : poste thématique."),
    ],
)  # fmt: skip
def test_les_conditions_d_aide_s_enoncent(regle: dict[str, Any], phrase: str) -> None:
    assert enonce(regle) == phrase
