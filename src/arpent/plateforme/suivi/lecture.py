"""What the bilan reads: the retained projects of the current maquette, brought to the inhabitants."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from arpent.metier.argent import ZERO, formater_euros, formater_nombre
from arpent.plateforme.demarches.models import Demarche
from arpent.plateforme.negociations.enveloppes import parts_de
from arpent.plateforme.negociations.imputations import ouverts_parmi
from arpent.plateforme.negociations.passerelle import LigneArbitrage, lignes_de
from arpent.plateforme.negociations.sorties import est_inscrite, mentions_de, scenario_ou_vierge
from arpent.plateforme.plans.models import Fiche
from arpent.plateforme.socle.graphiques import Barre, Figure, Lieu, barres_horizontales, choroplethe
from arpent.plateforme.territoires.models import Commune
from arpent.plateforme.territoires.perimetres import en_cours

BARRES = 12
"""Bars drawn; the table behind the map has every commune."""


@dataclass(frozen=True, slots=True)
class AideCommune:
    """Aid of the projects located in one commune. `par_habitant` None: no population known."""

    code: str
    nom: str
    aide: Decimal
    par_habitant: Decimal | None


@dataclass(frozen=True, slots=True)
class Bilan:
    """Figures and totals of the page."""

    nombre: int
    total_aides: Decimal
    total_couts: Decimal
    levier: Decimal | None
    par_habitant: Decimal | None
    intercommunal: Decimal
    figures: tuple[Figure, ...]
    carte: Figure | None
    mentions: tuple[str, ...]


def commune_de(fiche: Fiche) -> str | None:
    """Where the project stands: its commune, else that of its owner; None for an intercommunal project."""
    return fiche.commune_id or fiche.maitre_ouvrage.commune_id


def _au_centime(x: Decimal) -> Decimal:
    return x.quantize(Decimal("0.01"), rounding=ROUND_HALF_UP)


def _par_habitant(aide: Decimal, population: int | None) -> Decimal | None:
    return _au_centime(aide / population) if population else None


def communes_de(territoires: Collection[int], le: date) -> list[Commune]:
    """Members that day of these territories (pk), with their contour. One query."""
    return list(
        Commune.objects.filter(
            en_cours(le, "appartenances__", "appartenances__groupement__compositions__"),
            appartenances__groupement__compositions__territoire__in=territoires,
        )
        .select_related("contour")
        .distinct()
        .order_by("nom")
    )


def sommes_par_commune(aides: Iterable[tuple[Fiche, Decimal]]) -> dict[str, Decimal]:
    """The aid of the projects located in a commune, by its code."""
    sommes: dict[str, Decimal] = {}
    for fiche, aide in aides:
        if code := commune_de(fiche):
            sommes[code] = sommes.get(code, ZERO) + aide
    return sommes


def aides_par_commune(communes: Sequence[Commune], sommes: Mapping[str, Decimal]) -> list[AideCommune]:
    return [
        AideCommune(
            c.code, c.nom, sommes.get(c.code, ZERO), _par_habitant(sommes.get(c.code, ZERO), c.population)
        )
        for c in communes
    ]


def _ecrire(x: int | float | Decimal) -> str:
    return formater_euros(Decimal(x), centimes=False)


def _constat_carte(aides: Sequence[AideCommune]) -> str:
    """The finding: how many communes hold half of the aid located in a commune."""
    triees = sorted((a.aide for a in aides if a.aide > 0), reverse=True)
    if not triees:
        return "Aide par habitant : aucun projet communal n’est encore retenu"
    moitie, cumul, nombre = sum(triees, ZERO) / 2, ZERO, 0
    for aide in triees:
        cumul, nombre = cumul + aide, nombre + 1
        if cumul >= moitie:
            break
    sans = sum(1 for a in aides if not a.aide)
    debut = "une commune concentre" if nombre == 1 else f"{formater_nombre(nombre)} communes concentrent"
    fin = f" ; {formater_nombre(sans)} n’en reçoivent pas" if sans > 1 else ""
    return f"Aide par habitant : {debut} la moitié des aides communales{fin}"


def carte_des_aides(communes: Sequence[Commune], aides: Sequence[AideCommune]) -> Figure | None:
    """Aid per inhabitant, its finding as title; None without a contour."""
    valeurs = {a.code: a.par_habitant for a in aides}
    lieux = [
        Lieu(c.code, c.nom, c.contour.geometrie, valeurs.get(c.code))
        for c in communes
        if hasattr(c, "contour")
    ]
    if not lieux:
        return None
    return choroplethe(_constat_carte(aides), lieux, ecrire=_ecrire, libelle_valeur="Aide par habitant")


def _barres_communes(aides: Sequence[AideCommune]) -> Figure | None:
    connues = [a for a in aides if a.par_habitant]
    tete = sorted(connues, key=lambda a: (-(a.par_habitant or ZERO), a.nom))[:BARRES]
    if not tete:
        return None
    premiere = tete[0]
    titre = f"{premiere.nom} reçoit le plus par habitant : {_ecrire(premiere.par_habitant or ZERO)}"
    barres = [Barre(a.nom, a.par_habitant or ZERO) for a in tete]
    return barres_horizontales(
        titre, barres, ecrire=_ecrire, libelle_valeur="Aide par habitant", libelle_nom="Commune"
    )


def _barres(totaux: Mapping[str, Decimal], quoi: str, nom: str) -> Figure | None:
    """Bars of amounts in decreasing order, headed by the share of the first one."""
    rangees = sorted(((cle, m) for cle, m in totaux.items() if m > 0), key=lambda p: (-p[1], p[0]))
    if not rangees:
        return None
    total = sum((m for _, m in rangees), ZERO)
    part = formater_nombre(rangees[0][1] * 100 / total)
    titre = f"« {rangees[0][0]} » {quoi} {part}\u00a0% des aides"
    barres = [Barre(cle, m) for cle, m in rangees[:BARRES]]
    return barres_horizontales(titre, barres, ecrire=_ecrire, libelle_valeur="Aide", libelle_nom=nom)


def _sommer(inscrites: Sequence[LigneArbitrage], champ: str) -> dict[str, Decimal]:
    sommes: dict[str, Decimal] = {}
    for x in inscrites:
        cle: str = getattr(x.ligne, champ)
        sommes[cle] = sommes.get(cle, ZERO) + x.ligne.aide_comptee
    return sommes


def bilan_de(demarche: Demarche, le: date) -> Bilan:
    """Everything the page shows. Eight queries whatever the number of projects."""
    scenario, parts = scenario_ou_vierge(demarche), parts_de(demarche)
    ouverts = ouverts_parmi(parts, scenario.demarche.processus.dispositif)
    lignes = lignes_de(scenario, le, ouverts=ouverts)
    inscrites = [x for x in lignes if est_inscrite(x)]
    communes = communes_de([demarche.territoire_id], le)
    aides = aides_par_commune(
        communes, sommes_par_commune((x.fiche, x.ligne.aide_comptee) for x in inscrites)
    )
    total = sum((x.ligne.aide_comptee for x in inscrites), ZERO)
    couts = sum((x.ligne.cout_ht for x in inscrites), ZERO)
    population = sum(c.population or 0 for c in communes)
    figures = (
        _barres_communes(aides),
        _barres(_sommer(inscrites, "theme"), "reçoit", "Thème"),
        _barres(_sommer(inscrites, "maitre_ouvrage"), "porte", "Maître d’ouvrage"),
    )
    return Bilan(
        nombre=len(inscrites),
        total_aides=total,
        total_couts=couts,
        levier=_au_centime(couts / total) if total else None,
        par_habitant=_par_habitant(total, population),
        intercommunal=sum((x.ligne.aide_comptee for x in inscrites if commune_de(x.fiche) is None), ZERO),
        figures=tuple(f for f in figures if f is not None),
        carte=carte_des_aides(communes, aides) if inscrites else None,
        mentions=mentions_de(inscrites, parts),
    )
