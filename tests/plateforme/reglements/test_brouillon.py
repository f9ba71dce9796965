"""`…/reglement/brouillons/…` : opening, reading, undoing, leaving a draft."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from arpent.plateforme.acteurs.models import Agent
from arpent.plateforme.journal.models import Entree
from arpent.plateforme.reglements.actions import ActionRefusee, changements, enregistrer_contenu
from arpent.plateforme.reglements.contenu import article, ordonner
from arpent.plateforme.reglements.fichiers import ecrire_fichier, lire_texte
from arpent.plateforme.reglements.models import BrouillonReglement, Dispositif
from tests.plateforme import fabrique

pytestmark = pytest.mark.django_db
OUVRIR = "/dispositifs/lozere/reglement/brouillons/nouveau/"
PIEGE = "<script>alert('x')</script>"


def titres(brouillon: BrouillonReglement) -> list[str]:
    brouillon.refresh_from_db()
    return [a["titre"] for a in brouillon.contenu["articles"]]


def ouvert(dispositif: Dispositif) -> BrouillonReglement:
    return dispositif.brouillons.latest("pk")


def test_un_brouillon_part_de_la_version_en_vigueur(client_cheffe: Client, dispositif: Dispositif):
    reponse = client_cheffe.post(OUVRIR, {"origine": "version", "version": "1", "intitule": "Règlement 2027"})
    brouillon = ouvert(dispositif)
    assert reponse.url == f"/dispositifs/lozere/reglement/brouillons/{brouillon.pk}/"
    assert brouillon.contenu["articles"] == dispositif.versions.get().contenu["articles"]
    assert brouillon.depuis == dispositif.versions.get()
    assert brouillon.contenu["intitule"] == "Règlement 2027"


def test_un_brouillon_part_d_une_page_blanche(client_cheffe: Client, dispositif: Dispositif):
    client_cheffe.post(OUVRIR, {"origine": "vierge"})
    brouillon = ouvert(dispositif)
    assert brouillon.contenu["articles"] == []
    page = client_cheffe.get(f"/dispositifs/lozere/reglement/brouillons/{brouillon.pk}/").content.decode()
    assert "pas encore d’article" in page
    assert "à corriger" in page


def _fichier(contenu: bytes) -> SimpleUploadedFile:
    return SimpleUploadedFile("reglement.yaml", contenu, content_type="application/yaml")


def test_un_fichier_exporte_se_reimporte_a_l_identique(
    client_cheffe: Client, url: str, dispositif: Dispositif, brouillon: BrouillonReglement
):
    export = client_cheffe.get(f"{url}reglement.yaml")
    assert export.headers["Content-Disposition"].endswith('.yaml"')
    client_cheffe.post(OUVRIR, {"origine": "fichier", "fichier": _fichier(export.content)})
    assert ouvert(dispositif).pk != brouillon.pk
    assert ouvert(dispositif).contenu == brouillon.contenu


def test_un_fichier_faux_est_refuse_avec_ligne_article_et_cle(client_cheffe: Client, dispositif: Dispositif):
    faux = ecrire_fichier(ordonner(dispositif.versions.get().contenu)).replace("natures:", "naturs:", 1)
    envoi = {"origine": "fichier", "fichier": _fichier(faux.encode())}
    page = client_cheffe.post(OUVRIR, envoi)
    assert page.status_code == 400
    texte = page.content.decode()
    ligne = faux[: faux.index("naturs")].count("\n")
    assert f"Ligne {ligne}, article 2, règle « beneficiaire_eligible »" in texte
    assert "clé inconnue « naturs »" in texte
    assert not dispositif.brouillons.exists()
    malgre = {"origine": "fichier", "fichier": _fichier(faux.encode()), "malgre_erreurs": "on"}
    assert client_cheffe.post(OUVRIR, malgre).status_code == 302
    assert "naturs" in str(ouvert(dispositif).contenu)


def test_sans_fichier_la_page_le_demande(client_cheffe: Client):
    page = client_cheffe.post(OUVRIR, {"origine": "fichier"})
    assert "Choisissez le fichier" in page.content.decode()


def test_la_page_du_brouillon_coute_peu_de_requetes(
    client_cheffe: Client, url: str, django_assert_max_num_queries: Callable[..., Any]
):
    client_cheffe.get(url)
    with django_assert_max_num_queries(8):
        client_cheffe.get(url)


def test_un_article_s_ajoute_se_renomme_et_se_deplace(
    client_cheffe: Client, url: str, brouillon: BrouillonReglement
):
    nouveau = {"version_lue": "1", "numero": "9", "titre": "Contrôle", "prose": "Le Département vérifie."}
    reponse = client_cheffe.post(f"{url}articles/nouveau/", nouveau)
    assert reponse.url == f"{url}articles/9/"
    client_cheffe.post(f"{url}articles/9/", nouveau | {"version_lue": "2", "titre": "Contrôles"})
    client_cheffe.post(f"{url}articles/9/geste/", {"version_lue": "3", "geste": "monter"})
    assert titres(brouillon)[-2:] == ["Contrôles", "Demande de subvention"]
    client_cheffe.post(f"{url}articles/9/geste/", {"version_lue": "4", "geste": "descendre"})
    assert titres(brouillon)[-1] == "Demande de subvention"


def test_reecrire_le_texte_garde_les_regles(client_cheffe: Client, url: str, brouillon: BrouillonReglement):
    regles = article(brouillon.contenu, 3)["regles"]
    client_cheffe.post(f"{url}articles/4/", {"version_lue": "1", "numero": "4", "titre": "Taux", "prose": ""})
    brouillon.refresh_from_db()
    assert article(brouillon.contenu, 3) == {"numero": "4", "titre": "Taux", "prose": "", "regles": regles}


def test_un_article_retire_revient_par_l_historique(
    client_cheffe: Client, url: str, brouillon: BrouillonReglement
):
    avant = titres(brouillon)
    client_cheffe.post(f"{url}articles/4/geste/", {"version_lue": "1", "geste": "supprimer"})
    assert len(titres(brouillon)) == len(avant) - 1
    geste = Entree.objects.latest("numero")
    page = client_cheffe.get(f"{url}historique/").content.decode()
    assert "Annuler ce geste" in page
    client_cheffe.post(f"{url}historique/{geste.numero}/annuler/", {"version_lue": "2", "geste": "annuler"})
    assert titres(brouillon) == avant


def test_un_geste_recouvert_ne_s_annule_pas(client_cheffe: Client, url: str, brouillon: BrouillonReglement):
    texte = {"numero": "7", "titre": "Réserve", "prose": "Un."}
    client_cheffe.post(f"{url}articles/7/", texte | {"version_lue": "1"})
    premier = Entree.objects.latest("numero")
    client_cheffe.post(f"{url}articles/7/", texte | {"version_lue": "2", "prose": "Deux."})
    reponse = client_cheffe.post(
        f"{url}historique/{premier.numero}/annuler/", {"version_lue": "3", "geste": "annuler"}, follow=True
    )
    assert "annulez d’abord les gestes plus récents" in reponse.content.decode()
    brouillon.refresh_from_db()
    assert article(brouillon.contenu, 6)["prose"] == "Deux."


def test_le_journal_dit_l_article_avant_et_apres_et_rien_d_autre(
    client_cheffe: Client, url: str, brouillon: BrouillonReglement
):
    texte = {"version_lue": "1", "numero": "7", "titre": "Réserve", "prose": "Un."}
    client_cheffe.post(f"{url}articles/7/", texte)
    entree = Entree.objects.latest("numero")
    assert set(entree.avant) == set(entree.apres) == {"article 7"}
    assert lire_texte(entree.apres["article 7"])[0]["titre"] == "Réserve"


def test_une_version_depassee_est_refusee_article_par_article(
    client_cheffe: Client, url: str, brouillon: BrouillonReglement
):
    texte = {"version_lue": "1", "numero": "7", "titre": "Réserve", "prose": "Un."}
    client_cheffe.post(f"{url}articles/7/", texte)
    for envoi, chemin in (
        (texte | {"titre": "Autre"}, "articles/7/"),
        ({"version_lue": "1", "geste": "supprimer"}, "articles/2/geste/"),
        ({"version_lue": "1", "intitule": "X", "financeur": "departement"}, "tete/"),
        ({"version_lue": "1", "geste": "abandonner"}, "geste/"),
    ):
        assert client_cheffe.post(f"{url}{chemin}", envoi).status_code == 409, chemin
    assert titres(brouillon)[6] == "Réserve"


def test_un_brouillon_abandonne_se_lit_et_se_reprend(
    client_cheffe: Client, url: str, brouillon: BrouillonReglement
):
    client_cheffe.post(f"{url}geste/", {"version_lue": "1", "geste": "abandonner"})
    brouillon.refresh_from_db()
    assert brouillon.etat == "abandonne"
    texte = {"version_lue": "2", "numero": "7", "titre": "Réserve"}
    refus = client_cheffe.post(f"{url}articles/7/", texte)
    assert refus.status_code == 400
    assert "reprenez-le" in refus.content.decode()
    client_cheffe.post(f"{url}geste/", {"version_lue": "2", "geste": "reprendre"})
    brouillon.refresh_from_db()
    assert brouillon.etat == "redaction"


def test_les_noms_des_codes_se_saisissent_ligne_par_ligne(
    client_cheffe: Client, url: str, brouillon: BrouillonReglement
):
    tete = {
        "version_lue": "1",
        "intitule": "R",
        "financeur": "region",
        "libelles": "voirie : Routes : vertes\n",
    }
    assert client_cheffe.post(f"{url}tete/", tete).status_code == 302
    brouillon.refresh_from_db()
    assert brouillon.contenu["libelles"] == {"voirie": "Routes : vertes"}
    assert brouillon.contenu["financeur"] == "region"
    faux = client_cheffe.post(f"{url}tete/", tete | {"version_lue": "2", "libelles": "voirie"})
    assert "écrivez « code : nom »" in faux.content.decode()


def test_ce_qui_est_ecrit_ne_s_execute_jamais(
    client_cheffe: Client, url: str, brouillon: BrouillonReglement, cheffe: Agent
):
    client_cheffe.post(
        f"{url}articles/1/", {"version_lue": "1", "numero": "1", "titre": PIEGE, "prose": PIEGE}
    )
    libelles = f"voirie : {PIEGE}"
    client_cheffe.post(
        f"{url}tete/",
        {"version_lue": "2", "intitule": PIEGE, "financeur": "departement", "libelles": libelles},
    )
    for chemin in (
        "", "articles/1/", "articles/4/", "articles/4/regles/1/", "articles/1/regles/nouvelle/", "tete/",
        "historique/", "publier/", "apercu/",
    ):  # fmt: skip
        texte = client_cheffe.get(f"{url}{chemin}").content.decode()
        assert PIEGE not in texte, chemin
        assert "&lt;script&gt;" in texte, chemin
    lu = lire_texte(client_cheffe.get(f"{url}reglement.yaml").content.decode())[0]
    assert lu["articles"][0]["titre"] == PIEGE


def test_un_reglement_trop_long_est_refuse(brouillon: BrouillonReglement, cheffe: Agent):
    contenu = ordonner(brouillon.contenu)
    contenu["articles"][0]["prose"] = "a " * 300_000
    with pytest.raises(ActionRefusee, match="trop long"):
        enregistrer_contenu(brouillon, contenu, par=cheffe, version_lue=1)


def test_enregistrer_sans_rien_changer_n_ecrit_rien(brouillon: BrouillonReglement, cheffe: Agent):
    entrees = Entree.objects.count()
    enregistrer_contenu(brouillon, ordonner(brouillon.contenu), par=cheffe, version_lue=1)
    brouillon.refresh_from_db()
    assert (brouillon.version, Entree.objects.count()) == (1, entrees)
    assert changements(brouillon.contenu, brouillon.contenu) == ({}, {})


def test_qui_ne_redige_pas_est_refuse_avec_la_raison(
    connecte: Callable[[Agent], Client], url: str, demarche: Any
):
    client = connecte(fabrique.agent("maire", demarche))
    refus = client.get(url)
    assert refus.status_code == 403
    assert "chef de projet territorial" in refus.content.decode()
