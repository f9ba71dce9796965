"""What the page of a contract says once it is signed: frozen words and figures, not today's data."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from arpent.metier.argent import ZERO
from arpent.metier.clauses import Article, TexteContrat
from arpent.metier.cycles import EtatContrat
from arpent.plateforme.documents.donnees import VisaDoc
from arpent.plateforme.documents.rendu.vue import visa
from arpent.plateforme.documents.serie import lire

from .avenants.lecture import AvenantRefuse, etat_consolide
from .models import Contrat

FIGES = frozenset({
    EtatContrat.SIGNATURE, EtatContrat.EN_VIGUEUR, EtatContrat.ECHU, EtatContrat.SOLDE, EtatContrat.RESILIE,
})  # fmt: skip


@dataclass(frozen=True, slots=True)
class ContratFige:
    """The contract as signed or to be signed, and its avenants in force on that day."""

    version: int
    texte: TexteContrat
    nombre: int
    total: Decimal
    avenants: int


def contrat_fige(contrat: Contrat, le: date) -> ContratFige | None:
    """None while the text still moves, or when no version was issued for the signature. Four queries."""
    if contrat.pk is None or contrat.etat not in FIGES:
        return None
    try:
        consolide = etat_consolide(contrat, le)
    except AvenantRefuse:
        return None
    numero, titre, preambule, visas = (
        contrat.versions.filter(etat=EtatContrat.SIGNATURE.value)
        .order_by("-numero")
        .values_list("numero", "donnees__titre", "donnees__preambule", "donnees__visas")[0]
    )
    etat = consolide.etat
    texte = TexteContrat(
        titre=titre,
        preambule=tuple(preambule),
        visas=tuple(visa(lire(VisaDoc, x)) for x in visas),
        articles=tuple(Article(a.numero, a.titre, tuple(a.texte.split("\n\n"))) for a in etat.articles),
        conclusion=(),
        manquants=(),
    )
    total = sum((x.aide for x in etat.lignes), ZERO)
    return ContratFige(numero, texte, len(etat.lignes), total, len(consolide.appliques))
