"""Values of a règlement: certain, empty, or of demonstration; flat, by a field, by tiers, or by cases."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from arpent.metier.reglement.champs import ChampProjet
from arpent.metier.reglement.conditions import Condition, ecrire, mesurer
from arpent.metier.reglement.contexte import Contexte, nommer
from arpent.metier.reglement.projet import Projet


@dataclass(frozen=True, slots=True)
class Parametre:
    """One value (rate from 0 to 1, or euros); None while the authority has not given it."""

    valeur: Decimal | None = None
    source: str = ""
    demonstration: bool = False


VIDE = Parametre()


@dataclass(frozen=True, slots=True)
class Tranche:
    """A tier: the values from `bas` to `haut`, each bound inside or not; None: no bound on that side."""

    parametre: Parametre
    bas: Decimal | None = None
    bas_inclus: bool = True
    haut: Decimal | None = None
    haut_inclus: bool = False

    def contient(self, x: Decimal) -> bool:
        if self.bas is not None and (x < self.bas or (x == self.bas and not self.bas_inclus)):
            return False
        return self.haut is None or x < self.haut or (x == self.haut and self.haut_inclus)

    def enonce(self, champ: ChampProjet) -> str:
        """“au moins 500 habitants et moins de 2 000 habitants”, “tous les cas” without bound."""
        bornes = []
        if self.bas is not None:
            bornes.append(mesurer(champ, ">=" if self.bas_inclus else ">", self.bas))
        if self.haut is not None:
            bornes.append(mesurer(champ, "<=" if self.haut_inclus else "<", self.haut))
        return " et ".join(bornes) or "tous les cas"


@dataclass(frozen=True, slots=True)
class Ligne:
    """A case of a scale: the value of the projects that meet `si` (None: all the others)."""

    parametre: Parametre
    si: Condition | None = None

    def enonce(self, libelles: Mapping[str, str]) -> str:
        return "autres cas" if self.si is None else self.si.enonce(libelles)


@dataclass(frozen=True, slots=True)
class Bareme:
    """A flat value (`uniforme`), or a table by the codes of a field, or tiers of a field, or cases.

    Of the tiers and of the cases, the first that fits the project gives the value.
    """

    uniforme: Parametre = VIDE
    par: ChampProjet | None = None
    valeurs: Mapping[str, Parametre] = field(default_factory=dict)
    tranches: tuple[Tranche, ...] = ()
    lignes: tuple[Ligne, ...] = ()

    def pour(self, projet: Projet) -> Parametre:
        """The value for this project, empty when the scale has no line for it or cannot be read."""
        if self.par is not None:
            lu = self.par.lire(projet)
            if self.tranches:
                retenue = self._tranche(lu)
                return VIDE if retenue is None else retenue.parametre
            return self.valeurs.get(lu or "", VIDE)
        if self.lignes:
            ligne = self._ligne(projet)
            return ligne.parametre if isinstance(ligne, Ligne) else VIDE
        return self.uniforme

    def manquants(self, projet: Projet) -> tuple[str, ...]:
        """The data of the project without which the scale cannot be read."""
        if self.par is not None:
            return () if self.par.lire(projet) is not None else (self.par.libelle,)
        ligne = self._ligne(projet)
        return ligne if isinstance(ligne, tuple) else ()

    def precision(self, projet: Projet, contexte: Contexte) -> str:
        """“ pour le thème « Voirie »”, “ pour 450 habitants”, “ (autres cas)”; nothing when it is flat."""
        if self.par is not None:
            lu = self.par.lire(projet)
            if lu is None:
                return ""
            if self.tranches:
                return f" pour {ecrire(self.par, Decimal(lu))}"
            return f" pour {self.par.cas} « {contexte.nommer(lu)} »"
        ligne = self._ligne(projet)
        return f" ({ligne.enonce(contexte.libelles)})" if isinstance(ligne, Ligne) else ""

    def parametres(self) -> tuple[Parametre, ...]:
        if self.par is not None:
            return (*self.valeurs.values(), *(t.parametre for t in self.tranches))
        return tuple(ligne.parametre for ligne in self.lignes) or (self.uniforme,)

    def champs_lus(self) -> frozenset[str]:
        """Names of the fields of the project that the scale reads."""
        if self.par is not None:
            return frozenset({self.par.nom})
        return frozenset(f.champ.nom for ligne in self.lignes if ligne.si for f in ligne.si.feuilles())

    def enonce(self, formater: Callable[[Decimal | None], str], libelles: Mapping[str, str]) -> str:
        """The scale in one line: “30 %”, or “Voirie : 40 % ; Cadre de vie : 30 %”."""
        cas: list[tuple[str, Parametre]] = [(nommer(c, libelles), p) for c, p in self.valeurs.items()]
        if self.par is not None:
            cas += [(tranche.enonce(self.par), tranche.parametre) for tranche in self.tranches]
        cas += [(ligne.enonce(libelles), ligne.parametre) for ligne in self.lignes]
        if not cas:
            return enoncer(self.uniforme, formater)
        return " ; ".join(f"{nom} : {enoncer(parametre, formater)}" for nom, parametre in cas)

    def ligne(self, projet: Projet) -> Ligne | None:
        """The case that fits the project, None when none does or when it cannot be told."""
        ligne = self._ligne(projet)
        return ligne if isinstance(ligne, Ligne) else None

    def _tranche(self, lu: Decimal | int | None) -> Tranche | None:
        if lu is None:
            return None
        x = Decimal(lu)
        return next((tranche for tranche in self.tranches if tranche.contient(x)), None)

    def _ligne(self, projet: Projet) -> Ligne | tuple[str, ...]:
        """The first case that fits, or what is missing to tell (nothing when no case fits)."""
        for ligne in self.lignes:
            if ligne.si is None:
                return ligne
            valeur, absents = ligne.si.juger(projet)
            if valeur:
                return ligne
            if valeur is None:
                return absents
        return ()


def enoncer(parametre: Parametre, formater: Callable[[Decimal | None], str]) -> str:
    """One value as text, saying when it is empty or of demonstration."""
    if parametre.valeur is None:
        return "non renseigné"
    suite = " (valeur de démonstration)" if parametre.demonstration else ""
    return formater(parametre.valeur) + suite
