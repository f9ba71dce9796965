"""The round of the mails: digests, what one may no longer see, reminders."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta

import pytest
from django.utils import timezone

from arpent.plateforme.acteurs.models import DemandeAppui, Habilitation
from arpent.plateforme.config import tournee
from arpent.plateforme.notifications.actions import marquer_lues, notifier, regler
from arpent.plateforme.notifications.models import Courriel, Notification, Relance
from arpent.plateforme.plans.models import AvisService, Fiche
from arpent.plateforme.portail.courrier import relances
from arpent.plateforme.portail.courrier.resumes import poster
from tests.plateforme import fabrique

pytestmark = pytest.mark.django_db
MARDI_MATIN = timezone.make_aware(datetime(2026, 3, 3, 9))


def dire(agent_id: int, rubrique: str = "fiches", **champs: str) -> None:
    notifier([agent_id], rubrique=rubrique, sujet="Une fiche", **({"texte": "École"} | champs))


def test_le_resume_part_une_fois_par_jour_et_ne_repete_rien():
    agent = fabrique.agent("instructeur", fabrique.demarche())
    dire(agent.pk)
    dire(agent.pk, texte="Mairie")
    assert poster(MARDI_MATIN) == 1
    assert poster(MARDI_MATIN + timedelta(hours=2)) == 0
    courriel = Courriel.objects.get()
    assert courriel.destinataire == agent.courriel
    assert "2 nouvelles" in courriel.sujet
    assert "École" in courriel.texte
    dire(agent.pk, texte="Crèche")
    assert poster(MARDI_MATIN + timedelta(hours=3)) == 0, "le résumé du jour est fait"
    assert poster(MARDI_MATIN + timedelta(days=1)) == 1
    assert "École" not in Courriel.objects.first().texte  # type: ignore[union-attr]


def test_ce_qui_est_lu_dans_l_application_n_est_pas_envoye():
    agent = fabrique.agent("instructeur", fabrique.demarche())
    dire(agent.pk)
    marquer_lues(agent.pk)
    assert poster(MARDI_MATIN) == 0


def test_les_choix_de_chacun_sont_tenus():
    agent = fabrique.agent("instructeur", fabrique.demarche())
    regler(agent.pk, {"fiches": "jamais", "avis": "aussitot"}, heure=20, jour=0)
    dire(agent.pk)
    dire(agent.pk, "avis", texte="Votre avis")
    assert poster(MARDI_MATIN) == 1, "l’avis part aussitôt, avant l’heure du résumé"
    assert "École" not in Courriel.objects.get().texte


def test_un_compte_ferme_ou_sans_acces_ne_recoit_rien():
    demarche = fabrique.demarche()
    ferme, sorti = fabrique.agent("instructeur", demarche), fabrique.agent("instructeur", demarche)
    ferme.is_active = False
    ferme.save()
    Habilitation.objects.filter(agent=sorti).update(fin=date(2026, 3, 2))
    for agent in (ferme, sorti):
        dire(agent.pk)
    assert poster(MARDI_MATIN) == 0


def test_ce_qu_on_ne_voit_plus_n_est_ni_envoye_ni_montre(connecte: Callable[..., object]):
    ici, ailleurs = fabrique.demarche(), fabrique.demarche()
    agent = fabrique.agent("president_epci", ici)
    brouillon = fabrique.fiche(ailleurs, titre="Secret")
    dire(agent.pk, texte="Secret", url=brouillon.get_absolute_url())
    dire(agent.pk, texte="Visible", url=fabrique.fiche(ici).get_absolute_url())
    assert poster(MARDI_MATIN) == 1
    texte = Courriel.objects.get().texte
    assert "Visible" in texte
    assert "Secret" not in texte
    client = connecte(agent)
    for url in ("/", "/mes-nouvelles/"):
        page = client.get(url).content.decode()  # type: ignore[attr-defined]
        assert "Visible" in page
        assert "Secret" not in page


def test_le_brouillon_d_un_autre_maitre_d_ouvrage_n_est_pas_envoye():
    demarche = fabrique.demarche()
    maire = fabrique.agent("maire", demarche, pour=fabrique.organisation("commune"))
    brouillon = fabrique.fiche(demarche, etat="brouillon", titre="Secret")
    dire(maire.pk, texte="Secret", url=brouillon.get_absolute_url())
    assert poster(MARDI_MATIN) == 0
    assert Notification.objects.get().postee_le is not None, "elle ne sera pas essayée chaque minute"


@pytest.mark.parametrize(
    ("retard", "attendu"),
    [(-4, ""), (-3, "avant"), (-1, "avant"), (0, "jour"), (6, "jour"), (7, "s1"), (35, "s5"), (42, "")],
)
def test_le_calendrier_des_relances(retard: int, attendu: str):
    assert relances.rang(date(2026, 3, 3) - timedelta(days=retard), date(2026, 3, 3)) == attendu


def test_un_avis_en_retard_ne_relance_que_celui_qui_le_doit():
    demarche = fabrique.demarche()
    doit, autre = fabrique.agent("instructeur", demarche), fabrique.agent("instructeur", demarche)
    AvisService.objects.create(
        fiche=fabrique.fiche(demarche),
        service="Voirie",
        agent=doit,
        question="?",
        echeance_le=date(2026, 3, 1),
    )
    assert relances.relancer_tous(MARDI_MATIN) == 1
    assert relances.relancer_tous(MARDI_MATIN + timedelta(hours=5)) == 0
    assert Notification.objects.get().destinataire_id == doit.pk != autre.pk
    assert relances.relancer_tous(MARDI_MATIN + timedelta(days=7)) == 1
    assert Relance.objects.count() == 2


def test_un_appui_pris_en_charge_relance_celui_qui_l_a_pris():
    demarche = fabrique.demarche()
    pris_par = fabrique.agent("mission_appui", demarche)
    for qui in (pris_par, None):
        DemandeAppui.objects.create(
            territoire=demarche.territoire, organisation=fabrique.organisation(), genre="montage",
            question="?", demandee_par_nom="x", souhaitee_le=date(2026, 3, 5), prise_par=qui,
            etat="prise" if qui else "ouverte",
        )  # fmt: skip
    assert relances.relancer_tous(MARDI_MATIN) == 1
    assert Notification.objects.get().destinataire_id == pris_par.pk


def test_une_fiche_a_completer_relance_ceux_qui_ecrivent_pour_son_maitre_d_ouvrage():
    demarche = fabrique.demarche()
    mairie = fabrique.organisation("commune")
    maire = fabrique.agent("maire", demarche, pour=mairie)
    fabrique.agent("maire", demarche, pour=fabrique.organisation("commune"))
    fiche = fabrique.fiche(demarche, etat="a_completer", maitre_ouvrage=mairie)
    Fiche.objects.filter(pk=fiche.pk).update(modifie_le=MARDI_MATIN - timedelta(days=12))
    assert relances.relancer_tous(MARDI_MATIN) == 1
    assert Notification.objects.get().destinataire_id == maire.pk


def test_la_tournee_fait_tout_et_une_panne_n_arrete_pas_les_autres():
    def tomber(_: datetime) -> int:
        raise RuntimeError("panne")

    panne = tournee.Tache("panne", "panne", tomber)
    agent = fabrique.agent("instructeur", fabrique.demarche())
    dire(agent.pk)
    passages = tournee.passer(MARDI_MATIN, (panne, *tournee.TACHES))
    assert [p.erreur for p in passages] == ["RuntimeError : panne", *[""] * len(tournee.TACHES)]
    assert {p.tache.code: p.nombre for p in passages}["resumes"] == 1


def test_la_boucle_ne_relance_qu_une_fois_par_heure():
    boucle = tournee.Boucle()
    assert len(boucle.dues(MARDI_MATIN)) == len(tournee.TACHES)
    boucle._derniers = {t.code: MARDI_MATIN for t in tournee.TACHES}
    assert {t.code for t in boucle.dues(MARDI_MATIN + timedelta(minutes=1))} == {
        "resumes",
        "envois",
        "battement",
        "evenements",
        "livraisons",
    }
