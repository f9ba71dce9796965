"""Content of the catalogue: one template for each family, rendered, and shown as code. Values invented."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any, cast

from django import forms
from django.core.paginator import Paginator
from django.http import HttpRequest
from django.template.loader import get_template
from django.utils.safestring import SafeString

from .graphiques import (
    Barre,
    Empilement,
    Flux,
    Lieu,
    Serie,
    Tranche,
    bandes_de_flux,
    barres_empilees,
    barres_horizontales,
    choroplethe,
    lignes,
    petits_multiples,
    pyramide,
)
from .pieces import Etape, Onglet, Part

FAMILLES: tuple[tuple[str, str, str], ...] = (
    ("boutons", "Boutons", "socle/catalogue/boutons.html"),
    ("etats", "États, montants, évolutions", "socle/catalogue/etats.html"),
    ("alertes", "Alertes", "socle/catalogue/alertes.html"),
    ("cartes", "Cartes, chiffres, constats", "socle/catalogue/cartes.html"),
    ("jauges", "Jauges", "socle/catalogue/jauges.html"),
    ("tableaux", "Tableaux", "socle/catalogue/tableaux.html"),
    ("formulaires", "Formulaires", "socle/catalogue/formulaires.html"),
    ("parcours", "Onglets et étapes", "socle/catalogue/parcours.html"),
    ("vides", "États vides et dialogues", "socle/catalogue/vides.html"),
    ("graphiques", "Graphiques", "socle/catalogue/graphiques.html"),
    ("carte-geo", "Carte interactive", "socle/catalogue/carte_geo.html"),
)


@dataclass(frozen=True, slots=True)
class Specimen:
    """One family: what it looks like, and the template that makes it."""

    ancre: str
    titre: str
    rendu: SafeString
    code: str


class FormulaireDeDemonstration(forms.Form):
    """A field of each kind, some in error."""

    intitule = forms.CharField(label="Intitulé du projet", max_length=80)
    cout = forms.DecimalField(
        label="Coût total hors taxes",
        help_text="En euros, d’après le devis ou l’estimation.",
        localize=True,
        error_messages={"invalid": "Écrivez un nombre en euros, par exemple 12 345,67."},
    )
    theme = forms.ChoiceField(label="Thème", choices=[("", "Choisir un thème"), ("voirie", "Voirie")])
    debut = forms.DateField(
        label="Début des travaux", required=False, widget=forms.DateInput(attrs={"type": "date"})
    )
    presentation = forms.CharField(label="Présentation", required=False, widget=forms.Textarea)
    maturite = forms.ChoiceField(
        label="Maturité",
        choices=[("a", "Prêt à démarrer"), ("b", "À mûrir")],
        widget=forms.RadioSelect,
    )
    deliberation = forms.BooleanField(label="La délibération est jointe", required=False)


def presenter(contexte: dict[str, Any], request: HttpRequest) -> list[Specimen]:
    """Each family rendered, and the source of its template."""
    specimens = []
    for ancre, titre, nom in FAMILLES:
        gabarit = cast(Any, get_template(nom))
        code = gabarit.template.source.strip()
        specimens.append(Specimen(ancre, titre, gabarit.render(contexte, request), code))
    return specimens


def _geometrie(x: float, y: float) -> dict[str, Any]:
    """An irregular parcel in degrees, on a grid."""
    d = 0.05
    coins = [(0, 0), (0.9, 0.12), (1, 1), (0.45, 1.14), (0, 1)]
    anneau = [[3.4 + (x + a) * d, 44.4 + (y + b) * d * 0.72] for a, b in coins]
    return {"type": "Polygon", "coordinates": [[*anneau, anneau[0]]]}


def _lieux() -> list[Lieu]:
    """Twelve members in four rows, one of them without a value, and a ring of neighbours."""
    lieux = []
    for i in range(6):
        for j in range(5):
            membre = 0 < i < 5 and 0 < j < 4
            valeur = None if (i, j) == (2, 2) or not membre else (i * 37 + j * 53) % 90 + 8
            lieux.append(
                Lieu(f"{i}{j}", f"Commune {i}{j}", _geometrie(i, j), valeur, not membre, (i, j) == (3, 1))
            )
    return lieux


def contours() -> dict[str, Any]:
    """The same places as GeoJSON, in the properties `carte.js` reads."""
    lieux = [
        {
            "type": "Feature",
            "geometry": lieu.geometrie,
            "properties": {
                "nom": lieu.nom,
                "role": "voisin" if lieu.voisin else "membre",
                "detail": "hors périmètre" if lieu.voisin else f"{lieu.valeur or 0} habitants au km²",
                "classe": int(lieu.valeur or 0) // 20,
                "url": "" if lieu.voisin else "#carte-geo",
            },
        }
        for lieu in _lieux()
    ]
    return {"type": "FeatureCollection", "features": lieux}


def _figures() -> dict[str, Any]:
    """One chart of each kind."""
    annees = [str(a) for a in range(2015, 2023)]
    communes = [
        Barre("Vialas", 214, repere=120),
        Barre("Le Pompidou", 168, repere=120),
        Barre("Massegros Causses Gorges", 96, accent=False, repere=120),
        Barre("Ispagnac", 41, accent=False, repere=120),
    ]
    flux = [
        Flux("État", "Eau potable", 320_000),
        Flux("État", "Cadre de vie", 140_000),
        Flux("Département", "Eau potable", 180_000),
        Flux("Département", "Voirie", 260_000),
        Flux("Communes", "Voirie", 150_000),
        Flux("Communes", "Cadre de vie", 90_000),
    ]
    ages = [("0-14 ans", 512, 498), ("15-29 ans", 402, 377), ("30-44 ans", 560, 548)]
    ages += [("45-59 ans", 790, 801), ("60-74 ans", 902, 934), ("75 ans et plus", 411, 590)]
    return {
        "fig_barres": barres_horizontales(
            "Deux communes dépassent l’aide moyenne par habitant",
            communes,
            libelle_repere="moyenne du territoire (120 €)",
            libelle_valeur="Aide par habitant (€)",
        ),
        "fig_empilee": barres_empilees(
            "L’État paie la moitié de l’eau, le Département la moitié de la voirie",
            ["État", "Département", "Communes"],
            [
                Empilement("Eau potable", (320, 180, 100)),
                Empilement("Voirie", (0, 260, 150)),
                Empilement("Cadre de vie", (140, 60, 90)),
            ],
        ),
        "fig_lignes": lignes(
            "La population résiste, l’emploi recule depuis 2018",
            annees,
            [
                Serie("Population", (100, 100.4, 100.9, 101, 101.2, 101.1, 101.5, 101.9)),
                Serie("Emplois", (100, 100.2, 99.8, 99.1, 97.9, None, 96.4, 96)),
            ],
            depuis_zero=False,
        ),
        "fig_pyramide": pyramide(
            "Un habitant sur trois a plus de 60 ans", [Tranche(a, h, f) for a, h, f in ages]
        ),
        "fig_flux": bandes_de_flux("Le Département porte la voirie, l’État l’eau potable", flux),
        "fig_carte": choroplethe(
            "La densité décroît vers l’ouest", _lieux(), libelle_valeur="Habitants au km²"
        ),
        "fig_multiples": petits_multiples(
            "Trois communes gagnent des habitants, une en perd",
            annees,
            [
                Serie("Florac", (1920, 1925, 1931, 1940, 1946, 1949, 1955, 1961)),
                Serie("Meyrueis", (820, 812, 806, 799, 790, 786, 781, 777)),
                Serie("Ispagnac", (890, 894, 897, 905, 909, 915, 921, 930)),
                Serie("Vialas", (430, 433, 437, 436, 440, 446, 449, 452)),
            ],
            meme_echelle=False,
        ),
    }


def valeurs() -> dict[str, Any]:
    """Context shared by the templates of the catalogue."""
    envoye = {"intitule": "Réseau d’eau", "cout": "douze mille", "theme": "voirie", "maturite": "a"}
    return {
        "formulaire": FormulaireDeDemonstration(auto_id="vierge_%s"),
        "errone": FormulaireDeDemonstration(envoye, auto_id="errone_%s"),
        "page": Paginator(range(240), 20).page(5),
        "montant_demo": Decimal("1204630.50"),
        "ancien": Decimal(138_400),
        "nouveau": Decimal(124_000),
        "parts": [
            Part("accordé", Decimal(855_290)),
            Part("proposé", Decimal(265_130), "propose"),
            Part("réservé", Decimal(40_000), "autre"),
        ],
        "onglets_demo": [
            Onglet("À négocier", "#parcours", True, 12),
            Onglet("Retenues", "#parcours", nombre=26),
            Onglet("Différées", "#parcours", nombre=3),
        ],
        "etapes_demo": [
            Etape("COPIL de lancement", "fait", "12 janvier 2026", "Périmètre et calendrier arrêtés."),
            Etape("Diagnostic partagé", "fait", "mars 2026"),
            Etape("Choix stratégiques", "en_cours", "atelier le 4 juin 2026", url="#parcours"),
            Etape("COPIL de finalisation", "a_venir", "prévu en juillet 2026"),
        ],
        **_figures(),
    }
