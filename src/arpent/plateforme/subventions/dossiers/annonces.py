"""Who is told of a grant file: the services of the authority, or the people of the owner."""

from __future__ import annotations

from arpent.metier.argent import formater_euros
from arpent.plateforme.notifications.actions import notifier
from arpent.plateforme.plans.destinataires import gens_d_une_autorite, gens_de_la_structure

from ..models import Dossier

RUBRIQUE = "dossiers"


def a_l_autorite(dossier: Dossier, sujet: str, texte: str) -> None:
    """Two queries."""
    notifier(
        gens_d_une_autorite(dossier.demarche.autorite.pk),
        rubrique=RUBRIQUE,
        sujet=f"{dossier.demarche.territoire.nom} : {sujet}",
        texte=texte,
        url=dossier.get_absolute_url(),
    )


def au_porteur(dossier: Dossier, sujet: str, texte: str) -> None:
    """Two queries."""
    notifier(
        gens_de_la_structure(dossier.maitre_ouvrage_id, dossier.demarche.territoire_id),
        rubrique=RUBRIQUE,
        sujet=f"Dossier {dossier.reference} : {sujet}",
        texte=texte,
        url=dossier.get_absolute_url(),
    )


def depose(dossier: Dossier, *, premier: bool) -> None:
    sujet = "un dossier est déposé" if premier else "un dossier est complété"
    a_l_autorite(
        dossier,
        sujet,
        f"{dossier.maitre_ouvrage.nom} demande {formater_euros(dossier.montant_demande)} pour "
        f"« {dossier.fiche.titre} ».",
    )
