"""The pages of a vote: the panel of the contract, the form, the signed act."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from arpent.plateforme.acteurs.models import Agent, Organisation
from arpent.plateforme.contrats.models import Contrat, Vote
from tests.plateforme import fabrique
from tests.plateforme.contrats.conftest import (
    porteur,
    voter,
)
from tests.plateforme.negociations.conftest import Monde

URL = "/territoires/gevaudan/contrat/"
Connecte = Callable[[Agent], Client]
pytestmark = pytest.mark.usefixtures("sans_fichiers")


def formulaire(**champs: str) -> dict[str, str]:
    return {"version_lue": "1", "type_assemblee": "conseil_communautaire", "assemblee": "Conseil"} | champs


def test_l_agent_de_la_partie_note_son_vote_depuis_la_page(
    accord: Monde, au_vote: Contrat, connecte: Connecte
) -> None:
    partie = porteur(au_vote)
    client = connecte(fabrique.agent("agent_epci", accord.demarche, pour=partie.organisation))
    page = client.get(URL).content.decode()
    assert f"{URL}parties/{partie.pk}/vote/" in page
    assert page.count(">Noter<") == 1
    assert client.get(f"{URL}parties/{partie.pk}/vote/").status_code == 200
    donnees = formulaire(
        numero="2026-7", adoptee_le="2026-02-02", en_exercice="20", presents="15", pour="14", contre="0",
        abstentions="1", ecartes="", objet="7. Contrat territorial",
    )  # fmt: skip
    reponse = client.post(f"{URL}parties/{partie.pk}/vote/", donnees)
    assert reponse.status_code == 302
    vote = Vote.objects.get()
    assert (vote.sens, vote.pour, vote.version_votee.numero) == ("adoptee", 14, 1)  # type: ignore[union-attr]
    page = client.get(URL).content.decode()
    assert "n° 2026-7 du 2 février 2026" in page
    assert "Transmettre l’acte au contrôle de légalité" in page
    # What is already followed is completed, not noted twice.
    assert client.get(f"{URL}parties/{partie.pk}/vote/").headers["Location"] == f"{URL}votes/{vote.pk}/"


def test_une_faute_se_lit_a_son_champ_et_la_saisie_reste(
    accord: Monde, au_vote: Contrat, connecte: Connecte
) -> None:
    partie = porteur(au_vote)
    donnees = formulaire(numero="2026-7", adoptee_le="2026-02-02", transmise_le="2026-01-30")
    reponse = connecte(accord.chef).post(f"{URL}parties/{partie.pk}/vote/", donnees)
    assert reponse.status_code == 422
    page = reponse.content.decode()
    assert "Les dates sont dans le désordre" in page
    assert "transmise_le" in reponse.context["form"].errors
    assert 'value="2026-7"' in page
    noms = formulaire(numero="2026-7", adoptee_le="2026-02-02", ecartes_noms="M. Roux")
    reponse = connecte(accord.chef).post(f"{URL}parties/{partie.pk}/vote/", noms)
    assert "Donnez le nombre des membres" in reponse.content.decode()
    assert not Vote.objects.exists()


def test_ce_qui_est_douteux_passe_et_se_dit(accord: Monde, au_vote: Contrat, connecte: Connecte) -> None:
    partie = porteur(au_vote)
    donnees = formulaire(
        numero="2026-7", adoptee_le="2026-02-02", presents="9", en_exercice="20", ecartes="1"
    )
    reponse = connecte(accord.chef).post(f"{URL}parties/{partie.pk}/vote/", donnees, follow=True)
    page = reponse.content.decode()
    assert "À vérifier : Le quorum n’est pas atteint" in page
    assert "ne sont pas nommés" in page
    assert "<strong>Bloque la signature</strong>" in page
    vote = Vote.objects.get()
    assert (
        "Le quorum n’est pas atteint" in connecte(accord.chef).get(f"{URL}votes/{vote.pk}/").content.decode()
    )


def test_un_envoi_perime_repond_409(accord: Monde, au_vote: Contrat, connecte: Connecte) -> None:
    vote = voter(porteur(au_vote))
    client = connecte(accord.chef)
    donnees = formulaire(numero="2026-12", adoptee_le="2026-02-02")
    assert client.post(f"{URL}votes/{vote.pk}/", donnees).status_code == 302
    assert client.post(f"{URL}votes/{vote.pk}/", donnees | {"pour": "3"}).status_code == 409


def test_l_acte_signe_se_joint_et_se_reprend(accord: Monde, au_vote: Contrat, connecte: Connecte) -> None:
    partie, client = porteur(au_vote), connecte(accord.chef)
    pdf = SimpleUploadedFile("acte.pdf", b"%PDF-1.4 acte", content_type="application/pdf")
    donnees = formulaire(numero="2026-7", adoptee_le="2026-02-02") | {"signe": pdf}
    assert client.post(f"{URL}parties/{partie.pk}/vote/", donnees).status_code == 302
    vote = Vote.objects.get()
    assert (vote.nom_fichier, vote.type_mime) == ("acte.pdf", "application/pdf")
    reponse = client.get(f"{URL}votes/{vote.pk}/acte/")
    assert b"".join(reponse.streaming_content) == b"%PDF-1.4 acte"  # type: ignore[attr-defined]
    faux = SimpleUploadedFile("acte.pdf", b"MZ bidon", content_type="application/pdf")
    reponse = client.post(
        f"{URL}votes/{vote.pk}/", formulaire(numero="2026-7", adoptee_le="2026-02-02") | {"signe": faux}
    )
    assert "n’est pas accepté" in reponse.content.decode()
    autre = voter(au_vote.parties.get(role="autorite"))
    assert client.get(f"{URL}votes/{autre.pk}/acte/").status_code == 404


def test_les_autres_lisent_sans_noter(accord: Monde, au_vote: Contrat, connecte: Connecte) -> None:
    vote = voter(porteur(au_vote))
    client = connecte(accord.maire)
    assert client.get(URL).status_code == 200
    assert client.get(f"{URL}votes/{vote.pk}/").status_code == 403
    assert client.post(f"{URL}parties/{vote.partie_id}/vote/", formulaire()).status_code == 403
    etranger = connecte(fabrique.agent("chef_de_projet", fabrique.demarche()))
    assert etranger.get(f"{URL}votes/{vote.pk}/").status_code == 404
    ailleurs = f"/territoires/margeride/contrat/votes/{vote.pk}/"
    assert connecte(accord.chef).get(ailleurs).status_code == 404


def test_le_vote_de_l_etat_n_a_pas_de_page(accord: Monde, au_vote: Contrat, connecte: Connecte) -> None:
    partie = porteur(au_vote)
    Organisation.objects.filter(pk=partie.organisation_id).update(nature="etat")
    client = connecte(accord.chef)
    assert "Sans objet" in client.get(URL).content.decode()
    assert client.get(f"{URL}parties/{partie.pk}/vote/").status_code == 404
