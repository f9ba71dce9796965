"""Sixty texts that an attacker would type, and how to tell that one of them came alive."""

from __future__ import annotations

import csv
import io
import json
import re
import zipfile
from collections.abc import Iterator
from html.parser import HTMLParser
from xml.etree.ElementTree import Element, ParseError

import pikepdf
from defusedxml.ElementTree import fromstring

from tests.documents.verification import pages

BALISES = (
    "<script>window.__execute=1</script>",
    "<ScRiPt>window.__execute=1</sCrIpT>",
    "<img src=x onerror=window.__execute=1>",
    "<svg onload=window.__execute=1>",
    "<svg><script>window.__execute=1</script></svg>",
    "<iframe srcdoc='<script>parent.__execute=1</script>'></iframe>",
    "<math><mtext></table><img src onerror=window.__execute=1>",
    "<details open ontoggle=window.__execute=1>",
    "</textarea><script>window.__execute=1</script>",
    "</title><script>window.__execute=1</script>",
    "</style></select><pirate>",
    "</script><script>window.__execute=1</script>",
    "--><pirate>",
    "]]><pirate>",
    "<base href=//pirate.invalid/>",
    "<meta http-equiv=refresh content=0;url=//pirate.invalid>",
    "</form><form action=//pirate.invalid><button>",
    "&lt;pirate&gt;&#60;pirate&#62;",
    '<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a>',
)
ATTRIBUTS = (
    '" onmouseover="window.__execute=1',
    "' onfocus='window.__execute=1' autofocus='",
    '"><pirate>',
    "'><pirate>",
    '" pirate="',
    "` onclick=window.__execute=1 `",
)
ADRESSES = (
    "javascript:window.__execute=1",
    "JaVaScRiPt:window.__execute=1//",
    "java\tscript:window.__execute=1",
    "data:text/html,<script>window.__execute=1</script>",
    "vbscript:pirate",
    "//pirate.invalid/",
    "../../../../etc/passwd",
)
SCRIPTS = (
    "';window.__execute=1;//",
    '";window.__execute=1;//',
    "\\';window.__execute=1;//",
    "`${window.__execute=1}`",
    "\u2028window.__execute=1",
)
GABARITS = (
    '{{ "gabarit-execute"|upper }}',
    "{{ settings.SECRET_KEY }}",
    "{% pirate %}{% include 'x' %}",
    "{# pirate",
    "{%p if pirate %}",
    '#upper("gabarit-execute")',
    ']#upper("gabarit-execute")[',
    '#include "/etc/passwd"',
    "$ x^2 $ *a* _b_ @pirate <pirate> // /* `",
    "%s %(pirate)s {pirate} %n",
)
FORMULES = (
    "=1+1",
    "+1+1",
    "-1+1",
    "@SUM(A1)",
    '=HYPERLINK("http://pirate.invalid")',
    "\t=1+1",
    "=cmd|' /C calc'!A0",
    "'; DROP TABLE plans_fiche; --",
)
SIGNES = (
    "a\r\nSet-Cookie: pirate=1",
    "\u202egnp.etaripe",
    "pi\u200brate\ufeff",
    "\U0001f469\U0001f3fd\u200d\U0001f33e\U0001f3f4\u200d\u2620\ufe0f",
    "\x08\x0b\x1b[31m\ufffe\uffff",
)
LONGUE = "é€" * 2_500  # 5,000 characters
CHARGES = (*BALISES, *ATTRIBUTS, *ADRESSES, *SCRIPTS, *GABARITS, *FORMULES, *SIGNES)
# What no text can hold: NUL is refused by the forms; half a surrogate is not even UTF-8.
INTERDITS = ("pi\x00rate",)
DEMI_SURROGAT = b"pi%ED%A0%80rate"


def texte_piege(longueur: int | None, rang: int) -> str:
    """Payloads from `rang` on, as many as `longueur` characters hold (None: all of them and the long one)."""
    suite = [CHARGES[(rang + i) % len(CHARGES)] for i in range(len(CHARGES))]
    if longueur is None:
        return "\n".join((*suite, LONGUE))
    pris = ""
    for charge in suite:
        if len(pris) + len(charge) + 1 <= longueur:
            pris += (" " if pris else "") + charge
    return pris or suite[0][:longueur]


_VIVANTES = {"pirate", "iframe", "base", "math", "object", "embed"}
_SORTIE = re.compile(r"(javascript|vbscript|data:text|//pirate|https?://pirate)", re.IGNORECASE)
_EVALUE = ("GABARIT-EXECUTE", "root:x:0")


class _Lecteur(HTMLParser):
    """What a browser would see in the page that only a payload can have put there."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.fautes: list[str] = []
        self._script: dict[str, str | None] | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.fautes += _fautes_de_balise(tag, dict(attrs))
        self._script = dict(attrs) if tag == "script" else None

    def handle_endtag(self, tag: str) -> None:
        if tag == "script":
            self._script = None

    def handle_data(self, data: str) -> None:
        if self._script is None or (self._script.get("type") or "").endswith("json"):
            return
        if "__execute" in data or "pirate" in data:
            self.fautes.append(f"un script contient le texte : {data[:80]}")

    def handle_comment(self, data: str) -> None:
        if "pirate" in data or "__execute" in data:
            self.fautes.append(f"un commentaire contient le texte : {data[:80]}")


def _fautes_de_balise(tag: str, attrs: dict[str, str | None]) -> list[str]:
    fautes = [f"balise {tag}"] if tag in _VIVANTES else []
    for nom, valeur in attrs.items():
        nu = re.sub(r"[\x00-\x20]", "", valeur or "")
        if (
            nom.startswith("on")
            or nom in {"pirate", "srcdoc"}
            or (nom == "http-equiv" and "pirate" in str(attrs))
        ):
            fautes.append(f"attribut {nom} de {tag} : {valeur}")
        if nom in {"href", "src", "action", "formaction", "xlink:href"} and _SORTIE.match(nu):
            fautes.append(f"adresse {nom} de {tag} : {valeur}")
    return fautes


def fautes(type_contenu: str, contenu: bytes) -> list[str]:
    """The payloads that came alive in an answer; empty when every one is still a text."""
    genre = type_contenu.partition(";")[0].strip()
    if genre == "text/html":
        trouvees = _fautes_html(contenu.decode())
    elif genre == "text/csv":
        trouvees = _fautes_csv(contenu.decode("utf-8-sig"))
    elif genre == "application/pdf":
        trouvees = _fautes_pdf(contenu)
    elif genre.endswith("json"):
        json.loads(contenu)
        trouvees = []
    elif genre == "image/svg+xml":
        trouvees = _fautes_xml(fromstring(contenu))
    elif contenu[:2] == b"PK":
        trouvees = list(_fautes_archive(contenu))
    else:
        trouvees = [mot for mot in _EVALUE if mot.encode() in contenu]
    return trouvees


def montre(type_contenu: str, contenu: bytes) -> bool:
    """Whether an answer shows a payload at all (a page without any proves nothing)."""
    if type_contenu.startswith("application/pdf"):
        return any("pirate" in page for page in pages(contenu))
    if contenu[:2] != b"PK":
        return b"pirate" in contenu
    with zipfile.ZipFile(io.BytesIO(contenu)) as archive:
        return any(b"pirate" in archive.read(nom) for nom in archive.namelist())


def _fautes_html(texte: str) -> list[str]:
    lecteur = _Lecteur()
    lecteur.feed(texte)
    lecteur.close()
    return lecteur.fautes + [f"{mot} est écrit dans la page" for mot in _EVALUE if mot in texte]


def _fautes_csv(texte: str) -> list[str]:
    cellules = [c for ligne in csv.reader(io.StringIO(texte), delimiter=";") for c in ligne]
    nombre = re.compile(r"-?[\d\s\u00a0\u202f]+(,\d+)?")
    return [c for c in cellules if c[:1] in ("=", "+", "-", "@", "\t", "\r") and not nombre.fullmatch(c)]


def _fautes_pdf(contenu: bytes) -> list[str]:
    trouvees = [mot for mot in _EVALUE if any(mot in page for page in pages(contenu))]
    with pikepdf.Pdf.open(io.BytesIO(contenu)) as pdf:
        for objet in pdf.objects:
            if isinstance(objet, pikepdf.Dictionary) and str(objet.get("/S", "")) in {
                "/JavaScript",
                "/Launch",
            }:
                trouvees.append(f"action {objet.get('/S')}")
            if isinstance(objet, pikepdf.Dictionary) and _SORTIE.match(str(objet.get("/URI", ""))):
                trouvees.append(f"lien vers {objet.get('/URI')}")
    return trouvees


def _fautes_archive(contenu: bytes) -> Iterator[str]:
    """Office files: every part is well-formed XML, no formula and no link comes from a payload."""
    with zipfile.ZipFile(io.BytesIO(contenu)) as archive:
        for nom in archive.namelist():
            if nom.endswith((".xml", ".rels")):
                try:
                    racine = fromstring(archive.read(nom))
                except ParseError as erreur:
                    yield f"{nom} : {erreur}"
                    continue
                yield from (f"{nom} : {faute}" for faute in _fautes_xml(racine))


_FORMULE = re.compile(r"1\+1|pirate|SUM\(A1\)|calc|__execute")


def _fautes_xml(racine: Element) -> list[str]:
    trouvees = []
    for element in racine.iter():
        nom = str(element.tag).rpartition("}")[2]
        attributs = {cle.rpartition("}")[2]: valeur for cle, valeur in element.attrib.items()}
        trouvees += _fautes_de_balise(nom, {k: v for k, v in attributs.items() if k != "Target"})
        formule = (element.text or "") if nom == "f" else attributs.get("formula", "")
        if _FORMULE.search(formule):
            trouvees.append(f"formule {formule}")
        if _SORTIE.match(attributs.get("Target", "")):
            trouvees.append(f"lien vers {attributs['Target']}")
        trouvees += [mot for mot in _EVALUE if mot in (element.text or "")]
    return trouvees


_TAPES = {"text", "search", "email", "tel", "url"}


class Formulaires(HTMLParser):
    """The forms of a page that are sent by POST: address, and fields by name (typed ones are None)."""

    def __init__(self) -> None:
        super().__init__()
        self.trouves: list[tuple[str, dict[str, str | None]]] = []
        self._ouvert: dict[str, str | None] | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        a = dict(attrs)
        if tag == "form":
            self._ouvert = {} if (a.get("method") or "").lower() == "post" else None
            if self._ouvert is not None:
                self.trouves.append((a.get("action") or "", self._ouvert))
        elif self._ouvert is not None and (nom := a.get("name")):
            if tag == "textarea" or (tag == "input" and (a.get("type") or "text") in _TAPES):
                self._ouvert[nom] = None
            elif tag in {"input", "button"} and a.get("type") not in {"file", "checkbox", "radio"}:
                self._ouvert[nom] = a.get("value") or ""

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._ouvert = None
