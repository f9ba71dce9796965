"""Acts of award issued for good: frozen, versioned, listed, archived."""

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

from arpent.metier.attribution import obstacle_a_l_emission
from arpent.plateforme.acteurs.models import Agent
from arpent.plateforme.config.commande import main
from arpent.plateforme.contrats.archives import archiver, verifier_archive
from arpent.plateforme.contrats.exigences import ContratRefuse
from arpent.plateforme.contrats.models import Contrat
from arpent.plateforme.documents.models import DocumentEmis
from arpent.plateforme.journal.models import Entree
from arpent.plateforme.plans.models import Fiche
from arpent.plateforme.reglements.gabarits import deposer, mettre_en_service
from arpent.plateforme.subventions import emissions
from arpent.plateforme.subventions.emissions import Emission, actes_emis, emettre_actes
from tests.documents.test_gabarits_word import avec
from tests.plateforme import fabrique
from tests.plateforme.contrats.conftest import AUJOURD_HUI
from tests.plateforme.negociations.conftest import Monde

from .test_attribution import engager

URL = "/territoires/gevaudan/realisation/"
Connecte = Callable[[Agent], Client]


@pytest.fixture
def sans_dessin(monkeypatch: pytest.MonkeyPatch) -> None:
    """The files say their act, their aid and their version: drawing is tested elsewhere."""
    monkeypatch.setattr(
        emissions, "rendre", lambda doc, f, _: f"{f} {doc.genre} {doc.aide} v{doc.version}".encode()
    )


@pytest.fixture
def attribuable(accord: Monde, en_vigueur: Contrat, sans_dessin: None) -> Contrat:
    """In force, the award of the first project decided."""
    engager(accord.fiches[0], "9999.99", "CP-26-118")
    return en_vigueur


def emettre(contrat: Contrat, *fiches: Fiche, genres: Sequence[str] = ("lettre",)) -> Emission:
    projets = [f.pk for f in fiches] or None
    return emettre_actes(
        contrat.demarche, genres=genres, projets=projets, le=AUJOURD_HUI, par=None, blancs_permis=True
    )


def lire(document: DocumentEmis) -> bytes:
    with document.fichier.open("rb") as flux:
        return bytes(flux.read())


def test_sans_decision_ni_date_un_acte_ne_part_pas() -> None:
    assert obstacle_a_l_emission("CP-26-118", date(2026, 6, 15)) == ""
    assert "notez son numéro et sa date" in obstacle_a_l_emission("", date(2026, 6, 15))
    assert "notez son numéro et sa date" in obstacle_a_l_emission("CP-26-118", None)


def test_un_acte_emis_est_fige_avec_ses_donnees_son_gabarit_et_son_empreinte(
    accord: Monde, attribuable: Contrat
) -> None:
    (acte,) = emettre(attribuable, accord.fiches[0]).emis
    assert [f.format for f in acte.fichiers] == ["docx", "pdf"]
    for f in acte.fichiers:
        relu = DocumentEmis.objects.get(pk=f.pk)
        assert relu.sha256 == hashlib.sha256(lire(relu)).hexdigest()
        assert relu.gabarit == "lettre_attribution/v1"
        assert relu.donnees["acte"]["aide"] == "9999.99"
        assert relu.donnees["acte"]["decision"] == {"numero": "CP-26-118", "prise_le": "2026-06-15"}
        assert relu.donnees["acte"]["version"] == relu.donnees["version"] == 1
    assert lire(acte.fichiers[1]) == b"pdf lettre 9999.99 v1"
    entree = Entree.objects.get(geste="emettre_acte")
    assert entree.apres["empreinte_pdf"] == acte.fichiers[1].sha256


def test_sans_decision_le_projet_est_laisse_de_cote_et_les_autres_partent(attribuable: Contrat) -> None:
    faite = emettre(attribuable, genres=("lettre", "arrete", "convention"))
    assert [a.code for a in faite.emis] == ["lettre", "arrete"]
    assert len(faite.refus) == 1
    assert "Projet 2 : la décision d’attribution manque" in faite.refus[0]


def test_emettre_a_nouveau_fait_une_version_et_garde_l_ancienne(accord: Monde, attribuable: Contrat) -> None:
    fiche = accord.fiches[0]
    emettre(attribuable, fiche)
    encore = emettre(attribuable, fiche)
    assert encore.emis == []
    assert "la version 1 dit déjà la même chose" in encore.refus[0]
    Fiche.objects.filter(pk=fiche.pk).update(titre="Autre titre")
    engager(fiche, "0.00", "CP-26-200")
    (acte,) = emettre(attribuable, fiche).emis
    assert acte.version == 2
    versions = actes_emis(attribuable.demarche)[fiche.pk]
    assert [a.version for a in versions] == [2, 1]
    assert [lire(a.fichiers[1])[-2:] for a in versions] == [b"v2", b"v1"]
    assert versions[1].fichiers[0].donnees["acte"]["decision"]["numero"] == "CP-26-118"


def test_un_nouveau_gabarit_de_l_autorite_suffit_a_une_nouvelle_version(
    accord: Monde, attribuable: Contrat
) -> None:
    emettre(attribuable, accord.fiches[0])
    autorite, nom = attribuable.demarche.autorite, "lettre_attribution"
    depose = deposer(autorite, nom, avec("Gabarit de la collectivité", nom=nom), "x.docx", par=None)
    mettre_en_service(autorite, nom, depose.numero, par=None)
    (acte,) = emettre(attribuable, accord.fiches[0]).emis
    assert (acte.version, acte.gabarits) == (2, ("lettre_attribution/autorite-1", "lettre_attribution/v1"))


def test_un_projet_hors_du_contrat_n_est_pas_emis(accord: Monde, attribuable: Contrat) -> None:
    with pytest.raises(ContratRefuse, match="n’a plus d’aide au contrat"):
        emettre(attribuable, accord.fiches[2])
    assert not DocumentEmis.objects.filter(genre="lettre d’attribution").exists()


def test_les_fichiers_partent_avec_la_transaction_qui_echoue(
    accord: Monde, attribuable: Contrat, monkeypatch: pytest.MonkeyPatch, settings: Any
) -> None:
    def tomber(*_: object, **__: object) -> None:
        raise RuntimeError("panne")

    monkeypatch.setattr(emissions, "consigner", tomber)
    with pytest.raises(RuntimeError):
        emettre(attribuable, accord.fiches[0])
    assert list(Path(settings.MEDIA_ROOT).rglob("lettre-*")) == []


# --- the pages ------------------------------------------------------------------------------------


def test_la_page_emet_puis_liste_et_rend_l_acte_tel_qu_il_est_parti(
    accord: Monde, attribuable: Contrat, connecte: Connecte
) -> None:
    client, fiche = connecte(accord.chef), accord.fiches[0]
    choix = client.get(f"{URL}emission/").content.decode()
    assert f'value="{fiche.pk}" checked' in choix
    assert f'value="{accord.fiches[1].pk}"' not in choix
    assert "La décision d’attribution manque" in choix
    envoi = {"genres": ["lettre"], "projets": [fiche.pk], "etape": "completer", "laisser_en_blanc": "on"}
    suite = client.post(f"{URL}emission/", envoi, follow=True)
    page = suite.content.decode()
    assert "1 acte émis : il est gardé tel quel" in page
    emis = DocumentEmis.objects.get(genre="lettre d’attribution", format="pdf")
    assert f"{URL}actes-emis/{emis.pk}/" in page
    assert emis.sha256[:16] in page
    Fiche.objects.filter(pk=fiche.pk).update(titre="Changé")
    reponse = client.get(f"{URL}actes-emis/{emis.pk}/")
    assert reponse.content == b"pdf lettre 9999.99 v1"
    assert reponse["Content-Type"] == "application/pdf"


def test_la_page_dit_ce_qui_manque_au_choix(accord: Monde, attribuable: Contrat, connecte: Connecte) -> None:
    client = connecte(accord.chef)
    vide = client.post(f"{URL}emission/", {})
    assert vide.status_code == 422
    assert "Cochez au moins un acte" in vide.content.decode()
    assert "Cochez au moins un projet" in vide.content.decode()
    pas_pret = client.post(f"{URL}emission/", {"genres": ["lettre"], "projets": [accord.fiches[1].pk]})
    assert "n’est plus prêt" in pas_pret.content.decode()
    assert not DocumentEmis.objects.filter(genre="lettre d’attribution").exists()


def test_qui_n_attribue_pas_n_emet_ni_ne_lit(accord: Monde, attribuable: Contrat, connecte: Connecte) -> None:
    (acte,) = emettre(attribuable, accord.fiches[0]).emis
    adresse = f"{URL}actes-emis/{acte.fichiers[0].pk}/"
    for role in ("elu_autorite", "maire", "sous_prefet"):
        client = connecte(fabrique.agent(role, accord.demarche))
        assert client.get(adresse).status_code == 403
        assert client.post(f"{URL}emission/", {}).status_code == 403
    ailleurs = f"/territoires/{accord.voisine.slug}/realisation/actes-emis/{acte.fichiers[0].pk}/"
    assert connecte(accord.chef).get(ailleurs).status_code == 404
    autre = DocumentEmis.objects.exclude(genre__endswith="d’attribution").first()
    assert autre is not None
    assert connecte(accord.chef).get(f"{URL}actes-emis/{autre.pk}/").status_code == 404


def test_la_page_garde_un_nombre_fixe_de_requetes(
    accord: Monde, attribuable: Contrat, connecte: Connecte, django_assert_max_num_queries: Any
) -> None:
    engager(accord.fiches[1], "15000.01", "CP-26-118")
    emettre(attribuable, genres=("lettre", "arrete"))
    client = connecte(accord.chef)
    client.get(URL)
    with django_assert_max_num_queries(18):
        client.get(URL)


# --- archive and command --------------------------------------------------------------------------


def test_les_actes_emis_entrent_dans_l_archive_du_contrat(
    accord: Monde, attribuable: Contrat, tmp_path: Path
) -> None:
    (acte,) = emettre(attribuable, accord.fiches[0]).emis
    sortie = tmp_path / "contrat.zip"
    bordereau = archiver(attribuable, sortie, AUJOURD_HUI)
    poses = {x["sha256"]: x for x in bordereau.actes}
    for f in acte.fichiers:
        assert poses[f.sha256]["titre"] == "Lettre du projet 1, version 1"
        assert poses[f.sha256]["fichier"].startswith(f"data/documents/attribution-{accord.fiches[0].pk}/")
    assert verifier_archive(sortie) == []
    with zipfile.ZipFile(io.BytesIO(sortie.read_bytes())) as zip_:
        journal = next(n for n in zip_.namelist() if n.endswith("journal.jsonl"))
        assert b"emettre_acte" in zip_.read(journal)


def dire(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    capsys.readouterr()
    code = main(["subvention", *arguments, "--territoire", "gevaudan"])
    sortie = capsys.readouterr()
    return code, sortie.out, sortie.err


def test_la_commande_emet_et_dit_numero_et_empreinte(
    accord: Monde, attribuable: Contrat, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    base = ("actes", "--dossier", str(tmp_path), "--emettre", "--laisser-en-blanc", "--genre")
    code, sortie, _ = dire(capsys, *base, "arrete")
    documents = DocumentEmis.objects.filter(genre="arrêté d’attribution")
    assert code == 0
    assert "Arrêté du projet 1, version 1" in sortie
    for d in documents:
        assert f"n° {d.pk} ({d.format}) : {d.sha256}" in sortie
    assert (tmp_path / "arrete-gevaudan-1-v1.pdf").read_bytes() == b"pdf arrete 9999.99 v1"
    assert "Non émis. Projet 2" in sortie
    seul = (*base, "lettre", "--projet", "1")
    code, sortie, _ = dire(capsys, *seul, "--json")
    (lu,) = json.loads(sortie)["emis"]
    assert (code, lu["acte"], lu["projet"], lu["version"], lu["aide"]) == (0, "lettre", "1", 1, "9999.99")
    assert Path(lu["fichiers"][1]["fichier"]).read_bytes() == b"pdf lettre 9999.99 v1"
    code, sortie, _ = dire(capsys, "emis", "--json")
    assert [(x["acte"], x["version"]) for x in json.loads(sortie)] == [("lettre", 1), ("arrete", 1)]
    assert {f["sha256"] for x in json.loads(sortie) for f in x["fichiers"]} == {
        d.sha256 for d in DocumentEmis.objects.filter(genre__endswith="d’attribution")
    }
    code, sortie, _ = dire(capsys, *seul)
    assert (code, "dit déjà la même chose" in sortie) == (1, True)


def test_la_commande_refuse_clairement(
    attribuable: Contrat, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, _, erreur = dire(capsys, "actes", "--dossier", str(tmp_path), "--projet", "1")
    assert (code, "vont avec --emettre" in erreur) == (2, True)
    code, _, erreur = dire(capsys, "actes", "--dossier", str(tmp_path), "--emettre", "--projet", "99")
    assert (code, "aucun projet n° 99" in erreur) == (2, True)
    code, sortie, _ = dire(capsys, "emis")
    assert (code, sortie) == (0, "Aucun acte d’attribution n’est émis.\n")
    Contrat.objects.update(etat="signature")
    code, _, erreur = dire(capsys, "actes", "--dossier", str(tmp_path), "--emettre")
    assert (code, "faites d’abord constater sa signature" in erreur) == (2, True)


def test_le_projet_et_l_acte_emis_ne_se_confondent_pas(
    accord: Monde, attribuable: Contrat, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.undo()
    (acte,) = emettre(attribuable, accord.fiches[0]).emis
    with zipfile.ZipFile(io.BytesIO(lire(acte.fichiers[0]))) as word:
        texte = word.read("word/document.xml").decode()
    assert "Version 1, émise le" in texte
    assert "feuille à retirer" not in texte
    assert acte.aide == Decimal("9999.99")
