"""The draft délibération of each party, from the version it votes."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from django.test import Client

from arpent.plateforme.acteurs.models import Agent, Organisation
from arpent.plateforme.contrats.exigences import ContratRefuse
from arpent.plateforme.contrats.lecture_votes import lire_votes
from arpent.plateforme.contrats.models import Contrat, Partie
from arpent.plateforme.contrats.projets_deliberation import approbation_doc
from arpent.plateforme.demarches.models import Demarche
from arpent.plateforme.documents.donnees_approbation import ApprobationDoc
from tests.plateforme.contrats.conftest import EXECUTOIRE, LE, porteur, voter
from tests.plateforme.negociations.conftest import Monde

URL = "/territoires/gevaudan/contrat/"
Connecte = Callable[[Agent], Client]


def projet(partie: Partie) -> ApprobationDoc:
    (lu,) = lire_votes(Partie.objects.filter(pk=partie.pk).select_related("contrat"), LE)
    return approbation_doc(lu, Demarche.objects.avec_contexte().get(contrat=partie.contrat_id), LE)


def test_un_maitre_d_ouvrage_approuve_ses_projets(au_vote: Contrat) -> None:
    partie = au_vote.parties.filter(role="signataire").order_by("ordre")[0]
    doc = projet(partie)
    assert doc.projets_de_la_partie
    assert {p.maitre_ouvrage for p in doc.projets} == {partie.organisation.nom}
    assert (doc.version, doc.nombre_projets) == ("1", 2)
    assert "L2121-29" in doc.visas[0].texte
    assert any("Règlement d’essai" in v.texte for v in doc.visas)
    assert any("L2121-17" in r for r in doc.rappels)


def test_l_autorite_approuve_tout_le_contrat_selon_son_assemblee(au_vote: Contrat) -> None:
    autorite = au_vote.parties.get(role="autorite")
    assert "L3121-14 et L3211-1" in projet(autorite).visas[0].texte
    assert "douze jours" in projet(autorite).rappels[0]
    voter(autorite, type_assemblee="commission_permanente", attendue_le=date(2026, 4, 2))
    doc = projet(autorite)
    assert "L3121-14-1 et L3211-2" in doc.visas[0].texte
    assert doc.collectivite.assemblee == "commission permanente du conseil départemental"
    assert any("a délégué cette compétence" in m for m in doc.manques)
    assert "présente ou représentée" in doc.rappels[0]
    assert (doc.seance.tenue_le, len(doc.projets), doc.projets_de_la_partie) == (date(2026, 4, 2), 2, False)


@pytest.mark.parametrize("nature", ["syndicat", "association"])
def test_un_organisme_a_statuts_ne_cite_pas_d_article_inconnu(au_vote: Contrat, nature: str) -> None:
    partie = porteur(au_vote)
    Organisation.objects.filter(pk=partie.organisation_id).update(nature=nature)
    doc = projet(partie)
    assert not [v for v in doc.visas if "code général" in v.texte]
    assert "suivez les statuts" in doc.rappels[0]


def test_un_vote_deja_note_remplit_le_projet(au_vote: Contrat) -> None:
    voter(porteur(au_vote), **EXECUTOIRE | {"presents": 12, "ecartes": 1})
    doc = projet(porteur(au_vote))
    assert (doc.seance.numero, doc.seance.presents) == ("2026-12", 12)
    assert "les noms des membres écartés" in doc.manques


def test_sans_version_emise_le_projet_dit_quoi_faire(contrat: Contrat) -> None:
    with pytest.raises(ContratRefuse, match="Générez d’abord la version"):
        projet(porteur(contrat))


def test_le_projet_se_telecharge_en_word_et_en_pdf(
    accord: Monde, au_vote: Contrat, connecte: Connecte
) -> None:
    client, pk = connecte(accord.maire), porteur(au_vote).pk
    adresse = f"{URL}parties/{pk}/seance/deliberation"
    assert f"{adresse}.docx" in client.get(URL).content.decode()
    assert client.get(f"{adresse}.docx").content[:2] == b"PK"
    assert client.get(f"{adresse}.pdf").content[:5] == b"%PDF-"
    assert client.get(f"{adresse}.odt").status_code == 404


def test_un_projet_impossible_ramene_au_contrat(accord: Monde, contrat: Contrat, connecte: Connecte) -> None:
    assert contrat.etat == "redaction"
    reponse = connecte(accord.chef).get(
        f"{URL}parties/{porteur(contrat).pk}/seance/deliberation.pdf", follow=True
    )
    assert "Générez d’abord la version soumise au vote" in reponse.content.decode()
