"""The co-financing of a fiche: room of each funder, proposed plan, taking it over."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import transaction

from arpent.metier.argent import ZERO
from arpent.metier.plan_financement import (
    LIBELLES_FINANCEUR,
    LIBELLES_STATUT,
    Bilan,
    Financement,
    Financeur,
    Operation,
    Plafond,
    Possibilite,
    Proposition,
    Refus,
    baisses_suffisantes,
    examiner_plan,
    proposer,
    reparer,
)
from arpent.metier.reglement import operation_de, plafond_du_reglement
from arpent.metier.reglement.projet import est_examine
from arpent.plateforme.acteurs.models import Agent

from .actions import ActionRefusee, LigneSaisie, enregistrer_fiche, lignes_de
from .equilibre import AUTORITES
from .lot import FicheLue, Lot, lire_lot
from .models import Fiche
from .preinstruction import Examen, examiner, reglement_de

USUELS = (Financeur.ETAT, Financeur.REGION, Financeur.DEPARTEMENT)
"""Funders that one thinks of first: their room is shown even when the plan has no row of them."""


@dataclass(frozen=True, slots=True)
class Cofinancement:
    """A fiche seen by the solver that day."""

    fiche: FicheLue
    autorite: Financeur
    operation: Operation
    bilan: Bilan
    baisses: dict[Financeur, Decimal]
    reparation: Proposition | Refus | None
    avertissements: tuple[str, ...]

    @property
    def possibilites(self) -> tuple[Possibilite, ...]:
        return self.bilan.possibilites

    @property
    def baisses_lisibles(self) -> list[tuple[str, Decimal]]:
        """Who could mend the plan alone, by name."""
        return [(LIBELLES_FINANCEUR[f], baisse) for f, baisse in self.baisses.items()]

    def proposer(self, part: Decimal | None, ordre: Sequence[Financeur] = ()) -> Proposition | Refus:
        return proposer(self.operation, part, ordre)


def cofinancement_de(fiche: Fiche, le: date) -> Cofinancement:
    """Read again from the database: a batch of one (see `lire_lot`)."""
    lot = lire_lot(Fiche.objects.filter(pk=fiche.pk), le)
    lue = lot.fiches[0]
    autorite = AUTORITES.get(fiche.demarche.autorite.nature, Financeur.AUTRE_PUBLIC)
    return _cofinancement(lot, lue, examiner(lot, lue), autorite)


def _cofinancement(lot: Lot, lue: FicheLue, examen: Examen, autorite: Financeur) -> Cofinancement:
    projet = examen.projet or lot.projet(lue)
    plafonds: tuple[Plafond, ...] = ()
    if examen.resultat is not None:
        reglement = reglement_de(examen)
        autorite = reglement.financeur
        plafond = plafond_du_reglement(examen.resultat, reglement)
        plafonds = (plafond,) if plafond else ()
    operation = operation_de(projet, autorite, lot.parametres, lot.le, plafonds)
    montres = (*USUELS, autorite, *((operation.concours,) if operation.concours else ()))
    return Cofinancement(
        lue,
        autorite,
        operation,
        examiner_plan(operation, montres),
        baisses_suffisantes(operation),
        reparer(operation),
        tuple(_avertissements(operation, examen)),
    )


def _avertissements(operation: Operation, examen: Examen) -> list[str]:
    """What the figures do not say, in French."""
    dits = []
    if examen.resultat is None:
        dits.append("Aucun règlement n’est en vigueur : le plafond de l’autorité n’est pas connu.")
    elif examen.demonstration:
        dits.append(
            "Le plafond de l’autorité vient d’un règlement qui contient des valeurs de démonstration."
        )
    concours = operation.concours
    if concours and operation.plan.par_financeur().get(concours):
        dits.append("Un fonds de concours demande des délibérations concordantes des deux assemblées.")
        if operation.fctva is None:
            dits.append(
                "Le plan est toutes taxes comprises et le FCTVA n’est pas connu : le fonds de concours garde "
                "son montant."
            )
    if operation.minimum is None:
        dits.append("Aucune participation minimale légale ne s’applique à cette opération.")
    return dits


@dataclass(frozen=True, slots=True)
class LigneComparee:
    """One row of the plan, before and after; `avant` None when the row is new."""

    financeur: str
    precision: str
    statut: str
    avant: Decimal | None
    apres: Decimal

    @property
    def change(self) -> bool:
        return self.avant != self.apres


def comparer(avant: Sequence[Financement], apres: Sequence[Financement]) -> list[LigneComparee]:
    """The rows of the proposed plan beside those of the present one: same order, new rows last."""
    return [
        LigneComparee(
            LIBELLES_FINANCEUR[f.financeur],
            f.libelle,
            LIBELLES_STATUT[f.statut],
            avant[n].montant if n < len(avant) else None,
            f.montant,
        )
        for n, f in enumerate(apres)
    ]


@transaction.atomic
def reprendre_proposition(
    fiche: Fiche,
    part: Decimal | None,
    *,
    ordre: Sequence[Financeur] = (),
    version_lue: int,
    par: Agent | None,
    le: date,
) -> Fiche:
    """Replaces the rows of the plan by those proposed for that share, computed again under the lock.

    Only rows that are not acquired move; the aid asked of the authority follows its row. Raises
    ActionRefusee, or ConflitDeVersion when the fiche changed since the proposal was read.
    """
    fiche = (
        Fiche.objects.select_for_update(of=("self",))
        .select_related(
            "maitre_ouvrage", "theme", "commune", "demarche__territoire",
            "demarche__version_processus__processus__autorite",
        )
        .get(pk=fiche.pk)
    )  # fmt: skip
    vu = cofinancement_de(fiche, le)
    reponse = vu.proposer(part, ordre)
    if isinstance(reponse, Refus):
        raise ActionRefusee(reponse.raison)
    rows = reponse.plan.financements
    fiche.aide_demandee = sum((f.montant for f in rows if est_examine(f, vu.autorite)), ZERO)
    return enregistrer_fiche(fiche, _en_lignes(lignes_de(fiche), rows), par=par, version_lue=version_lue)


def _en_lignes(anciennes: Sequence[LigneSaisie], rows: Sequence[Financement]) -> list[LigneSaisie]:
    """The proposed rows; a row that keeps its amount keeps its mark of demonstration."""
    return [
        LigneSaisie(
            f.financeur,
            f.montant,
            f.statut,
            f.libelle,
            f.date,
            n < len(anciennes) and anciennes[n].demonstration and anciennes[n].montant == f.montant,
        )
        for n, f in enumerate(rows)
    ]


def _texte(montant: Decimal) -> str:
    return f"{montant:.2f}"


def cofinancement_en_json(vu: Cofinancement, reponse: Proposition | Refus) -> dict[str, Any]:
    """The whole panel as JSON-ready values; amounts are texts with two decimals."""
    return {
        "numero": vu.fiche.numero,
        "titre": vu.fiche.titre,
        "cout": _texte(vu.operation.plan.cout),
        "part_maitre_ouvrage": _texte(vu.bilan.part),
        "minimum_legal": _texte(vu.bilan.minimum),
        "article_minimum": vu.bilan.article_minimum,
        "financeurs": [
            {
                "financeur": p.financeur.value,
                "acquis": _texte(p.acquis),
                "demande": _texte(p.demande),
                "encore_possible": _texte(p.encore),
                "regle": p.limite.intitule,
                "article": p.limite.article,
                "calcul": p.limite.calcul,
            }
            for p in vu.possibilites
        ],
        "regles_enfreintes": [
            {"regle": m.intitule, "article": m.article, "calcul": m.calcul} for m in vu.bilan.manquements
        ],
        "baisses_suffisantes": {f.value: _texte(x) for f, x in vu.baisses.items()},
        "avertissements": list(vu.avertissements),
        "proposition": _reponse_en_json(reponse),
    }


def _reponse_en_json(reponse: Proposition | Refus) -> dict[str, Any]:
    if isinstance(reponse, Refus):
        possible = reponse.part_possible
        return {"refus": reponse.raison, "part_possible": None if possible is None else _texte(possible)}
    return {
        "part_maitre_ouvrage": _texte(reponse.part),
        "explication": reponse.explication,
        "mouvements": [
            {"financeur": m.financeur.value, "avant": _texte(m.avant), "apres": _texte(m.apres)}
            for m in reponse.mouvements
        ],
        "plan": [
            {
                "financeur": f.financeur.value,
                "libelle": f.libelle,
                "statut": f.statut.value,
                "montant": _texte(f.montant),
            }
            for f in reponse.plan.financements
        ],
    }
