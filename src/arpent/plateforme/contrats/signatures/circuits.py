"""The circuit itself: opened on one issued PDF, a place for each party, a channel for each place.

Every gesture locks the contract, then the circuit; `recueillir` alone writes a collected signature.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from arpent.metier.cycles import EtatContrat
from arpent.plateforme.acteurs.models import Agent
from arpent.plateforme.documents.actions import emettre
from arpent.plateforme.documents.empreinte import empreinte
from arpent.plateforme.documents.models import DocumentEmis
from arpent.plateforme.documents.signature import pades
from arpent.plateforme.journal.actions import consigner
from arpent.plateforme.notifications.actions import notifier
from arpent.plateforme.plans.destinataires import gens_d_une_autorite

from .. import adresses
from ..avenants.suites_signature import exiger_signable, noter_signe
from ..exigences import ContratRefuse, derniere_version, enumerer, verrouiller
from ..models import Avenant, CircuitSignature, Contrat, EmplacementSignature, Partie
from ..places import noter_contrat
from ..votes import responsables
from .fermeture import ABANDONNE, COMPLET, OUVERT, clore
from .recherche import page_de_l_acte

GENRE_REVISION, GENRE_SEPARE = "contrat signé", "exemplaire signé au parapheur"
GENRE_PAPIER, GENRE_PREUVE = "contrat signé sur papier", "preuve de consentement"
Canal, Etat = EmplacementSignature.Canal, EmplacementSignature.Etat


class SignatureRefusee(ContratRefuse):
    """The signature cannot be collected; the message is French and says what to do."""


@contextmanager
def en_une_fois() -> Iterator[list[DocumentEmis]]:
    """One transaction; what was written beside the database goes away with it when it fails.

    A process killed in between leaves a file that no row names: harmless.
    """
    emis: list[DocumentEmis] = []
    try:
        with transaction.atomic():
            yield emis
    except BaseException:
        for document in emis:
            document.fichier.storage.delete(str(document.fichier.name))
        raise


def verrouiller_circuit(circuit: CircuitSignature) -> CircuitSignature:
    """The contract first, then the circuit: always in that order."""
    contrat = verrouiller(circuit.contrat)
    relu = (
        CircuitSignature.objects.select_for_update(of=("self",))
        .select_related("document", "revision")
        .get(pk=circuit.pk)
    )
    relu.contrat = contrat
    if relu.avenant is not None:
        relu.avenant.contrat = contrat
    return relu


def exiger_ouvert(circuit: CircuitSignature) -> None:
    if circuit.etat == COMPLET:
        raise SignatureRefusee("Toutes les signatures sont déjà recueillies : ce circuit est complet.")
    if circuit.etat == ABANDONNE:
        raise SignatureRefusee("Ce circuit de signature est abandonné : ouvrez-en un nouveau.")


def lire_document(document: DocumentEmis) -> bytes:
    """The bytes of an issued file. SignatureRefusee when it has left the store or is not what was issued."""
    try:
        with document.fichier.open("rb") as flux:
            contenu = bytes(flux.read())
    except FileNotFoundError:
        raise SignatureRefusee(
            "Le fichier à signer n’est plus dans le dossier des fichiers : prévenez l’administrateur."
        ) from None
    if empreinte(contenu) != document.sha256:
        raise SignatureRefusee(
            "Le fichier à signer n’est plus celui qui a été émis (empreinte différente) : rien n’est signé. "
            "Prévenez l’administrateur."
        )
    return contenu


def document_du_contrat(contrat: Contrat) -> tuple[DocumentEmis, int]:
    """The PDF of the version to sign and its number. SignatureRefusee when there is none."""
    version = derniere_version(contrat)
    if contrat.etat != EtatContrat.SIGNATURE or version is None or version.etat != EtatContrat.SIGNATURE:
        raise SignatureRefusee(
            "Le contrat n’a pas de version à signer : ouvrez la signature, puis « Générer le contrat »."
        )
    document = version.documents.filter(genre="contrat", format="pdf").first()
    if document is None:
        raise SignatureRefusee("Le PDF de cette version manque : générez le contrat à nouveau.")
    return document, version.numero


def ouvrir_pour_le_contrat(contrat: Contrat, *, ordre_impose: bool, par: Agent | None) -> CircuitSignature:
    """The circuit of the last version, a place for each party in the order of the signatures.

    The people of each party are told. One query a party for that.
    """
    with transaction.atomic():
        contrat = verrouiller(contrat)
        document, numero = document_du_contrat(contrat)
        ouverts = contrat.circuits.filter(document__versions_contrat__contrat=contrat)
        if ouverts.exclude(etat=ABANDONNE).exists():
            raise SignatureRefusee("Un circuit de signature est déjà ouvert pour ce contrat.")
        parties = list(contrat.parties.d_origine().select_related("organisation").order_by("ordre", "pk"))
        circuit = ouvrir_circuit(
            contrat, document, parties, ordre_impose=ordre_impose, par=par, numero=numero,
            objet=f"Contrat de {contrat.demarche.territoire.nom}, version {numero}",
        )  # fmt: skip
        prevenir_les_parties(circuit, parties, sujet="Le contrat est à signer", par=par)
        return circuit


def prevenir_les_parties(
    circuit: CircuitSignature, parties: Sequence[Partie], *, sujet: str, par: Agent | None
) -> None:
    """Tells the people of each party that its signature is awaited. One query a party."""
    for partie in parties:
        notifier(
            [pk for pk in responsables(partie, circuit.contrat) if par is None or pk != par.pk],
            rubrique="signature",
            sujet=sujet,
            texte=f"{circuit.objet} : la signature de {partie.organisation.nom} est attendue.",
            url=page_de_l_acte(circuit),
        )


def ouvrir_circuit(
    contrat: Contrat,
    document: DocumentEmis,
    parties: Sequence[Partie],
    *,
    ordre_impose: bool,
    par: Agent | None,
    objet: str,
    numero: int = 0,
    avenant: Avenant | None = None,
) -> CircuitSignature:
    """Prepares the file (its empty fields) and opens a place for each party, in that order.

    `numero` is what each printed page says of the version; `avenant`: the one that is signed, None for the
    contract itself. SignatureRefusee: no party, one already open.
    """
    with en_une_fois() as emis:
        contrat = verrouiller(contrat)
        if not parties:
            raise SignatureRefusee("Personne ne doit signer : mettez d’abord à jour la liste des parties.")
        vivants = CircuitSignature.objects.filter(document=document).exclude(etat=ABANDONNE)
        if vivants.exists():
            raise SignatureRefusee("Un circuit de signature est déjà ouvert sur ce document.")
        try:
            prepare = pades.preparer(
                lire_document(document), [pades.nom_de_champ(n) for n in range(1, len(parties) + 1)]
            )
        except pades.SignatureImpossible as refus:
            raise SignatureRefusee(str(refus)) from refus
        circuit = CircuitSignature.objects.create(
            contrat=contrat, avenant=avenant, document=document, revision=document, objet=objet[:200],
            rang_imprime=numero, ordre_impose=ordre_impose,
        )  # fmt: skip
        revision = garder(circuit, prepare, emis, genre=GENRE_REVISION, titre=f"{objet}, à signer", par=par)
        circuit.revision = revision
        circuit.save(update_fields=["revision"])
        EmplacementSignature.objects.bulk_create(
            EmplacementSignature(
                circuit=circuit,
                partie=p,
                ordre=rang,
                signataire=p.signataire,
                qualite=p.qualite,
                delegation=p.delegation,
            )
            for rang, p in enumerate(parties, 1)
        )
        consigner(
            "ouvrir_circuit_signature", sur=circuit, par=par, demarche_id=contrat.demarche_id,
            apres={"document": document.sha256, "parties": len(parties), "ordre_impose": ordre_impose},
        )  # fmt: skip
        _noter(circuit)
        return circuit


def _noter(circuit: CircuitSignature) -> None:
    """The rail follows the signature of the contract; that of an avenant leaves the contract in force."""
    if circuit.avenant_id is None:
        noter_contrat(circuit.contrat)


def garder(
    circuit: CircuitSignature,
    contenu: bytes,
    emis: list[DocumentEmis],
    *,
    genre: str,
    titre: str,
    par: Agent | None,
    suffixe: str = "pdf",
    gabarit: str = "",
    donnees: dict[str, Any] | None = None,
) -> DocumentEmis:
    """A new file beside those already there; noted in `emis` so that a failure takes it away.

    `gabarit`: its own, when it is not a signed copy of the document.
    """
    contrat = circuit.contrat
    document = emettre(
        contenu, nom=f"signature-{contrat.demarche.slug}-{circuit.pk}.{suffixe}", titre=titre, genre=genre,
        gabarit=gabarit or circuit.document.gabarit, sur=circuit, demarche_id=contrat.demarche_id,
        donnees=donnees or {}, par_id=par.pk if par else None, par_nom=par.nom_complet if par else "Arpent",
    )  # fmt: skip
    emis.append(document)
    return document


# --- the places -----------------------------------------------------------------------------------


def place_attendue(circuit: CircuitSignature, pk: int) -> EmplacementSignature:
    """The place, read under the lock of its circuit; SignatureRefusee when nothing is awaited there."""
    exiger_ouvert(circuit)
    place = circuit.emplacements.select_related("partie__organisation", "document").get(pk=pk)
    nom = place.partie.organisation.nom
    if place.etat == Etat.RECUEILLIE:
        raise SignatureRefusee(f"La signature de {nom} est déjà recueillie : elle n’est jamais remplacée.")
    if place.etat == Etat.REFUSEE:
        raise SignatureRefusee(f"{nom} a refusé de signer : choisissez à nouveau un canal pour la relancer.")
    return place


def exiger_tour(circuit: CircuitSignature, places: Iterable[EmplacementSignature]) -> None:
    """When the order is imposed, whoever comes before has signed (or signs in the same pile)."""
    if not circuit.ordre_impose:
        return
    signent = {p.pk: p.ordre for p in places}
    avant = circuit.emplacements.filter(ordre__lt=max(signent.values())).exclude(etat=Etat.RECUEILLIE)
    noms = list(avant.exclude(pk__in=signent).values_list("partie__organisation__nom", flat=True))
    if noms:
        raise SignatureRefusee(f"L’ordre des signatures est imposé : {enumerer(noms)} doit signer d’abord.")


def recueillir(
    place: EmplacementSignature,
    *,
    canal: str,
    document: DocumentEmis,
    preuve: dict[str, Any],
    le: datetime,
    par: Agent | None,
) -> None:
    """The one writer of a collected signature. The caller holds the lock of `place.circuit`."""
    circuit = place.circuit
    if circuit.avenant is not None:
        exiger_signable(circuit.avenant, timezone.localtime(le).date())
    place.canal, place.etat, place.signee_le = canal, Etat.RECUEILLIE.value, le
    place.par_nom = par.nom_complet if par else "Arpent"
    place.preuve, place.document, place.sha256 = preuve, document, document.sha256
    champs = ("canal", "etat", "signee_le", "par_nom", "preuve", "document", "sha256")
    ecrites = EmplacementSignature.objects.filter(pk=place.pk, etat=Etat.ATTENDUE).update(
        **{nom: getattr(place, nom) for nom in champs}
    )
    if ecrites != 1:
        raise SignatureRefusee(
            "Cette signature vient d’être recueillie par quelqu’un d’autre : relisez la page."
        )
    consigner(
        "recueillir_signature", sur=place, par=par, demarche_id=circuit.contrat.demarche_id,
        libelle=f"Signature : {place.partie}", avant={"etat": Etat.ATTENDUE.value},
        apres={"etat": Etat.RECUEILLIE.value, "canal": canal, "sha256": document.sha256, "le": le},
    )  # fmt: skip
    if not circuit.emplacements.exclude(etat=Etat.RECUEILLIE).exists():
        circuit.etat, circuit.clos_le = COMPLET.value, timezone.now()
        circuit.save(update_fields=["etat", "clos_le"])
        consigner(
            "completer_signature", sur=circuit, par=par, demarche_id=circuit.contrat.demarche_id,
            avant={"etat": OUVERT.value}, apres={"etat": COMPLET.value},
        )  # fmt: skip
        if circuit.avenant is not None:
            signees = circuit.emplacements.values_list("signee_le", flat=True)
            derniere = max(x for x in signees if x is not None)
            noter_signe(circuit.avenant, timezone.localtime(derniere).date(), par=par)
    _noter(circuit)


@transaction.atomic
def choisir_canal(
    place: EmplacementSignature,
    canal: str,
    *,
    par: Agent | None,
    signataire: str | None = None,
    qualite: str | None = None,
    delegation: str | None = None,
) -> EmplacementSignature:
    """How the party will sign, and who for it; a place that was refused is awaited again."""
    circuit = verrouiller_circuit(place.circuit)
    exiger_ouvert(circuit)
    if canal not in Canal.values:
        raise SignatureRefusee(
            "Choisissez l’un des quatre canaux : certificat, consentement, papier, parapheur."
        )
    place = circuit.emplacements.select_related("partie__organisation").get(pk=place.pk)
    if place.etat != Etat.REFUSEE:
        place_attendue(circuit, place.pk)
    saisies = {"signataire": signataire, "qualite": qualite, "delegation": delegation}
    voulu = {"canal": canal, "etat": Etat.ATTENDUE.value, "motif": ""} | {
        nom: valeur.strip() for nom, valeur in saisies.items() if valeur is not None
    }
    avant = {nom: getattr(place, nom) for nom in voulu}
    if avant == voulu:
        return place
    for nom, valeur in voulu.items():
        setattr(place, nom, valeur)
    place.save(update_fields=list(voulu))
    consigner(
        "choisir_canal_signature", sur=place, par=par, demarche_id=circuit.contrat.demarche_id,
        libelle=f"Signature : {place.partie}",
        avant={n: v for n, v in avant.items() if v != voulu[n]},
        apres={n: v for n, v in voulu.items() if v != avant[n]},
    )  # fmt: skip
    return place


@transaction.atomic
def refuser(place: EmplacementSignature, motif: str, *, par: Agent | None) -> EmplacementSignature:
    """The party will not sign, and says why; whoever concludes the contract is told."""
    circuit = verrouiller_circuit(place.circuit)
    place = place_attendue(circuit, place.pk)
    if not motif.strip():
        raise SignatureRefusee(
            "Dites pourquoi la signature est refusée : le motif est transmis à l’autorité."
        )
    place.etat, place.motif, place.par_nom = (
        Etat.REFUSEE.value, motif.strip()[:500], par.nom_complet if par else "Arpent",
    )  # fmt: skip
    place.save(update_fields=["etat", "motif", "par_nom"])
    consigner(
        "refuser_signature", sur=place, par=par, demarche_id=circuit.contrat.demarche_id, motif=place.motif,
        libelle=f"Signature : {place.partie}", avant={"etat": Etat.ATTENDUE.value},
        apres={"etat": Etat.REFUSEE.value},
    )  # fmt: skip
    _prevenir(circuit, place, par)
    return place


def _prevenir(circuit: CircuitSignature, place: EmplacementSignature, par: Agent | None) -> None:
    demarche = circuit.contrat.demarche
    gens = gens_d_une_autorite(demarche.autorite.pk)
    notifier(
        [pk for pk in gens if par is None or pk != par.pk],
        rubrique="signature",
        sujet=f"Une signature {adresses.du_nom(circuit.avenant)} est refusée",
        texte=f"{place.partie.organisation.nom} ne signe pas : {place.motif}",
        url=page_de_l_acte(circuit),
    )


@transaction.atomic
def abandonner(circuit: CircuitSignature, motif: str, *, par: Agent | None) -> CircuitSignature:
    """Closes a circuit that will not be finished. What is collected stays; a motive is then required."""
    circuit = verrouiller_circuit(circuit)
    exiger_ouvert(circuit)
    recueillies = circuit.emplacements.filter(etat=Etat.RECUEILLIE).count()
    if recueillies and not motif.strip():
        raise SignatureRefusee(
            f"{recueillies} signature{'s sont' if recueillies > 1 else ' est'} déjà recueillie"
            f"{'s' if recueillies > 1 else ''} : dites pourquoi le circuit est abandonné."
        )
    clore(circuit, motif.strip() or "sans signature", par=par, demarche_id=circuit.contrat.demarche_id)
    _noter(circuit)
    return circuit
