"""`arpent rendez-vous`: one meeting by number or town, all those of a year, every refusal in one line."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from arpent.plateforme.demarches.reunions import actions
from arpent.plateforme.demarches.reunions.genres import genres_de
from arpent.plateforme.demarches.reunions.models import Reunion
from arpent.plateforme.suivi.rendez_vous import production
from tests.plateforme import fabrique

from .conftest import Console

ANNEE = date.today().year


def fixer(lieu: str, mois: int, genre: str = "rdv") -> Reunion:
    demarche = fabrique.demarche(dans=fabrique.dispositif())
    reunion = Reunion(demarche=demarche, titre=f"Rendez-vous {lieu}", jour=date(ANNEE, mois, 3), lieu=lieu)
    return actions.preparer(reunion, genres_de(demarche)[genre], par=None)


@pytest.fixture
def rdv(db: None) -> Reunion:
    return fixer("Florac", 3)


def test_par_son_numero_ou_par_sa_ville(arpent: Console, rdv: Reunion, tmp_path: Path) -> None:
    for lequel in (str(rdv.pk), "florac"):
        sortie = tmp_path / lequel
        faits = arpent("rendez-vous", lequel, "--sortie", sortie, "--json").json
        assert sorted(f["fichier"].rpartition(".")[2] for f in faits) == ["pdf", "pptx", "xlsx"]
        for fait in faits:
            contenu = Path(fait["fichier"]).read_bytes()
            assert len(contenu) == fait["octets"]
            assert contenu.startswith(b"%PDF-" if fait["fichier"].endswith("pdf") else b"PK")


def test_tous_ceux_de_l_annee(
    arpent: Console, rdv: Reunion, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    autre = fixer("Mende", 4)
    monkeypatch.setattr(production, "rendre_livret_rendez_vous_pdf", lambda _: b"%PDF-1.7")
    assert arpent("rendez-vous", "--tous", "--sortie", tmp_path).code == 0
    assert sorted(d.name for d in tmp_path.iterdir()) == [
        f"{ANNEE}-03-03-{rdv.pk}", f"{ANNEE}-04-03-{autre.pk}",
    ]  # fmt: skip

    def echouer(_: object) -> bytes:
        raise production.RenduImpossible("Le PDF n’a pas été produit.")

    monkeypatch.setattr(production, "rendre_livret_rendez_vous_pdf", echouer)
    tous = arpent("rendez-vous", "--tous", "--sortie", tmp_path)
    assert tous.code == 1
    assert "non produit" in tous.sortie
    arpent("rendez-vous", str(rdv.pk), "--sortie", tmp_path).exiger_un_refus("n’a pas été produit")


def test_ce_qui_manque_est_dit(arpent: Console, rdv: Reunion, tmp_path: Path) -> None:
    autre = fixer("Florac", 9)
    copil = fixer("Ispagnac", 5, "copil_annuel")
    for arguments, mot in (
        ((), "dites quel rendez-vous"),
        (("florac", "--tous"), "dites quel rendez-vous"),
        ((str(copil.pk),), "n’est pas un Rendez-vous"),
        (("ispagnac",), "aucun Rendez-vous de Territoire à"),
        (("florac",), f"{autre.pk} (03/09/{ANNEE})"),
        (("--tous", "--annee", "1999"), "n’est fixé en 1999"),
    ):
        arpent("rendez-vous", *arguments, "--sortie", tmp_path / "x").exiger_un_refus(mot)
    fichier = tmp_path / "occupe"
    fichier.write_text("x")
    arpent("rendez-vous", str(rdv.pk), "--sortie", fichier).exiger_un_refus("ne peut pas être écrit")
