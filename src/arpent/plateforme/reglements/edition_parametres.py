"""Adding, correcting and ending a line of the law: one transaction each, overlaps refused, journaled."""

from __future__ import annotations

from typing import Any

from django.db import IntegrityError, transaction

from arpent.plateforme.acteurs.models import Agent
from arpent.plateforme.journal.actions import consigner, consigner_modification
from arpent.plateforme.socle.versions import enregistrer_version

from .models import ParametreLegal
from .parametres import DEFINITIONS, ecrire_valeur, en_valeur

CHAMPS = ("valeur", "depuis", "jusqu_a", "source", "note")


class LigneRefusee(ValueError):
    """The line cannot be kept; the message is French and shows what it clashes with."""


def _periode(ligne: ParametreLegal) -> str:
    fin = f"au {ligne.jusqu_a:%d/%m/%Y}" if ligne.jusqu_a else "sans date de fin"
    return f"depuis le {ligne.depuis:%d/%m/%Y}, {fin}"


def _libelle(ligne: ParametreLegal) -> str:
    return f"paramètre légal : {DEFINITIONS[ligne.code].libelle}"


def _valeurs(ligne: ParametreLegal) -> dict[str, Any]:
    unite = DEFINITIONS[ligne.code].unite
    return {nom: getattr(ligne, nom) for nom in CHAMPS} | {"valeur": ecrire_valeur(ligne.valeur, unite)}


def _refuser_chevauchement(ligne: ParametreLegal) -> None:
    """Two lines of this instance never speak of the same day. One query, under the caller's lock."""
    voulue = en_valeur(ligne)
    for autre in ParametreLegal.objects.filter(code=ligne.code).exclude(pk=ligne.pk).order_by("depuis"):
        if voulue.chevauche(en_valeur(autre)):
            valeur = ecrire_valeur(autre.valeur, DEFINITIONS[autre.code].unite)
            raise LigneRefusee(
                f"Une autre ligne vaut déjà ces jours-là : {valeur} {_periode(autre)} ({autre.source}). "
                "Terminez-la d’abord, ou changez les dates."
            )


@transaction.atomic
def ajouter_ligne(ligne: ParametreLegal, *, par: Agent | None) -> ParametreLegal:
    """A new dated line. Raises LigneRefusee when it overlaps another one of this instance."""
    # Locking the lines of the parameter makes two additions wait for each other.
    list(ParametreLegal.objects.select_for_update(of=("self",)).filter(code=ligne.code).order_by("pk"))
    ligne.saisi_par_nom = par.nom_complet if par else "Arpent"
    _refuser_chevauchement(ligne)
    try:
        with transaction.atomic():
            ligne.save(force_insert=True)
    except IntegrityError:
        raise LigneRefusee(
            f"Une ligne commence déjà le {ligne.depuis:%d/%m/%Y} : corrigez-la plutôt que d’en ajouter une."
        ) from None
    consigner("creer", sur=ligne, par=par, libelle=_libelle(ligne), apres=_valeurs(ligne))
    return ligne


@transaction.atomic
def corriger_ligne(ligne: ParametreLegal, *, version_lue: int, par: Agent | None) -> ParametreLegal:
    """Saves a line that was corrected or ended. Raises LigneRefusee, or ConflitDeVersion when it is stale."""
    lignes = ParametreLegal.objects.select_for_update(of=("self",)).filter(code=ligne.code).order_by("pk")
    avant = _valeurs(next(x for x in lignes if x.pk == ligne.pk))
    ligne.saisi_par_nom = par.nom_complet if par else "Arpent"
    _refuser_chevauchement(ligne)
    enregistrer_version(ligne, version_lue, [*CHAMPS, "saisi_par_nom"])
    consigner_modification(ligne, avant, _valeurs(ligne), par=par, libelle=_libelle(ligne))
    return ligne
