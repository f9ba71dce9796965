"""Read a condition from data; refusals name the key and say what is expected."""

from collections.abc import Mapping
from decimal import Decimal

from arpent.metier.reglement.champs import CHAMPS, FAMILLES_DE_CHAMPS, ChampProjet, TypeChamp, champ_projet
from arpent.metier.reglement.conditions import (
    OPERATEURS,
    PROFONDEUR_MAXIMALE,
    TAILLE_MAXIMALE,
    Comparaison,
    Condition,
    Et,
    Ou,
    Parmi,
    Renseigne,
)
from arpent.metier.reglement.description import CODES_FERMES
from arpent.metier.reglement.lecteur import Lecteur

Champs = Mapping[str, ChampProjet] | None


def lire_condition(lecteur: Lecteur, cle: str, champs: Champs = None) -> Condition:
    """The condition written at that key, on the fields of a project or on `champs`.

    Raises ReglementInvalide (French).
    """
    condition = _lire(lecteur.sous(cle), 1, champs)
    if len(condition.feuilles()) > TAILLE_MAXIMALE:
        raise lecteur.refus(
            f"la condition « {cle} » est trop longue : {TAILLE_MAXIMALE} comparaisons au plus."
        )
    return condition


def _lire(lecteur: Lecteur, profondeur: int, champs: Champs) -> Condition:
    if profondeur > PROFONDEUR_MAXIMALE:
        raise lecteur.refus(f"la condition est trop profonde : {PROFONDEUR_MAXIMALE} niveaux au plus.")
    condition = _lire_noeud(lecteur, profondeur, champs)
    lecteur.finir()
    return condition


def _lire_noeud(lecteur: Lecteur, profondeur: int, champs: Champs) -> Condition:
    for cle, classe in (("et", Et), ("ou", Ou)):
        if lecteur.brut(cle) is not None:
            return classe(tuple(_lire(bloc, profondeur + 1, champs) for bloc in lecteur.blocs(cle)))
    if lecteur.brut("non") is not None:
        return _lire(lecteur.sous("non"), profondeur + 1, champs).contraire()
    champ = _lire_champ(lecteur, champs)
    if lecteur.brut("renseigne") is not None:
        return Renseigne(champ, lecteur.booleen("renseigne"))
    if lecteur.brut("parmi") is not None:
        return _lire_parmi(lecteur, champ)
    return _lire_comparaison(lecteur, champ)


def _lire_champ(lecteur: Lecteur, champs: Champs) -> ChampProjet:
    nom = lecteur.texte("champ")
    if champs is not None:
        if nom not in champs:
            raise lecteur.refus(f"champ inconnu « {nom} ». Connus : {', '.join(champs)}.")
        return champs[nom]
    champ = champ_projet(nom)
    if champ is None:
        familles = ", ".join(f"{famille}.…" for famille in FAMILLES_DE_CHAMPS)
        raise lecteur.refus(f"champ inconnu « {nom} ». Connus : {', '.join(CHAMPS)}, {familles}.")
    return champ


def _lire_parmi(lecteur: Lecteur, champ: ChampProjet) -> Condition:
    if champ.type not in (TypeChamp.CODE, TypeChamp.CODES):
        raise lecteur.refus(
            f"« {champ.nom} » ne se compare pas à une liste : employez « est » et « valeur »."
        )
    return Parmi(champ, tuple(_code(lecteur, champ, code) for code in lecteur.textes("parmi")))


def _code(lecteur: Lecteur, champ: ChampProjet, code: str) -> str:
    connus = CODES_FERMES.get(champ.vocabulaire) if champ.vocabulaire else None
    if connus is not None and code not in connus:
        raise lecteur.refus(f"code inconnu « {code} » pour « {champ.nom} ». Connus : {', '.join(connus)}.")
    return code


def _lire_comparaison(lecteur: Lecteur, champ: ChampProjet) -> Condition:
    est = lecteur.texte("est", "=")
    if est not in OPERATEURS:
        raise lecteur.refus(f"la clé « est » vaut « {est} » ; valeurs possibles : {'  '.join(OPERATEURS)}.")
    match champ.type:
        case TypeChamp.CODE | TypeChamp.CODES:
            _exiger_egalite(lecteur, champ, est)
            return Parmi(champ, (_code(lecteur, champ, lecteur.texte("valeur")),), exclu=est == "!=")
        case TypeChamp.BOOLEEN:
            _exiger_egalite(lecteur, champ, est)
            return Comparaison(champ, est, lecteur.booleen("valeur"))
        case TypeChamp.DATE:
            return Comparaison(champ, est, lecteur.date("valeur"))
        case _:
            return Comparaison(champ, est, lire_nombre(lecteur, champ, "valeur"))


def _exiger_egalite(lecteur: Lecteur, champ: ChampProjet, est: str) -> None:
    if est not in ("=", "!="):
        raise lecteur.refus(f"« {champ.nom} » ne se compare que par « = » ou « != ».")


def lire_nombre(lecteur: Lecteur, champ: ChampProjet, cle: str) -> Decimal:
    """A bound in the unit of the field: euros for an amount, else a plain number."""
    lu = lecteur.montant(cle) if champ.type is TypeChamp.MONTANT else lecteur.nombre(cle)
    if lu.valeur is None:
        raise lecteur.refus(f"la clé « {cle} » est vide.")
    return lu.valeur
