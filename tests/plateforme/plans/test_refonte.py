"""Copy, merge, tranches, maturity, past versions: what becomes of the money and of the thread."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from arpent.metier.argent import partager
from arpent.plateforme.demarches.models import Place
from arpent.plateforme.journal.models import Entree
from arpent.plateforme.plans.actions import ActionRefusee, enregistrer_fiche, lignes_de
from arpent.plateforme.plans.models import Fiche
from arpent.plateforme.plans.refonte import classer_maturite, decouper_en_tranches
from tests.plateforme import fabrique

pytestmark = pytest.mark.django_db
FICHES = "/territoires/gevaudan/plan/fiches/"


@pytest.fixture
def demarche():
    return fabrique.demarche(slug="gevaudan")


@pytest.fixture
def chef(demarche):
    return fabrique.agent("chef_de_projet", demarche)


def garnie(demarche, **champs):
    fiche = fabrique.fiche(
        demarche, numero=3, titre="École", cout_ht=Decimal("100000.01"), assiette=Decimal("90000.01"),
        aide_demandee=Decimal("20000.03"), montant_acquis=Decimal("30000.05"), **champs,
    )  # fmt: skip
    fiche.depenses.create(libelle="Travaux", montant=Decimal("90000.01"))
    fiche.depenses.create(libelle="Terrain", montant=Decimal("10000"), eligible=False)
    fabrique.financement(fiche, "etat", "30000.05")
    fabrique.financement(fiche, "autofinancement", "50000.93", "envisage")
    return fiche


def test_dupliquer_ouvre_un_brouillon_sans_rien_d_acquis(demarche, chef, connecte):
    garnie(demarche, besoin="Le toit fuit", source="DETR 2018")
    reponse = connecte(chef).post(f"{FICHES}3/dupliquer/")
    copie = Fiche.objects.exclude(numero=3).get()
    assert reponse.headers["Location"] == f"{FICHES}{copie.numero}/modifier/"
    assert (copie.titre, copie.etat, copie.besoin) == ("École (copie)", "brouillon", "Le toit fuit")
    assert (copie.cout_ht, copie.montant_acquis, copie.source) == (Decimal("100000.01"), 0, "")
    assert {x.statut for x in copie.financements.all()} == {"envisage"}


def test_les_tranches_font_le_total_au_centime(demarche, chef, connecte):
    fiche = garnie(demarche)
    connecte(chef).post(f"{FICHES}3/tranches/", {"parts": "1 1 1", "version_lue": 1})
    tranches = list(fiche.tranches.order_by("tranche"))
    assert [t.tranche for t in tranches] == [1, 2, 3]
    for nom in ("cout_ht", "assiette", "aide_demandee", "montant_acquis"):
        assert sum(getattr(t, nom) for t in tranches) == getattr(fiche, nom), nom
    assert sum(x.montant for t in tranches for x in t.financements.all()) == Decimal("80000.98")
    assert {t.etat for t in tranches} == {"proposee"}
    assert list(Fiche.objects.comptees()) == tranches
    assert Place.objects.get(demarche=demarche, code="plan").resume.startswith("3 fiches, 0,1")
    liste = connecte(chef).get("/territoires/gevaudan/plan/").content.decode()
    assert "3 fiches" in liste
    assert f'href="{fiche.get_absolute_url()}"' not in liste
    page = connecte(chef).get(fiche.get_absolute_url()).content.decode()
    assert "découpée en tranches" in page
    assert "Tranche 2 de" in connecte(chef).get(tranches[1].get_absolute_url()).content.decode()


@pytest.mark.parametrize("parts", ["100", "", "60 quarante", "60 -40", "0 1", "1 " * 13, "NaN 1", "Inf 1"])
def test_des_parts_fausses_ne_decoupent_rien(demarche, chef, connecte, parts):
    garnie(demarche)
    connecte(chef).post(f"{FICHES}3/tranches/", {"parts": parts, "version_lue": 1})
    assert Fiche.objects.count() == 1


def test_des_tranches_d_une_version_perimee_repondent_409(demarche, chef, connecte):
    fiche = garnie(demarche)
    enregistrer_fiche(fiche, lignes_de(fiche), par=None, version_lue=1)
    reponse = connecte(chef).post(f"{FICHES}3/tranches/", {"parts": "1 1", "version_lue": 1})
    assert reponse.status_code == 409
    assert Fiche.objects.count() == 1


def test_une_operation_decoupee_ne_se_decoupe_plus(demarche):
    fiche = garnie(demarche)
    decouper_en_tranches(fiche, [Decimal(1), Decimal(1)], version_lue=1, par=None)
    with pytest.raises(ActionRefusee, match="découpée en tranches"):
        decouper_en_tranches(fiche, [Decimal(1), Decimal(1)], version_lue=2, par=None)


@given(
    centimes=st.integers(0, 10**9),
    poids=st.lists(st.integers(1, 10_000), min_size=2, max_size=12),
)
def test_le_partage_ne_perd_ni_ne_cree_un_centime(centimes, poids):
    montant = Decimal(centimes) / 100
    parts = partager(montant, {f"{i:02d}": Decimal(p) for i, p in enumerate(poids)})
    assert sum(parts.values()) == montant


def test_deux_fiches_se_reunissent_champ_par_champ(demarche, chef, connecte):
    fiche = garnie(demarche, besoin="Le toit fuit")
    mairie = fiche.maitre_ouvrage
    autre = fabrique.fiche(
        demarche, numero=5, titre="Toiture de l’école", maitre_ouvrage=mairie, besoin="Froid"
    )
    fabrique.financement(autre, "region", "10000")
    client = connecte(chef)
    choix = client.get(f"{FICHES}3/fusionner/").content.decode()
    assert "Toiture de l’école" in choix
    page = client.get(f"{FICHES}3/fusionner/?avec=5").content.decode()
    assert "200\u202f000,01\xa0€" in page
    assert 'name="choix__titre" value="premier" checked' in page
    envoi = {"avec": "5", "version_lue": 1, "version_autre": 1, "choix__titre": "second",
             "choix__besoin": "deux", "choix__financements": "deux"}  # fmt: skip
    assert client.post(f"{FICHES}3/fusionner/", envoi).headers["Location"] == fiche.get_absolute_url()
    fiche.refresh_from_db()
    autre.refresh_from_db()
    assert (fiche.titre, fiche.besoin.split()) == ("Toiture de l’école", ["Le", "toit", "fuit", "Froid"])
    assert [x.financeur for x in fiche.financements.all()] == ["etat", "autofinancement", "region"]
    assert fiche.montant_acquis == Decimal("40000.05")
    assert (autre.fusionnee_dans, autre.cout_ht) == (fiche, Decimal("100000"))
    assert list(Fiche.objects.comptees()) == [fiche]
    absorbee = client.get(autre.get_absolute_url()).content.decode()
    assert "réunie à une autre" in absorbee
    assert fiche.get_absolute_url() in absorbee
    assert Entree.objects.filter(geste="fusionner").count() == 2


def test_une_fiche_absorbee_ne_se_modifie_plus(demarche):
    fiche = garnie(demarche)
    autre = fabrique.fiche(demarche, numero=5, fusionnee_dans=fiche)
    with pytest.raises(ActionRefusee, match="fusionnée"):
        enregistrer_fiche(autre, [], par=None, version_lue=1)


@pytest.mark.parametrize("avec", ["3", "99", "abc", "", "999999999999"])
def test_on_ne_reunit_pas_avec_soi_ni_avec_l_inconnue(demarche, chef, connecte, avec):
    garnie(demarche)
    envoi = {"avec": avec, "version_lue": 1, "version_autre": 1}
    assert connecte(chef).post(f"{FICHES}3/fusionner/", envoi).status_code == 400
    assert not Fiche.objects.filter(fusionnee_dans__isnull=False).exists()


def test_la_fusion_perimee_ne_change_rien(demarche, chef, connecte):
    garnie(demarche)
    fabrique.fiche(demarche, numero=5)
    envoi = {"avec": "5", "version_lue": 1, "version_autre": 7}
    assert connecte(chef).post(f"{FICHES}3/fusionner/", envoi).status_code == 409
    assert not Fiche.objects.filter(fusionnee_dans__isnull=False).exists()


def test_un_maire_ne_reunit_pas_la_fiche_d_un_autre(demarche, connecte):
    fiche = garnie(demarche)
    fabrique.fiche(demarche, numero=5, titre="Celle du voisin")
    maire = connecte(fabrique.agent("maire", demarche, pour=fiche.maitre_ouvrage))
    assert maire.get(f"{FICHES}3/fusionner/?avec=5").status_code == 200
    envoi = {"avec": "5", "version_lue": 1, "version_autre": 1}
    assert maire.post(f"{FICHES}3/fusionner/", envoi).status_code == 400
    assert maire.post(f"{FICHES}5/tranches/", {"parts": "1 1", "version_lue": 1}).status_code == 403


def test_la_maturite_monte_quand_tout_y_est(demarche, chef, connecte):
    fiche = fabrique.fiche(demarche, numero=3, description="")
    client = connecte(chef)
    client.post(f"{FICHES}3/maturite/", {"maturite": "amorcage_a", "version_lue": 1})
    fiche.refresh_from_db()
    assert fiche.maturite == "amorcage_b"
    Fiche.objects.update(description="Toiture")
    client.post(f"{FICHES}3/maturite/", {"maturite": "amorcage_a", "version_lue": 1})
    fiche.refresh_from_db()
    assert fiche.maturite == "amorcage_a"
    assert Entree.objects.first().geste == "classer_maturite"
    with pytest.raises(ActionRefusee, match="il manque : au moins une ligne au plan"):
        classer_maturite(fiche, "structurant", version_lue=2, par=None)


def test_la_fiche_se_relit_telle_qu_elle_etait(demarche, chef, connecte):
    fiche = fabrique.fiche(demarche, numero=3, titre="Premier titre")
    for titre, cout in (("Deuxième titre", "200000"), ("Troisième titre", "300000")):
        fiche.titre, fiche.cout_ht = titre, Decimal(cout)
        enregistrer_fiche(fiche, lignes_de(fiche), par=chef, version_lue=fiche.version)
    entree = Entree.objects.filter(geste="modifier").order_by("numero").first()
    client = connecte(chef)
    page = client.get(f"{FICHES}3/a-la-date/{entree.numero}/").content.decode()
    assert "Deuxième titre" in page
    assert "200\u202f000,00" in page
    assert "Premier titre" not in page
    assert "Troisième titre</ins>" in page
    assert client.get(f"{FICHES}3/a-la-date/999999/").status_code == 404
    ailleurs = fabrique.fiche(demarche, numero=4)
    assert client.get(f"{ailleurs.get_absolute_url()}a-la-date/{entree.numero}/").status_code == 404
