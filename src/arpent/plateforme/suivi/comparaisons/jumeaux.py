"""The territory and its twins over the vintages loaded, each value with its two sums."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from arpent.metier.trajectoires import Mesure, PointCompare, Trajectoire, ecart
from arpent.plateforme.contrats.models import Contrat
from arpent.plateforme.demarches.models import Demarche
from arpent.plateforme.diagnostics.lecture import Lecture, noms_des_epci
from arpent.plateforme.diagnostics.portraits.series import milieu
from arpent.plateforme.observatoire.calcul import sommer
from arpent.plateforme.observatoire.catalogue import Indicateur, Rapport
from arpent.plateforme.observatoire.jumeaux import jumeaux, regle
from arpent.plateforme.observatoire.magasin import Magasin
from arpent.plateforme.socle.graphiques import Figure, Serie, lignes

from ..evaluation.lecture import ecrire

PRECISION = Decimal("0.0001")
POIDS = "population_2023"
ENTIERE = 1 - 1e-9
"""Of its people, the share whose commune is known: all of them, but for the rounding of a float."""
CANDIDATS = 200
"""Nearest EPCI among which those known at every vintage are looked for."""
_ANNEE = re.compile(r"^([PC]|\w+_(?:20)?)(\d{2})(_\w+|)$")
"""Where a column says its year: P22_POP, pop_65p_22, population_2022."""


@dataclass(frozen=True, slots=True)
class Formule:
    """The two columns of one vintage."""

    millesime: str
    haut: str
    bas: str

    @property
    def annee(self) -> int:
        annees = re.findall(r"\b(?:19|20)\d{2}\b", self.millesime)
        return int(annees[-1]) if annees else 0


@dataclass(frozen=True, slots=True)
class Comparee:
    """An indicator that can be followed with the twins."""

    quoi: Indicateur
    unite: str
    trajectoire: Trajectoire
    jumeaux: tuple[str, ...]
    """Names, nearest first."""

    def ecrire(self, valeur: Decimal | None) -> str:
        return "" if valeur is None else ecrire(valeur.quantize(Decimal("0.01")), self.unite)


def formules(magasin: Magasin, quoi: Indicateur, millesime: str) -> tuple[Formule, ...]:
    """In order of time: today’s, the one of its published evolution, those whose columns the store holds."""
    if not isinstance(quoi.calcul, Rapport) or quoi.calcul.niveau != "communes":
        return ()
    haut, bas = magasin.entrees(quoi)
    if bas is None:
        return ()
    trouvees = {millesime: Formule(millesime, haut, bas)}
    avant = quoi.evolution
    if avant is not None and avant.numerateur and avant.denominateur:
        trouvees[avant.millesime] = Formule(avant.millesime, avant.numerateur, avant.denominateur)
    for autre in _voisines(magasin, haut, bas):
        if autre.annee not in {f.annee for f in trouvees.values()}:
            trouvees[autre.millesime] = autre
    return tuple(sorted((f for f in trouvees.values() if f.annee), key=lambda f: milieu(f.millesime)))


def _voisines(magasin: Magasin, haut: str, bas: str) -> list[Formule]:
    """The same two columns of other years, when their names carry one and the store holds both."""
    ici, dessous = _ANNEE.match(haut), _ANNEE.match(bas)
    if ici is None or dessous is None or ici[2] != dessous[2]:
        return []
    lues = []
    for nom in magasin.communes.colonnes:
        lu = _ANNEE.match(nom)
        if lu is not None and lu[2] != ici[2] and (lu[1], lu[3]) == (ici[1], ici[3]):
            ancien_bas = f"{dessous[1]}{lu[2]}{dessous[3]}"
            if ancien_bas in magasin.communes.colonnes:
                lues.append(Formule(f"20{lu[2]}", nom, ancien_bas))
    return lues


def _mesure(magasin: Magasin, codes: Sequence[str], formule: Formule) -> Mesure | None:
    """None when a commune is not known that year: two vintages are compared on the same communes."""
    table = magasin.communes
    rangs = table.rangs_de(codes)
    if not rangs:
        return None
    somme = sommer(
        table.extrait(formule.haut, rangs), table.extrait(formule.bas, rangs), table.extrait(POIDS, rangs)
    )
    if somme is None or somme.denominateur is None or somme.couverture < ENTIERE:
        return None
    return Mesure(_decimal(somme.numerateur), _decimal(somme.denominateur))


def _decimal(x: float) -> Decimal:
    return Decimal(repr(float(x))).quantize(PRECISION)


def comparables(lecture: Lecture) -> list[Indicateur]:
    """Ratios known at two vintages at least, in the order of the portrait."""
    return [
        x.indicateur
        for f in lecture.familles
        for x in f.lignes
        if len(formules(lecture.magasin, x.indicateur, x.valeur.millesime)) > 1
    ]


def comparer(lecture: Lecture, code: str, signature: int | None) -> Comparee | None:
    """None when that indicator has no two vintages. Its twins may be none: they are then said missing."""
    ligne = lecture.ligne(code)
    if ligne is None:
        return None
    lues = formules(lecture.magasin, ligne.indicateur, ligne.valeur.millesime)
    calcul = ligne.indicateur.calcul
    if len(lues) < 2 or not isinstance(calcul, Rapport):
        return None
    panel = _panel(lecture, lues)
    points = tuple(
        PointCompare(
            f.millesime,
            f.annee,
            _mesure(lecture.magasin, lecture.perimetre.communes, f),
            tuple(mesures[n] for mesures in panel.values()),
        )
        for n, f in enumerate(lues)
    )
    noms = noms_des_epci()
    return Comparee(
        ligne.indicateur,
        ligne.valeur.unite,
        Trajectoire(Decimal(repr(calcul.facteur)), points, signature),
        tuple(noms.get(s, s) for s in panel),
    )


def _panel(lecture: Lecture, lues: Sequence[Formule]) -> dict[str, tuple[Mesure, ...]]:
    """The nearest EPCI whose figures are known at every vintage: the same ones from end to end.

    A twin known today only would come in on the way, and the change would be that of the list.
    """
    ici = lecture.perimetre
    proches = jumeaux(lecture.magasin, ici.communes, ici.epci, nombre=CANDIDATS)
    panel: dict[str, tuple[Mesure, ...]] = {}
    for siren in proches.sirens:
        codes = lecture.magasin.communes_de(siren)
        mesures = tuple(m for f in lues if (m := _mesure(lecture.magasin, codes, f)) is not None)
        if len(mesures) == len(lues):
            panel[siren] = mesures
        if len(panel) == regle().nombre:
            break
    return panel


def annee_de_signature(demarche: Demarche) -> int | None:
    """The year the contract took effect. One query."""
    effet = Contrat.objects.filter(demarche=demarche).values_list("date_effet", flat=True).first()
    return effet.year if effet else None


def figure_de(c: Comparee, nom: str) -> Figure | None:
    """Two lines over the vintages; None under two points."""
    t = c.trajectoire
    gardes = [p for p in t.points if t.territoire(p) is not None or t.mediane(p) is not None]
    if len(gardes) < 2:
        return None
    series = [
        Serie(nom, tuple(t.territoire(p) for p in gardes)),
        Serie("Médiane des jumeaux", tuple(t.mediane(p) for p in gardes)),
    ]
    return lignes(
        titre_de(c), [p.millesime for p in gardes], series,
        ecrire=lambda x: ecrire(Decimal(str(x)).quantize(Decimal("0.01")), c.unite), depuis_zero=False,
        libelle_abscisse="Millésime",
    )  # fmt: skip


def titre_de(c: Comparee) -> str:
    """What is seen, without a cause."""
    lu = ecart(c.trajectoire)
    if lu is None:
        return f"« {c.quoi.libelle} » : pas encore deux millésimes communs"
    return (
        f"De {lu.debut} à {lu.fin} : {_signe(c, lu.territoire)} ici, {_signe(c, lu.jumeaux)} pour la médiane "
        "des jumeaux"
    )


def _signe(c: Comparee, x: Decimal) -> str:
    """Parts move by points."""
    arrondi = x.quantize(Decimal("0.01"))
    unite = "point" if c.unite == "%" and abs(arrondi) < 2 else "points" if c.unite == "%" else c.unite
    return ("+" if arrondi > 0 else "") + ecrire(arrondi, unite)
