"""The same calculation at several scales: the EPCI, together, the whole département."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from django.conf import settings

from arpent.plateforme.observatoire import navettes as mobilites
from arpent.plateforme.observatoire.magasin import Magasin
from arpent.plateforme.observatoire.portrait import departement_principal
from arpent.plateforme.territoires.perimetres import Perimetre

from ..lecture import nom_du_departement
from .calcul import COUVERTURE_DU_DEPARTEMENT, Lieu, Parametres, calculer, nom_epci

EPCI_MONTRES = 8


@dataclass(frozen=True, slots=True)
class Echelle:
    """One scale; `lieu` is None when it cannot be computed, and `motif` says why."""

    nom: str
    genre: str
    lieu: Lieu | None
    motif: str = ""
    ici: bool = False

    @property
    def part_residentielle(self) -> Decimal | None:
        return self.lieu.flux.base("residentielle").part if self.lieu else None


def echelles(magasin: Magasin, ici: Perimetre, lieu: Lieu, parametres: Parametres) -> list[Echelle]:
    """Each EPCI, then the territory; or the EPCI, then with its first partner; then the département."""
    if len(ici.epci) > 1:
        membres = [_epci(magasin, siren, parametres) for siren in ici.epci[:EPCI_MONTRES]]
        ensemble = Echelle(lieu.nom, "ensemble", lieu, ici=True)
        suite = [*membres, ensemble]
    else:
        seul = Echelle(lieu.nom, "intercommunalité seule", lieu, ici=True)
        avec = _avec_partenaire(magasin, ici, lieu, parametres)
        suite = [seul, *([avec] if avec else [])]
    return [*suite, _departement(magasin, ici, parametres)]


def _epci(magasin: Magasin, siren: str, parametres: Parametres) -> Echelle:
    communes = [c for c in magasin.communes_de(siren) if c in magasin.communes.rangs]
    if not communes:
        return Echelle(nom_epci(siren), "intercommunalité seule", None, "Ses communes ne sont pas chargées.")
    calcule = calculer(magasin, nom_epci(siren), communes, [siren], parametres)
    return Echelle(calcule.nom, "intercommunalité seule", calcule)


def _avec_partenaire(magasin: Magasin, ici: Perimetre, lieu: Lieu, parametres: Parametres) -> Echelle | None:
    """The EPCI and the one it exchanges most workers with, among those whose communes are loaded."""
    navettes = mobilites.ouvrir(settings.ARPENT_DONNEES)
    liens: dict[str, float] = {}
    partenaires = navettes.partenaires(ici.communes, n=5)
    for partenaire in (*partenaires.vers, *partenaires.depuis):
        liens[partenaire.code] = liens.get(partenaire.code, 0.0) + partenaire.actifs
    for siren in sorted(liens, key=lambda s: -liens[s]):
        autres = [c for c in magasin.communes_de(siren) if c in magasin.communes.rangs]
        if autres and siren not in ici.epci:
            nom = f"{lieu.nom} et {nom_epci(siren)}"
            ensemble = [*ici.communes, *autres]
            calcule = calculer(magasin, nom, ensemble, [*ici.epci, siren], parametres)
            return Echelle(nom, "avec son premier partenaire", calcule)
    return None


def _departement(magasin: Magasin, ici: Perimetre, parametres: Parametres) -> Echelle:
    code = departement_principal(magasin, ici.communes)
    nom = f"Département ({nom_du_departement(code)})"
    epci_de = mobilites.epci_des_communes()
    attendues = [c for c in epci_de if (c[:3] if c.startswith("97") else c[:2]) == code]
    communes = sorted(c for c in attendues if c in magasin.communes.rangs)
    if not communes or len(communes) < COUVERTURE_DU_DEPARTEMENT * len(attendues):
        motif = f"{len(communes)} communes sur {len(attendues)} sont chargées."
        return Echelle(nom, "département", None, motif)
    sirens = sorted({epci_de[c] for c in communes})
    return Echelle(nom, "département", calculer(magasin, nom, communes, sirens, parametres))
