"""How a figure of the store is told: its formula, coverage, secrecy, source and vintage."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from arpent.plateforme.observatoire import calcul
from arpent.plateforme.observatoire.calcul import ValeurIndicateur
from arpent.plateforme.observatoire.catalogue import Croissance, Indicateur, Publie, Rapport, catalogue
from arpent.plateforme.observatoire.expressions import noms_de
from arpent.plateforme.observatoire.tableau import Tableau


@dataclass(frozen=True, eq=False)
class Presentation:
    """Tables: communes, EPCI (published), references (published), comparisons (recomputed totals), ranks."""

    manifeste: Mapping[str, Any]
    communes: Tableau
    epci: Tableau
    references: Tableau
    totaux: Tableau
    rangs_epci: Tableau
    secrets: frozenset[str]
    dossier: Path | None = None

    @property
    def formules(self) -> Mapping[str, Any]:
        """Columns chosen at build time for the indicators that read official files."""
        lues: Mapping[str, Any] = self.manifeste.get("formules", {})
        return lues

    def entrees(self, quoi: Indicateur) -> tuple[str, str | None]:
        """The columns above and below the line, in this store."""
        formule = self.formules.get(quoi.code)
        if formule:
            return formule["haut"], formule["bas"]
        if isinstance(quoi.calcul, Publie):
            return quoi.calcul.colonne, None
        return entrees(quoi.calcul)

    def _est_publie(self, quoi: Indicateur) -> bool:
        if isinstance(quoi.calcul, Publie):
            return not self.formules.get(quoi.code, {}).get("officiel")
        return quoi.calcul.niveau == "epci"

    def _note_de_fichier(self, quoi: Indicateur) -> str:
        """Why a column is not in the store, and what to load."""
        fichiers = catalogue().fichiers
        attendus = [fichiers[j] for j in sorted(quoi.jeux) if j in fichiers]
        attendus = attendus or self._fichier_de_la_source(quoi)
        if attendus:
            return f"Non disponible : chargez {' et '.join(attendus)}."
        return f"Non disponible : les données « {quoi.source} » ne sont pas chargées."

    def _fichier_de_la_source(self, quoi: Indicateur) -> list[str]:
        source = next((c for c, libelle in catalogue().sources.items() if libelle == quoi.source), "")
        return [catalogue().fichiers[source]] if source in catalogue().fichiers else []

    def _presenter(
        self,
        quoi: Indicateur,
        valeur: float | None,
        couverture: float,
        *,
        change: float | None = None,
        approche: bool = False,
        note: str = "",
        detail: tuple[calcul.DetailEpci, ...] = (),
        secret: float = 0.0,
        communes: Sequence[str] = (),
        colonnes: Sequence[str] = (),
    ) -> ValeurIndicateur:
        """`secret`: share of the population known to be secret; `communes`: to tell which file speaks."""
        incomplet = couverture < calcul.COUVERTURE_COMPLETE
        voile = incomplet and (secret > 0 or quoi.code in self.secrets)
        if couverture < calcul.COUVERTURE_MINIMALE:
            valeur = None
        if secret > 0 and incomplet and quoi.secret == "refus":
            valeur = None
            note = note or "Non disponible : secret statistique, une somme partielle tromperait."
        if incomplet and (valeur is not None or not note):
            note = f"{calcul.note_de_couverture(couverture, voile, secret)} {note}".strip()
        if valeur is None:
            change = None
        dit = quoi.evolution and calcul.libelle_evolution(quoi.evolution, change, approche=approche)
        millesime, source = self._millesime_et_source(quoi, communes, colonnes)
        return ValeurIndicateur(
            quoi.code, quoi.libelle, valeur, quoi.unite, quoi.decimales, millesime, source,
            round(couverture, 4), incomplet and valeur is not None, voile, note, change, dit or "", detail,
            round(secret, 4),
        )  # fmt: skip

    def _millesime_et_source(
        self, quoi: Indicateur, communes: Sequence[str], colonnes: Sequence[str]
    ) -> tuple[str, str]:
        """The official file, when it holds all the communes and gives the numerator; else the catalogue's."""
        formule = self.formules.get(quoi.code, {})
        if not communes and formule.get("officiel"):
            formule = {}
        millesime = formule.get("millesime", quoi.millesime)
        tables = self._tables_officielles(colonnes or self.entrees(quoi)[:1]) if communes else []
        rangs = self.communes.rangs_de(communes) if tables else []
        for numero in tables:
            if not np.isnan(self.communes.extrait(f"@lac:{numero}", rangs)).any():
                table = self.manifeste["provenances"]["tables"][numero]
                return millesime, f"{table['producteur']}, {table['titre']} (fichier {table['fichier']})"
        return millesime, quoi.source

    def _tables_officielles(self, colonnes: Sequence[str]) -> list[int]:
        """The loaded files that give a column, straight or through what it is made of."""
        lues = self.manifeste.get("provenances", {})
        if not any(t["officiel"] for t in lues.get("tables", ())):
            return []
        derivees = catalogue().derivees
        trouvees: list[int] = []
        for colonne in colonnes:
            if colonne in lues["communes"]:
                trouvees += lues["communes"][colonne]
            elif colonne not in derivees:
                trouvees += [n for nom in noms_de(colonne) for n in lues["communes"].get(nom, [])]
        return [n for n in trouvees if lues["tables"][n]["officiel"]]


def entrees(regle: Rapport | Croissance) -> tuple[str, str | None]:
    """The columns above and below the line (a growth is end over start)."""
    if isinstance(regle, Croissance):
        return regle.fin, regle.debut
    return regle.numerateur, regle.denominateur
