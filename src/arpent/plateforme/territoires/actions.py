"""Deciding the composition of a territory from a date: what was before stays readable, nothing is erased."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date

from django.db import IntegrityError, transaction
from django.db.models import Max, Q, QuerySet

from arpent.plateforme.journal.actions import Auteur, consigner

from .models import Composition, Groupement, Territoire, VersionPerimetre


class PerimetreRefuse(Exception):
    """The version cannot be saved; the French message says why and what to do."""


class PerimetreChange(Exception):
    """Somebody saved a version since the perimeter was read."""

    def __init__(self, territoire: Territoire) -> None:
        super().__init__(f"Le périmètre de « {territoire.nom} » a changé depuis que vous l’avez ouvert.")
        self.territoire = territoire


def numero_courant(territoire: Territoire) -> int:
    """Number of the last change of the perimeter; 0 when it never changed. One query."""
    return territoire.versions_perimetre.aggregate(n=Max("numero"))["n"] or 0


@transaction.atomic
def creer_territoire(
    nom: str, slug: str, *, departement: str, porteur: str, par: Auteur | None
) -> Territoire:
    """A territory without any EPCI yet: `enregistrer_version_perimetre` gives it its first composition."""
    territoire = Territoire.objects.create(
        nom=nom, slug=slug, departement=departement, porteur=porteur, source="Dessiné dans Arpent"
    )
    consigner(
        "creer",
        sur=territoire,
        par=par,
        apres={"nom": nom, "porteur": porteur},
    )
    return territoire


def verrouiller(sirens: Collection[str]) -> set[str]:
    """Locks these EPCI until the end of the transaction; the SIREN that exist. One query.

    EPCI first, then territories, always in the same order: two people wait for each other, never for ever.
    """
    lignes = Groupement.objects.select_for_update().filter(siren__in=sirens).order_by("siren")
    return set(lignes.values_list("siren", flat=True))


@transaction.atomic
def enregistrer_version_perimetre(
    territoire: Territoire,
    sirens: Collection[str],
    debut: date,
    *,
    motif: str,
    version_lue: int,
    par: Auteur | None,
    autres: Mapping[int, int | None] | None = None,
    transferer: bool = False,
    demarche_id: int | None = None,
) -> VersionPerimetre:
    """The territory is made of these EPCI from `debut` on.

    `autres`: the other territories of the authority, with the démarche their journal shows; an EPCI that one
    of them holds leaves it that day when `transferer` is said, else PerimetreRefuse. `version_lue`: the
    number read with the form; PerimetreChange when somebody was quicker. Dates only go forward.
    """
    voulus = sorted(set(sirens))
    if not voulus:
        raise PerimetreRefuse("Choisissez au moins une intercommunalité.")
    if inconnus := sorted(set(voulus) - verrouiller(voulus)):
        raise PerimetreRefuse(f"Intercommunalité inconnue : {', '.join(inconnus)}. Décochez-la.")
    concernes = {territoire.pk, *(autres or {})}
    list(Territoire.objects.select_for_update().filter(pk__in=concernes).order_by("pk").values_list("pk"))
    if numero_courant(territoire) != version_lue:
        raise PerimetreChange(territoire)
    _quitter_les_autres(voulus, debut, territoire, autres or {}, transferer=transferer, par=par)
    return _composer(territoire, set(voulus), debut, motif=motif, par=par, demarche_id=demarche_id)


def _quitter_les_autres(
    sirens: Collection[str],
    debut: date,
    vers: Territoire,
    autres: Mapping[int, int | None],
    *,
    transferer: bool,
    par: Auteur | None,
) -> None:
    tenues = list(
        Composition.objects.filter(Q(fin__isnull=True) | Q(fin__gt=debut), territoire__in=autres)
        .filter(groupement__in=sirens)
        .exclude(territoire=vers)
        .select_related("territoire", "groupement")
        .order_by("territoire_id", "groupement_id")
    )
    if tenues and not transferer:
        dites = ", ".join(f"{c.groupement.nom} (« {c.territoire.nom} »)" for c in tenues)
        raise PerimetreRefuse(
            f"Déjà dans un autre territoire à cette date : {dites}. Confirmez le départ, ou décochez."
        )
    par_territoire: dict[int, list[Composition]] = {}
    for c in tenues:
        par_territoire.setdefault(c.territoire_id, []).append(c)
    for pk, lignes in par_territoire.items():
        quitte = lignes[0].territoire
        partants = {c.groupement_id for c in lignes}
        restants = set(_en_cours(quitte, debut).values_list("groupement_id", flat=True)) - partants
        _composer(
            quitte,
            restants,
            debut,
            motif=f"Départ vers « {vers.nom} »",
            par=par,
            demarche_id=autres[pk],
        )


def _en_cours(territoire: Territoire, le: date) -> QuerySet[Composition]:
    return Composition.objects.filter(Q(fin__isnull=True) | Q(fin__gt=le), territoire=territoire)


def _composer(
    territoire: Territoire,
    voulus: set[str],
    debut: date,
    *,
    motif: str,
    par: Auteur | None,
    demarche_id: int | None,
) -> VersionPerimetre:
    """Closes what leaves, opens what enters. Refused when a change is already known that day or later."""
    lignes = list(territoire.compositions.select_related("groupement"))
    dates = [d for c in lignes for d in (c.debut, c.fin) if d is not None]
    dates += territoire.versions_perimetre.values_list("debut", flat=True)
    if dates and max(dates) >= debut:
        raise PerimetreRefuse(
            f"Le périmètre de « {territoire.nom} » change déjà le {max(dates):%d/%m/%Y} : "
            "choisissez une date postérieure."
        )
    courantes = {c.groupement_id: c for c in lignes if c.fin is None}
    entrants, sortants = sorted(voulus - set(courantes)), sorted(set(courantes) - voulus)
    if not entrants and not sortants:
        raise PerimetreRefuse("Ce périmètre est déjà celui du territoire : rien n’est à enregistrer.")
    Composition.objects.filter(pk__in=[courantes[s].pk for s in sortants]).update(fin=debut)
    Composition.objects.bulk_create(
        Composition(territoire=territoire, groupement_id=s, debut=debut) for s in entrants
    )
    try:
        with transaction.atomic():
            version = VersionPerimetre.objects.create(
                territoire=territoire,
                numero=numero_courant(territoire) + 1,
                debut=debut,
                motif=motif,
                cree_par=par.nom_complet if par else "",
            )
    except IntegrityError as double:
        raise PerimetreChange(territoire) from double
    noms = dict(Groupement.objects.filter(siren__in=[*voulus, *courantes]).values_list("siren", "nom"))
    consigner(
        "changer_perimetre",
        sur=territoire,
        par=par,
        libelle=f"Périmètre de {territoire.nom} à partir du {debut:%d/%m/%Y}",
        demarche_id=demarche_id,
        motif=motif,
        avant={"groupements": sorted(noms[s] for s in courantes)},
        apres={"groupements": sorted(noms[s] for s in voulus), "debut": debut},
    )
    return version
