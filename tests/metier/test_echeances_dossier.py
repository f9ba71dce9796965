"""The deadlines of an awarded aid: states, lapse, extensions, alerts."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from arpent.metier.echeances_dossier import (
    ALERTES_JOURS,
    EtatEcheance,
    FaitsEcheances,
    GenreEcheance,
    ReglesEcheances,
    alerte_a_envoyer,
    caducite,
    echeances,
    lire_echeances,
    refus_prorogation,
    seuil_d_alerte,
)

COMMENCEMENT, ACHEVEMENT, SOLDE = GenreEcheance
E = EtatEcheance
REGLES = ReglesEcheances(24, 12, 48, 24, 6, source="CGCT, art. R2334-28")
FAITS = FaitsEcheances(attribue_le=date(2024, 3, 15))
LIMITE = date(2026, 3, 15)


def etats(faits: FaitsEcheances, today: date, regles: ReglesEcheances = REGLES) -> list[EtatEcheance]:
    return [e.etat for e in echeances(regles, faits, today)]


def test_un_dispositif_muet_ne_fixe_aucun_delai() -> None:
    regles = lire_echeances(None)
    assert regles.alertes_jours == ALERTES_JOURS == (90, 30, 7)
    assert etats(FAITS, date(2030, 1, 1), regles) == [E.NON_REGLEE] * 3


def test_sans_jours_d_alerte_ce_sont_90_30_et_7() -> None:
    assert lire_echeances({"solde_mois": 6}).alertes_jours == ALERTES_JOURS


def test_les_delais_se_lisent() -> None:
    lus = lire_echeances({
        "commencement_mois": 24, "achevement_mois": 48, "commencement_prorogation_mois": 12,
        "achevement_prorogation_mois": 24, "solde_mois": 6, "alertes_jours": [7, 60, 7],
        "source": "Règlement", "demonstration": True,
    })  # fmt: skip
    assert [lus.delai(g) for g in GenreEcheance] == [24, 48, 6]
    assert [lus.prorogation(g) for g in GenreEcheance] == [12, 24, None]
    assert (lus.alertes_jours, lus.source, lus.demonstration) == ((60, 7), "Règlement", True)


@pytest.mark.parametrize(
    ("bloc", "message"),
    [
        ([], "écrivez des clés"),
        ({"debut": 1}, "clé « debut » inconnue"),
        ({"solde_mois": "six"}, "un nombre de mois"),
        ({"solde_mois": True}, "un nombre de mois"),
        ({"solde_mois": -1}, "un nombre de mois"),
        ({"solde_mois": 241}, "un nombre de mois"),
        ({"alertes_jours": 90}, "une liste de jours"),
        ({"alertes_jours": [0]}, "une liste de jours"),
        ({"alertes_jours": ["90"]}, "une liste de jours"),
    ],
)
def test_une_faute_dans_les_delais_se_nomme(bloc: Any, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        lire_echeances(bloc)


@pytest.mark.parametrize(
    ("today", "etat", "jours"),
    [
        (date(2025, 12, 14), E.A_VENIR, 91),
        (date(2025, 12, 15), E.PROCHE, 90),
        (LIMITE, E.PROCHE, 0),
        (date(2026, 3, 16), E.DEPASSEE, -1),
    ],
)
def test_le_dernier_jour_est_encore_dans_le_delai(today: date, etat: EtatEcheance, jours: int) -> None:
    debut = echeances(REGLES, FAITS, today)[0]
    assert (debut.le, debut.etat, debut.jours) == (LIMITE, etat, jours)
    assert debut.est_ouverte


def test_sans_alerte_rien_n_est_proche_que_le_jour_meme() -> None:
    regles = replace(REGLES, alertes_jours=())
    assert etats(FAITS, LIMITE - timedelta(days=1), regles)[0] is E.A_VENIR
    assert etats(FAITS, LIMITE, regles)[0] is E.PROCHE


def test_chaque_delai_part_du_fait_precedent() -> None:
    faits = replace(FAITS, commence_le=date(2025, 1, 31))
    lues = echeances(REGLES, faits, date(2026, 1, 1))
    assert [e.etat for e in lues] == [E.TENUE, E.A_VENIR, E.EN_ATTENTE]
    assert lues[1].le == date(2029, 1, 31)
    assert lues[2].calcul == "Attend la déclaration d’achèvement."
    faits = replace(faits, acheve_le=date(2029, 2, 1))
    lues = echeances(REGLES, faits, date(2029, 3, 1))
    assert [e.etat for e in lues] == [E.TENUE, E.TENUE_EN_RETARD, E.A_VENIR]
    assert lues[2].le == date(2029, 8, 1)
    faits = replace(faits, solde_demande_le=date(2029, 8, 1))
    assert etats(faits, date(2030, 1, 1))[2] is E.TENUE


def test_sans_date_d_attribution_tout_attend() -> None:
    assert etats(FaitsEcheances(None), LIMITE) == [E.EN_ATTENTE] * 3


def test_la_prorogation_repousse_et_se_dit() -> None:
    faits = replace(FAITS, prorogations={COMMENCEMENT: 12})
    debut = echeances(REGLES, faits, date(2026, 4, 1))[0]
    assert (debut.le, debut.etat) == (date(2027, 3, 15), E.A_VENIR)
    assert debut.calcul == "attribution le 15/03/2024 + 24 mois + 12 mois prorogés = 15/03/2027"


# --- lapse ----------------------------------------------------------------------------------------


def test_rien_ne_tombe_dans_le_delai() -> None:
    lu = caducite(echeances(REGLES, FAITS, LIMITE))
    assert (lu.possible, lu.depuis, lu.echeance) == (False, None, None)


@pytest.mark.parametrize(("jours", "mot"), [(1, "dépassé de 1 jour."), (2, "dépassé de 2 jours.")])
def test_le_commencement_non_declare_peut_rendre_caduc(jours: int, mot: str) -> None:
    lu = caducite(echeances(REGLES, FAITS, LIMITE + timedelta(days=jours)))
    assert lu.possible
    assert lu.depuis == date(2026, 3, 16)
    assert lu.explication.endswith(mot)
    assert lu.explication.startswith("Commencement des travaux non déclaré : attribution le 15/03/2024")


def test_l_achevement_depasse_rend_caduc_aussi() -> None:
    faits = replace(FAITS, commence_le=date(2025, 1, 31))
    lu = caducite(echeances(REGLES, faits, date(2029, 2, 1)))
    assert lu.echeance is not None
    assert lu.echeance.genre is ACHEVEMENT


def test_le_solde_en_retard_ne_rend_pas_caduc() -> None:
    faits = replace(FAITS, commence_le=date(2025, 1, 31), acheve_le=date(2026, 1, 31))
    lues = echeances(REGLES, faits, date(2027, 1, 1))
    assert lues[2].etat is E.DEPASSEE
    assert not caducite(lues).possible


def test_un_commencement_declare_en_retard_est_montre_sans_caducite() -> None:
    faits = replace(FAITS, commence_le=date(2026, 3, 16))
    lues = echeances(REGLES, faits, date(2026, 4, 1))
    assert lues[0].etat is E.TENUE_EN_RETARD
    assert not caducite(lues).possible


# --- extensions -----------------------------------------------------------------------------------


def refus(genre: str = "commencement", mois: int = 6, motif: str = "Fouilles", **autres: Any) -> str:
    faits = autres.pop("faits", FAITS)
    regles = autres.pop("regles", REGLES)
    return refus_prorogation(genre, mois, motif, regles, faits, **autres)


def test_une_prorogation_dans_le_maximum_passe() -> None:
    assert refus(mois=12) == ""
    assert refus("achevement", 24, faits=replace(FAITS, commence_le=date(2025, 1, 1))) == ""


def test_un_maximum_non_saisi_ne_refuse_pas() -> None:
    assert refus(mois=60, regles=replace(REGLES, commencement_prorogation_mois=None)) == ""


@pytest.mark.parametrize(
    ("refuse", "debut"),
    [
        (refus("solde"), "Seuls le commencement et l’achèvement"),
        (refus(caduque=True), "L’aide est déclarée caduque"),
        (refus(regles=ReglesEcheances()), "Le règlement saisi ne donne pas ce délai"),
        (
            refus(faits=replace(FAITS, commence_le=date(2025, 1, 2))),
            "Commencement des travaux : déjà déclaré le 02/01/2025",
        ),
        (refus("achevement"), "Les travaux ne sont pas déclarés commencés"),
        (refus(mois=0), "Demandez au moins un mois"),
        (refus(mois=13), "Le règlement permet 12 mois de prorogation : 0 accordés et 13 demandés"),
        (refus(motif=" "), "Dites pourquoi"),
    ],
)
def test_une_prorogation_refusee_dit_pourquoi(refuse: str, debut: str) -> None:
    assert refuse.startswith(debut)


def test_les_mois_deja_accordes_comptent() -> None:
    deja = replace(FAITS, prorogations={COMMENCEMENT: 8})
    assert refus(mois=4, faits=deja) == ""
    assert refus(mois=5, faits=deja).endswith("font 13 mois. Demandez 4 mois au plus.")


# --- alerts ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("today", "seuil"),
    [
        (date(2025, 12, 14), None),
        (date(2025, 12, 15), 90),
        (date(2026, 1, 20), 90),
        (date(2026, 2, 15), 30),
        (date(2026, 3, 12), 7),
        (LIMITE, 7),
        (date(2026, 3, 16), None),
    ],
)
def test_le_seuil_est_le_plus_petit_qui_couvre_les_jours_restants(today: date, seuil: int | None) -> None:
    assert seuil_d_alerte(echeances(REGLES, FAITS, today)[0], REGLES) == seuil


def test_une_alerte_ne_part_qu_une_fois_et_repart_apres_une_prorogation() -> None:
    debut = echeances(REGLES, FAITS, date(2026, 2, 15))[0]
    assert alerte_a_envoyer(debut, REGLES, None) == 30
    assert alerte_a_envoyer(debut, REGLES, (LIMITE, 90)) == 30
    assert alerte_a_envoyer(debut, REGLES, (LIMITE, 30)) is None
    assert alerte_a_envoyer(debut, REGLES, (LIMITE, 7)) is None
    assert alerte_a_envoyer(debut, REGLES, (date(2025, 3, 15), 7)) == 30


def test_rien_a_envoyer_quand_le_fait_est_declare_ou_inconnu() -> None:
    faits = replace(FAITS, commence_le=date(2025, 1, 1))
    tenue, _, attente = echeances(REGLES, faits, date(2026, 2, 15))
    assert alerte_a_envoyer(tenue, REGLES, None) is None
    assert alerte_a_envoyer(attente, REGLES, None) is None
    assert SOLDE is attente.genre
