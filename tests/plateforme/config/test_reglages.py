"""The settings an instance runs with, behind TLS, as a production process reads them."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.hashers import Argon2PasswordHasher
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.test import Client
from django.utils.module_loading import import_string

from arpent.plateforme.acteurs.models import Agent
from tests.plateforme import fabrique

RACINE = Path(__file__).parents[3]
SOURCES = RACINE / "src/arpent"
Connecte = Callable[[Agent], Client]
_LIRE = """
import json
from django.conf import settings
import django
django.setup()
from django.core.checks import run_checks
noms = [n for n in dir(settings) if n.isupper()]
print(json.dumps({
    "reglages": {
        n: getattr(settings, n) for n in noms if isinstance(getattr(settings, n), (str, int, bool, list))
    },
    "controles": [str(c) for c in run_checks(include_deployment_checks=True) if not c.is_silenced()],
}))
"""


@pytest.fixture(scope="module")
def production(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What a production process reads behind TLS, and what Django's deployment checks say of it."""
    environnement = {k: v for k, v in os.environ.items() if not k.startswith("ARPENT_")} | {
        "ARPENT_DONNEES": str(tmp_path_factory.mktemp("donnees")),
        "ARPENT_HTTPS": "1",
        "DJANGO_SETTINGS_MODULE": "arpent.plateforme.config.settings",
        "PYTHONPATH": str(SOURCES.parent),
    }
    environnement.pop("DATABASE_URL", None)
    lu = subprocess.run(
        [sys.executable, "-c", _LIRE],
        env=environnement,
        capture_output=True,
        text=True,
        check=True,
        cwd=RACINE,
    )
    dit: dict[str, Any] = json.loads(lu.stdout.splitlines()[-1])
    return dit


def test_les_controles_de_deploiement_ne_disent_rien(production: dict[str, Any]) -> None:
    assert production["controles"] == []


def test_derriere_tls_les_temoins_sont_proteges(production: dict[str, Any]) -> None:
    reglages = production["reglages"]
    for temoin in ("SESSION_COOKIE", "CSRF_COOKIE"):
        assert reglages[f"{temoin}_SECURE"]
        assert reglages[f"{temoin}_HTTPONLY"]
        assert reglages[f"{temoin}_NAME"].startswith("__Host-")
        assert reglages[f"{temoin}_SAMESITE"] == "Lax"


def test_le_mode_de_mise_au_point_est_eteint(production: dict[str, Any]) -> None:
    reglages = production["reglages"]
    assert not reglages["DEBUG"]
    assert not reglages["ARPENT_DEMO"]
    assert not reglages["ARPENT_COMPOSANTS"]


def test_les_mots_de_passe_sont_gardes_en_argon2id(production: dict[str, Any]) -> None:
    hacheurs = [import_string(nom)() for nom in production["reglages"]["PASSWORD_HASHERS"]]
    assert all(isinstance(h, Argon2PasswordHasher) for h in hacheurs)
    garde = hacheurs[0].encode("une phrase", hacheurs[0].salt())
    assert garde.startswith("argon2$argon2id$")
    assert re.search(r"m=32768,t=3,p=1", garde)


@pytest.mark.django_db
@pytest.mark.parametrize(
    "mot",
    [
        "motdepasse123", "azertyuiop123", "123456789012", "passwordpassword", "football12345",
        "1q2w3e4r5t6y", "qwertyuiop123", "123456789123", "password1234", "q1w2e3r4t5y6", "iloveyou1234",
        "123456123456", "superman1234", "qazwsxedcrfv", "123qweasdzxc", "abcd12345678", "qwerty123456",
        "1qaz2wsx3edc",
        "zaq12wsxcde3", "aaaaaaaaaaaa", "111111222222", "!!dragon!!2026", "2026monkey2026", "0987654321098",
        "abcabcabcabc", "azerty-azerty", "987654321987", "doudou123456",
        "marseille1313", "soleil soleil soleil",
    ],
)  # fmt: skip
def test_un_mot_de_passe_des_fuites_connues_est_refuse(mot: str) -> None:
    with pytest.raises(ValidationError):
        validate_password(mot)


@pytest.mark.django_db
def test_le_mot_de_passe_est_verifie_tel_quel() -> None:
    """Blanks kept, case kept, nothing cut: not even after 64 characters."""
    mot = "  Une phrase É  " + "z" * 100
    agent = fabrique.agent("administrateur")
    agent.set_password(mot)
    agent.save()
    assert Client().post("/connexion/", {"username": agent.courriel, "password": mot}).status_code == 302
    for faux in (mot.strip(), mot.lower(), mot[:-1], mot.replace("É", "E")):
        assert Client().post("/connexion/", {"username": agent.courriel, "password": faux}).status_code == 200


@pytest.mark.django_db
def test_le_mot_de_passe_se_masque_se_colle_et_se_complete(connecte: Connecte) -> None:
    agent = fabrique.agent("administrateur")
    pages = [Client().get("/connexion/"), connecte(agent).get("/compte/mot-de-passe/", follow=True)]
    for page in pages:
        champs = re.findall(r"<input[^>]*password[^>]*>", page.content.decode())
        assert champs
        for champ in champs:
            assert 'type="password"' in champ
            assert re.search(r'autocomplete="(current|new)-password"', champ)
            assert "maxlength" not in champ or int(re.search(r'maxlength="(\d+)"', champ)[1]) >= 64  # type: ignore[index]
    scripts = "".join(p.read_text() for p in SOURCES.rglob("static/**/*.js"))
    assert not re.search(r"onpaste|[\"']paste[\"'].{0,200}password", scripts, re.S)


@pytest.mark.django_db
def test_le_numero_de_session_est_long_et_tire_au_hasard(connecte: Connecte) -> None:
    agent = fabrique.agent("administrateur")
    numeros = {str(connecte(agent).session.session_key) for _ in range(20)}
    assert len(numeros) == 20
    assert all(re.fullmatch(r"[a-z0-9]{32}", n) for n in numeros)  # 36^32: 165 bits


@pytest.mark.django_db
def test_chaque_page_offre_de_se_deconnecter(connecte: Connecte) -> None:
    demarche = fabrique.demarche()
    client = connecte(fabrique.agent("chef_de_projet", demarche))
    for chemin in ("/", "/fiches/", f"/territoires/{demarche.slug}/", "/compte/", "/nulle-part/"):
        assert 'action="/deconnexion/"' in client.get(chemin).content.decode()


def test_le_navigateur_ne_garde_aucune_donnee() -> None:
    gardes = re.compile(r"localStorage|sessionStorage|indexedDB|document\.cookie|caches\.open")
    fautifs = [p.name for p in SOURCES.rglob("static/**/*.js") if gardes.search(p.read_text())]
    assert not fautifs


def test_aucun_algorithme_faible_n_est_employe() -> None:
    faibles = re.compile(r"\b(md5|sha1|ECB|DES3?|RC4|Blowfish|PKCS1v15)\b|^import random$|from random import")
    autorise = {"settings_tests.py"}
    fautifs = [
        f"{p.name} : {ligne.strip()}"
        for p in SOURCES.rglob("*.py") if p.name not in autorise
        for ligne in p.read_text().splitlines() if faibles.search(ligne)
    ]  # fmt: skip
    assert not fautifs
