"""What was changed in the workbook itself: each cell against the one that went out. Knows no database.

The answer is made of texts and lists only, so that it is kept as it is until somebody confirms.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import astuple, dataclass, field
from typing import Any

from .. import valeurs
from ..lecture import FichierIllisible
from ..reperes import Rejet
from ..valeurs import ValeurIllisible
from .classeur import CODES_LIGNES, FICHES, GENRES_LIGNES, LIGNES, MARQUE, ORIGINE, ORIGINE_LIGNES
from .colonnes import FINANCEMENTS, LIBELLES, PAR_CODE, Genre, en_texte, texte_propre

_DEBUT = 2  # first row of a visible sheet below the codes and the titles
_LIBELLES_LIGNES = dict(
    zip(CODES_LIGNES, ("N° de la fiche", "Financeur", "Précision", "Statut", "Date", "Montant"), strict=True)
)


@dataclass(slots=True)
class Ecarts:
    """What differs from what went out. Lists of lists: kept as JSON.

    `cellules`: [line, fiche, code, before, after]; `plans`: [line, fiche, rows before, rows after];
    `nouvelles`: [line, {code: text}, rows]; `absentes`: fiches that are no longer in the workbook.
    """

    cellules: list[list[Any]] = field(default_factory=list)
    plans: list[list[Any]] = field(default_factory=list)
    nouvelles: list[list[Any]] = field(default_factory=list)
    absentes: list[int] = field(default_factory=list)
    rejets: list[list[Any]] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    lues: int = 0

    def rejeter(self, ligne: int, colonne: str, cause: str, conseil: str, valeur: str = "") -> None:
        self.rejets.append(list(astuple(Rejet(ligne, colonne, cause, conseil, valeur))))


def comparer(feuilles: Mapping[str, Sequence[Sequence[Any]]], slug: str) -> Ecarts:
    """Reads the workbook that came back to the démarche `slug`. Raises FichierIllisible."""
    par_genre = _par_genre(feuilles, slug)
    ecarts = Ecarts()
    origine = _origine(par_genre[ORIGINE])
    numeros = {base["numero"]: cle for cle, base in origine.items()}
    par_numero = _fiches(ecarts, par_genre[FICHES], origine)
    if LIGNES in par_genre and ORIGINE_LIGNES in par_genre:
        _financements(ecarts, par_genre[LIGNES], par_genre[ORIGINE_LIGNES], numeros, par_numero)
    else:
        ecarts.notes.append(
            "La feuille des financements n’est plus dans le classeur : les plans de financement ne "
            "changent pas."
        )
    return ecarts


def _par_genre(
    feuilles: Mapping[str, Sequence[Sequence[Any]]], slug: str
) -> dict[str, Sequence[Sequence[Any]]]:
    par_genre = {}
    if any(premiere.startswith("arpent-maquette-") for premiere in feuilles):
        raise FichierIllisible(
            "Ce classeur est une maquette financière : renvoyez-le sur la page « Scénarios »."
        )
    for premiere, rows in feuilles.items():
        morceaux = premiere.split(":")
        if len(morceaux) != 3 or morceaux[0] != MARQUE:
            raise FichierIllisible(
                "Ce classeur vient d’une autre version d’Arpent : exportez le plan à nouveau."
            )
        if morceaux[2] != slug:
            raise FichierIllisible(
                "Ce classeur est le plan d’un autre territoire : renvoyez-le sur la page de ce territoire."
            )
        par_genre[morceaux[1]] = rows
    if FICHES not in par_genre or ORIGINE not in par_genre:
        raise FichierIllisible(
            "Une feuille masquée du classeur a disparu : exportez le plan à nouveau et reportez-y "
            "vos changements."
        )
    return par_genre


def _texte(brut: Any) -> str:
    return brut if isinstance(brut, str) else str(brut[0])


def _origine(rows: Sequence[Sequence[Any]]) -> dict[int, dict[str, str]]:
    """By fiche, each cell as it went out."""
    codes = [_texte(c) for c in rows[0]]
    origine = {}
    for row in rows[1:]:
        if row and (cle := _texte(row[0])).isdecimal():
            textes = {code: _texte(brut) for code, brut in zip(codes, row, strict=False)}
            origine[int(cle)] = dict.fromkeys(codes, "") | textes
    return origine


def lire_cellule(brut: Any, genre: Genre, *, fin: bool = False) -> str:
    """The one text of a cell (see `colonnes`). ValeurIllisible when its kind does not allow it."""
    texte = _texte(brut)
    if not isinstance(brut, str):
        valeurs.exiger_lisible(texte)
    match genre:
        case "texte":
            return texte_propre(texte)
        case "choix":
            return " ".join(texte_propre(texte).split())
        case "montant":
            return en_texte(valeurs.montant(texte))
        case "date":
            return en_texte(valeurs.jour(texte, fin=fin))
        case "entier":
            nu = texte.strip()
            if nu and not (nu.isascii() and nu.isdigit() and len(nu) <= 9):
                raise ValeurIllisible(
                    f"« {texte} » n’est pas un nombre entier.", "Écrivez un nombre, ou rien."
                )
            return nu.lstrip("0") or ("0" if nu else "")


def _fiches(
    ecarts: Ecarts, rows: Sequence[Sequence[Any]], origine: Mapping[int, Mapping[str, str]]
) -> dict[str, list[Any]]:
    """Fills the cells, new and absent fiches; returns the new ones by the number that was typed."""
    codes = [_texte(c) for c in rows[0]]
    manquantes = [LIBELLES[c] for c in PAR_CODE if c not in codes]
    if manquantes:
        noms = ", ".join(f"« {nom} »" for nom in manquantes)
        ecarts.notes.append(f"Colonnes retirées du classeur, laissées comme elles sont : {noms}.")
    vues: set[int] = set()
    par_numero: dict[str, list[Any]] = {}
    for ligne, row in enumerate(rows[_DEBUT:], start=_DEBUT + 1):
        bruts = dict(zip(codes, row, strict=False))
        pleines = any(_texte(bruts.get(code, "")).strip() for code in PAR_CODE)
        brut_cle = _texte(row[0]) if row else ""
        cle = int(brut_cle) if brut_cle.isdecimal() and len(brut_cle) < 16 else 0
        if not pleines:
            continue  # a blank line, or a fiche whose line was emptied: it is then absent
        ecarts.lues += 1
        if cle in origine and cle not in vues:
            vues.add(cle)
            _cellules(ecarts, ligne, cle, {code: bruts.get(code, "") for code in codes}, origine[cle])
        else:
            nouvelle = _nouvelle(ecarts, ligne, bruts, copie=cle in vues)
            if numero := _texte(bruts.get("numero", "")).strip():
                par_numero.setdefault(numero, nouvelle)
    ecarts.absentes = [cle for cle in origine if cle not in vues]
    return par_numero


def _lire_ou_rejeter(ecarts: Ecarts, ligne: int, code: str, brut: Any) -> str | None:
    try:
        return lire_cellule(brut, PAR_CODE[code].genre, fin=code == "fin_le")
    except ValeurIllisible as refus:
        ecarts.rejeter(ligne, LIBELLES[code], refus.cause, refus.conseil, _texte(brut))
        return None


def _cellules(
    ecarts: Ecarts, ligne: int, cle: int, bruts: Mapping[str, Any], base: Mapping[str, str]
) -> None:
    etat = " ".join(_texte(bruts.get("etat", "")).split())
    if "etat" in bruts and "etat" in base and etat != base["etat"]:
        ecarts.rejeter(
            ligne,
            "État",
            f"L’état (« {base['etat']} » à l’export) ne se change pas dans le classeur.",
            "Faites avancer la fiche dans Arpent, par ses boutons.",
            etat,
        )
    for code in PAR_CODE:
        if code not in bruts:
            continue  # a column taken out of the sheet
        avant = base.get(code, "")
        apres = _lire_ou_rejeter(ecarts, ligne, code, bruts[code])
        if apres is not None and apres != avant:
            ecarts.cellules.append([ligne, cle, code, avant, apres])


def _nouvelle(ecarts: Ecarts, ligne: int, bruts: Mapping[str, Any], *, copie: bool) -> list[Any]:
    rejets = len(ecarts.rejets)
    textes = {code: _lire_ou_rejeter(ecarts, ligne, code, bruts.get(code, "")) or "" for code in PAR_CODE}
    nouvelle: list[Any] = [ligne, textes, []]
    if copie:
        ecarts.notes.append(
            f"Ligne {ligne} : c’est une copie d’une autre ligne, lue comme un nouveau projet."
        )
    elif _texte(bruts.get("etat", "")).strip():
        ecarts.notes.append(
            f"Ligne {ligne} : un nouveau projet entre en brouillon, quel que soit l’état écrit."
        )
    if len(ecarts.rejets) == rejets:
        ecarts.nouvelles.append(nouvelle)
    return nouvelle


def _financements(
    ecarts: Ecarts,
    rows: Sequence[Sequence[Any]],
    origine: Sequence[Sequence[Any]],
    numeros: Mapping[str, int],
    nouvelles: Mapping[str, list[Any]],
) -> None:
    """Plans that differ. A plan with a row that cannot be read does not change at all."""
    codes = [CODES_LIGNES[0], *(_texte(c) for c in rows[0][1:])]
    avant: dict[str, list[list[str]]] = {}
    for row in origine[1:]:
        textes = [_texte(c) for c in row] + [""] * (len(CODES_LIGNES) - len(row))
        avant.setdefault(textes[0], []).append(textes[1:])
    apres: dict[str, list[list[str]]] = {}
    lignes: dict[str, int] = {}
    illisibles: set[str] = set()
    for ligne, row in enumerate(rows[_DEBUT:], start=_DEBUT + 1):
        bruts = dict(zip(codes, row, strict=False))
        if not any(_texte(brut).strip() for brut in bruts.values()):
            continue
        numero = _texte(bruts.get(CODES_LIGNES[0], "")).strip()
        lignes.setdefault(numero, ligne)
        if (lue := _ligne(ecarts, ligne, bruts)) is None:
            illisibles.add(numero)
        else:
            apres.setdefault(numero, []).append(lue)
    for numero in {**avant, **apres}:
        ancien, nouveau = avant.get(numero, []), apres.get(numero, [])
        if numero in illisibles or ancien == nouveau:
            continue
        ligne = lignes.get(numero, 0)
        if numero in numeros:
            ecarts.plans.append([ligne, numeros[numero], ancien, nouveau])
        elif numero in nouvelles:
            nouvelles[numero][2] = nouveau
        else:
            ecarts.rejeter(
                ligne,
                _LIBELLES_LIGNES["numero"],
                f"Aucune fiche du classeur n’a le numéro « {numero} »." if numero else "Le numéro manque.",
                "Écrivez le numéro de la fiche que cette ligne finance.",
                numero,
            )


def _ligne(ecarts: Ecarts, ligne: int, bruts: Mapping[str, Any]) -> list[str] | None:
    """One financing row, None (and a reject) when it cannot be read."""
    lus = []
    for code, genre in zip(CODES_LIGNES[1:], GENRES_LIGNES[1:], strict=True):
        brut = bruts.get(code, "")
        try:
            texte = lire_cellule(brut, genre)
            if not texte and code in {"financeur", "montant"}:
                raise ValeurIllisible(
                    f"Le {_LIBELLES_LIGNES[code].lower()} manque.", "Complétez la ligne, ou retirez-la."
                )
        except ValeurIllisible as refus:
            conseil = f"{refus.conseil} En attendant, le plan de cette fiche ne change pas."
            ecarts.rejeter(
                ligne,
                f"{LIBELLES[FINANCEMENTS]}, {_LIBELLES_LIGNES[code]}",
                refus.cause,
                conseil,
                _texte(brut),
            )
            return None
        lus.append(texte)
    return lus
