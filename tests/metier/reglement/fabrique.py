"""Projects and one-article règlements for the tests."""

from dataclasses import replace
from datetime import date
from decimal import Decimal as D
from typing import Any

from arpent.metier.plan_financement import Financement, Financeur, StatutFinancement
from arpent.metier.reglement import Constat, Preinstruction, Projet, lire_reglement, preinstruire

LE = date(2026, 1, 1)
PROJET = Projet(
    titre="École",
    theme="voirie",
    maturite="structurant",
    nature_depense="investissement",
    beneficiaire_nature="commune",
    beneficiaire_population=800,
    cout_ht=D("200000.00"),
    assiette=None,
    aide_demandee=D("30000.00"),
    financements=(),
    classe_vulnerabilite=None,
    a_deliberation=True,
    derogation=None,
)


def financement(
    financeur: Financeur, montant: str, statut: StatutFinancement = StatutFinancement.ACQUIS
) -> Financement:
    return Financement(financeur, financeur.value, D(montant), statut)


def donnees(*regles: dict[str, Any]) -> dict[str, Any]:
    """A règlement of one article holding these rules."""
    return {
        "dispositif": "essai",
        "version": "1",
        "intitule": "Règlement d’essai",
        "en_vigueur_le": "2026-01-01",
        "acte": "CD_26_1001",
        "financeur": "departement",
        "libelles": {"voirie": "Voirie", "forte": "Forte vulnérabilité"},
        "articles": [{"numero": "1", "titre": "Essai", "prose": "Essai.", "regles": list(regles)}],
    }


def evaluer(*regles: dict[str, Any], demonstration: bool = False, **champs: Any) -> Preinstruction:
    reglement = lire_reglement(donnees(*regles), demonstration)
    return preinstruire(replace(PROJET, **champs), reglement, LE)


def constat(
    regle: dict[str, Any], *autres: dict[str, Any], demonstration: bool = False, **champs: Any
) -> Constat:
    """The constat of the first rule."""
    return evaluer(regle, *autres, demonstration=demonstration, **champs).constats[0]


def enonce(regle: dict[str, Any], demonstration: bool = False) -> str:
    reglement = lire_reglement(donnees(regle), demonstration)
    return reglement.regles[0].enonce(reglement.libelles).replace("\u00a0", " ").replace("\u202f", " ")


def simple(texte: str) -> str:
    """The text with ordinary spaces."""
    return texte.replace("\u00a0", " ").replace("\u202f", " ")
