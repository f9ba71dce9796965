"""The tables of the store, from the committed extracts and the official files of the lake."""

from collections.abc import Mapping
from functools import cached_property
from typing import Any

import numpy as np

from arpent.extraits import lecture
from arpent.extraits.lecture import ligne_numerique
from arpent.plateforme.observatoire import series
from arpent.plateforme.observatoire.annexes import Annexes
from arpent.plateforme.observatoire.assemblage import TABLES_COMMUNALES, assembler_communes
from arpent.plateforme.observatoire.catalogue import Indicateur, Publie, Rapport, catalogue
from arpent.plateforme.observatoire.derivation import SECRET, Colonne, deriver, secret_de
from arpent.plateforme.observatoire.expressions import ANNEE, est_simple, evaluer, noms_de, pour_annee
from arpent.plateforme.observatoire.geographie import REFERENCE
from arpent.plateforme.observatoire.magasin import FRANCE, Magasin, entrees
from arpent.plateforme.observatoire.places import places_entieres
from arpent.plateforme.observatoire.tableau import Tableau
from arpent.plateforme.observatoire.valeurs_epci import ValeursEpci

Cellules = dict[str, float]

COUVERTURE_DES_TOTAUX = 0.9
"""A place is compared with others from its own sum only when this share of its population is known."""


class Fabrique(Annexes):
    """One build. Reads each file once; `tableaux()` does the work."""

    def tableaux(self) -> dict[str, Tableau]:
        communes = self.communes()
        tableaux = {"communes": Tableau.depuis(self.codes, communes)}
        tableaux["epci"] = empiler(self._publiees_epci())
        tableaux["references"] = empiler(self._references())
        tableaux["totaux"] = empiler(self._totaux(communes))
        provisoire = Magasin(
            {"formules": self.formules}, tableaux["communes"], tableaux["epci"], tableaux["references"],
            tableaux["totaux"], empiler({}), frozenset(),
        )  # fmt: skip
        tableaux["rangs_epci"] = empiler(self._rangs(provisoire))
        return tableaux

    @cached_property
    def nationale(self) -> dict[str, tuple[float, tuple[str, ...]]]:
        """Each commune of France: its population and its places (`fr`, `reg:`, `dep:`, `epci:`)."""
        return {
            x["code_insee"]: (
                float(np.nan_to_num(lecture.nombre(x["population_municipale_2023"]))),
                (FRANCE, f"reg:{x['region']}", f"dep:{x['departement']}")
                + ((f"epci:{x['epci_siren']}",) if x["epci_siren"] else ()),
            )
            for x in self.extraits.lignes("france/communes")
            if not x["departement"].startswith(("975", "977", "978", "98"))
        }

    @cached_property
    def membres(self) -> dict[str, list[str]]:
        membres: dict[str, dict[str, None]] = {}
        for perimetre in lecture.PERIMETRES:
            for x in self.extraits.lignes(f"{perimetre}/epci_membres"):
                membres.setdefault(x["epci_siren"], {})[x["code_insee"]] = None
        presents, nationaux = set(self.codes), dict[str, dict[str, None]]()
        for code, (_, places) in self.nationale.items():
            if places[-1].startswith("epci:"):
                nationaux.setdefault(places[-1].removeprefix("epci:"), {})[code] = None
        for siren, codes in nationaux.items():
            # an EPCI is only known by its communes when the store holds them all
            if siren not in membres and presents.issuperset(codes):
                membres[siren] = codes
        return {siren: list(codes) for siren, codes in membres.items()}

    @cached_property
    def _codes_des_perimetres(self) -> dict[str, list[str]]:
        """The communes of each folder of extracts: those it lists, and the members of its EPCI."""
        return {
            perimetre: sorted(
                {x["code_insee"] for x in self.extraits.lignes(f"{perimetre}/communes")}
                | {x["code_insee"] for x in self.extraits.lignes(f"{perimetre}/epci_membres")}
            )
            for perimetre in lecture.PERIMETRES
        }

    @cached_property
    def codes(self) -> list[str]:
        connus = {c for codes in self._codes_des_perimetres.values() for c in codes}
        du_lac = series.communes_du_lac(self.donnees)
        if du_lac:
            projetes = self.frise.projeter(du_lac, de=REFERENCE, vers=REFERENCE).values()
            connus |= {c for c in projetes if not self.nationale or c in self.nationale}
        return sorted(connus)

    def communes(self) -> dict[str, Colonne]:
        """Every column by commune: extracts, official files over them, derived ones, expressions."""
        colonnes = self._communes_des_extraits()
        population = colonnes.get("population_2023", np.full(len(self.codes), np.nan))
        nationale = np.array([self.nationale.get(c, (np.nan,))[0] for c in self.codes])
        colonnes["population_2023"] = np.where(np.isnan(population), nationale, population)
        colonnes.setdefault("est_commune", np.ones(len(self.codes)))[:] = 1.0
        poids = np.nan_to_num(colonnes["population_2023"])
        self.groupes = places_entieres(self.codes, poids, self.nationale)
        self.officielles = series.recueillir(
            self.donnees, self.codes, self.frise, self.groupes, poids, catalogue()
        )
        officielles = self.officielles.communes
        recettes = catalogue().derivees
        for nom, valeurs in officielles.items():
            if nom in recettes:
                continue
            ancienne = colonnes.get(nom)
            colonnes[nom] = valeurs if ancienne is None else self._recouvrir(nom, valeurs, ancienne)
        colonnes = deriver(colonnes, recettes, officielles)
        self._expressions(colonnes)
        return colonnes

    def _recouvrir(self, nom: str, valeurs: Colonne, ancienne: Colonne) -> Colonne:
        """The official cell wins; one it hides stays hidden."""
        if nom.endswith(SECRET):
            connue = ~np.isnan(self.officielles.communes.get(nom.removesuffix(SECRET), valeurs))
            return np.where(connue, np.nan, np.where(np.isnan(valeurs), ancienne, valeurs))
        voile = self.officielles.communes.get(nom + SECRET)
        garder = np.isnan(valeurs) if voile is None else np.isnan(valeurs) & np.isnan(voile)
        return np.where(garder, ancienne, valeurs)

    def _communes_des_extraits(self) -> dict[str, Colonne]:
        rangs = {code: i for i, code in enumerate(self.codes)}
        colonnes: dict[str, Colonne] = {}
        for perimetre, codes in self._codes_des_perimetres.items():
            ici = [rangs[c] for c in codes]
            for table in TABLES_COMMUNALES:
                chemin = self.extraits.chemin(f"{perimetre}/{table}")
                if chemin is None:
                    if f"{perimetre}/{table}" in self._fichiers:
                        self.extraits.absents.add(f"{perimetre}/{table}")
                    continue
                for nom, valeurs in assembler_communes(codes, {table: [chemin]}).items():
                    colonne = colonnes.setdefault(nom, np.full(len(self.codes), np.nan))
                    colonne[ici] = np.where(np.isnan(valeurs), colonne[ici], valeurs)
                    origine = f"{perimetre}/{table}"
                    if origine not in self._origines.setdefault(nom, []):
                        self._origines[nom].append(origine)
        return colonnes

    def _expressions(self, colonnes: dict[str, Colonne]) -> None:
        """The formula of each indicator: vintage chosen, expressions computed into columns of their own."""
        for quoi in catalogue().indicateurs.values():
            formule: dict[str, Any] = {}
            if quoi.officiel is not None:
                formule = self._formule(quoi.officiel, set(self.officielles.origines), colonnes)
                if formule.get("millesime", "9999") < quoi.millesime[-4:]:
                    formule = {}  # an older file never takes the place of a newer published figure
                formule |= {"facteur": quoi.officiel.facteur, "officiel": True} if formule else {}
            elif isinstance(quoi.calcul, Rapport) and quoi.calcul.niveau == "communes":
                if any(ANNEE in c or not est_simple(c) for c in quoi.colonnes):
                    formule = self._formule(quoi.calcul, set(colonnes), colonnes)
            elif isinstance(quoi.calcul, Publie) and ANNEE in quoi.calcul.colonne:
                formule = self._publiee(quoi.calcul)
            if formule:
                self.formules[quoi.code] = formule

    def _formule(self, regle: Rapport, presents: set[str], colonnes: dict[str, Colonne]) -> dict[str, Any]:
        brutes = [regle.numerateur] + ([regle.denominateur] if regle.denominateur else [])
        ensemble = " + ".join(f"({b})" for b in brutes)
        annees = series.annees_de(ensemble, presents) if ANNEE in ensemble else {""}
        if not annees or (annees == {""} and not presents.issuperset(noms_de(ensemble))):
            return {}
        aa = max(annees)
        noms = [pour_annee(b, aa) for b in brutes]
        for nom in noms:
            if nom not in colonnes:
                colonnes[nom] = np.broadcast_to(evaluer(nom, colonnes.__getitem__), len(self.codes)).copy()
                voile = secret_de(colonnes, list(noms_de(nom)))
                if voile is not None:
                    colonnes[nom + SECRET] = np.where(np.isnan(colonnes[nom]), voile, np.nan)
        formule: dict[str, Any] = {"haut": noms[0], "bas": noms[1] if len(noms) > 1 else None}
        return formule | ({"millesime": f"20{aa}"} if aa else {})

    def _publiee(self, regle: Publie) -> dict[str, Any]:
        presents = {n for cellules in self.officielles.publiees.values() for n in cellules}
        annees = series.annees_de(regle.colonne, presents)
        if not annees:
            return {}
        aa = max(annees)
        return {"haut": pour_annee(regle.colonne, aa), "bas": None, "millesime": f"20{aa}"}

    def _publiees_epci(self) -> dict[str, Cellules]:
        places = {
            x["code"]: ligne_numerique(x)
            for x in self.extraits.lignes("france/indicateurs_epci")
            if x["code"] != "00FR"
        }
        for x in self.extraits.lignes("france/emploi_prive_urssaf_epci"):
            places.setdefault(x["epci_siren"], {}).update(ligne_numerique(x))
        for siren in self.membres:
            places.setdefault(siren, {})
        return self._surcharger(places, lambda place: len(place) == 9 and place.isdigit())

    def _references(self) -> dict[str, Cellules]:
        """Published values of France (`fr`), regions (`reg:76`) and départements (`dep:48`)."""
        places: dict[str, Cellules] = {}
        # the EPCI table is read last: it only completes the French row (LOVAC, absent from the two others)
        for prefixe, nom in (("dep", "departements"), ("reg", "regions"), ("", "epci")):
            for x in self.extraits.lignes(f"france/indicateurs_{nom}"):
                cle = FRANCE if x["code"] == "00FR" else f"{prefixe}:{x['code']}" if prefixe else ""
                if cle:
                    connues = places.setdefault(cle, {})
                    nouvelles = ligne_numerique(x)
                    connues.update({c: v for c, v in nouvelles.items() if np.isnan(connues.get(c, np.nan))})
        for x in self.extraits.lignes("france/emploi_prive_urssaf_echelons"):
            cle = FRANCE if x["echelon"] == "france" else f"{x['echelon']}:{x['code']}"
            places.setdefault(cle, {}).update(ligne_numerique(x))
        return self._surcharger(places, lambda place: place == FRANCE or ":" in place)

    def _surcharger(self, places: dict[str, Cellules], concerne: Any) -> dict[str, Cellules]:
        for place, cellules in self.officielles.publiees.items():
            if concerne(place):
                places.setdefault(place, {}).update(cellules)
        return places

    def _totaux(self, colonnes: Mapping[str, Colonne]) -> dict[str, Cellules]:
        """Comparison totals: those of the extracts, and those the store makes itself (all communes held)."""
        places: dict[str, Cellules] = {}
        for x in self.extraits.lignes("france/totaux"):
            cellules = places.setdefault(x["niveau"], {})
            for mesure in ("numerateur", "denominateur", "couverture"):
                cellules[f"{x['indicateur']}.{mesure}"] = lecture.nombre(x[mesure])
        poids = np.nan_to_num(colonnes["population_2023"])
        for quoi in catalogue().indicateurs.values():
            haut, bas = self._colonnes_de(quoi)
            if haut not in colonnes or (bas and bas not in colonnes):
                continue
            self._totaliser(places, quoi, colonnes[haut], colonnes[bas] if bas else None, poids)
        return places

    def _colonnes_de(self, quoi: Indicateur) -> tuple[str, str | None]:
        formule = self.formules.get(quoi.code)
        if formule:
            return formule["haut"], formule["bas"]
        if isinstance(quoi.calcul, Publie) or quoi.calcul.niveau == "epci":
            return "", None
        return entrees(quoi.calcul)

    def _totaliser(
        self,
        places: dict[str, Cellules],
        quoi: Indicateur,
        haut: Colonne,
        bas: Colonne | None,
        poids: Colonne,
    ) -> None:
        connus = ~np.isnan(haut) if bas is None else ~np.isnan(haut) & ~np.isnan(bas)
        if not connus.any():
            return
        noms = (n for c in self._colonnes_de(quoi) if c for n in noms_de(c))
        officiel = any(n in self.officielles.origines for n in noms)
        hauts, couvertures = self.groupes.sommer_connus(np.where(connus, haut, np.nan), poids)
        bases = None if bas is None else self.groupes.sommer(np.where(connus, bas, 0.0))
        for i, cle in enumerate(self.groupes.cles):
            cellules = places.setdefault(cle, {})
            deja = f"{quoi.code}.numerateur" in cellules
            if couvertures[i] < COUVERTURE_DES_TOTAUX or (deja and not officiel):
                continue
            cellules[f"{quoi.code}.numerateur"] = float(hauts[i])
            cellules[f"{quoi.code}.denominateur"] = np.nan if bases is None else float(bases[i])
            cellules[f"{quoi.code}.couverture"] = float(couvertures[i])

    def _rangs(self, magasin: Magasin) -> dict[str, Cellules]:
        """Rank of each EPCI (1 = highest) among those of its main département that have a value."""
        valeurs = ValeursEpci(magasin, tuple(magasin.epci.rangs))
        places: dict[str, Cellules] = {}
        groupes: dict[str, list[str]] = {}
        for x in self.extraits.lignes("france/epci"):
            places[x["siren"]] = {}
            if x["siren"] in valeurs.rangs:
                groupes.setdefault(x["departement_principal"], []).append(x["siren"])
        for quoi in catalogue().indicateurs.values():
            colonne = valeurs.colonne(quoi)
            for groupe in groupes.values():
                lues = colonne[[valeurs.rangs[siren] for siren in groupe]]
                connues = lues[~np.isnan(lues)]
                devant = (connues[None, :] > lues[:, None]).sum(axis=1)
                for i in np.flatnonzero(~np.isnan(lues)):
                    cellules = places[groupe[i]]
                    cellules[f"{quoi.code}.rang"] = 1.0 + float(devant[i])
                    cellules[f"{quoi.code}.sur"] = float(len(connues))
        return places


def empiler(places: Mapping[str, Cellules]) -> Tableau:
    """Rows of cells to a table; what a row does not have is missing."""
    codes = sorted(places)
    noms = {n: i for i, n in enumerate(dict.fromkeys(nom for c in places.values() for nom in c))}
    matrice = np.full((len(noms), len(codes)), np.nan)
    for rang, code in enumerate(codes):
        for nom, valeur in places[code].items():
            matrice[noms[nom], rang] = valeur
    return Tableau({c: i for i, c in enumerate(codes)}, noms, matrice)
