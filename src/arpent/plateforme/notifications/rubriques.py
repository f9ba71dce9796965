"""What people are told about, by topic, and how often each topic reaches them by mail."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import models


class Frequence(models.TextChoices):
    """How a topic reaches somebody; the application always shows it."""

    AUSSITOT = "aussitot", "un courriel aussitôt"
    QUOTIDIENNE = "quotidienne", "dans le résumé du jour"
    HEBDOMADAIRE = "hebdomadaire", "dans le résumé de la semaine"
    JAMAIS = "jamais", "dans l’application seulement"


@dataclass(frozen=True, slots=True)
class Rubrique:
    """A topic: its name, what it covers, its frequency until somebody chooses another."""

    code: str
    libelle: str
    detail: str
    frequence: Frequence = Frequence.QUOTIDIENNE


RUBRIQUES: dict[str, Rubrique] = {
    r.code: r
    for r in (
        Rubrique("signature", "Signatures", "un acte à signer, une signature refusée", Frequence.AUSSITOT),
        Rubrique("comptes", "Comptes et accès", "invitation, fin d’un accès, délégation", Frequence.AUSSITOT),
        Rubrique("reunions", "Réunions", "convocation, compte rendu, décision à suivre"),
        Rubrique("echeances", "Échéances et relances", "ce que vous devez faire et qui est en retard"),
        Rubrique("appui", "Demandes d’appui", "une demande qui vous est adressée, une réponse"),
        Rubrique("fiches", "Fiches projets", "une fiche proposée, à compléter, retenue ou refusée"),
        Rubrique("avis", "Avis", "un avis demandé ou rendu"),
        Rubrique("remarques", "Remarques et conversations", "une remarque, une réponse, une mention"),
        Rubrique("deliberations", "Délibérations", "une délibération attendue"),
        Rubrique("negociation", "Négociation", "une offre, une contre-offre, un accord"),
        Rubrique("reserve", "Fonds de réserve", "une demande et sa décision"),
        Rubrique(
            "dossiers",
            "Dossiers de subvention",
            "un dossier déposé, une pièce demandée, une aide attribuée",
            Frequence.AUSSITOT,
        ),
        Rubrique("contrat", "Contrat et avenants", "un vote attendu, un texte modifié, une fin de contrat"),
        Rubrique("demarche", "Démarche", "une étape, une phase de votre territoire"),
    )
}

Choix = dict[str, Frequence]


def frequences(choisies: dict[str, str]) -> Choix:
    """The frequency of each topic for somebody who chose `choisies` (topic → code of a frequency)."""
    return {
        code: Frequence(choisies[code]) if code in choisies else rubrique.frequence
        for code, rubrique in RUBRIQUES.items()
    }
