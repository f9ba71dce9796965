"""A time-stamping server (RFC 3161) on this machine, with its own authority: for the tests alone."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from asn1crypto import keys, tsp
from asn1crypto import x509 as x509_asn1
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID
from pyhanko.sign.timestamps import DummyTimeStamper

from arpent.plateforme.documents.signature.certificats import fabriquer

DER = Encoding.DER


class Horodateur:
    """`adresse` answers tokens until `en_panne`; `racine` is the PEM of its authority."""

    def __init__(self) -> None:
        maintenant = datetime.now(UTC)
        debut, fin = maintenant - timedelta(days=30), maintenant + timedelta(days=30)
        cle_racine, racine = fabriquer("Autorité d’horodatage d’essai", debut=debut, fin=fin)
        cle = rsa.generate_private_key(65_537, 2_048)  # the only kind that this stamper knows
        certificat = (
            x509.CertificateBuilder()
            .subject_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Horloge d’essai")]))
            .issuer_name(racine.subject)
            .public_key(cle.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(debut)
            .not_valid_after(fin)
            .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING]), critical=True)
            .sign(cle_racine, hashes.SHA256())
        )
        privee = cle.private_bytes(DER, PrivateFormat.PKCS8, NoEncryption())
        self.racine = racine.public_bytes(Encoding.PEM)
        self.en_panne = False
        self.demandes = 0
        self._horloge = DummyTimeStamper(  # type: ignore[no-untyped-call]
            x509_asn1.Certificate.load(certificat.public_bytes(DER)), keys.PrivateKeyInfo.load(privee)
        )
        self.adresse = ""

    def repondre(self, corps: bytes) -> bytes:
        self.demandes += 1
        reponse = self._horloge.request_tsa_response(tsp.TimeStampReq.load(corps))  # type: ignore[no-untyped-call]
        return bytes(reponse.dump())

    def installer(self, dossier: Path) -> None:
        """Its authority among the roots that the instance trusts."""
        (dossier / "racines").mkdir(parents=True, exist_ok=True)
        (dossier / "racines" / "horodatage.pem").write_bytes(self.racine)


@contextlib.contextmanager
def servir() -> Iterator[Horodateur]:
    horodateur = Horodateur()

    class Guichet(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            corps = self.rfile.read(int(self.headers["Content-Length"]))
            if horodateur.en_panne:
                self.send_error(503)
                return
            reponse = horodateur.repondre(corps)
            self.send_response(200)
            self.send_header("Content-Type", "application/timestamp-reply")
            self.send_header("Content-Length", str(len(reponse)))
            self.end_headers()
            self.wfile.write(reponse)

        def log_message(self, *_: Any) -> None:
            """Silent."""

    serveur = ThreadingHTTPServer(("127.0.0.1", 0), Guichet)
    horodateur.adresse = f"http://127.0.0.1:{serveur.server_port}/"
    threading.Thread(target=serveur.serve_forever, daemon=True).start()
    try:
        yield horodateur
    finally:
        serveur.shutdown()
        serveur.server_close()
