"""Writing a fiche: the form, its financing rows, its refusals."""

from decimal import Decimal

import pytest

from arpent.plateforme.plans.models import Fiche
from tests.plateforme import fabrique

pytestmark = pytest.mark.django_db
NOUVELLE = "/territoires/gevaudan/plan/fiches/nouvelle/"


@pytest.fixture
def demarche():
    return fabrique.demarche(slug="gevaudan")


def donnees(mo, lignes=(), initiales=0, **champs):
    base = {
        "titre": "École de Chirac", "description": "", "maitre_ouvrage": mo.pk, "maturite": "structurant",
        "nature_depense": "investissement", "cout_ht": "100 000,00 €", "version_lue": 1,
        "lignes-TOTAL_FORMS": len(lignes) + 2, "lignes-INITIAL_FORMS": initiales,
        "lignes-MIN_NUM_FORMS": 0, "lignes-MAX_NUM_FORMS": 60,
    }  # fmt: skip
    for i, ligne in enumerate(lignes):
        base |= {f"lignes-{i}-{cle}": valeur for cle, valeur in ({"statut": "acquis"} | ligne).items()}
    for i in range(len(lignes), len(lignes) + 2):
        base[f"lignes-{i}-statut"] = "envisage"
    return base | champs


def test_le_secretaire_de_mairie_cree_une_fiche_avec_son_plan(demarche, connecte):
    mairie = fabrique.organisation("commune", "Chirac")
    client = connecte(fabrique.agent("secretaire_mairie", demarche, pour=mairie))
    page = client.get(NOUVELLE).content.decode()
    assert "Chirac" in page
    assert page.count('name="lignes-') >= 25
    lignes = [{"financeur": "etat", "montant": "40 000,10", "libelle": "DETR", "le": "2026-02-01"},
              {"financeur": "autofinancement", "montant": "59999,90"}]  # fmt: skip
    reponse = client.post(NOUVELLE, donnees(mairie, lignes))
    fiche = Fiche.objects.get()
    assert reponse.headers["Location"] == fiche.get_absolute_url()
    assert (fiche.etat, fiche.cout_ht, fiche.montant_acquis) == (
        "brouillon",
        Decimal("100000"),
        Decimal("40000.10"),
    )
    assert [(x.financeur, x.montant) for x in fiche.financements.all()] == [
        ("etat", Decimal("40000.10")), ("autofinancement", Decimal("59999.90")),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("champ", "valeur", "message"),
    [("cout_ht", "-5", "négatif"), ("cout_ht", "1.234", "ambigu"),
     ("cout_ht", "beaucoup", "n’est pas un montant"), ("cout_ht", "99999999999999", "10 milliards"),
     ("titre", "", "obligatoire"),
     ("assiette", "200 000", "dépasse le coût"), ("aide_demandee", "100 000,01", "dépasse le coût"),
     ("annee", "1850", "2000"), ("fin_le", "2020-01-01", "précède"), ("theme", "99999", "choix"),
     ("lignes-0-montant", "abc", "n’est pas un montant"), ("lignes-0-financeur", "", "obligatoire")],
)  # fmt: skip
def test_une_saisie_fausse_garde_le_formulaire_rempli(demarche, connecte, champ, valeur, message):
    mairie = fabrique.organisation("commune")
    client = connecte(fabrique.agent("maire", demarche, pour=mairie))
    envoi = donnees(
        mairie, [{"financeur": "etat", "montant": "10"}], debut_le="2026-01-01", description="À garder"
    )
    reponse = client.post(NOUVELLE, envoi | {champ: valeur})
    texte = reponse.content.decode()
    assert reponse.status_code == 400
    assert message in texte
    assert "À garder" in texte
    assert Fiche.objects.count() == 0


def test_un_maire_n_ecrit_que_pour_sa_commune(demarche, connecte):
    client = connecte(fabrique.agent("maire", demarche))
    reponse = client.post(NOUVELLE, donnees(fabrique.organisation("commune", "Voisine")))
    assert reponse.status_code == 400
    assert "Voisine" not in client.get(NOUVELLE).content.decode()


def test_l_epci_ecrit_pour_toutes_les_structures_du_territoire(demarche, connecte):
    groupement = demarche.territoire.groupements.get()
    membre = fabrique.organisation("commune", "Membre", commune=groupement.membres.first())
    cc = fabrique.organisation("cc", "La CC", groupement=groupement)
    fabrique.organisation("commune", "Étrangère", commune=fabrique.commune())
    page = connecte(fabrique.agent("agent_epci", demarche)).get(NOUVELLE).content.decode()
    assert f'value="{membre.pk}"' in page
    assert f'value="{cc.pk}"' in page
    assert "Étrangère" not in page


def test_un_enregistrement_perime_repond_409_et_montre_les_deux(demarche, connecte):
    fiche = fabrique.fiche(demarche, numero=3)
    fabrique.financement(fiche, "etat", "10")
    client = connecte(fabrique.agent("chef_de_projet", demarche))
    url = "/territoires/gevaudan/plan/fiches/3/modifier/"
    assert client.get(url).status_code == 200
    ligne = [{"financeur": "etat", "montant": "10"}]
    premier = client.post(url, donnees(fiche.maitre_ouvrage, ligne, 1, titre="Premier"))
    assert premier.status_code == 302
    second = client.post(url, donnees(fiche.maitre_ouvrage, ligne, 1, titre="Second"))
    assert second.status_code == 409
    assert "Premier" in second.content.decode()
    assert "Second" in second.content.decode()
    fiche.refresh_from_db()
    assert fiche.titre == "Premier"


def test_une_ligne_se_retire_et_les_autres_restent(demarche, connecte):
    fiche = fabrique.fiche(demarche, numero=3)
    fabrique.financement(fiche, "etat", "10")
    fabrique.financement(fiche, "region", "20")
    client = connecte(fabrique.agent("chef_de_projet", demarche))
    lignes = [
        {"financeur": "etat", "montant": "10", "DELETE": "on"},
        {"financeur": "region", "montant": "20"},
    ]
    client.post("/territoires/gevaudan/plan/fiches/3/modifier/", donnees(fiche.maitre_ouvrage, lignes, 2))
    assert [x.financeur for x in fiche.financements.all()] == ["region"]


def test_un_plan_qui_depasse_le_cout_est_enregistre_et_signale(demarche, connecte):
    mairie = fabrique.organisation("commune")
    client = connecte(fabrique.agent("maire", demarche, pour=mairie))
    lignes = [{"financeur": "etat", "montant": "100 000,01"}]
    page = client.post(NOUVELLE, donnees(mairie, lignes), follow=True).content.decode()
    assert "dépasse le coût de 0,01" in page
    assert Fiche.objects.count() == 1


def test_envoyee_deux_fois_la_fiche_n_est_creee_qu_une(demarche, connecte):
    mairie = fabrique.organisation("commune")
    client = connecte(fabrique.agent("maire", demarche, pour=mairie))
    envoi = donnees(mairie, _soumission="cle-unique")
    reponses = [client.post(NOUVELLE, envoi) for _ in range(3)]
    assert {r.headers["Location"] for r in reponses} == {Fiche.objects.get().get_absolute_url()}


@pytest.mark.parametrize(
    ("etat", "attendu"), [("brouillon", 200), ("a_completer", 200), ("pre_instruite", 403)]
)
def test_le_maitre_d_ouvrage_modifie_tant_que_la_fiche_est_entre_ses_mains(demarche, connecte, etat, attendu):
    fiche = fabrique.fiche(demarche, numero=3, etat=etat)
    client = connecte(fabrique.agent("maire", demarche, pour=fiche.maitre_ouvrage))
    assert client.get("/territoires/gevaudan/plan/fiches/3/modifier/").status_code == attendu


def test_chaque_champ_a_son_etiquette(demarche, connecte):
    import re

    page = connecte(fabrique.agent("chef_de_projet", demarche)).get(NOUVELLE).content.decode()
    ids = re.findall(r'<(?:input|select|textarea)(?![^>]*type="hidden")[^>]*\bid="([^"]+)"', page)
    etiquettes = set(re.findall(r'for="([^"]+)"', page))
    sans = [i for i in ids if i not in etiquettes and not i.endswith("DELETE") and i != "recherche-generale"]
    assert sans == []


def test_un_lecteur_ne_cree_pas_de_fiche(demarche, connecte):
    assert connecte(fabrique.agent("sous_prefet", demarche)).get(NOUVELLE).status_code == 403
