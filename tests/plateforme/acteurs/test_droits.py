"""What an habilitation grants, and over what. No database."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import AnonymousUser

from arpent.plateforme.acteurs.droits import organisations_de, peut, peut_partout
from tests.plateforme.personnes import (
    AUTORITE,
    AUTRE_AUTORITE,
    AUTRE_TERRITOIRE,
    MAIRIE,
    TERRITOIRE,
    habilitation,
    personne,
)


def test_sans_connexion_rien_n_est_permis() -> None:
    avis = peut(AnonymousUser(), "plan.voir")
    assert not avis
    assert avis.raison == "Connectez-vous pour continuer."


@pytest.mark.parametrize(
    ("role", "territoire", "autorite", "permis"),
    [
        ("administrateur", AUTRE_TERRITOIRE, AUTRE_AUTORITE, True),
        ("chef_de_projet", AUTRE_TERRITOIRE, AUTORITE, True),
        ("chef_de_projet", TERRITOIRE, AUTRE_AUTORITE, False),
        ("chef_de_projet", TERRITOIRE, None, True),
        ("president_epci", TERRITOIRE, AUTRE_AUTORITE, True),
        ("president_epci", AUTRE_TERRITOIRE, AUTORITE, False),
        ("president_epci", None, AUTORITE, True),
        ("maire", TERRITOIRE, AUTORITE, True),
        ("maire", AUTRE_TERRITOIRE, AUTORITE, False),
    ],
)
def test_un_droit_vaut_dans_son_perimetre(
    role: str, territoire: int | None, autorite: int | None, permis: bool
) -> None:
    avis = peut(personne(role), "fiche.rediger", territoire_id=territoire, autorite_id=autorite)
    assert bool(avis) is permis


@pytest.mark.parametrize(
    ("roles", "autorite", "raison"),
    [
        (["administrateur"], AUTRE_AUTORITE, ""),
        (["chef_de_projet"], AUTORITE, ""),
        (["president_epci", "chef_de_projet"], AUTORITE, ""),
        (["chef_de_projet"], AUTRE_AUTORITE, "Votre rôle ne permet pas ce geste."),
        (["president_epci"], AUTORITE, "votre rôle n’en couvre qu’une partie"),
        (["president_epci", "chef_de_projet"], AUTRE_AUTORITE, "votre rôle n’en couvre qu’une partie"),
    ],
)
def test_partout_demande_le_droit_sur_toute_l_autorite(roles: list[str], autorite: int, raison: str) -> None:
    avis = peut_partout(personne(*roles), "fiche.rediger", autorite)
    assert bool(avis) is (raison == "")
    assert raison in avis.raison


def test_sans_connexion_rien_n_est_permis_partout() -> None:
    assert peut_partout(AnonymousUser(), "plan.voir", AUTORITE).raison == "Connectez-vous pour continuer."


def test_une_habilitation_suffit_parmi_plusieurs() -> None:
    agent = personne(habilitation("maire", territoire_id=AUTRE_TERRITOIRE), "agent_epci")
    assert peut(agent, "plan.structurer", territoire_id=TERRITOIRE)
    assert not peut(agent, "plan.structurer", territoire_id=AUTRE_TERRITOIRE)


def test_un_refus_dit_a_qui_revient_le_geste() -> None:
    avis = peut(personne("maire"), "maquette.accepter", territoire_id=TERRITOIRE)
    assert not avis
    assert avis.raison.endswith("Il revient à : administrateur, président d’intercommunalité.")


@pytest.mark.parametrize(
    ("role", "territoire", "attendu"),
    [
        ("maire", TERRITOIRE, {MAIRIE}),
        ("maire", AUTRE_TERRITOIRE, set()),
        ("president_epci", TERRITOIRE, None),
        ("president_epci", AUTRE_TERRITOIRE, set()),
        ("chef_de_projet", AUTRE_TERRITOIRE, None),
        ("administrateur", AUTRE_TERRITOIRE, None),
        ("sous_prefet", TERRITOIRE, set()),
    ],
)
def test_chacun_ecrit_pour_sa_structure_ou_pour_toutes(
    role: str, territoire: int, attendu: set[int] | None
) -> None:
    assert organisations_de(personne(role), territoire) == attendu


def test_deux_mairies_se_cumulent_et_une_habilitation_sans_structure_n_en_donne_aucune() -> None:
    agent = personne("maire", habilitation("secretaire_mairie", organisation_id=31),
                     habilitation("maire", organisation_id=None))  # fmt: skip
    assert organisations_de(agent, TERRITOIRE) == {MAIRIE, 31}
