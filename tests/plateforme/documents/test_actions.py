"""Archiving a rendered file and sending it back."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.http import Http404

from arpent.plateforme.documents.actions import emettre, servir
from arpent.plateforme.documents.models import DocumentEmis
from tests.plateforme import fabrique


@pytest.fixture
def emis(db: None) -> DocumentEmis:
    return emettre(
        b"%PDF-essai",
        nom="essai.pdf",
        titre="Essai" * 100,
        genre="contrat",
        gabarit="contrat/v1",
        sur=fabrique.organisation(),
        demarche_id=None,
        donnees={"version": 1},
        par_id=None,
        par_nom="Arpent",
    )


def test_un_document_est_garde_avec_sa_taille_et_son_empreinte(emis: DocumentEmis) -> None:
    assert (emis.format, emis.taille, len(emis.sha256)) == ("pdf", 10, 64)
    assert len(emis.titre) == 300


def test_il_repart_tel_quel_en_piece_jointe(emis: DocumentEmis) -> None:
    reponse = servir(emis)
    assert reponse.content == b"%PDF-essai"
    assert reponse["Content-Type"] == "application/pdf"
    assert 'attachment; filename="essai' in reponse["Content-Disposition"]
    assert reponse["X-Content-Type-Options"] == "nosniff"


def test_un_fichier_disparu_n_existe_plus(emis: DocumentEmis) -> None:
    Path(emis.fichier.path).unlink()
    with pytest.raises(Http404, match="n’est plus"):
        servir(emis)
