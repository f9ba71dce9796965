"""What a line is read against: the columns of the file, what the démarche knows, and the line itself."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TypeVar

from arpent.metier.plan_financement import Financeur, StatutFinancement
from arpent.plateforme.acteurs.models import Organisation
from arpent.plateforme.demarches.models import Demarche
from arpent.plateforme.plans.models import Axe, Fiche
from arpent.plateforme.reglements.models import Theme
from arpent.plateforme.socle.recherche import plier

from . import valeurs
from .annuaire import Annuaire, Axes, Themes
from .correspondance import (
    MONTANTS,
    OBLIGATOIRES,
    PAR_CODE,
    Correspondance,
    nom_de_colonne,
    statut_de,
    unite_de,
)
from .lecture import FichierIllisible, LigneLue
from .valeurs import ValeurIllisible

T = TypeVar("T")
LIBELLE_MAX = 150
AUTORITES = {
    Organisation.Nature.DEPARTEMENT: Financeur.DEPARTEMENT,
    Organisation.Nature.REGION: Financeur.REGION,
    Organisation.Nature.ETAT: Financeur.ETAT,
}


@dataclass(frozen=True, slots=True)
class Rejet:
    """Why a line is not imported (or, as a warning, what to look at): cause and what to do, in French."""

    ligne: int
    colonne: str
    cause: str
    conseil: str = ""
    valeur: str = ""


@dataclass(frozen=True, slots=True)
class ColonneFinanceur:
    """A column of amounts of one funder; `libelle` is its header when it says more than the funder."""

    rang: int
    financeur: Financeur
    statut: StatutFinancement
    libelle: str


@dataclass(frozen=True, slots=True)
class Colonnes:
    """Where each field is, with how its amounts are read."""

    entetes: tuple[str, ...]
    rang: dict[str, int]
    financeurs: tuple[ColonneFinanceur, ...]
    champs: Correspondance
    unites: dict[int, Decimal]

    @classmethod
    def de(cls, entetes: tuple[str, ...], correspondance: Correspondance) -> Colonnes:
        """Raises FichierIllisible when a column that every fiche needs is missing."""
        rang = {code: i for i, code in correspondance.items() if PAR_CODE[code].financeur is None}
        manquants = [champ.libelle for champ in OBLIGATOIRES if champ.code not in rang]
        if manquants:
            lus = ", ".join(f"« {e} »" for e in entetes if e) or "aucun"
            s = "s" if len(manquants) > 1 else ""
            raise FichierIllisible(
                f"Colonne{s} manquante{s} : {', '.join(manquants)}. Titres lus : {lus}. "
                "Renommez la colonne dans le fichier, ou indiquez laquelle c’est."
            )
        financeurs = tuple(
            _colonne_financeur(i, f, entetes[i])
            for i, code in correspondance.items()
            if (f := PAR_CODE[code].financeur)
        )
        unites = {i: unite_de(entetes[i]) for i in correspondance}
        return cls(entetes, rang, financeurs, correspondance, unites)

    def nom(self, rang: int) -> str:
        return nom_de_colonne(self.entetes, rang)


def _colonne_financeur(rang: int, financeur: Financeur, entete: str) -> ColonneFinanceur:
    nom = entete.rpartition(" – ")[2]  # the title itself, without that of its group of columns
    est_le_meme = cle(nom) == cle(PAR_CODE[financeur.value].libelle)
    return ColonneFinanceur(rang, financeur, statut_de(entete), "" if est_le_meme else nom[:LIBELLE_MAX])


@dataclass(slots=True)
class Contexte:
    """What the démarche knows, read once (5 queries), and what the file has said so far."""

    annuaire: Annuaire
    themes: Themes
    axes: Axes
    autorite: Financeur
    numeros: dict[int, str]
    projets: dict[tuple[str, int], str]

    @classmethod
    def lire(cls, demarche: Demarche) -> Contexte:
        fiches = list(
            Fiche.objects.filter(demarche=demarche)
            .order_by("numero")
            .values_list("numero", "titre", "maitre_ouvrage_id")
        )
        return cls(
            Annuaire.lire(demarche),
            Themes.de(Theme.objects.filter(dispositif__processus=demarche.processus).order_by("ordre")),
            Axes.de(Axe.objects.filter(demarche=demarche).order_by("numero")),
            AUTORITES.get(Organisation.Nature(demarche.autorite.nature), Financeur.AUTRE_PUBLIC),
            {n: f"la fiche n° {n} du plan" for n, _, _ in fiches},
            {(cle(titre), mo): f"la fiche n° {n} du plan" for n, titre, mo in fiches},
        )


def cle(titre: str) -> str:
    """A text reduced to its words, to tell two projects apart."""
    return " ".join(re.findall(r"[a-z0-9]+", plier(titre)))


@dataclass(slots=True)
class Lecture:
    """One line being read: its values, what is wrong, what to look at."""

    ligne: LigneLue
    colonnes: Colonnes
    contexte: Contexte
    rejets: list[Rejet] = field(default_factory=list)
    avertissements: list[Rejet] = field(default_factory=list)

    def texte(self, code: str) -> str:
        rang = self.colonnes.rang.get(code)
        return "" if rang is None else valeurs.sans_fusion(self.ligne.cellules[rang])

    def rejeter(self, code: str, cause: str, conseil: str) -> None:
        rang = self.colonnes.rang[code]
        self.rejets.append(
            Rejet(self.ligne.numero, self.colonnes.nom(rang), cause, conseil, self.ligne.cellules[rang])
        )

    def signaler(self, colonne: str, cause: str, conseil: str = "") -> None:
        self.avertissements.append(Rejet(self.ligne.numero, colonne, cause, conseil))

    def cellule(self, rang: int, lire: Callable[[str], T]) -> T | None:
        """The value of a cell; None, and a reject, when it cannot be read."""
        texte = self.ligne.cellules[rang]
        try:
            valeurs.exiger_lisible(texte)
            if self.colonnes.champs[rang] in MONTANTS:
                valeurs.exiger_non_partage(texte)
            return lire(valeurs.sans_fusion(texte))
        except ValeurIllisible as refus:
            nom = self.colonnes.nom(rang)
            self.rejets.append(
                Rejet(self.ligne.numero, nom, refus.cause, refus.conseil, valeurs.sans_fusion(texte))
            )
            return None

    def lire(self, code: str, lire: Callable[[str], T]) -> T | None:
        rang = self.colonnes.rang.get(code)
        return None if rang is None else self.cellule(rang, lire)

    def trouver(self, code: str, lire: Callable[[str], T]) -> T | None:
        """`lire`, only when something is written."""
        return None if valeurs.est_vide(self.texte(code)) else self.lire(code, lire)

    def montant_en(self, rang: int) -> Decimal | None:
        """The amount of a cell; what is written around it is signalled."""
        lu = self.cellule(rang, lambda texte: valeurs.montant_annote(texte, self.colonnes.unites[rang]))
        if lu is None:
            return None
        if lu[1]:
            self.signaler(self.colonnes.nom(rang), lu[1], "Vérifiez-le sur la fiche.")
        return lu[0]

    def montant(self, code: str) -> Decimal | None:
        rang = self.colonnes.rang.get(code)
        return None if rang is None else self.montant_en(rang)
