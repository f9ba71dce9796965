"""Indicators, their values, the euros that serve each enjeu."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from arpent.plateforme.acteurs.models import Agent
from arpent.plateforme.diagnostics.models import Enjeu
from arpent.plateforme.journal.models import Entree
from arpent.plateforme.plans.models import Axe, Fiche
from arpent.plateforme.suivi.avancement.lecture import fiches_suivies
from arpent.plateforme.suivi.evaluation import actions
from arpent.plateforme.suivi.evaluation import releve as module_releve
from arpent.plateforme.suivi.evaluation.actions import EvaluationRefusee
from arpent.plateforme.suivi.evaluation.lecture import ecrire, evaluation_de
from arpent.plateforme.suivi.evaluation.releve import Releve, ReleveImpossible, relever
from arpent.plateforme.suivi.models import IndicateurSuivi, PoidsEnjeu, ValeurSuivie
from tests.plateforme import fabrique
from tests.plateforme.negociations.conftest import Monde

Connecte = Callable[[Agent], Client]
RACINE = "/territoires/gevaudan/bilan/"
LE = date(2026, 6, 10)


@pytest.fixture
def enjeux(retenus: Monde) -> list[Enjeu]:
    noms = ("Se loger", "Se déplacer")
    return [
        Enjeu.objects.create(demarche=retenus.demarche, libelle=nom, priorite=n)
        for n, nom in enumerate(noms, 1)
    ]


@pytest.fixture
def axe(retenus: Monde, enjeux: list[Enjeu]) -> Axe:
    """An axis that answers both; the second project is in it and names no enjeu."""
    axe = Axe.objects.create(demarche=retenus.demarche, numero=1, libelle="Vivre ici")
    axe.enjeux.set(enjeux)
    Fiche.objects.filter(pk=retenus.fiches[0].pk).update(enjeu=enjeux[0])
    Fiche.objects.filter(pk=retenus.fiches[1].pk).update(axe=axe)
    return axe


@pytest.fixture
def indicateur(retenus: Monde, enjeux: list[Enjeu]) -> IndicateurSuivi:
    return actions.ecrire_indicateur(
        IndicateurSuivi(
            demarche=retenus.demarche, enjeu=enjeux[0], libelle="Logements vacants", unite="%",
            code="part_vacants", reference=Decimal(12), reference_annee=2022, cible=Decimal(10),
            cible_annee=2028, source="INSEE",
        ),
        par=None,
    )  # fmt: skip


def saisie(sur: str, **autres: str) -> dict[str, str]:
    return {
        "version_lue": "1", "sur": sur, "nature": "resultat", "libelle": "Logements rénovés",
        "unite": "logements", "reference": "0", "reference_annee": "2026", "cible": "12,5",
        "cible_annee": "2028", "source": "Bilans", **autres,
    }  # fmt: skip


def test_un_indicateur_se_pose_sur_un_enjeu_un_axe_ou_un_projet(
    retenus: Monde, enjeux: list[Enjeu], axe: Axe, connecte: Connecte
) -> None:
    client = connecte(retenus.president)
    for sur in (f"enjeu-{enjeux[0].pk}", f"axe-{axe.pk}", f"fiche-{retenus.fiches[0].pk}"):
        assert client.post(f"{RACINE}indicateurs/nouveau/", saisie(sur)).status_code == 302
    lus = IndicateurSuivi.objects.order_by("pk")
    assert [type(i.sur) for i in lus] == [Enjeu, Axe, Fiche]
    assert {i.cible for i in lus} == {Decimal("12.5")}
    page = client.get(f"{RACINE}evaluation/").content.decode()
    assert page.count("pas encore mesuré") == 3


@pytest.mark.parametrize(
    ("change", "dit"),
    [
        ({"reference_annee": ""}, "Dites de quelle année."),
        ({"cible_annee": "2020"}, "La cible vient après"),
        ({"cible": "beaucoup"}, "Écrivez un nombre"),
        ({"sur": "enjeu-987654"}, "Sélectionnez un choix valide"),
        ({"sur": ""}, "obligatoire"),
    ],
)
def test_un_indicateur_mal_ecrit_est_dit(
    retenus: Monde, enjeux: list[Enjeu], connecte: Connecte, change: dict[str, str], dit: str
) -> None:
    envoi = saisie(f"enjeu-{enjeux[0].pk}") | change
    reponse = connecte(retenus.chef).post(f"{RACINE}indicateurs/nouveau/", envoi)
    assert reponse.status_code == 422
    assert dit in reponse.content.decode()
    assert not IndicateurSuivi.objects.exists()


def test_un_indicateur_se_modifie_et_se_supprime(
    retenus: Monde, indicateur: IndicateurSuivi, connecte: Connecte
) -> None:
    client, adresse = connecte(retenus.chef), f"{RACINE}indicateurs/{indicateur.pk}/"
    assert (
        f'value="enjeu-{indicateur.enjeu_id}" selected' in client.get(f"{adresse}modifier/").content.decode()
    )
    envoi = saisie(f"enjeu-{indicateur.enjeu_id}", libelle="Logements vides")
    assert client.post(f"{adresse}modifier/", envoi).status_code == 302
    assert client.post(f"{adresse}modifier/", envoi).status_code == 409
    assert client.post(f"{adresse}supprimer/").status_code == 302
    assert not IndicateurSuivi.objects.exists()
    assert Entree.objects.filter(geste="supprimer", objet_type="suivi.indicateursuivi").exists()


def noter(client: Client, indicateur: IndicateurSuivi, **champs: str) -> Any:
    envoi = {"valeur": "11,5", "le": "2026-06-10", "source": "INSEE"} | champs
    return client.post(f"{RACINE}indicateurs/{indicateur.pk}/valeurs/", envoi)


def test_une_valeur_datee_fait_le_chemin(
    retenus: Monde, indicateur: IndicateurSuivi, connecte: Connecte
) -> None:
    client = connecte(retenus.president)
    assert noter(client, indicateur).status_code == 302
    page = client.get(f"{RACINE}indicateurs/{indicateur.pk}/").content.decode()
    assert "avance vers la cible" in page
    assert "25\u00a0%" in page
    assert noter(client, indicateur).status_code == 422
    assert noter(client, indicateur, le="2099-01-01").status_code == 422
    assert noter(client, indicateur, source="").status_code == 422
    valeur = ValeurSuivie.objects.get()
    effacer = f"{RACINE}valeurs/{valeur.pk}/effacer/"
    assert client.post(effacer).status_code == 302
    assert not ValeurSuivie.objects.exists()


def test_l_observatoire_donne_la_valeur_avec_ses_deux_sommes(
    retenus: Monde, indicateur: IndicateurSuivi, connecte: Connecte, monkeypatch: pytest.MonkeyPatch
) -> None:
    lu = Releve(Decimal("11"), Decimal(110), Decimal(1_000), "2023", "INSEE, RP", "Valeur partielle.", "%")
    monkeypatch.setattr(actions, "relever", lambda *_: lu)
    page = connecte(retenus.chef).post(f"{RACINE}indicateurs/{indicateur.pk}/releve/", follow=True)
    texte = page.content.decode()
    assert "110 ÷ 1\u202f000" in texte
    assert "INSEE, RP, 2023" in texte
    assert "Valeur partielle." in texte


def test_sans_donnees_l_observatoire_dit_quoi_faire(
    retenus: Monde, indicateur: IndicateurSuivi, connecte: Connecte, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module_releve, "lire_observatoire", lambda _: None)
    with pytest.raises(ReleveImpossible, match="chargez ses données"):
        relever(retenus.demarche, "part_vacants")
    page = connecte(retenus.chef).post(f"{RACINE}indicateurs/{indicateur.pk}/releve/", follow=True)
    assert "chargez ses données" in page.content.decode()
    indicateur.code = ""
    with pytest.raises(EvaluationRefusee, match="saisissez sa valeur"):
        actions.relever_valeur(indicateur, le=LE, par=None)


def test_le_maitre_d_ouvrage_mesure_son_projet_et_lui_seul(
    retenus: Monde, indicateur: IndicateurSuivi, connecte: Connecte
) -> None:
    fiche = retenus.fiches[0]
    sien = actions.ecrire_indicateur(
        IndicateurSuivi(demarche=retenus.demarche, fiche=fiche, libelle="Places"), par=None
    )
    owner = connecte(fabrique.agent("maire", retenus.demarche, pour=fiche.maitre_ouvrage))
    assert noter(owner, sien).status_code == 302
    assert noter(owner, indicateur).status_code == 403
    assert noter(connecte(retenus.maire), sien, le="2026-05-01").status_code == 403


def test_chaque_euro_va_a_son_enjeu_et_le_total_tient_au_centime(
    retenus: Monde, enjeux: list[Enjeu], axe: Axe, connecte: Connecte
) -> None:
    lue = evaluation_de(retenus.demarche, list(fiches_suivies(retenus.demarche)))
    assert [(c.enjeu, c.accorde) for c in lue.contributions] == [
        (enjeux[0], Decimal("17500.00")), (enjeux[1], Decimal("7500.00")),
    ]  # fmt: skip
    client, adresse = connecte(retenus.president), f"{RACINE}axes/1/poids/"
    envoi = {f"enjeu_{enjeux[0].pk}": "0", f"enjeu_{enjeux[1].pk}": "2,5"}
    assert client.post(adresse, envoi).status_code == 302
    lue = evaluation_de(retenus.demarche, list(fiches_suivies(retenus.demarche)))
    assert [c.accorde for c in lue.contributions] == [Decimal("9999.99"), Decimal("15000.01")]
    assert lue.total.accorde == Decimal("25000.00")
    nuls = dict.fromkeys(envoi, "0")
    assert "un enjeu au moins" in client.post(adresse, nuls).content.decode()
    assert client.post(adresse, dict.fromkeys(envoi, "-1")).status_code == 422


def test_un_enjeu_etranger_a_l_axe_ne_se_pese_pas(retenus: Monde, axe: Axe) -> None:
    with pytest.raises(EvaluationRefusee, match="n’est plus relié"):
        actions.peser_enjeux(axe, {987_654: Decimal(1)}, par=None)
    assert not PoidsEnjeu.objects.exists()


def test_un_projet_sans_enjeu_est_montre_et_ses_euros_aussi(
    retenus: Monde, enjeux: list[Enjeu], connecte: Connecte
) -> None:
    page = connecte(retenus.chef).get(f"{RACINE}evaluation/").content.decode()
    assert "2 projets sans enjeu" in page
    assert "25\u202f000,00\u00a0€" in page


def test_une_mesure_s_ecrit_avec_les_decimales_qui_servent() -> None:
    assert ecrire(None, "%") == ""
    assert ecrire(Decimal("12.5000"), "%") == "12,5\u00a0%"
    assert ecrire(Decimal("1200"), "") == "1\u202f200"


def test_qui_ne_fait_que_lire_n_ecrit_pas(
    retenus: Monde, indicateur: IndicateurSuivi, connecte: Connecte
) -> None:
    client = connecte(retenus.maire)
    assert client.get(f"{RACINE}indicateurs/{indicateur.pk}/").status_code == 200
    assert client.get(f"{RACINE}indicateurs/nouveau/").status_code == 403
    ailleurs = connecte(fabrique.agent("maire", retenus.voisine))
    assert ailleurs.get(f"{RACINE}evaluation/").status_code == 404


def test_les_requetes_ne_dependent_pas_des_indicateurs(
    retenus: Monde,
    indicateur: IndicateurSuivi,
    axe: Axe,
    connecte: Connecte,
    django_assert_max_num_queries: Callable[[int], Any],
) -> None:
    actions.noter_valeur(indicateur, Decimal(11), le=LE, source="INSEE", par=None)
    client = connecte(retenus.chef)
    client.get(f"{RACINE}evaluation/")
    with django_assert_max_num_queries(19):
        client.get(f"{RACINE}evaluation/")
