"""The load of the structures as a workbook: one list, its groups one under the other."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from arpent.plateforme.acteurs.models import GenreAppui, StructureAppui
from arpent.plateforme.documents.donnees import Cellule, ColonneDoc
from arpent.plateforme.documents.rendu.xlsx import rendre_tableau_xlsx
from arpent.plateforme.socle.templatetags.formats import date_fr

from .charge import Charge, Filtre, Tableau

COLONNES = (
    ColonneDoc("groupe", "Groupe"),
    ColonneDoc("libelle", "Nom"),
    ColonneDoc("recues", "Reçues", "entier"),
    ColonneDoc("ouvertes", "En cours", "entier"),
    ColonneDoc("en_retard", "En retard", "entier"),
    ColonneDoc("closes", "Closes", "entier"),
    ColonneDoc("delai_reponse", "Réponse (jours)", "decimal"),
    ColonneDoc("delai_cloture", "Clôture (jours)", "decimal"),
    ColonneDoc("heures", "Heures passées", "decimal"),
    ColonneDoc("satisfaits", "Satisfaits", "entier"),
    ColonneDoc("juges", "Avis donnés", "entier"),
)


def ligne(groupe: str, charge: Charge) -> dict[str, Cellule]:
    """One row of the list, by column."""
    return {
        "groupe": groupe,
        "libelle": charge.libelle,
        "recues": charge.recues,
        "ouvertes": charge.ouvertes,
        "en_retard": charge.en_retard,
        "closes": charge.closes,
        "delai_reponse": _decimal(charge.delai_reponse),
        "delai_cloture": _decimal(charge.delai_cloture),
        "heures": _decimal(charge.heures),
        "satisfaits": charge.satisfaits,
        "juges": charge.juges,
    }


def _decimal(valeur: float | None) -> Decimal | None:
    return None if valeur is None else Decimal(str(valeur))


def lignes(tableau: Tableau) -> list[dict[str, Cellule]]:
    """Every row the page shows, in its order, the whole at the end."""
    groupes = (
        ("Structure", tableau.par_structure),
        ("Nature", tableau.par_genre),
        ("Mois", tableau.par_mois),
        ("Total", (tableau.total,)),
    )
    return [ligne(nom, charge) for nom, charges in groupes for charge in charges]


def mentions(filtre: Filtre) -> list[str]:
    """What was asked, said above the list."""
    dites = ["Réponse et clôture\N{NO-BREAK SPACE}: jours depuis la demande, médianes."]
    if filtre.du:
        dites.append(f"Demandes faites depuis le {date_fr(filtre.du)}.")
    if filtre.au:
        dites.append(f"Demandes faites jusqu’au {date_fr(filtre.au)}.")
    if filtre.genre:
        dites.append(f"Nature\N{NO-BREAK SPACE}: {GenreAppui(filtre.genre).label}.")
    if filtre.structure is not None:
        nom = StructureAppui.objects.filter(pk=filtre.structure).values_list("nom", flat=True).first()
        dites.append(f"Structure\N{NO-BREAK SPACE}: {nom or 'aucune'}.")
    return dites


def rendre(tableau: Tableau, filtre: Filtre, le: date, auteur: str) -> bytes:
    return rendre_tableau_xlsx(
        "Demandes d’appui : charge et délais", COLONNES, lignes(tableau), None, mentions(filtre),
        etabli_le=le, auteur=auteur,
    )  # fmt: skip
