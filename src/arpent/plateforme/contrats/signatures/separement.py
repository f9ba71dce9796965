"""A contract per signatory, as a parent and its children: each is an issued PDF with a circuit of its own.

The authority and one owner sign each child; the parties that own no project sign the contract itself with
the authority. All are drawn from the version that was voted, and belong to it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils import timezone

from arpent.plateforme.acteurs.models import Agent
from arpent.plateforme.documents.actions import emettre
from arpent.plateforme.documents.models import DocumentEmis

from .. import particuliers
from ..assemblage import Assemblage, assembler
from ..exigences import derniere_version, exiger_version_a_jour, verrouiller
from ..models import CircuitSignature, Contrat, Partie, VersionContrat
from .circuits import (
    SignatureRefusee,
    document_du_contrat,
    en_une_fois,
    ouvrir_circuit,
    prevenir_les_parties,
)
from .fermeture import ABANDONNE

GENRE = "contrat particulier"


@dataclass(frozen=True, slots=True)
class Exemplaire:
    """What one owner signs: its PDF, already issued for that version, or drawn and not yet kept."""

    partie: Partie
    rang: int
    titre: str
    gabarit: str
    contenu: bytes
    emis: DocumentEmis | None


def ouvrir_separement(contrat: Contrat, *, ordre_impose: bool, par: Agent | None) -> list[CircuitSignature]:
    """A circuit for each signatory that has none under way: the first time all, later those abandoned.

    The files are drawn before anything is written. SignatureRefusee: nothing to sign apart, or all is open.
    ContratRefuse: the contract is no longer what was voted. RenduImpossible (French).
    """
    _, numero = document_du_contrat(contrat)
    version = derniere_version(contrat)
    assert version is not None
    assemblage = assembler(contrat.demarche, timezone.localtime(version.etablie_le).date(), complet=True)
    proprietaires = particuliers.signataires(assemblage)
    if not proprietaires:
        raise SignatureRefusee("Aucune partie ne porte de projet : ouvrez un seul circuit pour le contrat.")
    exemplaires = _composer(assemblage, version, proprietaires)
    with en_une_fois() as emis:
        contrat = verrouiller(contrat)
        document, encore = document_du_contrat(contrat)
        if encore != numero:
            raise SignatureRefusee("Une version vient d’être générée : ouvrez à nouveau la signature.")
        exiger_version_a_jour(contrat)
        _exiger_pas_d_un_bloc(document, proprietaires)
        autorites = [p for p in assemblage.matiere.parties if p.role == Partie.RolePartie.AUTORITE]
        seuls = {p.pk for p in (*autorites, *proprietaires)}
        autres = [p for p in assemblage.matiere.parties if p.pk not in seuls]
        ouverts: list[tuple[CircuitSignature, list[Partie]]] = []
        signees = _en_cours(version)
        attendus = [(document, autres, f"Contrat-cadre, version {numero}")] if autres else []
        for x in exemplaires:
            attendus.append((x.emis or _emettre(x, contrat, version, emis, par), [x.partie], x.titre))
        for pdf, parties, objet in attendus:
            if pdf.pk in signees:
                continue
            signataires = [*autorites, *parties]
            circuit = ouvrir_circuit(
                contrat, pdf, signataires, ordre_impose=ordre_impose, par=par, objet=objet, numero=numero
            )
            emis.append(circuit.revision)
            ouverts.append((circuit, parties if ouverts else signataires))
        if not ouverts:
            raise SignatureRefusee("Le contrat de chaque signataire a déjà son circuit de signature.")
        for circuit, parties in ouverts:
            prevenir_les_parties(circuit, parties, sujet="Un contrat est à signer", par=par)
    return [circuit for circuit, _ in ouverts]


def _en_cours(version: VersionContrat) -> set[int]:
    """The documents of the version that a circuit signs, or has signed. One query."""
    circuits = CircuitSignature.objects.filter(document__versions_contrat=version).exclude(etat=ABANDONNE)
    return set(circuits.values_list("document_id", flat=True))


def _exiger_pas_d_un_bloc(document: DocumentEmis, proprietaires: Sequence[Partie]) -> None:
    """The contract as a whole is not already being signed by those who would sign their own. One query."""
    entier = CircuitSignature.objects.filter(document=document).exclude(etat=ABANDONNE)
    if entier.filter(emplacements__partie__in=proprietaires).exists():
        raise SignatureRefusee(
            "Toutes les parties signent déjà le même contrat : abandonnez d’abord ce circuit, avec un motif."
        )


def _composer(
    assemblage: Assemblage, version: VersionContrat, proprietaires: Sequence[Partie]
) -> list[Exemplaire]:
    """The PDF of each owner, drawn unless that version already has it."""
    emis_de = version.documents.filter(genre=GENRE, format="pdf").order_by("pk")
    deja = {d.donnees.get("partie"): d for d in emis_de}
    word, exemplaires = particuliers.word_de(assemblage), []
    for rang, partie in enumerate(proprietaires, 1):
        titre = f"Contrat de {partie.organisation.nom}, version {version.numero}"
        if emis := deja.get(partie.pk):
            exemplaires.append(Exemplaire(partie, rang, titre, emis.gabarit, b"", emis))
            continue
        doc = particuliers.particulier_doc(assemblage, partie, version=str(version.numero))
        contenu = particuliers.RENDUS["pdf"](doc, word)
        exemplaires.append(Exemplaire(partie, rang, titre, doc.gabarit, contenu, None))
    return exemplaires


def _emettre(
    exemplaire: Exemplaire,
    contrat: Contrat,
    version: VersionContrat,
    emis: list[DocumentEmis],
    par: Agent | None,
) -> DocumentEmis:
    nom = particuliers.nom_de_fichier(exemplaire.rang, exemplaire.partie, "pdf")
    document = emettre(
        exemplaire.contenu, nom=f"contrat-{contrat.demarche.slug}-v{version.numero}-{nom}",
        titre=exemplaire.titre, genre=GENRE, gabarit=exemplaire.gabarit, sur=version,
        demarche_id=contrat.demarche_id,
        donnees={"partie": exemplaire.partie.pk, "version": version.numero,
                 "empreinte_des_donnees": version.empreinte},
        par_id=par.pk if par else None, par_nom=par.nom_complet if par else "Arpent",
    )  # fmt: skip
    emis.append(document)
    version.documents.add(document)
    return document
