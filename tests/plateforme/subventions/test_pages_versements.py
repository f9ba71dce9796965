"""Pages of the payments and of the deadlines: from the village to the mandate, and the lapses in batch."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from arpent.plateforme.acteurs.models import Agent
from arpent.plateforme.subventions.apcp.actions import VoteRefuse, saisir_vote
from arpent.plateforme.subventions.models import DemandeVersement, Dossier, VoteCredits
from tests.plateforme import fabrique
from tests.plateforme.negociations.conftest import Monde
from tests.plateforme.subventions import atelier_versements as atelier
from tests.plateforme.subventions.atelier_versements import D, paye
from tests.plateforme.subventions.test_versements import PNG

Connecte = Callable[[Agent], Client]


@pytest.fixture
def dossier(monde: Monde) -> Dossier:
    atelier.regler(monde.dispositif)
    return atelier.dossier_notifie(monde.fiches[0])


def adresse(dossier: Dossier, suite: str = "versements/") -> str:
    return f"/territoires/gevaudan/realisation/dossiers/{dossier.annee}-{dossier.numero}/{suite}"


def page(client: Client, url: str, statut: int = 200) -> str:
    reponse = client.get(url)
    assert reponse.status_code == statut, url
    return re.sub(r"\s+", " ", reponse.content.decode())


def version(demande: DemandeVersement) -> int:
    demande.refresh_from_db()
    return demande.version


def test_du_village_au_mandat(monde: Monde, dossier: Dossier, connecte: Connecte) -> None:
    village = connecte(atelier.secretaire(dossier))
    assert "Ce qui peut être versé aujourd’hui" in page(village, adresse(dossier))
    saisie = {"genre": "avance", "montant_demande": "6 000,00", "depenses": "", "precisions": ""}
    assert "Avance possible : 6 000,00 €" in page(village, adresse(dossier, "versements/nouveau/"))
    reponse = village.post(adresse(dossier, "versements/nouveau/"), saisie)
    demande = DemandeVersement.objects.get()
    assert reponse["Location"] == demande.get_absolute_url()
    fichier = SimpleUploadedFile("rib.png", PNG)
    reponse = village.post(
        adresse(dossier, "versements/1/justificatifs/"), {"fichier": fichier, "libelle": "RIB"}
    )
    assert reponse.status_code == 302
    piece = demande.pieces.get()
    justificatif = adresse(dossier, f"versements/1/justificatifs/{piece.pk}/")
    assert village.get(justificatif).status_code == 200
    deposer = adresse(dossier, "versements/1/gestes/deposer/")
    assert village.post(deposer, {"version_lue": version(demande)}).status_code == 302
    certifier = adresse(dossier, "versements/1/gestes/certifier/")
    assert village.get(certifier).status_code == 403
    instructeur = connecte(fabrique.agent("instructeur", monde.demarche))
    assert "30 % × 20 000,00 €" in page(instructeur, certifier)
    valeurs = {"version_lue": version(demande), "montant": "6 000,01", "retenue": ""}
    reponse = instructeur.post(certifier, valeurs)
    assert reponse.status_code == 422
    assert "dépassent ce qui peut être versé" in reponse.content.decode()
    valeurs |= {"montant": "6 000", "retenue": "100", "retenue_motif": "Panneau absent"}
    assert instructeur.post(certifier, valeurs).status_code == 302
    payer = adresse(dossier, "versements/1/gestes/payer/")
    assert instructeur.get(payer).status_code == 403
    chef = connecte(monde.chef)
    saisie = {"version_lue": version(demande), "mandat": "4512", "mandat_le": date.today().isoformat()}
    assert chef.post(payer, saisie).status_code == 302
    assert paye(dossier) == D("5900.00")
    lue = page(village, demande.get_absolute_url())
    assert "Mandat 4512" in lue
    assert "Panneau absent" in lue


def test_un_formulaire_perime_est_un_conflit(monde: Monde, dossier: Dossier, connecte: Connecte) -> None:
    demande = atelier.certifier(dossier, "avance", "6000")
    saisie = {"version_lue": demande.version - 1, "mandat": "1", "mandat_le": date.today().isoformat()}
    reponse = connecte(monde.chef).post(adresse(dossier, "versements/1/gestes/payer/"), saisie)
    assert reponse.status_code == 409
    assert paye(dossier) == 0


def test_modifier_garde_ce_qui_est_tape(dossier: Dossier, connecte: Connecte) -> None:
    demande = atelier.ouvrir(dossier, "acompte", "5000", "10000")
    village = connecte(atelier.secretaire(dossier))
    saisie = {
        "version_lue": demande.version, "genre": "acompte", "montant_demande": "4 000", "depenses": "2 000",
        "deposer": "1",
    }  # fmt: skip
    reponse = village.post(adresse(dossier, "versements/1/modifier/"), saisie)
    assert reponse.status_code == 422
    assert 'value="4 000"' in reponse.content.decode()
    demande.refresh_from_db()
    assert (demande.etat, demande.montant_demande) == ("brouillon", D("5000.00"))


def test_le_solde_la_retenue_et_le_reversement_ont_leurs_pages(
    monde: Monde, dossier: Dossier, connecte: Connecte
) -> None:
    atelier.payer(dossier, "avance", "6000", retenue=D("100"), retenue_motif="Panneau absent")
    chef = connecte(monde.chef)
    retenue = DemandeVersement.objects.get().retenues.get()
    lever = adresse(dossier, f"versements/retenues/{retenue.pk}/lever/")
    assert "Panneau absent" in page(chef, lever)
    assert chef.post(lever, {"motif": "Posé"}).status_code == 302
    nouveau = adresse(dossier, "reversements/nouveau/")
    saisie = {"cause": "usage", "montant": "1 000", "motif": "Salle vendue"}
    assert chef.post(nouveau, saisie | {"montant": "9 000"}).status_code == 422
    assert chef.post(nouveau, saisie).status_code == 302
    recouvrer = adresse(dossier, "reversements/1/suite/recouvrer/")
    saisie = {"version_lue": 1, "titre": "T-1", "recouvre_le": date.today().isoformat()}
    assert chef.get(recouvrer).status_code == 200
    assert connecte(atelier.secretaire(dossier)).get(recouvrer).status_code == 403
    assert chef.post(recouvrer, saisie).status_code == 302
    assert paye(dossier) == D("4900.00")
    assert "Le solde n’est pas encore versé" in page(chef, adresse(dossier, "solder/"))
    assert chef.get(adresse(dossier, "reversements/1/suite/inconnu/")).status_code == 404


def test_un_invite_lit_le_versement_mais_pas_ses_pieces(
    monde: Monde, dossier: Dossier, connecte: Connecte
) -> None:
    demande = atelier.ouvrir(dossier, "avance", "6000")
    village = connecte(atelier.secretaire(dossier))
    envoi = {"fichier": SimpleUploadedFile("rib.png", PNG), "libelle": "RIB"}
    assert village.post(adresse(dossier, "versements/1/justificatifs/"), envoi).status_code == 302
    DemandeVersement.objects.filter(pk=demande.pk).update(etat="deposee")
    invite = connecte(fabrique.agent("invite", monde.demarche))
    lue = page(invite, adresse(dossier, "versements/1/"))
    justificatif = adresse(dossier, f"versements/1/justificatifs/{demande.pieces.get().pk}/")
    assert "RIB" in lue
    assert justificatif not in lue
    assert invite.get(justificatif).status_code == 403
    assert justificatif in page(connecte(monde.chef), adresse(dossier, "versements/1/"))


def test_hors_du_perimetre_rien_n_existe(monde: Monde, dossier: Dossier, connecte: Connecte) -> None:
    ailleurs = connecte(fabrique.agent("secretaire_mairie", monde.voisine))
    autre = connecte(fabrique.agent("secretaire_mairie", monde.demarche))
    for suite in ("versements/", "versements/nouveau/", "avancement/"):
        assert ailleurs.get(adresse(dossier, suite)).status_code == 404
        assert autre.get(adresse(dossier, suite)).status_code == 404
    assert ailleurs.get(adresse(dossier, "solder/")).status_code == 404
    for numero in (dossier.numero, 999):  # a role that never pays learns nothing of what exists
        solder = adresse(dossier, "solder/").replace(f"-{dossier.numero}/", f"-{numero}/")
        assert autre.get(solder).status_code == 403
    epci = connecte(fabrique.agent("agent_epci", monde.demarche))
    assert epci.get(adresse(dossier)).status_code == 200


def test_un_brouillon_n_existe_que_pour_son_beneficiaire(
    monde: Monde, dossier: Dossier, connecte: Connecte
) -> None:
    atelier.ouvrir(dossier, "avance", "6000")
    chef, village = connecte(monde.chef), connecte(atelier.secretaire(dossier))
    assert chef.get(adresse(dossier, "versements/1/")).status_code == 404
    assert "Avance n° 1" not in page(chef, adresse(dossier))
    assert "Aucune demande de versement" in page(chef, "/versements/")
    assert village.get(adresse(dossier, "versements/1/")).status_code == 200
    assert "Avance n° 1" in page(village, "/versements/")


def test_sans_regle_la_page_le_dit_et_cite_un_exemple(monde: Monde, connecte: Connecte) -> None:
    dossier = atelier.dossier_notifie(monde.fiches[0])
    lue = page(connecte(monde.chef), adresse(dossier))
    assert "La règle de versement n’est pas saisie" in lue
    assert "la DETR avance 30" in lue


def test_la_page_coute_autant_pour_un_versement_que_pour_trois(
    monde: Monde, dossier: Dossier, connecte: Connecte, django_assert_max_num_queries: Any
) -> None:
    for genre, montant, depenses in (("avance", "6000", None), ("acompte", "2000", "20000")):
        atelier.payer(dossier, genre, montant, depenses)
    atelier.ouvrir(dossier, "acompte", "2000", "25000")
    chef = connecte(monde.chef)
    chef.get(adresse(dossier))
    with django_assert_max_num_queries(24):
        chef.get(adresse(dossier))


def test_la_liste_et_l_accueil_disent_ce_qui_attend(
    monde: Monde, dossier: Dossier, connecte: Connecte
) -> None:
    atelier.deposer(dossier, "avance", "6000")
    instructeur = connecte(fabrique.agent("instructeur", monde.demarche))
    assert "Services faits à certifier" in page(instructeur, "/")
    lue = page(instructeur, "/versements/?etat=deposee&territoire=gevaudan")
    assert "1 demande de versement" in lue
    assert "6 000,00 €" in lue
    assert "Rien à montrer" in page(instructeur, "/versements/?etat=payee")
    assert instructeur.get("/versements/demandes.xlsx").content.startswith(b"PK")
    ailleurs = connecte(fabrique.agent("secretaire_mairie", monde.voisine))
    assert "Aucune demande de versement" in page(ailleurs, "/versements/")


# --- deadlines ------------------------------------------------------------------------------------


def test_avancement_et_prorogation_depuis_la_mairie(
    monde: Monde, dossier: Dossier, connecte: Connecte
) -> None:
    village, chef = connecte(atelier.secretaire(dossier)), connecte(monde.chef)
    nouvelle = adresse(dossier, "prorogations/nouvelle/")
    assert village.get(nouvelle).status_code == 200
    saisie = {"genre": "commencement", "mois": "13", "motif": "Fouilles"}
    assert "permet 12 mois" in village.post(nouvelle, saisie).content.decode()
    assert village.post(nouvelle, saisie | {"mois": "6"}).status_code == 302
    accorder = adresse(dossier, "prorogations/1/decider/accorder/")
    assert village.get(accorder).status_code == 403
    acte = {"version_lue": 1, "mois": "6", "acte": "CP_26_9", "acte_le": date.today().isoformat()}
    assert chef.post(accorder, acte).status_code == 302
    assert village.get(adresse(dossier, "prorogations/1/arrete.pdf"))["Content-Type"] == "application/pdf"
    avancement = adresse(dossier, "avancement/")
    dossier.refresh_from_db()
    saisie = {"version_lue": dossier.version, "debut_le": "2026-03-01", "acheve_le": ""}
    assert village.post(avancement, saisie).status_code == 302
    assert "tenue" in page(village, adresse(dossier))


def test_les_caducites_se_relisent_puis_se_prononcent_ensemble(
    monde: Monde, dossier: Dossier, connecte: Connecte
) -> None:
    Dossier.objects.filter(pk=dossier.pk).update(vote_le=date(2023, 1, 1), notifie_le=date(2023, 1, 1))
    chef = connecte(monde.chef)
    liste = f"/dispositifs/{monde.dispositif.slug}/echeances/"
    assert "1 aide hors délai sur 1 suivie" in page(chef, liste)
    lue = page(chef, f"{liste}caducites/")
    assert "20 000,00 €" in lue
    assert chef.get(f"{liste}caducites/projet.pdf")["Content-Type"] == "application/pdf"
    assert Dossier.objects.get().etat == "notifie"
    saisie = {"acte": "CP_26_140", "acte_le": date.today().isoformat()}
    assert chef.post(f"{liste}caducites/", saisie).status_code == 422
    dossier.refresh_from_db()
    cle = f"{dossier.pk}-{dossier.version}"
    perimee = chef.post(f"{liste}caducites/", saisie | {"dossiers": [f"{dossier.pk}-99"]})
    assert "Un dossier coché a changé" in perimee.content.decode()
    assert chef.post(f"{liste}caducites/", saisie | {"dossiers": [cle]}).status_code == 302
    assert Dossier.objects.get().etat == "caduc"
    lue = page(chef, liste)
    assert "Acte CP_26_140" in lue
    (lien,) = re.findall(r'href="([^"]+/arrete\.pdf)"', lue)
    assert chef.get(lien)["Content-Type"] == "application/pdf"
    assert chef.get(f"{liste}dossiers.csv").status_code == 200
    assert (
        connecte(fabrique.agent("elu_autorite", monde.demarche)).get(f"{liste}caducites/").status_code == 403
    )
    assert connecte(monde.president).get(liste).status_code == 403


# --- credits --------------------------------------------------------------------------------------


def test_le_tableau_des_credits_compare_ce_qui_est_vote_a_ce_qui_est_attendu(
    monde: Monde, dossier: Dossier, connecte: Connecte
) -> None:
    chef = connecte(monde.chef)
    url = f"/dispositifs/{monde.dispositif.slug}/ap-cp/"
    vote = f"{url}fonds/base/"
    saisie = {"annee": "2026", "ap": "15 000", "cp": "100", "acte": "CD_26_1", "version_lue": "0"}
    assert chef.post(vote, saisie | {"ap": "", "cp": ""}).status_code == 422
    assert chef.post(vote, saisie).status_code == 302
    lue = page(chef, url)
    assert "20 000,00 € engagés pour 15 000,00 € d’AP votées" in lue
    assert "il faut 8 versements observés" in lue
    assert chef.post(vote, saisie | {"ap": "30 000"}).status_code == 409
    assert 'value="15' in page(chef, f"{vote}?annee=2026")
    corrige = saisie | {"ap": "30 000", "version_lue": "1"}
    assert chef.post(f"{vote}?annee=2026", corrige).status_code == 302
    assert VoteCredits.objects.get().ap == D("30000.00")
    assert chef.get(f"{url}ap-cp.xlsx").content.startswith(b"PK")
    assert connecte(monde.president).get(url).status_code == 403
    assert connecte(fabrique.agent("elu_autorite", monde.demarche)).get(vote).status_code == 403


def test_un_exercice_impossible_est_refuse(monde: Monde) -> None:
    fonds = monde.dispositif.fonds.get()
    with pytest.raises(VoteRefuse, match="quatre chiffres"):
        saisir_vote(fonds, 26, ap=D(1), cp=None, acte="", acte_le=None, version_lue=0, par=None)
