"""What anybody may read: contracts that bind, the projects written in them, what became of their aid.

Nothing here names a person: bodies, places, amounts, acts. A project that is not in a contract in force does
not exist.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any

from django.db.models import Count, Prefetch, Q, QuerySet, Sum

from arpent.metier.argent import ZERO, formater_euros
from arpent.metier.cycles.avenant import EtatAvenant
from arpent.metier.cycles.contrat import EtatContrat
from arpent.metier.cycles.fiche import EtatFiche
from arpent.plateforme.acteurs.models import Organisation
from arpent.plateforme.contrats.models import Avenant, Contrat
from arpent.plateforme.contrats.signatures.circuits import GENRE_PAPIER, GENRE_REVISION
from arpent.plateforme.documents.models import DocumentEmis
from arpent.plateforme.negociations.models import Mouvement, StadeMouvement
from arpent.plateforme.plans.models import Fiche
from arpent.plateforme.reglements.models import Dispositif
from arpent.plateforme.territoires.models import Commune, Contour
from arpent.plateforme.territoires.perimetres import en_cours

ETATS = (EtatContrat.EN_VIGUEUR.value, EtatContrat.ECHU.value, EtatContrat.SOLDE.value)
"""A contract that binds, or has bound to its end."""
GENRES_PUBLIABLES = frozenset({"contrat", "avenant", GENRE_REVISION, GENRE_PAPIER})


class EtatPublic(StrEnum):
    """Where the aid of a project stands, in the words of an inhabitant."""

    INSCRIT = "inscrit"
    ATTRIBUE = "attribue"
    EN_COURS = "en_cours"
    VERSE = "verse"


LIBELLES: Mapping[EtatPublic, tuple[str, str]] = {
    EtatPublic.INSCRIT: ("neutre", "Inscrit au contrat"),
    EtatPublic.ATTRIBUE: ("info", "Aide attribuée"),
    EtatPublic.EN_COURS: ("alerte", "Aide versée en partie"),
    EtatPublic.VERSE: ("ok", "Aide versée"),
}
"""State → kind of pill, words."""


@dataclass(frozen=True, slots=True)
class Projet:
    """One project. Amounts in euros: `attribue` by the acts of award, `verse` by the payments."""

    fiche: Fiche
    attribue: Decimal
    verse: Decimal

    @property
    def aide(self) -> Decimal:
        return self.fiche.aide_accordee or ZERO

    @property
    def etat(self) -> EtatPublic:
        if self.verse > 0:
            return EtatPublic.VERSE if self.verse >= self.attribue > 0 else EtatPublic.EN_COURS
        return EtatPublic.ATTRIBUE if self.attribue > 0 else EtatPublic.INSCRIT

    @property
    def genre(self) -> str:
        return LIBELLES[self.etat][0]

    @property
    def libelle(self) -> str:
        return LIBELLES[self.etat][1]

    @property
    def lieu(self) -> str:
        return self.fiche.commune.nom if self.fiche.commune else ""


def contrats_de(dispositif: Dispositif) -> QuerySet[Contrat]:
    """The contracts that anybody may read, with their territory."""
    dans = Contrat.objects.filter(demarche__version_processus__processus=dispositif.processus_id)
    lus = dans.filter(etat__in=ETATS).select_related("demarche__territoire")
    return lus.order_by("demarche__territoire__nom", "pk")


def fiches_de(contrats: Iterable[Contrat]) -> QuerySet[Fiche]:
    """The projects written in those contracts."""
    return Fiche.objects.comptees().filter(
        demarche__in=[c.demarche_id for c in contrats], etat=EtatFiche.CONTRACTUALISEE.value
    )


def _avec_ce_qui_se_lit(fiches: QuerySet[Fiche]) -> QuerySet[Fiche]:
    lies = fiches.select_related("theme", "maitre_ouvrage", "commune", "demarche__territoire")
    return lies.only(
        "numero", "titre", "cout_ht", "aide_accordee", "annee", "latitude", "longitude", "theme__libelle",
        "maitre_ouvrage__nom", "commune__nom", "commune__latitude", "commune__longitude", "demarche__slug",
        "demarche__territoire__nom", "demonstration",
    )  # fmt: skip


def _avec_ce_que_montre_la_carte(fiches: QuerySet[Fiche]) -> QuerySet[Fiche]:
    """Thousands of rows: an owner, a commune are read once for all their projects. Two queries more."""
    return fiches.only(
        "numero", "titre", "aide_accordee", "latitude", "longitude", "maitre_ouvrage", "commune", "demarche"
    ).prefetch_related(
        Prefetch("maitre_ouvrage", Organisation.objects.only("nom")),
        Prefetch("commune", Commune.objects.only("latitude", "longitude")),
    )


def projets_de(fiches: QuerySet[Fiche], *, pour_la_carte: bool = False) -> list[Projet]:
    """Each with what was awarded and paid. Two queries, whatever the number; four for the map."""
    lues = list(_avec_ce_que_montre_la_carte(fiches) if pour_la_carte else _avec_ce_qui_se_lit(fiches))
    sommes: dict[tuple[int | None, str], Decimal] = {}
    stades = (StadeMouvement.ENGAGE.value, StadeMouvement.PAYE.value)
    lignes = (
        Mouvement.objects.filter(fiche__in=[f.pk for f in lues], stade__in=stades)
        .order_by()
        .values_list("fiche_id", "stade")
        .annotate(total=Sum("montant"))
    )
    for fiche_id, stade, total in lignes:
        sommes[fiche_id, stade] = total
    return [Projet(f, sommes.get((f.pk, stades[0]), ZERO), sommes.get((f.pk, stades[1]), ZERO)) for f in lues]


@dataclass(frozen=True, slots=True)
class ContratPublic:
    """One contract in the list, with the sums of its projects."""

    contrat: Contrat
    projets: int
    couts: Decimal
    aides: Decimal

    @property
    def en_vigueur(self) -> bool:
        return self.contrat.etat == EtatContrat.EN_VIGUEUR.value


def lister(dispositif: Dispositif) -> list[ContratPublic]:
    """The contracts of a dispositif. Two queries."""
    contrats = list(contrats_de(dispositif))
    par_demarche = fiches_de(contrats).order_by().values("demarche_id")
    sommes = {
        r["demarche_id"]: (r["n"], r["couts"] or ZERO, r["aides"] or ZERO)
        for r in par_demarche.annotate(n=Count("pk"), couts=Sum("cout_ht"), aides=Sum("aide_accordee"))
    }
    return [ContratPublic(c, *sommes.get(c.demarche_id, (0, ZERO, ZERO))) for c in contrats]


@dataclass(frozen=True, slots=True)
class Jalon:
    """One moment of the timeline."""

    le: date
    titre: str
    detail: str = ""


def frise_du_contrat(contrat: Contrat, fin: date | None) -> list[Jalon]:
    """Its coming into force, its avenants, its end. One query."""
    jalons = []
    if contrat.date_effet:
        jalons.append(Jalon(contrat.date_effet, "Le contrat prend effet", contrat.reference))
    avenants = Avenant.objects.filter(contrat=contrat, etat=EtatAvenant.EN_VIGUEUR.value)
    for a in avenants.only("numero", "objet", "date_effet", "acte", "contrat_id", "etat"):
        if a.date_effet:
            jalons.append(Jalon(a.date_effet, f"Avenant n°\u00a0{a.numero}", a.objet))
    if fin:
        jalons.append(Jalon(fin, "Dernier jour du contrat"))
    return sorted(jalons, key=lambda j: j.le)


def frise_du_projet(projet: Projet, contrat: Contrat) -> list[Jalon]:
    """From the contract to the last payment, each with its act. One query."""
    jalons = []
    if contrat.date_effet:
        prevue = f"Aide prévue\N{NO-BREAK SPACE}: {formater_euros(projet.aide)}"
        jalons.append(Jalon(contrat.date_effet, "Inscrit au contrat", prevue))
    mots = {StadeMouvement.ENGAGE.value: "Aide attribuée", StadeMouvement.PAYE.value: "Versement"}
    lus = Mouvement.objects.filter(fiche=projet.fiche.pk, stade__in=mots, montant__gt=0).order_by("pk")
    for m in lus.only("stade", "montant", "acte", "acte_le", "le"):
        detail = f"{formater_euros(m.montant)}, {m.acte}" if m.acte else formater_euros(m.montant)
        jalons.append(Jalon(m.acte_le or m.le.date(), mots[m.stade], detail))
    return sorted(jalons, key=lambda j: j.le)


def documents_publies(demarche_id: int) -> QuerySet[DocumentEmis]:
    """What the authority has chosen to publish of a territory, the newest first."""
    lus = DocumentEmis.objects.filter(demarche_id=demarche_id, publication__isnull=False)
    return lus.select_related("publication").defer("donnees").order_by("-publication__publie_le", "-pk")


def documents_publiables(demarche_ids: Sequence[int]) -> QuerySet[DocumentEmis]:
    """What may be published: issued for a contract that binds, of a kind that is public by nature."""
    genres = Q(genre__in=GENRES_PUBLIABLES) | Q(publication__isnull=False)
    lus = DocumentEmis.objects.filter(genres, demarche_id__in=demarche_ids).exclude(format="json")
    return lus.defer("donnees").order_by("demarche_id", "-emis_le", "-pk")


def contours_de(dispositif: Dispositif) -> list[tuple[str, Any]]:
    """Name and outline of each commune under a contract. Two queries."""
    aujourdhui = date.today()
    territoires = [c.demarche.territoire_id for c in contrats_de(dispositif)]
    condition = en_cours(
        aujourdhui, "commune__appartenances__", "commune__appartenances__groupement__compositions__"
    )
    compose = {"commune__appartenances__groupement__compositions__territoire__in": territoires}
    lus = Contour.objects.filter(condition, **compose).distinct()
    return list(lus.order_by("pk").values_list("commune__nom", "geometrie"))
