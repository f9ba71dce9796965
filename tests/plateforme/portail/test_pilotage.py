"""The steering of a dispositif: what each line says, filters and order, map and calendar, files, cost."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from io import BytesIO
from typing import Any

import openpyxl
import pytest
from django.http import QueryDict
from django.test import Client
from django.urls import reverse

from arpent.plateforme.acteurs.models import Agent
from arpent.plateforme.contrats import actions as contrats
from arpent.plateforme.demarches import actions
from arpent.plateforme.demarches.models import Demarche
from arpent.plateforme.journal.actions import consigner
from arpent.plateforme.negociations import actions as negociations
from arpent.plateforme.portail.pilotage import lecture
from arpent.plateforme.portail.pilotage.dessins import calendrier, carte
from arpent.plateforme.portail.pilotage.filtres import lire_filtres
from arpent.plateforme.reglements.models import Dispositif
from tests.plateforme import fabrique

pytestmark = pytest.mark.django_db
Connecte = Callable[[Agent], Client]
TODAY = date(2026, 6, 1)
DEFINITION = {
    "phases": [
        {
            "code": "p",
            "libelle": "P",
            "etapes": [
                {"code": "a", "libelle": "Diagnostic", "duree_jours": 100},
                {"code": "b", "libelle": "Négociation", "duree_jours": 100},
                {"code": "c", "libelle": "Signature", "duree_jours": 100, "place": "contrat"},
            ],
        }
    ]
}


@pytest.fixture
def dispositif() -> Dispositif:
    d = fabrique.dispositif()
    d.processus.versions.update(definition=DEFINITION)
    return d


def ouvrir(dispositif: Dispositif, nom: str) -> Demarche:
    return fabrique.demarche(fabrique.territoire(nom=nom), dispositif)


@pytest.fixture
def trois(dispositif: Dispositif) -> list[Demarche]:
    """Opened on 15 January: « Alpe » has done nothing, « Bois » is on time, « Cime » finished early."""
    alpe, bois, cime = (ouvrir(dispositif, nom) for nom in ("Alpe", "Bois", "Cime"))
    for demarche, jours in ((bois, (100,)), (cime, (50, 100))):
        for code, n in zip("ab", jours, strict=False):
            fait = date(2026, 1, 15) + timedelta(days=n)
            actions.marquer_etape(demarche.etapes.get(code=code), fait, par=None)
    return [alpe, bois, cime]


def url(nom: str, dispositif: Dispositif, requete: str = "") -> str:
    return reverse(f"portail:{nom}", args=[dispositif.slug]) + (f"?{requete}" if requete else "")


def lignes(dispositif: Dispositif) -> list[lecture.Territoire]:
    return lecture.lire(dispositif, None, TODAY)


def test_chaque_territoire_dit_son_retard_et_sa_signature(
    dispositif: Dispositif, trois: list[Demarche]
) -> None:
    par_nom = {x.nom: x for x in lignes(dispositif)}
    assert [x.nom for x in lignes(dispositif)] == ["Alpe", "Bois", "Cime"]
    assert par_nom["Alpe"].retard == (TODAY - date(2026, 4, 25)).days
    assert (par_nom["Bois"].retard, par_nom["Cime"].retard) == (0, 0)
    assert (par_nom["Bois"].faites, par_nom["Bois"].attendues) == (1, 3)
    assert par_nom["Bois"].avancement == Decimal(1) / 3
    assert {x.depart for x in par_nom.values()} == {date(2026, 11, 11)}
    assert par_nom["Cime"].prevision.le is not None
    assert par_nom["Cime"].prevision.le < date(2026, 11, 11)
    assert (par_nom["Cime"].glissement or 0) < 0
    assert par_nom["Alpe"].prochaine is not None
    assert par_nom["Alpe"].prochaine.code == "a"


def test_les_montants_sont_ceux_du_plan_de_la_maquette_et_du_contrat(
    dispositif: Dispositif, trois: list[Demarche]
) -> None:
    alpe = trois[0]
    proposee = fabrique.fiche(alpe, etat="proposee", aide_demandee=Decimal("30000"))
    fabrique.fiche(alpe, etat="brouillon", aide_demandee=Decimal("5000"))
    inscrite = {"etat": "contractualisee", "aide_demandee": Decimal("9000"), "aide_accordee": Decimal("8000")}
    fabrique.fiche(alpe, **inscrite)
    scenario = negociations.scenario_courant(alpe)
    negociations.proposer(
        scenario, proposee, Decimal("1000"), 2026, "retenue", version_lue=0, par=None, le=TODAY
    )
    contrats.contrat_de(alpe)
    x = lignes(dispositif)[0]
    assert (x.fiches, x.demande, x.propose, x.contractualise) == (2, 39000, 1000, 8000)
    assert x.contrat == "redaction"


def test_un_territoire_est_silencieux_sans_geste_d_une_personne(
    dispositif: Dispositif, trois: list[Demarche]
) -> None:
    agent = fabrique.agent("chef_de_projet", trois[0])
    consigner("modifier", sur=trois[0], par=agent, demarche_id=trois[0].pk)
    x = lecture.lire(dispositif, None, date.today())[0]
    assert (x.silence, x.est_silencieux) == (0, False)
    assert lecture.lire(dispositif, None, date.today())[1].est_silencieux
    tard = lecture.lire(dispositif, None, date.today() + timedelta(days=lecture.SILENCE + 1))
    assert tard[0].est_silencieux


@pytest.mark.parametrize(
    ("requete", "noms"),
    [
        ("", ["Alpe", "Bois", "Cime"]),
        ("retard=oui", ["Alpe"]),
        ("retard=30", ["Alpe"]),
        ("retard=90", []),
        ("retard=non", ["Bois", "Cime"]),
        ("retard=silence", ["Alpe", "Bois", "Cime"]),
        ("phase=preparation", ["Alpe", "Bois", "Cime"]),
        ("phase=plan", []),
        ("minimum=1000", []),
        ("minimum=0", ["Alpe", "Bois", "Cime"]),
        ("minimum=beaucoup", ["Alpe", "Bois", "Cime"]),
        ("tri=-nom", ["Cime", "Bois", "Alpe"]),
        ("tri=avancement", ["Alpe", "Bois", "Cime"]),
        ("tri=-signature", ["Alpe", "Bois", "Cime"]),
        ("tri=silence", ["Alpe", "Bois", "Cime"]),
        ("tri=lune&phase=lune&retard=lune&carte=lune", ["Alpe", "Bois", "Cime"]),
    ],
)
def test_les_filtres_et_l_ordre_se_lisent_dans_l_adresse(
    dispositif: Dispositif, trois: list[Demarche], requete: str, noms: list[str]
) -> None:
    filtres = lire_filtres(QueryDict(requete))
    assert [x.nom for x in filtres.appliquer(lignes(dispositif))] == noms


@pytest.mark.parametrize("nom", ["pilotage", "calendrier"])
def test_la_page_coute_douze_requetes_a_tout_nombre(
    connecte: Connecte,
    dispositif: Dispositif,
    trois: list[Demarche],
    nom: str,
    django_assert_max_num_queries: Callable[..., Any],
) -> None:
    elu = connecte(fabrique.agent("elu_autorite", trois[0]))
    with django_assert_max_num_queries(12):
        texte = elu.get(url(nom, dispositif)).content.decode()
    assert "Alpe" in texte
    for n in range(12):
        demarche = ouvrir(dispositif, f"Autre {n}")
        fabrique.fiche(demarche, etat="proposee")
    with django_assert_max_num_queries(12):
        assert "Autre 11" in elu.get(url(nom, dispositif)).content.decode()


@pytest.mark.parametrize(
    ("role", "statut"),
    [
        ("chef_de_projet", 200),
        ("elu_autorite", 200),
        ("sous_prefet", 200),
        ("president_epci", 403),
        ("maire", 403),
    ],
)
def test_le_pilotage_est_aux_gens_de_l_autorite(
    connecte: Connecte, dispositif: Dispositif, trois: list[Demarche], role: str, statut: int
) -> None:
    client = connecte(fabrique.agent(role, trois[0]))
    assert client.get(url("pilotage", dispositif)).status_code == statut
    ailleurs = fabrique.dispositif(fabrique.organisation("region", "Région"))
    assert client.get(url("pilotage", ailleurs)).status_code == (404 if statut == 200 else 403)


def test_un_montant_illisible_est_dit_et_ne_filtre_rien(
    connecte: Connecte, dispositif: Dispositif, trois: list[Demarche]
) -> None:
    chef = connecte(fabrique.agent("chef_de_projet", trois[0]))
    texte = chef.get(url("pilotage", dispositif, "minimum=beaucoup")).content.decode()
    assert 'aria-invalid="true"' in texte
    assert "Cime" in texte


def test_le_classeur_est_ce_que_la_page_montre(
    connecte: Connecte, dispositif: Dispositif, trois: list[Demarche]
) -> None:
    trois[2].territoire.nom = "=Cime"
    trois[2].territoire.save()
    chef = connecte(fabrique.agent("chef_de_projet", trois[0]))
    contenu = chef.get(url("pilotage_xlsx", dispositif, "tri=nom&retard=oui")).content
    feuille = openpyxl.load_workbook(BytesIO(contenu)).active
    assert feuille is not None
    colonne = next(feuille.columns)
    premiere = [str(c.value) for c in colonne if c.value]
    assert "f" not in {c.data_type for c in colonne}, "a name is text, never a formula"
    assert "en retard. 3 territoire(s)." in premiere[2]
    assert premiere[3:] == ["Territoire", "=Cime", "Alpe", "Bois", "Total"]


def test_la_note_est_un_pdf_et_dit_les_retards(
    connecte: Connecte, dispositif: Dispositif, trois: list[Demarche]
) -> None:
    chef = connecte(fabrique.agent("chef_de_projet", trois[0]))
    reponse = chef.get(url("pilotage_note", dispositif))
    assert reponse.content[:5] == b"%PDF-"
    assert "note-pilotage" in reponse["Content-Disposition"]


def test_le_calendrier_met_les_retards_en_tete_et_la_carte_demande_un_contour(
    dispositif: Dispositif, trois: list[Demarche]
) -> None:
    toutes = lignes(dispositif)
    figure = calendrier(toutes, TODAY)
    assert figure is not None
    assert figure.titre == "1 territoire en retard sur 3"
    assert [x[0] for x in figure.lignes] == ["Alpe", "Bois", "Cime"]
    assert calendrier([], TODAY) is None
    assert carte(toutes, "avancement") is None


def test_sans_demarche_la_page_dit_quoi_faire(connecte: Connecte, dispositif: Dispositif) -> None:
    chef = fabrique.agent("chef_de_projet", fabrique.demarche(dans=fabrique.dispositif(dispositif.autorite)))
    texte = connecte(chef).get(url("pilotage", dispositif)).content.decode()
    assert "Aucune démarche n’est en cours" in texte
    assert (
        "Aucune démarche n’est en cours" in connecte(chef).get(url("calendrier", dispositif)).content.decode()
    )


def test_chaque_etape_restante_a_sa_prevision_au_calendrier_sur_le_territoire_et_sur_sa_page(
    dispositif: Dispositif, trois: list[Demarche], connecte: Connecte
) -> None:
    """« Bois » did its first step in 100 days as planned; the others lend their pace."""
    bois = next(x for x in lecture.lire(dispositif, None, TODAY) if x.nom == "Bois")
    assert [e.code for e, _ in bois.restantes] == ["b", "c"]
    assert bois.restantes[-1][1].le == bois.prevision.le
    assert bois.restantes[0][1].le < bois.restantes[1][1].le
    assert all(terme.tot is None for _, terme in bois.restantes)  # two territories observed: no interval
    figure = calendrier([bois], TODAY)
    assert figure is not None
    assert "Négociation, " in figure.svg
    chef = connecte(fabrique.agent("chef_de_projet", trois[1]))
    assert (
        "Quand chaque étape restante est prévue" in chef.get(url("calendrier", dispositif)).content.decode()
    )
    page = chef.get(trois[1].get_absolute_url()).content.decode()
    assert page.count("prévision\u00a0: ") == 2
    etape = chef.get(reverse("demarches:etape", args=[trois[1].slug, "b"])).content.decode()
    assert "<dt>Prévision</dt>" in etape
    faite = chef.get(reverse("demarches:etape", args=[trois[1].slug, "a"])).content.decode()
    assert "<dt>Prévision</dt>" not in faite


def test_a_quatre_territoires_observes_l_etape_a_son_intervalle(
    dispositif: Dispositif, trois: list[Demarche], connecte: Connecte
) -> None:
    for nom, jours in (("Dune", 80), ("Erg", 160)):
        demarche = ouvrir(dispositif, nom)
        actions.marquer_etape(
            demarche.etapes.get(code="a"), date(2026, 1, 15) + timedelta(days=jours), par=None
        )
    alpe = next(x for x in lecture.lire(dispositif, None, TODAY) if x.nom == "Alpe")
    assert all(t.tot and t.tard and t.tot <= t.le <= t.tard for _, t in alpe.restantes)
    chef = connecte(fabrique.agent("chef_de_projet", trois[0]))
    etape = chef.get(reverse("demarches:etape", args=[trois[0].slug, "b"])).content.decode()
    assert "entre le" in etape.partition("<dt>Prévision</dt>")[2][:200]


def test_un_contrat_signe_ne_prevoit_plus_d_etape(dispositif: Dispositif, trois: list[Demarche]) -> None:
    for etape in trois[0].etapes.all():
        actions.marquer_etape(etape, date(2026, 5, 1), par=None)
    alpe = next(x for x in lecture.lire(dispositif, None, TODAY) if x.nom == "Alpe")
    assert alpe.restantes == []
    assert alpe.prevision.signee
