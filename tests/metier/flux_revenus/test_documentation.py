"""The worked example of the documentation is the one the code computes."""

from pathlib import Path

from arpent.metier.argent import formater_nombre, formater_taux
from arpent.metier.flux_revenus import PARAMETRES, Flux, Fourchette, estimer

from .territoires import GEVAUDAN, donnees_de

PAGE = Path(__file__).parents[3] / "docs" / "algorithmes" / "flux-de-revenus.md"


def _tableaux() -> dict[str, list[str]]:
    lignes = [ligne for ligne in PAGE.read_text(encoding="utf-8").splitlines() if ligne.startswith("| ")]
    cellules = [[c.strip() for c in ligne.strip("|").split("|")] for ligne in lignes]
    return {ligne[0]: ligne[1:] for ligne in cellules}


def _montants(montant: Fourchette | None) -> list[str]:
    return ["–"] * 3 if montant is None else [formater_nombre(x) for x in montant.valeurs]


def _flux() -> Flux:
    return estimer(donnees_de(GEVAUDAN))


def test_le_tableau_des_termes_est_celui_que_le_code_calcule() -> None:
    ecrit = _tableaux()
    for base in _flux().bases:
        for terme in base.termes:
            attendu = [terme.calcul or "non estimé", *_montants(terme.montant), terme.confiance.value]
            assert ecrit[terme.libelle] == attendu


def test_le_tableau_des_bases_est_celui_que_le_code_calcule() -> None:
    ecrit = _tableaux()
    for base in _flux().bases:
        attendu = [*_montants(base.montant), formater_taux(base.part, 2), formater_nombre(base.par_habitant)]
        assert ecrit[base.libelle] == attendu


def test_chaque_parametre_est_documente() -> None:
    texte = PAGE.read_text(encoding="utf-8")
    assert all(f"`{p.code}`" in texte for p in PARAMETRES)
    assert all(p.source for p in PARAMETRES)
