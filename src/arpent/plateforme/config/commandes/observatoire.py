"""The official files: loading them, saying what is loaded."""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from . import masse
from .sortie import en_json, ligne

if TYPE_CHECKING:
    from arpent.plateforme.observatoire.chargeurs.charger import Resultat

LARGEUR = 30


def declarer(sous: Any) -> None:
    observatoire = sous.add_parser("observatoire", help="fichiers officiels : charger, reconnaître, état")
    actions = observatoire.add_subparsers(dest="action", metavar="ACTION", required=True)
    charger = actions.add_parser("charger", help="charge des fichiers officiels tels que publiés")
    charger.add_argument(
        "fichiers", nargs="+", metavar="FICHIER", help="fichiers (csv, zip, xlsx…) ou dossiers"
    )
    charger.add_argument("--sans-reconstruire", action="store_true", help="ne recalcule pas les indicateurs")
    charger.set_defaults(agir=charger_fichiers)
    etat = actions.add_parser("etat", help="ce qui est chargé : millésime, couverture, licence, empreinte")
    etat.set_defaults(agir=dire_l_etat)
    reconnaitre = actions.add_parser("reconnaitre", help="dit ce qu’est un fichier, sans le charger")
    reconnaitre.add_argument("fichiers", nargs="*", metavar="FICHIER")
    reconnaitre.add_argument("--liste", action="store_true", help="liste les fichiers connus")
    reconnaitre.set_defaults(agir=reconnaitre_fichiers)
    masse.declarer(actions)
    for analyseur in (charger, etat, reconnaitre):
        analyseur.add_argument("--json", action="store_true", help="sortie JSON")


class Barre:
    """Progress on standard error: a bar on a terminal, else one line per tenth of the rows."""

    def __init__(self, nom: str) -> None:
        self.nom = nom
        self.terminal = sys.stderr.isatty()
        self.dit: tuple[str, int] | None = None

    def __call__(self, quoi: str, faites: int, total: int) -> None:
        dixieme = 10 * faites // total if total else faites // 50_000
        if self.terminal:
            self._dessiner(quoi, faites, total)
        elif faites and self.dit != (quoi, dixieme):
            self.dit = (quoi, dixieme)
            print(f"  {self.nom} : {quoi}{_avancement(faites, total)}", file=sys.stderr, flush=True)

    def _dessiner(self, quoi: str, faites: int, total: int) -> None:
        pleins = LARGEUR * faites // total if total else 0
        barre = f"[{'█' * pleins}{'·' * (LARGEUR - pleins)}] " if total else ""
        texte = f"  {self.nom[:40]} {barre}{quoi}{_avancement(faites, total)}"
        print(f"\r\033[2K{texte[:110]}", end="", file=sys.stderr, flush=True)

    def finir(self) -> None:
        if self.terminal:
            print("\r\033[2K", end="", file=sys.stderr, flush=True)


def _avancement(faites: int, total: int) -> str:
    if total:
        return f", {100 * faites // total} % ({_milliers(faites)} lignes sur {_milliers(total)})"
    return f", {_milliers(faites)} lignes" if faites else ""


def charger_fichiers(options: argparse.Namespace) -> int:
    from django.conf import settings

    from arpent.plateforme.observatoire.chargeurs.base import FichierRefuse
    from arpent.plateforme.observatoire.chargeurs.charger import charger

    sortie: list[dict[str, Any]] = []
    neufs: list[Resultat] = []
    refuses = 0
    for chemin, refus in _fichiers(options.fichiers):
        barre = Barre(Path(chemin).name)
        debut = time.monotonic()
        try:
            if refus:
                raise FichierRefuse(refus)
            resultat = charger(Path(chemin), Path(settings.ARPENT_DONNEES), barre)
        except FichierRefuse as erreur:
            barre.finir()
            refuses += 1
            sortie.append({"fichier": chemin, "refus": str(erreur)})
            print(f"{chemin} : refusé. {erreur}", file=sys.stderr)
            continue
        barre.finir()
        sortie.append(_resultat(chemin, resultat))
        if not resultat.deja:
            neufs.append(resultat)
        if not options.json:
            _dire(chemin, resultat, time.monotonic() - debut)
    if neufs:
        _propager(neufs, reconstruire=not options.sans_reconstruire, muet=options.json)
    if options.json:
        en_json({"fichiers": sortie, "refuses": refuses})
    return 2 if refuses else 0


def _fichiers(arguments: list[str]) -> list[tuple[str, str]]:
    """(path, why it is refused at once or ""): folders give the files they hold, addresses are refused."""
    trouves: list[tuple[str, str]] = []
    for argument in arguments:
        if "://" in argument or argument.lower().startswith("www."):
            trouves.append((argument, "Arpent ne télécharge rien : téléchargez le fichier, puis chargez-le."))
        elif Path(argument).is_dir():
            dedans = sorted(f for f in Path(argument).iterdir() if f.is_file() and not f.name.startswith("."))
            trouves += [(str(f), "") for f in dedans]
            if not dedans:
                trouves.append((argument, "Le dossier ne contient aucun fichier."))
        else:
            trouves.append((argument, ""))
    return trouves


def _resultat(chemin: str, resultat: Resultat) -> dict[str, Any]:
    return {
        "fichier": chemin,
        "sha256": resultat.sha256,
        "deja_charge": resultat.deja,
        "tables": [
            {
                "jeu": t.provenance.jeu,
                "titre": t.provenance.titre,
                "millesime": t.provenance.millesime,
                "geographie": t.provenance.geographie,
                "niveau": t.provenance.niveau,
                "lignes": t.provenance.lignes,
            }
            for t in resultat.tables
        ],
        "rapports": [r.en_json() for r in resultat.rapports],
    }


def _dire(chemin: str, resultat: Resultat, duree: float) -> None:
    if resultat.deja:
        ligne(f"{chemin} : déjà chargé, rien à faire.")
        return
    premiere = resultat.tables[0].provenance
    ligne(f"{chemin} : {premiere.titre}, {premiere.millesime}, en {_secondes(duree)} s.")
    for table in resultat.tables:
        ligne(f"    {_niveau(table.provenance.niveau)} : {_milliers(table.provenance.lignes)} lignes")
    for r in resultat.rapports:
        ligne(
            f"    lues {_milliers(r.lues)}, gardées {_milliers(r.gardees)}, rejetées {_milliers(r.rejetees)}"
        )
        for cause, nombre in r.rejets.most_common():
            ligne(f"      rejet : {cause} ({_milliers(nombre)})")
        for exemple in r.exemples[:5]:
            ligne(f"        {exemple}")
        if r.cellules_secretes:
            ligne(f"    cellules sous secret statistique : {_milliers(r.cellules_secretes)}")
        if r.codes_fusionnes:
            quelques = ", ".join(f"{a} → {b}" for a, b in sorted(r.codes_fusionnes.items())[:5])
            ligne(f"    communes fusionnées depuis : {_milliers(len(r.codes_fusionnes))} ({quelques}…)")
        if r.codes_inconnus:
            ligne(f"    codes inconnus ({len(r.codes_inconnus)}) : {', '.join(r.codes_inconnus[:5])}…")
        for avertissement in r.avertissements[:5]:
            ligne(f"    attention : {avertissement}")
        if len(r.avertissements) > 5:
            ligne(f"    … et {len(r.avertissements) - 5} autres avertissements (--json les donne tous)")


def _propager(neufs: list[Resultat], *, reconstruire: bool, muet: bool) -> None:
    """What the new tables change: dated memberships (when there is a database), then the indicators."""
    from django.conf import settings
    from django.db import connection

    from arpent.plateforme.observatoire.chargement import construire
    from arpent.plateforme.observatoire.chargeurs.effets import appliquer

    dire = (lambda _: None) if muet else ligne
    if "territoires_appartenance" in connection.introspection.table_names():
        for resultat in neufs:
            for annee, bilan in appliquer(resultat.tables).items():
                dire(
                    f"Composition des EPCI au 1er janvier {annee} : {bilan.ouvertes} appartenances ouvertes, "
                    f"{bilan.fermees} fermées, {bilan.inchangees} inchangées"
                    + (f", {len(bilan.inconnues)} communes hors de la base" if bilan.inconnues else "")
                )
    if reconstruire:
        construire(Path(settings.ARPENT_DONNEES), dire)


def dire_l_etat(options: argparse.Namespace) -> int:
    from django.conf import settings

    from arpent.plateforme.observatoire.etat import etat_du_lac

    etat = etat_du_lac(Path(settings.ARPENT_DONNEES))
    if options.json:
        en_json(etat)
        return 0
    if not etat["tables"]:
        ligne("Aucun fichier officiel n’est chargé : les indicateurs viennent des extraits livrés.")
    for t in etat["tables"]:
        ligne(f"{t['titre']} ({t['jeu']}), {t['millesime']}, {_niveau(t['niveau'])}")
        lignes, jour = _milliers(t["lignes"]), f"1er janvier {t['geographie']}"
        ligne(f"    {lignes} lignes, géographie au {jour}{_couverture(t)}")
        ligne(f"    {t['producteur']}, {t['licence']}. {t['fichier']}, chargé le {t['charge_le'][:10]}")
        ligne(f"    SHA-256 {t['sha256']}")
    manquants = etat["jeux_manquants"]
    if manquants:
        ligne(f"Fichiers connus et pas encore chargés : {len(manquants)}")
        for jeu in manquants:
            ligne(f"    {jeu['titre']} ({jeu['producteur']}) : {jeu['adresse']}")
    return 0


def _couverture(table: dict[str, Any]) -> str:
    couverture = table["couverture"]
    if couverture is None:
        return ""
    communes = f"{100 * couverture['communes']:.1f}".replace(".", ",")
    population = f"{100 * couverture['population']:.1f}".replace(".", ",")
    return f", {communes} % des communes et {population} % de la population de France"


def reconnaitre_fichiers(options: argparse.Namespace) -> int:
    from arpent.plateforme.observatoire.chargeurs.base import FichierRefuse
    from arpent.plateforme.observatoire.chargeurs.charger import reconnaitre
    from arpent.plateforme.observatoire.etat import jeux_connus

    if options.liste or not options.fichiers:
        connus = jeux_connus()
        if options.json:
            en_json(connus)
        for jeu in connus if not options.json else ():
            ligne(f"{jeu['titre']} ({jeu['producteur']}) : {jeu['adresse']}")
        return 0
    sortie: list[dict[str, Any]] = []
    refuses = 0
    for chemin, refus in _fichiers(options.fichiers):
        try:
            if refus:
                raise FichierRefuse(refus)
            tables = reconnaitre(Path(chemin))
        except FichierRefuse as erreur:
            refuses += 1
            sortie.append({"fichier": chemin, "refus": str(erreur)})
            print(f"{chemin} : refusé. {erreur}", file=sys.stderr)
            continue
        sortie += [
            {"fichier": chemin} | {c: t[c] for c in ("jeu", "titre", "millesime", "geographie")}
            for t in tables
        ]
        for t in tables if not options.json else ():
            ligne(f"{chemin} : {t['titre']}, {t['millesime']} (géographie au 1er janvier {t['geographie']})")
    if options.json:
        en_json(sortie)
    return 2 if refuses else 0


def _niveau(niveau: str) -> str:
    return niveau.replace("_", " ")


def _secondes(duree: float) -> str:
    return f"{duree:.1f}".replace(".", ",")


def _milliers(nombre: int) -> str:
    return f"{nombre:,}".replace(",", "\u202f")
