"""What a Word template must say, whoever wrote it: `word.json` beside the shipped one, and its example."""

from __future__ import annotations

import json
from dataclasses import MISSING, dataclass, fields, replace
from functools import cache
from typing import Any

from ..catalogue import catalogue
from ..donnees_charte import CharteDoc

CHARTE_D_EXEMPLE = CharteDoc("#17573c", "Direction d’exemple", "1 rue de l’Exemple", fait_a="Exempleville")


@dataclass(frozen=True, slots=True)
class Exigences:
    """`code`: « contrat/v1 »; `obligatoires`: path of a merge field → what it says.

    `au_nom_de`: the party that votes or the authority: whose letterhead the document may wear.
    """

    nom: str
    code: str
    titre: str
    au_nom_de: str
    obligatoires: dict[str, str]


@cache
def exigences() -> dict[str, Exigences]:
    """Those of the last version of each template that an authority may replace, by name."""
    trouvees = {}
    for modele in catalogue():
        fichier = modele.dossier / "word.json"
        if fichier.exists():
            lu = json.loads(fichier.read_text(encoding="utf-8"))
            trouvees[modele.nom] = Exigences(modele.nom, modele.code, **lu)
    return trouvees


def exemples(doc: Any) -> list[Any]:
    """The sample as it is, with a charter and the other way round, then with the least data there can be.

    A template that shows all of them shows every contract: each block is there, then absent.
    """
    champs = {f.name: f for f in fields(doc)}
    avec = {"charte": CHARTE_D_EXEMPLE} if "charte" in champs else {}
    inverses = {n: not getattr(doc, n) for n in champs if isinstance(getattr(doc, n), bool)}
    absents = {n: f.default for n, f in champs.items() if n != "gabarit" and f.default is not MISSING}
    absents |= {n: () for n in champs if isinstance(getattr(doc, n), tuple)}
    return [doc, replace(doc, **avec, **inverses), replace(doc, **absents)]
