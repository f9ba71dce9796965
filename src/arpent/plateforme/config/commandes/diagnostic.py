"""The diagnostic in a terminal: figures, JSON, documents of one territory or of a whole département."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..commande import Refus
from .reperage import demarche_de
from .sortie import en_json, ligne

if TYPE_CHECKING:
    from arpent.plateforme.demarches.models import Demarche

FORMATS = ("pdf", "docx", "pptx")
LARGEUR_BARRE = 30


def declarer(sous: Any) -> None:
    diagnostic = sous.add_parser(
        "diagnostic", help="diagnostic d’un territoire, portraits en PDF, Word, diapositives"
    )
    diagnostic.add_argument("code", metavar="CODE", nargs="?", help="identifiant ou SIREN")
    diagnostic.add_argument("--json", action="store_true", help="sortie JSON")
    for nom in FORMATS:
        diagnostic.add_argument(f"--{nom}", type=Path, metavar="F", help=f"écrit le portrait dans F ({nom})")
    diagnostic.add_argument("--departement", metavar="NN", help="tous les territoires d’un département")
    diagnostic.add_argument(
        "--sortie", type=Path, metavar="DOSSIER", help="avec --departement ; créé s’il manque"
    )
    diagnostic.add_argument(
        "--formats", default="pdf", metavar="LISTE", help="avec --departement : pdf,docx,pptx"
    )
    diagnostic.set_defaults(agir=diagnostiquer)


def diagnostiquer(options: argparse.Namespace) -> int:
    if options.departement:
        return _departement(options)
    if not options.code:
        raise Refus("dites quel territoire : arpent diagnostic CODE, ou arpent diagnostic --departement 48.")
    if options.sortie:
        raise Refus("--sortie accompagne --departement ; pour un territoire, donnez --pdf, --docx ou --pptx.")
    demarche = demarche_de(options.code)
    voulus = {nom: chemin for nom in FORMATS if (chemin := getattr(options, nom)) is not None}
    if not voulus:
        return _chiffres(demarche, options.json)
    ecrits = _ecrire(demarche, voulus)
    if options.json:
        en_json({"territoire": demarche.slug, "fichiers": ecrits})
    else:
        for chemin in ecrits:
            ligne(chemin)
    return 0


def _chiffres(demarche: Demarche, json: bool) -> int:
    from arpent.plateforme.diagnostics.sorties import diagnostic_json
    from arpent.plateforme.observatoire.magasin import ObservatoireVide

    try:
        resultat = diagnostic_json(demarche)
    except (ObservatoireVide, ValueError) as refus:
        raise Refus(str(refus)) from None
    if json:
        en_json(resultat)
        return 0
    ligne(resultat["titre"])
    for famille in resultat["familles"]:
        ligne(f"\n{famille['libelle']}")
        for x in famille["indicateurs"]:
            ligne(f"  {x['libelle']} : {x['affichage']} ({x['source']}, {x['millesime']})")
    return 0


def _ecrire(demarche: Demarche, voulus: dict[str, Path]) -> list[str]:
    """Renders everything first, so that a refusal leaves no half-written set."""
    from datetime import date

    from arpent.plateforme.diagnostics.editions.actions import EditionRefusee, preparer

    try:
        edition = preparer(demarche, voulus, date.today())
    except EditionRefusee as refus:
        raise Refus(str(refus)) from None
    for nom, chemin in voulus.items():
        try:
            chemin.write_bytes(edition.fichiers[nom])
        except OSError:
            raise Refus(
                f"impossible d’écrire {chemin}. Choisissez un fichier dans un dossier existant où vous "
                "pouvez écrire."
            ) from None
    return [str(chemin) for chemin in voulus.values()]


def _departement(options: argparse.Namespace) -> int:
    formats = list(dict.fromkeys(x.strip().lower() for x in options.formats.split(",") if x.strip()))
    if options.code or any(getattr(options, nom) for nom in FORMATS):
        raise Refus(
            "--departement ne s’emploie ni avec un CODE ni avec --pdf, --docx, --pptx : voyez --formats."
        )
    if not formats or set(formats) - set(FORMATS):
        raise Refus(f"formats « {options.formats} » inconnus. Choisissez parmi : {', '.join(FORMATS)}.")
    if options.sortie is None:
        raise Refus("dites où écrire les portraits : --sortie DOSSIER.")
    demarches = _demarches_du(options.departement)
    if not demarches:
        raise Refus(
            f"aucune démarche n’est ouverte dans le département « {options.departement} ». "
            "La liste des territoires : arpent territoires lister"
        )
    try:
        options.sortie.mkdir(parents=True, exist_ok=True)
    except OSError:
        raise Refus(f"impossible de créer {options.sortie}. Choisissez un autre dossier.") from None
    fichiers: list[str] = []
    echecs: list[tuple[str, str]] = []
    for rang, demarche in enumerate(demarches, 1):
        try:
            noms = {f: options.sortie / f"portrait-{demarche.slug}.{f}" for f in formats}
            fichiers += _ecrire(demarche, noms)
            suite = "fait"
        except Refus as refus:
            echecs.append((demarche.slug, str(refus)))
            suite = "non produit"
        _avancer(rang, len(demarches), f"{demarche.territoire.nom} : {suite}")
    _finir(fichiers, echecs, options.json)
    return 1 if echecs else 0


def _finir(fichiers: list[str], echecs: list[tuple[str, str]], json: bool) -> None:
    if sys.stderr.isatty():
        sys.stderr.write("\n")
    if json:
        en_json({"fichiers": fichiers, "echecs": [{"territoire": t, "motif": m} for t, m in echecs]})
    else:
        for chemin in fichiers:
            ligne(chemin)
    for territoire, motif in echecs:
        print(f"arpent : {territoire} : {motif}", file=sys.stderr)


def _demarches_du(departement: str) -> list[Demarche]:
    """The latest démarche of each territory that has an EPCI of the département today."""
    from arpent.plateforme.demarches.models import Demarche
    from arpent.plateforme.diagnostics.lecture import epci_du_departement

    trouvees = (
        Demarche.objects.avec_contexte()
        .filter(
            territoire__compositions__groupement_id__in=epci_du_departement(departement),
            territoire__compositions__fin__isnull=True,
        )
        .distinct()
        .order_by("slug", "-ouverte_le")
    )
    par_territoire: dict[int, Demarche] = {}
    for demarche in _recentes(trouvees):
        par_territoire.setdefault(demarche.territoire_id, demarche)
    return sorted(par_territoire.values(), key=lambda d: d.slug)


def _recentes(demarches: Iterable[Demarche]) -> list[Demarche]:
    return sorted(demarches, key=lambda d: d.ouverte_le, reverse=True)


def _avancer(fait: int, total: int, quoi: str) -> None:
    """A bar in a terminal, one line per territory in a log."""
    if not sys.stderr.isatty():
        print(f"{fait}/{total} {quoi}", file=sys.stderr, flush=True)
        return
    plein = LARGEUR_BARRE * fait // total
    barre = "█" * plein + "·" * (LARGEUR_BARRE - plein)
    sys.stderr.write(f"\r\033[K[{barre}] {fait}/{total} {quoi}"[:150])
    sys.stderr.flush()
