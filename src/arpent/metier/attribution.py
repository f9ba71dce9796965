"""The award of an aid: when the law wants a convention, and what the policy says of delays and payments."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from arpent.metier.argent import arrondir, formater_euros
from arpent.metier.plan_financement import Seuil

ARTICLE = "loi n° 2000-321 du 12 avril 2000, art. 10"
_CLES = frozenset({"versement", "pieces", "delais", "source", "demonstration"})


@dataclass(frozen=True, slots=True)
class ConventionDue:
    """Whether a convention must be signed; `requise` None: not known. `calcul`: the sum of the year."""

    requise: bool | None
    explication: str
    article: str
    calcul: str = ""


def convention_due(
    prive: bool | None, aides: Sequence[Decimal], annee: int | None, seuil: Seuil | None
) -> ConventionDue:
    """`aides`: what the contract gives that body that year; `prive` None: its nature is not known.

    The threshold is that of the year, all aids of the authority together: those of the contract are added,
    the others are not known here.
    """
    article = ARTICLE if seuil is None else f"{ARTICLE}, et {seuil.article}"
    if prive is False:
        return ConventionDue(False, "Bénéficiaire public : la loi ne demande pas de convention.", article)
    if seuil is None:
        texte = "Le seuil de la convention obligatoire n’est pas saisi : vérifiez s’il s’applique."
        return ConventionDue(None, texte, article)
    total = arrondir(sum(aides, Decimal(0)))
    quand = f" en {annee}" if annee else ""
    detail = " + ".join(formater_euros(a) for a in aides)
    calcul = f"{detail} = {formater_euros(total)}{quand}" if len(aides) > 1 else f"{detail}{quand}"
    borne = formater_euros(seuil.valeur, centimes=False)
    if total <= seuil.valeur:
        texte = (
            f"{formater_euros(total)}{quand} : pas plus de {borne}, la convention n’est pas obligatoire "
            "si l’autorité ne verse rien d’autre à ce bénéficiaire dans l’année."
        )
        return ConventionDue(False, texte, article, calcul)
    if prive is None:
        texte = (
            f"Plus de {borne}{quand} : une convention est obligatoire si ce bénéficiaire est un organisme de "
            "droit privé. Sa nature est à vérifier."
        )
        return ConventionDue(None, texte, article, calcul)
    texte = f"Organisme de droit privé et plus de {borne}{quand} : la convention est obligatoire."
    return ConventionDue(True, texte, article, calcul)


def obstacle_a_l_emission(decision: str, decision_le: date | None) -> str:
    """Why an act of award cannot be issued for good, and what to do; empty when it can.

    The contract reserves an aid, it does not award it: an act that names no decision awards nothing.
    """
    if decision and decision_le is not None:
        return ""
    return (
        "la décision d’attribution manque : notez son numéro et sa date avec l’engagement des crédits, puis "
        "émettez l’acte."
    )


@dataclass(frozen=True, slots=True)
class Modalites:
    """What the policy says of payments, of the pieces to send, of the delays. Sentences; empty: unknown."""

    versement: tuple[str, ...] = ()
    pieces: tuple[str, ...] = ()
    delais: tuple[str, ...] = ()
    source: str = ""
    demonstration: bool = False


def lire_modalites(bloc: Mapping[str, Any] | None) -> Modalites:
    """The key `attribution` of a dispositif; empty without it. ValueError (French) names what is wrong."""
    if bloc is None:
        return Modalites()
    if not isinstance(bloc, Mapping):
        raise ValueError("« attribution » : écrivez des clés versement, pieces, delais.")
    if inconnues := sorted(set(bloc) - _CLES):
        raise ValueError(f"« attribution » : clé « {inconnues[0]} » inconnue.")
    return Modalites(
        versement=_phrases(bloc, "versement"),
        pieces=_phrases(bloc, "pieces"),
        delais=_phrases(bloc, "delais"),
        source=str(bloc.get("source") or ""),
        demonstration=bool(bloc.get("demonstration")),
    )


def _phrases(bloc: Mapping[str, Any], cle: str) -> tuple[str, ...]:
    lues = bloc.get(cle) or []
    if not isinstance(lues, list) or not all(isinstance(x, str) and x.strip() for x in lues):
        raise ValueError(f"« attribution », {cle} : écrivez une liste de phrases.")
    return tuple(x.strip() for x in lues)
