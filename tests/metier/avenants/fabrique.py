"""Contracts and movements made at random, and a small one to read."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from hypothesis import strategies as st

from arpent.metier.avenants import ArticleContrat, EtatContractuel, Genre, LigneContrat, Mouvement

MONTANTS = st.integers(1, 10_000_000).map(lambda n: Decimal(n) / 100)
ANNEES = st.sampled_from([2026, 2027, 2028])
THEMES = st.sampled_from(["Voirie", "Eau", ""])
QUI = st.sampled_from(["Mende", "Langogne", "CC du Gévaudan"])


def ligne(cle: str, aide: str = "1000.00", **champs: object) -> LigneContrat:
    valeurs = {"numero": cle, "titre": f"Projet {cle}", "maitre_ouvrage": "Mende", "annee": 2026} | champs
    return LigneContrat(cle=cle, aide=Decimal(aide), **valeurs)  # type: ignore[arg-type]


def petit() -> EtatContractuel:
    return EtatContractuel(
        lignes=(
            ligne("1", "40000.00", theme="Voirie"),
            ligne("2", "10000.00", maitre_ouvrage="Langogne"),
            ligne("3", "5000.00", theme="Eau"),
        ),
        parties=("Département", "Mende", "Langogne"),
        articles=(ArticleContrat("1", "Objet", "Trois projets."), ArticleContrat("2", "Suivi", "Un comité.")),
        date_effet=date(2026, 1, 1),
        date_fin=date(2028, 12, 31),
        enveloppe=Decimal("60000.00"),
    )


@st.composite
def etats(draw: st.DrawFn) -> EtatContractuel:
    nombre = draw(st.integers(1, 12))
    lignes = tuple(
        LigneContrat(
            cle=str(n), numero=str(n), titre=f"Projet {n}", maitre_ouvrage=draw(QUI), aide=draw(MONTANTS),
            cout_ht=draw(MONTANTS), annee=draw(ANNEES), theme=draw(THEMES),
        )
        for n in range(nombre)
    )  # fmt: skip
    return EtatContractuel(
        lignes, ("Département", "Mende"), (ArticleContrat("1", "Objet", "Texte."),), date(2026, 1, 1),
        date(2028, 12, 31), draw(st.none() | MONTANTS),
    )  # fmt: skip


@st.composite
def mouvements_sur(draw: st.DrawFn, etat: EtatContractuel, cles: list[str], prefixe: str) -> list[Mouvement]:
    """One movement a line at most, on those lines only, that all apply; new lines are named by `prefixe`."""
    faits: list[Mouvement] = []
    for rang, cle in enumerate(cles):
        actuelle = etat.ligne(cle)
        assert actuelle is not None
        neuve = ligne(f"{prefixe}{rang}", str(draw(MONTANTS)), maitre_ouvrage=draw(QUI), theme=draw(THEMES))
        match draw(st.sampled_from(["rien", "ajout", "retrait", "remplacement", "montant", "annee", "mo"])):
            case "ajout":
                faits.append(Mouvement(Genre.AJOUT, ligne=neuve))
            case "retrait":
                faits.append(Mouvement(Genre.RETRAIT, cle=cle))
            case "remplacement":
                faits.append(Mouvement(Genre.REMPLACEMENT, cle=cle, ligne=neuve))
            case "montant":
                autre = draw(MONTANTS.filter(lambda m: m != actuelle.aide))  # noqa: B023
                faits.append(Mouvement(Genre.MONTANT, cle=cle, montant=autre))
            case "annee":
                autre_annee = draw(ANNEES.filter(lambda a: a != actuelle.annee))  # noqa: B023
                faits.append(Mouvement(Genre.ANNEE, cle=cle, annee=autre_annee))
            case "mo":
                qui = draw(QUI.filter(lambda q: q != actuelle.maitre_ouvrage))  # noqa: B023
                faits.append(Mouvement(Genre.MAITRE_OUVRAGE, cle=cle, maitre_ouvrage=qui))
    return faits
