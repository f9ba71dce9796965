"""Writing the directory: bodies, people, mandates. Nothing is deleted; a mandate ends with its reason."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from django.db import transaction

from arpent.metier.siren import defaut_du_siren
from arpent.plateforme.journal.actions import consigner, consigner_modification
from arpent.plateforme.socle.versions import enregistrer_version

from .absences import ActionRefusee
from .models import Agent, Mandat, Organisation, Personne


def defaut_d_organisation(nom: str, siren: str, sauf: int = 0) -> str:
    """Why a body is refused, in one French line: a false SIREN, or one that has it, or its name, already."""
    if defaut := defaut_du_siren(siren):
        return defaut
    autres = Organisation.objects.exclude(pk=sauf)
    meme = autres.filter(siren=siren).first() if siren else None
    if meme is not None:
        return f"Ce SIREN est déjà celui de « {meme.nom} » : complétez cette structure."
    if not siren and autres.filter(nom__iexact=nom.strip()).exists():
        return f"« {nom.strip()} » existe déjà : complétez cette structure, ou donnez le SIREN de la vôtre."
    return ""


@transaction.atomic
def ajouter_organisation(*, par: Agent | None, **champs: Any) -> Organisation:
    """A body that no reference file gives. ActionRefusee: false SIREN, duplicate."""
    if defaut := defaut_d_organisation(champs["nom"], champs.get("siren", "")):
        raise ActionRefusee(defaut)
    organisation = Organisation.objects.create(**champs)
    consigner("ajouter_organisation", sur=organisation, par=par, apres=champs)
    return organisation


def _enregistrer(
    objet: Any, champs: Mapping[str, Any], version_lue: int, *, par: Agent | None, geste: str, sur: Any = None
) -> Any:
    avant = {nom: getattr(objet, nom) for nom in champs}
    for nom, valeur in champs.items():
        setattr(objet, nom, valeur)
    enregistrer_version(objet, version_lue, champs)
    libelle = "" if sur is None else objet.libelle_journal
    consigner_modification(sur or objet, avant, dict(champs), par=par, geste=geste, libelle=libelle)
    return objet


@transaction.atomic
def modifier_organisation(
    organisation: Organisation, *, version_lue: int, par: Agent | None, **champs: Any
) -> Organisation:
    """ConflitDeVersion when somebody saved it meanwhile. ActionRefusee: false SIREN, duplicate."""
    relue = Organisation.objects.get(pk=organisation.pk)
    nom, siren = champs.get("nom", relue.nom), champs.get("siren", relue.siren)
    if defaut := defaut_d_organisation(nom, siren, relue.pk):
        raise ActionRefusee(defaut)
    _enregistrer(relue, champs, version_lue, par=par, geste="modifier_organisation")
    return relue


@transaction.atomic
def ajouter_personne(*, par: Agent | None, mandat: Mapping[str, Any], **champs: Any) -> Personne:
    """Somebody and what they are there for: nobody enters the directory without a mandate or a function."""
    personne = Personne.objects.create(**champs)
    consigner("ajouter_personne", sur=personne, par=par, apres=_anonymes(champs))
    ouvrir_mandat(personne, par=par, **mandat)
    return personne


_TUS = {"identite": ("civilite", "prenom", "nom"), "coordonnees": ("courriel", "telephone")}
"""What the journal only says changed, and the fields it is made of."""


def _anonymes(champs: Mapping[str, Any]) -> dict[str, Any]:
    """What the journal keeps for ever: never a name, a mail address nor a telephone number."""
    tus = {champ for groupe in _TUS.values() for champ in groupe}
    return {k: v for k, v in champs.items() if k not in tus}


@transaction.atomic
def modifier_personne(personne: Personne, *, version_lue: int, par: Agent | None, **champs: Any) -> Personne:
    """ConflitDeVersion when stale. The journal says that the name or the contact changed, not what it is."""
    relue = Personne.objects.get(pk=personne.pk)
    avant = {nom: getattr(relue, nom) for nom in champs}
    for nom, valeur in champs.items():
        setattr(relue, nom, valeur)
    enregistrer_version(relue, version_lue, champs)
    suite = {
        quoi: "changée" if quoi == "identite" else "changées"
        for quoi, groupe in _TUS.items()
        if any(nom in champs and avant[nom] != champs[nom] for nom in groupe)
    }
    consigner_modification(
        relue, _anonymes(avant), _anonymes(champs) | suite, par=par, geste="modifier_personne"
    )
    return relue


def _verifier_mandat(mandat: Mandat) -> None:
    if mandat.fin is not None and mandat.fin < mandat.debut:
        raise ActionRefusee("La fin du mandat est avant son début : corrigez les dates.")
    if mandat.fonction != Mandat.Fonction.CONSEILLER_DEPARTEMENTAL and mandat.canton is not None:
        raise ActionRefusee("Seul un conseiller départemental a un canton : laissez le canton vide.")
    memes = Mandat.objects.filter(
        personne=mandat.personne_id, organisation=mandat.organisation_id, fonction=mandat.fonction,
        canton=mandat.canton_id, intitule=mandat.intitule,
    ).exclude(pk=mandat.pk)  # fmt: skip
    if memes.en_cours(mandat.debut).exists():
        raise ActionRefusee(
            "Cette personne a déjà cette fonction à cette date : modifiez le mandat existant."
        )


@transaction.atomic
def ouvrir_mandat(personne: Personne, *, par: Agent | None, **champs: Any) -> Mandat:
    """A mandate or a function begins. ActionRefusee: dates, a canton out of place, held already."""
    mandat = Mandat(personne=personne, **champs)
    _verifier_mandat(mandat)
    mandat.save(force_insert=True)
    consigner(
        "ouvrir_mandat", sur=personne, par=par, libelle=mandat.libelle_journal,
        apres={"mandat": mandat.titre, "organisation": mandat.organisation.nom, "debut": mandat.debut},
    )  # fmt: skip
    return mandat


@transaction.atomic
def modifier_mandat(mandat: Mandat, *, version_lue: int, par: Agent | None, **champs: Any) -> Mandat:
    """Corrects what was written. ConflitDeVersion when stale."""
    relu = Mandat.objects.select_related("personne", "organisation").get(pk=mandat.pk)
    for nom, valeur in champs.items():
        setattr(relu, nom, valeur)
    _verifier_mandat(relu)
    relu.refresh_from_db()
    _enregistrer(relu, champs, version_lue, par=par, geste="modifier_mandat", sur=relu.personne)
    return relu


@transaction.atomic
def clore_mandat(mandat: Mandat, *, fin: date, motif: str, par: Agent | None) -> Mandat:
    """`fin` is its last day. ActionRefusee: ended already, before its beginning, without reason."""
    relu = (
        Mandat.objects.select_for_update(of=("self",))
        .select_related("personne", "organisation")
        .get(pk=mandat.pk)
    )
    if relu.fin is not None:
        raise ActionRefusee(f"Ce mandat est déjà clos au {relu.fin:%d/%m/%Y}.")
    if fin < relu.debut:
        raise ActionRefusee("La fin est avant le début du mandat : corrigez la date.")
    if not motif.strip():
        raise ActionRefusee("Dites pourquoi le mandat se termine (fin de mandat, démission, décès…).")
    relu.fin, relu.motif_fin = fin, motif.strip()[:200]
    relu.version += 1
    relu.save(update_fields=["fin", "motif_fin", "version", "modifie_le"])
    consigner(
        "clore_mandat", sur=relu.personne, par=par, libelle=relu.libelle_journal, motif=relu.motif_fin,
        apres={"mandat": relu.titre, "organisation": relu.organisation.nom, "fin": fin},
    )  # fmt: skip
    return relu


def codes_joints(codes: Iterable[str]) -> str:
    """Codes of themes as the tables keep them."""
    return ",".join(sorted(codes))
