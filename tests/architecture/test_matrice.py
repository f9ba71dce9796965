"""Every route × every role × inside and outside the perimeter, against the reviewed table `matrice.csv`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pytest
from django.db import transaction

from arpent.metier.cycles import CYCLE_CONTRAT, CYCLE_DEMARCHE, CYCLE_FICHE, CYCLE_SCENARIO
from arpent.metier.cycles.cycle import Transition
from arpent.plateforme.acteurs.roles import ROLES, Portee, tous_les_droits

from . import matrice
from .cases import REGENERER, fuites
from .monde import AILLEURS, ANONYME, SECRET, TERMINEE, Monde, batir

pytestmark = pytest.mark.django_db
TEMOINS = ("plans:fiches", "plans:fiches_export")
"""Lists on which a word that may be read is looked for. Every route: the slices, `test_matrice_1` to 3."""
ROUTES = {r.nom: r for r in matrice.routes()}
LECTEURS = ("elu_autorite", "sous_prefet")
ABSENT = {403, 404, 405}
SANS_EFFET = ABSENT | {400, 422}


@dataclass(frozen=True)
class Mesure:
    """Everything asked once, while the files of the documents exist."""

    pages: dict[tuple[str, str, str], matrice.Reponse]
    recherches: dict[tuple[str, str], matrice.Reponse]
    ailleurs: dict[tuple[str, str, str, str], int]
    gestes: dict[tuple[str, str], dict[str, int]]


def _gestes(monde: Monde) -> dict[tuple[str, str], dict[str, int]]:
    """Status by (cycle, gesture) and column. The state of the object does not matter here, the right does."""
    slug = monde.a.demarche.slug
    mesures = {}
    for t in CYCLE_SCENARIO.transitions:
        mesures["scenario", t.geste] = matrice.tenter(monde, "negociations:geste", {"geste": t.geste})
    for t in CYCLE_FICHE.transitions:
        envoi = {"geste": t.geste, "motif": "Pour essayer", "version_lue": str(monde.a.fiche.version)}
        mesures["fiche", t.geste] = matrice.tenter(monde, "plans:fiche_geste", envoi)
    for t in CYCLE_CONTRAT.transitions:
        mesures["contrat", t.geste] = matrice.tenter(monde, "contrats:geste", {"geste": t.geste})
    for nom in {t.geste for t in CYCLE_DEMARCHE.transitions}:
        envoi = {"etat_lu": monde.a.demarche.etat}
        mesures["demarche", nom] = matrice.tenter(monde, "demarches:geste", envoi, slug=slug, geste=nom)
    return mesures


@pytest.fixture(scope="module")
def mesure(django_db_setup: None, django_db_blocker: Any) -> Mesure:
    """The whole measure, once; the database is empty again when the first test starts."""
    with django_db_blocker.unblock(), transaction.atomic():
        monde = batir()
        _, pages = matrice.mesurer(monde, [ROUTES[nom] for nom in TEMOINS])
        recherches = {
            (route, colonne): reponse
            for colonne in ("chef_de_projet", "president_epci", "maire", "sous_prefet")
            for route, reponse in matrice.chercher(monde, colonne)
        }
        ailleurs, gestes = matrice.demander_les_objets_d_ailleurs(monde), _gestes(monde)
        transaction.set_rollback(True)
    return Mesure(pages, recherches, ailleurs, gestes)


def test_chaque_route_a_un_nom_et_dit_quel_droit_elle_demande() -> None:
    connus = tous_les_droits() | {"public", "connecte", "jeton"}
    fautives = [
        f"{r.nom} ({r.chemin}) : {r.droit or 'aucun droit annoncé'}"
        for r in ROUTES.values()
        if r.nom.startswith("?") or r.droit not in connus
    ]
    assert not fautives, "Enveloppez la vue par page, publique ou page_demarche :\n" + "\n".join(fautives)


def test_chaque_route_a_sa_ligne_et_chaque_ligne_sa_route() -> None:
    attendues = {(nom, methode) for nom in ROUTES for methode in matrice.METHODES}
    lignes = set(matrice.lire())
    assert not attendues - lignes, f"Routes sans ligne : {sorted(attendues - lignes)}. {REGENERER}"
    assert not lignes - attendues, f"Lignes sans route : {sorted(lignes - attendues)}. {REGENERER}"


SIENS = frozenset(
    {"contrats:remarque_etat", "negociations:scenario_enregistrer", "negociations:scenario_lignes"}
)
"""Routes that write on what belongs to one side: the right alone does not open the other side's."""


D_UN_GESTE = frozenset(
    {f"subventions:{nom}" for nom in ("dossier_geste", "prorogation_geste", "versement_geste")}
)
"""Forms of one gesture on a file that others may only read: the gesture has its own right."""


D_UNE_PARTIE = frozenset({"contrats:vote", "contrats:vote_avenant", "contrats:vote_noter"})
"""What a party notes itself: people of the territory who act for another body are refused."""


D_UN_SEUL_CORPS = frozenset({
    f"contrats:emplacement_{geste}"
    for geste in ("canal", "signer", "consentir", "refuser", "paquet", "parapheur")
})  # fmt: skip
"""What is done for one body: whoever acts for another one is refused, an authority's people too."""


ENSEMBLES = "dispositifs/<slug:slug>/scenarios/"
"""Pages that do not exist but for who reads the scenarios of the authority on all its territories."""


def _lit_toute_l_autorite(colonne: str) -> bool:
    role = ROLES.get(colonne)
    larges = {Portee.AUTORITE, Portee.TOUT}
    return role is not None and role.portee in larges and "scenario.lire_autorite" in role.droits


def _contredit(route: matrice.Route, methode: str, colonne: str, statut: int) -> bool:
    """Whether a cell contradicts the right that the view declares.

    Behind the door, owners may still be refused, and so may anybody by a gesture that has a right of its own.
    """
    if statut == 405 or route.droit == "public":
        return False
    if route.droit == "jeton":  # no session opens it; a form is not JSON
        return statut != (401 if methode == "GET" else 400)
    if colonne == ANONYME:
        return statut != 302
    if route.chemin.startswith(ENSEMBLES) and not _lit_toute_l_autorite(colonne):
        return statut != 404
    if colonne in AILLEURS and route.est_d_une_demarche:
        return statut != 404
    if route.droit == "connecte":
        return statut == 403
    if colonne == TERMINEE:
        return statut != 403
    role = ROLES.get(colonne)
    if role is None:
        return False  # somebody from elsewhere on a page of all territories: see the leaks
    if route.droit not in role.droits:
        return statut != 403
    geste = methode == "POST" or route.nom in D_UN_GESTE
    a_son_propre_droit = geste and (str(route.droit).endswith(".voir") or route.nom in SIENS)
    bornes = {Portee.ORGANISATION, *({Portee.TERRITOIRE} if route.nom in D_UNE_PARTIE else ())}
    if route.nom in D_UN_SEUL_CORPS:
        bornes = set(Portee)
    return statut == 403 and role.portee not in bornes and not a_son_propre_droit


def test_chaque_case_suit_le_droit_annonce_par_la_vue() -> None:
    fausses = [
        f"{nom} {methode} pour {colonne} : {statut} (droit {ROUTES[nom].droit})"
        for (nom, methode), ligne in matrice.lire().items()
        for colonne, statut in ligne.items()
        if _contredit(ROUTES[nom], methode, colonne, statut)
    ]
    assert not fausses, "\n".join(fausses)


def test_qui_ne_fait_que_lire_n_ecrit_nulle_part() -> None:
    for (nom, methode), ligne in matrice.lire().items():
        if methode == "POST" and ROUTES[nom].droit not in {"public", "connecte", "jeton"}:
            for colonne in LECTEURS:
                assert ligne[colonne] in SANS_EFFET, f"{colonne} écrit par {nom}"


def _tous_les_gestes() -> list[Any]:
    cycles = (
        ("scenario", CYCLE_SCENARIO),
        ("fiche", CYCLE_FICHE),
        ("contrat", CYCLE_CONTRAT),
        ("demarche", CYCLE_DEMARCHE),
    )
    uniques = {(nom, t.geste): t for nom, cycle in cycles for t in cycle.transitions}
    return [pytest.param(nom, t, id=f"{nom}-{t.geste}") for (nom, _), t in uniques.items()]


@pytest.mark.parametrize(("cycle", "transition"), _tous_les_gestes())
def test_un_geste_n_est_ouvert_qu_a_ceux_qui_en_ont_le_droit(
    mesure: Mesure, cycle: str, transition: Transition
) -> None:
    statuts = mesure.gestes[cycle, transition.geste]
    assert statuts[ANONYME] == 302
    for colonne in AILLEURS:
        assert statuts[colonne] == 404, colonne
    for code, role in ROLES.items():
        if transition.geste in {"contractualiser", "sortir_du_contrat"}:  # made by the contract alone
            assert statuts[code] == 404, f"{code} inscrit lui-même une fiche au contrat"
        elif transition.droit not in role.droits:
            assert statuts[code] == 403, f"{code} peut {transition.geste}"
        elif role.portee is not Portee.ORGANISATION:
            assert statuts[code] not in {403, 404}, f"{code} ne peut pas {transition.geste}"


def test_un_objet_d_une_autre_demarche_n_existe_pas(mesure: Mesure) -> None:
    assert mesure.ailleurs
    trouves = [f"{cle} : {statut}" for cle, statut in mesure.ailleurs.items() if statut not in ABSENT]
    assert not trouves, "\n".join(trouves)
    devines = [
        f"{cle} : {s}" for cle, s in mesure.ailleurs.items() if cle[2] == "administrateur" and s == 403
    ]
    assert not devines, "\n".join(devines)


@pytest.mark.parametrize("colonne", ["president_epci", "maire", "chef_de_projet", "sous_prefet"])
def test_une_recherche_ne_trouve_rien_hors_du_perimetre(mesure: Mesure, colonne: str) -> None:
    assert any(cle[-1] == colonne for cle in mesure.recherches)
    assert not fuites(mesure.recherches, colonne)


def test_celui_de_l_autre_autorite_trouve_bien_ce_que_les_autres_ne_doivent_pas_voir(mesure: Mesure) -> None:
    """The leak tests look for the right word: it is on the pages of those who may read it."""
    assert f"{SECRET} B" in mesure.pages["plans:fiches", "GET", "autre_autorite"].texte
    assert f"{SECRET} C" in mesure.pages["plans:fiches_export", "GET", "autre_territoire"].texte


def test_un_brouillon_se_lit_chez_celui_qui_l_ecrit(mesure: Mesure) -> None:
    """Nowhere else: see the slices."""
    assert "Gentiane en brouillon" in mesure.pages["plans:fiches", "GET", "agent_epci"].texte
