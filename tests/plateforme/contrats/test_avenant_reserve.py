"""A project paid by the reserve enters by an avenant: the draw, its act, and what a withdrawal gives back."""

from __future__ import annotations

from decimal import Decimal as D

import pytest

from arpent.metier.avenants import Genre
from arpent.plateforme.contrats.avenants import proposition
from arpent.plateforme.contrats.avenants.actions import Saisie
from arpent.plateforme.contrats.avenants.lecture import etat_consolide
from arpent.plateforme.contrats.exigences import ContratRefuse
from arpent.plateforme.contrats.models import Contrat
from arpent.plateforme.negociations.models import DemandeReserve
from arpent.plateforme.negociations.reserve import actions as reserve
from arpent.plateforme.negociations.reserve import decisions
from arpent.plateforme.negociations.reserve.fonds import solde_de
from arpent.plateforme.reglements.models import Fonds
from tests.plateforme.contrats.conftest import AUJOURD_HUI, EFFET, SEUILS, conclure, preparer
from tests.plateforme.negociations.conftest import Monde
from tests.plateforme.negociations.test_reserve import RAISONS, doter

pytestmark = pytest.mark.usefixtures("sans_pdf")


@pytest.fixture
def fonds(accord: Monde, en_vigueur: Contrat) -> Fonds:
    """A reserve of 50 000 €, on a contract in force."""
    return doter(accord.dispositif, avenants=SEUILS | {"genres": SEUILS["genres"] | {"reserve": "simple"}})


def _accordee(accord: Monde, montant: str) -> DemandeReserve:
    demande = reserve.ouvrir_demande(accord.fiches[2], D(montant), RAISONS, par=None)
    demande = reserve.instruire(reserve.deposer(demande, par=None), "favorable", "", par=accord.chef)
    return decisions.accorder(
        demande,
        D(montant),
        "Crue",
        par=accord.chef,
        derogation="La commune n’a pas encore de projet au contrat",
    )


def _tirage(accord: Monde, montant: str) -> Saisie:
    return Saisie(Genre.RESERVE, entrante=accord.fiches[2], montant=D(montant), annee=2026)


def _reste(fonds: Fonds) -> tuple[D, D]:
    solde = solde_de(fonds)
    assert solde is not None
    return solde.tire, solde.reste


def test_l_avenant_tire_la_reserve_et_son_retrait_la_rend(
    accord: Monde, en_vigueur: Contrat, fonds: Fonds
) -> None:
    demande = _accordee(accord, "12000")
    assert _reste(fonds) == (D(0), D(38_000))
    premier = conclure(preparer(en_vigueur, _tirage(accord, "12000")))
    demande.refresh_from_db()
    assert (demande.etat, demande.tirage) == ("tiree", premier.acte or str(premier))
    assert _reste(fonds) == (D(12_000), D(38_000))
    consolide = etat_consolide(en_vigueur, EFFET)
    ligne = consolide.etat.ligne(str(accord.fiches[2].pk))
    assert ligne is not None
    assert (ligne.aide, ligne.hors_enveloppe) == (D("12000.00"), True)
    conclure(preparer(en_vigueur, Saisie(Genre.RETRAIT, fiche=accord.fiches[2], motif="Abandonné")))
    demande.refresh_from_db()
    assert demande.etat != "tiree"
    assert _reste(fonds) == (D(0), D(50_000))


def test_un_tirage_sans_accord_ou_d_un_autre_montant_est_refuse(
    accord: Monde, en_vigueur: Contrat, fonds: Fonds
) -> None:
    avenant = preparer(en_vigueur, _tirage(accord, "12000"))
    with pytest.raises(ContratRefuse, match="Aucune demande de réserve n’est accordée"):
        proposition.proposer(avenant, par=None, le=AUJOURD_HUI)
    _accordee(accord, "9000")
    with pytest.raises(ContratRefuse, match="La réserve accorde 9\u202f000,00\u00a0€"):
        proposition.proposer(avenant, par=None, le=AUJOURD_HUI)
    assert _reste(fonds) == (D(0), D(41_000))


def test_l_aide_payee_par_la_reserve_ne_change_pas_par_avenant(
    accord: Monde, en_vigueur: Contrat, fonds: Fonds
) -> None:
    _accordee(accord, "12000")
    conclure(preparer(en_vigueur, _tirage(accord, "12000")))
    autre = preparer(en_vigueur, Saisie(Genre.MONTANT, fiche=accord.fiches[2], montant=D(13_000)))
    with pytest.raises(ContratRefuse, match="ne se change pas par avenant"):
        proposition.proposer(autre, par=None, le=AUJOURD_HUI)
    assert _reste(fonds) == (D(12_000), D(38_000))
