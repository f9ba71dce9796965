"""Leading a workshop: its cycle, its screen, its moderation, its minutes, its findings on the board."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from arpent.plateforme.acteurs.models import Agent
from arpent.plateforme.demarches.models import Demarche
from arpent.plateforme.diagnostics.ateliers import actions, compte_rendu, exemple
from arpent.plateforme.diagnostics.models import Atelier, ContributionAtelier, Vote
from arpent.plateforme.journal.models import Entree
from tests.plateforme import fabrique

from .atelier_outils import Telephone, atelier, dire

pytestmark = pytest.mark.django_db
Connecte = Callable[[Agent], Client]


@pytest.fixture
def ici() -> Demarche:
    return fabrique.demarche()


@pytest.fixture
def animatrice(connecte: Connecte, ici: Demarche) -> Client:
    return connecte(fabrique.agent("agent_epci", ici))


def url(ou: Demarche | Atelier, nom: str) -> str:
    if isinstance(ou, Atelier):
        return reverse(f"diagnostics:{nom}", args=[ou.demarche.slug, ou.pk])
    return reverse(f"diagnostics:{nom}", args=[ou.slug])


def texte(reponse: Any) -> str:
    return str(reponse.content.decode())


def saisie(**champs: Any) -> dict[str, Any]:
    base = {"titre": "Regards croisés", "tenu_le": "2026-03-12", "lieu": "Florac", "points": 5}
    return base | {"nombre_tables": 4, "version_lue": 1} | champs


def test_preparer_donne_un_code_des_tables_et_un_deroule(animatrice: Client, ici: Demarche) -> None:
    assert animatrice.post(url(ici, "atelier_creer"), saisie()).status_code == 302
    cree = Atelier.objects.get()
    assert (cree.etat, len(cree.code), cree.tables.count()) == ("preparation", 6, 4)
    assert cree.deroule[0] == {"genre": "accueil"}
    assert Entree.objects.filter(geste="creer", objet_type="diagnostics.atelier").exists()


@pytest.mark.parametrize(
    ("champs", "message"),
    [({"points": 0}, "de 1 à 20 points"), ({"nombre_tables": 41}, "40"), ({"tenu_le": "hier"}, "date")],
)
def test_une_saisie_fausse_est_dite_et_gardee(
    animatrice: Client, ici: Demarche, champs: dict[str, Any], message: str
) -> None:
    page = texte(animatrice.post(url(ici, "atelier_creer"), saisie(**champs)))
    assert message in page
    assert 'value="Florac"' in page
    assert not Atelier.objects.exists()


def test_une_table_ou_l_on_a_parle_ne_disparait_pas(animatrice: Client, ici: Demarche) -> None:
    prepare = atelier(ici, tables=4)
    dire(prepare, table=4)
    page = texte(
        animatrice.post(
            url(prepare, "atelier_modifier"), saisie(nombre_tables=2, version_lue=prepare.version)
        )
    )
    assert "Table 4 a déjà des participants ou des constats" in page
    assert prepare.tables.count() == 4


def test_deux_modifications_concurrentes_montrent_le_conflit(animatrice: Client, ici: Demarche) -> None:
    prepare = atelier(ici)
    lue = prepare.version
    for titre, statut in (("Le premier", 302), ("Le second", 409)):
        reponse = animatrice.post(url(prepare, "atelier_modifier"), saisie(titre=titre, version_lue=lue))
        assert reponse.status_code == statut
    prepare.refresh_from_db()
    assert prepare.titre == "Le premier"


def _lignes(*etapes: dict[str, Any]) -> dict[str, Any]:
    donnees: dict[str, Any] = {"form-TOTAL_FORMS": len(etapes), "form-INITIAL_FORMS": 0}
    for n, etape in enumerate(etapes):
        for cle, valeur in ({"ordre": n + 1} | etape).items():
            donnees[f"form-{n}-{cle}"] = valeur
    return donnees


def test_le_deroule_s_ordonne_et_se_corrige(animatrice: Client, ici: Demarche) -> None:
    prepare = atelier(ici)
    donnees = _lignes(
        {"genre": "vote", "ordre": 9},
        {"genre": "indicateur", "indicateur": "part_65_plus", "ordre": 1},
        {"genre": "collecte", "titre": "Et chez vous ?", "ordre": 2},
        {"genre": "texte", "titre": "À retirer", "retirer": "on", "ordre": 3},
        {"genre": ""},
    )
    envoi = donnees | {"version_lue": prepare.version}
    assert animatrice.post(url(prepare, "atelier_deroule"), envoi).status_code == 302
    prepare.refresh_from_db()
    assert [e["genre"] for e in prepare.deroule] == ["indicateur", "collecte", "vote"]
    assert prepare.deroule[1]["titre"] == "Et chez vous ?"
    assert animatrice.post(url(prepare, "atelier_deroule"), envoi).status_code == 409
    sans = _lignes({"genre": "indicateur"}) | {"version_lue": prepare.version}
    assert "Choisissez l’indicateur à montrer" in texte(
        animatrice.post(url(prepare, "atelier_deroule"), sans)
    )


def test_l_atelier_suit_son_cycle_et_le_journal_le_dit(animatrice: Client, ici: Demarche) -> None:
    prepare = atelier(ici, "preparation")
    suite = [
        "ouvrir_atelier",
        "ouvrir_vote",
        "reprendre_collecte",
        "ouvrir_vote",
        "clore_atelier",
        "rouvrir_atelier",
    ]
    for geste in suite:
        animatrice.post(url(prepare, "atelier_geste"), {"geste": geste})
    prepare.refresh_from_db()
    assert (prepare.etat, prepare.compte_rendu, prepare.clos_le) == ("ouvert", "", None)
    gestes = (
        Entree.objects.filter(objet_type="diagnostics.atelier")
        .order_by("numero")
        .values_list("geste", flat=True)
    )
    assert list(gestes)[1:] == suite
    refus = animatrice.post(url(prepare, "atelier_geste"), {"geste": "ouvrir_atelier"}, follow=True)
    assert "n’est pas possible" in texte(refus)


def test_qui_ne_fait_que_lire_ne_tourne_pas_les_pages(connecte: Connecte, ici: Demarche) -> None:
    prepare = atelier(ici)
    lecteur = connecte(fabrique.agent("maire", ici))
    assert lecteur.get(url(prepare, "atelier_projection")).status_code == 200
    for nom in ("atelier_etape", "atelier_geste", "atelier_contributions", "atelier_tables"):
        assert lecteur.post(url(prepare, nom), {}).status_code == 403


def test_l_ecran_suit_les_etapes_et_ne_sort_pas_du_deroule(animatrice: Client, ici: Demarche) -> None:
    prepare = atelier(ici, deroule=[{"genre": "accueil"}, {"genre": "texte", "titre": "Bonjour"}])
    for aller, attendu in (("1", 1), ("99", 1), ("-1", 1), ("²", 1), ("0", 0)):
        assert animatrice.post(url(prepare, "atelier_etape"), {"aller": aller}).status_code == 302
        prepare.refresh_from_db()
        assert prepare.etape == attendu
    partiel = animatrice.post(
        url(prepare, "atelier_etape"), {"aller": "1"}, headers={"HX-Request": "true"}, follow=True
    )
    assert texte(partiel).startswith('<div id="scene"')
    assert "<h1>Bonjour</h1>" in texte(partiel)


def test_l_ecran_ne_change_que_lorsque_quelque_chose_change(animatrice: Client, ici: Demarche) -> None:
    prepare = atelier(ici, "vote", deroule=[{"genre": "vote"}])
    un, deux = dire(prepare, "Un"), dire(prepare, "Deux")
    telephone = Telephone(prepare)
    telephone.voter(un)
    direct = url(prepare, "atelier_direct")
    marque = animatrice.get(direct)["ETag"]
    assert animatrice.get(direct, headers={"If-None-Match": marque}).status_code == 304
    telephone.voter(un, "moins")
    telephone.voter(deux)  # as many points, elsewhere
    suite = animatrice.get(direct, headers={"If-None-Match": marque})
    assert suite.status_code == 200
    assert "Deux" in texte(suite)


def test_l_ecran_montre_l_indicateur_et_ses_comparaisons(
    connecte: Connecte, demarche: Demarche, django_assert_max_num_queries: Any
) -> None:
    prepare = atelier(demarche, deroule=[{"genre": "indicateur", "indicateur": "part_65_plus"}])
    animatrice = connecte(fabrique.agent("agent_epci", demarche))
    with django_assert_max_num_queries(25):
        page = texte(animatrice.get(url(prepare, "atelier_projection")))
    assert "28,7" in page
    assert "France" in page
    assert "2022" in page


def test_un_observatoire_vide_le_dit_a_l_ecran(
    animatrice: Client, ici: Demarche, tmp_path: Any, settings: Any
) -> None:
    settings.ARPENT_DONNEES = tmp_path
    prepare = atelier(ici, deroule=[{"genre": "indicateur", "indicateur": "part_65_plus"}])
    reponse = animatrice.get(url(prepare, "atelier_projection"))
    assert reponse.status_code == 200
    assert 'class="geant' not in texte(reponse)
    assert animatrice.post(url(prepare, "atelier_geste"), {"geste": "clore_atelier"}).status_code == 302


def test_ecarter_rend_les_points_et_garde_le_constat(animatrice: Client, ici: Demarche) -> None:
    prepare = atelier(ici, "vote")
    dite, telephone = dire(prepare, "Hors sujet"), Telephone(prepare)
    telephone.voter(dite)
    animatrice.post(url(prepare, "atelier_contributions"), {"geste": "ecarter", "contribution": dite.pk})
    dite.refresh_from_db()
    assert dite.ecartee
    assert "Il vous reste 5 points" in telephone.page()
    assert "Hors sujet" not in telephone.page()
    assert Entree.objects.filter(geste="ecarter_contribution").exists()
    animatrice.post(url(prepare, "atelier_contributions"), {"geste": "retablir", "contribution": dite.pk})
    assert "Hors sujet" in telephone.page()


def test_reunir_des_doublons_additionne_leurs_points(animatrice: Client, ici: Demarche) -> None:
    prepare = atelier(ici, "vote")
    un, deux = dire(prepare, "Pas de médecin"), dire(prepare, "Manque de médecins")
    premier, second = Telephone(prepare), Telephone(prepare)
    for telephone, dite in ((premier, un), (premier, deux), (premier, deux), (second, deux)):
        telephone.voter(dite)
    animatrice.post(
        url(prepare, "atelier_contributions"), {"geste": "fusionner", "contribution": [un.pk, deux.pk]}
    )
    assert sorted(Vote.objects.values_list("contribution_id", "points")) == [(un.pk, 1), (un.pk, 3)]
    deux.refresh_from_db()
    assert (deux.ecartee, deux.fusionnee_dans_id) == (True, un.pk)


def test_sans_rien_cocher_on_dit_quoi_faire(animatrice: Client, ici: Demarche) -> None:
    prepare, ailleurs = atelier(ici), dire(atelier(fabrique.demarche()))
    for donnees in ({"geste": "ecarter"}, {"geste": "ecarter", "contribution": ailleurs.pk}):
        reponse = animatrice.post(url(prepare, "atelier_contributions"), donnees, follow=True)
        assert "Cochez au moins un constat" in texte(reponse)
    ailleurs.refresh_from_db()
    assert not ailleurs.ecartee


def test_verser_au_tableau_garde_l_origine_et_ne_double_pas(animatrice: Client, ici: Demarche) -> None:
    prepare = atelier(ici, "vote", tables=3)
    dite = dire(prepare, "Les jeunes partent.", table=3, theme="habitants")
    Telephone(prepare).voter(dite)
    envoi = {"geste": "verser", "contribution": dite.pk}
    refus = animatrice.post(url(prepare, "atelier_contributions"), envoi, follow=True)
    assert "Clôturez d’abord" in texte(refus)
    actions.faire_avancer(prepare, "clore_atelier", par=None)
    for _ in range(2):
        animatrice.post(url(prepare, "atelier_contributions"), envoi)
    constat = ici.constats.get()
    assert constat.propose_par == "Atelier du 12 mars 2026, table 3"
    assert (constat.accord, constat.nature, constat.theme) == ("propose", "faiblesse", "habitants")
    preuve = constat.preuves.get()
    assert preuve.genre == "parole"
    assert "1 point" in preuve.texte
    assert ContributionAtelier.objects.get().constat_id == constat.pk


def test_le_compte_rendu_dit_tout_sauf_les_noms(animatrice: Client, ici: Demarche) -> None:
    prepare = atelier(ici, "vote", tables=2, lieu="Florac")
    dites = [dire(prepare, "=CMD()", table=1), dire(prepare, "Une belle vallée", table=2, nature="force")]
    telephone = Telephone(prepare)
    for dite in (dites[0], dites[0], dites[1]):
        telephone.voter(dite)
    assert "provisoire" in texte(animatrice.get(url(prepare, "atelier_compte_rendu")))
    actions.faire_avancer(prepare, "clore_atelier", par=None)
    prepare.refresh_from_db()
    doc = compte_rendu.assembler(prepare)
    assert (doc.participants, doc.points_poses, doc.nombre_contributions) == (1, 3, 2)
    assert "1 participant à 2 tables ; 2 constats, 3 points placés par 1 votant." in prepare.compte_rendu
    assert "- =CMD() [2 points ; Table 1]" in prepare.compte_rendu
    telecharge = animatrice.get(url(prepare, "atelier_compte_rendu_txt"))
    assert telecharge.content.decode() == prepare.compte_rendu
    assert telecharge["Content-Disposition"].startswith("attachment")
    tableau = animatrice.get(url(prepare, "atelier_compte_rendu_csv")).content.decode()
    assert '"\'=CMD()"' in tableau
    empreinte = prepare.participants.get().empreinte
    assert all(empreinte not in t for t in (prepare.compte_rendu, tableau))


def test_les_pages_coutent_peu_quel_que_soit_le_nombre(
    animatrice: Client, ici: Demarche, django_assert_max_num_queries: Any
) -> None:
    prepare = atelier(ici, "vote", tables=12)
    for n in range(80):
        dire(prepare, f"Constat {n}", table=n % 12 + 1)
    for nom in ("atelier", "atelier_compte_rendu", "atelier_projection"):
        with django_assert_max_num_queries(20):
            assert animatrice.get(url(prepare, nom)).status_code == 200
    with django_assert_max_num_queries(15):
        animatrice.get(url(ici, "ateliers"))


def test_l_exemple_seme_deux_ateliers_une_seule_fois(demarche: Demarche) -> None:
    for _ in range(2):
        exemple.semer(demarche)
    clos, ouvert = Atelier.objects.filter(demarche=demarche).order_by("tenu_le")
    assert (clos.etat, ouvert.etat) == ("clos", "ouvert")
    assert clos.demonstration
    assert ouvert.demonstration
    par_participant: dict[int, int] = {}
    for qui, points in Vote.objects.values_list("participant_id", "points"):
        par_participant[qui] = par_participant.get(qui, 0) + points
    assert sum(par_participant.values()) == 106
    assert max(par_participant.values()) <= clos.points
    assert "28,7" in clos.compte_rendu
