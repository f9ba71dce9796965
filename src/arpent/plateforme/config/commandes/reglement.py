"""`arpent reglement …` : files checked, exported, imported as drafts, compared over thousands of fiches."""

from __future__ import annotations

import argparse
import csv
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..commande import Refus
from .reperage import dispositif_de
from .sortie import en_json, ligne

if TYPE_CHECKING:
    from collections.abc import Sequence

    from arpent.metier.reglement import Reglement
    from arpent.plateforme.plans.simulation import Cas, Comparaison, Somme
    from arpent.plateforme.reglements.models import BrouillonReglement, Dispositif, VersionReglement


def declarer(sous: Any) -> None:
    reglement = sous.add_parser("reglement", help="règlements : vérifier, exporter, importer, comparer")
    actions = reglement.add_subparsers(dest="action", metavar="ACTION", required=True)

    verifier = actions.add_parser(
        "verifier", help="dit tout ce qui est faux dans un fichier, ligne par ligne"
    )
    verifier.add_argument("fichier", type=Path, metavar="FICHIER", help="règlement en YAML")
    verifier.add_argument("--json", action="store_true", help="sortie JSON")
    verifier.set_defaults(agir=verifier_un_fichier)

    schema = actions.add_parser("schema", help="écrit le schéma JSON des fichiers de règlement")
    schema.set_defaults(agir=ecrire_le_schema)

    exporter = actions.add_parser("exporter", help="écrit une version publiée en YAML")
    _dispositif(exporter)
    exporter.add_argument("--version", type=int, metavar="N", help="la plus récente si absent")
    exporter.set_defaults(agir=exporter_une_version)

    importer = actions.add_parser("importer", help="ouvre un brouillon à partir d’un fichier")
    importer.add_argument("fichier", type=Path, metavar="FICHIER", help="règlement en YAML")
    _dispositif(importer)
    importer.add_argument(
        "--par", required=True, metavar="COURRIEL", help="agent au nom de qui il est ouvert"
    )
    importer.set_defaults(agir=importer_un_fichier)

    comparer = actions.add_parser(
        "comparer", help="ce que deux versions ou brouillons donnent aux mêmes fiches"
    )
    _dispositif(comparer)
    for nom in ("--avant", "--apres"):
        comparer.add_argument(
            nom, required=True, metavar="N", help="numéro de la version, ou brouillon:ID pour un brouillon"
        )
    comparer.add_argument("--annee", type=int, metavar="AAAA", help="les fiches programmées cette année-là")
    comparer.add_argument("--source", default="", metavar="MOTS", help="les fiches de cette origine")
    comparer.add_argument("--territoire", default="", metavar="CODE", help="les fiches d’une démarche")
    formats = comparer.add_mutually_exclusive_group()
    formats.add_argument("--json", action="store_true", help="totaux, groupes et fiches en JSON")
    formats.add_argument(
        "--csv", action="store_true", help="une ligne par fiche, séparée par des points-virgules"
    )
    comparer.set_defaults(agir=comparer_deux_versions)


def _dispositif(commande: argparse.ArgumentParser) -> None:
    commande.add_argument("--dispositif", required=True, metavar="NOM", help="lozere, nouvelle-aquitaine…")


def _version_de(dispositif: Dispositif, numero: int | None) -> VersionReglement:
    versions = dispositif.versions.order_by("-numero")
    version = versions.first() if numero is None else versions.filter(numero=numero).first()
    if version is None:
        connues = ", ".join(str(n) for n in versions.values_list("numero", flat=True))
        raise Refus(f"version {numero or ''} inconnue. Versions publiées : {connues or 'aucune'}.")
    return version


def _texte_compare(dispositif: Dispositif, designe: str) -> VersionReglement | BrouillonReglement:
    """« 3 » is a published version, « brouillon:12 » a draft of the dispositif."""
    genre, _, numero = designe.rpartition(":")
    if genre not in ("", "brouillon") or not (numero.isascii() and numero.isdigit()):
        raise Refus(f"« {designe} » : écrivez un numéro de version, ou brouillon:ID.")
    if not genre:
        return _version_de(dispositif, int(numero))
    brouillons = dispositif.brouillons.order_by("pk")
    brouillon = brouillons.filter(pk=int(numero)).first()
    if brouillon is None:
        connus = ", ".join(str(n) for n in brouillons.values_list("pk", flat=True))
        raise Refus(f"brouillon {numero} inconnu. Brouillons du dispositif : {connus or 'aucun'}.")
    return brouillon


def _lu(texte: VersionReglement | BrouillonReglement) -> Reglement:
    from arpent.metier.reglement import ReglementInvalide, lire_reglement

    try:
        return lire_reglement(texte.contenu, texte.demonstration)
    except ReglementInvalide as erreur:
        raise Refus(f"{texte} ne peut pas encore être comparé : {erreur}") from None


def _lire(chemin: Path) -> Any:
    from arpent.plateforme.reglements.fichiers import FichierIllisible, lire_fichier

    try:
        return lire_fichier(chemin.read_bytes())
    except FileNotFoundError:
        raise Refus(f"fichier introuvable : {chemin}. Vérifiez le chemin.") from None
    except OSError as erreur:
        raise Refus(f"le fichier {chemin} ne se lit pas ({erreur.strerror}).") from None
    except FichierIllisible as erreur:
        raise Refus(f"{chemin} : {erreur}") from None


def verifier_un_fichier(options: argparse.Namespace) -> int:
    """0 when the file is whole, 1 with every error, each on its line."""
    from arpent.plateforme.reglements.controles import controler

    lu = _lire(options.fichier)
    controle = controler(lu.contenu, demonstration=True, lu=lu)
    fautes = [
        *map(str, controle.anomalies),
        *(f"{i.message} Le cas : {i.cas}." for i in controle.incoherences),
    ]
    if options.json:
        bilan = {
            "fichier": str(options.fichier),
            "valide": not fautes,
            "erreurs": [
                {"ligne": a.ligne, "lieu": a.lieu, "cle": a.cle, "message": a.message}
                for a in controle.anomalies
            ],
            "contradictions": [{"message": i.message, "cas": i.cas} for i in controle.incoherences],
            "valeurs_non_publiees": controle.nombre_vides,
            "valeurs_de_demonstration": controle.nombre_demonstrations,
        }
        en_json(bilan)
        return 1 if fautes else 0
    for faute in fautes:
        ligne(faute)
    if fautes:
        return 1
    ligne(
        f"{options.fichier} : règlement lisible et cohérent ; {controle.nombre_vides} valeurs non publiées, "
        f"{controle.nombre_demonstrations} de démonstration."
    )
    return 0


def ecrire_le_schema(options: argparse.Namespace) -> int:
    from arpent.metier.reglement import schema_json

    en_json(schema_json())
    return 0


def exporter_une_version(options: argparse.Namespace) -> int:
    from arpent.plateforme.reglements.contenu import ordonner
    from arpent.plateforme.reglements.fichiers import ecrire_fichier

    version = _version_de(dispositif_de(options.dispositif), options.version)
    sys.stdout.write(ecrire_fichier(ordonner(version.contenu)))
    return 0


def importer_un_fichier(options: argparse.Namespace) -> int:
    """Refused with its errors: a file to correct is corrected before it is brought in."""
    from arpent.plateforme.acteurs.models import Agent
    from arpent.plateforme.reglements.actions import ActionRefusee, ouvrir_brouillon
    from arpent.plateforme.reglements.controles import controler
    from arpent.plateforme.reglements.droits import peut_rediger

    dispositif, lu = dispositif_de(options.dispositif), _lire(options.fichier)
    agent = Agent.objects.filter(courriel__iexact=options.par).first()
    if agent is None:
        raise Refus(f"aucun agent n’a l’adresse {options.par}.")
    if not (avis := peut_rediger(agent, dispositif)):
        raise Refus(avis.raison)
    anomalies = controler(lu.contenu, demonstration=True, lu=lu).anomalies
    if anomalies:
        raise Refus(f"{len(anomalies)} erreurs dans {options.fichier}. La première : {anomalies[0]}")
    intitule = str(lu.contenu["intitule"])[:200]
    try:
        brouillon = ouvrir_brouillon(
            dispositif, intitule, lu.contenu, par=agent, origine=options.fichier.name[:200]
        )
    except ActionRefusee as refus:
        raise Refus(str(refus)) from None
    ligne(f"Brouillon {brouillon.pk} ouvert : {brouillon}. Il se relit et se publie dans l’application.")
    return 0


def comparer_deux_versions(options: argparse.Namespace) -> int:
    """Every fiche of the dispositif, without bound."""
    from datetime import date

    from arpent.plateforme.plans.simulation import Portee, comparer

    dispositif = dispositif_de(options.dispositif)
    versions = [_texte_compare(dispositif, n) for n in (options.avant, options.apres)]
    avant, apres = (_lu(v) for v in versions)
    portee = Portee(territoire=options.territoire, annee=options.annee, source=options.source)
    resultat = comparer(dispositif, avant, apres, portee, agent=None, le=date.today(), au_plus=None)
    if options.json:
        en_json(_bilan(versions, resultat))
    elif options.csv:
        _en_csv(resultat)
    else:
        _en_clair(versions, resultat)
    return 0


def _somme(somme: Somme) -> dict[str, Any]:
    par_habitant = somme.par_habitant
    return {
        "libelle": somme.libelle,
        "fiches": somme.nombre,
        "avant": f"{somme.avant:.2f}",
        "apres": f"{somme.apres:.2f}",
        "difference": f"{somme.difference:.2f}",
        "gagnants": somme.gagnants,
        "perdants": somme.perdants,
        "inchanges": somme.inchanges,
        "a_verifier": somme.inconnus,
        "euros_par_habitant": [f"{x:.2f}" for x in par_habitant] if par_habitant else None,
    }


def _texte(montant: Any) -> str | None:
    return None if montant is None else f"{montant:.2f}"


def _cas(cas: Cas) -> dict[str, Any]:
    return {
        "territoire": cas.slug,
        "numero": cas.numero,
        "titre": cas.titre,
        "maitre_ouvrage": cas.maitre_ouvrage,
        "theme": cas.theme,
        "cout_ht": _texte(cas.cout),
        "avant": _texte(cas.avant.aide),
        "article_avant": cas.avant.article,
        "apres": _texte(cas.apres.aide),
        "article_apres": cas.apres.article,
        "difference": _texte(cas.difference),
    }


def _bilan(
    versions: Sequence[VersionReglement | BrouillonReglement], resultat: Comparaison
) -> dict[str, Any]:
    return {
        "avant": str(versions[0]),
        "apres": str(versions[1]),
        "demonstration": any(v.demonstration for v in versions),
        "total": _somme(resultat.total),
        "par_territoire": [_somme(s) for s in resultat.par_territoire],
        "par_theme": [_somme(s) for s in resultat.par_theme],
        "par_nature": [_somme(s) for s in resultat.par_nature],
        "fiches": [_cas(c) for c in resultat.cas],
    }


def _en_csv(resultat: Comparaison) -> None:
    """A text that a spreadsheet would take for a formula is opened by an apostrophe."""
    stylo = csv.writer(sys.stdout, delimiter=";", lineterminator="\n")
    lignes = [_cas(c) for c in resultat.cas]
    stylo.writerow(list(lignes[0]) if lignes else ["territoire", "numero"])
    for valeurs in lignes:
        stylo.writerow([_sans_formule(cle, v) for cle, v in valeurs.items()])


_NOMBRES = frozenset({"numero", "cout_ht", "avant", "apres", "difference"})


def _sans_formule(cle: str, valeur: Any) -> Any:
    if cle not in _NOMBRES and isinstance(valeur, str) and valeur[:1] in ("=", "+", "-", "@", "\t", "\r"):
        return f"'{valeur}"
    return valeur


def _en_clair(versions: Sequence[VersionReglement | BrouillonReglement], resultat: Comparaison) -> None:
    from arpent.metier.argent import formater_euros

    total = resultat.total
    ligne(f"{versions[0]}, puis {versions[1]}, sur {total.nombre} fiches")
    ligne(f"  aide possible : {formater_euros(total.avant)}, puis {formater_euros(total.apres)}")
    ligne(
        f"  {total.gagnants} y gagnent, {total.perdants} y perdent, {total.inchanges} ne changent pas, "
        f"{total.inconnus} à vérifier (valeur non publiée)"
    )
    for cas in resultat.ecarts()[:20]:
        ecart = formater_euros(cas.difference) if cas.difference is not None else "à vérifier"
        ligne(f"  {ecart:>18}  {cas.slug} {cas.numero} {cas.titre}")
