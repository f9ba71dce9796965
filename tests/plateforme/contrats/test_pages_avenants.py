"""Pages of the avenants: what they show and refuse, without JavaScript, in a fixed number of queries."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from arpent.metier.avenants import Genre
from arpent.plateforme.contrats.avenants import actions, proposition, vigueur
from arpent.plateforme.contrats.avenants.actions import Saisie
from arpent.plateforme.contrats.models import Avenant, Contrat
from arpent.plateforme.negociations.models import Mouvement
from tests.plateforme.contrats.atelier_signature import signer_exemplaire
from tests.plateforme.contrats.conftest import EFFET, LE, conclure, preparer
from tests.plateforme.negociations.conftest import Monde

pytestmark = pytest.mark.usefixtures("sans_fichiers", "sans_pdf")


def adresse(nom: str, *args: Any) -> str:
    return reverse(f"contrats:{nom}", args=["gevaudan", *args])


@pytest.fixture
def chef(client: Client, accord: Monde) -> Client:
    client.force_login(accord.chef)
    return client


def montant(monde: Monde, aide: str = "16000.00") -> Saisie:
    return Saisie(Genre.MONTANT, fiche=monde.fiches[1], montant=Decimal(aide))


def test_un_avenant_se_prepare_et_se_conclut_par_ses_pages(
    chef: Client, accord: Monde, en_vigueur: Contrat
) -> None:
    effet = date.today().isoformat()
    reponse = chef.post(adresse("avenant_nouveau"), {"objet": "Aléa", "date_effet": effet, "version_lue": 1})
    avenant = Avenant.objects.get()
    assert reponse["Location"] == adresse("avenant", avenant.pk)
    page = chef.get(adresse("avenant", avenant.pk)).content.decode()
    assert "ajoutez au moins un mouvement" in page
    assert all(adresse("mouvement_nouveau", avenant.pk, g.value) in page for g in Genre)
    ouvert = adresse("mouvement_nouveau", avenant.pk, "montant") + f"?ligne={accord.fiches[1].pk}"
    formulaire = chef.get(ouvert)
    assert 'value="15\u202f000,01"' in formulaire.content.decode()
    envoi = {"fiche": accord.fiches[1].pk, "montant": "17 000,01", "motif": "Rocher"}
    assert chef.post(adresse("mouvement_nouveau", avenant.pk, "montant"), envoi).status_code == 302
    page = chef.get(adresse("avenant", avenant.pk)).content.decode()
    assert "est portée de 15\u202f000,01\u00a0€ à 17\u202f000,01\u00a0€" in page
    assert "Acte simple du président" in page
    chef.post(adresse("avenant_geste", avenant.pk), {"geste": "proposer_avenant"})
    page = chef.get(adresse("avenant_signature", avenant.pk)).content.decode()
    assert "L’autorité signe seule" in page
    assert 'name="ordre_impose"' not in page
    assert chef.post(adresse("avenant_signature", avenant.pk)).status_code == 422
    ouvert = chef.post(adresse("avenant_signature", avenant.pk), {"acte": "A-12"})
    assert ouvert["Location"] == adresse("avenant", avenant.pk) + "#signature"
    assert "Signature : 0 sur 1" in chef.get(adresse("avenant", avenant.pk)).content.decode()
    signer_exemplaire(avenant.circuits.get(), date.today())
    page = chef.get(adresse("avenant", avenant.pk)).content.decode()
    assert "Signature : 1 sur 1" in page
    assert "Constater la signature" not in page
    chef.post(adresse("avenant_geste", avenant.pk), {"geste": "mettre_avenant_en_vigueur"})
    avenant.refresh_from_db()
    assert (avenant.etat, avenant.acte) == ("en_vigueur", "A-12")
    assert "Avenant n° 1" in chef.get(adresse("contrat")).content.decode()
    assert Mouvement.objects.filter(acte="A-12", stade="vote").count() == 1


def test_le_contrat_consolide_se_lit_a_toute_date(chef: Client, accord: Monde, en_vigueur: Contrat) -> None:
    conclure(preparer(en_vigueur, montant(accord, "17000.01")))
    avant = chef.get(adresse("consolide") + "?le=2026-05-31").content.decode()
    apres = chef.get(adresse("consolide") + "?le=2026-06-01").content.decode()
    assert "17\u202f000,01" not in avant
    assert "Aide : 15\u202f000,01\u00a0€ → 17\u202f000,01\u00a0€ (avenant n°\u00a01)" in apres
    assert "n’est pas une date" in chef.get(adresse("consolide") + "?le=demain").content.decode()


def test_la_comparaison_nomme_les_etats(chef: Client, accord: Monde, en_vigueur: Contrat) -> None:
    conclure(preparer(en_vigueur, Saisie(Genre.RETRAIT, fiche=accord.fiches[0])))
    page = chef.get(adresse("comparaison") + "?a=base&b=avenant-1").content.decode()
    assert "2 → 1 projets" in page
    assert "Projets sortis" in page
    refus = chef.get(adresse("comparaison") + "?a=avenant-9&b=base")
    assert refus.status_code == 422
    assert "ne désigne aucun état du contrat" in refus.content.decode()


def test_lire_coute_autant_avec_vingt_mouvements(chef: Client, accord: Monde, en_vigueur: Contrat) -> None:
    avenant = preparer(en_vigueur, montant(accord))
    pages = [adresse("avenant", avenant.pk), adresse("consolide"), adresse("comparaison"), adresse("contrat")]

    def compter() -> list[int]:
        nombres = []
        for page in pages:
            with CaptureQueriesContext(
                connection,
            ) as requetes:
                assert chef.get(page).status_code == 200
            nombres.append(len(requetes))
        return nombres

    compter()
    un = compter()
    for n in range(20):
        actions.ecrire_mouvement(avenant, montant(accord, f"{16001 + n}.00"), par=None)
    assert compter() == un
    assert un[1] <= 12


def test_un_mouvement_impossible_revient_avec_sa_raison(
    chef: Client, accord: Monde, en_vigueur: Contrat
) -> None:
    avenant = preparer(en_vigueur)
    envoi = {"fiche": accord.fiches[1].pk, "montant": "15000,01"}
    reponse = chef.post(adresse("mouvement_nouveau", avenant.pk, "montant"), envoi)
    assert reponse.status_code == 422
    assert "est déjà de" in reponse.content.decode()
    assert chef.get(adresse("mouvement_nouveau", avenant.pk, "inconnu")).status_code == 404
    assert not avenant.mouvements.exists()


def test_une_saisie_perimee_repond_409(chef: Client, accord: Monde, en_vigueur: Contrat) -> None:
    avenant = preparer(en_vigueur, montant(accord))
    row = avenant.mouvements.get()
    url = adresse("mouvement", avenant.pk, row.pk)
    envoi = {"fiche": accord.fiches[1].pk, "montant": "16500,00", "version_lue": 1}
    assert chef.post(url, envoi).status_code == 302
    conflit = chef.post(url, envoi | {"montant": "17000,00"})
    assert conflit.status_code == 409
    objet = {"objet": "Autre", "date_effet": "", "version_lue": 9}
    assert chef.post(adresse("avenant_modifier", avenant.pk), objet).status_code == 409


def test_le_territoire_prepare_et_l_autorite_propose(
    client: Client, accord: Monde, en_vigueur: Contrat
) -> None:
    client.force_login(accord.president)
    assert (
        client.post(
            adresse("avenant_nouveau"), {"objet": "Échange", "date_effet": "2026-06-01", "version_lue": 1}
        ).status_code
        == 302
    )
    avenant = Avenant.objects.get()
    envoi = {"fiche": accord.fiches[1].pk, "montant": "16000"}
    client.post(adresse("mouvement_nouveau", avenant.pk, "montant"), envoi)
    assert avenant.mouvements.count() == 1
    refus = client.post(adresse("avenant_geste", avenant.pk), {"geste": "proposer_avenant"})
    assert refus.status_code == 403
    client.force_login(accord.maire)
    assert client.get(adresse("avenant_nouveau")).status_code == 403


def test_le_vote_d_un_avenant_se_note_par_sa_page(chef: Client, accord: Monde, en_vigueur: Contrat) -> None:
    ajout = Saisie(Genre.AJOUT, entrante=accord.fiches[2], montant=Decimal(5000), annee=2027)
    avenant = vigueur.soumettre(
        proposition.proposer(preparer(en_vigueur, ajout, effet=EFFET), par=None, le=LE), par=None
    )
    autorite = avenant.concernees.get(role="autorite")
    url = adresse("vote_avenant", avenant.pk, autorite.pk)
    page = chef.get(url).content.decode()
    assert "Avenant n° 1 au contrat" in page
    assert 'name="version_votee"' not in page
    envoi = {
        "type_assemblee": "commission_permanente", "assemblee": "Commission permanente", "numero": "CP-26-1",
        "adoptee_le": "2026-02-02", "sens": "adoptee", "transmise_le": "2026-02-03",
        "publiee_le": "2026-02-04", "version_lue": 1,
    }  # fmt: skip
    reponse = chef.post(url, envoi)
    assert reponse["Location"] == adresse("avenant", avenant.pk) + "#votes"
    assert "CP-26-1" in chef.get(adresse("avenant", avenant.pk)).content.decode()
    assert chef.get(url)["Location"].endswith(f"/votes/{avenant.votes.get().pk}/")
    # a party that this track does not call is not asked
    etrangere = en_vigueur.parties.exclude(pk__in=avenant.concernees.values("pk")).first()
    assert etrangere is not None
    assert chef.get(adresse("vote_avenant", avenant.pk, etrangere.pk)).status_code == 404
