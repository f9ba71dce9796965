"""Small random problems, and every choice there is: the oracle that the solver is held against."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from itertools import product

from hypothesis import strategies as st

from arpent.metier.scenarios.optimisation import (
    Candidat,
    Choix,
    Minimum,
    Nombre,
    Paiements,
    Plafond,
    Portee,
    Probleme,
    manques,
)
from arpent.metier.scenarios.optimisation.probleme import Contrainte

THEMES = ("voirie", "cadre de vie")
ANNEES = (2025, 2026)
CENT = Decimal("0.01")


def candidat(nom: str = "a", aide: str = "100", **reste: object) -> Candidat:
    valeurs: dict[str, object] = {"cout": Decimal(aide) * 3, "annees": (2025,), "rang": 1, "theme": "voirie"}
    return Candidat(nom, f"Projet {nom}", aide_max=Decimal(aide), **(valeurs | reste))  # type: ignore[arg-type]


def montants(plus: int = 90_000) -> st.SearchStrategy[Decimal]:
    return st.integers(min_value=1, max_value=plus * 100).map(lambda cents: Decimal(cents) / 100)


@st.composite
def candidats(tirer: st.DrawFn, *, modulables: bool) -> tuple[Candidat, ...]:
    rangs = tirer(st.permutations(range(1, tirer(st.integers(2, 5)) + 1)))
    lus = []
    for i, rang in enumerate(rangs):
        aide = tirer(montants())
        moins = (aide * tirer(st.sampled_from([Decimal("0.3"), Decimal("0.8"), Decimal(1)]))).quantize(CENT)
        lus.append(
            Candidat(
                identifiant=f"p{i}",
                titre=f"Projet {i}",
                cout=aide + tirer(montants()),
                aide_max=aide,
                aide_min=max(moins, CENT) if modulables else None,
                annees=tirer(st.sampled_from([ANNEES, (2025,), (2026,)])),
                rang=rang,
                theme=tirer(st.sampled_from(THEMES)),
                territoire=tirer(st.sampled_from(["nord", "sud"])),
                impose=tirer(st.sampled_from([None, None, None, None, True, False])),
            )
        )
    return tuple(lus)


@st.composite
def contraintes(tirer: st.DrawFn) -> tuple[Contrainte, ...]:
    lues: list[Contrainte] = [Plafond("total", "Enveloppe", tirer(montants(200_000)))]
    if tirer(st.booleans()):
        lues.append(Plafond("voirie", "Voirie", tirer(montants()), Portee(themes=frozenset({"voirie"}))))
    if tirer(st.booleans()):
        lues.append(Plafond("2025", "Crédits 2025", tirer(montants()), Portee(annees=frozenset({2025}))))
    if tirer(st.booleans()):
        parts = (Decimal("0.3"), Decimal("0.7"))
        lues.append(Paiements("cp2026", "Paiements 2026", 2026, tirer(montants()), parts))
    if tirer(st.booleans()):
        minimum = tirer(st.integers(0, 1))
        lues.append(Nombre("nord", "Nord", Portee(territoires=frozenset({"nord"})), minimum, maximum=2))
    if tirer(st.booleans()):
        nommes = Portee(identifiants=frozenset({"p0", "p1", "p3"}), annees=frozenset({2026}))
        lues.append(Plafond("regle", "Période", tirer(montants()), nommes))
    if tirer(st.booleans()):
        lues.append(Minimum("sud", "Sud", tirer(montants(30_000)), Portee(territoires=frozenset({"sud"}))))
    return tuple(lues)


def tous_les_choix(probleme: Probleme) -> Iterator[dict[str, Choix]]:
    """Every admissible choice when no aid may vary: the best of them is the optimum."""
    options: list[list[Choix | None]] = []
    for c in probleme.candidats:
        pris: list[Choix | None] = [Choix(c.aide_max, annee) for annee in c.annees]
        options.append([None] if c.impose is False else pris if c.impose else [None, *pris])
    for choisis in product(*options):
        choix = {c.identifiant: x for c, x in zip(probleme.candidats, choisis, strict=True) if x is not None}
        if not manques(probleme, choix):
            yield choix
