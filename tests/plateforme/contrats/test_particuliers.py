"""The contract of one signatory: its own projects and amounts, the same text; a whole generation at once."""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse

from arpent.metier.argent import formater_euros
from arpent.plateforme.config.commande import main
from arpent.plateforme.contrats import actions, particuliers
from arpent.plateforme.contrats.assemblage import assembler
from arpent.plateforme.contrats.exigences import ContratRefuse
from arpent.plateforme.contrats.models import Contrat
from tests.plateforme.negociations.conftest import Monde

LE = date(2026, 3, 1)


@pytest.fixture
def rapide(monkeypatch: pytest.MonkeyPatch) -> None:
    """The files are not drawn here: their content is what they were asked to draw."""
    rendus = {f: (lambda doc, _, f=f: f"{f} {doc.titre}".encode()) for f in ("pdf", "docx")}
    monkeypatch.setattr(particuliers, "RENDUS", rendus)


def test_les_contrats_particuliers_font_ensemble_le_contrat(contrat: Contrat, accord: Monde) -> None:
    assemblage = assembler(contrat.demarche, LE, complet=True)
    signataires = particuliers.signataires(assemblage)
    docs = [particuliers.particulier_doc(assemblage, p, version="1") for p in signataires]
    assert docs
    assert sorted(f.numero for d in docs for f in d.fiches) == sorted(
        str(x.fiche.numero) for x in assemblage.matiere.inscrites
    )
    assert sum((f.aide_proposee for d in docs for f in d.fiches), Decimal(0)) == assemblage.total_aides
    for doc, partie in zip(docs, signataires, strict=True):
        assert [p.nom for p in doc.parties][1:] == [partie.organisation.nom]
        assert {f.maitre_ouvrage for f in doc.fiches} == {partie.organisation.nom}
        assert doc.maquette is not None
        assert len(doc.maquette.lignes) == len(doc.fiches)
        assert doc.maquette.enveloppe is None
        assert doc.titre.endswith(partie.organisation.nom)
    assert [d.reference for d in docs] == [f"CT-1/{n:02d}" for n in range(1, len(docs) + 1)]


def test_le_texte_dit_les_montants_du_signataire(contrat: Contrat, accord: Monde) -> None:
    assemblage = assembler(contrat.demarche, LE, complet=True)
    partie = particuliers.signataires(assemblage)[0]
    seul = particuliers.restreindre(assemblage, partie)
    assert seul.total_aides < assemblage.total_aides or len(particuliers.signataires(assemblage)) == 1
    assert formater_euros(seul.total_aides) in " ".join(seul.texte.articles[0].paragraphes)


def test_une_partie_sans_projet_n_a_pas_de_contrat_particulier(contrat: Contrat, accord: Monde) -> None:
    assemblage = assembler(contrat.demarche, LE, complet=True)
    autorite = assemblage.matiere.parties[0]
    with pytest.raises(ContratRefuse, match="aucun projet inscrit"):
        particuliers.particulier_doc(assemblage, autorite, version="1")


def test_la_page_donne_le_contrat_particulier(
    contrat: Contrat, accord: Monde, client: Client, rapide: None
) -> None:
    client.force_login(accord.chef)
    partie = particuliers.signataires(assembler(contrat.demarche, LE))[0]
    slug = contrat.demarche.slug
    page = client.get(reverse("contrats:contrat", args=[slug])).content.decode()
    adresse = reverse("contrats:particulier", args=[slug, partie.pk, "pdf"])
    assert adresse in page
    fichier = client.get(adresse)
    assert fichier["Content-Type"] == "application/pdf"
    assert fichier.content.decode().endswith(partie.organisation.nom)
    assert client.get(reverse("contrats:particulier", args=[slug, partie.pk, "odt"])).status_code == 404
    autorite = contrat.parties.get(role="autorite")
    refus = client.get(reverse("contrats:particulier", args=[slug, autorite.pk, "pdf"]), follow=True)
    assert "aucun projet inscrit" in refus.content.decode()


def test_la_commande_ecrit_toute_la_generation_et_dit_les_refus(
    contrat: Contrat, accord: Monde, rapide: None, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The neighbour has no contract: it is named, the others are written."""
    arguments = ["contrat", "generer", "--dispositif", accord.dispositif.slug, "--sortie", str(tmp_path)]
    assert main([*arguments, "--par-signataire", "--json"]) == 1
    sortie = capsys.readouterr()
    bilan = json.loads(sortie.out)
    nombre = len(particuliers.signataires(assembler(contrat.demarche, LE)))
    assert bilan["contrats"] == nombre
    assert len(bilan["fichiers"]) == 2 * nombre
    assert [r["territoire"] for r in bilan["refus"]] == [accord.voisine.territoire.nom]
    assert "aucun signataire" in bilan["refus"][0]["raison"]
    assert "1/2" in sortie.err
    assert all(Path(f).stat().st_size for f in bilan["fichiers"])


def test_la_commande_d_un_territoire_refuse_sans_dossier(
    contrat: Contrat, accord: Monde, rapide: None, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "fichier").write_text("x")
    slug = contrat.demarche.slug
    arguments = ["contrat", "generer", "--territoire", slug, "--par-signataire", "--sortie"]
    assert main([*arguments, str(tmp_path / "ici")]) == 0
    assert sorted(p.suffix for p in (tmp_path / "ici").iterdir())[:1] == [".docx"]
    assert main([*arguments, str(tmp_path / "fichier")]) != 0
    assert "impossible d’écrire" in capsys.readouterr().err
    assert actions.Contrat.objects.get().versions.count() == 0
