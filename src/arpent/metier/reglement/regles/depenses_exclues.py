"""Some kinds of spending (studies, land…) are left out of the eligible base."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from arpent.metier.argent import ZERO
from arpent.metier.reglement.constats import Constat, Verdict
from arpent.metier.reglement.contexte import Contexte, nommer
from arpent.metier.reglement.description import ChampRegle, Famille, Vocabulaire, codes
from arpent.metier.reglement.projet import Projet
from arpent.metier.reglement.regles.assiette import Limite, RegleAssiette
from arpent.metier.reglement.regles.base import euros


@dataclass(frozen=True, slots=True)
class DepensesExclues(RegleAssiette):
    """`postes`: the kinds of spending that are not eligible. The base is at most the cost less these."""

    postes: tuple[str, ...]

    GENRE: ClassVar[str] = "depenses_exclues"
    FAMILLE: ClassVar[Famille] = Famille.PLAFONDS
    DESCRIPTION: ClassVar[str] = "Des postes de dépense (études, foncier…) sont retirés de l’assiette."
    CHAMPS: ClassVar[tuple[ChampRegle, ...]] = (
        codes("postes", "Postes de dépense exclus", Vocabulaire.POSTES_DEPENSE, obligatoire=True),
    )
    INTITULE: ClassVar[str] = "Dépenses exclues"

    def limite(self, projet: Projet, contexte: Contexte) -> Limite | Constat:
        if projet.depenses is None:
            return self.a_completer("L’assiette", ("le détail des dépenses",))
        exclues = {p: projet.depenses[p] for p in self.postes if projet.depenses.get(p)}
        if not exclues:
            return self.constat(Verdict.CONFORME, "Aucune dépense exclue dans le coût.")
        montant = max(ZERO, projet.cout_ht - sum(exclues.values(), ZERO))
        retraits = " − ".join(f"{euros(v)} ({contexte.nommer(p)})" for p, v in exclues.items())
        return Limite(montant, f"{euros(projet.cout_ht)} − {retraits} = {euros(montant)}")

    def enonce(self, libelles: Mapping[str, str]) -> str:
        return f"Dépenses exclues de l’assiette : {' ; '.join(nommer(p, libelles) for p in self.postes)}."
