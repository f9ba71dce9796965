"""What a person asks of a list of fiches: filters, sort, page and columns, read from the address."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import QuerySet
from django.http import QueryDict

from arpent.metier.cycles.fiche import LIBELLES, EtatFiche
from arpent.metier.plan_financement import LIBELLES_FINANCEUR, Financeur

from .models import Fiche, LigneFinancement

PAR_PAGE = 50
PAGE_MAX = 10_000
MATURITES = {"structurant": "structurant", "amorcage_a": "amorçage A", "amorcage_b": "amorçage B"}
ETATS = {e.value: LIBELLES[e] for e in EtatFiche}
FINANCEURS = {f.value: LIBELLES_FINANCEUR[f] for f in Financeur}
# name in the address → field sorted on
TRIS = {
    "numero": "numero",
    "titre": "titre",
    "mo": "maitre_ouvrage__nom",
    "etat": "etat",
    "annee": "annee",
    "cout": "cout_ht",
    "acquis": "montant_acquis",
    "aide": "aide_demandee",
    "priorite": "priorite_territoire",
}
# Sorts that an index serves over every territory at once.
TRIS_GENERAUX = frozenset({"titre", "annee", "cout", "acquis", "aide"})


@dataclass(frozen=True, slots=True)
class Choix:
    """One option of a list of choices."""

    valeur: str
    libelle: str
    choisi: bool


@dataclass(frozen=True, slots=True)
class Filtre:
    """The question asked; anything unreadable in the address is simply not asked."""

    q: str = ""
    theme: str = ""
    maturite: str = ""
    etat: str = ""
    mo: str = ""
    axe: str = ""
    financeur: str = ""
    territoire: str = ""
    tri: str = ""
    page: int = 1
    colonnes: tuple[str, ...] = ()

    @property
    def est_actif(self) -> bool:
        return any(
            (self.q, self.theme, self.maturite, self.etat, self.mo, self.axe, self.financeur, self.territoire)
        )

    def choix(self, nom: str, options: dict[str, str]) -> list[Choix]:
        """Options of the list `nom`, the asked one marked."""
        return [Choix(valeur, libelle, valeur == getattr(self, nom)) for valeur, libelle in options.items()]

    def appliquer(self, fiches: QuerySet[Fiche]) -> QuerySet[Fiche]:
        """Filters other than the text and the territory. No query."""
        if self.theme:
            fiches = fiches.filter(theme__code=self.theme)
        if self.maturite:
            fiches = fiches.filter(maturite=self.maturite)
        if self.etat:
            fiches = fiches.filter(etat=self.etat)
        if self.mo:
            fiches = fiches.filter(maitre_ouvrage__nom__icontains=self.mo)
        if self.axe:
            fiches = (
                fiches.filter(axe__isnull=True) if self.axe == "sans" else fiches.filter(axe__numero=self.axe)
            )
        if self.financeur:
            lignes = LigneFinancement.objects.filter(financeur=self.financeur)
            fiches = fiches.filter(pk__in=lignes.values("fiche"))
        return fiches

    def ordre(self, permis: frozenset[str] | None = None, defaut: str = "numero") -> tuple[str, str]:
        """Ordering of the rows, the number of the row as a tie-break in the same direction."""
        demande = self.tri.removeprefix("-")
        if demande not in TRIS or (permis is not None and demande not in permis):
            signe, champ = ("-" if defaut.startswith("-") else ""), defaut.removeprefix("-")
        else:
            signe, champ = ("-" if self.tri.startswith("-") else ""), TRIS[demande]
        return f"{signe}{champ}", f"{signe}pk"


def _parmi(get: QueryDict, nom: str, valeurs: dict[str, str]) -> str:
    return valeur if (valeur := get.get(nom, "")) in valeurs else ""


def _texte(get: QueryDict, nom: str, longueur: int = 100) -> str:
    return get.get(nom, "").replace("\0", "").strip()[:longueur]


def _page(get: QueryDict) -> int:
    brut = get.get("page", "1")
    return min(max(int(brut), 1), PAGE_MAX) if brut.isascii() and brut.isdigit() and len(brut) < 8 else 1


def lire_filtre(get: QueryDict) -> Filtre:
    """Reads the address. Never fails: what makes no sense is left out."""
    axe = get.get("axe", "")
    return Filtre(
        q=_texte(get, "q"),
        theme=_texte(get, "theme", 40),
        maturite=_parmi(get, "maturite", MATURITES),
        etat=_parmi(get, "etat", ETATS),
        mo=_texte(get, "mo"),
        axe=axe if axe == "sans" or (axe.isascii() and axe.isdigit() and len(axe) < 5) else "",
        financeur=_parmi(get, "financeur", FINANCEURS),
        territoire=_texte(get, "territoire"),
        tri=_texte(get, "tri", 20),
        page=_page(get),
        colonnes=tuple(get.getlist("col")[:20]),
    )
