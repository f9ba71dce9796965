"""Filters of the lists: each one keeps what it says, each chip takes one away."""

from datetime import date
from decimal import Decimal

import pytest
from django.http import QueryDict

from arpent.plateforme.plans import choix_generaux
from arpent.plateforme.plans.filtres import LIBELLES_FILTRES, lire_filtre
from arpent.plateforme.plans.models import Axe, Commentaire, Deliberation, VueEnregistree
from tests.plateforme import fabrique

pytestmark = pytest.mark.django_db
PLAN = "/territoires/gevaudan/plan/"


@pytest.fixture
def demarche():
    nord = fabrique.groupement(fabrique.commune("Chirac"), nom="CC du Nord")
    sud = fabrique.groupement(fabrique.commune("Florac"), nom="CC du Sud")
    return fabrique.demarche(fabrique.territoire(nord, sud), slug="gevaudan")


@pytest.fixture
def chef(demarche, connecte):
    return connecte(fabrique.agent("chef_de_projet", demarche))


@pytest.fixture
def deux(demarche):
    """« La bonne » answers every question below; « L’autre » none."""
    nord, sud = demarche.territoire.groupements.order_by("nom")
    enjeu = demarche.enjeux.create(libelle="Garder les services")
    bonne = fabrique.fiche(
        demarche,
        titre="La bonne",
        commune=nord.membres.get(),
        maturite="structurant",
        etat="retenue",
        realisation="en_cours",
        enjeu=enjeu,
        axe=Axe.objects.create(demarche=demarche, numero=1, libelle="Vivre"),
        annee=2027,
        cout_ht=Decimal("500000"),
        maitre_ouvrage=fabrique.organisation("commune", "Mairie de Chirac"),
    )
    fabrique.financement(bonne, "region", "10")
    Deliberation.objects.create(fiche=bonne, numero="1", adoptee_le=date(2026, 1, 2), assemblee="Conseil")
    Commentaire.objects.create(fiche=bonne, genre="correction", texte="Corriger", auteur_nom="Essai")
    autre = fabrique.fiche(
        demarche,
        titre="L’autre",
        commune=sud.membres.get(),
        theme=demarche.processus.dispositif.themes.last(),
    )
    Deliberation.objects.create(
        fiche=autre, numero="2", adoptee_le=date(2026, 1, 2), assemblee="Conseil", sens="rejetee"
    )
    Commentaire.objects.create(
        fiche=autre, genre="correction", texte="Entre nous", auteur_nom="Essai", portee="interne"
    )
    return bonne, autre


@pytest.mark.parametrize(
    "requete",
    [
        "epci=CC du Nord", "commune=chirac", "maturite=structurant", "etat=retenue", "realisation=en_cours",
        "axe=1", "annee=2027", "mini=400 000", "mini=400000,50&maxi=500000", "mo=chirac", "financeur=region",
        "deliberation=prise", "corrections=ouvertes", "theme=voirie",
    ],
)  # fmt: skip
@pytest.mark.parametrize("liste", [PLAN, "/fiches/"])
def test_chaque_filtre_garde_ce_qu_il_dit(deux, chef, liste, requete):
    page = chef.get(f"{liste}?{requete}").content.decode()
    assert "La bonne" in page
    assert "L’autre" not in page
    assert 'class="filtre-actif"' in page


def test_le_filtre_par_siren_enjeu_et_absence(deux, chef, demarche):
    siren = demarche.territoire.groupements.get(nom="CC du Sud").siren
    assert "L’autre" in chef.get(f"{PLAN}?epci={siren}").content.decode()
    assert "La bonne" not in chef.get(f"{PLAN}?epci={siren}").content.decode()
    assert "L’autre" not in chef.get(f"{PLAN}?enjeu={deux[0].enjeu_id}").content.decode()
    sans = chef.get(f"{PLAN}?deliberation=manquante&enjeu=sans").content.decode()
    assert "L’autre" in sans
    assert "La bonne" not in sans
    assert "Enjeu : sans enjeu" in sans


@pytest.mark.parametrize("liste", [PLAN, "/fiches/"])
def test_l_enjeu_et_le_theme_se_choisissent_dans_une_liste(deux, chef, demarche, liste):
    page = chef.get(f"{liste}?enjeu={deux[0].enjeu_id}").content.decode()
    assert "La bonne" in page
    assert "L’autre" not in page
    assert "Enjeu : Garder les services" in page
    assert f'<option value="{deux[0].enjeu_id}" selected>Garder les services</option>' in page
    theme = demarche.processus.dispositif.themes.last()
    page = chef.get(f"{liste}?theme={theme.code}").content.decode()
    assert f'<option value="{theme.code}" selected>{theme.libelle}</option>' in page
    assert f"Thème : {theme.libelle}" in page


def test_un_meme_enjeu_de_deux_territoires_dit_lequel(connecte):
    dispositif = fabrique.dispositif()
    aubrac, margeride = (
        fabrique.demarche(fabrique.territoire(nom=nom), dispositif) for nom in ("Aubrac", "Margeride")
    )
    for ou, libelle in ((aubrac, "Se loger"), (margeride, "Se loger"), (aubrac, "Se soigner")):
        ou.enjeux.create(libelle=libelle)
    chef = connecte(fabrique.agent("chef_de_projet", aubrac))
    page = chef.get("/fiches/").content.decode()
    assert ">Se loger (Aubrac)</option>" in page
    assert ">Se loger (Margeride)</option>" in page
    assert ">Se soigner</option>" in page
    page = chef.get("/fiches/?territoire=margeride").content.decode()
    assert ">Se loger</option>" in page
    assert "Se soigner" not in page


def test_l_enjeu_d_un_territoire_qu_on_ne_lit_pas_n_est_pas_propose(connecte):
    ici, ailleurs = fabrique.demarche(), fabrique.demarche()
    ici.enjeux.create(libelle="Chez nous")
    ailleurs.enjeux.create(libelle="Chez les autres")
    page = connecte(fabrique.agent("agent_epci", ici)).get("/fiches/").content.decode()
    assert "Chez nous" in page
    assert "Chez les autres" not in page


def test_trop_de_territoires_on_demande_d_abord_lequel(connecte, monkeypatch):
    monkeypatch.setattr(choix_generaux, "ENJEUX_DE_MAX", 1)
    dispositif = fabrique.dispositif()
    aubrac, gevaudan = (
        fabrique.demarche(fabrique.territoire(nom=nom), dispositif) for nom in ("Aubrac", "Gévaudan")
    )
    enjeu = aubrac.enjeux.create(libelle="Se loger")
    gevaudan.enjeux.create(libelle="Se soigner")
    chef = connecte(fabrique.agent("chef_de_projet", aubrac))
    page = chef.get("/fiches/").content.decode()
    assert "Filtrez d’abord sur un territoire" in page
    assert "Se loger" not in page
    assert "Enjeu : Se loger" in chef.get(f"/fiches/?enjeu={enjeu.pk}").content.decode()
    assert ">Se soigner</option>" in chef.get("/fiches/?territoire=gevaudan").content.decode()


QUESTIONS = (
    "territoire=gévaudan", "epci=CC du Nord", "theme=voirie", "enjeu={enjeu}", "maturite=structurant",
    "etat=retenue", "financeur=region", "mini=400000&maxi=500000",
)  # fmt: skip


@pytest.mark.parametrize("question", QUESTIONS)
def test_chaque_filtre_demande_tient_dans_les_exports_et_les_vues(deux, chef, demarche, question):
    demarche.territoire.nom = "Gévaudan"
    demarche.territoire.save()
    if not question.startswith("territoire"):
        fabrique.financement(deux[1], "etat", "1")
    else:  # the other one is of another territory of the same authority
        deux[1].demarche = fabrique.demarche(dans=demarche.processus.dispositif)
        deux[1].save()
    question = question.format(enjeu=deux[0].enjeu_id)
    for liste, code in ((PLAN, "plan"), ("/fiches/", "fiches")):
        csv = chef.get(f"{liste}export.csv?{question}").content.decode("utf-8-sig")
        assert "La bonne" in csv
        assert "L’autre" not in csv
        chef.post(
            "/vues/",
            {"nom": code, "requete": question} | ({"demarche": "gevaudan"} if code == "plan" else {}),
        )
        page = chef.get(f"/vues/{VueEnregistree.objects.get(nom=code).pk}/", follow=True).content.decode()
        assert "La bonne" in page
        assert "L’autre" not in page


def test_une_fiche_reunie_ou_decoupee_ne_compte_nulle_part(demarche, chef):
    gardee = fabrique.fiche(demarche, titre="La gardée", cout_ht=Decimal("1000"))
    fabrique.fiche(demarche, titre="L’absorbée", cout_ht=Decimal("400"), fusionnee_dans=gardee)
    entiere = fabrique.fiche(demarche, titre="L’entière", cout_ht=Decimal("90"))
    fabrique.fiche(demarche, titre="Tranche 1", cout_ht=Decimal("90"), tranche_de=entiere, tranche=1)
    for liste in (PLAN, "/fiches/"):
        page = chef.get(f"{liste}?q=").content.decode()
        assert "La gardée" in page
        assert "Tranche 1" in page
        assert "L’absorbée" not in page
        assert "L’entière" not in page
        assert "2 fiches" in page
        csv = chef.get(f"{liste}export.csv?col=cout").content.decode("utf-8-sig")
        assert "1090,00" in csv.splitlines()[-1]
        seules = chef.get(f"{liste}?refonte=seules").content.decode()
        assert "L’absorbée" in seules
        assert "L’entière" in seules
        assert "La gardée" not in seules
    assert "2 fiches</strong>" in chef.get("/fiches/totaux/").content.decode()


def test_un_epci_se_suit_d_un_departement_a_l_autre(connecte):
    dispositif = fabrique.dispositif()
    epci = fabrique.groupement(
        fabrique.commune("Ici", departement="48"), fabrique.commune("Là", departement="12"), nom="CC à cheval"
    )
    ici, la = (fabrique.demarche(fabrique.territoire(epci), dispositif) for _ in range(2))
    fabrique.fiche(ici, titre="Côté Lozère", commune=epci.membres.get(nom="Ici"))
    fabrique.fiche(la, titre="Côté Aveyron", commune=epci.membres.get(nom="Là"))
    fabrique.fiche(la, titre="Hors de l’EPCI")
    page = connecte(fabrique.agent("chef_de_projet", ici)).get("/fiches/?epci=cheval").content.decode()
    assert "Côté Lozère" in page
    assert "Côté Aveyron" in page
    assert "Hors de l’EPCI" not in page


def test_une_puce_retire_un_filtre_et_garde_les_autres(deux, chef):
    page = chef.get(f"{PLAN}?etat=retenue&maturite=structurant&page=1&tri=-cout").content.decode()
    assert 'href="?etat=retenue&amp;tri=-cout"' in page
    assert 'href="?maturite=structurant&amp;tri=-cout"' in page
    assert "État : Retenue" in page


def test_une_valeur_etrange_n_est_pas_demandee():
    nul = QueryDict("mini=abc&maxi=-3&annee=20x7&enjeu=²&epci=%00&realisation=zz&corrections=1&page=²")
    assert not lire_filtre(nul).est_actif
    assert lire_filtre(nul).page == 1


def test_chaque_filtre_a_son_nom_dans_les_puces():
    tout = QueryDict(
        "q=a&territoire=a&epci=a&commune=a&theme=a&enjeu=1&axe=1&maturite=structurant&etat=retenue&mo=a"
        "&financeur=etat&mini=1&maxi=2&annee=2026&realisation=realise&deliberation=prise&corrections=ouvertes"
        "&refonte=seules"
    )
    assert [p.parametre for p in lire_filtre(tout).puces({})] == list(LIBELLES_FILTRES)
