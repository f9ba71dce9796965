"""What the page of the income flows shows, written for the reader."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.conf import settings

from arpent.metier.argent import formater_nombre, formater_taux
from arpent.metier.flux_revenus import PARAMETRES, Parametre, paragraphe
from arpent.plateforme.demarches.models import Demarche
from arpent.plateforme.observatoire import navettes as mobilites
from arpent.plateforme.observatoire.magasin import ouvrir
from arpent.plateforme.socle.graphiques.base import Figure
from arpent.plateforme.territoires.perimetres import perimetre

from . import figures
from .calcul import Lieu, Parametres, calculer, parametres_de
from .echelles import Echelle, echelles


@dataclass(frozen=True, slots=True)
class Analyse:
    """The territory, the places it exchanges workers with, the same calculation at other scales."""

    lieu: Lieu
    parametres: Parametres
    navettes: mobilites.Navettes
    partenaires: mobilites.Partenaires
    echelles: tuple[Echelle, ...]

    @property
    def titre(self) -> str:
        """The finding: the first source of income, and what 100 euros become."""
        figure = figures.entrees(self.lieu)
        return (
            f"{self.lieu.nom}\u00a0: {figure.titre[0].lower()}{figure.titre[1:]}" if figure else self.lieu.nom
        )

    @property
    def texte(self) -> str:
        return paragraphe(self.lieu.flux, self.lieu.nom)


@dataclass(frozen=True, slots=True)
class LigneParametre:
    """A parameter beside its default value."""

    parametre: Parametre
    defaut: Parametre

    @property
    def change(self) -> bool:
        return self.parametre != self.defaut


def analyser(demarche: Demarche, le: date) -> Analyse:
    """Raises ObservatoireVide when no store is loaded, ValueError when the perimeter is empty."""
    magasin = ouvrir(settings.ARPENT_DONNEES)
    ici = perimetre(demarche.territoire, le)
    if not ici.communes:
        raise ValueError(
            "Le périmètre de ce territoire est vide : rattachez-lui au moins une intercommunalité."
        )
    parametres = parametres_de(demarche)
    lieu = calculer(magasin, demarche.territoire.nom, ici.communes, ici.epci, parametres)
    navettes = mobilites.ouvrir(settings.ARPENT_DONNEES)
    return Analyse(
        lieu=lieu,
        parametres=parametres,
        navettes=navettes,
        partenaires=navettes.partenaires(ici.communes, n=20),
        echelles=tuple(echelles(magasin, ici, lieu, parametres)),
    )


def figures_de(analyse: Analyse) -> Mapping[str, Figure | None]:
    """The charts by the name of their download; None for one that lacks its data."""
    lieu = analyse.lieu
    voisins = sorted({v for siren in lieu.epci for v in figures.voisins_de(siren)} - set(lieu.epci))
    return {
        "entrees": figures.entrees(lieu),
        "captation": figures.captation(lieu),
        "navettes": figures.navettes(lieu.nom, analyse.partenaires, analyse.navettes.complete),
        "carte": figures.carte_des_partenaires(lieu.epci, analyse.partenaires, voisins),
        "echelles": figures.par_echelle(analyse.echelles),
    }


def lignes_de_parametres(parametres: Parametres) -> list[LigneParametre]:
    return [LigneParametre(p, d) for p, d in zip(parametres, PARAMETRES, strict=True)]


def phrase_evasion(lieu: Lieu) -> str:
    """The leakage index in words; empty when it cannot be computed."""
    e = lieu.flux.evasion
    if e is None:
        return ""
    mesure = (
        f"{formater_nombre(e.observes, 0)} emplois privés au service des présents pour 1\u202f000 habitants, "
        f"quand {formater_nombre(e.attendus, 0)} seraient attendus d’après {e.modele.n} intercommunalités "
        "qui captent autant et ont une densité voisine"
    )
    if not e.tranchee:
        return f"{mesure} : l’écart est dans la marge d’erreur, on ne peut pas conclure à une évasion."
    ecart = formater_taux(abs(e.indice), 0)
    if e.indice > 0:
        return f"{mesure} : il en manque {ecart}, une partie de l’argent se dépense ailleurs."
    return f"{mesure} : c’est {ecart} de plus, le territoire sert aussi des gens d’ailleurs."


def part(x: Decimal | None) -> str:
    return "non disponible" if x is None else formater_taux(x, 0)
