"""/plan/preinstruction/, the same over a dispositif, conclusions that stay and what changed since."""

import re
from datetime import date
from decimal import Decimal

import pytest

from arpent.plateforme.plans.avancement import faire_avancer_fiche
from arpent.plateforme.plans.conclusions import evolutions
from arpent.plateforme.plans.lot import lire_lot
from arpent.plateforme.plans.models import Fiche, LigneDepense, PieceJointe, Preinstruction
from arpent.plateforme.plans.preinstruction import preinstruire_fiche
from arpent.plateforme.reglements.models import AideAnterieure, DonneeBeneficiaire
from tests.plateforme import fabrique
from tests.plateforme.plans.reglement import publier

pytestmark = pytest.mark.django_db
LE = date(2026, 6, 1)
LOT = "/territoires/gevaudan/plan/preinstruction/"


@pytest.fixture
def demarche():
    demarche = fabrique.demarche(slug="gevaudan")
    publier(demarche.processus.dispositif)
    return demarche


def projet(fiche, le=LE):
    lot = lire_lot(Fiche.objects.filter(pk=fiche.pk), le)
    return lot.projet(lot.fiches[0])


def test_tout_ce_que_la_fiche_dit_arrive_au_reglement(demarche):
    fiche = fabrique.fiche(
        demarche, categorie="eglise", zonages=["frr"], criteres=["bois"], quantites={"km": "1,5", "m3": "x"},
        contrats_lies=["CPER 2021-2027"], debut_le=date(2026, 9, 1), dossier_complet_le=date(2026, 5, 2),
        priorite_maitre_ouvrage=2,
        complements={"poste_sorte": "generaliste", "poste_quotite": "0.5", "poste_leader": "non"},
    )  # fmt: skip
    LigneDepense.objects.create(fiche=fiche, nature="etudes", libelle="A", montant=Decimal("10"))
    LigneDepense.objects.create(fiche=fiche, nature="etudes", libelle="B", montant=Decimal("5.50"))
    PieceJointe.objects.create(fiche=fiche, nature="devis", titre="D", nom_fichier="d.pdf", type_mime="a/b",
                               taille=1, sha256="0", deposee_par_nom="x")  # fmt: skip
    lu = projet(fiche)
    assert (lu.categorie, lu.zonages, lu.criteres, lu.rang) == ("eglise", ("frr",), ("bois",), 2)
    assert lu.quantites == {"km": Decimal("1.5")}
    assert lu.depenses == {"etudes": Decimal("15.50")}
    assert lu.pieces == ("devis",)
    assert (lu.cper, lu.ctec, lu.en_contrat) == (True, False, False)
    assert (lu.dossier_complet_le, lu.commence_le) == (date(2026, 5, 2), date(2026, 9, 1))
    assert (lu.poste.sorte, lu.poste.quotite, lu.poste.leader) == ("generaliste", Decimal("0.5"), False)
    assert lu.territoire == demarche.territoire.slug


def test_ce_qui_n_est_pas_dit_reste_inconnu(demarche):
    lu = projet(fabrique.fiche(demarche))
    assert (lu.zonages, lu.listes, lu.depenses, lu.pieces, lu.poste) == (None, None, None, None, None)


def test_les_chiffres_du_porteur_sont_les_derniers_connus_ce_jour_la(demarche):
    fiche = fabrique.fiche(demarche)
    for annee, valeur in ((2024, "700"), (2026, "800"), (2027, "900")):
        DonneeBeneficiaire.objects.create(
            organisation=fiche.maitre_ouvrage, code="potentiel", annee=annee, valeur=valeur, source="essai"
        )
    for code, valeur in (("liste_fragiles", 1), ("liste_riches", 0)):
        DonneeBeneficiaire.objects.create(
            organisation=fiche.maitre_ouvrage, code=code, annee=2025, valeur=valeur, source="essai"
        )
    lu = projet(fiche)
    assert lu.indicateurs["potentiel"] == Decimal("800")
    assert lu.listes == ("liste_fragiles",)


def test_les_aides_anterieures_sont_celles_du_porteur_dans_le_dispositif(demarche):
    fiche = fabrique.fiche(demarche, etat="retenue")
    porteur, dispositif = fiche.maitre_ouvrage, demarche.processus.dispositif
    AideAnterieure.objects.create(dispositif=dispositif, organisation=porteur, libelle="Halle", annee=2024,
                                  montant=Decimal("5000"), soldee=True)  # fmt: skip
    AideAnterieure.objects.create(dispositif=fabrique.dispositif(), organisation=porteur, libelle="Ailleurs",
                                  annee=2024, montant=Decimal("1"))  # fmt: skip
    fabrique.fiche(
        demarche, maitre_ouvrage=porteur, etat="retenue", annee=2025, aide_demandee=Decimal("7000")
    )
    fabrique.fiche(demarche, maitre_ouvrage=porteur, etat="proposee")
    fabrique.fiche(demarche, etat="retenue")
    aides = projet(fiche).aides_anterieures
    assert [(a.annee, a.montant, a.soldee) for a in aides] == [
        (2024, Decimal("5000.00"), True), (2025, Decimal("7000.00"), False),
    ]  # fmt: skip


def test_une_fiche_engagee_compte_pour_l_aide_demandee_et_le_dit(demarche):
    fiche = fabrique.fiche(demarche)
    engagee = fabrique.fiche(
        demarche, maitre_ouvrage=fiche.maitre_ouvrage, etat="retenue", aide_demandee=Decimal("7000")
    )
    fabrique.financement(engagee, demarche.autorite.nature, "4000", statut="acquis")
    (aide,) = projet(fiche).aides_anterieures
    assert (aide.montant, aide.demandee) == (Decimal("7000.00"), True)


def test_une_fiche_engagee_compte_pour_l_aide_accordee_des_qu_il_y_en_a_une(demarche):
    fiche = fabrique.fiche(demarche)
    engagee = fabrique.fiche(
        demarche, maitre_ouvrage=fiche.maitre_ouvrage, etat="contractualisee", aide_demandee=Decimal("7000")
    )
    Fiche.objects.filter(pk=engagee.pk).update(aide_accordee=Decimal("6500.25"))
    (aide,) = projet(fiche).aides_anterieures
    assert (aide.montant, aide.demandee) == (Decimal("6500.25"), False)


def test_les_postes_deja_soutenus_du_territoire_se_comptent(demarche):
    poste = {"poste_sorte": "generaliste"}
    fiche = fabrique.fiche(demarche, complements=poste)
    fabrique.fiche(demarche, complements=poste, etat="retenue")
    fabrique.fiche(fabrique.demarche(dans=demarche.processus.dispositif), complements=poste, etat="retenue")
    assert projet(fiche).poste.deja_soutenus == 1


def test_la_page_coute_le_meme_nombre_de_requetes(demarche, connecte, django_assert_max_num_queries):
    for _ in range(15):
        fabrique.financement(fabrique.fiche(demarche), "etat", "100")
    client = connecte(fabrique.agent("instructeur", demarche))
    client.get(LOT)
    with django_assert_max_num_queries(16):
        page = client.get(LOT).content.decode()
    assert "15 fiches" in page
    assert "Total de cette page" in page


def test_conclure_plusieurs_fiches_rend_compte_de_chacune(demarche, connecte):
    bonne = fabrique.fiche(demarche, numero=1)
    refusee = fabrique.fiche(demarche, numero=2, etat="brouillon")
    client = connecte(fabrique.agent("instructeur", demarche))
    assert client.post(LOT, {}).status_code == 400
    chef = connecte(fabrique.agent("chef_de_projet", demarche))
    page = chef.post(LOT, {"fiche": [1, 2]}).content.decode()
    assert "Pré-instruction close" in page
    assert "Refusé" in page
    bonne.refresh_from_db()
    refusee.refresh_from_db()
    assert (bonne.etat, refusee.etat) == ("pre_instruite", "brouillon")


def test_conclure_avec_tout_ce_que_la_page_envoie_ecrit_vraiment(demarche, connecte):
    fiche = fabrique.fiche(demarche, numero=1)
    chef = connecte(fabrique.agent("chef_de_projet", demarche))
    page = chef.get(LOT).content.decode()
    formulaire = page[page.index('<form class="pile" method="post"') :]
    caches = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', formulaire)
    assert "Pré-instruction close" in chef.post(LOT, dict(caches) | {"fiche": [1]}).content.decode()
    fiche.refresh_from_db()
    assert fiche.etat == "pre_instruite"


def test_le_dispositif_entier_se_lit_d_un_coup(demarche, connecte, django_assert_max_num_queries):
    dispositif = demarche.processus.dispositif
    autre = fabrique.demarche(dans=dispositif)
    for ou in (demarche, autre):
        for _ in range(5):
            fabrique.fiche(ou, titre=f"Projet de {ou.slug}")
    client = connecte(fabrique.agent("instructeur", demarche))
    adresse = f"/dispositifs/{dispositif.slug}/preinstruction/"
    client.get(adresse)
    with django_assert_max_num_queries(16):
        page = client.get(adresse, {"etat": "tous"}).content.decode()
    assert f"Projet de {autre.slug}" in page
    assert client.get(adresse, {"etat": "brouillon"}).content.decode().count("Projet de") == 0


def test_ce_qui_est_conclu_garde_sa_version_et_dit_ce_qui_a_change(demarche, connecte):
    fiche = fabrique.fiche(demarche)
    faire_avancer_fiche(fiche, "pre_instruire", par=None)
    conclue = Preinstruction.objects.get()
    assert (conclue.version_reglement_id is None, conclue.empreinte) == (False, "e" * 64)
    assert conclue.donnees["cout_ht"].startswith("100")
    assert evolutions(conclue, preinstruire_fiche(fiche, date.today())) == ()
    Fiche.objects.filter(pk=fiche.pk).update(cout_ht=Decimal("120000"), assiette=None)
    fabrique.financement(fiche, "etat", "30000")
    dites = {e.libelle for e in evolutions(conclue, preinstruire_fiche(fiche, date.today()))}
    assert {"Le coût HT", "Le plan de financement", "L’aide maximale possible"} <= dites
    client = connecte(fabrique.agent("instructeur", demarche))
    assert "ont changé" in client.get(f"{fiche.get_absolute_url()}volets/preinstruction/").content.decode()
    assert client.post(f"{fiche.get_absolute_url()}preinstruction/").status_code == 302
    assert Preinstruction.objects.count() == 2
    assert (
        "Rien de ce que le règlement lit n’a changé"
        in client.get(f"{fiche.get_absolute_url()}volets/preinstruction/").content.decode()
    )


def test_on_ne_refait_pas_ce_qui_n_a_pas_ete_conclu(demarche, connecte):
    fiche = fabrique.fiche(demarche)
    client = connecte(fabrique.agent("instructeur", demarche))
    reponse = client.post(f"{fiche.get_absolute_url()}preinstruction/", follow=True)
    assert "se refait sur une fiche pré-instruite" in reponse.content.decode()
    assert not Preinstruction.objects.exists()
