"""ANCT, quartiers prioritaires de la politique de la ville: one row per quarter, its communes in one cell."""

from __future__ import annotations

import re
from collections.abc import Sequence

import polars as pl

from .base import LICENCE_OUVERTE, FichierRefuse, Lot, Progression, Rapport, Reconnaissance
from .source import Source
from .tables import CODE_COMMUNE, LIGNE, AnyEntete, annee_exigee, chercher, lire_table, par_cle

CODE = ("code_qp", "code_qpv", "qp")
LIBELLE = ("lib_qp", "libelle_qp", "nom_qp", "lib_qpv", "nom_qpv")
COMMUNES = ("insee_com", "communes", "code_insee", "codgeo", "codes_communes")


class ChargeurQpv:
    jeu = "zonages_qpv"
    titre = "Quartiers prioritaires de la politique de la ville"
    producteur = "ANCT"
    licence = LICENCE_OUVERTE
    adresse = "https://www.data.gouv.fr/datasets/quartiers-prioritaires-de-la-politique-de-la-ville-qpv"
    fichiers = ("liste-qpv-2024.csv",)
    version = 1

    def reconnaitre(self, source: Source) -> Reconnaissance | None:
        trouve = chercher(source, lambda e: all(_colonne(e, noms) for noms in (CODE, COMMUNES)))
        if trouve is None:
            return None
        membre = "" if source.genre in ("xlsx", "ods") else trouve[0]
        annee = annee_exigee(source, membre, "liste-qpv-2024.csv")
        details = {"code": _colonne(trouve[1], CODE), "communes": _colonne(trouve[1], COMMUNES)}
        return Reconnaissance(
            str(annee), annee, trouve[0], details | {"libelle": _colonne(trouve[1], LIBELLE)}
        )

    def lire(
        self, source: Source, quoi: Reconnaissance, rapport: Rapport, progression: Progression
    ) -> Sequence[Lot]:
        progression("lecture", 0, 0)
        code, communes, libelle = (quoi.details[n] for n in ("code", "communes", "libelle"))
        table = lire_table(source, quoi.membre)
        rapport.lues = table.height
        quartiers: dict[str, str | None] = {}
        liens: set[tuple[str, str]] = set()
        for rangee in table.iter_rows(named=True):
            qp = (rangee[code] or "").strip()
            codes = [c for c in re.split(r"[\s,;|]+", rangee[communes] or "") if CODE_COMMUNE.match(c)]
            if not re.match(r"^Q[A-Z]\w{6}$", qp) or not codes:
                rapport.rejeter("quartier sans code ou sans commune lisible", rangee[LIGNE], qp)
                continue
            quartiers.setdefault(qp, rangee[libelle] if libelle else None)
            liens.update((qp, c) for c in codes)
            rapport.gardees += 1
        if not quartiers:
            raise FichierRefuse(f"{source.nom} : aucun quartier lisible.")
        schema = {"qpv": pl.String, "code": pl.String}
        appartenances = pl.DataFrame(sorted(liens), schema=schema, orient="row")
        comptes = appartenances.group_by("code").len("NB_QPV").sort("code")
        return [
            Lot("qpv", pl.DataFrame({"code": list(quartiers), "libelle": list(quartiers.values())},
                                    schema={"code": pl.String, "libelle": pl.String})),
            Lot("liens", appartenances),
            Lot("communes", comptes.with_columns(pl.col("NB_QPV").cast(pl.Float64))),
        ]  # fmt: skip


def _colonne(entete: AnyEntete, noms: Sequence[str]) -> str | None:
    cles = par_cle(entete)
    for nom in noms:
        trouvee = next((o for c, o in cles.items() if c == nom or re.match(rf"^{nom}_?20\d\d$", c)), None)
        if trouvee:
            return trouvee
    return None


CHARGEUR = ChargeurQpv()
