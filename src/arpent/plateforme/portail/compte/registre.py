"""The register with the durations typed in the instance: rows for the page and for the file."""

from __future__ import annotations

import csv
import io
from datetime import date

from arpent.plateforme.acteurs.comptes.conservation import PAR_CODE, regles_en_vigueur
from arpent.plateforme.acteurs.comptes.registre import REGISTRE, Traitement

ENTETES = ("Traitement", "Finalité", "Base", "Personnes", "Données", "Destinataires", "Conservation")


def lignes_du_registre(le: date) -> list[tuple[Traitement, list[str]]]:
    """Each activity with its durations in words. One query."""
    en_vigueur = regles_en_vigueur(le)
    lignes = []
    for traitement in REGISTRE:
        durees = []
        for code in traitement.objets:
            regle, objet = en_vigueur.get(code), PAR_CODE[code]
            if regle is None or regle.duree_mois is None:
                durees.append(f"{objet.libelle} : durée à fixer avec le service d’archives")
            else:
                source = f" ({regle.source})" if regle.source else ""
                durees.append(f"{objet.libelle} : {regle.duree_mois} mois à partir de {objet.depart}{source}")
        lignes.append((traitement, durees))
    return lignes


def en_csv(le: date) -> str:
    """The register as CSV (semicolons, UTF-8 with BOM)."""
    sortie = io.StringIO()
    stylo = csv.writer(sortie, delimiter=";", lineterminator="\r\n")
    stylo.writerow(ENTETES)
    for t, durees in lignes_du_registre(le):
        stylo.writerow(
            (t.nom, t.finalite, t.base, t.personnes, t.donnees, t.destinataires, " ; ".join(durees))
        )
    return "\ufeff" + sortie.getvalue()
