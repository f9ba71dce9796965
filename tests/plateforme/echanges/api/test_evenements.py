"""Events: read in the journal, signed, sent, tried again, told to whom may read them and to nobody else."""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Iterator
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread
from typing import Any

import pytest
from django.utils import timezone

from arpent.metier.cycles import CYCLES
from arpent.plateforme.acteurs.models import Agent
from arpent.plateforme.demarches.models import Demarche
from arpent.plateforme.echanges.api.models import Abonnement, Livraison
from arpent.plateforme.echanges.api.webhooks import abonnements, envoi
from arpent.plateforme.echanges.api.webhooks.evenements import EVENEMENTS
from arpent.plateforme.journal.actions import consigner
from arpent.plateforme.notifications.models import Notification
from arpent.plateforme.plans.avancement import faire_avancer_fiche
from tests.plateforme import fabrique

pytestmark = pytest.mark.django_db


class Serveur:
    """A server that keeps what it receives and answers `statut`."""

    def __init__(self) -> None:
        self.recus: list[tuple[dict[str, str], bytes]] = []
        self.statut = 200
        ici = self

        class Recevoir(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                corps = self.rfile.read(int(self.headers["Content-Length"]))
                ici.recus.append((dict(self.headers), corps))
                self.send_response(ici.statut)
                if ici.statut == 302:
                    self.send_header("Location", ici.adresse + "ailleurs")
                self.end_headers()

            def log_message(self, format: str, *args: Any) -> None:
                """Silent."""

        self._http = HTTPServer(("127.0.0.1", 0), Recevoir)
        self.adresse = f"http://127.0.0.1:{self._http.server_port}/"
        self._fil = Thread(target=self._http.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
        self._fil.start()

    def fermer(self) -> None:
        self._http.shutdown()
        self._http.server_close()
        self._fil.join()


@pytest.fixture
def serveur(settings: Any) -> Iterator[Serveur]:
    settings.ARPENT_SORTIES_PERMISES = ["127.0.0.0/8"]
    ouvert = Serveur()
    yield ouvert
    ouvert.fermer()


@pytest.fixture
def demarche() -> Demarche:
    return fabrique.demarche()


@pytest.fixture
def agent(demarche: Demarche) -> Agent:
    return fabrique.agent("chef_de_projet", demarche)


def _abonner(agent: Agent, serveur: Serveur, *codes: str, **reste: Any) -> tuple[Abonnement, str]:
    return abonnements.abonner(agent, "SIG", serveur.adresse, evenements=codes or tuple(EVENEMENTS), **reste)


def _passer() -> tuple[int, int]:
    maintenant = timezone.now()
    return envoi.preparer(maintenant), envoi.livrer(maintenant)


def test_chaque_evenement_est_un_geste_d_un_cycle() -> None:
    """A gesture renamed would silence its event."""
    gestes = {t.geste for c in CYCLES for t in c.transitions} | {"arreter_maquette"}
    assert {g for e in EVENEMENTS.values() for g in e.gestes} <= gestes


def test_une_fiche_proposee_est_annoncee_et_signee(
    agent: Agent, demarche: Demarche, serveur: Serveur
) -> None:
    _, secret = _abonner(agent, serveur)
    fiche = fabrique.fiche(demarche, etat="brouillon", description="x", commune=None)
    consigner("proposer", sur=fiche, par=agent, demarche_id=demarche.pk)
    assert _passer() == (1, 1)
    entetes, corps = serveur.recus[0]
    lu = json.loads(corps)
    assert (lu["evenement"], lu["objet"]["id"]) == ("fiche.proposee", fiche.pk)
    assert lu["objet"]["lien"].endswith(f"/api/v1/fiches/{fiche.pk}")
    assert fiche.titre not in corps.decode(), "ni titre, ni nom, ni montant"
    instant, signature = (x.partition("=")[2] for x in entetes["Arpent-Signature"].split(","))
    attendue = hmac.digest(secret.encode(), f"{instant}.".encode() + corps, hashlib.sha256).hex()
    assert signature == attendue
    assert _passer() == (0, 0), "une seule fois"


def test_le_vrai_geste_annonce(agent: Agent, demarche: Demarche, serveur: Serveur) -> None:
    """Through the action of the page, not by hand."""
    _abonner(agent, serveur, "fiche.retenue")
    faire_avancer_fiche(fabrique.fiche(demarche, etat="pre_instruite"), "retenir", par=agent)
    assert _passer() == (1, 1)


def test_ce_qu_on_ne_lit_pas_n_est_pas_annonce(agent: Agent, demarche: Demarche, serveur: Serveur) -> None:
    """Another territory, another authority, a draft of somebody else, a kind one did not ask for."""
    _abonner(agent, serveur, "fiche.proposee")
    _abonner(fabrique.agent("sous_prefet", demarche), serveur, "fiche.proposee")
    ailleurs = fabrique.fiche()
    consigner("proposer", sur=ailleurs, par=None, demarche_id=ailleurs.demarche_id)
    consigner("proposer", sur=fabrique.fiche(demarche, etat="brouillon"), par=None, demarche_id=demarche.pk)
    consigner("refuser", sur=fabrique.fiche(demarche), par=None, demarche_id=demarche.pk)
    envoi.preparer(timezone.now())
    assert list(Livraison.objects.values_list("abonnement__agent", flat=True)) == [agent.pk]


def test_un_abonnement_limite_a_un_territoire_ne_dit_rien_des_autres(serveur: Serveur) -> None:
    admin, ici, la = fabrique.agent("administrateur"), fabrique.demarche(), fabrique.demarche()
    _abonner(admin, serveur, "fiche.proposee", demarche=ici)
    for demarche in (ici, la):
        consigner("proposer", sur=fabrique.fiche(demarche), par=None, demarche_id=demarche.pk)
    assert envoi.preparer(timezone.now()) == 1


def test_un_echec_repart_plus_tard_puis_abandonne(agent: Agent, demarche: Demarche, serveur: Serveur) -> None:
    _abonner(agent, serveur)
    consigner("proposer", sur=fabrique.fiche(demarche), par=None, demarche_id=demarche.pk)
    serveur.statut, maintenant = 500, timezone.now()
    envoi.preparer(maintenant)
    for minutes in envoi.ATTENTES:
        assert envoi.livrer(maintenant) == 0
        livraison = Livraison.objects.get()
        assert (livraison.etat, livraison.statut) == (Livraison.Etat.EN_FILE, 500)
        assert livraison.prochain_essai_le == maintenant + timedelta(minutes=minutes)
        assert envoi.livrer(maintenant + timedelta(minutes=minutes, seconds=-1)) == 0, "pas avant son tour"
        maintenant = livraison.prochain_essai_le
    envoi.livrer(maintenant)
    livraison = Livraison.objects.get()
    assert livraison.etat == Livraison.Etat.ECHEC
    assert len(serveur.recus) == len(envoi.ATTENTES) + 1
    serveur.statut = 204
    abonnements.renvoyer(livraison)
    assert envoi.livrer(timezone.now()) == 1
    assert Livraison.objects.get().etat == Livraison.Etat.LIVREE


def test_apres_trop_d_echecs_l_adresse_est_laissee_et_son_titulaire_prevenu(
    agent: Agent, demarche: Demarche, serveur: Serveur, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(envoi, "SUSPENDRE_APRES", 2)
    abonnement, _ = _abonner(agent, serveur)
    serveur.statut = 404
    for _ in range(3):
        consigner("proposer", sur=fabrique.fiche(demarche), par=None, demarche_id=demarche.pk)
    _passer()
    abonnement.refresh_from_db()
    assert abonnement.etat == Abonnement.Etat.SUSPENDU
    assert len(serveur.recus) == 2, "le troisième ne part pas"
    assert "suspendu" in Notification.objects.get(destinataire_id=agent.pk).sujet
    consigner("proposer", sur=fabrique.fiche(demarche), par=None, demarche_id=demarche.pk)
    serveur.statut = 200
    abonnements.reprendre(abonnement, par=agent)
    consigner("retenir", sur=fabrique.fiche(demarche), par=None, demarche_id=demarche.pk)
    assert envoi.preparer(timezone.now()) == 1, "à partir de maintenant seulement"


def test_une_redirection_n_est_pas_suivie(agent: Agent, demarche: Demarche, serveur: Serveur) -> None:
    _abonner(agent, serveur)
    consigner("proposer", sur=fabrique.fiche(demarche), par=None, demarche_id=demarche.pk)
    serveur.statut = 302
    assert _passer() == (1, 0)
    assert len(serveur.recus) == 1


def test_une_adresse_devenue_interne_n_est_plus_appelee(
    agent: Agent, demarche: Demarche, serveur: Serveur, settings: Any
) -> None:
    """The address is judged at each sending, not only the day one subscribes."""
    _abonner(agent, serveur)
    consigner("proposer", sur=fabrique.fiche(demarche), par=None, demarche_id=demarche.pk)
    settings.ARPENT_SORTIES_PERMISES = []
    assert _passer() == (1, 0)
    assert not serveur.recus
    assert "adresse interne" in Livraison.objects.get().erreur


def test_qui_n_a_plus_de_compte_n_est_plus_prevenu(
    agent: Agent, demarche: Demarche, serveur: Serveur
) -> None:
    _abonner(agent, serveur)
    consigner("proposer", sur=fabrique.fiche(demarche), par=None, demarche_id=demarche.pk)
    agent.is_active = False
    agent.save()
    assert _passer() == (0, 0)


def test_arreter_abandonne_ce_qui_attend(agent: Agent, demarche: Demarche, serveur: Serveur) -> None:
    abonnement, _ = _abonner(agent, serveur)
    consigner("proposer", sur=fabrique.fiche(demarche), par=None, demarche_id=demarche.pk)
    envoi.preparer(timezone.now())
    abonnements.arreter(abonnement, par=agent)
    assert envoi.livrer(timezone.now()) == 0
    with pytest.raises(abonnements.AbonnementRefuse, match="reprenez"):
        abonnements.renvoyer(Livraison.objects.get())


# --- pages ------------------------------------------------------------------------------------------


@pytest.fixture
def page(connecte: Any, agent: Agent, monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.setattr("arpent.plateforme.acteurs.comptes.confirmation.identite_confirmee", lambda _: True)
    return connecte(agent)


def _saisie(adresse: str) -> dict[str, Any]:
    return {"nom": "SIG", "adresse": adresse, "evenements": ["fiche.proposee"], "demarche": ""}


def test_le_secret_ne_se_montre_qu_une_fois(page: Any, serveur: Serveur) -> None:
    reponse = page.post("/compte/evenements/nouveau/", _saisie(serveur.adresse))
    assert reponse.status_code == 200
    secret = reponse.context["secret"]
    pk = Abonnement.objects.get().pk
    assert secret not in page.get(f"/compte/evenements/{pk}/").content.decode()
    assert secret not in str(Abonnement.objects.values_list())


@pytest.mark.parametrize("adresse", ["http://127.0.0.1/", "https://localhost:8000/x", "ftp://exemple.fr/"])
def test_une_adresse_interne_est_refusee_a_la_saisie(page: Any, adresse: str) -> None:
    reponse = page.post("/compte/evenements/nouveau/", _saisie(adresse))
    assert reponse.status_code == 422
    assert reponse.context["form"].errors["adresse"]


def test_les_livraisons_se_voient_et_repartent(page: Any, agent: Agent, serveur: Serveur) -> None:
    abonnement, _ = _abonner(agent, serveur)
    chemin = f"/compte/evenements/{abonnement.pk}/"
    assert page.post(f"{chemin}essayer/").status_code == 302
    serveur.statut = 503
    envoi.livrer(timezone.now())
    texte = page.get(chemin).content.decode()
    assert "Le serveur a répondu 503." in texte
    Livraison.objects.update(etat=Livraison.Etat.ECHEC)
    livraison = Livraison.objects.get()
    assert page.post(f"/compte/evenements/livraisons/{livraison.pk}/renvoyer/").status_code == 302
    serveur.statut = 200
    assert envoi.livrer(timezone.now()) == 1
    assert page.post(f"{chemin}arreter/").status_code == 302
    assert "arrêté" in page.get(chemin).content.decode()
    assert page.post(f"{chemin}reprendre/").status_code == 302
    abonnement.refresh_from_db()
    assert abonnement.etat == Abonnement.Etat.ACTIF


def test_l_abonnement_d_un_autre_n_existe_pas(
    connecte: Any, agent: Agent, demarche: Demarche, serveur: Serveur
) -> None:
    abonnement, _ = _abonner(agent, serveur)
    livraison = envoi.mettre_un_essai(abonnement, timezone.now())
    autre = connecte(fabrique.agent("chef_de_projet", demarche))
    assert autre.get(f"/compte/evenements/{abonnement.pk}/").status_code == 404
    for geste in ("essayer", "arreter", "reprendre"):
        assert autre.post(f"/compte/evenements/{abonnement.pk}/{geste}/").status_code == 404
    assert autre.post(f"/compte/evenements/livraisons/{livraison.pk}/renvoyer/").status_code == 404
    admin = connecte(fabrique.agent("administrateur"))
    assert admin.get(f"/compte/evenements/{abonnement.pk}/").status_code == 200
    assert "SIG" in admin.get("/compte/evenements/").content.decode()
