"""/plan/deliberations/ and the act of one fiche."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from arpent.metier.deliberation import EtatActe
from arpent.plateforme.journal.models import Entree
from arpent.plateforme.notifications.models import Notification
from arpent.plateforme.plans.actions import ActionRefusee
from arpent.plateforme.plans.avancement import faire_avancer_fiche
from arpent.plateforme.plans.deliberations import attendues, enregistrer_deliberation, lire_actes
from arpent.plateforme.plans.models import Deliberation, Fiche, PieceJointe
from arpent.plateforme.plans.saisies import lignes_de
from arpent.plateforme.reglements.edition_parametres import ajouter_ligne
from arpent.plateforme.reglements.models import ParametreLegal
from arpent.plateforme.reglements.parametres import table_legale
from arpent.plateforme.socle.versions import ConflitDeVersion
from tests.plateforme import fabrique
from tests.plateforme.plans.reglement import publier

pytestmark = pytest.mark.django_db
LE = date(2026, 6, 1)
LISTE = "/territoires/gevaudan/plan/deliberations/"
ACTE = {
    "assemblee": "Conseil municipal de Chirac", "numero": "2026-12", "adoptee_le": date(2026, 3, 12),
    "sens": "adoptee",
}  # fmt: skip


@pytest.fixture
def demarche():
    demarche = fabrique.demarche(slug="gevaudan")
    publier(demarche.processus.dispositif)
    return demarche


def enregistrer(fiche, **champs):
    return enregistrer_deliberation(fiche, ACTE | champs, par=None, le=LE)


def formulaire(**champs):
    return {
        "assemblee": "Conseil",
        "numero": "2026-12",
        "adoptee_le": "2026-03-12",
        "version_lue": 1,
    } | champs


def test_la_liste_dit_ce_qui_est_a_prendre_et_par_qui(demarche, connecte):
    chirac = fabrique.organisation("commune", "Chirac")
    fabrique.fiche(demarche, maitre_ouvrage=chirac, titre="École", numero=1)
    prise = fabrique.fiche(demarche, titre="Pont", numero=2)
    fabrique.fiche(demarche, titre="Secret", etat="brouillon", numero=3)
    enregistrer(prise)
    page = connecte(fabrique.agent("chef_de_projet", demarche)).get(LISTE).content.decode()
    assert "1 délibération à prendre" in page
    assert "Conseil municipal – Chirac" in page
    assert "2026-12 du" in page
    assert "Secret" not in page


def test_la_liste_se_filtre_par_etat_et_par_maitre_d_ouvrage(demarche, connecte):
    a, b = fabrique.organisation("commune", "Aumont"), fabrique.organisation("commune", "Banassac")
    fabrique.fiche(demarche, maitre_ouvrage=a, titre="Gîte")
    fabrique.fiche(demarche, maitre_ouvrage=b, titre="Stade")
    enregistrer(fabrique.fiche(demarche, maitre_ouvrage=b, titre="Halle"))
    client = connecte(fabrique.agent("chef_de_projet", demarche))
    page = client.get(LISTE, {"mo": b.pk, "etat": "a_prendre"}).content.decode()
    assert "Stade" in page
    assert "Gîte" not in page
    assert "Halle" not in page


def test_la_liste_coute_le_meme_nombre_de_requetes(demarche, connecte, django_assert_max_num_queries):
    client = connecte(fabrique.agent("chef_de_projet", demarche))
    for i in range(12):
        fiche = fabrique.fiche(demarche)
        fabrique.financement(fiche, "etat", "100")
        if i % 2:
            enregistrer(fiche)
    client.get(LISTE)
    with django_assert_max_num_queries(12):
        assert client.get(LISTE).status_code == 200


def test_relancer_cree_l_acte_attendu_et_previent_le_porteur(demarche, connecte):
    fiche = fabrique.fiche(demarche, numero=7)
    maire = fabrique.agent("maire", demarche, pour=fiche.maitre_ouvrage)
    chef = connecte(fabrique.agent("chef_de_projet", demarche))
    quand = date.today() + timedelta(days=20)
    reponse = chef.post(f"{LISTE}relance/", {"fiche": [7], "attendue_le": quand.isoformat()})
    assert reponse.status_code == 302
    due = Deliberation.objects.get()
    assert (due.attendue_le, due.numero, due.adoptee_le) == (quand, "", None)
    assert Notification.objects.get().destinataire_id == maire.pk
    assert Entree.objects.filter(geste="relancer_deliberation").count() == 1
    chef.post(f"{LISTE}relance/", {"fiche": [7]})
    assert Deliberation.objects.get().attendue_le == quand


def test_une_deliberation_deja_prise_ne_se_relance_pas(demarche, connecte):
    fiche = fabrique.fiche(demarche, numero=7)
    enregistrer(fiche)
    chef = connecte(fabrique.agent("chef_de_projet", demarche))
    assert chef.post(f"{LISTE}relance/", {"fiche": [7]}).status_code == 400
    assert Deliberation.objects.count() == 1


def test_l_acte_complet_s_enregistre_et_ses_anomalies_se_disent(demarche, connecte):
    fiche = fabrique.fiche(demarche)
    client = connecte(fabrique.agent("maire", demarche, pour=fiche.maitre_ouvrage))
    valeurs = formulaire(en_exercice=11, presents=5, representes=2, pour=7, contre=0, abstentions=0)
    reponse = client.post(f"{fiche.get_absolute_url()}deliberations/", valeurs, follow=True)
    assert reponse.status_code == 200
    assert "quorum n’est pas atteint" in reponse.content.decode()
    acte = Deliberation.objects.get()
    assert (acte.presents, acte.pour, acte.sens) == (5, 7, "adoptee")


@pytest.mark.parametrize(
    ("champs", "attendu"),
    [
        ({"convoquee_le": "2026-03-20"}, "désordre"),
        ({"transmise_le": "2026-03-01"}, "désordre"),
        ({"adoptee_le": "2099-01-01"}, "pas encore passé"),
        ({"presents": 3, "pour": 9}, "9 voix"),
        ({"numero": ""}, "porte un numéro"),
    ],
)
def test_un_acte_impossible_est_refuse_sans_rien_perdre(demarche, connecte, champs, attendu):
    fiche = fabrique.fiche(demarche)
    client = connecte(fabrique.agent("chef_de_projet", demarche))
    reponse = client.post(f"{fiche.get_absolute_url()}deliberations/", formulaire(objet="Le pont", **champs))
    texte = reponse.content.decode()
    assert (reponse.status_code, Deliberation.objects.count()) == (400, 0)
    assert attendu in texte
    assert 'value="Le pont"' in texte


def test_l_acte_se_complete_plus_tard(demarche, connecte):
    fiche = fabrique.fiche(demarche)
    acte = enregistrer(fiche)
    client = connecte(fabrique.agent("secretaire_mairie", demarche, pour=fiche.maitre_ouvrage))
    adresse = f"{fiche.get_absolute_url()}deliberations/{acte.pk}/"
    assert "2026-12" in client.get(adresse).content.decode()
    valeurs = formulaire(transmise_le="2026-03-13", publiee_le="2026-03-14", accuse="048-1")
    assert client.post(adresse, valeurs).status_code == 302
    (lu,) = lire_actes(fiche, lignes_de(fiche), LE, table_legale())
    assert lu.etat is EtatActe.EXECUTOIRE
    perimee = client.post(adresse, valeurs | {"version_lue": 1, "accuse": "autre"})
    assert perimee.status_code == 409
    assert "048-1" in perimee.content.decode()


def test_deux_personnes_ne_corrigent_pas_l_acte_a_l_insu_l_une_de_l_autre(demarche):
    fiche = fabrique.fiche(demarche)
    acte = enregistrer(fiche)
    Deliberation.objects.filter(pk=acte.pk).update(version=2)
    with pytest.raises(ConflitDeVersion):
        enregistrer_deliberation(fiche, {"accuse": "x"}, par=None, le=LE, deliberation=acte, version_lue=1)


def test_un_plan_change_depuis_le_vote_est_a_reprendre_et_dit_quoi(demarche):
    fiche = fabrique.fiche(demarche)
    fabrique.financement(fiche, "etat", "30000", statut="sollicite")
    acte = enregistrer(fiche)
    assert acte.plan_adopte["cout_ht"].startswith("100")
    fiche.financements.update(statut="acquis")
    fiche.refresh_from_db()
    (lu,) = lire_actes(fiche, lignes_de(fiche), LE, table_legale())
    assert lu.a_reprendre == ()
    Fiche.objects.filter(pk=fiche.pk).update(cout_ht=Decimal("120000"))
    fiche.financements.update(montant=Decimal("40000"))
    fiche.refresh_from_db()
    (lu,) = lire_actes(fiche, lignes_de(fiche), LE, table_legale())
    assert [c.libelle for c in lu.a_reprendre] == ["Coût total HT", "Plan de financement"]
    assert attendues(Fiche.objects.all(), LE)[0].a_reprendre


def _exiger(demarche, geste):
    dispositif = demarche.processus.dispositif
    dispositif.parametres = {"deliberation": {"exigee_pour": geste}}
    dispositif.save(update_fields=["parametres"])


def test_le_dispositif_peut_refuser_un_geste_sans_deliberation(demarche):
    _exiger(demarche, "pre_instruire")
    fiche = fabrique.fiche(demarche)
    with pytest.raises(ActionRefusee, match="Il manque la délibération"):
        faire_avancer_fiche(fiche, "pre_instruire", par=None)
    enregistrer(fiche, sens="rejetee")
    with pytest.raises(ActionRefusee, match="Il manque la délibération"):
        faire_avancer_fiche(fiche, "pre_instruire", par=None)
    enregistrer(fiche, numero="2026-13")
    Fiche.objects.filter(pk=fiche.pk).update(aide_demandee=Decimal("25000"))
    with pytest.raises(ActionRefusee, match="à reprendre : depuis le vote ont changé aide demandée"):
        faire_avancer_fiche(fiche, "pre_instruire", par=None)
    Fiche.objects.filter(pk=fiche.pk).update(aide_demandee=Decimal("20000"))
    assert faire_avancer_fiche(fiche, "pre_instruire", par=None).etat == "pre_instruite"


def test_un_dispositif_qui_n_exige_rien_n_arrete_rien(demarche):
    _exiger(demarche, "retenir")
    fiche = fabrique.fiche(demarche)
    assert faire_avancer_fiche(fiche, "pre_instruire", par=None).etat == "pre_instruite"


def test_un_texte_piege_reste_du_texte(demarche, connecte):
    piege = "<script>alert('x')</script>"
    fiche = fabrique.fiche(demarche)
    acte = enregistrer(fiche, objet=piege, assemblee=piege, numero=f"N{piege}", accuse=piege)
    client = connecte(fabrique.agent("chef_de_projet", demarche))
    suites = ("volets/actes/", "?tout=1", f"deliberations/{acte.pk}/")
    adresses = (LISTE, *(f"{fiche.get_absolute_url()}{suite}" for suite in suites))
    for adresse in adresses:
        page = client.get(adresse).content.decode()
        assert piege not in page
        assert "&lt;script&gt;alert" in page


def test_le_delai_saisi_par_l_instance_se_lit_sur_l_acte(demarche):
    fiche = fabrique.fiche(demarche)
    enregistrer(fiche, convoquee_le=date(2026, 3, 4))
    assert lire_actes(fiche, lignes_de(fiche), LE, table_legale())[0].remarques == ()
    ligne = ParametreLegal(
        code="convocation_delai", valeur=Decimal("10"), depuis=date(2026, 1, 1), source="loi d’essai"
    )
    ajouter_ligne(ligne, par=None)
    (remarque,) = lire_actes(fiche, lignes_de(fiche), LE, table_legale())[0].remarques
    assert "10 jours francs" in remarque.texte
    assert remarque.source == "loi d’essai"


# --- the signed act ---
PDF = b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"


def signe(contenu=PDF, nom="acte.pdf"):
    return SimpleUploadedFile(nom, contenu, content_type="application/pdf")


def test_l_acte_signe_se_joint_avec_l_acte_et_se_telecharge_a_cote(demarche, connecte):
    fiche = fabrique.fiche(demarche)
    client = connecte(fabrique.agent("secretaire_mairie", demarche, pour=fiche.maitre_ouvrage))
    url = f"{fiche.get_absolute_url()}deliberations/"
    assert 'enctype="multipart/form-data"' in client.get(url).content.decode()
    assert client.post(url, formulaire(signe=signe())).status_code == 302
    piece = PieceJointe.objects.get()
    acte = Deliberation.objects.get()
    assert (piece.nature, piece.deliberation_id, piece.titre) == (
        "deliberation", acte.pk, "Délibération 2026-12 signée",
    )  # fmt: skip
    lien = f"{fiche.get_absolute_url()}pieces/{piece.pk}/"
    for page in (fiche.get_absolute_url(), f"{url}{acte.pk}/"):
        assert lien in client.get(page).content.decode()
    assert b"".join(client.get(lien).streaming_content) == PDF
    assert Entree.objects.filter(geste="deposer_piece").count() == 1


@pytest.mark.parametrize(
    ("champs", "attendu"),
    [
        ({"adoptee_le": "", "numero": ""}, "une fois voté"),
        ({"contenu": b"MZ\x90\x00"}, "Ce type de fichier n’est pas accepté"),
    ],
)
def test_un_acte_signe_refuse_n_enregistre_rien(demarche, connecte, champs, attendu):
    fiche = fabrique.fiche(demarche)
    client = connecte(fabrique.agent("chef_de_projet", demarche))
    envoi = signe(champs.pop("contenu", PDF))
    reponse = client.post(
        f"{fiche.get_absolute_url()}deliberations/", formulaire(signe=envoi, objet="Le pont", **champs)
    )
    texte = reponse.content.decode()
    assert (reponse.status_code, Deliberation.objects.count(), PieceJointe.objects.count()) == (400, 0, 0)
    assert attendu in texte
    assert 'value="Le pont"' in texte


# --- every territory ------------------------------------------------------------------------------
TOUTES = "/deliberations/"


@pytest.fixture
def partout(demarche):
    """Two territories of the same authority; what each fiche is called says where its act stands."""
    autre = fabrique.demarche(slug="margeride", dans=demarche.processus.dispositif)
    chirac = fabrique.organisation("commune", "Chirac")
    for ou in (demarche, autre):
        nom = ou.slug
        fabrique.fiche(ou, titre=f"Rien {nom}", maitre_ouvrage=chirac)
        fabrique.fiche(ou, titre=f"Secret {nom}", etat="brouillon")
        tardive = fabrique.fiche(ou, titre=f"Tardive {nom}")
        Deliberation.objects.create(fiche=tardive, assemblee="Conseil", attendue_le=date(2020, 1, 1))
        rejetee = fabrique.fiche(ou, titre=f"Rejetée {nom}")
        enregistrer(rejetee, sens="rejetee")
        adoptee = fabrique.fiche(ou, titre=f"Adoptée {nom}")
        enregistrer(adoptee, numero="1", transmise_le=date(2026, 3, 13))
        enregistrer(adoptee, numero="2", adoptee_le=date(2026, 4, 2))
        transmise = fabrique.fiche(ou, titre=f"Transmise {nom}")
        enregistrer(transmise, transmise_le=date(2026, 3, 13))
        publiee = fabrique.fiche(ou, titre=f"Publiée {nom}")
        enregistrer(publiee, recue_le=date(2026, 3, 13), publiee_le=date(2026, 3, 14))
    return demarche, autre


NOMS = ("Rien", "Secret", "Tardive", "Rejetée", "Adoptée", "Transmise", "Publiée")


@pytest.mark.parametrize(
    ("question", "attendues_la"),
    [
        ({}, {"Rien", "Tardive", "Rejetée"}),
        ({"etat": ""}, {"Rien", "Tardive", "Rejetée", "Adoptée", "Transmise", "Publiée"}),
        ({"etat": "en_retard"}, {"Tardive"}),
        ({"etat": "adoptee"}, {"Adoptée"}),
        ({"etat": "transmise"}, {"Transmise"}),
        ({"etat": "executoire"}, {"Publiée"}),
        ({"etat": "inconnu", "mo": "chirac"}, {"Rien"}),
    ],
)
def test_la_liste_generale_se_filtre_comme_celle_d_un_territoire(partout, connecte, question, attendues_la):
    page = connecte(fabrique.agent("chef_de_projet", partout[0])).get(TOUTES, question).content.decode()
    for demarche in partout:
        montrees = {nom for nom in NOMS if f"{nom} {demarche.slug}<" in page}
        assert montrees == attendues_la


def test_la_liste_generale_met_ce_qui_est_en_retard_en_tete_et_le_compte(partout, connecte):
    page = connecte(fabrique.agent("chef_de_projet", partout[0])).get(TOUTES).content.decode()
    assert "6 délibérations à prendre, dont 2 en retard" in page
    assert page.index("Tardive") < page.index("Rien")
    seule = connecte(fabrique.agent("chef_de_projet", partout[0])).get(TOUTES, {"territoire": "introuvable"})
    assert "Aucune délibération ne répond" in seule.content.decode()


def test_un_maire_ne_lit_que_son_territoire(partout, connecte):
    page = connecte(fabrique.agent("maire", partout[0])).get(TOUTES).content.decode()
    assert "Tardive gevaudan" in page
    assert "margeride" not in page


def test_la_liste_generale_coute_le_meme_nombre_de_requetes(partout, connecte, django_assert_max_num_queries):
    client = connecte(fabrique.agent("chef_de_projet", partout[0]))
    for i in range(60):
        fiche = fabrique.fiche(partout[i % 2], titre=f"Fiche {i}")
        if i % 2:
            Deliberation.objects.create(fiche=fiche, assemblee="Conseil", attendue_le=date(2026, 1, 1))
    client.get(TOUTES)
    with django_assert_max_num_queries(11):
        page = client.get(TOUTES, {"page": "2"})
    assert "66 délibérations à prendre" in page.content.decode()
    assert page.content.decode().count("<tr>") == 17
