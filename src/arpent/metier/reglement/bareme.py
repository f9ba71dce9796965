"""Values of a règlement: certain, empty, or of demonstration; flat or by theme, class, nature, maturity."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from arpent.metier.reglement.contexte import Contexte, nommer
from arpent.metier.reglement.projet import Projet


@dataclass(frozen=True, slots=True)
class Parametre:
    """One value (rate from 0 to 1, or euros); None while the authority has not given it."""

    valeur: Decimal | None = None
    source: str = ""
    demonstration: bool = False


VIDE = Parametre()

# What a scale may depend on: the words of the explanation, and how to read it on the project.
CRITERES: dict[str, tuple[str, Callable[[Projet], str | None]]] = {
    "theme": ("le thème", lambda projet: projet.theme),
    "classe_vulnerabilite": ("la classe", lambda projet: projet.classe_vulnerabilite),
    "beneficiaire_nature": ("un bénéficiaire de type", lambda projet: projet.beneficiaire_nature),
    "maturite": ("la maturité", lambda projet: projet.maturite),
}


@dataclass(frozen=True, slots=True)
class Bareme:
    """A flat value (`par` None, in `uniforme`) or a table of values by one criterion of the project."""

    uniforme: Parametre = VIDE
    par: str | None = None
    valeurs: Mapping[str, Parametre] = field(default_factory=dict)

    def pour(self, projet: Projet) -> Parametre:
        """The value for this project, empty when the table has no line for it."""
        if self.par is None:
            return self.uniforme
        return self.valeurs.get(CRITERES[self.par][1](projet) or "", VIDE)

    def precision(self, projet: Projet, contexte: Contexte) -> str:
        """“ pour le thème « Voirie »”, or nothing when the value is flat."""
        if self.par is None:
            return ""
        mots, lire = CRITERES[self.par]
        code = lire(projet)
        return f" pour {mots} « {contexte.nommer(code)} »" if code else f" pour {mots}, non renseigné"

    def parametres(self) -> tuple[Parametre, ...]:
        return (self.uniforme,) if self.par is None else tuple(self.valeurs.values())

    def enonce(self, formater: Callable[[Decimal | None], str], libelles: Mapping[str, str]) -> str:
        """The scale in one line: “30 %”, or “Voirie : 40 % ; Cadre de vie : 30 %”."""
        if self.par is None:
            return enoncer(self.uniforme, formater)
        lignes = (f"{nommer(c, libelles)} : {enoncer(p, formater)}" for c, p in self.valeurs.items())
        return " ; ".join(lignes)


def enoncer(parametre: Parametre, formater: Callable[[Decimal | None], str]) -> str:
    """One value as text, saying when it is empty or of demonstration."""
    if parametre.valeur is None:
        return "non renseigné"
    suite = " (valeur de démonstration)" if parametre.demonstration else ""
    return formater(parametre.valeur) + suite
