"""Who is told of a payment: the services of the authority, or the people of the owner."""

from __future__ import annotations

from django.urls import reverse

from arpent.metier.argent import formater_euros
from arpent.plateforme.notifications.actions import notifier
from arpent.plateforme.plans.destinataires import gens_d_une_autorite, gens_de_la_structure

from ..models import DemandeVersement, Dossier

RUBRIQUE = "dossiers"
_PAIENT = ("chef_de_projet",)


def page_de(dossier: Dossier) -> str:
    """Where the payments and the deadlines of a file are read."""
    return reverse("subventions:versements", args=[dossier.demarche.slug, dossier.annee, dossier.numero])


def au_porteur(dossier: Dossier, sujet: str, texte: str, url: str = "") -> None:
    """Two queries."""
    notifier(
        gens_de_la_structure(dossier.maitre_ouvrage_id, dossier.demarche.territoire_id),
        rubrique=RUBRIQUE,
        sujet=f"Dossier {dossier.reference} : {sujet}",
        texte=texte,
        url=url or page_de(dossier),
    )


def deposee(demande: DemandeVersement) -> None:
    """Two queries."""
    dossier = demande.dossier
    notifier(
        gens_d_une_autorite(dossier.demarche.autorite.pk),
        rubrique=RUBRIQUE,
        sujet=f"{dossier.demarche.territoire.nom} : une demande de versement",
        texte=(
            f"{dossier.maitre_ouvrage.nom} demande {formater_euros(demande.montant_demande)} pour "
            f"« {dossier.fiche.titre} »."
        ),
        url=demande.get_absolute_url(),
    )


def certifiee(demande: DemandeVersement) -> None:
    """Those who note the payments. Two queries."""
    dossier = demande.dossier
    notifier(
        gens_d_une_autorite(dossier.demarche.autorite.pk, _PAIENT),
        rubrique=RUBRIQUE,
        sujet=f"{dossier.demarche.territoire.nom} : un versement à mettre en paiement",
        texte=f"{formater_euros(demande.montant_certifie)} certifiés pour « {dossier.fiche.titre} ».",
        url=demande.get_absolute_url(),
    )
