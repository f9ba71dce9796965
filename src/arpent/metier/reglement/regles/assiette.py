"""What the rules that limit the eligible base share."""

from abc import abstractmethod
from dataclasses import dataclass
from decimal import Decimal

from arpent.metier.reglement.bareme import VIDE, Parametre
from arpent.metier.reglement.constats import Constat, Verdict
from arpent.metier.reglement.contexte import Contexte
from arpent.metier.reglement.projet import Projet
from arpent.metier.reglement.regles.base import Regle, euros


@dataclass(frozen=True, slots=True)
class Limite:
    """The most that the eligible base may be (euros), and its arithmetic."""

    montant: Decimal
    calcul: str
    parametre: Parametre = VIDE


@dataclass(frozen=True, slots=True)
class RegleAssiette(Regle):
    """A rule that limits the base of the rate, not the aid itself."""

    @abstractmethod
    def limite(self, projet: Projet, contexte: Contexte) -> Limite | Constat:
        """The limit, or the answer when there is none for this project."""

    def preparer(self, projet: Projet, contexte: Contexte) -> Contexte:
        trouvee = self.limite(projet, contexte)
        return contexte.limiter_assiette(trouvee.montant) if isinstance(trouvee, Limite) else contexte

    def evaluer(self, projet: Projet, contexte: Contexte) -> Constat:
        trouvee = self.limite(projet, contexte)
        if isinstance(trouvee, Constat):
            return trouvee
        assiette = projet.assiette_eligible
        explication = f"L’assiette, {euros(assiette)}, tient dans la limite de {euros(trouvee.montant)}."
        if trouvee.montant < assiette:
            explication = f"L’assiette, {euros(assiette)}, est ramenée à {euros(trouvee.montant)}."
        return self.constat(
            Verdict.CONFORME,
            explication,
            calcul=trouvee.calcul,
            source=trouvee.parametre.source,
            demonstration=trouvee.parametre.demonstration,
        )
