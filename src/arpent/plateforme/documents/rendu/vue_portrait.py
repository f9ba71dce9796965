"""The portrait as displayed text, shared by its PDF, its Word document and its slides.

Drawings are kept apart (`dessins`): text cleaning would break them. A chart names its drawing by rank.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from decimal import Decimal

from ..donnees_portrait import BaseDoc, FamilleDoc, FluxDoc, GraphiqueDoc, PortraitDoc, VulnerabiliteDoc
from .texte import INSECABLE, TIRET, entier, jour, taux
from .vue import Vue, nettoyer

NON_DISPONIBLE = "non disponible"
PLURIELS = {
    "force": "Forces",
    "faiblesse": "Faiblesses",
    "opportunité": "Opportunités",
    "menace": "Menaces",
}
ENTETES_BASES = ("Base", "Estimation basse", "Centrale", "Haute", "Part", "Part nationale", "Par habitant")
ENTETES_FAMILLE = ("Indicateur", "Territoire", "Évolution", "Département", "Jumeaux", "France", "Année")


DEMI_PAGE = 500
_HAUTEUR = re.compile(r'height="([\d.]+)"')


def rapport_de(g: GraphiqueDoc) -> float:
    """Height over width of the drawing."""
    trouvee = _HAUTEUR.search(g.svg)
    return float(trouvee[1]) / g.largeur if trouvee else 0.5


def millions(montant: Decimal | None) -> str:
    """« 67,6 M€ »: an estimate is not written to the euro."""
    if montant is None:
        return NON_DISPONIBLE
    return f"{montant / 1_000_000:.1f}".replace(".", ",") + f"{INSECABLE}M€"


def vue_portrait(doc: PortraitDoc) -> tuple[Vue, list[str]]:
    """The view, and the drawings it names."""
    dessins: list[str] = []

    def trace(graphiques: Iterable[GraphiqueDoc]) -> list[Vue]:
        rendus = []
        for g in graphiques:
            dessins.append(g.svg)
            rendus.append(
                {
                    "titre": g.titre,
                    "alternative": f"{g.titre}. {g.description}",
                    "source": g.source,
                    "dessin": len(dessins) - 1,
                    "colonne": g.largeur < DEMI_PAGE,
                    "rapport": rapport_de(g),
                }
            )
        return rendus

    vue = nettoyer(
        {
            "titre": f"Portrait de territoire, {doc.territoire}",
            "constat": doc.titre,
            "territoire": doc.territoire,
            "autorite": doc.autorite,
            "dispositif": doc.dispositif,
            "perimetre": doc.perimetre,
            "intercommunalites": ", ".join(doc.intercommunalites),
            "communes": ", ".join(doc.communes),
            "fige_le": jour(doc.fige_le),
            "date_iso": doc.fige_le.isoformat(),
            "donnees": doc.donnees_sha256[:16],
            "gabarit": doc.gabarit,
            "chiffres": [
                {"libelle": x.libelle, "valeur": x.valeur, "detail": x.detail, "source": x.source}
                for x in doc.chiffres
            ],
            "carte": trace([doc.carte] if doc.carte else []),
            "ensemble": trace(doc.ensemble),
            "familles": [_famille(f, trace(f.graphiques)) for f in doc.familles],
            "flux": _flux(doc.flux, trace(doc.flux.graphiques)),
            "vulnerabilite": _vulnerabilite(doc.vulnerabilite, trace) if doc.vulnerabilite else None,
            "afom": [
                {
                    "titre": titre,
                    "constats": [
                        {"texte": c.texte, "preuve": c.preuve} for c in doc.constats if c.type == nature
                    ],
                }
                for nature, titre in PLURIELS.items()
            ],
            "enjeux": [
                {"numero": e.numero, "titre": e.titre, "description": e.description} for e in doc.enjeux
            ],
            "sources": [
                {"titre": s.titre, "millesime": s.millesime, "couverture": s.couverture, "secret": s.secret}
                for s in doc.sources
            ],
            "methode": list(doc.methode),
            "mentions": list(doc.mentions_demonstration),
            "entetes_bases": list(ENTETES_BASES),
            "entetes_famille": list(ENTETES_FAMILLE),
        }
    )
    return vue, dessins


def _famille(f: FamilleDoc, graphiques: list[Vue]) -> Vue:
    return {
        "titre": f.titre,
        "resume": f.resume,
        "lignes": [
            [
                x.libelle,
                x.valeur,
                x.evolution or TIRET,
                x.departement or TIRET,
                x.jumeaux or TIRET,
                x.france or TIRET,
                x.millesime,
            ]
            for x in f.lignes
        ],
        "absentes": ", ".join(f.absentes),
        "graphiques": graphiques,
    }


def lignes_des_bases(bases: Iterable[BaseDoc]) -> list[list[str]]:
    return [
        [
            b.libelle + (f" (confiance {b.confiance})" if b.confiance else ""),
            millions(b.bas),
            millions(b.central),
            millions(b.haut),
            taux(b.part) if b.part is not None else NON_DISPONIBLE,
            taux(b.part_nationale),
            f"{entier(round(b.par_habitant))}{INSECABLE}€" if b.par_habitant is not None else NON_DISPONIBLE,
        ]
        for b in bases
    ]


def _flux(f: FluxDoc, graphiques: list[Vue]) -> Vue:
    return {
        "titre": f.titre,
        "paragraphes": list(f.paragraphes),
        "bases": lignes_des_bases(f.bases),
        "partenaires": [[p.nom, p.viennent, p.partent] for p in f.partenaires],
        "note": f.partenaires_note,
        "graphiques": graphiques,
        "avertissements": list(f.avertissements),
    }


def _vulnerabilite(v: VulnerabiliteDoc, trace: Callable[[Iterable[GraphiqueDoc]], list[Vue]]) -> Vue:
    return {
        "classe": v.classe,
        "modele": v.modele,
        "pourquoi": v.pourquoi,
        "comparaison": v.comparaison,
        "membres": [list(m) for m in v.membres],
        "effets": list(v.effets),
        "stabilite": v.stabilite,
        "essais": [[e.libelle, e.hausse, e.baisse] for e in v.essais],
        "graphiques": trace(v.graphiques),
        "avertissements": list(v.avertissements),
        "demonstration": v.demonstration,
    }
