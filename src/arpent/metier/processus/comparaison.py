"""What changes from one process to another: what comes, what goes, what is said otherwise."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any

from .conditions import phrase
from .modele import COMPOSITIONS, ECHELLES, FREQUENCES, LIEUX, Condition, Definition, EtapeModele, TypeReunion

_LIBELLES = {
    "libelle": "libellé",
    "mois": "mois",
    "duree_jours": "durée en jours",
    "acteur": "qui agit",
    "role": "rôle",
    "facultative": "facultative",
    "parallele": "en parallèle",
    "reunion": "réunion",
    "place": "lieu du fil",
    "conditions": "conditions",
    "echelle": "échelle",
    "composition": "composition",
    "frequence": "fréquence",
    "par_an": "par an",
    "villes": "villes",
    "duree_minutes": "durée en minutes",
    "ordre_du_jour": "ordre du jour",
    "phase": "phase",
}
_MOTS: Mapping[str, str] = COMPOSITIONS | ECHELLES | FREQUENCES
AJOUT, RETRAIT, CHANGEMENT = "ajout", "retrait", "changement"


@dataclass(frozen=True, slots=True)
class Ecart:
    """One difference. `genre`: ajout, retrait or changement; `champ` empty for a whole thing."""

    genre: str
    quoi: str
    libelle: str
    champ: str = ""
    avant: str = ""
    apres: str = ""


def dire(valeur: object, champ: str = "") -> str:
    """A value as a sentence writes it."""
    if valeur is None or valeur in ("", ()):
        return "(vide)"
    if isinstance(valeur, bool):
        return "oui" if valeur else "non"
    if isinstance(valeur, Condition):
        return phrase(valeur)
    if isinstance(valeur, tuple):
        return "\u00a0; ".join(dire(v, champ) for v in valeur)
    texte = str(valeur)
    return LIEUX.get(texte, texte) if champ == "place" else _MOTS.get(texte, texte)


def comparer(avant: Definition, apres: Definition) -> tuple[Ecart, ...]:
    """The differences, steps first, then phases' names, then meetings; empty when both say the same."""
    ecarts = [*_listes("étape", _etapes(avant), _etapes(apres))]
    noms = ({p.code: {"libelle": p.libelle} for p in d.phases} for d in (avant, apres))
    ecarts += _listes("phase", *noms)
    ecarts += _listes("réunion", *({r.code: _champs(r) for r in d.reunions} for d in (avant, apres)))
    communs = [
        [e.code for e in d.etapes if {e.code} <= {x.code for x in autre.etapes}]
        for d, autre in ((avant, apres), (apres, avant))
    ]
    if communs[0] != communs[1]:
        ecarts.append(
            Ecart(
                CHANGEMENT, "ordre", "Ordre des étapes", "ordre", ", ".join(communs[0]), ", ".join(communs[1])
            )
        )
    return tuple(ecarts)


def _etapes(definition: Definition) -> dict[str, dict[str, Any]]:
    return {e.code: _champs(e) | {"phase": p.code} for p in definition.phases for e in p.etapes}


def _champs(objet: EtapeModele | TypeReunion) -> dict[str, Any]:
    return {f.name: getattr(objet, f.name) for f in fields(objet) if f.name != "code"}


def _listes(
    quoi: str, avant: Mapping[str, Mapping[str, Any]], apres: Mapping[str, Mapping[str, Any]]
) -> Sequence[Ecart]:
    ecarts = [Ecart(AJOUT, quoi, str(v["libelle"])) for code, v in apres.items() if code not in avant]
    ecarts += [Ecart(RETRAIT, quoi, str(v["libelle"])) for code, v in avant.items() if code not in apres]
    for code in (c for c in apres if c in avant):
        a, b = avant[code], apres[code]
        ecarts += [
            Ecart(
                CHANGEMENT,
                quoi,
                str(b["libelle"]),
                _LIBELLES[champ],
                dire(a[champ], champ),
                dire(b[champ], champ),
            )
            for champ in b
            if a[champ] != b[champ]
        ]
    return ecarts
