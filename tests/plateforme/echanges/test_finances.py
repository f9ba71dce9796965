"""The export of the finance software: read, reconciled, applied once; the rest settled by hand."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from arpent.plateforme.acteurs.models import Agent
from arpent.plateforme.config.commande import main
from arpent.plateforme.echanges.etats import ImportRefuse
from arpent.plateforme.echanges.finances import actions, colonnes
from arpent.plateforme.echanges.models import ImportFinances, LigneFinances
from arpent.plateforme.subventions.models import DemandeVersement, Dossier, NumeroEngagement
from tests.plateforme.negociations.conftest import Monde, monde
from tests.plateforme.subventions import atelier_versements as atelier
from tests.plateforme.subventions.atelier_versements import D, paye

__all__ = ["monde"]
Connecte = Callable[[Agent], Client]
ENTETES = "N° engagement;SIRET tiers;Nom tiers;Montant mandaté;Date mandat;N° mandat"
SIREN = "214800308"


@pytest.fixture
def dossier(monde: Monde) -> Dossier:
    atelier.regler(monde.dispositif)
    dossier = atelier.dossier_notifie(monde.fiches[0])
    dossier.maitre_ouvrage.siren = SIREN
    dossier.maitre_ouvrage.save()
    return dossier


def lire(monde: Monde, tmp_path: Path, *lignes: str, nature: str = "paiement") -> ImportFinances:
    chemin = tmp_path / "export.csv"
    chemin.write_text("\n".join([ENTETES, *lignes]), encoding="utf-8")
    lecture = actions.recevoir(monde.dispositif, chemin, "export.csv", nature, par=None)
    return actions.confirmer(lecture, lecture.correspondance, par=None)


def sorts(lecture: ImportFinances) -> list[str]:
    return list(lecture.lues.order_by("numero").values_list("sort", flat=True))


def test_les_colonnes_se_devinent_chacune_une_fois() -> None:
    trouvees = colonnes.deviner(ENTETES.split(";"))
    assert trouvees == {0: "engagement", 1: "siret", 2: "tiers", 3: "montant", 4: "le", 5: "mandat"}
    assert colonnes.defaut({"0": "siret"}) == "Dites quelle colonne donne : montant, date."
    assert "numéro d’engagement, ou le SIRET" in colonnes.defaut({"0": "montant", "1": "le"})


def test_une_demande_certifiee_du_meme_montant_est_mise_en_paiement(
    monde: Monde, dossier: Dossier, tmp_path: Path
) -> None:
    demande = atelier.certifier(dossier, "avance", "6000")
    ligne = f";{SIREN}00012;Mairie;6 000,00;02/06/2026;4512"
    lecture = lire(monde, tmp_path, ligne)
    assert sorts(lecture) == ["rapprochee"]
    assert paye(dossier) == 0
    assert actions.appliquer(lecture, par=None) == actions.Bilan(1, 0)
    demande.refresh_from_db()
    assert (demande.etat, demande.mandat_numero, paye(dossier)) == ("payee", "4512", D("6000.00"))
    assert actions.appliquer(lecture, par=None) == actions.Bilan(0, 0)
    encore = lire(monde, tmp_path, ligne)
    assert sorts(encore) == ["deja"]
    assert paye(dossier) == D("6000.00")


def test_deux_exports_rapproches_avant_d_etre_appliques_ne_paient_qu_une_fois(
    monde: Monde, dossier: Dossier, tmp_path: Path
) -> None:
    atelier.certifier(dossier, "avance", "6000")
    ligne = f";{SIREN}00012;Mairie;6 000,00;02/06/2026;4512"
    un, deux = lire(monde, tmp_path, ligne), lire(monde, tmp_path, ligne)
    assert actions.appliquer(un, par=None).appliquees == 1
    assert actions.appliquer(deux, par=None) == actions.Bilan(0, 1)
    assert deux.lues.get().raison.startswith("La même pièce est déjà appliquée")
    assert paye(dossier) == D("6000.00")


def test_un_paiement_sans_demande_est_note_comme_constate(
    monde: Monde, dossier: Dossier, tmp_path: Path
) -> None:
    NumeroEngagement.objects.create(dossier=dossier, numero="E-12", montant=D("20000"), par_nom="x")
    lecture = lire(
        monde, tmp_path, "e-12;;Mairie;4 000,00;02/06/2026;1", "E-12;;Mairie;17 000,00;03/06/2026;2"
    )
    assert sorts(lecture) == ["rapprochee", "a_regler"]
    actions.appliquer(lecture, par=None)
    constate = DemandeVersement.objects.get()
    assert (constate.etat, constate.montant_paye, constate.raison) == (
        "payee",
        D("4000.00"),
        "Paiement constaté",
    )
    assert "export « export.csv », ligne 2" in constate.precisions


def test_un_engagement_note_son_numero_dans_la_limite_de_l_aide(
    monde: Monde, dossier: Dossier, tmp_path: Path
) -> None:
    lecture = lire(
        monde, tmp_path, f"E-12;{SIREN};Mairie;20000;10/02/2026;", f"E-13;{SIREN};Mairie;1;10/02/2026;",
        nature="engagement",
    )  # fmt: skip
    assert sorts(lecture) == ["rapprochee", "a_regler"]
    assert actions.appliquer(lecture, par=None) == actions.Bilan(1, 0)
    numero = NumeroEngagement.objects.get()
    assert (numero.numero, numero.montant) == ("E-12", D("20000.00"))
    with pytest.raises(ImportRefuse, match="portent déjà un numéro d’engagement"):
        actions.appliquer_ligne(lecture.lues.get(numero=3), dossier.pk, par=None)


def test_chaque_ligne_dit_ce_qu_elle_devient(monde: Monde, dossier: Dossier, tmp_path: Path) -> None:
    lecture = lire(
        monde, tmp_path,
        f";{SIREN}00012;Mairie;cent;02/06/2026;1",
        f";{SIREN}00012;Mairie;10;;2",
        ";99999999900011;Autre;10,00;02/06/2026;3",
        ";99999999900011;Autre;10,00;02/06/2026;3",
    )  # fmt: skip
    assert sorts(lecture) == ["illisible", "illisible", "a_regler", "repetee"]
    ligne = lecture.lues.get(numero=4)
    with pytest.raises(ImportRefuse, match="Dites pourquoi"):
        actions.ecarter(ligne, " ", par=None)
    assert actions.ecarter(ligne, "Pas une aide", par=None).sort == "ecartee"
    with pytest.raises(ImportRefuse, match="déjà écartée"):
        actions.appliquer_ligne(ligne, dossier.pk, par=None)


def test_une_ligne_ne_va_pas_a_un_dossier_d_un_autre_dispositif(
    monde: Monde, dossier: Dossier, tmp_path: Path
) -> None:
    lecture = lire(monde, tmp_path, ";99999999900011;Autre;10,00;02/06/2026;3")
    with pytest.raises(ImportRefuse, match="n’est pas de ce dispositif"):
        actions.appliquer_ligne(lecture.lues.get(), 0, par=None)
    assert LigneFinances.objects.get().sort == "a_regler"


def test_de_l_envoi_a_la_ligne_reglee_les_colonnes_sont_gardees(
    monde: Monde, dossier: Dossier, connecte: Connecte
) -> None:
    chef = connecte(monde.chef)
    url = f"/dispositifs/{monde.dispositif.slug}/finances/"
    contenu = "\n".join([ENTETES, ";99999999900011;Autre;4 000,00;02/06/2026;7"]).encode()

    def envoyer() -> str:
        fichier = SimpleUploadedFile("export.csv", contenu)
        reponse = chef.post(url, {"nature": "paiement", "fichier": fichier})
        assert reponse.status_code == 302
        return reponse["Location"]

    importation = envoyer()
    page = chef.get(importation).content.decode()
    assert "Montant mandaté" in page
    choix = {
        f"colonne_{n}": c for n, c in enumerate(["engagement", "siret", "tiers", "montant", "le", "mandat"])
    }
    assert chef.post(importation, choix | {"colonne_2": "montant"}).status_code == 422
    assert chef.post(importation, choix).status_code == 302
    page = re.sub(r"\s+", " ", chef.get(importation).content.decode())
    assert "1 ligne à régler" in page
    ligne = f"{importation}ecritures/2/"
    assert chef.post(ligne, {"dossier": "", "motif": ""}).status_code == 422
    assert chef.post(ligne, {"dossier": dossier.pk, "motif": ""}).status_code == 302
    assert paye(dossier) == D("4000.00")
    assert chef.get(f"{importation}rapport.xlsx").content.startswith(b"PK")
    second = envoyer()
    assert "reprises de « export.csv »" in chef.get(second).content.decode()
    assert chef.post(f"{second}abandonner/").status_code == 302
    assert ImportFinances.objects.filter(etat="abandonne").count() == 1
    assert connecte(monde.president).get(url).status_code == 403


def test_la_commande_rapproche_et_ne_rejoue_rien(
    monde: Monde, dossier: Dossier, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    atelier.certifier(dossier, "avance", "6000")
    chemin = tmp_path / "export.csv"
    chemin.write_text(f"{ENTETES}\n;{SIREN}00012;Mairie;6000;02/06/2026;4512", encoding="utf-8")
    commande = [
        "finances",
        "importer",
        str(chemin),
        "--dispositif",
        monde.dispositif.slug,
        "--nature",
        "paiement",
    ]
    assert main([*commande, "--appliquer"]) == 0
    assert paye(dossier) == D("6000.00")
    assert main([*commande, "--appliquer"]) == 0
    assert "déjà appliquée" in capsys.readouterr().out
    assert main(["apcp", monde.dispositif.slug]) == 0
    assert main(["echeances", monde.dispositif.slug, "--json"]) == 0
    assert "commencement" in capsys.readouterr().out
