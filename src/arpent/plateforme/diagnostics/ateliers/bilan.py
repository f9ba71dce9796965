"""What the tables said and what the phones voted, read once: four queries whatever the size of the room."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.db.models import Count, F, Max, Q, Sum
from django.db.models.functions import Coalesce

from ..models import Atelier, ConstatTerritorial, ContributionAtelier, Participant, TableAtelier, Vote
from ..models.constats import THEMES

Nature = ConstatTerritorial.Nature
PLURIELS = {
    Nature.FORCE: "Forces",
    Nature.FAIBLESSE: "Faiblesses",
    Nature.OPPORTUNITE: "Opportunités",
    Nature.MENACE: "Menaces",
}


def themes() -> dict[str, str]:
    """Code and label of the themes a participant may choose: those of the findings."""
    return dict(THEMES)


@dataclass(frozen=True, slots=True)
class Ligne:
    """One contribution. `part`: its points in % of the highest one, to draw a bar."""

    pk: int
    nature: str
    nature_libelle: str
    theme: str
    texte: str
    table: str
    indicateur: str
    points: int
    part: float
    constat_id: int | None
    reunies: int


@dataclass(frozen=True, slots=True)
class Groupe:
    """Contributions and points of a nature, a theme or a table."""

    code: str
    libelle: str
    contributions: int
    points: int


@dataclass(frozen=True, slots=True)
class Bilan:
    """`lignes`: visible contributions, the most voted first, then the order in which they came."""

    tables: tuple[TableAtelier, ...]
    participants: int
    votants: int
    points_poses: int
    points_possibles: int
    lignes: tuple[Ligne, ...]
    ecartees: tuple[ContributionAtelier, ...]
    par_table: tuple[Groupe, ...]
    par_nature: tuple[Groupe, ...]
    par_theme: tuple[Groupe, ...]

    @property
    def recentes(self) -> tuple[Ligne, ...]:
        return tuple(sorted(self.lignes, key=lambda x: -x.pk))

    @property
    def detail_tables(self) -> str:
        return f"à {len(self.tables)} table{'s' if len(self.tables) > 1 else ''}"

    @property
    def detail_ecartees(self) -> str:
        n = len(self.ecartees)
        return f"{n} écarté{'s' if n > 1 else ''} ou réuni{'s' if n > 1 else ''}" if n else ""

    @property
    def detail_points(self) -> str:
        return f"sur {self.points_possibles} possibles" if self.points_possibles else ""

    @property
    def part_des_votants(self) -> float:
        return round(100 * self.votants / self.participants, 1) if self.participants else 0.0


def bilan(atelier: Atelier) -> Bilan:
    contributions = list(
        ContributionAtelier.objects.filter(atelier=atelier)
        .select_related("table")
        .annotate(points_recus=Coalesce(Sum("votes__points"), 0))
        .order_by("pk")
    )
    tables = tuple(TableAtelier.objects.filter(atelier=atelier).order_by("numero"))
    participants = Participant.objects.filter(atelier=atelier).count()
    votants = Vote.objects.filter(participant__atelier=atelier).aggregate(
        n=Count("participant", distinct=True)
    )["n"]
    reunies: dict[int, int] = {}
    for c in contributions:
        if c.fusionnee_dans_id:
            reunies[c.fusionnee_dans_id] = reunies.get(c.fusionnee_dans_id, 0) + 1
    visibles = [c for c in contributions if not c.ecartee]
    maximum = max((c.points_recus for c in visibles), default=0)
    lignes = tuple(
        sorted((_ligne(c, maximum, reunies.get(c.pk, 0)) for c in visibles), key=lambda x: (-x.points, x.pk))
    )
    return Bilan(
        tables=tables,
        participants=participants,
        votants=votants,
        points_poses=sum(x.points for x in lignes),
        points_possibles=participants * atelier.points,
        lignes=lignes,
        ecartees=tuple(c for c in contributions if c.ecartee),
        par_table=_grouper(lignes, [(str(t), str(t)) for t in tables], lambda x: x.table, vides=True),
        par_nature=_grouper(
            lignes, [(str(c), nom) for c, nom in PLURIELS.items()], lambda x: x.nature, vides=True
        ),
        par_theme=_grouper(lignes, [(nom, nom) for nom in themes().values()], lambda x: x.theme),
    )


def _ligne(c: ContributionAtelier, maximum: int, reunies: int) -> Ligne:
    points: int = c.points_recus  # type: ignore[attr-defined]
    return Ligne(
        pk=c.pk,
        nature=c.nature,
        nature_libelle=c.get_nature_display(),
        theme=themes().get(c.theme, ""),
        texte=c.texte,
        table=str(c.table) if c.table else "",
        indicateur=c.indicateur,
        points=points,
        part=round(100 * points / maximum, 1) if maximum else 0.0,
        constat_id=c.constat_id,
        reunies=reunies,
    )


def _grouper(
    lignes: Iterable[Ligne],
    groupes: Iterable[tuple[str, str]],
    cle: Callable[[Ligne], str],
    *,
    vides: bool = False,
) -> tuple[Groupe, ...]:
    tous = list(lignes)
    faits = []
    for code, libelle in groupes:
        ici = [x for x in tous if cle(x) == code]
        if ici or vides:
            faits.append(Groupe(code, libelle, len(ici), sum(x.points for x in ici)))
    return tuple(faits)


def signature(atelier: Atelier) -> str:
    """What changes whenever the screen of the room must change. Three small queries."""
    contributions = ContributionAtelier.objects.filter(atelier=atelier).aggregate(
        dernier=Max("pk"),
        visibles=Count("pk", filter=Q(ecartee=False)),
        somme=Sum("pk", filter=Q(ecartee=False)),
    )
    votes = Vote.objects.filter(participant__atelier=atelier).aggregate(
        total=Sum("points"), places=Sum(F("points") * F("contribution_id")), dernier=Max("pk")
    )
    gens = Participant.objects.filter(atelier=atelier).count()
    etat = (atelier.etat, atelier.etape, atelier.version, gens, *contributions.values(), *votes.values())
    return hashlib.sha256(repr(etat).encode()).hexdigest()[:20]
