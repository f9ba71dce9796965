"""The directory: bodies, people, mandates, who is named, habilitations, who to call."""

from __future__ import annotations

from datetime import date, timedelta
from types import SimpleNamespace

import pytest

from arpent.plateforme.acteurs.designations import designer
from arpent.plateforme.acteurs.models import (
    Absence,
    Designation,
    Habilitation,
    Mandat,
    Organisation,
    Personne,
)
from arpent.plateforme.journal.models import Entree
from tests.plateforme import fabrique

pytestmark = pytest.mark.django_db
LE = date.today()


@pytest.fixture
def m(connecte):
    chirac = fabrique.commune("Chirac")
    demarche = fabrique.demarche(fabrique.territoire(fabrique.groupement(chirac)), slug="gevaudan")
    m = SimpleNamespace(demarche=demarche, autorite=demarche.autorite)
    m.mairie = fabrique.organisation("commune", "Commune de Chirac", commune=chirac, siren="214800617")
    m.chef = fabrique.agent("chef_de_projet", demarche, nom="Vidal", prenom="Claire")
    m.client = connecte(m.chef)
    m.personne = Personne.objects.create(nom="Pons", prenom="Jeanne", courriel="pons@exemple.fr")
    m.mandat = m.personne.mandats.create(organisation=m.mairie, fonction="maire", debut=date(2026, 3, 22))
    return m


def test_la_liste_se_lit_en_huit_requetes_quel_que_soit_le_nombre(m, django_assert_max_num_queries):
    for n in range(30):
        partenaire = fabrique.organisation("autre", f"Partenaire {n}", partenaire_de=m.autorite)
        m.personne.mandats.create(organisation=partenaire, fonction="autre", debut=LE)
    with django_assert_max_num_queries(8):
        reponse = m.client.get("/organisations/")
    assert "Partenaire 7" in reponse.text
    assert "Commune de Chirac" in reponse.text


@pytest.mark.parametrize(
    ("filtre", "vue"),
    [
        ("q=chirac", True),
        ("q=214800617", True),
        ("q=absente", False),
        ("nature=commune", True),
        ("nature=partenaire", False),
        ("territoire=inconnu", False),
    ],
)
def test_les_filtres_sont_dans_l_adresse(m, filtre, vue):
    assert ("Commune de Chirac" in m.client.get(f"/organisations/?{filtre}").text) is vue


def test_une_structure_d_ailleurs_n_existe_pas(m):
    ailleurs = fabrique.organisation("commune", "Ailleurs")
    assert m.client.get(f"/organisations/{ailleurs.pk}/").status_code == 404
    assert "Ailleurs" not in m.client.get("/organisations/").text


def test_la_fiche_d_une_structure_garde_les_mandats_passes(m, django_assert_max_num_queries):
    ancien = Personne.objects.create(nom="Roux", prenom="Paul")
    ancien.mandats.create(
        organisation=m.mairie, fonction="maire", debut=date(2020, 5, 25), fin=date(2026, 3, 21),
        motif_fin="Fin de mandat",
    )  # fmt: skip
    with django_assert_max_num_queries(9):
        page = m.client.get(f"/organisations/{m.mairie.pk}/").text
    assert page.index("Jeanne Pons") < page.index("Mandats et fonctions passés") < page.index("Paul Roux")


@pytest.mark.parametrize(
    ("envoi", "raison"),
    [
        ({"siren": "123456789"}, "clé de contrôle est fausse"),
        ({"siren": "214800617"}, "est déjà celui de « Commune de Chirac »"),
        ({"nom": "commune de chirac"}, "existe déjà"),
    ],
)
def test_un_siren_faux_ou_un_doublon_est_refuse(m, envoi, raison):
    reponse = m.client.post(
        "/organisations/nouvelle/", {"nom": "CAUE", "nature": "autre", "version_lue": 1} | envoi
    )
    assert reponse.status_code == 400
    assert raison in reponse.text.replace("\xa0", " ")
    assert not Organisation.objects.filter(nom="CAUE").exists()


def test_une_structure_ajoutee_est_partenaire_et_se_modifie_sans_ecraser(m):
    envoi = {"nom": "CAUE", "nature": "autre", "siren": "224 800 011", "themes": ["voirie"], "version_lue": 1}
    assert m.client.post("/organisations/nouvelle/", envoi).status_code == 302
    caue = Organisation.objects.get(nom="CAUE")
    assert (caue.siren, caue.partenaire_de, caue.themes) == ("224800011", m.autorite, "voirie")
    suite = envoi | {"missions": "Conseille les communes", "partenaire_de": m.autorite.pk}
    assert m.client.post(f"/organisations/{caue.pk}/modifier/", suite).status_code == 302
    assert m.client.post(f"/organisations/{caue.pk}/modifier/", suite | {"nom": "X"}).status_code == 409
    assert Organisation.objects.get(pk=caue.pk).nom == "CAUE"


def test_une_personne_entre_avec_une_fonction_et_son_adresse_n_est_pas_au_journal(m):
    envoi = {
        "prenom": "Zoé", "nom": "Bel", "courriel": "zoe@exemple.fr", "structure": "Chirac",
        "fonction": "secretaire", "debut": LE.isoformat(),
    }  # fmt: skip
    assert m.client.post("/personnes/nouvelle/", envoi).status_code == 302
    zoe = Personne.objects.get(nom="Bel")
    assert zoe.mandats.get().organisation == m.mairie
    assert "zoe@exemple.fr" not in str(list(Entree.objects.values_list("apres", flat=True)))
    refus = m.client.post("/personnes/nouvelle/", envoi | {"structure": "Paris"})
    assert refus.status_code == 400
    assert "Aucune structure de votre périmètre" in refus.text


def test_un_mandat_se_clot_avec_un_motif_et_reste(m):
    url = f"/mandats/{m.mandat.pk}/clore/"
    assert m.client.post(url, {"fin": "2026-06-30", "motif": ""}).status_code == 400
    assert m.client.post(url, {"fin": "2020-01-01", "motif": "Démission"}).status_code == 400
    assert m.client.post(url, {"fin": "2026-06-30", "motif": "Démission"}).status_code == 302
    clos = Mandat.objects.get()
    assert (clos.fin, clos.motif_fin) == (date(2026, 6, 30), "Démission")
    assert "déjà clos" in m.client.post(url, {"fin": "2026-07-30", "motif": "Démission"}).text


def test_les_acces_du_mandat_se_ferment_avec_lui_et_la_session_meurt(m, connecte):
    maire = fabrique.agent("maire", m.demarche, pour=m.mairie)
    Personne.objects.filter(pk=m.personne.pk).update(agent=maire)
    ailleurs = maire.habilitations.create(role="invite", territoire=m.demarche.territoire, debut=LE, fin=LE)
    session = connecte(maire)
    assert session.get("/").status_code == 200
    url = f"/mandats/{m.mandat.pk}/clore/"
    page = m.client.get(url).text
    assert "Se ferme avec lui, le même jour : maire" in page
    envoi = {"fin": (LE - timedelta(days=40)).isoformat(), "motif": "Démission"}
    assert m.client.post(url, envoi).status_code == 302
    acces = maire.habilitations.get(role="maire")
    assert (acces.fin, acces.motif) == (LE - timedelta(days=1), "Fin du mandat : Démission")
    assert session.get("/").status_code == 302, "la session ouverte avant meurt avant sa page suivante"
    ailleurs.refresh_from_db()
    assert ailleurs.fin == LE


def test_un_acces_tenu_par_une_autre_fonction_reste(m):
    maire = fabrique.agent("maire", m.demarche, pour=m.mairie)
    Personne.objects.filter(pk=m.personne.pk).update(agent=maire)
    m.personne.mandats.create(organisation=m.mairie, fonction="maire", intitule="déléguée", debut=LE)
    url = f"/mandats/{m.mandat.pk}/clore/"
    assert "Aucun accès n’en dépend." in m.client.get(url).text
    assert m.client.post(url, {"fin": LE.isoformat(), "motif": "Démission"}).status_code == 302
    assert maire.habilitations.get().fin is None


def test_un_mandat_se_corrige_sans_doublon(m):
    envoi = {"structure": "214800617", "fonction": "adjoint", "debut": "2026-03-22", "version_lue": 1}
    assert m.client.post(f"/mandats/{m.mandat.pk}/modifier/", envoi).status_code == 302
    assert Mandat.objects.get().fonction == "adjoint"
    assert m.client.post(f"/mandats/{m.mandat.pk}/modifier/", envoi).status_code == 409
    ajout = m.client.post(f"/personnes/{m.personne.pk}/mandats/ajouter/", envoi)
    assert "déjà cette fonction" in ajout.text
    canton = m.client.post(f"/personnes/{m.personne.pk}/mandats/ajouter/", envoi | {"canton": "Nulle part"})
    assert "n’est pas connu ici" in canton.text


def test_une_personne_se_lie_a_un_compte_une_seule_fois(m):
    secretaire = fabrique.agent("secretaire_mairie", m.demarche, pour=m.mairie)
    envoi = {"prenom": "Jeanne", "nom": "Pons", "compte": secretaire.courriel, "version_lue": 1}
    assert m.client.post(f"/personnes/{m.personne.pk}/modifier/", envoi).status_code == 302
    assert Personne.objects.get(pk=m.personne.pk).agent == secretaire
    autre = Personne.objects.create(nom="Autre")
    autre.mandats.create(organisation=m.mairie, fonction="adjoint", debut=LE)
    assert "déjà celui d’une autre" in m.client.post(f"/personnes/{autre.pk}/modifier/", envoi).text
    inconnu = m.client.post(f"/personnes/{autre.pk}/modifier/", envoi | {"compte": "nul@exemple.fr"})
    assert "Aucun compte de votre périmètre" in inconnu.text


def test_la_carte_de_visite_s_ouvre_dans_un_carnet(m):
    reponse = m.client.get(f"/personnes/{m.personne.pk}/carte.vcf")
    assert reponse.headers["Content-Type"].startswith("text/vcard")
    assert "N:Pons;Jeanne\r\n" in reponse.text
    assert "ORG:Commune de Chirac\r\n" in reponse.text


def test_une_mairie_designe_qui_propose_et_la_page_le_dit_aux_autres(m, connecte):
    maire = fabrique.agent("maire", m.demarche, pour=m.mairie, nom="Pons", prenom="Jeanne")
    secretaire = fabrique.agent("secretaire_mairie", m.demarche, pour=m.mairie)
    fiche = fabrique.fiche(m.demarche, maitre_ouvrage=m.mairie, etat="brouillon")
    url = f"/organisations/{m.mairie.pk}/designer/"
    envoi = {"agent": maire.pk, "fonction": "valideur"}
    assert connecte(secretaire).post(url, envoi).status_code == 403
    assert connecte(maire).post(url, envoi).status_code == 302
    geste = {"geste": "proposer", "version_lue": fiche.version}
    adresse = f"{fiche.get_absolute_url()}geste/"
    refus = connecte(secretaire).post(adresse, geste)
    assert refus.status_code == 403
    assert "Jeanne Pons pour valider et proposer" in refus.text
    assert connecte(maire).post(f"/designations/{Designation.objects.get().pk}/cesser/").status_code == 302
    assert connecte(secretaire).post(adresse, geste).status_code != 403


def test_on_ne_designe_que_quelqu_un_de_la_structure(m, connecte):
    maire = fabrique.agent("maire", m.demarche, pour=m.mairie)
    envoi = {"agent": m.chef.pk, "fonction": "valideur"}
    assert connecte(maire).post(f"/organisations/{m.mairie.pk}/designer/", envoi).status_code == 302
    assert not Designation.objects.exists()
    designer(m.mairie, maire, "signataire", par=maire)
    m.mairie.refresh_from_db()
    assert m.mairie.nomme("signataire")


def test_donner_prolonger_clore_un_role(m):
    invite = fabrique.agent("secretaire_mairie", m.demarche, pour=m.mairie)
    envoi = {
        "compte": invite.courriel, "role": "invite", "territoire": m.demarche.territoire_id,
        "debut": LE.isoformat(), "fin": (LE + timedelta(60)).isoformat(), "themes": ["voirie"],
    }  # fmt: skip
    assert "indiquez la date de fin" in m.client.post("/habilitations/donner/", envoi | {"fin": ""}).text
    assert m.client.post("/habilitations/donner/", envoi).status_code == 302
    acces = Habilitation.objects.get(role="invite")
    url = f"/habilitations/{acces.pk}/"
    trop_long = {"prolonger": "1", "fin": (LE + timedelta(500)).isoformat()}
    assert "un an au plus" in m.client.post(url, trop_long).text
    assert m.client.post(url, trop_long | {"fin": (LE + timedelta(90)).isoformat()}).status_code == 302
    assert m.client.post(url, {}).status_code == 400
    fin = {"clore": "1", "fin": LE.isoformat(), "motif": ""}
    assert m.client.post(url, fin).status_code == 400
    assert m.client.post(url, fin | {"motif": "Étude rendue"}).status_code == 302
    assert Habilitation.objects.get(role="invite").fin == LE


def test_la_liste_des_habilitations_se_lit_en_huit_requetes(m, django_assert_max_num_queries):
    for _ in range(20):
        fabrique.agent("agent_epci", m.demarche)
    with django_assert_max_num_queries(8):
        page = m.client.get("/habilitations/?etat=en_cours&role=agent_epci").text
    assert page.count("agent d’intercommunalité") >= 20


def test_vos_interlocuteurs_par_theme_avec_l_absence(m, django_assert_max_num_queries):
    voirie = fabrique.agent("instructeur", m.demarche, nom="Voirie", prenom="Nadia")
    cadre = fabrique.agent("instructeur", m.demarche, nom="Cadre", prenom="Léo")
    Habilitation.objects.filter(agent=voirie).update(themes="voirie")
    Habilitation.objects.filter(agent=cadre).update(themes="cadre-de-vie")
    fabrique.organisation("autre", "CAUE", partenaire_de=m.autorite, missions="Conseille", telephone="04 66")
    Absence.objects.create(agent=voirie, suppleant=m.chef, debut=LE, fin=LE + timedelta(3))
    with django_assert_max_num_queries(10):
        page = m.client.get("/territoires/gevaudan/interlocuteurs/?theme=voirie").text
    assert "Nadia Voirie" in page
    assert "Léo Cadre" not in page
    assert "Pendant ce temps : Claire Vidal" in page
    assert "CAUE" in page
    tous = m.client.get("/territoires/gevaudan/interlocuteurs/").text
    assert "Léo Cadre" in tous
    cartes = m.client.get("/territoires/gevaudan/interlocuteurs.vcf?theme=voirie").text
    assert cartes.count("BEGIN:VCARD") == 3
    pdf = m.client.get("/territoires/gevaudan/interlocuteurs.pdf")
    assert pdf.content.startswith(b"%PDF")


def test_un_instructeur_ne_voit_a_pre_instruire_que_ses_themes(m, connecte):
    themes = list(m.demarche.processus.dispositif.themes.order_by("code"))
    for theme in themes:
        fabrique.fiche(m.demarche, maitre_ouvrage=m.mairie, theme=theme, titre=f"Projet de {theme.code}")
    nadia = fabrique.agent("instructeur", m.demarche)
    Habilitation.objects.filter(agent=nadia).update(themes="voirie")
    accueil = connecte(nadia).get("/").text
    assert 'Fiches à pré-instruire<span class="invisible"> : 1</span>' in accueil
    slug = m.demarche.processus.dispositif.slug
    liste = connecte(nadia).get(f"/dispositifs/{slug}/preinstruction/").text
    assert "Projet de voirie" in liste
    assert "Projet de cadre-de-vie" not in liste
