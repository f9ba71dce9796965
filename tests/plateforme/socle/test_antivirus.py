"""Every file sent is shown to the antivirus first; one that does not answer refuses it."""

from __future__ import annotations

import logging
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from arpent.plateforme.acteurs.models import Agent
from arpent.plateforme.plans.models import PieceJointe
from arpent.plateforme.socle.antivirus import AntivirusAbsent, virus_de
from tests.plateforme import fabrique

Connecte = Callable[[Agent], Client]
EICAR = b"X5O!P%@AP[4\\PZX54(P^)7CC)7}$" + b"EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"
"""The harmless text that every antivirus calls a virus, in two pieces: none complains of this file."""


def _lire(prise: socket.socket, combien: int) -> bytes:
    lu = b""
    while len(lu) < combien:
        if not (part := prise.recv(combien - len(lu))):
            break
        lu += part
    return lu


def _servir(ecoute: socket.socket, reponse: bytes | None) -> None:
    """clamd for one question after another: INSTREAM, chunks with their length, its verdict."""
    while True:
        try:
            prise, _ = ecoute.accept()
        except OSError:
            return
        with prise:
            assert _lire(prise, 10) == b"zINSTREAM\0"
            recu = b""
            while longueur := int.from_bytes(_lire(prise, 4), "big"):
                recu += _lire(prise, longueur)
            vu = b"stream: Eicar-Test-Signature FOUND\0" if EICAR in recu else b"stream: OK\0"
            prise.sendall(vu if reponse is None else reponse)


@contextmanager
def clamd(genre: str = "tcp", reponse: bytes | None = None, chemin: Path | None = None) -> Iterator[str]:
    ecoute = socket.socket(socket.AF_UNIX if genre == "unix" else socket.AF_INET)
    ecoute.bind(str(chemin) if chemin else ("127.0.0.1", 0))
    ecoute.listen()
    threading.Thread(target=_servir, args=(ecoute, reponse), daemon=True).start()
    try:
        yield f"unix:{chemin}" if chemin else f"tcp:127.0.0.1:{ecoute.getsockname()[1]}"
    finally:
        ecoute.close()


def test_un_virus_est_nomme_un_fichier_sain_passe() -> None:
    with clamd() as adresse:
        assert virus_de([b"a" * 200_000, EICAR], adresse) == "Eicar-Test-Signature"
        assert virus_de([b"a" * 200_000, b"b"], adresse) == ""
        assert virus_de([], adresse) == ""


def test_par_une_prise_locale(tmp_path: Path) -> None:
    with clamd("unix", chemin=tmp_path / "clamd") as adresse:
        assert virus_de([EICAR], adresse) == "Eicar-Test-Signature"


@pytest.mark.parametrize("reponse", [b"", b"INSTREAM size limit exceeded. ERROR\0", b"stream: peut-etre\0"])
def test_une_reponse_qui_n_est_pas_un_verdict_n_en_est_pas_un(reponse: bytes) -> None:
    with clamd(reponse=reponse) as adresse, pytest.raises(AntivirusAbsent):
        virus_de([b"texte"], adresse)


@pytest.mark.parametrize("adresse", ["tcp:127.0.0.1:1", "unix:/inexistant/clamd", "n’importe quoi"])
def test_un_antivirus_injoignable_se_dit(adresse: str) -> None:
    with pytest.raises(AntivirusAbsent):
        virus_de([b"texte"], adresse)


@pytest.mark.django_db
class TestPage:
    @pytest.fixture
    def envoyer(self, connecte: Connecte, settings: Any, tmp_path: Path) -> Callable[[bytes], Any]:
        settings.MEDIA_ROOT = tmp_path
        demarche = fabrique.demarche()
        fiche = fabrique.fiche(demarche)
        client = connecte(fabrique.agent("maire", demarche, pour=fiche.maitre_ouvrage))
        chemin = reverse("plans:fiche_piece_deposer", args=[demarche.slug, fiche.numero])

        def envoi(contenu: bytes) -> Any:
            fichier = SimpleUploadedFile("devis.pdf", contenu, "application/pdf")
            return client.post(chemin, {"fichier": fichier, "nature": "devis", "titre": "Devis"})

        return envoi

    def test_un_fichier_infecte_n_entre_pas_et_la_page_dit_quoi_faire(
        self, envoyer: Callable[[bytes], Any], settings: Any, caplog: pytest.LogCaptureFixture
    ) -> None:
        with clamd() as settings.ARPENT_ANTIVIRUS, caplog.at_level(logging.INFO, "arpent.securite"):
            reponse = envoyer(b"%PDF-1.7 " + EICAR)
        assert reponse.status_code == 422
        page = reponse.content.decode()
        assert "« devis.pdf » contient un logiciel malveillant (Eicar-Test-Signature)" in page
        assert "ce que vous aviez saisi y est encore" in page
        assert not PieceJointe.objects.exists()
        assert '"evenement": "fichier_infecte"' in caplog.text

    def test_un_fichier_sain_entre_entier(self, envoyer: Callable[[bytes], Any], settings: Any) -> None:
        with clamd() as settings.ARPENT_ANTIVIRUS:
            envoyer(b"%PDF-1.7 un devis")
        assert PieceJointe.objects.get().fichier.read() == b"%PDF-1.7 un devis"

    def test_sans_reponse_de_l_antivirus_rien_n_est_garde(
        self, envoyer: Callable[[bytes], Any], settings: Any
    ) -> None:
        settings.ARPENT_ANTIVIRUS = "tcp:127.0.0.1:1"
        reponse = envoyer(b"%PDF-1.7 un devis")
        assert reponse.status_code == 422
        assert "l’antivirus ne répond pas" in reponse.content.decode()
        assert not PieceJointe.objects.exists()
