"""Sixty texts that somebody may type to break a document or its reader, and a way to put them everywhere."""

from __future__ import annotations

import types
from dataclasses import fields, is_dataclass, replace
from typing import Any, Literal, TypeVar, Union, get_args, get_origin, get_type_hints

T = TypeVar("T")
HOSTILES: tuple[str, ...] = (
    '#sys.inputs', '#import "/etc/passwd"', '#read("/etc/passwd")', '#eval("1+1")', "#include \"x.typ\"",
    "#panic()", "#{ while true {} }", "#pagebreak()", "#set page(width: 1pt)", "#show: it => none",
    "$x^2$", "$ sum_(i=0)^n i $", "*gras*", "_italique_", "`code`", "```typ #panic() ```", "= Titre",
    "- puce", "+ numéro", "/ terme: sens", "<etiquette>", "@renvoi", "\\u{1F600}", "\\#", "// commentaire",
    "/* bloc */", "[crochets]", "{accolades}", "https://exemple.fr/?a=1&b=2", "mailto:piege@exemple.fr",
    "<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "<svg/onload=alert(1)>",
    "javascript:alert(1)", "'\"><b>", "&lt;&amp;&#60;", "]]></w:t>", "<w:p><w:r/></w:p>", "<!-- -->",
    "<?xml version='1.0'?>", "{{ titre }}", "{{ ''.__class__.__mro__ }}", "{% for x in y %}",
    "{%p endfor %}", "{%tr endfor %}",
    "{# #}", "{{ cycler.__init__.__globals__ }}", "{_{ a }_}", "=1+1", "=HYPERLINK(\"x\")", "+33 4",
    "-1", "@SUM(A1)",
    "\u202eobjet piégé\u202c fin", "שלום עולם", "مرحبا", "Crèche 👶🏽 et vélo 🚲",
    "zero\u200bwidth\ufeff fin",
    "a\x00b\x07c\x1bd\u2028e\x85f\r\ng\th", "mot" * 1667,
)  # fmt: skip


def partout(document: T, texte: str) -> T:
    """The same document with `texte` in every free text, at every depth; drawings and coded words stay."""
    hints = get_type_hints(type(document))
    changes = {
        champ.name: _remplace(hints[champ.name], getattr(document, champ.name), texte)
        for champ in fields(document)  # type: ignore[arg-type]
        if champ.name not in ("svg", "gabarit")
    }
    return replace(document, **changes)  # type: ignore[type-var]


def _remplace(attendu: Any, valeur: Any, texte: str) -> Any:
    if attendu is str:
        return texte
    if isinstance(valeur, tuple):
        genre = get_args(attendu)[0]
        return tuple(_remplace(genre, x, texte) for x in valeur)
    if get_origin(attendu) in (Union, types.UnionType, Literal):
        return partout(valeur, texte) if is_dataclass(valeur) else valeur
    return partout(valeur, texte) if is_dataclass(valeur) else valeur
