"""Reading through the API: everything of one's perimeter, nothing of the others'."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from arpent.plateforme.acteurs.roles import ROLES
from arpent.plateforme.echanges.api.ressources import PAR_CODE, RESSOURCES, Ressource
from arpent.plateforme.journal.actions import consigner
from tests.architecture.monde import AUTRE_AUTORITE, AUTRE_TERRITOIRE, SECRET, TERMINEE, Monde, batir

from .conftest import Programme, cle_de, programme_de

pytestmark = pytest.mark.django_db
LUES = [pytest.param(r, id=r.code) for r in RESSOURCES]


@pytest.fixture(scope="module")
def monde(django_db_setup: None, django_db_blocker: Any) -> Iterator[Monde]:
    """The world of the access matrix, and a line of the journal in each démarche."""
    with django_db_blocker.unblock(), transaction.atomic():
        lu = batir()
        for lot in (lu.a, lu.b, lu.c):
            consigner("modifier", sur=lot.fiche, par=None, demarche_id=lot.demarche.pk)
        yield lu
        transaction.set_rollback(True)


def _programme(monde: Monde, colonne: str) -> Programme:
    agent = monde.agents[colonne]
    assert agent is not None
    agent = type(agent).objects.get(pk=agent.pk)
    return Programme(cle_de(agent))


def _cle(ressource: Ressource, ligne: dict[str, Any]) -> Any:
    if ressource.cle_texte:
        return ligne["siren" if ressource.code == "groupements" else "code"]
    return ligne["numero" if ressource.code == "journal" else "id"]


@pytest.mark.parametrize("ressource", LUES)
def test_chaque_ressource_se_lit_dans_sa_forme(monde: Monde, ressource: Ressource) -> None:
    """Every line is exactly what the schema says of it, alone and in a list."""
    programme = _programme(monde, "administrateur")
    lignes = programme.liste(f"/{ressource.code}?limite=200")
    assert lignes, "le monde n’en a aucune"
    for ligne in lignes:
        ressource.forme.model_validate(ligne)
    seule = programme.lire(f"/{ressource.code}/{_cle(ressource, lignes[-1])}")
    assert seule.status_code == 200
    (ressource.detail or ressource.forme).model_validate(seule.json())


@pytest.mark.parametrize("ressource", LUES)
@pytest.mark.parametrize("colonne", ["chef_de_projet", "president_epci", "maire", "sous_prefet", "invite"])
def test_rien_ne_sort_du_perimetre(monde: Monde, ressource: Ressource, colonne: str) -> None:
    """Neither in a list, nor by its number: outside the perimeter it does not exist."""
    mien, tout = _programme(monde, colonne), _programme(monde, "administrateur")
    visibles = {_cle(ressource, x) for x in mien.liste(f"/{ressource.code}?limite=200")}
    texte = mien.lire(f"/{ressource.code}?limite=200").content.decode()
    assert f"{SECRET} B" not in texte
    if colonne in {"president_epci", "maire", "invite"}:
        assert f"{SECRET} C" not in texte
    for ligne in tout.liste(f"/{ressource.code}?limite=200"):
        cle = _cle(ressource, ligne)
        attendu = 200 if cle in visibles else 404
        assert mien.lire(f"/{ressource.code}/{cle}").status_code == attendu, cle


@pytest.mark.parametrize("ressource", LUES)
def test_qui_n_a_plus_d_habilitation_ne_lit_rien(monde: Monde, ressource: Ressource) -> None:
    assert _programme(monde, TERMINEE).liste(f"/{ressource.code}") == []


@pytest.mark.parametrize("colonne", [AUTRE_AUTORITE, AUTRE_TERRITOIRE])
def test_le_jeton_d_un_autre_territoire_ne_lit_pas_celui_ci(monde: Monde, colonne: str) -> None:
    programme, demarche = _programme(monde, colonne), monde.a.demarche.pk
    for code in ("fiches", "contrats", "enjeux", "axes", "scenarios", "constats", "reunions"):
        assert programme.liste(f"/{code}?demarche={demarche}") == []
    assert programme.lire(f"/demarches/{demarche}").status_code == 404
    assert programme.lire(f"/demarches/{demarche}/indicateurs").status_code == 404
    assert programme.lire(f"/contrats/{monde.a.contrat.pk}/consolide").status_code == 404


@pytest.mark.parametrize("ressource", LUES)
def test_un_jeton_limite_a_un_territoire_ne_lit_que_lui(monde: Monde, ressource: Ressource) -> None:
    """The administrator sees everything; the token, one territory."""
    admin = monde.agents["administrateur"]
    assert admin is not None
    limite = programme_de(type(admin).objects.get(pk=admin.pk), demarche=monde.a.demarche)
    texte = limite.lire(f"/{ressource.code}?limite=200").content.decode()
    assert f"{SECRET} B" not in texte
    assert f"{SECRET} C" not in texte
    chef = _programme(monde, "chef_de_projet").liste(f"/{ressource.code}?limite=200")
    vus = {_cle(ressource, x) for x in limite.liste(f"/{ressource.code}?limite=200")}
    if ressource.code in {"fiches", "contrats", "avenants", "enjeux", "axes", "constats"}:
        assert vus <= {_cle(ressource, x) for x in chef}
        assert vus


@pytest.mark.parametrize("role", list(ROLES))
def test_un_droit_qui_manque_vide_la_ressource(monde: Monde, role: str) -> None:
    """The API asks for the right that the page asks for."""
    programme = _programme(monde, role)
    for ressource in RESSOURCES:
        if ressource.droit not in ROLES[role].droits:
            assert programme.liste(f"/{ressource.code}") == [], ressource.code


def test_un_brouillon_n_est_lu_que_chez_qui_le_redige(monde: Monde) -> None:
    def titres(colonne: str) -> str:
        return _programme(monde, colonne).lire("/fiches?limite=200").content.decode()

    assert "Gentiane en brouillon" in titres("agent_epci")
    for colonne in ("maire", "sous_prefet", "elu_autorite", "instructeur"):
        assert "Gentiane en brouillon" not in titres(colonne)


def test_sans_la_portee_rien_n_est_lu(monde: Monde) -> None:
    admin = monde.agents["administrateur"]
    assert admin is not None
    programme = programme_de(admin, "lecture")
    for code in ("journal", "messages"):
        refus = programme.lire(f"/{code}")
        assert refus.status_code == 403
        assert "cette portée" in refus.json()["detail"]
    assert programme_de(admin, "journal.lire").lire("/fiches").status_code == 403


def test_les_pages_se_suivent_sans_trou_ni_doublon(monde: Monde) -> None:
    programme = _programme(monde, "administrateur")
    tout = [x["id"] for x in programme.liste("/organisations?limite=200")]
    lus, curseur = [], ""
    while True:
        page = programme.lire(f"/organisations?limite=2{curseur}").json()
        lus += [x["id"] for x in page["resultats"]]
        if page["suivant"] is None:
            break
        curseur = f"&curseur={page['suivant']}"
    assert lus == tout
    assert len(tout) > 4


def test_une_liste_fait_un_nombre_fixe_de_requetes(monde: Monde) -> None:
    """Token, habilitations, lines, owners, themes, financing, expenses; the hour of the last use, hourly."""
    programme = _programme(monde, "chef_de_projet")
    programme.lire("/fiches")
    with CaptureQueriesContext(connection) as requetes:
        programme.lire("/fiches?limite=200")
    assert len(requetes) <= 7, "\n".join(q["sql"][:150] for q in requetes)


def test_rien_ne_revient_si_rien_n_a_change(monde: Monde) -> None:
    programme = _programme(monde, "chef_de_projet")
    lue = programme.lire("/fiches")
    encore = programme.lire("/fiches", **{"If-None-Match": lue.headers["ETag"]})
    assert encore.status_code == 304
    assert encore.content == b""
    assert programme.lire("/fiches", **{"If-None-Match": '"autre"'}).status_code == 200


def test_le_contrat_se_lit_a_une_date(monde: Monde) -> None:
    programme, pk = _programme(monde, "chef_de_projet"), monde.a.contrat.pk
    refus = programme.lire(f"/contrats/{pk}/consolide")
    if refus.status_code == 404:
        assert "version signée" in refus.json()["detail"]
    else:
        lu = refus.json()
        assert lu["contrat"] == pk
        assert lu["lignes"]


def test_chaque_filtre_filtre(monde: Monde) -> None:
    """A value that nothing has gives an empty list: the filter is not lost on the way."""
    programme = _programme(monde, "administrateur")
    for ressource in RESSOURCES:
        for nom, filtre in ressource.filtres.items():
            rien = {"depuis": "2999-01-01", "jusqu_a": "1999-01-01"}.get(nom) or (
                "999999" if "ge=0" in str(filtre.genre) or "int" in str(filtre.genre) else "zzzz"
            )
            assert programme.liste(f"/{ressource.code}?{nom}={rien}") == [], (ressource.code, nom)


def test_la_session_n_ouvre_pas_l_api(monde: Monde, client: Any) -> None:
    client.force_login(
        monde.agents["administrateur"], backend="arpent.plateforme.acteurs.moteur.MoteurAgents"
    )
    for ressource in PAR_CODE.values():
        assert client.get(f"/api/v1/{ressource.code}").status_code == 401
