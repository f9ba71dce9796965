"""Read a scale: one value, a table by code, tiers of a number, or a list of cases."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from arpent.metier.reglement.bareme import Bareme, Ligne, Tranche
from arpent.metier.reglement.champs import CHAMPS, ChampProjet, TypeChamp, champ_projet
from arpent.metier.reglement.lecteur import Lecteur
from arpent.metier.reglement.lecture_conditions import lire_condition, lire_nombre

# How a bound of a tier is written: (key, lower bound?, inside?).
BORNES: tuple[tuple[str, bool, bool], ...] = (
    ("a_partir_de", True, True),
    ("plus_de", True, False),
    ("jusqu_a", False, True),
    ("moins_de", False, False),
)
_VALEUR = ("valeur", "valeur_demonstration", "source")


def lire_bareme(lecteur: Lecteur, cle: str, lire: Callable[[Any, str], Decimal]) -> Bareme:
    """The scale at that key; `lire` reads one rate or one amount. Raises ReglementInvalide (French)."""
    valeur = lecteur.exiger(cle)
    if not isinstance(valeur, dict) or not {"par", "lignes"} & set(valeur):
        return Bareme(lecteur.parametre(valeur, cle, lire))
    interne = lecteur.sous(cle)
    if interne.brut("lignes") is not None:
        lignes = tuple(_ligne(bloc, cle, lire) for bloc in interne.blocs("lignes"))
        interne.finir()
        return Bareme(lignes=lignes)
    champ = _champ(interne)
    if champ.type in (TypeChamp.NOMBRE, TypeChamp.MONTANT):
        tranches = tuple(_tranche(bloc, champ, cle, lire) for bloc in interne.blocs("tranches"))
        interne.finir()
        return Bareme(par=champ, tranches=tranches)
    valeurs = interne.table("valeurs")
    if not valeurs:
        raise interne.refus("la table « valeurs » est vide.")
    interne.finir()
    return Bareme(par=champ, valeurs={c: interne.parametre(v, c, lire) for c, v in valeurs.items()})


def _champ(lecteur: Lecteur) -> ChampProjet:
    nom = lecteur.texte("par")
    champ = champ_projet(nom)
    if champ is None or champ.type not in (TypeChamp.CODE, TypeChamp.NOMBRE, TypeChamp.MONTANT):
        possibles = (c.nom for c in CHAMPS.values() if c.type in (TypeChamp.CODE, TypeChamp.NOMBRE))
        raise lecteur.refus(f"la clé « par » vaut « {nom} » ; valeurs possibles : {', '.join(possibles)}…")
    return champ


def _ligne(bloc: Lecteur, cle: str, lire: Callable[[Any, str], Decimal]) -> Ligne:
    si = lire_condition(bloc, "si") if bloc.brut("si") is not None else None
    parametre = _valeur(bloc, cle, lire)
    bloc.finir()
    return Ligne(parametre, si)


def _tranche(bloc: Lecteur, champ: ChampProjet, cle: str, lire: Callable[[Any, str], Decimal]) -> Tranche:
    bornes: dict[bool, tuple[Decimal, bool]] = {}
    for nom, basse, incluse in BORNES:
        if bloc.brut(nom) is None:
            continue
        if basse in bornes:
            raise bloc.refus(f"la tranche a deux bornes du même côté : retirez « {nom} ».")
        bornes[basse] = (lire_nombre(bloc, champ, nom), incluse)
    parametre = _valeur(bloc, cle, lire)
    bloc.finir()
    bas, bas_inclus = bornes.get(True, (None, True))
    haut, haut_inclus = bornes.get(False, (None, False))
    return Tranche(parametre, bas, bas_inclus, haut, haut_inclus)


def _valeur(bloc: Lecteur, cle: str, lire: Callable[[Any, str], Decimal]) -> Any:
    """The value of a line: `valeur`, and beside it its source and its demonstration value."""
    for nom in _VALEUR:
        bloc.brut(nom)
    if "valeur" not in bloc.donnees:
        raise bloc.refus(
            "la clé « valeur » est absente ; pour une valeur non publiée, écrivez « valeur: null »."
        )
    return bloc.parametre({nom: bloc.donnees[nom] for nom in _VALEUR if nom in bloc.donnees}, cle, lire)
