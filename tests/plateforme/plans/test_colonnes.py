"""Columns that are chosen: read only when shown, totalled, the same on the page and in every export."""

from datetime import date
from decimal import Decimal
from io import BytesIO

import openpyxl
import pytest
from python_calamine import CalamineWorkbook

from arpent.plateforme.plans.colonnes import COLONNES
from arpent.plateforme.plans.models import Deliberation, Fiche, Preinstruction
from tests import charges
from tests.plateforme import fabrique

pytestmark = pytest.mark.django_db
PLAN = "/territoires/gevaudan/plan/"
TOUTES = "&".join(f"col={c.code}" for c in COLONNES if c.facultative)


@pytest.fixture
def demarche():
    commune = fabrique.commune("Chirac")
    return fabrique.demarche(
        fabrique.territoire(fabrique.groupement(commune, nom="CC du Gévaudan")), slug="gevaudan"
    )


@pytest.fixture
def chef(demarche, connecte):
    return connecte(fabrique.agent("chef_de_projet", demarche))


@pytest.fixture
def ecole(demarche):
    commune = demarche.territoire.groupements.get().membres.get()
    fiche = fabrique.fiche(
        demarche,
        titre="École",
        numero=7,
        commune=commune,
        cout_ht=Decimal("1000.10"),
        aide_demandee=Decimal("100"),
        maturite="structurant",
        categorie="bâtiment",
        debut_le=date(2027, 3, 1),
        priorite_territoire=2,
    )
    fabrique.financement(fiche, "etat", "300.05")
    fabrique.financement(fiche, "etat", "50", "refuse")
    fabrique.financement(fiche, "autofinancement", "400", "envisage")
    return fiche


def _preinstruire(fiche, verdict, aide):
    return Preinstruction.objects.create(
        fiche=fiche, reglement="R", verdict=verdict, aide_maximale=Decimal(aide), constats=[], par_nom="Essai"
    )


def test_chaque_colonne_montre_ce_que_la_fiche_dit(ecole, chef):
    Deliberation.objects.create(
        fiche=ecole, numero="2026-12", adoptee_le=date(2026, 2, 1), assemblee="Conseil municipal"
    )
    _preinstruire(ecole, "non_conforme", "1")
    _preinstruire(ecole, "conforme", "250.50")
    page = chef.get(f"{PLAN}?{TOUTES}").content.decode()
    for libelle, valeur in {
        "Commune": "Chirac",
        "Intercommunalité": "CC du Gévaudan",
        "Maturité": "structurant",
        "Catégorie d’opération": "bâtiment",
        "Début des travaux": "01/03/2027",
        "Délibération prise": "oui",
        "Verdict de la pré-instruction conclue": "Conforme",
        "Rang du territoire": "2",
    }.items():
        assert f'data-libelle="{libelle}">{valeur}<' in page or (
            f'data-libelle="{libelle}" class="n">{valeur}<' in page
        ), libelle
    assert 'data-libelle="Aide maximale" class="n">250,50\xa0€' in page
    assert 'data-libelle="Part : État" class="n">300,05\xa0€' in page
    # 300,05 + 400 + 100 demandés : il manque 200,05
    assert 'data-libelle="Écart du plan" class="n">200,05\xa0€' in page


def test_les_colonnes_se_choisissent_quand_on_le_demande_et_restent_choisies(ecole, chef):
    page = chef.get(f"{PLAN}?col=commune&etat=proposee").content.decode()
    assert 'type="checkbox" name="col"' not in page
    assert '<input type="hidden" name="col" value="commune">' in page
    assert 'href="?col=commune&amp;etat=proposee&amp;choisir=colonnes#colonnes"' in page
    choix = chef.get(f"{PLAN}?col=commune&choisir=colonnes").content.decode()
    assert '<input type="checkbox" name="col" value="commune" checked>' in choix
    assert '<input type="checkbox" name="col" value="epci">' in choix


def test_l_epci_est_celui_du_maitre_d_ouvrage_quand_la_commune_n_est_pas_dite(demarche, chef):
    groupement = demarche.territoire.groupements.get()
    mairie = fabrique.organisation("commune", commune=groupement.membres.get())
    cc = fabrique.organisation("epci", groupement=groupement)
    fabrique.fiche(demarche, maitre_ouvrage=mairie)
    fabrique.fiche(demarche, maitre_ouvrage=cc)
    fabrique.fiche(demarche)
    page = chef.get(f"{PLAN}?col=epci").content.decode()
    assert page.count('data-libelle="Intercommunalité">CC du Gévaudan<') == 2
    assert page.count('data-libelle="Intercommunalité"><') == 1


def test_les_colonnes_choisies_coutent_un_nombre_fixe_de_requetes(
    demarche, chef, django_assert_max_num_queries
):
    for _ in range(60):
        fabrique.financement(fabrique.fiche(demarche), "region", "10")
    with django_assert_max_num_queries(14):
        assert chef.get(f"{PLAN}?{TOUTES}").status_code == 200
    with django_assert_max_num_queries(11):
        assert chef.get(f"/fiches/?{TOUTES}").status_code == 200


def test_les_totaux_portent_sur_toutes_les_fiches_et_ignorent_les_refus(demarche, chef, ecole):
    for _ in range(60):
        fabrique.financement(fabrique.fiche(demarche), "etat", "10.01")
    pied = chef.get(f"{PLAN}?col=cout&col=f_etat").content.decode().split("<tfoot>")[1]
    assert "900,65\xa0€" in pied  # 300,05 + 60 × 10,01
    totaux = chef.get("/fiches/totaux/?col=f_etat").content.decode()
    assert "900,65\xa0€" in totaux


def test_le_total_du_plan_et_l_ecart_s_additionnent_au_centime(demarche, chef, ecole):
    # École: 700,05 of rows, 100 asked. Pont: its row asked to the Département is the aid asked.
    pont = fabrique.fiche(demarche, titre="Pont", cout_ht=Decimal("0.10"), aide_demandee=Decimal("0.03"))
    fabrique.financement(pont, "departement", "0.03", "sollicite")
    fabrique.financement(pont, "region", "0.04", "refuse")
    # Stade: money of the Département already granted is another scheme, the aid asked comes on top.
    stade = fabrique.fiche(demarche, titre="Stade", cout_ht=Decimal("50"), aide_demandee=Decimal("20"))
    fabrique.financement(stade, "departement", "5", "acquis")
    requete = "col=plan&col=ecart&col=cout"
    page = chef.get(f"{PLAN}?{requete}").content.decode()
    corps, pied = page.split("<tfoot>")
    assert 'data-libelle="Total du plan" class="n">0,03\xa0€' in corps
    assert 'data-libelle="Total du plan" class="n">25,00\xa0€' in corps
    # 800,05 + 0,03 + 25 ; 1050,20 − 825,08
    assert 'data-libelle="Total du plan">825,08\xa0€' in pied
    assert 'data-libelle="Écart du plan">225,12\xa0€' in pied
    csv = chef.get(f"{PLAN}export.csv?{requete}").content.decode("utf-8-sig").splitlines()
    assert csv[-1] == "Total;;1050,20;825,08;225,12"
    totaux = chef.get(f"/fiches/totaux/?{requete}").content.decode()
    assert "825,08\xa0€" in totaux
    assert "225,12\xa0€" in totaux


def test_l_aide_accordee_compte_a_la_place_de_l_aide_demandee(demarche, chef):
    """Asked by itself, asked in a row of the plan, agreed but not retained: each counts once."""
    seule = fabrique.fiche(
        demarche, titre="Seule", cout_ht=Decimal("100"), aide_demandee=Decimal("30"), etat="retenue"
    )
    en_ligne = fabrique.fiche(
        demarche,
        titre="En ligne",
        cout_ht=Decimal("100"),
        aide_demandee=Decimal("30"),
        etat="contractualisee",
    )
    fabrique.financement(en_ligne, "departement", "30", "sollicite")
    fabrique.financement(en_ligne, "departement", "0.10", "envisage")
    fabrique.financement(en_ligne, "etat", "40.05")
    differee = fabrique.fiche(
        demarche, titre="Différée", cout_ht=Decimal("100"), aide_demandee=Decimal("30"), etat="differee"
    )
    Fiche.objects.filter(pk__in=[seule.pk, en_ligne.pk, differee.pk]).update(aide_accordee=Decimal("20.01"))
    requete = "col=aide&col=accordee&col=plan&col=ecart"
    page = chef.get(f"{PLAN}?{requete}").content.decode()
    corps, pied = page.split("<tfoot>")
    assert corps.count('data-libelle="Aide accordée" class="n">20,01\xa0€') == 2
    assert corps.count('data-libelle="Total du plan" class="n">20,01\xa0€') == 1
    assert corps.count('data-libelle="Total du plan" class="n">60,06\xa0€') == 1
    assert corps.count('data-libelle="Total du plan" class="n">30,00\xa0€') == 1
    for libelle, somme in (
        ("Aide accordée", "40,02"),
        ("Total du plan", "110,07"),
        ("Écart du plan", "189,93"),
    ):
        assert f'data-libelle="{libelle}">{somme}\xa0€' in pied
    assert "l’aide accordée y compte quand il y en a une, sinon l’aide demandée" in pied
    csv = chef.get(f"/fiches/export.csv?{requete}").content.decode("utf-8-sig").splitlines()
    assert csv[-1] == "Total;;110,07;189,93;90,00;40,02"
    fiche = chef.get(en_ligne.get_absolute_url()).content.decode()
    assert "remplacée par l’aide accordée, ne compte plus" in fiche
    assert 'data-libelle="Montant"><span class="montant">60,06\xa0€' in fiche


def test_chaque_colonne_de_montants_a_son_total():
    assert [c.code for c in COLONNES if c.genre == "montant" and not c.totalisee] == []


@pytest.mark.parametrize("genre", ["xlsx", "ods"])
def test_l_export_a_les_colonnes_l_ordre_et_les_totaux_de_la_page(demarche, chef, ecole, genre):
    fabrique.fiche(demarche, titre="Pont", numero=1, cout_ht=Decimal("5000"))
    contenu = chef.get(f"{PLAN}export.{genre}?col=commune&col=cout&col=f_etat&tri=-cout").content
    feuille = CalamineWorkbook.from_filelike(BytesIO(contenu)).get_sheet_by_index(0)
    rows = [[c for c in row if c != ""] for row in feuille.to_python() if any(c != "" for c in row)]
    assert rows[-4] == ["N°", "Intitulé", "Commune", "Coût HT", "Part : État"]
    assert rows[-3] == [1.0, "Pont", 5000.0]
    assert rows[-2] == [7.0, "École", "Chirac", 1000.1, 300.05]
    assert rows[-1] == ["Total", 6000.1, 300.05]


def test_le_csv_s_ouvre_dans_un_tableur_francais(demarche, chef, ecole):
    contenu = chef.get(f"{PLAN}export.csv?col=cout&col=debut").content
    assert contenu.startswith(b"\xef\xbb\xbf")
    assert contenu.decode("utf-8-sig").splitlines() == [
        "N°;Intitulé;Début des travaux;Coût HT",
        "7;École;01/03/2027;1000,10",
        "Total;;;1000,10",
    ]


PIEGES = ["+33", "-2", charges.BALISES[0], *charges.FORMULES[:7]]


@pytest.mark.parametrize("piege", PIEGES)
def test_aucun_texte_ne_devient_une_formule_ni_une_balise(demarche, chef, piege):
    fabrique.fiche(demarche, titre=piege, categorie=piege[:60])
    page = chef.get(f"{PLAN}?col=categorie").content.decode()
    assert not charges.fautes("text/html", page.encode())
    csv = chef.get(f"{PLAN}export.csv?col=categorie").content.decode("utf-8-sig")
    assert not [c for c in csv.replace('"', "").replace("\r", "").split(";") if c[:1] in "=+-@\t" and c]
    livre = openpyxl.load_workbook(BytesIO(chef.get(f"{PLAN}export.xlsx?col=categorie").content))
    cellules = [c for ligne in livre.active.iter_rows() for c in ligne]
    assert any(str(c.value or "").strip() == piege.strip() for c in cellules)
    assert all(c.data_type != "f" for c in cellules)
    ods = chef.get(f"{PLAN}export.ods?col=categorie").content
    feuille = CalamineWorkbook.from_filelike(BytesIO(ods)).get_sheet_by_index(0)
    assert any(str(c).strip() == piege.strip() for row in feuille.to_python() for c in row)
