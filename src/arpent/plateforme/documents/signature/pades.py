"""Signing a PDF, each signature as one incremental update: what was there before never moves.

Traps (docs/adr/0009-signature.md): a file that ends at %%EOF needs a line feed first; the fields are
invisible, a visible one breaks PDF/A and PDF/UA; all are made in one revision before the first signature,
which certifies the document (only the fields that are left may be filled).
"""

from __future__ import annotations

import io
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from .certificats import Certificat, racines

PLACE_CMS = 24 * 1024
"""Bytes kept for one signature and its time-stamp (hexadecimal counts for two)."""
SECONDES_HORODATAGE = 5
REFUSEE = (
    "La signature n’a pas pu être apposée sur ce document : rien n’est signé. Vérifiez le certificat, puis "
    "réessayez."
)


class SignatureImpossible(ValueError):
    """The file cannot be signed; the message is French and says what to do."""


@dataclass(frozen=True, slots=True)
class Mention:
    """What the signature says besides the certificate."""

    nom: str
    motif: str = ""
    lieu: str = ""


def nom_de_champ(rang: int) -> str:
    """The field of the party of that rank."""
    return f"Signature{rang}"


def preparer(pdf: bytes, champs: Sequence[str]) -> bytes:
    """The same file with its empty, invisible signature fields, in one revision. SignatureImpossible."""
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
    from pyhanko.sign.fields import SigFieldSpec, append_signature_field

    if not pdf.endswith(b"\n"):
        pdf += b"\n"
    try:
        ecrivain = IncrementalPdfFileWriter(io.BytesIO(pdf))
        for champ in champs:
            append_signature_field(ecrivain, SigFieldSpec(sig_field_name=champ))
        sortie = io.BytesIO()
        ecrivain.write(sortie)  # type: ignore[no-untyped-call]
    except Exception as erreur:  # the reader of a broken PDF raises almost anything
        raise SignatureImpossible(
            "Ce PDF ne peut pas être préparé pour la signature : générez-le à nouveau."
        ) from erreur
    return _finir(sortie.getvalue())


def _finir(pdf: bytes) -> bytes:
    return pdf if pdf.endswith(b"\n") else pdf + b"\n"


def est_signe(pdf: bytes) -> bool:
    """Whether a signature is already there (cheap: looks at the bytes)."""
    return re.search(rb"/ByteRange\s*\[", pdf) is not None


def signer(
    pdf: bytes,
    champ: str,
    certificat: Certificat,
    mention: Mention,
    *,
    certifier: bool = False,
    horodatage: str = "",
    racines_connues: Path | None = None,
) -> bytes:
    """The file signed in that field: PAdES B-B, B-T with the URL of a time-stamping server, B-LTA when the
    folder of the roots is also given: what proves the certificates is then kept in the file, under a
    time-stamp of the whole.

    `certifier`: this first signature allows nothing more than filling the fields. SignatureImpossible.
    """
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
    from pyhanko.sign import fields, signers, timestamps
    from pyhanko.sign.general import SigningError

    mesure = signers.PdfSignatureMetadata(
        field_name=champ,
        md_algorithm="sha256",
        name=mention.nom or None,
        reason=mention.motif or None,
        location=mention.lieu or None,
        certify=certifier,
        subfilter=fields.SigSeedSubFilter.PADES,
        docmdp_permissions=fields.MDPPerm.FILL_FORMS,
        **(_longue_duree(racines_connues) if horodatage and racines_connues else {}),
    )
    serveur = timestamps.HTTPTimeStamper(horodatage, timeout=SECONDES_HORODATAGE) if horodatage else None
    try:
        return bytes(
            signers.sign_pdf(
                IncrementalPdfFileWriter(io.BytesIO(pdf)),
                mesure,
                certificat.signataire,
                timestamper=serveur,
                existing_fields_only=True,
                bytes_reserved=PLACE_CMS,
            ).getvalue()
        )
    except timestamps.TimestampRequestError as erreur:
        raise SignatureImpossible(
            "Le serveur d’horodatage ne répond pas : rien n’est signé. Réessayez dans quelques minutes, ou "
            "prévenez l’administrateur."
        ) from erreur
    except SigningError as erreur:
        if not racines_connues:
            raise SignatureImpossible(REFUSEE) from erreur
        raise SignatureImpossible(
            "Les preuves du certificat (chaîne, révocation) n’ont pas pu être réunies pour une signature de "
            "longue durée : rien n’est signé. L’administrateur vérifie que les autorités du certificat et de "
            "l’horodatage sont dans le dossier « racines » et que leurs listes de révocation répondent."
        ) from erreur
    except Exception as erreur:
        raise SignatureImpossible(REFUSEE) from erreur


def _longue_duree(dossier: Path) -> dict[str, Any]:
    """What asks pyHanko for a B-LTA: the roots, and the right to fetch lists of revocation."""
    from pyhanko.sign.signers.pdf_signer import DSSContentSettings, TimestampDSSContentSettings
    from pyhanko_certvalidator import ValidationContext

    contexte = ValidationContext(
        trust_roots=racines(dossier), allow_fetching=True, revocation_mode="hard-fail"
    )
    sous_le_jeton = DSSContentSettings(
        next_ts_settings=TimestampDSSContentSettings(include_vri=False, update_before_ts=True)
    )
    return {
        "embed_validation_info": True, "use_pades_lta": True, "validation_context": contexte,
        "dss_settings": sous_le_jeton,
    }  # fmt: skip


def complements(avant: bytes, apres: bytes) -> bool:
    """Whether `apres` only adds to `avant`: an incremental update, to the byte."""
    return len(apres) > len(avant) and apres.startswith(avant)
