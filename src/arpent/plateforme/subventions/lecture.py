"""What the realisation page reads: the lines of the last issued version, or today's retained projects."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from arpent.metier.argent import ZERO
from arpent.metier.cycles import CYCLE_CONTRAT, EtatContrat
from arpent.plateforme.contrats.models import Contrat, VersionContrat
from arpent.plateforme.demarches.models import Demarche
from arpent.plateforme.documents.donnees import ContratDoc, LigneMaquetteDoc
from arpent.plateforme.documents.serie import depuis_json
from arpent.plateforme.negociations.passerelle import lignes_de
from arpent.plateforme.negociations.sorties import est_inscrite, ligne_doc, scenario_ou_vierge

SIGNES = frozenset({EtatContrat.EN_VIGUEUR.value, EtatContrat.ECHU.value, EtatContrat.SOLDE.value})


@dataclass(frozen=True, slots=True)
class Stade:
    """Where a project stands on its way to its payment, and what its owner does next."""

    genre: str
    libelle: str
    suite: str


@dataclass(frozen=True, slots=True)
class LigneAnnee:
    annee: str
    nombre: int
    cout: Decimal
    aide: Decimal


@dataclass(frozen=True, slots=True)
class Realisation:
    """Lines of the contract. `version` None: nothing was issued, the lines are those of the maquette."""

    lignes: tuple[LigneMaquetteDoc, ...]
    version: VersionContrat | None
    etat: str
    signe: bool
    stade: Stade
    en_vigueur: bool = False

    @property
    def total_aides(self) -> Decimal:
        return sum((x.aide for x in self.lignes), ZERO)

    @property
    def total_acquis(self) -> Decimal:
        return sum((x.autres_aides for x in self.lignes), ZERO)

    @property
    def total_couts(self) -> Decimal:
        return sum((x.cout_ht for x in self.lignes), ZERO)

    @property
    def par_annee(self) -> tuple[LigneAnnee, ...]:
        groupes: dict[str, list[LigneMaquetteDoc]] = {}
        for ligne in self.lignes:
            groupes.setdefault(ligne.groupe_annee, []).append(ligne)
        return tuple(
            LigneAnnee(
                annee,
                len(groupe),
                sum((x.cout_ht for x in groupe), ZERO),
                sum((x.aide for x in groupe), ZERO),
            )
            for annee, groupe in sorted(groupes.items())
        )


def _stade(etat: str | None) -> Stade:
    if etat in SIGNES:
        return Stade(
            "info",
            "dossier à déposer",
            "Déposez le dossier définitif dès que le projet atteint le stade des marchés ou des devis.",
        )
    if etat == EtatContrat.RESILIE.value:
        return Stade("non", "contrat résilié", "Aucun nouveau dossier ne peut être déposé.")
    return Stade(
        "neutre",
        "avant signature",
        "Après la signature, chaque maître d’ouvrage déposera un dossier définitif au stade des marchés ou "
        "des devis ; l’aide sera alors attribuée par une décision de l’autorité.",
    )


def _lignes_du_jour(demarche: Demarche, le: date) -> Sequence[LigneMaquetteDoc]:
    scenario = scenario_ou_vierge(demarche)
    return [ligne_doc(x) for x in lignes_de(scenario, le) if est_inscrite(x)]


def realisation_de(demarche: Demarche, le: date) -> Realisation:
    """Two queries when a version was issued, seven otherwise."""
    contrat = Contrat.objects.filter(demarche=demarche).first()
    version = contrat.versions.order_by("-numero").first() if contrat else None
    lignes: Sequence[LigneMaquetteDoc] = ()
    if version is not None:
        maquette = depuis_json(ContratDoc, _texte(version)).maquette
        lignes = maquette.lignes if maquette else ()
    else:
        lignes = _lignes_du_jour(demarche, le)
    etat = contrat.etat if contrat else None
    return Realisation(
        lignes=tuple(lignes),
        version=version,
        etat=CYCLE_CONTRAT.libelle(etat) if etat else "Pas encore préparé",
        signe=etat in SIGNES,
        stade=_stade(etat),
        en_vigueur=etat == EtatContrat.EN_VIGUEUR.value,
    )


def _texte(version: VersionContrat) -> str:
    return json.dumps(version.donnees)
