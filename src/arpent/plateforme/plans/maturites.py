"""The plan in three columns of maturity: what each fiche lacks to go up, and where it may be moved."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Count, Prefetch, QuerySet
from django.utils.safestring import SafeString

from arpent.metier.argent import ZERO
from arpent.plateforme.acteurs.models import Agent
from arpent.plateforme.demarches.models import Demarche
from arpent.plateforme.reglements.fiches import ModeleFiche

from .champs import Manque, joints_de, modele_de, promotions
from .colonnes import pastille_etat
from .droits import peut_rediger
from .filtres import MATURITES
from .listes import SommeCentimes, en_euros
from .models import Deliberation, DemarcheFinanceur, Fiche, LigneDepense, PieceJointe
from .vue_carte import AFFICHEES_MAX


@dataclass(frozen=True, slots=True)
class Attente:
    """A class of maturity that the fiche cannot have yet, and what it lacks for it."""

    code: str
    libelle: str
    manques: tuple[Manque, ...]

    @property
    def texte(self) -> str:
        return ", ".join(map(str, self.manques))


@dataclass(frozen=True, slots=True)
class Carte:
    """One fiche in its column. `destinations`: classes (code, label) it may be moved to by the reader.

    `attentes`: the most demanding first, its own class included when the fiche no longer meets it.
    """

    fiche: Fiche
    etat: SafeString
    redige: bool
    destinations: tuple[tuple[str, str], ...]
    attentes: tuple[Attente, ...]


@dataclass(frozen=True, slots=True)
class Colonne:
    """One class of maturity: number and cost are of all its fiches, `cartes` stops at AFFICHEES_MAX."""

    code: str
    libelle: str
    definition: str
    nombre: int
    cout: Decimal
    cartes: tuple[Carte, ...]


def _avec_joints(fiches: QuerySet[Fiche]) -> QuerySet[Fiche]:
    """With all that a condition looks at, and nothing heavier. Six queries more."""
    return (
        fiches.select_related("maitre_ouvrage")
        .defer("texte_recherche")
        .prefetch_related(
            "financements",
            "politiques",
            Prefetch("depenses", LigneDepense.objects.only("fiche_id")),
            Prefetch("demarches_financeurs", DemarcheFinanceur.objects.only("fiche_id")),
            Prefetch("deliberations", Deliberation.objects.only("fiche_id", "adoptee_le")),
            Prefetch("pieces", PieceJointe.objects.only("fiche_id", "nature", "retiree_le")),
        )
    )


def _carte(fiche: Fiche, modele: ModeleFiche, agent: Agent) -> Carte:
    classes = [p for p in promotions(fiche, modele, joints_de(fiche)) if p.code in MATURITES]
    redige = bool(peut_rediger(agent, fiche))
    ouvertes = [p.code for p in classes if not p.manques and p.code != fiche.maturite] if redige else []
    return Carte(
        fiche,
        pastille_etat(fiche.etat),
        redige,
        tuple((code, MATURITES[code]) for code in ouvertes),
        tuple(Attente(p.code, MATURITES[p.code], p.manques) for p in classes if p.manques),
    )


def lire_colonnes(
    fiches: QuerySet[Fiche], ordre: tuple[str, str], demarche: Demarche, agent: Agent
) -> list[Colonne]:
    """The three columns, the most mature first. Nine queries whatever the number of fiches."""
    modele = modele_de(demarche)
    sommes = {
        row["maturite"]: (row["nombre"], en_euros(row["cout"]))
        for row in fiches.order_by()
        .values("maturite")
        .annotate(nombre=Count("pk"), cout=SommeCentimes("cout_ht"))
    }
    par_classe: dict[str, list[Carte]] = defaultdict(list)
    for fiche in _avec_joints(fiches.order_by(*ordre))[:AFFICHEES_MAX]:
        fiche.demarche = demarche
        par_classe[fiche.maturite].append(_carte(fiche, modele, agent))
    definitions = {m.code: m.definition for m in modele.maturites}
    return [
        Colonne(
            code,
            libelle,
            definitions.get(code, ""),
            *sommes.get(code, (0, ZERO)),
            tuple(par_classe[code]),
        )
        for code, libelle in MATURITES.items()
    ]
