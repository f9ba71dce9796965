"""The follow-up of a dispositif as data: the common milestones, those of a dispositif, what is refused."""

from __future__ import annotations

from typing import Any

import pytest

from arpent.metier.avancement import JalonType
from arpent.metier.reglement import ReglementInvalide
from arpent.plateforme.reglements.suivi import lire_modele_suivi


def test_le_suivi_commun_a_des_jalons_pour_chaque_nature() -> None:
    jalons = lire_modele_suivi({}).jalons
    assert jalons["investissement"][0] == JalonType("Études et autorisations", 15)
    assert len(jalons["fonctionnement"]) == 3


def test_un_dispositif_remplace_une_nature_et_garde_l_autre() -> None:
    jalons = lire_modele_suivi({"jalons": {"fonctionnement": [{"libelle": "Fait", "poids": 1}]}}).jalons
    assert jalons["fonctionnement"] == (JalonType("Fait", 1),)
    assert len(jalons["investissement"]) == 6


@pytest.mark.parametrize(
    ("bloc", "dit"),
    [
        ({"jalons": {"investissement": [{"libelle": "A", "poids": 0}]}}, "de 1 à 100"),
        ({"jalons": {"investissement": [{"libelle": "A", "poids": 101}]}}, "de 1 à 100"),
        ({"jalons": {"investissement": []}}, "liste non vide"),
        ({"jalons": {"investissement": [{"libelle": "A", "poids": 1, "date": 2}]}}, "clé inconnue"),
        ({"jalons": {"autre": []}}, "clé inconnue"),
        ({"jalon": {}}, "clé inconnue"),
        ({"jalons": {"investissement": [{"libelle": "A", "poids": 1}] * 13}}, "plus de 12 jalons"),
        (["jalons"], "une table de clés"),
    ],
)
def test_un_bloc_mal_ecrit_est_refuse(bloc: Any, dit: str) -> None:
    with pytest.raises(ReglementInvalide, match=dit):
        lire_modele_suivi(bloc)
