"""What a condition or a scale may look at on a project: name, French words, type, unit, reader."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from arpent.metier.reglement.description import Vocabulaire
from arpent.metier.reglement.projet import Projet


class TypeChamp(StrEnum):
    """What the reader of a field gives (None when the project does not say)."""

    NOMBRE = "nombre"  # int or Decimal
    MONTANT = "montant"  # Decimal, euros
    CODE = "code"  # one code
    CODES = "codes"  # tuple of codes
    BOOLEEN = "booleen"
    DATE = "date"


@dataclass(frozen=True, slots=True)
class ChampProjet:
    """One field. `libelle` has its article (“la population…”), `nom_court` opens a condition (“thème”).

    For a yes/no field, `nom_court` says yes and `contraire` says no. `lire` takes what is judged: a project
    here, the facts of a contract for the clauses (`metier.clauses`).
    """

    nom: str
    libelle: str
    nom_court: str
    type: TypeChamp
    lire: Callable[[Any], Any]
    unite: str = ""
    vocabulaire: Vocabulaire | None = None
    contraire: str = ""
    # In “pour … « commune »”, when the label does not fit.
    cas: str = ""


def _code(
    nom: str,
    libelle: str,
    nom_court: str,
    vocabulaire: Vocabulaire,
    lire: Callable[[Projet], str | None],
    cas: str = "",
) -> ChampProjet:
    def lire_code(projet: Projet) -> str | None:
        return lire(projet) or None

    return ChampProjet(
        nom, libelle, nom_court, TypeChamp.CODE, lire_code, vocabulaire=vocabulaire, cas=cas or libelle
    )


def _codes(
    nom: str, libelle: str, nom_court: str, vocabulaire: Vocabulaire, lire: Callable[[Projet], Any]
) -> ChampProjet:
    return ChampProjet(nom, libelle, nom_court, TypeChamp.CODES, lire, vocabulaire=vocabulaire)


def _nombre(nom: str, libelle: str, nom_court: str, unite: str, lire: Callable[[Projet], Any]) -> ChampProjet:
    return ChampProjet(nom, libelle, nom_court, TypeChamp.NOMBRE, lire, unite)


def _montant(nom: str, libelle: str, nom_court: str, lire: Callable[[Projet], Any]) -> ChampProjet:
    return ChampProjet(nom, libelle, nom_court, TypeChamp.MONTANT, lire)


def _date(nom: str, libelle: str, nom_court: str, lire: Callable[[Projet], Any]) -> ChampProjet:
    return ChampProjet(nom, libelle, nom_court, TypeChamp.DATE, lire)


def _oui_non(nom: str, libelle: str, oui: str, non: str, lire: Callable[[Projet], Any]) -> ChampProjet:
    return ChampProjet(nom, libelle, oui, TypeChamp.BOOLEEN, lire, contraire=non)


_V = Vocabulaire
_LISTE: tuple[ChampProjet, ...] = (
    _code("theme", "le thème", "thème", _V.THEMES, lambda p: p.theme),
    _code("categorie", "la catégorie", "catégorie", _V.CATEGORIES, lambda p: p.categorie),
    _code("classe", "la classe du territoire", "classe", _V.CLASSES, lambda p: p.classe_vulnerabilite),
    _code(
        "beneficiaire",
        "la nature du maître d’ouvrage",
        "maître d’ouvrage :",
        _V.NATURES_BENEFICIAIRE,
        lambda p: p.beneficiaire_nature,
        "un bénéficiaire de type",
    ),
    _code("maturite", "la maturité", "maturité", _V.MATURITES, lambda p: p.maturite),
    _code(
        "nature_depense",
        "la nature de la dépense",
        "dépense",
        _V.NATURES_DEPENSE,
        lambda p: p.nature_depense,
    ),
    _code("territoire", "le territoire", "territoire", _V.TERRITOIRES, lambda p: p.territoire),
    _code("poste", "le type de poste", "poste", _V.TYPES_POSTE, lambda p: p.poste.sorte if p.poste else None),
    _codes("secteurs", "les secteurs", "secteur", _V.SECTEURS, lambda p: p.secteurs),
    _codes("criteres", "les critères cochés", "critère", _V.CRITERES, lambda p: p.criteres),
    _codes("zonages", "les zonages", "zonage", _V.ZONAGES, lambda p: p.zonages),
    _codes("listes", "les listes publiées", "liste", _V.LISTES, lambda p: p.listes),
    _codes("pieces", "les pièces reçues", "pièce", _V.PIECES, lambda p: p.pieces),
    _nombre(
        "population",
        "la population du maître d’ouvrage",
        "population",
        "habitants",
        lambda p: p.beneficiaire_population,
    ),
    _nombre("rang", "le rang du dossier", "rang du dossier", "", lambda p: p.rang),
    _nombre("annee", "l’année du dossier", "année", "", lambda p: p.annee),
    _nombre("quotite", "la quotité du poste", "quotité", "", lambda p: p.poste.quotite if p.poste else None),
    _montant("cout_ht", "le coût HT", "coût HT", lambda p: p.cout_ht),
    _montant("assiette", "l’assiette", "assiette", lambda p: p.assiette_eligible),
    _montant("aide_demandee", "l’aide demandée", "aide demandée", lambda p: p.aide_demandee),
    _date("debut_le", "la date de début", "début", lambda p: p.debut_le),
    _date(
        "dossier_complet_le",
        "la date du dossier complet",
        "dossier complet",
        lambda p: p.dossier_complet_le,
    ),
    _date("commence_le", "le commencement des travaux", "commencement", lambda p: p.commence_le),
    _oui_non(
        "deliberation",
        "la délibération",
        "délibération transmise",
        "délibération non transmise",
        lambda p: p.a_deliberation,
    ),
    _oui_non(
        "au_programme",
        "l’inscription au programme annuel",
        "projet au programme annuel",
        "projet hors du programme annuel",
        lambda p: p.au_programme,
    ),
    _oui_non(
        "en_contrat",
        "l’inscription au contrat",
        "projet au contrat",
        "projet hors contrat",
        lambda p: p.en_contrat,
    ),
    _oui_non("cper", "le contrat de plan", "projet du CPER", "projet hors CPER", lambda p: p.cper),
    _oui_non(
        "ctec",
        "la convention territoriale d’exercice concerté",
        "projet d’une CTEC",
        "projet hors CTEC",
        lambda p: p.ctec,
    ),
)

CHAMPS: dict[str, ChampProjet] = {champ.nom: champ for champ in _LISTE}

# Names that earlier règlements gave to three fields.
ANCIENS_NOMS: dict[str, str] = {
    "classe_vulnerabilite": "classe",
    "beneficiaire_nature": "beneficiaire",
    "beneficiaire_population": "population",
}

# Families of fields named “famille.code”: the code is the authority's own.
FAMILLES_DE_CHAMPS: dict[str, str] = {
    "indicateur": "un indicateur du maître d’ouvrage ou du territoire",
    "quantite": "une quantité (m³, logements, km, places…)",
    "depense": "le montant d’un poste de dépense",
}


def champ_projet(nom: str) -> ChampProjet | None:
    """The field of that name, “famille.code” included; None when there is none."""
    nom = ANCIENS_NOMS.get(nom, nom)
    if nom in CHAMPS:
        return CHAMPS[nom]
    famille, _, code = nom.partition(".")
    if not code:
        return None
    mots = code.replace("_", " ").replace("-", " ")
    match famille:
        case "indicateur":
            return _nombre(nom, f"l’indicateur « {mots} »", mots, "", lambda p: p.indicateurs.get(code))
        case "quantite":
            return _nombre(nom, f"la quantité ({mots})", "quantité", mots, lambda p: p.quantites.get(code))
        case "depense":
            return _montant(nom, f"la dépense « {mots} »", f"dépense « {mots} »", _lire_depense(code))
        case _:
            return None


def _lire_depense(code: str) -> Callable[[Projet], Any]:
    """A kind of spending absent from a known breakdown is worth 0."""
    return lambda p: None if p.depenses is None else p.depenses.get(code, 0)
