"""What two règlements give to the same fiches: one reading of each fiche, two pré-instructions.

An aid is unknown (None) as long as a rate or a ceiling of the règlement is not published: it is never taken
for « no limit ». Totals only add the fiches whose aid is known on both sides; the others are counted apart.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import cached_property
from itertools import islice

from django.db.models import QuerySet

from arpent.metier.argent import ZERO
from arpent.metier.reglement import (
    LIBELLES_BENEFICIAIRE,
    Constat,
    Famille,
    Preinstruction,
    Reglement,
    Verdict,
    preinstruire,
)
from arpent.plateforme.acteurs.models import Agent
from arpent.plateforme.demarches.models import Demarche
from arpent.plateforme.diagnostics.vulnerabilites.classe import classe_de
from arpent.plateforme.reglements.models import Dispositif
from arpent.plateforme.socle.recherche import mots_cherches
from arpent.plateforme.territoires.models import Appartenance
from arpent.plateforme.territoires.perimetres import appartenances_en_cours

from .lot import FicheLue, lire_lot
from .models import Fiche

TRANCHE = 2_500
FICHES_MAX = 10_000
"""Fiches compared while somebody waits; beyond, the command compares them all."""
_CALCUL = (Famille.TAUX, Famille.PLAFONDS)


@dataclass(frozen=True, slots=True)
class Portee:
    """Which fiches: a démarche (its slug), a programming year, a source, words; empty: all."""

    territoire: str = ""
    annee: int | None = None
    source: str = ""
    recherche: str = ""

    def fiches(self, dispositif: Dispositif, agent: Agent | None) -> QuerySet[Fiche]:
        """Of the dispositif, within what the agent may see (None: the console, everything). No query."""
        fiches = Fiche.objects.visibles_par(agent) if agent is not None else Fiche.objects.all()
        fiches = fiches.filter(
            demarche__version_processus__processus=dispositif.processus_id, fusionnee_dans__isnull=True
        )
        if self.territoire:
            fiches = fiches.filter(demarche__slug=self.territoire)
        if self.annee is not None:
            fiches = fiches.filter(annee=self.annee)
        if self.source:
            fiches = fiches.filter(source__icontains=self.source)
        for mot in mots_cherches(self.recherche):
            fiches = fiches.filter(texte_recherche__contains=mot)
        return fiches


@dataclass(frozen=True, slots=True)
class Resultat:
    """What one règlement gives. `aide` None: a value is not published; `article`: what binds."""

    aide: Decimal | None
    verdict: Verdict
    article: str
    motif: str
    constats: tuple[Constat, ...] = ()


@dataclass(frozen=True, slots=True)
class Cas:
    """One fiche under both règlements."""

    pk: int
    numero: int
    titre: str
    slug: str
    territoire: str
    theme: str
    nature: str
    maitre_ouvrage: str
    cout: Decimal
    avant: Resultat
    apres: Resultat

    @property
    def difference(self) -> Decimal | None:
        if self.avant.aide is None or self.apres.aide is None:
            return None
        return self.apres.aide - self.avant.aide

    @property
    def sens(self) -> str:
        if self.difference is None:
            return "inconnu"
        if self.difference == 0:
            return "inchange"
        return "gagne" if self.difference > 0 else "perd"


@dataclass(slots=True)
class Somme:
    """A group of fiches. `habitants` None: not known, or the group is not a territory."""

    libelle: str
    nombre: int = 0
    avant: Decimal = ZERO
    apres: Decimal = ZERO
    gagnants: int = 0
    perdants: int = 0
    inchanges: int = 0
    inconnus: int = 0
    habitants: int | None = None

    def ajouter(self, cas: Cas) -> None:
        self.nombre += 1
        if cas.avant.aide is None or cas.apres.aide is None:
            self.inconnus += 1
            return
        self.avant += cas.avant.aide
        self.apres += cas.apres.aide
        self.gagnants += cas.sens == "gagne"
        self.perdants += cas.sens == "perd"
        self.inchanges += cas.sens == "inchange"

    @property
    def difference(self) -> Decimal:
        return self.apres - self.avant

    @property
    def baisse(self) -> Decimal:
        """What is lost, as a positive amount."""
        return -self.difference

    @property
    def par_habitant(self) -> tuple[Decimal, Decimal] | None:
        """Euros per inhabitant, before and after, to the cent."""
        if not self.habitants:
            return None
        cent = Decimal("0.01")
        return (self.avant / self.habitants).quantize(cent), (self.apres / self.habitants).quantize(cent)


@dataclass(frozen=True)
class Comparaison:
    """Every fiche under both règlements; `tronquee`: the number of fiches that were left out."""

    cas: tuple[Cas, ...]
    habitants: Mapping[str, int] = field(default_factory=dict)
    tronquee: int = 0

    @cached_property
    def total(self) -> Somme:
        somme = Somme("Ensemble")
        for cas in self.cas:
            somme.ajouter(cas)
        return somme

    def _par(self, cle: Callable[[Cas], str]) -> list[Somme]:
        sommes: dict[str, Somme] = {}
        for cas in self.cas:
            sommes.setdefault(cle(cas), Somme(cle(cas))).ajouter(cas)
        return sorted(sommes.values(), key=lambda s: (-abs(s.difference), s.libelle))

    @cached_property
    def par_theme(self) -> list[Somme]:
        return self._par(lambda c: c.theme or "Sans thème")

    @cached_property
    def par_nature(self) -> list[Somme]:
        return self._par(lambda c: LIBELLES_BENEFICIAIRE.get(c.nature, c.nature))

    @cached_property
    def par_territoire(self) -> list[Somme]:
        sommes = self._par(lambda c: c.territoire)
        for somme in sommes:
            somme.habitants = self.habitants.get(somme.libelle)
        return sommes

    def ecarts(self, tri: str = "-ecart") -> list[Cas]:
        """The fiches whose aid moves or is unknown on one side, the biggest difference first by default."""
        bouges = [c for c in self.cas if c.sens != "inchange"]
        cle = TRIS.get(tri.removeprefix("-"), TRIS["ecart"])
        return sorted(bouges, key=lambda c: (cle(c), -c.pk), reverse=tri.startswith("-"))


TRIS: dict[str, Callable[[Cas], Decimal]] = {
    "ecart": lambda c: abs(c.difference or ZERO),
    "gain": lambda c: c.difference or ZERO,
    "avant": lambda c: c.avant.aide or ZERO,
    "apres": lambda c: c.apres.aide or ZERO,
    "cout": lambda c: c.cout,
}


def _resultat(lu: Preinstruction, calculs: frozenset[str], *, constats: bool) -> Resultat:
    """`calculs`: codes of the rules that make the amount; one of them to be checked makes it unknown."""
    exclu = next((c for c in lu.constats if c.plafond == 0), None)
    incertain = None
    if exclu is None:
        incertain = next(
            (c for c in lu.constats if c.verdict is Verdict.A_VERIFIER and c.regle in calculs), None
        )
    liant = incertain or lu.plafond_liant
    return Resultat(
        None if incertain else lu.aide_maximale,
        lu.verdict,
        liant.article if liant else "",
        liant.intitule if liant else "ce que laissent les autres financements",
        lu.constats if constats else (),
    )


def _calculs(reglement: Reglement) -> frozenset[str]:
    return frozenset(r.code for r in reglement.regles if r.FAMILLE in _CALCUL)


def cas_compares(
    fiches: QuerySet[Fiche], avant: Reglement, apres: Reglement, le: date, *, constats: bool = False
) -> Iterator[Cas]:
    """The fiches in their order, by batches of a fixed number of queries, plus one class a démarche."""
    cles = iter(list(fiches.values_list("pk", flat=True)))
    calculs = (_calculs(avant), _calculs(apres))
    lit_la_classe = "classe" in avant.champs_lus or "classe" in apres.champs_lus
    while tranche := list(islice(cles, TRANCHE)):
        rangs = {pk: n for n, pk in enumerate(tranche)}
        lues = Fiche.objects.filter(pk__in=tranche).order_by()
        noms = {
            pk: (territoire, theme or "")
            for pk, territoire, theme in lues.values_list("pk", "demarche__territoire__nom", "theme__libelle")
        }
        lot = lire_lot(lues, le)
        for fiche in sorted(lot.fiches, key=lambda f: rangs[f.pk or 0]):
            classe = classe_de(fiche.demarche_id) if lit_la_classe else None
            projet = lot.projet(fiche, classe=classe.code if classe else None)
            resultats = [
                _resultat(preinstruire(projet, r, le, lot.parametres), c, constats=constats)
                for r, c in zip((avant, apres), calculs, strict=True)
            ]
            yield _cas(fiche, noms[fiche.pk or 0], resultats[0], resultats[1])


def _cas(fiche: FicheLue, noms: tuple[str, str], avant: Resultat, apres: Resultat) -> Cas:
    return Cas(
        pk=fiche.pk or 0,
        numero=fiche.numero,
        titre=fiche.titre,
        slug=fiche.slug,
        territoire=noms[0],
        theme=noms[1],
        nature=fiche.nature_beneficiaire,
        maitre_ouvrage=fiche.maitre_ouvrage,
        cout=fiche.cout_ht,
        avant=avant,
        apres=apres,
    )


def comparer(
    dispositif: Dispositif,
    avant: Reglement,
    apres: Reglement,
    portee: Portee,
    *,
    agent: Agent | None,
    le: date,
    au_plus: int | None = FICHES_MAX,
) -> Comparaison:
    """Both règlements over the fiches of `portee`, the first `au_plus` of them."""
    fiches = portee.fiches(dispositif, agent).order_by("demarche__slug", "numero", "pk")
    nombre = fiches.count() if au_plus is not None else 0
    retenues = fiches if au_plus is None else fiches[:au_plus]
    cas = tuple(cas_compares(retenues, avant, apres, le))
    return Comparaison(cas, habitants(dispositif, le), max(0, nombre - (au_plus or nombre)))


def habitants(dispositif: Dispositif, le: date) -> dict[str, int]:
    """Inhabitants of the territories of the dispositif that day, by name. One query."""
    rows = (
        Appartenance.objects.filter(
            appartenances_en_cours(le),
            groupement__compositions__territoire__demarches__version_processus__processus=dispositif.processus_id,
        )
        .order_by()
        .values("groupement__compositions__territoire__nom", "commune", "commune__population")
        .distinct()
    )
    sommes: dict[str, int] = {}
    for row in rows:
        nom = row["groupement__compositions__territoire__nom"]
        sommes[nom] = sommes.get(nom, 0) + (row["commune__population"] or 0)
    return sommes


def territoires_compares(dispositif: Dispositif, agent: Agent) -> list[tuple[str, str]]:
    """(slug, name) of the démarches of the dispositif that the agent may see. One query."""
    demarches = Demarche.objects.visibles_par(agent).filter(
        version_processus__processus=dispositif.processus_id
    )
    rows = demarches.order_by("territoire__nom").values_list("slug", "territoire__nom", "generation")
    return [(slug, f"{nom}, {generation}") for slug, nom, generation in rows]
