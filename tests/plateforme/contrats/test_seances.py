"""The papers of the meeting of each party: its law, its projects, the version it votes, who reads them."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from datetime import date, time
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from pptx import Presentation

from arpent.plateforme.acteurs.models import Agent, Organisation
from arpent.plateforme.config.commande import main
from arpent.plateforme.contrats import seances
from arpent.plateforme.contrats.convocations import convocation_doc
from arpent.plateforme.contrats.exigences import ContratRefuse
from arpent.plateforme.contrats.lecture_votes import VotePartie, lire_votes
from arpent.plateforme.contrats.models import Contrat, Partie, VersionContrat, Vote
from arpent.plateforme.contrats.presentations import premiere_phrase, presentation_doc
from arpent.plateforme.demarches.models import Demarche
from arpent.plateforme.documents.donnees_seance import ConvocationDoc, PresentationDoc
from arpent.plateforme.negociations.models import Proposition
from arpent.plateforme.territoires.models import Commune
from tests.documents.test_approbation import mots
from tests.plateforme import fabrique
from tests.plateforme.contrats.conftest import LE, porteur, voter
from tests.plateforme.negociations.conftest import Monde

URL = "/territoires/gevaudan/contrat/"
Connecte = Callable[[Agent], Client]
SEANCE = date(2026, 4, 2)


def lu(partie: Partie) -> VotePartie:
    (lu,) = lire_votes(Partie.objects.filter(pk=partie.pk).select_related("contrat"), LE)
    return lu


def demarche(partie: Partie) -> Demarche:
    return Demarche.objects.avec_contexte().get(contrat=partie.contrat_id)


def lettre(partie: Partie) -> ConvocationDoc:
    return convocation_doc(lu(partie), demarche(partie), LE)


def presentee(partie: Partie) -> PresentationDoc:
    return presentation_doc(lu(partie), demarche(partie), LE)


def commune(contrat: Contrat) -> Partie:
    return contrat.parties.filter(role="signataire", organisation__nature="commune").order_by("ordre")[0]


def prevoir(partie: Partie, **valeurs: Any) -> Vote:
    return voter(partie, **({"attendue_le": SEANCE} | valeurs))


def peupler(partie: Partie, habitants: int) -> Partie:
    lue = fabrique.commune()
    Commune.objects.filter(pk=lue.pk).update(population=habitants)
    Organisation.objects.filter(pk=partie.organisation_id).update(commune=lue)
    return Partie.objects.get(pk=partie.pk)


# --- the law of each assembly ---------------------------------------------------------------------


def test_une_petite_commune_est_convoquee_trois_jours_francs_avant(au_vote: Contrat) -> None:
    partie = peupler(commune(au_vote), 800)
    prevoir(partie, type_assemblee="conseil_municipal")
    doc = lettre(partie)
    assert doc.limite_le == date(2026, 3, 29)
    assert "3\u00a0jours francs au moins avant la séance (CGCT, art. L2121-11)" in doc.regles[0]
    assert "dématérialisée" in doc.regles[1]
    assert doc.pieces[0] == "une note de synthèse"
    assert doc.pouvoir == "Un membre ne peut porter qu’un seul pouvoir (CGCT, art. L2121-20)."


def test_une_commune_de_3_500_habitants_joint_la_note_de_synthese(au_vote: Contrat) -> None:
    partie = peupler(commune(au_vote), 3_500)
    prevoir(partie, type_assemblee="conseil_municipal")
    doc = lettre(partie)
    assert doc.limite_le == date(2026, 3, 27)
    assert doc.pieces[0] == "la note explicative de synthèse (CGCT, art. L2121-12)"
    assert presentee(partie).regle_note == "Note adressée avec la convocation (CGCT, art. L2121-12)."


def test_l_intercommunalite_suit_les_grandes_communes(au_vote: Contrat) -> None:
    prevoir(porteur(au_vote), type_assemblee="conseil_communautaire")
    doc = lettre(porteur(au_vote))
    assert "5\u00a0jours francs" in doc.delai
    assert doc.delai.endswith("(CGCT, art. L2121-12 et L5211-1)")
    assert "L2121-10, applicable par renvoi de l’article L5211-1" in doc.regles[1]
    assert doc.destinataires == "les conseillers communautaires"


def test_le_departement_envoie_les_rapports_douze_jours_avant(au_vote: Contrat) -> None:
    autorite = au_vote.parties.get(role="autorite")
    vote = prevoir(autorite, type_assemblee="seance_pleniere")
    doc = lettre(autorite)
    assert (doc.limite_le, doc.destinataires) == (date(2026, 3, 21), "les conseillers départementaux")
    assert "12\u00a0jours au moins avant la réunion (CGCT, art. L3121-19)" in doc.regles[0]
    Vote.objects.filter(pk=vote.pk).update(type_assemblee="commission_permanente")
    doc = lettre(autorite)
    assert (doc.limite_le, doc.delai, doc.regles) == (None, "", ())
    assert "suivez ses statuts ou son règlement intérieur" in doc.rappels[1]
    assert doc.collectivite.assemblee.startswith("commission permanente")


def test_la_region_a_son_propre_article(au_vote: Contrat) -> None:
    autorite = au_vote.parties.get(role="autorite")
    Organisation.objects.filter(pk=autorite.organisation_id).update(nature="region")
    doc = lettre(Partie.objects.get(pk=autorite.pk))
    assert doc.destinataires == "les conseillers régionaux"
    assert "L4132-18" in doc.regles[0]
    assert doc.pouvoir.startswith("Les pouvoirs suivent")


@pytest.mark.parametrize("nature", ["syndicat", "association"])
def test_un_organisme_a_statuts_n_a_pas_de_delai_suppose(au_vote: Contrat, nature: str) -> None:
    Organisation.objects.filter(pk=porteur(au_vote).organisation_id).update(nature=nature)
    doc = lettre(porteur(au_vote))
    assert (doc.delai, doc.limite_le, doc.regles) == ("", None, ())
    assert doc.pouvoir.startswith("Les pouvoirs suivent les statuts")


def test_l_heure_et_le_lieu_notes_se_lisent_et_ce_qui_manque_se_dit(au_vote: Contrat) -> None:
    partie = porteur(au_vote)
    assert lettre(partie).reunion.a_completer == (
        "la date de la séance", "l’heure de la séance", "le lieu de la séance"
    )  # fmt: skip
    vote = prevoir(partie, heure=time(18, 30), lieu="Salle des fêtes", type_assemblee="conseil_communautaire")
    reunion = lettre(partie).reunion
    assert (reunion.heure, reunion.lieu, reunion.a_completer) == ("18\u00a0h\u00a030", "Salle des fêtes", ())
    Vote.objects.filter(pk=vote.pk).update(heure=time(20, 0), convoquee_le=date(2026, 3, 20))
    doc = lettre(partie)
    assert (doc.reunion.heure, doc.envoyee_le) == ("20\u00a0h", date(2026, 3, 20))


def test_une_date_limite_passee_se_dit(au_vote: Contrat) -> None:
    prevoir(porteur(au_vote), attendue_le=date(2026, 3, 3), type_assemblee="conseil_communautaire")
    assert any("est passée" in r for r in lettre(porteur(au_vote)).rappels)


# --- what is told of the contract -----------------------------------------------------------------


def test_la_note_ne_compte_que_les_projets_de_la_partie(au_vote: Contrat) -> None:
    doc = presentee(commune(au_vote))
    ensemble = doc.contrat.ensemble
    assert (ensemble.nombre, ensemble.montant) == (2, Decimal("25000.00"))
    assert doc.siens
    assert {p.maitre_ouvrage for p in doc.siens} == {commune(au_vote).organisation.nom}
    assert sum(f.montant for f in doc.contrat.financeurs) == ensemble.cout_ht
    assert [a.titre for a in doc.contrat.articles] == ["Objet", "Durée"]
    assert doc.contrat.date_effet == date(2026, 3, 1)


def test_une_partie_sans_projet_n_en_a_pas(au_vote: Contrat) -> None:
    doc = presentee(au_vote.parties.get(role="autorite"))
    assert (doc.siens, doc.role) == ((), "autorite")


def test_les_documents_disent_la_version_votee_pas_la_maquette_du_jour(au_vote: Contrat) -> None:
    avant = presentee(porteur(au_vote))
    Proposition.objects.update(montant=Decimal("1.00"))
    Organisation.objects.filter(pk=commune(au_vote).organisation_id).update(nom="Commune renommée")
    assert presentee(porteur(au_vote)).contrat == avant.contrat


def test_sans_version_emise_ou_relisible_le_refus_dit_quoi_faire(contrat: Contrat, au_vote: Contrat) -> None:
    VersionContrat.objects.update(donnees={"inconnu": 1})
    with pytest.raises(ContratRefuse, match="émettez une nouvelle version"):
        presentee(porteur(au_vote))
    VersionContrat.objects.update(donnees={"titre": "T", "reference": "", "autorite": "A", "territoire": "G",
                                           "parties": [], "etabli_le": "2026-01-01"})  # fmt: skip
    with pytest.raises(ContratRefuse, match="pas de maquette"):
        presentee(porteur(au_vote))
    VersionContrat.objects.all().delete()
    for fabriquer in (lettre, presentee):
        with pytest.raises(ContratRefuse, match="Générez d’abord la version"):
            fabriquer(porteur(au_vote))


def test_le_calendrier_ne_suppose_aucune_date(au_vote: Contrat) -> None:
    partie = porteur(au_vote)
    assert presentee(partie).calendrier[0].quand == "Date à fixer"
    prevoir(partie, type_assemblee="conseil_communautaire")
    etapes = [(e.quand, e.quoi) for e in presentee(partie).calendrier]
    assert etapes[:2] == [
        ("27\u00a0mars 2026 au plus tard", "Envoi de la convocation"),
        ("2\u00a0avril 2026", "Vote de l’assemblée"),
    ]
    assert etapes[-1][1] in {"Fin du contrat", "Prise d’effet du contrat"}
    Vote.objects.update(convoquee_le=date(2026, 3, 20))
    assert presentee(partie).calendrier[0].quoi == "Convocation envoyée"


def test_un_article_se_resume_a_sa_premiere_phrase() -> None:
    assert premiere_phrase(("Il dure trois ans. Il se renouvelle.",)) == "Il dure trois ans."
    assert premiere_phrase(()) == ""
    longue = premiere_phrase(("mot " * 100,))
    assert longue.endswith("mot…")
    assert len(longue) <= 261


# --- the page -------------------------------------------------------------------------------------


def test_la_page_offre_les_documents_et_dit_la_date_limite(
    accord: Monde, au_vote: Contrat, connecte: Connecte
) -> None:
    partie, client = porteur(au_vote), connecte(accord.maire)
    prevoir(partie, attendue_le=date(2099, 4, 2), type_assemblee="conseil_communautaire")
    page = client.get(URL).content.decode()
    assert "Convocation à envoyer le 27/03/2099 au plus tard (5\u00a0jours francs" in page
    for fichier in seances.FICHIERS:
        assert f"{URL}parties/{partie.pk}/seance/{fichier}" in page
    Vote.objects.update(convoquee_le=date(2026, 3, 1))
    assert "Convocation à envoyer" not in client.get(URL).content.decode()


@pytest.mark.parametrize(
    ("fichier", "debut"),
    [("convocation.docx", b"PK"), ("convocation.pdf", b"%PDF-"), ("note-de-synthese.docx", b"PK"),
     ("note-de-synthese.pdf", b"%PDF-"), ("presentation.pptx", b"PK")],
)  # fmt: skip
def test_chaque_document_se_telecharge(
    accord: Monde, au_vote: Contrat, connecte: Connecte, fichier: str, debut: bytes
) -> None:
    partie = commune(au_vote)
    reponse = connecte(accord.maire).get(f"{URL}parties/{partie.pk}/seance/{fichier}")
    assert reponse.status_code == 200
    assert reponse.content.startswith(debut)
    nom, _, format = fichier.partition(".")
    assert f'filename="{nom}-gevaudan-{partie.ordre}.{format}"' in reponse.headers["Content-Disposition"]
    if fichier == "note-de-synthese.docx":
        assert partie.organisation.nom in mots(reponse.content)
    if fichier == "presentation.pptx":
        assert len(Presentation(io.BytesIO(reponse.content)).slides) == 9


def test_un_document_inconnu_ou_d_ailleurs_n_existe_pas(
    accord: Monde, au_vote: Contrat, connecte: Connecte
) -> None:
    adresse = f"{URL}parties/{porteur(au_vote).pk}/seance/"
    assert connecte(accord.chef).get(f"{adresse}budget.pdf").status_code == 404
    assert connecte(accord.chef).post(f"{adresse}convocation.pdf").status_code == 405
    etranger = connecte(fabrique.agent("chef_de_projet", fabrique.demarche()))
    assert etranger.get(f"{adresse}convocation.pdf").status_code == 404
    Organisation.objects.filter(pk=porteur(au_vote).organisation_id).update(nature="etat")
    assert connecte(accord.chef).get(f"{adresse}convocation.pdf").status_code == 404


def test_l_heure_et_le_lieu_se_saisissent_et_un_faux_horaire_reste_a_l_ecran(
    accord: Monde, au_vote: Contrat, connecte: Connecte
) -> None:
    partie, client = porteur(au_vote), connecte(accord.chef)
    saisie = {
        "version_lue": "1", "type_assemblee": "conseil_communautaire", "assemblee": "Conseil",
        "attendue_le": "2099-04-02", "heure": "18h30", "lieu": "Salle des fêtes",
    }  # fmt: skip
    refus = client.post(f"{URL}parties/{partie.pk}/vote/", saisie | {"heure": "tard"})
    assert refus.status_code == 422
    assert 'value="Salle des fêtes"' in refus.content.decode()
    assert client.post(f"{URL}parties/{partie.pk}/vote/", saisie).status_code == 302
    vote = Vote.objects.get()
    assert (vote.heure, vote.lieu) == (time(18, 30), "Salle des fêtes")
    assert 'value="18:30"' in client.get(f"{URL}votes/{vote.pk}/").content.decode()


# --- the command ----------------------------------------------------------------------------------


@pytest.fixture
def sans_dessin(monkeypatch: pytest.MonkeyPatch) -> None:
    """The files are not drawn here: their name and their party are enough."""
    faux = {nom: (lambda lu, _, __, nom=nom: f"{nom} {lu.partie}".encode()) for nom in seances.FICHIERS}
    monkeypatch.setattr(seances, "FICHIERS", faux)


def dire(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    capsys.readouterr()
    code = main(["contrat", "seance", "--territoire", "gevaudan", *arguments])
    sortie = capsys.readouterr()
    return code, sortie.out, sortie.err


@pytest.mark.usefixtures("sans_dessin")
def test_la_commande_ecrit_tout_pour_une_partie_ou_pour_toutes(
    au_vote: Contrat, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    partie = porteur(au_vote)
    code, sortie, _ = dire(capsys, "--partie", partie.organisation.siren, "--dossier", str(tmp_path / "un"))
    assert code == 0
    assert {Path(x).name for x in sortie.split()} == set(seances.FICHIERS)
    assert (tmp_path / "un" / "convocation.pdf").read_text() == f"convocation.pdf {partie}"
    code, sortie, _ = dire(capsys, "--dossier", str(tmp_path / "tous"), "--json")
    dossiers = {Path(x).parent.name for x in json.loads(sortie)}
    assert len(dossiers) == au_vote.parties.count()
    assert len(json.loads(sortie)) == len(dossiers) * len(seances.FICHIERS)
    assert min(dossiers).startswith("01-")


@pytest.mark.usefixtures("sans_dessin")
def test_la_commande_dit_ce_qui_s_oppose(
    au_vote: Contrat, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, _, erreur = dire(capsys, "--partie", "99", "--dossier", str(tmp_path))
    assert (code, "n’a pas de partie « 99 »" in erreur) == (2, True)
    (tmp_path / "fichier").write_text("")
    code, _, erreur = dire(capsys, "--partie", "1", "--dossier", str(tmp_path / "fichier"))
    assert (code, "impossible d’écrire" in erreur) == (2, True)
    Organisation.objects.filter(pk=porteur(au_vote).organisation_id).update(nature="etat")
    siren = porteur(au_vote).organisation.siren
    code, _, erreur = dire(capsys, "--partie", siren, "--dossier", str(tmp_path))
    assert (code, "signe sans délibération" in erreur) == (2, True)


def test_la_commande_refuse_sans_version(
    contrat: Contrat, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, _, erreur = dire(capsys, "--partie", "1", "--dossier", str(tmp_path))
    assert (code, "Générez d’abord la version" in erreur) == (2, True)
    contrat.delete()
    code, _, erreur = dire(capsys, "--dossier", str(tmp_path))
    assert (code, "pas encore préparé" in erreur) == (2, True)
