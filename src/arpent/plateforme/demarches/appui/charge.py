"""Load and delays by structure: counted from rows read once, the same for page, file and command."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from statistics import median

from django.db.models import Q, Sum
from django.utils import timezone
from django.utils.formats import date_format

from arpent.metier.cycles.appui import ATTENDUES, EN_COURS
from arpent.plateforme.acteurs.models import Agent, DemandeAppui, GenreAppui, TempsAppui

SANS_STRUCTURE = "Mission d’appui (sans structure désignée)"


@dataclass(frozen=True, slots=True)
class Filtre:
    """What is counted: requests made between two days, of a kind, of a structure. Empty: all."""

    du: date | None = None
    au: date | None = None
    genre: str = ""
    structure: int | None = None


@dataclass(frozen=True, slots=True)
class LigneDemande:
    """What the counts need of a request. Delays in days."""

    pk: int
    structure_id: int | None
    structure: str
    genre: str
    etat: str
    demandee_le: datetime
    echeance_le: date | None
    premiere_reponse_le: datetime | None
    close_le: datetime | None
    satisfait: bool | None


@dataclass(slots=True)
class Charge:
    """A group of requests. `delai_reponse` and `delai_cloture`: median days, None without any."""

    libelle: str
    recues: int = 0
    ouvertes: int = 0
    en_retard: int = 0
    closes: int = 0
    satisfaits: int = 0
    juges: int = 0
    minutes: int = 0
    reponses: list[float] = field(default_factory=list)
    clotures: list[float] = field(default_factory=list)

    @property
    def delai_reponse(self) -> float | None:
        return round(median(self.reponses), 1) if self.reponses else None

    @property
    def delai_cloture(self) -> float | None:
        return round(median(self.clotures), 1) if self.clotures else None

    @property
    def heures(self) -> float:
        return round(self.minutes / 60, 1)

    def ajouter(self, d: LigneDemande, minutes: int, le: date) -> None:
        self.recues += 1
        self.ouvertes += d.etat in EN_COURS
        self.en_retard += d.etat in ATTENDUES and d.echeance_le is not None and d.echeance_le < le
        self.closes += d.close_le is not None
        self.juges += d.satisfait is not None
        self.satisfaits += d.satisfait is True
        self.minutes += minutes
        if d.premiere_reponse_le is not None:
            self.reponses.append((d.premiere_reponse_le - d.demandee_le).total_seconds() / 86_400)
        if d.close_le is not None:
            self.clotures.append((d.close_le - d.demandee_le).total_seconds() / 86_400)


@dataclass(frozen=True, slots=True)
class Tableau:
    """The counts by structure, by kind and by month, and the whole."""

    par_structure: Sequence[Charge]
    par_genre: Sequence[Charge]
    par_mois: Sequence[Charge]
    total: Charge


def lire_lignes(agent: Agent | None, filtre: Filtre) -> tuple[list[LigneDemande], Counter[int]]:
    """The requests counted and the minutes spent on each; without `agent`, all of them. 2 queries."""
    rows = DemandeAppui.objects.all() if agent is None else DemandeAppui.objects.visibles_par(agent)
    if filtre.du:
        rows = rows.filter(demandee_le__date__gte=filtre.du)
    if filtre.au:
        rows = rows.filter(demandee_le__date__lte=filtre.au)
    if filtre.genre:
        rows = rows.filter(genre=filtre.genre)
    if filtre.structure is not None:
        rows = rows.filter(Q(structure=filtre.structure) if filtre.structure else Q(structure=None))
    champs = (
        "pk", "structure_id", "structure__nom", "genre", "etat", "demandee_le", "echeance_le",
        "premiere_reponse_le", "close_le", "satisfait",
    )  # fmt: skip
    lignes = [LigneDemande(*valeurs) for valeurs in rows.order_by("pk").values_list(*champs)]
    temps = TempsAppui.objects.filter(demande__in=rows.order_by().values("pk")).order_by()
    sommes = temps.values_list("demande").annotate(minutes=Sum("minutes"))
    return lignes, Counter(dict(sommes))


def compter(lignes: Iterable[LigneDemande], minutes: Counter[int], le: date) -> Tableau:
    """Pure: the same rows give the same table."""
    structures: dict[str, Charge] = {}
    genres: dict[str, Charge] = {}
    mois: dict[str, Charge] = defaultdict(lambda: Charge(""))
    total = Charge("Ensemble")
    for d in lignes:
        nom = d.structure or SANS_STRUCTURE
        quand = timezone.localtime(d.demandee_le)
        groupes = (
            structures.setdefault(nom, Charge(nom)),
            genres.setdefault(d.genre, Charge(_genre(d.genre))),
            mois[f"{quand:%Y-%m}"],
            total,
        )
        for groupe in groupes:
            groupe.ajouter(d, minutes[d.pk], le)
    for cle, groupe in mois.items():
        groupe.libelle = date_format(date.fromisoformat(f"{cle}-01"), "F Y")
    return Tableau(
        sorted(structures.values(), key=lambda c: (-c.ouvertes, c.libelle)),
        [genres[code] for code in GenreAppui.values if code in genres],
        [mois[cle] for cle in sorted(mois)],
        total,
    )


def _genre(code: str) -> str:
    mot = str(GenreAppui(code).label) if code in GenreAppui.values else code
    return mot[:1].upper() + mot[1:]
