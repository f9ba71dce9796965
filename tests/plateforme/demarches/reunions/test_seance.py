"""The meeting under way: notes without loss, presence, decisions and who carries them out."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from django.test import Client
from django.urls import reverse

from arpent.plateforme.acteurs.models import Agent
from arpent.plateforme.demarches.models import Demarche
from arpent.plateforme.demarches.reunions import actions, gestes, seance
from arpent.plateforme.demarches.reunions.models import PointOrdreDuJour, Reunion
from arpent.plateforme.demarches.reunions.models_suites import Decision
from arpent.plateforme.notifications.models import Notification
from tests.plateforme import fabrique

from .conftest import JOUR

pytestmark = pytest.mark.django_db
Connecte = Callable[[Agent], Client]


@pytest.fixture
def ouverte(reunion: Reunion, cheffe: Agent) -> Reunion:
    """Convened: presence, notes and decisions may be written."""
    return gestes.convoquer(reunion, le=JOUR, par=cheffe)


@pytest.fixture
def point(ouverte: Reunion) -> PointOrdreDuJour:
    premier = ouverte.points.first()
    assert premier is not None
    return premier


def notes_url(point: PointOrdreDuJour) -> str:
    return reverse("reunions:notes", args=[point.reunion.demarche.slug, point.pk])


def test_les_notes_d_un_autre_ne_sont_jamais_ecrasees(client_cheffe: Client, point: PointOrdreDuJour):
    url = notes_url(point)
    client_cheffe.post(url, {"notes": "Les miennes", "version_lue": 1})
    assert client_cheffe.post(url, {"notes": "Perdues ?", "version_lue": 1}).status_code == 409
    direct = client_cheffe.post(url, {"notes": "Perdues ?", "version_lue": 1}, headers={"HX-Request": "true"})
    assert "Quelqu’un a écrit ici entre-temps" in direct.content.decode()
    point.refresh_from_db()
    assert (point.notes, point.version) == ("Les miennes", 2)


def test_la_reponse_directe_porte_la_version_suivante(client_cheffe: Client, point: PointOrdreDuJour):
    url = notes_url(point)
    page = client_cheffe.post(url, {"notes": "a", "version_lue": 1}, headers={"HX-Request": "true"})
    assert 'name="version_lue" value="2"' in page.content.decode()
    envoi = {"notes": "ab", "version_lue": 2, "_soumission": "la-page"}
    client_cheffe.post(url, envoi, headers={"HX-Request": "true"})
    point.refresh_from_db()
    assert point.notes == "ab"  # kept, though the key of the form is that of the whole page
    suite = {"notes": "abc", "version_lue": 3, "_soumission": "la-page"}
    client_cheffe.post(url, suite, headers={"HX-Request": "true"})
    point.refresh_from_db()
    assert point.notes == "abc"


def test_des_notes_trop_longues_sont_refusees(point: PointOrdreDuJour, cheffe: Agent):
    with pytest.raises(actions.ReunionRefusee, match="trop longues"):
        seance.ecrire_notes(point, "x" * 20_001, version_lue=1, par=cheffe)


def test_qui_ne_conduit_pas_ne_lit_ni_les_notes_ni_le_projet(
    connecte: Connecte, ouverte: Reunion, point: PointOrdreDuJour, cheffe: Agent, demarche: Demarche
):
    seance.ecrire_notes(point, "Propos de séance", version_lue=1, par=cheffe)
    maire = connecte(fabrique.agent("maire", demarche))
    for nom in ("reunion", "points", "compte_rendu", "participants"):
        page = maire.get(reverse(f"reunions:{nom}", args=[demarche.slug, ouverte.pk])).content.decode()
        assert "Propos de séance" not in page
        assert "durand@exemple.fr" not in page
    assert maire.get(reverse("reunions:seance", args=[demarche.slug, ouverte.pk])).status_code == 403
    projet = maire.get(reverse("reunions:minutes", args=[demarche.slug, ouverte.pk, "pdf"]))
    assert projet.status_code == 302


def test_une_presence_inconnue_est_refusee(ouverte: Reunion, cheffe: Agent):
    membre = ouverte.membres.first()
    assert membre is not None
    with pytest.raises(actions.ReunionRefusee, match="présent, absent, excusé"):
        seance.noter_presences(ouverte, {membre.pk: ("parti", "")}, par=cheffe)


def test_le_representant_s_efface_avec_la_representation(ouverte: Reunion, cheffe: Agent):
    membre = ouverte.membres.first()
    assert membre is not None
    assert seance.noter_presences(ouverte, {membre.pk: ("represente", "Ada")}, par=cheffe) == 1
    assert seance.noter_presences(ouverte, {membre.pk: ("represente", "Ada")}, par=cheffe) == 0
    seance.noter_presences(ouverte, {membre.pk: ("present", "Ada")}, par=cheffe)
    membre.refresh_from_db()
    assert (membre.presence, membre.represente_par) == ("present", "")


def test_qui_vient_sans_convocation_est_note_present(client_cheffe: Client, ouverte: Reunion):
    url = reverse("reunions:membre_ajouter", args=[ouverte.demarche.slug, ouverte.pk])
    client_cheffe.post(url, {"nom": "Paul Venu", "vers": "seance"})
    venu = ouverte.membres.get(nom="Paul Venu")
    assert (venu.origine, venu.presence) == ("seance", "present")


def decider(reunion: Reunion, par: Agent, **champs: object) -> Decision:
    decision = Decision(reunion=reunion, **({"texte": "Compléter le plan"} | champs))
    return seance.decider(decision, par=par)


def test_les_decisions_sont_numerotees_et_leur_porteur_prevenu(
    ouverte: Reunion, cheffe: Agent, demarche: Demarche
):
    mairie = fabrique.organisation("commune")
    maire = fabrique.agent("maire", demarche, pour=mairie)
    assert [decider(ouverte, cheffe, organisation=mairie).numero, decider(ouverte, cheffe).numero] == [1, 2]
    nouvelle = Notification.objects.get(destinataire_id=maire.pk)
    assert nouvelle.sujet == "Décision à suivre"


def test_le_porteur_dit_sa_decision_faite_et_un_autre_non(
    connecte: Connecte, ouverte: Reunion, cheffe: Agent, demarche: Demarche
):
    mairie = fabrique.organisation("commune")
    decision = decider(ouverte, cheffe, organisation=mairie)
    url = reverse("reunions:decision", args=[demarche.slug, decision.pk])
    autre = connecte(fabrique.agent("maire", demarche))
    porteur = connecte(fabrique.agent("maire", demarche, pour=mairie))
    assert autre.post(url, {"geste": "accomplir_decision"}).status_code == 403
    assert porteur.post(url, {"geste": "accomplir_decision"}).status_code == 302
    decision.refresh_from_db()
    assert (decision.etat, decision.faite_le) == ("faite", date.today())
    assert "dite faite par" in porteur.get(url).content.decode()


def test_abandonner_une_decision_demande_un_motif(ouverte: Reunion, cheffe: Agent):
    decision = decider(ouverte, cheffe)
    with pytest.raises(actions.ReunionRefusee, match="pourquoi"):
        seance.suivre_decision(decision, "abandonner_decision", le=JOUR, par=cheffe)
    abandon = seance.suivre_decision(
        decision, "abandonner_decision", motif="Fait ailleurs", le=JOUR, par=cheffe
    )
    assert (abandon.etat, abandon.motif) == ("abandonnee", "Fait ailleurs")
    repris = seance.suivre_decision(decision, "rouvrir_decision", le=JOUR, par=cheffe)
    assert (repris.etat, repris.motif) == ("a_faire", "")


def test_une_decision_se_lit_sur_la_fiche_qu_elle_concerne(
    client_cheffe: Client, ouverte: Reunion, cheffe: Agent, demarche: Demarche
):
    fiche = fabrique.fiche(demarche, titre="Rénover l’école", numero=12)
    url = reverse("reunions:decider", args=[demarche.slug, ouverte.pk])
    client_cheffe.post(url, {"texte": "Lancer le marché", "objet_genre": "fiche", "objet_texte": "école"})
    decision = Decision.objects.get()
    assert (decision.objet_id, decision.objet_libelle) == (12, "Fiche 12\u00a0: Rénover l’école")
    sur = reverse("reunions:decisions_objet", args=[demarche.slug, "fiche", 12])
    assert sur in client_cheffe.get(reverse("plans:fiche", args=[demarche.slug, 12])).content.decode()
    assert "Lancer le marché" in client_cheffe.get(sur).content.decode()
    fragment = client_cheffe.get(sur, headers={"HX-Request": "true"}).content.decode()
    assert "Lancer le marché" in fragment
    assert "<html" not in fragment
    page = client_cheffe.get(reverse("reunions:decision", args=[demarche.slug, decision.pk])).content.decode()
    assert reverse("plans:fiche", args=[demarche.slug, fiche.numero]) in page


@pytest.mark.parametrize(
    ("texte", "refus"), [("rien", "Aucun résultat"), ("Projet", "Plusieurs objets répondent"), ("", "numéro")]
)
def test_un_objet_introuvable_ou_ambigu_est_dit(
    client_cheffe: Client, ouverte: Reunion, demarche: Demarche, texte: str, refus: str
):
    fabrique.fiche(demarche)
    fabrique.fiche(demarche)
    fabrique.fiche(demarche, titre="rien du tout", etat="brouillon")
    url = reverse("reunions:decider", args=[demarche.slug, ouverte.pk])
    reponse = client_cheffe.post(url, {"texte": "x", "objet_genre": "fiche", "objet_texte": texte})
    assert reponse.status_code == 422
    assert refus in str(reponse.context["form"].errors["objet_texte"])


def test_une_decision_attend_son_porteur_a_l_accueil_et_dans_ses_echeances(
    connecte: Connecte, ouverte: Reunion, cheffe: Agent, demarche: Demarche
):
    mairie = fabrique.organisation("commune")
    demain = date.today() + timedelta(days=1)
    decider(ouverte, cheffe, organisation=mairie, echeance=demain)
    client = connecte(fabrique.agent("maire", demarche, pour=mairie))
    page = client.get(reverse("portail:accueil"))
    assert "Décisions de réunion à suivre" in [a.titre for a in page.context["attentes"]]
    autre = connecte(fabrique.agent("maire", demarche))
    url = reverse("portail:mes_echeances")
    assert "Compléter le plan" in client.get(url).content.decode()
    assert "Compléter le plan" not in autre.get(url).content.decode()


def test_une_reunion_convoquee_est_dans_les_echeances_de_ses_convies(
    connecte: Connecte, reunion: Reunion, cheffe: Agent, demarche: Demarche
):
    elu = fabrique.agent("elu_autorite", demarche)
    reunion.membres.create(groupe="invites", nom="Élu", agent=elu, origine="invite")
    Reunion.objects.filter(pk=reunion.pk).update(jour=date.today() + timedelta(days=3))
    url, client = reverse("portail:mes_echeances"), connecte(elu)
    assert "Concertation de mars" not in client.get(url).content.decode()
    gestes.convoquer(reunion, le=JOUR, par=cheffe)
    assert "Concertation de mars" in client.get(url).content.decode()


def test_un_point_deja_discute_ne_se_retire_pas(point: PointOrdreDuJour, cheffe: Agent):
    seance.ecrire_notes(point, "Dit", version_lue=1, par=cheffe)
    with pytest.raises(actions.ReunionRefusee, match="il reste à l’ordre du jour"):
        actions.deplacer_point(point, "retirer", par=cheffe)


def test_monter_un_point_renumerote_l_ordre_du_jour(reunion: Reunion, cheffe: Agent):
    dernier = reunion.points.last()
    assert dernier is not None
    actions.deplacer_point(dernier, "monter", par=cheffe)
    assert [(p.ordre, p.titre) for p in reunion.points.all()] == [
        (1, "Projets du territoire"), (2, "Arbitrages"), (3, "Maquette financière"),
    ]  # fmt: skip
