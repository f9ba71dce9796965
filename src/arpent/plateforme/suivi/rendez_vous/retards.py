"""The late projects as an assembly wants them told: what, why, who, and until when."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from arpent.metier.echeances_dossier import LIBELLES_ECHEANCE
from arpent.plateforme.documents.donnees_rendez_vous import RetardDoc
from arpent.plateforme.subventions.echeances.faits import Situation
from arpent.plateforme.subventions.echeances.lecture import jours_de

from ..avancement.lecture import LigneProjet
from ..etat import LigneEtat

FIN_DES_TRAVAUX = "Fin des travaux"
SANS_RAISON = "raison à dire en réunion"


def retards_de(
    territoire: str, lignes: Iterable[LigneEtat], lus: Mapping[int, Sequence[Situation]], le: date
) -> list[RetardDoc]:
    """No query. The reason is what blocks the project, when somebody noted it."""
    return [
        _retard(territoire, x.projet, lus.get(x.projet.fiche.pk, ()), le) for x in lignes if x.projet.retards
    ]


def _retard(territoire: str, x: LigneProjet, lues: Sequence[Situation], le: date) -> RetardDoc:
    premier = max(x.retards, key=lambda r: r.jours)
    bloquants = sorted(x.bloquants, key=lambda b: b.echeance)
    prochaine = prochaine_echeance(x, lues, le)
    return RetardDoc(
        territoire=territoire,
        numero=x.fiche.numero,
        titre=x.fiche.titre,
        quoi=premier.jalon.libelle if premier.jalon else FIN_DES_TRAVAUX,
        depuis=premier.prevu_le,
        jours=premier.jours,
        raison=" ; ".join(b.texte for b in bloquants) or SANS_RAISON,
        responsable=", ".join(dict.fromkeys(b.responsable.nom for b in bloquants))
        or x.fiche.maitre_ouvrage.nom,
        prochaine=prochaine[1] if prochaine else "",
        prochaine_le=prochaine[0] if prochaine else None,
    )


def prochaine_echeance(x: LigneProjet, lues: Sequence[Situation], le: date) -> tuple[date, str] | None:
    """The soonest day still to come: of the awarded file, of what blocks, of a milestone. No query."""
    jours = [(j.echeance.le, LIBELLES_ECHEANCE[j.echeance.genre]) for j in jours_de(lues) if j.echeance.le]
    jours += [(b.echeance, "Point bloquant à lever") for b in x.bloquants]
    jours += [(j.prevu_le, j.libelle) for j in x.projet.jalons if j.prevu_le and j.atteint_le is None]
    return min((j for j in jours if j[0] >= le), default=None)
