"""What an habilitation grants, and over what. No database."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import AnonymousUser

from arpent.plateforme.acteurs.droits import (
    agents_tenus,
    agit_pour,
    noter_pour_qui,
    organisations_de,
    peut,
    peut_partout,
)
from arpent.plateforme.acteurs.models import Agent, Habilitation
from arpent.plateforme.acteurs.roles import PERSONNELS
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


def _pretee(role: str, **cles: object) -> Habilitation:
    """A habilitation lent by an absent person."""
    h = habilitation(role, **cles)
    h.au_nom_de = Agent(pk=9, nom="Absente", prenom="Yvonne")
    return h


@pytest.mark.parametrize(
    ("themes", "theme", "raison"),
    [
        ("", "voirie", ""),
        ("voirie,eau", "voirie", ""),
        ("voirie,eau", "", ""),
        ("eau", "voirie", "Ce thème n’est pas de ceux qui vous sont confiés"),
        ("eaux", "eau", "Ce thème"),
    ],
)
def test_une_habilitation_bornee_a_des_themes_ne_vaut_que_pour_eux(
    themes: str, theme: str, raison: str
) -> None:
    agent = personne(habilitation("instructeur", themes=themes))
    avis = peut(agent, "fiche.pre_instruire", autorite_id=AUTORITE, theme=theme)
    assert bool(avis) is (raison == "")
    assert raison in avis.raison


def test_une_autre_habilitation_sans_theme_vaut_pour_tous() -> None:
    agent = personne(habilitation("instructeur", themes="eau"), habilitation("chef_de_projet"))
    assert peut(agent, "fiche.pre_instruire", autorite_id=AUTORITE, theme="voirie")


def test_qui_remplace_a_les_droits_de_l_absente_et_le_journal_le_dira() -> None:
    agent = personne(_pretee("chef_de_projet"))
    assert agent.nom_au_journal == "Agent 1"
    assert peut(agent, "fiche.arbitrer", autorite_id=AUTORITE)
    assert agent.nom_au_journal == "Agent 1, en l’absence de Yvonne Absente"


def test_ce_qu_on_peut_soi_meme_se_fait_en_son_nom() -> None:
    agent = personne("chef_de_projet", _pretee("chef_de_projet"))
    assert peut(agent, "fiche.arbitrer", autorite_id=AUTORITE)
    assert agent.nom_au_journal == "Agent 1"


@pytest.mark.parametrize("droit", sorted(PERSONNELS))
@pytest.mark.parametrize("role", ["maire", "administrateur", "chef_de_projet", "elu_autorite"])
def test_qui_remplace_ne_signe_pas_et_ne_donne_pas_de_droits(role: str, droit: str) -> None:
    assert not peut(personne(_pretee(role)), droit)


def test_ce_qui_est_demande_a_l_absente_l_est_a_qui_la_remplace() -> None:
    agent = personne("maire", _pretee("instructeur"))
    assert agit_pour(agent, 1)
    assert agent.nom_au_journal == "Agent 1"
    assert agit_pour(agent, 9)
    assert "Yvonne" in agent.nom_au_journal
    assert not agit_pour(agent, 8)
    assert agents_tenus(agent) == {1, 9}


@pytest.mark.parametrize(
    ("habilitations", "nom"),
    [
        (("maire",), ""),
        ((_pretee("maire"),), "Yvonne Absente"),
        (("maire", _pretee("maire")), ""),
        ((habilitation("maire", organisation_id=99), _pretee("maire")), "Yvonne Absente"),
        ((habilitation("agent_epci", territoire_id=AUTRE_TERRITOIRE), _pretee("maire")), "Yvonne Absente"),
        (("sous_prefet", _pretee("agent_epci")), "Yvonne Absente"),
        (("agent_epci", _pretee("maire")), ""),
    ],
)
def test_ecrire_pour_la_structure_de_l_absente_se_fait_en_son_absence(
    habilitations: tuple[Habilitation | str, ...], nom: str
) -> None:
    agent = personne(*habilitations)
    noter_pour_qui(agent, TERRITOIRE, MAIRIE)
    assert agent.en_l_absence_de == nom
