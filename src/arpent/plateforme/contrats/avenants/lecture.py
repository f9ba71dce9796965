"""The contract at a date: the version that was signed, then the avenants in force. It writes nothing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from arpent.metier.argent import ZERO
from arpent.metier.avenants import (
    Acte,
    ArticleContrat,
    Consolide,
    EtatContractuel,
    LigneContrat,
    Mouvement,
    consolider,
)
from arpent.metier.cycles import EtatAvenant, EtatContrat
from arpent.metier.cycles.avenant import EN_COURS

from ..champs import date_fin, duree_figee
from ..exigences import ContratRefuse
from ..models import Avenant, Contrat, MouvementAvenant, VersionAvenant
from .conversion import depuis_json, mouvement_de


class AvenantRefuse(ContratRefuse):
    """The gesture is not possible; the message is French and says what to do."""


SANS_VERSION_SIGNEE = (
    "Le contrat n’a pas de version signée : un avenant change un contrat en vigueur. Faites d’abord "
    "signer le contrat."
)


def base_de(contrat: Contrat) -> EtatContractuel:
    """The contract as signed, to the end that it had that day: the policy may have changed since.

    AvenantRefuse when it never was. One query.
    """
    lue = (
        contrat.versions.filter(etat=EtatContrat.SIGNATURE.value)
        .order_by("-numero")
        .values_list("donnees__maquette", "donnees__parties", "donnees__articles", "duree_annees")
        .first()
    )
    if lue is None:
        raise AvenantRefuse(SANS_VERSION_SIGNEE)
    maquette, parties, articles, duree = lue
    return EtatContractuel(
        lignes=lignes_figees((maquette or {}).get("lignes") or ()),
        parties=tuple(p["nom"] for p in parties or ()),
        articles=tuple(
            ArticleContrat(a["numero"], a["titre"], "\n\n".join(a["paragraphes"])) for a in articles or ()
        ),
        date_effet=contrat.date_effet,
        date_fin=date_fin(contrat.date_effet, duree_figee(duree, contrat)),
        enveloppe=_montant((maquette or {}).get("enveloppe")),
    )


def _montant(valeur: Any) -> Decimal | None:
    return None if valeur in (None, "") else Decimal(str(valeur))


def lignes_figees(lignes: Sequence[Mapping[str, Any]]) -> tuple[LigneContrat, ...]:
    """The lines of the maquette annexed to a version. A line without a reference is named by its number."""
    return tuple(
        LigneContrat(
            cle=str(x.get("reference") or f"n{x['numero']}"),
            numero=str(x["numero"]),
            titre=x["titre"],
            maitre_ouvrage=x["maitre_ouvrage"],
            aide=Decimal(x["aide"]),
            cout_ht=Decimal(x["cout_ht"]),
            annee=x.get("annee"),
            theme=x.get("theme") or "",
            axe=x.get("axe") or "",
            fonds=x.get("fonds") or "",
            maturite=x.get("maturite") or "",
        )
        for x in lignes
        if Decimal(x["aide"]) > ZERO
    )


def acte_de(avenant: Avenant, mouvements: Sequence[Mouvement]) -> Acte:
    return Acte(
        avenant.code, str(avenant), avenant.date_effet or date.max, tuple(mouvements), avenant.numero or 0
    )


def _figes(avenants: Sequence[Avenant]) -> dict[int, tuple[Mouvement, ...]]:
    """The frozen movements of the last version of each, by avenant. One query."""
    lues: dict[int, tuple[Mouvement, ...]] = {}
    versions = VersionAvenant.objects.filter(avenant__in=avenants).order_by("avenant", "numero")
    for avenant, bruts in versions.values_list("avenant", "donnees__mouvements"):
        lues[avenant] = tuple(depuis_json(m) for m in bruts)
    return lues


def actes_en_vigueur(contrat: Contrat) -> list[Acte]:
    """What changed the contract, whatever the day it takes effect. Two queries."""
    avenants = list(contrat.avenants.filter(etat=EtatAvenant.EN_VIGUEUR.value).order_by("numero"))
    if not avenants:
        return []
    figes = _figes(avenants)
    return [acte_de(a, figes.get(a.pk, ())) for a in avenants]


def etat_consolide(contrat: Contrat, le: date | None = None) -> Consolide:
    """The contract on that day; with every avenant in force when None. AvenantRefuse. Three queries."""
    return consolider(base_de(contrat), actes_en_vigueur(contrat), le)


def lignes_de_mouvements(avenant: Avenant) -> list[MouvementAvenant]:
    """The rows of an avenant with all that a page prints. One query."""
    return list(
        avenant.mouvements.select_related(
            "fiche", "entrante__maitre_ouvrage", "entrante__theme", "entrante__axe", "organisation"
        ).order_by("ordre", "pk")
    )


def mouvements_de(avenant: Avenant) -> tuple[Mouvement, ...]:
    """Those of the rows while it is prepared, the frozen ones afterwards. One query."""
    if avenant.etat in {EtatAvenant.PREPARATION.value, EtatAvenant.ABANDONNE.value}:
        return tuple(mouvement_de(row) for row in lignes_de_mouvements(avenant))
    return _figes([avenant]).get(avenant.pk, ())


def autres_en_cours(avenant: Avenant) -> list[tuple[Avenant, tuple[Mouvement, ...]]]:
    """The other avenants proposed and not in force yet, with their frozen movements. Two queries."""
    etats = [e.value for e in EN_COURS]
    autres = Avenant.objects.filter(contrat=avenant.contrat_id, etat__in=etats).exclude(pk=avenant.pk)
    liste = list(autres.order_by("numero"))
    figes = _figes(liste) if liste else {}
    return [(a, figes.get(a.pk, ())) for a in liste]
