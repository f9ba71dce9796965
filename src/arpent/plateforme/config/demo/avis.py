"""A questionnaire of the demonstration and one answer of evaluation: bodies are real, answers invented."""

from __future__ import annotations

from datetime import date, timedelta

from django.db import transaction

from arpent.plateforme.demarches.models import Demarche
from arpent.plateforme.suivi.models import CampagneQuestionnaire
from arpent.plateforme.suivi.questionnaires.actions import Invite, lancer_campagne
from arpent.plateforme.suivi.questionnaires.destinataires import destinataires_proposes
from arpent.plateforme.suivi.questionnaires.participation import envoyer, garder
from arpent.plateforme.suivi.questions.actions import changer_etat, ecrire_reponse

from .avancement import SIGNE
from .comptes import agent

DEPUIS, ENCORE, INVITES = timedelta(days=20), timedelta(days=25), 14
LIBRES = (
    "Un seul interlocuteur pour tous nos projets (exemple).",
    "Les réunions sur place, avec les services (exemple).",
)
A_CHANGER = (
    "Moins de pièces à redonner à chaque dossier (exemple).",
    "Des délais de paiement plus courts (exemple).",
)
REPONSE = (
    "Exemple de réponse. Les projets retenus avancent, mais un sur trois a pris du retard : l’entreprise de "
    "charpente attend son ordre de service.\n\nLes aides sont engagées au rythme des marchés ; le payé "
    "suivra les premières demandes d’acompte."
)


@transaction.atomic
def recueillir(le: date) -> None:
    """All or nothing, once."""
    if CampagneQuestionnaire.objects.exists():
        return
    demarche, qui = Demarche.objects.avec_contexte().get(slug=SIGNE), agent("chef.projet")
    proposes = destinataires_proposes(demarche, le)[:INVITES]
    if proposes:
        campagne = lancer_campagne(
            demarche,
            [
                Invite(p.organisation.pk, p.qualite, f"structure-{p.organisation.pk}@exemple.fr")
                for p in proposes
            ],
            titre="Votre avis sur le contrat territorial", cloture_le=le + ENCORE, le=le - DEPUIS, par=qui,
            demonstration=True,
        )  # fmt: skip
        _repondre(campagne, le)
    ecrire_reponse(demarche, "efficacite", REPONSE, version_lue=1, par=qui, demonstration=True)
    ecrire_reponse(
        demarche, "pertinence", "Exemple : chaque projet retenu sert un enjeu du diagnostic.", version_lue=1,
        par=qui, demonstration=True,
    )  # fmt: skip
    changer_etat(demarche, "pertinence", "valider_reponse_evaluation", par=qui)


def _repondre(campagne: CampagneQuestionnaire, le: date) -> None:
    """Three out of four have answered, one has begun."""
    invitations = list(campagne.invitations.order_by("pk"))
    for rang, invitation in enumerate(invitations[: len(invitations) * 3 // 4]):
        garder(
            invitation,
            {
                "repond_aux_besoins": str(3 + rang % 3),
                "sans_le_contrat": ("moindre", "non", "pareil")[rang % 3],
                "travail_commun": "non" if rang % 4 == 3 else "oui",
                "aides_recues": [["intercommunalite"], ["autorite", "intercommunalite"], ["aucun"]][rang % 3],
                "simplicite": str(2 + rang % 3),
                "jours_de_demarches": str(2 + rang),
                "fonctionnement_assure": "oui" if rang % 3 else "non",
                "a_garder": LIBRES[rang] if rang < len(LIBRES) else None,
                "a_changer": A_CHANGER[rang - 2] if 2 <= rang < 2 + len(A_CHANGER) else None,
            },
            le=le,
        )
        envoyer(invitation, le=le)
    if len(invitations) > 1:
        garder(invitations[-1], {"repond_aux_besoins": "4"}, le=le)
