"""Reading an indicator in the observatoire: its value over the whole perimeter, with its two sums."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from math import isclose

from arpent.plateforme.demarches.models import Demarche
from arpent.plateforme.diagnostics.lecture import Lecture, lire_portrait
from arpent.plateforme.observatoire.calcul import sommer, valeur_de_somme
from arpent.plateforme.observatoire.catalogue import Indicateur, Rapport
from arpent.plateforme.observatoire.magasin import ObservatoireVide

PRECISION = Decimal("0.0001")


class ReleveImpossible(ValueError):
    """The observatoire gives no value; the French message says why."""


@dataclass(frozen=True, slots=True)
class Releve:
    """A value with all that must be kept beside it."""

    valeur: Decimal
    numerateur: Decimal | None
    denominateur: Decimal | None
    millesime: str
    source: str
    note: str
    unite: str


def _arrondir(x: float) -> Decimal:
    return Decimal(repr(float(x))).quantize(PRECISION)


def lire_observatoire(demarche: Demarche) -> Lecture | None:
    """The figures of the territory today; None when no store is loaded. Two queries."""
    try:
        return lire_portrait(demarche, date.today())
    except (ObservatoireVide, ValueError):
        return None


def relever(demarche: Demarche, code: str) -> Releve:
    """That indicator over the perimeter of today. ReleveImpossible. Two queries."""
    lecture = lire_observatoire(demarche)
    ligne = lecture.ligne(code) if lecture else None
    if lecture is None or ligne is None:
        raise ReleveImpossible(
            "L’observatoire ne donne pas cet indicateur : chargez ses données, ou saisissez la valeur."
        )
    lue = ligne.valeur
    if lue.valeur is None:
        raise ReleveImpossible(lue.note or "L’observatoire n’a pas de valeur sur ce périmètre.")
    haut, bas = _sommes(lecture, ligne.indicateur, lue.valeur)
    return Releve(_arrondir(lue.valeur), haut, bas, lue.millesime, lue.source, lue.note, lue.unite)


def _sommes(lecture: Lecture, quoi: Indicateur, valeur: float) -> tuple[Decimal | None, Decimal | None]:
    """Numerator and denominator added up over the perimeter; None when the figure is not made of them."""
    magasin, calcul = lecture.magasin, quoi.calcul
    if not isinstance(calcul, Rapport):
        return None, None
    haut, bas = magasin.entrees(quoi)
    for table, codes, poids in (
        (magasin.communes, lecture.perimetre.communes, "population_2023"),
        (magasin.epci, lecture.perimetre.epci, "P23_POP"),
    ):
        rangs = table.rangs_de(codes)
        if not rangs:
            continue
        somme = sommer(table.extrait(haut, rangs), table.extrait(bas, rangs) if bas else None,
                       table.extrait(poids, rangs))  # fmt: skip
        refaite = valeur_de_somme(somme, calcul)
        if somme is not None and refaite is not None and isclose(refaite, valeur, rel_tol=1e-6):
            bas_lu = somme.denominateur
            return _arrondir(somme.numerateur), None if bas_lu is None else _arrondir(bas_lu)
    return None, None
