"""The pages that are measured, and the figures to reach (they come from the project's first issue)."""

from __future__ import annotations

from dataclasses import dataclass

RATIO_LISTE = 3.0
CROISSANCE = 1.25
OCTETS = 60_000
TAILLE_DE_REFERENCE = 10_000
GRANDE_TAILLE = 100_000
DEMARCHE = "banc-1"
"""Slug of the démarche whose pages are opened."""
DEMARCHE_CONTRAT = "banc-contrat"
"""Slug of the démarche whose contract is composed: a dozen retained projects, about twenty pages."""
LIGNES_IMPORTEES = 10_000
COURRIEL = "banc@exemple.fr"
MOT_DE_PASSE = "un mot de passe du banc"


@dataclass(frozen=True, slots=True)
class PageMesuree:
    """One page. `ratio`: most times the floor at 10,000 fiches; None: shown, without a target. `au_plus_ms`:
    its median at 100,000 fiches.

    `un_tour_sur`: the long pages are asked less often.
    """

    code: str
    libelle: str
    chemin: str
    sql: int | None = None
    ratio: float | None = None
    un_tour_sur: int = 1
    au_plus_ms: float | None = None


PAGES = (
    PageMesuree("liste", "liste des fiches", "/fiches/", 8, RATIO_LISTE),
    PageMesuree("filtre", "filtre + tri", "/fiches/?etat=retenue&tri=-cout", 8, RATIO_LISTE),
    PageMesuree("recherche", "recherche", "/fiches/?q=voirie", 8, RATIO_LISTE),
    PageMesuree("globale", "recherche générale", "/recherche/?q=voirie", 15, au_plus_ms=150),
    PageMesuree("frappe", "en tapant", "/recherche/suggestions/?q=assain", 13, au_plus_ms=150),
    PageMesuree("faute", "faute de frappe", "/recherche/?q=assainisement+bourgg", 28, au_plus_ms=150),
    PageMesuree("plan", "plan d’un territoire", f"/territoires/{DEMARCHE}/plan/", 8),
    PageMesuree("fiche", "fiche projet", f"/territoires/{DEMARCHE}/plan/fiches/1/", 10),
    PageMesuree("maquette", "maquette", f"/territoires/{DEMARCHE}/negociation/", un_tour_sur=10),
    PageMesuree("contrat", "contrat", f"/territoires/{DEMARCHE}/contrat/", un_tour_sur=10),
    PageMesuree("accueil", "accueil", "/", un_tour_sur=10),
)
PAR_CODE = {p.code: p for p in PAGES}
