"""Templates: each one is used, compiles, and keeps to the strict content security policy."""

import re
from pathlib import Path

import pytest
from django.template.loader import get_template

RACINE = Path(__file__).resolve().parents[2]
PLATEFORME = RACINE / "src" / "arpent" / "plateforme"
# Names that Django itself looks up.
PAR_CONVENTION = {"400.html", "403.html", "404.html", "500.html"}


def _gabarits() -> dict[str, Path]:
    return {
        str(p.relative_to(next(a for a in p.parents if a.name == "templates"))): p
        for p in PLATEFORME.rglob("templates/**/*.html")
    }


GABARITS = _gabarits()


@pytest.mark.parametrize("nom", sorted(GABARITS))
def test_le_gabarit_se_compile(nom: str) -> None:
    assert get_template(nom).template is not None


def test_aucun_gabarit_n_est_inutile() -> None:
    textes = "\n".join(
        p.read_text()
        for ext in ("*.py", "*.html")
        for p in PLATEFORME.rglob(ext)
        if "migrations" not in p.parts
    )
    inutiles = [nom for nom in GABARITS if nom not in PAR_CONVENTION and f'"{nom}"' not in textes]
    assert inutiles == []


@pytest.mark.parametrize("nom", sorted(GABARITS))
def test_le_gabarit_respecte_la_politique_de_securite(nom: str) -> None:
    texte = GABARITS[nom].read_text()
    assert not re.search(r"\sstyle\s*=", texte), "style en ligne"
    assert not re.search(r"\son[a-z]+\s*=\s*[\"']", texte), "gestionnaire d’évènement en ligne"
    assert not re.search(r"<style[\s>]", texte), "feuille de style en ligne"
    for balise in re.findall(r"<script[^>]*>", texte):
        assert "src=" in balise or 'type="application/json"' in balise, balise
    assert "|safe" not in texte, "le texte des usagers ne sort jamais tel quel"


# The key of a submission opens a transaction around the view: reading a file would hold the write lock of the
# database. The same file sent twice is one import (tests/plateforme/echanges/test_importer.py),
# the same piece is refused (tests/plateforme/plans/test_pieces.py).
# It also undoes what was written when the answer is a page: those two gestures answer with their report.
SANS_SOUMISSION = {
    "contrats/_papier.html",
    "contrats/verifier.html",
    "contrats/retour_word.html",
    "reglements/charte.html",
    "reglements/_gabarit_depot.html",
    "echanges/election.html",
    "echanges/importer.html",
    "echanges/maquette_importer.html",
    "plans/_pieces.html",
    "plans/lot.html",
    "plans/preinstruction_lot.html",
    "reunions/points.html",
}


@pytest.mark.parametrize("nom", sorted(GABARITS))
def test_chaque_formulaire_post_porte_ses_jetons(nom: str) -> None:
    texte = GABARITS[nom].read_text()
    for formulaire in re.findall(r"<form\b[^>]*method=\"post\".*?</form>", texte, re.S | re.I):
        assert "{% csrf_token %}" in formulaire
        sans = nom in SANS_SOUMISSION or "deconnexion" in formulaire or "connexion" in formulaire
        assert "{% soumission %}" in formulaire or sans
