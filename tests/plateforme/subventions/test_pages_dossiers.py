"""Pages of the grant files: who sees and does what, from the draft to the vote."""

from __future__ import annotations

import io
from typing import Any

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from arpent.plateforme.negociations.models import Enveloppe
from arpent.plateforme.subventions.models import Dossier, RapportCommission
from tests.plateforme import fabrique
from tests.plateforme.contrats.atelier_signature import petit_pdf

from .conftest import Bureau, Connecte

REALISATION = "/territoires/gevaudan/realisation/"
LISTE, RAPPORTS = "/dossiers/", "/dossiers/rapports/"


def adresse(dossier: Dossier, suite: str = "") -> str:
    return f"{REALISATION}dossiers/{dossier.reference}/{suite}"


def fichier(nom: str) -> SimpleUploadedFile:
    return SimpleUploadedFile(nom, petit_pdf() + nom.encode())


def formulaire(dossier: Dossier, **valeurs: Any) -> dict[str, Any]:
    return {
        "version_lue": dossier.version, "stade": "devis", "cout_reel_ht": "90 000",
        "assiette_reelle": "90 000", "montant_demande": "9 999,99", "observations": "",
        "lignes-TOTAL_FORMS": "1", "lignes-INITIAL_FORMS": "0", "lignes-0-financeur": "etat",
        "lignes-0-libelle": "DETR", "lignes-0-montant": "30 000", "lignes-0-statut": "acquis",
    } | valeurs  # fmt: skip


def texte(client: Client, url: str, statut: int = 200) -> str:
    reponse = client.get(url)
    assert reponse.status_code == statut, url
    return reponse.content.decode()


def test_la_secretaire_prepare_complete_et_depose(bureau: Bureau, connecte: Connecte) -> None:
    client = connecte(bureau.secretaire)
    page = texte(client, REALISATION)
    assert "à déposer" in page
    assert page.count("Déposer un dossier") == 1
    fiche = bureau.fiches[0]
    reponse = client.post(f"{REALISATION}dossiers/nouveau/", {"fiche": fiche.numero})
    dossier = Dossier.objects.get()
    assert reponse["Location"] == adresse(dossier, "modifier/")
    assert "Le contrat inscrit" in texte(client, reponse["Location"])
    sans_pieces = formulaire(dossier, deposer="1")
    reponse = client.post(adresse(dossier, "modifier/"), sans_pieces, follow=True)
    page = reponse.content.decode()
    assert "Il manque encore" in page
    assert 'href="#id_piece_rib"' in page
    dossier.refresh_from_db()
    assert (dossier.etat, dossier.financements.get().libelle) == ("brouillon", "DETR")
    avec = formulaire(dossier, piece_devis=fichier("devis.pdf"), piece_rib=fichier("rib.pdf"), deposer="1")
    reponse = client.post(adresse(dossier, "modifier/"), avec, follow=True)
    assert reponse.redirect_chain[-1][0] == adresse(dossier)
    page = reponse.content.decode()
    assert "Pièces : 2 sur 2" in page
    assert "le silence vaut rejet" in page
    assert "Taux du contrat appliqué" in page
    piece = dossier.pieces.get(code="rib")
    assert client.get(adresse(dossier, f"pieces/{piece.pk}/")).status_code == 200
    assert client.get(adresse(dossier, "modifier/")).status_code == 403


def test_une_saisie_fausse_revient_telle_quelle(bureau: Bureau, connecte: Connecte) -> None:
    dossier, client = bureau.ouvrir(), connecte(bureau.secretaire)
    faux = formulaire(dossier, cout_reel_ht="douze", observations="Gardé")
    reponse = client.post(adresse(dossier, "modifier/"), faux)
    assert reponse.status_code == 422
    assert 'value="douze"' in reponse.content.decode()
    assert "Gardé" in reponse.content.decode()
    ancien = formulaire(dossier, version_lue=1)
    assert client.post(adresse(dossier, "modifier/"), ancien).status_code == 409
    refuse = formulaire(dossier, piece_rib=SimpleUploadedFile("x.exe", b"MZ\x00\x01"))
    page = client.post(adresse(dossier, "modifier/"), refuse, follow=True).content.decode()
    assert "x.exe" in page


def test_l_instructeur_demande_accuse_et_propose(bureau: Bureau, connecte: Connecte) -> None:
    dossier = bureau.depose()
    service, mairie = connecte(bureau.instructeur), Client()
    rib = dossier.pieces.get(code="rib")
    assert "quinze" not in texte(service, adresse(dossier, f"pieces/{rib.pk}/refuser/"))
    assert "Envoyer la demande" in texte(service, adresse(dossier, "demandes/nouvelle/"))
    envoi = {
        "version_lue": dossier.version, "code": "", "libelle": "Calendrier", "texte": "Quand ?",
        "echeance": "2099-01-01",
    }  # fmt: skip
    assert service.post(adresse(dossier, "demandes/nouvelle/"), envoi).status_code == 302
    demande = dossier.demandes.get()
    mairie.force_login(bureau.secretaire)
    page = texte(mairie, adresse(dossier))
    assert "Calendrier" in page
    assert "Répondre" in page
    reponse = mairie.post(adresse(dossier, f"demandes/{demande.pk}/repondre/"), {"reponse": ""})
    assert "Joignez le fichier demandé" in reponse.content.decode()
    mairie.post(adresse(dossier, f"demandes/{demande.pk}/repondre/"), {"reponse": "En mai"})
    dossier.refresh_from_db()
    mairie.post(adresse(dossier, "gestes/deposer/"), {"version_lue": dossier.version})
    dossier.refresh_from_db()
    assert dossier.etat == "depose"
    incomplet = service.post(adresse(dossier, "gestes/accuser/"), {"version_lue": dossier.version})
    assert incomplet.status_code == 422
    assert "Devis ; RIB" in incomplet.content.decode()
    service.post(adresse(dossier, "pieces/accepter/"))
    service.post(adresse(dossier, "gestes/accuser/"), {"version_lue": dossier.version})
    dossier.refresh_from_db()
    assert dossier.etat == "complet"
    assert "Le calcul de ce jour" in texte(service, adresse(dossier, "gestes/proposer/"))
    trop = {"version_lue": dossier.version, "montant": "9 999,99", "motif": ""}
    assert "Taux du contrat" in service.post(adresse(dossier, "gestes/proposer/"), trop).content.decode()
    juste = trop | {"montant": "8 999,99"}
    assert service.post(adresse(dossier, "gestes/proposer/"), juste).status_code == 302
    assert "8\u202f999,99\u00a0€" in texte(mairie, adresse(dossier))
    (accuse,) = [d for d in texte(mairie, adresse(dossier)).split('href="') if "/documents/" in d[:80]]
    assert mairie.get(accuse.split('"')[0]).status_code == 200


def test_le_rapport_porte_inscrit_vote_et_notifie(bureau: Bureau, connecte: Connecte) -> None:
    dossier, service = bureau.propose("8999.99"), connecte(bureau.instructeur)
    assert "Rien n’est encore préparé" in texte(service, RAPPORTS)
    assert "Nouveau rapport" in texte(service, f"{RAPPORTS}nouveau/")
    valeurs = {"numero": "CP-1", "objet": "Aides", "assemblee": "CP", "seance_le": "2026-12-14"}
    service.post(f"{RAPPORTS}nouveau/", valeurs)
    rapport = RapportCommission.objects.get()
    ici = f"{RAPPORTS}{rapport.pk}/"
    assert "Dossiers à porter" in texte(service, ici)
    assert "Cochez" in service.post(f"{ici}gestes/ajouter/", {}, follow=True).content.decode()
    service.post(f"{ici}gestes/ajouter/", {"dossiers": [dossier.pk]})
    page = texte(service, ici)
    assert "8\u202f999,99\u00a0€" in page
    assert "10,0\u00a0%" in page
    rapport.refresh_from_db()
    modifie = valeurs | {"numero": "CP-2", "version_lue": rapport.version}
    assert service.post(f"{ici}modifier/", modifie).status_code == 302
    assert service.post(f"{ici}modifier/", modifie).status_code == 409
    service.post(f"{ici}gestes/inscrire/")
    rapport.refresh_from_db()
    assert rapport.etat == "inscrit"
    page = texte(service, ici)
    assert "SHA-256" in page
    assert service.get(f"{ici}projet.txt").status_code == 404
    assert service.get(f"{ici}projet.pdf").status_code == 200
    ligne = rapport.lignes.get()
    vote = {
        "version_lue": rapport.version, "numero": "", "le": "2026-12-14", f"sens_{ligne.pk}": "adoptee",
        f"montant_{ligne.pk}": "8 999,99",
    }  # fmt: skip
    assert service.post(f"{ici}vote/", vote).status_code == 422
    assert service.post(f"{ici}vote/", vote | {"numero": "CP_26_301"}).status_code == 302
    dossier.refresh_from_db()
    assert dossier.etat == "vote"
    service.post(adresse(dossier, "gestes/notifier/"), {"version_lue": dossier.version})
    dossier.refresh_from_db()
    assert dossier.etat == "notifie"
    mairie = Client()
    mairie.force_login(bureau.secretaire)
    page = texte(mairie, adresse(dossier))
    assert "revenus à l’enveloppe" in page
    assert "Lettre, version 1" in page
    page = texte(mairie, REALISATION)
    assert "Rendue à l’enveloppe" in page
    assert "CP_26_301" in page
    contrat = texte(service, "/territoires/gevaudan/contrat/")
    assert "revenus à l’enveloppe" in contrat
    assert Enveloppe.objects.exists()


def test_la_liste_se_filtre_et_s_exporte(
    bureau: Bureau, connecte: Connecte, django_assert_max_num_queries: Any
) -> None:
    un, deux = bureau.depose(), bureau.depose(1)
    client = connecte(bureau.instructeur)
    page = texte(client, LISTE)
    assert "2 dossiers de subvention" in page
    with django_assert_max_num_queries(9):
        client.get(LISTE)
    trouve = texte(client, f"{LISTE}?q={un.fiche.titre}&etat=a_instruire&territoire=gevaudan")
    assert (un.fiche.titre in trouve, deux.fiche.titre in trouve) == (True, False)
    assert "Aucun dossier de subvention ne répond" in texte(client, f"{LISTE}?etat=caduc&annee=2026&theme=x")
    classeur = client.get(f"{LISTE}dossiers.xlsx?q={un.fiche.titre}")
    lu = openpyxl.load_workbook(io.BytesIO(classeur.content)).active
    cellules = [c for ligne in lu.iter_rows(values_only=True) for c in ligne]
    assert un.reference in cellules
    assert deux.reference not in cellules
    siennes = texte(connecte(bureau.secretaire), LISTE).split("<tbody>")[1].split("</tbody>")[0]
    assert siennes.count("<tr>") == 1


@pytest.mark.parametrize("role", ["maire", "president_epci", "sous_prefet", "invite"])
def test_les_autres_lisent_sans_agir(bureau: Bureau, connecte: Connecte, role: str) -> None:
    dossier = bureau.depose()
    pour = bureau.fiches[0].maitre_ouvrage if role == "maire" else None
    client = connecte(fabrique.agent(role, bureau.monde.demarche, pour=pour))
    page = texte(client, adresse(dossier))
    for geste in ("Reconnaître complet", "Rejeter", "Demander une pièce", "Compléter le dossier"):
        assert geste not in page
    assert client.post(adresse(dossier, "pieces/accepter/")).status_code == 403
    assert client.get(RAPPORTS).status_code == 403


def test_hors_perimetre_rien_n_existe(bureau: Bureau, connecte: Connecte) -> None:
    brouillon = bureau.ouvrir()
    assert connecte(bureau.instructeur).get(adresse(brouillon)).status_code == 404
    autre = connecte(fabrique.agent("secretaire_mairie", bureau.monde.demarche))
    assert autre.get(adresse(brouillon)).status_code == 404
    assert autre.post(f"{REALISATION}dossiers/nouveau/", {"fiche": 2}).status_code == 403
    voisin = connecte(fabrique.agent("secretaire_mairie", bureau.monde.voisine))
    assert voisin.get(adresse(brouillon)).status_code == 404
    etranger = connecte(fabrique.agent("chef_de_projet", fabrique.demarche()))
    assert "Aucun dossier" in texte(etranger, LISTE)


def test_l_instructeur_d_un_autre_theme_lit_sans_examiner(bureau: Bureau, connecte: Connecte) -> None:
    dossier = bureau.depose()
    bureau.instructeur.habilitations.update(themes="eau-d-ailleurs")
    client = connecte(bureau.instructeur)
    assert "Reconnaître complet" not in texte(client, adresse(dossier))
    assert client.post(adresse(dossier, "pieces/accepter/")).status_code == 403


def test_la_page_du_dossier_coute_un_nombre_fixe_de_requetes(
    bureau: Bureau, connecte: Connecte, django_assert_max_num_queries: Any
) -> None:
    dossier, client = bureau.depose(), connecte(bureau.instructeur)
    client.get(adresse(dossier))
    with django_assert_max_num_queries(36):
        client.get(adresse(dossier))


def test_l_accueil_dit_ce_qui_attend(bureau: Bureau, connecte: Connecte) -> None:
    bureau.depose()
    assert "Dossiers à instruire" in texte(connecte(bureau.instructeur), "/")
    Dossier.objects.update(etat="a_completer")
    assert "Dossiers à compléter" in texte(connecte(bureau.secretaire), "/")
    Dossier.objects.update(etat="complet")
    assert "Dossiers à proposer" in texte(connecte(bureau.instructeur), "/")
    Dossier.objects.update(etat="propose")
    assert "Dossiers à porter à la commission" in texte(connecte(bureau.instructeur), "/")
    Dossier.objects.update(etat="vote")
    assert "Aides à notifier" in texte(connecte(bureau.instructeur), "/")
