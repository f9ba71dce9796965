"""Rounds: an offer freezes the maquette, a counter-offer answers by line, an agreement closes both."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Max
from django.utils import timezone

from arpent.metier.argent import ZERO
from arpent.plateforme.acteurs.models import Agent
from arpent.plateforme.journal.actions import consigner, consigner_modification
from arpent.plateforme.socle.versions import enregistrer_version

from ..enveloppes import montant_des, parts_de
from ..imputations import Ouverts, ouverts_de
from ..models import Accord, Camp, PositionTour, Proposition, Scenario, Tour
from ..passerelle import imputation_de

MOTIF_MAX = 300
NOM_MAX = 150


@dataclass(frozen=True, slots=True)
class Ligne:
    """A position about to be sent on one fiche (its pk)."""

    fiche_id: int
    montant: Decimal
    annee: int | None
    decision: str
    motif: str = ""
    fonds_id: int | None = None
    """The fund that pays it; None where one fund only was shared out."""

    @property
    def compte(self) -> Decimal:
        return self.montant if self.decision == Proposition.Decision.RETENUE else ZERO

    @property
    def valeurs(self) -> tuple[Decimal, int | None, str]:
        return (self.montant, self.annee, self.decision)


def lignes_du_scenario(scenario: Scenario) -> list[Ligne]:
    """The lines of a scenario, by number of fiche, each with its fund. A fixed number of queries."""
    ouverts = ouverts_de(scenario.demarche)
    propositions = (
        Proposition.objects.filter(scenario_id=scenario.pk)
        .select_related("fiche__theme", "fonds")
        .order_by("fiche__numero")
    )
    return [
        Ligne(p.fiche_id, p.montant, p.annee, p.decision, p.motif, _fonds(p, ouverts)) for p in propositions
    ]


def _fonds(p: Proposition, ouverts: Ouverts) -> int | None:
    imputation = imputation_de(p.fiche, p, ouverts) if ouverts.plusieurs else None
    return ouverts.modeles[imputation.fonds.code].pk if imputation else None


def lignes_du_tour(tour: Tour) -> list[Ligne]:
    """The lines of a round, by number of fiche. One query."""
    positions = PositionTour.objects.filter(tour=tour).order_by("fiche__numero")
    return [Ligne(p.fiche_id, p.montant, p.annee, p.decision, p.motif, p.fonds_id) for p in positions]


def ouvrir_tour(
    scenario: Scenario,
    camp: Camp,
    lignes: Iterable[Ligne],
    *,
    par: Agent | None,
    message: str = "",
    repondre_avant: date | None = None,
) -> Tour:
    """Freezes the lines as a round. Called inside the transaction of the gesture, the scenario locked."""
    posees = list(lignes)
    dernier = Tour.objects.filter(demarche_id=scenario.demarche_id).aggregate(n=Max("numero"))["n"] or 0
    tour = Tour.objects.create(
        demarche_id=scenario.demarche_id,
        numero=dernier + 1,
        camp=camp,
        message=message.strip(),
        repondre_avant=repondre_avant,
        auteur=par,
        auteur_nom=str(par)[:NOM_MAX] if par else "",
        enveloppe=montant_des(parts_de(scenario.demarche)),
        total=sum((x.compte for x in posees), ZERO),
    )
    PositionTour.objects.bulk_create(
        PositionTour(
            tour=tour, fiche_id=x.fiche_id, montant=x.montant, annee=x.annee, decision=x.decision,
            motif=x.motif[:MOTIF_MAX], fonds_id=x.fonds_id,
        )
        for x in posees
    )  # fmt: skip
    consigner(
        "envoyer_tour", sur=tour, par=par, demarche_id=tour.demarche_id,
        apres={"tour": str(tour), "total": f"{tour.total:.2f}", "lignes": len(posees)},
    )  # fmt: skip
    return tour


def dernier_tour(demarche_id: int, camp: Camp | None = None) -> Tour | None:
    """The last round sent, by that side when one is named. One query."""
    tours = Tour.objects.filter(demarche_id=demarche_id)
    if camp is not None:
        tours = tours.filter(camp=camp)
    return tours.order_by("-numero").first()


# --- agreement ------------------------------------------------------------------------------------


def arreter(scenario: Scenario, *, par: Agent | None) -> Accord | None:
    """Freezes the offer that was accepted. None when it was made before rounds existed."""
    tour = dernier_tour(scenario.demarche_id, Camp.AUTORITE)
    if tour is None:
        return None
    codes = {f.pk: code for code, f in ouverts_de(scenario.demarche).modeles.items()}
    lignes = [
        {"fiche": x.fiche_id, "montant": f"{x.montant:.2f}", "annee": x.annee, "decision": x.decision}
        | ({"fonds": codes[x.fonds_id]} if x.fonds_id else {})
        for x in lignes_du_scenario(scenario)
    ]
    accord = Accord.objects.create(
        demarche_id=scenario.demarche_id,
        tour=tour,
        arrete_par=str(par)[:NOM_MAX] if par else "",
        lignes=lignes,
        empreinte=empreinte(lignes),
    )
    consigner(
        "arreter_maquette", sur=accord, par=par, demarche_id=scenario.demarche_id,
        apres={"tour": str(tour), "total": f"{tour.total:.2f}", "empreinte": accord.empreinte},
    )  # fmt: skip
    return accord


def empreinte(lignes: list[dict[str, Any]]) -> str:
    """SHA-256 of the frozen lines, keys sorted, without blanks."""
    texte = json.dumps(lignes, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(texte.encode()).hexdigest()


def accord_en_cours(demarche_id: int) -> Accord | None:
    """The agreement that holds. One query."""
    return (
        Accord.objects.filter(demarche_id=demarche_id, leve_le__isnull=True)
        .select_related("tour")
        .order_by("-pk")
        .first()
    )


def lever(scenario: Scenario, *, par: Agent | None) -> None:
    """Work is resumed: the agreement stays readable, and no longer holds."""
    accord = accord_en_cours(scenario.demarche_id)
    if accord is None:
        return
    accord.leve_le = timezone.now()
    accord.save(update_fields=["leve_le", "modifie_le"])
    consigner("lever_accord", sur=accord, par=par, demarche_id=scenario.demarche_id, apres={"leve": True})


def noter_acte(
    accord: Accord, acte: str, acte_le: date | None, *, version_lue: int, par: Agent | None
) -> Accord:
    """The act that records the agreement on the credits. ConflitDeVersion."""
    anciens = {"acte": accord.acte, "acte_le": accord.acte_le}
    accord.acte, accord.acte_le = " ".join(acte.split()), acte_le
    enregistrer_version(accord, version_lue, ("acte", "acte_le"))
    consigner_modification(
        accord,
        anciens,
        {"acte": accord.acte, "acte_le": accord.acte_le},
        par=par,
        demarche_id=accord.demarche_id,
        geste="noter_acte_accord",
        libelle="Acte de l’accord sur les crédits affectés",
    )
    return accord


def ecarts(avant: Iterable[Ligne], apres: Iterable[Ligne]) -> Mapping[int, tuple[Ligne | None, Ligne | None]]:
    """Fiches whose amount, year or decision differ, by pk; None on the side that does not have it."""
    gauche, droite = {x.fiche_id: x for x in avant}, {x.fiche_id: x for x in apres}
    trouves: dict[int, tuple[Ligne | None, Ligne | None]] = {}
    for pk in dict.fromkeys([*gauche, *droite]):
        g, d = gauche.get(pk), droite.get(pk)
        if (g and g.valeurs) != (d and d.valeurs) and ((g and g.compte) or (d and d.compte) or (g and d)):
            trouves[pk] = (g, d)
    return trouves
