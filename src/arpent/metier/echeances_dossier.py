"""The deadlines of an awarded aid: start, completion, balance; lapse, extensions, alerts.

No clock: the day is handed in. The delays are data of the dispositif; one that is not entered is not checked.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any

from arpent.metier.temps import ajouter_mois

ALERTES_JOURS = (90, 30, 7)
_CLES_MOIS = (
    "commencement_mois", "commencement_prorogation_mois", "achevement_mois", "achevement_prorogation_mois",
    "solde_mois",
)  # fmt: skip
_CLES = frozenset({*_CLES_MOIS, "alertes_jours", "source", "demonstration"})


class GenreEcheance(StrEnum):
    """What must be done before the deadline."""

    COMMENCEMENT = "commencement"
    ACHEVEMENT = "achevement"
    SOLDE = "solde"


class EtatEcheance(StrEnum):
    """Where a deadline stands on a day."""

    TENUE = "tenue"
    TENUE_EN_RETARD = "tenue_en_retard"
    DEPASSEE = "depassee"
    PROCHE = "proche"
    A_VENIR = "a_venir"
    NON_REGLEE = "non_reglee"
    EN_ATTENTE = "en_attente"


LIBELLES_ECHEANCE: dict[StrEnum, str] = {
    GenreEcheance.COMMENCEMENT: "Commencement des travaux",
    GenreEcheance.ACHEVEMENT: "Achèvement des travaux",
    GenreEcheance.SOLDE: "Demande du solde",
}
LIBELLES_ETAT_ECHEANCE: dict[StrEnum, str] = {
    EtatEcheance.TENUE: "tenue",
    EtatEcheance.TENUE_EN_RETARD: "tenue en retard",
    EtatEcheance.DEPASSEE: "dépassée",
    EtatEcheance.PROCHE: "proche",
    EtatEcheance.A_VENIR: "à venir",
    EtatEcheance.NON_REGLEE: "délai non saisi",
    EtatEcheance.EN_ATTENTE: "en attente",
}
PROROGEABLES = (GenreEcheance.COMMENCEMENT, GenreEcheance.ACHEVEMENT)


@dataclass(frozen=True, slots=True)
class ReglesEcheances:
    """Delays in months; None: not entered."""

    commencement_mois: int | None = None
    commencement_prorogation_mois: int | None = None
    achevement_mois: int | None = None
    achevement_prorogation_mois: int | None = None
    solde_mois: int | None = None
    alertes_jours: tuple[int, ...] = ALERTES_JOURS
    source: str = ""
    demonstration: bool = False

    def delai(self, genre: GenreEcheance) -> int | None:
        mois: int | None = getattr(self, f"{genre}_mois")
        return mois

    def prorogation(self, genre: GenreEcheance) -> int | None:
        mois: int | None = getattr(self, f"{genre}_prorogation_mois", None)
        return mois


@dataclass(frozen=True, slots=True)
class FaitsEcheances:
    """What is known of a file. `prorogations`: months granted, by kind of deadline."""

    attribue_le: date | None
    commence_le: date | None = None
    acheve_le: date | None = None
    solde_demande_le: date | None = None
    prorogations: Mapping[GenreEcheance, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Echeance:
    """One deadline; `le`: its last day in time, None when it is not known; `jours` left, negative after."""

    genre: GenreEcheance
    le: date | None
    etat: EtatEcheance
    calcul: str
    jours: int | None = None

    @property
    def est_ouverte(self) -> bool:
        """Still to be met, with a day."""
        return self.etat in {EtatEcheance.DEPASSEE, EtatEcheance.PROCHE, EtatEcheance.A_VENIR}


@dataclass(frozen=True, slots=True)
class Caducite:
    """Whether an aid may be declared lapsed, since when, and why. `depuis`: the first day beyond."""

    possible: bool
    explication: str
    echeance: Echeance | None = None
    depuis: date | None = None


def lire_echeances(bloc: Any) -> ReglesEcheances:
    """The key `echeances` of a dispositif; all empty without it. ValueError (French) names what is wrong."""
    if bloc is None:
        return ReglesEcheances()
    if not isinstance(bloc, Mapping):
        raise ValueError("« echeances » : écrivez des clés commencement_mois, achevement_mois…")
    if inconnues := sorted(set(bloc) - _CLES):
        raise ValueError(f"« echeances » : clé « {inconnues[0]} » inconnue.")
    mois = {cle: _mois(bloc, cle) for cle in _CLES_MOIS}
    return ReglesEcheances(
        **mois,
        alertes_jours=_alertes(bloc.get("alertes_jours")),
        source=str(bloc.get("source") or ""),
        demonstration=bool(bloc.get("demonstration")),
    )


def _mois(bloc: Mapping[str, Any], cle: str) -> int | None:
    lu = bloc.get(cle)
    if lu is not None and (not isinstance(lu, int) or isinstance(lu, bool) or not 0 <= lu <= 240):
        raise ValueError(f"« echeances », {cle} : écrivez un nombre de mois, de 0 à 240.")
    return lu


def _alertes(lu: Any) -> tuple[int, ...]:
    if lu is None:
        return ALERTES_JOURS
    if not isinstance(lu, list) or not all(isinstance(x, int) and x > 0 for x in lu):
        raise ValueError(
            "« echeances », alertes_jours : écrivez une liste de jours, par exemple [90, 30, 7]."
        )
    return tuple(sorted(set(lu), reverse=True))


def echeances(regles: ReglesEcheances, faits: FaitsEcheances, today: date) -> tuple[Echeance, ...]:
    """The three deadlines on the day `today`, in order."""
    G = GenreEcheance
    return (
        _echeance(G.COMMENCEMENT, regles, faits, faits.attribue_le, faits.commence_le, today),
        _echeance(G.ACHEVEMENT, regles, faits, faits.commence_le, faits.acheve_le, today),
        _echeance(G.SOLDE, regles, faits, faits.acheve_le, faits.solde_demande_le, today),
    )


_ATTENTES: dict[GenreEcheance, tuple[str, str]] = {
    GenreEcheance.COMMENCEMENT: ("attribution", "la date d’attribution"),
    GenreEcheance.ACHEVEMENT: ("commencement", "la déclaration de commencement"),
    GenreEcheance.SOLDE: ("achèvement", "la déclaration d’achèvement"),
}


def _echeance(
    genre: GenreEcheance,
    regles: ReglesEcheances,
    faits: FaitsEcheances,
    depart: date | None,
    fait_le: date | None,
    today: date,
) -> Echeance:
    delai, (origine, attendu) = regles.delai(genre), _ATTENTES[genre]
    if delai is None:
        texte = "Le règlement saisi ne donne pas ce délai : il n’est pas contrôlé."
        return Echeance(genre, None, EtatEcheance.NON_REGLEE, texte)
    if depart is None:
        return Echeance(genre, None, EtatEcheance.EN_ATTENTE, f"Attend {attendu}.")
    accordes = faits.prorogations.get(genre, 0)
    le = ajouter_mois(depart, delai + accordes)
    plus = f" + {accordes} mois prorogés" if accordes else ""
    calcul = f"{origine} le {depart:%d/%m/%Y} + {delai} mois{plus} = {le:%d/%m/%Y}"
    if fait_le is not None:
        etat = EtatEcheance.TENUE if fait_le <= le else EtatEcheance.TENUE_EN_RETARD
        return Echeance(genre, le, etat, f"{calcul} ; fait le {fait_le:%d/%m/%Y}")
    jours = (le - today).days
    if jours < 0:
        etat = EtatEcheance.DEPASSEE
    elif jours <= max(regles.alertes_jours, default=0):
        etat = EtatEcheance.PROCHE
    else:
        etat = EtatEcheance.A_VENIR
    return Echeance(genre, le, etat, calcul, jours)


def caducite(lues: Sequence[Echeance]) -> Caducite:
    """Whether the aid may be declared lapsed: the first deadline of start or completion that has gone by."""
    for e in lues:
        if e.genre in PROROGEABLES and e.etat is EtatEcheance.DEPASSEE:
            assert e.le is not None
            assert e.jours is not None
            depuis = date.fromordinal(e.le.toordinal() + 1)
            texte = (
                f"{LIBELLES_ECHEANCE[e.genre]} non déclaré : {e.calcul}, dépassé de {-e.jours} jour"
                f"{'s' if e.jours < -1 else ''}."
            )
            return Caducite(True, texte, e, depuis)
    return Caducite(False, "Aucun délai de commencement ou d’achèvement n’est dépassé.")


def refus_prorogation(
    genre: str,
    mois: int,
    motif: str,
    regles: ReglesEcheances,
    faits: FaitsEcheances,
    *,
    caduque: bool = False,
) -> str:
    """Why an extension of `mois` months cannot be asked or granted; empty when it can."""
    if genre not in PROROGEABLES:
        return "Seuls le commencement et l’achèvement se prorogent."
    voulu = GenreEcheance(genre)
    if caduque:
        return "L’aide est déclarée caduque : une prorogation ne la rétablit pas, déposez un nouveau dossier."
    if regles.delai(voulu) is None:
        return "Le règlement saisi ne donne pas ce délai : il n’y a rien à proroger."
    deja_fait = faits.commence_le if voulu is GenreEcheance.COMMENCEMENT else faits.acheve_le
    if deja_fait is not None:
        return f"{LIBELLES_ECHEANCE[voulu]} : déjà déclaré le {deja_fait:%d/%m/%Y}."
    if voulu is GenreEcheance.ACHEVEMENT and faits.commence_le is None:
        return "Les travaux ne sont pas déclarés commencés : prorogez d’abord le délai de commencement."
    if mois < 1:
        return "Demandez au moins un mois."
    maximum, accordes = regles.prorogation(voulu), faits.prorogations.get(voulu, 0)
    if maximum is not None and accordes + mois > maximum:
        return (
            f"Le règlement permet {maximum} mois de prorogation : {accordes} accordés et {mois} demandés "
            f"font {accordes + mois} mois. Demandez {max(maximum - accordes, 0)} mois au plus."
        )
    return "" if motif.strip() else "Dites pourquoi le délai ne peut pas être tenu."


def seuil_d_alerte(echeance: Echeance, regles: ReglesEcheances) -> int | None:
    """The alert that its day calls for: the smallest threshold not under the days left; None: none."""
    if not echeance.est_ouverte or echeance.jours is None or echeance.jours < 0:
        return None
    return min((s for s in regles.alertes_jours if s >= echeance.jours), default=None)


def alerte_a_envoyer(
    echeance: Echeance, regles: ReglesEcheances, deja: tuple[date, int] | None
) -> int | None:
    """The threshold to send; `deja`: last deadline warned of and its threshold. None: nothing to send."""
    seuil = seuil_d_alerte(echeance, regles)
    if seuil is None:
        return None
    if deja is not None and deja[0] == echeance.le and deja[1] <= seuil:
        return None
    return seuil
