"""The console itself: help, accounts, démarches, journal, and every refusal in one clear French line."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest
from django.db import connection
from django.test import RequestFactory, override_settings

from arpent.plateforme.acteurs.models import Agent
from arpent.plateforme.demarches.models import Demarche, Place
from arpent.plateforme.journal.models import Entree
from arpent.plateforme.socle.securite import adresse_de
from tests.plateforme import fabrique

from .conftest import Console

ANGLAIS = ("usage:", "optional arguments", "positional", "options:", "show this help", "required", "invalid")
AIDES = (
    (),
    ("init",),
    ("demo",),
    ("agent", "creer"),
    ("dispositif", "charger"),
    ("demarche", "ouvrir"),
    ("processus", "charger"),
    ("pilotage",),
    ("plan", "importer"),
    ("contrat", "generer"),
    ("journal", "verifier"),
)


@pytest.mark.parametrize("commande", AIDES, ids=" ".join)
def test_l_aide_est_en_francais(arpent: Console, commande: tuple[str, ...]) -> None:
    aide = arpent(*commande, "--help")
    assert aide.code == 0
    assert aide.sortie.startswith(f"Utilisation : {' '.join(('arpent', *commande))}")
    assert "affiche cette aide" in aide.sortie
    assert not [mot for mot in ANGLAIS if mot in aide.sortie]
    assert max(len(ligne) for ligne in aide.sortie.splitlines()) <= 100


@pytest.mark.parametrize(
    ("arguments", "mots"),
    [
        ((), ("il manque COMMANDE",)),
        (("plans",), ("'plans' n’existe pas", "choix :")),
        (("maquette",), ("il manque --territoire", "arpent maquette --help")),
        (("contrat", "generer", "--territoire", "x"), ("il manque --sortie",)),
        (("serve", "--port", "abc"), ("--port attend un nombre entier, pas 'abc'",)),
        (("serve", "--port"), ("--port attend une valeur",)),
        (("init", "--vite"), ("argument inconnu : --vite",)),
        (("demarche", "ouvrir", "x", "--le", "demain"), ("« demain » n’est pas une date", "AAAA-MM-JJ",)),
    ],
)  # fmt: skip
def test_une_ligne_de_commande_mal_ecrite_est_expliquee(
    arpent: Console, arguments: tuple[str, ...], mots: tuple[str, ...]
) -> None:
    arpent(*arguments).exiger_un_refus(*mots)


@pytest.mark.parametrize(
    "commande",
    [
        ("diagnostic", "atlantide"),
        ("maquette", "--territoire", "atlantide"),
        ("plan", "preinstruire", "--territoire", "123456789"),
        ("plan", "importer", "plan.csv", "--territoire", "atlantide"),
        ("contrat", "generer", "--territoire", "atlantide", "--sortie", "ici"),
    ],
    ids=" ".join,
)
def test_un_territoire_inconnu_est_refuse(arpent: Console, commande: tuple[str, ...]) -> None:
    arpent(*commande).exiger_un_refus("inconnu", "arpent territoires lister")
    assert not Path("ici").exists()


def test_un_territoire_sans_demarche_dit_comment_l_ouvrir(arpent: Console) -> None:
    territoire = fabrique.territoire()
    arpent("maquette", "--territoire", territoire.slug).exiger_un_refus(
        "aucune démarche", "arpent demarche ouvrir"
    )


def test_les_territoires_sont_listes_avec_leur_perimetre(arpent: Console) -> None:
    communes = fabrique.commune(population=300), fabrique.commune(population=1200)
    groupement = fabrique.groupement(*communes)
    demarche = fabrique.demarche(fabrique.territoire(groupement, nom="Gévaudan"), slug="gevaudan")
    libre = fabrique.territoire(nom="Territoire sans démarche")
    premier, second = arpent("territoires", "lister", "--json").json
    assert premier == {
        "slug": "gevaudan",
        "nom": "Gévaudan",
        "dispositif": demarche.processus.dispositif.slug,
        "generation": "2026-2028",
        "etat": "preparation",
        "departement": "48",
        "communes": 2,
        "population": 1500,
        "sirens": [groupement.siren],
    }
    assert (second["slug"], second["dispositif"], second["communes"]) == (libre.slug, "", 2)
    texte = arpent("territoires", "lister").sortie
    assert "Gévaudan" in texte
    assert "pas encore de démarche" in texte


def test_une_demarche_s_ouvre_une_fois_par_generation(arpent: Console) -> None:
    dispositif, territoire = fabrique.dispositif(), fabrique.territoire()
    ouvrir = ("demarche", "ouvrir", territoire.slug, "--dispositif", dispositif.slug, "--generation")
    assert arpent(*ouvrir, "2027-2029", "--le", "2027-01-04").code == 0
    demarche = Demarche.objects.get()
    assert (demarche.slug, str(demarche.ouverte_le)) == (territoire.slug, "2027-01-04")
    assert demarche.places.get(code=Place.Code.TERRITOIRE).resume == "2 communes, 1\u202f000 hab."
    arpent(*ouvrir, "2027-2029").exiger_un_refus("a déjà une démarche 2027-2029")
    assert arpent(*ouvrir, "2030-2032").code == 0
    assert Demarche.objects.filter(slug=f"{territoire.slug}-2").exists()
    inconnus = ("demarche", "ouvrir", territoire.slug, "--dispositif", "aucun", "--generation", "2033-2035")
    arpent(*inconnus).exiger_un_refus("dispositif « aucun » inconnu", dispositif.slug)
    arpent("demarche", "ouvrir", "ailleurs", *ouvrir[3:], "2027-2029").exiger_un_refus(territoire.slug)
    assert Demarche.objects.count() == 2


def test_un_compte_se_cree_avec_son_habilitation(arpent: Console, monkeypatch: pytest.MonkeyPatch) -> None:
    demarche = fabrique.demarche()
    demarche.autorite.siren = "224800011"
    demarche.autorite.save()
    _repondre(monkeypatch, "une phrase de passe")
    fait = arpent(
        "agent", "creer", "claire@exemple.fr", "--nom", "Vidal", "--prenom", "Claire",
        "--role", "chef_de_projet", "--autorite", "224800011",
    )  # fmt: skip
    assert fait.code == 0, fait.erreur
    agent = Agent.objects.get(courriel="claire@exemple.fr")
    assert agent.check_password("une phrase de passe")
    assert agent.habilitations.get().autorite == demarche.autorite


@pytest.mark.parametrize(
    ("mot_de_passe", "options", "mots"),
    [
        ("court", (), ("trop court", "12")),
        ("", (), ("trop court",)),
        ("une phrase de passe", ("--role", "roi"), ("rôle « roi » inconnu", "secretaire_mairie")),
        ("une phrase de passe", ("--role", "chef_de_projet"), ("--autorite SIREN",)),
        ("une phrase de passe", ("--role", "agent_epci"), ("--territoire CODE",)),
        ("une phrase de passe", ("--role", "agent_epci", "--territoire", "x"), ("« x » inconnu",)),
        ("une phrase de passe", ("--role", "chef_de_projet", "--autorite", "1"), ("SIREN 1 inconnue",)),
    ],
)
def test_un_compte_mal_defini_est_refuse(
    arpent: Console,
    monkeypatch: pytest.MonkeyPatch,
    mot_de_passe: str,
    options: tuple[str, ...],
    mots: tuple[str, ...],
) -> None:
    _repondre(monkeypatch, mot_de_passe)
    arpent("agent", "creer", "a@exemple.fr", "--nom", "Roux", *options).exiger_un_refus(*mots)
    assert not Agent.objects.exists()


def test_un_dispositif_introuvable_est_refuse(arpent: Console, tmp_path: Path) -> None:
    arpent("dispositif", "charger", tmp_path / "rien").exiger_un_refus("dispositif.yaml", "manque")


def test_le_journal_intact_sort_en_zero(arpent: Console) -> None:
    fabrique.demarche()
    assert arpent("journal", "verifier").sortie == "Journal intact : 1 entrée vérifiée.\n"
    assert arpent("journal", "verifier", "--json").json == {
        "intact": True,
        "entrees": 1,
        "rupture": None,
        "raison": "",
        "sceaux": 0,
        "ecarts": [],
    }


def test_le_journal_altere_sort_en_un_et_nomme_l_entree(arpent: Console) -> None:
    fabrique.demarche()
    fabrique.demarche()
    with connection.cursor() as curseur:
        if connection.vendor == "sqlite":
            curseur.execute("DROP TRIGGER IF EXISTS journal_pas_de_update")
        else:
            curseur.execute("ALTER TABLE journal_entree DISABLE TRIGGER USER")
        curseur.execute("UPDATE journal_entree SET motif = 'autre' WHERE numero = 2")
    resultat = arpent("journal", "verifier")
    assert resultat.code == 1
    assert "altéré à l’entrée 2" in resultat.sortie
    assert arpent("journal", "verifier", "--json").json["rupture"] == 2
    assert Entree.objects.count() == 2


def test_la_maquette_d_un_plan_vide_somme_a_zero(arpent: Console) -> None:
    demarche = fabrique.demarche()
    vide = arpent("maquette", "--territoire", demarche.slug, "--json")
    assert vide.code == 0
    assert Decimal(vide.json["total_propose"]) == 0
    assert "Solde" in arpent("maquette", "--territoire", demarche.slug).sortie


@override_settings(ARPENT_HTTPS=True)
def test_derriere_le_mandataire_l_adresse_comptee_est_celle_qu_il_a_vue() -> None:
    requete = RequestFactory().get(
        "/", headers={"X-Forwarded-For": "6.6.6.6, 192.0.2.7"}, REMOTE_ADDR="127.0.0.1"
    )
    assert adresse_de(requete) == "192.0.2.7"


def test_sans_mandataire_l_en_tete_n_est_pas_cru() -> None:
    requete = RequestFactory().get("/", headers={"X-Forwarded-For": "6.6.6.6"}, REMOTE_ADDR="192.0.2.7")
    assert adresse_de(requete) == "192.0.2.7"


def _repondre(monkeypatch: pytest.MonkeyPatch, texte: str) -> None:
    """What a script writes on standard input."""
    import io

    monkeypatch.setattr("sys.stdin", io.StringIO(f"{texte}\n"))
