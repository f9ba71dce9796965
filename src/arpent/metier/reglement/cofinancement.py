"""What a pré-instruction says to the co-financing solver: the cap of the authority's own règlement."""

from arpent.metier.argent import ZERO
from arpent.metier.plan_financement import Plafond
from arpent.metier.reglement.description import Famille
from arpent.metier.reglement.preinstruction import Preinstruction
from arpent.metier.reglement.reglement import Reglement


def plafond_du_reglement(resultat: Preinstruction, reglement: Reglement) -> Plafond | None:
    """The smallest cap of the règlement itself, the rules of the law left out: the solver applies them
    again.
    """
    du_droit = {regle.code for regle in reglement.regles if regle.FAMILLE is Famille.DROIT}
    caps = [c for c in resultat.constats if c.plafond is not None and c.regle not in du_droit]
    if not caps:
        return None
    liant = min(caps, key=lambda c: c.plafond or ZERO)
    assert liant.plafond is not None
    article = f"{liant.intitule}, article {liant.article} du règlement"
    return Plafond(reglement.financeur, liant.plafond, article, liant.calcul)
