"""The reserve fund: what a request must fulfil, and what is left of the fund.

The criteria are data of the dispositif. A value that the authority did not publish is None: that criterion
is not checked, and says so. Each check answers an explained ConstatReserve.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from typing import Any, TypeVar

from arpent.metier.argent import ZERO, formater_euros
from arpent.metier.repartition.soldes import Soldes, refus_montant


class ReserveInvalide(ValueError):
    """The block `reserve` of a dispositif is wrong; the message is French and names the key."""


class GenreCritere(StrEnum):
    """How a criterion is checked: declared by the territory, or computed."""

    DECLARE = "declare"
    CONTRAT = "contrat_en_vigueur"
    PORTEUR = "porteur"
    THEME = "theme"
    COUT = "cout"
    PLAFOND = "plafond_projet"
    NOMBRE = "nombre"
    REGLEMENT = "aide_reglement"
    SOLDE = "solde"


class Moment(StrEnum):
    """When a criterion that is not fulfilled stops the request."""

    DEPOSER = "deposer"
    ACCORDER = "accorder"


class VerdictCritere(StrEnum):
    REMPLI = "rempli"
    NON_REMPLI = "non_rempli"
    A_JUSTIFIER = "a_justifier"
    NON_CONTROLE = "non_controle"


LIBELLES_VERDICT_CRITERE: dict[str, str] = {
    VerdictCritere.REMPLI: "rempli",
    VerdictCritere.NON_REMPLI: "non\u00a0rempli",
    VerdictCritere.A_JUSTIFIER: "à\u00a0justifier",
    VerdictCritere.NON_CONTROLE: "non\u00a0contrôlé",
}
SIGNATAIRE, BENEFICIAIRE = "signataire", "beneficiaire"
T = TypeVar("T", bound=StrEnum)
_NON_PUBLIE = "L’autorité n’a pas publié cette valeur : elle n’est pas contrôlée."


@dataclass(frozen=True, slots=True)
class Critere:
    """One criterion. `minimum`, `maximum`: euros; `codes`: themes or qualities; `par_…`: numbers of aids."""

    code: str
    libelle: str
    genre: GenreCritere
    moment: Moment = Moment.ACCORDER
    question: str = ""
    source: str = ""
    minimum: Decimal | None = None
    maximum: Decimal | None = None
    codes: tuple[str, ...] = ()
    par_porteur: int | None = None
    par_contrat: int | None = None

    @property
    def est_declare(self) -> bool:
        return self.genre is GenreCritere.DECLARE

    @property
    def admet_derogation(self) -> bool:
        """Neither the money that is not there, nor the règlement: its rules are set aside on the fiche."""
        return self.genre not in {GenreCritere.REGLEMENT, GenreCritere.SOLDE}


@dataclass(frozen=True, slots=True)
class Reserve:
    """What the dispositif says of its reserve: the code of its fund, its criteria."""

    fonds: str
    criteres: tuple[Critere, ...]

    @property
    def declares(self) -> tuple[Critere, ...]:
        return tuple(c for c in self.criteres if c.est_declare)


@dataclass(frozen=True, slots=True)
class FaitsReserve:
    """What is known of a request on the day it is examined; amounts in euros."""

    montant: Decimal
    cout: Decimal
    theme: str = ""
    theme_libelle: str = ""
    porteur: str = ""
    qualites: frozenset[str] = frozenset()
    contrat: str = ""
    """State of the contract as read; empty: none prepared."""
    contrat_en_vigueur: bool = False
    aide_maximale: Decimal | None = None
    """What the règlement allows; None: no règlement in force."""
    reste: Decimal | None = None
    """What is left in the fund; None: the fund has no amount yet."""
    deja_porteur: int = 0
    deja_contrat: int = 0
    justifications: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ConstatReserve:
    """The verdict on one criterion, and why."""

    critere: Critere
    verdict: VerdictCritere
    explication: str

    @property
    def arrete(self) -> bool:
        return self.verdict in {VerdictCritere.NON_REMPLI, VerdictCritere.A_JUSTIFIER}


# --- reading the data -----------------------------------------------------------------------------


def lire_reserve(bloc: Any) -> Reserve | None:
    """The block `reserve` of a dispositif; None when it has none. ReserveInvalide."""
    if bloc is None:
        return None
    if not isinstance(bloc, Mapping):
        raise ReserveInvalide("« reserve » doit être une table de clés : fonds, criteres.")
    criteres = bloc.get("criteres") or []
    if not isinstance(criteres, list) or not all(isinstance(c, Mapping) for c in criteres):
        raise ReserveInvalide("« reserve », criteres : donnez une liste de blocs.")
    lus = tuple(_critere(c) for c in criteres)
    codes = [c.code for c in lus]
    if double := next((code for code in codes if codes.count(code) > 1), None):
        raise ReserveInvalide(f"« reserve », criteres : le code « {double} » est donné deux fois.")
    return Reserve(str(bloc.get("fonds") or "reserve"), lus)


def _critere(brut: Mapping[str, Any]) -> Critere:
    code, libelle = str(brut.get("code") or ""), str(brut.get("libelle") or "")
    if not code or not libelle:
        raise ReserveInvalide("« reserve », criteres : chaque critère a un code et un libelle.")
    return Critere(
        code,
        libelle,
        _parmi(GenreCritere, brut.get("genre"), f"{code}, genre"),
        _parmi(Moment, brut.get("exige") or Moment.ACCORDER, f"{code}, exige"),
        str(brut.get("question") or ""),
        str(brut.get("source") or ""),
        _euros(brut.get("minimum"), f"{code}, minimum"),
        _euros(brut.get("maximum"), f"{code}, maximum"),
        tuple(str(x) for x in brut.get("parmi") or ()),
        _nombre(brut.get("par_porteur"), f"{code}, par_porteur"),
        _nombre(brut.get("par_contrat"), f"{code}, par_contrat"),
    )


def _parmi(genre: type[T], valeur: Any, ou: str) -> T:
    if valeur not in set(genre):
        raise ReserveInvalide(
            f"« reserve », {ou} : « {valeur} » est inconnu. Connus : {', '.join(sorted(genre))}."
        )
    return genre(valeur)


def _euros(valeur: Any, ou: str) -> Decimal | None:
    if valeur is None:
        return None
    try:
        montant = Decimal(str(valeur))
    except InvalidOperation:
        montant = Decimal(0)
    if refus_montant(montant):
        raise ReserveInvalide(
            f"« reserve », {ou} : donnez un montant en euros, ou null s’il n’est pas publié."
        )
    return montant


def _nombre(valeur: Any, ou: str) -> int | None:
    if valeur is None:
        return None
    if not isinstance(valeur, int) or isinstance(valeur, bool) or valeur < 1:
        raise ReserveInvalide(f"« reserve », {ou} : donnez un nombre, au moins 1, ou null.")
    return valeur


# --- checking a request ---------------------------------------------------------------------------

_Reponse = tuple[VerdictCritere, str]


def examiner_demande(reserve: Reserve, faits: FaitsReserve) -> list[ConstatReserve]:
    """The verdict on each criterion, in the order of the dispositif."""
    return [ConstatReserve(c, *_CONTROLES[c.genre](c, faits)) for c in reserve.criteres]


def manques(
    constats: Iterable[ConstatReserve], moment: Moment, *, derogation: bool = False
) -> list[ConstatReserve]:
    """Those that stop the gesture: what is asked to file is asked to grant too.

    With a `derogation`, only those that admit none.
    """
    voulus = {Moment.DEPOSER} if moment is Moment.DEPOSER else set(Moment)
    return [
        c
        for c in constats
        if c.arrete and c.critere.moment in voulus and not (derogation and c.critere.admet_derogation)
    ]


def _si(tient: bool, explication: str) -> _Reponse:
    return (VerdictCritere.REMPLI if tient else VerdictCritere.NON_REMPLI), explication


def _declare(critere: Critere, faits: FaitsReserve) -> _Reponse:
    texte = faits.justifications.get(critere.code, "").strip()
    if not texte:
        return VerdictCritere.A_JUSTIFIER, "Le territoire doit dire pourquoi ce critère est rempli."
    return VerdictCritere.REMPLI, "Déclaré par le territoire, avec sa justification."


def _contrat(critere: Critere, faits: FaitsReserve) -> _Reponse:
    if faits.contrat_en_vigueur:
        return _si(True, f"Le contrat est « {faits.contrat.lower()} ».")
    etat = f"Le contrat est « {faits.contrat.lower()} »" if faits.contrat else "Le contrat n’est pas préparé"
    return _si(False, f"{etat} : la réserve s’ouvre quand il est en vigueur.")


def _porteur(critere: Critere, faits: FaitsReserve) -> _Reponse:
    mots = {SIGNATAIRE: "signataire du contrat", BENEFICIAIRE: "bénéficiaire prévu par le dispositif"}
    tenues = [mots[q] for q in mots if q in faits.qualites and q in critere.codes]
    if tenues:
        return _si(True, f"{faits.porteur} est {' et '.join(tenues)}.")
    voulues = " ou ".join(mots.get(q, q) for q in critere.codes)
    return _si(False, f"{faits.porteur} n’est pas {voulues}.")


def _theme(critere: Critere, faits: FaitsReserve) -> _Reponse:
    if not critere.codes:
        return VerdictCritere.NON_CONTROLE, _NON_PUBLIE
    if not faits.theme:
        return _si(False, "La fiche n’a pas de thème : complétez-la.")
    ouvert = "est ouvert" if faits.theme in critere.codes else "n’est pas ouvert"
    return _si(faits.theme in critere.codes, f"Le thème « {faits.theme_libelle} » {ouvert} à la réserve.")


def _cout(critere: Critere, faits: FaitsReserve) -> _Reponse:
    if critere.minimum is None and critere.maximum is None:
        return VerdictCritere.NON_CONTROLE, _NON_PUBLIE
    cout = f"Le coût est de {formater_euros(faits.cout)} HT"
    if critere.minimum is not None and faits.cout < critere.minimum:
        return _si(False, f"{cout}, sous le minimum de {formater_euros(critere.minimum)}.")
    if critere.maximum is not None and faits.cout > critere.maximum:
        return _si(False, f"{cout}, au-dessus du maximum de {formater_euros(critere.maximum)}.")
    return _si(True, f"{cout}, dans les limites.")


def _au_plus(montant: Decimal, maximum: Decimal, quoi: str) -> _Reponse:
    compare = "dépassent" if montant > maximum else "tiennent dans"
    return _si(montant <= maximum, f"{formater_euros(montant)} {compare} {quoi} : {formater_euros(maximum)}.")


def _plafond(critere: Critere, faits: FaitsReserve) -> _Reponse:
    if critere.maximum is None:
        return VerdictCritere.NON_CONTROLE, _NON_PUBLIE
    return _au_plus(faits.montant, critere.maximum, "l’aide maximale par projet")


def _nombre_de_demandes(critere: Critere, faits: FaitsReserve) -> _Reponse:
    if critere.par_porteur is None and critere.par_contrat is None:
        return VerdictCritere.NON_CONTROLE, _NON_PUBLIE
    for maximum, deja, qui in (
        (critere.par_porteur, faits.deja_porteur, faits.porteur),
        (critere.par_contrat, faits.deja_contrat, "Ce contrat"),
    ):
        if maximum is not None and deja >= maximum:
            return _si(
                False, f"{qui} a déjà {deja} aide{'s' * (deja > 1)} de la réserve, pour {maximum} au plus."
            )
    return _si(True, "Le nombre d’aides de la réserve n’est pas atteint.")


def _reglement(critere: Critere, faits: FaitsReserve) -> _Reponse:
    if faits.aide_maximale is None:
        return VerdictCritere.NON_CONTROLE, "Aucun règlement n’est en vigueur : publiez-en une version."
    return _au_plus(faits.montant, faits.aide_maximale, "l’aide que permettent le règlement et la loi")


def _solde(critere: Critere, faits: FaitsReserve) -> _Reponse:
    if faits.reste is None:
        return _si(False, "Le fonds de réserve n’a pas de montant : l’autorité doit le renseigner.")
    return _au_plus(faits.montant, faits.reste, "ce qui reste dans la réserve")


_CONTROLES: dict[GenreCritere, Callable[[Critere, FaitsReserve], _Reponse]] = {
    GenreCritere.DECLARE: _declare,
    GenreCritere.CONTRAT: _contrat,
    GenreCritere.PORTEUR: _porteur,
    GenreCritere.THEME: _theme,
    GenreCritere.COUT: _cout,
    GenreCritere.PLAFOND: _plafond,
    GenreCritere.NOMBRE: _nombre_de_demandes,
    GenreCritere.REGLEMENT: _reglement,
    GenreCritere.SOLDE: _solde,
}


# --- the balance ----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class SoldeReserve:
    """The reserve read from its movements: `dote` − `libere` = `reserve` + `tire` + `reste`."""

    dote: Decimal = ZERO
    libere: Decimal = ZERO
    reserve: Decimal = ZERO
    """Granted and not drawn."""
    tire: Decimal = ZERO
    paye: Decimal = ZERO
    reste: Decimal = ZERO

    @classmethod
    def depuis(cls, racine: Soldes, territoires: Soldes, libere: Decimal) -> SoldeReserve:
        """`racine`: the fund's own balance; `territoires`: the sum of what was given to territories."""
        return cls(
            dote=racine.alloue + territoires.alloue + libere,
            libere=libere,
            reserve=territoires.alloue - territoires.engage,
            tire=territoires.engage,
            paye=territoires.paye,
            reste=racine.alloue,
        )


def refus_accord(montant: Decimal, reste: Decimal) -> str:
    """What is granted is in the reserve."""
    if refus := refus_montant(montant):
        return refus
    if montant <= reste:
        return ""
    return (
        f"Il reste {formater_euros(max(reste, ZERO))} dans la réserve : {formater_euros(montant)} n’y "
        "tiennent pas. Accordez moins, ou libérez une aide qui ne sera pas tirée."
    )
