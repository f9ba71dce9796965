"""/appui/charge/ and /appui/structures/: what is counted, exported, set."""

from __future__ import annotations

import io
from datetime import UTC, datetime, timedelta

import pytest
from python_calamine import CalamineWorkbook

from arpent.plateforme.acteurs.models import DemandeAppui, StructureAppui, TempsAppui
from arpent.plateforme.demarches.appui.charge import Filtre, compter, lire_lignes
from arpent.plateforme.demarches.appui.routage import proposer
from tests.plateforme import fabrique

pytestmark = pytest.mark.django_db
LE = datetime(2026, 3, 1, 9, tzinfo=UTC)


@pytest.fixture
def demandes(demarche, mairie, structure):
    for rang, (reponse, cloture, genre) in enumerate(
        [(2, 4, "montage"), (4, 10, "montage"), (None, None, "juridique")]
    ):
        d = DemandeAppui.objects.create(
            territoire=demarche.territoire, autorite=demarche.autorite, demarche_id=demarche.pk,
            organisation=mairie, genre=genre, question="?", structure=structure, demandee_par_nom="A",
            etat="close" if cloture else "ouverte", echeance_le="2026-03-11",
            premiere_reponse_le=LE + timedelta(days=reponse) if reponse else None,
            close_le=LE + timedelta(days=cloture) if cloture else None,
            satisfait=True if rang == 0 else None,
        )  # fmt: skip
        DemandeAppui.objects.filter(pk=d.pk).update(demandee_le=LE)
        TempsAppui.objects.create(demande=d, agent_nom="B", jour="2026-03-02", minutes=30)


def test_les_delais_sont_des_medianes_et_les_heures_une_somme(demandes):
    tableau = compter(*lire_lignes(None, Filtre()), LE.date() + timedelta(days=30))
    (ligne,) = tableau.par_structure
    assert (ligne.recues, ligne.ouvertes, ligne.en_retard, ligne.closes) == (3, 1, 1, 2)
    assert (ligne.delai_reponse, ligne.delai_cloture, ligne.heures) == (3.0, 7.0, 1.5)
    assert (ligne.satisfaits, ligne.juges) == (1, 1)
    assert [c.libelle for c in tableau.par_genre] == ["Monter un dossier", "Question juridique"]
    assert [c.libelle for c in tableau.par_mois] == ["mars 2026"]


def test_une_demande_qui_attend_le_demandeur_n_est_pas_en_retard(demandes):
    DemandeAppui.objects.filter(etat="ouverte").update(etat="en_attente")
    assert compter(*lire_lignes(None, Filtre()), LE.date() + timedelta(days=30)).total.en_retard == 0


def test_le_classeur_dit_exactement_la_page(demandes, mission, connecte, django_assert_max_num_queries):
    client, question = connecte(mission), "?genre=montage&du=2026-02-01"
    client.get("/appui/charge/")
    with django_assert_max_num_queries(9):
        page = client.get(f"/appui/charge/{question}").content.decode()
    assert "Monter un dossier" in page
    assert "Question juridique</th>" not in page
    feuille = CalamineWorkbook.from_filelike(
        io.BytesIO(client.get(f"/appui/charge.xlsx{question}").content)
    ).get_sheet_by_index(0)
    rows = {(r[0], r[1]): r[2:] for r in feuille.to_python() if r[0] in {"Structure", "Nature", "Total"}}
    assert set(rows) == {
        ("Structure", "Mission d’appui"), ("Nature", "Monter un dossier"), ("Total", "Ensemble"),
    }  # fmt: skip
    assert rows["Total", "Ensemble"][:7] == [2, 0, 0, 2, 3.0, 7.0, 1.0]
    textes = [r[0] for r in feuille.to_python()]
    assert "Nature\N{NO-BREAK SPACE}: monter un dossier." in textes


def test_on_ne_compte_que_son_perimetre(demandes, connecte):
    ailleurs = fabrique.agent("mission_appui", fabrique.demarche())
    assert "Aucune demande d’appui à compter" in connecte(ailleurs).get("/appui/charge/").content.decode()


def test_la_structure_la_plus_precise_est_proposee(demarche):
    def structure(nom, **champs):
        return StructureAppui.objects.create(
            autorite=demarche.autorite, organisation=demarche.autorite, nom=nom, **champs
        )

    tout = structure("Tout")
    droit = structure("Droit", genres=["juridique"])
    voirie = structure("Voirie", genres=["technique"], themes=["voirie"])
    fermee = structure("Fermée", genres=["petr"], active=False)
    toutes = [tout, droit, voirie, fermee]
    assert proposer(toutes, "juridique") == droit
    assert proposer(toutes, "technique", {"voirie"}) == voirie
    assert proposer(toutes, "technique", {"eau"}) == tout
    assert proposer(toutes, "technique") == tout
    assert proposer(toutes, "petr") == tout
    assert proposer([fermee], "petr") is None


def test_une_structure_se_cree_se_modifie_et_refuse_une_page_perimee(demarche, mission, connecte):
    client = connecte(fabrique.agent("chef_de_projet", demarche))
    donnees = {
        "nom": "CAUE", "autre": "Conseil en architecture", "delai_jours": "20",
        "ordre": "5", "active": "on", "genres": ["technique"], "themes": "voirie, eau",
        "personnes": [mission.pk], "version_lue": "1",
    }  # fmt: skip
    assert client.post("/appui/structures/nouvelle/", donnees).status_code == 302
    structure = StructureAppui.objects.get()
    assert structure.organisation.nom == "Conseil en architecture"
    assert (structure.genres, structure.themes, list(structure.agents.all())) == (
        ["technique"], ["eau", "voirie"], [mission],
    )  # fmt: skip
    url = f"/appui/structures/{structure.pk}/"
    assert client.post(url, donnees | {"nom": "CAUE 48"}).status_code == 302
    assert client.post(url, donnees | {"nom": "Autre"}).status_code == 409
    assert client.post(url, donnees | {"delai_jours": "0", "version_lue": "2"}).status_code == 422
    assert "CAUE 48" in client.get("/appui/structures/").content.decode()


def test_les_structures_d_une_autre_autorite_n_existent_pas(demarche, structure, mission, connecte):
    autre = fabrique.demarche(dans=fabrique.dispositif(fabrique.organisation("region", "Région")))
    client = connecte(fabrique.agent("chef_de_projet", autre))
    assert client.get(f"/appui/structures/{structure.pk}/").status_code == 404
    assert "Mission d’appui</a>" not in client.get("/appui/structures/").content.decode()
    assert connecte(mission).get("/appui/structures/").status_code == 403
