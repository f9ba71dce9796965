"""What a rule is made of, told as data: forms, the JSON Schema and the documentation come from it."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from arpent.metier.reglement.projet import (
    LIBELLES_BENEFICIAIRE,
    LIBELLES_MATURITE,
    LIBELLES_NATURE,
    LIBELLES_POSTE,
)


class Famille(StrEnum):
    """What a kind of rule is about; the catalogue is shown by family, in this order."""

    ELIGIBILITE = "eligibilite"
    TAUX = "taux"
    PLAFONDS = "plafonds"
    PLANCHERS = "planchers"
    CADENCE = "cadence"
    ENVELOPPE = "enveloppe"
    PIECES = "pieces"
    DROIT = "droit"


LIBELLES_FAMILLE: dict[Famille, str] = {
    Famille.ELIGIBILITE: "Éligibilité",
    Famille.TAUX: "Taux",
    Famille.PLAFONDS: "Plafonds",
    Famille.PLANCHERS: "Planchers",
    Famille.CADENCE: "Cadence des projets",
    Famille.ENVELOPPE: "Enveloppes",
    Famille.PIECES: "Pièces",
    Famille.DROIT: "Droit",
}


class Sorte(StrEnum):
    """How the value of a key is written and read (see `lecteur.Lecteur.champ`)."""

    TAUX = "taux"  # "30 %" or {valeur, valeur_demonstration, source} → Parametre
    MONTANT = "montant"  # "15 000 €" → Parametre
    NOMBRE = "nombre"  # "0,94" → Parametre
    BAREME_TAUX = "bareme_taux"  # flat, by a field, by tiers, by lines → Bareme
    BAREME_MONTANT = "bareme_montant"
    ENTIER = "entier"  # → int
    TEXTE = "texte"  # → str; with a vocabulary: one code
    BOOLEEN = "booleen"  # → bool
    CODES = "codes"  # list of codes of a vocabulary → tuple[str, ...]
    CHOIX = "choix"  # one of `options` → str
    CONDITION = "condition"  # → Condition
    PARAMETRE_LEGAL = "parametre_legal"  # code of a dated legal parameter → str
    DATE = "date"  # → date
    BLOCS = "blocs"  # list of mappings described by `champs` → tuple of mappings


class Vocabulaire(StrEnum):
    """Where the codes of a key come from: the dispositif, a closed list, or free codes of the authority."""

    THEMES = "themes"
    CATEGORIES = "categories"
    SECTEURS = "secteurs"
    CLASSES = "classes"
    NATURES_BENEFICIAIRE = "natures_beneficiaire"
    NATURES_DEPENSE = "natures_depense"
    MATURITES = "maturites"
    CRITERES = "criteres"
    ZONAGES = "zonages"
    LISTES = "listes"
    TERRITOIRES = "territoires"
    POSTES_DEPENSE = "postes_depense"
    UNITES = "unites"
    INDICATEURS = "indicateurs"
    ENVELOPPES = "enveloppes"
    PIECES = "pieces"
    TYPES_POSTE = "types_poste"


# Codes and labels of the closed vocabularies: any other code is refused when the règlement is read.
CODES_FERMES: dict[Vocabulaire, Mapping[str, str]] = {
    Vocabulaire.NATURES_BENEFICIAIRE: LIBELLES_BENEFICIAIRE,
    Vocabulaire.NATURES_DEPENSE: LIBELLES_NATURE,
    Vocabulaire.MATURITES: LIBELLES_MATURITE,
    Vocabulaire.TYPES_POSTE: LIBELLES_POSTE,
}


@dataclass(frozen=True, slots=True)
class ChampRegle:
    """One key of a kind of rule. `defaut` is the value when an optional key is absent (None for a scale).

    `options` are the (code, label) pairs of a choice; `champs` describe the keys of each block of a list.
    """

    cle: str
    libelle: str
    sorte: Sorte
    obligatoire: bool = False
    aide: str = ""
    vocabulaire: Vocabulaire | None = None
    options: tuple[tuple[str, str], ...] = ()
    defaut: Any = None
    champs: tuple["ChampRegle", ...] = ()


# The keys that every rule accepts, whatever its kind.
CHAMPS_COMMUNS: tuple[ChampRegle, ...] = (
    ChampRegle(
        "code", "Code", Sorte.TEXTE, aide="Unique dans le règlement ; par défaut, le genre de la règle."
    ),
    ChampRegle(
        "intitule", "Intitulé", Sorte.TEXTE, aide="Ce que lit le porteur ; par défaut, celui du genre."
    ),
    ChampRegle(
        "si", "Condition", Sorte.CONDITION, aide="La règle ne s’applique qu’aux projets qui la remplissent."
    ),
)


def codes(
    cle: str, libelle: str, vocabulaire: Vocabulaire, aide: str = "", *, obligatoire: bool = False
) -> ChampRegle:
    """A list of codes, the most common key."""
    return ChampRegle(cle, libelle, Sorte.CODES, obligatoire, aide, vocabulaire, defaut=())
