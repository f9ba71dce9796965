"""`arpent contrat votes` and `seance`: the twins of the panel of the votes and of the papers it offers."""

from __future__ import annotations

import argparse
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..commande import Refus
from .reperage import avenant_de, demarche_de
from .sortie import en_json, ligne

if TYPE_CHECKING:
    from arpent.plateforme.contrats.lecture_votes import VotePartie
    from arpent.plateforme.contrats.models import Avenant, Contrat
    from arpent.plateforme.demarches.models import Demarche


def declarer_seance(actions: Any) -> None:
    seance: argparse.ArgumentParser = actions.add_parser(
        "seance", help="écrit les documents de la séance qui vote le contrat, ou un avenant"
    )
    seance.add_argument("--territoire", required=True, metavar="CODE", help="identifiant ou SIREN")
    seance.add_argument(
        "--partie",
        metavar="N",
        help="rang de la partie sur la page du contrat, ou son SIREN ; sans lui, toutes",
    )
    seance.add_argument("--avenant", type=int, metavar="N", help="la séance qui vote l’avenant de ce numéro")
    seance.add_argument("--dossier", type=Path, required=True, metavar="DOSSIER", help="créé s’il manque")
    seance.add_argument("--json", action="store_true", help="sortie JSON")
    seance.set_defaults(agir=seance_du_contrat)


def _contrat(demarche: Demarche) -> Contrat:
    from arpent.plateforme.contrats.assemblage import trouver_contrat

    contrat = trouver_contrat(demarche)
    if contrat is None:
        raise Refus("le contrat de ce territoire n’est pas encore préparé : préparez-le sur sa page.")
    return contrat


def _voulues(contrat: Contrat, avenant: Avenant | None, partie: str | None) -> list[tuple[int, VotePartie]]:
    """The parties that deliberate, with their rank on the page: all, or the one asked for."""
    from arpent.plateforme.contrats.lecture_votes import lire_votes
    from arpent.plateforme.plans.assemblees import delibere

    if avenant is None:
        parties = contrat.parties.d_origine().select_related("contrat").order_by("ordre", "pk")
    else:
        parties = avenant.concernees.select_related("contrat").order_by("ordre", "pk")
    lus = list(enumerate(lire_votes(parties, date.today(), avenant=avenant), 1))
    if partie is not None:
        lus = [(n, lu) for n, lu in lus if partie in (str(n), lu.partie.organisation.siren)]
        if not lus:
            quoi, ou = ("l’avenant", "sa page") if avenant else ("le contrat", "arpent contrat votes")
            raise Refus(
                f"{quoi} n’a pas de partie « {partie} » : donnez son rang ou son SIREN ({ou} les liste)."
            )
    deliberent = [(n, lu) for n, lu in lus if delibere(lu.partie.organisation)]
    if not deliberent:
        raise Refus("cette partie signe sans délibération : elle n’a pas de séance à préparer.")
    return deliberent


def seance_du_contrat(options: argparse.Namespace) -> int:
    """The papers of one party in the folder; of every party, one folder each inside it."""
    from django.utils.text import slugify

    from arpent.plateforme.contrats.avenants.seances import ecrire_seance_avenant
    from arpent.plateforme.contrats.exigences import ContratRefuse
    from arpent.plateforme.contrats.seances import ecrire_seance
    from arpent.plateforme.documents.rendu.pdf import RenduImpossible

    demarche = demarche_de(options.territoire)
    ecrits: list[str] = []
    try:
        contrat = _contrat(demarche)
        contrat.demarche = demarche
        avenant = avenant_de(contrat, options.avenant)
        if avenant is not None:
            avenant.contrat = contrat
        for rang, lu in _voulues(contrat, avenant, options.partie):
            dossier = options.dossier
            if options.partie is None:
                dossier /= f"{rang:02d}-{slugify(lu.partie.organisation.nom)[:60] or 'partie'}"
            dossier.mkdir(parents=True, exist_ok=True)
            if avenant is None:
                chemins = ecrire_seance(lu, demarche, date.today(), dossier)
            else:
                chemins = ecrire_seance_avenant(lu, avenant, date.today(), dossier)
            ecrits += [str(f) for f in chemins]
    except (ContratRefuse, RenduImpossible) as refus:
        raise Refus(str(refus)) from None
    except OSError:
        raise Refus(
            f"impossible d’écrire dans {options.dossier}. Choisissez un dossier où vous pouvez écrire."
        ) from None
    if options.json:
        en_json(ecrits)
    else:
        for fichier in ecrits:
            ligne(fichier)
    return 0


def votes(options: argparse.Namespace) -> int:
    """One object per party with `--json`, else one line each."""
    from arpent.plateforme.contrats.sorties import votes_json

    lus = votes_json(_contrat(demarche_de(options.territoire)), date.today())
    if options.json:
        en_json(lus)
        return 0
    for vote in lus:
        suite = f" ; {vote['a_faire'].lower()}" if vote["a_faire"] else ""
        repris = vote["etat"] == "repris" and vote["numero"]
        acte = f", délibération n° {vote['numero']} du {vote['adoptee_le']}" if repris else ""
        ligne(f"{vote['partie']:<45} {vote['libelle'].lower()}{acte}{suite}")
        for remarque in vote["remarques"]:
            ligne(f"    {'bloque' if remarque['bloquant'] else 'à vérifier'} : {remarque['texte']}")
        for changement in vote["changements"]:
            ligne(f"    a changé : {changement}")
    return 0
