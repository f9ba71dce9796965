"""The minutes of a workshop: what was shown, what was said, how it was voted. No participant is named."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from datetime import date

from django.utils import timezone

from arpent.plateforme.observatoire.catalogue import catalogue
from arpent.plateforme.socle.templatetags.formats import date_fr

from ..models import Atelier
from . import deroule
from .bilan import PLURIELS, Bilan, bilan

SANS_NOM = "Aucun nom n’a été demandé ni conservé : les constats sont ceux des tables."
lire_bilan = bilan


@dataclass(frozen=True, slots=True)
class EtapeDoc:
    """One step that was shown. `detail`: the figure as it was on screen, or the text."""

    numero: int
    genre: str
    libelle: str
    detail: str


@dataclass(frozen=True, slots=True)
class ContributionDoc:
    pk: int
    texte: str
    theme: str
    table: str
    points: int
    reunies: int
    au_tableau: bool


@dataclass(frozen=True, slots=True)
class NatureDoc:
    nature: str
    libelle: str
    points: int
    contributions: tuple[ContributionDoc, ...]


@dataclass(frozen=True, slots=True)
class TableDoc:
    libelle: str
    contributions: int
    points: int


@dataclass(frozen=True, slots=True)
class CompteRenduDoc:
    """Everything already read: a renderer (page, text, PDF, DOCX) only lays it out. `clos_le` None: draft."""

    titre: str
    territoire: str
    tenu_le: date
    lieu: str
    clos_le: date | None
    participants: int
    votants: int
    points_par_participant: int
    points_poses: int
    ecartees: int
    etapes: tuple[EtapeDoc, ...]
    natures: tuple[NatureDoc, ...]
    tables: tuple[TableDoc, ...]
    demonstration: bool

    @property
    def nombre_contributions(self) -> int:
        return sum(len(n.contributions) for n in self.natures)

    @property
    def resume(self) -> str:
        """One sentence: who was there, what came out of it."""
        return (
            f"{_n(self.participants, 'participant')} à {_n(len(self.tables), 'table')} ; "
            f"{_n(self.nombre_contributions, 'constat')}, {_n(self.points_poses, 'point')} "
            f"placé{'s' if self.points_poses > 1 else ''} par {_n(self.votants, 'votant')}."
        )


def _n(nombre: int, mot: str) -> str:
    return f"{nombre} {mot}{'s' if nombre > 1 else ''}"


def assembler(atelier: Atelier, lu: Bilan | None = None) -> CompteRenduDoc:
    """Five queries at most; `atelier` comes with its démarche and territory."""
    lu = lu or bilan(atelier)
    return CompteRenduDoc(
        titre=atelier.titre,
        territoire=atelier.demarche.territoire.nom,
        tenu_le=atelier.tenu_le,
        lieu=atelier.lieu,
        clos_le=timezone.localdate(atelier.clos_le) if atelier.clos_le else None,
        participants=lu.participants,
        votants=lu.votants,
        points_par_participant=atelier.points,
        points_poses=lu.points_poses,
        ecartees=sum(c.fusionnee_dans_id is None for c in lu.ecartees),
        etapes=tuple(_etape(n, e) for n, e in enumerate(deroule.lire(atelier.deroule), 1)),
        natures=tuple(
            NatureDoc(
                str(code),
                nom,
                sum(x.points for x in lu.lignes if x.nature == code),
                tuple(
                    ContributionDoc(
                        x.pk, x.texte, x.theme, x.table, x.points, x.reunies, x.constat_id is not None
                    )
                    for x in lu.lignes
                    if x.nature == code
                ),
            )
            for code, nom in PLURIELS.items()
        ),
        tables=tuple(TableDoc(g.libelle, g.contributions, g.points) for g in lu.par_table),
        demonstration=atelier.demonstration,
    )


def _etape(numero: int, etape: deroule.Etape) -> EtapeDoc:
    detail = etape.texte
    if etape.genre == deroule.Genre.INDICATEUR:
        quoi = catalogue().indicateurs.get(etape.indicateur)
        nom = quoi.libelle if quoi and etape.titre else ""
        detail = " : ".join(x for x in (nom, etape.valeur) if x)
        if etape.millesime:
            detail += f" ({etape.millesime})"
    return EtapeDoc(numero, etape.genre_libelle.split(" :")[0], etape.libelle, detail)


def texte(doc: CompteRenduDoc) -> str:
    """The minutes as plain text, lines of any length, ready to paste in a letter."""
    lignes = [
        f"COMPTE RENDU – {doc.titre}",
        f"{doc.territoire}, le {date_fr(doc.tenu_le)}" + (f", {doc.lieu}" if doc.lieu else ""),
        "" if doc.clos_le else "Provisoire : l’atelier n’est pas clos.",
        "Exemple de démonstration." if doc.demonstration else "",
        doc.resume,
        SANS_NOM,
        "",
        "DÉROULÉ",
        *(f"{e.numero}. {e.libelle}" + (f" – {e.detail}" if e.detail else "") for e in doc.etapes),
    ]
    for nature in doc.natures:
        lignes += ["", f"{nature.libelle.upper()} ({_n(len(nature.contributions), 'constat')})"]
        lignes += [f"- {c.texte} [{_precisions(c)}]" for c in nature.contributions] or ["Aucun constat."]
    lignes += ["", "PAR TABLE"]
    lignes += [
        f"- {t.libelle} : {_n(t.contributions, 'constat')}, {_n(t.points, 'point')}" for t in doc.tables
    ]
    return "\n".join(ligne for n, ligne in enumerate(lignes) if ligne or n > 4) + "\n"


def _precisions(c: ContributionDoc) -> str:
    reunies = f"dit {c.reunies + 1} fois" if c.reunies else ""
    return " ; ".join(x for x in (_n(c.points, "point"), c.table, c.theme, reunies) if x)


ENTETES = ("Nature", "Constat", "Thème", "Table", "Points", "Nombre de fois dit", "Au tableau")


def en_csv(doc: CompteRenduDoc) -> str:
    """Semicolons, quotes; what would start a formula is made harmless. Add a BOM when sending."""
    sortie = io.StringIO()
    stylo = csv.writer(sortie, delimiter=";", quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    stylo.writerow(ENTETES)
    for nature in doc.natures:
        for c in nature.contributions:
            cellules = (c.texte, c.theme, c.table)
            stylo.writerow(
                [
                    nature.libelle,
                    *(_inerte(x) for x in cellules),
                    c.points,
                    c.reunies + 1,
                    "oui" if c.au_tableau else "non",
                ]
            )
    return sortie.getvalue()


def _inerte(cellule: str) -> str:
    return f"'{cellule}" if cellule[:1] in {"=", "+", "-", "@", "\t", "\r"} else cellule
