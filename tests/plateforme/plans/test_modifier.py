"""The form of a fiche: shaped by the dispositif, sums of the expenses, choice when two people write."""

from datetime import date
from decimal import Decimal

import pytest

from arpent.plateforme.journal.models import Entree
from arpent.plateforme.plans.champs import modele_de
from arpent.plateforme.plans.forms.comparaison import donnees_de
from arpent.plateforme.plans.models import Fiche, LigneDepense
from tests.plateforme import fabrique

pytestmark = pytest.mark.django_db
URL = "/territoires/gevaudan/plan/fiches/3/modifier/"
FICHE = {
    "criteres": [{"code": "bois", "libelle": "Bois local"}],
    "categories": [{"code": "ecole", "libelle": "École"}],
    "cadre": {"libelle": "Lozère 2020", "axes": [{"code": "a1", "libelle": "Accueillir"}]},
    "complements": [
        {"code": "bail", "groupe": "projet", "libelle": "Bail signé", "genre": "oui_non"},
        {"code": "surface", "groupe": "projet", "libelle": "Surface", "genre": "nombre"},
        {"code": "ouverture", "groupe": "projet", "libelle": "Ouverture", "genre": "date"},
    ],
    "champs": {"tva": {"affiche": False}, "besoin": {"libelle": "Pourquoi ce projet"}},
}


@pytest.fixture
def demarche():
    return fabrique.demarche(dans=fabrique.dispositif(parametres={"fiche": FICHE}), slug="gevaudan")


@pytest.fixture
def chef(demarche):
    return fabrique.agent("chef_de_projet", demarche)


def envoi(fiche, chef, **champs):
    """The form as the browser sends it, nothing changed but `champs`."""
    relue = Fiche.objects.get(pk=fiche.pk)
    post = donnees_de(relue, chef, modele_de(fiche.demarche))
    for nom, valeur in champs.items():
        post.setlist(nom, valeur if isinstance(valeur, list) else [valeur])
    return {nom: post.getlist(nom) for nom in post}


def depenses(*rangs, initiales=0):
    donnees = {"depenses-TOTAL_FORMS": len(rangs), "depenses-INITIAL_FORMS": initiales}
    for i, (libelle, montant, eligible) in enumerate(rangs):
        donnees |= {f"depenses-{i}-libelle": libelle, f"depenses-{i}-montant": montant}
        donnees |= {f"depenses-{i}-eligible": "on"} if eligible else {}
    return donnees


def test_rien_ne_change_quand_on_renvoie_la_fiche_telle_quelle(demarche, chef, connecte):
    fiche = fabrique.fiche(
        demarche, numero=3, latitude=Decimal("44.518300"), longitude=Decimal("3.501400"),
        emplois_crees=Decimal("1.50"), quantites={"logement": "12"}, zonages=["frr"],
        debut_le=date(2026, 5, 1),
        complements={"bail": "oui", "surface": "120.5", "ouverture": "2027-01-01"},
        recettes=Decimal("1234.56"),
    )  # fmt: skip
    fabrique.financement(fiche, "etat", "30000.50")
    reponse = connecte(chef).post(URL, envoi(fiche, chef))
    assert reponse.status_code == 302
    assert not Entree.objects.filter(geste="modifier").exists()
    relue = Fiche.objects.get()
    assert (relue.latitude, relue.emplois_crees) == (Decimal("44.518300"), Decimal("1.50"))
    assert relue.complements == {"bail": "oui", "surface": "120.5", "ouverture": "2027-01-01"}


def test_le_dispositif_choisit_les_champs_et_leurs_mots(demarche, chef, connecte):
    fabrique.fiche(demarche, numero=3)
    page = connecte(chef).get(URL).content.decode()
    assert "Pourquoi ce projet" in page
    assert "Bail signé" in page
    assert "Accueillir" in page
    assert 'name="tva"' not in page
    assert "complements__surface" in page


def test_les_champs_du_dispositif_s_enregistrent(demarche, chef, connecte):
    fiche = fabrique.fiche(demarche, numero=3)
    donnees = envoi(
        fiche, chef, criteres=["bois"], categorie="ecole", cadre_strategique=["a1"], quantites__logement="4",
        complements__bail="non", complements__surface="85,5", besoin="Le toit fuit",
    )  # fmt: skip
    assert connecte(chef).post(URL, donnees).status_code == 302
    fiche.refresh_from_db()
    assert (fiche.criteres, fiche.categorie, fiche.cadre_strategique) == (["bois"], "ecole", ["a1"])
    assert (fiche.quantites, fiche.complements) == ({"logement": "4"}, {"bail": "non", "surface": "85.5"})
    assert fiche.besoin == "Le toit fuit"
    assert "toit" in fiche.texte_recherche
    assert Entree.objects.get(geste="modifier").apres["quantites"] == ["logement : 4"]


def test_un_champ_retire_par_le_dispositif_garde_sa_valeur(demarche, chef, connecte):
    fiche = fabrique.fiche(demarche, numero=3, tva="fctva")
    connecte(chef).post(URL, envoi(fiche, chef, titre="Autre titre"))
    fiche.refresh_from_db()
    assert (fiche.titre, fiche.tva) == ("Autre titre", "fctva")


def test_le_cout_et_l_assiette_sont_la_somme_des_depenses(demarche, chef, connecte):
    fiche = fabrique.fiche(demarche, numero=3)
    rangs = depenses(("Travaux", "80 000,10", True), ("Terrain", "15 000", False))
    reponse = connecte(chef).post(URL, envoi(fiche, chef, cout_ht="1", assiette="999", **rangs))
    assert reponse.status_code == 302
    fiche.refresh_from_db()
    assert (fiche.cout_ht, fiche.assiette) == (Decimal("95000.10"), Decimal("80000.10"))
    assert [d.libelle for d in fiche.depenses.all()] == ["Travaux", "Terrain"]


def test_un_cout_qui_contredit_les_depenses_enregistrees_est_refuse(demarche, chef, connecte):
    fiche = fabrique.fiche(demarche, numero=3, cout_ht=Decimal("50"), aide_demandee=Decimal(0))
    fiche.depenses.create(libelle="Travaux", montant=Decimal("50"))
    donnees = envoi(fiche, chef, cout_ht="60", assiette="")
    donnees = {k: v for k, v in donnees.items() if not k.startswith("depenses-")}
    connecte(chef).post(URL, donnees)
    fiche.refresh_from_db()
    assert fiche.cout_ht == Decimal("50")


@pytest.mark.parametrize(
    ("champs", "message"),
    [({"latitude": "44,5", "longitude": ""}, "deux coordonnées"),
     ({"latitude": "95", "longitude": "3"}, "90"),
     ({"emplois_crees": "-1"}, "supérieur"),
     ({"contact_courriel": "pas une adresse"}, "adresse"),
     ({"complements__surface": "grande"}, "nombre"),
     ({"criteres": ["inconnu"]}, "choix"),
     ({"cout_ht": "", "aide_demandee": ""}, "obligatoire"),
     (depenses(("", "10", True)), "Dites ce que paie"),
     (depenses(("Travaux", "dix", True)), "n’est pas un montant")],
)  # fmt: skip
def test_une_reponse_fausse_est_dite_et_rien_n_est_enregistre(demarche, chef, connecte, champs, message):
    fiche = fabrique.fiche(demarche, numero=3)
    reponse = connecte(chef).post(URL, envoi(fiche, chef, **champs))
    assert reponse.status_code == 400
    assert message in reponse.content.decode()
    fiche.refresh_from_db()
    assert fiche.version == 1


def test_les_demarches_aupres_des_financeurs_se_notent(demarche, chef, connecte):
    fiche = fabrique.fiche(demarche, numero=3)
    rangs = {"demarches-TOTAL_FORMS": 1, "demarches-INITIAL_FORMS": 0, "demarches-0-genre": "demarche",
             "demarches-0-financeur": "etat", "demarches-0-dispositif": "DETR",
             "demarches-0-le": "2026-02-01",
             "demarches-0-reponse": "reservee", "demarches-0-suite": "Rappeler en mai"}  # fmt: skip
    connecte(chef).post(URL, envoi(fiche, chef, **rangs))
    (demarche_faite,) = fiche.demarches_financeurs.all()
    assert (demarche_faite.dispositif, demarche_faite.suite) == ("DETR", "Rappeler en mai")
    assert Entree.objects.get(geste="modifier").apres["demarches_financeurs"] == [
        "démarche effectuée : DETR (réservée)"
    ]


def test_le_conflit_se_tranche_champ_par_champ(demarche, chef, connecte):
    fiche = fabrique.fiche(demarche, numero=3, besoin="Ancien")
    fabrique.financement(fiche, "etat", "10")
    client = connecte(chef)
    lui = envoi(fiche, chef, titre="Titre du premier", besoin="Besoin du premier", contact_nom="Mme Roux")
    moi = envoi(fiche, chef, titre="Mon titre", besoin="Mon besoin")
    assert client.post(URL, lui).status_code == 302
    page = client.post(URL, moi)
    texte = page.content.decode()
    assert page.status_code == 409
    for attendu in ("Titre du premier", "Mon titre", "Mme Roux", 'name="choix__besoin" value="deux"'):
        assert attendu in texte
    assert 'name="choix__besoin"' in texte
    assert 'name="choix__cout_ht"' not in texte
    choix = {"choix__titre": "second", "choix__besoin": "deux", "choix__contact_nom": "premier"}
    assert client.post(URL, moi | choix | {"version_lue": 2}).status_code == 302
    fiche.refresh_from_db()
    assert (fiche.titre, fiche.contact_nom) == ("Mon titre", "Mme Roux")
    assert fiche.besoin.split() == ["Besoin", "du", "premier", "Mon", "besoin"]
    assert fiche.version == 3


def test_le_conflit_propose_de_garder_ce_que_je_n_ai_pas_touche(demarche, chef, connecte):
    fiche = fabrique.fiche(demarche, numero=3)
    client = connecte(chef)
    moi = envoi(fiche, chef, titre="Mon titre") | {"ouverte_le": "2020-01-01T00:00:00+00:00"}
    client.post(URL, envoi(fiche, chef, contact_nom="Mme Roux"))
    texte = client.post(URL, moi).content.decode()
    assert 'name="choix__contact_nom" value="premier" checked' in texte
    assert 'name="choix__titre" value="second" checked' in texte


def test_le_conflit_sur_le_plan_peut_garder_les_lignes_des_deux(demarche, chef, connecte):
    fiche = fabrique.fiche(demarche, numero=3)
    client = connecte(chef)
    lignes = {"lignes-TOTAL_FORMS": 1, "lignes-INITIAL_FORMS": 0, "lignes-0-statut": "acquis"}
    lui = envoi(fiche, chef, **lignes, **{"lignes-0-financeur": "etat", "lignes-0-montant": "100"})
    moi = envoi(fiche, chef, **lignes, **{"lignes-0-financeur": "region", "lignes-0-montant": "50"})
    client.post(URL, lui)
    assert client.post(URL, moi).status_code == 409
    assert client.post(URL, moi | {"version_lue": 2, "choix__financements": "deux"}).status_code == 302
    fiche.refresh_from_db()
    assert [(x.financeur, x.montant) for x in fiche.financements.all()] == [("etat", 100), ("region", 50)]
    assert fiche.montant_acquis == 150


def test_le_conflit_revient_si_la_fiche_change_encore(demarche, chef, connecte):
    fiche = fabrique.fiche(demarche, numero=3)
    client = connecte(chef)
    moi = envoi(fiche, chef, titre="Mon titre")
    client.post(URL, envoi(fiche, chef, titre="Un"))
    assert client.post(URL, moi | {"version_lue": 1, "choix__titre": "second"}).status_code == 409
    fiche.refresh_from_db()
    assert fiche.titre == "Un"


def test_le_formulaire_tient_en_vingt_cinq_requetes(demarche, chef, connecte, django_assert_max_num_queries):
    fiche = fabrique.fiche(demarche, numero=3)
    for i in range(10):
        fabrique.financement(fiche, "etat", "10")
        fiche.depenses.create(libelle=f"Lot {i}", montant=Decimal("10000"))
    client = connecte(chef)
    client.get(URL)
    with django_assert_max_num_queries(25):
        client.get(URL)


PIEGE = "<script>alert(1)</script>\"'><img src=x onerror=alert(2)>"


def test_tout_texte_ressort_inerte(demarche, chef, connecte):
    fiche = fabrique.fiche(demarche, numero=3)
    textes = ("titre", "description", "besoin", "effets", "adresse", "contact_nom", "contact_fonction",
              "transition_objectifs", "emplois_preuve")  # fmt: skip
    lignes = {"lignes-TOTAL_FORMS": 1, "lignes-INITIAL_FORMS": 0, "lignes-0-statut": "acquis",
              "lignes-0-financeur": "etat", "lignes-0-montant": "100", "lignes-0-libelle": PIEGE}  # fmt: skip
    client = connecte(chef)
    donnees = envoi(
        fiche, chef, **dict.fromkeys(textes, PIEGE), **lignes, **depenses((PIEGE, "100000", True))
    )
    assert client.post(URL, donnees).status_code == 302
    for url in (URL, fiche.get_absolute_url()):
        page = client.get(url).content.decode()
        assert "<script>alert" not in page
        assert "<img src=x" not in page
        assert "&lt;script&gt;alert" in page


def test_le_conflit_ne_vide_pas_les_depenses_que_personne_n_a_touchees(demarche, chef, connecte):
    fiche = fabrique.fiche(demarche, numero=3, cout_ht=100_000, assiette=100_000)
    LigneDepense.objects.create(fiche=fiche, libelle="Toiture", montant=Decimal("100000"), eligible=True)
    client = connecte(chef)
    mienne = envoi(fiche, chef, titre="Le mien", version_lue="1")
    autre = client.post(URL, envoi(fiche, chef, titre="L’autre", version_lue="1"))
    assert autre.status_code == 302
    page = client.post(URL, mienne)
    assert page.status_code == 409
    assert "choix__depenses" not in page.content.decode()
    choisi = mienne | {"version_lue": ["2"], "choix__titre": ["premier"], "choix__depenses": ["premier"]}
    assert client.post(URL, choisi).status_code == 302
    assert [d.libelle for d in fiche.depenses.all()] == ["Toiture"]
