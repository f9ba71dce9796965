"""From the files of a dispositif to the database: idempotent, and a published version never changes."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

from django.db import models, transaction

from arpent.plateforme.acteurs.models import Agent, Organisation
from arpent.plateforme.demarches.models import Processus, VersionProcessus
from arpent.plateforme.journal.actions import consigner

from .livre import DispositifInvalide, Livre, lire_livre, lister_livres
from .models import Dispositif, Fonds, PolitiqueSectorielle, Theme, VersionReglement

__all__ = ["DispositifInvalide", "charger_dispositif", "lister_livres"]


@transaction.atomic
def charger_dispositif(dossier: Path, *, demonstration: bool, par: Agent | None) -> Dispositif:
    """Loads the files of `dossier`; with `demonstration`, unpublished values take their example.

    Loading the same files twice changes nothing. When the règlement or the processus has changed, a new
    version is added and the earlier ones stay as they are. Raises DispositifInvalide (French) before any
    write.
    """
    livre = lire_livre(dossier, demonstration=demonstration)
    autorite = _autorite(livre)
    processus = _processus(livre, autorite)
    dispositif, cree = Dispositif.objects.update_or_create(
        slug=livre.slug,
        defaults={
            "nom": livre.nom,
            "autorite": autorite,
            "processus": processus,
            "duree_annees": livre.duree_annees,
            "presentation": livre.presentation,
            "source": livre.source,
            "parametres": _en_json(livre.parametres),
            "modele_contrat": _en_json(livre.contrat),
            "modele_vulnerabilite": _en_json(livre.vulnerabilite),
        },
    )
    _rubriques(livre, dispositif)
    version = _version(livre, dispositif, demonstration)
    if cree or version:
        consigner(
            "charger_dispositif",
            sur=dispositif,
            par=par,
            apres={"reglement": str(version) if version else "", "demonstration": demonstration},
        )
    return dispositif


def _en_json(contenu: Any) -> Any:
    """YAML as the database keeps it: dates become texts, numbers stay numbers."""
    return json.loads(json.dumps(contenu, default=str))


def _autorite(livre: Livre) -> Organisation:
    """The authority: found by its SIREN, else by its name; created when it is new."""
    lue = livre.autorite
    connues = Organisation.objects.filter(nature=lue["nature"])
    if lue["siren"]:
        connues = Organisation.objects.filter(siren=lue["siren"])
    else:
        connues = connues.filter(nom=lue["nom"])
    return connues.first() or Organisation.objects.create(**lue)


def _processus(livre: Livre, autorite: Organisation) -> Processus:
    """The process of the files. What the authority published in the browser is not replaced by them."""
    definition = _en_json(livre.processus)
    processus, _ = Processus.objects.update_or_create(
        slug=definition["slug"], defaults={"nom": definition["nom"], "autorite": autorite}
    )
    derniere = processus.versions.order_by("-numero").first()
    des_fichiers = processus.versions.filter(publiee_le__isnull=True).order_by("-numero").first()
    if des_fichiers is None or des_fichiers.definition != definition:
        VersionProcessus.objects.create(
            processus=processus, numero=(derniere.numero if derniere else 0) + 1, definition=definition
        )
    return processus


def _rubriques(livre: Livre, dispositif: Dispositif) -> None:
    """Themes, sector policies and funds follow the files; one that disappears stays while it is used."""
    for ordre, theme in enumerate(livre.themes, 1):
        _ranger(Theme, dispositif, theme.code, {"libelle": theme.libelle, "ordre": ordre})
    for ordre, politique in enumerate(livre.politiques, 1):
        _ranger(
            PolitiqueSectorielle, dispositif, politique.code, {"libelle": politique.libelle, "ordre": ordre}
        )
    for ordre, fonds in enumerate(livre.fonds, 1):
        valeurs = {
            "libelle": fonds.libelle,
            "montant": fonds.montant,
            "cle_repartition": _en_json(fonds.cle),
            "themes": list(fonds.themes),
            "source": fonds.source,
            "demonstration": fonds.demonstration,
            "ordre": ordre,
        }
        if Fonds.objects.filter(dispositif=dispositif, code=fonds.code, montant_saisi=True).exists():
            del valeurs["montant"], valeurs["demonstration"]
        _ranger(Fonds, dispositif, fonds.code, valeurs)


def _ranger(modele: type[models.Model], dispositif: Dispositif, code: str, valeurs: dict[str, Any]) -> None:
    modele._default_manager.update_or_create(dispositif=dispositif, code=code, defaults=valeurs)


def empreinte_contenu(contenu: dict[str, Any], demonstration: bool) -> str:
    """SHA-256 of the canonical content: the same text with other values is another version."""
    texte = json.dumps([contenu, demonstration], ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(texte.encode()).hexdigest()


def _version(livre: Livre, dispositif: Dispositif, demonstration: bool) -> VersionReglement | None:
    """The new version when the files changed; None when the last one that came from files says the same.

    What the authority has published in the browser since then is not replaced by the same files read again.
    """
    contenu = _en_json(livre.contenu_reglement)
    exemple = demonstration and livre.reglement.demonstration
    empreinte = empreinte_contenu(contenu, exemple)
    derniere = dispositif.versions.order_by("-numero").first()
    des_fichiers = dispositif.versions.filter(brouillon_publie__isnull=True).order_by("-numero").first()
    if des_fichiers is not None and des_fichiers.empreinte == empreinte:
        return None
    return VersionReglement.objects.create(
        dispositif=dispositif,
        numero=(derniere.numero if derniere else 0) + 1,
        intitule=livre.reglement.intitule,
        en_vigueur_le=livre.reglement.en_vigueur_le,
        acte=livre.reglement.acte,
        contenu=contenu,
        demonstration=exemple,
        empreinte=empreinte,
    )
