"""`arpent contrat consolider` and `comparer`: the same states as the pages, the same refusals."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path

import pytest

from arpent.metier.avenants import Genre
from arpent.plateforme.config.commande import main
from arpent.plateforme.contrats.avenants.actions import Saisie
from arpent.plateforme.contrats.models import Contrat
from tests.plateforme.contrats.conftest import conclure, preparer
from tests.plateforme.negociations.conftest import Monde

pytestmark = pytest.mark.usefixtures("sans_fichiers", "sans_pdf")


@pytest.fixture
def amende(accord: Monde, en_vigueur: Contrat) -> Contrat:
    """One aid raised, one project out."""
    conclure(
        preparer(
            en_vigueur,
            Saisie(Genre.MONTANT, fiche=accord.fiches[1], montant=Decimal("16000.00"), motif="Aléa"),
            Saisie(Genre.RETRAIT, fiche=accord.fiches[0]),
        )
    )
    return en_vigueur


def dire(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str]:
    capsys.readouterr()
    code = main(["contrat", *arguments])
    return code, capsys.readouterr().out


def test_consolider_rend_l_etat_du_jour_et_ses_traces(
    amende: Contrat, capsys: pytest.CaptureFixture[str]
) -> None:
    veille, jour = (
        json.loads(dire(capsys, "consolider", "--territoire", "gevaudan", "--le", le, "--json")[1])
        for le in ("2026-05-31", "2026-06-01")
    )
    assert (veille["nombre"], veille["actes"]) == (2, [])
    assert (jour["nombre"], jour["total_aides"]) == (1, "16000.00")
    assert jour["actes"] == [{"code": "avenant-1", "libelle": "Avenant n° 1", "effet": "2026-06-01"}]
    (change,) = jour["projets"][0]["changements"]
    assert (change["ancien"], change["nouveau"], change["motif"]) == ("15000.01", "16000.00", "Aléa")
    assert [x["sortie"] for x in jour["sortis"]] == ["avenant-1"]
    code, texte = dire(capsys, "consolider", "--territoire", "gevaudan", "--le", "2026-06-01")
    assert code == 0
    assert "1 projets" in texte


def test_comparer_nomme_ses_deux_etats(amende: Contrat, capsys: pytest.CaptureFixture[str]) -> None:
    lu = json.loads(dire(capsys, "comparer", "--territoire", "gevaudan", "base", "avenant-1", "--json")[1])
    assert (lu["total"]["nombre_avant"], lu["total"]["nombre_apres"]) == (2, 1)
    assert lu["changes"][0]["champs"] == {"aide": ["15000.01", "16000.00"]}
    assert len(lu["sortis"]) == 1
    code, texte = dire(capsys, "comparer", "--territoire", "gevaudan", "base", "2026-06-01")
    assert code == 0
    assert "2 → 1 projets" in texte


def test_le_pdf_s_ecrit(amende: Contrat, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    fichier = tmp_path / "consolide.pdf"
    code, _ = dire(capsys, "consolider", "--territoire", "gevaudan", "--pdf", str(fichier))
    assert code == 0
    assert fichier.read_bytes().startswith(b"%PDF-")


@pytest.mark.parametrize(
    ("arguments", "raison"),
    [
        (("comparer", "--territoire", "gevaudan", "base", "avenant-7"), "ne désigne aucun état du contrat"),
        (("consolider", "--territoire", "margeride"), "n’est pas encore préparé"),
    ],
)
def test_un_etat_inconnu_est_refuse(
    amende: Contrat, capsys: pytest.CaptureFixture[str], arguments: tuple[str, ...], raison: str
) -> None:
    capsys.readouterr()
    try:
        code = main(["contrat", *arguments])
    except SystemExit as fin:
        code = int(fin.code or 0)
    assert code == 2
    assert raison in capsys.readouterr().err
