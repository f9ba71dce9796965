"""The signature of an avenant: the circuit of the contract, on its own frozen PDF, for its own parties."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from arpent.metier.avenants import Genre
from arpent.metier.cycles import TransitionRefusee
from arpent.plateforme.acteurs.models import Agent
from arpent.plateforme.contrats import actions as contrats
from arpent.plateforme.contrats.avenants import actions, proposition, vigueur
from arpent.plateforme.contrats.avenants.actions import Saisie
from arpent.plateforme.contrats.avenants.lecture import AvenantRefuse
from arpent.plateforme.contrats.avenants.signature import ouvrir_signature
from arpent.plateforme.contrats.fin import noter_fin
from arpent.plateforme.contrats.models import Avenant, CircuitSignature, Contrat, EmplacementSignature, Vote
from arpent.plateforme.contrats.signatures import circuits, electronique
from arpent.plateforme.contrats.signatures.circuits import SignatureRefusee, lire_document
from arpent.plateforme.contrats.signatures.electronique import signer_electronique
from arpent.plateforme.contrats.signatures.papier import recevoir_exemplaire
from arpent.plateforme.contrats.votes import enregistrer_vote
from arpent.plateforme.demarches.models import Place
from arpent.plateforme.documents.models import DocumentEmis
from arpent.plateforme.documents.signature.verification import verifier_pdf
from arpent.plateforme.journal.models import Entree
from arpent.plateforme.notifications.models import Notification
from arpent.plateforme.socle.envois import Envoi
from tests.plateforme import fabrique
from tests.plateforme.contrats.atelier_signature import MOT_DE_PASSE, petit_pdf, pkcs12, places
from tests.plateforme.contrats.conftest import EXECUTOIRE, acte_de_fin, preparer
from tests.plateforme.negociations.conftest import Monde

pytestmark = pytest.mark.usefixtures("sans_fichiers", "sans_pdf")
Connecte = Callable[[Agent], Client]
CE_JOUR = date.today()


@pytest.fixture
def propose(accord: Monde, en_vigueur: Contrat) -> Avenant:
    """A project enters: voted by the authority and its owner, ready for their signatures, in effect today."""
    saisie = Saisie(Genre.AJOUT, entrante=accord.fiches[2], montant=Decimal(5000), annee=2027)
    avenant = preparer(en_vigueur, saisie, effet=CE_JOUR)
    avenant = vigueur.soumettre(proposition.proposer(avenant, par=None, le=CE_JOUR), par=None)
    for partie in avenant.concernees.all():
        enregistrer_vote(partie, EXECUTOIRE, par=None, le=CE_JOUR, avenant=avenant)
    return avenant


@pytest.fixture
def circuit(propose: Avenant, settings: Any, tmp_path: Path) -> CircuitSignature:
    settings.ARPENT_CERTIFICATS = tmp_path / "certificats"
    return ouvrir_signature(propose, par=None, le=CE_JOUR)


def signer(place: EmplacementSignature, nom: str) -> EmplacementSignature:
    return signer_electronique(place, pkcs12(nom), MOT_DE_PASSE, par=None)


def en_vigueur_ce_jour(avenant: Avenant) -> Avenant:
    return vigueur.mettre_en_vigueur(avenant, par=None, le=CE_JOUR)


def page(client: Client, avenant: Avenant) -> str:
    return client.get(reverse("contrats:avenant", args=["gevaudan", avenant.pk])).content.decode()


# --- the circuit ----------------------------------------------------------------------------------


def test_le_circuit_porte_sur_l_avenant_fige_et_ses_parties(
    propose: Avenant, circuit: CircuitSignature
) -> None:
    propose.refresh_from_db()
    assert propose.etat == "signature"
    assert circuit.document == propose.versions.get().documents.get(format="pdf")
    assert [p.partie for p in places(circuit)] == list(propose.concernees.order_by("ordre"))
    assert circuit.objet == f"Avenant n° 1 au contrat de {propose.contrat.demarche.territoire.nom}, version 1"
    assert {c.avenant_id for c in propose.contrat.circuits.all()} == {None, propose.pk}


def test_incomplet_il_n_entre_pas_en_vigueur_et_nomme_qui_manque(
    propose: Avenant, circuit: CircuitSignature
) -> None:
    premiere, seconde = places(circuit)
    signer(premiere, "Mme Un")
    with pytest.raises(AvenantRefuse, match=f"manque la signature de {seconde.partie.organisation.nom}"):
        en_vigueur_ce_jour(propose)
    propose.refresh_from_db()
    assert (propose.etat, propose.signe_le) == ("signature", None)


def test_complet_il_est_signe_puis_entre_en_vigueur(propose: Avenant, circuit: CircuitSignature) -> None:
    for place, nom in zip(places(circuit), ("Mme Un", "M. Deux"), strict=True):
        signer(place, nom)
    propose.refresh_from_db()
    assert (propose.etat, propose.signe_le) == ("signe", CE_JOUR)
    assert Entree.objects.filter(geste="constater_signature_avenant").count() == 1
    circuit.refresh_from_db()
    assert [s.nom for s in verifier_pdf(lire_document(circuit.revision)).signatures] == ["Mme Un", "M. Deux"]
    with pytest.raises(TransitionRefusee):
        actions.reprendre(propose, par=None, motif="Trop tard")
    assert en_vigueur_ce_jour(propose).etat == "en_vigueur"


def test_le_rail_du_contrat_en_vigueur_ne_bouge_pas(propose: Avenant, circuit: CircuitSignature) -> None:
    avant = list(
        Place.objects.filter(demarche=propose.contrat.demarche).values_list("code", "resume", "etat")
    )
    for place, nom in zip(places(circuit), ("Mme Un", "M. Deux"), strict=True):
        signer(place, nom)
    assert avant == list(
        Place.objects.filter(demarche=propose.contrat.demarche).values_list("code", "resume", "etat")
    )
    en_vigueur_ce_jour(propose)
    assert Place.objects.get(demarche=propose.contrat.demarche, code="contrat").resume.endswith("avenant 1")


def test_un_vote_qui_ne_tient_plus_arrete_la_signature(propose: Avenant, circuit: CircuitSignature) -> None:
    Vote.objects.filter(avenant=propose, partie__role="autorite").update(publiee_le=None)
    with pytest.raises(AvenantRefuse, match="La signature reste fermée"):
        signer(places(circuit)[0], "Mme Un")
    assert not circuit.emplacements.exclude(etat="attendue").exists()


def test_apres_sa_date_d_effet_il_ne_se_signe_plus(propose: Avenant, circuit: CircuitSignature) -> None:
    Avenant.objects.filter(pk=propose.pk).update(date_effet=CE_JOUR - timedelta(days=1))
    with pytest.raises(AvenantRefuse, match="ne vaut pas pour le passé"):
        signer(places(circuit)[0], "Mme Un")
    assert DocumentEmis.objects.filter(objet_id=str(circuit.pk), genre="contrat signé").count() == 1


def test_un_fichier_altere_n_est_pas_signe(propose: Avenant, circuit: CircuitSignature) -> None:
    chemin = Path(circuit.revision.fichier.path)
    chemin.write_bytes(chemin.read_bytes() + b"%")
    with pytest.raises(SignatureRefusee, match="empreinte différente"):
        signer(places(circuit)[0], "Mme Un")


def test_un_document_qui_a_change_depuis_la_lecture_est_refuse(
    propose: Avenant, circuit: CircuitSignature
) -> None:
    from django.utils import timezone

    place = places(circuit)[0]
    agent = fabrique.agent("elu_autorite", propose.contrat.demarche, pour=place.partie.organisation)
    constat = electronique.Constat(agent, "192.0.2.1", "essai", timezone.now())
    with pytest.raises(SignatureRefusee, match="a changé depuis que vous l’avez lu"):
        electronique.consentir(place, constat, sha256_lu="0" * 64)
    electronique.consentir(place, constat, sha256_lu=circuit.document.sha256)
    assert circuit.emplacements.filter(etat="recueillie").count() == 1


def test_une_panne_a_la_derniere_signature_laisse_tout_comme_avant(
    propose: Avenant, circuit: CircuitSignature, monkeypatch: pytest.MonkeyPatch
) -> None:
    premiere, seconde = places(circuit)
    signer(premiere, "Mme Un")
    circuit.refresh_from_db()
    fichiers, revision, entrees = DocumentEmis.objects.count(), circuit.revision_id, Entree.objects.count()

    def tomber(*_: Any, **__: Any) -> None:
        raise OSError("disque plein")

    monkeypatch.setattr(circuits, "noter_signe", tomber)
    with pytest.raises(OSError, match="disque plein"):
        signer(seconde, "M. Deux")
    circuit.refresh_from_db()
    propose.refresh_from_db()
    assert (circuit.etat, circuit.revision_id, propose.etat) == ("ouvert", revision, "signature")
    assert (DocumentEmis.objects.count(), Entree.objects.count()) == (fichiers, entrees)
    monkeypatch.undo()
    signer(seconde, "M. Deux")
    propose.refresh_from_db()
    assert propose.etat == "signe"


def test_la_base_refuse_qu_un_circuit_change_d_avenant(propose: Avenant, circuit: CircuitSignature) -> None:
    """The trigger was put again by the migration that added the link."""
    for valeurs in ({"avenant": None}, {"document": circuit.revision}):
        with pytest.raises(DatabaseError), transaction.atomic():
            CircuitSignature.objects.filter(pk=circuit.pk).update(**valeurs)
    signer(places(circuit)[0], "Mme Un")
    with pytest.raises(DatabaseError), transaction.atomic():
        circuit.emplacements.filter(etat="recueillie").update(signataire="Autre")
    with pytest.raises(DatabaseError), transaction.atomic():
        circuit.emplacements.filter(etat="recueillie").delete()


def test_l_avenant_d_un_contrat_resilie_ne_se_signe_plus(
    accord: Monde, propose: Avenant, circuit: CircuitSignature
) -> None:
    noter_fin(propose.contrat, acte_de_fin(CE_JOUR), par=None, le=CE_JOUR)
    contrats.faire_avancer(propose.contrat, "resilier", par=accord.chef)
    circuit.refresh_from_db()
    assert circuit.etat == "abandonne"
    with pytest.raises(AvenantRefuse, match="ne change qu’un contrat en vigueur"):
        ouvrir_signature(Avenant.objects.get(), par=None, le=CE_JOUR)


# --- taking back, giving up -----------------------------------------------------------------------


def test_abandonner_l_avenant_ferme_son_circuit_et_garde_ce_qui_est_signe(
    propose: Avenant, circuit: CircuitSignature
) -> None:
    signer(places(circuit)[0], "Mme Un")
    actions.abandonner(propose, "Le projet est retiré", par=None)
    circuit.refresh_from_db()
    assert (circuit.etat, circuit.motif) == ("abandonne", "Le projet est retiré")
    assert circuit.emplacements.filter(etat="recueillie").count() == 1
    with pytest.raises(SignatureRefusee, match="abandonné"):
        signer(places(circuit)[1], "M. Deux")


def test_repris_apres_une_signature_il_demande_pourquoi(propose: Avenant, circuit: CircuitSignature) -> None:
    signer(places(circuit)[0], "Mme Un")
    with pytest.raises(AvenantRefuse, match="écrivez pourquoi l’avenant est repris"):
        actions.reprendre(propose, par=None)
    circuit.refresh_from_db()
    assert circuit.etat == "ouvert"
    actions.reprendre(propose, par=None, motif="Une erreur de montant")
    circuit.refresh_from_db()
    assert (circuit.etat, circuit.motif) == ("abandonne", "Une erreur de montant")
    avenant = proposition.proposer(Avenant.objects.get(), par=None, le=CE_JOUR)
    neuf = ouvrir_signature(vigueur.soumettre(avenant, par=None), par=None, le=CE_JOUR)
    assert neuf.document != circuit.document


def test_un_circuit_abandonne_se_rouvre_sur_le_meme_avenant(
    propose: Avenant, circuit: CircuitSignature
) -> None:
    with pytest.raises(SignatureRefusee, match="déjà ouvert"):
        ouvrir_signature(propose, par=None, le=CE_JOUR)
    circuits.abandonner(circuit, "", par=None)
    with pytest.raises(AvenantRefuse, match="ouvrez le circuit de signature"):
        en_vigueur_ce_jour(propose)
    neuf = ouvrir_signature(propose, par=None, le=CE_JOUR, ordre_impose=True)
    assert (neuf.ordre_impose, neuf.document) == (True, circuit.document)
    with pytest.raises(SignatureRefusee, match="L’ordre des signatures est imposé"):
        signer(places(neuf)[1], "M. Deux")


def test_une_partie_qui_entre_et_a_deja_sa_place_reste_quand_l_avenant_est_repris(
    accord: Monde, en_vigueur: Contrat
) -> None:
    nouvelle = fabrique.organisation("commune")
    saisie = Saisie(Genre.PERIMETRE, organisation=nouvelle)
    avenant = preparer(en_vigueur, saisie, effet=CE_JOUR)
    avenant = vigueur.soumettre(proposition.proposer(avenant, par=None, le=CE_JOUR), par=None)
    for partie in avenant.concernees.all():
        enregistrer_vote(partie, EXECUTOIRE, par=None, le=CE_JOUR, avenant=avenant)
    lues = places(ouvrir_signature(avenant, par=None, le=CE_JOUR))
    assert lues[-1].partie.organisation == nouvelle
    actions.reprendre(avenant, par=None)
    assert en_vigueur.parties.filter(organisation=nouvelle).exists()
    assert not en_vigueur.parties.en_cours().filter(organisation=nouvelle).exists()


# --- pages ----------------------------------------------------------------------------------------


def test_chaque_partie_est_prevenue_et_signe_depuis_l_avenant(
    accord: Monde, propose: Avenant, connecte: Connecte
) -> None:
    proprietaire = propose.concernees.exclude(role="autorite").get()
    maire = fabrique.agent("maire", accord.demarche, pour=proprietaire.organisation)
    chef = connecte(accord.chef)
    adresse = reverse("contrats:avenant_signature", args=["gevaudan", propose.pk])
    formulaire = chef.get(adresse).content.decode()
    assert proprietaire.organisation.nom in formulaire
    assert 'name="acte"' not in formulaire
    assert chef.post(adresse, {"ordre_impose": ""}).status_code == 302
    recue = Notification.objects.get(destinataire_id=maire.pk, sujet__contains="est à signer")
    assert recue.sujet == "L’avenant n°\u00a01 est à signer"
    place = places(CircuitSignature.objects.get(avenant=propose))[1]
    lue = page(connecte(maire), propose)
    lien = reverse("contrats:emplacement", args=["gevaudan", place.pk])
    assert f'href="{lien}"' in lue
    assert "Signature : 0 sur 2" in lue
    assert "Avenant n° 1" in connecte(maire).get(lien).content.decode()


def test_signe_sur_papier_hors_d_arpent_il_compte_au_jour_de_l_exemplaire(
    propose: Avenant, circuit: CircuitSignature
) -> None:
    envoi = Envoi("signe.pdf", petit_pdf("Signé"))
    hier = CE_JOUR - timedelta(days=1)
    recevoir_exemplaire(circuit, envoi, places(circuit), signe_le=hier, motif="Séance commune", par=None)
    propose.refresh_from_db()
    assert (propose.etat, propose.signe_le) == ("signe", hier)


def test_la_page_d_un_avenant_a_la_signature_a_un_nombre_fixe_de_requetes(
    accord: Monde, propose: Avenant, circuit: CircuitSignature, connecte: Connecte
) -> None:
    client = connecte(accord.chef)

    def compter() -> int:
        with CaptureQueriesContext(connection) as requetes:
            page(client, propose)
        return len(requetes)

    compter()
    deux = compter()
    for rang in range(6):
        partie = propose.contrat.parties.create(
            organisation=fabrique.organisation("commune"), role="signataire", ordre=20 + rang, entree=propose
        )
        EmplacementSignature.objects.create(circuit=circuit, partie=partie, ordre=20 + rang)
    assert compter() == deux


def test_la_page_demande_pourquoi_reprendre_un_avenant_signe_par_une_partie(
    accord: Monde, propose: Avenant, circuit: CircuitSignature, connecte: Connecte
) -> None:
    client = connecte(accord.chef)
    assert "déjà signé par une partie" not in page(client, propose)
    signer(places(circuit)[0], "Mme Un")
    assert "déjà signé par une partie" in page(client, propose)
    geste = reverse("contrats:avenant_geste", args=["gevaudan", propose.pk])
    refus = client.post(geste, {"geste": "reprendre_avenant"}, follow=True).content.decode()
    assert "écrivez pourquoi l’avenant est repris" in refus
    client.post(geste, {"geste": "reprendre_avenant", "motif": "Une erreur"})
    propose.refresh_from_db()
    assert propose.etat == "preparation"


def test_le_circuit_de_l_avenant_ramene_a_l_avenant(
    accord: Monde, propose: Avenant, circuit: CircuitSignature, connecte: Connecte
) -> None:
    client = connecte(accord.chef)
    retour = reverse("contrats:avenant", args=["gevaudan", propose.pk]) + "#signature"
    assert retour in client.get(reverse("contrats:circuit", args=["gevaudan", circuit.pk])).content.decode()
    abandon = reverse("contrats:circuit_abandonner", args=["gevaudan", circuit.pk])
    assert client.post(abandon, {"abandon-motif": "Essai"})["Location"] == retour
    assert "Ouvrir le circuit de signature" in page(client, propose)
