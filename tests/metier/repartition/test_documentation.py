"""The worked table of the documentation is the one the code computes."""

from decimal import Decimal as D
from pathlib import Path

from arpent.metier.argent import formater_nombre, lire_montant
from arpent.metier.repartition import Cle, repartir_enveloppe

PAGE = Path(__file__).parents[3] / "docs" / "algorithmes" / "repartition-enveloppe.md"
CODES = ("forfait", "voirie", "population", "superficie")
POIDS = ("0.50", "0.25", "0.15", "0.10")


def _tableau() -> list[list[str]]:
    lignes = [ligne for ligne in PAGE.read_text(encoding="utf-8").splitlines() if ligne.startswith("| ")]
    return [[cellule.strip() for cellule in ligne.strip("|").split("|")] for ligne in lignes[1:]]


def test_le_tableau_de_la_lozere_est_celui_que_le_code_calcule() -> None:
    *lignes, somme = _tableau()
    entrees = {ligne[0]: [lire_montant(cellule) for cellule in ligne[1:4]] for ligne in lignes}
    cles = [Cle(CODES[0], "Part égale", D(POIDS[0]))]
    for rang, (code, poids) in enumerate(zip(CODES[1:], POIDS[1:], strict=True)):
        cles.append(Cle(code, code, D(poids), {t: valeurs[rang] for t, valeurs in entrees.items()}))
    repartition = repartir_enveloppe(D("12000000.00"), cles, list(entrees))
    assert len(entrees) == 10
    assert repartition.non_reparti == 0
    for ligne in lignes:
        part = repartition.parts[ligne[0]]
        attendu = [formater_nombre(part.detail[code], 2) for code in CODES]
        assert ligne[4:] == [*attendu, formater_nombre(part.total, 2)]
    assert somme[-1] == formater_nombre(D("12000000.00"), 2)
