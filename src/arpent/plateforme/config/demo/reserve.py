"""Demonstration of the reserve: a draft where no contract is in force, decisions where one is.

Every answer, opinion and act below is invented and says so.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from arpent.metier.cycles.fiche import EtatFiche
from arpent.plateforme.demarches.models import Demarche
from arpent.plateforme.negociations.models import DemandeReserve
from arpent.plateforme.negociations.reserve import actions, decisions
from arpent.plateforme.plans.models import Fiche
from arpent.plateforme.plans.preinstruction import preinstruire_fiches

from .comptes import agent

URGENCE = "Exemple de démonstration : la crue du 3 novembre 2026 a emporté l’ouvrage."
IMPREVISIBLE = "Exemple de démonstration : rien ne l’annonçait quand le contrat a été signé."
JUSTIFICATIONS = {"urgence": URGENCE}
"""The second criterion is left to answer."""
ACTE, ACTE_LE = "DEMO-R-{:02d} (démonstration)", date(2026, 11, 20)
THEMES = {"voirie", "eau-assainissement"}
PART_ACCORDEE = Decimal("0.75")


A = DemandeReserve.Avis
EXAMENS = (
    (URGENCE, A.FAVORABLE, "Le danger est constaté sur place (avis de démonstration)."),
    (URGENCE, A.RESERVE, "Une partie des travaux relève de l’entretien (avis de démonstration)."),
    (
        "Exemple de démonstration : l’ouvrage s’est dégradé depuis trois ans.",
        A.DEFAVORABLE,
        "L’usure était connue à la signature, rien ne presse (avis de démonstration).",
    ),
)


def preparer_une_demande(demarche: Demarche) -> None:
    """For the smallest fiche that no agreement aids; nothing when there is none."""
    for fiche in _hors_contrat(demarche)[:1]:
        actions.ouvrir_demande(fiche, fiche.aide_demandee, JUSTIFICATIONS, par=None)


def _hors_contrat(demarche: Demarche) -> list[Fiche]:
    """The fiches that a reserve may aid, the smallest first."""
    fiches = Fiche.objects.filter(demarche=demarche, aide_accordee__isnull=True, aide_demandee__gt=0)
    fiches = fiches.select_related("theme")
    return list(fiches.exclude(etat=EtatFiche.BROUILLON.value).comptees().order_by("cout_ht", "numero"))


def _possibles(demarche: Demarche) -> list[Fiche]:
    """Those of roads and water that the règlement lets aid as much as they ask."""
    fiches = [f for f in _hors_contrat(demarche) if f.theme and f.theme.code in THEMES]
    examens = preinstruire_fiches(fiches, date.today())
    return [f for f in fiches if (r := examens[f.pk].resultat) and r.aide_maximale >= f.aide_demandee]


def decider(demarche: Demarche) -> None:
    """One request drawn by an act, one granted in part, one refused, one that is still a draft.

    The contract of the démarche is in force. Nothing when fewer than four fiches are left out of it.
    """
    fiches = _possibles(demarche)[:4]
    if len(fiches) < 4:
        return
    cheffe, directrice = agent("chef.projet"), agent("directrice.cc")
    tiree, accordee, refusee = (_instruire(f, *examen) for f, examen in zip(fiches, EXAMENS, strict=False))
    motif = "Accord de démonstration."
    tiree = decisions.accorder(tiree, tiree.montant_demande, motif, **_acte(1), par=cheffe)
    decisions.tirer(tiree, DemandeReserve.Voie.ACTE, ACTE.format(2), ACTE_LE, par=cheffe)
    partie = (accordee.montant_demande * PART_ACCORDEE).quantize(Decimal("0.01"))
    motif = "Les trois quarts suffisent à la mise en sécurité (décision de démonstration)."
    decisions.accorder(accordee, partie, motif, **_acte(3), par=cheffe)
    motif = "Les travaux peuvent attendre le bilan à mi-parcours du contrat (décision de démonstration)."
    decisions.refuser(refusee, motif, **_acte(4), par=cheffe)
    actions.ouvrir_demande(fiches[3], fiches[3].aide_demandee, JUSTIFICATIONS, par=directrice)


def _acte(numero: int) -> dict[str, Any]:
    return {"acte": ACTE.format(numero), "acte_le": ACTE_LE}


def _instruire(fiche: Fiche, urgence: str, avis: DemandeReserve.Avis, motif: str) -> DemandeReserve:
    """Asked, filed and assessed."""
    directrice = agent("directrice.cc")
    justifications = {"urgence": urgence, "imprevisible": IMPREVISIBLE}
    demande = actions.ouvrir_demande(fiche, fiche.aide_demandee, justifications, par=directrice)
    demande = actions.deposer(demande, par=directrice)
    return actions.instruire(demande, avis, motif, par=agent("instructeur"))
