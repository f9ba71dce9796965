"""A contract ends before its term by an act, on its day, or goes on when the act is given up."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from arpent.metier.fin_contrat import MotifFin
from arpent.plateforme.contrats import actions
from arpent.plateforme.contrats.exigences import ContratRefuse
from arpent.plateforme.contrats.fin import FinRefusee, SaisieFin, abandonner_fin, noter_fin
from arpent.plateforme.contrats.models import Contrat, FinContrat
from arpent.plateforme.contrats.terme import exiger_echeance, terme_de
from arpent.plateforme.journal.models import Entree
from arpent.plateforme.notifications.models import Notification
from arpent.plateforme.socle.envois import Envoi
from tests.plateforme.contrats.conftest import AUJOURD_HUI, acte_de_fin
from tests.plateforme.negociations.conftest import Monde

HIER = AUJOURD_HUI - timedelta(days=1)
ACTE = acte_de_fin(AUJOURD_HUI)


@pytest.fixture(autouse=True)
def le_jour(monkeypatch: pytest.MonkeyPatch) -> None:
    """The pages live on the day of the tests."""

    class Jour(date):
        @classmethod
        def today(cls) -> date:
            return AUJOURD_HUI

    for module in ("actions", "exigences", "views", "views_fin"):
        monkeypatch.setattr(f"arpent.plateforme.contrats.{module}.date", Jour)


def _noter(contrat: Contrat, saisie: SaisieFin = ACTE) -> FinContrat:
    return noter_fin(contrat, saisie, par=None, le=AUJOURD_HUI)


def test_le_contrat_reste_en_vigueur_jusqu_au_jour_dit(accord: Monde, en_vigueur: Contrat) -> None:
    with pytest.raises(ContratRefuse, match="Notez d’abord l’acte"):
        actions.faire_avancer(en_vigueur, "resilier", par=accord.chef)
    fin = _noter(en_vigueur, replace(ACTE, effet_le=AUJOURD_HUI + timedelta(days=1)))
    en_vigueur.refresh_from_db()
    assert en_vigueur.etat == "en_vigueur"
    with pytest.raises(ContratRefuse, match="reste en vigueur jusqu’au"):
        actions.faire_avancer(en_vigueur, "resilier", par=accord.chef)
    FinContrat.objects.filter(pk=fin.pk).update(effet_le=AUJOURD_HUI)
    assert actions.faire_avancer(en_vigueur, "resilier", par=accord.chef).etat == "resilie"


def test_l_acte_est_garde_et_les_parties_sont_avisees(accord: Monde, en_vigueur: Contrat) -> None:
    fin = _noter(en_vigueur)
    assert fin.document.fichier.read() == b"%PDF-1.7 acte"
    assert fin.document.sha256 in Entree.objects.filter(geste="noter_fin_contrat").get().apres["sha256"]
    assert Notification.objects.filter(sujet="Le contrat prend fin avant son terme").exists()


def test_une_seule_fin_a_la_fois_et_elle_s_abandonne(accord: Monde, en_vigueur: Contrat) -> None:
    _noter(en_vigueur)
    with pytest.raises(ContratRefuse, match="déjà notée"):
        _noter(en_vigueur)
    with pytest.raises(ContratRefuse, match="Dites pourquoi"):
        abandonner_fin(en_vigueur, "  ", par=None)
    abandonner_fin(en_vigueur, "Accord retrouvé, CP_27_20", par=None)
    with pytest.raises(ContratRefuse, match="Aucune fin anticipée"):
        abandonner_fin(en_vigueur, "Encore", par=None)
    _noter(en_vigueur)
    assert FinContrat.objects.filter(contrat=en_vigueur).count() == 2


@pytest.mark.parametrize(
    ("champs", "case"),
    [
        ({"motif": MotifFin.MANQUEMENT}, "mise_en_demeure_le"),
        ({"motif": MotifFin.INTERET_GENERAL}, "explication"),
        ({"acte": " "}, "acte"),
        ({"effet_le": date(2050, 1, 1)}, "effet_le"),
        ({"fichier": Envoi("a.pdf", b"")}, "fichier"),
        ({"fichier": Envoi("a.png", b"\x89PNG\r\n\x1a\n")}, "fichier"),
    ],
)
def test_ce_qui_manque_est_dit_sur_sa_case(
    accord: Monde, en_vigueur: Contrat, champs: dict[str, Any], case: str
) -> None:
    with pytest.raises(FinRefusee) as refus:
        _noter(en_vigueur, replace(ACTE, **champs))
    assert case in {d.champ for d in refus.value.defauts}
    assert not FinContrat.objects.exists()


def test_une_partie_d_ailleurs_ne_denonce_pas(accord: Monde, en_vigueur: Contrat) -> None:
    from arpent.plateforme.contrats.models import Partie

    autre = Partie(contrat_id=0, organisation=en_vigueur.parties.all()[0].organisation)
    with pytest.raises(FinRefusee, match="n’est pas partie"):
        _noter(en_vigueur, replace(ACTE, motif=MotifFin.INTERET_GENERAL, auteur=autre, explication="Motif"))


def test_un_contrat_en_redaction_ne_prend_pas_fin(accord: Monde, contrat: Contrat) -> None:
    with pytest.raises(ContratRefuse, match="Seul un contrat signé"):
        _noter(contrat)


def test_un_contrat_en_vigueur_ne_se_genere_plus(accord: Monde, en_vigueur: Contrat, client: Client) -> None:
    with pytest.raises(ContratRefuse, match="changent par avenant"):
        actions.generer(en_vigueur, accord.chef)
    client.force_login(accord.chef)
    page = client.get(reverse("contrats:contrat", args=["gevaudan"])).content.decode()
    assert "Générer le contrat" not in page
    assert "Archive du contrat" in page


def test_l_echeance_attend_le_dernier_jour(accord: Monde, en_vigueur: Contrat, client: Client) -> None:
    terme = terme_de(en_vigueur)
    assert terme is not None
    with pytest.raises(ContratRefuse, match=f"court jusqu’au {terme:%d/%m/%Y}"):
        exiger_echeance(en_vigueur, terme)
    exiger_echeance(en_vigueur, terme + timedelta(days=1))
    client.force_login(accord.chef)
    url = reverse("contrats:contrat", args=["gevaudan"])
    assert "Constater l’échéance" not in client.get(url).content.decode()
    Contrat.objects.filter(pk=en_vigueur.pk).update(date_effet=date(2020, 1, 1))
    assert "Constater l’échéance" in client.get(url).content.decode()
    en_vigueur.refresh_from_db()
    assert actions.faire_avancer(en_vigueur, "constater_echeance", par=accord.chef).etat == "echu"
    en_vigueur.refresh_from_db()
    assert terme_de(en_vigueur) is None


def test_la_page_note_la_fin_et_le_contrat_la_montre(
    client: Client, accord: Monde, en_vigueur: Contrat
) -> None:
    client.force_login(accord.chef)
    url, contrat = reverse("contrats:fin", args=["gevaudan"]), reverse("contrats:contrat", args=["gevaudan"])
    page = client.get(contrat).content.decode()
    assert url in page
    assert "Résilier" not in page
    assert client.get(url).status_code == 200
    partie = en_vigueur.parties.get(role="autorite")
    envoi: dict[str, Any] = {
        "motif": "interet", "auteur": partie.pk, "explication": "", "acte": "CP_27_12", "acte_le": str(HIER),
        "notifie_le": str(HIER), "effet_le": str(AUJOURD_HUI),
        "fichier": SimpleUploadedFile("acte.pdf", b"%PDF-1.7 acte"),
    }  # fmt: skip
    reponse = client.post(url, envoi)
    assert reponse.status_code == 422
    texte = reponse.content.decode()
    assert "Dites pourquoi" in texte
    assert 'value="CP_27_12"' in texte
    envoi |= {
        "explication": "Fusion des deux communes",
        "fichier": SimpleUploadedFile("a.pdf", b"%PDF-1.7 a"),
    }
    assert client.post(url, envoi).status_code == 302
    page = client.get(contrat).content.decode()
    assert "Dénoncé pour un motif d’intérêt général" in page
    assert "Fusion des deux communes" in page
    assert "Résilier" in page
    assert client.get(url).status_code == 302
    fin = FinContrat.objects.get()
    fichier = client.get(reverse("contrats:document", args=["gevaudan", fin.document_id]))
    assert fichier.content == b"%PDF-1.7 a"
    assert (
        client.post(reverse("contrats:fin_abandonner", args=["gevaudan"]), {"motif": ""}).status_code == 302
    )
    assert FinContrat.objects.get().abandonnee_le is None
    client.post(reverse("contrats:fin_abandonner", args=["gevaudan"]), {"motif": "Accord retrouvé"})
    assert FinContrat.objects.get().abandonnee_le is not None
    client.force_login(accord.president)
    assert client.get(url).status_code == 403
