"""How a dispositif follows its projects, as data: model milestones.

The common follow-up is `dispositifs/suivi.yaml`, whose head tells the format; the block `suivi` of a
dispositif replaces it key by key.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from arpent import dispositifs
from arpent.metier.avancement import JalonType
from arpent.metier.reglement.lecteur import Lecteur, ReglementInvalide

COMMUN = Path(dispositifs.__file__).parent / "suivi.yaml"
NATURES = ("investissement", "fonctionnement")
JALONS_MAX = 12


@dataclass(frozen=True, slots=True)
class ModeleSuivi:
    """`jalons`: nature of expense → its model milestones, in order."""

    jalons: Mapping[str, tuple[JalonType, ...]]


@cache
def _commun() -> dict[str, Any]:
    lu: dict[str, Any] = yaml.load(COMMUN.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
    return lu


def lire_modele_suivi(bloc: Mapping[str, Any], lieu: str = "suivi") -> ModeleSuivi:
    """The common follow-up changed by `bloc` (empty: as it is). ReglementInvalide names the key."""
    if not isinstance(bloc, Mapping):
        raise ReglementInvalide(f"{lieu} : ce bloc doit être une table de clés et de valeurs.")
    tete = Lecteur({**_commun(), **bloc}, lieu)
    jalons = Lecteur({**_commun()["jalons"], **tete.table("jalons")}, f"{lieu}, jalons")
    modele = ModeleSuivi({nature: _jalons(jalons, nature) for nature in NATURES})
    jalons.finir()
    tete.finir()
    return modele


def _jalons(lecteur: Lecteur, nature: str) -> tuple[JalonType, ...]:
    lus = []
    for bloc in lecteur.blocs(nature):
        poids = bloc.entier("poids")
        if not poids or poids > 100:
            raise bloc.refus("la clé « poids » doit être un nombre entier de 1 à 100.")
        lus.append(JalonType(bloc.texte("libelle"), poids))
        bloc.finir()
    if len(lus) > JALONS_MAX:
        raise lecteur.refus(f"« {nature} » a plus de {JALONS_MAX} jalons.")
    return tuple(lus)
