"""The columns of a list of fiches: the same objects write the page and its export.

Rows are written in Python, not by the template language: it is what a list of fifty lines spends its time on.
`html.escape` is what Django's own calls, without an object around each text.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from html import escape

from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe

from arpent.metier.argent import formater_euros, formater_nombre
from arpent.plateforme.documents.donnees import Cellule, ColonneDoc, GenreColonne
from arpent.plateforme.socle.templatetags.composants import etat as pastille

from .filtres import ETATS, MATURITES
from .listes import LigneListe, Totaux

GENRES_ETAT = {
    "brouillon": "neutre",
    "proposee": "info",
    "a_completer": "alerte",
    "pre_instruite": "info",
    "retenue": "ok",
    "differee": "alerte",
    "refusee": "non",
    "contractualisee": "ok",
}


@lru_cache(maxsize=32)
def pastille_etat(etat: str) -> SafeString:
    """The pill of a state of fiche."""
    return pastille(GENRES_ETAT[etat], ETATS[etat].replace("-", "\N{NON-BREAKING HYPHEN}"))


def _priorites(fiche: LigneListe) -> str:
    rangs = (fiche.priorite_maitre_ouvrage, fiche.priorite_territoire, fiche.priorite_autorite)
    return " / ".join("–" if rang is None else str(rang) for rang in rangs) if any(rangs) else ""


@lru_cache(maxsize=64)
def _debut(intitule: str, classe: str) -> str:
    """Opening tag of the cells of a column."""
    suite = f' class="{classe}"' if classe else ""
    return f'<td data-libelle="{escape(intitule)}"{suite}>'


@dataclass(frozen=True, slots=True)
class Colonne:
    """One column. `valeur` feeds the export; `html` the page when the value is not enough."""

    code: str
    libelle: str
    valeur: Callable[[LigneListe], Cellule]
    genre: GenreColonne = "texte"
    tri: str = ""
    html: Callable[[LigneListe], str] | None = None
    par_defaut: bool = True
    facultative: bool = True
    court: str = ""

    @property
    def classe(self) -> str:
        return "n" if self.genre in {"montant", "entier"} else ""

    @property
    def intitule(self) -> str:
        return self.court or self.libelle

    def cellule(self, fiche: LigneListe) -> str:
        """The td, escaped; a money amount as people write it."""
        if self.html is not None:
            dedans = self.html(fiche)
        else:
            valeur = self.valeur(fiche)
            if isinstance(valeur, Decimal):
                dedans = formater_euros(valeur)
            else:
                dedans = "" if valeur is None else escape(str(valeur))
        return f"{_debut(self.intitule, self.classe)}{dedans}</td>"


COLONNES: tuple[Colonne, ...] = (
    Colonne("numero", "N°", lambda f: f.numero, "entier", "numero", facultative=False),
    Colonne("titre", "Intitulé", lambda f: f.titre, tri="titre", facultative=False),
    Colonne("territoire", "Territoire", lambda f: f.territoire),
    Colonne("mo", "Maître d’ouvrage", lambda f: f.maitre_ouvrage, tri="mo"),
    Colonne("theme", "Thème", lambda f: f.theme or ""),
    Colonne("axe", "Axe", lambda f: f"{f.axe_numero}. {f.axe}" if f.axe else "", par_defaut=False),
    Colonne("maturite", "Maturité", lambda f: MATURITES[f.maturite], par_defaut=False),
    Colonne(
        "etat", "État", lambda f: ETATS[f.etat], tri="etat", html=lambda f: pastille_etat(f.etat)
    ),
    Colonne("annee", "Année", lambda f: f.annee, "entier", "annee"),
    Colonne(
        "priorite", "Priorités (maître d’ouvrage / territoire / autorité)", _priorites, tri="priorite",
        par_defaut=False, court="Priorités",
    ),
    Colonne("cout", "Coût HT", lambda f: f.cout_ht, "montant", "cout"),
    Colonne("acquis", "Autres aides acquises", lambda f: f.montant_acquis, "montant", "acquis"),
    Colonne("aide", "Aide demandée", lambda f: f.aide_demandee, "montant", "aide"),
)  # fmt: skip


def colonnes_choisies(codes: Sequence[str], *, general: bool) -> tuple[Colonne, ...]:
    """The columns asked for, in the house order; the usual ones when nothing is asked."""
    offertes = [c for c in COLONNES if c.code != "territoire" or general]
    voulues = set(codes) & {c.code for c in offertes}
    if not voulues:
        return tuple(c for c in offertes if c.par_defaut)
    return tuple(c for c in offertes if not c.facultative or c.code in voulues)


@lru_cache(maxsize=1024)
def _adresse(slug: str) -> str:
    """Address of the fiches of a démarche without the number: resolving fifty of them a page is slow."""
    return reverse("plans:fiche", args=[slug, 0]).removesuffix("0/")


def _titre(fiche: LigneListe, *, marquer: bool) -> str:
    url = f"{_adresse(fiche.slug)}{fiche.numero}/"
    demo = ' <span class="demo">démonstration</span>' if marquer and fiche.demonstration else ""
    return f'<th scope="row"><a href="{url}">{escape(fiche.titre)}</a>{demo}</th>'


def toutes_de_demonstration(fiches: Sequence[LigneListe]) -> bool:
    """True when every row carries demonstration values: said once above the table, not on each row."""
    return bool(fiches) and all(f.demonstration for f in fiches)


def corps(fiches: Sequence[LigneListe], colonnes: Sequence[Colonne]) -> SafeString:
    """The rows of the table. Every text is escaped here. No query."""
    marquer = not toutes_de_demonstration(fiches)
    lignes = (
        "<tr>"
        + "".join(_titre(f, marquer=marquer) if c.code == "titre" else c.cellule(f) for c in colonnes)
        + "</tr>\n"
        for f in fiches
    )
    return mark_safe("".join(lignes))  # escaped cell by cell above


def pied(colonnes: Sequence[Colonne], totaux: Totaux) -> SafeString:
    """The row of totals, under the amount columns that are shown."""
    sommes = {"cout": totaux.cout, "acquis": totaux.acquis, "aide": totaux.aide}
    avant = next((i for i, c in enumerate(colonnes) if c.code in sommes), len(colonnes))
    cellules = [
        f'<td class="n" data-libelle="{escape(c.intitule)}">{escape(formater_euros(sommes[c.code]))}</td>'
        if c.code in sommes
        else "<td></td>"
        for c in colonnes[avant:]
    ]
    tete = f'<th scope="row" colspan="{avant}">Total de {formater_nombre(totaux.nombre)} fiches</th>'
    return mark_safe(f"<tr>{tete}{''.join(cellules)}</tr>")  # numbers only


def pour_export(colonnes: Sequence[Colonne]) -> list[ColonneDoc]:
    return [ColonneDoc(c.code, c.libelle, c.genre) for c in colonnes]


def lignes_export(fiches: Iterable[LigneListe], colonnes: Sequence[Colonne]) -> list[dict[str, Cellule]]:
    """The same cells as the page, typed for the workbook."""
    return [{c.code: c.valeur(f) for c in colonnes} for f in fiches]
