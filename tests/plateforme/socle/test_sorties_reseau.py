"""Calling another server never leads inside the house."""

from __future__ import annotations

import socket
from typing import Any

import pytest

from arpent.plateforme.socle import sorties_reseau
from arpent.plateforme.socle.sorties_reseau import SortieEchouee, SortieRefusee, est_permise, poster, resoudre

INTERNES = (
    "127.0.0.1", "127.1.2.3", "0.0.0.0", "10.0.0.1", "172.16.0.1", "192.168.1.1", "169.254.169.254",
    "100.64.0.1", "192.0.0.1", "198.18.0.1", "224.0.0.1", "240.0.0.1", "255.255.255.255", "::1", "::",
    "fe80::1", "fc00::1", "fd12::1", "ff02::1", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "64:ff9b::7f00:1",
    "64:ff9b::a00:1", "2002:7f00:1::", "2002:a00:1::", "2001:db8::1", "fe80::1%eth0",
)  # fmt: skip


@pytest.mark.parametrize("ip", INTERNES)
def test_une_adresse_interne_n_est_pas_permise(ip: str) -> None:
    assert not est_permise(ip)


@pytest.mark.parametrize("ip", ["1.1.1.1", "8.8.8.8", "2606:4700:4700::1111", "::ffff:8.8.8.8"])
def test_une_adresse_d_internet_est_permise(ip: str) -> None:
    assert est_permise(ip)


def test_l_administrateur_permet_un_reseau(settings: Any) -> None:
    settings.ARPENT_SORTIES_PERMISES = ["10.1.0.0/16", " fd00::/8 ", ""]
    assert est_permise("10.1.2.3")
    assert est_permise("::ffff:10.1.2.3")
    assert est_permise("fd00::1")
    assert not est_permise("10.2.0.1")


@pytest.mark.parametrize(
    "url",
    [
        "file:///etc/passwd", "gopher://127.0.0.1/", "ftp://exemple.fr/", "//exemple.fr/", "exemple.fr",
        "https://", "https://moi:secret@exemple.fr/", "https://exemple.fr:0/", "https://exemple.fr:99999/",
        "http://[::1", "http://127.0.0.1/", "http://localhost/", "http://2130706433/", "http://0x7f000001/",
        "http://0177.0.0.1/", "http://127.1/", "http://[::ffff:7f00:1]/", "http://0/",
    ],
)  # fmt: skip
def test_ce_qui_mene_dedans_ou_nulle_part_est_refuse(url: str) -> None:
    with pytest.raises((SortieRefusee, SortieEchouee)):
        resoudre(url)


def _nomme(*ips: str) -> Any:
    def resoudre_nom(hote: str, port: int, **_: Any) -> list[Any]:
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (ip, port)) for ip in ips]

    return resoudre_nom


def test_une_seule_adresse_interne_parmi_plusieurs_suffit_a_refuser(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sorties_reseau.socket, "getaddrinfo", _nomme("8.8.8.8", "10.0.0.1"))
    with pytest.raises(SortieRefusee, match="adresse interne"):
        resoudre("https://exemple.fr/")


def test_la_connexion_va_a_l_adresse_jugee(monkeypatch: pytest.MonkeyPatch) -> None:
    """A name that changes between the judgement and the call leads nowhere: it is asked once."""
    demandes, connexions = [], []

    def resoudre_nom(hote: str, port: int, **_: Any) -> list[Any]:
        demandes.append(hote)
        return _nomme("8.8.8.8" if len(demandes) == 1 else "127.0.0.1")(hote, port)

    def connecter(adresse: tuple[str, int], *_: Any) -> Any:
        connexions.append(adresse)
        raise TimeoutError

    monkeypatch.setattr(sorties_reseau.socket, "getaddrinfo", resoudre_nom)
    monkeypatch.setattr(sorties_reseau.socket, "create_connection", connecter)
    for url in ("http://exemple.fr:8080/x", "https://exemple.fr/x"):
        demandes.clear()
        with pytest.raises(SortieEchouee, match="délai"):
            poster(url, b"{}", {})
        assert demandes == ["exemple.fr"]
    assert connexions == [("8.8.8.8", 8080), ("8.8.8.8", 443)]


def test_un_entete_coupe_en_deux_ne_part_pas(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sorties_reseau.socket, "getaddrinfo", _nomme("8.8.8.8"))
    with pytest.raises(SortieEchouee):
        poster("http://exemple.fr/", b"{}", {"X": "a\r\nY: b"})
