"""A démarche whose maquette is agreed, with a contract model of a few articles."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from arpent.metier.votes import EtatVote
from arpent.plateforme.contrats import actions
from arpent.plateforme.contrats.assemblage import assembler, contrat_doc
from arpent.plateforme.contrats.lecture_votes import lire_votes
from arpent.plateforme.contrats.models import Contrat, Partie, VersionContrat, Vote
from arpent.plateforme.contrats.votes import enregistrer_vote
from arpent.plateforme.documents.serie import en_json
from arpent.plateforme.negociations import actions as negociations
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
    monkeypatch.setattr(actions, "_rendre", lambda _: ())


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


@pytest.fixture
def a_signer(
    accord: Monde, contrat: Contrat, monkeypatch: pytest.MonkeyPatch, settings: Any, tmp_path: Path
) -> Contrat:
    """Voted by its four parties, the PDF to sign issued; the certificates are in a folder of the test."""
    from tests.plateforme.contrats.atelier_signature import a_la_signature

    settings.ARPENT_CERTIFICATS = tmp_path / "certificats"
    return a_la_signature(accord, contrat, monkeypatch)
