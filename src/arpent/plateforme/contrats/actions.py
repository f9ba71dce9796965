"""What changes a contract: preparation, parties, issue of a version, gestures of its cycle."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from django.db import transaction

from arpent.metier.cycles import CYCLE_CONTRAT, EtatContrat, EtatFiche
from arpent.plateforme.acteurs.models import Agent
from arpent.plateforme.demarches.models import Demarche
from arpent.plateforme.documents.actions import emettre
from arpent.plateforme.documents.donnees import ContratDoc, MaquetteDoc
from arpent.plateforme.documents.empreinte import empreinte_des_donnees
from arpent.plateforme.documents.gabarits_autorite import GabaritWord, gabarit_word
from arpent.plateforme.documents.models import DocumentEmis
from arpent.plateforme.documents.rendu.maquette_xlsx import rendre_maquette_xlsx
from arpent.plateforme.documents.rendu.pdf import rendre_contrat_pdf
from arpent.plateforme.documents.serie import en_json
from arpent.plateforme.journal.actions import consigner, consigner_modification
from arpent.plateforme.negociations.actions import scenario_courant
from arpent.plateforme.negociations.credits.registre import CreditRefuse, Piece
from arpent.plateforme.negociations.credits.suivi import noter_vote, retirer_vote
from arpent.plateforme.plans.actions import ActionRefusee
from arpent.plateforme.plans.avancement import faire_avancer_fiche
from arpent.plateforme.socle.versions import enregistrer_version

from .assemblage import assembler, contrat_doc, trouver_contrat
from .exigences import (
    ContratRefuse,
    exiger_aucune_signature,
    exiger_geste,
    exiger_redaction,
    exiger_votes,
    ont_signe,
    verrouiller,
)
from .lecture_votes import contenu_de
from .models import Contrat, Partie, VersionContrat, Vote
from .parties import attendues
from .places import noter_contrat
from .signatures.fermeture import fermer_les_circuits, suivre_le_signataire
from .terme import exiger_echeance
from .votes import revoir_les_votes

GENERABLES = frozenset({EtatContrat.REDACTION.value, EtatContrat.VOTE.value, EtatContrat.SIGNATURE.value})
CHAMPS_CONTRAT = ("reference", "date_effet", "preambule")
CHAMPS_PARTIE = ("signataire", "qualite", "delegation")


# --- preparation ----------------------------------------------------------------------------------


@transaction.atomic
def contrat_de(demarche: Demarche, par: Agent | None = None) -> Contrat:
    """The contract of a démarche, prepared with its parties if there is none yet."""
    if contrat := trouver_contrat(demarche):
        return contrat
    Demarche.objects.select_for_update(of=("self",)).get(pk=demarche.pk)
    contrat, cree = Contrat.objects.get_or_create(demarche=demarche)
    if cree:
        consigner(
            "preparer_contrat", sur=contrat, par=par, demarche_id=demarche.pk, apres={"etat": contrat.etat}
        )
        completer_parties(contrat, par=par)
        noter_contrat(contrat)
    return contrat


@transaction.atomic
def completer_parties(contrat: Contrat, *, par: Agent | None) -> int:
    """Adds the parties that the territory and the retained projects call for; returns how many were added.

    A party that no longer owns a project goes away as long as nothing was typed on it.
    """
    contrat = verrouiller(contrat)
    exiger_redaction(contrat)
    voulues = attendues(contrat.demarche, assembler(contrat.demarche, date.today()).proprietaires)
    presentes = {p.organisation_id: p for p in contrat.parties.all()}
    nouvelles = [
        Partie(contrat=contrat, organisation=o, role=role, ordre=rang)
        for rang, (o, role) in enumerate(voulues, 1)
        if o.pk not in presentes
    ]
    gardees = {o.pk for o, _ in voulues}
    votees = set(Vote.objects.filter(partie__contrat=contrat).values_list("partie_id", flat=True))
    votees |= set(contrat.parties.exclude(emplacements=None).values_list("pk", flat=True))
    parties = [
        p.pk
        for p in presentes.values()
        if p.organisation_id not in gardees
        and not p.ajoutee
        and p.pk not in votees
        and not any(getattr(p, nom) for nom in CHAMPS_PARTIE)
    ]
    Partie.objects.filter(pk__in=parties).delete()
    Partie.objects.bulk_create(nouvelles)
    if nouvelles or parties:
        consigner(
            "completer_parties",
            sur=contrat,
            par=par,
            demarche_id=contrat.demarche_id,
            apres={"ajoutees": [p.organisation.nom for p in nouvelles], "retirees": len(parties)},
        )
    return len(nouvelles)


@transaction.atomic
def enregistrer_contrat(
    contrat: Contrat, valeurs: Mapping[str, Any], *, version_lue: int, par: Agent | None
) -> Contrat:
    """Saves the reference, the date of effect, the preamble. ConflitDeVersion on a stale save."""
    contrat = verrouiller(contrat)
    exiger_redaction(contrat)
    anciens = {nom: getattr(contrat, nom) for nom in CHAMPS_CONTRAT}
    nouveaux = {nom: valeurs[nom] for nom in CHAMPS_CONTRAT}
    for nom, valeur in nouveaux.items():
        setattr(contrat, nom, valeur)
    enregistrer_version(contrat, version_lue, CHAMPS_CONTRAT)
    consigner_modification(contrat, anciens, nouveaux, par=par, demarche_id=contrat.demarche_id)
    return contrat


@transaction.atomic
def enregistrer_partie(
    partie: Partie, valeurs: Mapping[str, Any], *, version_lue: int, par: Agent | None
) -> Partie:
    """Saves who signs, until the signature is recorded. ConflitDeVersion on a stale save."""
    contrat = verrouiller(partie.contrat)
    if contrat.etat not in {EtatContrat.REDACTION, EtatContrat.VOTE, EtatContrat.SIGNATURE}:
        raise ContratRefuse("Le contrat est signé : ses parties ne changent que par avenant.")
    if partie.organisation.nom in ont_signe(contrat):
        raise ContratRefuse("Cette partie a signé : son signataire ne change plus.")
    anciens = {nom: getattr(partie, nom) for nom in CHAMPS_PARTIE}
    nouveaux = {nom: valeurs[nom] for nom in CHAMPS_PARTIE if nom in valeurs}
    for nom, valeur in nouveaux.items():
        setattr(partie, nom, valeur)
    enregistrer_version(partie, version_lue, CHAMPS_PARTIE)
    suivre_le_signataire(partie)
    consigner_modification(
        partie, anciens, nouveaux, par=par, demarche_id=contrat.demarche_id, libelle=f"Partie : {partie}"
    )
    return partie


# --- documents ------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Fichier:
    """One rendered file."""

    nom: str
    titre: str
    genre: str
    gabarit: str
    contenu: bytes


def _rendre(doc: ContratDoc, word: GabaritWord) -> tuple[Fichier, ...]:
    """The three files of a contract. RenduImpossible (French) when a renderer refuses."""
    maquette = doc.maquette
    assert isinstance(maquette, MaquetteDoc)
    pdf = rendre_contrat_pdf(doc)
    return (
        Fichier("contrat.pdf", doc.titre, "contrat", doc.gabarit, pdf),
        Fichier("contrat.docx", doc.titre, "contrat", word.code or doc.gabarit, word.rendre(doc)),
        Fichier("maquette.xlsx", maquette.titre, "maquette", "maquette/v1", rendre_maquette_xlsx(maquette)),
    )


def generer_fichiers(demarche: Demarche, dossier: Path, le: date | None = None) -> list[Path]:
    """Writes contrat.pdf, contrat.docx and maquette.xlsx in `dossier`; the database is not touched."""
    doc = contrat_doc(assembler(demarche, le or date.today(), complet=True), version="de travail")
    chemins = []
    for fichier in _rendre(doc, gabarit_word(demarche.autorite.pk, "contrat")):
        chemin = dossier / fichier.nom
        chemin.write_bytes(fichier.contenu)
        chemins.append(chemin)
    return chemins


@transaction.atomic
def generer(contrat: Contrat, par: Agent | None, le: date | None = None) -> VersionContrat:
    """Issues a version: frozen data, fingerprint, three files. ContratRefuse without a retained project."""
    contrat = verrouiller(contrat)
    if contrat.etat == EtatContrat.EN_VIGUEUR:
        raise ContratRefuse("Le contrat est en vigueur : son texte et ses montants changent par avenant.")
    if contrat.etat not in GENERABLES:
        raise ContratRefuse("Le contrat est terminé : ses versions signées ne sont pas refaites.")
    assemblage = assembler(contrat.demarche, le or date.today(), complet=True)
    if not assemblage.matiere.inscrites:
        raise ContratRefuse(
            "Aucun projet n’est retenu avec une aide : arbitrez d’abord la maquette, dans « Négociation »."
        )
    derniere = contrat.versions.order_by("-numero").first()
    numero = derniere.numero + 1 if derniere else 1
    doc = contrat_doc(assemblage, version=str(numero))
    if revoir_les_votes(contrat, contenu_de(json.loads(en_json(doc))), par=par):
        assemblage = assembler(contrat.demarche, le or date.today(), complet=True)
        doc = contrat_doc(assemblage, version=str(numero))
    if contrat.etat == EtatContrat.SIGNATURE:
        exiger_votes(contrat)
        exiger_aucune_signature(contrat)
        fermer_les_circuits(contrat, "une nouvelle version est générée", par=par)
    marque = empreinte_des_donnees(doc)
    version = VersionContrat.objects.create(
        contrat=contrat,
        numero=numero,
        etat=contrat.etat,
        gabarit=doc.gabarit,
        donnees=json.loads(en_json(doc)),
        empreinte=marque,
        total_aides=assemblage.total_aides,
        nombre_projets=len(assemblage.matiere.inscrites),
        duree_annees=assemblage.matiere.dispositif.duree_annees,
        par_nom=par.nom_complet if par else "Arpent",
    )
    fichiers = _rendre(doc, gabarit_word(contrat.demarche.autorite.pk, "contrat"))
    version.documents.set(_emettre(fichier, version, contrat.demarche, par) for fichier in fichiers)
    consigner(
        "generer_contrat",
        sur=version,
        par=par,
        demarche_id=contrat.demarche_id,
        apres={"numero": numero, "empreinte": marque, "total_aides": version.total_aides},
    )
    noter_contrat(contrat)
    return version


def _emettre(
    fichier: Fichier, version: VersionContrat, demarche: Demarche, par: Agent | None
) -> DocumentEmis:
    racine, _, suffixe = fichier.nom.rpartition(".")
    return emettre(
        fichier.contenu,
        nom=f"{racine}-{demarche.slug}-v{version.numero}.{suffixe}",
        titre=f"{fichier.titre}, version {version.numero}",
        genre=fichier.genre,
        gabarit=fichier.gabarit,
        sur=version,
        demarche_id=demarche.pk,
        donnees={"version": version.numero, "empreinte_des_donnees": version.empreinte},
        par_id=par.pk if par else None,
        par_nom=version.par_nom,
    )


# --- the cycle ------------------------------------------------------------------------------------


@transaction.atomic
def faire_avancer(contrat: Contrat, geste: str, *, par: Agent | None) -> Contrat:
    """Makes one gesture of the cycle. TransitionRefusee or ContratRefuse (French) when it is not possible."""
    contrat = verrouiller(contrat)
    avant = contrat.etat
    transition = CYCLE_CONTRAT.franchir(geste, avant)
    exiger_geste(contrat, geste)
    if geste == "constater_echeance":
        exiger_echeance(contrat, date.today())
    contrat.etat = transition.vers.value
    contrat.version += 1
    contrat.save(update_fields=["etat", "version", "modifie_le"])
    consigner(
        geste,
        sur=contrat,
        par=par,
        demarche_id=contrat.demarche_id,
        avant={"etat": avant},
        apres={"etat": contrat.etat},
    )
    if contrat.etat == EtatContrat.EN_VIGUEUR:
        inscrire_fiches(contrat, par)
    else:
        fermer_les_circuits(contrat, transition.libelle.lower(), par=par)
    _suivre_le_vote(contrat, avant, par)
    noter_contrat(contrat)
    return contrat


@transaction.atomic
def solder(contrat: Contrat, *, par: Agent | None, motif: str = "") -> Contrat:
    """Closes it, its balance made by the caller in the same transaction. TransitionRefusee, ContratRefuse."""
    contrat = verrouiller(contrat)
    avant = contrat.etat
    contrat.etat = CYCLE_CONTRAT.franchir("solder", avant).vers.value
    contrat.version += 1
    contrat.save(update_fields=["etat", "version", "modifie_le"])
    consigner(
        "solder", sur=contrat, par=par, demarche_id=contrat.demarche_id, motif=motif,
        avant={"etat": avant}, apres={"etat": contrat.etat},
    )  # fmt: skip
    noter_contrat(contrat)
    return contrat


def _suivre_le_vote(contrat: Contrat, avant: str, par: Agent | None) -> None:
    """The credits are voted once every délibération is there, and no more when the drafting is resumed."""
    try:
        if contrat.etat == EtatContrat.SIGNATURE:
            autorite = contrat.parties.filter(role=Partie.RolePartie.AUTORITE).first()
            piece = (
                Piece(acte=autorite.deliberation_numero, acte_le=autorite.deliberation_le)
                if autorite
                else Piece()
            )
            noter_vote(contrat.demarche, par=par, piece=piece)
        elif avant == EtatContrat.SIGNATURE and contrat.etat == EtatContrat.REDACTION:
            retirer_vote(contrat.demarche, par=par)
    except CreditRefuse as refus:
        raise ContratRefuse(str(refus)) from None


def inscrire_fiches(contrat: Contrat, par: Agent | None) -> None:
    """The retained fiches become contractual; those whose own decision is still open keep their state."""
    scenario = scenario_courant(contrat.demarche)
    retenues = scenario.propositions.filter(decision="retenue", montant__gt=0).select_related("fiche")
    for proposition in retenues.filter(fiche__etat=EtatFiche.RETENUE.value):
        try:
            faire_avancer_fiche(proposition.fiche, "contractualiser", par=par)
        except ActionRefusee as refus:
            raise ContratRefuse(f"Fiche {proposition.fiche} : {refus}") from None
