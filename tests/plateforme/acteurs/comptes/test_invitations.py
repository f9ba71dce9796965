"""Inviting by a link: offered, sent again, cancelled, accepted once."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from arpent.plateforme.acteurs.comptes import invitations
from arpent.plateforme.acteurs.comptes.invitations import InvitationRefusee, Offre, inviter
from arpent.plateforme.acteurs.models import Agent, Habilitation, Invitation, Organisation, Personne
from arpent.plateforme.demarches.models import Demarche
from arpent.plateforme.journal.models import Entree
from arpent.plateforme.notifications.models import Courriel
from tests.plateforme import fabrique

from .conftest import CONNEXION, MOT_DE_PASSE

pytestmark = pytest.mark.django_db
PHRASE = "une phrase que je suis seul à connaître"
Connecter = Callable[[Agent], Client]


@pytest.fixture
def demarche() -> Demarche:
    return fabrique.demarche()


@pytest.fixture
def chef(demarche: Demarche) -> Agent:
    return fabrique.agent("chef_de_projet", demarche)


@pytest.fixture
def mairie(demarche: Demarche) -> Organisation:
    commune = demarche.territoire.groupements.get().appartenances.first().commune
    return fabrique.organisation("commune", "Mairie d’Ispagnac", commune=commune)


def _offre(demarche: Demarche, mairie: Organisation, **champs: Any) -> Offre:
    defaut: dict[str, Any] = {
        "courriel": "secretaire@ispagnac.example", "nom": "Roux", "prenom": "Anne",
        "role": "secretaire_mairie", "debut": date.today(), "organisation": mairie,
        "territoire": demarche.territoire,
    }  # fmt: skip
    return Offre(**(defaut | champs))


def _inviter(offre: Offre, par: Agent | None) -> Invitation:
    territoires = frozenset({offre.territoire.pk} if offre.territoire else ())
    return inviter(offre, par=par, territoires=territoires, adresse=lambda j: f"https://arpent.example/{j}")


def _lien(invitation: Invitation) -> str:
    return reverse("compte:accepter", args=[invitations.jeton_de(invitation)])


def _ouvrir(invitation: Invitation, client: Client | None = None) -> Any:
    return (client or Client()).post(_lien(invitation), {"nouveau": PHRASE, "encore": PHRASE})


def test_le_lien_ouvre_un_compte_avec_l_habilitation_proposee(
    demarche: Demarche, mairie: Organisation, chef: Agent
) -> None:
    invitation = _inviter(_offre(demarche, mairie, fonction="Secrétaire générale"), chef)
    client = Client()
    assert "Mairie d’Ispagnac" in client.get(_lien(invitation)).content.decode()
    assert _ouvrir(invitation, client).status_code == 302
    agent = Agent.objects.get(courriel="secretaire@ispagnac.example")
    habilitation = agent.habilitations.get()
    assert agent.check_password(PHRASE)
    assert (agent.nom_complet, agent.fonction) == ("Anne Roux", "Secrétaire générale")
    assert (habilitation.role, habilitation.organisation) == ("secretaire_mairie", mairie)
    assert client.get(f"/territoires/{demarche.slug}/").status_code == 200
    assert Entree.objects.filter(geste="accepter_invitation", par_id=agent.pk).exists()


def test_le_lien_ne_sert_qu_une_fois(demarche: Demarche, mairie: Organisation, chef: Agent) -> None:
    invitation = _inviter(_offre(demarche, mairie), chef)
    assert _ouvrir(invitation).status_code == 302
    assert _ouvrir(invitation).status_code == 410
    assert Client().get(_lien(invitation)).status_code == 410
    assert Habilitation.objects.filter(role="secretaire_mairie").count() == 1


def test_le_lien_meurt_apres_sept_jours_quand_on_le_renvoie_ou_l_annule(
    demarche: Demarche, mairie: Organisation, chef: Agent, connecte: Connecter
) -> None:
    invitation = _inviter(_offre(demarche, mairie), chef)
    ancien, client = _lien(invitation), connecte(chef)
    client.post(reverse("compte:invitation_renvoyer", args=[invitation.pk]))
    invitation.refresh_from_db()
    assert Client().get(ancien).status_code == 410
    assert Client().get(_lien(invitation)).status_code == 200
    Invitation.objects.update(expire_le=timezone.now() - timedelta(minutes=1))
    assert Client().get(_lien(invitation)).status_code == 410
    assert "lien périmé" in client.get(reverse("compte:invitations")).content.decode()
    client.post(reverse("compte:invitation_renvoyer", args=[invitation.pk]))
    invitation.refresh_from_db()
    client.post(reverse("compte:invitation_annuler", args=[invitation.pk]))
    assert Client().get(_lien(invitation)).status_code == 410
    page = client.post(reverse("compte:invitation_annuler", args=[invitation.pk]), follow=True)
    assert page.status_code == 403 or "déjà annulée" in page.content.decode()


@pytest.mark.parametrize("jeton", ["faux", "WzEsImEiXQ:1uQ:x"])
def test_un_lien_forge_n_ouvre_rien(jeton: str) -> None:
    assert Client().get(reverse("compte:accepter", args=[jeton])).status_code == 410


def test_le_courriel_dit_qui_invite_a_quoi_et_jusqu_a_quand(
    demarche: Demarche, mairie: Organisation, chef: Agent
) -> None:
    _inviter(_offre(demarche, mairie), chef)
    courriel = Courriel.objects.get()
    assert courriel.destinataire == "secretaire@ispagnac.example"
    assert chef.nom_complet in courriel.texte
    assert "secrétaire de mairie" in courriel.texte
    assert re.search(r"https://arpent\.example/\S+", courriel.texte)
    assert chef.nom_complet in courriel.raison


def test_qui_a_deja_un_compte_recoit_l_habilitation_apres_s_etre_connecte(
    demarche: Demarche, mairie: Organisation, chef: Agent
) -> None:
    agent = fabrique.agent("maire", demarche, pour=fabrique.organisation("commune"))
    invitation = _inviter(_offre(demarche, mairie, courriel=agent.courriel.upper()), chef)
    client = Client()
    assert "Connectez-vous avec lui" in client.get(_lien(invitation)).content.decode()
    assert _ouvrir(invitation, client).status_code == 422
    client.post(CONNEXION, {"username": agent.courriel, "password": MOT_DE_PASSE})
    avant = client.session.session_key
    assert client.post(_lien(invitation)).headers["Location"] == "/compte/"
    assert client.session.session_key != avant
    assert client.get("/compte/").status_code == 200
    assert {h.role for h in agent.habilitations.all()} == {"maire", "secretaire_mairie"}
    assert agent.check_password(MOT_DE_PASSE)


def test_un_compte_desactive_n_accepte_rien(demarche: Demarche, mairie: Organisation, chef: Agent) -> None:
    agent = fabrique.agent("maire", demarche, is_active=False)
    reponse = _ouvrir(_inviter(_offre(demarche, mairie, courriel=agent.courriel), chef))
    assert "désactivé" in reponse.content.decode()
    assert agent.habilitations.count() == 1


def test_l_invitation_d_un_autre_ne_s_accepte_pas(
    demarche: Demarche, mairie: Organisation, chef: Agent, connecte: Connecter
) -> None:
    invitation = _inviter(_offre(demarche, mairie), chef)
    autre = fabrique.agent("maire", demarche)
    client = connecte(autre)
    assert "déconnectez-vous" in client.get(_lien(invitation)).content.decode()
    assert _ouvrir(invitation, client).status_code == 422
    assert autre.habilitations.count() == 1
    assert not Agent.objects.filter(courriel=invitation.courriel).exists()


def test_sans_mot_de_passe_on_est_mene_a_la_cle_d_acces(
    demarche: Demarche, mairie: Organisation, chef: Agent
) -> None:
    invitation = _inviter(_offre(demarche, mairie), chef)
    client = Client()
    assert client.post(_lien(invitation), {"par_cle": "1"}).headers["Location"] == "/compte/cles/"
    assert client.get("/compte/cles/").status_code == 200
    assert not Agent.objects.get(courriel=invitation.courriel).has_usable_password()


def test_un_mot_de_passe_faible_ou_mal_recopie_est_refuse(
    demarche: Demarche, mairie: Organisation, chef: Agent
) -> None:
    invitation = _inviter(_offre(demarche, mairie), chef)
    for nouveau, encore in (("court", "court"), (PHRASE, PHRASE + "x")):
        reponse = Client().post(_lien(invitation), {"nouveau": nouveau, "encore": encore})
        assert reponse.status_code == 422
    assert Client().get(_lien(invitation)).status_code == 200


@pytest.mark.parametrize(
    ("champs", "dit"),
    [
        ({"role": "inconnu"}, "n’existe pas"),
        ({"courriel": "pas-une-adresse"}, "adresse"),
        ({"nom": " "}, "nom"),
        ({"role": "invite"}, "date de fin"),
        ({"fin": date(2020, 1, 1)}, "date de fin"),
        ({"organisation": None}, "structure"),
        ({"role": "administrateur"}, "ne permet pas"),
    ],
)
def test_une_offre_mal_faite_est_refusee_en_francais(
    demarche: Demarche, mairie: Organisation, chef: Agent, champs: dict[str, Any], dit: str
) -> None:
    with pytest.raises(InvitationRefusee, match=dit):
        _inviter(_offre(demarche, mairie, **champs), chef)
    assert not Invitation.objects.exists()


def test_on_n_invite_pas_pour_une_structure_d_ailleurs(
    demarche: Demarche, mairie: Organisation, chef: Agent
) -> None:
    ailleurs = fabrique.organisation("commune", commune=fabrique.commune())
    with pytest.raises(InvitationRefusee, match="n’est pas une structure du territoire"):
        _inviter(_offre(demarche, mairie, organisation=ailleurs), chef)


def test_qui_ne_peut_pas_inviter_ne_renvoie_pas(
    demarche: Demarche, mairie: Organisation, chef: Agent
) -> None:
    invitation = _inviter(_offre(demarche, mairie), chef)
    with pytest.raises(InvitationRefusee, match="ne permet pas"):
        invitations.annuler_invitation(
            invitation, par=fabrique.agent("secretaire_mairie", demarche), territoires=()
        )
    assert invitations.annuler_invitation(invitation, par=None, territoires=()).etat == "annulee"
    with pytest.raises(InvitationRefusee, match="déjà annulée"):
        invitations.annuler_invitation(invitation, par=None, territoires=())


def test_on_n_offre_pas_deux_fois_le_meme_role(demarche: Demarche, mairie: Organisation, chef: Agent) -> None:
    premiere = _inviter(_offre(demarche, mairie), chef)
    seconde = _inviter(_offre(demarche, mairie), chef)
    premiere.refresh_from_db()
    assert premiere.etat == "annulee"
    _ouvrir(seconde)
    with pytest.raises(InvitationRefusee, match="a déjà ce rôle"):
        _inviter(_offre(demarche, mairie), chef)


def test_un_invite_l_est_un_an_au_plus(demarche: Demarche, mairie: Organisation, chef: Agent) -> None:
    debut = date.today()
    offre = _offre(demarche, mairie, role="invite", debut=debut, fin=debut + timedelta(days=366))
    with pytest.raises(InvitationRefusee, match="un an au plus"):
        _inviter(offre, chef)
    assert _inviter(replace(offre, fin=debut + timedelta(days=365)), chef).role == "invite"


def test_l_exploitant_invite_qui_il_veut_en_ligne_de_commande(
    demarche: Demarche, mairie: Organisation
) -> None:
    assert _inviter(_offre(demarche, mairie), None).invite_par_nom == "Arpent"


@pytest.mark.parametrize("role", ["chef_de_projet", "agent_epci", "maire"])
def test_chacun_invite_depuis_la_page_dans_son_perimetre(
    demarche: Demarche, mairie: Organisation, connecte: Connecter, role: str
) -> None:
    agent = fabrique.agent(role, demarche, pour=mairie if role == "maire" else None)
    client = connecte(agent)
    choix = {"role": "secretaire_mairie", "territoire": demarche.territoire_id}
    url = f"{reverse('compte:invitation_nouvelle')}?role={choix['role']}&territoire={choix['territoire']}"
    page = client.get(url).content.decode()
    assert "Mairie d’Ispagnac" in page
    assert ("Voirie" in page) is True
    envoi = {
        "nom": "Roux", "prenom": "Anne", "courriel": "anne@exemple.fr", "organisation": mairie.pk,
        "debut": str(date.today()), "fin": "",
    }  # fmt: skip
    assert client.post(url, envoi).status_code == 302
    assert Invitation.objects.get().invite_par == agent
    assert "anne@exemple.fr" in client.get(reverse("compte:invitations")).content.decode()


def test_une_personne_de_l_annuaire_s_invite_sans_rien_retaper_et_garde_son_compte(
    demarche: Demarche, mairie: Organisation, chef: Agent, connecte: Connecter
) -> None:
    elue = Personne.objects.create(prenom="Jeanne", nom="Pons", courriel="pons@exemple.fr")
    elue.mandats.create(organisation=mairie, fonction="maire", debut=date.today())
    client, url = connecte(chef), f"{reverse('compte:invitation_nouvelle')}?role=maire&personne={elue.pk}"
    depuis = f"{reverse('compte:invitation_nouvelle')}?personne={elue.pk}"
    assert depuis in client.get(reverse("portail:personne", args=[elue.pk])).text
    assert f'name="personne" value="{elue.pk}"' in client.get(depuis).text
    page = client.get(url).content.decode()
    for texte in ("Pons", "pons@exemple.fr", f'<option value="{mairie.pk}" selected>'):
        assert texte in page
    envoi = {
        "prenom": "Jeanne", "nom": "Pons", "courriel": "pons@exemple.fr", "organisation": mairie.pk,
        "debut": str(date.today()),
    }  # fmt: skip
    assert client.post(url, envoi).status_code == 302
    invitation = Invitation.objects.get()
    assert (invitation.territoire, invitation.personne) == (demarche.territoire, elue)
    assert _ouvrir(invitation).status_code == 302
    elue.refresh_from_db()
    assert elue.agent == Agent.objects.get(courriel="pons@exemple.fr")


def test_une_personne_qui_a_deja_un_compte_le_garde(
    demarche: Demarche, mairie: Organisation, chef: Agent
) -> None:
    elue = Personne.objects.create(nom="Pons", agent=fabrique.agent("maire", demarche))
    assert _ouvrir(_inviter(_offre(demarche, mairie, personne=elue), chef)).status_code == 302
    assert Agent.objects.filter(courriel="secretaire@ispagnac.example").exists()
    assert Personne.objects.get().agent == elue.agent


@pytest.mark.parametrize("texte", ["", "x", "0", "9" * 40, "²"])
def test_une_personne_qui_n_est_pas_dans_l_annuaire_ne_remplit_rien(
    demarche: Demarche, chef: Agent, connecte: Connecter, texte: str
) -> None:
    url = reverse("compte:invitation_nouvelle")
    choix = {"role": "maire", "territoire": demarche.territoire_id, "personne": texte}
    assert connecte(chef).get(url, choix).status_code == 200
    sans = connecte(chef).get(url, choix | {"territoire": ""})
    assert sans.status_code == 422
    assert "s’exerce sur un territoire" in sans.text


def test_une_personne_d_un_autre_perimetre_ne_se_lit_pas_par_son_numero(
    demarche: Demarche, chef: Agent, connecte: Connecter
) -> None:
    loin = Personne.objects.create(nom="Zorglub", courriel="loin@exemple.fr")
    loin.mandats.create(organisation=fabrique.organisation("commune"), fonction="maire", debut=date.today())
    choix = {"role": "maire", "territoire": demarche.territoire_id, "personne": loin.pk}
    assert "Zorglub" not in connecte(chef).get(reverse("compte:invitation_nouvelle"), choix).text


def test_une_page_mal_remplie_garde_la_saisie(
    demarche: Demarche, mairie: Organisation, chef: Agent, connecte: Connecter
) -> None:
    client, url = connecte(chef), reverse("compte:invitation_nouvelle")
    assert client.get(url).status_code == 200
    assert client.get(f"{url}?role=inconnu").status_code == 422
    reponse = client.post(f"{url}?role=invite&territoire={demarche.territoire_id}", {"nom": "Gardé"})
    assert reponse.status_code == 422
    assert "Gardé" in reponse.content.decode()


def test_un_role_de_l_autorite_se_propose_sans_territoire(
    demarche: Demarche, chef: Agent, connecte: Connecter
) -> None:
    url = f"{reverse('compte:invitation_nouvelle')}?role=instructeur&territoire="
    envoi = {
        "nom": "Roux",
        "courriel": "i@exemple.fr",
        "debut": str(date.today()),
        "autorite": demarche.autorite.pk,
    }
    assert connecte(chef).post(url, envoi).status_code == 302
    assert Invitation.objects.get().autorite == demarche.autorite


def test_l_invitation_d_un_autre_perimetre_n_existe_pas(
    demarche: Demarche, mairie: Organisation, chef: Agent, connecte: Connecter
) -> None:
    invitation = _inviter(_offre(demarche, mairie), chef)
    ailleurs = connecte(fabrique.agent("chef_de_projet", fabrique.demarche(dans=fabrique.dispositif(
        fabrique.organisation("region", "Région d’ailleurs")))))  # fmt: skip
    for route in ("compte:invitation_renvoyer", "compte:invitation_annuler"):
        assert ailleurs.post(reverse(route, args=[invitation.pk])).status_code == 404
    assert invitation.courriel not in ailleurs.get(reverse("compte:invitations")).content.decode()
    secretaire = fabrique.agent("maire", demarche, pour=mairie)
    assert connecte(secretaire).post(
        reverse("compte:invitation_annuler", args=[invitation.pk])
    ).status_code == 302  # fmt: skip


def test_la_liste_coute_le_meme_prix_pour_une_ou_trente_invitations(
    demarche: Demarche,
    mairie: Organisation,
    chef: Agent,
    connecte: Connecter,
    django_assert_max_num_queries: Any,
) -> None:
    for n in range(30):
        _inviter(_offre(demarche, mairie, courriel=f"s{n}@exemple.fr"), chef)
    client = connecte(chef)
    with django_assert_max_num_queries(8):
        assert client.get(reverse("compte:invitations")).content.decode().count("Renvoyer") == 30


def test_un_redacteur_invite_n_ecrit_que_les_fiches_de_ses_themes(
    demarche: Demarche, mairie: Organisation, chef: Agent
) -> None:
    offre = _offre(
        demarche, mairie, role="invite_redacteur", themes=("voirie",), fin=date.today() + timedelta(days=90)
    )
    _ouvrir(_inviter(offre, chef))
    agent = Agent.objects.get(courriel=offre.courriel)
    client = Client()
    client.post(CONNEXION, {"username": agent.courriel, "password": PHRASE})
    voirie, autre = demarche.processus.dispositif.themes.order_by("ordre")
    codes = [
        client.get(
            reverse("plans:fiche_modifier", args=[demarche.slug, fabrique.fiche(
                demarche, maitre_ouvrage=mairie, theme=theme, etat="brouillon").numero])
        ).status_code
        for theme in (voirie, autre)
    ]  # fmt: skip
    assert codes == [200, 403]
