"""The public site: closed by default, contracts in force only, no name of a person, kept by caches."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from django.test import Client
from django.urls import reverse

from arpent.metier.repartition.soldes import Stade
from arpent.plateforme.acteurs.models import Agent
from arpent.plateforme.contrats.models import Avenant, Contrat
from arpent.plateforme.demarches.models import Demarche
from arpent.plateforme.documents.models import DocumentEmis
from arpent.plateforme.journal.models import Entree
from arpent.plateforme.negociations.credits import noeuds
from arpent.plateforme.negociations.credits.registre import Ecriture, Piece, inscrire
from arpent.plateforme.negociations.models import Genre
from arpent.plateforme.plans.models import Fiche
from arpent.plateforme.portail.public import actions, lecture
from arpent.plateforme.reglements.models import SitePublic
from arpent.plateforme.territoires.models import Commune, Contour
from tests.plateforme import fabrique

pytestmark = pytest.mark.django_db
Connecte = Callable[[Agent], Client]
EDITEUR = "Département de la Lozère ; publication : le président"


@pytest.fixture
def demarche() -> Demarche:
    return fabrique.demarche(fabrique.territoire(nom="Haut-Pays"), slug="haut-pays")


@pytest.fixture
def contrat(demarche: Demarche) -> Contrat:
    return Contrat.objects.create(
        demarche=demarche, etat="en_vigueur", date_effet=date(2026, 3, 1), reference="CT-26-1"
    )


@pytest.fixture
def fiche(demarche: Demarche, contrat: Contrat) -> Fiche:
    mairie = fabrique.organisation("commune", "Mairie de Florac")
    return fabrique.fiche(
        demarche, numero=7, titre="Salle des fêtes", etat="contractualisee", aide_accordee=Decimal(20_000),
        maitre_ouvrage=mairie, latitude=Decimal("44.3"), longitude=Decimal("3.6"),
        contact_nom="Jeanne Discrète", contact_courriel="jeanne@exemple.fr", contact_telephone="0400000000",
    )  # fmt: skip


@pytest.fixture
def site(fiche: Fiche) -> SitePublic:
    dispositif = fiche.demarche.processus.dispositif
    valeurs = {"presentation": "Nos contrats.", "contact": "", "editeur": EDITEUR}
    return actions.regler_site(dispositif, valeurs, ouvert=True, version_lue=1, par=None)


def url(nom: str, site: SitePublic, *suite: object) -> str:
    return reverse(f"public:{nom}", args=[site.dispositif.slug, *suite])


def lire(chemin: str, statut: int = 200) -> str:
    reponse = Client().get(chemin)
    assert reponse.status_code == statut
    return reponse.content.decode()


def avancer(fiche: Fiche, *mouvements: tuple[Stade, int]) -> None:
    """Writes in the ledger what was awarded and paid."""
    dispositif = fiche.demarche.processus.dispositif
    fonds, _ = dispositif.fonds.get_or_create(code="base", defaults={"libelle": "Base", "montant": 500_000})
    noeud = noeuds.ligne_de(noeuds.noeud_du_territoire(fonds, fiche.demarche), fiche.theme, 2026)
    genres = {Stade.ALLOUE: Genre.REPARTITION, Stade.ENGAGE: Genre.ATTRIBUTION, Stade.PAYE: Genre.VERSEMENT}
    piece = Piece("", "CP_26_101", date(2026, 6, 1))
    inscrire(
        [Ecriture(noeud, s, genres[s], Decimal(m), 2026, fiche.pk, piece=piece) for s, m in mouvements],
        par=None,
    )


def toutes(site: SitePublic, fiche: Fiche) -> list[str]:
    return [
        "/public/", url("site", site), url("projets", site), url("contrat", site, "haut-pays"),
        url("projet", site, "haut-pays", fiche.numero), url("points", site), url("flux", site),
        "/public/plan-du-site.xml",
    ]  # fmt: skip


def test_ferme_rien_n_existe(fiche: Fiche) -> None:
    slug = fiche.demarche.processus.dispositif.slug
    for chemin in (f"/public/{slug}/", f"/public/{slug}/projets/", f"/public/{slug}/nouvelles.rss",
                   f"/public/{slug}/contrats/haut-pays/", f"/public/{slug}/projets.geojson"):  # fmt: skip
        lire(chemin, 404)
    assert "Aucun site n’est ouvert ici" in lire("/public/")
    assert "<loc>" not in lire("/public/plan-du-site.xml")


def test_le_site_dit_ses_contrats_et_leurs_montants(site: SitePublic, fiche: Fiche) -> None:
    page = lire(url("site", site))
    assert "20\u202f000\u00a0€ pour 1 projet dans 1 territoire" in re.sub(r"<[^>]+>", "", page)
    assert "Nos contrats." in page
    assert "Haut-Pays" in page
    assert EDITEUR in page
    projet = lire(url("projet", site, "haut-pays", 7))
    assert "Salle des fêtes" in projet
    assert "Inscrit au contrat" in projet
    assert '<meta name="robots"' not in page


@pytest.mark.parametrize(
    ("mouvements", "etat"),
    [
        ((), "inscrit"),
        (((Stade.ENGAGE, 18_000),), "attribue"),
        (((Stade.ENGAGE, 18_000), (Stade.PAYE, 5_400)), "en_cours"),
        (((Stade.ENGAGE, 18_000), (Stade.PAYE, 18_000)), "verse"),
    ],
)
def test_l_etat_suit_le_grand_livre(
    site: SitePublic, fiche: Fiche, mouvements: tuple[tuple[Stade, int], ...], etat: str
) -> None:
    avancer(fiche, (Stade.ALLOUE, 50_000), *mouvements)
    (projet,) = lecture.projets_de(Fiche.objects.all())
    assert projet.etat == etat
    page = lire(url("projet", site, "haut-pays", 7))
    assert page.count("<time") == 1 + len(mouvements)
    assert ("CP_26_101" in page) == bool(mouvements)


def test_ce_qui_n_est_pas_au_contrat_n_existe_pas(site: SitePublic, demarche: Demarche) -> None:
    fabrique.fiche(demarche, numero=8, titre="Projet en discussion", etat="retenue")
    lire(url("projet", site, "haut-pays", 8), 404)
    assert "en discussion" not in lire(url("projets", site))
    Contrat.objects.update(etat="signature")
    for chemin in (url("contrat", site, "haut-pays"), url("projet", site, "haut-pays", 7)):
        lire(chemin, 404)
    assert "aucun contrat n’est encore signé" in lire(url("site", site))


def test_un_contrat_d_un_autre_dispositif_n_est_pas_de_ce_site(site: SitePublic) -> None:
    autre = fabrique.demarche(slug="ailleurs")
    Contrat.objects.create(demarche=autre, etat="en_vigueur", date_effet=date(2026, 3, 1))
    lire(url("contrat", site, "ailleurs"), 404)


def test_aucune_page_ne_nomme_une_personne(site: SitePublic, fiche: Fiche, contrat: Contrat) -> None:
    contrat.parties.create(organisation=fiche.maitre_ouvrage, role="signataire", signataire="Jeanne Discrète")
    for chemin in toutes(site, fiche):
        page = lire(chemin)
        assert "Discrète" not in page
        assert "jeanne@" not in page
        assert "0400000000" not in page


def test_les_caches_peuvent_garder_les_pages(site: SitePublic, fiche: Fiche) -> None:
    for chemin in (url("site", site), url("projets", site), url("points", site), url("flux", site)):
        reponse = Client().get(chemin)
        assert reponse.headers["Cache-Control"] == "public, max-age=300"
        assert not reponse.cookies


def test_la_liste_se_cherche_par_mots_et_par_theme(site: SitePublic, fiche: Fiche) -> None:
    assert "Salle des fêtes" in lire(url("projets", site) + "?q=florac+salle")
    assert "Aucun projet ne répond" in lire(url("projets", site) + "?q=piscine")
    assert "Salle des fêtes" in lire(url("projets", site) + f"?theme={fiche.theme.code}")  # type: ignore[union-attr]
    assert "Aucun projet ne répond" in lire(url("projets", site) + "?theme=inconnu")
    assert "Salle des fêtes" in lire(url("projets", site) + "?page=99")


def test_le_nombre_de_requetes_ne_depend_pas_du_nombre(
    site: SitePublic, fiche: Fiche, demarche: Demarche, django_assert_num_queries: Any
) -> None:
    for n in range(60):
        fabrique.fiche(demarche, numero=100 + n, etat="contractualisee", aide_accordee=Decimal(n))
    for nom, nombre in (("site", 3), ("projets", 7), ("points", 5)):
        with django_assert_num_queries(nombre):
            lire(url(nom, site))


def test_la_carte_place_chaque_projet_une_fois(site: SitePublic, fiche: Fiche, demarche: Demarche) -> None:
    fabrique.fiche(demarche, numero=9, titre="Sans lieu", etat="contractualisee", commune=None)
    (trait,) = json.loads(lire(url("points", site)))["features"]
    assert trait["geometry"] == {"type": "Point", "coordinates": [3.6, 44.3]}
    assert trait["properties"] == {
        "n": "Salle des fêtes", "d": "Mairie de Florac, inscrit au contrat",
        "u": url("projet", site, "haut-pays", 7), "a": 20_000, "e": "inscrit",
    }  # fmt: skip


def test_le_fond_de_carte_est_celui_des_communes_sous_contrat(site: SitePublic, demarche: Demarche) -> None:
    ailleurs = fabrique.commune("Ailleurs")
    for commune in Commune.objects.all():
        Contour.objects.create(commune=commune, geometrie={"type": "Point", "coordinates": [0, 0]})
    noms = {t["properties"]["n"] for t in json.loads(lire(url("contours", site)))["features"]}
    membres = Commune.objects.filter(appartenances__groupement__compositions__territoire=demarche.territoire)
    assert noms == {c.nom for c in membres}
    assert ailleurs.nom not in noms


def test_le_fil_dit_les_nouvelles_les_plus_recentes_d_abord(site: SitePublic, contrat: Contrat) -> None:
    Avenant.objects.create(
        contrat=contrat, numero=1, objet="Ajout d’un projet", etat="en_vigueur", date_effet=date(2026, 5, 1)
    )
    Avenant.objects.create(contrat=contrat, numero=2, objet="Secret", etat="preparation")
    titres = [x.text for x in ET.fromstring(lire(url("flux", site))).iter("title")]
    assert titres[1:] == ["Haut-Pays : Avenant n°\u00a01", "Haut-Pays : Le contrat prend effet"]


def test_le_plan_du_site_mene_a_chaque_page_et_les_robots_le_savent(site: SitePublic, fiche: Fiche) -> None:
    adresses = re.findall(r"<loc>http://127.0.0.1:8000([^<]+)</loc>", lire("/public/plan-du-site.xml"))
    assert set(adresses) == set(toutes(site, fiche)[:5])
    for chemin in adresses:
        lire(chemin)
    robots = lire("/robots.txt")
    assert "Allow: /public/" in robots
    assert "Disallow: /\n" in robots


class TestReglage:
    @pytest.fixture
    def chef(self, connecte: Connecte, demarche: Demarche) -> Client:
        return connecte(fabrique.agent("chef_de_projet", demarche))

    def envoyer(self, chef: Client, demarche: Demarche, **champs: Any) -> Any:
        chemin = reverse("public:reglage", args=[demarche.processus.dispositif.slug])
        return chef.post(chemin, {"version_lue": 1, "editeur": EDITEUR} | champs)

    def test_on_ouvre_puis_on_ferme(self, chef: Client, demarche: Demarche, fiche: Fiche) -> None:
        assert self.envoyer(chef, demarche, ouvert="on").status_code == 302
        site = SitePublic.objects.get()
        lire(url("site", site))
        assert self.envoyer(chef, demarche, version_lue=site.version).status_code == 302
        lire(url("site", site), 404)
        assert Entree.objects.filter(geste="regler_site_public").count() == 2

    def test_sans_editeur_le_site_n_ouvre_pas_et_la_saisie_reste(
        self, chef: Client, demarche: Demarche
    ) -> None:
        reponse = self.envoyer(chef, demarche, ouvert="on", editeur="", presentation="Mes mots")
        assert reponse.status_code == 422
        page = reponse.content.decode()
        assert "Dites qui édite le site" in page
        assert "Mes mots" in page
        assert not SitePublic.objects.exists()

    def test_une_saisie_perimee_est_refusee(self, chef: Client, demarche: Demarche, site: SitePublic) -> None:
        assert self.envoyer(chef, demarche, version_lue=99).status_code == 409

    def test_un_maire_ne_regle_rien(self, connecte: Connecte, demarche: Demarche) -> None:
        maire = connecte(fabrique.agent("maire", demarche))
        assert self.envoyer(maire, demarche, ouvert="on").status_code == 403

    def test_un_document_ne_se_lit_qu_une_fois_publie(
        self, chef: Client, demarche: Demarche, site: SitePublic, tmp_path: Any, settings: Any
    ) -> None:
        settings.MEDIA_ROOT = tmp_path
        (tmp_path / "contrat.pdf").write_bytes(b"%PDF-1.7 le contrat")
        document = DocumentEmis.objects.create(
            titre="Contrat du Haut-Pays", genre="contrat", format="pdf", objet_type="contrats.contrat",
            objet_id="1", demarche_id=demarche.pk, gabarit="contrat/v1", fichier="contrat.pdf", taille=19,
            sha256="0" * 64,
        )  # fmt: skip
        chemin = url("document", site, "haut-pays", document.pk)
        lire(chemin, 404)
        geste = url("publier", site, document.pk)
        assert "Contrat du Haut-Pays" in chef.get(url("reglage", site)).content.decode()
        assert chef.post(geste).status_code == 302
        assert chef.post(geste).status_code == 302
        assert Client().get(chemin).content == b"%PDF-1.7 le contrat"
        assert "Contrat du Haut-Pays" in lire(url("contrat", site, "haut-pays"))
        chef.post(geste, {"retirer": "1"})
        lire(chemin, 404)
        gestes = Entree.objects.filter(objet_type="documents.documentemis").values_list("geste", flat=True)
        assert list(gestes.order_by("numero")) == ["publier_document", "depublier_document"]

    def test_un_document_d_un_autre_genre_ne_se_publie_pas(
        self, chef: Client, demarche: Demarche, site: SitePublic
    ) -> None:
        document = DocumentEmis.objects.create(
            titre="Lettre", genre="lettre", format="pdf", objet_type="x", objet_id="1", taille=1,
            demarche_id=demarche.pk, gabarit="x/v1", sha256="0" * 64,
        )  # fmt: skip
        assert chef.post(url("publier", site, document.pk)).status_code == 404
