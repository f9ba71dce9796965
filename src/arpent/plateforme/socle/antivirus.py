"""Every file sent is shown to the antivirus of the server (clamd) before any page sees it, when there is one.

`ARPENT_ANTIVIRUS`: `unix:/run/clamav/clamd.ctl` or `tcp:127.0.0.1:3310`; empty: no antivirus. One that does
not answer refuses the file: what has not been examined is not kept.
"""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterable
from itertools import chain
from typing import Any

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from .securite import noter

DELAI = 15
"""Seconds."""
MORCEAU = 64 * 1024


class AntivirusAbsent(RuntimeError):
    """It was asked for and does not answer, or answers what nobody understands."""


def _ouvrir(adresse: str) -> socket.socket:
    genre, _, lieu = adresse.partition(":")
    try:
        if genre == "unix":
            prise = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
            prise.settimeout(DELAI)
            prise.connect(lieu)
            return prise
        hote, _, port = lieu.rpartition(":")
        return socket.create_connection((hote, int(port)), timeout=DELAI)
    except (OSError, ValueError) as erreur:
        raise AntivirusAbsent(adresse) from erreur


def virus_de(morceaux: Iterable[bytes], adresse: str) -> str:
    """The name of the virus, or an empty text (command INSTREAM of clamd). AntivirusAbsent."""
    with _ouvrir(adresse) as prise:
        try:
            prise.sendall(b"zINSTREAM\0")
            for morceau in morceaux:
                for debut in range(0, len(morceau), MORCEAU):
                    part = morceau[debut : debut + MORCEAU]
                    prise.sendall(len(part).to_bytes(4, "big") + part)
            prise.sendall(bytes(4))
            reponse = b""
            while len(reponse) < 4096 and (recu := prise.recv(1024)):
                reponse += recu
        except OSError as erreur:
            raise AntivirusAbsent(adresse) from erreur
    dit = reponse.rstrip(b"\0\n").decode("utf-8", "replace").removeprefix("stream: ")
    if dit == "OK":
        return ""
    if dit.endswith(" FOUND"):
        return dit.removesuffix(" FOUND") or "inconnu"
    raise AntivirusAbsent(dit[:100] or adresse)


def _examiner(request: HttpRequest, fichier: UploadedFile[Any]) -> str:
    """What to tell the person; empty when the file is clean."""
    nom = (fichier.name or "sans nom")[-100:]
    try:
        virus = virus_de(fichier.chunks(MORCEAU), settings.ARPENT_ANTIVIRUS)
    except AntivirusAbsent as absent:
        noter("antivirus_absent", request, raison=str(absent))
        return (
            f"Le fichier « {nom} » n’a pas pu être vérifié : l’antivirus ne répond pas. Réessayez dans "
            "quelques minutes ; si cela dure, prévenez l’administrateur."
        )
    fichier.seek(0)
    if not virus:
        return ""
    noter("fichier_infecte", request, virus=virus)
    return (
        f"Le fichier « {nom} » contient un logiciel malveillant ({virus}) : il n’a pas été gardé. Faites "
        "vérifier le poste d’où il vient, puis envoyez une copie saine."
    )


class FichiersExamines:
    """Middleware, after the check of the form's token: a file refused never reaches a page."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., HttpResponse], args: Any, kwargs: Any
    ) -> HttpResponse | None:
        if not settings.ARPENT_ANTIVIRUS or request.method != "POST":
            return None
        for fichier in chain.from_iterable(liste for _, liste in request.FILES.lists()):
            if refus := _examiner(request, fichier):
                return render(request, "422.html", {"raison": refus}, status=422)
        return None
