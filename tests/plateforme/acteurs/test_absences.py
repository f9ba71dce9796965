"""A stand-in: the rights of the absent, in one query, and what the journal says."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from arpent.plateforme.acteurs.absences import ActionRefusee, declarer, terminer
from arpent.plateforme.acteurs.models import Absence, Agent
from arpent.plateforme.acteurs.moteur import MoteurAgents
from arpent.plateforme.journal.models import Entree
from tests.plateforme import fabrique

pytestmark = pytest.mark.django_db
LE = date.today()


@pytest.fixture
def bureau():
    """A project lead and an instructeur of the same authority."""
    demarche = fabrique.demarche()
    chef = fabrique.agent("chef_de_projet", demarche, nom="Vidal", prenom="Claire")
    return demarche, chef, fabrique.agent("instructeur", demarche, nom="Roux", prenom="Nadia")


def test_qui_remplace_a_les_deux_en_une_requete(bureau, django_assert_num_queries):
    _, chef, nadia = bureau
    declarer(chef, nadia, debut=LE, fin=LE + timedelta(7), par=chef)
    with django_assert_num_queries(1):
        lue = MoteurAgents().get_user(nadia.pk)
        roles = [(h.role, h.au_nom_de and h.au_nom_de.nom) for h in lue.habilitations_en_cours]
    assert lue == nadia
    assert roles == [("instructeur", None), ("chef_de_projet", "Vidal")]


def test_avant_et_apres_l_absence_rien_n_est_prete(bureau):
    _, chef, nadia = bureau
    declarer(chef, nadia, debut=LE + timedelta(1), fin=LE + timedelta(7), par=chef)
    assert len(MoteurAgents().get_user(nadia.pk).habilitations_en_cours) == 1
    Absence.objects.update(debut=LE - timedelta(9), fin=LE - timedelta(1))
    assert len(Agent.objects.get(pk=nadia.pk).habilitations_en_cours) == 1


def test_une_suppleance_ne_se_transmet_pas(bureau):
    demarche, chef, nadia = bureau
    hugo = fabrique.agent("mission_appui", demarche)
    declarer(chef, nadia, debut=LE, fin=LE, par=chef)
    declarer(nadia, hugo, debut=LE, fin=LE, par=nadia)
    assert [h.role for h in MoteurAgents().get_user(hugo.pk).habilitations_en_cours] == [
        "mission_appui",
        "instructeur",
    ]


def test_un_compte_sans_habilitation_peut_remplacer_et_un_absent_au_compte_ferme_ne_prete_rien(bureau):
    _, chef, nadia = bureau
    declarer(chef, nadia, debut=LE, fin=LE, par=chef)
    nadia.habilitations.all().delete()
    lue = MoteurAgents().get_user(nadia.pk)
    assert (lue, [h.role for h in lue.habilitations_en_cours]) == (nadia, ["chef_de_projet"])
    Agent.objects.filter(pk=chef.pk).update(is_active=False)
    assert MoteurAgents().get_user(nadia.pk).habilitations_en_cours == []


def test_le_journal_dit_en_l_absence_de_qui(bureau, connecte):
    demarche, chef, nadia = bureau
    declarer(chef, nadia, debut=LE, fin=LE, par=chef)
    envoi = {"etat_lu": demarche.etat}
    reponse = connecte(nadia).post(f"/territoires/{demarche.slug}/phase/ouvrir_diagnostic/", envoi)
    assert reponse.status_code == 302
    derniere = Entree.objects.order_by("-numero").first()
    assert derniere.par_nom == "Nadia Roux, en l’absence de Claire Vidal"


@pytest.mark.parametrize(
    ("debut", "fin", "raison"),
    [
        (LE, LE - timedelta(1), "avant le début"),
        (LE - timedelta(9), LE - timedelta(1), "déjà passée"),
        (LE, LE + timedelta(400), "un an au plus"),
    ],
)
def test_des_dates_de_travers_sont_refusees(bureau, debut, fin, raison):
    _, chef, nadia = bureau
    with pytest.raises(ActionRefusee, match=raison):
        declarer(chef, nadia, debut=debut, fin=fin, par=chef)


def test_on_choisit_un_collegue_et_une_absence_a_la_fois(bureau):
    _, chef, nadia = bureau
    ailleurs = fabrique.agent("instructeur", fabrique.demarche())
    for autre in (ailleurs, chef):
        with pytest.raises(ActionRefusee, match="de votre structure"):
            declarer(chef, autre, debut=LE, fin=LE, par=chef)
    declarer(chef, nadia, debut=LE, fin=LE + timedelta(3), par=chef)
    with pytest.raises(ActionRefusee, match="déjà une partie"):
        declarer(chef, nadia, debut=LE + timedelta(3), fin=LE + timedelta(9), par=chef)


def test_de_retour_plus_personne_n_agit_a_sa_place(bureau):
    _, chef, nadia = bureau
    absence = declarer(chef, nadia, debut=LE, fin=LE + timedelta(3), par=chef)
    terminer(absence, par=chef)
    assert len(MoteurAgents().get_user(nadia.pk).habilitations_en_cours) == 1
    with pytest.raises(ActionRefusee, match="déjà terminée"):
        terminer(absence, par=chef)


def test_la_page_des_absences_note_et_termine(bureau, connecte):
    _, chef, nadia = bureau
    client = connecte(chef)
    envoi = {"suppleant": nadia.pk, "debut": LE.isoformat(), "fin": LE.isoformat(), "message": "Congés"}
    assert client.post("/absences/", envoi).status_code == 302
    absence = Absence.objects.get()
    assert "Vous remplacez Claire Vidal" in connecte(nadia).get("/").text
    assert client.post(f"/absences/{absence.pk}/terminer/").status_code == 302
    assert client.post("/absences/", envoi | {"fin": ""}).status_code == 400
