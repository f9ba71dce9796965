"""The Rendez-vous de Territoire on a screen: a village hall, a projector, thirty mayors."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any, TypeVar

from ..donnees_rendez_vous import EnveloppeDoc, GroupeDoc, MontantsDoc, RendezVousDoc
from .lames import DOUCE, ENCRE, LARGEUR, MARGE, OCRE, Barre, Lames, Ligne, fermer, ouvrir
from .pptx_seance import abreger, poser_logo
from .texte import euros, jour, pluriel
from .vue_rendez_vous import (
    AUCUN_PROJET,
    METHODE,
    constat_communes,
    constat_decide,
    constat_decisions,
    constat_enveloppes,
    constat_groupes,
    constat_questions,
    constat_reste,
    constat_retards,
    ou,
    rond,
    suite_du_retard,
)

Image = Callable[[str, int], bytes]
T = TypeVar("T")
PLEINE = LARGEUR - 2 * MARGE
CORPS = 18
BARRES_MAX, GROUPES_PAR_LAME = 7, 9
RETARDS_PAR_LAME, DECISIONS_PAR_LAME, QUESTIONS_PAR_LAME = 4, 5, 4


def rendre_rendez_vous_pptx(doc: RendezVousDoc, image: Image) -> bytes:
    """16:9, native charts and tables; the notes hold every cent. `image`: an SVG as a PNG (socle.images)."""
    deck = ouvrir()
    dit = _RendezVous(deck, doc, image)
    dit.couverture()
    if doc.projets:
        dit.decide()
        dit.reste()
        if len(doc.territoires) > 1:
            dit.groupes("Territoire", constat_groupes(doc.par_territoire, "porte"), doc.par_territoire)
        dit.themes()
        dit.carte()
        dit.groupes("Commune", constat_communes(doc), doc.par_commune)
    else:
        dit.phrase("Aucun projet n’est encore retenu", [AUCUN_PROJET])
    dit.enveloppes()
    if doc.projets:
        dit.retards()
    dit.decisions()
    dit.questions()
    dit.methode()
    return fermer(deck, doc.titre, doc.autorite, doc.etabli_le)


def _par_lame(lignes: Sequence[T], nombre: int) -> Iterator[tuple[str, Sequence[T], bool]]:
    """Slices of about the same size: the words after the title, the rows, whether it is the last one."""
    combien = -(-len(lignes) // nombre)
    debut = 0
    for rang in range(1, combien + 1):
        fin = debut + (len(lignes) - debut) // (combien - rang + 1)
        yield (f" ({rang} sur {combien})" if combien > 1 else ""), lignes[debut:fin], rang == combien
        debut = fin


class _RendezVous(Lames):
    axe, etiquette = 20, 24

    def __init__(self, deck: Any, doc: RendezVousDoc, image: Image) -> None:
        super().__init__(deck, doc.charte)
        self.doc, self.image = doc, image

    def phrase(self, titre: str, phrases: Sequence[str], notes: str = "") -> None:
        """A slide that says one thing."""
        lame = self.nouvelle(titre, notes or "\n".join(phrases))
        self.texte(lame, MARGE, 56, PLEINE, 110, [(x, 28, ENCRE, False) for x in phrases])

    def couverture(self) -> None:
        doc = self.doc
        lame = self.nouvelle(
            abreger(doc.titre, 110), f"Dossier établi le {jour(doc.etabli_le)} par {doc.autorite}."
        )
        noms = doc.territoires
        taille = 44 if len(noms) == 1 else 30 if len(noms) < 4 else 24
        ici = f"{jour(doc.tenue_le)}, {doc.lieu}" if doc.lieu else jour(doc.tenue_le)
        lignes: list[Ligne] = [(abreger(n, 70), taille, self.teinte, True) for n in noms[:6]]
        if len(noms) > 6:
            lignes.append((f"et {pluriel(len(noms) - 6, 'autre territoire')}", 22, DOUCE, False))
        lignes.append((abreger(ici, 90), 28, ENCRE, False))
        lignes.append((abreger(f"{doc.autorite} · {doc.dispositif}", 100), 22, DOUCE, False))
        lignes += [("Valeurs de démonstration", 20, OCRE, True)] if doc.demonstration else []
        self.texte(lame, MARGE, 50, PLEINE, 100, lignes)
        if doc.charte and doc.charte.logo:
            poser_logo(self, lame, doc.charte.logo, doc.charte.alternative)

    def decide(self) -> None:
        total = self.doc.total
        etapes = (
            ("Décidé", total.accorde),
            ("Inscrit au contrat", total.contractualise),
            ("Voté", total.vote),
            ("Engagé", total.engage),
            ("Payé", total.paye),
        )
        titre = constat_decide(self.doc)
        dits = [f"{nom} : {euros(montant)}" for nom, montant in etapes]
        lame = self.nouvelle(titre, "\n".join((*dits, METHODE)))
        barres = [Barre(nom, montant, rond(montant)) for nom, montant in etapes]
        self.barres(lame, "Aide", f"{titre}. {' ; '.join(dits)}", barres)

    def reste(self) -> None:
        total = self.doc.total
        blocs = (
            ("Reste à engager", total.reste_a_engager, "décidé, et pas encore engagé"),
            ("Reste à payer", total.reste_a_payer, "engagé, et pas encore payé"),
            ("Reste à réaliser", total.reste_a_realiser, f"sur {rond(total.cout)} de travaux hors taxes"),
        )
        notes = [f"{nom} : {euros(montant)} ({dit})" for nom, montant, dit in blocs]
        lame = self.nouvelle(constat_reste(self.doc), "\n".join(notes))
        large = PLEINE / len(blocs)
        taille = 40 if all(len(rond(montant)) < 11 for _, montant, _ in blocs) else 32
        for rang, (nom, montant, dit) in enumerate(blocs):
            lignes: list[Ligne] = [
                (rond(montant), taille, self.teinte, True),
                (nom, 28, ENCRE, True),
                (dit, 22, DOUCE, False),
            ]
            self.texte(lame, MARGE + rang * large, 66, large - 6, 90, lignes)

    def themes(self) -> None:
        groupes = [g for g in self.doc.par_theme if g.montants.accorde]
        titre = constat_groupes(self.doc.par_theme)
        if not groupes:
            return
        if len(groupes) > BARRES_MAX:
            autres = groupes[BARRES_MAX - 1 :]
            somme = sum((g.montants for g in autres), MontantsDoc())
            reste = GroupeDoc(f"{len(autres)} autres thèmes", sum(g.nombre for g in autres), somme)
            groupes = [*groupes[: BARRES_MAX - 1], reste]
        dits = [f"{g.libelle} : {euros(g.montants.accorde)}" for g in self.doc.par_theme]
        lame = self.nouvelle(titre, "\n".join(dits))
        barres = [
            Barre(f"{abreger(g.libelle, 44)} ({g.nombre})", g.montants.accorde, rond(g.montants.accorde))
            for g in groupes
        ]
        self.barres(lame, "Aide décidée", f"{titre}. {' ; '.join(dits)}", barres)

    def carte(self) -> None:
        carte = self.doc.carte
        if carte is None:
            return
        table = "\n".join(" ; ".join(ligne) for ligne in (carte.entetes, *carte.lignes[:60]))
        lame = self.nouvelle(carte.titre, f"{carte.description}\n{table}")
        alternative = f"{carte.titre}. {carte.description}"
        self.dessin(lame, self.image(carte.svg, carte.largeur), alternative, largeur=PLEINE * 0.56)
        lignes: list[Ligne] = [("Les plus aidées, par habitant", 24, self.teinte, True)]
        lignes += [(f"{nom} : {valeur}", 22, ENCRE, False) for nom, valeur in self.doc.tetes_de_la_carte]
        lignes.append(("Plus la teinte est foncée, plus l’aide par habitant est forte.", 18, DOUCE, False))
        lignes.append((f"Source : {carte.source}", 18, DOUCE, False))
        self.texte(lame, MARGE + PLEINE * 0.6, 50, PLEINE * 0.4, 120, lignes)

    def groupes(self, quoi: str, titre: str, groupes: Sequence[GroupeDoc]) -> None:
        """Amounts of each group, then of all: as many slides as it takes."""
        notes = [f"{g.libelle} : décidé {euros(g.montants.accorde)}, engagé {euros(g.montants.engage)}, "
                 f"payé {euros(g.montants.paye)}" for g in groupes]  # fmt: skip
        for suite, lot, dernier in _par_lame(groupes, GROUPES_PAR_LAME):
            lignes = [_montants(g) for g in lot]
            if dernier and len(groupes) > 1:
                nombre = sum(g.nombre for g in groupes)
                lignes.append(_montants(GroupeDoc("Total", nombre, self.doc.total)))
            lame = self.nouvelle(titre + suite, "\n".join(notes))
            self.tableau(
                lame,
                [quoi, "Projets", "Décidé", "Engagé", "Payé", "Reste à payer"],
                lignes,
                largeurs=(27, 13, 19, 18, 16, 19), droite=(1, 2, 3, 4, 5), gras=(2,), bandes=True,
                total=dernier and len(groupes) > 1, corps=CORPS,
            )  # fmt: skip

    def enveloppes(self) -> None:
        doc = self.doc
        lues = [*doc.enveloppes, *([doc.reserve] if doc.reserve else [])]
        titre = constat_enveloppes(doc)
        if not lues:
            self.phrase(titre, ["Son montant sera dit dès qu’il sera arrêté."])
            return
        for suite, lot, _ in _par_lame(lues, GROUPES_PAR_LAME):
            notes = "\n".join(f"{e.libelle} : {euros(e.dotation)}, reste {euros(e.reste)}" for e in lues)
            lame = self.nouvelle(titre + suite, notes)
            self.tableau(
                lame,
                ["Enveloppe", "Dotation", "Employé", "Reste"],
                [_enveloppe(e) for e in lot],
                largeurs=(46, 18, 18, 18), droite=(1, 2, 3), gras=(3,), bandes=True,
            )  # fmt: skip

    def retards(self) -> None:
        doc = self.doc
        titre = constat_retards(doc)
        if not doc.retards:
            self.phrase(
                titre, [f"{pluriel(len(doc.projets), 'projet suivi', 'projets suivis')}, dans les temps."]
            )
            return
        for suite, lot, _ in _par_lame(doc.retards, RETARDS_PAR_LAME):
            notes = "\n".join(
                f"{r.numero}. {r.titre} : {r.quoi}, {r.jours} jours. {r.raison}. {r.responsable}."
                for r in lot
            )
            lame = self.nouvelle(titre + suite, notes)
            lignes = [
                [
                    abreger(r.titre, 50),
                    f"{abreger(r.quoi, 26)}, {pluriel(r.jours, 'jour')}",
                    abreger(r.raison[:1].upper() + r.raison[1:], 62),
                    abreger(r.responsable, 36),
                    abreger(suite_du_retard(r), 36),
                ]
                for r in lot
            ]
            self.tableau(
                lame,
                ["Projet", "En retard", "Pourquoi", "Qui agit", "Ensuite"],
                lignes,
                largeurs=(27, 19, 25, 19, 18), gras=(0,), bandes=True, corps=CORPS,
            )  # fmt: skip

    def decisions(self) -> None:
        doc = self.doc
        titre = constat_decisions(doc)
        if not doc.decisions:
            self.phrase(titre, ["Rien n’est noté : ni décision de réunion, ni avenant, ni aide attribuée."])
            return
        for suite, lot, _ in _par_lame(doc.decisions, DECISIONS_PAR_LAME):
            notes = "\n".join(
                f"{d.le:%d/%m/%Y}, {d.nature}, {d.territoire} : {d.texte} {d.suite}".strip()
                + (f" {euros(d.montant)}" if d.montant is not None else "")
                for d in lot
            )
            lame = self.nouvelle(titre + suite, notes)
            lignes = [
                [
                    f"{d.le:%d/%m/%Y}",
                    abreger(d.nature, 30),
                    abreger(" : ".join(x for x in (ou(d.territoire, doc), d.texte) if x), 96),
                    rond(d.montant) if d.montant is not None else "",
                ]
                for d in lot
            ]
            self.tableau(
                lame,
                ["Le", "Nature", "Décision", "Aide"],
                lignes,
                largeurs=(19, 22, 52, 18), droite=(3,), gras=(), bandes=True, corps=CORPS,
            )  # fmt: skip

    def questions(self) -> None:
        doc = self.doc
        titre = constat_questions(doc)
        if not doc.questions:
            self.phrase(titre, ["La parole est à la salle."])
            return
        for suite, lot, _ in _par_lame(doc.questions, QUESTIONS_PAR_LAME):
            notes = "\n".join(f"{q.rang}. {q.texte} {q.origine} {q.reponse} {q.suite}".strip() for q in lot)
            lame = self.nouvelle(titre + suite, notes)
            lignes = [
                [
                    str(q.rang),
                    abreger(q.texte, 120),
                    abreger(" · ".join(x for x in (ou(q.territoire, doc), q.origine) if x), 60),
                    abreger(q.reponse or q.suite, 60) or "à décider",
                ]
                for q in lot
            ]
            self.tableau(
                lame,
                ["N°", "Question", "Pourquoi", "Décision"],
                lignes,
                largeurs=(7, 48, 24, 24), gras=(1,), bandes=True, corps=CORPS,
            )  # fmt: skip

    def methode(self) -> None:
        phrases = [*METHODE.split(". "), f"Chiffres du {jour(self.doc.etabli_le)}"]
        dites = [x.rstrip(".") + "." for x in phrases]
        lame = self.nouvelle("D’où viennent ces chiffres", "\n".join(dites))
        self.texte(lame, MARGE, 54, PLEINE, 110, [(x, 24, ENCRE, False) for x in dites])


def _montants(g: GroupeDoc) -> list[str]:
    m = g.montants
    return [
        abreger(g.libelle, 40), str(g.nombre), rond(m.accorde), rond(m.engage), rond(m.paye),
        rond(m.reste_a_payer),
    ]  # fmt: skip


def _enveloppe(e: EnveloppeDoc) -> list[str]:
    return [abreger(e.libelle, 44), rond(e.dotation), rond(e.employe), rond(e.reste)]
