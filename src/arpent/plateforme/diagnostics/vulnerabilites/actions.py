"""Models of vulnerability typed by an authority: copied, changed, put in force, each journaled."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils.text import slugify

from arpent.plateforme.acteurs.models import Agent
from arpent.plateforme.journal.actions import consigner
from arpent.plateforme.socle.versions import ConflitDeVersion, Ecart, enregistrer_version

from ..models import ModeleVulnerabilite
from .classe import oublier
from .definition import differences

CHAMPS = ("libelle", "source", "definition")


class GesteRefuse(Exception):
    """The French message says why, and what to do instead."""


def _verrouiller(processus_id: int) -> dict[int, ModeleVulnerabilite]:
    """All the models of the policy, locked: only one of them is in force."""
    lignes = ModeleVulnerabilite.objects.select_for_update(of=("self",)).filter(processus_id=processus_id)
    return {m.pk: m for m in lignes}


@transaction.atomic
def copier(
    processus_id: int, definition: Mapping[str, Any], origine: str, *, par: Agent | None, demarche_id: int
) -> ModeleVulnerabilite:
    """A draft of the policy, with a code and a name of its own."""
    codes = {m.code for m in _verrouiller(processus_id).values()}
    base = slugify(f"{origine}")[:50] or "modele"
    numero = next(n for n in range(1, len(codes) + 2) if f"{base}-{n}" not in codes)
    libelle = f"{str(definition['libelle'])[:180]} (copie {numero})"
    code = f"{base}-{numero}"
    modele = ModeleVulnerabilite.objects.create(
        processus_id=processus_id,
        code=code,
        libelle=libelle,
        origine=origine[:60],
        definition={**definition, "code": code, "libelle": libelle},
        source=str(definition["source"])[:500],
    )
    consigner("copier_modele", sur=modele, par=par, demarche_id=demarche_id, apres={"origine": origine})
    return modele


@transaction.atomic
def modifier(
    modele: ModeleVulnerabilite,
    *,
    avant: Mapping[str, Any],
    version_lue: int,
    par: Agent | None,
    demarche_id: int,
) -> ModeleVulnerabilite:
    """Saves a draft. `avant`: the definition that was read. Raises ConflitDeVersion, GesteRefuse."""
    if _verrouiller(modele.processus_id)[modele.pk].en_vigueur:
        raise GesteRefuse(
            "Ce modèle est en vigueur : copiez-le, changez la copie, puis mettez-la en vigueur."
        )
    try:
        enregistrer_version(modele, version_lue, CHAMPS)
    except ConflitDeVersion as conflit:
        conflit.ecarts = _ecarts(conflit, modele)
        raise
    dites = differences(avant, modele.definition)
    if dites:
        consigner(
            "modifier",
            sur=modele,
            par=par,
            demarche_id=demarche_id,
            avant={d.libelle: d.avant for d in dites},
            apres={d.libelle: d.apres for d in dites},
        )
    return modele


def _ecarts(conflit: ConflitDeVersion, voulu: ModeleVulnerabilite) -> list[Ecart]:
    """The two definitions side by side, in words instead of raw data."""
    autres = [e for e in conflit.ecarts if e.champ != "definition"]
    en_base = conflit.objet
    assert isinstance(en_base, ModeleVulnerabilite)
    dites = differences(en_base.definition, voulu.definition)
    return autres + [
        Ecart("definition", d.libelle, d.avant, d.apres) for d in dites if d.libelle not in ("Nom", "Source")
    ]


@transaction.atomic
def supprimer(modele: ModeleVulnerabilite, *, par: Agent | None, demarche_id: int) -> None:
    """Removes a draft; the one in force stays. Raises GesteRefuse."""
    if _verrouiller(modele.processus_id)[modele.pk].en_vigueur:
        raise GesteRefuse("Ce modèle est en vigueur : cessez d’abord de l’appliquer.")
    consigner("supprimer", sur=modele, par=par, demarche_id=demarche_id, avant={"libelle": modele.libelle})
    modele.delete()


@transaction.atomic
def mettre_en_vigueur(
    modele: ModeleVulnerabilite, *, motif: str, version_lue: int, par: Agent | None, demarche_id: int
) -> ModeleVulnerabilite:
    """From now on this model decides the classes of the policy. Raises ConflitDeVersion when it changed."""
    tous = _verrouiller(modele.processus_id)
    ancien = next((m for m in tous.values() if m.en_vigueur and m.pk != modele.pk), None)
    if ancien is not None:
        ancien.en_vigueur = False
        enregistrer_version(ancien, ancien.version, ["en_vigueur"])
    modele.en_vigueur, modele.motif = True, motif
    enregistrer_version(modele, version_lue, ["en_vigueur", "motif"])
    consigner(
        "mettre_en_vigueur",
        sur=modele,
        par=par,
        demarche_id=demarche_id,
        motif=motif,
        avant={"en_vigueur": str(ancien) if ancien else ""},
        apres={"en_vigueur": str(modele)},
    )
    transaction.on_commit(oublier)
    return modele


@transaction.atomic
def retirer(modele: ModeleVulnerabilite, *, motif: str, par: Agent | None, demarche_id: int) -> None:
    """The shipped model of the policy applies again; the authority's own stays as a draft."""
    lu = _verrouiller(modele.processus_id)[modele.pk]
    if not lu.en_vigueur:
        raise GesteRefuse("Ce modèle n’est pas en vigueur : il n’y a rien à retirer.")
    lu.en_vigueur, lu.motif = False, ""
    enregistrer_version(lu, lu.version, ["en_vigueur", "motif"])
    consigner(
        "retirer_modele", sur=lu, par=par, demarche_id=demarche_id, motif=motif, apres={"en_vigueur": ""}
    )
    transaction.on_commit(oublier)
