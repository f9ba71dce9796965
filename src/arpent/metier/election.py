"""The day after an election: a new list of elected people beside those in office.

The comparison says who stays, who leaves, who comes, and what a person must look at. It changes nothing.

Order of the steps, on the functions that the list covers and on them alone:
1. the same person named twice for the same seat in the list is kept once;
2. a single-seat function (mayor, president) claimed by two people in the list is a doubt, not an arrival;
3. in each seat, people are matched by name (accents, case, hyphens, order of compound names apart);
4. whoever of the seat is not in the list leaves; whoever of the list was not in the seat arrives;
5. an arrival who bears the name of somebody known elsewhere is shown with them, never merged on its own.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

UNIQUES = frozenset({"maire", "president", "sous_prefet"})
"""Functions that one person holds at a time in a body."""
_LIGATURES = str.maketrans({"œ": "oe", "Œ": "OE", "æ": "ae", "Æ": "AE", "ß": "ss", "ø": "o", "Ø": "O"})
_PARTICULES = frozenset({"de", "du", "des", "la", "le", "les", "d", "l"})


def plier_nom(texte: str) -> str:
    """Words without accents, case, hyphens nor apostrophes: “Le Goff-d’Arcy” → “le goff d arcy”."""
    decompose = unicodedata.normalize("NFKD", texte.translate(_LIGATURES))
    nu = "".join(c for c in decompose if not unicodedata.combining(c)).casefold()
    return " ".join(re.findall(r"[a-z0-9]+", nu))


def cle_personne(nom: str, prenom: str) -> str:
    """What two writings of the same name share: particles apart, compound first names joined.

    “DE LA TOUR Jean Pierre” and “La Tour, Jean-Pierre” are one; “Martin Anne” and “Martin Annie” are two.
    """
    mots = plier_nom(nom).split()
    sans = [m for m in mots if m not in _PARTICULES] or mots
    return f"{' '.join(sans)}|{''.join(plier_nom(prenom).split())}"


@dataclass(frozen=True, slots=True)
class Siege:
    """What is held: a function in a body, and the canton for a departmental councillor."""

    fonction: str
    organisation: int
    canton: str = ""


@dataclass(frozen=True, slots=True)
class EnPlace:
    """A mandate in force: `cle` names it for the caller, `personne` the person who holds it."""

    cle: int
    personne: int
    nom: str
    prenom: str
    siege: Siege
    civilite: str = ""


@dataclass(frozen=True, slots=True)
class Elu:
    """A line of the new list; `numero` is its number in the file."""

    numero: int
    nom: str
    prenom: str
    siege: Siege
    civilite: str = ""


@dataclass(frozen=True, slots=True)
class Connu:
    """Somebody of the directory, whether in office or not: `personne` names them for the caller."""

    personne: int
    nom: str
    prenom: str
    civilite: str = ""
    organisations: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Arrivee:
    """Somebody who comes. `personne`: the one of the directory who is certainly them (same body, same name).

    `homonymes`: those of the directory who bear the name elsewhere, to be looked at.
    """

    elu: Elu
    personne: int | None = None
    homonymes: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Doute:
    """A line that is not applied, and why, in one French sentence."""

    elu: Elu
    raison: str


@dataclass(frozen=True, slots=True)
class Comparaison:
    """Each mandate in force of the seats covered is in `restent` or `partent`; each line in one place."""

    restent: tuple[tuple[EnPlace, Elu], ...] = ()
    partent: tuple[EnPlace, ...] = ()
    arrivent: tuple[Arrivee, ...] = ()
    doutes: tuple[Doute, ...] = ()
    doublons: tuple[Elu, ...] = ()
    sieges: frozenset[Siege] = field(default=frozenset())

    @property
    def change(self) -> bool:
        return bool(self.partent or self.arrivent)


def _meme_sexe(a: str, b: str) -> bool:
    """Unknown is compatible with both."""
    return not a or not b or a == b


def _est(place: EnPlace | Connu, elu: Elu) -> bool:
    memes = cle_personne(place.nom, place.prenom) == cle_personne(elu.nom, elu.prenom)
    return memes and _meme_sexe(place.civilite, elu.civilite)


def _uniques(elus: Iterable[Elu]) -> tuple[list[Elu], list[Elu]]:
    """(each person of a seat once, the repetitions), in the order of the file."""
    gardes: list[Elu] = []
    vus: set[tuple[Siege, str, str]] = set()
    doubles: list[Elu] = []
    for elu in sorted(elus, key=lambda e: e.numero):
        cle = (elu.siege, cle_personne(elu.nom, elu.prenom), elu.civilite)
        (doubles if cle in vus else gardes).append(elu)
        vus.add(cle)
    return gardes, doubles


def _doutes(elus: Sequence[Elu], en_place: Mapping[Siege, Sequence[EnPlace]]) -> list[Doute]:
    par_siege = Counter(e.siege for e in elus if e.siege.fonction in UNIQUES)
    doutes = [
        Doute(e, "Le fichier donne plusieurs personnes pour ce siège unique : ne gardez que la bonne.")
        for e in elus
        if par_siege[e.siege] > 1
    ]
    deja = {d.elu.numero for d in doutes}
    doutes += [
        Doute(e, "Deux personnes en place portent ce nom à ce siège : clôturez d’abord le mandat en trop.")
        for e in elus
        if e.numero not in deja and sum(_est(p, e) for p in en_place.get(e.siege, ())) > 1
    ]
    return doutes


def comparer(en_place: Iterable[EnPlace], elus: Iterable[Elu], connus: Iterable[Connu] = ()) -> Comparaison:
    """Who stays, leaves, comes (see the module). Mandates out of the seats of the list are left alone.

    The seats covered are those of the list; for a council (several seats), all the mandates of that function
    in that body (and canton). A seat in doubt closes and opens nothing. Order of the inputs: without effect.
    """
    uniques, doublons = _uniques(elus)
    sieges = frozenset(e.siege for e in uniques)
    par_siege: dict[Siege, list[EnPlace]] = defaultdict(list)
    for tenu in sorted(en_place, key=lambda p: p.cle):
        if tenu.siege in sieges:
            par_siege[tenu.siege].append(tenu)
    doutes = _doutes(uniques, par_siege)
    douteux = {d.elu.siege for d in doutes}
    sans_doute = [e for e in uniques if e.siege not in douteux]
    doutes += [
        Doute(e, "Ce siège a une ligne à vérifier : rien n’y est changé.")
        for e in uniques
        if e.siege in douteux and e.numero not in {d.elu.numero for d in doutes}
    ]
    restent: list[tuple[EnPlace, Elu]] = []
    arrivants: list[Elu] = []
    pris: set[int] = set()
    for elu in sans_doute:
        place = next((p for p in par_siege[elu.siege] if p.cle not in pris and _est(p, elu)), None)
        if place is None:
            arrivants.append(elu)
        else:
            pris.add(place.cle)
            restent.append((place, elu))
    partent = [p for s in par_siege if s not in douteux for p in par_siege[s] if p.cle not in pris]
    par_nom: dict[str, list[Connu]] = defaultdict(list)
    for connu in sorted(connus, key=lambda c: c.personne):
        par_nom[cle_personne(connu.nom, connu.prenom)].append(connu)
    return Comparaison(
        tuple(restent),
        tuple(sorted(partent, key=lambda p: p.cle)),
        tuple(_arrivee(e, par_nom[cle_personne(e.nom, e.prenom)]) for e in arrivants),
        tuple(sorted(doutes, key=lambda d: d.elu.numero)),
        tuple(doublons),
        sieges - douteux,
    )


def _arrivee(elu: Elu, memes_noms: Sequence[Connu]) -> Arrivee:
    possibles = [c for c in memes_noms if _est(c, elu)]
    ici = [c for c in possibles if elu.siege.organisation in c.organisations]
    if len(ici) == 1:
        return Arrivee(elu, ici[0].personne)
    return Arrivee(elu, homonymes=tuple(c.personne for c in possibles))
