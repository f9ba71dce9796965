"""Checking a signed PDF: who signed what, when, what is covered, what came after.

pyHanko judges each signature and each later revision; this module adds what it lets through (bytes hidden
behind a signature, an unsigned addition at the end) and says it in French. Nothing here raises on a broken
file: the report says that it cannot be read.
"""

from __future__ import annotations

import io
import logging
import re
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from .certificats import Identite, identite_de, racines

SIGNATURES_MAX, REVISIONS_MAX = 400, 800
"""Beyond, the file is refused: no contract has as many parties."""
INTACT, ALTERE, NON_SIGNE, ILLISIBLE = "intact", "altere", "non_signe", "illisible"


@dataclass(frozen=True, slots=True)
class SignatureLue:
    """One signature. `defauts` empty: it holds. `le` is ISO; `horodatee`: by a third party, not declared."""

    champ: str
    nom: str
    organisation: str
    emetteur: str
    serie: str
    certificat_debut: str
    certificat_fin: str
    le: str
    horodatee: bool
    motif: str
    algorithme: str
    revision: int
    octets: int
    couvre_tout: bool
    reconnu: bool
    demonstration: bool
    defauts: tuple[str, ...] = ()

    @property
    def intacte(self) -> bool:
        return not self.defauts

    @property
    def instant(self) -> datetime:
        return datetime.fromisoformat(self.le)


@dataclass(frozen=True, slots=True)
class RevisionLue:
    """One incremental update: its rank from 1, its last byte, what it brought."""

    numero: int
    fin: int
    apport: str
    signee: bool


@dataclass(frozen=True, slots=True)
class Rapport:
    """What a file is worth. `etat`: intact, altere, non_signe, illisible."""

    etat: str
    taille: int
    sha256: str
    explication: str
    signatures: tuple[SignatureLue, ...] = ()
    revisions: tuple[RevisionLue, ...] = ()
    alterations: tuple[str, ...] = field(default=())

    @property
    def intact(self) -> bool:
        return self.etat == INTACT


def verifier_pdf(pdf: bytes, dossier: Path | None = None, *, connu: bool = False) -> Rapport:
    """The report on a file; `dossier` holds the roots that the instance trusts. Never raises.

    `connu`: these very bytes were written here, one signature after the other. What came after each signature
    is then not compared object by object, which takes about a second for each on a contract of 34 pages.
    """
    from arpent.plateforme.documents.empreinte import empreinte

    commun: dict[str, Any] = {"taille": len(pdf), "sha256": empreinte(pdf)}
    if b"%PDF-" not in pdf[:1024]:
        return Rapport(ILLISIBLE, explication="Ce fichier n’est pas un PDF.", **commun)
    logging.getLogger("pyhanko").setLevel(logging.CRITICAL)
    logging.getLogger("pyhanko_certvalidator").setLevel(logging.CRITICAL)
    try:
        return _lire(pdf, racines(dossier) if dossier else [], commun, connu)
    except Exception:  # the readers of broken files raise almost anything: the answer is the same
        texte = "Ce PDF est abîmé ou fait de façon anormale : il ne peut pas être vérifié, donc pas reconnu."
        return Rapport(ILLISIBLE, explication=texte, **commun)


def _lire(pdf: bytes, confiance: list[Any], commun: dict[str, Any], connu: bool) -> Rapport:
    from pyhanko.pdf_utils.reader import PdfFileReader

    lecteur = PdfFileReader(io.BytesIO(pdf), strict=True)
    if lecteur.encrypted:
        texte = "Ce PDF est protégé par un mot de passe : envoyez-le sans protection."
        return Rapport(ILLISIBLE, explication=texte, **commun)
    scellees = lecteur.embedded_signatures
    total = lecteur.xrefs.total_revisions
    if len(scellees) > SIGNATURES_MAX or total > REVISIONS_MAX:
        texte = "Ce PDF porte trop de signatures ou de révisions pour être vérifié ici."
        return Rapport(ILLISIBLE, explication=texte, **commun)
    lues = [_signature(s, confiance, pdf, comparer=False) for s in scellees]
    revisions = _revisions(pdf, lues)
    if not lues:
        if b"/ByteRange" in pdf:
            texte = "Une signature est là, mais hors des champs du document : elle ne prouve rien."
            return Rapport(ALTERE, explication=texte, revisions=revisions, alterations=(texte,), **commun)
        texte = "Ce PDF ne porte aucune signature électronique."
        return Rapport(NON_SIGNE, explication=texte, revisions=revisions, **commun)
    alterations = _alterations(pdf, lues)
    if not alterations and not connu:  # the long comparison only says something when all the rest holds
        lues = [_signature(s, confiance, pdf, comparer=True) for s in scellees]
        alterations = _alterations(pdf, lues)
    etat = ALTERE if alterations else INTACT
    return Rapport(
        etat, explication=_conclure(lues, alterations), signatures=tuple(lues), revisions=revisions,
        alterations=tuple(alterations), **commun,
    )  # fmt: skip


def _alterations(pdf: bytes, lues: list[SignatureLue]) -> list[str]:
    alterations = [f"{s.nom} : {d}" for s in lues for d in s.defauts]
    derniere = max(s.octets for s in lues)
    if derniere < len(pdf):
        reste = len(pdf) - derniere
        alterations.append(f"{reste} octets ont été ajoutés après la dernière signature, sans être signés.")
    if pdf.count(b"/ByteRange") > len(lues):
        alterations.append("Le fichier contient une signature qui n’est dans aucun champ.")
    return alterations


def _conclure(lues: list[SignatureLue], alterations: list[str]) -> str:
    nombre = len(lues)
    s = "s" if nombre > 1 else ""
    if alterations:
        return "Le document n’est plus celui qui a été signé : ne vous y fiez pas."
    connus = sum(x.reconnu for x in lues)
    texte = f"Le document n’a pas changé depuis sa signature ({nombre} signature{s})."
    if connus < nombre:
        texte += (
            f" {nombre - connus} certificat{'s' if nombre - connus > 1 else ''} d’une autorité que cette "
            "instance ne connaît pas : vérifiez l’identité du signataire par ailleurs."
        )
    return texte


def _signature(scellee: Any, confiance: list[Any], pdf: bytes, *, comparer: bool) -> SignatureLue:
    from cryptography import x509
    from pyhanko.sign.diff_analysis import ModificationLevel
    from pyhanko.sign.validation import validate_pdf_signature, validate_pdf_timestamp
    from pyhanko.sign.validation.status import SignatureCoverageLevel
    from pyhanko_certvalidator import ValidationContext

    le = scellee.self_reported_timestamp or datetime.now(UTC)
    contexte = ValidationContext(
        trust_roots=confiance, allow_fetching=False, moment=le, best_signature_time=le,
        revocation_mode="soft-fail",
    )  # fmt: skip
    horodatage = scellee.sig_object_type == "/DocTimeStamp"
    juger = validate_pdf_timestamp if horodatage else validate_pdf_signature
    statut = juger(scellee, contexte, skip_diff=not comparer)
    identite = identite_de(x509.load_der_x509_certificate(statut.signing_cert.dump()))
    jeton = getattr(statut, "timestamp_validity", None)
    if jeton is not None and jeton.intact and jeton.valid:
        le = jeton.timestamp
    debut, longueur = scellee.byte_range[2], scellee.byte_range[3]
    fin = debut + longueur
    defauts = []
    if not statut.intact:
        defauts.append("le contenu signé a été modifié.")
    if not statut.valid:
        defauts.append("la signature ne correspond pas à son certificat.")
    if statut.coverage not in {
        SignatureCoverageLevel.ENTIRE_FILE, SignatureCoverageLevel.ENTIRE_REVISION,
    }:  # fmt: skip
        defauts.append("elle ne couvre pas tout ce qui la précède.")
    permis = {ModificationLevel.NONE, ModificationLevel.LTA_UPDATES, ModificationLevel.FORM_FILLING}
    if comparer and (statut.modification_level not in permis or statut.docmdp_ok is False):
        defauts.append("le document a été modifié après cette signature, au-delà de ce qu’elle permettait.")
    if _cache_quelque_chose(scellee, pdf):
        defauts.append("des données ont été cachées derrière la signature.")
    if jeton is not None and not (jeton.intact and jeton.valid):
        defauts.append("son horodatage ne tient pas.")
    if not identite.debut <= le <= identite.fin:
        defauts.append(_hors_validite(identite, le))
    return SignatureLue(
        champ=str(scellee.field_name),
        nom=identite.nom,
        organisation=identite.organisation,
        emetteur=identite.emetteur,
        serie=identite.serie,
        certificat_debut=identite.debut.isoformat(),
        certificat_fin=identite.fin.isoformat(),
        le=le.isoformat(),
        horodatee=horodatage or jeton is not None,
        motif=str(scellee.sig_object.get("/Reason", "") or ""),
        algorithme=str(statut.md_algorithm),
        revision=int(scellee.signed_revision) + 1,
        octets=fin,
        couvre_tout=fin >= len(pdf),
        reconnu=bool(confiance) and bool(statut.trusted),
        demonstration=identite.est_demonstration,
        defauts=tuple(defauts),
    )


def _hors_validite(identite: Identite, le: datetime) -> str:
    if le > identite.fin:
        return f"le certificat avait expiré le {identite.fin:%d/%m/%Y}."
    return f"le certificat n’était valable qu’à partir du {identite.debut:%d/%m/%Y}."


def _cache_quelque_chose(scellee: Any, pdf: bytes) -> bool:
    """Whether the room left out of the signed bytes holds anything but the signature and zeros.

    It is written one way only: hexadecimal of one case between two signs, so that no byte of it can move.
    """
    from asn1crypto.parser import peek

    _, avant, apres, _ = scellee.byte_range
    place = pdf[avant:apres]
    if not re.fullmatch(rb"<(?:[0-9a-f]*|[0-9A-F]*)>", place):
        return True
    contenu = bytes.fromhex(place[1:-1].decode())
    return any(contenu[peek(contenu) :]) or _enveloppe_douteuse(scellee)


def _enveloppe_douteuse(scellee: Any) -> bool:
    """Whether the parts of the envelope that no signature covers say anything else than they must."""
    infos, certificat = scellee.signer_info, scellee.signer_cert
    sid = infos["sid"]
    if sid.name == "issuer_and_serial_number":
        emetteur = sid.chosen["issuer"].dump()
        if (emetteur, sid.chosen["serial_number"].native) != (
            certificat.issuer.dump(), certificat.serial_number,
        ):  # fmt: skip
            return True
    if {scellee.signed_data["version"].native, infos["version"].native} - {"v1", "v3"}:
        return True
    suivi = infos["digest_algorithm"]
    if any(
        a["algorithm"].dump() != suivi["algorithm"].dump() or a["parameters"].dump() not in {b"", b"\x05\x00"}
        for a in (*scellee.signed_data["digest_algorithms"], suivi)
    ):
        return True
    attributs = infos["unsigned_attrs"]
    return any(a["type"].native != "signature_time_stamp_token" for a in attributs)


def _revisions(pdf: bytes, lues: list[SignatureLue]) -> tuple[RevisionLue, ...]:
    """Every %%EOF ends a revision; a signature names the one it sealed."""
    fins = [m.end() for m in re.finditer(rb"%%EOF(\r\n|\n|\r)?", pdf)]
    if fins and fins[-1] < len(pdf):
        fins[-1:] = [fins[-1], len(pdf)] if pdf[fins[-1] :].strip() else [len(pdf)]
    noms = {s.octets: s for s in lues}
    vues = []
    for rang, fin in enumerate(fins, 1):
        signature = next((noms[o] for o in noms if abs(o - fin) <= 2), None)
        if signature is not None:
            vues.append(RevisionLue(rang, fin, f"signature de {signature.nom}", True))
        elif rang == 1:
            vues.append(RevisionLue(rang, fin, "document d’origine", False))
        else:
            vues.append(RevisionLue(rang, fin, "champs de signature ou ajout non signé", False))
    return tuple(vues)
