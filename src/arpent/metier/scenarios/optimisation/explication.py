"""Why a project is out, and what it would take: the constraint met, by how much, the exchange that works."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from arpent.metier.argent import formater_euros

from .glouton import Restes, restes_apres
from .probleme import Candidat, Minimum, Nombre, Paiements, Plafond, Probleme
from .solution import Choisis, Choix, Manque, au_centime, consommations, prise

ECHANGES_ESSAYES = 40


@dataclass(frozen=True, slots=True)
class Sortie:
    """A project not kept. `manques`: what lacks in its best year; `echange`: whom it could replace."""

    identifiant: str
    annee: int | None
    manques: tuple[Manque, ...]
    echange: Candidat | None
    demandee: bool = False

    @property
    def texte(self) -> str:
        if self.demandee:
            return "Écarté à votre demande."
        if not self.manques:
            return "Il tiendrait : le retenir n’améliore pas l’objectif choisi."
        quoi = " et ".join(_manque_ecrit(m) for m in self.manques)
        texte = f"En {self.annee}, {quoi}."
        if self.echange is not None:
            rang = f", classé {self.echange.rang}" if self.echange.rang is not None else ""
            texte += f" Il entrerait à la place de « {self.echange.titre} »{rang}."
        return texte


def _manque_ecrit(m: Manque) -> str:
    if m.en_euros:
        return f"il manque {formater_euros(m.de)} dans « {m.libelle} »"
    return f"« {m.libelle} » est atteint"


def expliquer(probleme: Probleme, choix: Choisis) -> dict[str, Sortie]:
    """Every project that is not kept, by identifier. Linear, but for a bounded number of exchanges tried."""
    pris = consommations(probleme, choix)
    restes = restes_apres(probleme, choix)
    retenus = sorted(
        (c for c in probleme.candidats if c.identifiant in choix and c.impose is not True),
        key=lambda c: (c.rang is not None, -(c.rang or 0)),
    )
    sorties: dict[str, Sortie] = {}
    for c in probleme.candidats:
        if c.identifiant in choix:
            continue
        if c.impose is False:
            sorties[c.identifiant] = Sortie(c.identifiant, None, (), None, demandee=True)
            continue
        annee, manques = min(
            ((annee, _manques(probleme, pris, c, annee)) for annee in c.annees),
            key=lambda essai: (sum(m.de for m in essai[1]), len(essai[1]), essai[0]),
        )
        echange = _echange(c, annee, retenus, choix, restes) if manques else None
        sorties[c.identifiant] = Sortie(c.identifiant, annee, manques, echange)
    return sorties


def _manques(probleme: Probleme, pris: Mapping[str, Decimal], c: Candidat, annee: int) -> tuple[Manque, ...]:
    """What the least aid of this project lacks in that year."""
    manques = []
    for k in probleme.contraintes:
        besoin = prise(k, c, Choix(c.plancher, annee))
        if not besoin or isinstance(k, Minimum):
            continue
        if isinstance(k, Nombre):
            if k.maximum is not None and pris[k.code] + 1 > k.maximum:
                manques.append(Manque(k.code, k.libelle, Decimal(1), en_euros=False))
        elif (trop := pris[k.code] + besoin - k.montant) > 0:
            manques.append(Manque(k.code, k.libelle, au_centime(trop), en_euros=True))
    return tuple(manques)


def _echange(
    c: Candidat, annee: int, retenus: list[Candidat], choix: Choisis, restes: Restes
) -> Candidat | None:
    """A project kept, ranked lower, that alone would make room. The lowest ranked first."""
    for autre in retenus[:ECHANGES_ESSAYES]:
        if c.rang is not None and autre.rang is not None and autre.rang <= c.rang:
            continue
        restes.prendre(autre, choix[autre.identifiant], -1)
        tient = restes.possible(c, annee) is not None
        restes.prendre(autre, choix[autre.identifiant])
        if tient:
            return autre
    return None


def saturees(probleme: Probleme, choix: Choisis) -> list[tuple[Plafond | Paiements, Decimal]]:
    """The ceilings with what is left of each, the tightest first."""
    pris = consommations(probleme, choix)
    plafonds = [k for k in probleme.contraintes if not isinstance(k, Nombre | Minimum)]
    return sorted(((k, k.montant - pris[k.code]) for k in plafonds), key=lambda paire: paire[1])
