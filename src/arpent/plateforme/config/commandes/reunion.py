"""`arpent reunion`: the twins of the pages of the meetings, for a script or a mail merge."""

from __future__ import annotations

import argparse
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..commande import Refus
from .reperage import demarche_de, jour_de
from .sortie import en_json, ligne

if TYPE_CHECKING:
    from arpent.plateforme.demarches.reunions.models import Reunion


def declarer(sous: Any) -> None:
    reunion = sous.add_parser(
        "reunion", help="réunions : liste, convocation, feuille de présence, compte rendu"
    )
    actions = reunion.add_subparsers(dest="action", metavar="ACTION", required=True)
    lister = actions.add_parser("lister", help="les réunions d’un territoire, ou de tous")
    lister.add_argument("--territoire", metavar="CODE", help="identifiant ou SIREN ; sans lui, toutes")
    lister.add_argument("--depuis", type=jour_de, metavar="AAAA-MM-JJ", help="à partir de ce jour")
    lister.add_argument("--json", action="store_true", help="sortie JSON")
    lister.set_defaults(agir=lister_les_reunions)
    composer = actions.add_parser("composition", help="qui est convié, et qui manque à l’annuaire")
    composer.add_argument(
        "numero", type=int, metavar="NUMERO", help="numéro de la réunion (arpent reunion lister)"
    )
    composer.add_argument("--json", action="store_true", help="sortie JSON")
    composer.set_defaults(agir=composition)
    convoquer = actions.add_parser("convoquer", help="arrête la composition et met les convocations en file")
    convoquer.add_argument("numero", type=int, metavar="NUMERO", help="numéro de la réunion")
    convoquer.add_argument("--json", action="store_true", help="sortie JSON")
    convoquer.set_defaults(agir=convoquer_la_reunion)
    for nom, aide, agir in (
        ("lettres", "une lettre de convocation par personne (zip)", lettres),
        ("feuille", "la feuille de présence à imprimer (PDF)", feuille),
        ("compte-rendu", "le compte rendu, validé ou en projet (PDF ou DOCX)", compte_rendu),
    ):
        papier = actions.add_parser(nom, help=aide)
        papier.add_argument("numero", type=int, metavar="NUMERO", help="numéro de la réunion")
        papier.add_argument("--sortie", type=Path, required=True, metavar="FICHIER", help="fichier à écrire")
        papier.add_argument("--json", action="store_true", help="sortie JSON")
        papier.set_defaults(agir=agir)


def _reunion(numero: int) -> Reunion:
    from arpent.plateforme.demarches.reunions.models import Reunion

    trouvee = (
        Reunion.objects.select_related(
            "demarche__territoire", "demarche__version_processus__processus__autorite", "etape"
        )
        .defer("demarche__version_processus__definition")
        .filter(pk=numero)
        .first()
    )
    if trouvee is None:
        raise Refus(f"aucune réunion n’a le numéro {numero}. La liste : arpent reunion lister")
    return trouvee


def _dite(reunion: Reunion) -> dict[str, Any]:
    return {
        "numero": reunion.pk,
        "territoire": reunion.demarche.slug,
        "titre": reunion.titre,
        "genre": reunion.genre,
        "etat": reunion.etat,
        "jour": reunion.jour.isoformat(),
        "heure": reunion.heure.isoformat("minutes") if reunion.heure else None,
        "lieu": reunion.lieu,
        "avis": reunion.sequence + 1 if reunion.convoquee_le else 0,
    }


def lister_les_reunions(options: argparse.Namespace) -> int:
    """By day. One query, two with a territory."""
    from arpent.plateforme.demarches.reunions.models import Reunion

    rows = Reunion.objects.select_related("demarche").order_by("jour", "heure", "pk")
    if options.territoire:
        rows = rows.de(demarche_de(options.territoire))
    if options.depuis:
        rows = rows.filter(jour__gte=options.depuis)
    if options.json:
        en_json([_dite(r) for r in rows])
        return 0
    for r in rows:
        ligne(f"{r.pk:>6}  {r.jour:%d/%m/%Y}  {r.get_etat_display():<22} {r.titre}")
    if not rows:
        ligne("Aucune réunion.")
    return 0


def composition(options: argparse.Namespace) -> int:
    """1 when somebody could not be found in the directory."""
    from arpent.plateforme.demarches.reunions.actions import composition_de
    from arpent.plateforme.demarches.reunions.lecture import membres_de

    reunion = _reunion(options.numero)
    membres, manques = membres_de(reunion), composition_de(reunion).manques
    if options.json:
        gens = [
            {"nom": m.nom, "qualite": m.qualite, "groupe": m.groupe, "courriel": m.courriel} for m in membres
        ]
        en_json({"reunion": _dite(reunion), "membres": gens, "manques": list(manques)})
    else:
        for m in membres:
            ligne(f"{m.nom} : {m.qualite}")
        for manque in manques:
            ligne(f"À compléter : {manque}")
    return 1 if manques else 0


def convoquer_la_reunion(options: argparse.Namespace) -> int:
    from arpent.metier.cycles.cycle import TransitionRefusee
    from arpent.plateforme.demarches.reunions.actions import ReunionRefusee
    from arpent.plateforme.demarches.reunions.gestes import convoquer
    from arpent.plateforme.demarches.reunions.lecture import membres_de
    from arpent.plateforme.documents.rendu.pdf import RenduImpossible

    try:
        reunion = convoquer(_reunion(options.numero), le=date.today(), par=None)
    except (ReunionRefusee, TransitionRefusee, RenduImpossible) as refus:
        raise Refus(str(refus)) from None
    membres = membres_de(reunion)
    adressees = sum(1 for m in membres if m.courriel)
    if options.json:
        en_json(_dite(reunion) | {"convies": len(membres), "courriels": adressees})
    else:
        ligne(f"{len(membres)} personnes convoquées, {adressees} par courriel.")
    return 0


def _ecrire(options: argparse.Namespace, contenu: bytes) -> int:
    try:
        options.sortie.write_bytes(contenu)
    except OSError as erreur:
        raise Refus(f"{options.sortie} ne peut pas être écrit ({erreur.strerror}).") from None
    if options.json:
        en_json({"fichier": str(options.sortie), "octets": len(contenu)})
    else:
        ligne(f"{options.sortie} : {len(contenu)} octets")
    return 0


def lettres(options: argparse.Namespace) -> int:
    from arpent.plateforme.demarches.reunions.papiers import lettres_zip
    from arpent.plateforme.documents.rendu.pdf import RenduImpossible

    reunion = _reunion(options.numero)
    try:
        return _ecrire(options, lettres_zip(reunion, date.today(), reunion.cree_par_nom))
    except RenduImpossible as refus:
        raise Refus(str(refus)) from None


def feuille(options: argparse.Namespace) -> int:
    from arpent.plateforme.demarches.reunions.papiers import feuille_doc
    from arpent.plateforme.documents.rendu.pdf import RenduImpossible
    from arpent.plateforme.documents.rendu.pdf_reunion import rendre_feuille_presence_pdf

    try:
        doc = feuille_doc(_reunion(options.numero), date.today())
        return _ecrire(options, rendre_feuille_presence_pdf(doc))
    except RenduImpossible as refus:
        raise Refus(str(refus)) from None


def compte_rendu(options: argparse.Namespace) -> int:
    """The issued file when the minutes are validated, else the draft of today."""
    from arpent.plateforme.demarches.reunions import gestes
    from arpent.plateforme.demarches.reunions.papiers import compte_rendu_doc
    from arpent.plateforme.documents.gabarits_autorite import gabarit_word
    from arpent.plateforme.documents.rendu.pdf import RenduImpossible
    from arpent.plateforme.documents.rendu.pdf_reunion import rendre_compte_rendu_pdf

    format = options.sortie.suffix.lstrip(".")
    if format not in {"pdf", "docx"}:
        raise Refus("le fichier à écrire finit par .pdf ou .docx.")
    reunion = _reunion(options.numero)
    emis = gestes.documents_de(reunion, gestes.COMPTE_RENDU) if reunion.est_validee else []
    for document in emis:
        if document.format == format:
            try:
                with document.fichier.open("rb") as flux:
                    return _ecrire(options, bytes(flux.read()))
            except FileNotFoundError:
                raise Refus("le compte rendu validé n’est plus dans le dossier des fichiers.") from None
    try:
        doc = compte_rendu_doc(reunion, date.today())
        if format == "pdf":
            return _ecrire(options, rendre_compte_rendu_pdf(doc))
        return _ecrire(options, gabarit_word(reunion.demarche.autorite.pk, "compte_rendu").rendre(doc))
    except RenduImpossible as refus:
        raise Refus(str(refus)) from None
