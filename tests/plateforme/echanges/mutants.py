"""Files that people send, spoiled at random, the same for a same seed; and how their page must answer."""

from __future__ import annotations

import io
import random
import re
import tempfile
import zipfile
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pikepdf
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

from arpent.plateforme.acteurs.models import Agent
from arpent.plateforme.demarches.models import Demarche
from arpent.plateforme.documents.donnees import ColonneDoc
from arpent.plateforme.documents.rendu.ods import rendre_tableau_ods
from arpent.plateforme.echanges.retour.actions import exporter
from tests.plateforme.echanges import bombes
from tests.plateforme.echanges.classeur_sale import sale
from tests.plateforme.observatoire.chargeurs.mutations import muter

GENRES = ("xlsx", "csv", "ods", "piece")
_ERREURS = re.compile(r'<ul class="erreurs"[^>]*>(.*?)</ul>', re.DOTALL)
_CSV = "Intitulé;Maître d’ouvrage;Coût HT;DETR;Année\n" + "".join(
    f"Pont n° {i};Chirac;{i * 1000},50;{i * 100};2027\n" for i in range(40)
)


def _ods() -> bytes:
    colonnes = [
        ColonneDoc("t", "Intitulé"),
        ColonneDoc("m", "Maître d’ouvrage"),
        ColonneDoc("c", "Coût HT", "montant"),
    ]
    lignes = [{"t": f"=École {i}", "m": "Chirac", "c": Decimal("12345.67") + i} for i in range(40)]
    return rendre_tableau_ods("Plan", colonnes, lignes, etabli_le=date(2026, 1, 1))


def _image(genre: str) -> bytes:
    sortie = io.BytesIO()
    Image.radial_gradient("L").resize((300, 200)).convert("RGB").save(sortie, genre)
    return sortie.getvalue()


def _pdf() -> bytes:
    sortie = io.BytesIO()
    with pikepdf.new() as pdf:
        for _ in range(3):
            pdf.add_blank_page()
        pdf.save(sortie)
    return sortie.getvalue()


def _docx() -> bytes:
    sortie = io.BytesIO()
    with zipfile.ZipFile(sortie, "w") as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("word/document.xml", "<w:document/>" * 50)
    return sortie.getvalue()


def originaux(demarche: Demarche, agent: Agent) -> dict[str, list[tuple[str, bytes]]]:
    """Sound files of each genre: plans as people keep them, the one that comes back, what one attaches."""
    with tempfile.TemporaryDirectory() as dossier:
        simple = bombes.sain(Path(dossier) / "a.xlsx", lignes=40).read_bytes()
        laid = sale(Path(dossier) / "b.xlsx", structures=["Chirac"] * 9, theme="Voirie").read_bytes()
    retour = exporter(demarche, agent)
    return {
        "xlsx": [("plan.xlsx", simple), ("plan.xlsx", laid), ("plan.xlsx", retour)],
        "csv": [("plan.csv", _CSV.encode()), ("plan.csv", _CSV.encode("utf-16"))],
        "ods": [("plan.ods", _ods())],
        "piece": [
            ("devis.pdf", _pdf()), ("devis.pdf", _pdf()), ("photo.jpg", _image("JPEG")),
            ("photo.png", _image("PNG")), ("photo.webp", _image("WEBP")), ("note.docx", _docx()),
        ],
    }  # fmt: skip


def _muter_dedans(octets: bytes, alea: random.Random) -> bytes:
    """The archive stays sound, one of its parts is spoiled: what a reader only finds by reading."""
    sortie = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(octets)) as lue,
        zipfile.ZipFile(sortie, "w", zipfile.ZIP_DEFLATED) as ecrite,
    ):
        choisie = alea.choice(lue.namelist())
        for nom in lue.namelist():
            partie = lue.read(nom)
            ecrite.writestr(nom, muter(partie, alea) if nom == choisie else partie)
    return sortie.getvalue()


def mutants(fichiers: list[tuple[str, bytes]], nombre: int, graine: int) -> Iterator[tuple[str, bytes]]:
    alea = random.Random(graine)
    for rang in range(nombre):
        nom, octets = fichiers[rang % len(fichiers)]
        if octets[:2] == b"PK" and alea.random() < 0.7:
            yield nom, _muter_dedans(octets, alea)
        else:
            yield nom, muter(octets, alea)


def envoyer(client: Client, plan: str, fiche: str, genre: str, nom: str, octets: bytes) -> Any:
    fichier = SimpleUploadedFile(nom, octets)
    if genre == "piece":
        return client.post(f"{fiche}pieces/", {"fichier": fichier, "nature": "autre", "titre": "Devis"})
    return client.post(f"{plan}importer/", {"fichier": fichier})


def juger(client: Client, reponse: Any) -> str:
    """What is wrong with the answer, "" when nothing: a refusal that says why, or a page that opens."""
    if reponse.status_code == 413:
        return ""
    if reponse.status_code in {400, 422}:
        phrases = [re.sub(r"<[^>]*>", "", p).strip() for p in _ERREURS.findall(reponse.content.decode())]
        return "" if any(len(p) > 15 for p in phrases) else "un refus sans phrase"
    if reponse.status_code != 302:
        return f"réponse {reponse.status_code}"
    suite = client.get(reponse.headers["Location"])
    return "" if suite.status_code == 200 else f"la page suivante répond {suite.status_code}"
