"""/territoires/…/appui/ : from a question to its answer, and who may read and do what."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from arpent.plateforme.acteurs.models import DemandeAppui, StructureAppui, TempsAppui
from arpent.plateforme.contrats.models import Contrat
from arpent.plateforme.demarches.conversations.models import Message
from arpent.plateforme.demarches.reunions.models import Reunion
from arpent.plateforme.diagnostics.models import Enjeu
from arpent.plateforme.journal.models import Entree
from arpent.plateforme.notifications.models import Courriel, Notification
from tests.plateforme import fabrique

pytestmark = pytest.mark.django_db
DEMANDER = "/territoires/gevaudan/appui/demander/"


def page_de(demande):
    return f"/territoires/gevaudan/appui/{demande.pk}/"


def geste(client, demande, code, **reste):
    return client.post(f"{page_de(demande)}geste/", {"geste": code, **reste})


def dire(client, demande, texte, portee="partagee"):
    url = f"/territoires/gevaudan/conversations/appui/{demande.pk}/"
    return client.post(url, {"texte": texte, "portee": portee})


def test_deux_reponses_suffisent_et_la_route_est_dite_avant(
    demarche, mairie, secretaire, mission, structure, connecte
):
    client = connecte(secretaire)
    page = client.get(DEMANDER).content.decode()
    assert "Votre demande ira à : <strong>Mission d’appui, réponse sous 10 jours</strong>" in page
    reponse = client.post(DEMANDER, {"genre": "montage", "question": "Quelles pièces ?", "pour": mairie.pk})
    demande = DemandeAppui.objects.get()
    assert reponse.headers["Location"] == page_de(demande)
    assert (demande.structure, demande.organisation) == (structure, mairie)
    assert demande.echeance_le == timezone.localdate() + timedelta(days=10)
    nouvelle = Notification.objects.get()
    assert (nouvelle.destinataire_id, nouvelle.rubrique, nouvelle.url) == (
        mission.pk, "appui", page_de(demande),
    )  # fmt: skip


def test_un_formulaire_incomplet_reste_rempli(secretaire, structure, connecte):
    reponse = connecte(secretaire).post(DEMANDER, {"genre": "montage", "souhaitee_le": "2020-01-01"})
    page = reponse.content.decode()
    assert reponse.status_code == 422
    assert "Écrivez votre question, même en une phrase." in page
    assert "Cette date est passée" in page
    assert 'value="montage"' in page


def test_une_demande_sur_une_fiche_va_a_la_structure_de_son_theme(
    demarche, mairie, secretaire, structure, connecte
):
    voirie = StructureAppui.objects.create(
        autorite=demarche.autorite, organisation=fabrique.organisation("association"), nom="Ingénierie",
        delai_jours=20, genres=["technique"], themes=["voirie"],
    )  # fmt: skip
    fiche = fabrique.fiche(demarche, numero=5, titre="Halle", maitre_ouvrage=mairie)
    client, url = connecte(secretaire), f"{DEMANDER}?objet=fiche&numero=5"
    assert "Question technique (Ingénierie, réponse sous 20 jours)" in client.get(url).content.decode()
    client.post(url, {"genre": "technique", "question": "Quel enrobé ?", "pour": mairie.pk})
    demande = DemandeAppui.objects.get()
    assert (demande.structure, demande.objet_genre, demande.objet_id) == (voirie, "fiche", 5)
    assert "Halle" in demande.objet_libelle
    volet = client.get(f"{fiche.get_absolute_url()}volets/actes/").content.decode()
    assert page_de(demande) in volet
    autre = connecte(fabrique.agent("maire", demarche))
    assert "Quel enrobé" not in autre.get(f"{fiche.get_absolute_url()}volets/actes/").content.decode()


def test_l_objet_se_choisit_dans_le_formulaire_et_se_lit_avec_son_lien(
    demarche, mairie, secretaire, structure, connecte, django_assert_max_num_queries
):
    voirie = StructureAppui.objects.create(
        autorite=demarche.autorite, organisation=fabrique.organisation("association"), nom="Ingénierie",
        delai_jours=20, genres=["technique"], themes=["voirie"],
    )  # fmt: skip
    fiche = fabrique.fiche(demarche, numero=5, titre="Halle", maitre_ouvrage=mairie)
    enjeu = Enjeu.objects.create(demarche=demarche, libelle="Garder les médecins", priorite=1)
    contrat = Contrat.objects.create(demarche=demarche)
    reunion = Reunion.objects.create(
        demarche=demarche,
        genre="copil",
        genre_libelle="COPIL",
        titre="COPIL de mars",
        jour="2026-03-12",
        uid="u",
    )
    fabrique.fiche(demarche, numero=6, etat="brouillon", titre="Secrète")
    client = connecte(secretaire)
    client.get(DEMANDER)
    with django_assert_max_num_queries(26):
        page = client.get(DEMANDER).content.decode()
    for valeur in ("fiche:5", f"enjeu:{enjeu.pk}", f"contrat:{contrat.pk}", f"reunion:{reunion.pk}"):
        assert f'<option value="{valeur}">' in page
    assert "Secrète" not in page
    envoi = {"genre": "technique", "question": "Quel enrobé ?", "pour": mairie.pk}
    client.post(DEMANDER, envoi | {"objet": "fiche:5"})
    demande = DemandeAppui.objects.get()
    assert (demande.structure, demande.objet_genre, demande.objet_id) == (voirie, "fiche", 5)
    assert f'href="{fiche.get_absolute_url()}"' in client.get(page_de(demande)).content.decode()
    client.post(DEMANDER, envoi | {"objet": f"reunion:{reunion.pk}"})
    autre = DemandeAppui.objects.exclude(pk=demande.pk).get()
    assert (autre.objet_genre, autre.objet_libelle) == ("reunion", "COPIL de mars")
    assert f'href="{reunion.get_absolute_url()}"' in client.get(page_de(autre)).content.decode()


@pytest.mark.parametrize("objet", ["fiche:6", "fiche:99", "inconnu:1", "fiche:x", "appui:1"])
def test_un_objet_qu_on_ne_lit_pas_n_est_pas_accepte(
    demarche, mairie, secretaire, structure, connecte, objet
):
    fabrique.fiche(demarche, numero=5, titre="Halle", maitre_ouvrage=mairie)
    fabrique.fiche(demarche, numero=6, etat="brouillon", titre="Secrète")
    envoi = {"genre": "montage", "question": "Ma question", "pour": mairie.pk, "objet": objet}
    reponse = connecte(secretaire).post(DEMANDER, envoi)
    assert reponse.status_code == 422
    page = reponse.content.decode()
    assert "prenez-en un de la liste" in page
    assert "Ma question" in page
    assert "Secrète" not in page
    assert not DemandeAppui.objects.exists()


def test_sans_objet_a_choisir_le_champ_n_est_pas_montre(demarche, secretaire, structure, connecte):
    assert "À propos de" not in connecte(secretaire).get(DEMANDER).content.decode()


def test_on_ne_demande_rien_sur_ce_qu_on_ne_voit_pas(demarche, secretaire, structure, connecte):
    fabrique.fiche(demarche, numero=6, etat="brouillon")
    assert connecte(secretaire).get(f"{DEMANDER}?objet=fiche&numero=6").status_code == 404


def test_un_partenaire_sans_compte_recoit_un_courriel(demarche, mairie, secretaire, connecte):
    StructureAppui.objects.create(
        autorite=demarche.autorite, organisation=fabrique.organisation("association"), nom="CAUE",
        courriel="conseil@exemple.fr",
    )  # fmt: skip
    donnees = {"genre": "technique", "question": "La place ?", "pour": mairie.pk}
    connecte(secretaire).post(DEMANDER, donnees)
    courriel = Courriel.objects.get()
    assert courriel.destinataire == "conseil@exemple.fr"
    assert "La place ?" in courriel.texte
    assert secretaire.courriel in courriel.texte


def test_de_la_prise_en_charge_a_la_cloture(demande, secretaire, mission, connecte):
    client, maire = connecte(mission), connecte(secretaire)
    geste(client, demande, "prendre_appui")
    demande.refresh_from_db()
    assert (demande.etat, demande.prise_par) == ("prise", mission)
    geste(client, demande, "attendre_appui", question="De quel projet s’agit-il ?")
    demande.refresh_from_db()
    assert demande.etat == "en_attente"
    assert demande.premiere_reponse_le is not None
    assert "On vous demande une précision" in maire.get(page_de(demande)).content.decode()
    dire(maire, demande, "De la halle")
    demande.refresh_from_db()
    assert demande.etat == "prise"
    assert geste(client, demande, "clore_appui", resultat="resolu").status_code == 422
    geste(client, demande, "clore_appui", resultat="resolu", reponse="Le devis et la délibération.")
    demande.refresh_from_db()
    assert (demande.etat, demande.resultat) == ("close", "resolu")
    page = maire.get(page_de(demande)).content.decode()
    assert "Le devis et la délibération." in page
    assert "Cette réponse vous aide-t-elle" in page
    maire.post(f"{page_de(demande)}satisfaction/", {"satisfait": "1"})
    demande.refresh_from_db()
    assert demande.satisfait is True
    geste(maire, demande, "rouvrir_appui", motif="Il manque le modèle")
    demande.refresh_from_db()
    assert (demande.etat, demande.satisfait, demande.close_le) == ("ouverte", None, None)
    gestes = set(Entree.objects.filter(objet_type="acteurs.demandeappui").values_list("geste", flat=True))
    assert gestes == {
        "prendre_appui", "attendre_appui", "preciser_appui", "clore_appui", "juger_appui", "rouvrir_appui",
    }  # fmt: skip


def test_un_message_entre_nous_n_est_pas_une_reponse(demande, mission, secretaire, connecte):
    dire(connecte(mission), demande, "Qui s’en occupe ?", "interne")
    demande.refresh_from_db()
    assert demande.premiere_reponse_le is None
    url = f"/territoires/gevaudan/conversations/appui/{demande.pk}/"
    assert "Qui s’en occupe" not in connecte(secretaire).get(url).content.decode()


def test_prise_par_un_autre_elle_le_dit_et_se_confie(demarche, demande, mission, structure, connecte):
    collegue = fabrique.agent("mission_appui", demarche, prenom="Léa", nom="Cros")
    structure.agents.add(collegue)
    geste(connecte(mission), demande, "prendre_appui")
    client = connecte(collegue)
    reponse = client.post(f"{page_de(demande)}geste/", {"geste": "prendre_appui"}, follow=True)
    assert "déjà prise en charge par Hugo Pages" in reponse.content.decode()
    geste(connecte(mission), demande, "confier_appui", agent=collegue.pk)
    demande.refresh_from_db()
    assert demande.prise_par == collegue
    assert Notification.objects.filter(destinataire_id=collegue.pk, sujet__contains="confiée").exists()


def test_changer_de_structure_demande_un_motif_et_redonne_un_delai(demarche, demande, mission, connecte):
    autre = StructureAppui.objects.create(
        autorite=demarche.autorite, organisation=fabrique.organisation("association"), nom="CAUE",
        delai_jours=30,
    )  # fmt: skip
    client = connecte(mission)
    sans = geste(client, demande, "orienter_appui", structure=autre.pk)
    assert sans.status_code == 422
    assert "Dites pourquoi la demande change de main" in sans.content.decode()
    geste(client, demande, "orienter_appui", structure=autre.pk, motif="C’est leur métier")
    demande.refresh_from_db()
    assert (demande.etat, demande.structure) == ("orientee", autre)
    assert demande.echeance_le == timezone.localdate() + timedelta(days=30)
    assert Entree.objects.get(geste="orienter_appui").motif == "C’est leur métier"


def test_le_temps_passe_n_est_jamais_montre_au_demandeur(demande, mission, secretaire, connecte):
    client = connecte(mission)
    client.post(f"{page_de(demande)}temps/", {"jour": "2026-03-01", "minutes": "45", "quoi": "Relecture"})
    assert TempsAppui.objects.get().minutes == 45
    assert "45 minutes en tout" in client.get(page_de(demande)).content.decode()
    page = connecte(secretaire).get(page_de(demande)).content.decode()
    assert "Relecture" not in page
    assert "Temps passé" not in page
    assert client.post(f"{page_de(demande)}temps/", {"jour": "2999-01-01", "minutes": "0"}).status_code == 422
    assert connecte(secretaire).post(f"{page_de(demande)}temps/").status_code == 403


@pytest.mark.parametrize("role", ["maire", "president_epci", "sous_prefet", "instructeur"])
def test_la_demande_d_une_mairie_n_existe_que_pour_elle_et_pour_qui_repond(role, demarche, demande, connecte):
    client = connecte(fabrique.agent(role, demarche))
    assert client.get(page_de(demande)).status_code == 404
    assert geste(client, demande, "prendre_appui").status_code == 404
    assert client.get(f"/territoires/gevaudan/conversations/appui/{demande.pk}/").status_code == 404
    assert "Quelles pièces" not in client.get("/appui/").content.decode()
    assert "Quelles pièces" not in client.get("/recherche/?q=pièces").content.decode()


def test_le_demandeur_ne_clot_pas_et_la_structure_ne_se_dit_pas_satisfaite(
    demande, secretaire, mission, connecte
):
    assert geste(connecte(secretaire), demande, "clore_appui").status_code == 403
    geste(connecte(mission), demande, "clore_appui", resultat="resolu", reponse="Voilà")
    assert connecte(mission).post(f"{page_de(demande)}satisfaction/").status_code == 403


def test_la_recherche_trouve_la_demande_de_qui_la_voit(demande, mission, connecte):
    page = connecte(mission).get("/recherche/?q=piece").content.decode()
    assert page_de(demande) in page


def test_la_liste_filtre_et_coute_toujours_autant(
    demarche, demande, mairie, mission, connecte, django_assert_max_num_queries
):
    for n in range(30):
        DemandeAppui.objects.create(
            territoire=demarche.territoire, autorite=demarche.autorite, demarche_id=demarche.pk,
            organisation=mairie, genre="juridique", question=f"Question {n}", demandee_par_nom="A",
            structure=demande.structure, echeance_le="2999-01-01", prise_par=mission,
        )  # fmt: skip
    client = connecte(mission)
    client.get("/appui/")
    with django_assert_max_num_queries(12):
        page = client.get("/appui/").content.decode()
    assert "31 demandes d’appui à traiter, dont 1 en retard" in page
    assert page.index("Quelles pièces") < page.index("Question 29")
    retards = client.get("/appui/?etat=retard").content.decode()
    assert "Quelles pièces" in retards
    assert "Question 3" not in retards
    assert not Message.objects.exists()


def test_une_nouvelle_sur_une_demande_que_l_on_ne_lit_plus_se_tait(demande, secretaire, mission, connecte):
    geste(connecte(mission), demande, "clore_appui", resultat="resolu", reponse="Le devis suffit.")
    assert "Le devis suffit." in connecte(secretaire).get("/mes-nouvelles/").content.decode()
    secretaire.habilitations.update(organisation=fabrique.organisation("commune"))
    DemandeAppui.objects.update(demandee_par=None)
    assert "Le devis suffit." not in connecte(secretaire).get("/mes-nouvelles/").content.decode()
