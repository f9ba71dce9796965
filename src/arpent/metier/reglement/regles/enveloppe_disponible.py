"""The aid is taken from a credit line, and from the lines that communicate with it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from arpent.metier.argent import arrondir
from arpent.metier.reglement.bareme import VIDE, Parametre, enoncer
from arpent.metier.reglement.constats import Constat
from arpent.metier.reglement.contexte import Contexte, nommer
from arpent.metier.reglement.description import ChampRegle, Famille, Sorte, Vocabulaire, codes
from arpent.metier.reglement.projet import Projet
from arpent.metier.reglement.regles.base import Regle, euros, taux


@dataclass(frozen=True, slots=True)
class EnveloppeDisponible(Regle):
    """What is left of `enveloppe`, plus the share `part_fongible` (all of it by default) of what is left of
    each of the `communicantes`."""

    enveloppe: str
    communicantes: tuple[str, ...]
    part_fongible: Parametre | None

    GENRE: ClassVar[str] = "enveloppe_disponible"
    FAMILLE: ClassVar[Famille] = Famille.ENVELOPPE
    DESCRIPTION: ClassVar[str] = (
        "L’aide tient dans ce qui reste de l’enveloppe, fongible ou non avec d’autres."
    )
    CHAMPS: ClassVar[tuple[ChampRegle, ...]] = (
        ChampRegle(
            "enveloppe", "Enveloppe", Sorte.TEXTE, obligatoire=True, vocabulaire=Vocabulaire.ENVELOPPES
        ),
        codes("communicantes", "Enveloppes fongibles avec elle", Vocabulaire.ENVELOPPES),
        ChampRegle("part_fongible", "Part fongible des autres enveloppes", Sorte.TAUX),
    )
    INTITULE: ClassVar[str] = "Crédits disponibles"

    def evaluer(self, projet: Projet, contexte: Contexte) -> Constat:
        propre = projet.enveloppe(self.enveloppe)
        if projet.est_paye_hors(self.enveloppe, *self.communicantes):
            return self.paye_ailleurs(projet, contexte)
        if propre is None:
            return self.a_completer("L’aide", (f"l’enveloppe « {contexte.nommer(self.enveloppe)} »",))
        part = self.part_fongible
        if part is not None and part.valeur is None:
            return self.a_renseigner("La part fongible", part)
        plafond, termes = propre.disponible, [f"{propre.libelle} : {euros(propre.disponible)}"]
        for code in self.communicantes:
            autre = projet.enveloppe(code)
            if autre is None:
                return self.a_completer("L’aide", (f"l’enveloppe « {contexte.nommer(code)} »",))
            apport, ecrit = autre.disponible, euros(autre.disponible)
            if part is not None and part.valeur is not None:
                apport = arrondir(part.valeur * autre.disponible)
                ecrit = f"{taux(part.valeur)} × {euros(autre.disponible)} = {euros(apport)}"
            plafond += apport
            termes.append(f"{autre.libelle} : {ecrit}")
        calcul = "Disponible, " + " ; ".join(termes)
        if self.communicantes:
            calcul += f" ; en tout {euros(plafond)}"
        return self.sous_plafond(projet, plafond, calcul, part or VIDE)

    def enonce(self, libelles: Mapping[str, str]) -> str:
        phrase = f"L’aide est prise sur l’enveloppe « {nommer(self.enveloppe, libelles)} »"
        if self.communicantes:
            noms = ", ".join(f"« {nommer(c, libelles)} »" for c in self.communicantes)
            phrase += f", fongible avec {noms}"
        if self.part_fongible is not None:
            phrase += f" dans la limite de {enoncer(self.part_fongible, taux)}"
        return f"{phrase}."
