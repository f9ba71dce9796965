"""The worked examples of the documentation are the ones the code computes."""

from dataclasses import replace
from math import fsum
from pathlib import Path

from arpent.metier.vulnerabilite import ModeSeuils, Seuils, noter

from .fabrique import lignes_lozere, modele_livre, modeles_de

PAGE = Path(__file__).parents[3] / "docs" / "algorithmes" / "vulnerabilite.md"


def test_le_tableau_des_intercommunalites_est_celui_que_le_code_calcule() -> None:
    (modele,) = modeles_de("lozere")
    lignes = lignes_lozere()
    notes = noter(modele, {x["code"]: {i.code: float(x[i.code]) for i in modele.indicateurs} for x in lignes})
    texte = PAGE.read_text(encoding="utf-8")
    for ligne in lignes:
        note = notes.de(ligne["code"])
        assert note.score is not None
        assert note.classe is not None
        familles = [
            fsum(c.apport for c in note.contributions if c.indicateur.famille == f.code)
            for f in modele.familles
        ]
        nombres = [f"{x:.3f}" for x in familles] + [f"{note.score:.4f}"]
        cellules = [ligne["libelle"], *nombres, str(note.rang), note.classe.libelle]
        assert f"| {' | '.join(cellules)} |".replace(".", ",") in texte


def _tableau_de_l_allier() -> list[list[str]]:
    lignes = PAGE.read_text(encoding="utf-8").splitlines()
    debut = next(i for i, ligne in enumerate(lignes) if ligne.startswith("| Commune | PF"))
    corps = []
    for ligne in lignes[debut + 2 :]:
        if not ligne.startswith("|"):
            break
        corps.append([cellule.strip() for cellule in ligne.strip("|").split("|")])
    return corps


def test_la_formule_de_l_allier_redonne_le_tableau_calcule_a_la_main() -> None:
    """The shipped model, two beneficiaries instead of a hundred; the table was typed by hand."""
    modele = replace(modele_livre("allier"), seuils=Seuils(ModeSeuils.N_DERNIERS, (2,)))
    lignes = _tableau_de_l_allier()
    assert len(lignes) == 5
    codes = [i.code for i in modele.indicateurs]
    valeurs = {
        ligne[0]: {c: float(x.replace(",", ".")) for c, x in zip(codes, ligne[1:4], strict=True)}
        for ligne in lignes
    }
    notes = noter(modele, valeurs)
    for ligne in lignes:
        note = notes.de(ligne[0])
        assert note.score is not None
        assert note.classe is not None
        termes = [f"{c.apport:.4f}".replace(".", ",") for c in note.contributions]
        score = f"{note.score:.4f}".replace(".", ",")
        assert ligne[4:] == [*termes, score, str(note.rang), note.classe.libelle]


def test_le_modele_de_l_allier_est_celui_qui_est_publie() -> None:
    modele = modele_livre("allier")
    assert [f.poids for f in modele.familles] == [0.5, 0.25, 0.25]
    assert modele.seuils == Seuils(ModeSeuils.N_DERNIERS, (100,))
    assert modele.echelle == "commune"
    assert not modele.demonstration
    voirie = modele.indicateurs[2]
    assert (voirie.colonne, voirie.denominateur) == ("longueur_voirie", "population_dgf")
