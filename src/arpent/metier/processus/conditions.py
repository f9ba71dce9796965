"""The catalogue of conditions, and their answer from facts handed in. A fact nobody gave stays unknown."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from .modele import Condition


@dataclass(frozen=True, slots=True, kw_only=True)
class Faits:
    """What the rooms know of one démarche. None: nobody answered. The tuples name what is missing."""

    etapes_faites: frozenset[str] = frozenset()
    etapes_precedentes_a_faire: tuple[str, ...] = ()
    diagnostic_partage: bool | None = None
    fiches_proposees: int | None = None
    fiches_sans_deliberation: tuple[str, ...] | None = None
    fiches_sans_preinstruction: tuple[str, ...] | None = None
    maquette_offerte: bool | None = None
    accord_conclu: bool | None = None
    contrat_ouvert: bool | None = None
    parties_sans_vote: tuple[str, ...] | None = None
    contrat_signe: bool | None = None
    comptes_rendus_valides: Mapping[str, int] | None = None
    """How many meetings of each kind were held and have validated minutes."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """The answer to one condition. `remplie` is None when the fact is not known: it then blocks nobody.

    `phrase` says the condition, `manque` what is missing and so what to do.
    """

    condition: Condition
    phrase: str
    remplie: bool | None
    manque: str = ""


@dataclass(frozen=True, slots=True)
class GenreCondition:
    """One line of the catalogue. `demande`: the parameter it takes (« nombre », « etape », « reunion »)."""

    code: str
    libelle: str
    juger: Callable[[Condition, Faits], tuple[bool | None, str]]
    demande: str = ""


MONTRES = 5
"""How many missing things a sentence names before it only counts them."""


def enumerer(noms: tuple[str, ...], combien: int = MONTRES) -> str:
    """« A, B, C et 4 autres »: `combien` are named."""
    montres = ", ".join(noms[:combien])
    reste = len(noms) - combien
    return f"{montres} et {reste} autre{'s' if reste > 1 else ''}" if reste > 0 else montres


def _oui(vrai: bool | None, manque: str) -> tuple[bool | None, str]:
    return vrai, "" if vrai or vrai is None else manque


def _aucun(noms: tuple[str, ...] | None, debut: str) -> tuple[bool | None, str]:
    if noms is None:
        return None, ""
    return not noms, f"{debut} {enumerer(noms)}." if noms else ""


def _precedentes(condition: Condition, faits: Faits) -> tuple[bool | None, str]:
    return _aucun(faits.etapes_precedentes_a_faire, "Restent à faire\u00a0:")


def _etape_faite(condition: Condition, faits: Faits) -> tuple[bool | None, str]:
    return _oui(condition.cible in faits.etapes_faites, "Cette étape n’est pas encore faite.")


def _diagnostic(condition: Condition, faits: Faits) -> tuple[bool | None, str]:
    return _oui(faits.diagnostic_partage, "Ouvrez le plan d’actions\u00a0: le diagnostic est alors partagé.")


def _fiches(condition: Condition, faits: Faits) -> tuple[bool | None, str]:
    if faits.fiches_proposees is None:
        return None, ""
    voulu, trouve = condition.nombre or 1, faits.fiches_proposees
    combien = f"{trouve} proposée{'s' if trouve > 1 else ''}" if trouve else "aucune n’est proposée"
    return _oui(trouve >= voulu, f"Il en faut {voulu}\u00a0: {combien}.")


def _deliberees(condition: Condition, faits: Faits) -> tuple[bool | None, str]:
    return _aucun(faits.fiches_sans_deliberation, "Sans délibération\u00a0:")


def _preinstruites(condition: Condition, faits: Faits) -> tuple[bool | None, str]:
    return _aucun(faits.fiches_sans_preinstruction, "Sans pré-instruction\u00a0:")


def _maquette(condition: Condition, faits: Faits) -> tuple[bool | None, str]:
    return _oui(faits.maquette_offerte, "Aucune offre n’est faite dans la négociation.")


def _accord(condition: Condition, faits: Faits) -> tuple[bool | None, str]:
    return _oui(
        faits.accord_conclu, "L’offre de l’autorité et la réponse du territoire ne se rejoignent pas."
    )


def _contrat_vote(condition: Condition, faits: Faits) -> tuple[bool | None, str]:
    if faits.contrat_ouvert is False:
        return False, "Le contrat n’est pas encore ouvert."
    return _aucun(faits.parties_sans_vote, "N’ont pas adopté le contrat\u00a0:")


def _contrat_signe(condition: Condition, faits: Faits) -> tuple[bool | None, str]:
    return _oui(faits.contrat_signe, "Toutes les parties n’ont pas signé.")


def _reunion(condition: Condition, faits: Faits) -> tuple[bool | None, str]:
    if faits.comptes_rendus_valides is None:
        return None, ""
    voulu, trouve = condition.nombre or 1, faits.comptes_rendus_valides.get(condition.cible, 0)
    return _oui(trouve >= voulu, f"Comptes rendus validés\u00a0: {trouve} sur {voulu}.")


CATALOGUE: Mapping[str, GenreCondition] = {
    genre.code: genre
    for genre in (
        GenreCondition("etapes_precedentes", "les étapes précédentes sont faites", _precedentes),
        GenreCondition("etape_faite", "l’étape «\u00a0{cible}\u00a0» est faite", _etape_faite, "etape"),
        GenreCondition("diagnostic_partage", "le diagnostic est partagé", _diagnostic),
        GenreCondition("fiches_proposees", "au moins {nombre} fiche(s) proposée(s)", _fiches, "nombre"),
        GenreCondition("fiches_deliberees", "toutes les fiches proposées sont délibérées", _deliberees),
        GenreCondition(
            "fiches_preinstruites", "toutes les fiches proposées sont pré-instruites", _preinstruites
        ),
        GenreCondition("maquette_offerte", "une offre est faite sur la maquette", _maquette),
        GenreCondition("accord_conclu", "l’accord est conclu sur la maquette", _accord),
        GenreCondition("contrat_vote", "toutes les parties ont adopté le contrat", _contrat_vote),
        GenreCondition("contrat_signe", "le contrat est signé par toutes les parties", _contrat_signe),
        GenreCondition(
            "reunion_tenue",
            "la réunion «\u00a0{cible}\u00a0» est tenue{fois}, compte rendu validé",
            _reunion,
            "reunion",
        ),
    )
}


def phrase(condition: Condition, noms: Mapping[str, str] = {}) -> str:
    """The condition as it is read aloud: « au moins 3 fiches proposées ».

    `noms`: the names of steps and meetings by code; a code without a name is written as it is.
    """
    genre = CATALOGUE[condition.code]
    nombre = condition.nombre or 1
    pluriel = "s" if nombre > 1 else ""
    texte = genre.libelle.replace("(s)", pluriel)
    cible = noms.get(condition.cible, condition.cible)
    fois = f" {nombre} fois" if nombre > 1 else ""
    return texte.replace("{nombre}", str(nombre)).replace("{cible}", cible).replace("{fois}", fois)


def juger(
    conditions: tuple[Condition, ...], faits: Faits, noms: Mapping[str, str] = {}
) -> tuple[Verdict, ...]:
    """One verdict a condition, in their order. `noms`: see `phrase`."""
    verdicts = []
    for condition in conditions:
        remplie, manque = CATALOGUE[condition.code].juger(condition, faits)
        verdicts.append(Verdict(condition, phrase(condition, noms), remplie, manque))
    return tuple(verdicts)
