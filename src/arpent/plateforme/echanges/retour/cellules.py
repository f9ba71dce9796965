"""From the text of a cell to what people read of it, and to the value it writes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from arpent.metier.argent import ZERO, formater_euros
from arpent.metier.plan_financement import Financeur, StatutFinancement
from arpent.plateforme.plans.actions import LigneSaisie
from arpent.plateforme.plans.models import Fiche

from ..annuaire import Annuaire
from ..valeurs import ANNEE_MAX, ANNEE_MIN, ValeurIllisible
from .colonnes import LIBELLES, PAR_CODE, RANGS, Choix, ColonneRetour

RANG_MAX = 999


def affiche(code: str, texte: str) -> str:
    """A text of `colonnes` as people read it."""
    if not texte:
        return "(vide)"
    genre = PAR_CODE[code].genre if code in PAR_CODE else "texte"
    if genre == "montant":
        return formater_euros(Decimal(texte))
    return f"{date.fromisoformat(texte):%d/%m/%Y}" if genre == "date" else texte


def _affiche_ligne(ligne: Sequence[str]) -> str:
    financeur, libelle, statut, le, montant = ligne
    qui = f"{financeur} – {libelle}" if libelle else financeur
    quand = f", {affiche('debut_le', le)}" if le else ""
    return f"{qui} : {formater_euros(Decimal(montant))} ({statut.lower() or 'envisagé'}{quand})"


def affiche_plan(lignes: Iterable[Sequence[str]]) -> str:
    """A financing plan in one text, a row by line."""
    return "\n".join(map(_affiche_ligne, lignes))


def valeur_de(colonne: ColonneRetour, texte: str, choix: Mapping[str, Choix], annuaire: Annuaire) -> Any:
    """The value of a text. ValeurIllisible when the column cannot hold it."""
    if not texte.strip():
        if colonne.code == "aide_demandee":
            return ZERO
        if colonne.obligatoire:
            raise ValeurIllisible(f"« {colonne.libelle} » ne peut pas être vide.", "Remettez une valeur.")
        return "" if colonne.genre == "texte" else None
    match colonne.genre:
        case "montant":
            return Decimal(texte)
        case "date":
            return date.fromisoformat(texte)
        case "entier" if colonne.code in RANGS:
            if not 1 <= int(texte) <= RANG_MAX:
                raise ValeurIllisible(
                    f"« {texte} » n’est pas un rang.", f"Écrivez un nombre de 1 à {RANG_MAX}, ou rien."
                )
            return int(texte)
        case "entier":
            if not ANNEE_MIN <= int(texte) <= ANNEE_MAX:
                raise ValeurIllisible(f"« {texte} » n’est pas une année.", "Écrivez par exemple 2027.")
            return int(texte)
        case "choix":
            if texte in choix[colonne.code].objets:
                return choix[colonne.code].objets[texte]
            if colonne.code == "maitre_ouvrage":
                return annuaire.trouver(texte)
            raise ValeurIllisible(
                f"« {texte} » n’est pas une valeur admise.",
                "Choisissez dans la liste déroulante de la colonne.",
            )
        case _:
            propre = " ".join(texte.split()) if colonne.code == "titre" else texte.strip()
            if colonne.longueur and len(propre) > colonne.longueur:
                raise ValeurIllisible(
                    f"Le texte compte {len(propre)} caractères, plus que les {colonne.longueur} admis.",
                    "Raccourcissez-le.",
                )
            return propre


def lignes_lues(plan: Iterable[Sequence[str]], choix: Mapping[str, Choix]) -> tuple[LigneSaisie, ...]:
    """The rows of a plan from their texts. ValeurIllisible on an unknown funder or status."""
    lues = []
    for financeur, libelle, statut, le, montant in plan:
        for quoi, texte in (("financeur", financeur), ("statut", statut)):
            if texte and texte not in choix[quoi].objets:
                raise ValeurIllisible(
                    f"« {texte} » n’est pas un {quoi} connu.", "Choisissez dans la liste déroulante."
                )
        if len(libelle) > 150:
            raise ValeurIllisible("La précision dépasse 150 caractères.", "Raccourcissez-la.")
        lues.append(
            LigneSaisie(
                Financeur(choix["financeur"].objets[financeur]),
                Decimal(montant),
                StatutFinancement(choix["statut"].objets[statut]) if statut else StatutFinancement.ENVISAGE,
                libelle.strip(),
                date.fromisoformat(le) if le else None,
            )
        )
    return tuple(lues)


def incoherence(fiche: Fiche) -> tuple[str, str] | None:
    """What two cells say that cannot be true together: column and cause."""
    if fiche.debut_le and fiche.fin_le and fiche.fin_le < fiche.debut_le:
        return LIBELLES["fin_le"], "La fin des travaux précède leur début."
    for code, quoi in (("assiette", "La dépense éligible"), ("aide_demandee", "L’aide demandée")):
        montant = getattr(fiche, code)
        if montant is not None and montant > fiche.cout_ht:
            return LIBELLES[code], f"{quoi} dépasse le coût HT."
    return None
