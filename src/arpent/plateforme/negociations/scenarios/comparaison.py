"""Two scenarios side by side, line by line: old and new value in the cell, added, removed, moved."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from arpent.metier.argent import ZERO
from arpent.metier.plan_financement import LigneMaquette, Maquette
from arpent.metier.scenarios import comparer
from arpent.plateforme.demarches.models import Demarche

from ..imputations import ouverts_de
from ..models import Proposition, Scenario
from ..passerelle import maquette_nue

DECISIONS: dict[str, str] = {str(code): str(libelle) for code, libelle in Proposition.Decision.choices}


@dataclass(frozen=True, slots=True)
class LigneComparee:
    """One fiche in both scenarios. `genre`: entre, sort, monte, baisse, deplacee."""

    avant: LigneMaquette
    apres: LigneMaquette

    @property
    def net(self) -> Decimal:
        return self.apres.aide_comptee - self.avant.aide_comptee

    @property
    def genre(self) -> str:
        if self.avant.aide_comptee == 0 and self.apres.aide_comptee > 0:
            return "entre"
        if self.apres.aide_comptee == 0 and self.avant.aide_comptee > 0:
            return "sort"
        return "monte" if self.net > 0 else "baisse" if self.net < 0 else "deplacee"

    @property
    def annee_avant(self) -> str:
        return str(self.avant.annee or "–")

    @property
    def annee_apres(self) -> str:
        return str(self.apres.annee or "–")

    @property
    def decision_avant(self) -> str:
        return DECISIONS[self.avant.decision]

    @property
    def decision_apres(self) -> str:
        return DECISIONS[self.apres.decision]


@dataclass(frozen=True, slots=True)
class Face:
    """One side of the comparison: its totals."""

    scenario: Scenario
    total: Decimal
    nombre: int
    travaux: Decimal
    solde: Decimal | None

    @property
    def nom(self) -> str:
        return "Maquette en cours" if self.scenario.est_courant else self.scenario.nom


@dataclass(frozen=True, slots=True)
class Comparee:
    avant: Face
    apres: Face
    lignes: tuple[LigneComparee, ...]

    @property
    def net(self) -> Decimal:
        return self.apres.total - self.avant.total

    @property
    def net_absolu(self) -> Decimal:
        return abs(self.net)

    @property
    def faces(self) -> tuple[Face, Face]:
        return self.avant, self.apres


def comparer_scenarios(demarche: Demarche, avant: Scenario, apres: Scenario) -> Comparee:
    """Every line that differs, the largest moves first. A fixed number of queries."""
    dispositif = demarche.processus.dispositif
    ouverts = ouverts_de(demarche, dispositif)
    maquettes = [maquette_nue(s, ouverts, dispositif) for s in (avant, apres)]
    lignes = lignes_comparees(*maquettes)
    faces = [
        Face(
            scenario=s,
            total=m.total_propose,
            nombre=sum(x.aide_comptee > 0 for x in m.lignes),
            travaux=sum((x.cout_ht for x in m.lignes if x.aide_comptee > 0), ZERO),
            solde=m.solde,
        )
        for s, m in zip((avant, apres), maquettes, strict=True)
    ]
    return Comparee(faces[0], faces[1], tuple(lignes))


def lignes_comparees(avant: Maquette, apres: Maquette) -> list[LigneComparee]:
    """Every line that differs, the largest moves first; one that a side does not have is there without aid.

    The moves of the lines always add up to that of the totals.
    """
    ecarts = comparer(avant, apres)
    paires = [(x.avant, x.apres) for x in ecarts.modifiees]
    paires += [(replace(x, aide_proposee=ZERO), x) for x in ecarts.ajoutees]
    paires += [(x, replace(x, aide_proposee=ZERO)) for x in ecarts.retirees]
    lignes = [LigneComparee(a, b) for a, b in paires if _visible(a, b)]
    return sorted(lignes, key=lambda x: (-abs(x.net), x.avant.numero))


def _visible(avant: LigneMaquette, apres: LigneMaquette) -> bool:
    """Year and decision of a line without money say nothing; amounts always do."""
    if avant.aide_comptee == apres.aide_comptee == 0:
        return avant.decision != apres.decision
    return True


def en_json(c: Comparee) -> dict[str, Any]:
    """For the command line: amounts are texts with two decimals."""

    def face(f: Face) -> dict[str, Any]:
        return {
            "scenario": f.scenario.pk,
            "nom": f.scenario.nom,
            "total": f"{f.total:.2f}",
            "nombre": f.nombre,
            "travaux": f"{f.travaux:.2f}",
            "solde": None if f.solde is None else f"{f.solde:.2f}",
        }

    def ligne(x: LigneMaquette) -> dict[str, Any]:
        return {"aide": f"{x.aide_comptee:.2f}", "annee": x.annee, "decision": x.decision}

    def lignes() -> Iterator[dict[str, Any]]:
        for x in c.lignes:
            yield {
                "numero": x.avant.numero,
                "titre": x.avant.titre,
                "genre": x.genre,
                "avant": ligne(x.avant),
                "apres": ligne(x.apres),
            }

    return {"avant": face(c.avant), "apres": face(c.apres), "net": f"{c.net:.2f}", "lignes": list(lignes())}
