"""What is known of a contract today, for the figures of its criteria."""

from __future__ import annotations

from datetime import date

from django.db.models import Q

from arpent.metier.argent import ZERO
from arpent.metier.cadre_evaluation import FaitsEvaluation
from arpent.metier.cycles import EtatAvenant, EtatReunion
from arpent.plateforme.contrats.models import Avenant
from arpent.plateforme.demarches.models import Demarche
from arpent.plateforme.demarches.reunions.models import Reunion

from ..etat import EtatContrat
from ..evaluation.lecture import Evaluation

_TENUES = tuple(
    e.value for e in (EtatReunion.TENUE, EtatReunion.REDIGEE, EtatReunion.VALIDEE, EtatReunion.ENVOYEE)
)


def faits_de(demarche: Demarche, etat: EtatContrat, evaluation: Evaluation, le: date) -> FaitsEvaluation:
    """Two queries: meetings and avenants; the rest was read."""
    total, ensemble = etat.total, etat.avancement.ensemble
    sans = {f.pk for f in evaluation.sans_enjeu}
    return FaitsEvaluation(
        projets=len(etat.lignes),
        acheves=etat.avancement.acheves,
        en_retard=len(etat.avancement.en_retard),
        bloques=len(etat.avancement.bloques),
        sans_enjeu=len(sans),
        travaux_faits=ensemble.taux.fait,
        travaux=ensemble.taux.total,
        accorde=total.accorde,
        vote=total.vote,
        engage=total.engage,
        paye=total.paye,
        accorde_sans_enjeu=sum((x.montants.accorde for x in etat.lignes if x.projet.fiche.pk in sans), ZERO),
        cout=total.cout,
        indicateurs=len(evaluation.lignes),
        mesures=evaluation.mesures,
        atteints=evaluation.atteints,
        reunions=Reunion.objects.filter(Q(demarche=demarche) | Q(autres=demarche), etat__in=_TENUES)
        .distinct()
        .count(),
        avenants=Avenant.objects.filter(
            contrat__demarche=demarche, etat=EtatAvenant.EN_VIGUEUR.value
        ).count(),
    )
