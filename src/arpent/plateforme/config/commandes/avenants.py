"""`arpent contrat consolider` and `comparer`: the twins of the pages of the consolidated contract."""

from __future__ import annotations

import argparse
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

from arpent.metier.argent import formater_euros

from ..commande import Refus
from .reperage import demarche_de, jour_de
from .sortie import en_json, ligne

if TYPE_CHECKING:
    from arpent.plateforme.contrats.avenants.reperes import Lecture


def declarer_consolider(commande: argparse.ArgumentParser) -> None:
    commande.add_argument(
        "--le", type=jour_de, default=None, metavar="AAAA-MM-JJ", help="aujourd’hui si absent"
    )
    commande.add_argument("--pdf", type=Path, default=None, metavar="FICHIER", help="écrit aussi le PDF")


def declarer_comparer(commande: argparse.ArgumentParser) -> None:
    aide = "une date (AAAA-MM-JJ), « base » ou un acte (« avenant-1 »)"
    commande.add_argument("de", metavar="A", help=aide)
    commande.add_argument("a", metavar="B", help=aide)


def _lire(options: argparse.Namespace) -> Lecture:
    from arpent.plateforme.contrats.assemblage import trouver_contrat
    from arpent.plateforme.contrats.avenants.lecture import AvenantRefuse, actes_en_vigueur, base_de
    from arpent.plateforme.contrats.avenants.reperes import Lecture

    demarche = demarche_de(options.territoire)
    contrat = trouver_contrat(demarche)
    if contrat is None:
        raise Refus("le contrat de ce territoire n’est pas encore préparé : préparez-le sur sa page.")
    contrat.demarche = demarche
    try:
        return Lecture(contrat, base_de(contrat), tuple(actes_en_vigueur(contrat)))
    except AvenantRefuse as refus:
        raise Refus(str(refus)) from None


def consolider(options: argparse.Namespace) -> int:
    """The contract on a day, and its PDF when one is asked for; nothing is written in the database."""
    from arpent.plateforme.contrats.avenants.sorties import consolide_json

    lecture, le = _lire(options), options.le or date.today()
    if options.pdf is not None:
        _ecrire(lecture, le, options.pdf)
    rendu = consolide_json(lecture, le)
    if options.json:
        en_json(rendu)
        return 0
    ligne(f"{rendu['nombre']} projets, {_euros(rendu['total_aides'])} d’aides au {le:%d/%m/%Y}")
    for projet in rendu["projets"]:
        ligne(f"{_projet(projet)} {_euros(projet['aide']):>16}  {projet['origine']}")
        for c in projet["changements"]:
            ligne(f"        {c['acte']} : {c['champ']} {c['ancien']} → {c['nouveau']}")
    for projet in rendu["sortis"]:
        ligne(f"{_projet(projet)} {'sorti':>16}  {projet['sortie']}")
    return 0


def _ecrire(lecture: Lecture, le: date, fichier: Path) -> None:
    from arpent.plateforme.contrats.avenants.documents import consolide_doc
    from arpent.plateforme.documents.rendu.pdf import RenduImpossible
    from arpent.plateforme.documents.rendu.pdf_avenant import rendre_consolide_pdf

    doc = consolide_doc(lecture.contrat, lecture.au(le), au=le, etabli_le=date.today())
    try:
        fichier.write_bytes(rendre_consolide_pdf(doc))
    except RenduImpossible as refus:
        raise Refus(str(refus)) from None
    except OSError:
        raise Refus(f"impossible d’écrire {fichier}. Choisissez un fichier où vous pouvez écrire.") from None


def comparer(options: argparse.Namespace) -> int:
    """Two states of the contract: in, out, changed, totals; nothing is written in the database."""
    from arpent.metier.avenants import comparer as comparer_etats
    from arpent.plateforme.contrats.avenants.reperes import RepereInconnu, lire_repere
    from arpent.plateforme.contrats.avenants.sorties import comparaison_json

    lecture = _lire(options)
    try:
        avant, apres = lire_repere(lecture, options.de), lire_repere(lecture, options.a)
    except RepereInconnu as refus:
        raise Refus(str(refus)) from None
    rendu = comparaison_json(comparer_etats(avant.etat, apres.etat), options.de, options.a)
    if options.json:
        en_json(rendu)
        return 0
    total = rendu["total"]
    ligne(
        f"{total['nombre_avant']} → {total['nombre_apres']} projets, {_euros(total['aide_avant'])} → "
        f"{_euros(total['aide_apres'])}"
    )
    for mot, cle in (("entre", "entres"), ("sort", "sortis")):
        for projet in rendu[cle]:
            ligne(f"  {mot:<6} {_projet(projet)} {_euros(projet['aide']):>16}")
    for projet in rendu["changes"]:
        dits = ", ".join(f"{nom} {a} → {b}" for nom, (a, b) in projet["champs"].items())
        ligne(f"  change {projet['numero']:>4}  {projet['titre'][:60]} : {dits}")
    return 0


def _projet(projet: dict[str, Any]) -> str:
    return f"{projet['numero']:>4}  {projet['titre'][:60]:<60}"


def _euros(montant: Any) -> str:
    return formater_euros(None if montant is None else Decimal(montant))
