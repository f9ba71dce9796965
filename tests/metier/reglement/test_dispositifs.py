"""The shipped policies: readable, coherent, and nothing invented passed off as real."""

from decimal import Decimal as D
from importlib.resources import files
from typing import Any

import pytest
import yaml

from arpent.metier.reglement import Reglement, lire_reglement
from arpent.metier.reglement.regles.beneficiaire_eligible import BeneficiaireEligible
from arpent.metier.reglement.regles.theme_eligible import ThemeEligible
from arpent.metier.territoire import est_siren

SLUGS = ["lozere", "nouvelle-aquitaine"]
par_dispositif = pytest.mark.parametrize("slug", SLUGS)


def charger(slug: str, fichier: str) -> dict[str, Any]:
    texte = (files("arpent.dispositifs") / slug / fichier).read_text(encoding="utf-8")
    lu: dict[str, Any] = yaml.safe_load(texte)
    return lu


def reglement(slug: str, demonstration: bool) -> Reglement:
    return lire_reglement(charger(slug, "reglement.yaml"), demonstration)


@par_dispositif
def test_sans_demonstration_aucun_taux_n_est_invente(slug: str) -> None:
    lu = reglement(slug, demonstration=False)
    assert all(parametre.valeur is None for regle in lu.regles for parametre in regle.parametres())
    assert not lu.demonstration


@par_dispositif
def test_en_demonstration_chaque_valeur_est_marquee(slug: str) -> None:
    lu = reglement(slug, demonstration=True)
    parametres = [parametre for regle in lu.regles for parametre in regle.parametres()]
    assert parametres
    assert all(parametre.valeur is not None and parametre.demonstration for parametre in parametres)


@par_dispositif
def test_le_reglement_et_le_dispositif_parlent_des_memes_themes(slug: str) -> None:
    dispositif, lu = charger(slug, "dispositif.yaml"), reglement(slug, demonstration=False)
    themes = {theme["code"]: theme["libelle"] for theme in dispositif["themes"]}
    [regle] = [regle for regle in lu.regles if isinstance(regle, ThemeEligible)]
    [beneficiaires] = [regle for regle in lu.regles if isinstance(regle, BeneficiaireEligible)]
    assert list(regle.themes) == list(themes)
    assert themes.items() <= dict(lu.libelles).items()
    assert list(beneficiaires.natures) == dispositif["beneficiaires"]
    assert lu.dispositif == dispositif["slug"] == slug
    assert lu.financeur == dispositif["autorite"]["nature"]


@par_dispositif
def test_les_fonds_ont_une_source_et_une_cle_qui_fait_un(slug: str) -> None:
    dispositif = charger(slug, "dispositif.yaml")
    criteres = {critere["code"] for critere in dispositif["criteres"]}
    for fonds in dispositif["fonds"]:
        assert fonds["source"]
        montant = fonds["montant"]
        if isinstance(montant, dict):  # not published: a value of demonstration, never in its place
            assert montant["valeur"] is None
            assert montant["source"]
            montant = montant["valeur_demonstration"]
        assert montant is None or montant > 0
        assert not fonds["cle"] or sum(D(cle["poids"]) for cle in fonds["cle"]) == 1
        assert {cle["critere"] for cle in fonds["cle"]} <= criteres


@par_dispositif
def test_l_autorite_a_un_siren_valide(slug: str) -> None:
    assert est_siren(charger(slug, "dispositif.yaml")["autorite"]["siren"])


def test_chaque_type_de_contrat_renvoie_a_une_classe_connue() -> None:
    dispositif = charger("nouvelle-aquitaine", "dispositif.yaml")
    classes = {classe["code"] for classe in dispositif["classes"]}
    visees = [classe for contrat in dispositif["types_contrat"] for classe in contrat["classes"]]
    assert sorted(visees) == sorted(classes)
