"""Personal data: the register, the export, the durations, the anonymisation."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable
from datetime import date, timedelta

import pytest
from django.apps import apps
from django.db import models
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from arpent.plateforme.acteurs.comptes import anonymisation, conservation
from arpent.plateforme.acteurs.comptes.conservation import RegleRefusee
from arpent.plateforme.acteurs.comptes.export import exporter
from arpent.plateforme.acteurs.comptes.liens import IDENTIFIANTS, NOMS
from arpent.plateforme.acteurs.comptes.ouverture import desactiver_compte
from arpent.plateforme.acteurs.comptes.registre import REGISTRE
from arpent.plateforme.acteurs.habilitations import HabilitationRefusee
from arpent.plateforme.acteurs.models import Agent, Invitation, Personne, RegleConservation
from arpent.plateforme.journal.actions import consigner, verifier
from arpent.plateforme.journal.models import AuteurJournal, Entree
from arpent.plateforme.notifications.courriels import EFFACE
from arpent.plateforme.notifications.models import Notification
from arpent.plateforme.plans.models import Commentaire
from tests.plateforme import fabrique

pytestmark = pytest.mark.django_db
Connecter = Callable[[Agent], Client]


@pytest.fixture
def agent() -> Agent:
    return fabrique.agent("maire", fabrique.demarche(), nom="Dupont", prenom="Jeanne")


@pytest.fixture
def admin() -> Agent:
    return fabrique.agent("administrateur")


@pytest.fixture
def ecrits(agent: Agent) -> Commentaire:
    """A remark, a notification, a line of the journal."""
    fiche = fabrique.fiche()
    Notification.objects.create(destinataire_id=agent.pk, sujet="Une fiche est proposée", texte="=1+1")
    consigner("modifier", sur=fiche, par=agent)
    return Commentaire.objects.create(fiche=fiche, texte="Ma remarque", auteur=agent, auteur_nom=str(agent))


# The links between the database and people are all declared.


def _modeles() -> list[type[models.Model]]:
    return [m for m in apps.get_models() if m.__module__.startswith("arpent.")]


def test_chaque_copie_d_un_nom_est_declaree() -> None:
    noms = {
        f"{m._meta.label}.{f.name}"
        for m in _modeles()
        for f in m._meta.concrete_fields
        if f.name.endswith(("_nom", "auteur_cle"))
        and f.name != "piece_nom"
        and isinstance(f, models.CharField)
    }
    assert noms == {f"{n.modele}.{n.champ}" for n in NOMS}


def test_chaque_numero_de_compte_est_declare() -> None:
    ailleurs = {"demarche_id", "autorite_id", "objet_id"}
    numeros = {
        m._meta.label: f.name
        for m in _modeles()
        for f in m._meta.concrete_fields
        if isinstance(f, models.BigIntegerField) and f.name.endswith("_id") and f.name not in ailleurs
    }
    assert numeros == IDENTIFIANTS


def test_le_lien_d_une_copie_mene_a_un_compte() -> None:
    for nom in (n for n in NOMS if n.lien):
        champ = apps.get_model(nom.modele)._meta.get_field(nom.lien)
        assert champ.related_model is Agent, nom


# The register.


def test_le_registre_se_lit_sans_compte_et_dit_ce_qui_reste_a_fixer(client: Client, admin: Agent) -> None:
    url = reverse("compte:registre")
    page = client.get(url).content.decode()
    assert all(t.nom in page for t in REGISTRE)
    assert "durée à fixer avec le service d’archives" in page
    conservation.fixer_regle("comptes", duree_mois=24, depuis=date(2026, 1, 1), source="Avis 12", par=admin)
    assert "24 mois à partir de" in client.get(url).content.decode()
    tableau = client.get(reverse("compte:registre_csv"))
    assert tableau.content.decode().count("\r\n") == 1 + len(REGISTRE)


def test_le_registre_parle_de_toutes_les_donnees_qui_ont_une_duree() -> None:
    assert {code for t in REGISTRE for code in t.objets} == set(conservation.PAR_CODE)


# The export.


def test_l_export_contient_tout_ce_qui_nomme_la_personne_et_aucun_secret(
    agent: Agent, ecrits: Commentaire, connecte: Connecter
) -> None:
    client = connecte(agent)
    assert "Commentaires" in client.get("/compte/donnees/").content.decode()
    reponse = client.get("/compte/donnees.zip")
    with zipfile.ZipFile(io.BytesIO(reponse.content)) as archive:
        donnees = json.loads(archive.read("donnees.json"))
        page = archive.read("mes-donnees.html").decode()
        tables = {nom: archive.read(nom).decode() for nom in archive.namelist() if nom.endswith(".csv")}
    assert donnees["compte"][0]["nom"] == "Dupont"
    assert donnees["plans.commentaire-auteur"]
    assert donnees["journal.entree-par_id"]
    assert "Ma remarque" in page
    assert agent.password not in json.dumps(donnees)
    assert "'=1+1" in tables["tables/notifications.notification-destinataire_id.csv"]


def test_l_export_ne_dit_rien_des_autres(agent: Agent, ecrits: Commentaire) -> None:
    voisin = fabrique.agent("maire", fabrique.demarche(), nom="Martin")
    Commentaire.objects.create(fiche=ecrits.fiche, texte="D’un autre", auteur=voisin, auteur_nom="Martin")
    with zipfile.ZipFile(io.BytesIO(exporter(agent))) as archive:
        assert "D’un autre" not in archive.read("donnees.json").decode()


def test_l_export_contient_les_courriels_sans_leurs_liens_secrets(agent: Agent) -> None:
    Client().post("/mot-de-passe/perdu/", {"courriel": agent.courriel})
    with zipfile.ZipFile(io.BytesIO(exporter(agent))) as archive:
        (recu,) = json.loads(archive.read("donnees.json"))["notifications.courriel-destinataire__iexact"]
    assert recu["texte"] == EFFACE


# The directory.


@pytest.mark.parametrize("fin", [None, date(2025, 1, 1)])
def test_la_ligne_de_l_annuaire_part_avec_le_compte_sauf_mandat_en_cours(
    agent: Agent, admin: Agent, fin: date | None
) -> None:
    personne = Personne.objects.create(agent=agent, nom="Dupont", prenom="Jeanne", telephone="0466000000")
    mairie = fabrique.organisation("commune")
    personne.mandats.create(organisation=mairie, fonction="maire", debut=date(2020, 6, 1), fin=fin)
    _partir(agent)
    anonymisation.anonymiser(agent, par=admin, motif="")
    personne.refresh_from_db()
    assert (personne.nom == "Dupont", personne.agent_id is None) == (fin is None, fin is None)


# Durations.


def test_sans_duree_rien_n_est_jamais_efface(admin: Agent) -> None:
    for code in conservation.PAR_CODE:
        apercu = conservation.apercu(code, timezone.localdate())
        assert (apercu.avant, apercu.nombre) == (None, 0)
        with pytest.raises(RegleRefusee, match="Aucune durée"):
            conservation.appliquer_regle(code, attendu=0, le=timezone.localdate(), par=admin)


def test_a_qui_un_questionnaire_clos_a_ete_envoye_se_prevoit(admin: Agent) -> None:
    """The recipients lie under « suivi », above: they are counted by the name of their model."""
    hier = date(2026, 1, 1)
    conservation.fixer_regle("questionnaire", duree_mois=12, depuis=hier, source="A", par=admin)
    assert conservation.apercu("questionnaire", timezone.localdate()).nombre == 0


def test_une_regle_vide_suspend_la_precedente(admin: Agent) -> None:
    hier = timezone.localdate() - timedelta(days=1)
    conservation.fixer_regle("notifications", duree_mois=12, depuis=date(2026, 1, 1), source="A", par=admin)
    assert conservation.apercu("notifications", timezone.localdate()).avant is not None
    conservation.fixer_regle("notifications", duree_mois=None, depuis=hier, source="B", par=admin)
    assert conservation.apercu("notifications", timezone.localdate()).avant is None
    assert RegleConservation.objects.count() == 2


def test_l_apercu_montre_puis_le_geste_efface_ce_qui_a_ete_montre(
    admin: Agent, connecte: Connecter, ecrits: Commentaire
) -> None:
    Notification.objects.update(creee_le="2020-01-01T00:00:00Z", lue_le="2020-01-02T00:00:00Z")
    client, url = connecte(admin), reverse("compte:conservation_apercu", args=["notifications"])
    envoi = {"objet": "notifications", "duree_mois": "12", "depuis": "2026-01-01", "source": "Avis 12"}
    assert client.post(reverse("compte:conservation"), envoi).status_code == 302
    assert "1 ligne à effacer" in client.get(url).content.decode()
    faux = client.post(url, {"attendu": "4"}, follow=True).content.decode()
    assert "relisez l’aperçu" in faux
    assert Notification.objects.count() == 1
    assert "relisez l’aperçu" in client.post(url, {"attendu": "x"}, follow=True).content.decode()
    client.post(url, {"attendu": "1"})
    assert not Notification.objects.exists()
    assert Entree.objects.get(geste="appliquer_conservation").apres["lignes"] == 1


def test_une_regle_mal_saisie_est_rendue(admin: Agent, connecte: Connecter) -> None:
    client = connecte(admin)
    assert client.get(reverse("compte:conservation")).status_code == 200
    assert client.post(reverse("compte:conservation"), {"objet": "comptes"}).status_code == 422
    assert client.get(reverse("compte:conservation_apercu", args=["inconnu"])).status_code == 404


def test_les_comptes_qui_ne_servent_plus_sont_anonymises_les_autres_non(agent: Agent, admin: Agent) -> None:
    ancien = fabrique.agent("maire", fabrique.demarche(), nom="Ancien")
    Agent.objects.update(cree_le="2019-01-01T00:00:00Z")
    Agent.objects.filter(pk=ancien.pk).update(last_login="2020-01-01T00:00:00Z")
    ancien.habilitations.update(fin=date(2020, 6, 30))
    conservation.fixer_regle("comptes", duree_mois=36, depuis=date(2026, 1, 1), source="A", par=admin)
    le = timezone.localdate()
    assert conservation.apercu("comptes", le).exemples == (ancien.nom_complet,)
    assert conservation.appliquer_regle("comptes", attendu=1, le=le, par=admin) == 1
    ancien.refresh_from_db()
    agent.refresh_from_db()
    assert (ancien.anonymise_le is None, agent.anonymise_le is None) == (False, True)


@pytest.mark.parametrize("code", ["comptes", "invitations", "notifications", "saisies"])
def test_chaque_regle_se_lit_et_s_applique_meme_s_il_n_y_a_rien(admin: Agent, code: str) -> None:
    conservation.fixer_regle(code, duree_mois=12, depuis=date(2026, 1, 1), source="A", par=admin)
    le = timezone.localdate()
    assert conservation.apercu(code, le).nombre == 0
    assert conservation.appliquer_regle(code, attendu=0, le=le, par=admin) == 0


@pytest.mark.parametrize(
    ("mois", "avant"), [(1, date(2026, 2, 28)), (3, date(2025, 12, 28)), (12, date(2025, 3, 28))]
)
def test_une_duree_en_mois_remonte_le_calendrier(mois: int, avant: date) -> None:
    assert conservation._moins_mois(date(2026, 3, 31), mois) == avant


# Anonymising.


def _partir(agent: Agent) -> None:
    desactiver_compte(agent, par=None)


def test_la_personne_part_ses_gestes_restent_et_le_journal_reste_intact(
    agent: Agent, ecrits: Commentaire, admin: Agent
) -> None:
    empreintes = list(Entree.objects.order_by("numero").values_list("empreinte", flat=True))
    _partir(agent)
    anonymisation.anonymiser(agent, par=admin, motif="demande de la personne")
    faux = f"Personne n° {agent.pk}"
    lu = Agent.objects.get(pk=agent.pk)
    ecrits.refresh_from_db()
    assert (lu.nom_complet, lu.is_active, lu.has_usable_password()) == (faux, False, False)
    assert (ecrits.auteur_nom, ecrits.auteur_id, ecrits.texte) == (faux, agent.pk, "Ma remarque")
    assert not Notification.objects.exists()
    assert list(Entree.objects.order_by("numero").values_list("empreinte", flat=True))[:1] == empreintes[:1]
    assert Entree.objects.filter(par_nom=faux).count() == 1
    assert verifier().intacte
    assert "Dupont" not in json.dumps(list(AuteurJournal.objects.values_list("nom", "sel", "cle")))


def test_la_base_ne_contient_plus_le_nom_ni_l_adresse(
    agent: Agent, ecrits: Commentaire, admin: Agent
) -> None:
    courriel = agent.courriel
    _partir(agent)
    anonymisation.anonymiser(agent, par=admin, motif="")
    trouves = [
        f"{m._meta.label}.{f.name}"
        for m in _modeles()
        for f in m._meta.concrete_fields
        if isinstance(f, models.CharField | models.TextField)
        for mot in ("Dupont", courriel)
        if m._base_manager.filter(**{f"{f.name}__icontains": mot}).exists()
    ]
    assert trouves == []


def test_un_homonyme_garde_son_nom(agent: Agent, ecrits: Commentaire, admin: Agent) -> None:
    """A copy that only the name ties is left, and the preview says so."""
    homonyme = fabrique.agent("maire", fabrique.demarche(), nom="Dupont", prenom="Jeanne")
    _partir(agent)
    assert any("même nom" in ligne.sort for ligne in anonymisation.apercu(agent))
    anonymisation.anonymiser(agent, par=admin, motif="")
    homonyme.refresh_from_db()
    ecrits.refresh_from_db()
    assert homonyme.nom == "Dupont"
    assert ecrits.auteur_nom.startswith("Personne n°")


def test_l_apercu_ne_touche_a_rien_et_dit_le_sort_de_chaque_table(agent: Agent, ecrits: Commentaire) -> None:
    lignes = {ligne.quoi: ligne for ligne in anonymisation.apercu(agent)}
    assert any("empreintes" in ligne.sort for ligne in lignes.values())
    assert lignes["notifications"].sort == "effacé"
    assert Agent.objects.get(pk=agent.pk).nom == "Dupont"


def test_on_n_anonymise_ni_deux_fois_ni_qui_est_habilite(agent: Agent, admin: Agent) -> None:
    with pytest.raises(HabilitationRefusee, match="encore une habilitation"):
        anonymisation.anonymiser(agent, par=admin, motif="")
    _partir(agent)
    anonymisation.anonymiser(agent, par=admin, motif="")
    with pytest.raises(HabilitationRefusee, match="déjà anonymisé"):
        anonymisation.anonymiser(agent, par=admin, motif="")


def test_un_nom_change_dans_le_journal_est_vu(agent: Agent, ecrits: Commentaire) -> None:
    assert verifier().intacte
    AuteurJournal.objects.update(nom="Quelqu’un d’autre")
    verdict = verifier()
    assert not verdict.intacte
    assert "nom de l’auteur" in verdict.raison


def test_une_invitation_acceptee_part_avec_le_compte(agent: Agent, admin: Agent) -> None:
    maintenant = timezone.now()
    Invitation.objects.create(
        courriel=agent.courriel, nom="Dupont", role="maire", debut=date(2026, 1, 1), nonce="0",
        etat="acceptee",
        envoyee_le=maintenant, expire_le=maintenant, invite_par_nom="Chef", acceptee_par=agent,
    )  # fmt: skip
    _partir(agent)
    anonymisation.anonymiser(agent, par=admin, motif="")
    assert not Invitation.objects.exists()


def test_le_compte_du_dernier_administrateur_ne_se_desactive_pas() -> None:
    seule = fabrique.agent("administrateur")
    with pytest.raises(HabilitationRefusee, match="dernier administrateur"):
        desactiver_compte(seule, par=None)
    seule.refresh_from_db()
    assert seule.is_active
    fabrique.agent("administrateur")
    assert not desactiver_compte(seule, par=None).is_active
