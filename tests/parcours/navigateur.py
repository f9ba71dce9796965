"""A browser tab that listens: what a person would see go wrong is written down as it happens."""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Playwright

CHROMIUM = "/usr/bin/chromium"
OPTIONS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
BUREAU = (1366, 768)
TELEPHONE = (390, 844)
# A refusal (403, 404, 409, 422…) is an answer of ours; Chromium reports it in the console as a failed load.
_REFUS_ATTENDU = re.compile(r"Failed to load resource: the server responded with a status of 4\d\d")
ZOOM_200 = (683, 384)
ZOOM_400 = (320, 256)
DANS_UN_CHAMP = 6
"""Stops inside one field: the day, the month, the year and the button of a date, and one more."""
_ARRET = """() => {
  const e = document.activeElement;
  if (!e || e === document.body) return null;
  window.__rang = window.__rang || new WeakMap();
  if (!window.__rang.has(e)) window.__rang.set(e, (window.__total = (window.__total || 0) + 1));
  const c = getComputedStyle(e), b = e.getBoundingClientRect();
  const cible = e.matches("input[type=radio], input[type=checkbox]") ? (e.closest("label") || e) : e;
  const cerne = (s) => s.outlineStyle !== "none" || s.boxShadow !== "none";
  const trait = () => getComputedStyle(e).stroke + getComputedStyle(e).strokeWidth;
  const souligne = () => {  // a shape of a map shows the focus by its stroke
    const avec = trait();
    e.blur();
    const sans = trait();
    e.focus({preventScroll: true});
    return avec !== sans;
  };
  const vu = cerne(c) || cerne(getComputedStyle(cible)) || (e instanceof SVGElement && souligne());
  const mots = (e.textContent || e.name || "").trim().slice(0, 40);
  const nom = `${window.__rang.get(e)} ${e.tagName}.${e.getAttribute("class")} ${mots}`;
  const taille = b.width > 1 && b.height > 1;
  return {nom, faute: !vu ? "arrêt sans contour" : !taille ? "arrêt invisible" : ""};
}"""
_ATTEIGNABLES = ", ".join(
    f"{e}:visible" for e in ("a[href]", "button:enabled", "input:enabled", "select", "textarea", "summary")
)
_EN_HAUT = """() => {
  document.body.tabIndex = -1;  // blur() alone would leave the next Tab after an autofocused field
  document.body.focus();
  document.body.removeAttribute("tabindex");
  window.scrollTo(0, 0);
}"""
_DEBORDEMENT = """() => {
  const largeur = document.documentElement.clientWidth;
  if (document.documentElement.scrollWidth <= largeur + 1) return [];
  const tenu = (e) => {
    for (let p = e.parentElement; p && p !== document.body; p = p.parentElement)
      if (getComputedStyle(p).overflowX !== 'visible') return true;
    return false;
  };
  const droite = (e) => Math.round(e.getBoundingClientRect().right);
  return [...document.querySelectorAll('body *')]
    .filter((e) => droite(e) > largeur + 1 && !tenu(e))
    .slice(0, 8)
    .map((e) => `${e.tagName}.${e.className} (${droite(e)} px)`)
    .concat([`page de ${document.documentElement.scrollWidth} px`]);
}"""
_SQUELETTE = """(texte) => {
  const corps = new DOMParser().parseFromString(texte, "text/html").body;
  const dire = (e) => {
    const fils = new Set([...e.children].map(dire));
    const attributs = e.getAttributeNames().filter((a) => !a.startsWith("data-")).sort();
    const nom = [e.tagName, [...e.classList].sort().join("."), e.getAttribute("role"), e.type, attributs];
    return `${nom.join("|")}(${[...fils].join()})`;
  };
  const contenu = corps.querySelector("main");
  const dit = contenu ? dire(contenu) : "";
  contenu?.replaceChildren();
  return [dire(corps), dit];
}"""


def captures() -> Path:
    """Where screenshots go: never in the repository."""
    repertoire = Path(os.environ.get("ARPENT_DONNEES", "donnees")) / "captures"
    repertoire.mkdir(parents=True, exist_ok=True)
    return repertoire


def lancer(playwright: Playwright) -> Browser:
    return playwright.chromium.launch(executable_path=CHROMIUM, args=OPTIONS)


class Onglet:
    """A page, and the complaints heard on it."""

    def __init__(self, page: Page, racine: str) -> None:
        self.page = page
        self.racine = racine
        self.plaintes: list[str] = []
        page.on("console", self._entendre)
        page.on("pageerror", lambda erreur: self.plaintes.append(f"{page.url} : {erreur}"))

    def _entendre(self, message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"} and not _REFUS_ATTENDU.search(message.text):
            self.plaintes.append(f"{self.page.url} : {message.text}")

    def aller(self, chemin: str) -> int:
        """Opens a path; returns the HTTP status once everything is loaded."""
        reponse = self.page.goto(self.racine + chemin, wait_until="load")
        assert reponse is not None
        return reponse.status

    def capturer(self, nom: str) -> None:
        self.page.screenshot(path=captures() / f"{nom}.png", full_page=True, animations="disabled")

    def titre(self) -> str:
        """The page's only h1."""
        return self.page.locator("h1").inner_text()

    def deborde(self) -> list[str]:
        """What sticks out of the window on the right."""
        elements: list[str] = self.page.evaluate(_DEBORDEMENT)
        return elements

    def defauts(self, tailles: tuple[tuple[int, int], ...] = (BUREAU, TELEPHONE)) -> list[str]:
        """What a reader would suffer on this page at each size: overflow, one h1, axe in light and dark."""
        trouves: list[str] = []
        avant = self.page.viewport_size
        for largeur, hauteur in tailles:
            self.page.set_viewport_size({"width": largeur, "height": hauteur})
            vus = [f"dépasse : {element}" for element in self.deborde()]
            vus += [*self.un_titre(), *self.clair_et_sombre()]
            trouves += [f"{self.page.url}, à {largeur} px : {vu}" for vu in vus]
        if avant:
            self.page.set_viewport_size(avant)
        return trouves

    def clair_et_sombre(self) -> list[str]:
        """What axe finds: all its rules in light, the contrast again in dark (only the colours differ)."""
        vus = self.accessibilite()
        self.page.emulate_media(color_scheme="dark")
        vus += [f"thème sombre, {v}" for v in self.accessibilite("color-contrast")]
        self.page.emulate_media(color_scheme="light")
        return vus

    def depasse(self, *tailles: tuple[int, int]) -> list[str]:
        """What sticks out at each size; the window then gets its own size back."""
        avant = self.page.viewport_size
        trouves: list[str] = []
        for largeur, hauteur in tailles:
            self.page.set_viewport_size({"width": largeur, "height": hauteur})
            trouves += [f"{self.page.url}, à {largeur} px : dépasse : {e}" for e in self.deborde()]
        if avant:
            self.page.set_viewport_size(avant)
        return trouves

    def a_400_pour_cent(self) -> list[str]:
        """What sticks out at a zoom of 400 % on a window of 1280 pixels (WCAG 1.4.10)."""
        return self.depasse(ZOOM_400)

    def un_titre(self) -> list[str]:
        """The page has one h1 and one main."""
        if self.page.locator("h1").count() == 1 and self.page.locator("main").count() == 1:
            return []
        return ["la page n’a pas un seul h1 et un seul main"]

    def squelettes(self, html: str) -> tuple[str, str]:
        """Fingerprints of what surrounds `main`, then of `main`, in a page as served: tags, classes, roles,
        types, names of attributes, whatever the text; children alike count once (ten rows are as one)."""
        cadre, contenu = self.page.evaluate(_SQUELETTE, html)
        return hashlib.sha256(cadre.encode()).hexdigest(), hashlib.sha256(contenu.encode()).hexdigest()

    def au_clavier(self, pas: int = 40) -> list[str]:
        """What somebody without a mouse would suffer: a trap, a stop that cannot be seen; with Tab alone."""
        self.page.evaluate(_EN_HAUT)
        arrets: list[str] = []
        fautes: list[str] = []
        for _ in range(pas):
            self.page.keyboard.press("Tab")
            arret: dict[str, str] = self.page.evaluate(_ARRET)
            if not arret:  # past the last stop, the keyboard is back in the window's own bar
                break
            if arrets[-DANS_UN_CHAMP:].count(arret["nom"]) == DANS_UN_CHAMP:
                fautes.append(f"{self.page.url}, au clavier : piège : {arret['nom']}")
                break
            if arret["faute"]:
                fautes.append(f"{self.page.url}, au clavier : {arret['faute']} : {arret['nom']}")
            arrets.append(arret["nom"])
        if len(arrets) < min(3, self.page.locator(_ATTEIGNABLES).count()):
            fautes.append(f"{self.page.url}, au clavier : {len(arrets)} arrêts seulement")
        return fautes

    def accessibilite(self, *regles: str) -> list[str]:
        """The violations found by axe (all rules, or only `regles`), one line each with faulty elements."""
        options: dict[str, object] = {"resultTypes": ["violations"]}
        if regles:
            options["runOnly"] = list(regles)
        violations = Axe().run(self.page, options=options).response["violations"]
        return [
            f"{v['id']} ({v['impact']}) : {v['help']} → "
            + " | ".join(n["html"][:140] for n in v["nodes"][:3])
            + (f" (et {len(v['nodes']) - 3} autres)" if len(v["nodes"]) > 3 else "")
            for v in violations
        ]


@contextmanager
def contexte(
    navigateur: Browser,
    taille: tuple[int, int] = BUREAU,
    *,
    session: str | None = None,
    theme: str = "light",
    javascript: bool = True,
) -> Iterator[BrowserContext]:
    """A window of its own. `session` is the file of a login done before."""
    ouvert = navigateur.new_context(
        viewport={"width": taille[0], "height": taille[1]},
        color_scheme="dark" if theme == "dark" else "light",
        reduced_motion="reduce",  # no colour halfway between two while axe looks
        locale="fr-FR",
        storage_state=session,
        java_script_enabled=javascript,
        accept_downloads=True,
    )
    ouvert.set_default_timeout(20_000)
    try:
        yield ouvert
    finally:
        ouvert.close()


def se_connecter(page: Page, racine: str, fonction: str) -> None:
    """One click on the account of the demonstration, whose button starts with that function."""
    page.goto(f"{racine}/connexion/")
    page.get_by_role("button", name=fonction).first.click()
    page.wait_for_url(f"{racine}/")
