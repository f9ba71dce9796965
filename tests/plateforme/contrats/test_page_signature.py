"""The pages of the signature: who sees what, the four channels, the check of any file."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from arpent.plateforme.acteurs.models import Agent
from arpent.plateforme.contrats.models import CircuitSignature, Contrat, EmplacementSignature
from arpent.plateforme.contrats.signatures import papier
from arpent.plateforme.contrats.signatures.circuits import lire_document
from arpent.plateforme.contrats.signatures.electronique import signer_electronique
from arpent.plateforme.notifications.models import Notification
from tests.plateforme import fabrique
from tests.plateforme.contrats.atelier_signature import (
    MOT_DE_PASSE,
    images,
    ouvrir,
    petit_pdf,
    pkcs12,
    places,
)
from tests.plateforme.negociations.conftest import Monde

URL = "/territoires/gevaudan/contrat/"
Connecte = Callable[[Agent], Client]


def fichier(contenu: bytes, nom: str = "a.pdf") -> SimpleUploadedFile:
    return SimpleUploadedFile(nom, contenu)


def representant(accord: Monde, place: EmplacementSignature) -> Agent:
    return fabrique.agent("maire", accord.demarche, pour=place.partie.organisation)


def adresse(place: EmplacementSignature, geste: str = "") -> str:
    return f"{URL}emplacements/{place.pk}/{geste}"


def test_le_chef_ouvre_le_circuit_depuis_la_page(
    accord: Monde, a_signer: Contrat, connecte: Connecte
) -> None:
    client = connecte(accord.chef)
    assert "Ouvrir le circuit de signature" in client.get(URL).content.decode()
    reponse = client.post(URL + "signature/ouvrir/", {"ordre_impose": "on"})
    circuit = CircuitSignature.objects.get()
    assert reponse.headers["Location"] == f"{URL}circuits/{circuit.pk}/"
    assert circuit.ordre_impose
    assert "Signature : 0 sur 4" in client.get(URL).content.decode()
    assert client.get(f"{URL}circuits/{circuit.pk}/").status_code == 200
    assert all(client.get(adresse(p)).status_code == 200 for p in places(circuit))


def test_ouvrir_previent_les_parties_et_le_dit_a_l_accueil(
    accord: Monde, a_signer: Contrat, connecte: Connecte
) -> None:
    partie = a_signer.parties.filter(role="signataire").first()
    assert partie is not None
    maire = fabrique.agent("maire", accord.demarche, pour=partie.organisation)
    connecte(accord.chef).post(URL + "signature/ouvrir/")
    recue = Notification.objects.get(destinataire_id=maire.pk, sujet="Le contrat est à signer")
    assert partie.organisation.nom in recue.texte
    assert "Signatures du contrat attendues" in connecte(maire).get("/").content.decode()


def test_avant_la_version_a_signer_le_circuit_est_refuse(
    accord: Monde, contrat: Contrat, connecte: Connecte
) -> None:
    reponse = connecte(accord.chef).post(URL + "signature/ouvrir/", follow=True)
    assert "n’a pas de version à signer" in reponse.content.decode()


def test_un_maire_signe_pour_sa_commune_seulement(
    accord: Monde, a_signer: Contrat, connecte: Connecte
) -> None:
    lues = ouvrir(a_signer, "electronique", "electronique", "electronique", "electronique")
    client = connecte(representant(accord, lues[2]))
    envoi = {
        "certificat-certificat": fichier(pkcs12("Mme Maire"), "a.p12"),
        "certificat-mot_de_passe": MOT_DE_PASSE,
    }
    assert "Signer le document" in client.get(adresse(lues[2])).content.decode()
    assert "Signer le document" not in client.get(adresse(lues[3])).content.decode()
    assert client.post(adresse(lues[3], "signer/"), envoi).status_code == 403
    envoi["certificat-certificat"] = fichier(pkcs12("Mme Maire"), "a.p12")
    assert client.post(adresse(lues[2], "signer/"), envoi).status_code == 302
    assert "a signé" in client.get(adresse(lues[2])).content.decode()


@pytest.mark.parametrize("role", ["chef_de_projet", "administrateur"])
def test_l_autorite_suit_mais_ne_signe_pas_pour_les_autres(
    accord: Monde, a_signer: Contrat, connecte: Connecte, role: str
) -> None:
    place = ouvrir(a_signer, "electronique")[2]
    client = connecte(fabrique.agent(role, accord.demarche))
    assert client.post(adresse(place, "signer/"), {}).status_code == 403
    assert client.post(adresse(place, "consentir/"), {}).status_code == 403
    envoi = {
        "canal-canal": "papier",
        "canal-signataire": "Mme X",
        "canal-qualite": "",
        "canal-delegation": "",
    }
    assert client.post(adresse(place, "canal/"), envoi).status_code == 302
    place.refresh_from_db()
    assert (place.canal, place.signataire) == ("papier", "Mme X")


def test_un_mauvais_certificat_se_dit_sur_la_page(
    accord: Monde, a_signer: Contrat, connecte: Connecte
) -> None:
    place = ouvrir(a_signer, "electronique")[0]
    elu = fabrique.agent("elu_autorite", accord.demarche, pour=place.partie.organisation)
    client = connecte(elu)
    for contenu, mot, dit in (
        (pkcs12("M. Vieux", debut=-400, fin=-2), MOT_DE_PASSE, "a expiré le"),
        (pkcs12(), "faux", "ne correspond pas à ce certificat"),
        (b"x" * 70_000, "", "trop gros pour un certificat"),
    ):
        envoi = {"certificat-certificat": fichier(contenu, "a.p12"), "certificat-mot_de_passe": mot}
        reponse = client.post(adresse(place, "signer/"), envoi)
        assert reponse.status_code == 422
        assert dit in reponse.content.decode()
    assert "Choisissez votre certificat" in client.post(adresse(place, "signer/"), {}).content.decode()


def test_le_consentement_redemande_le_mot_de_passe(
    accord: Monde, a_signer: Contrat, connecte: Connecte
) -> None:
    place = ouvrir(a_signer)[2]
    EmplacementSignature.objects.filter(pk=place.pk).update(canal="consentement")
    client = connecte(representant(accord, place))
    page = client.get(adresse(place)).content.decode()
    assert "Je sais que ce consentement m’engage" in page
    envoi = {
        "consentement-sha256": place.circuit.document.sha256,
        "consentement-accepte": "on",
        "consentement-mot_de_passe": "faux",
    }
    reponse = client.post(adresse(place, "consentir/"), envoi, follow=True)
    assert "ne correspond pas à votre compte" in reponse.content.decode()
    sans = client.post(adresse(place, "consentir/"), {k: v for k, v in envoi.items() if "accepte" not in k})
    assert sans.status_code == 422
    bon = envoi | {"consentement-mot_de_passe": "mot-de-passe-solide"}
    assert client.post(adresse(place, "consentir/"), bon).status_code == 302
    place.refresh_from_db()
    assert (place.etat, place.canal) == ("recueillie", "consentement")
    preuve = client.get(f"{URL}signees/{place.document_id}/")
    assert preuve.headers["Content-Type"] == "application/json"


def test_une_pile_incomplete_montre_chaque_feuille(
    accord: Monde, a_signer: Contrat, connecte: Connecte
) -> None:
    lues = ouvrir(a_signer, "papier", "papier")
    circuit = lues[0].circuit
    client = connecte(accord.chef)
    imprime = client.get(f"{URL}circuits/{circuit.pk}/a-imprimer.pdf")
    assert imprime.headers["Content-Type"] == "application/pdf"
    copie = imprime.content

    def envoi(*ordre: int) -> dict[str, object]:
        scans = [fichier(c, n) for n, c in images(copie, ordre=ordre)]
        return {
            "pile-fichiers": scans,
            "pile-parties": [lues[0].pk, lues[1].pk],
            "pile-signe_le": "2026-03-01",
        }

    reponse = client.post(f"{URL}circuits/{circuit.pk}/pile/", envoi(3, 1))
    texte = reponse.content.decode()
    assert reponse.status_code == 422
    assert "Il manque la page 2 sur 3" in texte
    assert "Ce qui a été lu : 2 feuilles pour 3 pages" in texte
    assert client.post(f"{URL}circuits/{circuit.pk}/pile/", envoi(3, 1, 2)).status_code == 302
    assert "Signature : 2 sur 4" in client.get(URL).content.decode()
    encore = client.post(f"{URL}circuits/{circuit.pk}/pile/", envoi(3, 1, 2))
    assert encore.status_code == 422


def test_le_parapheur_et_l_abandon_depuis_les_pages(
    accord: Monde, a_signer: Contrat, connecte: Connecte
) -> None:
    place = ouvrir(a_signer, "parapheur")[0]
    client = connecte(accord.chef)
    paquet = client.get(adresse(place, "parapheur.zip"))
    assert paquet.headers["Content-Type"] == "application/zip"
    reponse = client.post(adresse(place, "parapheur/"), {"parapheur-fichier": fichier(petit_pdf("Autre"))})
    assert reponse.status_code == 422
    assert "n’est pas la suite" in reponse.content.decode()
    assert client.post(adresse(place, "refuser/"), {"refus-motif": "Non"}).status_code == 302
    assert "a refusé de signer" in client.get(adresse(place)).content.decode()
    client.post(f"{URL}circuits/{place.circuit_id}/abandonner/", {"abandon-motif": ""})
    page = client.get(URL).content.decode()
    assert "Circuits abandonnés : 1" in page
    assert "Cette signature n’est plus attendue" in client.get(adresse(place)).content.decode()


def test_hors_perimetre_rien_n_existe(accord: Monde, a_signer: Contrat, connecte: Connecte) -> None:
    place = ouvrir(a_signer)[0]
    ailleurs = f"/territoires/margeride/contrat/emplacements/{place.pk}/"
    assert connecte(accord.chef).get(ailleurs).status_code == 404
    etranger = connecte(fabrique.agent("maire", accord.voisine))
    assert etranger.get(adresse(place)).status_code == 404
    assert etranger.get(f"{URL}signees/{place.circuit.revision_id}/").status_code == 404


def test_la_page_de_verification_dit_ce_qu_il_en_est(
    accord: Monde, a_signer: Contrat, connecte: Connecte
) -> None:
    place = ouvrir(a_signer)[0]
    signe = signer_electronique(place, pkcs12("Mme Un"), MOT_DE_PASSE, par=None)
    assert signe.document is not None
    pdf = lire_document(signe.document)
    client = connecte(accord.maire)
    assert client.get("/verifier/").status_code == 200
    page = client.post("/verifier/", {"fichier": fichier(pdf)}).content.decode()
    assert "Document intact\xa0: 1 signature" in page
    assert "Émis par cette instance" in page
    assert "autorité inconnue de cette instance" in page
    altere = client.post("/verifier/", {"fichier": fichier(pdf + b"x")}).content.decode()
    assert "Document altéré" in altere
    assert "Inconnu de cette instance" in altere
    assert "Document illisible" in client.post("/verifier/", {"fichier": fichier(b"non")}).content.decode()
    sans = client.post("/verifier/", {"fichier": fichier(petit_pdf("Sans"))}).content.decode()
    assert "sans signature électronique" in sans
    assert client.post("/verifier/", {}).status_code == 422
    assert Client().get("/verifier/").status_code == 302


def test_un_grand_circuit_ne_coute_pas_plus_de_requetes(
    accord: Monde,
    a_signer: Contrat,
    connecte: Connecte,
    django_assert_max_num_queries: Callable[[int], object],
) -> None:
    place = ouvrir(a_signer)[0]
    client = connecte(accord.chef)
    client.get(URL)
    with django_assert_max_num_queries(39):  # type: ignore[attr-defined]
        client.get(URL)
    with django_assert_max_num_queries(16):  # type: ignore[attr-defined]
        client.get(f"{URL}circuits/{place.circuit_id}/")


def test_la_copie_a_imprimer_porte_un_code_par_page(accord: Monde, a_signer: Contrat) -> None:
    circuit = ouvrir(a_signer)[0].circuit
    pile, _ = papier.lire_la_pile(circuit, [papier.Envoi("a.pdf", papier.exemplaire_a_imprimer(circuit))])
    assert [v.page for v in pile.vues] == [1, 2, 3]
