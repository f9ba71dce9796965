"""What an import would do, line by line, before anything is written."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from arpent.metier.argent import formater_nombre
from arpent.plateforme.demarches.models import Demarche
from arpent.plateforme.plans.actions import FicheSaisie

from .correspondance import MONTANTS, Correspondance
from .lecture import Tableau
from .lignes import est_hors_plan, lire_fiche
from .reperes import Colonnes, Contexte, Lecture, Rejet
from .totaux import Sommes

UNITES = {Decimal(1_000): "milliers", Decimal(1_000_000): "millions"}


@dataclass(frozen=True, slots=True)
class LigneValide:
    """A line that would become a fiche."""

    ligne: int
    saisie: FicheSaisie


@dataclass(frozen=True, slots=True)
class Apercu:
    """What would be imported and what would not. `notes` concern the file, not one line."""

    valides: tuple[LigneValide, ...]
    rejets: tuple[Rejet, ...]
    avertissements: tuple[Rejet, ...]
    notes: tuple[str, ...] = ()
    source: str = ""

    @property
    def lignes_rejetees(self) -> int:
        return len({r.ligne for r in self.rejets})


def verifier(demarche: Demarche, tableau: Tableau, correspondance: Correspondance) -> Apercu:
    """Reads every line against the démarche; writes nothing. Five queries whatever the file.

    Raises FichierIllisible when the columns of the title, the owner or the cost are not known.
    """
    colonnes = Colonnes.de(tableau.entetes, correspondance)
    contexte = Contexte.lire(demarche)
    valides, rejets, avertissements, sommes = [], [], [], Sommes()
    for ligne in tableau.lignes:
        lecture = Lecture(ligne, colonnes, contexte)
        if est_hors_plan(lecture, sommes):
            avertissements += lecture.avertissements
            continue
        sommes.ajouter(lecture)
        saisie = lire_fiche(lecture)
        rejets += lecture.rejets
        if not lecture.rejets:
            valides.append(LigneValide(ligne.numero, saisie))
            avertissements += lecture.avertissements
    notes = _notes(colonnes, contexte)
    return Apercu(tuple(valides), tuple(rejets), tuple(avertissements), notes, tableau.nom)


def _notes(colonnes: Colonnes, contexte: Contexte) -> tuple[str, ...]:
    notes = [
        f"La colonne « {colonnes.nom(rang)} » est en {UNITES[unite]} d’euros : ses montants sont multipliés "
        f"par {formater_nombre(unite)}."
        for rang, unite in colonnes.unites.items()
        if unite != 1 and colonnes.champs[rang] in MONTANTS
    ]
    if "axe" in colonnes.rang and not contexte.axes.par_numero:
        notes.append("Le plan n’a pas encore d’axe : la colonne des axes est ignorée. Créez-les d’abord.")
    de_l_autorite = [colonnes.nom(c.rang) for c in colonnes.financeurs if c.financeur is contexte.autorite]
    if "aide_demandee" not in colonnes.rang and de_l_autorite:
        notes.append(f"L’aide demandée à l’autorité est lue dans la colonne « {de_l_autorite[0]} ».")
    return tuple(notes)


def causes(rejets: Sequence[Rejet]) -> list[tuple[str, int]]:
    """How many rejects by column, most frequent first: what to correct in one go."""
    return Counter(r.colonne for r in rejets).most_common()
