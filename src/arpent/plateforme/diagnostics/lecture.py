"""Everything the figures say of a territory, gathered once for the page, the command and the contract.

One read of the columnar store; two queries for the perimeter, one for the model of vulnerability.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cache, partial

from django.conf import settings

from arpent.extraits import lecture as extraits
from arpent.metier.flux_revenus import PARAMETRES, Flux
from arpent.plateforme.demarches.models import Demarche
from arpent.plateforme.observatoire.jumeaux import Jumeaux, jumeaux
from arpent.plateforme.observatoire.magasin import Magasin, ouvrir
from arpent.plateforme.observatoire.portrait import (
    Famille,
    LignePortrait,
    departement_principal,
    portrait,
)
from arpent.plateforme.territoires.perimetres import Perimetre, perimetre

from .flux.calcul import Parametres, calculer, parametres_de
from .vulnerabilites.evaluation import Vulnerabilite, evaluer


@dataclass(frozen=True, slots=True)
class Lecture:
    """The territory in figures. `vulnerabilite` None: the policy has no model that can be applied.

    `pairs`: the EPCI it is compared with, the twins unless the reader has picked others.
    """

    nom: str
    perimetre: Perimetre
    departement: str
    familles: tuple[Famille, ...]
    flux: Flux
    vulnerabilite: Vulnerabilite | None
    magasin: Magasin
    jumeaux: Jumeaux = field(default_factory=Jumeaux)
    pairs: tuple[str, ...] = ()

    def ligne(self, code: str) -> LignePortrait | None:
        return next((x for f in self.familles for x in f.lignes if x.indicateur.code == code), None)

    @property
    def choisis(self) -> bool:
        """The reader has picked the EPCI to be compared with."""
        return self.pairs != self.jumeaux.sirens

    @property
    def nombre_valeurs(self) -> int:
        return sum(x.valeur.valeur is not None for f in self.familles for x in f.lignes)


Evaluer = Callable[[Magasin, Perimetre, str], Vulnerabilite | None]
"""The vulnerability of a perimeter, given the département it is compared with."""


def lire(demarche: Demarche, le: date, *, pairs: Sequence[str] = ()) -> Lecture:
    """Raises ObservatoireVide when no store is loaded, ValueError when the perimeter is empty."""
    ici = perimetre(demarche.territoire, le)
    return lire_perimetre(
        demarche.territoire.nom,
        ici,
        evaluer_avec=partial(evaluer, demarche),
        pairs=pairs,
        parametres=parametres_de(demarche),
    )


def lire_portrait(demarche: Demarche, le: date, *, pairs: Sequence[str] = ()) -> Lecture:
    """The indicators only: no class, and the flows with the parameters by default. Two queries."""
    return lire_perimetre(demarche.territoire.nom, perimetre(demarche.territoire, le), pairs=pairs)


def lire_perimetre(
    nom: str,
    ici: Perimetre,
    *,
    evaluer_avec: Evaluer | None = None,
    pairs: Sequence[str] = (),
    parametres: Parametres = PARAMETRES,
) -> Lecture:
    """Any set of communes and EPCI, a draft perimeter included. Same errors as `lire`; no query of its own.

    `pairs`: the EPCI picked by the reader (unknown ones are left out); none: its territoires jumeaux.
    """
    magasin = ouvrir(settings.ARPENT_DONNEES)
    if not ici.communes:
        raise ValueError(
            "Le périmètre de ce territoire est vide : rattachez-lui au moins une intercommunalité."
        )
    departement = departement_principal(magasin, ici.communes)
    proches = jumeaux(magasin, ici.communes, ici.epci)
    choisis = tuple(s for s in dict.fromkeys(pairs) if s in magasin.epci.rangs and s not in ici.epci)
    retenus = choisis or proches.sirens
    return Lecture(
        nom=nom,
        perimetre=ici,
        departement=departement,
        familles=portrait(magasin, ici.communes, ici.epci, departement=departement, pairs=retenus),
        flux=flux_de_revenus(magasin, ici, parametres),
        vulnerabilite=evaluer_avec(magasin, ici, departement) if evaluer_avec else None,
        magasin=magasin,
        jumeaux=proches,
        pairs=retenus,
    )


def flux_de_revenus(magasin: Magasin, ici: Perimetre, parametres: Parametres = PARAMETRES) -> Flux:
    """The income captured by the communes of the perimeter, taken as a whole."""
    return calculer(magasin, "", ici.communes, ici.epci, parametres).flux


@cache
def noms_des_epci() -> Mapping[str, str]:
    return {x["siren"]: x["nom"] for x in extraits.lignes("france/epci")}


@cache
def epci_du_departement(departement: str) -> tuple[str, ...]:
    """The EPCI whose main département it is: those a rank is given among."""
    lignes = extraits.lignes("france/epci")
    return tuple(x["siren"] for x in lignes if x["departement_principal"] == departement)


@cache
def nom_du_departement(code: str) -> str:
    return next((x["nom"] for x in extraits.lignes("france/departements") if x["code"] == code), code)


@cache
def nom_de_la_region(departement: str) -> str:
    """The region of a département."""
    code = next((x["region"] for x in extraits.lignes("france/departements") if x["code"] == departement), "")
    return next((x["nom"] for x in extraits.lignes("france/regions") if x["code"] == code), "Région")
