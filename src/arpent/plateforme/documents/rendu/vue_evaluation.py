"""The text of a report of evaluation: the PDF and the Word document share it."""

from __future__ import annotations

from ..donnees_evaluation import LARGEURS, RapportEvaluationDoc, SectionDoc, TableauDoc
from .texte import jour
from .vue import Vue, nettoyer, vue_charte


def vue_rapport_evaluation(doc: RapportEvaluationDoc) -> Vue:
    """Each section, its tables told by their width. ValueError: a table of a width no template has."""
    return nettoyer(
        {
            "titre": doc.titre,
            "nom": doc.autorite,
            "siren": "",
            "territoire": doc.territoire,
            "surtitre": f"{doc.nature} · {doc.generation}",
            "reference": doc.reference,
            "date_iso": doc.etabli_le.isoformat(),
            "etabli_le": jour(doc.etabli_le),
            "etabli": f"Établi le {jour(doc.etabli_le)}"
            + (f" par {doc.etabli_par}" if doc.etabli_par else "")
            + (" ; contient des valeurs de démonstration" if doc.demonstration else ""),
            "sections": [_section(s) for s in doc.sections],
            "demonstration": doc.demonstration,
            "charte": vue_charte(doc.charte),
        }
    )


def _section(s: SectionDoc) -> Vue:
    return {
        "titre": s.titre,
        "paragraphes": list(s.paragraphes),
        "points": list(s.points),
        "tableaux": [_tableau(t) for t in s.tableaux if t.lignes],
        "note": s.note,
    }


def _tableau(t: TableauDoc) -> Vue:
    largeur = len(t.colonnes)
    if largeur not in LARGEURS or any(len(x) != largeur for x in (*t.lignes, *filter(None, (t.pied,)))):
        raise ValueError(f"tableau « {t.titre} » : {largeur} colonnes, ou une ligne d’une autre longueur")
    return {
        "titre": t.titre,
        "largeur": largeur,
        "droite": list(t.droite),
        "entetes": _cases(t.colonnes),
        "lignes": [_cases(x) for x in t.lignes],
        "pied": _cases(t.pied or ("",) * largeur),
        "a_pied": bool(t.pied),
    }


def _cases(textes: tuple[str, ...]) -> Vue:
    """By name: a Word template reads names."""
    return {f"c{n}": texte for n, texte in enumerate(textes)}
