"""Signing with certificates: three in a row, what is refused, what an independent validator says."""

from __future__ import annotations

import random
import shutil
import subprocess
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from arpent.plateforme.contrats import actions
from arpent.plateforme.contrats.exigences import ContratRefuse
from arpent.plateforme.contrats.models import CircuitSignature, Contrat, EmplacementSignature
from arpent.plateforme.contrats.signatures import circuits, electronique
from arpent.plateforme.contrats.signatures.circuits import SignatureRefusee, lire_document
from arpent.plateforme.contrats.signatures.electronique import signer_electronique
from arpent.plateforme.documents.models import DocumentEmis
from arpent.plateforme.documents.signature import certificats, isole, pades
from arpent.plateforme.documents.signature.verification import verifier_pdf
from arpent.plateforme.journal.models import Entree
from tests.documents import verification
from tests.plateforme.contrats.atelier_signature import (
    MOT_DE_PASSE,
    ouvrir,
    petit_pdf,
    pkcs12,
    places,
    reconnaitre_la_racine,
)
from tests.plateforme.negociations.conftest import Monde


def signer(place: EmplacementSignature, nom: str, par: Any = None) -> EmplacementSignature:
    return signer_electronique(place, pkcs12(nom), MOT_DE_PASSE, par=par)


@pytest.fixture
def signe(a_signer: Contrat, settings: Any) -> tuple[CircuitSignature, bytes]:
    """Three parties of four have signed."""
    reconnaitre_la_racine(settings.ARPENT_CERTIFICATS)
    lues = ouvrir(a_signer)
    for place, nom in zip(lues, ("Mme Un", "M. Deux", "Mme Trois"), strict=False):
        signer(place, nom)
    circuit = CircuitSignature.objects.get()
    return circuit, lire_document(circuit.revision)


def test_trois_signatures_de_suite_sont_valables(
    signe: tuple[CircuitSignature, bytes], settings: Any
) -> None:
    rapport = verifier_pdf(signe[1], settings.ARPENT_CERTIFICATS)
    assert rapport.intact
    assert [s.nom for s in rapport.signatures] == ["Mme Un", "M. Deux", "Mme Trois"]
    assert all(s.reconnu for s in rapport.signatures)
    assert [s.couvre_tout for s in rapport.signatures] == [False, False, True]


def test_chaque_mise_a_jour_est_enumeree(signe: tuple[CircuitSignature, bytes]) -> None:
    revisions = verifier_pdf(signe[1]).revisions
    assert [r.signee for r in revisions] == [False, False, True, True, True]
    assert revisions[0].apport == "document d’origine"
    assert revisions[4].apport == "signature de Mme Trois"
    assert revisions[4].fin == len(signe[1])


def test_chaque_revision_ne_fait_qu_ajouter(signe: tuple[CircuitSignature, bytes]) -> None:
    gardees = DocumentEmis.objects.filter(objet_type="contrats.circuitsignature").order_by("pk")
    contenus = [petit_pdf(), *(lire_document(d) for d in gardees)]
    assert len(contenus) == 5
    assert all(pades.complements(a, b) for a, b in pairwise(contenus))


@pytest.mark.skipif(not shutil.which("pdfsig"), reason="pdfsig (poppler) n’est pas installé ici")
def test_un_validateur_independant_est_d_accord(
    signe: tuple[CircuitSignature, bytes], tmp_path: Path
) -> None:
    def juger(pdf: bytes) -> str:
        (tmp_path / "a.pdf").write_bytes(pdf)
        return subprocess.run(
            ["pdfsig", str(tmp_path / "a.pdf")], capture_output=True, text=True, check=False
        ).stdout

    assert juger(signe[1]).count("Signature is Valid") == 3
    altere = bytearray(signe[1])
    altere[300] ^= 1
    assert juger(bytes(altere)).count("Signature is Valid") < 3


def test_un_octet_change_ne_passe_jamais(signe: tuple[CircuitSignature, bytes]) -> None:
    """Sixty bits flipped anywhere in the file; the thousand are in the bench."""
    pdf, alea = signe[1], random.Random(18)
    for _ in range(60):
        altere = bytearray(pdf)
        altere[alea.randrange(len(pdf))] ^= 1 << alea.randrange(8)
        assert not verifier_pdf(bytes(altere)).intact


def test_signer_garde_ce_que_les_normes_demandent(signe: tuple[CircuitSignature, bytes]) -> None:
    """Tags, language, title, fonts, declarations: what held before the signatures holds after."""
    assert verification.faults(signe[1]) == verification.faults(petit_pdf() + b"\n")


@pytest.mark.parametrize("suite", [b"\n", b"% ajout", b"\n1 0 obj\n<<>>\nendobj\n"])
def test_rien_ne_s_ajoute_apres_la_derniere_signature(
    signe: tuple[CircuitSignature, bytes], suite: bytes
) -> None:
    assert verifier_pdf(signe[1] + suite).etat == "altere"


def test_une_mise_a_jour_qui_change_le_texte_est_vue(signe: tuple[CircuitSignature, bytes]) -> None:
    """A shadow attack: a later revision turns the first page, then somebody signs it all."""
    import io

    from pyhanko.pdf_utils import generic
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter

    ecrivain = IncrementalPdfFileWriter(io.BytesIO(signe[1]))
    page = ecrivain.root["/Pages"]["/Kids"][0]
    page["/Rotate"] = generic.NumberObject(180)
    ecrivain.mark_update(ecrivain.root["/Pages"]["/Kids"].raw_get(0))
    sortie = io.BytesIO()
    ecrivain.write(sortie)  # type: ignore[no-untyped-call]
    assert verifier_pdf(sortie.getvalue()).etat == "altere"
    certificat = certificats.lire_pkcs12(pkcs12("M. Quatre"), MOT_DE_PASSE)
    couvert = pades.signer(sortie.getvalue(), "Signature4", certificat, pades.Mention("M. Quatre"))
    rapport = verifier_pdf(couvert)
    assert rapport.etat == "altere"
    assert any("au-delà de ce qu’elle permettait" in d for s in rapport.signatures[:3] for d in s.defauts)


def test_une_signature_retiree_se_voit_au_nombre(signe: tuple[CircuitSignature, bytes]) -> None:
    """Cutting the last revision gives back the file of two signatures: intact, but another fingerprint."""
    coupe = signe[1][: verifier_pdf(signe[1]).signatures[1].octets]
    rapport = verifier_pdf(coupe)
    assert (rapport.etat, len(rapport.signatures)) == ("intact", 2)
    assert rapport.sha256 != signe[0].revision.sha256


@pytest.mark.parametrize(
    "contenu", [b"", b"bonjour", b"%PDF-1.7\n", petit_pdf()[:900], b"%PDF-1.7\n" + bytes(range(256)) * 40]
)
def test_un_fichier_abime_est_dit_illisible(contenu: bytes) -> None:
    rapport = verifier_pdf(contenu)
    assert rapport.etat == "illisible"
    assert rapport.explication


def test_un_pdf_sans_signature_est_dit_non_signe() -> None:
    assert isole.verifier(petit_pdf()).etat == "non_signe"


# --- refusals -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("fichier", "mot_de_passe", "dit"),
    [
        (pkcs12("M. Vieux", debut=-400, fin=-2), MOT_DE_PASSE, "a expiré le"),
        (pkcs12("M. Tôt", debut=3), MOT_DE_PASSE, "à partir du"),
        (pkcs12("M. Coffre", signe=False), MOT_DE_PASSE, "n’est pas fait pour signer"),
        (pkcs12(), "faux", "mot de passe ne correspond pas"),
        (pkcs12()[:80], MOT_DE_PASSE, "n’est pas un certificat PKCS#12"),
        (b"", "", "n’est pas un certificat PKCS#12"),
        (b"x" * 70_000, "", "n’est pas un certificat PKCS#12"),
    ],
)  # fmt: skip
def test_un_mauvais_certificat_est_refuse(
    a_signer: Contrat, fichier: bytes, mot_de_passe: str, dit: str
) -> None:
    place = ouvrir(a_signer)[0]
    with pytest.raises(SignatureRefusee, match=dit):
        signer_electronique(place, fichier, mot_de_passe, par=None)
    place.refresh_from_db()
    assert place.etat == "attendue"


def test_un_emplacement_ne_se_signe_pas_deux_fois(a_signer: Contrat) -> None:
    place = ouvrir(a_signer)[0]
    signer(place, "Mme Un")
    with pytest.raises(SignatureRefusee, match="jamais remplacée"):
        signer(place, "Mme Deux")


def test_un_certificat_ne_signe_que_pour_une_partie(a_signer: Contrat) -> None:
    lues = ouvrir(a_signer)
    signer(lues[0], "Mme Un")
    with pytest.raises(SignatureRefusee, match="a déjà signé pour"):
        signer(lues[1], "Mme Un")


def test_la_base_refuse_de_changer_une_signature_recueillie(a_signer: Contrat) -> None:
    from django.db import DatabaseError, transaction

    place = ouvrir(a_signer)[0]
    signer(place, "Mme Un")
    for geste in (
        lambda: EmplacementSignature.objects.filter(pk=place.pk).update(signataire="Autre"),
        lambda: EmplacementSignature.objects.filter(pk=place.pk)._raw_delete("default"),
        lambda: CircuitSignature.objects.update(document=DocumentEmis.objects.latest("pk")),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            geste()


def test_l_ordre_impose_se_respecte(a_signer: Contrat) -> None:
    lues = ouvrir(a_signer, ordre_impose=True)
    with pytest.raises(SignatureRefusee, match="L’ordre des signatures est imposé"):
        signer(lues[1], "M. Deux")
    signer(lues[0], "Mme Un")
    signer(lues[1], "M. Deux")


def test_une_coupure_entre_le_fichier_et_la_base_ne_laisse_rien(
    a_signer: Contrat, monkeypatch: pytest.MonkeyPatch, settings: Any
) -> None:
    place = ouvrir(a_signer)[0]
    circuit = place.circuit
    fichiers = {p for p in Path(settings.MEDIA_ROOT).rglob("*") if p.is_file()}
    entrees = Entree.objects.count()

    def coupe(*_: Any, **__: Any) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(electronique, "recueillir", coupe)
    with pytest.raises(KeyboardInterrupt):
        signer(place, "Mme Un")
    monkeypatch.undo()
    circuit.refresh_from_db()
    assert {p for p in Path(settings.MEDIA_ROOT).rglob("*") if p.is_file()} == fichiers
    assert Entree.objects.count() == entrees
    assert not pades.est_signe(lire_document(circuit.revision))
    assert places(circuit)[0].etat == "attendue"


def test_un_fichier_change_sur_le_disque_ne_se_signe_pas(a_signer: Contrat) -> None:
    place = ouvrir(a_signer)[0]
    revision = place.circuit.revision
    Path(revision.fichier.path).write_bytes(b"%PDF-1.7 autre chose")
    with pytest.raises(SignatureRefusee, match="empreinte différente"):
        signer(place, "Mme Un")


# --- the contract ---------------------------------------------------------------------------------


def test_le_contrat_signe_par_tous_entre_en_vigueur(accord: Monde, a_signer: Contrat) -> None:
    lues = ouvrir(a_signer)
    for rang, place in enumerate(lues):
        with pytest.raises(ContratRefuse, match="Il manque la signature de"):
            actions.faire_avancer(a_signer, "constater_signature", par=accord.chef)
        signer(place, f"Signataire {rang}", par=accord.chef)
    assert CircuitSignature.objects.get().etat == "complet"
    assert Entree.objects.filter(geste="recueillir_signature").count() == 4
    assert Entree.objects.filter(geste="completer_signature").count() == 1
    assert actions.faire_avancer(a_signer, "constater_signature", par=accord.chef).etat == "en_vigueur"


def test_sans_circuit_le_contrat_n_entre_pas_en_vigueur(accord: Monde, a_signer: Contrat) -> None:
    with pytest.raises(ContratRefuse, match="ouvrez le circuit de signature"):
        actions.faire_avancer(a_signer, "constater_signature", par=accord.chef)


def test_une_signature_fige_le_contrat(accord: Monde, a_signer: Contrat) -> None:
    place = ouvrir(a_signer)[0]
    signer(place, "Mme Un")
    for geste in (
        lambda: actions.faire_avancer(a_signer, "reprendre_redaction", par=accord.chef),
        lambda: actions.generer(a_signer, accord.chef),
    ):
        with pytest.raises(ContratRefuse, match="déjà signé par"):
            geste()
    partie = place.partie
    with pytest.raises(ContratRefuse, match="Cette partie a signé"):
        actions.enregistrer_partie(
            partie, {"signataire": "X", "qualite": "", "delegation": ""}, version_lue=partie.version, par=None
        )


def test_abandonner_un_circuit_signe_demande_un_motif_et_garde_tout(accord: Monde, a_signer: Contrat) -> None:
    place = ouvrir(a_signer)[0]
    signer(place, "Mme Un")
    gardes = DocumentEmis.objects.count()
    with pytest.raises(SignatureRefusee, match="dites pourquoi"):
        circuits.abandonner(place.circuit, " ", par=accord.chef)
    circuits.abandonner(place.circuit, "Une commune se retire", par=accord.chef)
    assert Entree.objects.get(geste="abandonner_signature").motif == "Une commune se retire"
    assert DocumentEmis.objects.count() == gardes
    assert actions.faire_avancer(a_signer, "reprendre_redaction", par=accord.chef).etat == "redaction"


def test_un_circuit_sans_signature_se_ferme_avec_la_reprise(accord: Monde, a_signer: Contrat) -> None:
    ouvrir(a_signer)
    actions.faire_avancer(a_signer, "reprendre_redaction", par=accord.chef)
    assert CircuitSignature.objects.get().etat == "abandonne"


def test_un_second_circuit_sur_le_meme_document_est_refuse(a_signer: Contrat) -> None:
    ouvrir(a_signer)
    with pytest.raises(SignatureRefusee, match="déjà ouvert"):
        circuits.ouvrir_pour_le_contrat(a_signer, ordre_impose=False, par=None)


def test_un_refus_dit_pourquoi_puis_se_relance(a_signer: Contrat) -> None:
    place = ouvrir(a_signer, "electronique")[0]
    with pytest.raises(SignatureRefusee, match="Dites pourquoi"):
        circuits.refuser(place, "  ", par=None)
    circuits.refuser(place, "Montant contesté", par=None)
    with pytest.raises(SignatureRefusee, match="a refusé de signer"):
        signer(place, "Mme Un")
    circuits.choisir_canal(place, "electronique", par=None)
    signer(place, "Mme Un")
    place.refresh_from_db()
    assert (place.etat, place.motif) == ("recueillie", "")
