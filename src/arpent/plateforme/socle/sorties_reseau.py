"""Calling another server without being led inside the house.

The address is resolved once, every answer of the resolver is judged, and the connection is made to the
address that was judged: a name that changes between the two (DNS rebinding) leads nowhere. No redirect is
followed. What may be called inside one's own network: ARPENT_SORTIES_PERMISES (networks, comma separated).
"""

from __future__ import annotations

import http.client
import ipaddress
import socket
import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import SplitResult, urlsplit

from django.conf import settings

SECONDES = 5.0
LU_AU_PLUS = 4_096
Adresse = ipaddress.IPv4Address | ipaddress.IPv6Address


class SortieRefusee(ValueError):
    """That address must not be called; French, says what to do."""


class SortieEchouee(OSError):
    """The server did not answer; French."""


@dataclass(frozen=True, slots=True)
class Reponse:
    statut: int
    corps: bytes


def _permises() -> list[ipaddress.IPv4Network | ipaddress.IPv6Network]:
    return [ipaddress.ip_network(x.strip()) for x in settings.ARPENT_SORTIES_PERMISES if x.strip()]


def _reelle(ip: Adresse) -> Adresse:
    """An IPv6 address that wraps an IPv4 one is judged as that one."""
    if isinstance(ip, ipaddress.IPv6Address):
        if ip.ipv4_mapped is not None:
            return ip.ipv4_mapped
        if ip.sixtofour is not None:
            return ip.sixtofour
        if ip.teredo is not None:
            return ip.teredo[1]
        if ip in ipaddress.ip_network("64:ff9b::/96"):
            return ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)
    return ip


def est_permise(texte: str) -> bool:
    """Whether that numeric address is out on the Internet, or in a network that the instance allows."""
    ip = _reelle(ipaddress.ip_address(texte.partition("%")[0]))
    if any(ip in reseau for reseau in _permises() if reseau.version == ip.version):
        return True
    return ip.is_global and not ip.is_multicast


def lire_adresse(url: str) -> SplitResult:
    """The parts of an address that may be called. SortieRefusee: scheme, user, port, host."""
    try:
        lue = urlsplit(url)
        port = lue.port
    except ValueError:
        raise SortieRefusee("Cette adresse est illisible : https://serveur.exemple.fr/chemin.") from None
    if lue.scheme not in {"https", "http"} or not lue.hostname:
        raise SortieRefusee("L’adresse commence par https:// et nomme un serveur.")
    if lue.username or lue.password:
        raise SortieRefusee("L’adresse ne porte ni identifiant ni mot de passe.")
    if port is not None and not 1 <= port <= 65_535:
        raise SortieRefusee("Le port de cette adresse n’existe pas.")
    return lue


def resoudre(url: str) -> tuple[SplitResult, str]:
    """The address, and the numeric one to connect to. SortieRefusee when one of them is inside."""
    lue = lire_adresse(url)
    hote = lue.hostname or ""
    port = lue.port or (443 if lue.scheme == "https" else 80)
    try:
        trouvees = [str(x[4][0]) for x in socket.getaddrinfo(hote, port, type=socket.SOCK_STREAM)]
    except (OSError, UnicodeError):
        raise SortieEchouee(f"Le nom {hote} ne mène à aucun serveur : vérifiez l’adresse.") from None
    if not trouvees or not all(map(est_permise, trouvees)):
        raise SortieRefusee(
            f"{hote} est une adresse interne : Arpent ne l’appelle pas. L’administrateur peut la permettre "
            "(ARPENT_SORTIES_PERMISES)."
        )
    return lue, trouvees[0]


class _Https(http.client.HTTPSConnection):
    """Connects to the judged address; the certificate is that of the name."""

    def __init__(self, hote: str, ip: str, port: int) -> None:
        self._contexte = ssl.create_default_context()
        super().__init__(hote, port, timeout=SECONDES, context=self._contexte)
        self._ip = ip

    def connect(self) -> None:
        brute = socket.create_connection((self._ip, self.port), SECONDES)
        self.sock = self._contexte.wrap_socket(brute, server_hostname=self.host)


class _Http(http.client.HTTPConnection):
    def __init__(self, hote: str, ip: str, port: int) -> None:
        super().__init__(hote, port, timeout=SECONDES)
        self._ip = ip

    def connect(self) -> None:
        self.sock = socket.create_connection((self._ip, self.port), SECONDES)


def poster(url: str, corps: bytes, entetes: Mapping[str, str]) -> Reponse:
    """Sends, reads four kilobytes of the answer. SortieRefusee, SortieEchouee."""
    lue, ip = resoudre(url)
    hote = lue.hostname or ""
    if lue.scheme == "https":
        connexion: http.client.HTTPConnection = _Https(hote, ip, lue.port or 443)
    else:
        connexion = _Http(hote, ip, lue.port or 80)
    chemin = (lue.path or "/") + (f"?{lue.query}" if lue.query else "")
    try:
        connexion.request("POST", chemin, corps, dict(entetes))
        recue = connexion.getresponse()
        return Reponse(recue.status, recue.read(LU_AU_PLUS))
    except (OSError, http.client.HTTPException, ValueError) as erreur:
        dit = "délai dépassé" if isinstance(erreur, TimeoutError) else type(erreur).__name__
        raise SortieEchouee(f"{hote} n’a pas répondu ({dit}).") from erreur
    finally:
        connexion.close()
