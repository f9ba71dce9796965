"""A problem relaxed by passes, on its sample then on the projects that hesitate, says what the whole says."""

from __future__ import annotations

import random
from decimal import Decimal

import numpy as np
import pytest

from arpent.metier.scenarios.optimisation import (
    Nombre,
    Objectif,
    Plafond,
    Portee,
    Probleme,
    manques,
    optimiser,
    relaxation,
)
from arpent.metier.scenarios.optimisation.modele import Modele, Reels, construire
from arpent.metier.scenarios.optimisation.moteur import Exigence
from arpent.metier.scenarios.optimisation.relaxation import Relachement, fermer, relacher

from .fabrique_optimisation import candidat

THEMES = ("voirie", "cadre de vie", "logement")


def grand(nombre: int = 300, graine: int = 7) -> Probleme:
    """Several times what its ceilings hold, on two years, two themes with a ceiling, one with a minimum."""
    hasard = random.Random(graine)
    lus = []
    for rang in range(1, nombre + 1):
        aide = hasard.randint(5_000, 90_000)
        lus.append(
            candidat(
                f"p{rang}", str(aide), cout=Decimal(aide * hasard.randint(2, 5)), annees=(2025, 2026),
                rang=rang, theme=hasard.choice(THEMES), aide_min=Decimal(aide) / 2 if rang % 3 == 0 else None,
                impose=True if rang % 50 == 0 else None,
            )
        )  # fmt: skip
    return Probleme(
        tuple(lus),
        (
            Plafond("total", "Enveloppe", Decimal(3_000_000)),
            Plafond("voirie", "Voirie", Decimal(600_000), Portee(themes=frozenset({"voirie"}))),
            Plafond("2025", "Crédits 2025", Decimal(1_400_000), Portee(annees=frozenset({2025}))),
            Nombre("logement", "Logement", Portee(themes=frozenset({"logement"})), 4),
        ),
        (Objectif.TRAVAUX,),
    )


@pytest.fixture
def petits_seuils(monkeypatch):
    """Three hundred projects count as a large problem."""
    for nom, valeur in (("DIRECTE", 100), ("OUVERTES", 200), ("ECHANTILLON", 60)):
        monkeypatch.setattr(relaxation, nom, valeur)


def entier(modele: Modele, couts: Reels, monkeypatch: pytest.MonkeyPatch) -> Relachement:
    """The same, relaxed whole."""
    with monkeypatch.context() as autre:
        autre.setattr(relaxation, "DIRECTE", 10**9)
        return relacher(modele, couts, [], limite_s=60)


def par_passes(modele: Modele, exigences: list[Exigence] | None = None) -> Relachement:
    lu = relaxation._par_passes(modele, modele.couts[Objectif.TRAVAUX], exigences or [], 60)
    assert lu is not None
    return lu


@pytest.mark.parametrize("graine", [1, 2, 3])
def test_les_passes_trouvent_la_borne_de_l_ensemble(petits_seuils, monkeypatch, graine):
    modele = construire(grand(graine=graine))
    lu, tout = par_passes(modele), entier(modele, modele.couts[Objectif.TRAVAUX], monkeypatch)
    assert lu.faisable
    assert tout.borne - 1e-9 <= lu.borne <= tout.borne * (1 + 1e-4)


def test_une_exigence_compte_dans_les_passes(petits_seuils, monkeypatch):
    p = grand()
    modele = construire(Probleme(p.candidats, p.contraintes, (Objectif.CLASSEMENT, Objectif.TRAVAUX)))
    couts = modele.couts[Objectif.CLASSEMENT]
    exigence = Exigence(couts, entier(modele, couts, monkeypatch).borne * 0.8)
    libre, lu = par_passes(modele), par_passes(modele, [exigence])
    assert lu.borne < libre.borne
    assert lu.x is not None
    assert float(couts @ lu.x) >= exigence.minimum - 1e-6


def test_l_echantillon_garde_un_projet_sur_k_et_ce_qui_est_impose(petits_seuils):
    modele = construire(grand())
    reponse = relaxation._echantillon(modele, modele.couts[Objectif.TRAVAUX], [], 60)
    assert reponse.x is not None
    pris = {modele.candidats[i].identifiant for i in modele.projet[reponse.x[: modele.paires] > 1e-9]}
    gardes = {f"p{n}" for n in range(1, 301) if (n - 1) % 5 == 0 or n % 50 == 0}
    assert pris <= gardes
    assert {f"p{n}" for n in range(50, 301, 50)} <= pris
    part = len(gardes) / 300
    aides = {c.identifiant: float(c.aide_max) for c in modele.candidats}
    assert sum(aides[p] for p in pris) >= 0.6 * part * 3_000_000


def test_un_grand_probleme_donne_la_meme_proposition(petits_seuils):
    p = grand()
    s = optimiser(p)
    assert manques(p, s.choix) == []
    etape = s.etapes[0]
    assert etape.ecart <= 2e-4
    assert etape.borne >= etape.valeur


def test_fermer_fixe_ce_qui_n_hesite_pas():
    modele = construire(grand(20))
    n = modele.paires
    retenues = np.zeros(n, dtype=bool)
    retenues[0] = True
    ouvertes = np.zeros(n, dtype=bool)
    ouvertes[1] = True
    prix = Relachement(True, None, 0.0, np.zeros(n), retenues, np.zeros(n), 0.0)
    basse, haute = fermer(modele, prix, ouvertes)
    assert (basse[0], haute[0]) == (1.0, 1.0)
    assert (basse[1], haute[1]) == (0.0, 1.0)
    assert haute[2] == basse[2]


def test_sans_prix_de_l_echantillon_on_relache_l_ensemble(petits_seuils, monkeypatch):
    modele = construire(grand())
    couts = modele.couts[Objectif.TRAVAUX]
    attendu = entier(modele, couts, monkeypatch).borne
    monkeypatch.setattr(relaxation, "_par_passes", lambda *_: None)
    assert relacher(modele, couts, [], limite_s=60).borne == pytest.approx(attendu)
