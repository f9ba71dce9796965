"""Pages of the ledger: what each side reads, the gestures and their refusals, the files, the queries."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable
from decimal import Decimal as D

import pytest
from django.test import Client
from django.urls import reverse

from arpent.plateforme.acteurs.models import Agent
from arpent.plateforme.negociations import actions
from arpent.plateforme.negociations.credits.actions import Ligne, diviser
from arpent.plateforme.negociations.credits.engagements import Operation, attribuer
from arpent.plateforme.negociations.credits.noeuds import noeud_du_territoire
from arpent.plateforme.negociations.models import Enveloppe, Mouvement
from tests.plateforme import fabrique
from tests.plateforme.negociations.conftest import Monde, poser

Connecte = Callable[[Agent], Client]


@pytest.fixture
def dote(monde: Monde) -> Monde:
    """Two territories share the fund; the first has an aid proposed and a line for roads."""
    for d in (monde.demarche, monde.voisine):
        territoire = d.territoire
        actions.saisir_donnee(territoire, monde.dispositif, "voirie", D(100), "", version_lue=0, par=None)
    poser(monde, monde.fiches[0], "9000")
    voirie = monde.dispositif.themes.get(code="voirie")
    diviser(_territoire(monde), [Ligne(voirie, None, D(20000), {"limite_fongible": D(20)})], par=None)
    return monde


def _territoire(monde: Monde) -> Enveloppe:
    return Enveloppe.objects.get(demarche=monde.demarche, theme=None, annee=None)


def _voirie(monde: Monde) -> Enveloppe:
    return Enveloppe.objects.get(demarche=monde.demarche, theme__code="voirie")


def _url(monde: Monde, nom: str, *arguments: object) -> str:
    return reverse(f"negociations:{nom}", args=[monde.demarche.slug, *arguments])


def _geste(monde: Monde, enveloppe: Enveloppe, code: str) -> str:
    return _url(monde, "credits_geste", enveloppe.pk, code)


def test_le_territoire_lit_ses_soldes_et_pas_les_gestes(dote: Monde, connecte: Connecte) -> None:
    client = connecte(dote.president)
    page = client.get(_url(dote, "credits")).content.decode()
    assert "50\u202f000,00" in page
    assert "Voirie" in page
    assert "Par exercice" in page
    ligne = client.get(_url(dote, "credits_enveloppe", _voirie(dote).pk)).content.decode()
    assert "9\u202f000,00" in ligne
    assert "Agir sur cette enveloppe" not in ligne
    assert client.get(_geste(dote, _voirie(dote), "engager")).status_code == 403


def test_les_paiements_prevus_suivent_l_echeancier(dote: Monde, connecte: Connecte) -> None:
    """9 000 € committed in 2026: 30 %, then 50 %, then 20 %, said to be an hypothesis."""
    page = connecte(dote.chef).get(_url(dote, "credits")).content.decode()
    exercices = page.split("Par exercice")[1].replace("\u202f", " ").replace("\u00a0", " ")
    assert "Hypothèse : 30 % payés l’année de l’engagement" in exercices
    rangees = re.findall(r'<th scope="row">.*?>(\d{4}|Sans exercice)<.*?CP prévus">([^<]+)<', exercices)
    assert rangees == [
        ("2026", "2 700,00 €"), ("2027", "4 500,00 €"), ("2028", "1 800,00 €"), ("Sans exercice", "–"),
    ]  # fmt: skip
    dote.dispositif.parametres = dote.dispositif.parametres | {"echeancier": ["0.4", "0.6"]}
    dote.dispositif.save(update_fields=["parametres"])
    page = connecte(dote.chef).get(_url(dote, "credits")).content.decode().replace("\u202f", " ")
    assert "3 600,00" in page
    assert "Hypothèse" not in page


def test_chacun_reste_dans_son_perimetre(dote: Monde, connecte: Connecte) -> None:
    tout = reverse("negociations:credits_dispositif", args=[dote.dispositif.slug])
    assert connecte(dote.president).get(tout).status_code == 403
    assert connecte(dote.chef).get(tout).status_code == 200
    assert connecte(dote.maire).get(_url(dote, "credits")).status_code == 403
    etranger = fabrique.agent("chef_de_projet", fabrique.demarche())
    assert connecte(etranger).get(tout).status_code == 404
    assert connecte(etranger).get(_url(dote, "credits")).status_code == 404
    ailleurs = Enveloppe.objects.get(demarche=dote.voisine)
    assert connecte(dote.chef).get(_url(dote, "credits_enveloppe", ailleurs.pk)).status_code == 404
    racine = _territoire(dote).parent_id
    assert connecte(dote.chef).get(_url(dote, "credits_enveloppe", racine)).status_code == 404


def test_un_engagement_se_fait_et_un_refus_garde_la_saisie(dote: Monde, connecte: Connecte) -> None:
    client, url = connecte(dote.chef), _geste(dote, _voirie(dote), "engager")
    saisie = {"fiche": dote.fiches[0].pk, "montant": "5 000,50", "annee": "2026", "acte": "CP_26_214"}
    assert client.post(url, saisie).status_code == 302
    mouvement = Mouvement.objects.get(stade="engage")
    assert (mouvement.montant, mouvement.acte) == (D("5000.50"), "CP_26_214")
    assert mouvement.par_nom == dote.chef.nom_complet
    refus = client.post(url, saisie | {"montant": "15 000"})
    assert refus.status_code == 422
    texte = refus.content.decode()
    assert "Il reste 14\u202f999,50" in texte
    assert 'value="15 000"' in texte
    assert client.post(url, saisie | {"montant": "beaucoup"}).status_code == 422


@pytest.mark.parametrize(
    ("code", "saisie"),
    [
        ("verser", {"montant": "100", "annee": "2027"}),
        ("liberer", {"montant": "100", "annee": "2026"}),
        ("diviser", {"montant": "10", "annee": "2026", "fermee": "on", "ouverture_condition": "Bilan"}),
        ("rendre", {"montant": "100"}),
        ("regler", {"limite_fongible": "30", "version_lue": "1"}),
    ],
)
def test_chaque_geste_passe_par_sa_page(
    dote: Monde, connecte: Connecte, code: str, saisie: dict[str, str]
) -> None:
    voirie = _voirie(dote)
    attribuer(voirie, Operation(D(500)), par=None)
    client, avant = connecte(dote.chef), Mouvement.objects.count()
    url = _geste(dote, voirie, code)
    assert client.get(url).status_code == 200
    assert Mouvement.objects.count() == avant
    assert client.post(url, saisie).status_code == 302
    if code != "regler":
        assert Mouvement.objects.count() > avant


def test_virer_reporter_ouvrir_et_reverser_se_font_aussi(dote: Monde, connecte: Connecte) -> None:
    client, voirie, territoire = connecte(dote.chef), _voirie(dote), _territoire(dote)
    cadre = dote.dispositif.themes.get(code="cadre-de-vie")
    annees = client.post(_geste(dote, voirie, "diviser"), {"montant": "3000", "annee": "2026"})
    assert annees.status_code == 302
    client.post(_geste(dote, territoire, "diviser"), {"montant": "1000", "theme": cadre.pk, "fermee": "on"})
    autre = Enveloppe.objects.get(theme=cadre)
    assert not autre.ouverte
    assert "tranche fermée" in client.get(_url(dote, "credits")).content.decode()
    assert "n’est pas ouverte" in client.get(_url(dote, "credits_enveloppe", autre.pk)).content.decode()
    virement = {"cible": autre.pk, "montant": "500", "motif": "Ajustement"}
    assert client.post(_geste(dote, voirie, "virer"), virement).status_code == 302
    assert (
        client.post(_geste(dote, autre, "ouvrir"), {"acte": "CP_1", "acte_le": "01/02/2027"}).status_code
        == 302
    )
    annee = Enveloppe.objects.get(annee=2026)
    assert client.post(_geste(dote, annee, "reporter"), {"montant": ""}).status_code == 302
    operation = {"montant": "200", "annee": "2027"}
    for code in ("engager", "verser", "reverser"):
        assert client.post(_geste(dote, autre, code), operation).status_code == 302
    soldes = Mouvement.objects.all().de_la_branche(autre).soldes()
    assert (soldes.alloue, soldes.engage, soldes.paye) == (D("1500.00"), D("200.00"), D("0.00"))
    assert Enveloppe.objects.filter(annee=2027, theme=voirie.theme).exists()


def test_une_version_perimee_demande_un_choix(dote: Monde, connecte: Connecte) -> None:
    url, client = _geste(dote, _voirie(dote), "regler"), connecte(dote.chef)
    client.post(url, {"limite_fongible": "30", "version_lue": "1"})
    assert client.post(url, {"limite_fongible": "40", "version_lue": "1"}).status_code == 409


def test_un_geste_qui_n_a_pas_de_sens_n_existe_pas(dote: Monde, connecte: Connecte) -> None:
    client = connecte(dote.chef)
    assert client.get(_geste(dote, _territoire(dote), "virer")).status_code == 404
    assert client.get(_geste(dote, _voirie(dote), "inventer")).status_code == 404
    assert (
        client.post(
            _geste(dote, _voirie(dote), "virer"), {"cible": _territoire(dote).pk, "montant": "1"}
        ).status_code
        == 422
    )


def test_chaque_total_ouvre_ses_mouvements_et_le_fichier_dit_pareil(dote: Monde, connecte: Connecte) -> None:
    client, voirie = connecte(dote.president), _voirie(dote)
    filtre = {"enveloppe": voirie.pk, "stade": "propose"}
    page = client.get(_url(dote, "credits_mouvements"), filtre)
    assert "1 mouvement de crédits" in page.content.decode()
    assert "9\u202f000,00" in page.content.decode()
    texte = client.get(_url(dote, "credits_mouvements_csv"), filtre).content.decode("utf-8-sig")
    lignes = list(csv.DictReader(io.StringIO(texte), delimiter=";"))
    assert [ligne["Montant"] for ligne in lignes] == ["9000,00", "9000,00"]  # the line, then its total
    assert client.get(_url(dote, "credits_mouvements_xlsx"), filtre).content[:2] == b"PK"
    for faux in ({"stade": "xx"}, {"enveloppe": "999999"}, {"annee": "zz"}):
        assert client.get(_url(dote, "credits_mouvements"), faux).status_code == 200
    assert "Aucun mouvement" in client.get(_url(dote, "credits_mouvements"), {"annee": 2090}).content.decode()
    sans = client.get(_url(dote, "credits_mouvements"), {"annee": 0, "stade": "alloue"}).content.decode()
    assert "répartition" in sans


def test_les_soldes_se_telechargent_tels_quels(dote: Monde, connecte: Connecte) -> None:
    texte = connecte(dote.president).get(_url(dote, "credits_csv")).content.decode("utf-8-sig")
    lignes = list(csv.DictReader(io.StringIO(texte), delimiter=";"))
    assert [(x["Alloué"], x["Proposé"]) for x in lignes] == [("50000,00", "9000,00"), ("20000,00", "9000,00")]
    tout = reverse("negociations:credits_dispositif_xlsx", args=[dote.dispositif.slug])
    assert connecte(dote.chef).get(tout).content[:2] == b"PK"
    rien = fabrique.demarche(dans=dote.dispositif)
    page = connecte(dote.chef).get(reverse("negociations:credits", args=[rien.slug])).content.decode()
    assert "Aucun crédit au grand livre" in page


@pytest.mark.parametrize("nombre", [0, 12])
def test_les_pages_font_un_nombre_fixe_de_requetes(
    dote: Monde, connecte: Connecte, django_assert_max_num_queries, nombre: int
) -> None:
    for _ in range(nombre):
        noeud_du_territoire(dote.dispositif.fonds.get(), fabrique.demarche(dans=dote.dispositif))
    voirie = _voirie(dote)
    for n in range(nombre):
        attribuer(voirie, Operation(D(1 + n), dote.fiches[0], 2026), par=None)
    client = connecte(dote.chef)
    tout = reverse("negociations:credits_dispositif", args=[dote.dispositif.slug])
    for url, limite in (
        (tout, 9),
        (_url(dote, "credits"), 11),
        (_url(dote, "credits_enveloppe", voirie.pk), 14),
        (_url(dote, "credits_mouvements"), 12),
    ):
        with django_assert_max_num_queries(limite):
            assert client.get(url).status_code == 200


def test_l_administrateur_gere_et_les_autres_lecteurs_lisent(dote: Monde, connecte: Connecte) -> None:
    def codes(agent: Agent) -> tuple[int, int]:
        client = connecte(agent)
        return (
            client.get(_url(dote, "credits")).status_code,
            client.get(_geste(dote, _voirie(dote), "engager")).status_code,
        )

    assert codes(fabrique.agent("administrateur", dote.demarche)) == (200, 200)
    for role in ("instructeur", "elu_autorite", "sous_prefet", "agent_epci"):
        assert codes(fabrique.agent(role, dote.demarche)) == (200, 403)
