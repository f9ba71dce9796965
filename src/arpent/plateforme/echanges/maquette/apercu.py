"""What the workbook of a maquette would change today, line by line; then the scenario it becomes."""

from __future__ import annotations

from dataclasses import astuple, dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.core import signing

from arpent.plateforme.acteurs.models import Agent
from arpent.plateforme.demarches.models import Demarche
from arpent.plateforme.negociations.models import Scenario
from arpent.plateforme.negociations.passerelle import LigneArbitrage, annees_de, lignes_de
from arpent.plateforme.negociations.scenarios.acces import camp_de, visibles
from arpent.plateforme.negociations.scenarios.actions import creer_depuis
from arpent.plateforme.negociations.sorties import scenario_ou_vierge
from arpent.plateforme.negociations.tableaux import DECISIONS

from ..etats import ImportRefuse
from ..lecture import FichierIllisible
from ..reperes import Rejet
from .lecture import REFAIRE, Lu

DUREE = 24 * 3600
_SEL = "maquette-retour"
_CODES = {libelle: code for code, libelle in DECISIONS}
_LIBELLES = dict(DECISIONS)


@dataclass(frozen=True, slots=True)
class Position:
    """Aid, year and decision of a project."""

    montant: Decimal
    annee: int | None
    decision: str

    @property
    def decision_ecrite(self) -> str:
        return _LIBELLES[self.decision]


@dataclass(frozen=True, slots=True)
class LigneChangee:
    """One project: as it is in Arpent, as it would be in the scenario."""

    ligne: int
    x: LigneArbitrage
    avant: Position
    apres: Position
    bougee: bool
    """True when Arpent no longer says what the workbook said when it went out."""


@dataclass(frozen=True, slots=True)
class Apercu:
    source: Scenario
    changees: tuple[LigneChangee, ...]
    rejets: tuple[Rejet, ...]

    @property
    def net(self) -> Decimal:
        """How much the aids that count move."""
        compte = [(c.avant, c.apres) for c in self.changees]
        return sum((_comptee(b) - _comptee(a) for a, b in compte), Decimal("0.00"))


def _comptee(p: Position) -> Decimal:
    return p.montant if p.decision == "retenue" else Decimal("0.00")


def source_de(demarche: Demarche, pk: int, par: Agent) -> Scenario:
    """The scenario that went out. FichierIllisible when this agent cannot read it any more."""
    courant = scenario_ou_vierge(demarche)
    if pk in (0, courant.pk):
        return courant
    trouve = visibles(par, demarche).filter(pk=pk).first()
    if trouve is None:
        raise FichierIllisible(f"Le scénario de ce classeur n’existe plus, ou n’est pas le vôtre. {REFAIRE}")
    trouve.demarche = demarche
    return trouve


def apercu_de(demarche: Demarche, lu: Lu, par: Agent) -> Apercu:
    """A fixed number of queries."""
    source = source_de(demarche, lu.source, par)
    lignes = {x.fiche.pk: x for x in lignes_de(source, date.today())}
    annees = annees_de(demarche, demarche.processus.dispositif)
    changees, rejets = [], list(lu.rejets)
    for fiche, (numero, voulu) in lu.voulus.items():
        x = lignes.get(fiche)
        if x is None:
            cause = "La fiche de ce projet n’est plus à l’arbitrage."
            rejets.append(Rejet(numero, "Ligne", cause, "Laissez cette ligne : elle sera ignorée.", ""))
            continue
        annee = voulu.get("annee")
        if annee is not None and annee not in annees:
            conseil = f"Écrivez une année de {annees[0]} à {annees[-1]}."
            rejets.append(Rejet(numero, "Année", "Cette année n’est pas au contrat.", conseil, str(annee)))
            voulu = {code: v for code, v in voulu.items() if code != "annee"}
        avant = Position(x.ligne.aide_proposee, x.ligne.annee, x.ligne.decision)
        apres = Position(
            voulu.get("aide", avant.montant),
            voulu.get("annee", avant.annee),
            _CODES[voulu["decision"]] if "decision" in voulu else avant.decision,
        )
        if apres == avant:
            continue
        depart = lu.departs[fiche]
        actuel = {"aide": x.ligne.aide_comptee, "annee": avant.annee, "decision": avant.decision_ecrite}
        bougee = any(actuel[code] != depart[code] for code in voulu)
        changees.append(LigneChangee(numero, x, avant, apres, bougee))
    rejets.sort(key=lambda r: r.ligne)
    return Apercu(source, tuple(changees), tuple(rejets))


# --- from the preview to the confirmation -----------------------------------------------------------


def sceller(apercu: Apercu, demarche: Demarche, par: Agent, nom: str) -> str:
    """What was shown, signed for this agent and this démarche: nothing is kept before the confirmation."""
    lignes = [
        [c.x.fiche.pk, c.ligne, f"{c.apres.montant:.2f}", c.apres.annee, c.apres.decision]
        for c in apercu.changees
    ]
    contenu = {
        "demarche": demarche.pk, "agent": par.pk, "source": apercu.source.pk or 0, "nom": nom,
        "lignes": lignes, "rejets": [astuple(r) for r in apercu.rejets],
    }  # fmt: skip
    return signing.dumps(contenu, salt=_SEL, compress=True)


def desceller(scelle: str, demarche: Demarche, par: Agent) -> dict[str, Any]:
    """ImportRefuse when it was not made for this agent here, or too long ago."""
    try:
        contenu: dict[str, Any] = signing.loads(scelle, salt=_SEL, max_age=DUREE)
    except signing.BadSignature:
        contenu = {}
    if (contenu.get("demarche"), contenu.get("agent")) != (demarche.pk, par.pk):
        raise ImportRefuse("Cet aperçu n’est plus valable, rien n’a été écrit : renvoyez le classeur.")
    return contenu


def revoir(demarche: Demarche, contenu: dict[str, Any], par: Agent) -> Apercu:
    """The same preview again, from what was signed. FichierIllisible."""
    lu = Lu(contenu["source"], rejets=[Rejet(*r) for r in contenu["rejets"]])
    for fiche, numero, montant, annee, decision in contenu["lignes"]:
        voulu = {"aide": Decimal(montant), "annee": annee, "decision": _LIBELLES[decision]}
        lu.voulus[fiche], lu.departs[fiche] = (numero, voulu), {}
    source = source_de(demarche, lu.source, par)
    return _revue(source, lu)


def _revue(source: Scenario, lu: Lu) -> Apercu:
    lignes = {x.fiche.pk: x for x in lignes_de(source, date.today())}
    changees = []
    for fiche, (numero, voulu) in lu.voulus.items():
        if (x := lignes.get(fiche)) is None:
            continue
        avant = Position(x.ligne.aide_proposee, x.ligne.annee, x.ligne.decision)
        apres = Position(voulu["aide"], voulu["annee"], _CODES[voulu["decision"]])
        changees.append(LigneChangee(numero, x, avant, apres, bougee=False))
    return Apercu(source, tuple(changees), tuple(lu.rejets))


def creer_le_scenario(demarche: Demarche, apercu: Apercu, nom: str, fichier: str, *, par: Agent) -> Scenario:
    """A private scenario of the agent's side. ArbitrageRefuse (French)."""
    lignes = {c.x.fiche.pk: (c.apres.montant, c.apres.annee, c.apres.decision) for c in apercu.changees}
    origine = f"Classeur « {fichier} »"
    return creer_depuis(apercu.source, nom, camp_de(par, demarche), lignes, origine=origine, par=par)
