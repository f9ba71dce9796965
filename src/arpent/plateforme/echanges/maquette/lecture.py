"""What was changed in the workbook of a maquette: each line against the one that went out. No database."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from arpent.plateforme.documents.rendu.maquette_feuilles import MARQUE, ORIGINE
from arpent.plateforme.documents.rendu.maquette_xlsx import DECISIONS

from .. import valeurs
from ..lecture import FichierIllisible
from ..reperes import Rejet
from ..valeurs import ValeurIllisible

TITRES = {
    "Ligne": "ligne", "Projet": "projet", "Aide proposée": "aide", "Année": "annee", "Décision": "decision",
}  # fmt: skip
LIBELLES = {code: titre for titre, code in TITRES.items()}
ENTETES_CHERCHEES = 40
REFAIRE = "Téléchargez la maquette à nouveau et reportez-y vos changements."

Feuilles = Mapping[str, Sequence[Sequence[Any]]]


@dataclass(slots=True)
class Lu:
    """What the file asks. `voulus`: by fiche, its line in the file and its changed cells; `source`: 0 for
    the maquette in progress."""

    source: int
    voulus: dict[int, tuple[int, dict[str, Any]]] = field(default_factory=dict)
    departs: dict[int, dict[str, Any]] = field(default_factory=dict)
    rejets: list[Rejet] = field(default_factory=list)
    lues: int = 0
    absentes: int = 0


def _texte(brut: Any) -> str:
    return (brut if isinstance(brut, str) else str(brut[0])).strip()


def lire_maquette(feuilles: Feuilles, slug: str) -> Lu:
    """Reads the workbook that came back to the démarche `slug`. FichierIllisible (French)."""
    marque = next((nom for nom in feuilles if nom.startswith("arpent-maquette-")), "")
    if not marque:
        raise FichierIllisible(
            "Ce fichier n’est pas une maquette téléchargée d’Arpent, ou sa feuille masquée a disparu. "
            + REFAIRE
        )
    morceaux = marque.split(":")
    if len(morceaux) != 3 or morceaux[0] != MARQUE or not _est_entier(morceaux[2]):
        raise FichierIllisible(f"Ce classeur vient d’une autre version d’Arpent. {REFAIRE}")
    if morceaux[1] != slug:
        raise FichierIllisible(
            "Cette maquette est celle d’un autre territoire : renvoyez-la sur la page de ce territoire."
        )
    lu = Lu(int(morceaux[2]))
    origine = _origine(feuilles[marque])
    rows, entete, colonnes = _tableau({n: r for n, r in feuilles.items() if n != marque})
    vues: dict[str, int] = {}
    for numero, row in enumerate(rows[entete + 1 :], start=entete + 2):
        bruts = {code: row[x] if x < len(row) else "" for code, x in colonnes.items()}
        _ligne(lu, numero, bruts, origine, vues)
    lu.absentes = len(origine.keys() - vues.keys())
    return lu


def _est_entier(texte: str) -> bool:
    return texte.isascii() and texte.isdigit() and len(texte) < 18


def _origine(rows: Sequence[Sequence[Any]]) -> dict[str, tuple[int, dict[str, Any]]]:
    """By line of the maquette: its fiche, and its cells as they went out."""
    if len(rows) < 2 or [_texte(c) for c in rows[1]] != list(ORIGINE):
        raise FichierIllisible(f"La feuille masquée du classeur a été modifiée. {REFAIRE}")
    origine: dict[str, tuple[int, dict[str, Any]]] = {}
    for row in rows[2:]:
        textes = [_texte(c) for c in row] + [""] * (len(ORIGINE) - len(row))
        cle, fiche, aide, annee, decision = textes[: len(ORIGINE)]
        try:
            depart = {"aide": Decimal(aide), "annee": int(annee) if annee else None, "decision": decision}
            origine[cle] = (int(fiche), depart)
        except (ArithmeticError, ValueError):
            raise FichierIllisible(f"La feuille masquée du classeur a été modifiée. {REFAIRE}") from None
    return origine


def _tableau(feuilles: Feuilles) -> tuple[Sequence[Sequence[Any]], int, dict[str, int]]:
    """The sheet that has every title, wherever its columns were moved."""
    for rows in feuilles.values():
        for y, row in enumerate(rows[:ENTETES_CHERCHEES]):
            colonnes: dict[str, int] = {}
            for x, brut in enumerate(row):
                if (code := TITRES.get(_texte(brut))) and code not in colonnes:
                    colonnes[code] = x
            if len(colonnes) == len(TITRES):
                return rows, y, colonnes
    titres = ", ".join(f"« {t} »" for t in TITRES)
    raise FichierIllisible(
        f"La feuille « Maquette » n’a plus toutes ses colonnes ({titres}) : remettez leurs titres, ou "
        "téléchargez la maquette à nouveau."
    )


def _aide(texte: str) -> Decimal:
    lu = valeurs.montant(texte)
    if lu is None:
        raise ValeurIllisible("L’aide est vide.", "Écrivez un montant, 0 pour ne rien proposer.")
    return lu


def _annee(texte: str) -> int | None:
    return None if texte == "Année à préciser" else valeurs.annee(texte)


def _decision(texte: str) -> str:
    trouve = next((d for d in DECISIONS if d.casefold() == texte.casefold()), None)
    if trouve is None:
        choix = ", ".join(f"« {d} »" for d in DECISIONS)
        raise ValeurIllisible(f"« {texte[:60]} » n’est pas une décision.", f"Choisissez {choix}.")
    return trouve


_LIRE: dict[str, Callable[[str], Any]] = {"aide": _aide, "annee": _annee, "decision": _decision}


def _ligne(
    lu: Lu,
    numero: int,
    bruts: Mapping[str, Any],
    origine: Mapping[str, tuple[int, dict[str, Any]]],
    vues: dict[str, int],
) -> None:
    cle, projet = _texte(bruts["ligne"]), _texte(bruts["projet"])
    if not cle and projet in ("", "Total"):
        return
    lu.lues += 1
    if cle not in origine:
        cause = "Cette ligne n’était pas dans la maquette téléchargée."
        conseil = "Pour ajouter un projet, créez sa fiche dans le plan d’actions."
        lu.rejets.append(Rejet(numero, "Ligne", cause, conseil, cle or projet))
        return
    if cle in vues:
        cause = f"Ce projet est déjà ligne {vues[cle]} du fichier."
        lu.rejets.append(Rejet(numero, "Ligne", cause, "Gardez une seule de ces lignes.", cle))
        return
    vues[cle] = numero
    fiche, depart = origine[cle]
    changees: dict[str, Any] = {}
    for code, lire in _LIRE.items():
        texte = _texte(bruts[code])
        try:
            valeurs.exiger_lisible(texte)
            voulu = lire(texte)
        except ValeurIllisible as refus:
            lu.rejets.append(Rejet(numero, LIBELLES[code], refus.cause, refus.conseil, texte))
            continue
        if voulu != depart[code]:
            changees[code] = voulu
    if changees:
        lu.voulus[fiche], lu.departs[fiche] = (numero, changees), depart
