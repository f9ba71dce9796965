"""The documents that the file must hold."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from arpent.metier.reglement.constats import Constat, Verdict
from arpent.metier.reglement.contexte import Contexte, nommer
from arpent.metier.reglement.description import ChampRegle, Famille, Vocabulaire, codes
from arpent.metier.reglement.projet import Projet
from arpent.metier.reglement.regles.base import Regle


@dataclass(frozen=True, slots=True)
class PiecesRequises(Regle):
    """`pieces`: codes of the documents; one missing makes the file incomplete, the aid is not lower."""

    pieces: tuple[str, ...]

    GENRE: ClassVar[str] = "pieces_requises"
    FAMILLE: ClassVar[Famille] = Famille.PIECES
    DESCRIPTION: ClassVar[str] = "Le dossier contient les pièces demandées."
    CHAMPS: ClassVar[tuple[ChampRegle, ...]] = (
        codes("pieces", "Pièces demandées", Vocabulaire.PIECES, obligatoire=True),
    )
    INTITULE: ClassVar[str] = "Pièces du dossier"

    def evaluer(self, projet: Projet, contexte: Contexte) -> Constat:
        if projet.pieces is None:
            return self.a_completer("La complétude", ("les pièces reçues",))
        absentes = [contexte.nommer(p) for p in self.pieces if p not in projet.pieces]
        if not absentes:
            return self.constat(Verdict.CONFORME, "Toutes les pièces demandées sont au dossier.")
        return self.constat(
            Verdict.NON_CONFORME, f"Il manque au dossier : {' ; '.join(absentes)}. Ajoutez ces pièces."
        )

    def enonce(self, libelles: Mapping[str, str]) -> str:
        return f"Pièces demandées : {' ; '.join(nommer(p, libelles) for p in self.pieces)}."
