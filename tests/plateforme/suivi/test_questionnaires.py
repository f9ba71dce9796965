"""A questionnaire: who is asked, the link on a phone, the answers, what they say together."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from typing import Any

import pytest
from django.core import signing
from django.test import Client

from arpent.plateforme.acteurs.comptes import conservation
from arpent.plateforme.acteurs.models import Agent, Organisation
from arpent.plateforme.diagnostics.ateliers import limites
from arpent.plateforme.journal.models import Entree
from arpent.plateforme.notifications.models import Courriel
from arpent.plateforme.suivi.models import (
    CampagneQuestionnaire,
    DestinataireQuestionnaire,
    InvitationQuestionnaire,
    ReponseQuestionnaire,
)
from arpent.plateforme.suivi.questionnaires import actions, participation
from arpent.plateforme.suivi.questionnaires.actions import CampagneRefusee, Invite
from arpent.plateforme.suivi.questionnaires.destinataires import destinataires_proposes
from arpent.plateforme.suivi.questionnaires.jetons import jeton_de
from arpent.plateforme.suivi.questionnaires.resultats import resultats_de
from tests.plateforme import fabrique
from tests.plateforme.negociations.conftest import Monde

Connecte = Callable[[Agent], Client]
RACINE = "/territoires/gevaudan/bilan/evaluation/questionnaires/"
Q = InvitationQuestionnaire.Qualite
LE = date.today()


@pytest.fixture(autouse=True)
def _sans_memoire() -> Iterator[None]:
    limites.oublier()
    yield
    limites.oublier()


def structures(n: int, nature: str = "commune") -> list[Organisation]:
    return [fabrique.organisation(nature) for _ in range(n)]


def campagne_de(monde: Monde, *qui: tuple[Organisation, Q], le: date = LE) -> CampagneQuestionnaire:
    invites = [Invite(o.pk, q, f"structure{o.pk}@exemple.fr", "Jeanne Pons") for o, q in qui]
    return actions.lancer_campagne(
        monde.demarche, invites, titre="Votre avis", cloture_le=le + timedelta(days=20), le=le, par=monde.chef
    )


@pytest.fixture
def campagne(retenus: Monde) -> CampagneQuestionnaire:
    a, b = structures(2)
    return campagne_de(retenus, (a, Q.MAITRE_OUVRAGE), (b, Q.PARTENAIRE))


def invitation_de(campagne: CampagneQuestionnaire, rang: int = 0) -> InvitationQuestionnaire:
    return list(campagne.invitations.order_by("pk"))[rang]


def adresse(invitation: InvitationQuestionnaire) -> str:
    return f"/questionnaire/{jeton_de(invitation)}/"


def repondre(invitation: InvitationQuestionnaire, **reponses: Any) -> None:
    participation.garder(invitation, {"repond_aux_besoins": "4", **reponses}, le=LE)
    participation.envoyer(invitation, le=LE)


# --- Launching -----------------------------------------------------------------------------------


def test_la_liste_est_preremplie_des_structures_du_territoire(retenus: Monde) -> None:
    partenaire = fabrique.organisation("association", "CAUE", courriel="caue@exemple.fr")
    Organisation.objects.filter(pk=partenaire.pk).update(partenaire_de=retenus.demarche.autorite)
    porteur = retenus.fiches[0].maitre_ouvrage
    agent = fabrique.agent("maire", retenus.demarche, pour=porteur)
    lus = {p.organisation.pk: p for p in destinataires_proposes(retenus.demarche, LE)}
    assert lus[porteur.pk].qualite is Q.MAITRE_OUVRAGE
    assert lus[porteur.pk].courriel == agent.courriel
    assert (lus[partenaire.pk].qualite, lus[partenaire.pk].courriel) == (Q.PARTENAIRE, "caue@exemple.fr")
    assert retenus.demarche.autorite.pk not in lus


def test_le_chef_de_projet_envoie_le_questionnaire(retenus: Monde, connecte: Connecte) -> None:
    client, porteur = connecte(retenus.chef), retenus.fiches[0].maitre_ouvrage
    envoi = {
        "titre": "Votre avis", "cloture_le": f"{LE + timedelta(days=10):%Y-%m-%d}",
        f"garder_{porteur.pk}": "on", f"courriel_{porteur.pk}": "mairie@exemple.fr",
    }  # fmt: skip
    assert "Qui interroger" in client.get(f"{RACINE}lancer/").content.decode()
    assert client.post(f"{RACINE}lancer/", envoi).status_code == 302
    courriel = Courriel.objects.get()
    assert courriel.secret
    assert courriel.destinataire == "mairie@exemple.fr"
    lien = re.search(r"/questionnaire/[^\s]+/", courriel.texte)
    assert lien
    assert Client().get(lien.group()).status_code == 200
    assert Entree.objects.filter(geste="lancer_questionnaire").count() == 1
    assert "0 sur 1" in client.get(RACINE).content.decode()


@pytest.mark.parametrize(
    ("change", "dit"),
    [
        ({"cloture_le": f"{LE:%Y-%m-%d}"}, "au moins un jour"),
        ({"cloture_le": f"{LE + timedelta(days=400):%Y-%m-%d}"}, "un an au plus"),
        ({"titre": ""}, "obligatoire"),
        ({"garder": ""}, "Cochez au moins une structure"),
        ({"courriel": "mairie"}, "est incomplète"),
        ({"courriel": ""}, "Donnez l’adresse"),
    ],
)
def test_un_envoi_mal_rempli_est_dit(
    retenus: Monde, connecte: Connecte, change: dict[str, str], dit: str
) -> None:
    pk = retenus.fiches[0].maitre_ouvrage_id
    envoi = {"titre": "T", "cloture_le": f"{LE + timedelta(days=9):%Y-%m-%d}", "garder": "on",
             "courriel": "a@exemple.fr"} | change  # fmt: skip
    envoi[f"garder_{pk}"], envoi[f"courriel_{pk}"] = envoi.pop("garder"), envoi.pop("courriel")
    reponse = connecte(retenus.chef).post(f"{RACINE}lancer/", envoi)
    assert reponse.status_code == 422
    assert dit in reponse.content.decode()
    assert not CampagneQuestionnaire.objects.exists()
    assert not Courriel.objects.exists()


def test_l_action_refuse_ce_que_le_formulaire_laisserait_passer(retenus: Monde) -> None:
    (o,) = structures(1)
    sans_titre: dict[str, Any] = {"titre": " ", "cloture_le": LE + timedelta(days=5), "le": LE, "par": None}
    with pytest.raises(CampagneRefusee, match="titre"):
        actions.lancer_campagne(retenus.demarche, [Invite(o.pk, Q.PARTENAIRE, "a@b.fr")], **sans_titre)
    bon = sans_titre | {"titre": "T"}
    with pytest.raises(CampagneRefusee, match="incomplète"):
        actions.lancer_campagne(retenus.demarche, [Invite(o.pk, Q.PARTENAIRE, "rien")], **bon)
    with pytest.raises(CampagneRefusee, match="500 structures"):
        actions.lancer_campagne(retenus.demarche, [Invite(o.pk, Q.PARTENAIRE, "a@b.fr")] * 501, **bon)


# --- On a phone ----------------------------------------------------------------------------------


def test_on_repond_page_par_page_sans_compte(campagne: CampagneQuestionnaire) -> None:
    invitation, client = invitation_de(campagne), Client()
    lien = adresse(invitation)
    accueil = client.get(lien)
    assert "Commencer" in accueil.content.decode()
    assert accueil["Referrer-Policy"] == "same-origin"
    assert not ReponseQuestionnaire.objects.exists()  # reading writes nothing
    suite = client.post(f"{lien}?page=1", {"repond_aux_besoins": "4", "geste": "suivante"})
    assert suite["Location"] == f"{lien}?page=2"
    # another phone, another day: what was kept is there
    assert "Reprendre, 1 réponse gardée" in Client().get(lien).content.decode()
    assert re.search(r'value="4"[^>]*checked', Client().get(f"{lien}?page=1").content.decode())
    client.post(f"{lien}?page=2", {"aides_recues": ["autorite", "prive"], "geste": "suivante"})
    client.post(f"{lien}?page=3", {"jours_de_demarches": "2,5", "geste": "suivante"})
    fin = client.post(f"{lien}?page=4", {"a_changer": "Moins de pièces.", "geste": "envoyer"}, follow=True)
    assert "Merci, vos réponses sont envoyées" in fin.content.decode()
    reponse = ReponseQuestionnaire.objects.get()
    assert reponse.reponses == {
        "repond_aux_besoins": "4", "aides_recues": ["autorite", "prive"], "jours_de_demarches": "2.5",
        "a_changer": "Moins de pièces.",
    }  # fmt: skip
    assert reponse.terminee_le is not None
    # corrected until the end: still one answer
    client.post(f"{lien}?page=1", {"repond_aux_besoins": "2", "geste": "suivante"})
    assert ReponseQuestionnaire.objects.get().reponses["repond_aux_besoins"] == "2"
    assert Entree.objects.filter(geste="recevoir_reponse_questionnaire").count() == 1


def test_une_reponse_se_retire(campagne: CampagneQuestionnaire) -> None:
    lien, client = adresse(invitation_de(campagne)), Client()
    client.post(f"{lien}?page=4", {"a_garder": "Tout.", "geste": "precedente"})
    retour = client.post(f"{lien}?page=4", {"a_garder": "", "geste": "precedente"})
    assert retour["Location"] == f"{lien}?page=3"
    assert ReponseQuestionnaire.objects.get().reponses == {}


def test_une_faute_ne_perd_rien_de_la_page(campagne: CampagneQuestionnaire) -> None:
    lien = adresse(invitation_de(campagne))
    envoi = {"simplicite": "3", "jours_de_demarches": "plein", "geste": "suivante", "_soumission": "clef"}
    reponse = Client().post(f"{lien}?page=3", envoi)
    assert reponse.status_code == 422
    assert "Écrivez un nombre" in reponse.content.decode()
    assert 'value="plein"' in reponse.content.decode()
    assert ReponseQuestionnaire.objects.get().reponses == {"simplicite": "3"}


def test_ce_qui_est_obligatoire_se_demande_a_l_envoi(campagne: CampagneQuestionnaire) -> None:
    lien = adresse(invitation_de(campagne))
    reponse = Client().post(f"{lien}?page=4", {"a_garder": "Tout.", "geste": "envoyer"})
    texte = reponse.content.decode()
    assert reponse.status_code == 422
    assert "Il manque une réponse" in texte
    assert "page 1 sur 4" in texte
    gardee = ReponseQuestionnaire.objects.get()
    assert gardee.terminee_le is None
    assert gardee.reponses == {"a_garder": "Tout."}


def test_un_lien_faux_revoque_ou_d_ailleurs_ne_s_ouvre_pas(
    retenus: Monde, campagne: CampagneQuestionnaire, connecte: Connecte
) -> None:
    invitation = invitation_de(campagne)
    lien = adresse(invitation)
    contrefait = f"/questionnaire/{signing.dumps([invitation.pk, invitation.nonce], salt='autre')}/"
    assert Client().get(contrefait).status_code == 404
    assert Client().get("/questionnaire/nimporte/").status_code == 404
    assert connecte(retenus.maire).post(f"{RACINE}liens/{invitation.pk}/revoquer/").status_code == 403
    assert connecte(retenus.chef).post(f"{RACINE}liens/{invitation.pk}/revoquer/").status_code == 302
    ferme = Client().get(lien)
    assert ferme.status_code == 404
    assert "Ce lien n’ouvre aucun questionnaire" in ferme.content.decode()
    with pytest.raises(CampagneRefusee, match="déjà révoqué"):
        actions.revoquer(invitation, le=LE, par=None)


def test_un_questionnaire_clos_le_dit(
    retenus: Monde, campagne: CampagneQuestionnaire, connecte: Connecte
) -> None:
    invitation = invitation_de(campagne)
    client = connecte(retenus.chef)
    assert client.post(f"{RACINE}{campagne.pk}/clore/").status_code == 302
    for page in (Client().get(adresse(invitation)), Client().post(adresse(invitation), {"geste": "envoyer"})):
        assert page.status_code == 410
        assert "est clos depuis le" in page.content.decode()
    with pytest.raises(participation.ParticipationRefusee, match="est clos"):
        participation.garder(invitation, {}, le=LE)
    assert "est clos" in client.post(f"{RACINE}{campagne.pk}/relancer/", follow=True).content.decode()


def test_le_dernier_jour_compte_encore(campagne: CampagneQuestionnaire) -> None:
    assert campagne.est_ouverte(campagne.cloture_le)
    assert not campagne.est_ouverte(campagne.cloture_le + timedelta(days=1))


def test_un_lien_ne_s_essaie_pas_a_l_infini(campagne: CampagneQuestionnaire) -> None:
    client = Client()
    for _ in range(limites.CODES_FAUX):
        assert client.get("/questionnaire/faux/").status_code == 404
    assert client.get("/questionnaire/faux/").status_code == 429
    assert client.get(adresse(invitation_de(campagne))).status_code == 429


def test_un_lien_n_inonde_pas(campagne: CampagneQuestionnaire) -> None:
    invitation = invitation_de(campagne)
    for _ in range(participation.EFFORT_MAX):
        participation.garder(invitation, {}, le=LE)
    lien = adresse(invitation)
    assert Client().post(f"{lien}?page=4", {"a_garder": "Tout."}).status_code == 429


# --- Following and reading -----------------------------------------------------------------------


def test_la_relance_va_a_ceux_qui_n_ont_pas_repondu(retenus: Monde, connecte: Connecte) -> None:
    a, b, c = structures(3)
    hier = LE - timedelta(days=3)
    campagne = campagne_de(retenus, (a, Q.MAITRE_OUVRAGE), (b, Q.MAITRE_OUVRAGE), (c, Q.SIGNATAIRE), le=hier)
    repondre(invitation_de(campagne, 0))
    actions.revoquer(invitation_de(campagne, 2), le=LE, par=None)
    client = connecte(retenus.chef)
    assert "1 courriel de relance" in client.post(
        f"{RACINE}{campagne.pk}/relancer/", follow=True
    ).content.decode()  # fmt: skip
    relance = Courriel.objects.get(cle__startswith="questionnaire_relance")
    assert relance.destinataire == f"structure{b.pk}@exemple.fr"
    encore = client.post(f"{RACINE}{campagne.pk}/relancer/", follow=True)
    assert "attendez demain" in encore.content.decode()
    repondre(invitation_de(campagne, 1))
    with pytest.raises(CampagneRefusee, match="Tout le monde a répondu"):
        actions.relancer(campagne, le=LE + timedelta(days=1), par=None)


def test_la_tournee_rappelle_une_fois_avant_la_fin(retenus: Monde) -> None:
    (a,) = structures(1)
    campagne = campagne_de(retenus, (a, Q.PARTENAIRE))
    proche = campagne.cloture_le - timedelta(days=7)
    assert actions.relancer_avant_cloture(proche - timedelta(days=1)) == 0
    assert actions.relancer_avant_cloture(proche) == 1
    assert actions.relancer_avant_cloture(proche + timedelta(days=1)) == 0
    assert Courriel.objects.filter(cle__startswith="questionnaire_relance").count() == 1


def test_les_resultats_se_comptent_et_les_petits_effectifs_se_taisent(
    retenus: Monde, connecte: Connecte
) -> None:
    maires, partenaires = structures(7), structures(4, "association")
    campagne = campagne_de(
        retenus, *((o, Q.MAITRE_OUVRAGE) for o in maires), *((o, Q.PARTENAIRE) for o in partenaires)
    )
    for rang in range(6):
        repondre(invitation_de(campagne, rang), travail_commun="oui" if rang else "non")
    for rang in range(7, 11):
        repondre(invitation_de(campagne, rang), travail_commun="non", a_garder=f"=Texte {rang}")
    lus = resultats_de(campagne)
    assert (lus.recues, lus.invites) == (10, 11)
    ligne = next(x for x in lus.lignes if x.resultat.question.code == "travail_commun")
    assert [(p.libelle, p.nombre, p.sur) for p in ligne.resultat.parts] == [("Oui", 5, 10), ("Non", 5, 10)]
    assert ligne.croisement.colonnes == ()  # four partners: neither shown nor deduced
    page = connecte(retenus.chef).get(f"{RACINE}{campagne.pk}/").content.decode()
    assert "10 réponses sur 11 structures interrogées" in page
    assert "5 sur 10" in page
    assert "=Texte 7" in page
    repondre(invitation_de(campagne, 6), travail_commun="oui")
    en_plus = structures(1, "association")[0]
    derniere = InvitationQuestionnaire.objects.create(
        campagne=campagne, organisation=en_plus, qualite=Q.PARTENAIRE, nonce="n"
    )
    repondre(derniere, travail_commun="oui")
    ligne = next(x for x in resultats_de(campagne).lignes if x.resultat.question.code == "travail_commun")
    assert [nom for nom, _ in ligne.croisement.colonnes] == ["maître d’ouvrage", "structure partenaire"]
    assert ligne.croisement.rangees[0] == (
        "Oui", [("maître d’ouvrage", 6, 7), ("structure partenaire", 1, 5)],
    )  # fmt: skip


def test_l_export_ne_porte_ni_nom_ni_formule(
    retenus: Monde, campagne: CampagneQuestionnaire, connecte: Connecte
) -> None:
    repondre(invitation_de(campagne), a_garder="=SOMME(A1)", jours_de_demarches="2.5")
    client = connecte(retenus.chef)
    texte = client.get(f"{RACINE}{campagne.pk}/resultats.csv").content.decode("utf-8-sig")
    assert "'=SOMME(A1)" in texte
    assert "moyenne : 2,50" in texte
    assert invitation_de(campagne).organisation.nom not in texte
    classeur = client.get(f"{RACINE}{campagne.pk}/resultats.xlsx").content
    with zipfile.ZipFile(io.BytesIO(classeur)) as archive:
        feuille = archive.read("xl/worksheets/sheet1.xml").decode()
        assert "SOMME(A1)" in "".join(archive.read(n).decode(errors="ignore") for n in archive.namelist())
    assert "<f>SOMME" not in feuille


def test_les_reponses_eclairent_les_questions(
    retenus: Monde, campagne: CampagneQuestionnaire, connecte: Connecte
) -> None:
    repondre(invitation_de(campagne))
    page = connecte(retenus.chef).get("/territoires/gevaudan/bilan/evaluation/questions/").content.decode()
    assert "Avis recueillis par le questionnaire «\u00a0Votre avis\u00a0»" in page
    assert "Moyenne" in page


def test_les_destinataires_s_effacent_et_les_comptes_restent(campagne: CampagneQuestionnaire) -> None:
    repondre(invitation_de(campagne))
    admin = fabrique.agent("administrateur")
    passe = LE - timedelta(days=500)
    CampagneQuestionnaire.objects.update(lancee_le=passe, cloture_le=passe + timedelta(days=10))
    conservation.fixer_regle("questionnaire", duree_mois=12, depuis=LE, source="Décision", par=admin)
    assert conservation.apercu("questionnaire", LE).nombre == 2
    assert conservation.appliquer_regle("questionnaire", attendu=2, le=LE, par=admin) == 2
    assert not DestinataireQuestionnaire.objects.exists()
    assert resultats_de(campagne).recues == 1


def test_hors_du_perimetre_rien_n_existe(
    retenus: Monde, campagne: CampagneQuestionnaire, connecte: Connecte
) -> None:
    ailleurs = connecte(fabrique.agent("maire", retenus.voisine))
    for chemin in (RACINE, f"{RACINE}{campagne.pk}/", f"{RACINE}{campagne.pk}/resultats.csv"):
        assert ailleurs.get(chemin).status_code == 404
    assert connecte(retenus.maire).get(f"{RACINE}lancer/").status_code == 403
    page = connecte(retenus.maire).get(f"{RACINE}{campagne.pk}/").content.decode()
    assert invitation_de(campagne).organisation.nom in page
    assert (
        f"structure{invitation_de(campagne).organisation_id}@" not in page
    )  # addresses are for those who send


def test_les_requetes_ne_dependent_pas_des_invites(
    retenus: Monde, connecte: Connecte, django_assert_max_num_queries: Callable[[int], Any]
) -> None:
    campagne = campagne_de(retenus, *((o, Q.MAITRE_OUVRAGE) for o in structures(12)))
    client = connecte(retenus.chef)
    client.get(f"{RACINE}{campagne.pk}/")
    with django_assert_max_num_queries(14):
        client.get(f"{RACINE}{campagne.pk}/")
