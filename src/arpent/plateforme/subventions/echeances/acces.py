"""The door of the pages that show the deadlines of every territory."""

from __future__ import annotations

from arpent.plateforme.negociations.acces import page_du_dispositif

LIRE_TOUT, DECIDER = "credits.lire_autorite", "dossier.decider"
RAISON = (
    "Cette page montre les dossiers de tous les territoires : elle est ouverte à l’autorité qui attribue les "
    "aides. Les vôtres sont dans la réalisation de votre contrat."
)
page_echeances = page_du_dispositif(LIRE_TOUT, RAISON)
page_caducites = page_du_dispositif(
    DECIDER, "Prononcer une caducité revient à l’autorité.", "GET", "HEAD", "POST"
)
