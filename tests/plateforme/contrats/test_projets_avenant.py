"""The draft délibération of each party for an avenant, from the version it votes; the avenant in Word."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse

from arpent.metier.avenants import Genre
from arpent.plateforme.acteurs.models import Agent
from arpent.plateforme.contrats.avenants import actions, proposition, vigueur
from arpent.plateforme.contrats.avenants.actions import Saisie
from arpent.plateforme.contrats.avenants.lecture import AvenantRefuse
from arpent.plateforme.contrats.avenants.projets_deliberation import approbation_avenant_doc
from arpent.plateforme.contrats.lecture_votes import lire_votes
from arpent.plateforme.contrats.models import Avenant, Contrat, Partie
from arpent.plateforme.contrats.votes import enregistrer_vote
from arpent.plateforme.demarches.models import Demarche
from arpent.plateforme.documents.donnees_approbation import ApprobationAvenantDoc
from tests.plateforme.contrats.conftest import EXECUTOIRE, LE, preparer
from tests.plateforme.negociations.conftest import Monde

pytestmark = pytest.mark.usefixtures("sans_fichiers", "sans_pdf")
Connecte = Callable[[Agent], Client]


@pytest.fixture
def propose(accord: Monde, en_vigueur: Contrat) -> Avenant:
    """A project enters and another one has more: the authority and their owners vote."""
    avenant = preparer(
        en_vigueur,
        Saisie(Genre.AJOUT, entrante=accord.fiches[2], montant=Decimal(5000), annee=2027),
        Saisie(Genre.MONTANT, fiche=accord.fiches[1], montant=Decimal("16000.01"), motif="Aléa"),
    )
    return vigueur.soumettre(proposition.proposer(avenant, par=None, le=LE), par=None)


def projet(avenant: Avenant, partie: Partie) -> ApprobationAvenantDoc:
    avenant.contrat.demarche = Demarche.objects.avec_contexte().get(contrat=avenant.contrat_id)
    (lu,) = lire_votes(Partie.objects.filter(pk=partie.pk), LE, avenant=avenant)
    return approbation_avenant_doc(lu, avenant, LE)


def test_un_maitre_d_ouvrage_approuve_ce_qui_touche_ses_projets(accord: Monde, propose: Avenant) -> None:
    partie = propose.concernees.get(organisation=accord.fiches[1].maitre_ouvrage)
    doc = projet(propose, partie)
    assert doc.lignes_de_la_partie
    assert {x.maitre_ouvrage for x in doc.lignes} == {partie.organisation.nom}
    assert len(doc.mouvements) == 2
    assert doc.aide_apres - doc.aide_avant == Decimal("6000.00")
    assert "en vigueur depuis le 1er\u00a0mars 2026" in doc.visas[-2].texte
    assert doc.visas[-1].texte.startswith("la version 1 de l’avenant n°\u00a01")
    assert any("sur la page de l’avenant" in r for r in doc.rappels)


def test_l_autorite_vote_tout_l_avenant_en_commission_permanente(propose: Avenant) -> None:
    autorite = propose.concernees.get(role="autorite")
    doc = projet(propose, autorite)
    assert not doc.lignes_de_la_partie
    assert len(doc.lignes) == 2
    assert doc.collectivite.assemblee.startswith("commission permanente")
    assert any("a délégué cette compétence" in m for m in doc.manques)


def test_le_projet_est_celui_de_la_version_votee(propose: Avenant) -> None:
    autorite = propose.concernees.get(role="autorite")
    enregistrer_vote(autorite, EXECUTOIRE, par=None, le=LE, avenant=propose)
    doc = projet(propose, autorite)
    assert (doc.seance.numero, doc.version) == ("2026-12", "1")


def test_avant_d_etre_propose_il_n_a_pas_de_projet(accord: Monde, en_vigueur: Contrat) -> None:
    avenant = preparer(en_vigueur)
    autorite = en_vigueur.parties.get(role="autorite")
    with pytest.raises(AvenantRefuse, match="Proposez d’abord l’avenant"):
        projet(avenant, autorite)


def test_le_projet_et_l_avenant_se_telechargent_de_sa_page(
    accord: Monde, propose: Avenant, connecte: Connecte
) -> None:
    client = connecte(accord.maire)
    page = client.get(reverse("contrats:avenant", args=["gevaudan", propose.pk])).content.decode()
    autorite = propose.concernees.get(role="autorite")
    for format, debut in (("docx", b"PK"), ("pdf", b"%PDF-")):
        url = reverse(
            "contrats:avenant_seance",
            args=["gevaudan", propose.pk, autorite.pk, f"deliberation.{format}"],
        )
        assert url in page
        assert client.get(url).content.startswith(debut)
    assert client.get(url.replace(".pdf", ".odt")).status_code == 404
    etrangere = propose.contrat.parties.exclude(pk__in=propose.concernees.values("pk")).first()
    assert etrangere is not None
    ailleurs = reverse(
        "contrats:avenant_seance", args=["gevaudan", propose.pk, etrangere.pk, "deliberation.pdf"]
    )
    assert client.get(ailleurs).status_code == 404
    word = propose.versions.get().documents.get(format="docx")
    assert reverse("contrats:document", args=["gevaudan", word.pk]) in page
    recu = client.get(reverse("contrats:document", args=["gevaudan", word.pk]))
    assert recu.content.startswith(b"PK")


def test_un_projet_impossible_ramene_a_l_avenant(
    accord: Monde, en_vigueur: Contrat, connecte: Connecte
) -> None:
    avenant = preparer(en_vigueur)
    autorite = en_vigueur.parties.get(role="autorite")
    avenant.concernees.add(autorite)
    url = reverse("contrats:avenant_seance", args=["gevaudan", avenant.pk, autorite.pk, "deliberation.pdf"])
    assert "Proposez d’abord l’avenant" in connecte(accord.chef).get(url, follow=True).content.decode()


def test_abandonne_il_ne_propose_plus_de_projet(accord: Monde, propose: Avenant, connecte: Connecte) -> None:
    actions.abandonner(propose, "Essai", par=None)
    page = connecte(accord.chef).get(reverse("contrats:avenant", args=["gevaudan", propose.pk]))
    assert "deliberation.docx" not in page.content.decode()
