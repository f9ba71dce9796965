"""Filters of the lists: each one keeps what it says, each chip takes one away."""

from datetime import date
from decimal import Decimal

import pytest
from django.http import QueryDict

from arpent.plateforme.plans.filtres import LIBELLES_FILTRES, lire_filtre
from arpent.plateforme.plans.models import Axe, Commentaire, Deliberation
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
    )
    assert [p.parametre for p in lire_filtre(tout).puces({})] == list(LIBELLES_FILTRES)
