"""The columnar store of indicators: opened once per process, memory-mapped, reloaded on change.

magasin = ouvrir(donnees)
magasin.valeurs(codes_communes, epci, "part_75_plus")
magasin.valeurs(communes_de_2016, [], "population", geographie=2016)
magasin.provenance("part_75_plus")
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np

from arpent.plateforme.observatoire import calcul
from arpent.plateforme.observatoire.calcul import Somme, ValeurIndicateur
from arpent.plateforme.observatoire.catalogue import (
    Croissance,
    Indicateur,
    Publie,
    Rapport,
    catalogue,
    indicateur,
)
from arpent.plateforme.observatoire.derivation import SECRET, Colonne
from arpent.plateforme.observatoire.epoques import Composition, Epoques
from arpent.plateforme.observatoire.geographie import REFERENCE
from arpent.plateforme.observatoire.presentation import Presentation, entrees
from arpent.plateforme.observatoire.provenance import Source, sources_de
from arpent.plateforme.observatoire.tableau import Tableau

__all__ = [
    "DOSSIER", "FRANCE", "MANIFESTE", "SOURCES_SECRETES",
    "Magasin", "ObservatoireVide", "entrees", "ouvrir", "secrets",
]  # fmt: skip

DOSSIER = "observatoire"
MANIFESTE = "manifeste.json"
FRANCE = "fr"

SOURCES_SECRETES = frozenset({"filosofi", "urssaf", "lovac", "dvf"})
"""Producers who hide small counts: what is missing there may be secret."""


class ObservatoireVide(Exception):
    """The store was never loaded."""

    def __init__(self, chemin: Path) -> None:
        super().__init__(
            "L’observatoire n’est pas encore chargé : aucun indicateur n’est disponible. "
            "Lancez « arpent init » pour charger les données publiques fournies."
        )
        self.chemin = chemin


class Magasin(Presentation):
    """The store that pages read. `dossier` is where it lies; None while it is being built."""

    def valeurs(
        self, codes_communes: Sequence[str], epci: Sequence[str], code: str, geographie: int | None = None
    ) -> ValeurIndicateur:
        """The indicator on a perimeter: its communes and its EPCI. Unknown code: IndicateurInconnu.

        An EPCI-level figure needs `epci`; a perimeter that cuts an EPCI passes an empty `epci`.
        `geographie`: the communes are those of 1 January of that year; one that has since merged with
        communes outside the perimeter cannot be set apart: it is not covered, and the note says so.
        """
        quoi = indicateur(code)
        if geographie is not None and geographie != REFERENCE:
            return self._en_geographie(quoi, codes_communes, geographie)
        formule = self.formules.get(code, {})
        if isinstance(quoi.calcul, Publie):
            if formule.get("officiel") and codes_communes:
                lue = self._officielle(quoi, formule, codes_communes, epci)
                if lue is not None:
                    return lue
            regle = replace(quoi.calcul, colonne=self._colonne_publiee(quoi, quoi.calcul))
            return self._publie(quoi, regle, epci, codes_communes)
        return self._recompose(quoi, quoi.calcul, codes_communes, epci)

    def provenance(self, code: str) -> tuple[Source, ...]:
        """The files behind an indicator, the official ones first. Unknown code: IndicateurInconnu."""
        quoi = indicateur(code)
        niveau = "epci" if self._est_publie(quoi) else "communes"
        return sources_de(self.manifeste, niveau, [c for c in self.entrees(quoi) if c])

    def composition(self, annee: int) -> Composition:
        """The EPCI and their communes, in the codes of the latest known 1 January not after `annee`."""
        return self.epoques.composition(annee)

    @cached_property
    def epoques(self) -> Epoques:
        return Epoques.lire(self.dossier)

    def _en_geographie(self, quoi: Indicateur, communes: Sequence[str], annee: int) -> ValeurIndicateur:
        """The same ground, in the communes of the store."""
        traduits = self.epoques.frise.traduire(communes, de=annee, vers=REFERENCE)
        presents = set(traduits.codes)
        entiers = [s for s, m in self.manifeste["membres"].items() if m and presents.issuperset(m)]
        siens = {c for s in entiers for c in self.communes_de(s)}
        valeur = self.valeurs(traduits.codes, entiers if siens == presents else [], quoi.code)
        if not traduits.isolees:
            return valeur
        poids_perdu = sum(self._poids_isole(code, dans, annee) for code, dans in traduits.isolees.items())
        rangs = self.communes.rangs_de(traduits.codes)
        poids = float(np.nansum(self.communes.extrait("population_2023", rangs)))
        part = poids / (poids + poids_perdu) if poids + poids_perdu > 0 else 0.0
        couverture = round(valeur.couverture * part, 4)
        incomplet = couverture < calcul.COUVERTURE_COMPLETE
        note = f"{self.epoques.note(traduits.isolees, annee)} {calcul.note_de_couverture(couverture, False)}"
        connue = valeur.valeur if couverture >= calcul.COUVERTURE_MINIMALE else None
        return replace(
            valeur, valeur=connue, couverture=couverture, partiel=incomplet and connue is not None,
            note=note.strip(), evolution=None, evolution_libelle="",
        )  # fmt: skip

    def _poids_isole(self, code: str, dans: Sequence[str], annee: int) -> float:
        """An equal share of the commune that now holds it: only used to weigh what is not covered."""
        habitants = float(np.nansum(self.communes.extrait("population_2023", self.communes.rangs_de(dans))))
        return habitants / max(self.epoques.effectif(code, annee), 1)

    def _officielle(
        self, quoi: Indicateur, formule: Mapping[str, Any], communes: Sequence[str], epci: Sequence[str]
    ) -> ValeurIndicateur | None:
        """A published value made again from the official file, when the file covers the whole perimeter."""
        regle = Rapport(formule["haut"], formule["bas"], formule["facteur"])
        rangs = self.communes.rangs_de(communes)
        somme = _sommer(self.communes, rangs, regle.numerateur, regle.denominateur, "population_2023")
        if somme is None or somme.couverture < calcul.COUVERTURE_COMPLETE:
            return None
        valeur = calcul.valeur_de_somme(somme, regle)
        meme = formule.get("millesime") == quoi.millesime and len(epci) == 1
        change = self._changement(quoi, valeur, epci, base="") if meme else None
        return self._presenter(quoi, valeur, somme.couverture, change=change, communes=communes)

    def _recompose(
        self, quoi: Indicateur, regle: Rapport | Croissance, communes: Sequence[str], epci: Sequence[str]
    ) -> ValeurIndicateur:
        if regle.niveau == "epci":
            table, codes, poids = self.epci, epci, "P23_POP"
        else:
            table, codes, poids = self.communes, communes, "population_2023"
        rangs = table.rangs_de(codes)
        haut, bas = self.entrees(quoi)
        somme = _sommer(table, rangs, haut, bas, poids)
        valeur = calcul.valeur_de_somme(somme, regle)
        couverture = somme.couverture if somme else 0.0
        secret = somme.secret if somme else 0.0
        note = "" if _connue(table, haut) else self._note_de_fichier(quoi)
        siennes = communes if regle.niveau == "communes" else ()
        dits: dict[str, Any] = {"secret": secret, "note": note, "communes": siennes}
        if quoi.evolution is None or not isinstance(regle, Rapport):
            return self._presenter(quoi, valeur, couverture, **dits)
        if len(epci) == 1 and quoi.evolution.ecart:
            ecart = self.epci.valeur(epci[0], quoi.evolution.ecart)
            return self._presenter(quoi, valeur, couverture, change=ecart, **dits)
        passe = _sommer(table, rangs, quoi.evolution.numerateur or "", quoi.evolution.denominateur, poids)
        avant = None
        # an evolution compares like with like: both vintages must be fully known
        if passe and min(couverture, passe.couverture) >= calcul.COUVERTURE_COMPLETE:
            avant = calcul.valeur_de_somme(passe, regle)
        return self._presenter(
            quoi, valeur, couverture, change=calcul.difference(quoi.evolution, valeur, avant), **dits
        )

    def _publie(
        self, quoi: Indicateur, regle: Publie, epci: Sequence[str], communes: Sequence[str] = ()
    ) -> ValeurIndicateur:
        propre = regle.communes or regle.colonne
        if not _connue(self.epci, regle.colonne) or (not epci and len(communes) == 1):
            if len(communes) == 1 and _connue(self.communes, propre):
                return self._publie_par_commune(quoi, propre, communes)
            if not _connue(self.communes, propre) and not _connue(self.epci, regle.colonne):
                return self._presenter(quoi, None, 0.0, note=self._note_de_fichier(quoi))
        if not _connue(self.epci, regle.colonne):
            note = f"À lire commune par commune. {catalogue().regles.get(regle.regle or '', '')}".strip()
            if self._fichier_de_la_source(quoi):
                note = self._note_de_fichier(quoi)
            return self._presenter(quoi, None, 0.0, note=note)
        if not epci:
            note = "Publié par EPCI seulement : non disponible sur ce périmètre."
            return self._presenter(quoi, None, 0.0, note=note)
        rangs = self.epci.rangs_de(epci)
        taux = self.epci.extrait(regle.colonne, rangs)
        if len(epci) == 1:
            valeur = None if np.isnan(taux[0]) else float(taux[0])
            change = self._changement(quoi, valeur, epci, base="")
            return self._presenter(quoi, valeur, float(valeur is not None), change=change)
        detail = calcul.detail_des_epci(epci, taux)
        if regle.base is None:
            note = "Non agrégeable : lire la valeur publiée de chaque EPCI. " + catalogue().regles.get(
                regle.regle or "", ""
            )
            return self._presenter(quoi, None, self._connus(taux, rangs), note=note, detail=detail)
        somme = self._recomposer(taux, regle.base, epci)
        valeur = calcul.valeur_de_somme(somme, Rapport(regle.colonne, regle.base))
        note = "Recomposé à partir des valeurs publiées de chaque EPCI et de leur dénominateur."
        if not regle.base_exacte:
            note = "Approché : recomposé à partir des valeurs de chaque EPCI avec un dénominateur voisin."
        base = quoi.evolution.base if quoi.evolution else None
        change = self._changement(quoi, valeur, epci, base=base) if base else None
        couverture = somme.couverture if somme else 0.0
        return self._presenter(
            quoi, valeur, couverture, change=change, approche=True, note=note, detail=detail
        )

    def _publie_par_commune(self, quoi: Indicateur, nom: str, communes: Sequence[str]) -> ValeurIndicateur:
        """The figure published for one commune."""
        rangs = self.communes.rangs_de(communes)
        valeur = float(self.communes.extrait(nom, rangs)[0])
        secret = float(self.communes.extrait(nom + SECRET, rangs)[0] == 1.0)
        connue = None if np.isnan(valeur) else valeur
        return self._presenter(
            quoi, connue, float(connue is not None), secret=secret, communes=communes, colonnes=(nom,)
        )

    def _changement(
        self, quoi: Indicateur, valeur: float | None, epci: Sequence[str], *, base: str
    ) -> float | None:
        """The published change, or the difference with the earlier published value.

        One EPCI: read as it is. Several: recomposed with `base`, only when every EPCI has its value.
        """
        nom = quoi.evolution and (quoi.evolution.ecart or quoi.evolution.colonne)
        if quoi.evolution is None or not nom:
            return None
        if len(epci) == 1:
            lu = self.epci.valeur(epci[0], nom)
        else:
            somme = self._recomposer(self.epci.extrait(nom, self.epci.rangs_de(epci)), base, epci)
            complet = somme is not None and somme.couverture >= calcul.COUVERTURE_COMPLETE
            lu = calcul.valeur_de_somme(somme, Rapport(nom, base)) if complet else None
        return lu if quoi.evolution.ecart else calcul.difference(quoi.evolution, valeur, lu)

    def _recomposer(self, taux: Colonne, base: str, epci: Sequence[str]) -> Somme | None:
        bases = np.array([self._base(base, siren) for siren in epci])
        return calcul.recomposer(taux, bases, self.epci.extrait("P23_POP", self.epci.rangs_de(epci)))

    def _connus(self, taux: Colonne, rangs: Sequence[int]) -> float:
        """Share of the population whose EPCI has a published value."""
        somme = calcul.sommer(taux, None, self.epci.extrait("P23_POP", rangs))
        return somme.couverture if somme else 0.0

    def _base(self, nom: str, siren: str) -> float:
        """The head count of an EPCI: the sum of its communes that have one."""
        valeurs = self.communes.extrait(nom, self.communes.rangs_de(self.communes_de(siren)))
        return float(np.nansum(valeurs)) if (~np.isnan(valeurs)).any() else np.nan

    def communes_de(self, siren: str) -> Sequence[str]:
        membres: Sequence[str] = self.manifeste["membres"].get(siren, ())
        return membres

    def comparaison(self, niveau: str, quoi: Indicateur) -> float | None:
        """The value of another place: `fr`, `reg:76`, `dep:48`, or any EPCI compared, `epci:244800470`.

        None: not available, or known for less than half of its population.
        """
        regle, siren = quoi.calcul, niveau.removeprefix("epci:")
        publiees = self.references if siren == niveau else self.epci
        if isinstance(regle, Publie):
            if self.formules.get(quoi.code, {}).get("officiel"):
                refaite = self._total(niveau, quoi)
                if refaite is not None:
                    return refaite
            return publiees.valeur(siren, self._colonne_publiee(quoi, regle))
        if regle.niveau == "epci":
            haut, bas = entrees(regle)
            somme = _sommer(publiees, publiees.rangs_de([siren]), haut, bas, "P23_POP")
            return calcul.valeur_de_somme(somme, regle)
        return self._total(niveau, quoi)

    def _colonne_publiee(self, quoi: Indicateur, regle: Publie) -> str:
        formule = self.formules.get(quoi.code, {})
        return regle.colonne if formule.get("officiel") else formule.get("haut", regle.colonne)

    def _total(self, niveau: str, quoi: Indicateur) -> float | None:
        """The value of a place from its recomputed totals."""
        regle: Rapport | Croissance
        if isinstance(quoi.calcul, Publie):
            formule = self.formules[quoi.code]
            regle = Rapport(formule["haut"], formule["bas"], formule["facteur"])
        else:
            regle = quoi.calcul
        haut = self.totaux.valeur(niveau, f"{quoi.code}.numerateur")
        couverture = self.totaux.valeur(niveau, f"{quoi.code}.couverture") or 0.0
        if haut is None or couverture < calcul.COUVERTURE_MINIMALE:
            return None
        bas = self.totaux.valeur(niveau, f"{quoi.code}.denominateur")
        return calcul.valeur_de_somme(Somme(haut, bas, couverture), regle)


def _sommer(table: Tableau, rangs: Sequence[int], haut: str, bas: str | None, poids: str) -> Somme | None:
    if not rangs:
        return None
    denominateur = None if bas is None else table.extrait(bas, rangs)
    voiles = [table.extrait(c + SECRET, rangs) for c in (haut, bas) if c and c + SECRET in table.colonnes]
    voile = np.fmax.reduce(voiles) if voiles else None
    return calcul.sommer(table.extrait(haut, rangs), denominateur, table.extrait(poids, rangs), voile)


def _connue(table: Tableau, nom: str) -> bool:
    return nom in table.colonnes


_ouverts: dict[Path, tuple[tuple[int, int], Magasin]] = {}


def ouvrir(donnees: Path) -> Magasin:
    """The store under `donnees` (ARPENT_DONNEES). Cached; read again when the manifest has changed."""
    chemin = donnees / DOSSIER / MANIFESTE
    try:
        etat = chemin.stat()
    except FileNotFoundError:
        raise ObservatoireVide(chemin) from None
    marque = (etat.st_mtime_ns, etat.st_size)
    connu = _ouverts.get(chemin)
    if connu is None or connu[0] != marque:
        connu = (marque, _lire(chemin))
        _ouverts[chemin] = connu
    return connu[1]


def secrets() -> frozenset[str]:
    """The indicators whose missing values may be secret."""
    voiles = {catalogue().sources[source] for source in SOURCES_SECRETES}
    return frozenset(c for c, i in catalogue().indicateurs.items() if i.source in voiles)


def _lire(chemin: Path) -> Magasin:
    manifeste = json.loads(chemin.read_text(encoding="utf-8"))
    dossier = chemin.parent / manifeste["dossier"]
    tables = {nom: Tableau.lire(dossier, quoi) for nom, quoi in manifeste["tableaux"].items()}
    return Magasin(manifeste=manifeste, secrets=secrets(), dossier=dossier, **tables)
