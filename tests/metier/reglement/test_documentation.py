"""The documentation lists every kind of rule, and its legal cases are those the code computes."""

from decimal import Decimal as D
from pathlib import Path

from arpent.metier.argent import lire_montant
from arpent.metier.plan_financement import marge_cumul, marge_participation_minimale, participation_minimale
from arpent.metier.reglement import GENRES

PAGE = Path(__file__).parents[3] / "docs" / "algorithmes" / "pre-instruction.md"


def _lignes() -> list[list[str]]:
    lignes = [ligne for ligne in PAGE.read_text(encoding="utf-8").splitlines() if ligne.startswith("| ")]
    return [[cellule.strip() for cellule in ligne.strip("|").split("|")] for ligne in lignes]


def test_chaque_genre_de_regle_est_documente() -> None:
    documentes = {ligne[0].strip("`") for ligne in _lignes() if ligne[0].startswith("`")}
    assert documentes == set(GENRES)


def test_chaque_cle_d_un_genre_est_documentee() -> None:
    cles = {ligne[0].strip("`"): ligne[1] for ligne in _lignes() if ligne[0].startswith("`")}
    for genre, classe in GENRES.items():
        assert [c.cle for c in classe.CHAMPS if f"`{c.cle}`" not in cles[genre]] == []


def test_les_cas_legaux_sont_ceux_que_le_code_calcule() -> None:
    lignes = [ligne for ligne in _lignes() if len(ligne) == 7 and ligne[0] != "case"]
    cas = [[lire_montant(cellule) for cellule in ligne[1:]] for ligne in lignes]
    assert len(cas) == 4
    for cout, prive, autres, minimum, marge, cumul in cas:
        assert participation_minimale(cout, prive, D("0.20")) == minimum
        assert marge_participation_minimale(cout, prive, autres, minimum) == marge
        assert marge_cumul(cout, autres, D("0.80")) == cumul
