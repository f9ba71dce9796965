"""The draft of a process: opened from the version in force, saved under its lock, published, set aside."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import Max

from arpent.metier.processus import (
    Definition,
    ProcessusInvalide,
    comparer,
    ecrire_definition,
    lire_definition,
)
from arpent.metier.processus import Ecart as EcartProcessus
from arpent.plateforme.acteurs.models import Agent
from arpent.plateforme.journal.actions import consigner
from arpent.plateforme.socle.versions import ConflitDeVersion, Ecart, enregistrer_version

from ..models import BrouillonProcessus, Processus, VersionProcessus
from .contenu import Contenu

ETAT = BrouillonProcessus.Etat


class RedactionRefusee(Exception):
    """The gesture cannot be made; the French message says why and what to do."""


def en_vigueur(processus: Processus) -> VersionProcessus | None:
    """The last version published. One query."""
    return processus.versions.order_by("-numero").first()


def fautes_de(contenu: Contenu) -> tuple[str, ...]:
    """What keeps the draft from being published, each with its place."""
    try:
        lire_definition(contenu)
    except ProcessusInvalide as refus:
        return refus.fautes
    return ()


def lire_ou_rien(contenu: Contenu) -> Definition | None:
    """The process when it can be read."""
    try:
        return lire_definition(contenu)
    except ProcessusInvalide:
        return None


def changements(avant: Contenu, apres: Contenu) -> tuple[EcartProcessus, ...]:
    """What the draft changes; nothing while one of the two cannot be read."""
    a, b = lire_ou_rien(avant), lire_ou_rien(apres)
    return comparer(a, b) if a and b else ()


@transaction.atomic
def ouvrir_brouillon(processus: Processus, *, par: Agent) -> BrouillonProcessus:
    """A draft holding the version in force. RedactionRefusee while another one is being written."""
    Processus.objects.select_for_update(of=("self",)).get(pk=processus.pk)
    if processus.brouillons.filter(etat=ETAT.REDACTION).exists():
        raise RedactionRefusee("Un brouillon est déjà en rédaction : complétez-le ou abandonnez-le d’abord.")
    depuis = en_vigueur(processus)
    contenu: Contenu = {"phases": [], "reunions": []}
    if depuis is not None:
        contenu = ecrire_definition(lire_definition(depuis.definition))
    brouillon = BrouillonProcessus.objects.create(
        processus=processus, depuis=depuis, definition=contenu, cree_par_nom=par.nom_complet
    )
    consigner("ouvrir_processus", sur=brouillon, par=par, apres={"depuis": depuis.numero if depuis else 0})
    return brouillon


def _verrouiller(brouillon: BrouillonProcessus) -> BrouillonProcessus:
    stored = (
        BrouillonProcessus.objects.select_for_update(of=("self",))
        .select_related("processus")
        .get(pk=brouillon.pk)
    )
    if stored.etat != ETAT.REDACTION:
        raise RedactionRefusee(f"Ce brouillon est {stored.get_etat_display()} : il ne se modifie plus.")
    return stored


@transaction.atomic
def enregistrer(
    brouillon: BrouillonProcessus, contenu: Contenu, *, geste: str, quoi: str, par: Agent, version_lue: int
) -> BrouillonProcessus:
    """Saves the content. ConflitDeVersion when somebody saved since the page was read."""
    stored = _verrouiller(brouillon)
    if stored.version != version_lue:
        raise ConflitDeVersion(stored, _ecarts(stored.definition, contenu))
    if stored.definition == contenu:
        return stored
    avant, apres = _differences(stored.definition, contenu)
    stored.definition = contenu
    enregistrer_version(stored, version_lue, ["definition"])
    consigner(geste, sur=stored, par=par, avant=avant, apres={"objet": quoi} | apres)
    return stored


def _elements(contenu: Contenu) -> dict[str, Any]:
    """Everything that has a code, by what it is."""
    rendu: dict[str, Any] = {}
    for phase in contenu.get("phases", []):
        rendu[f"phase {phase.get('code')}"] = {"libelle": phase.get("libelle")}
        for rang, etape in enumerate(phase.get("etapes", [])):
            rendu[f"étape {etape.get('code')}"] = {**etape, "phase": phase.get("code"), "rang": rang}
    for reunion in contenu.get("reunions", []):
        rendu[f"réunion {reunion.get('code')}"] = reunion
    return rendu


def _differences(avant: Contenu, apres: Contenu) -> tuple[dict[str, Any], dict[str, Any]]:
    a, b = _elements(avant), _elements(apres)
    return (
        {nom: valeur for nom, valeur in a.items() if b.get(nom) != valeur},
        {nom: valeur for nom, valeur in b.items() if a.get(nom) != valeur},
    )


def _ecarts(en_base: Contenu, propose: Contenu) -> list[Ecart]:
    avant, apres = _differences(en_base, propose)

    def dire(valeur: Any) -> str:
        return "(absent)" if valeur is None else ", ".join(f"{c} : {v}" for c, v in valeur.items() if v)

    return [
        Ecart(nom, nom[:1].upper() + nom[1:], dire(avant.get(nom)), dire(apres.get(nom)))
        for nom in dict.fromkeys([*apres, *avant])
    ]


@transaction.atomic
def publier(brouillon: BrouillonProcessus, note: str, *, par: Agent, version_lue: int) -> VersionProcessus:
    """The draft becomes the version in force: new démarches follow it, the running ones keep theirs.

    RedactionRefusee when it cannot be read or changes nothing; ConflitDeVersion when it moved.
    """
    stored = _verrouiller(brouillon)
    if stored.version != version_lue:
        raise ConflitDeVersion(stored, [])
    if fautes := fautes_de(stored.definition):
        raise RedactionRefusee(f"Corrigez d’abord le brouillon. {fautes[0]}")
    processus = Processus.objects.select_for_update(of=("self",)).get(pk=stored.processus_id)
    derniere = en_vigueur(processus)
    if derniere and not changements(derniere.definition, stored.definition):
        raise RedactionRefusee("Le brouillon dit la même chose que la version en vigueur : rien à publier.")
    numero = (processus.versions.aggregate(n=Max("numero"))["n"] or 0) + 1
    version = VersionProcessus.objects.create(
        processus=processus,
        numero=numero,
        definition={"slug": processus.slug, "nom": processus.nom, "version": numero} | stored.definition,
        note=note.strip(),
        publiee_le=date.today(),
        publiee_par_nom=par.nom_complet,
    )
    stored.etat, stored.publie_en = ETAT.PUBLIE, version
    enregistrer_version(stored, version_lue, ["etat", "publie_en"])
    consigner("publier_processus", sur=version, par=par, motif=note.strip(), apres={"numero": numero})
    return version


@transaction.atomic
def changer_etat(brouillon: BrouillonProcessus, geste: str, *, par: Agent, version_lue: int) -> None:
    """`abandonner` or `reprendre`. A published draft never changes."""
    stored = BrouillonProcessus.objects.select_for_update(of=("self",)).get(pk=brouillon.pk)
    depart, arrivee = {
        "abandonner": (ETAT.REDACTION, ETAT.ABANDONNE),
        "reprendre": (ETAT.ABANDONNE, ETAT.REDACTION),
    }[geste]
    if stored.etat != depart:
        raise RedactionRefusee(f"Ce brouillon est {stored.get_etat_display()} : le geste n’est pas possible.")
    autres = BrouillonProcessus.objects.filter(processus_id=stored.processus_id, etat=ETAT.REDACTION)
    if geste == "reprendre" and autres.exists():
        raise RedactionRefusee("Un autre brouillon est en rédaction : abandonnez-le d’abord.")
    avant, stored.etat = stored.etat, arrivee
    enregistrer_version(stored, version_lue, ["etat"])
    consigner(f"{geste}_processus", sur=stored, par=par, avant={"etat": avant}, apres={"etat": arrivee.value})
