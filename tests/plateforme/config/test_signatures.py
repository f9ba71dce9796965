"""`arpent contrat signer`, `signatures` and `verifier`."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from arpent.metier.avenants import Genre
from arpent.plateforme.contrats.avenants.actions import Saisie
from arpent.plateforme.contrats.avenants.proposition import proposer
from arpent.plateforme.contrats.models import Avenant, CircuitSignature, Contrat
from arpent.plateforme.contrats.signatures.circuits import lire_document
from tests.plateforme.contrats.atelier_signature import MOT_DE_PASSE, ouvrir, petit_pdf, pkcs12
from tests.plateforme.contrats.conftest import (
    a_signer,
    accord,
    contrat,
    en_vigueur,
    preparer,
    sans_fichiers,
    sans_pdf,
)
from tests.plateforme.negociations.conftest import Monde, monde

from .conftest import Console

__all__ = ["a_signer", "accord", "contrat", "en_vigueur", "monde", "sans_fichiers", "sans_pdf"]
SIREN = "200000123"


@pytest.fixture
def certificat(a_signer: Contrat, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The certificate of the authority, its password in the environment."""
    organisation = a_signer.parties.get(role="autorite").organisation
    organisation.siren = SIREN
    organisation.save(update_fields=["siren"])
    monkeypatch.setenv(f"ARPENT_CERTIFICAT_{SIREN}", MOT_DE_PASSE)
    chemin = tmp_path / "a.p12"
    chemin.write_bytes(pkcs12("Mme Un"))
    return chemin


def test_signer_puis_verifier(arpent: Console, certificat: Path, a_signer: Contrat, tmp_path: Path) -> None:
    signer = ("contrat", "signer", "--territoire", "gevaudan", "--partie", SIREN, "--certificat", certificat)
    arpent(*signer).exiger_un_refus("aucun circuit", "--ouvrir")
    bilan = arpent(*signer, "--ouvrir", "--json")
    assert bilan.code == 0, bilan.erreur
    assert bilan.json["etat"] == "recueillie"
    arpent(*signer).exiger_un_refus("déjà recueillie")
    fichier = tmp_path / "signe.pdf"
    fichier.write_bytes(lire_document(CircuitSignature.objects.get().revision))
    verifie = arpent("contrat", "verifier", fichier, "--json")
    assert verifie.code == 0
    assert verifie.json["signatures"][0]["nom"] == "Mme Un"
    assert verifie.json["emis_ici"]
    assert verifie.json["sha256"] == bilan.json["sha256"]
    suivi = arpent("contrat", "signatures", "--territoire", "gevaudan", "--json").json
    assert [p["etat"] for p in suivi[0]["signatures"]].count("recueillie") == 1


def test_un_fichier_altere_rend_le_code_1(arpent: Console, certificat: Path, tmp_path: Path) -> None:
    place = ouvrir(Contrat.objects.get())[0]
    from arpent.plateforme.contrats.signatures.electronique import signer_electronique

    signe = signer_electronique(place, certificat.read_bytes(), MOT_DE_PASSE, par=None)
    assert signe.document is not None
    fichier = tmp_path / "a.pdf"
    fichier.write_bytes(lire_document(signe.document) + b"x")
    bilan = arpent("contrat", "verifier", fichier)
    assert bilan.code == 1
    assert "altération" in bilan.sortie
    fichier.write_bytes(petit_pdf())
    assert arpent("contrat", "verifier", fichier).code == 1
    arpent("contrat", "verifier", tmp_path / "absent.pdf").exiger_un_refus("ne peut pas être lu")


def test_ce_qui_empeche_de_signer_est_dit(
    arpent: Console, certificat: Path, a_signer: Contrat, monkeypatch: pytest.MonkeyPatch
) -> None:
    ouvrir(a_signer)
    debut = ("contrat", "signer", "--territoire", "gevaudan", "--partie")
    arpent(*debut, SIREN).exiger_un_refus("aucun certificat")
    arpent(*debut, "999999999", "--certificat", certificat).exiger_un_refus("aucune partie de SIREN", SIREN)
    monkeypatch.setenv(f"ARPENT_CERTIFICAT_{SIREN}", "faux")
    arpent(*debut, SIREN, "--certificat", certificat).exiger_un_refus("mot de passe")
    certificat.write_bytes(pkcs12("M. Vieux", debut=-400, fin=-2))
    monkeypatch.setenv(f"ARPENT_CERTIFICAT_{SIREN}", MOT_DE_PASSE)
    arpent(*debut, SIREN, "--certificat", certificat).exiger_un_refus("a expiré")


@pytest.mark.usefixtures("sans_pdf")
def test_un_avenant_se_signe_de_la_console(
    arpent: Console, accord: Monde, en_vigueur: Contrat, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    organisation = en_vigueur.parties.get(role="autorite").organisation
    organisation.siren = SIREN
    organisation.save(update_fields=["siren"])
    monkeypatch.setenv(f"ARPENT_CERTIFICAT_{SIREN}", MOT_DE_PASSE)
    certificat = tmp_path / "a.p12"
    certificat.write_bytes(pkcs12("Mme Un"))
    signer = ("contrat", "signer", "--territoire", "gevaudan", "--partie", SIREN, "--certificat", certificat)
    arpent(*signer, "--avenant", 1).exiger_un_refus("pas d’avenant 1", "Aucun avenant")
    saisie = Saisie(Genre.MONTANT, fiche=accord.fiches[1], montant=Decimal("16000.00"))
    proposer(preparer(en_vigueur, saisie, effet=date.today()), par=None, le=date.today())
    arpent(*signer, "--avenant", 2).exiger_un_refus("pas d’avenant 2", "Avenants proposés : 1")
    arpent(*signer, "--avenant", 1).exiger_un_refus("aucun circuit", "--ouvrir")
    arpent(*signer, "--avenant", 1, "--ouvrir").exiger_un_refus("numéro de l’acte du président")
    bilan = arpent(*signer, "--avenant", 1, "--ouvrir", "--acte", "A-7", "--json")
    assert bilan.code == 0, bilan.erreur
    assert (bilan.json["etat"], bilan.json["circuit"]) == ("recueillie", "complet")
    avenant = Avenant.objects.get()
    assert (avenant.etat, avenant.acte, avenant.signe_le) == ("signe", "A-7", date.today())
    lus = arpent("contrat", "signatures", "--territoire", "gevaudan", "--avenant", 1, "--json").json
    assert [c["objet"] for c in lus] == [avenant.circuits.get().objet]
    tous = arpent("contrat", "signatures", "--territoire", "gevaudan", "--json").json
    assert avenant.circuits.get().pk not in {c["circuit"] for c in tous}
    fichier = tmp_path / "avenant.pdf"
    fichier.write_bytes(lire_document(avenant.circuits.get().revision))
    assert (
        arpent("contrat", "verifier", fichier, "--json").json["emis_ici"]["titre"].startswith("Avenant n° 1")
    )
