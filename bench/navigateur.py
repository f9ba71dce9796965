"""`python -m bench.navigateur`: the arbitration table of 500 lines in Chromium, as somebody types in it.

Measured in the page: from the key that leaves a cell to the totals on screen (the server included), from a
key to the next frame while one types, from an arrow to the next cell in focus, and the slowest frame while
the table is scrolled from end to end. Prints one JSON line; 1 when the target is missed.
"""

from __future__ import annotations

import argparse
import json
from typing import Any

from playwright.sync_api import Page, sync_playwright

from .client import centile
from .instance import instance
from .serveur import arpent

CIBLE_MS = 200.0
CHROMIUM = "/usr/bin/chromium"
_IMAGE = """() => new Promise((fini) => {
  const depart = performance.now();
  requestAnimationFrame(() => requestAnimationFrame(() => fini(performance.now() - depart)));
})"""
_ENVOIS = """() => {
  const fetch = window.fetch;
  window.envois = 0;
  window.fetch = async (...demande) => {
    const reponse = await fetch(...demande);
    if (demande[1]?.method === "POST") { await reponse.clone().text(); window.envois += 1; }
    return reponse;
  };
}"""
"""Counts the edits that the server has answered: other people's changes also replace the totals."""
_GUETTER = """() => {
  window.totaux = new Promise((fini) => addEventListener("keydown", (e) => {
    if (e.key !== "Enter") return;
    const partie = performance.now(), deja = window.envois;
    let avant;
    const regarder = () => {
      if (window.envois === deja) avant = document.querySelector("#totaux");
      return window.envois === deja || document.querySelector("#totaux") === avant
        ? requestAnimationFrame(regarder) : requestAnimationFrame(() => fini(performance.now() - partie));
    };
    regarder();
  }, { capture: true }));
}"""
_DEFILER = """() => new Promise((fini) => {
  const cadre = document.querySelector(".tableau.large");
  let avant = performance.now(), pire = 0, images = 0;
  const pas = Math.ceil(cadre.scrollHeight / 120);
  const suite = (maintenant) => {
    pire = Math.max(pire, maintenant - avant); avant = maintenant; images += 1;
    cadre.scrollTop += pas;
    if (images < 120) requestAnimationFrame(suite); else fini({ pire, images });
  };
  requestAnimationFrame(suite);
})"""


def mesurer(page: Page, tours: int) -> dict[str, Any]:
    champs = page.locator("input[name^=montant-]")
    totaux, frappes, fleches = [], [], []
    page.evaluate(_ENVOIS)
    for n in range(tours):
        champs.nth(n * 7 % champs.count()).focus()
        page.evaluate(_GUETTER)
        for touche in str(1_000 + n):
            page.keyboard.press(touche)
            frappes.append(page.evaluate(_IMAGE))
        page.keyboard.press("Enter")
        totaux.append(page.evaluate("() => window.totaux"))
    for _ in range(tours):
        page.keyboard.press("ArrowDown")
        fleches.append(page.evaluate(_IMAGE))
    defilement = page.evaluate(_DEFILER)
    return {
        "lignes": champs.count(),
        "totaux_ms": round(centile(totaux, 0.5), 1),
        "totaux_p95_ms": round(centile(totaux, 0.95), 1),
        "frappe_ms": round(centile(frappes, 0.5), 1),
        "frappe_p95_ms": round(centile(frappes, 0.95), 1),
        "fleche_p95_ms": round(centile(fleches, 0.95), 1),
        "pire_image_ms": round(defilement["pire"], 1),
        "cible_ms": CIBLE_MS,
        "tenu": centile(totaux, 0.5) <= CIBLE_MS,
    }


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m bench.navigateur", description=__doc__)
    parser.add_argument("--lignes", type=int, default=500)
    parser.add_argument("--tours", type=int, default=30)
    options = parser.parse_args()
    with instance() as lieu:
        decor = lieu.json("bench.fiabilite.arbitrages", "PREPARER", str(options.lignes), "1")
        with arpent(lieu) as serveur, sync_playwright() as playwright:
            navigateur = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
            racine = f"http://127.0.0.1:{serveur.port}"
            contexte = navigateur.new_context(viewport={"width": 1366, "height": 768}, locale="fr-FR")
            contexte.add_cookies(
                [{"name": nom, "value": v, "url": racine} for nom, v in decor["seances"][0].items()]
            )
            page = contexte.new_page()
            page.goto(racine + decor["adresse"])
            page.wait_for_load_state("networkidle")
            mesure = mesurer(page, options.tours)
            navigateur.close()
    print(json.dumps(mesure, ensure_ascii=False))
    return 0 if mesure["tenu"] else 1


if __name__ == "__main__":
    raise SystemExit(main())
