"""The other channels: paper with its codes, the copy signed elsewhere, consent, the external parapheur."""

from __future__ import annotations

import io
import json
import zipfile
from datetime import date, timedelta
from typing import Any

import pytest
from django.utils import timezone

from arpent.plateforme.contrats import actions
from arpent.plateforme.contrats.models import Contrat, EmplacementSignature
from arpent.plateforme.contrats.signatures import electronique, papier, parapheur
from arpent.plateforme.contrats.signatures.circuits import SignatureRefusee, lire_document
from arpent.plateforme.contrats.signatures.electronique import Constat, consentir, sceau_tient
from arpent.plateforme.contrats.signatures.papier import PileIncomplete, recevoir_papier
from arpent.plateforme.documents.models import DocumentEmis
from arpent.plateforme.documents.signature import certificats, isole, pades
from arpent.plateforme.documents.signature.papier import lire_marque
from arpent.plateforme.socle.envois import Envoi
from tests.plateforme.contrats.atelier_signature import (
    MOT_DE_PASSE,
    PAGES,
    images,
    ouvrir,
    petit_pdf,
    pkcs12,
    reconnaitre_la_racine,
)
from tests.plateforme.negociations.conftest import Monde

HIER = date.today() - timedelta(days=1)


def envois(scans: list[tuple[str, bytes]]) -> list[Envoi]:
    return [Envoi(nom, contenu) for nom, contenu in scans]


def recevoir(places: list[EmplacementSignature], scans: list[tuple[str, bytes]]) -> Any:
    return recevoir_papier(places[0].circuit, envois(scans), places, signe_le=HIER, par=None)


def relire(place: EmplacementSignature) -> EmplacementSignature:
    return EmplacementSignature.objects.select_related("document").get(pk=place.pk)


# --- paper ----------------------------------------------------------------------------------------


def test_une_pile_melangee_et_tournee_ferme_plusieurs_emplacements(a_signer: Contrat) -> None:
    lues = ouvrir(a_signer)
    copie = papier.exemplaire_a_imprimer(lues[0].circuit)
    pile = recevoir(lues[:3], images(copie, ordre=(3, 1, 2), tours=(180, 90, 0)))
    assert pile.complete
    assert [(v.page, v.rotation) for v in pile.vues] == [(3, 180), (1, 90), (2, 0)]
    recues = [relire(p) for p in lues]
    assert [p.etat for p in recues] == ["recueillie"] * 3 + ["attendue"]
    assert len({p.document_id for p in recues[:3]}) == 1
    assert recues[0].signee_le is not None
    assert recues[0].signee_le.date() == HIER
    assert recues[0].document is not None
    rangee = lire_document(recues[0].document)
    relue, _ = isole.reconnaitre(petit_pdf(), [("a.pdf", rangee)], papier.marque_du_circuit(lues[0].circuit))
    assert [(v.page, v.rotation) for v in relue.vues] == [(1, 0), (2, 0), (3, 0)]


def test_un_pdf_numerise_vaut_des_images(a_signer: Contrat) -> None:
    lues = ouvrir(a_signer)
    copie = papier.exemplaire_a_imprimer(lues[0].circuit)
    assert recevoir(lues[:1], [("pile.pdf", copie)]).complete


def test_une_page_manquante_est_nommee_et_rien_n_est_ecrit(a_signer: Contrat) -> None:
    lues = ouvrir(a_signer)
    copie = papier.exemplaire_a_imprimer(lues[0].circuit)
    avant = DocumentEmis.objects.count()
    with pytest.raises(PileIncomplete, match="Il manque la page 2 sur 3") as refus:
        recevoir(lues[:1], images(copie, ordre=(3, 1)))
    assert refus.value.pile.manquantes == (2,)
    assert relire(lues[0]).etat == "attendue"
    assert DocumentEmis.objects.count() == avant


def test_une_page_en_double_est_nommee_et_gardee(a_signer: Contrat) -> None:
    lues = ouvrir(a_signer)
    copie = papier.exemplaire_a_imprimer(lues[0].circuit)
    pile = recevoir(lues[:1], images(copie, ordre=(1, 2, 2, 3)))
    assert [(v.rang, v.etat, v.page) for v in pile.doubles] == [(1, "double", 2)]
    document = relire(lues[0]).document
    assert document is not None
    assert len(images(lire_document(document))) == PAGES + 1


def test_une_page_etrangere_ou_illisible_est_nommee(a_signer: Contrat) -> None:
    lues = ouvrir(a_signer)
    circuit = lues[0].circuit
    copie = papier.exemplaire_a_imprimer(circuit)
    marque = papier.marque_du_circuit(circuit)
    ailleurs = type(marque)(marque.contrat + 1, 1, 0, 0, "0" * 16)
    autre = isole.marquer(petit_pdf("Un autre"), ailleurs, "Autre")
    scans = images(copie) + images(autre, ordre=(2,)) + images(petit_pdf(), ordre=(1,))
    with pytest.raises(PileIncomplete, match="page d’un autre contrat") as refus:
        recevoir(lues[:1], scans)
    assert [v.etat for v in refus.value.pile.vues] == ["reconnue"] * 3 + ["etrangere", "illisible"]
    assert refus.value.pile.manquantes == ()


def test_une_page_d_une_autre_version_n_est_pas_celle_a_signer(a_signer: Contrat) -> None:
    lues = ouvrir(a_signer)
    marque = papier.marque_du_circuit(lues[0].circuit)
    ancienne = type(marque)(marque.contrat, 1, 0, 0, "F" * 16)
    scans = images(isole.marquer(petit_pdf(), ancienne, "Ancienne"))
    with pytest.raises(PileIncomplete, match="n’est pas celle à signer"):
        recevoir(lues[:1], scans)


@pytest.mark.parametrize("contenu", [b"", b"bonjour", b"%PDF-1.7\nabime", b"\xff\xd8\xff abime"])
def test_un_scan_abime_est_refuse_clairement(a_signer: Contrat, contenu: bytes) -> None:
    lues = ouvrir(a_signer)
    with pytest.raises(SignatureRefusee, match="ne se lit pas"):
        recevoir(lues[:1], [("scan.pdf", contenu)])


def test_la_date_d_une_signature_n_est_pas_dans_l_avenir(a_signer: Contrat) -> None:
    lues = ouvrir(a_signer)
    demain = date.today() + timedelta(days=2)
    with pytest.raises(SignatureRefusee, match="dans l’avenir"):
        recevoir_papier(lues[0].circuit, [Envoi("a.pdf", b"x")], lues[:1], signe_le=demain, par=None)


def test_un_code_ecrit_a_la_main_ne_passe_pas() -> None:
    for texte in ("", "ARPENT/1/1/1/1/1/", "ARPENT/2/1/1/1/3/0123456789ABCDEF", "ARPENT/1/1/1/1/3/xyz"):
        assert lire_marque(texte) is None


def test_l_exemplaire_signe_hors_d_arpent_est_garde_et_signale(accord: Monde, a_signer: Contrat) -> None:
    lues = ouvrir(a_signer)
    envoi = Envoi("signe.pdf", petit_pdf("Signé au stylo"))
    circuit = lues[0].circuit
    with pytest.raises(SignatureRefusee, match="Dites pourquoi"):
        papier.recevoir_exemplaire(circuit, envoi, lues, signe_le=HIER, motif="", par=None)
    papier.recevoir_exemplaire(circuit, envoi, lues, signe_le=HIER, motif="Cérémonie", par=None)
    assert all(relire(p).preuve["hors_arpent"] for p in lues)
    assert actions.faire_avancer(a_signer, "constater_signature", par=accord.chef).etat == "en_vigueur"


# --- consent --------------------------------------------------------------------------------------


def test_un_consentement_laisse_une_preuve_scellee(accord: Monde, a_signer: Contrat) -> None:
    place = ouvrir(a_signer, "consentement")[0]
    constat = Constat(accord.president, "192.0.2.7", "mot de passe demandé à nouveau", timezone.now())
    consentir(place, constat, sha256_lu=place.circuit.document.sha256)
    document = relire(place).document
    assert document is not None
    contenu = lire_document(document)
    preuve = json.loads(contenu)
    assert preuve["compte"]["courriel"] == accord.president.courriel
    assert preuve["document"]["sha256"] == place.circuit.document.sha256
    assert place.partie.organisation.nom in preuve["mots"]
    assert "192.0.2.7" not in contenu.decode()
    assert sceau_tient(contenu)
    assert not sceau_tient(contenu.replace(b"redemand", b"demand").replace(b"nouveau", b"jamais"))
    assert not sceau_tient(b"[]")
    assert not sceau_tient(b"{")


def test_on_ne_consent_qu_au_document_qu_on_a_lu(accord: Monde, a_signer: Contrat) -> None:
    place = ouvrir(a_signer, "consentement")[0]
    constat = Constat(accord.president, "", "essai", timezone.now())
    with pytest.raises(SignatureRefusee, match="a changé depuis que vous l’avez lu"):
        consentir(place, constat, sha256_lu="0" * 64)


# --- parapheur ------------------------------------------------------------------------------------


def signer_ailleurs(pdf: bytes, champ: str, nom: str = "M. Parapheur") -> bytes:
    certificat = certificats.lire_pkcs12(pkcs12(nom), MOT_DE_PASSE)
    return pades.signer(pdf, champ, certificat, pades.Mention(nom))


def exporte(place: EmplacementSignature) -> tuple[bytes, dict[str, Any]]:
    with zipfile.ZipFile(io.BytesIO(parapheur.exporter_parapheur(place))) as archive:
        assert set(archive.namelist()) == {"document.pdf", "manifeste.json", "lisez-moi.txt"}
        return archive.read("document.pdf"), json.loads(archive.read("manifeste.json"))


def test_le_parapheur_part_et_revient(a_signer: Contrat, settings: Any) -> None:
    reconnaitre_la_racine(settings.ARPENT_CERTIFICATS)
    lues = ouvrir(a_signer, "parapheur")
    pdf, manifeste = exporte(lues[0])
    assert manifeste["sha256"] == lues[0].circuit.revision.sha256
    parapheur.recevoir_parapheur(lues[0], signer_ailleurs(pdf, manifeste["champ"]), par=None)
    recue = relire(lues[0])
    assert (recue.etat, recue.canal) == ("recueillie", "parapheur")
    assert [s["nom"] for s in recue.preuve["signatures"]] == ["M. Parapheur"]
    suivante = electronique.signer_electronique(lues[1], pkcs12("Mme Après"), MOT_DE_PASSE, par=None)
    rapport = isole.verifier(lire_document(suivante.document))  # type: ignore[arg-type]
    assert (rapport.etat, len(rapport.signatures)) == ("intact", 2)


def test_un_retour_apres_d_autres_signatures_est_un_exemplaire_separe(a_signer: Contrat) -> None:
    lues = ouvrir(a_signer, "parapheur")
    pdf, manifeste = exporte(lues[0])
    electronique.signer_electronique(lues[1], pkcs12("Mme Entre"), MOT_DE_PASSE, par=None)
    revision = lues[0].circuit.__class__.objects.get().revision_id
    parapheur.recevoir_parapheur(lues[0], signer_ailleurs(pdf, manifeste["champ"]), par=None)
    assert relire(lues[0]).preuve["exemplaire_separe"]
    assert lues[0].circuit.__class__.objects.get().revision_id == revision


def test_un_fichier_qui_n_est_pas_la_suite_est_refuse(a_signer: Contrat) -> None:
    place = ouvrir(a_signer, "parapheur")[0]
    pdf, manifeste = exporte(place)
    with pytest.raises(SignatureRefusee, match="aucune signature nouvelle"):
        parapheur.recevoir_parapheur(place, pdf, par=None)
    autre = signer_ailleurs(pades.preparer(petit_pdf("Autre"), ["Signature1"]), "Signature1")
    with pytest.raises(SignatureRefusee, match="n’est pas la suite"):
        parapheur.recevoir_parapheur(place, autre, par=None)
    signe = signer_ailleurs(pdf, manifeste["champ"])
    with pytest.raises(SignatureRefusee, match="ne vous y fiez pas"):
        parapheur.recevoir_parapheur(place, signe + b"\n%ajout", par=None)
    with pytest.raises(SignatureRefusee):
        parapheur.recevoir_parapheur(place, signe[:-400], par=None)
    assert relire(place).etat == "attendue"


def test_un_signataire_change_les_emplacements_encore_attendus(accord: Monde, a_signer: Contrat) -> None:
    place = ouvrir(a_signer)[0]
    partie = place.partie
    valeurs = {"signataire": "M. Neuf", "qualite": "président", "delegation": ""}
    actions.enregistrer_partie(partie, valeurs, version_lue=partie.version, par=accord.chef)
    assert relire(place).signataire == "M. Neuf"
