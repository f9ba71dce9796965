"""The people whom a message names: « @Prénom Nom » in its text, or ticked beside it.

Reading the text: accents, case, hyphens and kinds of spaces do not count; the longest name wins (« @Anne
Roux » is not « @Anne »); a name ends at the end of a word. A name that nobody bears stays plain text.
"""

from __future__ import annotations

import unicodedata
from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from arpent.plateforme.notifications.actions import notifier

from .lecteurs import noms_connus
from .models import Agent
from .remarques import Portee, RemarqueRefusee, maisons_de

_APOSTROPHES, _TIRETS = "’ʼ`´", "-\u2010\u2011\u2013"


@dataclass(frozen=True, slots=True)
class Passage:
    """Where a text names somebody: `texte[debut:fin]`, the « @ » included."""

    debut: int
    fin: int
    nom: str


def _plier(texte: str) -> tuple[str, list[int]]:
    """The text without accents, case and kinds of spaces; for each of its letters, its place in `texte`."""
    plie, places = [], []
    for place, lettre in enumerate(texte):
        for c in unicodedata.normalize("NFKD", lettre).casefold():
            if unicodedata.combining(c):
                continue
            plie.append(" " if c.isspace() or c in _TIRETS else "'" if c in _APOSTROPHES else c)
            places.append(place)
    return "".join(plie), [*places, len(texte)]


def plier(nom: str) -> str:
    return " ".join(_plier(nom)[0].split())


def reperer(texte: str, noms: Iterable[str]) -> list[Passage]:
    """Every « @name » of the text, for the names given. The longest that fits is the one."""
    plie, places = _plier(texte)
    cherches = sorted({plier(nom) for nom in noms} - {""}, key=len, reverse=True)
    trouves, depuis = [], 0
    while (arobase := plie.find("@", depuis)) >= 0:
        depuis = arobase + 1
        if arobase and plie[arobase - 1].isalnum():
            continue  # an address: prenom.nom@mairie.fr
        nom = next((n for n in cherches if _est_la(plie, arobase + 1, n)), "")
        if nom:
            depuis = arobase + 1 + len(nom)
            trouves.append(Passage(places[arobase], places[depuis], nom))
    return trouves


def _est_la(plie: str, debut: int, nom: str) -> bool:
    fin = debut + len(nom)
    return plie.startswith(nom, debut) and not plie[fin : fin + 1].isalnum()


def mentionner(
    texte: str, coches: Collection[int], *, lecteurs: Sequence[Agent], portee: str, maison: int | None,
    maison_nom: str = "", de_quoi: str = "cet objet",
) -> set[int]:  # fmt: skip
    """Ids of the people whom a message about to be written mentions.

    `lecteurs`: who sees the object (`agents_du_perimetre`). RemarqueRefusee when somebody named or ticked
    could not read the message. One query when the text holds a « @ », none otherwise.
    """
    par_pk = {a.pk: a for a in lecteurs}
    lisent = {pk for pk, a in par_pk.items() if portee != Portee.INTERNE or maison in maisons_de(a)}
    cites: set[int] = set()
    if "@" in texte:
        par_nom: dict[str, list[tuple[int, str]]] = defaultdict(list)
        for pk, nom in {*noms_connus(), *((a.pk, a.nom_complet) for a in lecteurs)}:
            par_nom[plier(nom)].append((pk, nom))
        for passage in reperer(texte, par_nom):
            homonymes = par_nom[passage.nom]
            ceux = {pk for pk, _ in homonymes} & lisent
            if not ceux:
                vus = [nom for pk, nom in homonymes if pk in par_pk]
                _refuser(vus[0] if vus else homonymes[0][1], bool(vus), maison_nom, de_quoi, "texte")
            cites |= ceux
    for pk in coches:
        if pk not in lisent:
            qui = par_pk.get(pk)
            nom = qui.nom_complet if qui else "Cette personne"
            _refuser(nom, qui is not None, maison_nom, de_quoi, "prevenir")
        cites.add(pk)
    return cites


def _refuser(nom: str, voit: bool, maison_nom: str, de_quoi: str, champ: str) -> None:
    if voit:
        chez = maison_nom or "votre structure"
        raise RemarqueRefusee(
            f"{nom} ne lira pas ce message : il reste entre nous, dans « {chez} ». Partagez-le, ou retirez "
            "son nom.",
            champ,
        )
    raise RemarqueRefusee(
        f"{nom} ne peut pas lire ce message : son compte ne donne pas accès à {de_quoi}. Retirez son nom.",
        champ,
    )


def prevenir_mentions(qui: set[int], *, par: Agent, texte: str, url: str) -> None:
    """Tells the people a message mentions, and by whom."""
    if qui:
        sujet = f"{par.nom_complet} vous mentionne"
        notifier(qui, rubrique="remarques", sujet=sujet, texte=texte[:300], url=url)


def marquer(texte: str, noms: Iterable[str]) -> SafeString:
    """The text as HTML, the people it mentions in bold."""
    morceaux: list[str] = []
    depuis = 0
    for passage in reperer(texte, noms):
        morceaux.append(escape(texte[depuis : passage.debut]))
        morceaux.append(f"<strong>{escape(texte[passage.debut : passage.fin])}</strong>")
        depuis = passage.fin
    morceaux.append(escape(texte[depuis:]))
    return mark_safe("".join(morceaux))  # every piece was escaped
