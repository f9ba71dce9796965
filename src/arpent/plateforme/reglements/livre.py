"""A dispositif as readable files: found, read, checked. Nothing is written here.

A book is a folder of YAML files: dispositif (authority, themes, funds), reglement (articles and rules),
processus (phases and steps), contrat (model of the contract) and, when the policy classes its territories,
vulnerabilite (model of the classes). Errors are French, and name the file and the key.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

import yaml

from arpent import dispositifs
from arpent.metier.attribution import lire_modalites
from arpent.metier.avenants import lire_seuils
from arpent.metier.clauses import ModeleContratInvalide, lire_modele
from arpent.metier.cycles import CYCLE_FICHE
from arpent.metier.echeances_dossier import lire_echeances
from arpent.metier.processus import ProcessusInvalide, lire_definition
from arpent.metier.reglement import Reglement, ReglementInvalide, lire_reglement
from arpent.metier.reglement.bareme import VIDE
from arpent.metier.reglement.lecteur import Lecteur
from arpent.metier.repartition import RepartitionImpossible, lire_formule
from arpent.metier.repartition.reserve import (
    BENEFICIAIRE,
    SIGNATAIRE,
    GenreCritere,
    ReserveInvalide,
    lire_reserve,
)
from arpent.metier.subvention import lire_regles_dossier
from arpent.metier.territoire import est_siren
from arpent.metier.versements import lire_regles
from arpent.metier.vulnerabilite import ModeleInvalide, lire_modeles
from arpent.plateforme.acteurs.models import Organisation
from arpent.plateforme.demarches.processus.fichiers import exiger_roles

from .evaluation import lire_modele_evaluation
from .fiches import lire_modele_fiche
from .pieces import lire_pieces
from .suivi import lire_modele_suivi

RACINE = Path(dispositifs.__file__).parent
FICHIERS = ("dispositif", "reglement", "processus", "contrat")
FACULTATIF = "vulnerabilite"
_CODE = re.compile(r"[a-z0-9]+(?:[-_][a-z0-9]+)*")
_CHAMP = re.compile(r"\{\{\s*(\w+)\s*\}\}")


class DispositifInvalide(ValueError):
    """A file of the book is missing or wrong; the French message names the file, the key, what to do."""


@dataclass(frozen=True, slots=True)
class Rubrique:
    """A theme, a domain or a sector policy."""

    code: str
    libelle: str


@dataclass(frozen=True, slots=True)
class FondsLu:
    """A fund as written; `montant` None: not published."""

    code: str
    libelle: str
    montant: Decimal | None
    cle: list[dict[str, Any]] | dict[str, Any]
    source: str
    demonstration: bool
    themes: tuple[str, ...] = ()
    """Codes of the only themes it pays by itself."""


@dataclass(frozen=True, slots=True)
class Livre:
    """The whole book, checked. The four mappings are the files as read, ready for JSON."""

    slug: str
    nom: str
    autorite: Mapping[str, str]
    duree_annees: int
    presentation: str
    source: str
    themes: tuple[Rubrique, ...]
    politiques: tuple[Rubrique, ...]
    fonds: tuple[FondsLu, ...]
    parametres: dict[str, Any]
    reglement: Reglement
    contenu_reglement: dict[str, Any]
    processus: dict[str, Any]
    contrat: dict[str, Any]
    vulnerabilite: dict[str, Any]


def lister_livres() -> tuple[Path, ...]:
    """Folders of the dispositifs shipped with the platform, by name."""
    return tuple(sorted(chemin.parent for chemin in RACINE.glob("*/dispositif.yaml")))


def lire_livre(dossier: Path, *, demonstration: bool) -> Livre:
    """The book of `dossier`, checked whole before anything is written. Raises DispositifInvalide."""
    fichiers = {nom: _lire_yaml(dossier, nom) for nom in FICHIERS}
    classe = (dossier / f"{FACULTATIF}.yaml").exists()
    fichiers[FACULTATIF] = _lire_yaml(dossier, FACULTATIF) if classe else {}
    try:
        reglement = lire_reglement(fichiers["reglement"], demonstration)
    except ReglementInvalide as erreur:
        raise DispositifInvalide(f"{dossier.name}/reglement.yaml. {erreur}") from erreur
    try:
        tete = Lecteur(fichiers["dispositif"], _lieu(dossier, "dispositif"), demonstration)
        livre = _assembler(tete, fichiers, reglement)
        _verifier_fiche(livre, _lieu(dossier, "dispositif"))
        lire_modele_suivi(livre.parametres.get("suivi") or {}, f"{_lieu(dossier, 'dispositif')}, suivi")
        lire_modele_evaluation(
            livre.parametres.get("evaluation") or {}, f"{_lieu(dossier, 'dispositif')}, evaluation"
        )
        _verifier_deliberation(livre, _lieu(dossier, "dispositif"))
        _verifier_themes_des_fonds(livre, _lieu(dossier, "dispositif"))
        _verifier_avenants(livre, _lieu(dossier, "dispositif"))
        _verifier_attribution(livre, _lieu(dossier, "dispositif"))
        _verifier_dossier(livre, _lieu(dossier, "dispositif"))
        _verifier_fin(livre, _lieu(dossier, "dispositif"))
        _verifier_reserve(livre, _lieu(dossier, "dispositif"))
        _verifier_processus(fichiers["processus"], _lieu(dossier, "processus"))
    except ReglementInvalide as erreur:
        raise DispositifInvalide(str(erreur)) from erreur
    try:
        lire_modele(fichiers["contrat"], strict=True)
    except ModeleContratInvalide as erreur:
        raise DispositifInvalide(f"{_lieu(dossier, 'contrat')}, {erreur}") from erreur
    try:
        if classe:
            lire_modeles(fichiers[FACULTATIF])
    except ModeleInvalide as erreur:
        raise DispositifInvalide(f"{_lieu(dossier, FACULTATIF)}. {erreur}") from erreur
    if reglement.dispositif != livre.slug:
        raise DispositifInvalide(
            f"{_lieu(dossier, 'reglement')} : la clé « dispositif » vaut « {reglement.dispositif} » ; "
            f"elle doit reprendre le « slug » de dispositif.yaml, « {livre.slug} »."
        )
    return livre


def _verifier_deliberation(livre: Livre, lieu: str) -> None:
    """`deliberation: {exigee_pour: GESTE}` names a gesture of the cycle of a fiche."""
    bloc = livre.parametres.get("deliberation")
    if bloc is None:
        return
    gestes = sorted({t.geste for t in CYCLE_FICHE.transitions})
    geste = bloc.get("exigee_pour") if isinstance(bloc, dict) else None
    if geste not in gestes:
        raise DispositifInvalide(
            f"{lieu} : dans « deliberation », la clé « exigee_pour » vaut « {geste} » ; elle doit être un "
            f"geste d’une fiche : {', '.join(gestes)}."
        )


def _verifier_themes_des_fonds(livre: Livre, lieu: str) -> None:
    """A theme is one of the dispositif, and one fund at most pays it."""
    connus, payeurs = {t.code for t in livre.themes}, dict[str, str]()
    for fonds in livre.fonds:
        for theme in fonds.themes:
            if theme not in connus:
                raise DispositifInvalide(f"{lieu} : fonds « {fonds.code} », thème « {theme} » inconnu.")
            if theme in payeurs:
                raise DispositifInvalide(
                    f"{lieu} : le thème « {theme} » est payé par deux fonds, « {payeurs[theme]} » et "
                    f"« {fonds.code} » : n’en gardez qu’un."
                )
            payeurs[theme] = fonds.code


def _verifier_avenants(livre: Livre, lieu: str) -> None:
    """The thresholds of the avenants read."""
    try:
        lire_seuils(livre.parametres.get("avenants"))
    except ValueError as erreur:
        raise DispositifInvalide(f"{lieu} : {erreur}") from erreur


def _verifier_attribution(livre: Livre, lieu: str) -> None:
    """What is said of payments and delays reads."""
    try:
        lire_modalites(livre.parametres.get("attribution"))
        lire_regles(livre.parametres.get("versements"))
        lire_echeances(livre.parametres.get("echeances"))
    except ValueError as erreur:
        raise DispositifInvalide(f"{lieu} : {erreur}") from erreur


def _verifier_dossier(livre: Livre, lieu: str) -> None:
    """What is said of the grant files reads."""
    try:
        lire_regles_dossier(livre.parametres.get("dossier"))
    except ValueError as erreur:
        raise DispositifInvalide(f"{lieu} : {erreur}") from erreur


def _verifier_fin(livre: Livre, lieu: str) -> None:
    """The delay after a formal notice is a number of months."""
    bloc = livre.parametres.get("fin_anticipee")
    mois = bloc.get("mise_en_demeure_mois") if isinstance(bloc, dict) else None
    if bloc is not None and not (isinstance(mois, int) and not isinstance(mois, bool) and 0 < mois <= 24):
        raise DispositifInvalide(
            f"{lieu} : « fin_anticipee » attend « mise_en_demeure_mois », un nombre de mois de 1 à 24."
        )


def _verifier_reserve(livre: Livre, lieu: str) -> None:
    """The block `reserve` reads, and its fund and its themes exist."""
    try:
        reserve = lire_reserve(livre.parametres.get("reserve"))
    except ReserveInvalide as erreur:
        raise DispositifInvalide(f"{lieu} : {erreur}") from erreur
    if reserve is None:
        return
    if reserve.fonds not in {f.code for f in livre.fonds}:
        raise DispositifInvalide(
            f"{lieu} : « reserve », fonds : aucun fonds n’a le code « {reserve.fonds} »."
        )
    if any(f.cle or f.themes for f in livre.fonds if f.code == reserve.fonds):
        raise DispositifInvalide(
            f"{lieu} : le fonds de réserve « {reserve.fonds} » ne se partage pas et ne paie aucun thème : "
            "retirez « cle » et « themes »."
        )
    themes = {t.code for t in livre.themes}
    for critere in reserve.criteres:
        connus = themes if critere.genre is GenreCritere.THEME else {SIGNATAIRE, BENEFICIAIRE}
        if inconnu := next((c for c in critere.codes if c not in connus), None):
            raise DispositifInvalide(
                f"{lieu} : « reserve », {critere.code}, parmi : « {inconnu} » est inconnu."
            )


def _lieu(dossier: Path, nom: str) -> str:
    return f"{dossier.name}/{nom}.yaml"


def _lire_yaml(dossier: Path, nom: str) -> dict[str, Any]:
    chemin = dossier / f"{nom}.yaml"
    try:
        brut = yaml.load(chemin.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
    except FileNotFoundError as erreur:
        raise DispositifInvalide(
            f"Le fichier {_lieu(dossier, nom)} manque : un dispositif se compose de "
            f"{', '.join(f'{n}.yaml' for n in FICHIERS)}."
        ) from erreur
    except (yaml.YAMLError, UnicodeDecodeError) as erreur:
        ou = getattr(erreur, "problem_mark", None)
        ligne = f" à la ligne {ou.line + 1}" if ou else ""
        raise DispositifInvalide(
            f"Le fichier {_lieu(dossier, nom)} n’est pas lisible{ligne} : vérifiez les retraits, les "
            "guillemets et l’encodage (UTF-8)."
        ) from erreur
    if not isinstance(brut, dict):
        raise DispositifInvalide(f"Le fichier {_lieu(dossier, nom)} doit contenir une table de clés.")
    return brut


def _assembler(lecteur: Lecteur, fichiers: Mapping[str, dict[str, Any]], reglement: Reglement) -> Livre:
    slug = lecteur.texte("slug")
    if not _CODE.fullmatch(slug):
        raise lecteur.refus(f"le « slug » « {slug} » doit s’écrire en minuscules, chiffres et tirets.")
    duree = lecteur.entier("duree_annees")
    if not duree:
        raise lecteur.refus("la clé « duree_annees » doit être un nombre d’années, au moins 1.")
    themes = _rubriques(lecteur, "themes") or _rubriques(lecteur, "domaines")
    if not themes:
        raise lecteur.refus("il faut au moins un thème dans la clé « themes » (ou « domaines »).")
    return Livre(
        slug=slug,
        nom=lecteur.texte("nom"),
        autorite=_autorite(lecteur),
        duree_annees=duree,
        presentation=lecteur.texte("presentation", ""),
        source=lecteur.texte("source", ""),
        themes=themes,
        politiques=_rubriques(lecteur, "secteurs"),
        fonds=_fonds(lecteur),
        parametres={cle: v for cle, v in lecteur.donnees.items() if cle not in _CLES_LUES},
        reglement=reglement,
        contenu_reglement=fichiers["reglement"],
        processus=fichiers["processus"],
        contrat=fichiers["contrat"],
        vulnerabilite=fichiers["vulnerabilite"],
    )


_CLES_LUES = frozenset(
    {"slug", "nom", "autorite", "duree_annees", "presentation", "source", "themes", "secteurs", "fonds"}
)


def _blocs(lecteur: Lecteur, cle: str) -> list[Lecteur]:
    """The items of a list of mappings, each ready to be read; an absent key is an empty list."""
    valeur = lecteur.brut(cle)
    if valeur is None:
        return []
    if not isinstance(valeur, list) or not all(isinstance(v, dict) for v in valeur):
        raise lecteur.refus(f"la clé « {cle} » doit être une liste de blocs.")
    return [Lecteur(v, f"{lecteur.lieu}, {cle}", lecteur.demonstration) for v in valeur]


def _code(lecteur: Lecteur, vus: set[str]) -> str:
    code = lecteur.texte("code")
    if not _CODE.fullmatch(code):
        raise lecteur.refus(f"le code « {code} » doit s’écrire en minuscules, chiffres et tirets.")
    if code in vus:
        raise lecteur.refus(f"le code « {code} » est donné deux fois.")
    vus.add(code)
    return code


def _rubriques(lecteur: Lecteur, cle: str) -> tuple[Rubrique, ...]:
    vus: set[str] = set()
    return tuple(Rubrique(_code(bloc, vus), bloc.texte("libelle")) for bloc in _blocs(lecteur, cle))


def _autorite(lecteur: Lecteur) -> dict[str, str]:
    bloc = Lecteur(lecteur.table("autorite"), f"{lecteur.lieu}, autorite")
    lue = {cle: bloc.texte(cle, "" if cle == "siren" else None) for cle in ("siren", "nom", "nature")}
    bloc.finir()
    if lue["nature"] not in Organisation.Nature.values:
        natures = ", ".join(Organisation.Nature.values)
        raise bloc.refus(f"la nature « {lue['nature']} » est inconnue. Connues : {natures}.")
    if lue["siren"] and not est_siren(lue["siren"]):
        raise bloc.refus(f"le SIREN « {lue['siren']} » n’est pas valide (neuf chiffres et leur clé).")
    return lue


def _fonds(lecteur: Lecteur) -> tuple[FondsLu, ...]:
    vus: set[str] = set()
    return tuple(_un_fonds(bloc, vus) for bloc in _blocs(lecteur, "fonds"))


def _un_fonds(bloc: Lecteur, vus: set[str]) -> FondsLu:
    """One fund. A whole fund of demonstration has no amount outside the demonstration."""
    code = _code(bloc, vus)
    montant = VIDE if bloc.brut("montant") is None else bloc.montant("montant")
    exemple = bool(bloc.brut("demonstration"))
    retenu = exemple is False or bloc.demonstration
    return FondsLu(
        code=code,
        libelle=bloc.texte("libelle"),
        montant=montant.valeur if retenu else None,
        cle=_cle(bloc, code),
        source=bloc.texte("source", "") or montant.source,
        demonstration=retenu and (exemple or montant.demonstration),
        themes=_themes(bloc, code),
    )


def _themes(bloc: Lecteur, code: str) -> tuple[str, ...]:
    valeur = bloc.brut("themes") or []
    if not isinstance(valeur, list) or not all(isinstance(v, str) for v in valeur):
        raise bloc.refus(f"fonds « {code} » : la clé « themes » doit être une liste de codes de thèmes.")
    return tuple(valeur)


def _cle(bloc: Lecteur, code: str) -> list[dict[str, Any]] | dict[str, Any]:
    """The formula of a fund, as written once it has been read: a list of weights, or a table of steps."""
    cle = bloc.brut("cle") or []
    try:
        lire_formule(cle)
    except RepartitionImpossible as erreur:
        raise bloc.refus(f"fonds « {code} », cle : {erreur}") from erreur
    return dict(cle) if isinstance(cle, dict) else list(cle)


def _verifier_fiche(livre: Livre, lieu: str) -> None:
    """The block « fiche » can be read, and the themes it names exist."""
    bloc = livre.parametres.get("fiche") or {}
    if not isinstance(bloc, dict):
        raise DispositifInvalide(f"{lieu} : la clé « fiche » doit être une table de clés et de valeurs.")
    modele = lire_modele_fiche(bloc, f"{lieu}, fiche")
    lire_pieces(bloc, (t.code for t in livre.themes), f"{lieu}, fiche")
    if inconnus := sorted(set(modele.competences_banatic) - {t.code for t in livre.themes}):
        raise DispositifInvalide(
            f"{lieu}, fiche : le thème « {inconnus[0]} » n’est pas un thème du dispositif."
        )


def _verifier_processus(donnees: dict[str, Any], lieu: str) -> None:
    """The processus can be read, and says its slug and its name."""
    tete = Lecteur(donnees, lieu)
    for cle in ("slug", "nom"):
        tete.texte(cle)
    try:
        exiger_roles(lire_definition(donnees))
    except ProcessusInvalide as erreur:
        raise DispositifInvalide(f"{lieu}. {erreur}") from erreur
