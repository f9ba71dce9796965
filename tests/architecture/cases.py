"""The cells of the access matrix asked one by one, by slices of routes: each slice is a file, run apart."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

import pytest
from django.db import transaction

from arpent.plateforme.acteurs.roles import ROLES, Portee

from . import matrice
from .monde import SECRET, batir

REGENERER = "Lancez `python -m tests.architecture.matrice_generer`, puis relisez chaque case qui a bougé."
TRANCHES = 3
SANS_BROUILLON = frozenset(
    {"maire", "secretaire_mairie", "president_syndicat", "sous_prefet", "elu_autorite", "instructeur"}
)
"""Who never reads the draft of somebody else's fiche."""


@dataclass(frozen=True)
class Mesure:
    """A slice asked once: status by (route, method) and column; what was read."""

    statuts: dict[tuple[str, str], dict[str, int]]
    pages: dict[tuple[str, str, str], matrice.Reponse]


def fuites(textes: dict[Any, matrice.Reponse], colonne: str) -> list[str]:
    """Pages of `colonne` that show a word or a link of a démarche outside its perimeter."""
    role = ROLES[colonne]
    if role.portee is Portee.TOUT:
        return []
    interdits = [f"{SECRET} B", "/territoires/ailleurs/"]
    if role.portee is not Portee.AUTORITE:
        interdits += [f"{SECRET} C", "/territoires/voisin/"]
    return [
        f"{cle} montre « {mot} »"
        for cle, reponse in textes.items()
        if cle[-1] == colonne
        for mot in interdits
        if mot in reponse.texte
    ]


class Tranche:
    """The tests of one slice; `rang` from 0."""

    rang: ClassVar[int]

    @pytest.fixture(scope="class")
    @classmethod
    def mesure(cls, django_db_setup: None, django_db_blocker: Any) -> Mesure:  # noqa: ARG003
        """The slice asked once; the database is empty again when the first test starts."""
        with django_db_blocker.unblock(), transaction.atomic():
            mesure = Mesure(*matrice.mesurer(batir(), matrice.routes()[cls.rang :: TRANCHES]))
            transaction.set_rollback(True)
        return mesure

    def test_chaque_reponse_est_celle_de_la_matrice(self, mesure: Mesure) -> None:
        attendu = matrice.lire()
        ecarts = [
            f"{route} {methode} pour {colonne} : {statut}, la matrice dit {attendu[route, methode][colonne]}"
            for (route, methode), ligne in mesure.statuts.items()
            for colonne, statut in ligne.items()
            if (route, methode) in attendu and statut != attendu[route, methode][colonne]
        ]
        assert not ecarts, "\n".join([*ecarts, REGENERER])

    def test_aucune_reponse_n_est_une_erreur_interne(self, mesure: Mesure) -> None:
        assert not [cle for cle, ligne in mesure.statuts.items() if max(ligne.values()) >= 500]

    @pytest.mark.parametrize("colonne", list(ROLES))
    def test_aucune_page_ni_aucun_fichier_ne_montre_ce_qui_est_hors_du_perimetre(
        self, mesure: Mesure, colonne: str
    ) -> None:
        assert any(cle[-1] == colonne for cle in mesure.pages)
        assert not fuites(mesure.pages, colonne)

    def test_un_brouillon_ne_se_lit_que_chez_celui_qui_l_ecrit(self, mesure: Mesure) -> None:
        textes = (c for c, r in mesure.pages.items() if "Gentiane en brouillon" in r.texte)
        assert not [cle for cle in textes if cle[-1] in SANS_BROUILLON]
