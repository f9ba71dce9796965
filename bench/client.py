"""A small HTTP client that counts: one connection kept open, cookies, time to the last byte."""

from __future__ import annotations

import gzip
import http.client
import re
import threading
import time
import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field
from urllib.parse import urlencode

from .instance import BancEnPanne


@dataclass(frozen=True, slots=True)
class Reponse:
    status: int
    corps: bytes
    secondes: float
    lieu: str

    @property
    def octets_gzip(self) -> int:
        return len(gzip.compress(self.corps, 6))

    def champ(self, nom: str) -> str:
        """Value of a hidden field of the page."""
        texte = self.corps.decode()
        for balise in re.findall(r"<input[^>]*>", texte):
            if f'name="{nom}"' in balise and (trouve := re.search(r'value="([^"]*)"', balise)):
                return trouve.group(1)
        return ""


@dataclass(slots=True)
class Client:
    """One person on one connection."""

    port: int
    cookies: dict[str, str] = field(default_factory=dict)
    connexion: http.client.HTTPConnection | None = None

    def ask(self, method: str, path: str, body: bytes = b"", content_type: str = "") -> Reponse:
        """One request. A connection that the server closed meanwhile is opened again, outside the timing."""
        headers = {"Cookie": "; ".join(f"{k}={v}" for k, v in self.cookies.items()), "Accept": "text/html"}
        if content_type:
            headers["Content-Type"] = content_type
        for _ in range(2):
            connection = self.connexion or http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
            start = time.perf_counter()
            try:
                connection.request(method, path, body or None, headers)
                response = connection.getresponse()
                content = response.read()
            except (http.client.RemoteDisconnected, ConnectionError):
                connection.close()
                self.connexion = None
                continue
            elapsed = time.perf_counter() - start
            self.connexion = connection
            for line in response.headers.get_all("Set-Cookie") or []:
                name, _, value = line.split(";")[0].partition("=")
                self.cookies[name.strip()] = value
            return Reponse(response.status, content, elapsed, response.headers.get("Location") or "")
        raise BancEnPanne(f"{path} : le serveur a fermé la connexion deux fois.")

    def page(self, path: str) -> Reponse:
        """GET that must answer 200."""
        reponse = self.ask("GET", path)
        if reponse.status != 200:
            raise BancEnPanne(f"{path} a répondu {reponse.status} {reponse.lieu}")
        return reponse

    def form(self, path: str, fields: dict[str, str]) -> Reponse:
        """POST of a plain form."""
        return self.ask("POST", path, urlencode(fields).encode(), "application/x-www-form-urlencoded")

    def upload(self, path: str, fields: dict[str, str], name: str, filename: str, content: bytes) -> Reponse:
        """POST of a form with one file."""
        limit = uuid.uuid4().hex
        parts = [
            f'--{limit}\r\nContent-Disposition: form-data; name="{k}"\r\n\r\n{v}\r\n'.encode()
            for k, v in fields.items()
        ]
        head = (
            f'--{limit}\r\nContent-Disposition: form-data; name="{name}"; filename="{filename}"\r\n'
            "Content-Type: application/octet-stream\r\n\r\n"
        )
        body = b"".join([*parts, head.encode(), content, f"\r\n--{limit}--\r\n".encode()])
        return self.ask("POST", path, body, f"multipart/form-data; boundary={limit}")


def centile(values: Sequence[float], part: float) -> float:
    """The value that a `part` of the measures does not exceed."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * part))]


def debit(port: int, cookies: dict[str, str], path: str, clients: int, secondes: float) -> float:
    """Pages a second that `clients` people get from one page, each as fast as it answers."""
    counts = [0] * clients
    deadline = time.perf_counter() + secondes

    def one(rank: int) -> None:
        client = Client(port, dict(cookies))
        while time.perf_counter() < deadline:
            client.page(path)
            counts[rank] += 1

    start = time.perf_counter()
    threads = [threading.Thread(target=one, args=(rank,)) for rank in range(clients)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sum(counts) / (time.perf_counter() - start)
