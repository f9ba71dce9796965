"""Which file each line of a finance export is about."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from arpent.metier.apcp import DossierConnu, LigneExport, Nature, Sort, Versement, rapprocher

D = Decimal
LE = date(2026, 5, 20)
SIRET = "21480030800018"
PAIEMENT = LigneExport(2, Nature.PAIEMENT, D("1000.00"), LE, 2026, "2026-E0012", SIRET, "4512")
SALLE = DossierConnu(
    1, "Salle des fêtes", frozenset({"2026-E0012"}), SIRET, D("0"), D("5000.00"),
    (Versement(date(2026, 5, 1), D("1000.00")),),
)  # fmt: skip
VOIRIE = DossierConnu(
    2, "Voirie", frozenset({"2026-E0099"}), SIRET, D("3000.00"), D("3000.00"),
    (Versement(date(2026, 5, 10), D("1000.00")),),
)  # fmt: skip


def un(
    ligne: LigneExport, *dossiers: DossierConnu, deja: frozenset[str] = frozenset()
) -> tuple[Sort, int | None]:
    (rendu,) = rapprocher([ligne], dossiers, deja=deja)
    return rendu.sort, rendu.cle


@pytest.mark.parametrize("ecrit", ["2026-E0012", "2026-e0012", " 2026-E0012", "002026-E0012", "2026-E 0012"])
def test_le_numero_d_engagement_d_abord(ecrit: str) -> None:
    assert un(replace(PAIEMENT, engagement=ecrit), VOIRIE, SALLE) == (Sort.RAPPROCHEE, 1)


def test_deux_dossiers_du_meme_engagement_vont_a_une_personne() -> None:
    double = replace(VOIRIE, engagements=SALLE.engagements)
    (rendu,) = rapprocher([PAIEMENT], [SALLE, double])
    assert (rendu.sort, rendu.cle, rendu.candidats) == (Sort.A_REGLER, None, (1, 2))
    assert rendu.raison.startswith("2 dossiers portent l’engagement")


def test_un_siret_qui_contredit_l_engagement_va_a_une_personne() -> None:
    (rendu,) = rapprocher([replace(PAIEMENT, siret="21480095100019")], [SALLE])
    assert (rendu.sort, rendu.candidats) == (Sort.A_REGLER, (1,))
    assert "« Salle des fêtes »" in rendu.raison


def test_sans_siret_l_engagement_suffit() -> None:
    assert un(replace(PAIEMENT, siret=""), SALLE) == (Sort.RAPPROCHEE, 1)


def test_sans_engagement_le_siret_le_montant_et_la_date() -> None:
    sans = replace(PAIEMENT, engagement="")
    assert un(sans, SALLE) == (Sort.RAPPROCHEE, 1)
    assert un(replace(sans, siret=SIRET[:9]), SALLE) == (Sort.RAPPROCHEE, 1)
    assert un(replace(sans, siret="21480030800026"), SALLE) == (Sort.A_REGLER, None)
    assert un(replace(sans, montant=D("1000.01")), SALLE) == (Sort.A_REGLER, None)
    assert un(replace(sans, le=date(2026, 6, 15)), SALLE) == (Sort.RAPPROCHEE, 1)
    assert un(replace(sans, le=date(2026, 6, 16)), SALLE) == (Sort.A_REGLER, None)


def test_un_engagement_inconnu_laisse_chercher_par_montant() -> None:
    assert un(replace(PAIEMENT, engagement="2026-E7777"), SALLE) == (Sort.RAPPROCHEE, 1)


def test_deux_dossiers_qui_attendent_ce_montant_vont_a_une_personne() -> None:
    (rendu,) = rapprocher([replace(PAIEMENT, engagement="")], [SALLE, VOIRIE])
    assert (rendu.sort, rendu.candidats) == (Sort.A_REGLER, (1, 2))
    assert rendu.raison.startswith("2 dossiers de ce bénéficiaire attendent ce montant")


def test_sans_rien_de_sur_les_dossiers_du_tiers_sont_proposes() -> None:
    (rendu,) = rapprocher([replace(PAIEMENT, engagement="", montant=D("7"))], [SALLE, VOIRIE])
    assert rendu.candidats == (1, 2)
    assert rendu.raison.startswith("Aucun dossier n’a ce numéro")


def test_une_ligne_sans_engagement_ni_siret_va_a_une_personne() -> None:
    (rendu,) = rapprocher([replace(PAIEMENT, engagement="", siret="")], [SALLE])
    assert (rendu.sort, rendu.candidats) == (Sort.A_REGLER, ())
    assert rendu.raison.startswith("Ni numéro d’engagement connu, ni SIRET")


def test_une_ligne_ne_depasse_pas_ce_qui_reste() -> None:
    (rendu,) = rapprocher([replace(PAIEMENT, montant=D("5000.01"))], [SALLE])
    assert rendu.sort is Sort.A_REGLER
    assert "5\u202f000,01\u00a0€ dans l’export, 5\u202f000,00\u00a0€ restent à payer" in rendu.raison
    engagement = replace(PAIEMENT, nature=Nature.ENGAGEMENT)
    (rendu,) = rapprocher([engagement], [SALLE])
    assert "restent à engager" in rendu.raison


def test_ce_qu_une_ligne_prend_n_est_plus_la_pour_la_suivante() -> None:
    lignes = [replace(PAIEMENT, numero=n, mandat=str(n), montant=D("3000.00")) for n in (2, 3)]
    rendus = rapprocher(lignes, [SALLE])
    assert [r.sort for r in rendus] == [Sort.RAPPROCHEE, Sort.A_REGLER]


def test_une_ligne_deja_appliquee_ne_l_est_pas_deux_fois() -> None:
    assert un(PAIEMENT, SALLE, deja=frozenset({PAIEMENT.cle})) == (Sort.DEJA, None)
    ecrite_autrement = replace(PAIEMENT, mandat="04512", engagement="2026-e0012", montant=D("1"))
    assert ecrite_autrement.cle == PAIEMENT.cle


def test_une_ligne_repetee_dans_le_fichier_est_comptee_une_fois() -> None:
    rendus = rapprocher([PAIEMENT, replace(PAIEMENT, numero=9)], [SALLE])
    assert [r.sort for r in rendus] == [Sort.RAPPROCHEE, Sort.REPETEE]
    assert "que la ligne 2" in rendus[1].raison


def test_deux_lignes_identiques_sans_mandat_la_seconde_va_a_une_personne() -> None:
    sans = replace(PAIEMENT, mandat="")
    rendus = rapprocher([sans, replace(sans, numero=9)], [SALLE])
    assert [r.sort for r in rendus] == [Sort.RAPPROCHEE, Sort.A_REGLER]
    assert rendus[1].candidats == (1,)


def test_la_cle_distingue_exercice_nature_et_mandat() -> None:
    cles = {
        PAIEMENT.cle, replace(PAIEMENT, exercice=2027).cle, replace(PAIEMENT, nature=Nature.ENGAGEMENT).cle,
        replace(PAIEMENT, mandat="4513").cle, replace(PAIEMENT, mandat="").cle,
        replace(PAIEMENT, mandat="", montant=D("2")).cle,
    }  # fmt: skip
    assert len(cles) == 6


def test_un_dossier_sans_siret_ne_se_reconnait_pas_par_le_tiers() -> None:
    assert un(replace(PAIEMENT, engagement=""), replace(SALLE, siret="")) == (Sort.A_REGLER, None)
