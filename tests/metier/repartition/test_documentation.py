"""The worked table of the documentation is the one the code computes."""

from decimal import Decimal as D
from pathlib import Path

from arpent.metier.argent import formater_nombre, lire_montant
from arpent.metier.repartition import Cle, appliquer, lire_formule, repartir_enveloppe

PAGE = Path(__file__).parents[3] / "docs" / "algorithmes" / "repartition-enveloppe.md"
CODES = ("forfait", "voirie", "population", "superficie")
POIDS = ("0.50", "0.25", "0.15", "0.10")


def _tableau(titre: str) -> list[list[str]]:
    section = PAGE.read_text(encoding="utf-8").split(f"## Worked example: {titre}")[1].split("\n## ")[0]
    lignes = [ligne for ligne in section.splitlines() if ligne.startswith("| ")]
    return [[cellule.strip() for cellule in ligne.strip("|").split("|")] for ligne in lignes[1:]]


def test_le_tableau_de_la_lozere_est_celui_que_le_code_calcule() -> None:
    *lignes, somme = _tableau("the base fund")
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


def test_le_rang_de_l_allier_est_celui_que_le_code_calcule() -> None:
    lignes = _tableau("a rank with a quota")
    lus = {ligne[0]: [lire_montant(cellule) for cellule in ligne[1:5]] for ligne in lignes}
    pf, ef, vh = (sum(v[i] for v in lus.values()) / len(lus) for i in range(3))
    scores = {
        nom: D("0.50") * v[0] / pf + D("0.25") * ef / v[1] + D("0.25") * vh / v[2] for nom, v in lus.items()
    }
    formule = lire_formule(
        {
            "rang": {"critere": "score", "nombre": 2, "part": "0.75", "selon": "population"},
            "cles": [{"critere": "population", "poids": "1"}],
        }
    )
    habitants = {nom: v[3] for nom, v in lus.items()}
    arrondis: dict[str, D | None] = {nom: round(score, 4) for nom, score in scores.items()}
    partage = appliquer(D("100000.00"), formule, list(lus), {"score": arrondis, "population": {**habitants}})
    assert partage.non_reparti == 0
    assert partage.etapes[0].concernes == ("Bois", "Font", "Lande")
    for ligne in lignes:
        part = partage.parts[ligne[0]]
        rang = part.detail.get("rang", D(0))
        attendu = [scores[ligne[0]], rang, part.detail["population"], part.total]
        assert ligne[5:] == [formater_nombre(x, 4 if i == 0 else 2) for i, x in enumerate(attendu)]
