"""Files given to the person: the model to fill in, the report of what was done, row by row."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from arpent.plateforme.documents.donnees import Cellule, ColonneDoc
from arpent.plateforme.documents.rendu.xlsx import rendre_tableau_xlsx

_MODELE = (
    ColonneDoc("structure", "Structure", "texte"), ColonneDoc("fonction", "Fonction", "texte"),
    ColonneDoc("civilite", "Civilité", "texte"), ColonneDoc("nom", "Nom", "texte"),
    ColonneDoc("prenom", "Prénom", "texte"), ColonneDoc("canton", "Canton", "texte"),
    ColonneDoc("intitule", "Intitulé", "texte"), ColonneDoc("courriel", "Courriel", "texte"),
    ColonneDoc("telephone", "Téléphone", "texte"), ColonneDoc("debut", "Début", "date"),
)  # fmt: skip
_RAPPORT = (
    ColonneDoc("numero", "Ligne du fichier", "entier"), ColonneDoc("sort", "Ce qui est fait", "texte"),
    ColonneDoc("nom", "Nom", "texte"), ColonneDoc("prenom", "Prénom", "texte"),
    ColonneDoc("organisation", "Structure", "texte"), ColonneDoc("fonction", "Fonction", "texte"),
    ColonneDoc("le", "Date", "date"), ColonneDoc("note", "Détail", "texte"),
)  # fmt: skip
_AIDE = (
    "Remplacez les lignes d’exemple. Structure : le nom, le SIREN ou le code INSEE. Fonction : maire, "
    "président, conseiller départemental, conseiller communautaire… Canton : pour le Département."
)


def modele(structure: str, canton: str, le: date) -> bytes:
    """A workbook with the columns that are read, two lines of example."""
    lignes: list[dict[str, Cellule]] = [
        {"structure": structure, "fonction": "maire", "civilite": "Madame", "nom": "Exemple",
         "prenom": "Anne",
         "courriel": "mairie@exemple.fr", "telephone": "04 00 00 00 00", "debut": le},
        {"structure": "", "fonction": "conseiller départemental", "civilite": "Monsieur", "nom": "Exemple",
         "prenom": "Paul", "canton": canton, "debut": le},
    ]  # fmt: skip
    return rendre_tableau_xlsx("Liste d’élus", list(_MODELE), lignes, None, [_AIDE], etabli_le=le)


def rapport(titre: str, lignes: Sequence[Mapping[str, Any]], le: date) -> bytes:
    """What became of each line, and of each mandate closed."""
    rangees: list[dict[str, Cellule]] = [
        {c.code: _cellule(c.code, x.get(c.code)) for c in _RAPPORT} for x in lignes
    ]
    return rendre_tableau_xlsx(titre, list(_RAPPORT), rangees, None, [], etabli_le=le)


def _cellule(cle: str, valeur: Any) -> Cellule:
    if cle == "le":
        return date.fromisoformat(valeur) if valeur else None
    return valeur or None
