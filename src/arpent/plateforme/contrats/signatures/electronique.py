"""The electronic channel: a PAdES signature with a certificate, or a consent with its file of proof."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.utils import timezone
from django.utils.crypto import constant_time_compare, salted_hmac

from arpent.plateforme.acteurs.models import Agent
from arpent.plateforme.documents.donnees_preuve import PreuveConsentementDoc
from arpent.plateforme.documents.rendu.pdf import RenduImpossible
from arpent.plateforme.documents.rendu.pdf_preuve import rendre_preuve_pdf
from arpent.plateforme.documents.rendu.texte import jour
from arpent.plateforme.documents.serie import en_json
from arpent.plateforme.documents.signature import certificats, pades

from ..models import CircuitSignature, EmplacementSignature
from .circuits import (
    GENRE_PREUVE,
    GENRE_REVISION,
    Canal,
    Etat,
    SignatureRefusee,
    en_une_fois,
    exiger_tour,
    garder,
    lire_document,
    place_attendue,
    recueillir,
    verrouiller_circuit,
)

SCEAU = "arpent.signature.consentement"
MOTS = (
    "J’ai lu ce document et je le signe pour la partie «\u00a0{partie}\u00a0». Je sais que ce consentement "
    "m’engage."
)


def _niveau() -> str:
    if not settings.ARPENT_HORODATAGE:
        return "B-B"
    return "B-LTA" if settings.ARPENT_SIGNATURE_DURABLE else "B-T"


def certificat_enregistre(place: EmplacementSignature) -> bytes | None:
    """The PKCS#12 that the body of the party keeps on this server, if any."""
    siren = place.partie.organisation.siren
    chemin = certificats.chemin_du_certificat(settings.ARPENT_CERTIFICATS, siren)
    return chemin.read_bytes() if chemin else None


def mot_de_passe_enregistre(place: EmplacementSignature) -> str:
    """The password that the environment gives for that certificate, empty when it has to be typed."""
    return certificats.mot_de_passe_du_certificat(place.partie.organisation.siren)


def signer_electronique(
    place: EmplacementSignature, pkcs12: bytes, mot_de_passe: str, *, par: Agent | None
) -> EmplacementSignature:
    """Signs the last revision in the field of that party: a new file, the earlier ones stay.

    The private key is used here and kept nowhere. SignatureRefusee: certificate, turn, already collected.
    """
    if settings.ARPENT_SIGNATURE_DURABLE and not settings.ARPENT_HORODATAGE:
        raise SignatureRefusee(
            "Les signatures de longue durée demandent un serveur d’horodatage : rien n’est signé. "
            "L’administrateur indique ARPENT_HORODATAGE, ou retire ARPENT_SIGNATURE_DURABLE."
        )
    try:
        certificat = certificats.lire_pkcs12(pkcs12, mot_de_passe)
    except certificats.CertificatRefuse as refus:
        raise SignatureRefusee(str(refus)) from refus
    with en_une_fois() as emis:
        circuit = verrouiller_circuit(place.circuit)
        place = place_attendue(circuit, place.pk)
        exiger_tour(circuit, [place])
        _exiger_un_seul_corps(circuit, place, certificat.identite)
        avant = lire_document(circuit.revision)
        mention = pades.Mention(
            nom=place.signataire or certificat.identite.nom,
            motif=f"{circuit.objet} : signature de {place.partie.organisation.nom}",
        )
        try:
            apres = pades.signer(
                avant, pades.nom_de_champ(place.ordre), certificat, mention,
                certifier=not pades.est_signe(avant), horodatage=settings.ARPENT_HORODATAGE,
                racines_connues=settings.ARPENT_CERTIFICATS if settings.ARPENT_SIGNATURE_DURABLE else None,
            )  # fmt: skip
        except pades.SignatureImpossible as refus:
            raise SignatureRefusee(str(refus)) from refus
        if not pades.complements(avant, apres):
            raise SignatureRefusee("La signature aurait changé ce qui est déjà signé : rien n’est fait.")
        revision = garder(
            circuit, apres, emis, genre=GENRE_REVISION, par=par,
            titre=f"{circuit.objet}, signé par {place.partie.organisation.nom}",
        )  # fmt: skip
        circuit.revision = revision
        circuit.save(update_fields=["revision"])
        identite = certificat.identite
        preuve = {
            "champ": pades.nom_de_champ(place.ordre),
            "certificat": {
                "nom": identite.nom, "organisation": identite.organisation, "emetteur": identite.emetteur,
                "serie": identite.serie, "empreinte": identite.empreinte,
                "debut": identite.debut.isoformat(), "fin": identite.fin.isoformat(),
                "demonstration": identite.est_demonstration,
            },
            "niveau": _niveau(),
            "revision_precedente": hashlib.sha256(avant).hexdigest(),
        }  # fmt: skip
        recueillir(
            place,
            canal=Canal.ELECTRONIQUE.value,
            document=revision,
            preuve=preuve,
            le=timezone.now(),
            par=par,
        )
        return place


def _exiger_un_seul_corps(
    circuit: CircuitSignature, place: EmplacementSignature, identite: certificats.Identite
) -> None:
    """One certificate signs for one party."""
    signees = circuit.emplacements.filter(etat=Etat.RECUEILLIE, canal=Canal.ELECTRONIQUE)
    for autre in signees.select_related("partie__organisation"):
        if (autre.preuve.get("certificat") or {}).get("empreinte") == identite.empreinte:
            raise SignatureRefusee(
                f"Ce certificat a déjà signé pour {autre.partie.organisation.nom} : prenez celui de "
                f"{place.partie.organisation.nom}."
            )


# --- consent --------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Constat:
    """How the person was known at that moment. `adresse`: IP address, hashed before it is written."""

    agent: Agent
    adresse: str
    authentification: str
    le: datetime


def mots_du_consentement(place: EmplacementSignature) -> str:
    """The words that the person accepts, as written in the proof."""
    return MOTS.format(partie=place.partie.organisation.nom)


def consentir(place: EmplacementSignature, constat: Constat, *, sha256_lu: str) -> EmplacementSignature:
    """Collects a consent: a sealed file says who, when, how known, to which file, in which words.

    It is JSON; the same facts are kept beside it as a PDF that a person reads. `sha256_lu` is the fingerprint
    shown on the page. The caller has asked for the password again.
    """
    agent = constat.agent
    with en_une_fois() as emis:
        circuit = verrouiller_circuit(place.circuit)
        place = place_attendue(circuit, place.pk)
        exiger_tour(circuit, [place])
        if sha256_lu != circuit.document.sha256:
            raise SignatureRefusee(
                "Le document a changé depuis que vous l’avez lu : relisez-le, puis signez."
            )
        lire_document(circuit.document)
        faits: dict[str, Any] = {
            "objet": circuit.objet,
            "document": {"titre": circuit.document.titre, "sha256": circuit.document.sha256},
            "partie": {"nom": place.partie.organisation.nom, "siren": place.partie.organisation.siren},
            "signataire": place.signataire or agent.nom_complet,
            "qualite": place.qualite,
            "delegation": place.delegation,
            "compte": {"numero": agent.pk, "courriel": agent.courriel, "nom": agent.nom_complet},
            "authentification": constat.authentification,
            "adresse_sha256": empreinte_d_adresse(constat.adresse),
            "le": constat.le.isoformat(),
            "mots": mots_du_consentement(place),
        }
        sceau = sceller(faits)
        contenu = json.dumps(faits | {"sceau": sceau}, ensure_ascii=False, indent=2, sort_keys=True)
        titre = f"{circuit.objet} : consentement de {place.partie.organisation.nom}"
        document = garder(
            circuit, contenu.encode(), emis, genre=GENRE_PREUVE, suffixe="json", par=agent, titre=titre
        )
        lisible = preuve_doc(faits, sceau, document.sha256, constat.le)
        try:
            pdf = rendre_preuve_pdf(lisible)
        except RenduImpossible as refus:
            raise SignatureRefusee(f"{refus} Rien n’est signé.") from refus
        lu = garder(
            circuit, pdf, emis, genre=GENRE_PREUVE, par=agent, titre=f"{titre} (PDF)",
            gabarit=lisible.gabarit,
            donnees={"preuve": json.loads(en_json(lisible)), "faits": faits, "sceau": sceau},
        )  # fmt: skip
        recueillir(
            place, canal=Canal.CONSENTEMENT.value, document=document,
            preuve=faits | {"pdf": {"document": lu.pk, "sha256": lu.sha256}}, le=constat.le, par=agent,
        )  # fmt: skip
        return place


def preuve_doc(faits: dict[str, Any], sceau: str, preuve_sha256: str, le: datetime) -> PreuveConsentementDoc:
    """The facts of a proof, for its page."""
    local = timezone.localtime(le)
    heure = f"{local:%H}\u00a0h\u00a0{local:%M}\u00a0min\u00a0{local:%S}\u00a0s"
    return PreuveConsentementDoc(
        objet=faits["objet"],
        document=faits["document"]["titre"],
        document_sha256=faits["document"]["sha256"],
        partie=faits["partie"]["nom"],
        siren=faits["partie"]["siren"],
        signataire=faits["signataire"],
        qualite=faits["qualite"],
        delegation=faits["delegation"],
        compte=faits["compte"]["nom"],
        courriel=faits["compte"]["courriel"],
        authentification=faits["authentification"],
        adresse_sha256=faits["adresse_sha256"],
        le=f"{jour(local.date())} à {heure}",
        instant=local.isoformat(),
        mots=faits["mots"],
        sceau=sceau,
        preuve_sha256=preuve_sha256,
        etabli_le=local.date(),
        demonstration="démonstration" in faits["authentification"],
    )


def sceller(faits: dict[str, Any]) -> str:
    """HMAC-SHA-256 of the facts with the key of the instance: a proof typed by hand has another one."""
    texte = json.dumps(faits, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return salted_hmac(SCEAU, texte, algorithm="sha256").hexdigest()


def sceau_tient(contenu: bytes) -> bool:
    """Whether a file of proof is one that this instance sealed, unchanged."""
    try:
        faits = json.loads(contenu)
        sceau = faits.pop("sceau")
    except (ValueError, AttributeError, KeyError, TypeError):
        return False
    return isinstance(sceau, str) and constant_time_compare(sceau, sceller(faits))


def empreinte_d_adresse(adresse: str) -> str:
    """The address is not kept, only what lets it be compared by whoever holds the key of the instance."""
    return salted_hmac("arpent.signature.adresse", adresse, algorithm="sha256").hexdigest()
