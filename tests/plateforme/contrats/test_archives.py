"""The archive of a contract: complete, verifiable; one changed, missing or added byte is named."""

from __future__ import annotations

import hashlib
import json
import random
import zipfile
from datetime import date
from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse

from arpent.plateforme.config.commande import main
from arpent.plateforme.contrats.archives import archiver, verifier_archive
from arpent.plateforme.contrats.models import Contrat
from arpent.plateforme.documents.actions import emettre
from arpent.plateforme.documents.models import DocumentEmis
from tests.plateforme.negociations.conftest import Monde

from .conftest import emettre_version

LE = date(2026, 3, 1)


@pytest.fixture
def emis(contrat: Contrat) -> DocumentEmis:
    version = emettre_version(contrat)
    return emettre(
        b"%PDF-1.7 contrat", nom="contrat.pdf", titre="Contrat", genre="contrat", gabarit="contrat/v1",
        sur=version, demarche_id=contrat.demarche_id, donnees={}, par_id=None, par_nom="Essai",
    )  # fmt: skip


@pytest.fixture
def archive(contrat: Contrat, emis: DocumentEmis, tmp_path: Path) -> Path:
    sortie = tmp_path / "contrat.zip"
    assert archiver(contrat, sortie, LE).fautes == []
    return sortie


def lire(archive: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(archive) as z:
        return {n.partition("/")[2]: z.read(n) for n in z.namelist()}


def reecrire(archive: Path, contenu: dict[str, bytes]) -> Path:
    with zipfile.ZipFile(archive, "w") as z:
        for nom, octets in contenu.items():
            z.writestr(f"contrat-x/{nom}", octets)
    return archive


def test_l_archive_porte_les_actes_les_donnees_et_le_journal(contrat: Contrat, archive: Path) -> None:
    contenu = lire(archive)
    bordereau = json.loads(contenu["data/bordereau.json"])
    (acte,) = bordereau["actes"]
    assert contenu[acte["fichier"]] == b"%PDF-1.7 contrat"
    assert acte["sha256"] == hashlib.sha256(b"%PDF-1.7 contrat").hexdigest()
    assert bordereau["parties"][0]["role"] == "autorite"
    donnees = next(v for n, v in contenu.items() if n.startswith("data/donnees/version-1-"))
    assert json.loads(donnees) == contrat.versions.get().donnees
    gestes = [json.loads(x)["geste"] for x in contenu["data/journal.jsonl"].splitlines()]
    assert "preparer_contrat" in gestes
    manifeste = dict(reversed(x.split("  ")) for x in contenu["manifest-sha256.txt"].decode().splitlines())
    assert set(manifeste) == {n for n in contenu if n.startswith("data/")}


def test_la_meme_archive_a_les_memes_octets(contrat: Contrat, archive: Path, tmp_path: Path) -> None:
    autre = tmp_path / "autre.zip"
    archiver(contrat, autre, LE)
    assert autre.read_bytes() == archive.read_bytes()


def test_une_archive_intacte_se_verifie_et_chaque_octet_change_se_voit(archive: Path) -> None:
    assert verifier_archive(archive) == []
    intact = archive.read_bytes()
    with zipfile.ZipFile(archive) as z:
        sur = {e.header_offset: e.filename for e in z.infolist()}
    assert len(sur) > 5
    hasard = random.Random(4)
    contenu = lire(archive)
    for nom in contenu:
        octets = bytearray(contenu[nom])
        octets[hasard.randrange(len(octets))] ^= 1 << hasard.randrange(8)
        altere = reecrire(archive, contenu | {nom: bytes(octets)})
        if nom != "tagmanifest-sha256.txt":
            assert verifier_archive(altere), nom
    archive.write_bytes(intact)
    assert verifier_archive(archive) == []


def test_un_fichier_retire_ou_ajoute_est_nomme(archive: Path) -> None:
    contenu = lire(archive)
    nom = next(n for n in contenu if n.startswith("data/documents/"))
    sans = {n: v for n, v in contenu.items() if n != nom}
    assert verifier_archive(reecrire(archive, sans)) == [f"{nom} : annoncé, absent de l’archive."]
    avec = contenu | {"data/intrus.pdf": b"x"}
    assert verifier_archive(reecrire(archive, avec)) == ["data/intrus.pdf : ajouté depuis l’archivage."]


@pytest.mark.parametrize("contenu", [b"", b"PK\x03\x04", b"du texte"])
def test_ce_qui_n_est_pas_une_archive_est_dit(tmp_path: Path, contenu: bytes) -> None:
    (tmp_path / "f.zip").write_bytes(contenu)
    assert verifier_archive(tmp_path / "f.zip") == ["Ce fichier n’est pas une archive lisible."]
    autre = reecrire(tmp_path / "g.zip", {"a.txt": b"a"})
    assert verifier_archive(autre) == ["Ce n’est pas une archive de contrat : son manifeste manque."]


def test_un_fichier_altere_dans_le_dossier_des_fichiers_est_signale(
    contrat: Contrat, emis: DocumentEmis, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    Path(emis.fichier.path).write_bytes(b"%PDF-1.7 autre")
    sortie, slug = tmp_path / "c.zip", contrat.demarche.slug
    assert main(["contrat", "archiver", "--territoire", slug, "--sortie", str(sortie), "--json"]) == 1
    assert json.loads(capsys.readouterr().out)["fautes"] == [
        "Contrat : le fichier a changé depuis son émission."
    ]
    Path(emis.fichier.path).unlink()
    assert main(["contrat", "archiver", "--territoire", slug, "--sortie", str(sortie)]) == 1
    assert "n’est plus dans le dossier des fichiers" in capsys.readouterr().out


def test_la_commande_verifie_et_la_page_donne_l_archive(
    contrat: Contrat, archive: Path, accord: Monde, client: Client, tmp_path: Path
) -> None:
    assert main(["contrat", "archiver", "--verifier", str(archive)]) == 0
    archive.write_bytes(archive.read_bytes()[:-40])
    assert main(["contrat", "archiver", "--verifier", str(archive)]) == 1
    assert main(["contrat", "archiver", "--verifier", str(tmp_path / "absent.zip")]) == 2
    assert main(["contrat", "archiver", "--territoire", contrat.demarche.slug]) == 2
    client.force_login(accord.chef)
    reponse = client.get(reverse("contrats:archive", args=[contrat.demarche.slug]))
    (tmp_path / "page.zip").write_bytes(b"".join(reponse.streaming_content))
    assert verifier_archive(tmp_path / "page.zip") == []
    client.force_login(accord.president)
    assert client.get(reverse("contrats:archive", args=[contrat.demarche.slug])).status_code == 403
