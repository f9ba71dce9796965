"""Who says where the works stand: the owner, the territory, the authority; once the project is retained."""

from __future__ import annotations

import pytest

from arpent.plateforme.suivi.avancement.droits import est_suivie, pas_encore, peut_noter
from tests.plateforme.personnes import AUTRE_MAIRIE, fiche, personne


def test_le_porteur_et_son_territoire_notent_l_avancement() -> None:
    assert peut_noter(personne("secretaire_mairie"), fiche("contractualisee"))
    assert peut_noter(personne("chef_de_projet"), fiche("contractualisee", AUTRE_MAIRIE))
    assert not peut_noter(personne("sous_prefet"), fiche("contractualisee"))
    refus = peut_noter(personne("secretaire_mairie"), fiche("contractualisee", AUTRE_MAIRIE))
    assert not refus
    assert "Mairie 31" in refus.raison


@pytest.mark.parametrize(
    ("etat", "suivie"), [("retenue", True), ("contractualisee", True), ("proposee", False)]
)
def test_un_projet_se_suit_une_fois_retenu(etat: str, suivie: bool) -> None:
    assert est_suivie(fiche(etat)) is suivie
    assert (pas_encore(fiche(etat)) == "") is suivie
    if not suivie:
        assert "une fois le projet retenu" in pas_encore(fiche(etat))
