"""`arpent plan importer`: a good file, and every way a file can be wrong. Refused, it writes nothing."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from arpent.plateforme.demarches.models import Demarche
from arpent.plateforme.echanges.models import ImportPlan
from arpent.plateforme.journal.models import Entree
from arpent.plateforme.plans.models import Fiche
from tests.plateforme import fabrique

from .conftest import Console

ENTETES = "Intitulé;Maître d’ouvrage;Thème;Coût HT;Aide demandée;État (DETR) acquis"
BONNES = (
    "Réfection du chemin du Mas;Ispagnac;Voirie;12 345,67 €;3000;2000",
    "Place de l’église;Ispagnac;Cadre de vie;80000;16 000;",
)


@pytest.fixture
def demarche(db: None) -> Demarche:
    commune = fabrique.commune("Ispagnac", siren="214800807")
    demarche = fabrique.demarche(fabrique.territoire(fabrique.groupement(commune)), slug="gorges")
    fabrique.organisation("commune", "Commune d’Ispagnac", commune=commune, siren=commune.siren)
    return demarche


def _fichier(tmp_path: Path, *lignes: str, entetes: str = ENTETES, encodage: str = "utf-8") -> Path:
    chemin = tmp_path / "plan.csv"
    chemin.write_bytes("\n".join((entetes, *lignes, "")).encode(encodage))
    return chemin


@pytest.mark.parametrize("encodage", ["utf-8", "utf-8-sig", "cp1252"])
def test_un_plan_correct_est_importe_au_centime(
    arpent: Console, demarche: Demarche, tmp_path: Path, encodage: str
) -> None:
    chemin = _fichier(tmp_path, *BONNES, encodage=encodage)
    bilan = arpent("plan", "importer", chemin, "--territoire", "gorges", "--json")
    assert bilan.code == 0, bilan.erreur
    assert (bilan.json["lues"], bilan.json["valides"], bilan.json["creees"], bilan.json["rejets"]) == (
        2,
        2,
        2,
        [],
    )
    chemin_du_mas = Fiche.objects.get(titre="Réfection du chemin du Mas")
    assert chemin_du_mas.cout_ht == Decimal("12345.67")
    assert chemin_du_mas.etat == "brouillon"
    assert chemin_du_mas.financements.get().montant == Decimal("2000.00")


def test_simuler_n_ecrit_rien(arpent: Console, demarche: Demarche, tmp_path: Path) -> None:
    entrees = Entree.objects.count()
    bilan = arpent(
        "plan", "importer", _fichier(tmp_path, *BONNES), "--territoire", "gorges", "--simuler", "--json"
    )
    assert bilan.code == 0
    assert (bilan.json["valides"], bilan.json["creees"], bilan.json["simulation"]) == (2, 0, True)
    assert not Fiche.objects.exists()
    assert not ImportPlan.objects.exists()
    assert Entree.objects.count() == entrees


def test_les_lignes_justes_peuvent_entrer_seules(arpent: Console, demarche: Demarche, tmp_path: Path) -> None:
    chemin = _fichier(tmp_path, BONNES[0], "Pont;Ispagnac;Voirie;beaucoup;100;")
    bilan = arpent("plan", "importer", chemin, "--territoire", "gorges", "--valides-seulement", "--json")
    assert bilan.code == 0, bilan.erreur
    assert (bilan.json["valides"], bilan.json["creees"]) == (1, 1)
    assert [r["ligne"] for r in bilan.json["rejets"]] == [3]
    assert Fiche.objects.count() == 1


def test_importer_deux_fois_refuse_les_doublons(arpent: Console, demarche: Demarche, tmp_path: Path) -> None:
    chemin = _fichier(tmp_path, *BONNES)
    assert arpent("plan", "importer", chemin, "--territoire", "gorges").code == 0
    arpent("plan", "importer", chemin, "--territoire", "gorges").exiger_un_refus(
        "2 lignes à corriger", "déjà"
    )
    assert Fiche.objects.count() == 2


@pytest.mark.parametrize(
    ("ligne", "mots"),
    [
        ("Pont;Ispagnac;Voirie;-500;100;", ("ligne 3", "Coût HT", "négatif")),
        ("Pont;Ispagnac;Voirie;beaucoup;100;", ("ligne 3", "Coût HT", "beaucoup")),
        ("Pont;Ispagnac;Voirie;999999999999999999;100;", ("ligne 3", "Coût HT")),
        ("Pont;Atlantis;Voirie;500;100;", ("ligne 3", "Maître d’ouvrage", "Atlantis")),
        ("Pont;Ispagnac;Astronomie;500;100;", ("ligne 3", "Thème", "Astronomie")),
        ("Pont;Ispagnac;Voirie;500;600;", ("ligne 3", "Aide demandée")),
        (";Ispagnac;Voirie;500;100;", ("ligne 3", "Intitulé")),
        (BONNES[0], ("ligne 3", "ligne 2")),
    ],
    ids=["négatif", "illisible", "absurde", "inconnu", "thème", "aide", "sans-titre", "doublon"],
)
def test_une_ligne_fausse_arrete_tout(
    arpent: Console, demarche: Demarche, tmp_path: Path, ligne: str, mots: tuple[str, ...]
) -> None:
    refus = arpent(
        "plan", "importer", _fichier(tmp_path, BONNES[0], ligne), "--territoire", "gorges", "--json"
    )
    refus.exiger_un_refus("rien n’a été importé", "1 ligne à corriger", *mots)
    assert refus.json["rejets"][0]["ligne"] == 3
    assert refus.json["creees"] == 0
    assert not Fiche.objects.exists()


@pytest.mark.parametrize(
    ("nom", "contenu", "mots"),
    [
        ("plan.csv", b"", ("vide",)),
        (
            "plan.csv",
            b"Intitul\xc3\xa9;Ma\xc3\xaetre d'ouvrage\nPont;Ispagnac\n",
            ("Colonne manquante", "Coût HT"),
        ),
        ("plan.csv", b"\x00\x01\x02\x03" * 40, ("pas un texte",)),
        ("plan.csv", b"PK\x03\x04" + b"x" * 40, (".xlsx",)),
        ("plan.xlsx", b"Intitule;MO\nPont;Ispagnac\n", ("pas un classeur",)),
        ("plan.xlsx", b"PK\x03\x04" + b"x" * 400, ("abîmé",)),
        ("plan.xls", b"\xd0\xcf\x11\xe0" + b"x" * 40, (".xls",)),
        ("plan.docx", b"PK\x03\x04", (".docx",)),
    ],
    ids=["vide", "colonne", "binaire", "zip-csv", "csv-xlsx", "zip-tronqué", "xls", "docx"],
)
def test_un_fichier_illisible_est_refuse(
    arpent: Console, demarche: Demarche, tmp_path: Path, nom: str, contenu: bytes, mots: tuple[str, ...]
) -> None:
    (tmp_path / nom).write_bytes(contenu)
    arpent("plan", "importer", tmp_path / nom, "--territoire", "gorges").exiger_un_refus(*mots)
    assert not Fiche.objects.exists()


def test_un_fichier_absent_est_refuse(arpent: Console, demarche: Demarche, tmp_path: Path) -> None:
    absent = tmp_path / "absent.csv"
    arpent("plan", "importer", absent, "--territoire", "gorges").exiger_un_refus("introuvable", "absent.csv")
    arpent("plan", "importer", tmp_path, "--territoire", "gorges").exiger_un_refus("introuvable")
