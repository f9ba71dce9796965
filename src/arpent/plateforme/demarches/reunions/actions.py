"""Preparing a meeting: the meeting, who is called, its agenda. Its life is in `gestes`."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping
from typing import Any

from django.db import transaction
from django.db.models import F, Max

from arpent.metier.cycles.reunion import CYCLE_REUNION
from arpent.plateforme.acteurs.models import Agent, Personne
from arpent.plateforme.journal.actions import consigner, consigner_modification
from arpent.plateforme.socle.versions import enregistrer_version

from ..models import Demarche, Etape
from .composition import Composition, composer
from .genres import GROUPES, Genre, genre_de
from .models import MembreReunion, PointOrdreDuJour, Reunion

CHAMPS = (
    "titre", "jour", "heure", "duree_minutes", "lieu", "visio", "message", "etape", "reponses_le",
)  # fmt: skip
_RANGS = {groupe: rang * 1_000 for rang, groupe in enumerate(GROUPES, 1)}
Origine = MembreReunion.Origine


class ReunionRefusee(ValueError):
    """The gesture has no effect; the message says why and what to do."""


def verrouiller(reunion: Reunion, *etats: str) -> Reunion:
    """The meeting, locked until the end of the transaction. ReunionRefusee in another state than `etats`."""
    ici = (
        Reunion.objects.select_for_update(of=("self",), no_key=True)
        .select_related("demarche__territoire", "demarche__version_processus__processus__autorite", "etape")
        .defer("demarche__version_processus__definition")
        .get(pk=reunion.pk)
    )
    if etats and ici.etat not in etats:
        raise ReunionRefusee(
            f"La réunion est « {CYCLE_REUNION.libelle(ici.etat)} » : ce geste n’y est pas possible."
        )
    return ici


def noter(geste: str, reunion: Reunion, par: Agent | None, **reste: Any) -> None:
    """One entry of the journal about the meeting."""
    consigner(geste, sur=reunion, par=par, demarche_id=reunion.demarche_id, **reste)


def valeurs(reunion: Reunion) -> dict[str, Any]:
    return {nom: getattr(reunion, nom) for nom in CHAMPS}


def demarches_de(reunion: Reunion) -> list[Demarche]:
    """Its territories, the one that holds it first. One query."""
    return [reunion.demarche, *reunion.autres.avec_contexte().order_by("territoire__nom", "pk")]


@transaction.atomic
def preparer(
    reunion: Reunion, genre: Genre, autres: Iterable[Demarche] = (), *, par: Agent | None
) -> Reunion:
    """Creates it with the agenda of its kind, and composes who is called that day."""
    reunion.genre, reunion.genre_libelle = genre.code, genre.libelle
    reunion.uid = f"{uuid.uuid4()}@arpent"
    reunion.cree_par_nom = par.nom_complet if par else "Arpent"
    reunion.save()
    reunion.autres.set(autres)
    PointOrdreDuJour.objects.bulk_create(
        PointOrdreDuJour(reunion=reunion, ordre=rang, titre=titre)
        for rang, titre in enumerate(genre.ordre_du_jour, 1)
    )
    composition = recomposer(reunion, par=None)
    noter("preparer_reunion", reunion, par, apres=valeurs(reunion) | {"convies": len(composition.convies)})
    return reunion


@transaction.atomic
def modifier(
    reunion: Reunion,
    autres: Iterable[Demarche],
    *,
    avant: Mapping[str, Any],
    version_lue: int,
    par: Agent | None,
) -> Reunion:
    """Nobody holds a notice yet. Raises ConflitDeVersion; a new day composes the meeting again."""
    ici = verrouiller(reunion)
    if not ici.est_modifiable:
        raise ReunionRefusee("Les convocations sont parties : reportez la réunion, ou changez sa séance.")
    enregistrer_version(reunion, version_lue, CHAMPS)
    anciens = {d.pk for d in ici.autres.all()}
    nouveaux = list(autres)
    reunion.autres.set(nouveaux)
    if avant.get("jour") != reunion.jour or anciens != {d.pk for d in nouveaux}:
        recomposer(reunion, par=par)
    consigner_modification(
        reunion, dict(avant), valeurs(reunion), par=par, demarche_id=reunion.demarche_id,
        geste="modifier_reunion",
    )  # fmt: skip
    return reunion


def composition_de(reunion: Reunion) -> Composition:
    """What the mandates of that day give for its kind. See `composer` for the queries."""
    genre = genre_de(reunion.demarche, reunion.genre, reunion.genre_libelle)
    return composer(demarches_de(reunion), genre.composition, reunion.jour)


@transaction.atomic
def recomposer(reunion: Reunion, *, par: Agent | None) -> Composition:
    """Computes who is called again; what was done by hand stays. ReunionRefusee once convened."""
    ici = verrouiller(reunion)
    if not ici.est_modifiable:
        raise ReunionRefusee("La composition est arrêtée depuis la convocation.")
    composition = composition_de(ici)
    gardes = {_cle(m): m for m in ici.membres.all()}
    calcules = {c.cle: c for c in composition.convies}
    partis = [
        m.pk
        for cle, m in gardes.items()
        if m.origine == Origine.COMPOSITION and cle not in calcules and not m.retire
    ]
    MembreReunion.objects.filter(pk__in=partis).delete()
    neufs, changes = [], []
    for rang, c in enumerate(composition.convies):
        champs: dict[str, Any] = {
            "groupe": c.groupe,
            "rang": _RANGS[c.groupe] + rang,
            "nom": c.nom[:200],
            "qualite": c.qualite[:300],
            "courriel": c.courriel,
            "civilite": c.personne.get_civilite_display() if c.personne else "",
            "agent": c.agent,
            "organisation_id": c.organisation_id,
        }
        deja = gardes.get(c.cle)
        if deja is None:
            neufs.append(MembreReunion(reunion=ici, personne=c.personne, **champs))
        else:
            for nom, valeur in champs.items():
                setattr(deja, nom, valeur)
            changes.append(deja)
    MembreReunion.objects.bulk_create(neufs)
    if changes:
        colonnes = ["groupe", "rang", "nom", "qualite", "courriel", "civilite", "agent", "organisation"]
        MembreReunion.objects.bulk_update(changes, colonnes)
    if par is not None and (neufs or partis):
        noter("recomposer_reunion", ici, par, apres={"arrives": len(neufs), "partis": len(partis)})
    return composition


def _cle(membre: MembreReunion) -> tuple[str, int]:
    if membre.personne_id:
        return ("personne", membre.personne_id)
    return ("agent", membre.agent_id) if membre.agent_id else ("membre", membre.pk)


@transaction.atomic
def ajouter_membre(
    reunion: Reunion,
    *,
    nom: str,
    qualite: str,
    courriel: str,
    personne: Personne | None,
    par: Agent | None,
) -> MembreReunion:
    """Somebody of the directory, or a guest. During the meeting: somebody who came without a notice."""
    ici = verrouiller(reunion)
    if not (ici.est_modifiable or ici.est_en_seance):
        raise ReunionRefusee("La réunion est close : sa liste ne change plus.")
    if personne is not None and ici.membres.filter(personne=personne, retire=False).exists():
        raise ReunionRefusee(f"{personne.nom_complet} est déjà dans la liste.")
    origine = Origine.SEANCE if ici.est_en_seance else Origine.AJOUT if personne else Origine.INVITE
    champs: dict[str, Any] = {
        "groupe": "invites",
        "rang": _RANGS["invites"],
        "nom": nom,
        "qualite": qualite,
        "courriel": courriel,
        "origine": origine,
        "retire": False,
        "presence": MembreReunion.Presence.PRESENT if origine == Origine.SEANCE else "",
    }
    if personne is not None:
        champs |= {
            "civilite": personne.get_civilite_display(),
            "agent": personne.agent,
            "nom": personne.nom_complet,
            "courriel": courriel or personne.courriel,
        }
        membre, _ = MembreReunion.objects.update_or_create(reunion=ici, personne=personne, defaults=champs)
    else:
        membre = MembreReunion.objects.create(reunion=ici, **champs)
    noter("ajouter_membre_reunion", ici, par, apres={"membre": membre.libelle_journal})
    return membre


@transaction.atomic
def changer_membre(membre: MembreReunion, geste: str, *, par: Agent | None) -> MembreReunion:
    """`retirer`, `remettre`, or the code of a place (presidence, referent_admin…). Frozen once convened,
    but for the chair, who may change until the minutes are validated."""
    ici = verrouiller(membre.reunion)
    place = geste in MembreReunion.Place.values
    if not (ici.est_modifiable or (place and not ici.est_validee)):
        raise ReunionRefusee("La composition est arrêtée depuis la convocation.")
    membre = ici.membres.select_for_update(of=("self",)).get(pk=membre.pk)
    avant = {"retire": membre.retire, "place": membre.place}
    match geste:
        case "retirer" if membre.origine == Origine.COMPOSITION:
            membre.retire = True
        case "retirer":
            noter("retirer_membre_reunion", ici, par, avant={"membre": membre.libelle_journal})
            membre.delete()
            return membre
        case "remettre":
            membre.retire = False
        case _ if place:
            if geste != MembreReunion.Place.MEMBRE:
                ici.membres.filter(place=geste).update(place=MembreReunion.Place.MEMBRE)
            membre.place = geste
        case _:
            raise ReunionRefusee("Choisissez ce qu’il faut faire de cette personne.")
    membre.save(update_fields=["retire", "place"])
    noter(
        "changer_membre_reunion", ici, par, libelle=membre.libelle_journal,
        avant=avant, apres={"retire": membre.retire, "place": membre.place},
    )  # fmt: skip
    return membre


@transaction.atomic
def ajouter_point(point: PointOrdreDuJour, *, par: Agent | None) -> PointOrdreDuJour:
    """At the end of the agenda, until the minutes are submitted."""
    ici = verrouiller(point.reunion)
    exiger_ordre_ouvert(ici)
    dernier = ici.points.aggregate(m=Max("ordre"))["m"] or 0
    point.ordre = dernier + 1
    point.save()
    noter("ajouter_point_reunion", ici, par, apres={"point": point.titre})
    return point


def exiger_ordre_ouvert(reunion: Reunion) -> None:
    if not (reunion.est_modifiable or reunion.est_en_seance):
        raise ReunionRefusee("L’ordre du jour est arrêté : le compte rendu est déjà soumis.")


CHAMPS_POINT = ("titre", "duree_minutes", "rapporteur", "objet_genre", "objet_id", "objet_libelle")


@transaction.atomic
def modifier_point(
    point: PointOrdreDuJour, *, avant: Mapping[str, Any], version_lue: int, par: Agent | None
) -> PointOrdreDuJour:
    """Raises ConflitDeVersion when somebody saved it meanwhile."""
    exiger_ordre_ouvert(verrouiller(point.reunion))
    enregistrer_version(point, version_lue, CHAMPS_POINT)
    consigner_modification(
        point, dict(avant), {n: getattr(point, n) for n in CHAMPS_POINT}, par=par,
        demarche_id=point.reunion.demarche_id, geste="modifier_point_reunion",
    )  # fmt: skip
    return point


@transaction.atomic
def deplacer_point(point: PointOrdreDuJour, geste: str, *, par: Agent | None) -> None:
    """`monter`, `descendre` or `retirer`; one that has notes or decisions stays."""
    ici = verrouiller(point.reunion)
    exiger_ordre_ouvert(ici)
    points = list(ici.points.all())
    rang = next(i for i, p in enumerate(points) if p.pk == point.pk)
    if geste == "retirer":
        if points[rang].notes or points[rang].decisions.exists():
            raise ReunionRefusee("Ce point a des notes ou des décisions : il reste à l’ordre du jour.")
        noter("retirer_point_reunion", ici, par, avant={"point": points[rang].titre})
        points.pop(rang).delete()
    else:
        vers = rang + (-1 if geste == "monter" else 1)
        if geste not in {"monter", "descendre"} or not 0 <= vers < len(points):
            raise ReunionRefusee("Ce point est déjà au bout de l’ordre du jour.")
        points.insert(vers, points.pop(rang))
        noter("ordonner_points_reunion", ici, par, apres={"ordre": [p.titre for p in points]})
    for numero, p in enumerate(points, 1):
        if p.ordre != numero:
            PointOrdreDuJour.objects.filter(pk=p.pk).update(ordre=numero, version=F("version") + 1)


def etapes_ouvertes(demarche: Demarche) -> list[Etape]:
    """The steps that a meeting may be linked to. One query."""
    return list(demarche.etapes.all())
