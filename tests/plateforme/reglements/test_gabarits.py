"""The Word templates of an authority: deposit, trial, service, return, and whose documents wear them."""

from __future__ import annotations

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from docx import Document
from pytest_django import DjangoAssertNumQueries

from arpent.plateforme.documents.catalogue import gabarit
from arpent.plateforme.documents.gabarits_autorite import champs_disponibles, gabarit_word, lire
from arpent.plateforme.documents.gabarits_word.exigences import exigences
from arpent.plateforme.documents.gabarits_word.paquet import GabaritRefuse
from arpent.plateforme.documents.models import GabaritAutorite
from arpent.plateforme.documents.rendu.pdf import RenduImpossible
from arpent.plateforme.journal.models import Entree
from arpent.plateforme.reglements.gabarits import (
    GabaritDepasse,
    deposer,
    mettre_en_service,
    revenir_au_livre,
)
from arpent.plateforme.reglements.models import Dispositif
from tests.documents.test_gabarits_word import avec, enregistrer, livre
from tests.plateforme import fabrique

MOT = "Gabarit du Département d’essai"


def modele(mot: str = MOT) -> bytes:
    return avec(mot)


@pytest.fixture
def dispositif(db: None) -> Dispositif:
    return fabrique.dispositif()


def depose(dispositif: Dispositif, contenu: bytes | None = None) -> GabaritAutorite:
    return deposer(dispositif.autorite, "avenant", contenu or modele(), "avenant.docx", par=None)


def en_service(dispositif: Dispositif, contenu: bytes | None = None) -> GabaritAutorite:
    numero = depose(dispositif, contenu).numero
    return mettre_en_service(dispositif.autorite, "avenant", numero, par=None)


def texte_avec(autorite_id: int) -> str:
    doc = gabarit("avenant/v1").exemple()
    rendu = gabarit_word(autorite_id, "avenant").rendre(doc)  # type: ignore[arg-type]
    return "\n".join(p.text for p in Document(io.BytesIO(rendu)).paragraphs)


def test_un_depot_ne_sert_pas_avant_d_etre_mis_en_service(dispositif: Dispositif) -> None:
    trouve = depose(dispositif)
    assert (trouve.code, trouve.livre, len(trouve.sha256)) == ("avenant/autorite-1", "avenant/v1", 64)
    assert MOT not in texte_avec(dispositif.autorite_id)
    mettre_en_service(dispositif.autorite, "avenant", 1, par=None)
    assert MOT in texte_avec(dispositif.autorite_id)
    assert gabarit_word(dispositif.autorite_id, "avenant").code == "avenant/autorite-1"
    assert [e.geste for e in Entree.objects.order_by("numero")] == ["deposer_gabarit", "servir_gabarit"]


def test_le_gabarit_d_une_autorite_ne_sert_pas_a_une_autre(dispositif: Dispositif) -> None:
    en_service(dispositif)
    autre = fabrique.organisation(nom="Département voisin")
    assert MOT not in texte_avec(autre.pk)
    assert gabarit_word(autre.pk, "avenant").code == ""
    assert gabarit_word(dispositif.autorite_id, "contrat").code == ""


def test_retire_le_gabarit_livre_sert_a_nouveau_et_le_motif_est_garde(dispositif: Dispositif) -> None:
    en_service(dispositif)
    revenir_au_livre(dispositif.autorite, "avenant", "erreur de logo", numero=1, par=None)
    assert MOT not in texte_avec(dispositif.autorite_id)
    entree = Entree.objects.get(geste="revenir_au_gabarit_livre")
    assert entree.apres == {"gabarit": "avenant/v1", "motif": "erreur de logo"}
    with pytest.raises(GabaritDepasse, match="plus en service"):
        revenir_au_livre(dispositif.autorite, "avenant", "encore", numero=1, par=None)


def test_un_second_gabarit_remplace_le_premier_qui_reste(dispositif: Dispositif) -> None:
    en_service(dispositif)
    en_service(dispositif, modele("Deuxième mise en page"))
    assert "Deuxième mise en page" in texte_avec(dispositif.autorite_id)
    premier, second = GabaritAutorite.objects.order_by("numero")
    assert premier.retire_le is not None
    assert second.est_en_service
    assert MOT in "\n".join(p.text for p in Document(io.BytesIO(lire(premier))).paragraphs)
    revenir_au_livre(dispositif.autorite, "avenant", "essai", numero=2, par=None)
    assert gabarit_word(dispositif.autorite_id, "avenant").code == ""


def test_le_meme_fichier_envoye_deux_fois_est_un_depot(dispositif: Dispositif) -> None:
    contenu = modele()
    assert depose(dispositif, contenu).pk == depose(dispositif, contenu).pk
    mettre_en_service(dispositif.autorite, "avenant", 1, par=None)
    with pytest.raises(GabaritRefuse, match="déjà en service"):
        depose(dispositif, contenu)
    assert GabaritAutorite.objects.count() == 1


def test_on_ne_met_en_service_que_le_dernier_depot(dispositif: Dispositif) -> None:
    depose(dispositif)
    depose(dispositif, modele("Autre"))
    with pytest.raises(GabaritDepasse, match="entre-temps"):
        mettre_en_service(dispositif.autorite, "avenant", 1, par=None)
    with pytest.raises(GabaritDepasse):
        mettre_en_service(dispositif.autorite, "avenant", 9, par=None)
    assert not GabaritAutorite.objects.exclude(en_service_le=None).exists()


def test_un_gabarit_refuse_ne_laisse_rien(dispositif: Dispositif) -> None:
    with pytest.raises(GabaritRefuse, match="titrre"):
        depose(dispositif, avec("{{ titrre }}"))
    assert not GabaritAutorite.objects.exists()
    assert not Entree.objects.exists()


def test_un_fichier_change_ou_perdu_n_emet_rien(dispositif: Dispositif) -> None:
    servi = en_service(dispositif)
    with open(servi.fichier.path, "ab") as flux:
        flux.write(b"x")
    with pytest.raises(RenduImpossible, match="a changé"):
        gabarit_word(dispositif.autorite_id, "avenant")
    servi.fichier.storage.delete(servi.fichier.name)
    with pytest.raises(RenduImpossible, match="a disparu"):
        gabarit_word(dispositif.autorite_id, "avenant")


def test_choisir_le_gabarit_est_une_requete(
    dispositif: Dispositif, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_num_queries(1):
        gabarit_word(dispositif.autorite_id, "contrat")
    en_service(dispositif)
    with django_assert_num_queries(1):
        gabarit_word(dispositif.autorite_id, "avenant")


def test_les_champs_disponibles_disent_ce_qui_se_repete() -> None:
    champs = champs_disponibles("contrat")
    assert {"titre", "parties*.nom", "articles*.paragraphes*", "maquette.lignes*.aide", "charte.pied"} <= set(
        champs
    )


def _fichier(contenu: bytes, nom: str = "mien.docx") -> SimpleUploadedFile:
    return SimpleUploadedFile(nom, contenu)


def test_la_page_depose_essaie_met_en_service_et_revient(dispositif: Dispositif, client: Client) -> None:
    demarche = fabrique.demarche(dans=dispositif)
    client.force_login(fabrique.agent("chef_de_projet", demarche))
    liste = reverse("reglements:gabarits", args=[dispositif.slug])
    page = reverse("reglements:gabarit", args=[dispositif.slug, "avenant"])
    servir = reverse("reglements:gabarit_servir", args=[dispositif.slug, "avenant"])
    revenir = reverse("reglements:gabarit_revenir", args=[dispositif.slug, "avenant"])
    vue = client.get(liste).content.decode()
    assert all(x.titre in vue for x in exigences().values())
    assert "tous ceux qui sont livrés" in vue

    assert client.post(page, {}).status_code == 422
    refus = client.post(page, {"fichier": _fichier(avec("{{ titrre }}"))})
    assert refus.status_code == 422
    assert "vouliez-vous « titre »" in refus.content.decode()
    assert client.post(page, {"fichier": _fichier(modele())}).status_code == 302
    essai = client.get(page).content.decode()
    assert "Mettre en service" in essai
    assert "mien.docx" in essai

    exemple = reverse("reglements:gabarit_fichier", args=[dispositif.slug, "avenant", "1", "exemple"])
    rempli = Document(io.BytesIO(client.get(exemple).content))
    assert MOT in [p.text for p in rempli.paragraphs]
    assert dispositif.autorite.nom in [p.text for p in rempli.paragraphs]
    assert client.post(servir, {"numero": "7"}).status_code == 409
    assert client.post(servir, {"numero": "x"}).status_code == 422
    assert client.post(servir, {"numero": "1"}).status_code == 302
    assert "1 remplacé par les vôtres" in client.get(liste).content.decode()
    assert client.post(servir, {"numero": "1"}).status_code == 409

    sans_motif = client.post(revenir, {"numero": "1", "motif": ""})
    assert sans_motif.status_code == 422
    assert "Dites pourquoi" in sans_motif.content.decode()
    assert client.post(revenir, {"numero": "1", "motif": "logo"}).status_code == 302
    encore = client.post(revenir, {"numero": "1", "motif": "logo à garder"})
    assert encore.status_code == 409
    assert "retiré le" in client.get(page).content.decode()


@pytest.mark.parametrize("nom", sorted(exigences()))
def test_le_gabarit_livre_et_son_exemple_se_telechargent(
    dispositif: Dispositif, client: Client, nom: str
) -> None:
    client.force_login(fabrique.agent("chef_de_projet", fabrique.demarche(dans=dispositif)))
    url = [reverse("reglements:gabarit_fichier", args=[dispositif.slug, nom, "livre", q])
           for q in ("gabarit", "exemple")]  # fmt: skip
    assert client.get(url[0]).content == livre(nom)
    rempli = client.get(url[1])
    assert rempli.content[:2] == b"PK"
    assert f'filename="{nom}-livre-exemple.docx"' in rempli["Content-Disposition"]
    assert client.get(reverse("reglements:gabarit", args=[dispositif.slug, nom])).status_code == 200


@pytest.mark.parametrize(
    ("nom", "quel", "quoi"),
    [("inconnu", "livre", "gabarit"), ("avenant", "3", "gabarit"), ("avenant", "livre", "autre")],
)
def test_ce_qui_n_existe_pas_est_404(
    dispositif: Dispositif, client: Client, nom: str, quel: str, quoi: str
) -> None:
    client.force_login(fabrique.agent("chef_de_projet", fabrique.demarche(dans=dispositif)))
    url = reverse("reglements:gabarit_fichier", args=[dispositif.slug, nom, quel, quoi])
    assert client.get(url).status_code == 404


def test_un_gabarit_perdu_le_dit_au_lieu_de_tomber(dispositif: Dispositif, client: Client) -> None:
    client.force_login(fabrique.agent("chef_de_projet", fabrique.demarche(dans=dispositif)))
    trouve = depose(dispositif)
    trouve.fichier.storage.delete(trouve.fichier.name)
    url = reverse("reglements:gabarit_fichier", args=[dispositif.slug, "avenant", "1", "exemple"])
    assert "a disparu" in client.get(url, follow=True).content.decode()
    servir = reverse("reglements:gabarit_servir", args=[dispositif.slug, "avenant"])
    assert client.post(servir, {"numero": "1"}).status_code == 422


def test_la_liste_est_le_meme_nombre_de_requetes_avec_des_depots(
    dispositif: Dispositif, client: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    client.force_login(fabrique.agent("chef_de_projet", fabrique.demarche(dans=dispositif)))
    url = reverse("reglements:gabarits", args=[dispositif.slug])
    client.get(url)
    with django_assert_num_queries(QUERIES):
        client.get(url)
    en_service(dispositif)
    depose(dispositif, modele("Autre"))
    with django_assert_num_queries(QUERIES):
        client.get(url)


def test_un_maire_n_y_entre_pas(dispositif: Dispositif, client: Client) -> None:
    demarche = fabrique.demarche(dans=dispositif)
    client.force_login(fabrique.agent("maire", demarche, pour=fabrique.organisation()))
    assert client.get(reverse("reglements:gabarits", args=[dispositif.slug])).status_code == 403


QUERIES = 5


def test_un_document_sans_paragraphe_se_refuse_sans_champ(dispositif: Dispositif) -> None:
    with pytest.raises(GabaritRefuse, match="Il manque"):
        depose(dispositif, enregistrer(Document()))
