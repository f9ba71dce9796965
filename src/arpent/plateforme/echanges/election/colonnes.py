"""The columns of a list of elected people: the national register's, or the model's of this application."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from arpent.metier.election import plier_nom
from arpent.plateforme.acteurs.models import Mandat

F = Mandat.Fonction
COLONNES: dict[str, tuple[str, ...]] = {
    "nom": ("nom de l elu", "nom elu", "nom"),
    "prenom": ("prenom de l elu", "prenom elu", "prenom"),
    "sexe": ("code sexe", "sexe", "civilite"),
    "departement": ("code du departement", "code departement"),
    "commune": ("code de la commune", "code commune", "code insee"),
    "commune_nom": ("libelle de la commune", "commune"),
    "siren": ("n siren", "siren", "siren de l epci", "numero siren"),
    "epci_nom": ("libelle de l epci", "epci"),
    "canton": ("code du canton", "code canton"),
    "canton_nom": ("libelle du canton", "canton"),
    "region": ("code de la region", "code region"),
    "section": ("libelle de la section departementale", "code de la section departementale"),
    "fonction": ("libelle de la fonction", "fonction"),
    "structure": ("structure", "organisation", "collectivite"),
    "intitule": ("intitule", "intitule exact"),
    "courriel": ("courriel", "adresse electronique", "mail", "email"),
    "telephone": ("telephone", "tel"),
    "debut": ("date de debut de la fonction", "debut", "date de debut", "date de debut du mandat"),
}
"""Field → headers that feed it, the best one first; folded (`plier_nom`)."""
_EPCI_RNE = "libelle de l epci"
_MOTS: tuple[tuple[str, str], ...] = (
    (r"\bvice presidente?\b", F.VICE_PRESIDENT), (r"\bpresidente?\b", F.PRESIDENT),
    (r"\badjointe?\b", F.ADJOINT), (r"\bmaire\b", F.MAIRE),
    (r"\bconseiller(e)? departemental", F.CONSEILLER_DEPARTEMENTAL),
    (r"\bconseillere departementale", F.CONSEILLER_DEPARTEMENTAL),
    (r"\bconseillere? regional", F.CONSEILLER_REGIONAL),
    (r"\bconseillere? communautaire", F.CONSEILLER_COMMUNAUTAIRE),
    (r"\bconseillere? municipal", F.CONSEILLER_MUNICIPAL), (r"\bdelegue", F.DELEGUE_SYNDICAL),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class LigneElue:
    """One line of the list, as texts; `fonctions`: codes of `Mandat.Fonction` (a president has two)."""

    numero: int
    nom: str
    prenom: str
    civilite: str = ""
    fonctions: tuple[str, ...] = ()
    fonction_lue: str = ""
    departement: str = ""
    commune: str = ""
    siren: str = ""
    structure: str = ""
    canton: str = ""
    canton_nom: str = ""
    intitule: str = ""
    courriel: str = ""
    telephone: str = ""
    debut: str = ""
    """ISO date, empty when there is none or it cannot be read."""

    @property
    def debut_le(self) -> date | None:
        return date.fromisoformat(self.debut) if self.debut else None


def en_json(lignes: Sequence[LigneElue]) -> list[dict[str, Any]]:
    return [{k: v for k, v in asdict(ligne).items() if v} for ligne in lignes]


def depuis_json(lignes: Sequence[Mapping[str, Any]]) -> list[LigneElue]:
    return [LigneElue(**(dict(x) | {"fonctions": tuple(x.get("fonctions", ()))})) for x in lignes]


def rangs_des_colonnes(entetes: Sequence[str]) -> dict[str, int]:
    """Field → rank of its column."""
    plies = [plier_nom(e) for e in entetes]
    return {
        champ: plies.index(nom)
        for champ, noms in COLONNES.items()
        for nom in [next((n for n in noms if n in plies), "")]
        if nom
    }


def genre_de_liste(rangs: Mapping[str, int], entetes: Sequence[str]) -> str:
    """Function of the people of a list of the register; empty for a list that says it line by line."""
    if "structure" in rangs:
        return ""
    if "siren" in rangs or _EPCI_RNE in map(plier_nom, entetes):
        return F.CONSEILLER_COMMUNAUTAIRE
    if "canton" in rangs:
        return F.CONSEILLER_DEPARTEMENTAL
    if "region" in rangs or "section" in rangs:
        return F.CONSEILLER_REGIONAL
    if "commune" in rangs:
        return F.CONSEILLER_MUNICIPAL if "fonction" in rangs else F.MAIRE
    return ""


def fonctions_de(texte: str, liste: str) -> tuple[str, ...]:
    """Functions that a line gives: that of its list, then the one it says. Empty: not understood."""
    plie = plier_nom(texte)
    dite = next((code for motif, code in _MOTS if re.search(motif, plie)), "")
    if liste in {"", F.CONSEILLER_MUNICIPAL}:
        return (dite or liste,) if dite or (liste and not plie) else ((liste,) if liste else ())
    if dite in {F.PRESIDENT, F.VICE_PRESIDENT}:
        return (liste, dite)
    return (liste,)


def civilite_de(texte: str) -> str:
    """“F”, “Mme”, “Madame” → mme; “M”, “Monsieur”, “H” → m; else empty."""
    plie = plier_nom(texte)
    if plie in {"f", "mme", "madame", "mademoiselle", "femme"}:
        return "mme"
    return "m" if plie in {"m", "mr", "monsieur", "h", "homme"} else ""


def date_lue(texte: str) -> str:
    """A date in ISO: 2026-03-22, 22/03/2026, 22/03/26 are read; anything else gives an empty text."""
    if m := re.match(r"(\d{4})-(\d{2})-(\d{2})", texte):
        annee, mois, jour = m.groups()
    elif m := re.match(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})$", texte):
        jour, mois, annee = m.groups()
    else:
        return ""
    try:
        return date(int(annee), int(mois), int(jour)).isoformat()
    except ValueError:
        return ""


def lire_lignes(
    entetes: Sequence[str], numeros: Sequence[int], lignes: Sequence[Sequence[str]]
) -> list[LigneElue]:
    """Lines with a name. Nothing is looked up: what a cell names is found by `reconnaissance`."""
    rangs = rangs_des_colonnes(entetes)
    liste = genre_de_liste(rangs, entetes)
    lues = []
    for numero, row in zip(numeros, lignes, strict=True):

        def cellule(champ: str, row: Sequence[str] = row) -> str:
            rang = rangs.get(champ)
            return row[rang].strip().lstrip("'") if rang is not None and rang < len(row) else ""

        if not cellule("nom"):
            continue
        fonction = cellule("fonction")
        lues.append(
            LigneElue(
                numero=numero,
                nom=cellule("nom")[:100],
                prenom=cellule("prenom")[:100],
                civilite=civilite_de(cellule("sexe")),
                fonctions=fonctions_de(fonction, liste),
                fonction_lue=fonction[:100],
                departement=cellule("departement"),
                commune=cellule("commune"),
                siren=re.sub(r"\D", "", cellule("siren"))[:9],
                structure=(cellule("structure") or cellule("epci_nom") or cellule("commune_nom"))[:200],
                canton=cellule("canton"),
                canton_nom=cellule("canton_nom")[:100],
                intitule=cellule("intitule")[:150],
                courriel=cellule("courriel")[:254],
                telephone=cellule("telephone")[:20],
                debut=date_lue(cellule("debut")),
            )
        )
    return lues
