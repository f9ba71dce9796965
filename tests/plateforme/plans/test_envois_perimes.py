"""Every edit form of a fiche, opened twice and saved twice: 409, what is saved and what was sent shown."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from html import unescape
from typing import Any

import pytest

from arpent.plateforme.plans import urls
from arpent.plateforme.plans.models import AvisService, Axe, Deliberation, Fiche
from arpent.plateforme.socle.versions import VersionFormMixin
from tests.plateforme import fabrique
from tests.plateforme.plans.reglement import publier

pytestmark = pytest.mark.django_db
FICHE = "/territoires/gevaudan/plan/fiches/3/"


@dataclass(frozen=True, slots=True)
class Perime:
    """One form: where it is sent, what is saved first, what is sent too late, the texts of both."""

    adresse: Callable[[Fiche], str]
    premier: dict[str, Any]
    second: dict[str, Any]
    montres: tuple[str, ...]


def _sur(suite: str) -> Callable[[Fiche], str]:
    return lambda _: f"{FICHE}{suite}"


def _acte(fiche: Fiche) -> str:
    acte = Deliberation.objects.create(fiche=fiche, assemblee="Conseil", numero="2026-1")
    return f"{FICHE}deliberations/{acte.pk}/"


def _axe(fiche: Fiche) -> str:
    Axe.objects.create(demarche=fiche.demarche, numero=1, libelle="Vivre au pays")
    return "/territoires/gevaudan/plan/axes/1/"


def _avis_deja_rendu(fiche: Fiche) -> str:
    """Once given an avis is closed (403): the other answer came while the page was open."""
    avis = AvisService.objects.create(
        fiche=fiche, service="Routes", question="?", echeance_le=date.today() + timedelta(days=9),
        demande_par_nom="A", motifs="Premier motif", version=2,
    )  # fmt: skip
    return f"{FICHE}avis/{avis.pk}/"


FICHE_SAISIE = {
    "maturite": "structurant", "nature_depense": "investissement", "cout_ht": "100 000,00",
    "lignes-TOTAL_FORMS": 0, "lignes-INITIAL_FORMS": 0,
}  # fmt: skip
ACTE = {"assemblee": "Conseil", "adoptee_le": "2026-03-12", "sens": "adoptee"}
DEROGATION = {"taux": "10", "le": "2026-03-01"}
PERIMES = {
    "FicheForm": Perime(_sur("modifier/"), FICHE_SAISIE | {"titre": "Premier titre"},
                        FICHE_SAISIE | {"titre": "Second titre"}, ("Premier titre", "Second titre")),
    "PrioritesForm": Perime(_sur("priorites/"), {"priorite_territoire": 41}, {"priorite_territoire": 57},
                            ("41", "57")),
    "DerogationForm": Perime(_sur("derogation/"), DEROGATION | {"acte": "Arrêté A"},
                             DEROGATION | {"acte": "Arrêté B"}, ("Arrêté A", "Arrêté B")),
    "MaturiteForm": Perime(_sur("maturite/"), {"maturite": "amorcage_b"}, {"maturite": "amorcage_a"},
                           ("amorcage_a", "amorcage_b")),
    "TranchesForm": Perime(_sur("tranches/"), {}, {"parts": "1 1"}, ("a été modifié",)),
    "ReprendreForm": Perime(_sur("cofinancement/reprendre/"), {}, {"part": "25 000"}, ("a été modifié",)),
    "CadreForm": Perime(_sur("cadre/"), {"regime": "anru"}, {"regime": "cper"}, ("anru", "cper")),
    "DeliberationForm": Perime(_acte, ACTE | {"numero": "2026-12"}, ACTE | {"numero": "2026-13"},
                               ("2026-12", "2026-13")),
    "RendreAvisForm": Perime(_avis_deja_rendu, {}, {"sens": "reserve", "motifs": "Second motif"},
                             ("Premier motif", "Second motif")),
    "AxeForm": Perime(_axe, {"libelle": "Premier axe"}, {"libelle": "Second axe"},
                      ("Premier axe", "Second axe")),
}  # fmt: skip
LUE_AU_DEPART = {"CadreForm": 0}
"""A frame that nobody wrote yet is read at version 0."""


def _formulaires(classe: type) -> set[str]:
    filles = {f for fille in classe.__subclasses__() for f in _formulaires(fille)}
    d_ici = classe.__module__.startswith("arpent.plateforme.plans.")
    return filles | ({classe.__name__} if d_ici and not classe.__name__.endswith("Mixin") else set())


def test_chaque_formulaire_qui_se_perime_est_essaye() -> None:
    assert urls.urlpatterns, "every form is loaded with the pages"
    assert _formulaires(VersionFormMixin) == set(PERIMES)


@pytest.mark.parametrize("nom", PERIMES)
def test_un_envoi_perime_repond_409_et_montre_les_deux(nom: str, connecte: Any) -> None:
    demarche, essai = fabrique.demarche(slug="gevaudan"), PERIMES[nom]
    publier(demarche.processus.dispositif)
    fiche = fabrique.fiche(demarche, numero=3, description="Toiture", maturite="structurant")
    fabrique.financement(fiche, "etat", "60000")
    client = connecte(fabrique.agent("administrateur", demarche))
    adresse, lue = essai.adresse(fiche), {"version_lue": LUE_AU_DEPART.get(nom, 1)}
    if nom == "FicheForm":
        lue["maitre_ouvrage"] = fiche.maitre_ouvrage_id
    if essai.premier:
        premier = client.post(adresse, essai.premier | lue)
        assert premier.status_code == 302, premier.content.decode()
    elif nom != "RendreAvisForm":
        Fiche.objects.update(version=2, titre="Changé entre-temps")
    avant = list(Fiche.objects.values())
    second = client.post(adresse, essai.second | lue)
    assert second.status_code == 409
    page = unescape(second.content.decode())
    for texte in essai.montres:
        assert texte in page
    assert list(Fiche.objects.values()) == avant, "nothing of the second sending was written"
