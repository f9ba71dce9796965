"""`arpent reunion`: list, composition, notices, papers."""

from __future__ import annotations

from datetime import time
from pathlib import Path

import pytest

from arpent.plateforme.demarches.reunions import actions, gestes
from arpent.plateforme.demarches.reunions.genres import genres_de
from arpent.plateforme.demarches.reunions.models import Reunion
from arpent.plateforme.notifications.models import Courriel
from tests.plateforme import fabrique
from tests.plateforme.demarches.reunions.conftest import JOUR

from .conftest import Console


@pytest.fixture
def reunion(db: None) -> Reunion:
    demarche = fabrique.demarche(slug="gevaudan")
    prete = Reunion(demarche=demarche, titre="COPIL de mars", jour=JOUR, heure=time(18), lieu="Mende")
    actions.preparer(prete, genres_de(demarche)["copil_lancement"], par=None)
    prete.membres.create(groupe="invites", nom="Ada", courriel="ada@exemple.fr", origine="invite")
    return prete


def test_lister_composer_convoquer(arpent: Console, reunion: Reunion) -> None:
    liste = arpent("reunion", "lister", "--territoire", "gevaudan", "--json").json
    assert [(r["numero"], r["etat"], r["heure"]) for r in liste] == [(reunion.pk, "preparee", "18:00")]
    assert arpent("reunion", "lister", "--depuis", "2199-01-01", "--json").json == []
    assert "COPIL de mars" in arpent("reunion", "lister").sortie
    composition = arpent("reunion", "composition", str(reunion.pk), "--json")
    assert composition.code == 1  # nobody presides over the EPCI: said
    assert [m["nom"] for m in composition.json["membres"]] == ["Ada"]
    assert any("Aucun président connu" in m for m in composition.json["manques"])
    bilan = arpent("reunion", "convoquer", str(reunion.pk), "--json").json
    assert (bilan["etat"], bilan["convies"], bilan["courriels"]) == ("convoquee", 1, 1)
    assert Courriel.objects.get().destinataire == "ada@exemple.fr"
    arpent("reunion", "convoquer", str(reunion.pk)).exiger_un_refus("n’est pas possible")


def test_ecrire_les_papiers(arpent: Console, reunion: Reunion, tmp_path: Path) -> None:
    for action, nom, debut in (
        ("lettres", "lettres.zip", b"PK"),
        ("feuille", "feuille.pdf", b"%PDF-"),
        ("compte-rendu", "projet.pdf", b"%PDF-"),
        ("compte-rendu", "projet.docx", b"PK"),
    ):
        sortie = tmp_path / nom
        ecrit = arpent("reunion", action, str(reunion.pk), "--sortie", sortie, "--json")
        assert ecrit.json["octets"] == len(sortie.read_bytes())
        assert sortie.read_bytes().startswith(debut)
    refus = arpent("reunion", "compte-rendu", str(reunion.pk), "--sortie", tmp_path / "x.txt")
    refus.exiger_un_refus(".pdf ou .docx")
    arpent("reunion", "feuille", "999999", "--sortie", tmp_path / "x.pdf").exiger_un_refus("aucune réunion")


def test_le_compte_rendu_valide_est_celui_qui_a_ete_emis(
    arpent: Console, reunion: Reunion, tmp_path: Path
) -> None:
    gestes.convoquer(reunion, le=JOUR, par=None)
    gestes.tenir(reunion, par=None)
    reunion.membres.update(presence="present")
    gestes.rediger(reunion, "rediger_compte_rendu", par=None)
    gestes.valider(reunion, avec_etape=False, le=JOUR, par=None)
    sortie = tmp_path / "cr.pdf"
    arpent("reunion", "compte-rendu", str(reunion.pk), "--sortie", sortie)
    emis = next(d for d in gestes.documents_de(reunion, gestes.COMPTE_RENDU) if d.format == "pdf")
    with emis.fichier.open("rb") as flux:
        assert sortie.read_bytes() == flux.read()
