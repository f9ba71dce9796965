"""JSON Schema (draft 2020-12) of a règlement file, generated from the descriptions of the rules.

The schema says the shape; what a shape cannot say (keys that go together, two rules with one code) stays
with `lire_reglement`. A règlement that `lire_reglement` accepts is valid here.
"""

from typing import Any

from arpent.metier.plan_financement import LIBELLES_FINANCEUR, Financeur
from arpent.metier.reglement.champs import ANCIENS_NOMS, CHAMPS, FAMILLES_DE_CHAMPS
from arpent.metier.reglement.conditions import OPERATEURS
from arpent.metier.reglement.description import CHAMPS_COMMUNS, CODES_FERMES, ChampRegle, Sorte
from arpent.metier.reglement.lecteur import MOTIF_NOMBRE, MOTIF_TAUX
from arpent.metier.reglement.lecture_baremes import BORNES
from arpent.metier.reglement.parametres import PARAMETRES
from arpent.metier.reglement.regles import CATALOGUE, Regle

DIALECTE = "https://json-schema.org/draft/2020-12/schema"
_TEXTE: dict[str, Any] = {"type": "string", "minLength": 1}
_TEXTE_OU_ENTIER: dict[str, Any] = {"type": ["string", "integer"], "minLength": 1}
_DATE: dict[str, Any] = {"type": "string", "format": "date", "pattern": r"^\d{4}-\d{2}-\d{2}$"}
_TAUX: dict[str, Any] = {"type": "string", "pattern": f"^\\s*{MOTIF_TAUX}\\s*$", "examples": ["30 %"]}
_MONTANT: dict[str, Any] = {
    "anyOf": [{"type": "string", "minLength": 1}, {"type": "integer", "minimum": 0}],
    "examples": ["15 000 €"],
}
_NOMBRE: dict[str, Any] = {
    "anyOf": [
        {"type": "string", "pattern": f"^\\s*{MOTIF_NOMBRE}\\s*$"},
        {"type": "integer", "minimum": 0},
    ],
    "examples": ["0,94"],
}


_CERTAINES: dict[str, dict[str, Any]] = {"taux": _TAUX, "montant": _MONTANT, "nombre": _NOMBRE}


def schema_json() -> dict[str, Any]:
    """The whole schema, ready for `json.dumps`."""
    return {
        "$schema": DIALECTE,
        "title": "Règlement d’un dispositif",
        "description": "Articles et règles calculables. Une valeur non publiée s’écrit « valeur: null ».",
        "type": "object",
        "properties": {
            "dispositif": {**_TEXTE_OU_ENTIER, "title": "Code du dispositif"},
            "version": {**_TEXTE_OU_ENTIER, "title": "Version"},
            "intitule": {**_TEXTE_OU_ENTIER, "title": "Intitulé"},
            "en_vigueur_le": {**_DATE, "title": "Date d’entrée en vigueur"},
            "acte": {"type": ["string", "integer", "null"], "title": "Délibération"},
            "financeur": {
                "title": "Collectivité qui finance",
                "oneOf": [{"const": f.value, "title": LIBELLES_FINANCEUR[f]} for f in Financeur],
            },
            "libelles": {
                "title": "Libellés des codes",
                "type": ["object", "null"],
                "additionalProperties": {"type": ["string", "number"]},
            },
            "articles": {
                "title": "Articles",
                "type": "array",
                "minItems": 1,
                "items": {"$ref": "#/$defs/article"},
            },
        },
        "required": ["dispositif", "version", "intitule", "en_vigueur_le", "financeur", "articles"],
        "additionalProperties": False,
        "$defs": {
            "article": _article(),
            "regle": _regle(),
            "taux": _valeur("Taux", _TAUX),
            "montant": _valeur("Montant en euros", _MONTANT),
            "nombre": _valeur("Nombre", _NOMBRE),
            "condition": _condition(),
            "champ": _champ(),
            "bareme_taux": _bareme("Barème de taux", "taux"),
            "bareme_montant": _bareme("Barème de montants", "montant"),
            **{f"regle_{classe.GENRE}": _genre(classe) for classe in CATALOGUE},
        },
    }


def schema_champ(champ: ChampRegle) -> dict[str, Any]:
    """The schema of one key, with its French title and help."""
    entete: dict[str, Any] = {"title": champ.libelle}
    if champ.aide:
        entete["description"] = champ.aide
    return {**entete, **_PAR_SORTE.get(champ.sorte, {}), **_particulier(champ)}


_PAR_SORTE: dict[Sorte, dict[str, Any]] = {
    Sorte.TAUX: {"$ref": "#/$defs/taux"},
    Sorte.MONTANT: {"$ref": "#/$defs/montant"},
    Sorte.NOMBRE: {"$ref": "#/$defs/nombre"},
    Sorte.BAREME_TAUX: {"$ref": "#/$defs/bareme_taux"},
    Sorte.BAREME_MONTANT: {"$ref": "#/$defs/bareme_montant"},
    Sorte.ENTIER: {"type": "integer", "minimum": 0},
    Sorte.BOOLEEN: {"type": "boolean"},
    Sorte.DATE: _DATE,
    Sorte.CONDITION: {"$ref": "#/$defs/condition"},
}


def _particulier(champ: ChampRegle) -> dict[str, Any]:
    """What depends on the key itself: its options, its vocabulary, its blocks."""
    fermes = CODES_FERMES.get(champ.vocabulaire) if champ.vocabulaire else None
    code = _choix(tuple(fermes.items())) if fermes else _TEXTE
    match champ.sorte:
        case Sorte.CODES:
            return {"type": "array", "minItems": 1, "items": code}
        case Sorte.TEXTE:
            return code if fermes else _TEXTE_OU_ENTIER
        case Sorte.CHOIX:
            return _choix(champ.options)
        case Sorte.PARAMETRE_LEGAL:
            return _choix(tuple({p.code: p.libelle for p in PARAMETRES}.items()))
        case Sorte.BLOCS:
            return {"type": "array", "minItems": 1, "items": _objet(champ.champs)}
        case _:
            return {}


def _choix(options: tuple[tuple[str, str], ...]) -> dict[str, Any]:
    return {"oneOf": [{"const": code, "title": libelle} for code, libelle in options]}


def _objet(champs: tuple[ChampRegle, ...], **en_plus: dict[str, Any]) -> dict[str, Any]:
    """A closed object: every key is described, a misspelt one is refused. An optional key may be null."""
    proprietes = {c.cle: schema_champ(c) if c.obligatoire else _ou_vide(schema_champ(c)) for c in champs}
    return {
        "type": "object",
        "properties": {**en_plus, **proprietes},
        "required": [*en_plus, *(c.cle for c in champs if c.obligatoire)],
        "additionalProperties": False,
    }


def _ou_vide(schema: dict[str, Any]) -> dict[str, Any]:
    """The same key, that may also be written and left empty."""
    entete: dict[str, Any] = {cle: schema[cle] for cle in ("title", "description") if cle in schema}
    corps = {cle: valeur for cle, valeur in schema.items() if cle not in entete}
    return {**entete, "anyOf": [corps, {"type": "null"}]}


def _valeur(titre: str, certaine: dict[str, Any]) -> dict[str, Any]:
    """A value of the authority: certain, empty with its source, or of demonstration."""
    detaillee = {
        "type": "object",
        "properties": {
            "valeur": {
                "title": "Valeur publiée, vide si elle ne l’est pas",
                "anyOf": [certaine, {"type": "null"}],
            },
            "valeur_demonstration": {
                "title": "Valeur de démonstration",
                "anyOf": [certaine, {"type": "null"}],
            },
            "source": {"title": "Source", "type": ["string", "integer", "null"]},
        },
        "additionalProperties": False,
    }
    return {"title": titre, "anyOf": [certaine, detaillee]}


def _bareme(titre: str, valeur: str) -> dict[str, Any]:
    """One value, a table by code, tiers of a number, or cases of which the first that fits is kept."""
    une: dict[str, Any] = {"$ref": f"#/$defs/{valeur}"}
    codes = _forme(
        {"par": {"$ref": "#/$defs/champ"}, "valeurs": {"type": "object", "minProperties": 1}},
        "par",
        "valeurs",
    )
    codes["properties"]["valeurs"]["additionalProperties"] = une
    detail = _valeur("", _CERTAINES[valeur])["anyOf"][1]["properties"]
    bornes = {nom: {"type": ["string", "integer", "null"], "title": _BORNES[nom]} for nom, _, _ in BORNES}
    tranche = _forme({**bornes, **detail}, "valeur")
    tranches = _forme({"par": {"$ref": "#/$defs/champ"}, "tranches": _liste(tranche)}, "par", "tranches")
    cas = _forme({"si": _ou_vide({"$ref": "#/$defs/condition"}), **detail}, "valeur")
    return {"title": titre, "anyOf": [une, codes, tranches, _forme({"lignes": _liste(cas)}, "lignes")]}


_BORNES = {"a_partir_de": "À partir de", "plus_de": "Plus de", "jusqu_a": "Jusqu’à", "moins_de": "Moins de"}


def _champ() -> dict[str, Any]:
    """The name of a field: one of the catalogue, or “famille.code”."""
    noms = [{"const": c.nom, "title": c.libelle} for c in CHAMPS.values()]
    noms += [{"const": ancien, "title": CHAMPS[nom].libelle} for ancien, nom in ANCIENS_NOMS.items()]
    familles = [{"pattern": f"^{nom}\\..+$", "title": titre} for nom, titre in FAMILLES_DE_CHAMPS.items()]
    return {"title": "Champ du projet", "type": "string", "anyOf": [*noms, *familles]}


def _condition() -> dict[str, Any]:
    """The tree of conditions, each node of one form."""
    soi: dict[str, Any] = {"$ref": "#/$defs/condition"}
    champ: dict[str, Any] = {"$ref": "#/$defs/champ"}
    valeur = {"title": "Valeur", "type": ["string", "integer", "boolean"]}
    return {
        "title": "Condition",
        "anyOf": [
            _forme({"et": {"title": "Toutes ces conditions", **_liste(soi)}}, "et"),
            _forme({"ou": {"title": "Une de ces conditions", **_liste(soi)}}, "ou"),
            _forme({"non": {"title": "Sauf", **soi}}, "non"),
            _forme({"champ": champ, "parmi": {"title": "Parmi", **_liste(_TEXTE)}}, "champ", "parmi"),
            _forme(
                {"champ": champ, "renseigne": {"title": "Est connu", "type": "boolean"}}, "champ", "renseigne"
            ),
            _forme(
                {"champ": champ, "est": {"title": "Est", "enum": list(OPERATEURS)}, "valeur": valeur},
                "champ",
                "valeur",
            ),
        ],
    }


def _liste(element: dict[str, Any]) -> dict[str, Any]:
    return {"type": "array", "minItems": 1, "items": element}


def _forme(proprietes: dict[str, Any], *exigees: str) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": proprietes,
        "required": list(exigees),
        "additionalProperties": False,
    }


def _article() -> dict[str, Any]:
    return {
        "title": "Article",
        "type": "object",
        "properties": {
            "numero": {**_TEXTE_OU_ENTIER, "title": "Numéro"},
            "titre": {**_TEXTE_OU_ENTIER, "title": "Titre"},
            "prose": {**_TEXTE_OU_ENTIER, "title": "Texte de l’article"},
            "regles": {
                "title": "Règles calculables",
                "type": ["array", "null"],
                "items": {"$ref": "#/$defs/regle"},
            },
        },
        "required": ["numero", "titre", "prose"],
        "additionalProperties": False,
    }


def _regle() -> dict[str, Any]:
    """The `genre` first, then the schema of that kind only: an error speaks of the right keys."""
    return {
        "title": "Règle",
        "type": "object",
        "required": ["genre"],
        "properties": {"genre": {"enum": [classe.GENRE for classe in CATALOGUE]}},
        "allOf": [
            {
                "if": {"properties": {"genre": {"const": classe.GENRE}}, "required": ["genre"]},
                "then": {"$ref": f"#/$defs/regle_{classe.GENRE}"},
            }
            for classe in CATALOGUE
        ],
    }


def _genre(classe: type[Regle]) -> dict[str, Any]:
    corps = _objet((*CHAMPS_COMMUNS, *classe.CHAMPS), genre={"const": classe.GENRE, "title": "Genre"})
    return {"title": classe.INTITULE, "description": classe.DESCRIPTION, **corps}
