"""The figures of a Rendez-vous de Territoire as a workbook: one sheet a subject, its totals under it."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from ..donnees import Cellule, GenreColonne
from ..donnees_rendez_vous import GroupeDoc, MontantsDoc, RendezVousDoc
from .archive import figer_classeur
from .classeur import Classeur
from .texte import jour
from .xlsx import ecrire_titres

Colonne = tuple[str, GenreColonne, int]
"""Title, kind, width (0: that of its kind)."""
MONTANTS: tuple[tuple[str, str], ...] = (
    ("Coût HT", "cout"),
    ("Décidé", "accorde"),
    ("Au contrat", "contractualise"),
    ("Voté", "vote"),
    ("Engagé", "engage"),
    ("Payé", "paye"),
    ("Reste à engager", "reste_a_engager"),
    ("Reste à payer", "reste_a_payer"),
    ("Réalisé (travaux)", "realise"),
    ("Reste à réaliser", "reste_a_realiser"),
)
_COLONNES_MONTANTS: list[Colonne] = [(titre, "montant", 0) for titre, _ in MONTANTS]


def rendre_rendez_vous_xlsx(doc: RendezVousDoc) -> bytes:
    """A total is a value, the sum of the rows above it, the same as on the slides."""
    livre = _Livre(doc)
    livre.synthese()
    livre.projets()
    livre.groupes("Territoires", "Territoire", doc.par_territoire)
    livre.groupes("Thèmes", "Thème", doc.par_theme)
    livre.groupes("Communes", "Commune", doc.par_commune)
    livre.retards()
    livre.enveloppes()
    livre.decisions()
    livre.questions()
    return figer_classeur(livre.classeur.fermer())


def _valeurs(m: MontantsDoc) -> list[Cellule]:
    return [getattr(m, champ) for _, champ in MONTANTS]


class _Livre:
    """Writes the sheets one after the other."""

    def __init__(self, doc: RendezVousDoc) -> None:
        self.doc = doc
        self.classeur = Classeur(doc.titre, doc.autorite, doc.etabli_le)

    def feuille(
        self,
        nom: str,
        titre: str,
        colonnes: Sequence[Colonne],
        lignes: Sequence[Sequence[Cellule]],
        total: Sequence[Cellule] = (),
    ) -> None:
        """Titles, header, rows, then the total: None leaves its cell empty."""
        doc, classeur = self.doc, self.classeur
        feuille = classeur.feuille(nom)
        mentions = ["Valeurs de démonstration"] if doc.demonstration else []
        ecrire_titres(
            classeur, feuille, titre, f"{doc.titre}, {jour(doc.tenue_le)}. Établi le {jour(doc.etabli_le)}",
            mentions,
        )  # fmt: skip
        haut = 3 + len(mentions)
        classeur.entetes(feuille, haut, list(colonnes))
        for rang, ligne in enumerate(lignes, haut + 1):
            textes = [(x, colonnes[i][2] or 18) for i, x in enumerate(ligne) if isinstance(x, str)]
            classeur.hauteur(feuille, rang, textes)
            for i, valeur in enumerate(ligne):
                classeur.valeur(feuille, rang, i, valeur, colonnes[i][1])
        if colonnes and lignes:
            feuille.autofilter(haut, 0, haut + len(lignes), len(colonnes) - 1)
        for i, valeur in enumerate(total):
            bas = haut + len(lignes) + 1
            if isinstance(valeur, Decimal):
                feuille.write_number(bas, i, valeur, classeur.formats["total_euros"])
            elif isinstance(valeur, int):
                feuille.write_number(bas, i, valeur, classeur.formats["total_entier"])
            else:
                classeur.texte(feuille, bas, i, str(valeur or ""), "total")

    def synthese(self) -> None:
        doc, total = self.doc, self.doc.total
        lignes: list[list[Cellule]] = [[titre, getattr(total, champ)] for titre, champ in MONTANTS]
        lignes.append(["Reste des enveloppes", doc.reste_des_enveloppes])
        lignes.append(["Aides attribuées depuis", doc.attribue])
        colonnes: list[Colonne] = [("Montant", "texte", 34), ("Euros", "montant", 20)]
        self.feuille("Synthèse", "Ce qui est décidé, ce qui reste", colonnes, lignes)

    def projets(self) -> None:
        doc = self.doc
        colonnes: list[Colonne] = [
            ("Territoire", "texte", 28), ("N°", "entier", 7), ("Projet", "texte", 46),
            ("Maître d’ouvrage", "texte", 32), ("Commune", "texte", 24), ("Thème", "texte", 28),
            ("État", "texte", 16), *_COLONNES_MONTANTS, ("Jours de retard", "entier", 12),
        ]  # fmt: skip
        lignes: list[list[Cellule]] = [
            [
                p.territoire, p.numero, p.titre, p.maitre_ouvrage, p.commune or "tout le territoire", p.theme,
                p.etat, *_valeurs(p.montants), p.jours_de_retard or None,
            ]
            for p in doc.projets
        ]  # fmt: skip
        total: list[Cellule] = ["Total", None, f"{len(doc.projets)} projets", None, None, None, None]
        self.feuille("Projets", "Les projets suivis", colonnes, lignes, [*total, *_valeurs(doc.total), None])

    def groupes(self, nom: str, quoi: str, groupes: Sequence[GroupeDoc]) -> None:
        colonnes: list[Colonne] = [
            (quoi, "texte", 40), ("Projets", "entier", 10), ("En retard", "entier", 10), *_COLONNES_MONTANTS,
        ]  # fmt: skip
        lignes: list[list[Cellule]] = [
            [g.libelle, g.nombre, g.en_retard, *_valeurs(g.montants)] for g in groupes
        ]
        total: list[Cellule] = [
            "Total", sum(g.nombre for g in groupes), sum(g.en_retard for g in groupes),
            *_valeurs(sum((g.montants for g in groupes), MontantsDoc())),
        ]  # fmt: skip
        self.feuille(nom, f"Par {quoi.lower()}", colonnes, lignes, total)

    def retards(self) -> None:
        colonnes: list[Colonne] = [
            ("Territoire", "texte", 28), ("N°", "entier", 7), ("Projet", "texte", 46),
            ("En retard", "texte", 28), ("Prévu le", "date", 0), ("Jours", "entier", 8),
            ("Pourquoi", "texte", 46), ("Qui agit", "texte", 32), ("Ensuite", "texte", 30), ("Le", "date", 0),
        ]  # fmt: skip
        lignes: list[list[Cellule]] = [
            [
                r.territoire, r.numero, r.titre, r.quoi, r.depuis, r.jours, r.raison, r.responsable,
                r.prochaine or "à fixer", r.prochaine_le,
            ]
            for r in self.doc.retards
        ]  # fmt: skip
        self.feuille("Retards", "Les projets en retard", colonnes, lignes)

    def enveloppes(self) -> None:
        doc = self.doc
        colonnes: list[Colonne] = [
            ("Enveloppe", "texte", 46), ("Dotation", "montant", 0), ("Employé", "montant", 0),
            ("Reste", "montant", 0),
        ]  # fmt: skip
        lignes: list[list[Cellule]] = [[e.libelle, e.dotation, e.employe, e.reste] for e in doc.enveloppes]
        zero = Decimal("0.00")
        total: list[Cellule] = [
            "Total", sum((e.dotation for e in doc.enveloppes), zero),
            sum((e.employe for e in doc.enveloppes), zero), doc.reste_des_enveloppes,
        ]  # fmt: skip
        self.feuille("Enveloppes", "Ce qui reste des enveloppes", colonnes, lignes, total)
        if doc.reserve is not None:
            r = doc.reserve
            self.feuille(
                "Réserve", "La réserve, commune à tous les territoires", colonnes,
                [[r.libelle, r.dotation, r.employe, r.reste]],
            )  # fmt: skip

    def decisions(self) -> None:
        colonnes: list[Colonne] = [
            ("Le", "date", 0), ("Nature", "texte", 24), ("Territoire", "texte", 28),
            ("Décision", "texte", 60), ("Suite", "texte", 34), ("Aide", "montant", 0),
        ]  # fmt: skip
        lignes: list[list[Cellule]] = [
            [d.le, d.nature, d.territoire, d.texte, d.suite, d.montant] for d in self.doc.decisions
        ]
        titre = f"Décidé depuis le {jour(self.doc.depuis)}"
        total: list[Cellule] = ["Total", None, None, None, None, self.doc.attribue]
        self.feuille("Décisions", titre, colonnes, lignes, total)

    def questions(self) -> None:
        colonnes: list[Colonne] = [
            ("N°", "entier", 7), ("Territoire", "texte", 28), ("Question", "texte", 60),
            ("Pourquoi", "texte", 34), ("Objet", "texte", 40), ("Réponse", "texte", 46),
            ("Suite", "texte", 34),
        ]  # fmt: skip
        lignes: list[list[Cellule]] = [
            [q.rang, q.territoire, q.texte, q.origine, q.objet, q.reponse, q.suite]
            for q in self.doc.questions
        ]
        self.feuille("Questions", "Les questions à régler", colonnes, lignes)
