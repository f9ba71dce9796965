"""The life of a meeting: what each gesture asks, writes, sends and refuses."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import date, time, timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from icalendar import Calendar

from arpent.metier.cycles.cycle import TransitionRefusee
from arpent.plateforme.acteurs.models import Agent
from arpent.plateforme.demarches.models import Demarche
from arpent.plateforme.demarches.reunions import actions, gestes, seance
from arpent.plateforme.demarches.reunions.lecture import comptes_rendus_valides
from arpent.plateforme.demarches.reunions.models import MembreReunion, Reunion
from arpent.plateforme.documents.models import DocumentEmis
from arpent.plateforme.journal.models import Entree
from arpent.plateforme.notifications.models import Courriel, Notification
from arpent.plateforme.socle.versions import ConflitDeVersion
from tests.plateforme import fabrique

from .conftest import JOUR, preparer

pytestmark = pytest.mark.django_db
Connecte = Callable[[Agent], Client]


def evenement(courriel: Courriel) -> tuple[str, dict[str, str]]:
    """The method of the calendar file of a mail, and the fields of its event."""
    piece = courriel.pieces.get(nom="reunion.ics")
    calendrier = Calendar.from_ical(bytes(piece.contenu))
    (vevent,) = calendrier.walk("VEVENT")
    return str(calendrier["METHOD"]), {k: str(v.to_ical().decode()) for k, v in vevent.items()}


def dernier_avis() -> Courriel:
    """The last notice that the mayor was sent."""
    return Courriel.objects.filter(destinataire="durand@exemple.fr", secret=False).latest("pk")


def test_une_reunion_incomplete_ne_se_convoque_pas(demarche: Demarche, cheffe: Agent):
    nue = preparer(demarche, heure=None, lieu="")
    nue.points.all().delete()
    with pytest.raises(actions.ReunionRefusee, match=r"l’heure, le lieu .*, au moins un point"):
        gestes.convoquer(nue, le=JOUR, par=cheffe)
    nue.refresh_from_db()
    assert nue.etat == "preparee"
    assert not Courriel.objects.exists()


def test_chaque_personne_recoit_sa_lettre_et_son_evenement(reunion: Reunion, cheffe: Agent):
    gestes.convoquer(reunion, le=JOUR, par=cheffe)
    courriel, agenda = Courriel.objects.filter(destinataire="durand@exemple.fr").order_by("secret")
    methode, e = evenement(courriel)
    assert (methode, e["SEQUENCE"], e["UID"]) == ("REQUEST", "0", reunion.uid)
    assert e["DTSTART"] == "20260312T183000"
    assert e["ATTENDEE"] == "mailto:durand@exemple.fr"
    assert bytes(courriel.pieces.get(nom="convocation.pdf").contenu)[:5] == b"%PDF-"
    assert "/agenda/" in agenda.texte  # a person without an account has a calendar of their own
    assert (agenda.secret, courriel.secret, "/agenda/" in courriel.texte) == (True, False, False)
    emis = DocumentEmis.objects.get(genre=gestes.CONVOCATION)
    assert emis.demarche_id == reunion.demarche_id


def test_qui_a_un_compte_est_prevenu_dans_l_application_sauf_l_auteur(
    reunion: Reunion, cheffe: Agent, demarche: Demarche
):
    elue = fabrique.agent("elu_autorite", demarche)
    MembreReunion.objects.create(reunion=reunion, groupe="invites", nom="Élue", agent=elue, origine="invite")
    actions.recomposer(reunion, par=cheffe)  # the chef de projet is called too
    gestes.convoquer(reunion, le=JOUR, par=cheffe)
    assert set(Notification.objects.values_list("destinataire_id", flat=True)) == {elue.pk}


def test_reporter_annule_l_evenement_puis_une_nouvelle_convocation_le_remplace(
    reunion: Reunion, cheffe: Agent
):
    gestes.convoquer(reunion, le=JOUR, par=cheffe)
    with pytest.raises(actions.ReunionRefusee, match="motif"):
        gestes.renoncer(reunion, "reporter_reunion", motif=" ", le=JOUR, par=cheffe)
    gestes.renoncer(reunion, "reporter_reunion", motif="Neige", le=JOUR, par=cheffe)
    courriel = dernier_avis()
    methode, e = evenement(courriel)
    assert (methode, e["SEQUENCE"], e["STATUS"]) == ("CANCEL", "1", "CANCELLED")
    assert "Motif\u00a0: Neige" in courriel.texte
    reunion.refresh_from_db()
    avant = actions.valeurs(reunion)
    reunion.jour = JOUR + timedelta(days=30)
    actions.modifier(reunion, [], avant=avant, version_lue=reunion.version, par=cheffe)
    gestes.convoquer(reunion, le=JOUR, par=cheffe)
    methode, e = evenement(dernier_avis())
    assert (methode, e["SEQUENCE"], e["UID"], e["STATUS"]) == ("REQUEST", "2", reunion.uid, "CONFIRMED")


def test_changer_la_seance_envoie_un_nouvel_avis_et_dit_pourquoi(reunion: Reunion, cheffe: Agent):
    ici = gestes.convoquer(reunion, le=JOUR, par=cheffe)
    nouveau = {n: getattr(ici, n) for n in gestes.CHAMPS_SEANCE}
    with pytest.raises(actions.ReunionRefusee, match="Rien n’a changé"):
        gestes.changer_seance(ici, nouveau, motif="x", version_lue=ici.version, le=JOUR, par=cheffe)
    nouveau["heure"] = time(20)
    with pytest.raises(actions.ReunionRefusee, match="Dites pourquoi"):
        gestes.changer_seance(ici, nouveau, motif="", version_lue=ici.version, le=JOUR, par=cheffe)
    with pytest.raises(ConflitDeVersion):
        gestes.changer_seance(ici, nouveau, motif="Salle prise", version_lue=1, le=JOUR, par=cheffe)
    gestes.changer_seance(ici, nouveau, motif="Salle prise", version_lue=ici.version, le=JOUR, par=cheffe)
    courriel = dernier_avis()
    assert evenement(courriel)[1]["DTSTART"] == "20260312T200000"
    assert "remplace celle que vous avez reçue (Salle prise)" in courriel.texte
    assert Entree.objects.filter(geste="changer_seance").count() == 1


def test_une_reunion_a_venir_ne_se_dit_pas_tenue(demarche: Demarche, cheffe: Agent):
    future = preparer(demarche, jour=timezone.localdate() + timedelta(days=2))
    gestes.convoquer(future, le=JOUR, par=cheffe)
    with pytest.raises(actions.ReunionRefusee, match="ne peut pas être déjà tenue"):
        gestes.tenir(future, par=cheffe)


def tenue(reunion: Reunion, par: Agent) -> Reunion:
    gestes.convoquer(reunion, le=JOUR, par=par)
    ici = gestes.tenir(reunion, par=par)
    seance.noter_presences(ici, {m.pk: ("present", "") for m in ici.membres.all()}, par=par)
    return ici


def test_le_compte_rendu_valide_est_fige_avec_son_empreinte(reunion: Reunion, cheffe: Agent):
    ici = tenue(reunion, cheffe)
    gestes.rediger(ici, "rediger_compte_rendu", par=cheffe)
    gestes.valider(ici, avec_etape=False, le=JOUR, par=cheffe)
    pdf = DocumentEmis.objects.get(genre=gestes.COMPTE_RENDU, format="pdf")
    with pdf.fichier.open("rb") as flux:
        assert hashlib.sha256(flux.read()).hexdigest() == pdf.sha256
    point = ici.points.first()
    assert point is not None
    for essai in (
        lambda: seance.ecrire_notes(point, "tard", version_lue=point.version, par=cheffe),
        lambda: seance.noter_presences(ici, {}, par=cheffe),
        lambda: actions.ajouter_membre(ici, nom="x", qualite="", courriel="", personne=None, par=cheffe),
    ):
        with pytest.raises(actions.ReunionRefusee):
            essai()
    with pytest.raises(TransitionRefusee):
        gestes.rediger(ici, "reprendre_compte_rendu", par=cheffe)
    preparer(ici.demarche, "concertation")
    assert comptes_rendus_valides(ici.demarche) == {"concertation": 1}


def test_le_compte_rendu_part_aussi_aux_absents(reunion: Reunion, cheffe: Agent):
    ici = tenue(reunion, cheffe)
    absent = ici.membres.get(nom="Élu Durand")
    seance.noter_presences(ici, {absent.pk: ("absent", "")}, par=cheffe)
    gestes.rediger(ici, "rediger_compte_rendu", par=cheffe)
    gestes.valider(ici, avec_etape=False, le=JOUR, par=cheffe)
    gestes.envoyer(ici, par=cheffe)
    courriel = Courriel.objects.get(destinataire="durand@exemple.fr", sujet__startswith="Compte rendu")
    assert courriel.pieces.get().nom == "compte-rendu.pdf"


def test_sans_presence_notee_le_compte_rendu_ne_se_soumet_pas(reunion: Reunion, cheffe: Agent):
    gestes.convoquer(reunion, le=JOUR, par=cheffe)
    ici = gestes.tenir(reunion, par=cheffe)
    with pytest.raises(actions.ReunionRefusee, match="Notez d’abord les présences"):
        gestes.rediger(ici, "rediger_compte_rendu", par=cheffe)


def test_qui_preside_valide_meme_sans_conduire(
    reunion: Reunion, cheffe: Agent, demarche: Demarche, connecte: Connecte
):
    instructrice = fabrique.agent("instructeur", demarche)
    ici = tenue(reunion, cheffe)
    gestes.rediger(ici, "rediger_compte_rendu", par=cheffe)
    client, url = connecte(instructrice), reverse("reunions:geste", args=[demarche.slug, ici.pk])
    assert client.post(url, {"geste": "valider_compte_rendu"}).status_code == 403
    ici.membres.create(groupe="invites", nom="Préside", agent=instructrice, place="presidence")
    assert client.post(url, {"geste": "valider_compte_rendu"}).status_code == 302
    ici.refresh_from_db()
    assert ici.etat == "validee"


def test_une_page_perimee_ne_change_rien(client_cheffe: Client, reunion: Reunion):
    url = reverse("reunions:geste", args=[reunion.demarche.slug, reunion.pk])
    reponse = client_cheffe.post(
        url, {"geste": "annuler_reunion", "motif": "x", "etat_lu": "tenue"}, follow=True
    )
    assert "rien n’a été changé" in reponse.content.decode()
    reunion.refresh_from_db()
    assert reunion.etat == "preparee"


def test_une_reunion_de_plusieurs_territoires_se_conduit_depuis_l_autorite(
    demarche: Demarche, connecte: Connecte
):
    voisine = fabrique.demarche(dans=demarche.processus.dispositif)
    partagee = preparer(demarche, "rdv", autres=[voisine])
    president = connecte(fabrique.agent("president_epci", demarche))
    voisin = connecte(fabrique.agent("president_epci", voisine))
    cheffe = connecte(fabrique.agent("chef_de_projet", demarche))
    url = reverse("reunions:recalculer", args=[demarche.slug, partagee.pk])
    assert president.post(url).status_code == 403
    assert cheffe.post(url).status_code == 302
    assert voisin.get(reverse("reunions:reunion", args=[demarche.slug, partagee.pk])).status_code == 404
    chez_lui = reverse("reunions:reunion", args=[voisine.slug, partagee.pk])
    assert voisin.get(chez_lui).status_code == 200
    assert chez_lui in voisin.get(reverse("reunions:toutes")).content.decode()


def test_un_nouveau_jour_recompose_la_reunion(reunion: Reunion, cheffe: Agent):
    avant = actions.valeurs(reunion)
    reunion.membres.get(nom="Élu Durand").personne.mandats.update(fin=date(2026, 4, 1))  # type: ignore[union-attr]
    reunion.jour = date(2026, 5, 1)
    actions.modifier(reunion, [], avant=avant, version_lue=1, par=cheffe)
    assert not reunion.membres.filter(nom="Élu Durand").exists()
    with pytest.raises(ConflitDeVersion):
        actions.modifier(reunion, [], avant=avant, version_lue=1, par=cheffe)
