"""The optimiser over every territory of a dispositif: what may be asked, what it answered, in words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Count

from arpent.metier.argent import formater_euros, formater_nombre, formater_taux
from arpent.metier.scenarios.optimisation import LIBELLES_OBJECTIF, Objectif, OptimisationImpossible
from arpent.plateforme.acteurs.models import Agent
from arpent.plateforme.demarches.models import Demarche
from arpent.plateforme.plans.models import est_a_part
from arpent.plateforme.reglements.models import Dispositif

from ..enveloppes import demarches_dotees
from ..models import EnsembleScenarios
from ..passerelle import SANS_THEME, annees_de
from ..scenarios.garder import en_memoire, fini
from ..scenarios.recherche import Demande, Resultat, chercher
from .actions import SANS_DEMARCHE, garder_la_recherche
from .lecture import fiches_en_lice

PROJETS_MAX = 10_000
"""Projects that a page puts to the optimiser; more are for the command line, which has no one waiting."""
CLASSEMENT_DIT = "euros pondérés par le rang"


@dataclass(frozen=True, slots=True)
class Possibles:
    """What a search over a dispositif may be about. `fonds`: the known amounts, in one sentence."""

    demarches: tuple[Demarche, ...]
    annees: tuple[int, ...]
    themes: tuple[str, ...]
    projets: int
    fonds: str

    @property
    def est_trop_grand(self) -> bool:
        """Too large for a page: `proposer` refuses it."""
        return self.projets > PROJETS_MAX


def possibles_de(dispositif: Dispositif) -> Possibles:
    """Three queries."""
    demarches = demarches_dotees(dispositif)
    themes = (
        fiches_en_lice()
        .filter(~est_a_part(), demarche__in=demarches)
        .order_by("theme__ordre", "theme__libelle")
        .values_list("theme__libelle")
        .annotate(nombre=Count("pk"))
    )
    lus = {theme or SANS_THEME: nombre for theme, nombre in themes}
    fonds = dispositif.fonds.filter(montant__isnull=False).order_by("ordre", "pk")
    connus = [
        f"{f.libelle}, {formater_euros(f.montant, centimes=False)}" for f in fonds if f.montant is not None
    ]
    return Possibles(
        tuple(demarches),
        tuple(sorted({an for d in demarches for an in annees_de(d, dispositif)})),
        tuple(lus),
        sum(lus.values()),
        f"Montants connus : {' ; '.join(connus)}." if connus else "",
    )


def proposer(
    dispositif: Dispositif,
    possibles: Possibles,
    nom: str,
    demande: Demande,
    *,
    par: Agent | None,
    origine: str,
) -> tuple[EnsembleScenarios, Resultat]:
    """Asks, and keeps the answer as an ensemble. OptimisationImpossible, ArbitrageRefuse (French)."""
    if possibles.est_trop_grand:
        raise OptimisationImpossible(
            f"{formater_nombre(possibles.projets)} projets : au-delà de {formater_nombre(PROJETS_MAX)}, la "
            "recherche dure trop pour une page. Lancez-la avec la commande « arpent scenario optimiser "
            f'--dispositif {dispositif.slug} --objectif travaux --enregistrer "{nom}" ».'
        )
    if not possibles.demarches:
        raise OptimisationImpossible(SANS_DEMARCHE)
    resultat = chercher(possibles.demarches, demande, date.today())
    return garder(resultat, dispositif, nom, demande, par=par, origine=origine), resultat


def garder(
    resultat: Resultat, dispositif: Dispositif, nom: str, demande: Demande, *, par: Agent | None, origine: str
) -> EnsembleScenarios:
    """An answer as an ensemble, with what was asked and proven. ArbitrageRefuse (French)."""
    recherche = en_memoire(resultat) | {
        "demande": dire(demande),
        "etapes": [
            {
                "objectif": "" if e.objectif is None else e.objectif.value,
                "valeur": fini(e.valeur), "borne": fini(e.borne), "ecart": fini(e.ecart),
            }
            for e in resultat.solution.etapes
        ],
    }  # fmt: skip
    return garder_la_recherche(resultat, dispositif, nom, recherche, origine=origine, par=par)


def dire(demande: Demande) -> list[str]:
    """What was asked, one sentence each."""
    if demande.poids:
        parts = [f"{LIBELLES_OBJECTIF[o]} ({formater_taux(p, 0)})" for o, p in demande.poids.items()]
        dites = [f"Ensemble : {' et '.join(parts)}"]
    else:
        dites = [f"D’abord {', puis '.join(LIBELLES_OBJECTIF[o] for o in demande.ordre)}"]
    if demande.enveloppe is not None:
        dites.append(f"Enveloppe commune : {formater_euros(demande.enveloppe)}")
    if demande.enveloppes_locales:
        dites.append("Chaque territoire reste dans son enveloppe")
    dites += [f"Engagements {an}, au plus {formater_euros(m)}" for an, m in sorted(demande.par_annee.items())]
    dites += [f"Paiements {an}, au plus {formater_euros(m)}" for an, m in sorted(demande.paiements.items())]
    dites += [f"{theme}, au plus {formater_euros(m)}" for theme, m in sorted(demande.par_theme.items())]
    if demande.minimum_par_territoire:
        dites.append(f"Projets par territoire, au moins {demande.minimum_par_territoire}")
    if demande.euros_par_territoire:
        dites.append(f"Aides par territoire, au moins {formater_euros(demande.euros_par_territoire)}")
    if demande.minimum_par_maitre_ouvrage:
        dites.append(f"Projets par maître d’ouvrage, au moins {demande.minimum_par_maitre_ouvrage}")
    if demande.maximum_par_maitre_ouvrage is not None:
        dites.append(f"Projets par maître d’ouvrage, au plus {demande.maximum_par_maitre_ouvrage}")
    if demande.modulation is not None:
        dites.append(f"Aide d’au moins {formater_taux(demande.modulation, 0)} de ce qui est possible")
    return dites


@dataclass(frozen=True, slots=True)
class EtapeDite:
    """One objective as solved, in words: what is reached, what no choice can pass, the gap."""

    objectif: str
    atteint: str
    borne: str
    ecart: str


def etapes_dites(recherche: Mapping[str, Any] | None) -> list[EtapeDite]:
    """What the optimiser proved, objective by objective. Empty for an ensemble made by copy."""
    return [_dire_etape(**e) for e in (recherche or {}).get("etapes", ())]


def _dire_etape(objectif: str, valeur: float | None, borne: float | None, ecart: float | None) -> EtapeDite:
    v, b, e = (None if x is None else Decimal(str(x)) for x in (valeur, borne, ecart))
    if not objectif:
        dits = (f"{formater_taux(v)} du mieux de chacun", f"{formater_taux(b)} du mieux de chacun")
        return EtapeDite("Les deux ensemble", dits[0], dits[1], formater_taux(e, 3))
    unite = {"classement": CLASSEMENT_DIT, "travaux": "euros de travaux"}.get(objectif, "euros d’écart")
    titre = LIBELLES_OBJECTIF[Objectif(objectif)].capitalize()
    v, b = (None if x is None else abs(x) for x in (v, b))
    return EtapeDite(
        titre, f"{formater_nombre(v)} {unite}", f"{formater_nombre(b)} {unite}", formater_taux(e, 3)
    )


def total_du_second_avis(recherche: Mapping[str, Any] | None) -> Decimal | None:
    """The aids of the list simply gone down; None when there was no such list."""
    avis = (recherche or {}).get("second_avis")
    return Decimal(avis["total"]) if avis else None
