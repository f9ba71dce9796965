"""Flow bands: who pays what (funders → themes), where revenue comes from and goes to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from .base import SERIES, Ecrire, Figure, Nombre, couper, ecrire_nombre, fini, pc, pos, serie, texte, toile

NOEUD = 1.6  # width of a node, in per cent
HAUTEUR_MIN = 40.0


@dataclass(frozen=True, slots=True)
class Flux:
    """A quantity > 0 going from one name to another."""

    origine: str
    destination: str
    valeur: Nombre


def _places(
    totaux: dict[str, float], echelle: float, hauteur: float, case_min: float = HAUTEUR_MIN
) -> dict[str, tuple[float, float]]:
    """Top and height of each node: proportional, with room for two lines of text, spread over the height."""
    hauts = {nom: valeur * echelle for nom, valeur in totaux.items()}
    cases = {nom: max(h, case_min) for nom, h in hauts.items()}
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


@dataclass(frozen=True, slots=True)
class Apport:
    """What comes to a place, or leaves it: a name and a quantity ≥ 0. `attenue`: greyed (« the others »)."""

    nom: str
    valeur: Nombre
    attenue: bool = False


LARGEUR_NOMS = 30.0  # room for the names on each side, in per cent
LIGNE = 15  # characters a line of a name holds on a phone
CASE = 74.0  # room for three lines of a name and its value


def bandes_autour(
    titre: str,
    arrivees: Sequence[Apport],
    centre: str,
    departs: Sequence[Apport],
    *,
    ecrire: Ecrire = ecrire_nombre,
    libelle_arrivee: str = "D’où",
    libelle_depart: str = "Vers où",
    libelle_valeur: str = "Valeur",
) -> Figure:
    """What enters a place on the left, what leaves it on the right, on one scale. One side may be empty."""
    cotes = [[a for a in cote if fini(a.valeur) > 0] for cote in (arrivees, departs)]
    sommes = [sum(fini(a.valeur) for a in cote) for cote in cotes]
    lignes_max = max(len(cotes[0]), len(cotes[1]), 1)
    hauteur = max(220.0, lignes_max * (CASE + 6))
    echelle = (hauteur - lignes_max * 12) / (max(sommes) or 1.0) * 0.6
    haut = 34.0
    dessin = f'<text class="milieu fort" x="50%" y="16">{texte(couper(centre, 34))}</text>'
    epais = max(max(sommes) * echelle, 1.0)
    y_centre = haut + (hauteur - epais) / 2
    for cote, entrant in ((cotes[0], True), (cotes[1], False)):
        dessin += _cote(cote, entrant, echelle, haut, hauteur, y_centre, centre, ecrire)
    dessin += (
        f'<rect class="s6" x="{pc(50 - NOEUD / 2)}" y="{pos(y_centre)}" width="{NOEUD}%" '
        f'height="{pos(epais)}"><title>{texte(centre)}</title></rect>'
    )
    lignes = (
        *((libelle_arrivee, a.nom, ecrire(a.valeur)) for a in arrivees),
        *((libelle_depart, a.nom, ecrire(a.valeur)) for a in departs),
    )
    recits = [_enumerer(cote, ecrire) for cote in cotes]
    description = f"{libelle_arrivee} : {recits[0]}. {libelle_depart} : {recits[1]}."
    svg = toile(titre, description, haut + hauteur + 6, dessin)
    return Figure(titre, description, svg, ("Sens", "Nom", libelle_valeur), lignes)


def _enumerer(cote: Sequence[Apport], ecrire: Ecrire) -> str:
    return ", ".join(f"{a.nom} {ecrire(a.valeur)}" for a in cote) or "rien de connu"


def _cote(
    apports: Sequence[Apport], entrant: bool, echelle: float, haut: float, hauteur: float,
    y_centre: float, centre: str, ecrire: Ecrire,
) -> str:  # fmt: skip
    """The nodes, names and bands of one side."""
    totaux = {f"{i}": fini(a.valeur) for i, a in enumerate(apports)}
    places = _places(totaux, echelle, hauteur, CASE)
    bord, debut = (LARGEUR_NOMS, LARGEUR_NOMS) if entrant else (100 - LARGEUR_NOMS, 50 + NOEUD / 2)
    large = 50 - NOEUD / 2 - LARGEUR_NOMS
    y, bandes, noeuds = y_centre, "", ""
    for rang, (apport, (place, h)) in enumerate(zip(apports, places.values(), strict=True)):
        couleur = "attenue" if apport.attenue else f"s{rang % (SERIES - 1) + 1}"
        sens = f"{apport.nom} → {centre}" if entrant else f"{centre} → {apport.nom}"
        y1, y2 = (place, y - haut) if entrant else (y - haut, place)
        bandes += (
            f'<path class="bande {couleur}" d="M0 {pos(y1)}C50 {pos(y1)} 50 {pos(y2)} 100 {pos(y2)}'
            f'V{pos(y2 + h)}C50 {pos(y2 + h)} 50 {pos(y1 + h)} 0 {pos(y1 + h)}z">'
            f"<title>{texte(sens)} : {texte(ecrire(apport.valeur))}</title></path>"
        )
        y += h
        x = bord - NOEUD if entrant else bord
        noeuds += (
            f'<rect class="{couleur}" x="{pc(x)}" y="{pos(haut + place)}" width="{NOEUD}%" '
            f'height="{pos(max(h, 1))}"/>'
        ) + _nom(apport, x if entrant else x + NOEUD, entrant, haut + place + h / 2, ecrire)
    return (
        f'<svg x="{pc(debut)}" y="{pos(haut)}" width="{pc(large)}" height="{pos(hauteur)}" '
        f'viewBox="0 0 100 {pos(hauteur)}" preserveAspectRatio="none">{bandes}</svg>{noeuds}'
    )


def _nom(apport: Apport, x: float, a_gauche: bool, milieu: float, ecrire: Ecrire) -> str:
    """The name on three lines at most and the value under it, beside the node."""
    ancre, decale = (" fin", "-8") if a_gauche else ("", "8")
    lignes = en_lignes(apport.nom, LIGNE)
    y = max(milieu - 9 * (len(lignes) - 1) - 2, 14.0)
    ecrites = "".join(
        f'<text class="nom{ancre}" x="{pc(x)}" dx="{decale}" y="{pos(y + 17 * i)}">{texte(ligne)}'
        f"{f'<title>{texte(apport.nom)}</title>' if not i else ''}</text>"
        for i, ligne in enumerate(lignes)
    )
    return ecrites + (
        f'<text class="doux{ancre}" x="{pc(x)}" dx="{decale}" y="{pos(y + 17 * len(lignes))}">'
        f"{texte(ecrire(apport.valeur))}</text>"
    )


def en_lignes(libelle: str, maximum: int, lignes: int = 3) -> list[str]:
    """The words over at most `lignes` lines of `maximum` characters; what does not fit is cut."""
    ecrites: list[str] = []
    reste = libelle.split(" ")
    while reste and len(ecrites) < lignes:
        ligne = reste.pop(0)
        while reste and len(ligne) + 1 + len(reste[0]) <= maximum:
            ligne += f" {reste.pop(0)}"
        ecrites.append(ligne)
    if reste:
        ecrites[-1] = f"{ecrites[-1]} {' '.join(reste)}"
    return [couper(ligne, maximum) for ligne in ecrites]
