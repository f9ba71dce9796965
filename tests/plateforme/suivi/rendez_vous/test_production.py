"""The three files say the same totals, and are archived as they left."""

from __future__ import annotations

import hashlib
import io
import zipfile
from decimal import Decimal
from typing import Any

import pytest
from openpyxl import load_workbook
from pptx import Presentation

from arpent.plateforme.demarches.reunions.models import Reunion
from arpent.plateforme.documents.rendu.texte import euros
from arpent.plateforme.documents.rendu.vue_rendez_vous import constat_decide, rond
from arpent.plateforme.documents.rendu.xlsx_rendez_vous import MONTANTS
from arpent.plateforme.journal.models import Entree
from arpent.plateforme.suivi.rendez_vous import production
from arpent.plateforme.suivi.rendez_vous.production import DossierRefuse, en_zip, fabriquer, generer
from tests.documents.verification import faults, pages
from tests.plateforme.negociations.conftest import Monde

from .conftest import LE


def _sans_blancs(texte: str) -> str:
    return "".join(texte.split())


def test_les_trois_fichiers_disent_les_memes_totaux(a_deux: Reunion) -> None:
    fait = fabriquer(a_deux, LE)
    total = fait.doc.total
    titres = [x.shapes.title.text_frame.text for x in Presentation(io.BytesIO(fait.fichiers["pptx"])).slides]
    assert constat_decide(fait.doc) in titres
    assert rond(total.accorde) == "32\u202f000\u00a0€"
    livre = load_workbook(io.BytesIO(fait.fichiers["xlsx"]), data_only=False)
    for nom in ("Projets", "Territoires", "Thèmes", "Communes"):
        feuille = livre[nom]
        entetes = next(r for r in feuille.iter_rows(values_only=True) if r and "Décidé" in r)
        bas = list(feuille.iter_rows(values_only=True))[-1]
        for titre, champ in MONTANTS:
            lu = Decimal(str(bas[entetes.index(titre)]))
            assert lu == getattr(total, champ), (nom, titre)
    texte = "".join(pages(fait.fichiers["pdf"]))
    for montant in (total.accorde, total.engage, total.paye, total.reste_a_payer):
        assert _sans_blancs(euros(montant)) in texte
    assert faults(fait.fichiers["pdf"]) == []


def test_les_memes_donnees_font_les_memes_fichiers(rdv: Reunion) -> None:
    assert fabriquer(rdv, LE).fichiers == fabriquer(rdv, LE).fichiers


def test_le_dossier_est_garde_avec_ses_empreintes(rdv: Reunion, retenus: Monde) -> None:
    dossier = generer(rdv, le=LE, par=retenus.chef)
    for emis in (dossier.diapositives, dossier.livret, dossier.tableau):
        with emis.fichier.open("rb") as flux:
            assert hashlib.sha256(flux.read()).hexdigest() == emis.sha256
        assert emis.emis_par_nom == retenus.chef.nom_complet
        assert emis.donnees["rendez_vous"]["titre"] == rdv.titre
    assert [dossier.livret.format, dossier.diapositives.format, dossier.tableau.format] == [
        "pdf", "pptx", "xlsx",
    ]  # fmt: skip
    assert Entree.objects.filter(geste="generer_rendez_vous").count() == 1
    generer(rdv, le=LE, par=retenus.chef)
    assert rdv.dossiers_rendez_vous.count() == 2


def test_un_dossier_impossible_le_dit_et_ne_garde_rien(rdv: Reunion, monkeypatch: pytest.MonkeyPatch) -> None:
    def echouer(*_: Any) -> bytes:
        raise production.RenduImpossible("Le PDF n’a pas été produit.")

    monkeypatch.setattr(production, "rendre_livret_rendez_vous_pdf", echouer)
    with pytest.raises(DossierRefuse, match="n’a pas été produit"):
        generer(rdv, le=LE, par=None)
    assert not rdv.dossiers_rendez_vous.exists()


def test_l_archive_nomme_ses_fichiers() -> None:
    archive = zipfile.ZipFile(io.BytesIO(en_zip({"a.pdf": b"1", "b.xlsx": b"2"})))
    assert archive.namelist() == ["a.pdf", "b.xlsx"]
    assert en_zip({"a.pdf": b"1"}) == en_zip({"a.pdf": b"1"})
