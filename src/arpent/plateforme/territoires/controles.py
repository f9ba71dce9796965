"""What is checked of a perimeter before it is decided: each answer is a sentence with the names."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from arpent.metier.argent import formater_nombre

from .perimetres import CommuneLue, EpciLu, Prise, population_de

NOMS_MAX = 12
NOMMEES = 3
"""Up to that many communes left over are named."""


class Gravite(StrEnum):
    BON = "ok"
    INFO = "info"
    RESERVE = "alerte"
    BLOCAGE = "non"


LIBELLES = {
    Gravite.BON: "Vérifié",
    Gravite.INFO: "À savoir",
    Gravite.RESERVE: "À vérifier",
    Gravite.BLOCAGE: "Bloquant",
}


@dataclass(frozen=True, slots=True)
class Controle:
    """One check. A `BLOCAGE` forbids saving; a `RESERVE` only asks to be looked at."""

    code: str
    gravite: Gravite
    intitule: str
    detail: str = ""

    @property
    def libelle(self) -> str:
        return LIBELLES[self.gravite]


def enumerer(noms: Sequence[str], limite: int = NOMS_MAX) -> str:
    """« a, b et c », « a, b et 4 autres »."""
    lus = list(noms)
    if len(lus) > limite:
        lus = [*lus[:limite], f"{len(noms) - limite} autres"]
    return lus[0] if len(lus) == 1 else f"{', '.join(lus[:-1])} et {lus[-1]}" if lus else ""


def controle_choix(choisis: Sequence[EpciLu], inconnus: Sequence[str]) -> list[Controle]:
    if inconnus:
        return [
            Controle(
                "inconnus",
                Gravite.BLOCAGE,
                f"Intercommunalité inconnue à cette date : {enumerer(inconnus)}",
                "Elle n’existe pas, n’existe plus ou n’a aucune commune ici. Décochez-la ou changez la date.",
            )
        ]
    if not choisis:
        return [
            Controle("vide", Gravite.BLOCAGE, "Aucune intercommunalité choisie", "Cochez-en au moins une.")
        ]
    return []


def controle_unicite(choisis: Sequence[EpciLu], ailleurs: Sequence[Prise], le: date) -> Controle:
    """Each EPCI is in one territory of the authority at most."""
    noms = {e.siren: e.nom for e in choisis}
    tenues = [p for p in ailleurs if p.siren in noms]
    if not tenues:
        return Controle(
            "unicite", Gravite.BON, "Chaque intercommunalité n’est que dans un territoire de l’autorité"
        )
    dites = enumerer([_tenue(noms[p.siren], p, le) for p in tenues])
    nombre, pluriel = len({p.siren for p in tenues}), len(tenues) > 1
    if nombre == 1:
        intitule = f"{noms[tenues[0].siren]} est déjà dans un autre territoire"
    else:
        intitule = f"{nombre} intercommunalités sont déjà dans un autre territoire"
    return Controle(
        "unicite",
        Gravite.BLOCAGE,
        intitule,
        f"{dites}. Décochez, ou confirmez à l’enregistrement {'leur' if pluriel else 'son'} départ.",
    )


def _tenue(nom: str, prise: Prise, le: date) -> str:
    quand = f" à partir du {prise.debut:%d/%m/%Y}" if prise.debut > le else ""
    return f"{nom} dans « {prise.territoire} »{quand}"


def controle_continuite(choisis: Sequence[EpciLu], parties: Sequence[frozenset[str]]) -> Controle:
    """One piece or several: the detached parts are named by their EPCI when whole, else by their communes."""
    if len(parties) <= 1:
        return Controle("continuite", Gravite.BON, "Le territoire est d’un seul tenant")
    detachees = [_nom_de_partie(choisis, p) for p in parties[1:]]
    return Controle(
        "continuite",
        Gravite.RESERVE,
        f"Le territoire est en {len(parties)} morceaux : {enumerer(detachees)} "
        f"{'ne touchent' if len(detachees) > 1 else 'ne touche'} pas le reste",
        "Une île, une enclave ou une intercommunalité oubliée : vérifiez sur la carte.",
    )


def _nom_de_partie(choisis: Sequence[EpciLu], partie: frozenset[str]) -> str:
    entiers = [e.nom for e in choisis if {c.code for c in e.communes} <= partie]
    couvertes = {c.code for e in choisis if e.nom in entiers for c in e.communes}
    isolees = sorted(c.nom for e in choisis for c in e.communes if c.code in partie - couvertes)
    return enumerer([*entiers, *isolees], 4)


def controle_restes(
    choisis: Sequence[EpciLu],
    candidats: Sequence[EpciLu],
    ailleurs: Sequence[Prise],
    sans_epci: Sequence[CommuneLue],
    departements: Sequence[str],
) -> Controle:
    """What the authority's area keeps outside of every territory."""
    pris = {p.siren for p in ailleurs} | {e.siren for e in choisis}
    proches = {e.departement for e in choisis}
    libres = [e for e in candidats if e.siren not in pris]
    libres.sort(key=lambda e: e.departement not in proches)  # those around the draft are named first
    communes = [c for e in libres for c in e.communes if c.departement in departements]
    dites = []
    if libres:
        dites.append(f"{enumerer([e.nom for e in libres])} ({_nommees(communes)})")
    if sans_epci:
        dites.append(f"sans intercommunalité : {enumerer([c.nom for c in sans_epci])}")
    if not dites:
        return Controle("restes", Gravite.BON, "Aucune commune ne reste hors des territoires de l’autorité")
    return Controle(
        "restes",
        Gravite.INFO,
        f"{_communes(len(communes) + len(sans_epci))} "
        f"{'resteraient' if len(communes) + len(sans_epci) > 1 else 'resterait'} hors de tout territoire",
        f"{' ; '.join(dites)}.",
    )


def _nommees(communes: Sequence[CommuneLue]) -> str:
    """Their names when they are few, else their number."""
    return enumerer([c.nom for c in communes]) if len(communes) <= NOMMEES else _communes(len(communes))


def _communes(nombre: int) -> str:
    return f"{formater_nombre(nombre)} commune{'s' if nombre > 1 else ''}"


def controle_departements(
    choisis: Sequence[EpciLu], departements: Sequence[str], nommer: Callable[[str], str]
) -> Controle:
    comptes: dict[str, int] = {}
    for e in choisis:
        for c in e.communes:
            comptes[c.departement] = comptes.get(c.departement, 0) + 1
    tries = sorted(comptes, key=lambda d: (-comptes[d], d))
    if len(tries) == 1:
        return Controle("departements", Gravite.BON, f"Un seul département : {nommer(tries[0])}")
    dites = [f"{nommer(d)} ({_communes(comptes[d])})" for d in tries]
    dehors = [nommer(d) for d in tries if d not in departements]
    return Controle(
        "departements",
        Gravite.RESERVE if dehors else Gravite.INFO,
        f"Le territoire s’étend sur {len(tries)} départements : {enumerer(dites)}",
        f"Hors du ressort de l’autorité : {enumerer(dehors)}. Vérifiez qui finance ces communes."
        if dehors
        else "",
    )


def controle_population(choisis: Sequence[EpciLu], seuil: int | None) -> Controle:
    """The floor is the dispositif's; when it says none, nothing is invented."""
    population = population_de([c for e in choisis for c in e.communes])
    if population is None:
        return Controle("population", Gravite.RESERVE, "Population non disponible pour une commune au moins")
    dite = f"{formater_nombre(population)} habitants"
    if seuil is None:
        return Controle(
            "population",
            Gravite.INFO,
            f"{dite} ; seuil de population non saisi",
            "Le dispositif ne fixe pas de population minimale.",
        )
    if population < seuil:
        return Controle(
            "population",
            Gravite.BLOCAGE,
            f"{dite} : il en manque {formater_nombre(seuil - population)}",
            f"Le dispositif demande au moins {formater_nombre(seuil)} habitants.",
        )
    return Controle(
        "population", Gravite.BON, f"{dite}, pour un plancher de {formater_nombre(seuil)} habitants"
    )


def controle_donnees(choisis: Sequence[EpciLu], connus: Mapping[str, int]) -> Controle:
    """`connus`: SIREN of the EPCI that the observatoire holds."""
    absents = [e.nom for e in choisis if e.siren not in connus]
    if not absents:
        return Controle("donnees", Gravite.BON, "L’observatoire connaît chaque intercommunalité")
    return Controle(
        "donnees",
        Gravite.RESERVE,
        f"Sans données à l’observatoire : {enumerer(absents)}",
        "Les indicateurs publiés par intercommunalité manqueront ; ceux des communes sont lus.",
    )
