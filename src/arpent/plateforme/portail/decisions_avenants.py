"""What awaits a person on the avenants: votes and signatures of their bodies, those to bring to an end."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from django.db.models import Count, QuerySet

from arpent.metier.cycles import EtatAvenant
from arpent.plateforme.acteurs.models import Agent
from arpent.plateforme.contrats.adresses import page
from arpent.plateforme.contrats.attendus import votes_d_avenant_attendus
from arpent.plateforme.contrats.models import Avenant
from arpent.plateforme.contrats.signatures.lecture import places_attendues
from arpent.plateforme.demarches.acces import peut_sur
from arpent.plateforme.demarches.models import Demarche

from .attente import Attente, Genre, Lien

SUIVIS: dict[str, tuple[str, str, str, Genre, str]] = {
    EtatAvenant.VOTE.value: (
        "contrat.rediger", "Avenants au vote", "Les assemblées délibèrent ; notez chaque délibération.",
        "info", "votes",
    ),
    EtatAvenant.SIGNATURE.value: (
        "contrat.conclure", "Avenants à la signature", "Leurs parties signent la version proposée.", "info",
        "signature",
    ),
    EtatAvenant.SIGNE.value: (
        "contrat.conclure", "Avenants à mettre en vigueur", "Signés par tous, leur date d’effet est venue.",
        "alerte", "signature",
    ),
}  # fmt: skip
"""State → who follows it, title, detail, look, section of the page."""


def _lien(avenant: Avenant, demarche: Demarche, ancre: str, nombre: int | None = None) -> Lien:
    libelle = f"{demarche.territoire.nom}, avenant n°\u00a0{avenant.numero}"
    return Lien(libelle, page(demarche, avenant, ancre), nombre)


def _par_avenant(
    rows: QuerySet[Any], chemin: str, demarches: dict[int, Demarche], ancre: str
) -> tuple[Lien, ...]:
    """One link by avenant in the perimeter, with how many rows it has. One query."""
    comptes = (
        rows.filter(**{f"{chemin}__contrat__demarche__in": list(demarches)})
        .order_by(f"{chemin}__contrat__demarche", f"{chemin}__numero")
        .values_list(chemin, f"{chemin}__numero", f"{chemin}__contrat__demarche")
        .annotate(nombre=Count("pk"))
    )
    return tuple(
        _lien(Avenant(pk=pk, numero=numero), demarches[demarche], ancre, nombre)
        for pk, numero, demarche, nombre in comptes
    )


def avenants_de_mes_structures(organisations: list[int], demarches: dict[int, Demarche]) -> Iterator[Attente]:
    """What these bodies have to vote, then to sign. Two queries."""
    votes = votes_d_avenant_attendus().filter(partie__organisation__in=organisations)
    yield Attente(
        "Votes d’avenant attendus",
        "Votre assemblée doit approuver cet avenant au contrat de son territoire.",
        "alerte",
        _par_avenant(votes, "avenant", demarches, "votes"),
    )
    places = places_attendues().filter(partie__organisation__in=organisations, circuit__avenant__isnull=False)
    yield Attente(
        "Signatures d’avenant attendues",
        "Votre structure doit signer cet avenant au contrat de son territoire.",
        "alerte",
        _par_avenant(places, "circuit__avenant", demarches, "signature"),
    )


def avenants_suivis(agent: Agent, demarches: dict[int, Demarche], le: date) -> Iterator[Attente]:
    """Those that whoever drafts or concludes the contract brings to an end. One query."""
    avenants = Avenant.objects.filter(contrat__demarche__in=list(demarches), etat__in=SUIVIS)
    liens: dict[str, list[Lien]] = {}
    for avenant in avenants.select_related("contrat").order_by("contrat__demarche", "numero"):
        demarche, etat = demarches[avenant.contrat.demarche_id], avenant.etat
        attend = etat == EtatAvenant.SIGNE and (avenant.date_effet is None or avenant.date_effet > le)
        if not attend and peut_sur(agent, SUIVIS[etat][0], demarche):
            liens.setdefault(etat, []).append(_lien(avenant, demarche, SUIVIS[etat][4]))
    for etat, (_, titre, detail, genre, _) in SUIVIS.items():
        yield Attente(titre, detail, genre, tuple(liens.get(etat, ())))
