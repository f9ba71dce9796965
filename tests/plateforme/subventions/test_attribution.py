"""The acts of award: drawn from the contract in force, by page, zip and command."""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from collections.abc import Callable, Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from arpent.metier.avenants import Genre as GenreMouvement
from arpent.plateforme.acteurs.models import Agent, Organisation
from arpent.plateforme.config.commande import main
from arpent.plateforme.contrats.avenants.actions import Saisie
from arpent.plateforme.contrats.exigences import ContratRefuse
from arpent.plateforme.contrats.models import Contrat
from arpent.plateforme.documents.donnees_attribution import AttributionDoc
from arpent.plateforme.documents.gabarits_autorite import GabaritWord
from arpent.plateforme.negociations.models import Enveloppe, Mouvement
from arpent.plateforme.plans.models import Fiche
from arpent.plateforme.reglements.gabarits import deposer, mettre_en_service
from arpent.plateforme.subventions import actes
from arpent.plateforme.subventions.attribution import Octroi, contrat_en_vigueur, lire_cadre, lire_octrois
from tests.documents.test_approbation import mots
from tests.documents.test_gabarits_word import avec
from tests.plateforme import fabrique
from tests.plateforme.contrats.conftest import AUJOURD_HUI, conclure, preparer
from tests.plateforme.negociations.conftest import Monde

URL = "/territoires/gevaudan/realisation/"
Connecte = Callable[[Agent], Client]


def octrois(contrat: Contrat) -> list[Octroi]:
    return lire_octrois(contrat_en_vigueur(contrat.demarche), AUJOURD_HUI)


def docs(contrat: Contrat, genre: str = "arrete") -> list[AttributionDoc]:
    lu = contrat_en_vigueur(contrat.demarche)
    cadre = lire_cadre(lu, AUJOURD_HUI)
    return [
        actes.acte_doc(cadre, o, actes.GENRES[genre][0], AUJOURD_HUI, None)
        for o in lire_octrois(lu, AUJOURD_HUI)
    ]


def adresse(fiche: Fiche, fichier: str) -> str:
    return f"{URL}projets/{fiche.pk}/attribution/{fichier}"


def en_association(fiche: Fiche) -> None:
    Organisation.objects.filter(pk=fiche.maitre_ouvrage_id).update(nature="association", commune=None)


def un_seul_maitre_d_ouvrage(contrat: Contrat, organisation: Organisation) -> None:
    """Every line of the signed version is that body's, the same year."""
    for version in contrat.versions.all():
        for ligne in version.donnees["maquette"]["lignes"]:
            ligne |= {"maitre_ouvrage": organisation.nom, "annee": 2027}
        version.save()


def engager(fiche: Fiche, montant: str, acte: str) -> None:
    fonds = fiche.demarche.processus.dispositif.fonds.get()
    noeud, _ = Enveloppe.objects.get_or_create(
        fonds=fonds, demarche=fiche.demarche, libelle="Essai", chemin="1/", cle="essai"
    )
    Mouvement.objects.create(
        enveloppe=noeud, stade="engage", genre="attribution", montant=Decimal(montant), fiche=fiche,
        acte=acte, acte_le=date(2026, 6, 15), par_nom="Arpent",
    )  # fmt: skip


# --- what the acts say ----------------------------------------------------------------------------


def test_les_actes_reprennent_le_contrat_signe_au_centime(en_vigueur: Contrat) -> None:
    lus = docs(en_vigueur)
    assert [d.aide for d in lus] == [Decimal("9999.99"), Decimal("15000.01")]
    doc = lus[0]
    assert (doc.reference, doc.date_effet) == ("CT-1", date(2026, 3, 1))
    assert (doc.contrat_approuve.numero, doc.contrat_approuve.prise_le) == ("2026-12", date(2026, 2, 2))
    assert doc.transmission == "CGCT, art. L3131-1"
    assert any("articles L3121-14 et L3211-1" in v.texte for v in doc.visas)
    assert any("Règlement d’essai" in v.texte for v in doc.visas)
    word = mots(actes.rendre(doc, "docx", GabaritWord()))
    assert "9\u202f999,99\u00a0€" in word
    assert "n°\u00a02026-12 du 2\u00a0février 2026" in word
    assert "les délais de commencement et d’achèvement" in word


def test_ce_que_rien_ne_dit_reste_a_completer(en_vigueur: Contrat) -> None:
    doc = docs(en_vigueur)[0]
    assert (doc.versement, doc.pieces, doc.delais, doc.decision.numero) == ((), (), (), "")
    assert {"la décision d’attribution", "les modalités de versement"} <= set(doc.a_completer)
    assert "prenez d’abord la décision d’attribution" in doc.rappels[0]


def test_le_dispositif_qui_publie_ses_delais_les_voit_dans_les_actes(
    accord: Monde, en_vigueur: Contrat
) -> None:
    accord.dispositif.parametres |= {"attribution": {"delais": ["Dans les deux ans."], "demonstration": True}}
    accord.dispositif.save()
    en_vigueur.refresh_from_db()
    doc = docs(Contrat.objects.get(pk=en_vigueur.pk))[0]
    assert (doc.delais, doc.demonstration) == (("Dans les deux ans.",), True)


def test_l_acte_de_l_engagement_est_la_decision_d_attribution(accord: Monde, en_vigueur: Contrat) -> None:
    engager(accord.fiches[0], "9999.99", "CP-26-118")
    engager(accord.fiches[1], "1000.00", "CP-26-118")
    premier, second = docs(en_vigueur)
    assert (premier.decision.numero, premier.decision.prise_le) == ("CP-26-118", date(2026, 6, 15))
    assert premier.rappels == ()
    assert (
        "Crédits engagés : 1\u202f000,00\u00a0€ ; aide du contrat : 15\u202f000,01\u00a0€"
        in second.rappels[0]
    )


@pytest.mark.usefixtures("sans_pdf")
def test_un_avenant_change_l_aide_et_se_cite(accord: Monde, en_vigueur: Contrat) -> None:
    saisie = Saisie(GenreMouvement.MONTANT, fiche=accord.fiches[0], montant=Decimal("8000.00"), motif="Essai")
    conclure(preparer(en_vigueur, saisie))
    premier, second = docs(Contrat.objects.get(pk=en_vigueur.pk))
    assert (premier.aide, premier.avenant) == (Decimal("8000.00"), "avenant n°\u00a01")
    assert second.avenant == ""


def test_un_beneficiaire_prive_au_dela_de_23_000_euros_par_an_doit_une_convention(
    accord: Monde, en_vigueur: Contrat
) -> None:
    meme = accord.fiches[0].maitre_ouvrage
    en_association(accord.fiches[0])
    assert octrois(en_vigueur)[0].convention.requise is False
    un_seul_maitre_d_ouvrage(en_vigueur, meme)
    lus = octrois(en_vigueur)
    assert [o.convention.requise for o in lus] == [True, True]
    assert "= 25\u202f000,00\u00a0€ en 2027" in lus[0].convention.calcul
    doc = docs(en_vigueur, "convention")[0]
    assert "la convention est obligatoire" in doc.convention
    assert any("L1611-4" in v.texte for v in doc.visas)
    assert any("données essentielles" in r for r in doc.rappels)
    Organisation.objects.filter(pk=meme.pk).update(nature="autre")
    assert [o.convention.requise for o in octrois(en_vigueur)] == [None, None]


def test_un_beneficiaire_public_n_en_doit_pas(en_vigueur: Contrat) -> None:
    assert [o.convention.requise for o in octrois(en_vigueur)] == [False, False]
    assert docs(en_vigueur)[0].convention == ""


def test_les_lectures_ne_dependent_pas_du_nombre_de_projets(
    en_vigueur: Contrat, django_assert_max_num_queries: Any
) -> None:
    lu = contrat_en_vigueur(en_vigueur.demarche)
    with django_assert_max_num_queries(7):
        lus = lire_octrois(lu, AUJOURD_HUI)
    with django_assert_max_num_queries(8):
        cadre = lire_cadre(lu, AUJOURD_HUI)
    with django_assert_max_num_queries(0):
        for octroi in lus:
            actes.acte_doc(cadre, octroi, "arrete", AUJOURD_HUI, None)


# --- the page -------------------------------------------------------------------------------------


def test_la_page_offre_les_actes_a_qui_instruit(
    accord: Monde, en_vigueur: Contrat, connecte: Connecte
) -> None:
    en_association(accord.fiches[0])
    un_seul_maitre_d_ouvrage(en_vigueur, accord.fiches[0].maitre_ouvrage)
    for role in ("chef_de_projet", "instructeur"):
        page = connecte(fabrique.agent(role, accord.demarche)).get(URL).content.decode()
        assert adresse(accord.fiches[0], "lettre.docx") in page
        assert f"{URL}actes/arrete.zip" in page
        assert "la convention est obligatoire" in page
        assert "décret n° 2001-495 du 6 juin 2001, art. 1er" in page
    for role in ("elu_autorite", "sous_prefet", "mission_appui", "president_epci", "maire"):
        lecteur = connecte(fabrique.agent(role, accord.demarche))
        assert "Actes d’attribution" not in lecteur.get(URL).content.decode()
        refus = lecteur.get(adresse(accord.fiches[0], "lettre.docx"))
        assert refus.status_code == 403
        assert lecteur.get(f"{URL}actes/lettre.zip").status_code == 403


def test_la_liste_des_actes_coute_un_nombre_fixe_de_requetes(
    accord: Monde, en_vigueur: Contrat, connecte: Connecte, django_assert_max_num_queries: Any
) -> None:
    client = connecte(accord.chef)
    client.get(URL)
    with django_assert_max_num_queries(17):
        client.get(URL)


def test_un_acte_se_telecharge_en_word_et_en_pdf(
    accord: Monde, en_vigueur: Contrat, connecte: Connecte
) -> None:
    client = connecte(accord.chef)
    for fichier in actes.FICHIERS:
        reponse = client.get(adresse(accord.fiches[0], fichier))
        assert reponse.status_code == 200
        assert reponse.content[:4] == (b"%PDF" if fichier.endswith("pdf") else b"PK\x03\x04")
        assert fichier.partition(".")[0] in reponse["Content-Disposition"]
    assert client.get(adresse(accord.fiches[0], "facture.pdf")).status_code == 404
    assert client.get(f"{URL}actes/facture.zip").status_code == 404
    ailleurs = fabrique.fiche(accord.voisine, numero=9)
    assert client.get(adresse(ailleurs, "lettre.pdf")).status_code == 404


def test_sans_contrat_en_vigueur_ni_aide_la_page_dit_quoi_faire(
    accord: Monde, contrat: Contrat, connecte: Connecte
) -> None:
    client = connecte(accord.chef)
    assert "Actes d’attribution" not in client.get(URL).content.decode()
    suite = client.get(adresse(accord.fiches[0], "lettre.pdf"), follow=True).content.decode()
    assert "faites d’abord constater sa signature" in suite
    assert "faites d’abord constater" in client.get(f"{URL}actes/lettre.zip", follow=True).content.decode()


def test_un_projet_hors_du_contrat_n_a_pas_d_acte(
    accord: Monde, en_vigueur: Contrat, connecte: Connecte
) -> None:
    suite = connecte(accord.chef).get(adresse(accord.fiches[2], "lettre.pdf"), follow=True)
    assert "n’a pas d’aide au contrat en vigueur" in suite.content.decode()


def test_un_contrat_en_vigueur_sans_version_signee_le_dit(
    accord: Monde, contrat: Contrat, connecte: Connecte
) -> None:
    Contrat.objects.update(etat="en_vigueur")
    assert "pas de version signée" in connecte(accord.chef).get(URL).content.decode()
    contrat.delete()
    with pytest.raises(ContratRefuse, match="pas encore préparé"):
        contrat_en_vigueur(accord.demarche)


def test_le_zip_tient_les_empreintes_et_les_donnees(
    accord: Monde, en_vigueur: Contrat, connecte: Connecte
) -> None:
    reponse = connecte(accord.chef).get(f"{URL}actes/lettre.zip")
    assert reponse.status_code == 200
    with zipfile.ZipFile(io.BytesIO(reponse.content)) as zip_:
        lignes = json.loads(zip_.read("bordereau.json"))
        assert len(lignes) == 4
        assert {x["fichier"] for x in lignes} == set(zip_.namelist()) - {"bordereau.json"}
        for x in lignes:
            assert hashlib.sha256(zip_.read(x["fichier"])).hexdigest() == x["sha256"]
            assert x["gabarit"] == "lettre_attribution/v1"
            assert x["donnees"]["aide"] == x["aide"]


# --- the command ----------------------------------------------------------------------------------


@pytest.fixture
def sans_dessin(monkeypatch: pytest.MonkeyPatch) -> None:
    """The files are not drawn here: their name and their project are enough."""
    monkeypatch.setattr(actes, "rendre", lambda doc, f, _: f"{f} {doc.genre} {doc.aide}".encode())


def test_une_lettre_prend_le_gabarit_de_l_autorite_et_le_bordereau_le_nomme(en_vigueur: Contrat) -> None:
    autorite, nom = en_vigueur.demarche.autorite, "lettre_attribution"
    depose = deposer(autorite, nom, avec("Gabarit de la collectivité", nom=nom), "x.docx", par=None)
    mettre_en_service(autorite, nom, depose.numero, par=None)
    cadre = lire_cadre(contrat_en_vigueur(en_vigueur.demarche), AUJOURD_HUI)
    lus = list(actes.tous_les_actes(cadre, octrois(en_vigueur)[:1], ["lettre", "arrete"], AUJOURD_HUI))
    assert [x["gabarit"] for _, _, x in lus] == [
        "lettre_attribution/autorite-1", "lettre_attribution/v1",
        "arrete_attribution/v1", "arrete_attribution/v1",
    ]  # fmt: skip
    assert "Gabarit de la collectivité" in mots(lus[0][1])


def dire(capsys: pytest.CaptureFixture[str], arguments: Sequence[str]) -> tuple[int, str, str]:
    capsys.readouterr()
    code = main(["subvention", "actes", "--territoire", "gevaudan", *arguments])
    sortie = capsys.readouterr()
    return code, sortie.out, sortie.err


@pytest.mark.usefixtures("sans_dessin", "en_vigueur")
def test_la_commande_ecrit_les_trois_actes_ou_un_seul(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, sortie, _ = dire(capsys, ["--dossier", str(tmp_path / "tous")])
    assert (code, len(sortie.split())) == (0, 12)
    assert len(list((tmp_path / "tous").iterdir())) == 12
    code, sortie, _ = dire(capsys, ["--dossier", str(tmp_path / "un"), "--genre", "arrete", "--json"])
    lus = json.loads(sortie)
    assert (code, len(lus)) == (0, 4)
    assert {x["gabarit"] for x in lus} == {"arrete_attribution/v1"}
    assert "donnees" not in lus[0]
    assert Path(lus[0]["fichier"]).read_text() == "docx arrete 9999.99"
    assert "les modalités de versement" in lus[0]["a_completer"]


@pytest.mark.usefixtures("sans_dessin")
def test_la_commande_dit_ce_qui_s_oppose(
    contrat: Contrat, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, _, erreur = dire(capsys, ["--dossier", str(tmp_path)])
    assert (code, "faites d’abord constater sa signature" in erreur) == (2, True)
    contrat.delete()
    code, _, erreur = dire(capsys, ["--dossier", str(tmp_path)])
    assert (code, "pas encore préparé" in erreur) == (2, True)


@pytest.mark.usefixtures("sans_dessin", "en_vigueur")
def test_un_dossier_ou_l_on_ne_peut_pas_ecrire_est_dit(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "fichier").write_text("")
    code, _, erreur = dire(capsys, ["--dossier", str(tmp_path / "fichier")])
    assert (code, "impossible d’écrire" in erreur) == (2, True)
