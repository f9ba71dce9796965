"""The marks of a Word template: what they may say, and which fields they show.

Only `{{ field }}`, `{% if %}`, `{% for %}` and a few filters: no call, arithmetic, assignment or import.
The same check is made on every text that is compiled, at the deposit and at each document.
"""

from __future__ import annotations

import difflib
import re
from typing import Any
from xml.etree.ElementTree import ParseError

from defusedxml.ElementTree import fromstring
from jinja2 import StrictUndefined, TemplateSyntaxError, nodes
from jinja2.sandbox import SandboxedEnvironment

from .paquet import GabaritRefuse

FILTRES = frozenset({"join", "upper", "lower", "capitalize", "trim", "length", "default"})
BOUCLES_MAX = 4
_LOOP = {"index": "", "index0": "", "revindex": "", "first": "", "last": "", "length": ""}
_PERMIS = (
    nodes.Template, nodes.Output, nodes.TemplateData, nodes.Name, nodes.Getattr, nodes.For, nodes.If,
    nodes.CondExpr, nodes.Or, nodes.And, nodes.Not, nodes.Compare, nodes.Operand, nodes.Const, nodes.Filter,
    nodes.Concat,
)  # fmt: skip
_BALISE = re.compile(r"<[^>]*>")
Champ = tuple[str, Any]
"""Path of a field (« parties.nom ») and what lies there: dict, [element] or text; None when unknown."""


def forme(*vues: Any) -> Any:
    """What can be read: dicts by key, lists by one element, texts; None where no example says."""
    connues = [v for v in vues if v is not None]
    if connues and all(isinstance(v, dict) for v in connues):
        return {cle: forme(*(v.get(cle) for v in connues)) for v in connues for cle in v}
    if any(isinstance(v, list) for v in connues):
        elements = [x for v in connues if isinstance(v, list) for x in v]
        return [forme(*elements) if elements else None]
    return "" if connues else None


class Lecteur:
    """Walks the marks of one text. `montres`: the paths that are printed. Raises GabaritRefuse."""

    def __init__(self, racine: Any) -> None:
        self.racine = racine
        self.montres: set[str] = set()

    def lire(self, arbre: nodes.Template) -> None:
        for noeud in arbre.find_all(nodes.Node):
            if not isinstance(noeud, _PERMIS):
                raise GabaritRefuse(
                    "Une balise fait autre chose qu’afficher, répéter ou tester un champ "
                    f"({type(noeud).__name__}) : retirez-la. "
                    "Sont permis {{ champ }}, {% if %} et {% for %}."
                )
        self._corps(arbre.body, {}, 0)

    def _corps(self, noeuds: list[nodes.Node], portee: dict[str, Champ], boucles: int) -> None:
        for noeud in noeuds:
            if isinstance(noeud, nodes.Output):
                for x in noeud.nodes:
                    self._montrer(x, portee)
            elif isinstance(noeud, nodes.If):
                self._tester(noeud.test, portee)
                self._corps([*noeud.body, *noeud.elif_, *noeud.else_], portee, boucles)
            elif isinstance(noeud, nodes.For):
                self._boucle(noeud, portee, boucles)

    def _boucle(self, noeud: nodes.For, portee: dict[str, Champ], boucles: int) -> None:
        if boucles >= BOUCLES_MAX or noeud.recursive:
            raise GabaritRefuse("Trop de boucles {% for %} l’une dans l’autre : quatre au plus.")
        if not isinstance(noeud.target, nodes.Name):
            raise GabaritRefuse("Une boucle s’écrit {% for x in liste %}, avec un seul nom.")
        chemin, valeur = self._champ(noeud.iter, portee)
        if isinstance(valeur, dict | str):
            raise GabaritRefuse(f"« {chemin} » n’est pas une liste : il ne se répète pas avec {{% for %}}.")
        element = valeur[0] if valeur else None
        dedans = portee | {noeud.target.name: (chemin, element), "loop": ("loop", _LOOP)}
        if noeud.test is not None:
            self._tester(noeud.test, dedans)
        self._corps(noeud.body, dedans, boucles + 1)
        self._corps(noeud.else_, portee, boucles)

    def _montrer(self, noeud: nodes.Node, portee: dict[str, Champ]) -> None:
        if isinstance(noeud, nodes.Name | nodes.Getattr):
            chemin, valeur = self._champ(noeud, portee)
            if isinstance(valeur, dict | list):
                raise GabaritRefuse(
                    f"« {chemin} » contient plusieurs champs : nommez celui à afficher, ou répétez la liste "
                    "avec {% for x in … %}."
                )
            self.montres.add(chemin)
        elif isinstance(noeud, nodes.CondExpr):
            self._tester(noeud.test, portee)
            self._montrer(noeud.expr1, portee)
            if noeud.expr2 is not None:
                self._montrer(noeud.expr2, portee)
        elif isinstance(noeud, nodes.Filter):
            self._filtrer(noeud, portee)
        elif not isinstance(noeud, nodes.TemplateData | nodes.Const):
            for x in noeud.iter_child_nodes():
                self._montrer(x, portee)

    def _filtrer(self, noeud: nodes.Filter, portee: dict[str, Champ]) -> None:
        if noeud.name not in FILTRES:
            permis = ", ".join(sorted(FILTRES))
            raise GabaritRefuse(f"Le filtre « {noeud.name} » n’est pas permis : utilisez {permis}.")
        if isinstance(noeud.node, nodes.Name | nodes.Getattr) and noeud.name in {"join", "length"}:
            chemin, _ = self._champ(noeud.node, portee)
            if noeud.name == "join":
                self.montres.add(chemin)
        elif noeud.node is not None:
            self._montrer(noeud.node, portee)
        for x in noeud.args:
            self._tester(x, portee)

    def _tester(self, noeud: nodes.Node, portee: dict[str, Champ]) -> None:
        """An expression whose fields are read, not printed."""
        montres, self.montres = self.montres, set()
        if isinstance(noeud, nodes.Name | nodes.Getattr):
            self._champ(noeud, portee)
        elif isinstance(noeud, nodes.Filter):
            self._filtrer(noeud, portee)
        else:
            for x in noeud.iter_child_nodes():
                self._tester(x, portee)
        self.montres = montres

    def _champ(self, noeud: nodes.Node, portee: dict[str, Champ]) -> Champ:
        if isinstance(noeud, nodes.Name):
            if noeud.name in portee:
                return portee[noeud.name]
            return noeud.name, self._lire(self.racine, noeud.name, noeud.name)
        if not isinstance(noeud, nodes.Getattr):
            raise GabaritRefuse(
                "Une balise lit autre chose qu’un champ : écrivez {{ champ }} ou {{ x.champ }}."
            )
        chemin, valeur = self._champ(noeud.node, portee)
        complet = f"{chemin}.{noeud.attr}"
        if isinstance(valeur, list):
            raise GabaritRefuse(
                f"« {chemin} » est une liste : répétez-la avec {{% for x in {chemin} %}} pour lire "
                f"« x.{noeud.attr} »."
            )
        return complet, self._lire(valeur, noeud.attr, complet)

    def _lire(self, valeur: Any, nom: str, complet: str) -> Any:
        if nom.startswith("_"):
            raise GabaritRefuse(f"Le champ « {complet} » n’existe pas : retirez-le.")
        if valeur is None:
            return None
        if isinstance(valeur, dict) and nom in valeur:
            return valeur[nom]
        connus = sorted(valeur) if isinstance(valeur, dict) else []
        proche = difflib.get_close_matches(nom, connus, 1)
        conseil = (
            f"vouliez-vous « {proche[0]} » ?" if proche else f"existent ici : {', '.join(connus) or 'aucun'}."
        )
        raise GabaritRefuse(
            f"Le champ « {complet} » n’existe pas dans ce document. Corrigez la balise ; {conseil}"
        )


class Environnement(SandboxedEnvironment):
    """Compiles nothing that was not read first. `racine`: the fields that exist; None: not known here."""

    def __init__(self, racine: Any = None) -> None:
        super().__init__(autoescape=True, undefined=StrictUndefined)
        self.globals.clear()
        self.lecteur = Lecteur(racine)

    def from_string(self, source: Any, globals: Any = None, template_class: Any = None) -> Any:
        try:
            arbre = self.parse(source)
        except TemplateSyntaxError as erreur:
            ligne = (str(source).splitlines() or [""])[min(erreur.lineno, len(str(source).splitlines())) - 1]
            autour = _BALISE.sub("", ligne).strip()[:120]
            raise GabaritRefuse(
                f"Une balise est mal écrite ou pas fermée, près de « {autour} » : chaque {{% if %}} a son "
                "{% endif %}, chaque {% for %} son {% endfor %}."
            ) from erreur
        self.lecteur.lire(arbre)
        return _Texte(super().from_string(source, globals, template_class))


class _Texte:
    """A compiled text whose result must still be XML: a condition may not cut a table in half."""

    def __init__(self, modele: Any) -> None:
        self.modele = modele

    def render(self, *valeurs: Any) -> str:
        rendu: str = self.modele.render(*valeurs)
        if rendu.lstrip().startswith("<"):
            try:
                fromstring(rendu, forbid_dtd=True)
            except ParseError as erreur:
                raise GabaritRefuse(
                    "Une condition ou une boucle commence dans un paragraphe et finit dans un autre : mettez "
                    "{%p if … %} et {%p endif %} chacun seul dans son paragraphe ({%tr … %} dans un tableau)."
                ) from erreur
        return rendu
