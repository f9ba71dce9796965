"""Where the works of the demonstration stand: milestones, drawn photos, what blocks. All invented."""

from __future__ import annotations

import io
from datetime import date, timedelta

from django.db import transaction

from arpent.metier.avancement import proposer_dates
from arpent.plateforme.demarches.models import Demarche
from arpent.plateforme.plans.models import Fiche
from arpent.plateforme.socle.envois import Envoi
from arpent.plateforme.suivi.avancement import actions
from arpent.plateforme.suivi.avancement.lecture import fiches_suivies
from arpent.plateforme.suivi.models import JalonProjet, SuiviProjet

from .avancement import SIGNE, VITRINE
from .comptes import agent

DEBUT, DUREE, DECALAGE = date(2025, 11, 3), timedelta(days=420), timedelta(days=45)
FRANCHIS = (6, 4, 3, 2, 1, 0)
"""Milestones reached, project after project; the last ones have none written."""
SUIVIS = len(FRANCHIS)
PHOTOS = (
    "La dalle est coulée, vue depuis la route",
    "La charpente est posée",
    "L’entrée refaite, vue de la place",
)
COULEURS = ((176, 190, 170), (198, 186, 160), (160, 178, 190))
DESSIN = (1_280, 960)


@transaction.atomic
def suivre(le: date) -> None:
    """All or nothing, once."""
    if SuiviProjet.objects.exists():
        return
    for slug in (SIGNE, VITRINE):
        demarche = Demarche.objects.avec_contexte().get(slug=slug)
        fiches = list(fiches_suivies(demarche))[:SUIVIS]
        for rang, fiche in enumerate(fiches):
            fiche.demarche = demarche
            _jalonner(fiche, rang, le)
        if slug == SIGNE and len(fiches) > 2:
            _bloquer(fiches[1], fiches[2], le)


def _jalonner(fiche: Fiche, rang: int, le: date) -> None:
    qui = agent("chef.projet")
    suivi = actions.poser_jalons(fiche, par=qui, demonstration=True)
    debut = DEBUT + rang * DECALAGE
    jalons = list(suivi.jalons.all())
    dates = proposer_dates(
        debut, debut + DUREE - (DUREE / 3 if rang == 0 else timedelta(0)), [j.poids for j in jalons]
    )
    for jalon, prevu in zip(jalons, dates, strict=True):
        JalonProjet.objects.filter(pk=jalon.pk).update(prevu_le=prevu)
    for numero, jalon in enumerate(jalons[: FRANCHIS[rang]]):
        prevu = dates[numero]
        assert prevu is not None
        avec_photo = numero == FRANCHIS[rang] - 1 and rang < len(PHOTOS)
        actions.faire_le_point(
            fiche, franchis=[jalon.pk], le=min(prevu + timedelta(days=6 * rang), le), par=qui,
            photo=Envoi("chantier.png", _dessiner(rang)) if avec_photo else None,
            description=f"{PHOTOS[rang]} (image de démonstration)" if avec_photo else "",
            demonstration=True,
        )  # fmt: skip


def _bloquer(ouverte: Fiche, levee: Fiche, le: date) -> None:
    qui = agent("chef.projet")
    actions.signaler_blocage(
        ouverte, "L’entreprise de charpente attend l’ordre de service (exemple).",
        responsable=ouverte.maitre_ouvrage, echeance=le - timedelta(days=9), le=le - timedelta(days=30),
        par=qui, demonstration=True,
    )  # fmt: skip
    point = actions.signaler_blocage(
        levee, "Avis de l’architecte des bâtiments de France attendu (exemple).",
        responsable=levee.demarche.autorite, echeance=le - timedelta(days=20), le=le - timedelta(days=60),
        par=qui, demonstration=True,
    )  # fmt: skip
    actions.lever_blocage(
        point, "Avis favorable reçu, sous réserve de la couleur des menuiseries.", le=le - timedelta(days=25),
        version_lue=point.version, par=qui,
    )  # fmt: skip


def _dessiner(rang: int) -> bytes:
    """A plain drawing of a building site: no real photo is shipped."""
    from PIL import Image, ImageDraw  # a picture is drawn in the demonstration only

    largeur, hauteur = DESSIN
    dessin = Image.new("RGB", DESSIN, COULEURS[rang])
    trait = ImageDraw.Draw(dessin)
    trait.rectangle((0, hauteur * 3 // 4, largeur, hauteur), fill=(120, 108, 92))
    trait.rectangle((300, 420, 980, hauteur * 3 // 4), fill=(236, 232, 222), outline=(70, 66, 60), width=6)
    if rang < 2:
        trait.polygon(((260, 420), (640, 200), (1_020, 420)), fill=(150, 92, 70), outline=(70, 66, 60))
    for gauche in (380, 580, 780):
        trait.rectangle((gauche, 520, gauche + 110, 640), fill=(150, 176, 190), outline=(70, 66, 60), width=4)
    sortie = io.BytesIO()
    dessin.save(sortie, "PNG")
    return sortie.getvalue()
