"""The phones: a code, a table, a finding, points; nothing more, nothing twice, nothing too late."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from arpent.plateforme.diagnostics.ateliers import actions, codes, jetons, limites
from arpent.plateforme.diagnostics.models import Atelier, ContributionAtelier, Participant, Vote
from tests.plateforme import fabrique

from .atelier_outils import Telephone, adresse, atelier, dire, jeton_du_formulaire

pytestmark = pytest.mark.django_db
ENTRER = "/a/"


@pytest.fixture(autouse=True)
def _compteurs_a_zero() -> Iterator[None]:
    limites.oublier()
    yield
    limites.oublier()


@pytest.fixture
def ouvert() -> Atelier:
    return atelier(fabrique.demarche())


@pytest.fixture
def au_vote() -> Atelier:
    return atelier(fabrique.demarche(), "vote")


def test_un_code_n_a_ni_voyelle_ni_signe_ambigu() -> None:
    tires = {codes.nouveau() for _ in range(300)}
    assert len(tires) > 290
    assert all(len(c) == 6 and not set(c) & set("AEIOU01258LSZB") for c in tires)


def test_le_code_s_entre_en_minuscules_avec_une_espace(ouvert: Atelier) -> None:
    reponse = Client().post(ENTRER, {"code": f" {ouvert.code[:3].lower()} {ouvert.code[3:].lower()}"})
    assert (reponse.status_code, reponse["Location"]) == (302, adresse(ouvert))


def test_on_entre_on_dit_on_lit_ce_que_la_table_a_dit(ouvert: Atelier) -> None:
    telephone = Telephone(ouvert, table=2)
    assert telephone.dire("La maison de santé rouvre.", theme="services").status_code == 302
    dite = ContributionAtelier.objects.get()
    assert (dite.nature, dite.theme, dite.table and dite.table.numero) == ("force", "services", 2)
    assert "La maison de santé rouvre." in telephone.page()


def test_rien_d_identifiant_n_est_garde(ouvert: Atelier) -> None:
    telephone = Telephone(ouvert)
    cookie = telephone.client.cookies[jetons.NOM]
    participant = Participant.objects.get()
    assert len(participant.empreinte) == 64
    assert participant.empreinte not in cookie.value
    assert hashlib.sha256(cookie.value.encode()).hexdigest() != participant.empreinte
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"
    assert cookie["path"] == adresse(ouvert)
    assert "arpent" not in telephone.client.cookies  # no session
    champs = {f.name for f in Participant._meta.concrete_fields}
    assert champs == {"id", "atelier", "empreinte", "table", "entre_le", "effort", "effort_depuis"}
    assert "participant" not in {f.name for f in ContributionAtelier._meta.concrete_fields}


@pytest.mark.parametrize("etat", ["preparation", "clos"])
def test_un_code_inconnu_pas_ouvert_ou_clos_recoit_la_meme_reponse(
    etat: str, django_assert_num_queries: Any
) -> None:
    ici = atelier(fabrique.demarche(), etat)
    pages = []
    for code in (ici.code, "CCCCCC"):
        for adresse_tapee in (False, True):
            with django_assert_num_queries(1):
                client = Client()
                reponse = client.get(f"/a/{code}/") if adresse_tapee else client.post(ENTRER, {"code": code})
            assert reponse.status_code == 404
            pages.append(reponse.content.decode())
    assert all("Ce code n’ouvre aucun atelier" in p for p in pages)
    propres = [p.replace(jeton_du_formulaire(p), "") for p in pages]
    sans_csrf = {"\n".join(x for x in p.splitlines() if "csrfmiddlewaretoken" not in x) for p in propres}
    assert len(sans_csrf) == 1


def test_qui_devine_des_codes_est_arrete_meme_s_il_trouve(ouvert: Atelier) -> None:
    curieux, participant = Client(), Telephone(ouvert)
    for _ in range(limites.CODES_FAUX):
        assert curieux.post(ENTRER, {"code": "CCCCCC"}).status_code == 404
    for reponse in (curieux.post(ENTRER, {"code": ouvert.code}), curieux.get(adresse(ouvert))):
        assert reponse.status_code == 429
        assert "Attendez cinq minutes" in reponse.content.decode()
    assert participant.dire("Je suis déjà entré.").status_code == 302
    ailleurs = Client(REMOTE_ADDR="192.0.2.7")
    assert ailleurs.post(ENTRER, {"code": ouvert.code}).status_code == 302


def test_le_meme_telephone_ne_compte_qu_une_fois(ouvert: Atelier) -> None:
    telephone = Telephone(ouvert, table=1)
    telephone.envoyer("table", table=1)
    telephone.envoyer("table", table=3)
    participant = Participant.objects.get()
    assert participant.table is not None
    assert participant.table.numero == 3


def test_un_double_appui_n_envoie_qu_un_constat(ouvert: Atelier) -> None:
    telephone = Telephone(ouvert)
    jeton = jeton_du_formulaire(telephone.page())
    reponses = [telephone.dire("Dit une fois.", _soumission=jeton) for _ in range(2)]
    assert [r.status_code for r in reponses] == [302, 302]
    assert ContributionAtelier.objects.count() == 1


def test_un_double_appui_ne_place_qu_un_point(au_vote: Atelier) -> None:
    dite, telephone = dire(au_vote), Telephone(au_vote)
    for _ in range(2):
        telephone.voter(dite, _soumission="meme-formulaire")
    assert Vote.objects.get().points == 1


def test_on_ne_place_jamais_plus_que_ses_points(au_vote: Atelier) -> None:
    dites, telephone = [dire(au_vote, f"Constat {n}") for n in range(3)], Telephone(au_vote)
    for n in range(8):
        telephone.voter(dites[n % 3])
    assert sum(Vote.objects.values_list("points", flat=True)) == 5
    assert "Vos 5 points sont tous placés" in telephone.page()
    telephone.voter(dites[0], "moins")
    telephone.voter(dites[2])
    assert "Merci, vos 5 points sont placés" in telephone.page()
    assert dict(Vote.objects.values_list("contribution__texte", "points")) == {
        "Constat 0": 1, "Constat 1": 2, "Constat 2": 2,
    }  # fmt: skip


def test_reprendre_un_point_que_l_on_n_a_pas_place_ne_fait_rien(au_vote: Atelier) -> None:
    dite, telephone = dire(au_vote), Telephone(au_vote)
    telephone.voter(dite, "moins")
    assert not Vote.objects.exists()


def test_apres_la_cloture_un_vote_est_refuse_et_le_dit(au_vote: Atelier) -> None:
    dite, telephone = dire(au_vote), Telephone(au_vote)
    telephone.voter(dite)
    actions.faire_avancer(au_vote, "clore_atelier", par=None)
    assert telephone.voter(dite).status_code == 302
    page = telephone.page()
    assert "L’atelier est clos : il ne reçoit plus rien" in page
    assert "Merci, l’atelier est clos" in page
    assert Vote.objects.get().points == 1


def test_un_constat_n_est_plus_recu_pendant_le_vote(ouvert: Atelier) -> None:
    telephone = Telephone(ouvert)
    actions.faire_avancer(ouvert, "ouvrir_vote", par=None)
    telephone.dire("Trop tard.")
    assert "les nouveaux constats ne sont plus reçus" in telephone.page()
    assert not ContributionAtelier.objects.exists()


def test_on_ne_vote_pas_pour_le_constat_d_un_autre_atelier(au_vote: Atelier) -> None:
    ailleurs = dire(atelier(fabrique.demarche(), "vote"))
    telephone = Telephone(au_vote)
    telephone.voter(ailleurs)
    assert "n’est plus soumis au vote" in telephone.page()
    assert not Vote.objects.exists()


def test_le_cookie_d_un_atelier_n_ouvre_pas_l_autre(ouvert: Atelier) -> None:
    telephone, autre = Telephone(ouvert), atelier(fabrique.demarche())
    intrus = Client()
    intrus.cookies[jetons.NOM] = telephone.client.cookies[jetons.NOM].value
    reponse = intrus.post(adresse(autre, "constat"), {"nature": "force", "texte": "Chez le voisin."})
    assert reponse.status_code == 302
    assert not ContributionAtelier.objects.exists()
    assert "Choisissez de nouveau votre table" in intrus.get(adresse(autre)).content.decode()


@pytest.mark.parametrize("valeur", ["", "faux", "eyJhIjoxfQ:1abcde:signature"])
def test_un_cookie_faux_ou_expire_ramene_au_choix_de_la_table(
    ouvert: Atelier, valeur: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    telephone = Telephone(ouvert)
    if valeur:
        telephone.client.cookies[jetons.NOM] = valeur
    else:
        monkeypatch.setattr(jetons, "DUREE", -1)
    reponse = telephone.dire("Plus de place.")
    assert reponse.status_code == 302
    assert not ContributionAtelier.objects.exists()
    assert "À quelle table êtes-vous" in telephone.page()


def test_dix_mille_caracteres_sont_refuses_et_gardes(ouvert: Atelier) -> None:
    telephone = Telephone(ouvert)
    reponse = telephone.dire("é" * 10_000)
    assert reponse.status_code == 422
    page = reponse.content.decode()
    assert "300 caractères au plus, vous en avez écrit 10000" in page
    assert "é" * 10_000 in page
    assert not ContributionAtelier.objects.exists()


@pytest.mark.parametrize("texte", ["", "   ", "\u200b\u202e"])
def test_un_constat_vide_est_refuse(ouvert: Atelier, texte: str) -> None:
    assert Telephone(ouvert).dire(texte).status_code == 422
    assert not ContributionAtelier.objects.exists()


def test_une_nature_ou_un_theme_inventes_sont_refuses(ouvert: Atelier) -> None:
    telephone = Telephone(ouvert)
    assert telephone.dire("Texte.", nature="inventee").status_code == 422
    assert telephone.dire("Texte.", theme="invente").status_code == 422


def test_les_marques_qui_retournent_le_texte_et_les_sauts_de_ligne_disparaissent(ouvert: Atelier) -> None:
    Telephone(ouvert).dire("Un\u202e texte\r\nsur deux\x07 lignes")
    assert ContributionAtelier.objects.get().texte == "Un texte sur deux lignes"


@pytest.mark.parametrize(
    "charge", ["<script>alert(1)</script>", '"><img src=x onerror=alert(1)>', "{{ 7*7 }}"]
)
def test_une_charge_hostile_s_affiche_et_n_agit_pas(ouvert: Atelier, charge: str) -> None:
    telephone = Telephone(ouvert)
    telephone.dire(charge)
    page = telephone.page()
    assert "<script>alert" not in page
    assert "<img src=x" not in page
    assert ContributionAtelier.objects.get().texte == charge


def test_qui_inonde_est_ralenti_et_garde_son_texte(ouvert: Atelier) -> None:
    telephone = Telephone(ouvert)
    possibles = limites.EFFORT_PAR_MINUTE // limites.EFFORT_CONTRIBUTION
    assert [telephone.dire(f"Constat {n}").status_code for n in range(possibles)] == [302] * possibles
    reponse = telephone.dire("Encore un")
    assert reponse.status_code == 429
    assert "Encore un" in reponse.content.decode()
    assert ContributionAtelier.objects.count() == possibles
    assert Telephone(ouvert).dire("D’une autre table").status_code == 302
    Participant.objects.update(effort_depuis="2020-01-01T00:00Z")
    assert telephone.dire("Une minute plus tard").status_code == 302


def test_un_atelier_entier_est_borne(ouvert: Atelier, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limites, "CONTRIBUTIONS_PAR_MINUTE", 2)
    codes_http = [Telephone(ouvert).dire("Flot").status_code for _ in range(3)]
    assert codes_http == [302, 302, 429]
    monkeypatch.setattr(limites, "PARTICIPANTS", 3)
    Telephone(ouvert)
    assert Participant.objects.count() == 3


def test_une_demande_absurde_est_refusee_sans_erreur(au_vote: Atelier) -> None:
    telephone = Telephone(au_vote)
    for donnees in ({}, {"contribution": "9" * 30, "sens": "plus"}, {"contribution": "²", "sens": "plus"}):
        assert telephone.envoyer("vote", **donnees).status_code == 302
    assert Telephone(au_vote, table=None).envoyer("table", table="²").status_code == 302
    assert telephone.envoyer("table", table="99").status_code == 302


def test_le_telephone_apprend_que_le_vote_s_ouvre(ouvert: Atelier) -> None:
    telephone = Telephone(ouvert)
    url = f"{adresse(ouvert, 'direct')}?lu=ouvert"
    premiere = telephone.client.get(url)
    assert "Le vote est ouvert" not in premiere.content.decode()
    marque = premiere["ETag"]
    assert telephone.client.get(url, headers={"If-None-Match": marque}).status_code == 304
    actions.faire_avancer(ouvert, "ouvrir_vote", par=None)
    suite = telephone.client.get(url, headers={"If-None-Match": marque})
    assert suite.status_code == 200
    assert "Le vote est ouvert : voter" in suite.content.decode()


def test_la_page_du_vote_coute_peu_quel_que_soit_le_nombre(
    au_vote: Atelier, django_assert_max_num_queries: Any
) -> None:
    for n in range(60):
        dire(au_vote, f"Constat {n}")
    telephone = Telephone(au_vote)
    with django_assert_max_num_queries(4):
        assert telephone.page().count("Placer un point") == 60
    with django_assert_max_num_queries(2):
        telephone.client.get(adresse(au_vote, "direct"))


def test_la_liste_des_ateliers_n_existe_pas_sans_compte(ouvert: Atelier) -> None:
    url = reverse("diagnostics:ateliers", args=[ouvert.demarche.slug])
    assert Client().get(url).status_code == 302
