"""`arpent subvention`: the acts of award of a territory, drawn or issued for good, as its page gives them."""

from __future__ import annotations

import argparse
import json
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..commande import Refus
from .reperage import demarche_de
from .sortie import en_json, ligne

if TYPE_CHECKING:
    from arpent.plateforme.demarches.models import Demarche
    from arpent.plateforme.documents.models import DocumentEmis
    from arpent.plateforme.subventions.completions import Completions
    from arpent.plateforme.subventions.emissions import ActeEmis

GENRES = ("lettre", "arrete", "convention")
FORME_ATTENDUE = (
    'écrivez un objet JSON, {"communs": {"lieu": "Mende"}, "projets": {"7": {"adresse du bénéficiaire": '
    '"…"}}} ; les noms des blancs sont ceux que le refus d’émettre énumère.'
)


def declarer_subvention(sous: Any) -> None:
    subvention = sous.add_parser("subvention", help="actes d’attribution des aides d’un contrat")
    actions = subvention.add_subparsers(dest="action", metavar="ACTION", required=True)
    actes: argparse.ArgumentParser = actions.add_parser(
        "actes", help="écrit les lettres, arrêtés et conventions des projets du contrat en vigueur"
    )
    actes.add_argument("--territoire", required=True, metavar="CODE", help="identifiant ou SIREN")
    actes.add_argument("--dossier", type=Path, required=True, metavar="DOSSIER", help="créé s’il manque")
    actes.add_argument("--genre", choices=GENRES, help="un seul genre d’acte ; sans lui, les trois")
    actes.add_argument(
        "--emettre", action="store_true", help="les émet : gardés pour toujours, avec version et empreinte"
    )
    actes.add_argument("--projet", metavar="N", help="avec --emettre : ce seul projet, par son numéro")
    actes.add_argument(
        "--completer", type=Path, metavar="FICHIER",
        help='avec --emettre : JSON de ce que disent les blancs, {"communs": {…}, "projets": {"7": {…}}}',
    )  # fmt: skip
    actes.add_argument(
        "--laisser-en-blanc", action="store_true", help="avec --emettre : les blancs se rempliront à la main"
    )
    actes.add_argument("--json", action="store_true", help="sortie JSON")
    actes.set_defaults(agir=ecrire_actes)
    emis: argparse.ArgumentParser = actions.add_parser(
        "emis", help="les actes déjà émis, version par version"
    )
    emis.add_argument("--territoire", required=True, metavar="CODE", help="identifiant ou SIREN")
    emis.add_argument("--json", action="store_true", help="sortie JSON")
    emis.set_defaults(agir=lister_emis)


def ecrire_actes(options: argparse.Namespace) -> int:
    """Word and PDF of each act, one at a time; with `--json` the slip of each: template, SHA-256, blanks."""
    from arpent.plateforme.contrats.exigences import ContratRefuse
    from arpent.plateforme.documents.rendu.pdf import RenduImpossible
    from arpent.plateforme.subventions.actes import tous_les_actes
    from arpent.plateforme.subventions.attribution import contrat_en_vigueur, lire_cadre, lire_octrois

    if options.emettre:
        return _emettre(options)
    if options.projet or options.completer or options.laisser_en_blanc:
        raise Refus("--projet, --completer et --laisser-en-blanc vont avec --emettre : ajoutez-le.")
    le, genres = date.today(), [options.genre] if options.genre else list(GENRES)
    bordereau: list[dict[str, Any]] = []
    try:
        contrat = contrat_en_vigueur(demarche_de(options.territoire))
        octrois = lire_octrois(contrat, le)
        options.dossier.mkdir(parents=True, exist_ok=True)
        for nom, contenu, dit in tous_les_actes(lire_cadre(contrat, le), octrois, genres, le):
            chemin = options.dossier / nom
            chemin.write_bytes(contenu)
            bordereau.append({**dit, "fichier": str(chemin)})
    except (ContratRefuse, RenduImpossible) as refus:
        raise Refus(str(refus)) from None
    except OSError:
        raise Refus(_impossible(options.dossier)) from None
    if options.json:
        en_json([{cle: v for cle, v in dit.items() if cle != "donnees"} for dit in bordereau])
    else:
        for dit in bordereau:
            ligne(dit["fichier"])
    return 0


def _impossible(dossier: Path) -> str:
    return f"impossible d’écrire dans {dossier}. Choisissez un dossier où vous pouvez écrire."


def _emettre(options: argparse.Namespace) -> int:
    """Issues, then writes the files as they were issued. 1 when nothing at all could be issued."""
    from arpent.plateforme.contrats.exigences import ContratRefuse
    from arpent.plateforme.documents.rendu.pdf import RenduImpossible
    from arpent.plateforme.subventions.emissions import emettre_actes

    demarche = demarche_de(options.territoire)
    try:
        options.dossier.mkdir(parents=True, exist_ok=True)
    except OSError:
        raise Refus(_impossible(options.dossier)) from None
    try:
        faite = emettre_actes(
            demarche,
            genres=[options.genre] if options.genre else GENRES,
            projets=None if options.projet is None else [_fiche(demarche, options.projet)],
            le=date.today(),
            par=None,
            completions=_completions(demarche, options.completer) if options.completer else None,
            blancs_permis=options.laisser_en_blanc,
        )
    except (ContratRefuse, RenduImpossible) as refus:
        raise Refus(str(refus)) from None
    try:
        chemins = {f.pk: _ecrire(f, options.dossier) for a in faite.emis for f in a.fichiers}
    except OSError:
        raise Refus(
            f"{_impossible(options.dossier)} Les actes sont émis : retrouvez-les sur la page."
        ) from None
    if options.json:
        en_json({"emis": [_dit(a, chemins) for a in faite.emis], "refus": faite.refus})
    else:
        for acte in faite.emis:
            _dire(acte)
        for raison in faite.refus:
            ligne(f"Non émis. {raison}")
    return 0 if faite.emis else 1


def _completions(demarche: Demarche, chemin: Path) -> Completions:
    """What a JSON file says of the blanks; a project is named by its number."""
    from arpent.plateforme.subventions.completions import Completions

    try:
        lu = json.loads(chemin.read_text(encoding="utf-8"))
        communs, projets = lu.pop("communs", {}), lu.pop("projets", {})
        textes = [*communs.values(), *(v for p in projets.values() for v in p.values())]
    except OSError:
        raise Refus(f"impossible de lire {chemin}.") from None
    except (ValueError, AttributeError, TypeError):
        raise Refus(f"{chemin} : {FORME_ATTENDUE}") from None
    if lu or not all(isinstance(x, str) for x in textes):
        raise Refus(f"{chemin} : {FORME_ATTENDUE}")
    return Completions(communs, {_fiche(demarche, str(n)): valeurs for n, valeurs in projets.items()})


def _fiche(demarche: Demarche, numero: str) -> int:
    from arpent.plateforme.plans.models import Fiche

    pk = (
        Fiche.objects.filter(demarche=demarche, numero=int(numero)).values_list("pk", flat=True).first()
        if numero.isdecimal()
        else None
    )
    if pk is None:
        raise Refus(f"aucun projet n° {numero} dans ce territoire.")
    return pk


def _ecrire(document: DocumentEmis, dossier: Path) -> str:
    nom = str(document.fichier.name).rpartition("/")[2]
    with document.fichier.open("rb") as flux:
        (dossier / nom).write_bytes(flux.read())
    return str(dossier / nom)


def _dit(acte: ActeEmis, chemins: dict[int, str]) -> dict[str, Any]:
    return {
        "acte": acte.code,
        "projet": acte.projet,
        "version": acte.version,
        "aide": str(acte.aide),
        "emis_le": acte.emis_le.isoformat(),
        "par": acte.par,
        "fichiers": [
            {
                "numero": f.pk,
                "format": f.format,
                "gabarit": f.gabarit,
                "sha256": f.sha256,
                **({"fichier": chemins[f.pk]} if f.pk in chemins else {}),
            }
            for f in acte.fichiers
        ],
    }


def _dire(acte: ActeEmis) -> None:
    ligne(f"{acte.nom} du projet {acte.projet}, version {acte.version}, {acte.emis_le:%d/%m/%Y}")
    for f in acte.fichiers:
        ligne(f"    n° {f.pk} ({f.format}) : {f.sha256}")


def lister_emis(options: argparse.Namespace) -> int:
    """Every issue, project by project, the latest first."""
    from arpent.plateforme.subventions.emissions import actes_emis

    actes = [a for lus in actes_emis(demarche_de(options.territoire)).values() for a in lus]
    if options.json:
        en_json([_dit(a, {}) for a in actes])
        return 0
    for acte in actes:
        _dire(acte)
    if not actes:
        ligne("Aucun acte d’attribution n’est émis.")
    return 0
