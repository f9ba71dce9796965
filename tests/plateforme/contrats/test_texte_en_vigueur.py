"""The page of a signed contract shows what was signed, whatever the data became."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from arpent.metier.avenants import Genre
from arpent.plateforme.contrats.avenants.actions import Saisie
from arpent.plateforme.contrats.models import Contrat
from arpent.plateforme.contrats.texte_en_vigueur import contrat_fige
from arpent.plateforme.negociations.models import Proposition
from tests.plateforme.contrats.conftest import EFFET, conclure, preparer
from tests.plateforme.negociations.conftest import Monde

pytestmark = pytest.mark.usefixtures("sans_fichiers", "sans_pdf")
URL = "/territoires/gevaudan/contrat/"
Connecte = Callable[[Any], Client]


def test_tant_que_le_contrat_se_redige_rien_n_est_fige(accord: Monde, contrat: Contrat) -> None:
    assert contrat_fige(contrat, date.today()) is None
    assert contrat_fige(Contrat(demarche=accord.demarche), date.today()) is None


def test_un_contrat_dit_en_vigueur_sans_version_signee_se_lit_encore(contrat: Contrat) -> None:
    Contrat.objects.filter(pk=contrat.pk).update(etat="en_vigueur")
    contrat.refresh_from_db()
    assert contrat_fige(contrat, date.today()) is None


def test_la_page_garde_les_mots_et_les_montants_signes(
    accord: Monde, en_vigueur: Contrat, connecte: Connecte
) -> None:
    client = connecte(accord.chef)
    avant = client.get(URL).content.decode()
    assert "Celui de la version signée" in avant
    modele = accord.demarche.processus.dispositif
    for article in modele.modele_contrat["articles"]:
        article["texte"] = "Un texte écrit après la signature."
    modele.save(update_fields=["modele_contrat"])
    Proposition.objects.filter(scenario__demarche=accord.demarche).update(montant=Decimal(1))
    apres = client.get(URL).content.decode()
    assert "Un texte écrit après la signature." not in apres
    titre = avant[avant.index("<h1") : avant.index("</h1>")]
    assert titre in apres


def test_un_avenant_en_vigueur_change_le_total_et_se_dit(
    accord: Monde, en_vigueur: Contrat, connecte: Connecte
) -> None:
    lu = contrat_fige(en_vigueur, EFFET)
    assert lu is not None
    saisie = Saisie(Genre.MONTANT, fiche=accord.fiches[1], montant=Decimal("16000.00"))
    conclure(preparer(en_vigueur, saisie))
    modifie = contrat_fige(en_vigueur, EFFET)
    assert modifie is not None
    assert modifie.total == lu.total - Decimal("15000.01") + Decimal("16000.00")
    assert (lu.avenants, modifie.avenants) == (0, 1)
    assert "modifié par 1 avenant en vigueur" in connecte(accord.chef).get(URL).content.decode()
