"""What the acts that award an aid need to know: letter, arrêté, convention. One value for the three.

Same rules as ``donnees``: frozen values, Decimal euros to the cent, None and "" when unknown, texts never
read as markup. What is unknown is marked where it stands and listed by ``a_completer``.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal

from .donnees import VisaDoc
from .donnees_charte import CharteDoc
from .donnees_fiche import CollectiviteDoc

GenreActe = Literal["lettre", "arrete", "convention"]
GENRES_EMIS: dict[str, str] = {
    "lettre": "lettre d’attribution",
    "arrete": "arrêté d’attribution",
    "convention": "convention d’attribution",
}
"""The kind under which each act is kept once issued."""


@dataclass(frozen=True, slots=True)
class DecisionDoc:
    """An act by its number and its date."""

    numero: str = ""
    prise_le: date | None = None


@dataclass(frozen=True, slots=True)
class CompletionDoc:
    """A blank that a person filled in before the act was issued: « adresse du bénéficiaire », its text."""

    quoi: str
    valeur: str


@dataclass(frozen=True, slots=True)
class AttributionDoc:
    """One aid of a contract in force, and the act to draw of it.

    `contrat_approuve`: the vote of the authority on the contract; `decision`: the award itself. `versement`,
    `pieces`, `delais` are sentences of the policy; empty: it publishes none. `prive` None: nature unknown.
    """

    genre: GenreActe
    gabarit: str
    autorite: CollectiviteDoc
    beneficiaire: CollectiviteDoc
    territoire: str
    dispositif: str
    titre_contrat: str
    etabli_le: date
    numero_projet: str
    titre_projet: str
    aide: Decimal
    reference: str = ""
    date_effet: date | None = None
    avenant: str = ""
    """« avenant n° 2 », the last act that set this line; empty: the contract itself."""
    cout_ht: Decimal | None = None
    assiette: Decimal | None = None
    annee: int | None = None
    fonds: str = ""
    dossier: str = ""
    """« 2026-3 », the grant file that the decision awards; empty: none was filed here."""
    dossier_recu_le: date | None = None
    signataire: str = ""
    qualite: str = ""
    contrat_approuve: DecisionDoc = DecisionDoc()
    decision: DecisionDoc = DecisionDoc()
    visas: tuple[VisaDoc, ...] = ()
    """The texts; the acts are written from the fields."""
    article_versement: str = ""
    """« l’article 8 du contrat, « Modalités d’attribution… » »."""
    article_communication: str = ""
    versement: tuple[str, ...] = ()
    pieces: tuple[str, ...] = ()
    pieces_dossier: tuple[str, ...] = ()
    """Those of the grant file, that the policy lists."""
    delais: tuple[str, ...] = ()
    prive: bool | None = None
    investissement: bool = False
    convention: str = ""
    """Whether the law wants one, with its article; empty when it does not matter."""
    transmission: str = ""
    """The article by which the act goes to the préfet; empty: not known for this authority."""
    rappels: tuple[str, ...] = ()
    demonstration: bool = False
    charte: CharteDoc | None = None
    completions: tuple[CompletionDoc, ...] = ()
    version: int = 0
    """Which issue of this act, from 1; 0: a draft, kept nowhere."""

    @property
    def taux(self) -> Decimal | None:
        """Aid over base, from 0 to 1; None without a base that holds the aid."""
        if not self.assiette or self.aide > self.assiette:
            return None
        return self.aide / self.assiette

    @property
    def a_completer(self) -> tuple[str, ...]:
        """What is missing, in the words of the document."""
        acte, convention = self.genre != "lettre", self.genre == "convention"
        absents = (
            ("le numéro et la date de l’arrêté", self.genre == "arrete"),
            ("la date de la lettre", self.genre == "lettre"),
            ("la décision d’attribution", not self.decision.numero or self.decision.prise_le is None),
            (
                "la délibération qui approuve le contrat",
                not self.contrat_approuve.numero or self.contrat_approuve.prise_le is None,
            ),
            ("la référence du contrat", not self.reference),
            ("le signataire pour l’autorité", not self.signataire),
            ("le représentant du bénéficiaire", convention),
            ("l’adresse du bénéficiaire", self.genre == "lettre"),
            ("la dépense subventionnable et le taux", self.taux is None),
            ("les modalités de versement", not self.versement),
            ("les pièces de la demande de versement", not self.pieces),
            ("les délais de commencement et d’achèvement", acte and not self.delais),
            ("l’imputation budgétaire", acte),
            ("les voies de recours", self.genre == "arrete"),
            ("le terme de la convention et le tribunal compétent", convention),
        )
        return tuple(quoi for quoi, manque in absents if manque)
