"""The papers of the meeting that votes an avenant: from the version voted, by page and by command."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from datetime import date, time
from decimal import Decimal
from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse
from pptx import Presentation

from arpent.metier.avenants import Genre
from arpent.plateforme.acteurs.models import Agent
from arpent.plateforme.config.commande import main
from arpent.plateforme.contrats.avenants import proposition, seances, vigueur
from arpent.plateforme.contrats.avenants.actions import Saisie
from arpent.plateforme.contrats.avenants.seances import convocation_avenant_doc, presentation_avenant_doc
from arpent.plateforme.contrats.lecture_votes import VotePartie, lire_votes
from arpent.plateforme.contrats.models import Avenant, Contrat, Partie, Vote
from arpent.plateforme.contrats.votes import enregistrer_vote
from arpent.plateforme.demarches.models import Demarche
from arpent.plateforme.documents.rendu.docx import rendre_docx
from tests.documents.test_approbation import mots
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
    propose = vigueur.soumettre(proposition.proposer(avenant, par=None, le=LE), par=None)
    propose.contrat.demarche = Demarche.objects.avec_contexte().get(contrat=propose.contrat_id)
    return propose


def lu(avenant: Avenant, partie: Partie) -> VotePartie:
    (vote,) = lire_votes(Partie.objects.filter(pk=partie.pk), LE, avenant=avenant)
    return vote


def prevoir(avenant: Avenant, partie: Partie, **champs: object) -> Vote:
    return Vote.objects.create(
        partie=partie, avenant=avenant, assemblee="Conseil", type_assemblee="conseil_municipal", **champs
    )


def test_la_convocation_nomme_l_avenant_sa_version_et_son_delai(accord: Monde, propose: Avenant) -> None:
    partie = propose.concernees.get(organisation=accord.fiches[1].maitre_ouvrage)
    prevoir(propose, partie, attendue_le=date(2099, 4, 2), heure=time(18, 30), lieu="Mairie")
    doc = convocation_avenant_doc(lu(propose, partie), propose, LE)
    assert doc.titre_contrat.startswith("Avenant n°\u00a01 au Contrat de ")
    assert doc.objet.startswith("Avenant n°\u00a01")
    assert doc.pieces[-1] == "la version 1 de l’avenant"
    assert (doc.reunion.tenue_le, doc.reunion.heure) == (date(2099, 4, 2), "18\u00a0h\u00a030")
    assert doc.limite_le is not None
    assert doc.limite_le < date(2099, 4, 2)
    word = mots(rendre_docx(doc))
    assert "sera soumis au vote l’« Avenant n°\u00a01 au Contrat de" in word


def test_la_presentation_dit_les_lignes_de_la_partie_et_l_ecart(accord: Monde, propose: Avenant) -> None:
    partie = propose.concernees.get(organisation=accord.fiches[1].maitre_ouvrage)
    doc = presentation_avenant_doc(lu(propose, partie), propose, LE)
    assert (doc.avenant.aide_avant, doc.avenant.aide_apres) == (Decimal("25000.00"), Decimal("31000.00"))
    assert doc.ecart == Decimal("6000.00")
    assert {x.maitre_ouvrage for x in doc.siennes} == {partie.organisation.nom}
    assert "Signature de l’avenant" in [e.quoi for e in doc.calendrier]
    assert "Fin du contrat" not in [e.quoi for e in doc.calendrier]
    autorite = propose.concernees.get(role="autorite")
    sienne = presentation_avenant_doc(lu(propose, autorite), propose, LE)
    assert (sienne.role, sienne.siennes) == ("autorite", ())


def test_les_documents_suivent_la_version_votee_pas_la_derniere(accord: Monde, propose: Avenant) -> None:
    autorite = propose.concernees.get(role="autorite")
    enregistrer_vote(autorite, EXECUTOIRE, par=None, le=LE, avenant=propose)
    premiere = propose.versions.get()
    donnees = json.loads(json.dumps(premiere.donnees))
    donnees["document"] |= {"objet": "Autre objet", "version": 2}
    propose.versions.create(numero=2, gabarit="avenant/v1", donnees=donnees, empreinte="x", par_nom="Essai")
    doc = presentation_avenant_doc(lu(propose, autorite), propose, LE)
    assert (doc.avenant.version, doc.avenant.objet) == (1, propose.objet)


def test_la_page_de_l_avenant_offre_chaque_document(
    accord: Monde, propose: Avenant, connecte: Connecte
) -> None:
    client, partie = connecte(accord.maire), propose.concernees.get(role="autorite")
    page = client.get(reverse("contrats:avenant", args=["gevaudan", propose.pk])).content.decode()
    for fichier in seances.FICHIERS:
        url = reverse("contrats:avenant_seance", args=["gevaudan", propose.pk, partie.pk, fichier])
        assert url in page
        reponse = client.get(url)
        assert reponse.status_code == 200
        assert reponse.content[:4] == (b"%PDF" if fichier.endswith("pdf") else b"PK\x03\x04")
        nom, _, format = fichier.rpartition(".")
        assert f'"{nom}-avenant-1-gevaudan-{partie.ordre}.{format}"' in reponse["Content-Disposition"]
        if format == "pptx":
            assert len(Presentation(io.BytesIO(reponse.content)).slides) == 7
    assert client.get(url.replace("presentation.pptx", "budget.pdf")).status_code == 404


def dire(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    capsys.readouterr()
    code = main(["contrat", "seance", "--territoire", "gevaudan", *arguments])
    sortie = capsys.readouterr()
    return code, sortie.out, sortie.err


def test_la_commande_ecrit_les_documents_de_chaque_partie_ou_d_une_seule(
    propose: Avenant, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    bref: dict[str, seances.Fabrique] = {
        nom: lambda x, a, _: f"{a.numero} {x.partie.organisation.nom}".encode() for nom in seances.FICHIERS
    }
    monkeypatch.setattr(seances, "FICHIERS", bref)
    code, sortie, _ = dire(capsys, "--avenant", "1", "--dossier", str(tmp_path / "tous"), "--json")
    assert (code, len(json.loads(sortie))) == (0, 7 * propose.concernees.count())
    code, sortie, _ = dire(capsys, "--avenant", "1", "--partie", "1", "--dossier", str(tmp_path / "une"))
    premiere = propose.concernees.order_by("ordre").first()
    assert premiere is not None
    assert (tmp_path / "une" / "presentation.pptx").read_text() == f"1 {premiere.organisation.nom}"
    code, _, erreur = dire(capsys, "--avenant", "9", "--dossier", str(tmp_path))
    assert (code, "pas d’avenant 9" in erreur) == (2, True)
    code, _, erreur = dire(capsys, "--avenant", "1", "--partie", "99", "--dossier", str(tmp_path))
    assert (code, "l’avenant n’a pas de partie « 99 »" in erreur) == (2, True)
