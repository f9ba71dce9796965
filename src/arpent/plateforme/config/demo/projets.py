"""Real State-funded projects of 2018 and 2019 (DGCL, DETR and DSIL): the first draft of each plan."""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

import yaml

from arpent.extraits import lecture
from arpent.metier.argent import arrondir

THEMES = Path(__file__).with_name("themes.yaml")
SOURCE = "DGCL, dotations d’investissement {annee} (Licence Ouverte 2.0)"
PART_DEMANDEE = Decimal("0.20")
"""Demonstration: each owner asks for 20 % of the cost, within what the law leaves it."""
PART_MINIMALE = Decimal("0.20")


@dataclass(frozen=True, slots=True)
class ProjetReel:
    """One project as published, ready to become a fiche. Amounts in euros to the cent."""

    identifiant: str
    annee: int
    territoire: str
    titre: str
    code_collectivite: str
    code_commune: str
    dotation: str
    categorie: str
    cout: Decimal
    etat: Decimal

    @property
    def aide_demandee(self) -> Decimal:
        """Demonstration value, rounded down to the hundred of euros."""
        marge = self.cout - self.etat - arrondir(self.cout * PART_MINIMALE)
        brute = max(Decimal(0), min(self.cout * PART_DEMANDEE, marge))
        return Decimal(int(brute / 100) * 100)


def normaliser(texte: str) -> str:
    """Lower case without accents, punctuation as spaces, a space at both ends."""
    sans = "".join(c for c in unicodedata.normalize("NFKD", texte) if not unicodedata.combining(c))
    return " " + re.sub(r"[^a-z0-9]+", " ", sans.lower().replace("œ", "oe")) + " "


def _titre(description: str) -> str:
    texte = " ".join(description.replace("\ufffd", "").replace("'", "’").split())
    texte = re.sub(r'"\s*([^"]+?)\s*"', "«\u00a0\\1\u00a0»", texte)
    if texte.isupper():
        texte = texte.lower()
    return (texte[:1].upper() + texte[1:])[:300]


def projets_par_territoire() -> dict[str, list[ProjetReel]]:
    """Published rows of the demo territories, one per project identifier, by territory."""
    groupes: dict[str, list[ProjetReel]] = defaultdict(list)
    vus: set[str] = set()
    for x in lecture.lignes_des_perimetres("detr_dsil_2018_2019"):
        if not x["territoire"] or not x["cout_total_eur"] or x["id_projet"] in vus:
            continue
        vus.add(x["id_projet"])
        cout, etat = arrondir(Decimal(x["cout_total_eur"])), arrondir(Decimal(x["subvention_eur"]))
        if etat > cout or not x["description"]:
            continue
        groupes[x["territoire"]].append(
            ProjetReel(
                identifiant=x["id_projet"],
                annee=int(x["annee"]),
                territoire=x["territoire"],
                titre=_titre(x["description"]),
                code_collectivite=x["code_collectivite"],
                code_commune=x["code_insee_2026"],
                dotation=x["dotation"],
                categorie=x["categorie"],
                cout=cout,
                etat=etat,
            )
        )
    return dict(groupes)


def _contient(texte: str, mot: str) -> bool:
    """Whole words, singular or plural; a final `*` accepts any ending."""
    if mot.endswith("*"):
        return f" {mot[:-1]}" in texte
    return f" {mot} " in texte or f" {mot}s " in texte


class Classement:
    """Proposes a theme and a sector policy from the words of a project."""

    def __init__(self) -> None:
        self.regles: dict[str, list[dict[str, Any]]] = yaml.safe_load(THEMES.read_text("utf-8"))

    def _premier(self, regles: list[dict[str, Any]], cle: str, projet: ProjetReel) -> str:
        texte = normaliser(projet.titre)
        for regle in regles:
            if not regle["mots"] or any(_contient(texte, mot) for mot in regle["mots"]):
                return str(regle[cle])
        raise ValueError("La dernière règle doit être sans mots.")

    def theme(self, dispositif: str, projet: ProjetReel) -> str:
        return self._premier(self.regles[dispositif], "theme", projet)

    def secteur(self, projet: ProjetReel) -> str:
        return self._premier(self.regles["secteurs"], "secteur", projet)
