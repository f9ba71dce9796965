"""`python -m bench.accessibilite`: every page of the walk, as each person of the demonstration (line 25).

The demonstration is loaded and served as the journeys do; nobody, then each of its accounts, opens every
halte of `tests/parcours/chemin.py`. A page that answers 200 to that person is looked at: one h1,
one main, nothing that sticks out at 1366, 683 (200 %), 390 and 320×256 (400 %), axe with all its rules in
light, contrast in dark, the keyboard, no complaint in the console.

A skeleton is checked once: tags, classes, roles and names of attributes of the document as served, children
alike counted once, no text. A page is the same as those already checked when they showed its surroundings
(header, rail, foot) and its `main`, be it in two pages: it is counted, not opened in the browser.

`--qui maire`, `--pages 'reunion|plan'`: only what these words say. `--donnees DIRECTORY` keeps the
demonstration there for the next run. Code 1 on a fault.
"""

from __future__ import annotations

import argparse
import re
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from playwright.sync_api import APIResponse, Browser, Error, sync_playwright
from tests.parcours import navigateur as nav
from tests.parcours.chemin import HALTES, HALTES_DE_LA_DEMARCHE, Halte
from tests.parcours.instance import charger_une_fois, instance_de_demonstration

ANONYME = "Personne (non connecté)"
TAILLES = (nav.BUREAU, nav.ZOOM_200, nav.TELEPHONE, nav.ZOOM_400)
PORTE = "/connexion/"


@dataclass
class Visite:
    """What one run has seen."""

    squelettes: set[tuple[int, str]] = field(default_factory=set)
    ensembles: set[tuple[str, str]] = field(default_factory=set)
    regardees: int = 0
    vues: int = 0
    fermees: int = 0
    fautes: list[str] = field(default_factory=list)

    def passer(self, onglet: nav.Onglet, qui: str, haltes: list[Halte]) -> str:
        """The haltes as one person; the line to print."""
        avant, debut = self._comptes(), time.monotonic()
        for halte in haltes:
            for faute in self._voir(onglet, halte):
                self.fautes.append(f"{qui}, {halte.nom} : {faute}")
                print(f"  {self.fautes[-1]}", flush=True)
        vues, neuves, fautes = (apres - a for apres, a in zip(self._comptes(), avant, strict=True))
        duree = time.monotonic() - debut
        return f"{qui} : {vues} pages lues, {neuves} nouvelles, {fautes} fautes, {duree:.0f} s"

    def _comptes(self) -> tuple[int, int, int]:
        return self.vues, self.regardees, len(self.fautes)

    def bilan(self, gens: int, haltes: int) -> str:
        return (
            f"{gens} personnes, {haltes} pages du parcours : {self.vues} lues, {self.fermees} fermées à qui "
            f"les demande ; {len(self.ensembles)} squelettes différents (balises, classes, rôles, sans le "
            f"texte ; enfants semblables comptés une fois), dont {self.regardees} éprouvés dans le "
            "navigateur : une page dont le cadre et le contenu ont déjà été vus compte pour la même ; "
            f"{len(self.fautes)} fautes."
        )

    def _voir(self, onglet: nav.Onglet, halte: Halte) -> list[str]:
        reponse = _demander(onglet, halte.chemin)
        if reponse.status != 200 or (halte.chemin != PORTE and urlsplit(reponse.url).path == PORTE):
            self.fermees += 1
            return []
        self.vues += 1
        parts = onglet.squelettes(reponse.text())
        self.ensembles.add(parts)
        if self.squelettes.issuperset(enumerate(parts)):
            return []
        self.squelettes.update(enumerate(parts))
        self.regardees += 1
        onglet.plaintes.clear()
        try:
            print(f"    {halte.nom}", file=sys.stderr, flush=True)
            onglet.aller(halte.chemin)
            fautes = [*onglet.un_titre(), *onglet.depasse(*TAILLES), *onglet.clair_et_sombre()]
            fautes += onglet.au_clavier()
        except Error as panne:
            return [f"la page ne se laisse pas lire : {panne.message.splitlines()[0]}"]
        return fautes + onglet.plaintes


def _demander(onglet: nav.Onglet, chemin: str) -> APIResponse:
    """Asked once more when the server closed the idle connection as the request left."""
    try:
        return onglet.page.request.get(onglet.racine + chemin)
    except Error:
        return onglet.page.request.get(onglet.racine + chemin)


@contextmanager
def _servie(commun: Path, dossier: Path) -> Iterator[str]:
    charger_une_fois(commun, dossier / "instance")
    with instance_de_demonstration(dossier / "instance") as racine:
        yield racine


@contextmanager
def _tous(navigateur: Browser, racine: str, voulu: str) -> Iterator[list[tuple[str, str | None]]]:
    """Who, and the file of their session: nobody, then the accounts of the login page, the last first (the
    journeys open most pages as the first)."""
    with tempfile.TemporaryDirectory(prefix="arpent-sessions-") as dossier:
        gens: list[tuple[str, str | None]] = []
        with nav.contexte(navigateur) as ouvert:
            page = ouvert.new_page()
            page.goto(racine + PORTE)
            fonctions = page.locator("button.compte strong").all_inner_texts()
        for rang, fonction in enumerate(fonctions):
            if voulu in fonction.lower():
                with nav.contexte(navigateur) as ouvert:
                    page = ouvert.new_page()
                    page.goto(racine + PORTE)
                    page.locator("button.compte").nth(rang).click()
                    page.wait_for_url(f"{racine}/")
                    fichier = Path(dossier) / f"{rang}.json"
                    ouvert.storage_state(path=fichier)
                gens.append((fonction, str(fichier)))
        yield [*([(ANONYME, None)] if voulu in ANONYME.lower() else []), *reversed(gens)]


def main() -> int:
    options = argparse.ArgumentParser(
        prog="python -m bench.accessibilite", description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )  # fmt: skip
    options.add_argument("--qui", default="", help="une partie de la fonction d’un compte")
    options.add_argument("--pages", default="", help="une expression du nom des haltes")
    options.add_argument("--donnees", type=Path, help="où garder la démonstration pour la fois suivante")
    lu = options.parse_args()
    haltes = [h for h in (*HALTES, *HALTES_DE_LA_DEMARCHE) if re.search(lu.pages, h.nom)]
    visite = Visite()
    with (
        tempfile.TemporaryDirectory(prefix="arpent-accessibilite-") as dossier,
        _servie(lu.donnees or Path(dossier) / "commun", Path(dossier)) as racine,
        sync_playwright() as playwright,
    ):
        navigateur = nav.lancer(playwright)
        with _tous(navigateur, racine, lu.qui.lower()) as gens:
            for qui, session in gens:
                with nav.contexte(navigateur, session=session) as fenetre:
                    print(visite.passer(nav.Onglet(fenetre.new_page(), racine), qui, haltes), flush=True)
        navigateur.close()
    print(visite.bilan(len(gens), len(haltes)))
    return 1 if visite.fautes else 0


if __name__ == "__main__":
    sys.exit(main())
