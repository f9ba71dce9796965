"""Certificates: reading a PKCS#12 with clear refusals, the test authority of the demonstration.

A private key never reaches the database. An authority keeps its PKCS#12 in a folder, one file per SIREN.
"""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from cryptography import x509

TAILLE_MAX = 64 * 1024
"""Bytes of a PKCS#12: a key and a chain of certificates weigh ten kilobytes."""
DEMONSTRATION = "certificat de démonstration"
MOT_DE_PASSE_DEMONSTRATION = "demonstration"
RACINE_DEMONSTRATION = "Autorité de certification de démonstration Arpent"
_VIE_RACINE, _VIE_CERTIFICAT = timedelta(days=3_650), timedelta(days=1_095)


class CertificatRefuse(ValueError):
    """The certificate cannot sign; the message is French and says what to do."""


@dataclass(frozen=True, slots=True)
class Identite:
    """What a certificate says of its holder. `debut` and `fin` are aware instants."""

    nom: str
    organisation: str
    emetteur: str
    serie: str
    debut: datetime
    fin: datetime
    empreinte: str

    @property
    def est_demonstration(self) -> bool:
        return DEMONSTRATION in self.nom or self.emetteur == RACINE_DEMONSTRATION


@dataclass(frozen=True, slots=True)
class Certificat:
    """A certificate with its private key, ready to sign. `signataire` is pyHanko's signer."""

    identite: Identite
    signataire: Any


def _premier(nom: x509.Name, oid: Any) -> str:
    trouves = nom.get_attributes_for_oid(oid)
    return str(trouves[0].value) if trouves else ""


def identite_de(certificat: x509.Certificate) -> Identite:
    """Holder, issuer, validity and SHA-256 of a certificate."""
    from cryptography.hazmat.primitives import hashes
    from cryptography.x509.oid import NameOID

    sujet, emetteur = certificat.subject, certificat.issuer
    return Identite(
        nom=_premier(sujet, NameOID.COMMON_NAME) or sujet.rfc4514_string(),
        organisation=_premier(sujet, NameOID.ORGANIZATION_NAME),
        emetteur=_premier(emetteur, NameOID.COMMON_NAME) or emetteur.rfc4514_string(),
        serie=f"{certificat.serial_number:x}",
        debut=certificat.not_valid_before_utc,
        fin=certificat.not_valid_after_utc,
        empreinte=certificat.fingerprint(hashes.SHA256()).hex(),
    )


def _exiger_usage(certificat: x509.Certificate, identite: Identite, le: datetime) -> None:
    from cryptography import x509

    if le < identite.debut:
        raise CertificatRefuse(
            f"Le certificat de {identite.nom} n’est valable qu’à partir du {identite.debut:%d/%m/%Y} : "
            "attendez cette date, ou prenez-en un autre."
        )
    if le > identite.fin:
        raise CertificatRefuse(
            f"Le certificat de {identite.nom} a expiré le {identite.fin:%d/%m/%Y} : demandez-en un nouveau à "
            "votre prestataire, puis recommencez."
        )
    try:
        usage = certificat.extensions.get_extension_for_class(x509.KeyUsage).value
    except x509.ExtensionNotFound:
        return
    if not (usage.digital_signature or usage.content_commitment):
        raise CertificatRefuse(
            f"Le certificat de {identite.nom} n’est pas fait pour signer (usage de la clé) : prenez un "
            "certificat de signature."
        )


def lire_pkcs12(contenu: bytes, mot_de_passe: str, le: datetime | None = None) -> Certificat:
    """The certificate of a PKCS#12 file (.p12, .pfx), ready to sign at `le`. Raises CertificatRefuse."""
    from asn1crypto.keys import PrivateKeyInfo
    from asn1crypto.x509 import Certificate as CertificatASN1
    from cryptography.hazmat.primitives import serialization
    from cryptography.hazmat.primitives.asymmetric import ec, rsa
    from cryptography.hazmat.primitives.serialization import pkcs12
    from pyhanko.sign.signers import SimpleSigner
    from pyhanko_certvalidator.registry import SimpleCertificateStore

    if not contenu or len(contenu) > TAILLE_MAX:
        raise CertificatRefuse("Ce fichier n’est pas un certificat PKCS#12 : choisissez votre .p12 ou .pfx.")
    try:
        lu = pkcs12.load_pkcs12(contenu, mot_de_passe.encode() if mot_de_passe else None)
    except ValueError as erreur:
        if re.search("password|mac|decrypt", str(erreur), re.I):
            raise CertificatRefuse(
                "Le mot de passe ne correspond pas à ce certificat : vérifiez-le, majuscules comprises."
            ) from None
        raise CertificatRefuse(
            "Ce fichier n’est pas un certificat PKCS#12 lisible : choisissez votre .p12 ou .pfx."
        ) from None
    except Exception as erreur:  # the reader is native: whatever it meets, the file is not one of ours to use
        raise CertificatRefuse("Ce certificat est illisible : exportez-le à nouveau.") from erreur
    if lu.key is None:
        raise CertificatRefuse(
            "Ce fichier ne contient pas de clé privée : exportez le certificat avec sa clé, puis recommencez."
        )
    if lu.cert is None or not isinstance(lu.key, (rsa.RSAPrivateKey, ec.EllipticCurvePrivateKey)):
        raise CertificatRefuse("Ce fichier ne contient pas de certificat de signature RSA ou ECDSA.")
    certificat = lu.cert.certificate
    identite = identite_de(certificat)
    _exiger_usage(certificat, identite, le or datetime.now(UTC))
    der = serialization.Encoding.DER
    cle = lu.key.private_bytes(der, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    chaine = SimpleCertificateStore()  # type: ignore[no-untyped-call]
    chaine.register_multiple(
        CertificatASN1.load(c.certificate.public_bytes(der)) for c in lu.additional_certs
    )
    signataire = SimpleSigner(
        signing_cert=CertificatASN1.load(certificat.public_bytes(der)),
        signing_key=PrivateKeyInfo.load(cle),
        cert_registry=chaine,
    )
    return Certificat(identite, signataire)


# --- the folder of the authorities ----------------------------------------------------------------


def chemin_du_certificat(dossier: Path, siren: str) -> Path | None:
    """The PKCS#12 of that body in the folder of the certificates, when there is one."""
    if not re.fullmatch(r"\d{9}", siren):
        return None
    chemin = dossier / f"{siren}.p12"
    return chemin if chemin.is_file() else None


def mot_de_passe_du_certificat(siren: str) -> str:
    """The password that the environment gives for it (`ARPENT_CERTIFICAT_<SIREN>`), empty without one."""
    return os.environ.get(f"ARPENT_CERTIFICAT_{siren}", "")


def racines(dossier: Path) -> list[Any]:
    """The roots an instance trusts: every `racines/*.pem` of the folder, as asn1crypto certificates."""
    from asn1crypto.x509 import Certificate as CertificatASN1
    from cryptography import x509
    from cryptography.hazmat.primitives.serialization import Encoding

    lues = []
    for chemin in sorted((dossier / "racines").glob("*.pem")):
        try:
            certificats = x509.load_pem_x509_certificates(chemin.read_bytes())
        except ValueError:
            continue  # a file that is no certificate gives no trust
        lues += [CertificatASN1.load(c.public_bytes(Encoding.DER)) for c in certificats]
    return lues


def _nommer(nom: str, organisation: str = "") -> x509.Name:
    from cryptography import x509
    from cryptography.x509.oid import NameOID

    parties = [x509.NameAttribute(NameOID.COUNTRY_NAME, "FR")]
    if organisation:
        parties.append(x509.NameAttribute(NameOID.ORGANIZATION_NAME, organisation[:64]))
    return x509.Name([*parties, x509.NameAttribute(NameOID.COMMON_NAME, nom[:64])])


def fabriquer(
    nom: str,
    organisation: str = "",
    *,
    debut: datetime,
    fin: datetime,
    emetteur: tuple[Any, x509.Certificate] | None = None,
    signe: bool = True,
) -> tuple[Any, x509.Certificate]:
    """A key and its certificate, signed by `emetteur` (key, certificate), by itself without one.

    `signe`: whether the key may sign documents (False only encrypts: what a wrong certificate looks like).
    """
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes
    from cryptography.hazmat.primitives.asymmetric import ec

    cle = ec.generate_private_key(ec.SECP256R1())
    sujet, racine = _nommer(nom, organisation), emetteur is None
    usage = x509.KeyUsage(
        digital_signature=signe and not racine, content_commitment=signe and not racine,
        key_encipherment=not signe, data_encipherment=False, key_agreement=False, key_cert_sign=racine,
        crl_sign=racine, encipher_only=False, decipher_only=False,
    )  # fmt: skip
    construit = (
        x509.CertificateBuilder()
        .subject_name(sujet)
        .issuer_name(emetteur[1].subject if emetteur else sujet)
        .public_key(cle.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(debut)
        .not_valid_after(fin)
        .add_extension(x509.BasicConstraints(ca=racine, path_length=0 if racine else None), critical=True)
        .add_extension(usage, critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(cle.public_key()), critical=False)
    )
    if emetteur:
        cle_mere = emetteur[1].public_key()
        autorite = x509.AuthorityKeyIdentifier.from_issuer_public_key(cle_mere)  # type: ignore[arg-type]
        construit = construit.add_extension(autorite, critical=False)
    return cle, construit.sign(emetteur[0] if emetteur else cle, hashes.SHA256())


def en_pkcs12(cle: Any, certificat: x509.Certificate, mot_de_passe: str) -> bytes:
    """A key and its certificate as a PKCS#12 file; without a password when it is empty."""
    from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, NoEncryption, pkcs12

    chiffre = BestAvailableEncryption(mot_de_passe.encode()) if mot_de_passe else NoEncryption()
    return pkcs12.serialize_key_and_certificates(b"arpent", cle, certificat, None, chiffre)


def _ecrire(chemin: Path, contenu: bytes) -> None:
    """Readable by its owner only."""
    chemin.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    descripteur = os.open(chemin, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descripteur, "wb") as flux:
        flux.write(contenu)


def creer_autorite_de_demonstration(dossier: Path, corps: dict[str, str], le: datetime) -> int:
    """A root made here and one certificate for each body (SIREN → name) that has none yet.

    The root's key is forgotten at once: nobody can issue another certificate in its name. Returns how many
    were made.
    """
    from cryptography.hazmat.primitives.serialization import Encoding

    manquants = {s: nom for s, nom in corps.items() if s and chemin_du_certificat(dossier, s) is None}
    if not manquants:
        return 0
    debut = le - timedelta(days=60)
    racine = fabriquer(RACINE_DEMONSTRATION, debut=debut, fin=le + _VIE_RACINE)
    pem = racine[1].public_bytes(Encoding.PEM)
    marque = f"{racine[1].serial_number:x}"[:8]
    _ecrire(dossier / "racines" / f"demonstration-{marque}.pem", pem)
    for siren, nom in manquants.items():
        court = f"{nom[: 60 - len(DEMONSTRATION)]} ({DEMONSTRATION})"
        paire = fabriquer(court, nom, debut=debut, fin=le + _VIE_CERTIFICAT, emetteur=racine)
        _ecrire(dossier / f"{siren}.p12", en_pkcs12(*paire, MOT_DE_PASSE_DEMONSTRATION))
    return len(manquants)
