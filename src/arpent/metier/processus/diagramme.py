"""The process as a diagram: which steps follow which, in ranks, and as Mermaid text."""

from itertools import pairwise

from .modele import Definition, EtapeModele


def rangs(etapes: tuple[EtapeModele, ...]) -> tuple[tuple[EtapeModele, ...], ...]:
    """Steps side by side when they share a month or are said parallel to the one before; else one a rank."""
    suite: list[list[EtapeModele]] = []
    for etape in etapes:
        avec = suite[-1][-1] if suite else None
        meme_mois = avec is not None and etape.mois is not None and etape.mois == avec.mois
        if avec is not None and (etape.parallele or meme_mois):
            suite[-1].append(etape)
        else:
            suite.append([etape])
    return tuple(tuple(rang) for rang in suite)


def diagramme(definition: Definition) -> str:
    """Mermaid flowchart: one box a step, one frame a phase, a dashed box for an optional step."""
    lignes = ["flowchart TD"]
    for phase in definition.phases:
        lignes.append(f'    subgraph {_nom("p", phase.code)}["{_texte(phase.libelle)}"]')
        for etape in phase.etapes:
            detail = " · ".join(x for x in (f"Mois {etape.mois}" if etape.mois else "", etape.acteur) if x)
            suite = f"<br/>{_texte(detail)}" if detail else ""
            lignes.append(f'        {_nom("e", etape.code)}["{_texte(etape.libelle)}{suite}"]')
        lignes.append("    end")
    suite_rangs = rangs(definition.etapes)
    for avant, apres in pairwise(suite_rangs):
        lignes += [f"    {_nom('e', a.code)} --> {_nom('e', b.code)}" for a in avant for b in apres]
    facultatives = [_nom("e", e.code) for e in definition.etapes if e.facultative]
    if facultatives:
        lignes.append("    classDef facultative stroke-dasharray: 4 4")
        lignes.append(f"    class {','.join(facultatives)} facultative")
    return "\n".join(lignes) + "\n"


def _nom(prefixe: str, code: str) -> str:
    return f"{prefixe}_{code.replace('-', '_')}"


def _texte(libelle: str) -> str:
    return libelle.replace('"', "&quot;")
