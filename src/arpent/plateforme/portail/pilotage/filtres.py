"""What the page shows of the territories: filters and order, read in the URL, never refused."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.http import QueryDict

from arpent.metier.argent import MontantIllisible, formater_euros, lire_montant
from arpent.metier.cycles.demarche import CYCLE_DEMARCHE
from arpent.plateforme.plans.filtres import Choix

from .lecture import ORDRE, Territoire

RETARDS = (
    ("oui", "en retard"),
    ("30", "plus de 30 jours"),
    ("90", "plus de 90 jours"),
    ("non", "à l’heure"),
    ("silence", "silencieux"),
)
CARTES: dict[str, str] = {
    "avancement": "étapes faites",
    "retard": "retard en jours",
    "demande": "aide demandée",
    "propose": "aide proposée",
    "contractualise": "aide contractualisée",
}
LOIN = date(9999, 12, 31)
TRIS: dict[str, Callable[[Territoire], Any]] = {
    "nom": lambda x: x.nom,
    "phase": lambda x: ORDRE[x.demarche.etat],
    "avancement": lambda x: x.avancement,
    "retard": lambda x: x.retard,
    "prochaine": lambda x: (x.prochaine.prevue_le if x.prochaine else None) or LOIN,
    "signature": lambda x: x.prevision.le or LOIN,
    "fiches": lambda x: x.fiches,
    "demande": lambda x: x.demande,
    "propose": lambda x: x.propose,
    "contractualise": lambda x: x.contractualise,
    "silence": lambda x: 10**6 if x.silence is None else x.silence,
}


@dataclass(frozen=True, slots=True)
class Filtres:
    """What the URL asks. An unreadable amount is told in `erreur`, and filters nothing."""

    phase: str = ""
    retard: str = ""
    minimum: str = ""
    tri: str = "-retard"
    carte: str = "avancement"
    erreur: str = ""

    @property
    def actifs(self) -> bool:
        return bool(self.phase or self.retard or self.minimum)

    def phases(self) -> list[Choix]:
        return [Choix(c, x, c == self.phase) for c, x in CYCLE_DEMARCHE.choix() if c != "close"]

    def retards(self) -> list[Choix]:
        return [Choix(c, x, c == self.retard) for c, x in RETARDS]

    def cartes(self) -> list[Choix]:
        return [Choix(c, x[:1].upper() + x[1:], c == self.carte) for c, x in CARTES.items()]

    def appliquer(self, lignes: Sequence[Territoire]) -> list[Territoire]:
        """The lines asked for, in the order asked for. No query."""
        gardees = [x for x in lignes if self._garde(x)]
        champ = self.tri.removeprefix("-")
        gardees.sort(key=lambda x: x.nom)
        if self.tri != "-retard":
            gardees.sort(key=TRIS[champ], reverse=self.tri.startswith("-"))
            return gardees
        return sorted(gardees, key=lambda x: (-x.retard, -(x.glissement or 0)))

    def _garde(self, x: Territoire) -> bool:
        if self.phase and x.demarche.etat != self.phase:
            return False
        if self.minimum and not self.erreur and x.demande < lire_montant(self.minimum):
            return False
        match self.retard:
            case "oui":
                return x.retard > 0
            case "30" | "90":
                return x.retard > int(self.retard)
            case "non":
                return x.retard == 0
            case "silence":
                return x.est_silencieux
        return True

    def phrase(self) -> str:
        """What is filtered, for the file and the brief; empty when nothing is."""
        mots = []
        if self.phase:
            mots.append(f"phase «\u00a0{CYCLE_DEMARCHE.libelle(self.phase)}\u00a0»")
        if self.retard:
            mots.append(dict(RETARDS)[self.retard])
        if self.minimum and not self.erreur:
            mots.append(f"au moins {formater_euros(lire_montant(self.minimum), centimes=False)} demandés")
        return ", ".join(mots)


def lire_filtres(requete: QueryDict) -> Filtres:
    """From the query string; an unknown value filters nothing."""

    def parmi(nom: str, connus: set[str], defaut: str = "") -> str:
        valeur = requete.get(nom, "")
        return valeur if valeur in connus else defaut

    minimum, erreur = requete.get("minimum", "").replace("\0", "").strip()[:20], ""
    if minimum:
        try:
            lire_montant(minimum)
        except MontantIllisible as refus:
            erreur = str(refus)
    tris = {signe + champ for champ in TRIS for signe in ("", "-")}
    return Filtres(
        phase=parmi("phase", {c for c, _ in CYCLE_DEMARCHE.choix()} - {"close"}),
        retard=parmi("retard", {c for c, _ in RETARDS}),
        minimum=minimum,
        tri=parmi("tri", tris, "-retard"),
        carte=parmi("carte", set(CARTES), "avancement"),
        erreur=erreur,
    )
