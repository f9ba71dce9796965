"""Read the value of a described key: one reading per `Sorte`, one type of value each."""

from collections.abc import Callable
from typing import Any

from arpent.metier.reglement.description import CODES_FERMES, ChampRegle, Sorte
from arpent.metier.reglement.lecteur import Lecteur
from arpent.metier.reglement.lecture_baremes import lire_bareme
from arpent.metier.reglement.lecture_conditions import lire_condition
from arpent.metier.reglement.parametres import PARAMETRES


def lire_champ(lecteur: Lecteur, champ: ChampRegle) -> Any:
    """The value of the key, or its default when it is absent; raises ReglementInvalide (French)."""
    if not champ.obligatoire and lecteur.brut(champ.cle) is None:
        return champ.defaut
    return _LECTURES[champ.sorte](lecteur, champ)


def _codes(lecteur: Lecteur, champ: ChampRegle) -> tuple[str, ...]:
    lus = lecteur.textes(champ.cle)
    for code in lus:
        _verifier_code(lecteur, champ, code)
    return lus


def _texte(lecteur: Lecteur, champ: ChampRegle) -> str:
    lu = lecteur.texte(champ.cle)
    _verifier_code(lecteur, champ, lu)
    return lu


def _verifier_code(lecteur: Lecteur, champ: ChampRegle, code: str) -> None:
    connus = CODES_FERMES.get(champ.vocabulaire) if champ.vocabulaire else None
    if connus is not None and code not in connus:
        raise lecteur.refus(f"clé « {champ.cle} » : code inconnu « {code} ». Connus : {', '.join(connus)}.")


def _entier(lecteur: Lecteur, champ: ChampRegle) -> int:
    lu = lecteur.entier(champ.cle)
    if lu is None:
        raise lecteur.refus(f"la clé « {champ.cle} » doit être un nombre entier positif.")
    return lu


def _choix(lecteur: Lecteur, champ: ChampRegle) -> str:
    lu = lecteur.texte(champ.cle)
    connus = [code for code, _ in champ.options]
    if lu not in connus:
        raise lecteur.refus(
            f"la clé « {champ.cle} » vaut « {lu} » ; valeurs possibles : {', '.join(connus)}."
        )
    return lu


def _parametre_legal(lecteur: Lecteur, champ: ChampRegle) -> str:
    lu = lecteur.texte(champ.cle)
    connus = sorted({p.code for p in PARAMETRES})
    if lu not in connus:
        raise lecteur.refus(f"paramètre légal inconnu « {lu} ». Connus : {', '.join(connus)}.")
    return lu


def _blocs(lecteur: Lecteur, champ: ChampRegle) -> tuple[dict[str, Any], ...]:
    lus = []
    for bloc in lecteur.blocs(champ.cle):
        lus.append({interne.cle: lire_champ(bloc, interne) for interne in champ.champs})
        bloc.finir()
    return tuple(lus)


_LECTURES: dict[Sorte, Callable[[Lecteur, ChampRegle], Any]] = {
    Sorte.TAUX: lambda lecteur, champ: lecteur.taux(champ.cle),
    Sorte.MONTANT: lambda lecteur, champ: lecteur.montant(champ.cle),
    Sorte.NOMBRE: lambda lecteur, champ: lecteur.nombre(champ.cle),
    Sorte.BAREME_TAUX: lambda lecteur, champ: lire_bareme(lecteur, champ.cle, lecteur.lire_taux),
    Sorte.BAREME_MONTANT: lambda lecteur, champ: lire_bareme(lecteur, champ.cle, lecteur.lire_euros),
    Sorte.ENTIER: _entier,
    Sorte.TEXTE: _texte,
    Sorte.BOOLEEN: lambda lecteur, champ: lecteur.booleen(champ.cle),
    Sorte.CODES: _codes,
    Sorte.CHOIX: _choix,
    Sorte.CONDITION: lambda lecteur, champ: lire_condition(lecteur, champ.cle),
    Sorte.PARAMETRE_LEGAL: _parametre_legal,
    Sorte.DATE: lambda lecteur, champ: lecteur.date(champ.cle),
    Sorte.BLOCS: _blocs,
}
