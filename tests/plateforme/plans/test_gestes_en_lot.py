"""One gesture on several fiches: shown first, then done one by one, each refusal with its reason."""

import re
from datetime import date

import pytest

from arpent.plateforme.acteurs.models import Habilitation
from arpent.plateforme.journal.models import Entree
from arpent.plateforme.plans import gestes_en_lot
from arpent.plateforme.plans.gestes_en_lot import GESTES
from arpent.plateforme.plans.models import Axe, Fiche
from tests.plateforme import fabrique

pytestmark = pytest.mark.django_db
LOT = "/territoires/gevaudan/plan/lot/"


@pytest.fixture
def demarche():
    return fabrique.demarche(slug="gevaudan")


@pytest.fixture
def chef(demarche, connecte):
    return connecte(fabrique.agent("chef_de_projet", demarche))


def demander(client, fiches, geste, **champs):
    return client.post(LOT, {"n": [f.pk for f in fiches], "geste": geste} | champs)


def confirmer(client, page, geste, **champs):
    """Sends the confirmation form back, as the page wrote it."""
    html = page.content.decode()
    n, v, cle = (
        re.findall(rf'name="{nom}" value="([^"]+)"', html.partition('class="pile mesure"')[2])
        for nom in ("n", "v", "_soumission")
    )
    envoi = {"n": n, "v": v, "_soumission": cle, "geste": geste, "confirme": "1"}
    return client.post(LOT, envoi | champs)


def test_l_apercu_dit_ce_qui_change_et_n_ecrit_rien(demarche, chef):
    prete = fabrique.fiche(demarche, titre="Prête", etat="pre_instruite")
    brouillon = fabrique.fiche(demarche, titre="Pas prête", etat="brouillon")
    page = demander(chef, [prete, brouillon], "retenir").content.decode().replace("\xa0", " ")
    assert "Pré-instruite → Retenue" in page
    assert "Retenir : 1 fiche, 1 ne le peut pas" in page
    assert prete.maitre_ouvrage.nom in page
    assert set(Fiche.objects.values_list("etat", flat=True)) == {"pre_instruite", "brouillon"}


def test_chaque_fiche_suit_son_cycle_et_laisse_sa_trace(demarche, chef):
    fiches = [fabrique.fiche(demarche, etat="pre_instruite") for _ in range(3)]
    page = demander(chef, fiches, "retenir")
    Fiche.objects.filter(pk=fiches[0].pk).update(version=9)
    rapport = confirmer(chef, page, "retenir").content.decode()
    assert "fait pour 2 fiches, refusé pour 1" in rapport
    assert "a changé depuis l’aperçu" in rapport
    assert Fiche.objects.filter(etat="retenue").count() == 2
    assert Entree.objects.filter(geste="retenir").count() == 2


def test_un_lot_envoye_deux_fois_n_a_qu_un_effet_et_montre_le_meme_compte_rendu(demarche, chef):
    fiches = [fabrique.fiche(demarche, etat="pre_instruite") for _ in range(3)]
    page = demander(chef, fiches, "retenir")
    premier, second = confirmer(chef, page, "retenir"), confirmer(chef, page, "retenir")
    assert "fait pour 3 fiches" in premier.content.decode()
    assert second.content == premier.content
    assert second.status_code == 200
    assert Entree.objects.filter(geste="retenir").count() == 3


def test_sans_motif_un_refus_n_est_pas_fait(demarche, chef):
    fiche = fabrique.fiche(demarche, etat="pre_instruite")
    page = demander(chef, [fiche], "refuser")
    assert "Motif, lu par les porteurs" in page.content.decode()
    assert confirmer(chef, page, "refuser").status_code == 400
    assert Fiche.objects.get().etat == "pre_instruite"
    confirmer(chef, page, "refuser", motif="Hors du règlement")
    assert Fiche.objects.get().etat == "refusee"
    assert Entree.objects.get(geste="refuser").motif == "Hors du règlement"


def test_annee_axe_theme_et_rang_s_ecrivent_en_lot(demarche, chef):
    fiches = [fabrique.fiche(demarche) for _ in range(2)]
    axe = Axe.objects.create(demarche=demarche, numero=1, libelle="Vivre")
    theme = demarche.processus.dispositif.themes.last()
    valeurs = {"annee": 2028, "axe": axe.pk, "theme": theme.code, "priorite_territoire": 3}
    for geste, valeur in valeurs.items():
        page = demander(chef, fiches, geste)
        assert page.status_code == 200
        assert confirmer(chef, page, geste, valeur=valeur).status_code == 200
    for lue in Fiche.objects.all():
        assert (lue.annee, lue.axe, lue.theme, lue.priorite_territoire) == (2028, axe, theme, 3)
    assert Entree.objects.filter(geste="modifier").count() == 6


@pytest.mark.parametrize(
    ("geste", "valeur"), [("annee", "20x8"), ("annee", "1900"), ("axe", "999"), ("theme", "")]
)
def test_une_valeur_fausse_n_ecrit_rien(demarche, chef, geste, valeur):
    fiche = fabrique.fiche(demarche)
    page = demander(chef, [fiche], geste)
    assert confirmer(chef, page, geste, valeur=valeur).status_code == 400
    assert not Entree.objects.filter(geste="modifier").exists()


def test_tout_ce_que_montre_le_filtre_et_rien_d_autre(demarche, chef):
    fabrique.fiche(demarche, titre="Dedans", maturite="structurant", etat="pre_instruite")
    fabrique.fiche(demarche, titre="Dehors", etat="pre_instruite")
    reponse = chef.post(LOT, {"tout": "on", "requete": "maturite=structurant", "geste": "retenir"})
    page = reponse.content.decode()
    assert "Dedans" in page
    assert "Dehors" not in page


def test_confirmer_avec_tout_ce_que_le_formulaire_envoie_ecrit_vraiment(demarche, chef):
    fiche = fabrique.fiche(demarche, annee=2027)
    page = demander(chef, [fiche], "annee").content.decode()
    formulaire = page[page.index('<form class="pile mesure"') :]
    formulaire = formulaire[: formulaire.index("</form>")]
    caches = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', formulaire)
    envoi = dict(caches) | {"valeur": "2031"}
    assert "fait pour 1 fiche" in chef.post(LOT, envoi).content.decode()
    assert Fiche.objects.get().annee == 2031
    assert "fait pour 1 fiche" in chef.post(LOT, envoi).content.decode()
    assert "a changé depuis l’aperçu" in chef.post(LOT, envoi | {"_soumission": "autre"}).content.decode()


def test_une_mairie_ne_propose_que_ses_fiches(demarche, connecte):
    mairie = fabrique.organisation("commune")
    sienne = fabrique.fiche(demarche, etat="a_completer", maitre_ouvrage=mairie)
    autre = fabrique.fiche(demarche, etat="a_completer")
    maire = connecte(fabrique.agent("maire", demarche, pour=mairie))
    page = demander(maire, [sienne, autre], "proposer")
    assert "Cette fiche est celle de" in page.content.decode()
    Fiche.objects.filter(pk=sienne.pk).update(theme=demarche.processus.dispositif.themes.first())
    confirmer(maire, page, "proposer")
    assert Fiche.objects.get(pk=autre.pk).etat == "a_completer"


def test_les_fiches_d_ailleurs_n_existent_pas(demarche, chef):
    ailleurs = fabrique.fiche(fabrique.demarche(), titre="Secrète", etat="pre_instruite")
    page = demander(chef, [ailleurs], "retenir").content.decode()
    assert "Secrète" not in page
    confirmation = {"n": [ailleurs.pk], "v": [f"{ailleurs.pk}:1"], "geste": "retenir", "confirme": "1"}
    chef.post(LOT, confirmation)
    assert Fiche.objects.get().etat == "pre_instruite"


@pytest.mark.parametrize(
    "donnees", [{}, {"geste": "retenir"}, {"geste": "zzz", "n": "1"}, {"n": "²", "geste": "retenir"}]
)
def test_une_demande_sans_fiche_ou_sans_geste_dit_quoi_faire(demarche, chef, donnees):
    reponse = chef.post(LOT, donnees)
    assert reponse.status_code == 400
    assert re.search("Cochez au moins une fiche|Choisissez ce qu’il faut faire", reponse.content.decode())


def test_qui_ne_fait_que_lire_n_a_pas_de_cases(demarche, connecte, chef):
    fabrique.fiche(demarche)
    lecteur = connecte(fabrique.agent("elu_autorite", demarche))
    assert 'name="n"' not in lecteur.get("/territoires/gevaudan/plan/").content.decode()
    assert 'name="n"' in chef.get("/territoires/gevaudan/plan/").content.decode()


def test_l_apercu_de_cent_fiches_tient_en_dix_requetes(demarche, chef, django_assert_max_num_queries):
    fiches = [fabrique.fiche(demarche, etat="pre_instruite") for _ in range(100)]
    with django_assert_max_num_queries(10):
        assert demander(chef, fiches, "retenir").status_code == 200


def test_chaque_geste_du_cycle_ouvert_ici_est_offert():
    assert {"proposer", "demander_complement", "pre_instruire", "retenir", "differer", "refuser"} <= set(
        GESTES
    )
    assert "contractualiser" not in GESTES


# --- the list of every territory ------------------------------------------------------------------

GENERAL = "/fiches/lot/"


@pytest.fixture
def deux_territoires():
    dispositif = fabrique.dispositif()
    return [
        fabrique.demarche(fabrique.territoire(nom=nom), dispositif, slug=nom.lower())
        for nom in ("Aubrac", "Margeride")
    ]


def test_d_un_territoire_a_l_autre_chaque_fiche_repond_pour_elle(deux_territoires, connecte):
    aubrac, margeride = deux_territoires
    chef = connecte(fabrique.agent("chef_de_projet", aubrac))
    pretes = [fabrique.fiche(ou, etat="pre_instruite") for ou in deux_territoires]
    pas_prete = fabrique.fiche(margeride, titre="Pas prête", etat="brouillon")
    page = chef.post(GENERAL, {"n": [f.pk for f in [*pretes, pas_prete]], "geste": "retenir"})
    html = page.content.decode().replace("\xa0", " ")
    assert "Retenir : 2 fiches, 1 ne le peut pas" in html
    assert 'data-libelle="Territoire">Margeride</td>' in html
    assert not Fiche.objects.filter(etat="retenue").exists()
    n, v = (re.findall(rf'name="{nom}" value="([\d:]+)"', html) for nom in ("n", "v"))
    envoi = {"n": [*n, pas_prete.pk], "v": [*v, f"{pas_prete.pk}:1"], "geste": "retenir", "confirme": "1"}
    rapport = chef.post(GENERAL, envoi).content.decode()
    assert "fait pour 2 fiches, refusé pour 1" in rapport
    assert "Pas prête" in rapport.split("Refusé, et pourquoi")[-1].split("<h2>Fait")[0]
    assert Fiche.objects.filter(etat="retenue").count() == 2
    assert set(Entree.objects.filter(geste="retenir").values_list("demarche_id", flat=True)) == {
        aubrac.pk,
        margeride.pk,
    }


def test_les_droits_se_demandent_territoire_par_territoire(deux_territoires, connecte):
    """Somebody who writes on one territory and only reads another."""
    ici, la = deux_territoires
    agent = fabrique.agent("agent_epci", ici)
    Habilitation.objects.create(
        agent=agent, role="elu_autorite", autorite=la.autorite, debut=date(2020, 1, 1)
    )
    client = connecte(agent)
    fiches = [fabrique.fiche(ou, titre=f"Projet {ou.territoire.nom}") for ou in deux_territoires]
    page = client.post(GENERAL, {"n": [f.pk for f in fiches], "geste": "annee"}).content.decode()
    possible, refuse = page.split("<h2>Ce qui ne peut pas se faire")
    assert "Projet Aubrac" in possible
    assert "Projet Margeride" in refuse
    assert "Votre rôle ne permet pas ce geste" in refuse
    envoi = {
        "n": [f.pk for f in fiches], "v": [f"{f.pk}:{f.version}" for f in fiches], "geste": "annee",
        "valeur": "2029", "confirme": "1",
    }  # fmt: skip
    assert "fait pour 1 fiche, refusé pour 1" in client.post(GENERAL, envoi).content.decode()
    assert [Fiche.objects.get(pk=f.pk).annee for f in fiches] == [2029, fiches[1].annee]


def test_le_theme_se_prend_dans_le_dispositif_de_chaque_fiche(connecte):
    a, b = fabrique.demarche(), fabrique.demarche()
    agent = fabrique.agent("administrateur")
    fiches = [fabrique.fiche(ou) for ou in (a, b)]
    b.processus.dispositif.themes.filter(code="voirie").update(code="routes")
    client = connecte(agent)
    page = client.post(GENERAL, {"n": [f.pk for f in fiches], "geste": "theme"})
    assert page.content.decode().count('<option value="voirie"') == 1
    rapport = confirmer_en_general(client, page, "theme", valeur="voirie").content.decode()
    assert "fait pour 1 fiche, refusé pour 1" in rapport
    assert "Ce thème n’est pas de son dispositif" in rapport
    assert Fiche.objects.get(pk=fiches[0].pk).theme.dispositif == a.processus.dispositif


def confirmer_en_general(client, page, geste, **champs):
    html = page.content.decode()
    n, v = (re.findall(rf'name="{nom}" value="([\d:]+)"', html) for nom in ("n", "v"))
    return client.post(GENERAL, {"n": n, "v": v, "geste": geste, "confirme": "1"} | champs)


def test_un_axe_ne_se_donne_qu_aux_fiches_de_son_territoire(deux_territoires, connecte):
    aubrac = deux_territoires[0]
    axes = [Axe.objects.create(demarche=ou, numero=1, libelle="Vivre") for ou in deux_territoires]
    fiches = [fabrique.fiche(ou) for ou in deux_territoires]
    chef = connecte(fabrique.agent("chef_de_projet", aubrac))
    page = chef.post(GENERAL, {"n": [f.pk for f in fiches], "geste": "axe"})
    assert "1. Vivre (Aubrac)</option>" in page.content.decode()
    rapport = confirmer_en_general(chef, page, "axe", valeur=axes[1].pk).content.decode()
    assert "Cet axe est celui du plan de Margeride" in rapport
    assert [Fiche.objects.get(pk=f.pk).axe for f in fiches] == [None, axes[1]]


def test_toute_la_liste_generale_et_rien_d_autre(deux_territoires, connecte):
    for ou in deux_territoires:
        fabrique.fiche(ou, titre=f"Dedans {ou.slug}", maturite="structurant", etat="pre_instruite")
    fabrique.fiche(deux_territoires[0], titre="Dehors", etat="pre_instruite")
    chef = connecte(fabrique.agent("chef_de_projet", deux_territoires[0]))
    reponse = chef.post(GENERAL, {"tout": "on", "requete": "maturite=structurant", "geste": "retenir"})
    page = reponse.content.decode()
    assert "Dedans aubrac" in page
    assert "Dedans margeride" in page
    assert "Dehors" not in page
    assert 'href="/fiches/?maturite=structurant"' in page


def test_la_liste_generale_a_ses_cases_pour_qui_peut_agir(deux_territoires, connecte):
    fabrique.fiche(deux_territoires[0])
    chef = connecte(fabrique.agent("chef_de_projet", deux_territoires[0]))
    assert 'name="n"' in chef.get("/fiches/").content.decode()
    lecteur = connecte(fabrique.agent("elu_autorite", deux_territoires[0]))
    assert 'name="n"' not in lecteur.get("/fiches/").content.decode()


def test_l_apercu_general_tient_en_dix_requetes(deux_territoires, connecte, django_assert_max_num_queries):
    fiches = [fabrique.fiche(ou, etat="pre_instruite") for ou in deux_territoires for _ in range(30)]
    chef = connecte(fabrique.agent("chef_de_projet", deux_territoires[0]))
    with django_assert_max_num_queries(10):
        assert chef.post(GENERAL, {"n": [f.pk for f in fiches], "geste": "axe"}).status_code == 200


def test_une_panne_au_milieu_n_ecrit_rien(demarche, chef, monkeypatch):
    fiches = [fabrique.fiche(demarche, etat="pre_instruite") for _ in range(3)]
    page = demander(chef, fiches, "retenir")
    vraie, faites = gestes_en_lot.faire_avancer_fiche, []

    def en_panne(fiche, *args, **kwargs):
        if len(faites) == 2:
            raise OSError("disk")
        faites.append(fiche)
        return vraie(fiche, *args, **kwargs)

    monkeypatch.setattr(gestes_en_lot, "faire_avancer_fiche", en_panne)
    with pytest.raises(OSError, match="disk"):
        confirmer(chef, page, "retenir")
    assert not Fiche.objects.filter(etat="retenue").exists()
    assert not Entree.objects.filter(geste="retenir").exists()
