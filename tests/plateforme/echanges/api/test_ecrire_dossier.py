"""Writing a grant file through the API: the draft of the page, prefilled, nothing overwritten."""

from __future__ import annotations

from typing import Any

import pytest

from arpent.plateforme.journal.models import Entree
from arpent.plateforme.subventions.models import Dossier
from tests.plateforme import fabrique
from tests.plateforme.subventions.conftest import (
    Bureau,
    accord,
    bureau,
    contrat,
    en_vigueur,
    monde,
    sans_fichiers,
    sans_pdf,
    sans_rendu,
)

from .conftest import Programme, programme_de

__all__ = ["accord", "bureau", "contrat", "en_vigueur", "monde", "sans_fichiers", "sans_pdf", "sans_rendu"]
pytestmark = pytest.mark.django_db
CLE = {"Idempotency-Key": "7d1c-dossier-essai"}


@pytest.fixture
def mairie(bureau: Bureau) -> Programme:
    return programme_de(bureau.secretaire)


def creer(programme: Programme, bureau: Bureau, **valeurs: Any) -> Any:
    return programme.ecrire("POST", "/dossiers", {"fiche": bureau.fiches[0].pk, **valeurs})


def test_creer_un_brouillon_prerempli_du_contrat(mairie: Programme, bureau: Bureau) -> None:
    reponse = creer(mairie, bureau, stade="devis", cout_reel_ht="90000.00")
    assert reponse.status_code == 201, reponse.content
    lue = reponse.json()
    assert reponse.headers["Location"] == f"/api/v1/dossiers/{lue['id']}"
    dossier = Dossier.objects.get()
    assert (lue["etat"], lue["stade"], lue["cout_reel_ht"]) == ("brouillon", "devis", "90000.00")
    assert lue["montant_demande"] == lue["montant_contractualise"] == f"{dossier.montant_contractualise:.2f}"
    assert lue["beneficiaire"] == dossier.maitre_ouvrage_id
    assert mairie.lire(f"/dossiers/{lue['id']}").json() == lue
    gestes = set(Entree.lignes.order_by("-numero").values_list("geste", flat=True)[:4])
    assert {"ouvrir_dossier", "modifier_dossier", "ecrire_par_api"} <= gestes


def test_un_refus_nomme_le_champ_et_n_ouvre_rien(mairie: Programme, bureau: Bureau) -> None:
    envois: list[tuple[dict[str, Any], str]] = [
        ({"cout_reel_ht": "beaucoup"}, "cout_reel_ht"),
        ({"stade": "esquisse"}, "stade"),
        ({"debut_le": "2027-02-30"}, "debut_le"),
        ({"inconnu": 1}, "inconnu"),
        ({"financements": [{"financeur": "etat"}]}, "financements.0.montant"),
    ]
    for envoi, champ in envois:
        refus = creer(mairie, bureau, **envoi)
        assert refus.status_code == 422, refus.content
        assert champ in {e["champ"] for e in refus.json()["erreurs"]}
    assert not Dossier.objects.exists()


def test_une_fiche_a_un_seul_dossier_ouvert(mairie: Programme, bureau: Bureau) -> None:
    assert creer(mairie, bureau).status_code == 201
    encore = creer(mairie, bureau)
    assert encore.status_code == 422
    assert "déjà un dossier" in encore.json()["erreurs"][0]["message"]
    hors = fabrique.fiche(bureau.monde.demarche, maitre_ouvrage=bureau.fiches[0].maitre_ouvrage)
    refus = mairie.ecrire("POST", "/dossiers", {"fiche": hors.pk})
    assert refus.status_code == 422
    assert "avenant" in refus.json()["detail"]
    assert Dossier.objects.count() == 1


def test_la_meme_cle_rejoue_la_meme_reponse(mairie: Programme, bureau: Bureau) -> None:
    corps = {"fiche": bureau.fiches[0].pk}
    une, deux = (mairie.ecrire("POST", "/dossiers", corps, **CLE) for _ in range(2))
    assert (une.status_code, deux.status_code) == (201, 201)
    assert une.content == deux.content
    assert deux.headers["Idempotency-Replayed"] == "true"
    assert Dossier.objects.count() == 1


def test_modifier_demande_la_version_lue(mairie: Programme, bureau: Bureau) -> None:
    creee = creer(mairie, bureau)
    chemin, marque = f"/dossiers/{creee.json()['id']}", creee.headers["ETag"]
    financements = [{"financeur": "etat", "montant": "20000.00", "statut": "acquis", "libelle": "DETR"}]
    envoi = {"montant_demande": "1500.50", "financements": financements}
    assert mairie.ecrire("PATCH", chemin, envoi).status_code == 422
    gardee = mairie.ecrire("PATCH", chemin, envoi, **{"If-Match": marque})
    assert gardee.status_code == 200, gardee.content
    lue = gardee.json()
    assert lue["montant_demande"] == "1500.50"
    assert [(f["libelle"], f["montant"]) for f in lue["financements"]] == [("DETR", "20000.00")]
    assert lue["cout_reel_ht"] == creee.json()["cout_reel_ht"]
    perdue = mairie.ecrire("PATCH", chemin, {"montant_demande": "1.00"}, **{"If-Match": marque})
    assert perdue.status_code == 412
    vide = mairie.ecrire(
        "PATCH", chemin, {"cout_reel_ht": None, "financements": []}, **{"If-Match": gardee.headers["ETag"]}
    )
    assert (vide.json()["cout_reel_ht"], vide.json()["financements"]) == (None, [])
    assert vide.json()["montant_demande"] == "1500.50"


def test_un_dossier_depose_ne_se_modifie_plus(mairie: Programme, bureau: Bureau) -> None:
    dossier = bureau.depose()
    marque = mairie.lire(f"/dossiers/{dossier.pk}").headers["ETag"]
    refus = mairie.ecrire(
        "PATCH", f"/dossiers/{dossier.pk}", {"montant_demande": "1.00"}, **{"If-Match": marque}
    )
    assert refus.status_code == 403
    assert "pièce" in refus.json()["detail"]


def test_qui_ne_depose_pas_a_l_ecran_ne_depose_pas_ici(bureau: Bureau) -> None:
    demarche = bureau.monde.demarche
    chef = creer(programme_de(bureau.monde.chef), bureau)
    assert chef.status_code == 403
    assert "Votre rôle ne permet pas" in chef.json()["detail"]
    voisine = creer(programme_de(fabrique.agent("secretaire_mairie", demarche)), bureau)
    assert voisine.status_code == 403
    ailleurs = creer(programme_de(fabrique.agent("secretaire_mairie", bureau.monde.voisine)), bureau)
    assert ailleurs.status_code == 404
    lecture = creer(programme_de(bureau.secretaire, "lecture", "fiches.ecrire"), bureau)
    assert lecture.status_code == 403
    assert not Dossier.objects.exists()


def test_l_autorite_ne_lit_pas_un_brouillon(mairie: Programme, bureau: Bureau) -> None:
    cle = creer(mairie, bureau).json()["id"]
    chef = programme_de(bureau.monde.chef)
    assert chef.lire(f"/dossiers/{cle}").status_code == 404
    assert chef.liste("/dossiers") == []
    assert [x["id"] for x in mairie.liste("/dossiers")] == [cle]
