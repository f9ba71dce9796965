"""A démarche whose maquette is agreed, with a contract model of a few articles."""

from __future__ import annotations

import json
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from arpent.metier.fin_contrat import MotifFin
from arpent.metier.votes import EtatVote
from arpent.plateforme.contrats import actions
from arpent.plateforme.contrats.actions import Fichier
from arpent.plateforme.contrats.assemblage import assembler, contrat_doc
from arpent.plateforme.contrats.avenants import actions as avenants
from arpent.plateforme.contrats.avenants import proposition, vigueur
from arpent.plateforme.contrats.avenants.actions import Saisie
from arpent.plateforme.contrats.avenants.signature import ouvrir_signature
from arpent.plateforme.contrats.fin import SaisieFin
from arpent.plateforme.contrats.lecture_votes import lire_votes
from arpent.plateforme.contrats.models import (
    Avenant,
    CircuitSignature,
    Contrat,
    Partie,
    VersionContrat,
    Vote,
)
from arpent.plateforme.contrats.votes import enregistrer_vote
from arpent.plateforme.documents.serie import en_json
from arpent.plateforme.negociations import actions as negociations
from arpent.plateforme.negociations.models import PartEnveloppe
from arpent.plateforme.plans.models import Fiche
from arpent.plateforme.socle.envois import Envoi
from tests.plateforme.contrats.atelier_signature import petit_pdf, signer_exemplaire, signer_sur_papier
from tests.plateforme.negociations.conftest import Monde, monde, poser

__all__ = ["monde"]

MODELE = {
    "titre": "Contrat territorial {{ territoire_nom }}",
    "champs": {
        "date_effet": "Date d’effet",
        "reglement_acte": "Acte du règlement",
        "total_aides": "Total des aides",
    },
    "preambule": "Un préambule.",
    "visas": [
        {"code": "notre", "texte": "Vu la loi NOTRe ;", "condition": None},
        {"code": "acte", "texte": "Vu l’acte {{ reglement_acte }} ;", "condition": "reglement_acte"},
    ],
    "articles": [
        {"code": "objet", "titre": "Objet", "texte": "Aides : {{ total_aides }}.", "condition": None},
        {"code": "reserve", "titre": "Réserve", "texte": "{{ fonds_reserve_montant }}",
         "condition": "fonds_reserve_montant"},
        {"code": "duree", "titre": "Durée", "texte": "À partir du {{ date_effet }}.", "condition": None},
    ],
}  # fmt: skip


VOTE_LE, LE = date(2026, 2, 2), date(2026, 3, 1)
EXECUTOIRE = {
    "numero": "2026-12",
    "adoptee_le": VOTE_LE,
    "sens": "adoptee",
    "transmise_le": date(2026, 2, 3),
    "publiee_le": date(2026, 2, 4),
}


def emettre_version(contrat: Contrat) -> VersionContrat:
    """A version as issued, without its files."""
    contrat.refresh_from_db()
    assemblage = assembler(contrat.demarche, LE, complet=True)
    return VersionContrat.objects.create(
        contrat=contrat,
        numero=contrat.versions.count() + 1,
        etat=contrat.etat,
        gabarit="contrat/v1",
        donnees=json.loads(en_json(contrat_doc(assemblage, version="1"))),
        empreinte="essai",
        total_aides=assemblage.total_aides,
        nombre_projets=len(assemblage.matiere.inscrites),
        duree_annees=assemblage.matiere.dispositif.duree_annees,
        par_nom="Arpent",
    )


def voter(partie: Partie, *, vote: Vote | None = None, **valeurs: Any) -> Vote:
    """Notes the vote of a party; a complete one when nothing else is said."""
    version_lue = vote.version if vote else None
    note, _ = enregistrer_vote(
        partie, valeurs or EXECUTOIRE, par=None, le=LE, vote=vote, version_lue=version_lue
    )
    return note


def deliberer(contrat: Contrat) -> None:
    """Every party votes the last version, in order; one is issued when there is none."""
    if not contrat.versions.exists():
        emettre_version(contrat)
    for partie in contrat.parties.order_by("ordre"):
        voter(partie)


@pytest.fixture
def accord(monde: Monde) -> Monde:
    """Two projects retained, offered and accepted."""
    monde.dispositif.modele_contrat = MODELE
    monde.dispositif.save()
    poser(monde, monde.fiches[0], "9999.99")
    poser(monde, monde.fiches[1], "15000.01")
    scenario = negociations.scenario_courant(monde.demarche)
    for geste in ("offrir", "accepter"):
        scenario = negociations.changer_etat(scenario, geste, par=monde.chef)
    return monde


@pytest.fixture
def contrat(accord: Monde) -> Contrat:
    """Prepared and complete."""
    contrat = actions.contrat_de(accord.demarche, accord.chef)
    valeurs = {"reference": "CT-1", "date_effet": date(2026, 3, 1), "preambule": ""}
    return actions.enregistrer_contrat(contrat, valeurs, version_lue=contrat.version, par=accord.chef)


@pytest.fixture
def sans_fichiers(monkeypatch: pytest.MonkeyPatch) -> None:
    """A version is issued without its files: rendering is tested elsewhere."""
    monkeypatch.setattr(actions, "_rendre", lambda *_: ())


@pytest.fixture
def au_vote(accord: Monde, contrat: Contrat) -> Contrat:
    """Submitted to the assemblies, with the version they vote."""
    contrat = actions.faire_avancer(contrat, "soumettre_au_vote", par=accord.chef)
    emettre_version(contrat)
    return contrat


def porteur(contrat: Contrat) -> Partie:
    return contrat.parties.get(role="porteur")


def etat_du_vote(partie: Partie) -> EtatVote:
    (lu,) = lire_votes(Partie.objects.filter(pk=partie.pk), LE)
    return lu.examen.etat


# --- avenants -------------------------------------------------------------------------------------

SEUILS = {
    "genres": {"montant": "simple", "annee": "simple", "fongibilite": "simple", "maitre_ouvrage": "simple",
               "ajout": "commission", "retrait": "commission", "remplacement": "commission"},
    "fongibilite": {"simple": "0.50"},
    "variation": {"simple": 3000, "commission": 20000},
    "demonstration": True,
}  # fmt: skip
EFFET = date(2026, 6, 1)
AUJOURD_HUI = date(2026, 7, 1)


def acte_de_fin(le: date) -> SaisieFin:
    """All the parties agree to end the contract that day, by an act of the day before."""
    veille = le - timedelta(days=1)
    acte = Envoi("acte.pdf", b"%PDF-1.7 acte")
    return SaisieFin(MotifFin.ACCORD, None, "CP_27_12", veille, veille, le, acte)


@pytest.fixture
def en_vigueur(accord: Monde, contrat: Contrat, sans_fichiers: None) -> Contrat:
    """In force, with its signed version; the third fiche is retained and left out of it."""
    accord.dispositif.parametres = {"avenants": SEUILS}
    accord.dispositif.save()
    PartEnveloppe.objects.create(
        demarche=accord.demarche,
        fonds=accord.dispositif.fonds.get(),
        critere="forfait",
        montant=Decimal(40_000),
    )
    contrat = actions.faire_avancer(contrat, "soumettre_au_vote", par=accord.chef)
    deliberer(contrat)
    actions.faire_avancer(contrat, "ouvrir_signature", par=accord.chef)
    signer_sur_papier(contrat, actions.generer(contrat, accord.chef))
    contrat = actions.faire_avancer(contrat, "constater_signature", par=accord.chef)
    Fiche.objects.filter(pk=accord.fiches[2].pk).update(etat="pre_instruite")
    return contrat


@pytest.fixture
def sans_pdf(monkeypatch: pytest.MonkeyPatch) -> None:
    """An avenant is proposed with a small PDF: rendering is tested elsewhere."""
    monkeypatch.setattr(proposition, "rendre_avenant_pdf", lambda _: petit_pdf())


def preparer(contrat: Contrat, *saisies: Saisie, effet: date | None = EFFET) -> Avenant:
    avenant = avenants.preparer_avenant(contrat, "Un avenant d’essai", effet, par=None)
    for saisie in saisies:
        avenants.ecrire_mouvement(avenant, saisie, par=None)
    return avenant


def mettre_en_signature(avenant: Avenant) -> CircuitSignature:
    """From its preparation to the opening of its signature, each party of its track voting."""
    avenant = proposition.proposer(avenant, par=None, le=AUJOURD_HUI)
    if avenant.piste != "simple":
        avenant = vigueur.soumettre(avenant, par=None)
        for partie in avenant.concernees.all():
            enregistrer_vote(partie, EXECUTOIRE, par=None, le=LE, avenant=avenant)
    return ouvrir_signature(avenant, par=None, le=AUJOURD_HUI, acte="2026-A-1")


def signer(avenant: Avenant) -> Avenant:
    """All the way to its signature by all, on paper, the day of EFFET."""
    signer_exemplaire(mettre_en_signature(avenant), EFFET)
    avenant.refresh_from_db()
    return avenant


def conclure(avenant: Avenant) -> Avenant:
    """All the way to its entry into force."""
    return vigueur.mettre_en_vigueur(signer(avenant), par=None, le=AUJOURD_HUI)


# --- signature ------------------------------------------------------------------------------------


@pytest.fixture
def a_signer(
    accord: Monde, contrat: Contrat, monkeypatch: pytest.MonkeyPatch, settings: Any, tmp_path: Path
) -> Contrat:
    """Voted by its four parties, the PDF to sign issued; the certificates are in a folder of the test."""
    settings.ARPENT_CERTIFICATS = tmp_path / "certificats"
    pdf = Fichier("contrat.pdf", "Contrat d’essai", "contrat", "contrat/v1", petit_pdf())
    monkeypatch.setattr(actions, "_rendre", lambda *_: (pdf,))
    contrat = actions.faire_avancer(contrat, "soumettre_au_vote", par=accord.chef)
    deliberer(contrat)
    contrat = actions.faire_avancer(contrat, "ouvrir_signature", par=accord.chef)
    actions.generer(contrat, accord.chef)
    return contrat
