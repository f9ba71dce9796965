"""Who writes and publishes a règlement. No database."""

from __future__ import annotations

import pytest

from arpent.plateforme.reglements.droits import est_modifiable, peut_publier, peut_rediger
from arpent.plateforme.reglements.models import BrouillonReglement
from tests.plateforme.personnes import AUTRE_AUTORITE, dispositif, habilitation, personne


@pytest.mark.parametrize("droit", [peut_rediger, peut_publier])
def test_le_reglement_s_ecrit_et_se_publie_dans_sa_propre_autorite(droit) -> None:
    assert droit(personne("chef_de_projet"), dispositif())
    assert not droit(personne(habilitation("chef_de_projet", autorite_id=AUTRE_AUTORITE)), dispositif())
    assert not droit(personne("instructeur"), dispositif())


@pytest.mark.parametrize(
    ("etat", "modifiable", "raison"),
    [
        ("redaction", True, ""),
        ("publie", False, "ouvrez-en un nouveau"),
        ("abandonne", False, "reprenez-le pour le modifier"),
    ],
)
def test_seul_un_brouillon_en_redaction_se_modifie(etat: str, modifiable: bool, raison: str) -> None:
    avis = est_modifiable(BrouillonReglement(etat=etat))
    assert bool(avis) is modifiable
    assert raison in avis.raison
