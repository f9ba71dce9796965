"""The walk: who opens which page of the demonstration, from the home page to the review."""

from __future__ import annotations

from dataclasses import dataclass

VITRINE = "gorges-causses-cevennes"
"""The territory of the demonstration that went furthest."""

ACCORD = "coeur-de-lozere"
"""The territory whose maquette is accepted: its contract can be drawn up."""
VOISIN = "gevaudan"
"""A territory still being examined."""

CHEFFE = "Cheffe de projet territorial"
PRESIDENTE = "Présidente de la communauté de communes"
AGENT_EPCI = "Agent de la communauté de communes"
MAIRE = "Maire Michel"
SECRETAIRE = "Secrétaire de mairie"
ADMINISTRATEUR = "Administrateur de l’instance"

T = f"/territoires/{VITRINE}"


@dataclass(frozen=True, slots=True)
class Halte:
    """One page, as one person."""

    nom: str
    chemin: str
    qui: str | None = CHEFFE


HALTES = (
    Halte("connexion", "/connexion/", None),
    Halte("accueil", "/"),
    Halte("accueil-maire", "/", MAIRE),
    Halte("territoires", "/territoires/"),
    Halte("recherche", "/recherche/?q=florac"),
    Halte("territoire", f"{T}/"),
    Halte("diagnostic", f"{T}/diagnostic/"),
    Halte("portrait", f"{T}/diagnostic/portrait/"),
    Halte("indicateur", f"{T}/diagnostic/portrait/part_65_plus/"),
    Halte("flux", f"{T}/diagnostic/flux/"),
    Halte("vulnerabilite", f"{T}/diagnostic/vulnerabilite/"),
    Halte("constats", f"{T}/diagnostic/constats/"),
    Halte("constat", "/territoires/haut-allier-margeride/diagnostic/constats/1/"),
    Halte("ateliers", f"{T}/diagnostic/ateliers/"),
    Halte("documents", f"{T}/diagnostic/documents/"),
    Halte("perimetre", "/perimetres/brouillon/?epci=200069151&epci=200069136"),
    Halte("perimetre-versions", f"{T}/perimetre/"),
    Halte("jumeaux", f"{T}/diagnostic/portrait/jumeaux/"),
    Halte("vulnerabilite-modeles", f"{T}/diagnostic/vulnerabilite/modeles/"),
    Halte("vulnerabilite-sensibilite", f"{T}/diagnostic/vulnerabilite/sensibilite/"),
    Halte("atelier", f"{T}/diagnostic/ateliers/1/"),
    Halte("telephone", "/a/", None),
    Halte("constat-nouveau", f"{T}/diagnostic/constats/nouveau/"),
    Halte("plan", f"{T}/plan/"),
    Halte("fiches", "/fiches/"),
    Halte("fiche", f"{T}/plan/fiches/1/"),
    Halte("fiche-nouvelle", f"{T}/plan/fiches/nouvelle/"),
    Halte("fiche-modifier", f"{T}/plan/fiches/1/modifier/"),
    Halte("importer", f"{T}/plan/importer/"),
    Halte("maquette", f"{T}/negociation/"),
    Halte("maquette-presidente", f"{T}/negociation/", PRESIDENTE),
    Halte("enveloppe", f"{T}/negociation/enveloppe/"),
    Halte("contrat", f"{T}/contrat/"),
    Halte("contrat-prepare", f"/territoires/{ACCORD}/contrat/"),
    Halte("realisation", f"{T}/realisation/"),
    Halte("bilan", f"{T}/bilan/"),
    Halte("journal", f"{T}/journal/"),
    Halte("journal-verification", "/journal/verification/"),
    Halte("dispositifs", "/dispositifs/"),
    Halte("dispositif", "/dispositifs/lozere/"),
    Halte("accessibilite", "/accessibilite/", None),
    Halte("composants", "/composants/"),
)
