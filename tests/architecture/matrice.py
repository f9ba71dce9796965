"""Asks every route as every person, with GET and with an empty POST, and keeps the answers.

Each request runs in a savepoint that is rolled back: the order of the requests changes nothing.
"""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from http.cookies import SimpleCookie
from pathlib import Path
from typing import Any

from django.db import transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from .monde import CHERCHE, COLONNES, Lot, Monde

FICHIER = Path(__file__).with_name("matrice.csv")
METHODES = ("GET", "POST")
MODELE = "arpent.plateforme.acteurs.moteur.MoteurAgents"

# Which object of a Lot the parameter names, by the segment of the URL that comes just before it.
OBJETS: dict[str, str] = {
    "absences": "absence",
    "designations": "designation",
    "election": "liste_elus",
    "habilitations": "habilitation",
    "mandats": "mandat",
    "organisations": "proprietaire",
    "personnes": "personne",
    "a": "atelier",
    "actes-emis": "acte_emis",
    "appui": "demande_appui",
    "ateliers": "atelier",
    "avenants": "avenant",
    "avis": "avis",
    "axes": "axe",
    "commentaires": "commentaire",
    "circuits": "circuit",
    "cles": "cle_acces",
    "siret": "proprietaire",
    "jetons": "jeton_api",
    "evenements": "abonnement_api",
    "livraisons": "livraison_api",
    "emplacements": "emplacement",
    "signees": "document_signe",
    "brouillons": "brouillon_reglement",
    "brouillons-processus": "brouillon_processus",
    "constats": "constat",
    "contributions": "contribution_reunion",
    "creneaux": "creneau",
    "decisions": "decision_reunion",
    "emis": "emis_reunion",
    "fichiers": "piece_reunion",
    "membres": "membre_reunion",
    "indicateurs": "indicateur_suivi",
    "valeurs": "valeur_suivie",
    "questionnaires": "campagne_questionnaire",
    "liens": "invitation_questionnaire",
    "produits": "rapport_evaluation",
    "photos": "photo_chantier",
    "bloquants": "point_bloquant",
    "points": "point_reunion",
    "questions": "question_reunion",
    "rendez-vous": "rendez_vous",
    "a-regler": "question_rendez_vous",
    "generes": "dossier_rendez_vous",
    "reunions": "reunion",
    "corrections": "correction",
    "credits": "enveloppe",
    "courriels": "courriel",
    "derogations": "derogation_regle",
    "deliberations": "deliberation",
    "documents": "document",
    "caducites": "lot_caducite",
    "ecritures": "ecriture",
    "finances": "export_finances",
    "justificatifs": "piece_versement",
    "retenues": "retenue",
    "dossiers": "dossier",
    "<int:annee>-": "dossier",
    "pieces-dossier": "piece_dossier",
    "demandes-dossier": "demande_piece",
    "documents-dossier": "papier_dossier",
    "rapports-commission": "rapport_commission",
    "documents-commission": "papier_rapport",
    "editions": "edition",
    "ensembles": "ensemble",
    "envoyees": "invitation",
    "enjeux": "enjeu",
    "fiches": "fiche",
    "a-la-date": "passage",
    "historique": "entree_reglement",
    "importer": "importation",
    "imports": "importation",
    "messages": "echange",
    "mes-nouvelles": "nouvelle",
    "modeles": "modele_vulnerabilite",
    "mouvements": "mouvement_avenant",
    "parties": "partie",
    "paroles": "message",
    "pieces": "piece",
    "preuves": "preuve",
    "projets": "fiche",
    "rapports": "rapport",
    "remarques": "remarque_article",
    "reserve": "demande_reserve",
    "scenarios": "scenario",
    "sessions": "session_ouverte",
    "structures": "structure_appui",
    "versions": "version_contrat",
    "votes": "vote",
    "vues": "vue",
}
# A slug names a démarche, except here.
SLUGS: dict[str, str] = {"dispositifs": "dispositif", "processus": "processus", "public": "dispositif"}
# Parameters that are ranks, by their name.
RANGS: dict[str, int] = {"rang": 1, "rang_regle": 1, "autre": 1}
# Parameters that are words, not objects.
MOTS: dict[str, str] = {
    "ajouter": "montant",
    "etapes": "atelier",
    "<int:pk>": "etapes",
    "<int:edition>": "pdf",
    "<slug:nature>": "atelier",
    "redaction": "objet",
    "regles": "participation_minimale",
    "phase": "ouvrir_diagnostic",
    "parametres-legaux": "fctva",
    "parametres": "depense_nuit_marchande",
    "figures": "entrees",
    "fonds": "base",
    "gestes": "engager",
    "gestes-dossier": "deposer",
    "suite": "recouvrer",
    "decider": "accorder",
    "gestes-commission": "reprendre",
    "projet.": "pdf",
    "portrait": "population",
    "figure": "ages",
    "<slug:nom>.": "svg",
    "contrat.": "pdf",
    "compte-rendu.": "pdf",
    "agenda": "jeton",
    "emargement": "jeton",
    "questionnaire": "jeton",
    "rapport": "final",
    "question": "impact",
    "sur": "fiche",
    "conversations": "territoire",
    "<slug:genre>": "1",
    "exemple.": "pdf",
    "gabarits": "contrat",
    "<slug:nom>": "livre",
    "<slug:quel>": "gabarit",
    "deliberation.": "docx",
    "textes": "resume_jour",
    "seance": "convocation.docx",
    "attribution": "lettre.docx",
    "actes": "lettre",
    "votes.": "csv",
    "decision": "retirer",
    "volets": "actes",
    "comparer": "lignes",
    "choisir": "jeton",
    "invitation": "jeton",
    "conservation": "comptes",
    "donnees": "projets.csv",
    "schemas": "subventions-2.1.1.json",
}


@dataclass(frozen=True, slots=True)
class Route:
    """One named URL: its parameters and the right that its view declares (None: none declared)."""

    nom: str
    chemin: str
    parametres: tuple[str, ...]
    droit: str | None

    @property
    def est_d_une_demarche(self) -> bool:
        return self.chemin.startswith("territoires/<slug:slug>/")


@dataclass(frozen=True, slots=True)
class Reponse:
    """What a person received."""

    statut: int
    type_contenu: str
    contenu: bytes

    @property
    def texte(self) -> str:
        """The readable text; an Office file is unpacked, whatever is compressed elsewhere is not."""
        if self.contenu[:2] != b"PK":
            return self.contenu.decode(errors="replace")
        with zipfile.ZipFile(io.BytesIO(self.contenu)) as archive:
            return "\n".join(archive.read(n).decode(errors="replace") for n in archive.namelist())


def _patterns(resolver: URLResolver, prefixe: str, espace: str) -> Iterator[Route]:
    for entry in resolver.url_patterns:
        chemin = prefixe + str(entry.pattern)
        if isinstance(entry, URLResolver):
            sous = f"{espace}{entry.namespace}:" if entry.namespace else espace
            yield from _patterns(entry, chemin, sous)
        elif isinstance(entry, URLPattern):
            droit = getattr(entry.callback, "droit", None)
            nom = f"{espace}{entry.name}" if entry.name else f"?{chemin}"
            yield Route(nom, chemin, tuple(entry.pattern.converters), droit)


def routes() -> list[Route]:
    """Every route of the application, sorted by name; one without a name starts with « ? »."""
    return sorted(_patterns(get_resolver(), "", ""), key=lambda r: r.nom)


class ObjetInconnu(LookupError):
    """A parameter of a route that this table cannot fill."""


def _parametre(route: Route, nom: str, lot: Lot, monde: Monde) -> Any:
    debut = re.split(r"<[^>]*\b" + nom + ">", route.chemin)[0].rstrip("/")
    avant = debut.rpartition("/")[2]
    if avant == "scenarios" and debut.startswith("dispositifs/"):
        avant = "ensembles"
    if "/realisation/dossiers/" in debut and avant in {"pieces", "demandes", "documents", "gestes"}:
        avant = f"{avant}-dossier"
    if debut.startswith("dossiers/rapports"):
        avant = f"{avant}-commission" if f"{avant}-commission" in {*OBJETS, *MOTS} else avant
    if avant == "brouillons" and debut.startswith("processus/"):
        avant = "brouillons-processus"
    if avant == "demonstration":
        return monde.demonstration.pk
    if nom == "objet" and "/conversations/" in debut:  # that of the territory: its démarche
        return lot.demarche.pk
    if debut.startswith("api/v1/"):  # a token opens it: what it reads is checked with tokens
        return "1"
    if nom in RANGS:
        return RANGS[nom]
    if avant == "lignes":  # the thresholds of the law belong to the instance, not to a démarche
        return monde.parametre_legal.pk
    if nom == "territoire":  # of the public site: a démarche by its slug
        return lot.demarche.slug
    if debut.endswith("/evaluation/rapport/<slug:genre>"):  # a section of the report
        return "limites"
    if avant in MOTS:
        return MOTS[avant]
    if nom == "slug":
        return getattr(lot, SLUGS.get(avant, "demarche")).slug
    objet = getattr(lot, OBJETS.get(avant, ""), None)
    nom = "pk" if nom in {"document", "edition"} else nom
    if objet is None or not hasattr(objet, nom):
        raise ObjetInconnu(
            f"La route {route.nom} ({route.chemin}) a un paramètre « {nom} » que la matrice ne sait pas "
            "remplir : dites dans tests/architecture/matrice.py (OBJETS) quel objet il désigne."
        )
    return getattr(objet, nom)


def adresse(route: Route, monde: Monde, lot: Lot, objets: Lot | None = None) -> str:
    """URL of `route` for the démarche of `lot`; its other objects come from `objets` (by default `lot`)."""
    objets = objets or lot
    kwargs = {
        nom: _parametre(route, nom, lot if nom == "slug" else objets, monde) for nom in route.parametres
    }
    return reverse(route.nom, kwargs=kwargs)


class Visiteur:
    """Somebody with a browser. Cookies are put back after each request, as if it had never been made."""

    def __init__(self, agent: Any) -> None:
        self._client = Client(raise_request_exception=False)
        if agent is not None:
            self._client.force_login(agent, backend=MODELE)
        self._cookies = self._client.cookies.output()

    def demander(self, methode: str, url: str, donnees: dict[str, str] | None = None) -> Reponse:
        with transaction.atomic():
            envoi = self._client.get if methode == "GET" else self._client.post
            reponse = envoi(url, donnees or {})
            resultat = Reponse(reponse.status_code, reponse.headers.get("Content-Type", ""), _corps(reponse))
            transaction.set_rollback(True)
        self._remettre_les_cookies()
        return resultat

    def _remettre_les_cookies(self) -> None:
        cookies: SimpleCookie = SimpleCookie()
        for ligne in self._cookies.splitlines():
            cookies.load(ligne.removeprefix("Set-Cookie: "))
        self._client.cookies = cookies


def _corps(reponse: Any) -> bytes:
    if isinstance(reponse, HttpResponse):
        return reponse.content
    return b"".join(reponse.streaming_content)  # read to its end, the test client closes it


def visiteurs(monde: Monde) -> dict[str, Visiteur]:
    return {colonne: Visiteur(monde.agents[colonne]) for colonne in COLONNES}


def mesurer(
    monde: Monde, parmi: Sequence[Route] | None = None
) -> tuple[dict[tuple[str, str], dict[str, int]], dict[tuple[str, str, str], Reponse]]:
    """Over A's objects: status by (route, method) and column, answers 200 by (route, method, column).

    `parmi`: those routes alone; None: all of them.
    """
    statuts: dict[tuple[str, str], dict[str, int]] = {}
    pages: dict[tuple[str, str, str], Reponse] = {}
    gens = visiteurs(monde)
    for route in routes() if parmi is None else parmi:
        url = adresse(route, monde, monde.a)
        for methode in METHODES:
            ligne = statuts[route.nom, methode] = {}
            for colonne, visiteur in gens.items():
                reponse = visiteur.demander(methode, url)
                ligne[colonne] = reponse.statut
                if reponse.statut == 200:
                    pages[route.nom, methode, colonne] = reponse
    return statuts, pages


def chercher(monde: Monde, colonne: str) -> Iterator[tuple[str, Reponse]]:
    """The lists and exports that `colonne` may read, asked again with a search for what lies elsewhere."""
    visiteur = Visiteur(monde.agents[colonne])
    for route in (r for r in routes() if not r.parametres or "/plan/" in r.chemin):
        reponse = visiteur.demander(
            "GET", adresse(route, monde, monde.a), {"q": CHERCHE, "recherche": CHERCHE}
        )
        if reponse.statut == 200:
            yield route.nom, reponse


def demander_les_objets_d_ailleurs(monde: Monde) -> dict[tuple[str, str, str, str], int]:
    """(route, method, column, démarche of the object) → status, for each route that names an object.

    On a route of a démarche the slug stays A's: the person may enter, the object is not in the room.
    """
    gens = visiteurs(monde)
    statuts = {}
    for route in routes():
        parametres = [p for p in route.parametres if p != "slug"]
        if not parametres or "demonstration" in route.chemin:
            continue
        if adresse(route, monde, monde.a) == adresse(route, monde, monde.a, monde.b):
            continue  # its parameters are words, the same everywhere
        for lot in (monde.b, monde.c):
            if not route.est_d_une_demarche and lot is monde.c:
                continue  # the authority's people may read C
            url = adresse(route, monde, monde.a, lot)
            for methode in METHODES:
                for colonne in ("chef_de_projet", "maire", "administrateur"):
                    if colonne == "administrateur" and not route.est_d_une_demarche:
                        continue
                    reponse = gens[colonne].demander(methode, url)
                    statuts[route.nom, methode, colonne, lot.demarche.slug] = reponse.statut
    return statuts


def tenter(monde: Monde, nom: str, donnees: dict[str, str], **kwargs: str) -> dict[str, int]:
    """Status by column of one POST on the route `nom` of A."""
    route = next(r for r in routes() if r.nom == nom)
    url = reverse(nom, kwargs=kwargs) if kwargs else adresse(route, monde, monde.a)
    return {c: v.demander("POST", url, donnees).statut for c, v in visiteurs(monde).items()}


def lire() -> dict[tuple[str, str], dict[str, int]]:
    """The reviewed table."""
    with FICHIER.open(encoding="utf-8", newline="") as fichier:
        lignes = list(csv.DictReader(fichier, delimiter=";"))
    return {(x["route"], x["methode"]): {c: int(x[c]) for c in COLONNES} for x in lignes}


def ecrire(statuts: dict[tuple[str, str], dict[str, int]]) -> str:
    """The table as the text of its file."""
    sortie = io.StringIO()
    stylo = csv.writer(sortie, delimiter=";", lineterminator="\n")
    stylo.writerow(["route", "methode", *COLONNES])
    for (route, methode), ligne in sorted(statuts.items()):
        stylo.writerow([route, methode, *(ligne[c] for c in COLONNES)])
    return sortie.getvalue()
