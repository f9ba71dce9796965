"""Giving, extending, closing; the last administrator; a guest whose access ends; the reminder."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from types import SimpleNamespace

import pytest
from django.utils import timezone

from arpent.plateforme.acteurs.habilitations import (
    HabilitationRefusee,
    clore,
    donner,
    prolonger,
    rappeler_les_fins,
)
from arpent.plateforme.acteurs.models import Agent, Habilitation, Personne
from arpent.plateforme.acteurs.moteur import MoteurAgents
from arpent.plateforme.journal.models import Entree
from arpent.plateforme.notifications.models import Notification
from tests.plateforme import fabrique

pytestmark = pytest.mark.django_db
LE = date.today()


@pytest.fixture
def m():
    demarche = fabrique.demarche()
    return SimpleNamespace(
        demarche=demarche, chef=fabrique.agent("chef_de_projet", demarche),
        territoires={demarche.territoire_id},
        ddt=Agent.objects.creer("ddt@exemple.fr", "mot-de-passe-solide", nom="Bel", prenom="Zoé"),
    )  # fmt: skip


def inviter(m, **options):
    d = {
        "territoire": m.demarche.territoire, "debut": LE, "fin": LE + timedelta(90), "par": m.chef,
        "territoires": m.territoires,
    }  # fmt: skip
    return donner(m.ddt, "invite", **(d | options))


def test_un_invite_recoit_un_role_et_le_sait(m):
    invite = inviter(m, motif="Étude des mobilités")
    assert (invite.territoire, invite.autorite, invite.donnee_par) == (m.demarche.territoire, None, m.chef)
    assert Notification.objects.get(destinataire_id=m.ddt.pk).sujet == "Un rôle vous est donné"
    assert Entree.objects.filter(geste="donner_habilitation", par_id=m.chef.pk).exists()


@pytest.mark.parametrize(
    ("options", "raison"),
    [
        ({"fin": None}, "indiquez la date de fin"),
        ({"fin": LE + timedelta(400)}, "un an au plus"),
        ({"territoire": None}, "choisissez-le"),
        ({"territoires": ()}, "dépasse le vôtre"),
    ],
)
def test_un_acces_de_travers_est_refuse(m, options, raison):
    with pytest.raises(HabilitationRefusee, match=raison):
        inviter(m, **options)
    assert not m.ddt.habilitations.exists()


def test_le_meme_role_ne_se_donne_pas_deux_fois(m):
    inviter(m)
    with pytest.raises(HabilitationRefusee, match="a déjà ce rôle"):
        inviter(m)


def test_on_ne_se_donne_pas_un_role_a_soi_meme(m):
    with pytest.raises(HabilitationRefusee, match="soi-même"):
        donner(
            m.chef, "elu_autorite", autorite=m.demarche.autorite, debut=LE, par=m.chef,
            territoires=m.territoires,
        )  # fmt: skip


def test_un_role_inconnu_est_refuse(m):
    with pytest.raises(HabilitationRefusee, match="n’existe pas"):
        donner(m.ddt, "pape", debut=LE, par=m.chef)


def test_un_acces_fini_est_mort_le_lendemain_et_la_page_le_dit(m, connecte):
    invite = inviter(m)
    territoire = f"/territoires/{m.demarche.slug}/"
    client = connecte(m.ddt)
    assert client.get(territoire).status_code == 200
    Habilitation.objects.filter(pk=invite.pk).update(debut=LE - timedelta(9), fin=LE)
    client = connecte(Agent.objects.get(pk=m.ddt.pk))
    assert client.get(territoire).status_code == 200  # its last day
    Habilitation.objects.filter(pk=invite.pk).update(fin=LE - timedelta(1))
    assert client.get(territoire).headers["Location"].startswith("/connexion/"), (
        "l’ancienne session est morte"
    )
    client = connecte(Agent.objects.get(pk=m.ddt.pk))
    for url, statut in (("/", 200), (f"/territoires/{m.demarche.slug}/", 404), ("/organisations/", 403)):
        reponse = client.get(url)
        assert reponse.status_code == statut
        assert "Votre accès est terminé" in reponse.text
        assert m.chef.courriel in reponse.text


def test_clore_demande_un_motif_et_laisse_une_trace(m):
    invite = inviter(m)
    with pytest.raises(HabilitationRefusee, match="pourquoi"):
        clore(invite, le=LE, motif=" ", par=m.chef, territoires=m.territoires)
    clore(invite, le=LE - timedelta(1), motif="Étude rendue", par=m.chef, territoires=m.territoires)
    assert MoteurAgents().get_user(m.ddt.pk).habilitations_en_cours == []
    assert Entree.objects.get(geste="clore_habilitation").motif == "Étude rendue"
    with pytest.raises(HabilitationRefusee, match="déjà terminé"):
        clore(invite, le=LE, motif="encore", par=m.chef, territoires=m.territoires)


def test_on_ne_clot_pas_plus_tard_que_la_fin(m):
    with pytest.raises(HabilitationRefusee, match="avant cette date"):
        clore(inviter(m), le=LE + timedelta(200), motif="x", par=m.chef, territoires=m.territoires)


def test_le_dernier_administrateur_reste(m):
    premier = fabrique.agent("administrateur")
    seule = premier.habilitations.get()
    with pytest.raises(HabilitationRefusee, match="dernier administrateur"):
        clore(seule, le=LE, motif="départ", par=premier)
    with pytest.raises(HabilitationRefusee, match="dernier administrateur"):
        prolonger(seule, fin=LE + timedelta(30), par=premier)
    ferme = fabrique.agent("administrateur", is_active=False)
    assert ferme.habilitations.exists()
    with pytest.raises(HabilitationRefusee, match="dernier administrateur"):
        clore(seule, le=LE, motif="départ", par=premier)
    fabrique.agent("administrateur")
    assert clore(seule, le=LE, motif="départ", par=premier).fin == LE


def test_prolonger_borne_les_themes_et_rappelle_de_nouveau(m):
    invite = inviter(m)
    Habilitation.objects.filter(pk=invite.pk).update(rappelee_le=LE)
    suite = prolonger(
        invite, fin=LE + timedelta(120), themes=["voirie"], par=m.chef, territoires=m.territoires
    )
    assert (suite.fin, suite.codes_themes, suite.rappelee_le) == (LE + timedelta(120), {"voirie"}, None)
    with pytest.raises(HabilitationRefusee, match="un an"):
        prolonger(invite, fin=LE + timedelta(500), par=m.chef, territoires=m.territoires)


def test_on_ne_prolonge_pas_son_propre_role(m):
    with pytest.raises(HabilitationRefusee, match="son propre rôle"):
        prolonger(m.chef.habilitations.get(), fin=None, par=m.chef, territoires=m.territoires)


def test_qui_a_invite_est_prevenu_quinze_jours_avant_une_fois(m):
    invite = inviter(m, fin=LE + timedelta(16))
    maintenant = timezone.now()
    assert rappeler_les_fins(maintenant) == 0
    demain = maintenant + timedelta(days=1)
    assert rappeler_les_fins(demain) == 1
    assert rappeler_les_fins(demain) == 0
    recue = Notification.objects.get(destinataire_id=m.chef.pk)
    assert m.ddt.nom_complet in recue.texte
    assert isinstance(demain, datetime)
    assert Habilitation.objects.get(pk=invite.pk).rappelee_le is not None


def test_un_nom_tres_long_signe_encore(m):
    agent = fabrique.agent("administrateur", prenom="P" * 100, nom="N" * 100)
    assert len(agent.nom_complet) == 150
    assert len(Personne(prenom="P" * 100, nom="N" * 100).nom_complet) == 150
