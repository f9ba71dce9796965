"""Taking over a contract signed outside Arpent: its lines are the agreed maquette, its act and file are kept.

It is in force at once, with a version that stands for what was signed: avenants start from it.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction

from arpent.metier.cycles import CYCLE_CONTRAT, EtatContrat, EtatScenario
from arpent.plateforme.acteurs.models import Agent
from arpent.plateforme.documents.actions import emettre
from arpent.plateforme.documents.empreinte import empreinte_des_donnees
from arpent.plateforme.documents.models import DocumentEmis
from arpent.plateforme.documents.serie import en_json
from arpent.plateforme.journal.actions import consigner
from arpent.plateforme.negociations.credits.registre import CreditRefuse, Piece
from arpent.plateforme.negociations.credits.suivi import noter_vote
from arpent.plateforme.socle.envois import Envoi
from arpent.plateforme.socle.fichiers import FichierRefuse, lire_fichier

from .actions import inscrire_fiches
from .assemblage import Assemblage, assembler, contrat_doc
from .exigences import ContratRefuse, exiger_redaction, verrouiller
from .models import Contrat, Partie, VersionContrat
from .places import noter_contrat

GESTE = "reprendre_contrat_signe"
GABARIT = "hors d’Arpent"


@dataclass(frozen=True, slots=True)
class ContratExterieur:
    """What is known of the contract as signed. `acte`: the délibération of the authority that approved it."""

    reference: str
    date_effet: date
    signe_le: date
    acte: str
    acte_le: date
    fichier: Envoi


@dataclass(frozen=True, slots=True)
class ActeSaisi:
    """The act of one party, as it was typed; without a number, none was."""

    partie: Partie
    numero: str
    pris_le: date | None


@dataclass(frozen=True, slots=True)
class Reprise:
    """What was typed when the contract was taken over: its votes were held elsewhere."""

    signe_le: date | None
    reprise_le: datetime
    par: str
    fichier: DocumentEmis | None
    actes: tuple[ActeSaisi, ...]

    @property
    def saisis(self) -> int:
        return sum(bool(a.numero) for a in self.actes)


def est_reprise(versions: Sequence[VersionContrat]) -> bool:
    """Whether the last issued version stands for a contract signed outside. No query."""
    return bool(versions) and versions[0].gabarit == GABARIT


def lire_reprise(version: VersionContrat, parties: Sequence[Partie]) -> Reprise:
    """`parties`: of the origin, their body read. One query."""
    fichier = version.documents.filter(gabarit=GABARIT).order_by("pk").first()
    jour = str(fichier.donnees.get("signe_le") or "") if fichier else ""
    return Reprise(
        signe_le=date.fromisoformat(jour) if jour else None,
        reprise_le=version.etablie_le,
        par=version.par_nom,
        fichier=fichier,
        actes=tuple(ActeSaisi(p, p.deliberation_numero, p.deliberation_le) for p in parties),
    )


def _exiger(assemblage: Assemblage, saisie: ContratExterieur, le: date) -> None:
    if assemblage.scenario.etat != EtatScenario.ACCEPTE:
        raise ContratRefuse(
            "La maquette n’est pas acceptée : saisissez les aides du contrat signé dans « Négociation », "
            "offrez-les, acceptez-les, puis revenez ici."
        )
    if not assemblage.matiere.inscrites:
        raise ContratRefuse("Aucun projet n’est retenu avec une aide : le contrat serait vide.")
    if saisie.signe_le > le:
        raise ContratRefuse("La signature ne peut pas être dans l’avenir : donnez le jour où elle a eu lieu.")
    if saisie.acte_le > saisie.signe_le:
        raise ContratRefuse("La délibération suit la signature : vérifiez les deux dates.")
    if not saisie.acte.strip():
        raise ContratRefuse("Écrivez le numéro de la délibération de l’autorité.")


def _pdf(envoi: Envoi) -> bytes:
    try:
        lu = lire_fichier(envoi.contenu)
    except FichierRefuse as refus:
        raise ContratRefuse(str(refus)) from refus
    if lu.extension != "pdf":
        raise ContratRefuse("Le contrat signé se joint en PDF : numérisez-le, ou exportez-le en PDF.")
    return lu.contenu


@transaction.atomic
def reprendre_contrat_signe(
    contrat: Contrat, saisie: ContratExterieur, *, par: Agent | None, le: date
) -> VersionContrat:
    """From its drafting to its entry into force, without votes nor signatures. ContratRefuse (French)."""
    contrat = verrouiller(contrat)
    exiger_redaction(contrat)
    avant = contrat.etat
    contrat.reference, contrat.date_effet = saisie.reference.strip()[:60], saisie.date_effet
    contrat.save(update_fields=["reference", "date_effet"])
    contrat.parties.filter(role=Partie.RolePartie.AUTORITE).update(
        deliberation_numero=saisie.acte.strip()[:60], deliberation_le=saisie.acte_le
    )
    assemblage = assembler(contrat.demarche, le, complet=True)
    _exiger(assemblage, saisie, le)
    contenu = _pdf(saisie.fichier)
    derniere = contrat.versions.order_by("-numero").first()
    numero = derniere.numero + 1 if derniere else 1
    doc = contrat_doc(assemblage, version=str(numero))
    marque = empreinte_des_donnees(doc)
    version = VersionContrat.objects.create(
        contrat=contrat,
        numero=numero,
        etat=EtatContrat.SIGNATURE.value,
        gabarit=GABARIT,
        donnees=json.loads(en_json(doc)),
        empreinte=marque,
        total_aides=assemblage.total_aides,
        nombre_projets=len(assemblage.matiere.inscrites),
        duree_annees=assemblage.matiere.dispositif.duree_annees,
        par_nom=par.nom_complet if par else "Arpent",
    )
    version.documents.add(
        emettre(
            contenu,
            nom=f"contrat-signe-{contrat.demarche.slug}.pdf",
            titre=f"Contrat signé le {saisie.signe_le:%d/%m/%Y}",
            genre="contrat",
            gabarit=GABARIT,
            sur=version,
            demarche_id=contrat.demarche_id,
            donnees={"version": numero, "signe_le": saisie.signe_le.isoformat(), "acte": saisie.acte},
            par_id=par.pk if par else None,
            par_nom=version.par_nom,
        )
    )
    contrat.etat = CYCLE_CONTRAT.franchir(GESTE, avant).vers.value
    contrat.version += 1
    contrat.save(update_fields=["etat", "version", "modifie_le"])
    consigner(
        GESTE, sur=contrat, par=par, demarche_id=contrat.demarche_id, avant={"etat": avant},
        apres={"etat": contrat.etat, "signe_le": saisie.signe_le, "acte": saisie.acte, "empreinte": marque},
    )  # fmt: skip
    try:
        noter_vote(contrat.demarche, par=par, piece=Piece(acte=saisie.acte[:120], acte_le=saisie.acte_le))
    except CreditRefuse as refus:
        raise ContratRefuse(str(refus)) from None
    inscrire_fiches(contrat, par)
    noter_contrat(contrat)
    return version
