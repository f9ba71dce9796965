"""How long before a meeting its convocation, or its reports, leave: the delay, its article, the last day.

Sources: CGCT L2121-11 and L2121-12 (conseil municipal, by population), L5211-1 (the intercommunalités follow
the communes of 3,500 inhabitants and more, whatever theirs), L3121-19 (reports to the conseil départemental),
L4132-18 (to the conseil régional). The delay before a commission permanente was not read: none is given.
"""

from dataclasses import dataclass
from datetime import date, timedelta

from arpent.metier.argent import formater_nombre
from arpent.metier.assemblees import Delai, Regime
from arpent.metier.reglement.parametres import (
    CONVOCATION_DELAI,
    CONVOCATION_DELAI_SOUS_SEUIL,
    CONVOCATION_HABITANTS,
    ParametresLegaux,
)
from arpent.metier.temps import ajouter_jours_francs


@dataclass(frozen=True, slots=True)
class DelaiEnvoi:
    """A delay of the law before a meeting.

    `classe`: the communes it is that of, “” when it does not depend on the population or when that is
    unknown. `note_due`: a note explicative de synthèse leaves with the convocation.
    """

    jours: int
    francs: bool
    article: str
    quoi: Delai
    classe: str = ""
    note_due: bool = False

    @property
    def dit(self) -> str:
        """« 5 jours francs », « 12 jours »."""
        return f"{self.jours}\N{NO-BREAK SPACE}jours{' francs' if self.francs else ''}"

    def premiere_seance(self, envoi: date) -> date:
        """The first day on which the assembly may meet when the convocation left that day."""
        return ajouter_jours_francs(envoi, self.jours) if self.francs else envoi + timedelta(days=self.jours)

    def dernier_envoi(self, seance: date) -> date:
        """The last day on which it may leave: of 5 clear days before the 12th, the 6th."""
        return seance - timedelta(days=self.jours + self.francs)


def delai_envoi(
    regime: Regime | None, habitants: int | None, le: date, loi: ParametresLegaux
) -> DelaiEnvoi | None:
    """The delay that rules an assembly which meets that day; None when the law that was read sets none.

    `habitants`: those of a commune; None for the others, and when it is not known (the long delay then).
    """
    if regime is None or regime.delai is Delai.AUCUN:
        return None
    if regime.delai is Delai.RAPPORTS:
        lu = loi.seuil(regime.parametre, le)
        return None if lu is None else DelaiEnvoi(int(lu.valeur), False, lu.article, Delai.RAPPORTS)
    return _du_conseil(regime, habitants, le, loi)


def _du_conseil(regime: Regime, habitants: int | None, le: date, loi: ParametresLegaux) -> DelaiEnvoi | None:
    seuil, long = loi.seuil(CONVOCATION_HABITANTS, le), loi.seuil(CONVOCATION_DELAI, le)
    if seuil is None or long is None:
        return None
    court = loi.seuil(CONVOCATION_DELAI_SOUS_SEUIL, le)
    if habitants is not None and habitants < seuil.valeur:
        classe = f"de moins de {formater_nombre(seuil.valeur)} habitants"
        if court is not None:
            return DelaiEnvoi(int(court.valeur), True, court.article, Delai.CONVOCATION, classe)
        return DelaiEnvoi(int(long.valeur), True, long.article, Delai.CONVOCATION)
    classe = "" if habitants is None else f"de {formater_nombre(seuil.valeur)} habitants et plus"
    article = f"{long.article} et {regime.renvoi}" if regime.renvoi else long.article
    return DelaiEnvoi(int(long.valeur), True, article, Delai.CONVOCATION, classe, note_due=True)
