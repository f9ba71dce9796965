"""A fund shared by another formula, beside the one in force: who wins, who loses. Nothing is written."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from arpent.metier.argent import arrondir, formater_euros
from arpent.metier.repartition import Formule, Inegalites, Repartition, mesurer
from arpent.metier.scenarios.equite import lecture_inegalites
from arpent.plateforme.demarches.models import Demarche
from arpent.plateforme.documents.donnees import Cellule
from arpent.plateforme.reglements.models import Dispositif, Fonds

from ..enveloppes import (
    Critere,
    Valeurs,
    criteres_de,
    criteres_lus,
    demarches_dotees,
    fonds_a_repartir,
    formules_de,
    repartir,
    valeurs_des,
)

POPULATION = "population"
AUJOURD_HUI = "Aujourd’hui"


@dataclass(frozen=True, slots=True)
class Ligne:
    """One territory: what it has today, what it would have. Per inhabitant None: inhabitants unknown."""

    demarche: Demarche
    habitants: Decimal | None
    avant: Decimal
    apres: Decimal

    @property
    def ecart(self) -> Decimal:
        return self.apres - self.avant

    @property
    def avant_habitant(self) -> Decimal | None:
        return arrondir(self.avant / self.habitants) if self.habitants else None

    @property
    def apres_habitant(self) -> Decimal | None:
        return arrondir(self.apres / self.habitants) if self.habitants else None


@dataclass(frozen=True, slots=True)
class Donnees:
    """What every simulation of a dispositif reads, once: five queries."""

    dispositif: Dispositif
    demarches: list[Demarche]
    fonds: list[Fonds]
    criteres: list[Critere]
    valeurs: Valeurs

    def noms(self, codes: Sequence[str]) -> str:
        connus = {str(d.pk): d.territoire.nom for d in self.demarches}
        return ", ".join(connus[code] for code in codes)


@dataclass(frozen=True, slots=True)
class Attente:
    """A step that cannot be applied yet, and the territories whose value is missing."""

    libelle: str
    territoires: str


@dataclass(frozen=True, slots=True)
class Simulation:
    """Both shares of one fund, territory by territory. `repere`: « Aujourd’hui », or another trial."""

    fonds: Fonds
    formule: Formule
    repere: str
    lignes: tuple[Ligne, ...]
    avant: Repartition
    apres: Repartition
    mesure_avant: Inegalites | None
    mesure_apres: Inegalites | None
    attentes: tuple[Attente, ...]
    demonstration: bool

    @property
    def gagnants(self) -> list[Ligne]:
        return sorted((x for x in self.lignes if x.ecart > 0), key=lambda x: -x.ecart)

    @property
    def perdants(self) -> list[Ligne]:
        return sorted((x for x in self.lignes if x.ecart < 0), key=lambda x: x.ecart)

    @property
    def total_avant(self) -> Decimal:
        return sum((x.avant for x in self.lignes), Decimal("0.00"))

    @property
    def total_apres(self) -> Decimal:
        return sum((x.apres for x in self.lignes), Decimal("0.00"))

    @property
    def constat(self) -> str:
        """« 4 territoires gagnent, 6 perdent : 312 000 € changent de territoire. »"""
        plus, moins = self.gagnants, self.perdants
        if not plus and not moins:
            quel = "celui d’aujourd’hui" if self.repere == AUJOURD_HUI else "celui de l’essai comparé"
            return f"Le partage est {quel} : aucun territoire ne gagne ni ne perd."
        gagnes = sum((x.ecart for x in plus), Decimal(0))
        perdus = -sum((x.ecart for x in moins), Decimal(0))
        suite = (
            f"{formater_euros(gagnes, centimes=False)} changent de territoire."
            if gagnes == perdus
            else f"{formater_euros(gagnes, centimes=False)} en plus, "
            f"{formater_euros(perdus, centimes=False)} en moins."
        )
        return (
            f"{len(plus)} territoire{'s gagnent' if len(plus) > 1 else ' gagne'}, "
            f"{len(moins)} {'perdent' if len(moins) > 1 else 'perd'} : {suite}"
        )

    @property
    def lecture_mesure(self) -> str:
        """What happens to the gap between territories, in one sentence."""
        return lecture_inegalites(self.mesure_avant, self.mesure_apres)


def lire(dispositif: Dispositif) -> Donnees:
    criteres = criteres_de(dispositif)
    fonds = fonds_a_repartir(dispositif)
    demarches = demarches_dotees(dispositif)
    connus = criteres | {c.code: c for c in criteres_lus(formules_de(fonds), dispositif)}
    lus = list(connus.values())
    return Donnees(dispositif, demarches, fonds, lus, valeurs_des(demarches, lus) if demarches else {})


def simuler(
    donnees: Donnees, fonds: Fonds, formule: Formule | None, reference: Formule | None = None
) -> Simulation:
    """`formule` tried (None: the one in force), beside `reference` (None: the one in force).

    RepartitionImpossible (French) when one of the two cannot hold.
    """
    avant = repartir(fonds, donnees.dispositif, donnees.demarches, donnees.valeurs, reference)
    apres = avant
    if formule is not None or reference is not None:
        apres = repartir(fonds, donnees.dispositif, donnees.demarches, donnees.valeurs, formule)
    habitants = donnees.valeurs[POPULATION]
    lignes = tuple(
        Ligne(d, habitants[d.pk].valeur, avant.parts[str(d.pk)].total, apres.parts[str(d.pk)].total)
        for d in donnees.demarches
    )
    gens = {str(x.demarche.pk): x.habitants for x in lignes if x.habitants}
    lus = formule.criteres() if formule else ()
    return Simulation(
        fonds=fonds,
        formule=formule or Formule(),
        repere=AUJOURD_HUI if reference is None else "Essai comparé",
        lignes=lignes,
        avant=avant,
        apres=apres,
        mesure_avant=mesurer({str(x.demarche.pk): x.avant for x in lignes}, gens),
        mesure_apres=mesurer({str(x.demarche.pk): x.apres for x in lignes}, gens),
        attentes=_attentes(donnees, apres),
        demonstration=fonds.demonstration
        or any(
            donnees.valeurs[c][d.pk].demonstration
            for c in lus
            for d in donnees.demarches
            if c in donnees.valeurs
        ),
    )


def _attentes(donnees: Donnees, partage: Repartition) -> tuple[Attente, ...]:
    libelles = {c.code: c.libelle for c in donnees.criteres} | {e.code: e.libelle for e in partage.etapes}
    return tuple(
        Attente(libelles.get(code, code), donnees.noms(absents))
        for code, absents in partage.manquants.items()
    )


def en_table(donnees: Donnees, simulation: Simulation) -> list[list[Cellule]]:
    """The table of the page as rows of cells, with what each step gives in the tried formula."""
    codes = list(dict.fromkeys(c for p in simulation.apres.parts.values() for c in p.detail))
    libelles = {c.code: c.libelle for c in donnees.criteres} | {
        e.code: e.libelle for e in simulation.apres.etapes
    }
    entetes: list[Cellule] = [
        "Territoire", "Habitants", f"{simulation.repere} (€)", "Simulé (€)", "Écart (€)",
        f"{simulation.repere} (€ par habitant)", "Simulé (€ par habitant)",
    ]  # fmt: skip
    rangees = [entetes + [f"Simulé : {libelles.get(c, c)} (€)" for c in codes]]
    for x in simulation.lignes:
        detail = simulation.apres.parts[str(x.demarche.pk)].detail
        rangee: list[Cellule] = [x.demarche.territoire.nom, x.habitants, x.avant, x.apres, x.ecart]
        rangees.append([*rangee, x.avant_habitant, x.apres_habitant, *(detail.get(c) for c in codes)])
    return rangees
