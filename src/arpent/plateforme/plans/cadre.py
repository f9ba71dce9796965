"""Recording the legal frame of a fiche: created at the first answer, versioned, journaled on the fiche."""

from __future__ import annotations

from typing import Any

from django.db import IntegrityError, transaction

from arpent.plateforme.acteurs.models import Agent
from arpent.plateforme.journal.actions import consigner_modification
from arpent.plateforme.socle.versions import ConflitDeVersion, ecarts_entre, enregistrer_version

from .models import CadreJuridique, Fiche

CHAMPS = (
    "chef_de_file", "convention", "reference", "regime", "derogation_motif", "plan_ttc", "sans_travaux",
    "votes_concordants",
)  # fmt: skip


def cadre_de(fiche: Fiche) -> CadreJuridique:
    """The recorded frame, or a blank one. One query."""
    return CadreJuridique.objects.filter(fiche=fiche).first() or CadreJuridique(fiche=fiche)


def _valeurs(cadre: CadreJuridique) -> dict[str, Any]:
    return {nom: getattr(cadre, nom) for nom in CHAMPS}


def _en_mots(cadre: CadreJuridique) -> dict[str, str]:
    """The answers as the journal keeps them: what a person reads."""
    mots = {None: "", True: "oui", False: "non"}
    ecrits = {nom: mots.get(valeur, valeur) for nom, valeur in _valeurs(cadre).items()}
    for nom in ("convention", "regime", "derogation_motif"):
        ecrits[nom] = str(getattr(cadre, f"get_{nom}_display")())
    return ecrits


def reponses(cadre: CadreJuridique) -> list[tuple[str, str]]:
    """Each question and its answer, as people read them."""
    libelles = {f.name: str(f.verbose_name) for f in CadreJuridique._meta.concrete_fields}
    return [
        (libelles[nom][:1].upper() + libelles[nom][1:], mot or "non précisé")
        for nom, mot in _en_mots(cadre).items()
    ]


@transaction.atomic
def enregistrer_cadre(cadre: CadreJuridique, *, version_lue: int, par: Agent | None) -> CadreJuridique:
    """Creates or updates. ConflitDeVersion when somebody answered meanwhile."""
    fiche = cadre.fiche
    if cadre.pk is None:
        avant = _en_mots(CadreJuridique(fiche=fiche))
        try:
            with transaction.atomic():
                cadre.save(force_insert=True)
        except IntegrityError:
            en_base = CadreJuridique.objects.get(fiche=fiche)
            raise ConflitDeVersion(en_base, ecarts_entre(en_base, _valeurs(cadre))) from None
    else:
        avant = _en_mots(CadreJuridique.objects.select_for_update(of=("self",)).get(pk=cadre.pk))
        enregistrer_version(cadre, version_lue, CHAMPS)
    consigner_modification(
        fiche, avant, _en_mots(cadre), par=par, demarche_id=fiche.demarche_id, geste="noter_cadre"
    )
    return cadre
