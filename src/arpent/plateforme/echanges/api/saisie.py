"""What writing by the API shares: values as a form sends them, rows of a formset, a refusal by field."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Annotated, Any

from django.http import QueryDict
from pydantic import Field

from arpent.metier.argent import formater_nombre
from arpent.metier.plan_financement import Financeur, StatutFinancement

from .problemes import Probleme
from .ressources.base import Forme, JourDemande

_EUROS = r"^\d{1,10}(\.\d{1,2})?$"
MONTANT_ECRIT: Any = Field(pattern=_EUROS, examples=["125000.00"])
MontantFacultatif = Annotated[str, Field(pattern=_EUROS, examples=["125000.00"])] | None
MONTANTS = frozenset(
    {
        "montant", "cout_ht", "cout_ttc", "assiette", "aide_demandee", "cout_reel_ht", "assiette_reelle",
        "montant_demande",
    }
)  # fmt: skip
"""Names of the fields that are euros."""


class FinancementEcrit(Forme):
    financeur: Financeur
    montant: str = MONTANT_ECRIT
    statut: StatutFinancement = StatutFinancement.ENVISAGE
    libelle: str = Field("", max_length=150, pattern=r"^[^\x00]*$")
    le: JourDemande | None = None


def champ_de(nom: str, valeur: Any) -> str:
    """A value as the form of the page would send it; amounts, known by their name, with a comma."""
    match valeur:
        case None | False:
            return ""
        case True:
            return "on"
        case _ if nom in MONTANTS:
            return formater_nombre(Decimal(valeur), 2)
        case date():
            return valeur.isoformat()
        case _:
            return str(getattr(valeur, "value", valeur))


def poser(post: QueryDict, prefixe: str, rangees: Sequence[Mapping[str, Any]]) -> None:
    """Replaces the rows of a formset."""
    for cle in [c for c in post if c.startswith(f"{prefixe}-")]:
        del post[cle]
    post[f"{prefixe}-TOTAL_FORMS"] = str(len(rangees))
    post[f"{prefixe}-INITIAL_FORMS"] = "0"
    for rang, rangee in enumerate(rangees):
        for champ, valeur in rangee.items():
            post[f"{prefixe}-{rang}-{champ}"] = champ_de(champ, valeur)


def refus(champ: str, message: str) -> Probleme:
    return Probleme(422, message, erreurs=[{"champ": champ, "message": message}])
