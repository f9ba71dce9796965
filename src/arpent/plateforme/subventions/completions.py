"""What a person writes in the blanks of the acts of award before they are issued, now or the time before."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field

from django.db.models.fields.json import KT

from arpent.plateforme.demarches.models import Demarche
from arpent.plateforme.documents.donnees_attribution import GENRES_EMIS
from arpent.plateforme.documents.models import DocumentEmis
from arpent.plateforme.plans.models import Fiche

COMMUNS = frozenset({
    "lieu", "date de l’acte", "nom du signataire", "référence du contrat", "numéro de la délibération",
    "date de la délibération", "avance, acomptes et solde", "pièces à joindre à chaque demande de versement",
    "effet du dépassement, prorogation", "règle de réduction", "tribunal compétent et délai",
    "tribunal compétent",
})  # fmt: skip
"""What is the same in every act of one issue; the rest is asked project by project."""
D_UNE_FOIS = frozenset({"date de l’acte", "numéro de l’arrêté"})
"""What an earlier issue said of them does not stand for the next."""
LONGUEUR = 500


@dataclass(frozen=True, slots=True)
class Completions:
    """Blank → its text: for every act of the issue, and for each project (pk of its fiche)."""

    communes: Mapping[str, str] = field(default_factory=dict)
    projets: Mapping[int, Mapping[str, str]] = field(default_factory=dict)

    def du_projet(self, fiche_id: int) -> dict[str, str]:
        return {**self.communes, **self.projets.get(fiche_id, {})}


def completions_de(demarche: Demarche, nouvelles: Completions) -> Completions:
    """What the earlier issues of each project said, then what is said now. One query."""
    lues = (
        DocumentEmis.objects.filter(
            demarche_id=demarche.pk,
            objet_type=Fiche._meta.label_lower,
            genre__in=GENRES_EMIS.values(),
            format=DocumentEmis.Format.PDF,
        )
        .order_by("pk")
        .values_list("objet_id", KT("donnees__acte__completions"))
    )
    projets: dict[int, dict[str, str]] = {}
    for fiche_id, textes in lues:
        for lu in json.loads(textes or "[]"):
            if lu["quoi"] not in D_UNE_FOIS:
                projets.setdefault(int(fiche_id), {})[lu["quoi"]] = lu["valeur"]
    for pk in {*projets, *nouvelles.projets}:
        projets[pk] = {**projets.get(pk, {}), **nouvelles.communes, **nouvelles.projets.get(pk, {})}
    return Completions(nouvelles.communes, projets)
