"""Horizontal bars and stacked bars: the name above its bar, the value at the end of the line."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from .base import (
    Ecrire,
    Figure,
    Nombre,
    couper,
    ecrire_nombre,
    fini,
    hachure,
    identifiant,
    legende,
    pc,
    pos,
    serie,
    texte,
    toile,
)

PAS = 46.0


@dataclass(frozen=True, slots=True)
class Barre:
    """One bar. Without `accent` it is toned down; `repere` is a value to compare with."""

    libelle: str
    valeur: Nombre
    accent: bool = True
    repere: Nombre | None = None


@dataclass(frozen=True, slots=True)
class Empilement:
    """One stacked bar: its values in the order of the series."""

    libelle: str
    valeurs: tuple[Nombre, ...]


def _ligne(y: float, libelle: str, valeur: str) -> str:
    """Name on the left, value on the right."""
    return (
        f'<text x="0" y="{pos(y + 15)}">{texte(couper(libelle, 40))}</text>'
        f'<text class="fin fort" x="100%" y="{pos(y + 15)}">{texte(valeur)}</text>'
    )


def barres_horizontales(
    titre: str,
    barres: Sequence[Barre],
    *,
    ecrire: Ecrire = ecrire_nombre,
    libelle_valeur: str = "Valeur",
    libelle_repere: str = "Repère",
    libelle_nom: str = "Nom",
) -> Figure:
    """Bars from zero; negative values go left of the zero line. Order is the caller's."""
    valeurs = [fini(b.valeur) for b in barres]
    reperes = [None if b.repere is None else fini(b.repere) for b in barres]
    connus = [r for r in reperes if r is not None]
    bas, haut = min(0.0, *valeurs, *connus, 0.0), max(0.0, *valeurs, *connus, 0.0)
    etendue = (haut - bas) or 1.0
    zero = -bas / etendue * 100
    dessin = []
    for rang, (barre, valeur, repere) in enumerate(zip(barres, valeurs, reperes, strict=True)):
        y, largeur = rang * PAS, abs(valeur) / etendue * 100
        x = zero if valeur >= 0 else zero - largeur
        classe = "s1" if barre.accent else "attenue"
        dessin.append(_ligne(y, barre.libelle, ecrire(barre.valeur)))
        dessin.append(f'<rect class="rail" x="0" y="{pos(y + 22)}" width="100%" height="12"/>')
        dessin.append(
            f'<rect class="{classe}" x="{pc(x)}" y="{pos(y + 22)}" width="{pc(largeur)}" height="12">'
            f"<title>{texte(barre.libelle)} : {texte(ecrire(barre.valeur))}</title></rect>"
        )
        if repere is not None:
            ou = pc(zero + repere / etendue * 100)
            dessin.append(f'<line class="repere" x1="{ou}" x2="{ou}" y1="{pos(y + 18)}" y2="{pos(y + 38)}"/>')
    hauteur = max(len(barres) * PAS, PAS)
    if bas < 0:
        dessin.append(f'<line class="axe" x1="{pc(zero)}" x2="{pc(zero)}" y1="0" y2="{pos(hauteur)}"/>')
    if connus:
        dessin.append(f'<line class="repere" x1="2" x2="2" y1="{pos(hauteur)}" y2="{pos(hauteur + 18)}"/>')
        dessin.append(f'<text class="doux" x="10" y="{pos(hauteur + 14)}">{texte(libelle_repere)}</text>')
        hauteur += 22
    lignes = tuple(
        (
            b.libelle,
            ecrire(b.valeur),
            *((ecrire(b.repere) if b.repere is not None else "–",) if connus else ()),
        )
        for b in barres
    )
    entetes = (libelle_nom, libelle_valeur, *((libelle_repere,) if connus else ()))
    description = "Barres : " + " ; ".join(f"{b.libelle} {ecrire(b.valeur)}" for b in barres) + "."
    return Figure(titre, description, toile(titre, description, hauteur, "".join(dessin)), entetes, lignes)


def barres_empilees(
    titre: str,
    series: Sequence[str],
    empilements: Sequence[Empilement],
    *,
    ecrire: Ecrire = ecrire_nombre,
    en_parts: bool = False,
    libelle_nom: str = "Nom",
) -> Figure:
    """Stacked bars of values ≥ 0, on one scale, or each brought to 100 % with `en_parts`."""
    tableau = [[fini(v) for v in e.valeurs] for e in empilements]
    for empilement, valeurs in zip(empilements, tableau, strict=True):
        if len(valeurs) != len(series) or any(v < 0 for v in valeurs):
            raise ValueError(
                f"« {empilement.libelle} » : une valeur positive ou nulle par série est attendue."
            )
    motif = identifiant(titre, *series)
    sommes = [sum(valeurs) for valeurs in tableau]
    maximum = max(sommes, default=0.0) or 1.0
    dessin, haut = legende(series, 0, motif=motif)
    dessin, haut = hachure(motif) + dessin, haut + 8
    for rang, (empilement, valeurs, somme) in enumerate(zip(empilements, tableau, sommes, strict=True)):
        y, depart = haut + rang * PAS, 0.0
        echelle = (somme or 1.0) if en_parts else maximum
        total = ecrire(sum(empilement.valeurs))
        dessin += _ligne(y, empilement.libelle, total)
        dessin += f'<rect class="rail" x="0" y="{pos(y + 22)}" width="100%" height="16"/>'
        for numero, (nom, valeur) in enumerate(zip(series, valeurs, strict=True)):
            if not valeur:
                continue
            place = f'x="{pc(depart)}" y="{pos(y + 22)}" width="{pc(valeur / echelle * 100)}" height="16"'
            depart += valeur / echelle * 100
            ecrit = ecrire(empilement.valeurs[numero])
            dessin += f'<rect class="s{serie(numero)} blanc" {place}>'
            dessin += f"<title>{texte(empilement.libelle)}, {texte(nom)} : {texte(ecrit)}</title></rect>"
            dessin += f'<rect {place} fill="url(#{motif})" pointer-events="none"/>' if numero % 2 else ""
    hauteur = haut + max(len(empilements), 1) * PAS
    lignes = tuple((e.libelle, *(ecrire(v) for v in e.valeurs), ecrire(sum(e.valeurs))) for e in empilements)
    description = f"Barres empilées de {len(empilements)} éléments selon : {', '.join(series)}."
    entetes = (libelle_nom, *series, "Total")
    return Figure(titre, description, toile(titre, description, hauteur, dessin), entetes, lignes)
