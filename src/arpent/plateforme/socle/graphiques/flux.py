"""Flow bands: who pays what (funders → themes), where revenue comes from and goes to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from .base import Ecrire, Figure, Nombre, couper, ecrire_nombre, fini, pc, pos, serie, texte, toile

NOEUD = 1.6  # width of a node, in per cent
HAUTEUR_MIN = 40.0


@dataclass(frozen=True, slots=True)
class Flux:
    """A quantity > 0 going from one name to another."""

    origine: str
    destination: str
    valeur: Nombre


def _places(totaux: dict[str, float], echelle: float, hauteur: float) -> dict[str, tuple[float, float]]:
    """Top and height of each node: proportional, with room for two lines of text, spread over the height."""
    hauts = {nom: valeur * echelle for nom, valeur in totaux.items()}
    cases = {nom: max(h, HAUTEUR_MIN) for nom, h in hauts.items()}
    ecart = (hauteur - sum(cases.values())) / max(len(cases) - 1, 1)
    y, places = 0.0, {}
    for nom, case in cases.items():
        places[nom] = (y, hauts[nom])
        y += case + ecart
    return places


def _totaux(flux: Sequence[Flux], cote: str) -> dict[str, float]:
    """Sum by origin or by destination, in order of appearance."""
    sommes: dict[str, float] = {}
    for f in flux:
        nom = f.origine if cote == "origine" else f.destination
        sommes[nom] = sommes.get(nom, 0.0) + fini(f.valeur)
    return sommes


def bandes_de_flux(
    titre: str,
    flux: Sequence[Flux],
    *,
    ecrire: Ecrire = ecrire_nombre,
    libelle_origine: str = "Origine",
    libelle_destination: str = "Destination",
    libelle_valeur: str = "Valeur",
) -> Figure:
    """Two columns of nodes joined by bands as thick as their value."""
    utiles = [f for f in flux if fini(f.valeur) > 0]
    gauche, droite = _totaux(utiles, "origine"), _totaux(utiles, "destination")
    total = sum(gauche.values()) or 1.0
    lignes_max = max(len(gauche), len(droite), 1)
    hauteur = max(220.0, lignes_max * (HAUTEUR_MIN + 12))
    echelle = (hauteur - lignes_max * 8) / total * 0.72
    pg, pd = _places(gauche, echelle, hauteur), _places(droite, echelle, hauteur)
    debuts, fins = {n: y for n, (y, _) in pg.items()}, {n: y for n, (y, _) in pd.items()}
    couleurs = {nom: serie(rang) for rang, nom in enumerate(gauche)}
    bandes = ""
    for f in utiles:
        h, y1, y2 = fini(f.valeur) * echelle, debuts[f.origine], fins[f.destination]
        debuts[f.origine], fins[f.destination] = y1 + h, y2 + h
        bandes += (
            f'<path class="bande s{couleurs[f.origine]}" d="M0 {pos(y1)}'
            f"C50 {pos(y1)} 50 {pos(y2)} 100 {pos(y2)}"
            f'V{pos(y2 + h)}C50 {pos(y2 + h)} 50 {pos(y1 + h)} 0 {pos(y1 + h)}z">'
            f"<title>{texte(f.origine)} → {texte(f.destination)} : {texte(ecrire(f.valeur))}</title></path>"
        )
    dessin = (
        f'<svg x="32%" width="36%" height="{pos(hauteur)}" viewBox="0 0 100 {pos(hauteur)}" '
        f'preserveAspectRatio="none">{bandes}</svg>'
    )
    for noms, places, x, xt, ancre in (
        (gauche, pg, 32 - NOEUD, 32 - NOEUD, "fin"),
        (droite, pd, 68.0, 68 + NOEUD, ""),
    ):
        for nom, (y, h) in places.items():
            couleur = couleurs[nom] if ancre else 6
            decale, yt = "-8" if ancre else "8", y + max(h / 2, 16)
            dessin += (
                f'<rect class="s{couleur}" x="{pc(x)}" y="{pos(y)}" width="{NOEUD}%" '
                f'height="{pos(max(h, 1))}"/>'
                f'<text class="{ancre}" x="{pc(xt)}" dx="{decale}" y="{pos(yt - 2)}">{texte(couper(nom, 18))}'
                f"<title>{texte(nom)}</title></text>"
                f'<text class="doux {ancre}" x="{pc(xt)}" dx="{decale}" y="{pos(yt + 15)}">'
                f"{texte(ecrire(noms[nom]))}</text>"
            )
    lignes = tuple((f.origine, f.destination, ecrire(f.valeur)) for f in flux)
    description = f"Flux de {len(gauche)} origines vers {len(droite)} destinations, total {ecrire(total)}."
    entetes = (libelle_origine, libelle_destination, libelle_valeur)
    return Figure(titre, description, toile(titre, description, hauteur + 6, dessin), entetes, lignes)
