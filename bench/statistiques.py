"""The chapter of the statistics: all EPCI at once, the commuting file, a draft perimeter; ratios in one run.

`ARPENT_BENCH_DONNEES=folder`: the commuting file of Insee is taken there (csv or zip whose name holds
« mobilite »), not made up.
"""

from __future__ import annotations

import os
import random
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from . import serveur
from .client import Client
from .instance import BancEnPanne, Instance, instance
from .mesures import semer
from .national import FICHIER_DES_FLUX

BROUILLON = "/perimetres/brouillon/"
BROUILLONS = 15
FICHES = 1_000


@dataclass(frozen=True, slots=True)
class Cible:
    """One measure; `au_plus` and `au_moins` when there is a target. `facteur` turns it into its unit."""

    libelle: str
    unite: str
    facteur: float = 1.0
    au_plus: float | None = None
    au_moins: float | None = None


CIBLES = {
    "communes": Cible("communes lues", ""),
    "epci": Cible("intercommunalités", ""),
    "indicateurs": Cible("indicateurs sommés", ""),
    "colonnes": Cible("colonnes lues", ""),
    "lecture": Cible("lecture des colonnes Parquet (le plancher)", "ms", 1000),
    "calcul": Cible("tous les indicateurs et les quatre bases", "ms", 1000),
    "rapport_lecture": Cible("le calcul, en fois la lecture", "×", au_plus=3.0),
    "etalon": Cible("les mêmes en boucles Python", "ms", 1000),
    "rapport_etalon": Cible("l’étalon, en fois le calcul", "×", au_moins=20.0),
    "ecart": Cible("plus grand écart relatif avec l’étalon, indicateurs", "", au_plus=1e-9),
    "ecart_euros": Cible("plus grand écart avec l’étalon, bases", "€", au_plus=1.0),
    "bases_differentes": Cible("bases connues d’un seul côté", "", au_plus=0.0),
    "memoire": Cible("mémoire du processus, au plus haut", "Mo", au_plus=1024.0),
    "n1": Cible("une seule intercommunalité", "ms", 1000),
    "n10": Cible("dix", "ms", 1000),
    "n100": Cible("cent", "ms", 1000),
    "n312": Cible("trois cent douze", "ms", 1000),
    "n625": Cible("six cent vingt-cinq", "ms", 1000),
    "n1250": Cible("mille deux cent cinquante", "ms", 1000),
    "croissance": Cible("temps par commune, de 312 à 1 250 intercommunalités", "×", au_plus=1.25),
    "large": Cible("300 colonnes de communes sommées par intercommunalité", "ms", 1000, au_plus=25.0),
    "lignes": Cible("lignes du fichier des mobilités", ""),
    "chargement": Cible("chargement de ce fichier", "s", au_plus=60.0),
    "avancees": Cible("avancées dites pendant le chargement", "", au_moins=3.0),
    "construction": Cible("mise en colonnes des flux", "s"),
    "matrice": Cible(
        "flux d’intercommunalité à intercommunalité, une fois chargés", "ms", 1000, au_plus=60.0
    ),
    "brouillon": Cible("page d’un périmètre jamais vu, p50", "ms", 1000, au_plus=300.0),
    "brouillon_max": Cible("la plus lente de ces pages", "ms", 1000),
    "portrait": Cible("portrait de territoire en PDF", "s", au_plus=3.0),
    "portrait_premier": Cible("le premier d’un processus", "s"),
    "portrait_pages": Cible("pages de ce portrait", ""),
    "fiche": Cible("fiche projet en PDF", "s", au_plus=1.0),
    "recueil": Cible("recueil de fiches projets en PDF", "s", au_plus=5.0),
    "recueil_fiches": Cible("fiches de ce recueil", "", au_moins=60.0),
}


def mesurer(dire: Callable[[str], None]) -> dict[str, float]:
    """Everything, in child processes of a throw-away instance. BancEnPanne when one fails."""
    with instance() as banc:
        dossier = banc.dossier / "national"
        dossier.mkdir()
        dire("statistiques : France entière, graine fixe")
        banc.run("bench.national", str(dossier))
        dire("statistiques : toutes les intercommunalités à la fois")
        mesures: dict[str, float] = banc.json("bench.masse", "calcul", str(dossier))
        dire("statistiques : les mêmes en boucles Python")
        etalon = banc.json("bench.etalon", str(dossier))
        fichier = _fichier_des_flux(dossier)
        dire(f"statistiques : chargement de {fichier.name}")
        mesures |= banc.json("bench.masse", "flux", str(fichier))
        dire("statistiques : périmètres jamais vus")
        mesures |= _brouillons(banc)
        dire("statistiques : portrait en PDF")
        mesures |= banc.json("bench.travaux", "portrait")
        dire("statistiques : fiches projets en PDF")
        mesures |= banc.json("bench.documents")
    mesures["etalon"] = etalon["indicateurs"] + etalon["bases"]
    for code in ("ecart", "ecart_euros", "bases_differentes"):
        mesures[code] = etalon[code]
    mesures["rapport_lecture"] = mesures["calcul"] / mesures["lecture"]
    mesures["rapport_etalon"] = mesures["etalon"] / mesures["calcul"]
    return mesures


def _fichier_des_flux(dossier: Path) -> Path:
    donne = os.environ.get("ARPENT_BENCH_DONNEES")
    if not donne:
        return dossier / FICHIER_DES_FLUX
    trouves = sorted(f for f in Path(donne).iterdir() if "mobilite" in f.name.lower() and f.is_file())
    if not trouves:
        raise BancEnPanne(f"{donne} : aucun fichier des mobilités (« mobilite » dans son nom).")
    return trouves[0]


def _brouillons(banc: Instance) -> dict[str, float]:
    """Server time of the page of draft perimeters that nobody has asked before, after one warm page."""
    seances = semer(banc, FICHES)
    hasard = random.Random(20_261_123)
    durees = []
    with serveur.arpent(banc) as nous:
        client = Client(nous.port, dict(seances.nous))
        nom, sirens = _cases(client.page(BROUILLON).corps.decode())
        if len(sirens) < 4:
            raise BancEnPanne("la page du périmètre ne propose pas assez d’intercommunalités.")
        for _ in range(BROUILLONS + 1):
            choix = hasard.sample(sirens, hasard.randint(2, min(6, len(sirens) - 1)))
            reponse = client.page(BROUILLON + "?" + "&".join(f"{nom}={s}" for s in choix))
            durees.append(reponse.secondes)
    return {"brouillon": median(durees[1:]), "brouillon_max": max(durees[1:])}


def _cases(page: str) -> tuple[str, list[str]]:
    """The name of the check boxes of the EPCI, and their values."""
    trouvees = []
    nom = "epci"
    for balise in re.findall(r"<input[^>]*>", page):
        valeur = re.search(r'value="(\d{9})"', balise)
        if 'type="checkbox"' in balise and valeur and (m := re.search(r'name="([^"]*)"', balise)):
            nom = m[1]
            trouvees.append(valeur[1])
    return nom, trouvees


def page(mesures: dict[str, float]) -> list[str]:
    """One Markdown table, then what is missed."""
    lignes = ["## Statistiques", "", "| mesure | valeur | cible |", "|---|--:|--:|"]
    for code, cible in CIBLES.items():
        if code in mesures:
            lignes.append(f"| {cible.libelle} | {_valeur(cible, mesures[code])} | {_cible(cible)} |")
    manque = manques(mesures)
    if not manque:
        return [*lignes, "", "Toutes les cibles des statistiques sont atteintes."]
    return [*lignes, "", "Cibles manquées :", "", *(f"- {m}" for m in manque)]


def _valeur(cible: Cible, valeur: float) -> str:
    lue = valeur * cible.facteur
    texte = f"{lue:.1e}" if 0 < abs(lue) < 0.01 else f"{lue:,.0f}" if abs(lue) >= 1000 else f"{lue:.4g}"
    return f"{texte.replace(',', chr(0x202F)).replace('.', ',')} {cible.unite}".strip()


def _cible(cible: Cible) -> str:
    if cible.au_plus is not None:
        return f"≤ {cible.au_plus:g} {cible.unite}".strip()
    return f"≥ {cible.au_moins:g} {cible.unite}".strip() if cible.au_moins is not None else ""


def manques(mesures: dict[str, float]) -> list[str]:
    """What misses its target, one sentence each. A measure that could not be taken is a miss."""
    constats = []
    for code, cible in CIBLES.items():
        lue = mesures.get(code, float("nan")) * cible.facteur
        trop = cible.au_plus is not None and not lue <= cible.au_plus
        peu = cible.au_moins is not None and not lue >= cible.au_moins
        if trop or peu:
            constats.append(f"{cible.libelle} : {_valeur(cible, lue / cible.facteur)} ({_cible(cible)})")
    return constats
