"""What a PDF must show to be PDF/A-2a and PDF/UA-1, as far as its structure tells; and its text.

Not a validator: the structural faults that a template can introduce (this check agreed with veraPDF on seven
files out of eight when it was chosen).
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from typing import Any

import pikepdf
from pikepdf import Name, Pdf


def faults(content: bytes) -> list[str]:
    """The faults of a PDF, in plain words; empty when it passes."""
    found = [] if content.endswith(b"%%EOF\n") else ["no end of line after %%EOF"]
    with Pdf.open(io.BytesIO(content)) as pdf:
        found += _declarations(pdf)
        found += _structure(pdf)
        found += _annotations(pdf)
        found += [f"font not embedded: {name}" for name in _fonts_not_embedded(pdf)]
    return found


def titles(content: bytes) -> list[tuple[int, str]]:
    """The bookmarks, in order: (depth, title)."""

    def walk(items: Any, depth: int) -> Iterator[tuple[int, str]]:
        for item in items:
            yield depth, str(item.title)
            yield from walk(item.children, depth + 1)

    with Pdf.open(io.BytesIO(content)) as pdf, pdf.open_outline() as outline:
        return list(walk(outline.root, 1))


def pages(content: bytes) -> list[str]:
    """The text of each page, without any white space (kerning makes spaces unreliable)."""
    with Pdf.open(io.BytesIO(content)) as pdf:
        return [re.sub(r"[\s\u200b]", "", _page_text(page)) for page in pdf.pages]


def _declarations(pdf: Pdf) -> Iterator[str]:
    root = pdf.Root
    with pdf.open_metadata() as meta:
        expected = {"pdfaid:part": "2", "pdfaid:conformance": "A", "pdfuaid:part": "1"}
        yield from (f"XMP {key} is not {value}" for key, value in expected.items() if meta.get(key) != value)
        if not meta.get("dc:title"):
            yield "no title"
    if not root.get("/MarkInfo", {}).get("/Marked"):
        yield "not marked"
    if not str(root.get("/Lang", "")).lower().startswith("fr"):
        yield "language is not French"
    if "/OutputIntents" not in root:
        yield "no output intent"
    if not root.get("/ViewerPreferences", {}).get("/DisplayDocTitle"):
        yield "title not displayed"
    if "/AF" in root or "/JavaScript" in root.get("/Names", {}):
        yield "attachment or script"


def _structure(pdf: Pdf) -> Iterator[str]:
    if "/StructTreeRoot" not in pdf.Root:
        yield "no structure tree"
        return
    level = 0
    for node in _nodes(pdf.Root.StructTreeRoot):
        tag = str(node.get("/S", ""))
        if tag == "/Figure" and not str(node.get("/Alt", "")):
            yield "figure without alternative text"
        if tag == "/Table" and not any(str(x.get("/S", "")) == "/TH" for x in _nodes(node)):
            yield "table without a header cell"
        if heading := re.fullmatch(r"/H([1-6])", tag):
            if int(heading[1]) > level + 1:
                yield f"heading level skipped: {level} to {heading[1]}"
            level = int(heading[1])


def _annotations(pdf: Pdf) -> Iterator[str]:
    """Flags (ISO 19005-2, 6.3.2), appearance of what shows (6.3.3), tab order (ISO 14289-1, 7.18.3)."""
    printed, unseen = 4, 1 | 2 | 32
    for page in pdf.pages:
        annotations = list(page.get("/Annots", []))
        if annotations and page.get("/Tabs") != Name.S:
            yield "tab order is not that of the structure"
        for one in annotations:
            flags = int(one.get("/F", 0))
            if not flags & printed or flags & unseen:
                yield f"annotation {one.get('/Subtype')} not printed or hidden"
            left, bottom, right, top = (float(x) for x in one.Rect)
            shows = right > left and top > bottom
            if one.get("/Subtype") == Name.Widget and shows and "/AP" not in one:
                yield "visible field without appearance"


def _nodes(root: Any) -> Iterator[Any]:
    pending = [root]
    while pending:
        node = pending.pop()
        if not isinstance(node, pikepdf.Dictionary):
            continue
        yield node
        children = node.get("/K", [])
        pending += reversed(list(children) if isinstance(children, pikepdf.Array) else [children])


def _fonts_not_embedded(pdf: Pdf) -> set[str]:
    files = {"/FontFile", "/FontFile2", "/FontFile3"}
    dictionaries = (entry for entry in pdf.objects if isinstance(entry, pikepdf.Dictionary))
    descriptors = (entry for entry in dictionaries if entry.get("/Type") == Name.FontDescriptor)
    return {str(entry.get("/FontName")) for entry in descriptors if not files & set(entry.keys())}


def _page_text(page: pikepdf.Page) -> str:
    fonts = {name: _to_unicode(font) for name, font in page.Resources.get("/Font", {}).items()}
    current: dict[int, str] = {}
    text: list[str] = []
    for instruction in pikepdf.parse_content_stream(page):
        operator = str(instruction.operator)
        if operator == "Tf":
            current = fonts[str(instruction.operands[0])]
        elif operator in ("Tj", "TJ"):
            operand = instruction.operands[0]
            for part in operand if isinstance(operand, pikepdf.Array) else [operand]:
                if isinstance(part, pikepdf.String):
                    raw = bytes(part)
                    text += (
                        current.get(int.from_bytes(raw[i : i + 2], "big"), "") for i in range(0, len(raw), 2)
                    )
    return "".join(text)


def _to_unicode(font: Any) -> dict[int, str]:
    cmap = font.ToUnicode.read_bytes().decode("ascii")
    table: dict[int, str] = {}
    for block in re.findall(r"beginbfchar(.*?)endbfchar", cmap, re.S):
        for code, text in re.findall(r"<([0-9A-Fa-f]+)>\s*<([0-9A-Fa-f]+)>", block):
            table[int(code, 16)] = bytes.fromhex(text).decode("utf-16-be")
    for block in re.findall(r"beginbfrange(.*?)endbfrange", cmap, re.S):
        for first, last, text in re.findall(r"<(\w+)>\s*<(\w+)>\s*<(\w+)>", block):
            start = ord(bytes.fromhex(text).decode("utf-16-be"))
            for shift in range(int(last, 16) - int(first, 16) + 1):
                table[int(first, 16) + shift] = chr(start + shift)
    return table
