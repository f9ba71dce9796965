"""The portrait as slides for the COPIL: one finding a slide, big type, native charts for plain bars."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ..donnees_portrait import GraphiqueDoc, PortraitDoc
from .lames import (
    DOUCE,
    ENCRE,
    HAUTEUR,
    LARGEUR,
    MARGE,
    OCRE,
    VERT,
    Barre,
    Lames,
    couper,
    fermer,
    ouvrir,
)
from .texte import jour
from .vue_portrait import PLURIELS, lignes_des_bases

CONSTATS_PAR_QUADRANT, ENJEUX_MAX, GRAPHIQUES_MAX = 2, 5, 4
SIGNES_PAR_CONSTAT = 95
ESTIMATIONS = "Les flux de revenus sont des estimations : lire l’intervalle autant que la valeur centrale."
Image = Callable[[str, int], bytes]
"""Draws a self-contained SVG as a PNG of that many pixels."""


def rendre_portrait_pptx(doc: PortraitDoc, image: Image) -> bytes:
    """10 to 14 slides, 16:9. `image` comes from the caller (socle.images)."""
    deck = ouvrir()
    dit = _Diapositives(deck, doc, image)
    dit.couverture()
    if doc.carte:
        dit.graphique(f"Le périmètre : {doc.perimetre}", doc.carte)
    dit.chiffres()
    for g in doc.ensemble[:GRAPHIQUES_MAX]:
        dit.graphique(g.titre, g)
    for g in doc.flux.graphiques[:2]:
        dit.graphique(g.titre, g)
    dit.bases()
    dit.vulnerabilite()
    dit.afom()
    dit.enjeux()
    dit.sources()
    return fermer(deck, f"Portrait de territoire, {doc.territoire}", doc.autorite, doc.fige_le)


class _Diapositives(Lames):
    """Writes the slides one after the other; lengths in millimetres."""

    def __init__(self, deck: Any, doc: PortraitDoc, image: Image) -> None:
        super().__init__(deck)
        self.doc, self.image = doc, image

    def couverture(self) -> None:
        doc = self.doc
        lame = self.nouvelle(
            "Portrait de territoire", f"Figé le {jour(doc.fige_le)}. Données {doc.donnees_sha256}."
        )
        lignes = [
            (doc.territoire, 40, VERT, True),
            (f"{doc.titre}.", 24, ENCRE, False),
            (doc.perimetre, 20, DOUCE, False),
            (f"{doc.autorite} · figé le {jour(doc.fige_le)}", 20, DOUCE, False),
        ]
        lignes += [(x, 18, OCRE, True) for x in doc.mentions_demonstration]
        self.texte(lame, MARGE, 52, LARGEUR - 2 * MARGE, 120, lignes)

    def chiffres(self) -> None:
        chiffres = self.doc.chiffres[:6]
        notes = "\n".join(f"{c.libelle} : {c.valeur}. {c.source}." for c in chiffres)
        lame = self.nouvelle("Les chiffres clés", notes)
        large = (LARGEUR - 2 * MARGE) / 3
        for rang, c in enumerate(chiffres):
            x, y = MARGE + rang % 3 * large, 50 + rang // 3 * 66
            textes = [(c.valeur, 32, VERT, True), (c.libelle, 20, ENCRE, False), (c.detail, 18, DOUCE, False)]
            self.texte(lame, x, y, large - 6, 60, textes)

    def graphique(self, titre: str, g: GraphiqueDoc) -> None:
        """A native chart when the table is plain bars (it can then be edited), else the drawing."""
        lame = self.nouvelle(titre, f"{g.titre}.\n{g.description}\nSource : {g.source}.\n{self._table(g)}")
        if g.barres:
            barres = [Barre(b.libelle, b.valeur, b.ecrit) for b in g.barres]
            self.barres(lame, g.entetes[-1], f"{g.titre}. {g.description}", barres)
        else:
            self.dessin(lame, self.image(g.svg, g.largeur), f"{g.titre}. {g.description}")
        self.texte(
            lame,
            MARGE,
            HAUTEUR - 15,
            LARGEUR - 2 * MARGE,
            10,
            [(couper(f"Source : {g.source}", 105), 18, DOUCE, False)],
        )

    @staticmethod
    def _table(g: GraphiqueDoc) -> str:
        return "\n".join(" ; ".join(ligne) for ligne in (g.entetes, *g.lignes[:30]))

    def bases(self) -> None:
        flux = self.doc.flux
        lame = self.nouvelle(
            "Les quatre bases de revenus", "\n".join((*flux.paragraphes, *flux.avertissements))
        )
        lignes = [
            [x[0].split(" (")[0], x[2], f"{x[1]} à {x[3]}", x[4], x[5]] for x in lignes_des_bases(flux.bases)
        ]
        self.tableau(lame, ["Base", "Estimation", "Intervalle", "Part ici", "Part en France"], lignes)

    def vulnerabilite(self) -> None:
        v = self.doc.vulnerabilite
        if v is None:
            return
        notes = "\n".join((v.modele, v.comparaison, *v.avertissements))
        if v.demonstration:
            notes += "\nModèle à pondérations de démonstration."
        lame = self.nouvelle(f"Vulnérabilité : {v.classe.lower()}", notes)
        lignes = [(v.pourquoi, 24, ENCRE, False), (f"Modèle : {v.modele}", 20, DOUCE, False)]
        lignes += [(e, 20, ENCRE, True) for e in v.effets]
        lignes += [(v.stabilite, 20, ENCRE, False)] if v.stabilite else []
        lignes += [("Valeurs de démonstration", 18, OCRE, True)] if v.demonstration else []
        self.texte(lame, MARGE, 50, LARGEUR - 2 * MARGE, 120, lignes)

    def afom(self) -> None:
        doc = self.doc
        if not doc.constats:
            return
        notes = "\n".join(f"{c.type} : {c.texte} {c.preuve}".strip() for c in doc.constats)
        lame = self.nouvelle("Ce que le territoire constate", notes)
        large = (LARGEUR - 2 * MARGE) / 2
        for rang, (nature, titre) in enumerate(PLURIELS.items()):
            trouves = [c for c in doc.constats if c.type == nature]
            lignes = [(titre, 22, VERT, True)]
            lignes += [
                (f"• {couper(c.texte, SIGNES_PAR_CONSTAT)}", 18, ENCRE, False)
                for c in trouves[:CONSTATS_PAR_QUADRANT]
            ]
            reste = len(trouves) - CONSTATS_PAR_QUADRANT
            lignes += (
                [(f"et {reste} autre{'s' if reste > 1 else ''}, en note", 18, DOUCE, False)]
                if reste > 0
                else []
            )
            lignes += [] if trouves else [("Aucun constat.", 18, DOUCE, False)]
            self.texte(lame, MARGE + rang % 2 * large, 46 + rang // 2 * 68, large - 6, 64, lignes)

    def enjeux(self) -> None:
        enjeux = self.doc.enjeux
        if not enjeux:
            return
        lame = self.nouvelle(
            "Ce qui est en jeu", "\n".join(f"{e.numero}. {e.titre} {e.description}" for e in enjeux)
        )
        lignes = [(f"{e.numero}.  {e.titre}", 26, ENCRE, False) for e in enjeux[:ENJEUX_MAX]]
        self.texte(lame, MARGE, 52, LARGEUR - 2 * MARGE, 120, lignes)

    def sources(self) -> None:
        doc = self.doc
        notes = "\n".join(
            f"{s.titre} : {s.millesime} ; couverture {s.couverture} ; secret : {s.secret}"
            for s in doc.sources
        )
        lame = self.nouvelle("Sources et méthode", notes + "\n" + "\n".join(doc.methode))
        fige = f"Figé le {jour(doc.fige_le)}. Empreinte des données : {doc.donnees_sha256[:16]}."
        producteurs = ", ".join(dict.fromkeys(s.titre.split(",")[0] for s in doc.sources))
        self.texte(
            lame, MARGE, 50, LARGEUR - 2 * MARGE, 120,
            [
                (f"Producteurs : {producteurs}.", 20, ENCRE, False),
                (ESTIMATIONS, 20, ENCRE, False),
                ("Une valeur absente ou secrète n’est jamais comptée pour zéro.", 20, ENCRE, False),
                (fige, 18, DOUCE, False),
            ],
        )  # fmt: skip
