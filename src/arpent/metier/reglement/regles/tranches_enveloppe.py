"""The envelope is released tranche by tranche: a later one waits for its gate (a mid-term review)."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, ClassVar

from arpent.metier.argent import ZERO, arrondir
from arpent.metier.reglement.bareme import VIDE, Parametre, enoncer
from arpent.metier.reglement.constats import Constat
from arpent.metier.reglement.contexte import Contexte, nommer
from arpent.metier.reglement.description import ChampRegle, Famille, Sorte, Vocabulaire
from arpent.metier.reglement.lecteur import Lecteur
from arpent.metier.reglement.projet import Projet
from arpent.metier.reglement.regles.base import Regle, difference, euros, taux


@dataclass(frozen=True, slots=True)
class TranchesEnveloppe(Regle):
    """`tranches`: blocks (`libelle`, `part`) in order; how many are released is a fact of the envelope."""

    enveloppe: str
    tranches: tuple[Mapping[str, Any], ...]

    GENRE: ClassVar[str] = "tranches_enveloppe"
    FAMILLE: ClassVar[Famille] = Famille.ENVELOPPE
    DESCRIPTION: ClassVar[str] = "L’enveloppe est libérée par tranches, la suivante après une étape."
    CHAMPS: ClassVar[tuple[ChampRegle, ...]] = (
        ChampRegle(
            "enveloppe", "Enveloppe", Sorte.TEXTE, obligatoire=True, vocabulaire=Vocabulaire.ENVELOPPES
        ),
        ChampRegle(
            "tranches",
            "Tranches",
            Sorte.BLOCS,
            obligatoire=True,
            champs=(
                ChampRegle("libelle", "Nom de la tranche", Sorte.TEXTE, obligatoire=True),
                ChampRegle("part", "Part de l’enveloppe", Sorte.TAUX, obligatoire=True),
            ),
        ),
    )
    INTITULE: ClassVar[str] = "Tranches de l’enveloppe"

    def verifier(self, lecteur: Lecteur) -> None:
        valeurs = [p.valeur for p in self.parametres() if p.valeur is not None]
        if len(valeurs) == len(self.tranches) and sum(valeurs) > 1:
            raise lecteur.refus(f"les tranches font {taux(sum(valeurs, Decimal(0)))} de l’enveloppe.")

    def evaluer(self, projet: Projet, contexte: Contexte) -> Constat:
        enveloppe = projet.enveloppe(self.enveloppe)
        if projet.est_paye_hors(self.enveloppe):
            return self.paye_ailleurs(projet, contexte)
        if enveloppe is None or enveloppe.tranches_ouvertes is None:
            quoi = f"les tranches libérées de l’enveloppe « {contexte.nommer(self.enveloppe)} »"
            return self.a_completer("L’aide", (quoi,))
        ouvertes = self.tranches[: enveloppe.tranches_ouvertes]
        part = Decimal(0)
        for tranche in ouvertes:
            parametre: Parametre = tranche["part"]
            if parametre.valeur is None:
                return self.a_renseigner(f"La part de la tranche « {tranche['libelle']} »", parametre)
            part += parametre.valeur
        libere = arrondir(part * enveloppe.ouverte)
        noms = ", ".join(str(tranche["libelle"]) for tranche in ouvertes) or "aucune tranche libérée"
        calcul = (
            f"{noms} : {taux(part)} × {euros(enveloppe.ouverte)} = {euros(libere)} ; "
            f"− {euros(enveloppe.engagee)} engagés {difference(libere - enveloppe.engagee)}"
        )
        source = ouvertes[-1]["part"] if ouvertes else VIDE
        return self.sous_plafond(projet, max(ZERO, libere - enveloppe.engagee), calcul, source)

    def enonce(self, libelles: Mapping[str, str]) -> str:
        noms = " ; ".join(f"{t['libelle']} : {enoncer(t['part'], taux)}" for t in self.tranches)
        return f"Tranches de l’enveloppe « {nommer(self.enveloppe, libelles)} » : {noms}."
