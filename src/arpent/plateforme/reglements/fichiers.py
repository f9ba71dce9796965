"""A règlement as a YAML file: read within bounds, each value with its line; written so as to read the same.

Only plain values are built (texts, numbers, yes/no, lists, tables). Size, depth, number of values and of
aliases are bounded before anything is built: a file made to exhaust the machine is refused by one sentence.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import yaml

TAILLE_MAX = 400_000
PROFONDEUR_MAX = 24
VALEURS_MAX = 40_000
ALIAS_MAX = 300
Chemin = tuple[str | int, ...]

ENTETE = """\
# Règlement d’un dispositif, tel qu’Arpent l’a écrit. Il se relit tel quel par « Importer un fichier ».
#
# Une valeur s’écrit "30 %", "15 000 €" ou "0,94". Non publiée : {valeur: null, source: "Taux non publié"}.
# Une valeur de démonstration : {valeur: null, valeur_demonstration: "30 %"} ; elle est toujours signalée.
# Un barème : {par: theme, valeurs: {voirie: "40 %"}}, ou {par: population, tranches: [{moins_de: 500,
# valeur: "40 %"}, …]}, ou {lignes: [{si: …, valeur: "40 %"}, {valeur: "30 %"}]} (la première qui convient).
# Une condition : si: {et: [{champ: population, est: "<", valeur: 500}, {champ: classe, parmi: [A]}]}
# Le schéma de ce fichier est publié à l’adresse /dispositifs/schema-reglement.json.
"""
_INTERDITS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")


_ORDINAIRES = frozenset({"tag:yaml.org,2002:map", "tag:yaml.org,2002:seq"})


class FichierIllisible(ValueError):
    """The file is not a table of plain values; the French message says the line when there is one."""


@dataclass(frozen=True, slots=True)
class FichierLu:
    """The values of a file and, for each path (keys and ranks from 0), its line from 1."""

    contenu: dict[str, Any]
    lignes: Mapping[Chemin, int]

    def ligne(self, chemin: Chemin) -> int | None:
        """The line of a path, else of the closest thing that holds it."""
        while chemin and chemin not in self.lignes:
            chemin = chemin[:-1]
        return self.lignes.get(chemin)


def lire_fichier(octets: bytes) -> FichierLu:
    """A file as received. Raises FichierIllisible."""
    if len(octets) > TAILLE_MAX:
        raise FichierIllisible(f"Le fichier dépasse {TAILLE_MAX // 1000} ko : ce n’est pas un règlement.")
    try:
        texte = octets.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise FichierIllisible("Le fichier n’est pas un texte en UTF-8 : enregistrez-le ainsi.") from None
    valeur, lignes = lire_texte(texte)
    if not isinstance(valeur, dict):
        raise FichierIllisible("Le fichier doit contenir une table de clés : « dispositif », « articles »…")
    return FichierLu(valeur, lignes)


def lire_texte(texte: str) -> tuple[Any, Mapping[Chemin, int]]:
    """The plain value of a YAML text and the line of each path. Raises FichierIllisible."""
    if trouve := _INTERDITS.search(texte):
        ligne = texte.count("\n", 0, trouve.start()) + 1
        raise FichierIllisible(f"Ligne {ligne} : un caractère de commande n’a pas sa place dans un texte.")
    try:
        _borner(texte)
        racine = yaml.compose(texte, Loader=yaml.CSafeLoader)
        if racine is None:
            raise FichierIllisible("Le fichier est vide.")
        chantier = _Chantier()
        valeur = chantier.batir(racine, ())
    except yaml.MarkedYAMLError as erreur:
        ou = erreur.problem_mark
        debut = f"Ligne {ou.line + 1} : " if ou else ""
        raise FichierIllisible(
            f"{debut}l’écriture n’est pas lisible ; vérifiez les retraits, les guillemets et les deux-points."
        ) from None
    except yaml.YAMLError:
        raise FichierIllisible(
            "Le fichier contient un caractère qui n’a pas sa place dans un texte."
        ) from None
    return valeur, chantier.lignes


def _borner(texte: str) -> None:
    """Counts what the file holds, event after event, before anything is built."""
    profondeur = valeurs = alias = 0
    for evenement in yaml.parse(texte, Loader=yaml.CSafeLoader):
        match evenement:
            case yaml.MappingStartEvent() | yaml.SequenceStartEvent():
                profondeur += 1
                valeurs += 1
            case yaml.MappingEndEvent() | yaml.SequenceEndEvent():
                profondeur -= 1
            case yaml.AliasEvent():
                alias += 1
            case yaml.ScalarEvent():
                valeurs += 1
        if profondeur > PROFONDEUR_MAX or valeurs > VALEURS_MAX or alias > ALIAS_MAX:
            ligne = _ligne(evenement.start_mark)
            raise FichierIllisible(
                f"Ligne {ligne} : le fichier est trop profond ou trop long pour un règlement."
            )


def _ligne(marque: Any) -> int:
    return 1 if marque is None else int(marque.line) + 1


class _Chantier:
    """Builds plain values from the nodes, counting what the aliases repeat."""

    def __init__(self) -> None:
        self.lignes: dict[Chemin, int] = {}
        self._valeurs = 0
        self._lecteur = yaml.constructor.SafeConstructor()

    def batir(self, noeud: yaml.Node, chemin: Chemin) -> Any:
        self._valeurs += 1
        ligne = noeud.start_mark.line + 1
        self.lignes.setdefault(chemin, ligne)
        if self._valeurs > VALEURS_MAX or len(chemin) > PROFONDEUR_MAX:
            raise FichierIllisible(f"Ligne {ligne} : les renvois (&, *) répètent trop de valeurs.")
        match noeud:
            case yaml.CollectionNode() if noeud.tag not in _ORDINAIRES:
                raise FichierIllisible(f"Ligne {ligne} : cette valeur n’est pas lisible.")
            case yaml.MappingNode():
                return self._table(noeud, chemin)
            case yaml.SequenceNode():
                return [self.batir(fils, (*chemin, rang)) for rang, fils in enumerate(noeud.value)]
            case _:
                return self._simple(noeud)

    def _table(self, noeud: yaml.MappingNode, chemin: Chemin) -> dict[str, Any]:
        table: dict[str, Any] = {}
        for cle_noeud, fils in noeud.value:
            ligne = cle_noeud.start_mark.line + 1
            if not isinstance(cle_noeud, yaml.ScalarNode) or cle_noeud.tag == "tag:yaml.org,2002:merge":
                raise FichierIllisible(f"Ligne {ligne} : une clé doit être un mot.")
            cle = str(cle_noeud.value)
            if cle in table:
                raise FichierIllisible(f"Ligne {ligne} : la clé « {cle} » est écrite deux fois.")
            self.lignes[(*chemin, cle)] = ligne
            table[cle] = self.batir(fils, (*chemin, cle))
        return table

    def _simple(self, noeud: yaml.Node) -> Any:
        try:
            valeur = self._lecteur.construct_object(noeud)
        except (yaml.YAMLError, ValueError):
            ligne = noeud.start_mark.line + 1
            raise FichierIllisible(f"Ligne {ligne} : cette valeur n’est pas lisible.") from None
        if isinstance(valeur, date):
            return valeur.isoformat()[:10]
        if valeur is None or isinstance(valeur, str | int | bool):
            return valeur
        return str(noeud.value)  # a number with a decimal point, a binary…: the rule says what it expects


class _Ecriveur(yaml.CSafeDumper):
    """Lists indented under their key, no reference from one place to another."""

    def ignore_aliases(self, data: Any) -> bool:
        return True


def ecrire_texte(valeur: Any) -> str:
    """Plain values as YAML; `lire_texte` gives them back equal."""
    return yaml.dump(valeur, Dumper=_Ecriveur, sort_keys=False, allow_unicode=True, width=110)


def ecrire_fichier(contenu: Mapping[str, Any]) -> str:
    """A règlement as a file, with its format said in comments."""
    return ENTETE + ecrire_texte(dict(contenu))
