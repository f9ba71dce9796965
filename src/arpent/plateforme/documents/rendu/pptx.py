"""The portrait as slides for the COPIL: one finding a slide, big type, charts that can still be edited."""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from typing import Any

from pptx import Presentation
from pptx.util import Inches

from ..donnees import ConstatDoc
from ..donnees_portrait import FluxDoc, GraphiqueDoc, PortraitDoc, VulnerabiliteDoc
from . import pieces_pptx as pieces
from .texte import TIRET, jour, taux

DESSIN = (pieces.MARGE, Inches(1.75), pieces.PLEIN, Inches(4.7))
GRAPHIQUES_MAX = 4
"""Slides of one chart, beside the flows and the class: more would not be read."""
CONSTATS_MAX = 5
ENJEUX_MAX = 6


def rendre_portrait_pptx(doc: PortraitDoc) -> bytes:
    """16:9, 9 to 14 slides according to what is known. ImageImpossible when a drawing fails."""
    presentation = Presentation()
    presentation.slide_width, presentation.slide_height = pieces.LARGEUR, pieces.HAUTEUR
    proprietes = presentation.core_properties
    proprietes.title, proprietes.author = f"Portrait de territoire : {doc.territoire}", doc.autorite
    proprietes.language, proprietes.subject = "fr-FR", doc.titre
    serie = _Serie(presentation, f"{doc.territoire} · portrait figé le {jour(doc.fige_le)}")
    _couverture(serie, doc)
    _perimetre(serie, doc)
    _chiffres(serie, doc)
    for graphique in _graphiques(doc):
        diapo = serie.ouvrir(graphique.titre, graphique.source)
        pieces.dessiner(diapo, graphique, DESSIN)
    _flux(serie, doc.flux)
    if doc.vulnerabilite is not None:
        _vulnerabilite(serie, doc.vulnerabilite)
    _constats(serie, doc.constats)
    _enjeux(serie, doc)
    _sources(serie, doc)
    for diapo in presentation.slides:
        pieces.langue_francaise(diapo)
    sortie = io.BytesIO()
    presentation.save(sortie)
    return sortie.getvalue()


class _Serie:
    """The slides in their order, each with its title, its foot and its notes."""

    def __init__(self, presentation: Any, pied: str) -> None:
        self.presentation, self.pied = presentation, pied

    def ouvrir(self, titre: str, notes: str = "") -> Any:
        diapo = self.presentation.slides.add_slide(self.presentation.slide_layouts[5])
        fond = diapo.background.fill
        fond.solid()
        fond.fore_color.rgb = pieces.couleur(pieces.PAPIER)
        pieces.titrer(diapo, titre)
        pieces.pied(diapo, self.pied, len(self.presentation.slides))
        if notes:
            pieces.annoter(diapo, notes)
        return diapo


def _couverture(serie: _Serie, doc: PortraitDoc) -> None:
    diapo = serie.ouvrir(doc.territoire, "\n".join(doc.mentions_demonstration))
    haut = (pieces.MARGE, Inches(2.2), pieces.PLEIN, Inches(2.2))
    pieces.ecrire(diapo, [doc.titre], haut, taille=34, gras=True, police=pieces.POLICE_TITRE)
    bas = (pieces.MARGE, Inches(4.7), pieces.PLEIN, Inches(1.8))
    textes = ["Portrait de territoire", doc.perimetre, f"{doc.autorite} · {doc.dispositif}"]
    pieces.ecrire(diapo, textes, bas, teinte=pieces.DOUX)


def _perimetre(serie: _Serie, doc: PortraitDoc) -> None:
    notes = f"Communes : {', '.join(doc.communes)}."
    diapo = serie.ouvrir(f"Le périmètre : {doc.perimetre}", notes)
    if doc.carte is not None:
        cadre = (pieces.MARGE, Inches(1.75), Inches(7.6), Inches(4.9))
        pieces.dessiner(diapo, doc.carte, cadre)
    droite = (Inches(8.7), Inches(1.9), Inches(3.9), Inches(4.6))
    noms = list(doc.intercommunalites[:8])
    if len(doc.intercommunalites) > len(noms):
        noms.append(f"et {len(doc.intercommunalites) - len(noms)} autres")
    pieces.ecrire(diapo, [*noms, f"{len(doc.communes)} communes"], droite)


def _chiffres(serie: _Serie, doc: PortraitDoc) -> None:
    sources = "\n".join(f"{c.libelle} : {c.source}" for c in doc.chiffres)
    diapo = serie.ouvrir("Six repères pour commencer", sources)
    large = int(pieces.PLEIN / 3)
    for rang, chiffre in enumerate(doc.chiffres[:6]):
        x, y = pieces.MARGE + (rang % 3) * large, Inches(1.9 + (rang // 3) * 2.45)
        pieces.ecrire(
            diapo, [chiffre.valeur], (x, y, large - Inches(0.2), Inches(0.8)), taille=36, gras=True,
            teinte=pieces.VERT, police=pieces.POLICE_TITRE,
        )  # fmt: skip
        textes = [t for t in (chiffre.libelle, chiffre.detail) if t]
        pieces.ecrire(diapo, textes, (x, y + Inches(0.8), large - Inches(0.2), Inches(1.4)), taille=18)


def _graphiques(doc: PortraitDoc) -> Iterator[GraphiqueDoc]:
    """The charts of the whole, then the first of each family, without repeating a finding."""
    vus: set[str] = set()
    for graphique in (*doc.ensemble, *(f.graphiques[0] for f in doc.familles if f.graphiques)):
        if graphique.titre not in vus and len(vus) < GRAPHIQUES_MAX:
            vus.add(graphique.titre)
            yield graphique


def _flux(serie: _Serie, flux: FluxDoc) -> None:
    diapo = serie.ouvrir(flux.titre, "\n".join((*flux.paragraphes, *flux.avertissements)))
    lignes = [
        (
            base.libelle,
            TIRET if base.central is None else f"{base.central / 1_000_000:.1f}\u00a0M€".replace(".", ","),
            taux(base.part),
            taux(base.part_nationale),
        )
        for base in flux.bases
    ]
    cadre = (pieces.MARGE, Inches(1.9), pieces.PLEIN, Inches(2.6))
    pieces.tableau(diapo, ("Base", "Par an", "Part ici", "Part en France"), lignes, cadre)
    bas = (pieces.MARGE, Inches(5.0), pieces.PLEIN, Inches(1.8))
    pieces.ecrire(
        diapo, ["Estimations : lire l’ordre de grandeur, pas l’euro."], bas, taille=18, teinte=pieces.DOUX
    )
    for graphique in flux.graphiques[:1]:
        suite = serie.ouvrir(graphique.titre, graphique.source)
        pieces.dessiner(suite, graphique, DESSIN)


def _vulnerabilite(serie: _Serie, v: VulnerabiliteDoc) -> None:
    mention = " (valeurs de démonstration)" if v.demonstration else ""
    diapo = serie.ouvrir(f"{v.classe}{mention}", "\n".join((v.modele, v.comparaison, *v.avertissements)))
    textes = [t for t in (v.pourquoi, *v.effets, v.stabilite) if t]
    pieces.ecrire(diapo, textes, (pieces.MARGE, Inches(1.9), pieces.PLEIN, Inches(4.8)), taille=20)


def _constats(serie: _Serie, constats: Sequence[ConstatDoc]) -> None:
    """Strengths beside weaknesses, then opportunities beside threats."""
    for gauche, droite, titre in (
        ("force", "faiblesse", "Nos forces, nos faiblesses"),
        ("opportunité", "menace", "Ce qui s’ouvre, ce qui menace"),
    ):
        cotes = [[c for c in constats if c.type == genre] for genre in (gauche, droite)]
        if not any(cotes):
            continue
        notes = "\n".join(f"{c.texte} {c.preuve}" for cote in cotes for c in cote)
        diapo = serie.ouvrir(titre, notes)
        moitie = int(pieces.PLEIN / 2)
        for rang, cote in enumerate(cotes):
            x = pieces.MARGE + rang * moitie
            nom = f"{(gauche, droite)[rang].capitalize()}s"
            pieces.ecrire(
                diapo, [nom], (x, Inches(1.8), moitie, Inches(0.6)), taille=24, gras=True, teinte=pieces.VERT
            )
            textes = [c.texte for c in cote[:CONSTATS_MAX]] or ["Rien d’écrit pour l’instant."]
            if len(cote) > CONSTATS_MAX:
                textes.append(f"et {len(cote) - CONSTATS_MAX} autres")
            cadre = (x, Inches(2.45), moitie - Inches(0.4), Inches(4.3))
            pieces.ecrire(diapo, textes, cadre, taille=18, puces=bool(cote))


def _enjeux(serie: _Serie, doc: PortraitDoc) -> None:
    if not doc.enjeux:
        return
    diapo = serie.ouvrir("Ce qui est en jeu", "\n".join(e.description for e in doc.enjeux if e.description))
    textes = [f"{e.numero}. {e.titre}" for e in doc.enjeux[:ENJEUX_MAX]]
    pieces.ecrire(diapo, textes, (pieces.MARGE, Inches(2.0), pieces.PLEIN, Inches(4.6)), taille=26)


def _sources(serie: _Serie, doc: PortraitDoc) -> None:
    diapo = serie.ouvrir("D’où viennent ces chiffres", "\n".join(doc.methode))
    textes = [f"{s.titre}, {s.millesime}" for s in doc.sources[:10]]
    if len(doc.sources) > len(textes):
        textes.append(f"et {len(doc.sources) - len(textes)} autres sources, dans le document complet")
    pieces.ecrire(diapo, textes, (pieces.MARGE, Inches(1.8), pieces.PLEIN, Inches(4.4)), taille=18)
    empreinte = f"Données figées le {jour(doc.fige_le)}, empreinte {doc.donnees_sha256[:16]}"
    bas = (pieces.MARGE, Inches(6.4), pieces.PLEIN, Inches(0.5))
    pieces.ecrire(diapo, [*doc.mentions_demonstration[:1], empreinte], bas, taille=12, teinte=pieces.DOUX)
