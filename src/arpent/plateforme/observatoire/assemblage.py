"""Commune tables (CSV) put side by side as float columns. Shared by the loader and by outils/extraire.py.

An empty cell is NaN (missing or secret), never 0. Where the table says that a cell is secret, a companion
column `<column>__secret` is 1 there. A commune absent from a table is NaN too, except in the tables where the
producer leaves out the communes that have nothing (`ABSENT_VAUT_ZERO`).
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

import numpy as np

from arpent.extraits.lecture import Ligne, ligne_numerique, lire_csv, nombre
from arpent.plateforme.observatoire.derivation import SECRET, Colonne

ABSENT_VAUT_ZERO = frozenset({"bpe_2024", "construction_sitadel", "catnat", "friches"})
"""Tables where an absent commune has none: BPE, Sitadel, Géorisques, Cartofriches (see docs/donnees.md)."""

MESURES_SITADEL = {
    "logements_autorises": "logements_autorises",
    "logements_collectifs_autorises": "dont_collectifs_autorises",
    "logements_commences": "logements_commences",
}
DENSITES_RURALES = frozenset({"Bourgs ruraux", "Rural à habitat dispersé", "Rural à habitat très dispersé"})
ZONES_TENDUES = frozenset({"tendue", "tendue_touristique"})
SERIE_OFGL = (
    "recettes_fonctionnement", "epargne_brute", "encours_dette", "depenses_equipement", "dgf",
    "frais_personnel",
)  # fmt: skip


def assembler_communes(codes: Sequence[str], tables: Mapping[str, Sequence[Path]]) -> dict[str, Colonne]:
    """`codes` fixes the rows; `tables` maps a table name to its files. Unknown tables are refused."""
    rangs = {code: i for i, code in enumerate(codes)}
    colonnes: dict[str, Colonne] = {}
    for table, chemins in tables.items():
        lignes = _PREPARATIONS[table](lire_csv(chemins))
        _verser(colonnes, rangs, lignes, defaut=0.0 if table in ABSENT_VAUT_ZERO else np.nan)
    return colonnes


def _verser(
    colonnes: dict[str, Colonne],
    rangs: Mapping[str, int],
    lignes: Iterable[tuple[str, dict[str, float]]],
    defaut: float,
) -> None:
    for code, cellules in lignes:
        rang = rangs.get(code)
        if rang is None:
            continue
        for nom, valeur in cellules.items():
            if nom not in colonnes:
                colonnes[nom] = np.full(len(rangs), np.nan if nom.endswith(SECRET) else defaut)
            colonnes[nom][rang] = valeur


def _numeriques(lignes: Iterable[Ligne]) -> Iterator[tuple[str, dict[str, float]]]:
    for ligne in lignes:
        yield ligne["code_insee"], ligne_numerique(ligne)


def _surface(lignes: Iterable[Ligne]) -> Iterator[tuple[str, dict[str, float]]]:
    for ligne in lignes:
        yield ligne["code_insee"], {"surface_ha": nombre(ligne["surface_ha"]), "est_commune": 1.0}


def _filosofi(lignes: Iterable[Ligne]) -> Iterator[tuple[str, dict[str, float]]]:
    """An empty cell is secret, unless the whole commune is « non disponible »."""
    for ligne in lignes:
        cellules = ligne_numerique(ligne)
        if ligne.get("statut") != "non_disponible":
            cellules |= {f"{nom}{SECRET}": 1.0 for nom, v in cellules.items() if np.isnan(v)}
        yield ligne["code_insee"], cellules


def _logement(lignes: Iterable[Ligne]) -> Iterator[tuple[str, dict[str, float]]]:
    """LOVAC hides the small counts."""
    for code, cellules in _numeriques(lignes):
        voiles = {f"{nom}{SECRET}": 1.0 for nom, v in cellules.items() if "lovac" in nom and np.isnan(v)}
        yield code, cellules | voiles


def _dvf(lignes: Iterable[Ligne]) -> Iterator[tuple[str, dict[str, float]]]:
    """A median price is withheld when there are too few sales."""
    for code, cellules in _numeriques(lignes):
        voiles = {f"{nom}{SECRET}": 1.0 for nom, v in cellules.items() if "_median_" in nom and np.isnan(v)}
        yield code, cellules | voiles


def _navettes_2014(lignes: Iterable[Ligne]) -> Iterator[tuple[str, dict[str, float]]]:
    """Counts of the old communes, summed on the commune of today."""
    voulues = [f"{nom}_{annee}" for nom in ("actifs", "travaillent_hors_commune") for annee in (2009, 2014)]
    cumuls: dict[str, dict[str, float]] = {}
    for ligne in lignes:
        cellules = cumuls.setdefault(ligne.get("code_insee_2025") or ligne["code_insee"], {})
        for nom in voulues:
            cellules[nom] = cellules.get(nom, 0.0) + nombre(ligne.get(nom))
    yield from cumuls.items()


def _catnat(lignes: Iterable[Ligne]) -> Iterator[tuple[str, dict[str, float]]]:
    for code, cellules in _numeriques(lignes):
        yield code, cellules | {"a_catnat": float(cellules["arretes_catnat_10_ans"] > 0)}


def _bpe(lignes: Iterable[Ligne]) -> Iterator[tuple[str, dict[str, float]]]:
    for code, v in _numeriques(lignes):
        cellules = {f"bpe_{nom}": valeur for nom, valeur in v.items()}
        commerces = v["boulangerie"] + v["superette"]
        cellules["bpe_commerces_alimentaires"] = commerces
        cellules["bpe_sport"] = v["sport_piscine"] + v["sport_salle"] + v["sport_terrain"]
        cellules["a_ecole"] = float(v["ecole_primaire"] > 0)
        cellules["a_commerce"] = float(commerces + v["grande_surface"] > 0)
        cellules["a_medecin"] = float(v["medecin_generaliste"] > 0)
        cellules |= {f"a_{nom}": float(v[nom] > 0) for nom in ("pharmacie", "poste", "gare")}
        yield code, cellules


def _zonages(lignes: Iterable[Ligne]) -> Iterator[tuple[str, dict[str, float]]]:
    for ligne in lignes:
        densite, centralite = ligne["densite_7_niveaux"], ligne["centralite"]
        yield (
            ligne["code_insee"],
            {
                "est_rurale": float(densite in DENSITES_RURALES) if densite else np.nan,
                "est_frr": float(ligne["frr_2025"] not in {"", "Non classée"}),
                "est_pvd": float(ligne["pvd"] == "1"),
                "est_acv": float(ligne["acv"] == "1"),
                "est_ort": float(ligne["ort"] == "1"),
                "est_montagne": float(bool(ligne["massif"])),
                "est_tendue": float(ligne["zonage_tlv_2025"] in ZONES_TENDUES),
                "est_centre": float(centralite != "Communes non centre") if centralite else np.nan,
                "a_qpv": float(nombre(ligne["nb_qpv_2024"]) > 0),
            },
        )


def _sitadel(lignes: Iterable[Ligne]) -> Iterator[tuple[str, dict[str, float]]]:
    """Authorised and started dwellings over two periods of three full years."""
    cumuls: dict[str, dict[str, float]] = {}
    for ligne in lignes:
        for debut in (2017, 2022):
            if debut <= int(ligne["annee"]) < debut + 3:
                cellules = cumuls.setdefault(ligne["code_insee"], {})
                for nom, colonne in MESURES_SITADEL.items():
                    cle = f"{nom}_{debut}_{debut + 2}"
                    cellules[cle] = cellules.get(cle, 0.0) + nombre(ligne[colonne])
    yield from cumuls.items()


def _friches(lignes: Iterable[Ligne]) -> Iterator[tuple[str, dict[str, float]]]:
    for ligne in lignes:
        yield (
            ligne["code_insee"],
            {"friches_m2": nombre(ligne["surface_m2"]), "nb_friches": nombre(ligne["nb_friches"])},
        )


def _serie_ofgl(lignes: Iterable[Ligne]) -> Iterator[tuple[str, dict[str, float]]]:
    """Series in euros per inhabitant: one column per aggregate and year, and the equipment over three years.

    Investment jumps from one year to the next: it is only read as a three-year mean (missing if a year is).
    """
    communes: dict[str, dict[str, float]] = {}
    for ligne in lignes:
        cellules = communes.setdefault(ligne["code_insee"], {})
        cellules.update({f"{nom}_hab_{ligne['annee']}": nombre(ligne[nom]) for nom in SERIE_OFGL})
    for code, cellules in communes.items():
        for debut in (2018, 2023):
            annees = [cellules.get(f"depenses_equipement_hab_{a}", np.nan) for a in range(debut, debut + 3)]
            cellules[f"depenses_equipement_hab_{debut}_{debut + 2}"] = sum(annees) / 3
        yield code, cellules


_PREPARATIONS = {
    "communes": _surface,
    "population": _numeriques,
    "rp2022": _numeriques,
    "filosofi_2021": _filosofi,
    "logement": _logement,
    "bpe_2024": _bpe,
    "zonages_politiques": _zonages,
    "construction_sitadel": _sitadel,
    "marche_immobilier_dvf": _dvf,
    "catnat": _catnat,
    "friches": _friches,
    "ofgl_comptes_2025": _numeriques,
    "ofgl_serie_2018_2025": _serie_ofgl,
    "mobilites_pro": _navettes_2014,
    "fiscalite_locale_2025": _numeriques,
}

TABLES_COMMUNALES = tuple(_PREPARATIONS)
"""Tables read per commune, in the order they are put side by side."""
