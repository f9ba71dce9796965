"""A contract ready to be signed, with a real PDF of three pages, and certificates of every kind."""

from __future__ import annotations

import functools
import io
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from arpent.plateforme.contrats.models import CircuitSignature, Contrat, EmplacementSignature, VersionContrat
from arpent.plateforme.contrats.signatures.circuits import choisir_canal, ouvrir_pour_le_contrat
from arpent.plateforme.contrats.signatures.papier import recevoir_exemplaire
from arpent.plateforme.documents.actions import emettre
from arpent.plateforme.documents.signature import certificats
from arpent.plateforme.socle.envois import Envoi

PAGES = 3
MOT_DE_PASSE = "un secret"
LE = datetime.now(UTC)


@functools.cache
def petit_pdf(texte: str = "Contrat d’essai") -> bytes:
    """Three tagged pages, as the templates make them."""
    import typst

    source = f'#set document(title: [{texte}])\n#set text(lang: "fr")\n= {texte}\n#lorem(60)\n' + (
        "#pagebreak()\n#lorem(60)\n" * (PAGES - 1)
    )
    pdf = typst.compile(source.encode(), format="pdf", pdf_standards=["a-2a"])
    assert isinstance(pdf, bytes)
    return pdf


@functools.cache
def racine() -> tuple[object, object]:
    """The authority that issues the certificates of the tests."""
    return certificats.fabriquer(
        "Autorité des essais", debut=LE - timedelta(days=900), fin=LE + timedelta(days=900)
    )


@functools.cache
def pkcs12(nom: str = "Mme Essai", *, debut: int = -10, fin: int = 300, signe: bool = True) -> bytes:
    """A certificate valid from `debut` to `fin` days from today, under MOT_DE_PASSE."""
    paire = certificats.fabriquer(
        nom, "Corps d’essai", debut=LE + timedelta(days=debut), fin=LE + timedelta(days=fin),
        emetteur=racine(), signe=signe,  # type: ignore[arg-type]
    )  # fmt: skip
    return certificats.en_pkcs12(*paire, MOT_DE_PASSE)


def reconnaitre_la_racine(dossier: Path) -> None:
    """The instance trusts the authority of the tests."""
    from cryptography.hazmat.primitives.serialization import Encoding

    (dossier / "racines").mkdir(parents=True, exist_ok=True)
    pem = racine()[1].public_bytes(Encoding.PEM)  # type: ignore[attr-defined]
    (dossier / "racines" / "essai.pem").write_bytes(pem)


def ouvrir(contrat: Contrat, *canaux: str, ordre_impose: bool = False) -> list[EmplacementSignature]:
    """The places of a new circuit, in order, with these channels."""
    circuit = ouvrir_pour_le_contrat(contrat, ordre_impose=ordre_impose, par=None)
    for place, canal in zip(places(circuit), canaux, strict=False):
        choisir_canal(place, canal, par=None)
    return places(circuit)


def places(circuit: CircuitSignature) -> list[EmplacementSignature]:
    return list(circuit.emplacements.select_related("circuit", "partie__organisation").order_by("ordre"))


def signer_sur_papier(contrat: Contrat, version: VersionContrat | None = None) -> None:
    """Every party signs a copy without codes: the short way to a signed contract.

    `version`: it was issued without its files, a PDF is put in it first.
    """
    if version is not None:
        document = emettre(
            petit_pdf(), nom="contrat.pdf", titre="Contrat", genre="contrat", gabarit="contrat/v1",
            sur=version, demarche_id=contrat.demarche_id, donnees={}, par_id=None, par_nom="Arpent",
        )  # fmt: skip
        version.documents.add(document)
    signer_exemplaire(ouvrir(contrat)[0].circuit, date.today())


def signer_exemplaire(circuit: CircuitSignature, le: date) -> None:
    """Every party signs that day a copy without codes."""
    envoi = Envoi("signe.pdf", petit_pdf("Signé"))
    recevoir_exemplaire(circuit, envoi, places(circuit), signe_le=le, motif="Essai", par=None)


def images(pdf: bytes, ordre: Sequence[int] = (), tours: Sequence[int] = ()) -> list[tuple[str, bytes]]:
    """Each page as a JPEG scan: `ordre` picks the pages (from 1), `tours` turns them (degrees)."""
    import pypdfium2 as pdfium

    document = pdfium.PdfDocument(pdf)
    scans = []
    for rang, numero in enumerate(ordre or range(1, len(document) + 1)):
        image = document[numero - 1].render(scale=150 / 72).to_pil().convert("L")
        if rang < len(tours):
            image = image.rotate(tours[rang], expand=True, fillcolor=255)
        tampon = io.BytesIO()
        image.save(tampon, "JPEG", quality=60)
        scans.append((f"scan-{rang + 1}.jpg", tampon.getvalue()))
    document.close()
    return scans
