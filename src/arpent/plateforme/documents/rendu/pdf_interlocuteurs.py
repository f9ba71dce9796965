"""The sheet « vos interlocuteurs », as PDF/A-2a and PDF/UA-1."""

from __future__ import annotations

from ..catalogue import gabarit
from ..donnees_interlocuteurs import InterlocuteurDoc, InterlocuteursDoc
from .pdf import compiler
from .vue import Vue, nettoyer


def vue_interlocuteurs(doc: InterlocuteursDoc) -> Vue:
    theme = f", {doc.theme}" if doc.theme else ""
    return nettoyer(
        {
            "titre": f"Vos interlocuteurs : {doc.territoire}{theme}",
            "autorite": doc.autorite,
            "territoire": doc.territoire,
            "theme": doc.theme or "tous les thèmes",
            "date_iso": doc.etabli_le.isoformat(),
            "le": f"{doc.etabli_le:%d/%m/%Y}",
            "rubriques": [
                {"titre": r.titre, "lignes": [_ligne(x, doc.autorite) for x in r.gens]} for r in doc.rubriques
            ],
            "demonstration": doc.demonstration,
        }
    )


def _ligne(x: InterlocuteurDoc, autorite: str) -> dict[str, str]:
    """The name of the authority is at the top of the sheet: it is not said again."""
    absent = f"Absence {x.absence} ; voir {x.suppleant}" if x.absence else ""
    dits = [t for t in (x.titre, x.organisation) if t and t not in {x.nom, autorite}]
    return {
        "nom": x.nom, "titre": ", ".join(dits),
        "telephone": x.telephone or "–", "courriel": x.courriel or "–", "absent": absent,
    }  # fmt: skip


def rendre_interlocuteurs_pdf(doc: InterlocuteursDoc) -> bytes:
    """One page for a usual territory. RenduImpossible, GabaritInconnu."""
    return compiler(gabarit(doc.gabarit), vue_interlocuteurs(doc))
