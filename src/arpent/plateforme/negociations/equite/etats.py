"""The aids of a maquette, of a scenario, of a round, of what was granted before: all read alike."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import F, OuterRef, Q, QuerySet, Subquery

from arpent.metier.cycles.demarche import EtatDemarche
from arpent.metier.cycles.fiche import EtatFiche
from arpent.metier.scenarios.equite import Aide
from arpent.plateforme.demarches.models import Demarche
from arpent.plateforme.plans.models import ETATS_ENGAGES, Fiche
from arpent.plateforme.reglements.models import AideAnterieure, Theme

from ..models import Camp, PositionTour, Proposition, Tour
from ..passerelle import RETENUE, SANS_THEME, premiere_annee
from .lieux import Lieux

_CHAMPS = (
    "commune_id", "maitre_ouvrage__commune_id", "maitre_ouvrage__groupement_id", "theme__libelle",
    "demarche__territoire_id",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Etat:
    """A set of aids with its name; `note` says what one must know to compare it."""

    nom: str
    aides: tuple[Aide, ...]
    note: str = ""
    existe: bool = True
    """False: nothing is known of it, there is nothing to compare."""


def _aide(
    lieux: Lieux, montant: Decimal, travaux: str | None, porteur: str | None, groupement: str | None,
    theme: str | None, territoire: int,
) -> Aide:  # fmt: skip
    """A project that names no commune is in that of its owner, when a commune owns it."""
    return Aide(
        montant=montant,
        commune=travaux or porteur or "",
        perimetre=lieux.servis(str(territoire), groupement),
        theme=theme or SANS_THEME,
        porteur=porteur or "",
        territoire=str(territoire),
    )


def des_scenarios(scenarios: Collection[int], lieux: Lieux) -> dict[int, tuple[Aide, ...]]:
    """The aids that each scenario retains, over the fiches that count. One query, or none."""
    if not scenarios:
        return {}
    comptees = Fiche.objects.comptees().exclude(etat=EtatFiche.BROUILLON.value)
    lignes = Proposition.objects.filter(
        scenario__in=scenarios, decision=RETENUE, montant__gt=0, fiche__in=comptees.values("pk")
    )
    return _par_cle(lignes, "scenario_id", lieux)


def des_tours(tours: Collection[int], lieux: Lieux) -> dict[int, tuple[Aide, ...]]:
    """What each round said, as it was sent. One query, or none."""
    if not tours:
        return {}
    lignes = PositionTour.objects.filter(tour__in=tours, decision=RETENUE, montant__gt=0)
    return _par_cle(lignes, "tour_id", lieux)


def _par_cle(
    lignes: QuerySet[Proposition] | QuerySet[PositionTour], cle: str, lieux: Lieux
) -> dict[int, tuple[Aide, ...]]:
    lues = lignes.order_by("pk").values_list(cle, "montant", *(f"fiche__{c}" for c in _CHAMPS))
    aides: dict[int, list[Aide]] = {}
    for pk, *reste in lues:
        aides.setdefault(pk, []).append(_aide(lieux, *reste))
    return {pk: tuple(siennes) for pk, siennes in aides.items()}


def derniere_offre(demarches: Sequence[Demarche], lieux: Lieux) -> Etat:
    """The last round that the authority sent to each territory. Two queries."""
    derniers: dict[int, int] = {}
    envoyes = Tour.objects.filter(demarche__in=demarches, camp=Camp.AUTORITE).order_by("numero")
    for pk, demarche in envoyes.values_list("pk", "demarche_id"):
        derniers[demarche] = pk
    aides = des_tours(list(derniers.values()), lieux)
    absents = len(demarches) - len(derniers)
    note = "Aucune offre n’est encore partie." if not derniers else ""
    if derniers and absents:
        note = f"Territoires à qui aucune offre n’est encore partie : {absents}."
    tous = tuple(a for x in aides.values() for a in x)
    return Etat("Dernière offre envoyée", tous, note, existe=bool(derniers))


# --- the previous generation ----------------------------------------------------------------------


def generation_precedente(
    demarches: Sequence[Demarche], processus_id: int, autorite_id: int, lieux: Lieux
) -> Etat:
    """What was granted before, territory by territory: the fiches retained in its last closed démarche with
    the same authority, else the earlier aids noted for its owners. At most two queries.
    """
    closes = _closes(demarches, autorite_id, lieux)
    sans = [d for d in demarches if str(d.territoire_id) not in closes]
    anterieures, annees = _anterieures(sans, processus_id, lieux)
    notes = []
    if closes:
        noms = sorted({generation for generation, _ in closes.values()})
        notes.append(f"Démarches closes ({', '.join(noms)}) : aides accordées aux projets retenus.")
    if annees:
        periode = f"{annees[0]} à {annees[-1]}" if annees[0] != annees[-1] else f"{annees[0]}"
        notes.append(f"Aides antérieures notées au règlement, de {periode}.")
    notes.append(
        "Les durées peuvent différer : comparez surtout les parts."
        if notes
        else "Aucune génération précédente n’est connue : ni démarche close sur ce périmètre, ni aide "
        "antérieure notée pour ses maîtres d’ouvrage."
    )
    aides = (*(a for _, siennes in closes.values() for a in siennes), *anterieures)
    return Etat("Génération précédente", aides, " ".join(notes), existe=bool(aides))


def _closes(
    demarches: Sequence[Demarche], autorite_id: int, lieux: Lieux
) -> dict[str, tuple[str, list[Aide]]]:
    """Generation and aids of the last closed démarche of each territory that granted some. One query."""
    fiches = (
        Fiche.objects.comptees()
        .filter(
            demarche__territoire__in={d.territoire_id for d in demarches},
            demarche__etat=EtatDemarche.CLOSE.value,
            demarche__version_processus__processus__autorite=autorite_id,
            etat__in=ETATS_ENGAGES,
            aide_accordee__gt=0,
        )
        .exclude(demarche__in=[d.pk for d in demarches])
        .order_by("demarche__ouverte_le", "demarche", "pk")
    )
    dernieres: dict[str, tuple[int, str]] = {}
    aides: dict[int, list[Aide]] = {}
    colonnes = ("demarche_id", "demarche__generation", "aide_accordee", *_CHAMPS)
    for pk, generation, *reste in fiches.values_list(*colonnes):
        aide = _aide(lieux, *reste)
        aides.setdefault(pk, []).append(aide)
        dernieres[aide.territoire] = (pk, generation)
    return {territoire: (nom, aides[pk]) for territoire, (pk, nom) in dernieres.items()}


def _anterieures(
    demarches: Sequence[Demarche], processus_id: int, lieux: Lieux
) -> tuple[tuple[Aide, ...], list[int]]:
    """Earlier aids of the owners of these territories, before the first year of their contract; the years."""
    premieres = {str(d.territoire_id): premiere_annee(d) for d in demarches}
    de = {x.code: x.territoire for x in lieux.communes} | {x.epci: x.territoire for x in lieux.communes}
    siens = [cle for cle, territoire in de.items() if territoire in premieres]
    if not siens:
        return (), []
    libelle = Theme.objects.filter(dispositif=OuterRef("dispositif"), code=OuterRef("theme")).values(
        "libelle"
    )[:1]
    lues = (
        AideAnterieure.objects.filter(
            Q(organisation__commune__in=siens) | Q(organisation__groupement__in=siens),
            dispositif__processus=processus_id, montant__gt=0,
        )
        .annotate(nom_theme=Subquery(libelle), porteur=F("organisation__commune_id"))
        .order_by("pk")
        .values_list("annee", "montant", "porteur", "organisation__groupement_id", "nom_theme")
    )  # fmt: skip
    aides, annees = [], set()
    for annee, montant, porteur, groupement, theme in lues:
        territoire = de[porteur or groupement]
        if annee < premieres[territoire]:
            annees.add(annee)
            aides.append(_aide(lieux, montant, None, porteur, groupement, theme, int(territoire)))
    return tuple(aides), sorted(annees)
