"""What a fiche says, field by field, in the words and the order of its dispositif."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from django.db import models

from arpent.metier.argent import formater_euros, formater_nombre
from arpent.plateforme.documents.donnees_fiche import RepereDoc, TexteDoc
from arpent.plateforme.documents.rendu.texte import jour
from arpent.plateforme.reglements.fiches import ChampFiche, Choix, ModeleFiche

from .champs import COMPLEMENTS, libelle
from .models import Fiche

# Said elsewhere in the document: heading, figures, tables, map.
AILLEURS = frozenset(
    {
        *("titre", "maitre_ouvrage", "commune", "cout_ht", "cout_ttc", "assiette", "aide_demandee"),
        *("depenses", "financements", "demarches_financeurs", "latitude", "longitude", "debut_le", "fin_le"),
    }
)
TITRES = {"description": "Le projet", "besoin": "Besoin et objectifs", "effets": "Effets attendus"}
_MONTANTS = frozenset({"recettes"})


def calendrier(fiche: Fiche) -> str:
    """« du 1er mars 2027 au 30 octobre 2028 », as far as the dates are known."""
    debut = f"du {jour(fiche.debut_le)}" if fiche.debut_le else ""
    fin = f"au {jour(fiche.fin_le)}" if fiche.fin_le else ""
    return " ".join(x for x in (debut, fin) if x) or (f"programmation {fiche.annee}" if fiche.annee else "")


def reperes_et_textes(
    fiche: Fiche, modele: ModeleFiche
) -> tuple[tuple[RepereDoc, ...], tuple[TexteDoc, ...]]:
    """Every filled field: the short ones, then the long ones. No query when relations are loaded."""
    reperes = [RepereDoc("Calendrier", calendrier(fiche))] if calendrier(fiche) else []
    textes = []
    for champ in modele.champs:
        if champ.code in AILLEURS or not (valeur := ecrire(fiche, champ, modele)):
            continue
        nom = libelle(champ.code, modele)
        nom = nom[:1].upper() + nom[1:]
        if _est_long(champ):
            textes.append(TexteDoc(TITRES.get(champ.code, nom), valeur))
        else:
            reperes.append(RepereDoc(nom, valeur))
    return (*reperes, *_complementaires(fiche)), tuple(textes)


def _complementaires(fiche: Fiche) -> list[RepereDoc]:
    """What the authority noted, which is no field of the form."""
    notes = []
    if fiche.tranche is not None:
        notes.append(RepereDoc("Tranche", str(fiche.tranche)))
    if fiche.dossier_complet_le:
        notes.append(RepereDoc("Dossier reconnu complet", jour(fiche.dossier_complet_le)))
    if fiche.derogation_taux is not None and fiche.derogation_le is not None:
        taux = formater_nombre(fiche.derogation_taux * 100, 2)
        notes.append(
            RepereDoc(
                "Dérogation du préfet",
                f"participation minimale de {taux} % ({fiche.derogation_acte}, {jour(fiche.derogation_le)})",
            )
        )
    return notes


def _est_long(champ: ChampFiche) -> bool:
    if champ.genre:
        return champ.genre == "texte_long"
    return isinstance(Fiche._meta.get_field(champ.code), models.TextField)


def ecrire(fiche: Fiche, champ: ChampFiche, modele: ModeleFiche) -> str:
    """The displayed value of one field, empty when the fiche does not say it."""
    if champ.code.startswith(COMPLEMENTS):
        return _complement(fiche.complements.get(champ.code.removeprefix(COMPLEMENTS)), champ)
    if champ.code == "politiques":
        return " ; ".join(p.libelle for p in fiche.politiques.all())
    if champ.code == "quantites":
        return _quantites(fiche.quantites, modele)
    valeur = getattr(fiche, champ.code)
    if valeur in (None, "", [], {}):
        return ""
    if isinstance(valeur, list):
        return " ; ".join(_nommer(str(code), _liste(champ.code, modele)) for code in valeur)
    if Fiche._meta.get_field(champ.code).choices:  # type: ignore[union-attr]
        return str(getattr(fiche, f"get_{champ.code}_display")())
    if champ.code in ("categorie", "competence"):
        return _nommer(valeur, _liste(champ.code, modele))
    return _simple(valeur, montant=champ.code in _MONTANTS)


def _simple(valeur: Any, *, montant: bool = False) -> str:
    if isinstance(valeur, Decimal):
        return formater_euros(valeur) if montant else f"{valeur.normalize():f}".replace(".", ",")
    return jour(valeur) if isinstance(valeur, date) else str(valeur)


def _liste(code: str, modele: ModeleFiche) -> tuple[Choix, ...]:
    match code:
        case "categorie":
            return modele.categories
        case "competence":
            return modele.competences
        case "criteres":
            return modele.criteres
        case "contrats_lies":
            return modele.contrats
        case "cadre_strategique":
            return modele.cadre.axes
        case _:
            return ()


def _nommer(code: str, choix: Iterable[Choix]) -> str:
    return next((c.libelle for c in choix if c.code == code), code)


def _quantites(quantites: dict[str, Any], modele: ModeleFiche) -> str:
    return " ; ".join(
        f"{str(nombre).replace('.', ',')} {_nommer(code, modele.unites)}"
        for code, nombre in quantites.items()
        if nombre
    )


def _complement(valeur: Any, champ: ChampFiche) -> str:
    if valeur in (None, "", []):
        return ""
    if isinstance(valeur, bool):
        return "oui" if valeur else "non"
    if isinstance(valeur, list):
        return " ; ".join(_nommer(str(v), champ.choix) for v in valeur)
    if champ.genre == "date":
        try:
            return jour(date.fromisoformat(str(valeur)))
        except ValueError:
            return str(valeur)
    if champ.genre == "nombre":
        try:
            return _simple(Decimal(str(valeur)))
        except InvalidOperation:
            return str(valeur)
    return _nommer(str(valeur), champ.choix)
