"""Two typings of a fiche side by side, and the third that one makes by choosing field by field."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.db.models import Model, QuerySet
from django.http import QueryDict
from django.utils.formats import date_format

from arpent.metier.argent import formater_euros, formater_nombre
from arpent.plateforme.acteurs.models import Agent
from arpent.plateforme.reglements.fiches import ModeleFiche

from ..champs import libelle
from ..models import Fiche
from .bases import MontantField
from .saisie import PREFIXES, RANGEES, Saisie, en_querydict

CHOIX = "choix__"
PREMIER, SECOND, LES_DEUX = "premier", "second", "deux"


@dataclass(frozen=True, slots=True)
class Difference:
    """One field, or one set of rows, on which two typings differ. `cumulable`: both may be kept."""

    nom: str
    libelle: str
    premier: str
    second: str
    cumulable: bool
    choisi: str = SECOND


def donnees_de(fiche: Fiche, agent: Agent, modele: ModeleFiche) -> QueryDict:
    """The fiche as stored, as if its form had been sent without a change."""
    saisie = Saisie(fiche, agent, None, modele)
    donnees = {bound.name: _valeurs(bound) for bound in saisie.form}
    post = en_querydict(donnees)
    poser_rangees(post, "depenses", saisie.rangs.depenses_stockees())
    poser_rangees(post, "financements", saisie.rangs.financements_stockes())
    poser_rangees(post, "demarches_financeurs", saisie.rangs.demarches_stockees())
    return post


def _valeurs(bound: forms.BoundField) -> list[str]:
    ecrites = bound.field.widget.format_value(bound.value())
    if ecrites is None:
        return []
    return [str(v) for v in ecrites if str(v)] if isinstance(ecrites, list | tuple) else [str(ecrites)]


def _texte(valeur: Any) -> str:
    match valeur:
        case None | False:
            return ""
        case True:
            return "on"
        case Decimal():
            return formater_nombre(valeur, 2)
        case date():
            return valeur.isoformat()
        case _:
            return str(getattr(valeur, "value", valeur))


def poser_rangees(post: QueryDict, nom: str, rangees: Sequence[Any], stockees: int | None = None) -> None:
    """Writes a set of rows into a typing, in place of its own; the first `stockees` are the stored ones."""
    prefixe = PREFIXES[nom]
    for cle in [c for c in post if c.startswith(f"{prefixe}-")]:
        del post[cle]
    post[f"{prefixe}-TOTAL_FORMS"] = str(len(rangees))
    post[f"{prefixe}-INITIAL_FORMS"] = str(len(rangees) if stockees is None else stockees)
    for rang, rangee in enumerate(rangees):
        for champ in fields(rangee):
            if texte := _texte(getattr(rangee, champ.name)):
                post[f"{prefixe}-{rang}-{champ.name}"] = texte


def _rangees(saisie: Saisie, nom: str) -> Sequence[Any]:
    return getattr(saisie.rangs, nom).saisies() or ()


def lisible(champ: forms.Field, valeur: Any) -> str:
    """A cleaned value as people read it."""
    match valeur:
        case None | "" | []:
            return "(vide)"
        case QuerySet():
            return " ; ".join(map(str, valeur)) or "(vide)"
        case Model():
            return str(valeur)
        case Decimal():
            if isinstance(champ, MontantField):
                return formater_euros(valeur)
            return formater_nombre(valeur, 6).rstrip("0").rstrip(",")
        case date():
            return date_format(valeur, "j F Y")
    if isinstance(champ, forms.ChoiceField) and not isinstance(champ, forms.ModelChoiceField):
        mots = {str(code): str(mot) for code, mot in champ.choices}  # type: ignore[union-attr,misc]
        codes = valeur if isinstance(valeur, list) else [valeur]
        return " ; ".join(mots.get(str(c), str(c)) for c in codes)
    return str(valeur)


def _comparable(valeur: Any) -> Any:
    if isinstance(valeur, QuerySet):
        return {o.pk for o in valeur}
    return valeur or None


def comparer(premier: Saisie, second: Saisie, inchanges: Iterable[str] = ()) -> list[Difference]:
    """What differs between two valid typings. In `inchanges` the first is proposed, elsewhere the second."""
    ecarts, gardes = [], set(inchanges)
    modele = second.modele
    for nom, champ in second.form.fields.items():
        if nom == "version_lue" or nom not in premier.form.fields:
            continue
        un, deux = premier.form.cleaned_data.get(nom), second.form.cleaned_data.get(nom)
        calcule = nom in _CALCULES and (premier.depenses or second.depenses)
        if calcule or _comparable(un) == _comparable(deux):
            continue
        cumulable = isinstance(champ.widget, forms.Textarea) and bool(un and deux)
        ecarts.append(
            Difference(
                nom, str(champ.label), lisible(champ, un), lisible(champ, deux), cumulable,
                PREMIER if nom in gardes else SECOND,
            )
        )  # fmt: skip
    for nom in RANGEES:
        un, deux = _rangees(premier, nom), _rangees(second, nom)
        if list(un) != list(deux):
            textes = ["\n".join(map(str, rows)) or "(vide)" for rows in (un, deux)]
            nom_lisible = _NOMS_RANGEES.get(nom) or libelle(nom, modele)
            choisi = PREMIER if nom in gardes else SECOND
            ecarts.append(Difference(nom, nom_lisible, textes[0], textes[1], bool(un and deux), choisi))
    return ecarts


_CALCULES = frozenset({"cout_ht", "assiette"})
_NOMS_RANGEES = {
    "depenses": "Dépenses",
    "financements": "Plan de financement",
    "demarches_financeurs": "Démarches auprès des financeurs",
}


def choisir(
    premier: QueryDict, second: QueryDict, choix: Mapping[str, str], lues: tuple[Saisie, Saisie]
) -> QueryDict:
    """The second typing, with what was chosen from the first or from both. `lues`: the two, valid."""
    voulu = second.copy()
    for nom, lequel in choix.items():
        if lequel == SECOND:
            continue
        if nom in RANGEES:
            un, deux = (_rangees(s, nom) for s in lues)
            ajoutees = [] if lequel == PREMIER else [x for x in deux if x not in un]
            poser_rangees(voulu, nom, [*un, *ajoutees], len(un))
        elif lequel == PREMIER:
            voulu.setlist(nom, premier.getlist(nom))
        else:
            voulu[nom] = f"{premier.get(nom, '')}\n\n{second.get(nom, '')}".strip()
    return voulu


def choix_faits(post: QueryDict) -> dict[str, str]:
    """Name of a field → which typing was chosen for it."""
    return {
        cle.removeprefix(CHOIX): str(post[cle])
        for cle in post
        if cle.startswith(CHOIX) and post[cle] in {PREMIER, SECOND, LES_DEUX}
    }
