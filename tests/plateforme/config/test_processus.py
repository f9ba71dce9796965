"""`arpent processus`, `arpent demarche`, `arpent pilotage`: the gestures of the pages, from the console."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import yaml

from arpent.plateforme.demarches.models import Demarche
from arpent.plateforme.reglements.models import Dispositif
from tests.plateforme import fabrique

from .conftest import Console

pytestmark = pytest.mark.django_db


@pytest.fixture
def demarche() -> Demarche:
    return fabrique.demarche()


@pytest.fixture
def dispositif(demarche: Demarche) -> Dispositif:
    return Dispositif.objects.get(processus=demarche.processus)


@pytest.fixture
def fichier(arpent: Console, dispositif: Dispositif, tmp_path: Path) -> Path:
    """The version in force, exported, with one more step."""
    contenu = yaml.safe_load(arpent("processus", "exporter", "--dispositif", dispositif.slug).sortie)
    contenu["phases"][0]["etapes"].append({"code": "bilan", "libelle": "Bilan", "duree_jours": 10})
    chemin = tmp_path / "processus.yaml"
    chemin.write_text(yaml.safe_dump(contenu, allow_unicode=True), encoding="utf-8")
    return chemin


def test_un_fichier_juste_se_verifie(arpent: Console, fichier: Path) -> None:
    resultat = arpent("processus", "verifier", str(fichier))
    assert resultat.code == 0
    assert "3 étape(s)" in resultat.sortie
    assert json.loads(arpent("processus", "verifier", str(fichier), "--json").sortie) == {"fautes": []}


@pytest.mark.parametrize(
    ("texte", "message"),
    [
        ("phases: [", "n’est pas du YAML"),
        ("phases: []", "au moins une phase"),
        (
            "phases: [{code: a, libelle: A, etapes: [{code: b, libelle: B, role: roi}]}]",
            "« roi » n’existe pas",
        ),
        ("x" * 400_001, "trop long"),
    ],
)
def test_un_fichier_faux_est_dit_avec_son_lieu(
    arpent: Console, tmp_path: Path, texte: str, message: str
) -> None:
    chemin = tmp_path / "faux.yaml"
    chemin.write_text(texte, encoding="utf-8")
    resultat = arpent("processus", "verifier", str(chemin))
    assert resultat.code == 1
    assert message in resultat.sortie.replace("\u00a0", " ")
    assert len(json.loads(arpent("processus", "verifier", str(chemin), "--json").sortie)["fautes"]) == 1


def test_un_fichier_se_publie_au_nom_d_un_agent_et_la_demarche_change_de_version(
    arpent: Console, dispositif: Dispositif, demarche: Demarche, fichier: Path
) -> None:
    chef = fabrique.agent("chef_de_projet", demarche)
    charger = ("processus", "charger", str(fichier), "--dispositif", dispositif.slug, "--note", "Un bilan")
    arpent(*charger, "--par", "inconnu@exemple.fr").exiger_un_refus("n’est pas un agent qui peut écrire")
    assert "version 2 publiée" in arpent(*charger, "--par", chef.courriel).sortie
    arpent(*charger, "--par", chef.courriel).exiger_un_refus("rien à publier")
    assert not dispositif.processus.brouillons.filter(etat="redaction").exists()
    assert "Bilan" in arpent("demarche", "version", demarche.slug).sortie
    demarche.refresh_from_db()
    assert demarche.version_processus.numero == 1
    arpent("demarche", "version", demarche.slug, "--appliquer", "Nouvelle règle")
    demarche.refresh_from_db()
    assert demarche.version_processus.numero == 2
    assert "suit déjà la dernière" in arpent("demarche", "version", demarche.slug).sortie
    assert "Bilan" in arpent("demarche", "etapes", demarche.slug).sortie


def test_les_etapes_se_lisent_en_donnees(arpent: Console, demarche: Demarche) -> None:
    etapes = json.loads(arpent("demarche", "etapes", demarche.slug, "--json").sortie)
    assert [e["code"] for e in etapes] == ["copil", "atelier"]
    assert etapes[0]["prevue_le"] == "2026-02-15"


def test_le_schema_sort_en_mermaid_ou_en_svg(arpent: Console, dispositif: Dispositif, tmp_path: Path) -> None:
    schema = ("processus", "schema", "--dispositif", dispositif.slug)
    assert arpent(*schema).sortie.startswith("flowchart TD")
    arpent(*schema, "--svg", str(tmp_path / "schema.svg"))
    assert (tmp_path / "schema.svg").read_text("utf-8").startswith("<svg")
    arpent(*schema, "--version", "9").exiger_un_refus("version 9 inconnue")


def test_le_pilotage_se_lit_et_s_ecrit(
    arpent: Console, dispositif: Dispositif, demarche: Demarche, tmp_path: Path
) -> None:
    assert demarche.territoire.nom in arpent("pilotage", dispositif.slug).sortie
    (ligne,) = json.loads(arpent("pilotage", dispositif.slug, "--json").sortie)
    assert ligne["identifiant"] == demarche.slug
    assert ligne["demande"] == "0.00"
    arpent("pilotage", dispositif.slug, "--xlsx", str(tmp_path / "p.xlsx"), "--pdf", str(tmp_path / "n.pdf"))
    assert (tmp_path / "p.xlsx").read_bytes()[:2] == b"PK"
    assert (tmp_path / "n.pdf").read_bytes()[:5] == b"%PDF-"


def test_un_fichier_absent_est_un_refus(arpent: Console, tmp_path: Path) -> None:
    arpent("processus", "verifier", str(tmp_path / "rien.yaml")).exiger_un_refus("ne se lit pas")
