"""The plan on the map: each fiche at its point, else at the centre of its commune; the rest is said apart."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from decimal import Decimal
from typing import NamedTuple

from django.db.models import QuerySet

from arpent.metier.argent import ZERO
from arpent.plateforme.acteurs.models import Agent
from arpent.plateforme.demarches.models import Demarche
from arpent.plateforme.socle.recherche import plier

from .droits import peut_rediger
from .filtres import MATURITES
from .models import Fiche

# Fiches shown at once by the map and by the columns of maturity: beyond, the filters must be narrowed.
AFFICHEES_MAX = 500
# Radii in pixels: the smallest still holds its letter.
RAYON_MIN, RAYON_MAX = 10, 30
LETTRES = {"structurant": "S", "amorcage_a": "A", "amorcage_b": "B"}
SANS_COMMUNE = "Sur la carte, commune non précisée"
_LUS = (
    "numero", "titre", "etat", "maturite", "cout_ht", "aide_demandee", "latitude", "longitude", "demarche_id",
    "maitre_ouvrage__nom", "maitre_ouvrage__fonctions_nommees", "commune__nom", "commune__latitude",
    "commune__longitude", "theme_id",
)  # fmt: skip


class Point(NamedTuple):
    """Degrees, written with six decimals: about ten centimetres. `exact`: not the centre of a commune."""

    latitude: str
    longitude: str
    exact: bool


@dataclass(frozen=True, slots=True)
class Repere:
    """A fiche and its mark on the map. `rayon`: pixels."""

    fiche: Fiche
    point: Point
    rayon: int
    lettre: str
    maturite: str


@dataclass(frozen=True, slots=True)
class Lieu:
    """The fiches of one commune."""

    nom: str
    reperes: tuple[Repere, ...]

    @property
    def cout(self) -> Decimal:
        return sum((r.fiche.cout_ht for r in self.reperes), ZERO)


@dataclass(frozen=True, slots=True)
class CarteDuPlan:
    """`sans_lieu`: the fiches that cannot be shown, each with whether the reader may place it."""

    lieux: tuple[Lieu, ...]
    sans_lieu: tuple[tuple[Fiche, bool], ...]
    cout_max: Decimal

    @property
    def placees(self) -> int:
        return sum(len(lieu.reperes) for lieu in self.lieux)


def point_de(fiche: Fiche) -> Point | None:
    """Where the fiche is drawn; None when nothing says it. `commune` is loaded."""
    if fiche.latitude is not None and fiche.longitude is not None:
        return Point(f"{fiche.latitude:.6f}", f"{fiche.longitude:.6f}", True)
    commune = fiche.commune
    if commune is None or commune.latitude is None or commune.longitude is None:
        return None
    return Point(f"{commune.latitude:.6f}", f"{commune.longitude:.6f}", False)


def rayon(cout: Decimal, cout_max: Decimal) -> int:
    """Radius in pixels of a circle whose area follows the cost; never too small for its letter."""
    if cout_max <= 0 or cout <= 0:
        return RAYON_MIN
    return max(RAYON_MIN, round(RAYON_MAX * (min(cout, cout_max) / cout_max).sqrt()))


def lire_carte(
    fiches: QuerySet[Fiche], ordre: tuple[str, str], demarche: Demarche, agent: Agent
) -> CarteDuPlan:
    """The fiches asked for, by commune in alphabetical order, AFFICHEES_MAX at most. One query."""
    lues = list(
        fiches.select_related("maitre_ouvrage", "commune").only(*_LUS).order_by(*ordre)[:AFFICHEES_MAX]
    )
    points = {f.pk: point_de(f) for f in lues}
    cout_max = max((f.cout_ht for f in lues if points[f.pk]), default=ZERO)
    par_commune: dict[str, list[Repere]] = defaultdict(list)
    sans_lieu = []
    for fiche in lues:
        fiche.demarche = demarche
        if (point := points[fiche.pk]) is None:
            sans_lieu.append((fiche, bool(peut_rediger(agent, fiche))))
            continue
        nom = fiche.commune.nom if fiche.commune else SANS_COMMUNE
        m = fiche.maturite
        repere = Repere(fiche, point, rayon(fiche.cout_ht, cout_max), LETTRES[m], MATURITES[m])
        par_commune[nom].append(repere)
    noms = sorted(par_commune, key=lambda nom: (nom == SANS_COMMUNE, plier(nom)))
    return CarteDuPlan(tuple(Lieu(n, tuple(par_commune[n])) for n in noms), tuple(sans_lieu), cout_max)
