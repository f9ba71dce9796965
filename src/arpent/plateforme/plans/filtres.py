"""What a person asks of a list of fiches: filters, sort, page and columns, read from the address."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from django.db.models import Q, QuerySet
from django.http import QueryDict

from arpent.metier.argent import MontantIllisible, formater_euros, lire_montant
from arpent.metier.cycles.fiche import LIBELLES, EtatFiche
from arpent.metier.plan_financement import LIBELLES_FINANCEUR, Financeur
from arpent.metier.reglement import LIBELLES_VERDICT
from arpent.plateforme.territoires.compositions import FISCALITE_PROPRE
from arpent.plateforme.territoires.models import Appartenance, Groupement
from arpent.plateforme.territoires.perimetres import en_cours

from .models import (
    Commentaire,
    Deliberation,
    Fiche,
    LigneFinancement,
    est_a_part,
    est_comptee,
)

PAR_PAGE = 50
PAGE_MAX = 10_000
COLONNES_MAX = 60
MATURITES = {"structurant": "structurant", "amorcage_a": "amorçage A", "amorcage_b": "amorçage B"}
ETATS = {e.value: LIBELLES[e] for e in EtatFiche}
FINANCEURS = {f.value: LIBELLES_FINANCEUR[f] for f in Financeur}
REALISATIONS = {code: str(libelle) for code, libelle in Fiche.Realisation.choices}
VERDICTS = {v.value: libelle for v, libelle in LIBELLES_VERDICT.items()}
DELIBERATIONS = {"manquante": "manquante", "prise": "prise"}
CORRECTIONS = {"ouvertes": "demandées, pas encore faites"}
REFONTES = {"seules": "elles seules"}
# name in the address → field sorted on
TRIS = {
    "numero": "numero",
    "titre": "titre",
    "mo": "maitre_ouvrage__nom",
    "commune": "commune__nom",
    "theme": "theme__ordre",
    "axe": "axe__numero",
    "maturite": "maturite",
    "realisation": "realisation",
    "etat": "etat",
    "annee": "annee",
    "debut": "debut_le",
    "cout": "cout_ht",
    "acquis": "montant_acquis",
    "aide": "aide_demandee",
    "priorite": "priorite_territoire",
    "modifie": "modifie_le",
}
# Sorts that an index serves over every territory at once.
TRIS_GENERAUX = frozenset({"titre", "annee", "cout", "acquis", "aide"})
# filter → its name beside the chip that removes it
LIBELLES_FILTRES = {
    "q": "Recherche",
    "territoire": "Territoire",
    "epci": "Intercommunalité",
    "commune": "Commune",
    "theme": "Thème",
    "enjeu": "Enjeu",
    "axe": "Axe",
    "maturite": "Maturité",
    "etat": "État",
    "mo": "Maître d’ouvrage",
    "financeur": "Financeur",
    "mini": "Coût d’au moins",
    "maxi": "Coût d’au plus",
    "annee": "Année",
    "realisation": "Réalisation",
    "deliberation": "Délibération",
    "corrections": "Corrections",
    "refonte": "Réunies à une autre ou découpées",
}


@dataclass(frozen=True, slots=True)
class Choix:
    """One option of a list of choices."""

    valeur: str
    libelle: str
    choisi: bool


@dataclass(frozen=True, slots=True)
class Puce:
    """One active filter: what it says, and the parameter to take out of the address."""

    parametre: str
    libelle: str
    valeur: str


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
    epci: str = ""
    commune: str = ""
    enjeu: str = ""
    realisation: str = ""
    deliberation: str = ""
    corrections: str = ""
    refonte: str = ""
    annee: str = ""
    mini: Decimal | None = None
    maxi: Decimal | None = None
    tri: str = ""
    page: int = 1
    colonnes: tuple[str, ...] = ()

    @property
    def est_actif(self) -> bool:
        return any(getattr(self, nom) not in ("", None) for nom in LIBELLES_FILTRES)

    @property
    def est_precis(self) -> bool:
        """True when a filter of the folded part is on: the page then unfolds it."""
        replies = set(LIBELLES_FILTRES) - {"q", "territoire", "theme", "etat", "maturite"}
        return any(getattr(self, nom) not in ("", None) for nom in replies)

    def sans_page(self) -> Filtre:
        return replace(self, page=1)

    def choix(self, nom: str, options: Mapping[str, str]) -> list[Choix]:
        """Options of the list `nom`, the asked one marked."""
        return [Choix(valeur, libelle, valeur == getattr(self, nom)) for valeur, libelle in options.items()]

    def puces(self, mots: Mapping[str, Mapping[str, str]]) -> list[Puce]:
        """The active filters. `mots`: by filter, the words of codes that only the page knows (themes…)."""
        puces = []
        for nom, libelle in LIBELLES_FILTRES.items():
            valeur = getattr(self, nom)
            if valeur in ("", None):
                continue
            texte = formater_euros(valeur) if isinstance(valeur, Decimal) else str(valeur)
            connus = {**_MOTS.get(nom, {}), **mots.get(nom, {})}
            puces.append(Puce(nom, libelle, connus.get(texte, texte)))
        return puces

    def appliquer(self, fiches: QuerySet[Fiche]) -> QuerySet[Fiche]:
        """Filters other than the text and the territory. No query."""
        fiches = fiches.filter(self._retenues())
        for nom, champ in _EGAUX.items():
            if valeur := getattr(self, nom):
                fiches = fiches.filter(**{champ: valeur})
        if self.mo:
            fiches = fiches.filter(maitre_ouvrage__nom__icontains=self.mo)
        if self.axe:
            fiches = (
                fiches.filter(axe__isnull=True) if self.axe == "sans" else fiches.filter(axe__numero=self.axe)
            )
        if self.enjeu:
            fiches = fiches.filter(**_sans_ou(self.enjeu, "enjeu"))
        if self.mini is not None:
            fiches = fiches.filter(cout_ht__gte=self.mini)
        if self.maxi is not None:
            fiches = fiches.filter(cout_ht__lte=self.maxi)
        if self.commune:
            par_code = Q(commune__pk=self.commune.upper())
            fiches = fiches.filter(par_code | Q(commune__nom__icontains=self.commune))
        if self.epci:
            fiches = fiches.filter(_dans_l_epci(self.epci))
        return self._appliquer_liens(fiches)

    def _retenues(self) -> Q:
        """Left out, unless they are what is asked for: a merged fiche and an operation split into tranches,
        which are read from the fiche that counts; a project carried out that asks for nothing."""
        comptees = ~est_comptee() if self.refonte else est_comptee()
        return comptees if self.realisation else comptees & ~est_a_part()

    def _appliquer_liens(self, fiches: QuerySet[Fiche]) -> QuerySet[Fiche]:
        """Filters on what hangs from a fiche: money, acts, remarks."""
        if self.financeur:
            lignes = LigneFinancement.objects.filter(financeur=self.financeur)
            fiches = fiches.filter(pk__in=lignes.values("fiche"))
        if self.deliberation:
            prises = Q(pk__in=deliberations_prises().values("fiche"))
            fiches = fiches.filter(prises if self.deliberation == "prise" else ~prises)
        if self.corrections:
            ouvertes = Commentaire.objects.filter(
                genre=Commentaire.Genre.CORRECTION,
                portee=Commentaire.Portee.PARTAGEE,
                reponse_a__isnull=True,
                resolu_le__isnull=True,
            )
            fiches = fiches.filter(pk__in=ouvertes.order_by().values("fiche"))
        return fiches

    def ordre(self, permis: frozenset[str] | None = None, defaut: str = "numero") -> tuple[str, str]:
        """Ordering of the rows, the number of the row as a tie-break in the same direction."""
        demande = self.tri.removeprefix("-")
        if demande not in TRIS or (permis is not None and demande not in permis):
            signe, champ = ("-" if defaut.startswith("-") else ""), defaut.removeprefix("-")
        else:
            signe, champ = ("-" if self.tri.startswith("-") else ""), TRIS[demande]
        return f"{signe}{champ}", f"{signe}pk"


_EGAUX = {
    "theme": "theme__code",
    "maturite": "maturite",
    "etat": "etat",
    "realisation": "realisation",
    "annee": "annee",
}
_MOTS: dict[str, Mapping[str, str]] = {
    "maturite": MATURITES,
    "etat": ETATS,
    "financeur": FINANCEURS,
    "realisation": REALISATIONS,
    "deliberation": DELIBERATIONS,
    "corrections": CORRECTIONS,
    "refonte": REFONTES,
    "axe": {"sans": "sans axe"},
    "enjeu": {"sans": "sans enjeu"},
}


def _sans_ou(valeur: str, champ: str) -> dict[str, object]:
    return {f"{champ}__isnull": True} if valeur == "sans" else {f"{champ}_id": int(valeur)}


def deliberations_prises() -> QuerySet[Deliberation]:
    """Acts that adopted a fiche: numbered, dated, neither rejected nor adjourned. No query."""
    ecartees = [Deliberation.Sens.REJETEE, Deliberation.Sens.AJOURNEE]
    prises = Deliberation.objects.order_by().filter(adoptee_le__isnull=False)
    return prises.exclude(numero="").exclude(sens__in=ecartees)


def _dans_l_epci(demande: str) -> Q:
    """Fiches of an EPCI, by SIREN or by a piece of its name: their commune's, else their owner's."""
    epci = Groupement.objects.order_by().filter(nature__in=FISCALITE_PROPRE)
    epci = epci.filter(siren=demande) if demande.isdecimal() else epci.filter(nom__icontains=demande)
    siens = epci.values("siren")
    communes = Appartenance.objects.filter(en_cours(date.today()), groupement__in=siens).values("commune")
    au_maitre = Q(maitre_ouvrage__commune__in=communes) | Q(maitre_ouvrage__groupement__in=siens)
    return Q(commune__in=communes) | (Q(commune__isnull=True) & au_maitre)


# --- reading the address --------------------------------------------------------------------------


def _parmi(get: QueryDict, nom: str, valeurs: Mapping[str, str]) -> str:
    return valeur if (valeur := get.get(nom, "")) in valeurs else ""


def _texte(get: QueryDict, nom: str, longueur: int = 100) -> str:
    return get.get(nom, "").replace("\0", "").strip()[:longueur]


def _chiffres(get: QueryDict, nom: str, longueur: int, *mots: str) -> str:
    """A short whole number, or one of `mots`; else nothing."""
    brut = get.get(nom, "")
    return brut if brut in mots or (brut.isascii() and brut.isdigit() and len(brut) <= longueur) else ""


def _montant(get: QueryDict, nom: str) -> Decimal | None:
    try:
        return lire_montant(_texte(get, nom, 30))
    except MontantIllisible:
        return None


def lire_filtre(get: QueryDict) -> Filtre:
    """Reads the address. Never fails: what makes no sense is left out."""
    return Filtre(
        q=_texte(get, "q"),
        theme=_texte(get, "theme", 40),
        maturite=_parmi(get, "maturite", MATURITES),
        etat=_parmi(get, "etat", ETATS),
        mo=_texte(get, "mo"),
        axe=_chiffres(get, "axe", 4, "sans"),
        financeur=_parmi(get, "financeur", FINANCEURS),
        territoire=_texte(get, "territoire"),
        epci=_texte(get, "epci"),
        commune=_texte(get, "commune"),
        enjeu=_chiffres(get, "enjeu", 9, "sans"),
        realisation=_parmi(get, "realisation", REALISATIONS),
        deliberation=_parmi(get, "deliberation", DELIBERATIONS),
        corrections=_parmi(get, "corrections", CORRECTIONS),
        refonte=_parmi(get, "refonte", REFONTES),
        annee=_chiffres(get, "annee", 4),
        mini=_montant(get, "mini"),
        maxi=_montant(get, "maxi"),
        tri=_texte(get, "tri", 20),
        page=min(max(int(_chiffres(get, "page", 7) or 1), 1), PAGE_MAX),
        colonnes=tuple(get.getlist("col")[:COLONNES_MAX]),
    )
