"""The contract told to one assembly in nine slides: a village hall, a projector, thirty councillors."""

from __future__ import annotations

import base64
import io
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from ..donnees import TotalDoc
from ..donnees_seance import PresentationDoc, ProjetPresenteDoc
from .lames import DOUCE, ENCRE, LARGEUR, MARGE, OCRE, Barre, Lames, Ligne, fermer, ouvrir
from .texte import FINE, INSECABLE, TIRET, euros, jour, pluriel
from .vue_convocation import du
from .vue_note import ce_que_cela_change, consequences, demande

LIGNES_MAX, ENJEUX_MAX, BARRES_MAX = 6, 6, 7
PEU_DE_LIGNES = 3
"""A table that short leaves room for a sentence under it."""
LOGO_MM = 24
PLEINE = LARGEUR - 2 * MARGE


def rendre_presentation_pptx(doc: PresentationDoc) -> bytes:
    """Native charts and tables, the fonts, colour and logo of the authority. The notes hold every cent."""
    deck = ouvrir()
    dit = _Seance(deck, doc)
    dit.couverture()
    dit.chiffres()
    dit.strategie()
    dit.themes()
    dit.financeurs()
    dit.annees()
    dit.partie()
    dit.calendrier()
    dit.demande()
    return fermer(deck, f"{doc.contrat.titre} : présentation", doc.contrat.autorite, doc.etabli_le)


def rond(montant: Decimal | None) -> str:
    """« 656 000 € »: on a screen, to the euro; the notes hold the cents."""
    if montant is None:
        return TIRET
    return f"{montant.quantize(Decimal(1)):,}".replace(",", FINE) + f"{INSECABLE}€"


class _Seance(Lames):
    axe, etiquette = 20, 24

    def __init__(self, deck: Any, doc: PresentationDoc) -> None:
        super().__init__(deck, doc.contrat.charte)
        self.doc, self.contrat = doc, doc.contrat

    def couverture(self) -> None:
        doc, c = self.doc, self.contrat
        assemblee = doc.collectivite.assemblee
        seance = (
            f"séance du {jour(doc.reunion.tenue_le)}" if doc.reunion.tenue_le else "date de séance à fixer"
        )
        lame = self.nouvelle(
            abreger(c.titre, 110), f"Version {c.version} du contrat, établie par {c.autorite}."
        )
        lignes: list[Ligne] = [
            (abreger(c.territoire, 60), 44, self.teinte, True),
            (f"{assemblee[:1].upper()}{assemblee[1:]}", 30, ENCRE, True),
            (abreger(doc.collectivite.nom, 70), 28, ENCRE, False),
            (f"{seance[:1].upper()}{seance[1:]}", 28, ENCRE, False),
            (f"{abreger(c.autorite, 60)} · version {c.version}", 22, DOUCE, False),
        ]
        lignes += [("Valeurs de démonstration", 20, OCRE, True)] if c.demonstration else []
        self.texte(lame, MARGE, 50, PLEINE, 90, lignes)
        if c.charte and c.charte.logo:
            poser_logo(self, lame, c.charte.logo, c.charte.alternative)

    def chiffres(self) -> None:
        """Three figures of the diagnostic; those of the contract when the version holds none."""
        c, ensemble = self.contrat, self.contrat.ensemble
        if c.chiffres:
            titre = "Le territoire en trois chiffres"
            blocs = [(x.valeur, x.libelle, x.repere, x.source) for x in c.chiffres]
        else:
            titre = "Le contrat en trois chiffres"
            blocs = [
                (str(len(c.parties)), "parties au contrat", "", ""),
                (str(ensemble.nombre), "projets programmés", "", ""),
                (
                    rond(ensemble.montant),
                    "d’aides",
                    f"pour {rond(ensemble.cout_ht)} de travaux hors taxes",
                    "",
                ),
            ]
        notes = "\n".join(" ; ".join(x for x in bloc if x) for bloc in blocs)
        lame = self.nouvelle(titre, notes)
        large = PLEINE / len(blocs)
        taille = 44 if all(len(bloc[0]) < 12 for bloc in blocs) else 36
        for rang, (valeur, libelle, repere, source) in enumerate(blocs):
            lignes: list[Ligne] = [
                (valeur, taille, self.teinte, True),
                (libelle, 28, ENCRE, False),
            ]
            lignes += [(x, 22, DOUCE, False) for x in repere.split(" ; ") if x]
            lignes += [(abreger(source, 60), 18, DOUCE, False)] if source else []
            self.texte(lame, MARGE + rang * large, 60, large - 6, 105, lignes)

    def strategie(self) -> None:
        c = self.contrat
        quoi, textes = ("Les enjeux du territoire", c.enjeux) if c.enjeux else ("La stratégie", c.axes)
        if not textes:
            textes = tuple(t.libelle for t in c.par_theme)
            quoi = "Les domaines du contrat"
        lame = self.nouvelle(quoi, "\n".join((*textes, *(("Axes :", *c.axes) if c.axes else ()))))
        taille = 30 if len(textes) <= 4 else 24
        lignes = [(f"•  {abreger(x, 95)}", taille, ENCRE, False) for x in textes[:ENJEUX_MAX]]
        lignes += _et_le_reste(len(textes) - ENJEUX_MAX)
        if c.axes and textes is not c.axes:
            lignes.append((abreger(f"Axes : {' ; '.join(c.axes)}", 200), 20, DOUCE, False))
        self.texte(lame, MARGE, 50, PLEINE, 125, lignes)

    def themes(self) -> None:
        ensemble = self.contrat.ensemble
        titre = f"{pluriel(ensemble.nombre, 'projet')}, {rond(ensemble.montant)} d’aides par thème"
        self._montants(titre, "Aide", _plus_gros(self.contrat.par_theme), avec_nombre=True)

    def financeurs(self) -> None:
        titre = f"Qui paie les {rond(self.contrat.ensemble.cout_ht)} de travaux hors taxes"
        self._montants(titre, "Montant", _plus_gros(self.contrat.financeurs), avec_nombre=False)

    def annees(self) -> None:
        self._montants("Les aides, année par année", "Aide", self.contrat.par_annee, avec_nombre=True)

    def _montants(self, titre: str, serie: str, totaux: Sequence[TotalDoc], *, avec_nombre: bool) -> None:
        """One native chart; a contract without a project says so instead of drawing nothing."""
        dits = [f"{t.libelle} : {euros(t.montant)} ({pluriel(t.nombre, 'projet')})" for t in totaux]
        lame = self.nouvelle(titre, "\n".join(dits) or "Aucun projet.")
        if not totaux:
            self.texte(
                lame, MARGE, 56, PLEINE, 40, [("Le contrat n’inscrit aucun projet.", 24, ENCRE, False)]
            )
            return
        barres = [
            Barre(
                abreger(t.libelle, 50) + (f" ({pluriel(t.nombre, 'projet')})" if avec_nombre else ""),
                t.montant,
                rond(t.montant),
            )
            for t in totaux
        ]
        self.barres(lame, serie, f"{titre}. {' ; '.join(dits)}", barres)

    def partie(self) -> None:
        doc = self.doc
        siens = sorted(doc.siens, key=lambda p: -p.aide)
        titre = f"Ce que cela change pour {doc.collectivite.designation}"
        phrases = (*ce_que_cela_change(doc), *consequences(doc))
        lame = self.nouvelle(titre, "\n".join((*phrases, *(_en_note(p) for p in siens))))
        if not siens:
            self.texte(lame, MARGE, 52, PLEINE, 120, [(x, 28, ENCRE, False) for x in phrases[:4]])
            return
        montres, total = siens[:LIGNES_MAX], doc.total_siens
        if len(siens) > LIGNES_MAX:
            montres = siens[: LIGNES_MAX - 1]
        lignes = [
            [
                abreger(p.titre, 60),
                str(p.annee or TIRET),
                rond(p.cout_ht),
                rond(p.aide),
                rond(p.reste_a_charge),
            ]
            for p in montres
        ]
        if len(siens) > len(montres):
            autres = siens[len(montres) :]
            lignes.append([f"{len(autres)} autres projets", "", *_sommes(autres)])
        if len(siens) > 1:
            lignes.append([f"Total, {total.nombre} projets", "", *_sommes(siens)])
        self.tableau(
            lame,
            ["Projet", "Année", "Coût HT", "Aide", "Reste"],
            lignes,
            largeurs=(46, 12, 18, 18, 18),
            droite=(2, 3, 4),
            gras=(3,),
            bandes=True,
            total=len(siens) > 1,
        )
        if len(lignes) <= PEU_DE_LIGNES:
            y = 62 + 18 * (len(lignes) + 1)
            self.texte(
                lame, MARGE, y, PLEINE, 172 - y, [(x, 24, ENCRE, False) for x in consequences(doc)[-1:]]
            )

    def calendrier(self) -> None:
        etapes = self.doc.calendrier
        lame = self.nouvelle("Le calendrier", "\n".join(f"{e.quand} : {e.quoi}" for e in etapes))
        self.tableau(
            lame,
            ["Quand", "Quoi"],
            [[e.quand, e.quoi] for e in etapes],
            largeurs=(36, 64),
            gras=(0,),
            bandes=True,
        )

    def demande(self) -> None:
        dites = demande(self.doc)
        assemblee = self.doc.collectivite.assemblee
        lame = self.nouvelle(f"Ce qui est demandé : le vote {du(assemblee)}", "\n".join(dites))
        lignes = [(f"•  {abreger(x[:1].upper() + x[1:], 200)}", 28, ENCRE, False) for x in dites]
        self.texte(lame, MARGE, 52, PLEINE, 120, lignes)


def poser_logo(lames: Lames, lame: Any, svg: str, alternative: str) -> None:
    """The logo of the authority at the foot of a cover."""
    from pptx.util import Mm

    png = base64.b64decode(svg.partition("base64,")[2].partition('"')[0])
    dessin = lame.shapes.add_picture(io.BytesIO(png), Mm(MARGE), Mm(156), height=Mm(LOGO_MM))
    lames.decrire(dessin, alternative)


def abreger(texte: str, signes: int) -> str:
    """Cut at a word; a word longer than that is cut inside."""
    if len(texte) <= signes:
        return texte
    mots = texte[: signes - 1]
    return (mots.rsplit(" ", 1)[0] if " " in mots else mots).rstrip(" ,;.:") + "…"


def _plus_gros(totaux: Sequence[TotalDoc]) -> list[TotalDoc]:
    """The biggest first; beyond what a slide holds, the rest is added up."""
    tries = sorted((t for t in totaux if t.montant), key=lambda t: -t.montant)
    if len(tries) <= BARRES_MAX:
        return tries
    gardes, autres = tries[: BARRES_MAX - 1], tries[BARRES_MAX - 1 :]
    somme = sum((t.montant for t in autres), Decimal(0))
    return [*gardes, TotalDoc(f"{len(autres)} autres", sum(t.nombre for t in autres), somme)]


def _et_le_reste(nombre: int) -> list[Ligne]:
    return (
        [(f"et {nombre} autre{'s' if nombre > 1 else ''}, en note", 20, DOUCE, False)] if nombre > 0 else []
    )


def _sommes(projets: Sequence[ProjetPresenteDoc]) -> list[str]:
    zero = Decimal(0)
    return [
        rond(sum((p.cout_ht for p in projets), zero)),
        rond(sum((p.aide for p in projets), zero)),
        rond(sum((p.reste_a_charge for p in projets), zero)),
    ]


def _en_note(p: ProjetPresenteDoc) -> str:
    return f"{p.numero}. {p.titre} : coût {euros(p.cout_ht)}, aide {euros(p.aide)}"
