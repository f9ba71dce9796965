"""The columns of a list of fiches: the same objects write the page and every export."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from html import escape

from django.utils.safestring import SafeString

from arpent.metier.argent import formater_euros
from arpent.plateforme.documents.donnees import Cellule, ColonneDoc, GenreColonne
from arpent.plateforme.socle.templatetags.composants import etat as pastille

from .complements import PREFIXE_FINANCEUR
from .filtres import ETATS, FINANCEURS, MATURITES, REALISATIONS, VERDICTS
from .listes import LigneListe
from .models import Fiche

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
NATURES = {code: str(libelle) for code, libelle in Fiche.NatureDepense.choices}


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
    """One column. `valeur` feeds the exports; `html` the page when the value is not enough.

    `groupe` sorts the boxes of the choice of columns; `totalisee` columns have a total at the foot;
    `aide` says how the amount is made, below the table and beside the box.
    """

    code: str
    libelle: str
    valeur: Callable[[LigneListe], Cellule]
    genre: GenreColonne = "texte"
    tri: str = ""
    html: Callable[[LigneListe], str] | None = None
    par_defaut: bool = False
    facultative: bool = True
    court: str = ""
    groupe: str = "Le projet"
    totalisee: bool = False
    aide: str = ""

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
            elif self.genre == "date":
                dedans = "" if valeur is None else f"{valeur:%d/%m/%Y}"
            else:
                dedans = "" if valeur is None else escape(str(valeur))
        return f"{_debut(self.intitule, self.classe)}{dedans}</td>"


def _plus(
    code: str, libelle: str, genre: GenreColonne = "texte", groupe: str = "Le projet", tri: str = "",
    court: str = "", totalisee: bool = False, aide: str = "",
) -> Colonne:  # fmt: skip
    """A column read only when it is shown, as it is stored."""
    return Colonne(
        code,
        libelle,
        lambda f: f.plus.get(code),
        genre,
        tri,
        court=court,
        groupe=groupe,
        totalisee=totalisee,
        aide=aide,
    )


def _mot(
    code: str, libelle: str, mots: dict[str, str], groupe: str = "Le projet", tri: str = ""
) -> Colonne:  # fmt: skip
    """The same, its stored code said in words."""
    return Colonne(code, libelle, lambda f: mots.get(c := f.plus.get(code) or "", c), tri=tri, groupe=groupe)


def _de_financeur(code: str, libelle: str) -> Colonne:
    return _plus(f"{PREFIXE_FINANCEUR}{code}", f"Part : {libelle}", "montant", _FINANCEMENT, totalisee=True)


_MONTANTS, _FINANCEMENT, _DECISIONS, _DATES = "Les montants", "Le financement", "Les décisions", "Les dates"
_COMPTE = "l’aide accordée y compte quand il y en a une, sinon l’aide demandée."

COLONNES: tuple[Colonne, ...] = (
    Colonne("numero", "N°", lambda f: f.numero, "entier", "numero", par_defaut=True, facultative=False),
    Colonne("titre", "Intitulé", lambda f: f.titre, tri="titre", par_defaut=True, facultative=False),
    Colonne("territoire", "Territoire", lambda f: f.territoire, par_defaut=True),
    Colonne("mo", "Maître d’ouvrage", lambda f: f.maitre_ouvrage, tri="mo", par_defaut=True),
    _plus("epci", "Intercommunalité"),
    _plus("commune", "Commune", tri="commune"),
    Colonne("theme", "Thème", lambda f: f.theme or "", tri="theme", par_defaut=True),
    _plus("enjeu", "Enjeu"),
    Colonne("axe", "Axe", lambda f: f"{f.axe_numero}. {f.axe}" if f.axe else "", tri="axe"),
    Colonne("maturite", "Maturité", lambda f: MATURITES[f.maturite], tri="maturite"),
    _mot("realisation", "Réalisation", REALISATIONS, tri="realisation"),
    _plus("categorie", "Catégorie d’opération"),
    _mot("nature", "Nature de la dépense", NATURES),
    _plus("source", "Identifiant dans la source"),
    Colonne(
        "etat", "État", lambda f: ETATS[f.etat], tri="etat", html=lambda f: pastille_etat(f.etat),
        par_defaut=True, groupe=_DECISIONS,
    ),
    Colonne(
        "priorite", "Priorités (maître d’ouvrage / territoire / autorité)", _priorites, tri="priorite",
        court="Priorités", groupe=_DECISIONS,
    ),
    Colonne(
        "rang_mo", "Rang du maître d’ouvrage", lambda f: f.priorite_maitre_ouvrage, "entier",
        groupe=_DECISIONS,
    ),
    Colonne(
        "rang_territoire", "Rang du territoire", lambda f: f.priorite_territoire, "entier", "priorite",
        groupe=_DECISIONS,
    ),
    Colonne(
        "rang_autorite", "Rang de l’autorité", lambda f: f.priorite_autorite, "entier", groupe=_DECISIONS
    ),
    Colonne(
        "deliberation", "Délibération prise", lambda f: "oui" if f.plus.get("deliberation") else "non",
        groupe=_DECISIONS,
    ),
    _mot("verdict", "Verdict de la pré-instruction conclue", VERDICTS, _DECISIONS),
    Colonne(
        "annee", "Année", lambda f: f.annee, "entier", "annee", par_defaut=True, groupe=_DATES
    ),
    _plus("debut", "Début des travaux", "date", _DATES, "debut"),
    _plus("fin", "Fin des travaux", "date", _DATES),
    _plus("modifie", "Modifiée le", "date", _DATES, "modifie"),
    Colonne(
        "cout", "Coût HT", lambda f: f.cout_ht, "montant", "cout", par_defaut=True, groupe=_MONTANTS,
        totalisee=True,
    ),
    _plus("ttc", "Coût TTC", "montant", _MONTANTS, totalisee=True),
    _plus("assiette", "Dépense éligible", "montant", _MONTANTS, totalisee=True),
    *(_de_financeur(code, libelle) for code, libelle in FINANCEURS.items()),
    _plus(
        "plan", "Total du plan, aide de l’autorité comprise", "montant", _FINANCEMENT, court="Total du plan",
        totalisee=True, aide=_COMPTE,
    ),
    _plus(
        "ecart", "Écart du plan (ce qui manque)", "montant", _FINANCEMENT, court="Écart du plan",
        totalisee=True, aide=_COMPTE,
    ),
    Colonne(
        "acquis", "Autres aides acquises", lambda f: f.montant_acquis, "montant", "acquis", par_defaut=True,
        groupe=_FINANCEMENT, totalisee=True,
    ),
    Colonne(
        "aide", "Aide demandée", lambda f: f.aide_demandee, "montant", "aide", par_defaut=True,
        groupe=_FINANCEMENT, totalisee=True,
    ),
    _plus(
        "accordee", "Aide accordée", "montant", _FINANCEMENT, totalisee=True,
        aide="celle de la maquette acceptée, tant que la fiche est retenue ou inscrite au contrat.",
    ),
    _plus(
        "aide_maximale", "Aide maximale de la pré-instruction conclue", "montant", _DECISIONS,
        court="Aide maximale", totalisee=True,
    ),
)  # fmt: skip


def colonnes_choisies(codes: Sequence[str], *, general: bool) -> tuple[Colonne, ...]:
    """The columns asked for, in the house order; the usual ones when nothing is asked."""
    offertes = [c for c in COLONNES if c.code != "territoire" or general]
    voulues = set(codes) & {c.code for c in offertes}
    if not voulues:
        return tuple(c for c in offertes if c.par_defaut)
    return tuple(c for c in offertes if not c.facultative or c.code in voulues)


def groupes_de_colonnes(
    choisies: Sequence[Colonne], *, general: bool
) -> list[tuple[str, list[tuple[str, str, bool]]]]:
    """The boxes of the choice of columns, by group: code, label, ticked."""
    codes = {c.code for c in choisies}
    groupes: dict[str, list[tuple[str, str, bool]]] = {}
    for c in COLONNES:
        if c.facultative and (general or c.code != "territoire"):
            groupes.setdefault(c.groupe, []).append((c.code, c.libelle, c.code in codes))
    return list(groupes.items())


def pour_export(colonnes: Sequence[Colonne]) -> list[ColonneDoc]:
    return [ColonneDoc(c.code, c.libelle, c.genre) for c in colonnes]


def lignes_export(fiches: Sequence[LigneListe], colonnes: Sequence[Colonne]) -> list[dict[str, Cellule]]:
    """The same cells as the page, typed for the workbook."""
    return [{c.code: c.valeur(f) for c in colonnes} for f in fiches]
