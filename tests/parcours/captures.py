"""`python -m tests.parcours.captures`: every page of the walk, in $ARPENT_DONNEES/captures."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

from . import navigateur as nav
from .chemin import HALTES
from .instance import instance_de_demonstration

FORMATS = (
    ("bureau", nav.BUREAU, "light"),
    ("telephone", nav.TELEPHONE, "light"),
    ("sombre", nav.BUREAU, "dark"),
)


def _sessions(navigateur: Browser, racine: str, repertoire: Path) -> dict[str | None, str | None]:
    sessions: dict[str | None, str | None] = {None: None}
    for qui in {h.qui for h in HALTES if h.qui}:
        fichier = repertoire / f"session-{len(sessions)}.json"
        with nav.contexte(navigateur) as ouvert:
            nav.se_connecter(ouvert.new_page(), racine, qui)
            ouvert.storage_state(path=fichier)
        sessions[qui] = str(fichier)
    return sessions


def main() -> int:
    with tempfile.TemporaryDirectory(prefix="arpent-captures-") as temporaire:
        repertoire = Path(temporaire)
        with instance_de_demonstration(repertoire / "donnees") as racine, sync_playwright() as playwright:
            navigateur = nav.lancer(playwright)
            sessions = _sessions(navigateur, racine, repertoire)
            for halte in HALTES:
                for suffixe, taille, theme in FORMATS:
                    with nav.contexte(
                        navigateur, taille, session=sessions[halte.qui], theme=theme
                    ) as fenetre:
                        onglet = nav.Onglet(fenetre.new_page(), racine)
                        onglet.aller(halte.chemin)
                        onglet.capturer(f"{halte.nom}-{suffixe}")
                print(f"  {halte.nom}", flush=True)
            navigateur.close()
    print(f"Captures dans {nav.captures()}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
