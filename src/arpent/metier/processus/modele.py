"""The process of a dispositif: phases, steps, what must be true to pass them, which meetings are held."""

from dataclasses import dataclass
from enum import StrEnum


class Echelle(StrEnum):
    """What a meeting gathers: one territory, one of the towns of the policy, or every territory."""

    TERRITOIRE = "territoire"
    VILLE = "ville"
    DISPOSITIF = "dispositif"


class Frequence(StrEnum):
    """How often a kind of meeting is held."""

    UNE_FOIS = "une_fois"
    ANNUELLE = "annuelle"
    A_LA_DEMANDE = "a_la_demande"


ECHELLES: dict[str, str] = {
    Echelle.TERRITOIRE: "un territoire",
    Echelle.VILLE: "une ville de rendez-vous",
    Echelle.DISPOSITIF: "tous les territoires du dispositif",
}
FREQUENCES: dict[str, str] = {
    Frequence.UNE_FOIS: "une fois",
    Frequence.ANNUELLE: "chaque année",
    Frequence.A_LA_DEMANDE: "à la demande",
}
COMPOSITIONS: dict[str, str] = {
    "autorite": "élus de l’autorité",
    "conseillers": "conseillers départementaux ou régionaux des cantons",
    "maires": "maires",
    "presidents_epci": "présidents d’intercommunalité",
    "presidents_syndicats": "présidents de syndicat",
    "services": "services de l’autorité",
    "mission_appui": "mission d’appui aux projets",
    "sous_prefet": "sous-préfet",
    "partenaires": "partenaires",
}
"""Who may be called to a meeting, in the order of the forms."""
LIEUX: dict[str, str] = {
    "territoire": "Territoire",
    "diagnostic": "Diagnostic",
    "plan": "Plan d’actions",
    "negociation": "Négociation",
    "contrat": "Contrat",
    "realisation": "Réalisation",
    "bilan": "Bilan",
}
"""The seven places of the thread."""


@dataclass(frozen=True, slots=True)
class Condition:
    """One thing that must be true before a step is said done. `code` is a key of the catalogue.

    `nombre` (a minimum) and `cible` (the code of a step or of a meeting) are kept only by the kinds that ask
    for them.
    """

    code: str
    nombre: int | None = None
    cible: str = ""


@dataclass(frozen=True, slots=True)
class TypeReunion:
    """A kind of meeting of the process. `par_an` is None when nobody published how many."""

    code: str
    libelle: str
    echelle: Echelle
    composition: tuple[str, ...]
    frequence: Frequence
    par_an: int | None = None
    villes: tuple[str, ...] = ()
    duree_minutes: int = 120
    ordre_du_jour: tuple[str, ...] = ()

    @property
    def rythme(self) -> str:
        """« chaque année, 5 par an », as it is printed."""
        suite = f", {self.par_an} par an" if self.par_an else ""
        return f"{FREQUENCES[self.frequence]}{suite}"


@dataclass(frozen=True, slots=True)
class EtapeModele:
    """One step as the process describes it.

    `mois`: rank of the month in which it ends (None: outside the monthly calendar). `duree_jours`: calendar
    days (None: nobody said). `parallele`: it begins with the step before it, not after.
    """

    code: str
    libelle: str
    mois: int | None = None
    duree_jours: int | None = None
    acteur: str = ""
    role: str = ""
    facultative: bool = False
    parallele: bool = False
    reunion: str = ""
    place: str = ""
    conditions: tuple[Condition, ...] = ()


@dataclass(frozen=True, slots=True)
class Phase:
    """Steps that go together."""

    code: str
    libelle: str
    etapes: tuple[EtapeModele, ...]


@dataclass(frozen=True, slots=True)
class Definition:
    """A whole process."""

    phases: tuple[Phase, ...]
    reunions: tuple[TypeReunion, ...] = ()

    @property
    def etapes(self) -> tuple[EtapeModele, ...]:
        """Every step, in order."""
        return tuple(etape for phase in self.phases for etape in phase.etapes)

    @property
    def jalons(self) -> tuple[int, ...]:
        """The months that carry a milestone: (1, 2, 3, 4, 5)."""
        return tuple(sorted({e.mois for e in self.etapes if e.mois is not None}))

    def reunion(self, code: str) -> TypeReunion | None:
        """The kind of meeting of that code, or None."""
        return next((r for r in self.reunions if r.code == code), None)
