"""Reading a model from its file, and refusing a wrong one with an error one can act on."""

from copy import deepcopy
from decimal import Decimal
from typing import Any

import pytest
import yaml

from arpent.metier.vulnerabilite import ModeleInvalide, Normalisation, lire_modele

from .fabrique import DISPOSITIFS, modeles_de

VALIDE: dict[str, Any] = {
    "code": "essai",
    "libelle": "Essai",
    "source": "Essai",
    "normalisation": "rang",
    "familles": [{"code": "revenu", "libelle": "Revenu", "poids": 1}],
    "indicateurs": [
        {"code": "mediane", "libelle": "Médiane", "famille": "revenu", "sens": "protege", "poids": 2}
    ],
    "classes": [{"code": "moindre", "libelle": "Moindre"}, {"code": "forte", "libelle": "Forte"}],
    "seuils": {"mode": "quantile", "valeurs": [0.5]},
}


def test_les_effets_d_une_classe_sont_lus() -> None:
    donnees = deepcopy(VALIDE)
    donnees["classes"][1] |= {"taux_bonus": 0.05, "plafond": 50000}
    moindre, forte = lire_modele(donnees).classes
    assert (moindre.taux_bonus, moindre.plafond) == (None, None)
    assert (forte.taux_bonus, forte.plafond) == (Decimal("0.05"), Decimal(50000))


def test_un_modele_complet_est_lu() -> None:
    modele = lire_modele(VALIDE)
    assert modele.normalisation is Normalisation.RANG
    assert modele.est_applicable
    assert not modele.demonstration


@pytest.mark.parametrize(
    ("cle", "valeur", "message"),
    [
        ("code", "", "« code » manque"),
        ("normalisation", "magique", "Choisissez parmi : z_score"),
        ("familles", "revenu", "doit être une liste"),
        ("familles", [{"code": "autre", "libelle": "Autre", "poids": 1}], "n’existe pas"),
        ("familles", [{"code": "revenu", "libelle": "Revenu", "poids": -1}], "nombre positif"),
        ("familles", [{"code": "revenu", "libelle": "Revenu", "poids": "un"}], "n’est pas un nombre"),
        ("seuils", {"mode": "quantile", "valeurs": [0.2, 0.5]}, "2 classes demandent 1 seuils"),
        ("seuils", {"mode": "quantile", "valeurs": [1.5]}, "entre 0 et 1"),
        ("seuils", {"mode": "quantile", "valeurs": [None]}, "un seuil est vide"),
        ("orientation", "gauche", "Choisissez parmi : haut, bas"),
    ],
)
def test_un_modele_fautif_est_refuse_avec_la_cle_a_corriger(cle: str, valeur: Any, message: str) -> None:
    donnees = deepcopy(VALIDE)
    donnees[cle] = valeur
    with pytest.raises(ModeleInvalide) as erreur:
        lire_modele(donnees)
    assert message in str(erreur.value).replace("\u00a0", " ")


@pytest.mark.parametrize(
    ("mode", "valeurs", "message"),
    [
        ("quantile", [0.2, 0.5], "2 classes demandent 1 seuils, et il y en a 2."),
        ("quantile", [0.0], "un seuil par quantile est compris entre 0 et 1."),
        ("quantile", [1.0], "un seuil par quantile est compris entre 0 et 1."),
        ("n_derniers", [-1], "« n derniers » compte des territoires, en nombre entier."),
        ("n_derniers", [1.5], "« n derniers » compte des territoires, en nombre entier."),
    ],
)
def test_un_seuil_impossible_est_refuse(mode: str, valeurs: list[float], message: str) -> None:
    donnees = {**deepcopy(VALIDE), "seuils": {"mode": mode, "valeurs": valeurs}}
    with pytest.raises(ModeleInvalide) as erreur:
        lire_modele(donnees)
    lu = str(erreur.value).replace("\u00a0", " ")
    assert lu == f"Modèle « {VALIDE['code']} » : {message}"


def test_les_seuils_aux_bornes_sont_acceptes() -> None:
    for mode, valeur in (("n_derniers", 0), ("n_derniers", 3.0), ("fixe", -2.5), ("quantile", 0.999)):
        modele = lire_modele({**deepcopy(VALIDE), "seuils": {"mode": mode, "valeurs": [valeur]}})
        assert modele.seuils is not None
        assert modele.seuils.valeurs == (valeur,)


@pytest.mark.parametrize(
    ("cle", "valeur", "message"),
    [
        ("libelle", None, "la clé « libelle » manque ou est vide. Renseignez-la."),
        ("familles", "revenu", "« familles » doit être une liste."),
        ("familles", ["revenu"], "un bloc avec la clé « code » est attendu."),
        ("couverture_minimale", True, "« True » n’est pas un nombre."),
        ("couverture_minimale", float("inf"), "« inf » n’est pas un nombre."),
        ("normalisation", "magique", "« magique » est inconnu. Choisissez parmi : z_score, "),
    ],
)
def test_le_message_nomme_le_modele_et_la_cle(cle: str, valeur: Any, message: str) -> None:
    with pytest.raises(ModeleInvalide) as erreur:
        lire_modele({**deepcopy(VALIDE), cle: valeur})
    lu = str(erreur.value).replace("\u00a0", " ")
    assert lu.startswith(f"Modèle « {VALIDE['code']} » : {message}")


@pytest.mark.parametrize(
    ("mode", "valeurs", "orientation"),
    [("quantile", [0.8, 0.5], "haut"), ("n_derniers", [2, 5], "haut"), ("fixe", [0.4, 0.6], "bas")],
)
def test_des_seuils_dans_le_desordre_sont_refuses(mode: str, valeurs: list[float], orientation: str) -> None:
    donnees = {**deepcopy(VALIDE), "seuils": {"mode": mode, "valeurs": valeurs}, "orientation": orientation}
    donnees["classes"].append({"code": "extreme", "libelle": "Extrême"})
    with pytest.raises(ModeleInvalide, match="de la classe la moins vulnérable"):
        lire_modele(donnees)


def test_le_modele_de_nouvelle_aquitaine_2018_reste_a_saisir() -> None:
    aquitaine, region = modeles_de("nouvelle-aquitaine")
    assert aquitaine.est_applicable
    assert aquitaine.demonstration
    assert not region.est_applicable
    assert all(i.poids is None for i in region.indicateurs)
    assert region.seuils is None


def test_les_effets_des_classes_sont_ceux_du_dispositif() -> None:
    dispositif = yaml.safe_load(
        (DISPOSITIFS / "nouvelle-aquitaine" / "dispositif.yaml").read_text(encoding="utf-8")
    )
    types = {classe: t["code"] for t in dispositif["types_contrat"] for classe in t["classes"]}
    ingenierie = {c["code"]: c["ingenierie"] for c in dispositif["classes"]}
    connus = {t["code"] for t in dispositif["types_contrat"]}
    for modele in modeles_de("nouvelle-aquitaine"):
        assert {c.code: c.type_contrat for c in modele.classes} == types
        assert {c.code: c.ingenierie for c in modele.classes} == ingenierie
        assert {t.type_contrat for t in modele.types_particuliers} <= connus


def test_le_departement_n_attache_aucun_effet_a_une_classe() -> None:
    (lecture,) = modeles_de("lozere")
    assert lecture.demonstration
    assert all(c.type_contrat is None and c.ingenierie is None for c in lecture.classes)
