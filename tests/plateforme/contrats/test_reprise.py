"""What the migration makes of the acts typed on the parties before votes were followed."""

from __future__ import annotations

import importlib

import pytest
from django.apps import apps

from arpent.metier.votes import EtatVote
from arpent.plateforme.contrats.models import Contrat, Vote
from tests.plateforme.contrats.conftest import VOTE_LE, emettre_version, etat_du_vote, porteur

MIGRATION = "arpent.plateforme.contrats.migrations.0003_votes_des_parties"


@pytest.mark.django_db
def test_un_acte_saisi_sur_une_partie_devient_son_vote(contrat: Contrat) -> None:
    version = emettre_version(contrat)
    partie = porteur(contrat)
    partie.deliberation_numero, partie.deliberation_le = "2026-12", VOTE_LE
    partie.save()
    importlib.import_module(MIGRATION).reprendre(apps, None)
    vote = Vote.objects.get()
    assert (vote.partie_id, vote.numero, vote.adoptee_le) == (partie.pk, "2026-12", VOTE_LE)
    assert (vote.version_votee, vote.type_assemblee) == (version, "conseil_communautaire")
    assert etat_du_vote(partie) is EtatVote.ADOPTEE
