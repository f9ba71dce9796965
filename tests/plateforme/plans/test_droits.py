"""Who writes, moves and ranks a fiche. No database."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from arpent.metier.cycles import CYCLE_FICHE
from arpent.plateforme.acteurs.models import Agent, Habilitation
from arpent.plateforme.plans import droits
from arpent.plateforme.plans.models import AvisService, Fiche
from arpent.plateforme.reglements.models import Theme
from tests.plateforme.personnes import (
    AUTRE_AUTORITE,
    AUTRE_MAIRIE,
    AUTRE_TERRITOIRE,
    MAIRIE,
    demarche,
    fiche,
    habilitation,
    personne,
)


@pytest.mark.parametrize(
    ("role", "etat", "mairie", "raison"),
    [
        ("maire", "brouillon", MAIRIE, ""),
        ("maire", "a_completer", MAIRIE, ""),
        ("maire", "proposee", MAIRIE, ""),
        ("maire", "proposee", AUTRE_MAIRIE, "Cette fiche est celle de Mairie 31."),
        ("maire", "retenue", MAIRIE, "demandez au chef de projet territorial de vous la renvoyer"),
        ("president_epci", "proposee", AUTRE_MAIRIE, ""),
        ("president_epci", "pre_instruite", AUTRE_MAIRIE, "de vous la renvoyer à compléter"),
        ("chef_de_projet", "retenue", MAIRIE, ""),
        ("administrateur", "retenue", MAIRIE, ""),
        ("chef_de_projet", "contractualisee", MAIRIE, "demandez un avenant"),
        ("sous_prefet", "proposee", MAIRIE, "Votre rôle ne permet pas ce geste"),
    ],
)
def test_une_fiche_s_ecrit_par_son_maitre_d_ouvrage_puis_par_l_autorite(
    role: str, etat: str, mairie: int, raison: str
) -> None:
    avis = droits.peut_rediger(personne(role), fiche(etat, mairie))
    assert bool(avis) is not bool(raison)
    assert raison in avis.raison


def test_on_ouvre_une_fiche_pour_sa_structure_ou_pour_toutes() -> None:
    assert droits.peut_proposer_pour(personne("maire"), demarche()) == {MAIRIE}
    assert droits.peut_proposer_pour(personne("agent_epci"), demarche()) is None


@pytest.mark.parametrize(
    ("role", "etat", "mairie", "attendus"),
    [
        ("maire", "brouillon", MAIRIE, ["proposer"]),
        ("maire", "brouillon", AUTRE_MAIRIE, []),
        ("instructeur", "proposee", MAIRIE, ["demander_complement", "pre_instruire"]),
        ("chef_de_projet", "retenue", MAIRIE, ["differer", "refuser", "reprendre"]),
        ("elu_autorite", "proposee", MAIRIE, []),
    ],
)
def test_on_ne_voit_que_les_gestes_que_l_on_peut_faire(
    role: str, etat: str, mairie: int, attendus: list[str]
) -> None:
    gestes = droits.gestes_ouverts(personne(role), fiche(etat, mairie))
    assert [g.geste for g in gestes] == attendus


def test_inscrire_au_contrat_se_fait_dans_le_contrat() -> None:
    geste = next(t for t in CYCLE_FICHE.transitions if t.geste == "contractualiser")
    chef, retenue = personne("chef_de_projet"), fiche("retenue")
    assert droits.peut_geste(chef, retenue, geste)
    assert geste not in droits.gestes_ouverts(chef, retenue)


@pytest.mark.parametrize(
    ("role", "attendues"),
    [
        ("maire", ["maitre_ouvrage"]),
        ("president_epci", ["maitre_ouvrage", "territoire"]),
        ("chef_de_projet", ["maitre_ouvrage", "territoire", "autorite"]),
        ("instructeur", []),
    ],
)
def test_chacun_donne_sa_priorite(role: str, attendues: list[str]) -> None:
    assert droits.priorites_ouvertes(personne(role), fiche()) == [f"priorite_{qui}" for qui in attendues]


@pytest.mark.parametrize(
    ("role", "mairie", "permis"),
    [
        ("instructeur", AUTRE_MAIRIE, True),
        ("maire", MAIRIE, True),
        ("maire", AUTRE_MAIRIE, False),
        ("elu_autorite", MAIRIE, False),
    ],
)
def test_un_acte_se_note_par_celui_qui_delibere_ou_qui_instruit(role: str, mairie: int, permis: bool) -> None:
    assert bool(droits.peut_deliberer(personne(role), fiche("contractualisee", mairie))) is permis


def test_un_avis_se_rend_une_fois_par_la_personne_a_qui_il_est_demande() -> None:
    lui, un_autre = personne("instructeur", pk=5), personne("instructeur", pk=6)
    nomme = AvisService(fiche=fiche(), agent_id=5)
    assert droits.peut_rendre_avis(lui, nomme)
    assert "à une autre personne" in droits.peut_rendre_avis(un_autre, nomme).raison
    assert droits.peut_rendre_avis(un_autre, AvisService(fiche=fiche()))
    rendu = AvisService(fiche=fiche(), agent_id=5, rendu_le=datetime(2026, 3, 1, tzinfo=UTC),
                        rendu_par_nom="Ana Pic")  # fmt: skip
    assert "a été rendu par Ana Pic" in droits.peut_rendre_avis(lui, rendu).raison


def test_un_avis_ne_se_rend_pas_hors_de_son_perimetre() -> None:
    ailleurs = personne(habilitation("sous_prefet", autorite_id=99, territoire_id=AUTRE_TERRITOIRE))
    assert not droits.peut_rendre_avis(ailleurs, AvisService(fiche=fiche()))


def test_qui_travaille_sur_le_territoire_commente() -> None:
    assert droits.peut_commenter(personne("mission_appui"), fiche())
    assert not droits.peut_commenter(personne("sous_prefet"), fiche())


@pytest.mark.parametrize(
    ("role", "etat", "fusionnee", "raison"),
    [
        ("maire", "proposee", None, ""),
        ("sous_prefet", "proposee", None, "Votre rôle ne permet pas ce geste"),
        ("maire", "proposee", 7, "a déjà été fusionnée"),
        ("chef_de_projet", "retenue", None, "ne se fusionne ni ne se découpe plus"),
    ],
)
def test_une_fiche_se_refond_tant_qu_elle_est_entre_les_mains_de_son_maitre_d_ouvrage(
    role: str, etat: str, fusionnee: int | None, raison: str
) -> None:
    ouverte = fiche(etat)
    ouverte.fusionnee_dans_id = fusionnee
    avis = droits.peut_refondre(personne(role), ouverte)
    assert bool(avis) is not bool(raison)
    assert raison in avis.raison


def _du_theme(code: str, etat: str = "proposee") -> Fiche:
    f = fiche(etat)
    f.theme = Theme(pk=1, code=code, libelle=code)
    return f


@pytest.mark.parametrize(
    ("themes", "theme", "permis"),
    [("", "voirie", True), ("voirie", "voirie", True), ("eau", "voirie", False), ("eau", None, True)],
)
def test_un_instructeur_n_instruit_que_ses_themes(themes: str, theme: str | None, permis: bool) -> None:
    agent = personne(habilitation("instructeur", themes=themes))
    sur = _du_theme(theme) if theme else fiche()
    instruire = next(t for t in CYCLE_FICHE.transitions if t.geste == "pre_instruire")
    assert bool(droits.peut_geste(agent, sur, instruire)) is permis
    avis = AvisService(fiche=sur)
    assert bool(droits.peut_rendre_avis(agent, avis)) is permis


def test_qui_ne_peut_pas_instruire_ne_le_peut_sur_aucun_theme() -> None:
    assert not droits.peut_sur_le_theme(personne("maire"), droits.PRE_INSTRUIRE, _du_theme("eau"))


def test_ce_qui_est_a_instruire_est_borne_par_le_perimetre_et_les_themes() -> None:
    tout = droits.du_ressort(personne("administrateur"), droits.PRE_INSTRUIRE)
    assert not tout
    borne = str(droits.du_ressort(personne(habilitation("instructeur", themes="eau")), droits.PRE_INSTRUIRE))
    assert "theme__code__in" in borne
    assert "autorite" in borne
    assert "theme" not in str(droits.du_ressort(personne("instructeur"), droits.PRE_INSTRUIRE))
    assert "territoire" in str(droits.du_ressort(personne("maire"), "fiche.rediger"))
    assert "autorite" not in str(droits.du_ressort(personne("maire"), droits.PRE_INSTRUIRE))


def test_l_avis_demande_a_une_absente_se_rend_par_qui_la_remplace() -> None:
    pretee = habilitation("instructeur")
    pretee.au_nom_de = Agent(pk=9, nom="Absente")
    agent = personne(pretee)
    assert droits.peut_rendre_avis(agent, AvisService(fiche=fiche(), agent_id=9))
    assert agent.en_l_absence_de == "Absente"


def _nomme(fonction: str) -> Fiche:
    """A fiche whose owner has named somebody (the test says whom)."""
    sur = fiche("brouillon")
    sur.maitre_ouvrage.fonctions_nommees = fonction
    return sur


@pytest.mark.parametrize(("valideur", "permis"), [(1, True), (9, True), (5, False)])
def test_si_la_structure_a_un_valideur_il_propose_et_lui_seul(valideur: int, permis: bool) -> None:
    pretee = habilitation("maire")
    pretee.au_nom_de = Agent(pk=9, nom="Absente")
    agent = personne("secretaire_mairie", pretee)
    vars(agent)["_designations"] = {(MAIRIE, ("valideur",)): {valideur: "Jeanne Pons"}}
    proposer = next(t for t in CYCLE_FICHE.transitions if t.geste == "proposer")
    avis = droits.peut_geste(agent, _nomme(fonction="valideur"), proposer)
    assert bool(avis) is permis
    if not permis:
        assert "Jeanne Pons" in avis.raison


def test_l_autorite_n_est_pas_tenue_par_l_organisation_d_une_mairie() -> None:
    proposer = next(t for t in CYCLE_FICHE.transitions if t.geste == "proposer")
    assert droits.peut_geste(personne("chef_de_projet"), _nomme(fonction="valideur"), proposer)


@pytest.mark.parametrize(("redacteur", "permis"), [(1, True), (5, False)])
def test_si_la_structure_a_un_redacteur_il_ecrit(redacteur: int, permis: bool) -> None:
    agent = personne("secretaire_mairie")
    vars(agent)["_designations"] = {(MAIRIE, ("redacteur", "valideur")): {redacteur: "Jeanne Pons"}}
    assert bool(droits.peut_rediger(agent, _nomme(fonction="redacteur"))) is permis


@pytest.mark.parametrize(("theme", "permis"), [("voirie", True), ("eau", False)])
def test_un_invite_redacteur_n_ecrit_que_ses_themes(theme: str, permis: bool) -> None:
    agent = personne(habilitation("invite_redacteur", themes="voirie"))
    assert bool(droits.peut_rediger(agent, _du_theme(theme, "brouillon"))) is permis


def test_un_theme_ouvert_pour_une_mairie_ne_l_est_pas_pour_l_autre() -> None:
    deux = personne(
        habilitation("maire", themes="voirie"),
        habilitation("maire", organisation_id=AUTRE_MAIRIE, themes="eau"),
    )
    assert droits.peut_sur_le_theme(deux, "fiche.rediger", _du_theme("eau"))
    avis = droits.peut_rediger(deux, _du_theme("eau"))
    assert not avis
    assert "limité à d’autres thèmes que" in avis.raison


@pytest.mark.parametrize(
    ("qui", "etat", "vue"),
    [
        (habilitation("sous_prefet"), "proposee", True),
        (habilitation("administrateur"), "brouillon", True),
        (habilitation("chef_de_projet"), "brouillon", True),
        (habilitation("chef_de_projet", autorite_id=AUTRE_AUTORITE), "brouillon", False),
        (habilitation("instructeur"), "brouillon", False),
        (habilitation("president_epci"), "brouillon", True),
        (habilitation("president_epci", territoire_id=AUTRE_TERRITOIRE), "brouillon", False),
        (habilitation("maire"), "brouillon", True),
        (habilitation("maire", organisation_id=AUTRE_MAIRIE), "brouillon", False),
        (habilitation("maire", territoire_id=AUTRE_TERRITOIRE), "brouillon", False),
    ],
)
def test_un_brouillon_se_voit_chez_qui_peut_l_ecrire(qui: Habilitation, etat: str, vue: bool) -> None:
    assert droits.voit(personne(qui), fiche(etat)) is vue
