"""Which track an avenant takes, from the thresholds of the dispositif: who decides, and by which of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from typing import Any

from arpent.metier.argent import ZERO, formater_euros, formater_taux

from .consolidation import appliquer
from .etat import EtatContractuel, somme
from .mouvements import LIBELLES_GENRE, Genre, Mouvement


class Piste(StrEnum):
    """Who approves, from the lightest."""

    SIMPLE = "simple"
    COMMISSION = "commission"
    TOUTES = "toutes"


LIBELLES_PISTE: dict[Piste, str] = {
    Piste.SIMPLE: "Acte simple du président",
    Piste.COMMISSION: "Commission permanente et parties concernées",
    Piste.TOUTES: "Toutes les assemblées",
}
_ORDRE = tuple(Piste)


@dataclass(frozen=True, slots=True)
class Seuils:
    """`genres`: the lightest track of each kind. The others: most that a track may do, by track.

    `fongibilite`: share (0 to 1) of the aid of the project that gives; `variation`: euros, all the changes of
    aid added up whatever their sign. A kind or a track that is not there goes to every assembly.
    """

    genres: Mapping[Genre, Piste]
    fongibilite: Mapping[Piste, Decimal]
    variation: Mapping[Piste, Decimal]
    source: str = ""
    demonstration: bool = False


@dataclass(frozen=True, slots=True)
class Raison:
    """Why at least that track."""

    piste: Piste
    texte: str


@dataclass(frozen=True, slots=True)
class PisteRetenue:
    """The heaviest track that one reason asks for; `raisons` are those of that track."""

    piste: Piste
    raisons: tuple[Raison, ...]
    source: str = ""
    demonstration: bool = False

    @property
    def majeur(self) -> bool:
        return self.piste is not Piste.SIMPLE


def lire_seuils(bloc: Mapping[str, Any] | None) -> Seuils | None:
    """The key `avenants` of a dispositif; None without it. ValueError (French) names what is wrong."""
    if not bloc:
        return None
    return Seuils(
        genres={_genre(cle): _piste(valeur) for cle, valeur in (bloc.get("genres") or {}).items()},
        fongibilite=_bornes(bloc, "fongibilite", Decimal(1)),
        variation=_bornes(bloc, "variation", None),
        source=str(bloc.get("source") or ""),
        demonstration=bool(bloc.get("demonstration")),
    )


def _genre(code: str) -> Genre:
    if code not in set(Genre):
        raise ValueError(f"avenants.genres : « {code} » n’est pas un genre ({', '.join(Genre)}).")
    return Genre(code)


def _piste(code: Any) -> Piste:
    if code not in set(Piste):
        raise ValueError(f"avenants : « {code} » n’est pas une voie ({', '.join(Piste)}).")
    return Piste(code)


def _bornes(bloc: Mapping[str, Any], nom: str, plafond: Decimal | None) -> dict[Piste, Decimal]:
    bornes = {}
    for cle, valeur in (bloc.get(nom) or {}).items():
        try:
            borne = Decimal(str(valeur))
        except InvalidOperation:
            raise ValueError(f"avenants.{nom}.{cle} : « {valeur} » n’est pas un nombre.") from None
        if not borne.is_finite() or borne < 0 or (plafond is not None and borne > plafond):
            raise ValueError(f"avenants.{nom}.{cle} : {valeur} est hors des bornes.")
        bornes[_piste(cle)] = borne
    return bornes


def variation_des(etat: EtatContractuel, apres: EtatContractuel) -> Decimal:
    """All the changes of aid between two states, added up whatever their sign."""
    avant = {x.cle: x.aide for x in etat.lignes}
    neuf = {x.cle: x.aide for x in apres.lignes}
    return somme(abs(neuf.get(cle, ZERO) - avant.get(cle, ZERO)) for cle in {*avant, *neuf})


def piste_de(
    mouvements: Sequence[Mouvement], seuils: Seuils | None, etat: EtatContractuel, deja: Decimal = ZERO
) -> PisteRetenue:
    """The track of an avenant. `deja`: euros moved by the acts already decided by the simple track."""
    if seuils is None:
        texte = "Le dispositif ne fixe pas de seuil : toutes les assemblées délibèrent."
        return PisteRetenue(Piste.TOUTES, (Raison(Piste.TOUTES, texte),))
    raisons = [*_par_genre(mouvements, seuils), *_par_montant(mouvements, seuils, etat, deja)]
    haute = max((r.piste for r in raisons), key=_ORDRE.index, default=Piste.SIMPLE)
    gardees = tuple(dict.fromkeys(r for r in raisons if r.piste is haute))
    return PisteRetenue(haute, gardees, seuils.source, seuils.demonstration)


def _par_genre(mouvements: Sequence[Mouvement], seuils: Seuils) -> Iterator[Raison]:
    for genre in dict.fromkeys(m.genre for m in mouvements):
        piste = seuils.genres.get(genre, Piste.TOUTES)
        quoi = LIBELLES_GENRE[genre]
        yield Raison(piste, f"« {quoi} » relève de la voie « {LIBELLES_PISTE[piste].lower()} ».")


def _premiere(bornes: Mapping[Piste, Decimal], valeur: Decimal) -> Piste:
    """The lightest track whose bound holds that value."""
    return next((p for p in _ORDRE if p in bornes and valeur <= bornes[p]), Piste.TOUTES)


def _par_montant(
    mouvements: Sequence[Mouvement], seuils: Seuils, etat: EtatContractuel, deja: Decimal
) -> Iterator[Raison]:
    aides = {x.cle: x.aide for x in etat.lignes}
    donnes: dict[str, Decimal] = {}
    for m in mouvements:
        if m.genre is Genre.FONGIBILITE and m.montant is not None:
            donnes[m.cle] = donnes.get(m.cle, ZERO) + m.montant
    if seuils.fongibilite:
        for cle, montant in donnes.items():
            if aide := aides.get(cle):
                part = montant / aide
                piste = _premiere(seuils.fongibilite, part)
                yield Raison(
                    piste,
                    f"{formater_taux(part, None)} de l’aide d’un projet passe à un autre"
                    f"{_seuil(piste, seuils.fongibilite, lambda x: formater_taux(x, None))}.",
                )
    total = variation_des(etat, appliquer(etat, mouvements)[0])
    if seuils.variation and total:
        piste = _premiere(seuils.variation, total + deja)
        cumul = f", {formater_euros(total + deja)} avec les actes simples précédents" if deja else ""
        yield Raison(
            piste,
            f"Les aides bougent de {formater_euros(total)}{cumul}"
            f"{_seuil(piste, seuils.variation, formater_euros)}.",
        )


def _seuil(piste: Piste, bornes: Mapping[Piste, Decimal], ecrire: Any) -> str:
    """The bound that was passed, or the one that holds."""
    if piste in bornes:
        dessous = [p for p in _ORDRE[: _ORDRE.index(piste)] if p in bornes]
        if not dessous:
            return f" (jusqu’à {ecrire(bornes[piste])} : {LIBELLES_PISTE[piste].lower()})"
        return f" (plus de {ecrire(bornes[dessous[-1]])} : {LIBELLES_PISTE[piste].lower()})"
    plus_haute = max(bornes.values())
    return f" (plus de {ecrire(plus_haute)} : {LIBELLES_PISTE[piste].lower()})"
