"""What putting a model in force would change: the compared places, and the territories of the policy."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from django.db.models import Q

from arpent.metier.vulnerabilite import Croisement, Echelle, Modele, Notes, composer, croiser
from arpent.plateforme.demarches.models import Demarche
from arpent.plateforme.observatoire.magasin import Magasin
from arpent.plateforme.territoires.models import Composition

from .bibliotheque import Politique
from .evaluation import ModeleInapplicable, calculer
from .valeurs import POPULATIONS, comparables


@dataclass(frozen=True, slots=True)
class Passage:
    """A territory of the policy before and after."""

    nom: str
    slug: str
    avant: str
    apres: str
    type_avant: str
    type_apres: str

    @property
    def change(self) -> bool:
        return (self.avant, self.type_avant) != (self.apres, self.type_apres)


@dataclass(frozen=True, slots=True)
class Impact:
    """`croisement` None: nothing is in force yet, or the two models do not compare the same places."""

    croisement: Croisement | None
    passages: tuple[Passage, ...]
    comparaison: str

    @property
    def nombre(self) -> int:
        return sum(p.change for p in self.passages)


def mesurer(
    demarche: Demarche, dit: Politique, nouveau: Modele, magasin: Magasin, departement: str, le: date
) -> Impact:
    """Raises ModeleInapplicable when the new model cannot be applied. Two queries."""
    codes, comparaison = comparables(nouveau, demarche.autorite, magasin, departement)
    membres = _membres(demarche, le)
    epci = {s for sirens in membres.values() for s in sirens}
    tous = list(dict.fromkeys([*codes, *sorted(epci)])) if nouveau.echelle is Echelle.EPCI else codes
    apres = calculer(magasin, nouveau, tous)[1]
    actuel, avant = dit.applique, None
    if actuel is not None and actuel.echelle is nouveau.echelle:
        try:
            avant = calculer(magasin, actuel, tous)[1]
        except ModeleInapplicable:
            avant = None
    croisement = None
    if avant is not None:
        dedans = set(codes)
        croisement = croiser(_restreindre(avant, dedans), _restreindre(apres, dedans))
    passages = _passages(demarche, membres, avant, apres, dit.types_contrat, magasin)
    return Impact(croisement, passages, comparaison)


def _restreindre(notes: Notes, codes: set[str]) -> Notes:
    return Notes(notes.modele, tuple(n for n in notes.notes if n.territoire in codes), notes.bornes)


def _membres(demarche: Demarche, le: date) -> dict[int, list[str]]:
    """SIREN by territory, for all the démarches of the same policy. One query."""
    lignes = (
        Composition.objects.filter(
            Q(debut__lte=le) & (Q(fin__isnull=True) | Q(fin__gt=le)),
            territoire__demarches__version_processus__processus_id=demarche.version_processus.processus_id,
        )
        .values_list("territoire_id", "groupement_id")
        .distinct()
        .order_by("territoire_id", "groupement_id")
    )
    membres: dict[int, list[str]] = {}
    for territoire, siren in lignes:
        membres.setdefault(territoire, []).append(siren)
    return membres


def _passages(
    demarche: Demarche,
    membres: Mapping[int, list[str]],
    avant: Notes | None,
    apres: Notes,
    types: Mapping[str, str],
    magasin: Magasin,
) -> tuple[Passage, ...]:
    """One line a territory. Models of communes give none: they class communes. One query."""
    if apres.modele.echelle is not Echelle.EPCI:
        return ()
    demarches = (
        Demarche.objects.filter(version_processus__processus_id=demarche.version_processus.processus_id)
        .values_list("territoire_id", "territoire__nom", "slug")
        .order_by("territoire__nom", "pk")
    )
    passages = []
    for territoire, nom, slug in demarches:
        colonne = POPULATIONS[Echelle.EPCI]
        populations = {
            s: p
            for s in membres.get(territoire, [])
            if s in magasin.epci.rangs and (p := magasin.epci.valeur(s, colonne))
        }
        if populations:
            a = _classe(avant, populations, types)
            b = _classe(apres, populations, types)
            passages.append(Passage(nom, slug, a[0], b[0], a[1], b[1]))
    return tuple(passages)


def _classe(
    notes: Notes | None, populations: Mapping[str, float], types: Mapping[str, str]
) -> tuple[str, str]:
    if notes is None:
        return "non classé", ""
    composee = composer(notes, populations)
    code = composee.type_contrat or ""
    return composee.classe.libelle if composee.classe else "non classé", types.get(code, code)
