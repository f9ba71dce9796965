"""Beside the tables of the store: the extracts read, the other years, the files behind each column."""

from collections.abc import Iterator
from functools import cached_property
from pathlib import Path
from typing import Any

from arpent.extraits import lecture
from arpent.extraits.lecture import Ligne
from arpent.plateforme.observatoire import lac, series
from arpent.plateforme.observatoire.geographie import REFERENCE, Frise, Mouvement


class Extraits:
    """The committed extracts; one that is missing gives no row, and its name is kept in `absents`."""

    def __init__(self) -> None:
        self.absents: set[str] = set()

    def lignes(self, nom: str) -> Iterator[Ligne]:
        if lecture.existe(nom):
            return lecture.lignes(nom)
        self.absents.add(nom)
        return iter(())

    def chemin(self, nom: str) -> Path | None:
        return lecture.trouver(nom) if lecture.existe(nom) else None


class Annexes:
    """The reading side of a build. `formules`: the columns chosen for the indicators (see Fabrique)."""

    def __init__(self, donnees: Path) -> None:
        self.donnees = donnees
        self.extraits = Extraits()
        self.officielles = series.Officielles()
        self.formules: dict[str, dict[str, Any]] = {}
        self._origines: dict[str, list[str]] = {}

    @cached_property
    def _fichiers(self) -> dict[str, dict[str, Any]]:
        return {f["fichier"].split(".")[0]: f for f in lecture.manifeste()["fichiers"]}

    @cached_property
    def frise(self) -> Frise:
        return Frise(self._mouvements)

    @cached_property
    def _mouvements(self) -> list[Mouvement]:
        du_lac = lac.table(self.donnees, "cog_mouvements", "mouvements")
        lignes: Any = (
            du_lac.lire().iter_rows(named=True)
            if du_lac
            else self.extraits.lignes("france/mouvements_communes")
        )
        lues = ({cle.lower(): v or "" for cle, v in x.items()} for x in lignes)
        return [
            Mouvement(x["date_eff"], x["mod"], x["com_av"], x["com_ap"])
            for x in lues
            if x["typecom_av"] == x["typecom_ap"] == "COM"
        ]

    def regions(self) -> dict[str, str]:
        """The region of each département."""
        return {x["code"]: x["region"] for x in self.extraits.lignes("france/departements")}

    def geographie(self, membres: dict[str, list[str]]) -> dict[str, Any]:
        """What a page needs to speak of another year: movements, names of old communes, compositions."""
        noms: dict[str, str] = {x["code_insee"]: x["nom"] for x in self.extraits.lignes("france/communes")}
        for x in self.extraits.lignes("france/mouvements_communes"):
            noms.setdefault(x["COM_AV"], x["LIBELLE_AV"])
        compositions: dict[int, dict[str, list[str]]] = {REFERENCE: membres}
        for x in self.extraits.lignes("lozere/appartenance_2017"):
            compositions.setdefault(2017, {}).setdefault(x["epci_siren"], []).append(x["code_insee"])
        for jeu in ("appartenance", "epci"):
            for table in lac.tables(self.donnees, jeu):
                if table.provenance.niveau == "membres":
                    annee: dict[str, list[str]] = {}
                    for siren, code in table.lire(["epci", "code"]).iter_rows():
                        annee.setdefault(siren, []).append(code)
                    compositions.setdefault(table.provenance.geographie, {}).update(annee)
        return {
            "mouvements": [[m.date, m.mod, m.avant, m.apres] for m in self._mouvements],
            "noms": noms,
            "compositions": {str(annee): quoi for annee, quoi in sorted(compositions.items())},
        }

    def provenances(self) -> dict[str, Any]:
        """The files behind each column: `tables` described once, columns give their numbers."""
        tables = list(self.officielles.tables)
        numeros: dict[str, int] = {}
        manifeste = lecture.manifeste()

        def numero(nom: str) -> int:
            if nom not in numeros:
                fichier = self._fichiers.get(nom, {})
                dit = manifeste["tables"].get(fichier.get("table", ""), {})
                numeros[nom] = len(tables)
                tables.append(
                    {
                        "jeu": nom, "titre": dit.get("titre", nom), "producteur": dit.get("producteur", ""),
                        "licence": manifeste["licence"], "millesime": str(dit.get("millesime", "")),
                        "geographie": REFERENCE, "niveau": "", "fichier": fichier.get("fichier", nom),
                        "sha256": fichier.get("sha256", ""), "officiel": False,
                    }
                )  # fmt: skip
            return numeros[nom]

        communes = {c: [numero(o) for o in origines] for c, origines in self._origines.items()}
        for colonne, origines in self.officielles.origines.items():
            communes[colonne] = origines + communes.get(colonne, [])
        epci = {"*": [numero("france/indicateurs_epci")]}
        epci |= {f"effectif_{a}": [numero("france/emploi_prive_urssaf_epci")] for a in range(2014, 2025)}
        epci |= dict(self.officielles.origines_publiees)
        return {"tables": tables, "communes": communes, "epci": epci}
