"""Pages of the reserve: lists, one request, its gestures, the fund; their files and their queries."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from arpent.plateforme.acteurs.models import Agent, Habilitation
from arpent.plateforme.contrats.models import Contrat
from arpent.plateforme.negociations.models import DemandeReserve, Mouvement
from arpent.plateforme.negociations.reserve import actions, decisions
from tests.plateforme import fabrique
from tests.plateforme.negociations.test_reserve import ACTE, Lieu, lieu

__all__ = ["lieu"]

pytestmark = pytest.mark.django_db
Connecte = Callable[[Agent], Client]
SAISIE = {"montant": "12 000", "critere_urgence": "Crue", "critere_imprevisible": "Après la signature"}


def _url(lieu: Lieu, nom: str = "reserve", *reste: object) -> str:
    return reverse(f"negociations:{nom}", args=[lieu.monde.demarche.slug, *reste])


def _du_dispositif(lieu: Lieu, nom: str = "reserve_dispositif") -> str:
    return reverse(f"negociations:{nom}", args=[lieu.monde.dispositif.slug])


def test_une_demande_se_prepare_depuis_une_fiche(lieu: Lieu, connecte: Connecte) -> None:
    client, url = connecte(lieu.monde.president), _url(lieu, "reserve_nouvelle")
    assert "1. Projet" in client.get(url).content.decode()
    page = client.get(url, {"fiche": lieu.monde.fiches[1].numero})
    assert 'value="20\u202f000,00"' in page.content.decode()
    reponse = client.post(url, SAISIE | {"fiche": 2, "critere_urgence": ""})
    demande = DemandeReserve.objects.get()
    assert (reponse.status_code, reponse["Location"]) == (302, demande.get_absolute_url())
    assert (demande.etat, demande.montant_demande) == ("brouillon", 12_000)
    assert "à\u00a0justifier" in client.get(demande.get_absolute_url()).content.decode()


def test_deposer_demande_chaque_reponse_et_garde_la_saisie(lieu: Lieu, connecte: Connecte) -> None:
    client, url = connecte(lieu.monde.president), _url(lieu, "reserve_nouvelle")
    envoi = SAISIE | {"fiche": 2, "deposer": "1"}
    refus = client.post(url, envoi | {"critere_imprevisible": " "})
    assert refus.status_code == 422
    assert refus.context["form"].errors["critere_imprevisible"]
    assert "12 000" in refus.content.decode()
    Contrat.objects.update(etat="signature")
    refus = client.post(url, envoi)
    assert (refus.status_code, DemandeReserve.objects.count()) == (422, 0)
    assert "Contrat en vigueur : Le contrat est" in refus.content.decode()
    Contrat.objects.update(etat="en_vigueur")
    assert client.post(url, envoi).status_code == 302
    assert DemandeReserve.objects.get().etat == "deposee"


def test_une_fiche_prise_ou_inconnue_fait_choisir_a_nouveau(lieu: Lieu, connecte: Connecte) -> None:
    lieu.demande(1)
    client, url = connecte(lieu.monde.president), _url(lieu, "reserve_nouvelle")
    for numero in ("2", "99", "x"):
        assert "Ce projet ne peut pas" in client.get(url, {"fiche": numero}).content.decode()


def test_un_brouillon_se_modifie_et_le_conflit_se_voit(lieu: Lieu, connecte: Connecte) -> None:
    demande = lieu.demande(jusqu_a="brouillon")
    client, url = connecte(lieu.monde.president), _url(lieu, "reserve_modifier", 1)
    assert "Crue du 3 mai" in client.get(url).content.decode()
    envoi = SAISIE | {"version_lue": demande.version}
    assert client.post(url, envoi).status_code == 302
    assert client.post(url, envoi | {"montant": "13 000"}).status_code == 409
    assert client.post(url, envoi | {"version_lue": 2, "montant": ""}).status_code == 422
    assert client.post(url, envoi | {"version_lue": 2, "deposer": "1"}).status_code == 302
    assert client.get(url).status_code == 403
    demande.refresh_from_db()
    assert (demande.etat, demande.montant_demande) == ("deposee", 12_000)


def _geste(client: Client, lieu: Lieu, geste: str, **envoi: object) -> int:
    version = DemandeReserve.objects.get(numero=1).version
    url = _url(lieu, "reserve_geste", 1, geste)
    return client.post(url, {"version_lue": version} | envoi).status_code


def test_la_demande_va_jusqu_au_tirage_puis_revient(lieu: Lieu, connecte: Connecte) -> None:
    territoire, autorite = connecte(lieu.monde.president), connecte(lieu.monde.chef)
    lieu.demande(jusqu_a="brouillon")
    assert _geste(territoire, lieu, "deposer") == 302
    assert _geste(autorite, lieu, "completer", question="Le constat ?") == 302
    assert "Le constat ?" in territoire.get(_url(lieu, "reserve_demande", 1)).content.decode()
    assert _geste(territoire, lieu, "deposer") == 302
    assert _geste(autorite, lieu, "instruire", avis="reserve") == 422
    assert _geste(autorite, lieu, "instruire", avis="reserve", motif="À suivre") == 302
    assert _geste(autorite, lieu, "accorder", montant="20 000,01") == 422
    assert _geste(autorite, lieu, "accorder", montant="18 000", acte="CP_26_1", acte_le="2026-11-16") == 302
    page = autorite.get(_url(lieu, "reserve_demande", 1)).content.decode()
    assert "à la date de la décision" in page
    assert "18\u202f000,00\u00a0€" in page
    assert _geste(autorite, lieu, "tirer", voie="avenant", numero="1") == 422
    assert _geste(autorite, lieu, "tirer", voie="avenant", numero="Avenant 1", le="2026-11-20") == 302
    assert "18\u202f000,00" in autorite.get(_url(lieu, "reserve_geste", 1, "rendre")).content.decode()
    assert _geste(autorite, lieu, "rendre", motif="Abandon") == 302
    assert DemandeReserve.objects.get().etat == "liberee"
    assert lieu.solde.reste == 50_000


def test_un_refus_garde_ce_qui_est_ecrit_et_dit_le_reste(lieu: Lieu, connecte: Connecte) -> None:
    lieu.accordee(2, "40000")
    lieu.demande(1, "20000")
    url = _url(lieu, "reserve_geste", 2, "accorder")
    envoi = {
        "version_lue": DemandeReserve.objects.get(numero=2).version,
        "montant": "15 000",
        "motif": "Crue",
    }
    refus = connecte(lieu.monde.chef).post(url, envoi)
    assert refus.status_code == 422
    assert "Il reste 10\u202f000,00\u00a0€ dans la réserve" in refus.content.decode()
    assert "15 000" in refus.content.decode()


def test_un_geste_perime_impossible_ou_inconnu(lieu: Lieu, connecte: Connecte) -> None:
    lieu.demande(jusqu_a="deposee")
    client = connecte(lieu.monde.chef)
    perime = client.post(_url(lieu, "reserve_geste", 1, "completer"), {"version_lue": 1, "question": "?"})
    assert perime.status_code == 409
    impossible = client.get(_url(lieu, "reserve_geste", 1, "tirer"), follow=True)
    assert "n’est pas possible dans l’état" in impossible.content.decode()
    assert client.get(_url(lieu, "reserve_geste", 1, "danser")).status_code == 404
    assert client.get(_url(lieu, "reserve_geste", 9, "completer")).status_code == 404
    interdit = client.get(_url(lieu, "reserve_geste", 1, "retirer"), follow=True)
    assert "Votre rôle ne permet pas ce geste" in interdit.content.decode()
    assert _geste(client, lieu, "retirer") == 403


def test_l_autorite_ne_voit_pas_les_brouillons_ni_le_maire_ceux_des_autres(
    lieu: Lieu, connecte: Connecte
) -> None:
    demande = lieu.demande(jusqu_a="brouillon")
    url = demande.get_absolute_url()
    assert connecte(lieu.monde.president).get(url).status_code == 200
    assert connecte(lieu.monde.chef).get(url).status_code == 404
    assert connecte(lieu.monde.maire).get(url).status_code == 404
    sien = fabrique.agent("maire", lieu.monde.demarche, pour=demande.fiche.maitre_ouvrage)
    assert connecte(sien).get(url).status_code == 200
    assert connecte(fabrique.agent("president_epci", lieu.monde.voisine)).get(url).status_code == 404


def test_la_reserve_de_tous_se_filtre_et_se_telecharge(lieu: Lieu, connecte: Connecte) -> None:
    lieu.accordee(1)
    lieu.demande(2, "700", "deposee")
    lieu.demande(0, "900", "brouillon")
    client = connecte(lieu.monde.chef)
    page = client.get(_du_dispositif(lieu))
    assert [x.demande.numero for x in page.context["lignes"]] == [1, 2]
    assert "30\u202f000,00\u00a0€" in page.content.decode()
    page = client.get(_du_dispositif(lieu), {"etat": "deposee"})
    assert [x.demande.numero for x in page.context["lignes"]] == [2]
    assert client.get(_du_dispositif(lieu), {"etat": "perdu"}).status_code == 200
    brut = client.get(_du_dispositif(lieu, "reserve_dispositif_csv"), {"etat": "deposee"}).content
    rangees = list(csv.DictReader(io.StringIO(brut.decode("utf-8-sig")), delimiter=";"))
    assert [r["Demandé"] for r in rangees] == ["700,00", "700,00"]
    assert client.get(_du_dispositif(lieu, "reserve_dispositif_xlsx")).content[:2] == b"PK"
    assert len(client.get(_url(lieu, "reserve_csv")).content.splitlines()) == 4
    assert connecte(lieu.monde.president).get(_du_dispositif(lieu)).status_code == 403


def test_liberer_la_reserve_depuis_sa_page(lieu: Lieu, connecte: Connecte) -> None:
    client, url = connecte(lieu.monde.chef), _du_dispositif(lieu, "reserve_liberer")
    assert "50\u202f000,00" in client.get(url).content.decode()
    envoi = {"motif": "Fin", "acte": "CD_28_1", "acte_le": "2028-12-01"}
    demande = lieu.demande(jusqu_a="deposee")
    refus = client.post(url, envoi)
    assert refus.status_code == 422
    assert "décidez avant" in refus.content.decode()
    actions.retirer(demande, "", par=None)
    assert client.post(url, envoi | {"acte": ""}).status_code == 422
    assert client.post(url, envoi).status_code == 302
    assert lieu.solde.libere == 50_000
    assert 'class="bouton' in client.get(_du_dispositif(lieu)).content.decode()


def test_un_dispositif_sans_reserve_le_dit(lieu: Lieu, connecte: Connecte) -> None:
    lieu.monde.dispositif.parametres = {}
    lieu.monde.dispositif.save()
    client = connecte(lieu.monde.president)
    assert "n’a pas de fonds de réserve" in client.get(_url(lieu)).content.decode()
    assert client.get(_url(lieu, "reserve_nouvelle")).status_code == 404
    page = connecte(lieu.monde.chef).get(_du_dispositif(lieu))
    assert "n’a pas de fonds de réserve" in page.content.decode()


def test_sans_montant_les_pages_le_disent(lieu: Lieu, connecte: Connecte) -> None:
    lieu.fonds.code = "autre"
    lieu.fonds.save()
    assert (
        "n’a pas encore donné de montant" in connecte(lieu.monde.president).get(_url(lieu)).content.decode()
    )
    page = connecte(lieu.monde.chef).get(_du_dispositif(lieu)).content.decode()
    assert "Le montant de la réserve n’est pas renseigné" in page


def test_le_credit_de_la_reserve_ne_s_engage_que_par_une_demande(lieu: Lieu, connecte: Connecte) -> None:
    lieu.accordee()
    noeud = Mouvement.objects.get(genre="reserve", montant__gt=0).enveloppe
    client = connecte(lieu.monde.chef)
    page = client.get(_url(lieu, "credits_enveloppe", noeud.pk)).content.decode()
    assert "Noter un versement" in page
    for geste in ("engager", "liberer", "diviser"):
        assert client.get(_url(lieu, "credits_geste", noeud.pk, geste)).status_code == 404


def test_ce_qui_m_attend_dit_les_demandes(lieu: Lieu, connecte: Connecte) -> None:
    lieu.demande(0, "100", "deposee")
    lieu.demande(1, "100")
    actions.demander_complement(lieu.demande(2, "100", "deposee"), "?", par=None)
    accueil = reverse("portail:accueil")

    def dites(agent: Agent) -> list[str]:
        attentes = connecte(agent).get(accueil).context["attentes"]
        return [a.titre for a in attentes if "réserve" in a.titre]

    assert dites(lieu.monde.chef) == ["Demandes de réserve à instruire", "Demandes de réserve à décider"]
    assert dites(lieu.monde.president) == ["Demandes de réserve à compléter"]
    assert dites(fabrique.agent("instructeur", lieu.monde.demarche)) == ["Demandes de réserve à instruire"]
    assert dites(lieu.monde.maire) == []


def test_le_nombre_de_requetes_ne_depend_pas_des_demandes(
    lieu: Lieu, connecte: Connecte, django_assert_max_num_queries: Callable[..., object]
) -> None:
    for n in range(2):
        decisions.tirer(lieu.accordee(n, "100"), "acte", f"CP_{n}", ACTE, par=None)
    lieu.demande(2, "100")
    chef, president = connecte(lieu.monde.chef), connecte(lieu.monde.president)
    for client, url, nombre in (
        (chef, _du_dispositif(lieu), 9),
        (chef, _du_dispositif(lieu, "reserve_dispositif_csv"), 6),
        (president, _url(lieu), 10),
        (president, _url(lieu, "reserve_demande", 1), 11),
        (president, _url(lieu, "reserve_demande", 3), 30),
        (chef, _url(lieu, "reserve_geste", 3, "accorder"), 30),
        (president, _url(lieu, "reserve_nouvelle"), 9),
    ):
        client.get(url)
        with django_assert_max_num_queries(nombre):  # type: ignore[attr-defined]
            assert client.get(url).status_code == 200


def test_une_habilitation_terminee_ne_voit_plus_rien(lieu: Lieu, connecte: Connecte) -> None:
    Habilitation.objects.filter(agent=lieu.monde.president).update(fin=ACTE.replace(year=2021))
    assert connecte(lieu.monde.president).get(_url(lieu)).status_code == 404
