"""The worked example of the documentation is the one the code computes."""

from math import fsum
from pathlib import Path

from arpent.metier.vulnerabilite import noter

from .fabrique import lignes_lozere, modeles_de

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
