"""Closing a contract: what is open, the balance to the cent, what can no longer be done."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal

import pytest
from django.db import transaction
from django.test import Client

from arpent.metier.cloture import GenreOuvert
from arpent.metier.repartition.soldes import Stade
from arpent.plateforme.acteurs.models import Agent
from arpent.plateforme.contrats import actions as contrats
from arpent.plateforme.contrats.exigences import ContratRefuse
from arpent.plateforme.contrats.models import Contrat
from arpent.plateforme.journal.models import Entree
from arpent.plateforme.negociations.credits.noeuds import noeud_du_territoire
from arpent.plateforme.negociations.credits.registre import Ecriture, inscrire
from arpent.plateforme.negociations.models import Genre, Mouvement
from arpent.plateforme.plans.models import Fiche
from arpent.plateforme.subventions.dossiers import actions as dossiers
from arpent.plateforme.subventions.dossiers.actions import DossierRefuse
from arpent.plateforme.suivi.cloture.actions import ClotureRefusee, clore_contrat
from arpent.plateforme.suivi.cloture.lecture import bilan_de, ouverts_de
from arpent.plateforme.suivi.models import ClotureContrat, PointBloquant
from tests.plateforme import fabrique
from tests.plateforme.contrats.conftest import en_vigueur, sans_fichiers, sans_pdf
from tests.plateforme.subventions.conftest import Bureau, bureau, sans_rendu

__all__ = ["bureau", "en_vigueur", "sans_fichiers", "sans_pdf", "sans_rendu"]

Connecte = Callable[[Agent], Client]
RACINE = "/territoires/gevaudan/bilan/cloture/"
LE = date(2026, 7, 1)


def echoir(bureau: Bureau) -> Contrat:
    retenus = [f.pk for f in bureau.fiches[:2]]
    Fiche.objects.filter(pk__in=retenus).update(etat="retenue")
    Contrat.objects.filter(pk=bureau.contrat.pk).update(etat="echu")
    bureau.contrat.refresh_from_db()
    return bureau.contrat


def bloquer(bureau: Bureau) -> PointBloquant:
    fiche = bureau.fiches[0]
    return PointBloquant.objects.create(
        fiche=fiche, texte="Recours d’un riverain", responsable=fiche.maitre_ouvrage, echeance=LE,
        ouvert_le=LE, ouvert_par_nom="Jeanne Pons",
    )  # fmt: skip


def test_un_contrat_echu_se_clot_et_rend_ce_qui_n_a_pas_servi(bureau: Bureau, connecte: Connecte) -> None:
    echoir(bureau)
    demarche = bureau.monde.demarche
    avant = bilan_de(demarche)
    assert (avant.vote, avant.engage, avant.rendu) == (Decimal("25000.00"), 0, Decimal("25000.00"))
    page = connecte(bureau.monde.chef).post(f"{RACINE}clore/", {"motif": ""}, follow=True)
    assert "Le contrat est clos" in page.content.decode()
    cloture = ClotureContrat.objects.get()
    assert (cloture.vote, cloture.paye, cloture.rendu, cloture.reste_du) == (
        Decimal("25000.00"), 0, Decimal("25000.00"), 0,
    )  # fmt: skip
    bureau.contrat.refresh_from_db()
    assert bureau.contrat.etat == "solde"
    assert Mouvement.objects.filter(enveloppe__demarche=demarche).soldes().vote == 0
    assert cloture.document.sha256 in page.content.decode()
    assert Client().get(f"{RACINE}bilan.pdf").status_code == 302
    assert connecte(bureau.monde.chef).get(f"{RACINE}bilan.pdf").content.startswith(b"%PDF")
    assert {"clore_contrat", "solder"} <= set(Entree.objects.values_list("geste", flat=True))
    with pytest.raises(ClotureRefusee, match="déjà clos"):
        clore_contrat(demarche, "Encore", par=None, le=LE)


def test_apres_la_cloture_aucun_dossier_ne_se_depose(bureau: Bureau) -> None:
    brouillon = bureau.ouvrir()
    bureau.joindre(brouillon)
    echoir(bureau)
    clore_contrat(bureau.monde.demarche, "Le dossier n’est plus suivi.", par=None, le=LE)
    with pytest.raises(DossierRefuse):
        dossiers.deposer(bureau.relire(brouillon), par=bureau.secretaire, le=LE)
    with pytest.raises(DossierRefuse):
        dossiers.ouvrir_dossier(bureau.monde.demarche, bureau.fiches[1].pk, par=bureau.secretaire, le=LE)


def test_ce_qui_reste_ouvert_se_montre_et_demande_un_motif(bureau: Bureau, connecte: Connecte) -> None:
    bureau.ouvrir()
    bloquer(bureau)
    echoir(bureau)
    assert [p.genre for p in ouverts_de(bureau.monde.demarche)] == [GenreOuvert.DOSSIER, GenreOuvert.BLOCAGE]
    client = connecte(bureau.monde.chef)
    page = client.get(RACINE).content.decode()
    assert "Recours d’un riverain" in page
    assert "demande un motif" in page
    refus = client.post(f"{RACINE}clore/", {"motif": " "})
    assert refus.status_code == 422
    assert "2 points restent ouverts" in refus.content.decode()
    assert not ClotureContrat.objects.exists()
    assert client.post(f"{RACINE}clore/", {"motif": "Le service voirie suit."}).status_code == 302
    cloture = ClotureContrat.objects.get()
    assert (cloture.ouverts, cloture.motif) == (2, "Le service voirie suit.")


def test_un_dossier_hors_des_projets_retenus_compte_dans_le_bilan(bureau: Bureau) -> None:
    demarche, fiche = bureau.monde.demarche, bureau.fiches[2]
    noeud = noeud_du_territoire(bureau.monde.dispositif.fonds.get(), demarche)
    with transaction.atomic():
        inscrire(
            [Ecriture(noeud, Stade.ENGAGE, Genre.ATTRIBUTION, Decimal("12.50"), fiche_id=fiche.pk)], par=None
        )
    bilan = bilan_de(demarche)
    assert (bilan.engage, bilan.reste_du, bilan.hors_vote) == (Decimal("12.50"),) * 3
    assert [x.projet for x in bilan.lignes if x.engage] == [f"{fiche.numero}. {fiche.titre}"]


def test_un_contrat_en_vigueur_ne_se_clot_pas(bureau: Bureau, connecte: Connecte) -> None:
    client = connecte(bureau.monde.chef)
    assert "constatez d’abord son échéance" in client.get(RACINE).content.decode()
    assert client.post(f"{RACINE}clore/", {"motif": "Pressé."}).status_code == 422
    assert client.get(f"{RACINE}bilan.pdf").status_code == 404
    assert not ClotureContrat.objects.exists()


def test_le_geste_nu_renvoie_a_la_cloture(bureau: Bureau, connecte: Connecte) -> None:
    echoir(bureau)
    page = connecte(bureau.monde.chef).get("/territoires/gevaudan/contrat/").content.decode()
    assert RACINE in page
    assert 'value="solder"' not in page
    with pytest.raises(ContratRefuse, match="avec son bilan"):
        contrats.faire_avancer(bureau.contrat, "solder", par=None)


def test_qui_ne_conclut_pas_lit_seulement(bureau: Bureau, connecte: Connecte) -> None:
    echoir(bureau)
    lecteur = connecte(bureau.monde.president)
    assert lecteur.get(RACINE).status_code == 200
    assert lecteur.post(f"{RACINE}clore/", {"motif": "x"}).status_code == 403
    assert connecte(fabrique.agent("maire", bureau.monde.voisine)).get(RACINE).status_code == 404
