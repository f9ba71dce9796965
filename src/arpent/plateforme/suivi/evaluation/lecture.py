"""The evaluation as its page reads it: indicators by what they judge, and the euros that serve each enjeu."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Prefetch, QuerySet

from arpent.metier.argent import ZERO, formater_nombre
from arpent.metier.evaluation import LIBELLES_CHEMIN, Chemin, Trajet, contribution, liens_du_projet, trajet
from arpent.plateforme.demarches.models import Demarche
from arpent.plateforme.diagnostics.models import Enjeu
from arpent.plateforme.plans.models import Axe, Fiche
from arpent.plateforme.socle.graphiques import Figure, Serie, lignes

from ..models import IndicateurSuivi, PoidsEnjeu, ValeurSuivie
from ..montants import Montants, montants_des

GENRES: dict[Chemin, str] = {
    Chemin.SANS_VALEUR: "neutre",
    Chemin.SANS_CIBLE: "neutre",
    Chemin.RECULE: "non",
    Chemin.STABLE: "alerte",
    Chemin.AVANCE: "info",
    Chemin.ATTEINT: "ok",
}


def ecrire(valeur: Decimal | None, unite: str) -> str:
    """« 12,5 % »: the decimals that serve, the unit behind."""
    if valeur is None:
        return ""
    decimales = min(max(-int(valeur.normalize().as_tuple().exponent), 0), 2)
    return f"{formater_nombre(valeur, decimales)}\u00a0{unite}".strip()


@dataclass(frozen=True, slots=True)
class LigneIndicateur:
    """An indicator with its last value and its way."""

    indicateur: IndicateurSuivi
    derniere: ValeurSuivie | None
    trajet: Trajet

    @property
    def genre(self) -> str:
        return GENRES[self.trajet.chemin]

    @property
    def chemin(self) -> str:
        return LIBELLES_CHEMIN[self.trajet.chemin]

    @property
    def depart(self) -> str:
        return ecrire(self.indicateur.reference, self.indicateur.unite)

    @property
    def valeur(self) -> str:
        return ecrire(self.derniere.valeur, self.indicateur.unite) if self.derniere else ""

    @property
    def cible(self) -> str:
        return ecrire(self.indicateur.cible, self.indicateur.unite)


@dataclass(frozen=True, slots=True)
class Contribution:
    """The euros of the authority that serve one enjeu; `enjeu` None: those of projects tied to none."""

    enjeu: Enjeu | None
    accorde: Decimal
    engage: Decimal
    paye: Decimal


@dataclass(frozen=True, slots=True)
class GroupeIndicateurs:
    """Indicators that judge the same thing."""

    genre: str
    sur: str
    lignes: tuple[LigneIndicateur, ...]


@dataclass(frozen=True, slots=True)
class Evaluation:
    """What the page shows."""

    groupes: tuple[GroupeIndicateurs, ...]
    contributions: tuple[Contribution, ...]
    sans_enjeu: tuple[Fiche, ...]
    axes: tuple[Axe, ...]

    @property
    def lignes(self) -> list[LigneIndicateur]:
        return [x for g in self.groupes for x in g.lignes]

    @property
    def atteints(self) -> int:
        return sum(1 for x in self.lignes if x.trajet.chemin is Chemin.ATTEINT)

    @property
    def mesures(self) -> int:
        return sum(1 for x in self.lignes if x.derniere is not None)

    @property
    def total(self) -> Contribution:
        lues = self.contributions
        return Contribution(
            None,
            sum((c.accorde for c in lues), ZERO),
            sum((c.engage for c in lues), ZERO),
            sum((c.paye for c in lues), ZERO),
        )


def indicateurs_de(demarche: Demarche) -> QuerySet[IndicateurSuivi]:
    """With their values, oldest first. Two queries."""
    valeurs = ValeurSuivie.objects.order_by("le")
    return (
        IndicateurSuivi.objects.filter(demarche=demarche)
        .select_related("enjeu", "axe", "fiche")
        .prefetch_related(Prefetch("valeurs", valeurs, to_attr="lues"))
        .order_by("enjeu__priorite", "axe__numero", "fiche__numero", "nature", "pk")
    )


def ligne_de(indicateur: IndicateurSuivi, valeurs: Sequence[ValeurSuivie]) -> LigneIndicateur:
    derniere = valeurs[-1] if valeurs else None
    chemin = trajet(indicateur.reference, indicateur.cible, derniere.valeur if derniere else None)
    return LigneIndicateur(indicateur, derniere, chemin)


def lignes_indicateurs(demarche: Demarche) -> list[LigneIndicateur]:
    return [ligne_de(i, vars(i)["lues"]) for i in indicateurs_de(demarche)]


def _groupes(lignes_lues: Sequence[LigneIndicateur]) -> tuple[GroupeIndicateurs, ...]:
    rangees: dict[tuple[str, str], list[LigneIndicateur]] = {}
    for x in lignes_lues:
        i = x.indicateur
        genre = "Enjeu" if i.enjeu_id else "Axe" if i.axe_id else "Projet"
        rangees.setdefault((genre, str(i.sur)), []).append(x)
    ordre = ("Enjeu", "Axe", "Projet")
    cles = sorted(rangees, key=lambda cle: ordre.index(cle[0]))
    return tuple(GroupeIndicateurs(genre, sur, tuple(rangees[genre, sur])) for genre, sur in cles)


def axes_de(demarche: Demarche) -> list[Axe]:
    """With their enjeux and weights. Three queries."""
    return list(
        Axe.objects.filter(demarche=demarche).prefetch_related("enjeux", "poids_enjeux").order_by("numero")
    )


def liens_des(fiches: Sequence[Fiche], axes: Sequence[Axe]) -> dict[int, Mapping[int, Decimal]]:
    """Fiche → enjeu → weight, by the stored links alone. No query when the axes come from `axes_de`."""
    par_axe = {a.pk: ([e.pk for e in a.enjeux.all()], _poids(a.poids_enjeux.all())) for a in axes}
    vide: tuple[list[int], dict[int, Decimal]] = ([], {})
    return {
        f.pk: liens_du_projet(f.enjeu_id, *(par_axe.get(f.axe_id, vide) if f.axe_id else vide))
        for f in fiches
    }


def _poids(lus: QuerySet[PoidsEnjeu]) -> dict[int, Decimal]:
    return {p.enjeu_id: p.poids for p in lus}


def contributions_de(
    enjeux: Sequence[Enjeu],
    montants: Mapping[int, Montants],
    liens: Mapping[int, Mapping[int, Decimal]],
) -> tuple[Contribution, ...]:
    """One line for each enjeu in its order, then the euros tied to none when there are some."""
    parts = {
        quoi: contribution({pk: max(getattr(m, quoi), ZERO) for pk, m in montants.items()}, liens)
        for quoi in ("accorde", "engage", "paye")
    }
    cles: list[Enjeu | None] = [*enjeux, None]
    lues = [
        Contribution(e, *(parts[q].get(e.pk if e else None, ZERO) for q in ("accorde", "engage", "paye")))
        for e in cles
    ]
    return tuple(c for c in lues if c.enjeu is not None or c.accorde or c.engage or c.paye)


def evaluation_de(demarche: Demarche, fiches: Sequence[Fiche]) -> Evaluation:
    """`fiches`: those followed. Seven queries whatever their number."""
    axes = axes_de(demarche)
    liens = liens_des(fiches, axes)
    enjeux = list(Enjeu.objects.filter(demarche=demarche).order_by("priorite", "pk"))
    return Evaluation(
        _groupes(lignes_indicateurs(demarche)),
        contributions_de(enjeux, montants_des(fiches), liens),
        tuple(f for f in fiches if not liens[f.pk]),
        tuple(axes),
    )


def figure_de(indicateur: IndicateurSuivi, valeurs: Sequence[ValeurSuivie]) -> Figure | None:
    """The values over time and the target, titled by the way done. None under two points."""
    points: dict[str, Decimal] = {}
    if indicateur.reference is not None and indicateur.reference_annee:
        points[str(indicateur.reference_annee)] = indicateur.reference
    points |= {f"{v.le:%m/%Y}": v.valeur for v in valeurs}
    if len(points) < 2:
        return None
    chemin = ligne_de(indicateur, valeurs)
    series = [Serie(indicateur.libelle, tuple(points.values()))]
    if indicateur.cible is not None:
        series.append(Serie("Cible", tuple(indicateur.cible for _ in points)))
    titre = f"« {indicateur.libelle} » : {chemin.chemin}"
    return lignes(
        titre, list(points), series, ecrire=lambda x: ecrire(Decimal(x), indicateur.unite), depuis_zero=False,
        libelle_abscisse="Date",
    )  # fmt: skip
