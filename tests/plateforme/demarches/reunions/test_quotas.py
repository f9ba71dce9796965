"""The meetings a process asks for each year: on the page of meetings, at home, in the steering."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from arpent.plateforme.acteurs.models import Agent
from arpent.plateforme.demarches.models import Demarche, Etape, VersionProcessus
from arpent.plateforme.demarches.reunions.models import Reunion
from arpent.plateforme.demarches.reunions.quotas import quotas_de
from arpent.plateforme.portail.reunions_dues import reunions_a_convoquer, reunions_de_l_annee
from tests.plateforme import fabrique

pytestmark = pytest.mark.django_db
Connecte = Callable[[Agent], Client]
LE = date(2026, 7, 10)
COPIL = {
    "code": "copil", "libelle": "Comité de pilotage", "echelle": "territoire", "composition": ["maires"],
    "frequence": "annuelle", "par_an": 2, "villes": [], "duree_minutes": 120, "ordre_du_jour": ["Suites"],
}  # fmt: skip
RDV = COPIL | {"code": "rdv", "libelle": "Rendez-vous de Territoire", "echelle": "ville", "par_an": 5}


def decrire(demarche: Demarche, *reunions: dict[str, Any], etapes: tuple[dict[str, Any], ...] = ()) -> None:
    version = VersionProcessus.objects.get(pk=demarche.version_processus_id)
    phases = [{"code": "p", "libelle": "P", "etapes": list(etapes)}]
    version.definition = version.definition | {"reunions": list(reunions)}
    if etapes:
        version.definition["phases"] = phases
    version.save()
    Demarche.objects.filter(pk=demarche.pk).update(ouverte_le=date(2024, 1, 1))
    demarche.refresh_from_db()


def tenir(demarche: Demarche, genre: str, jour: date, etat: str = "tenue", *autres: Demarche) -> Reunion:
    reunion = Reunion.objects.create(
        demarche=demarche, genre=genre, genre_libelle=genre, titre=f"{genre} du {jour}", jour=jour, etat=etat,
        uid=f"{demarche.pk}-{genre}-{jour}-{etat}",
    )  # fmt: skip
    reunion.autres.set(autres)
    return reunion


def tenir_l_an_dernier(demarche: Demarche, genre: str = "copil") -> None:
    for mois in (3, 9):
        tenir(demarche, genre, date(2025, mois, 2), "envoyee")


def test_une_reunion_sur_deux_et_la_date_attendue(demarche: Demarche):
    decrire(demarche, COPIL)
    tenir_l_an_dernier(demarche)
    tenir(demarche, "copil", date(2026, 2, 3), "validee")
    tenir(demarche, "copil", date(2026, 3, 3), "annulee")
    [lu] = quotas_de(demarche, LE)
    assert (lu.quota.tenues, lu.quota.attendues, lu.quota.avant_le) == (1, 2, date(2026, 12, 31))
    assert not lu.en_retard


def test_ce_que_le_processus_ne_dit_pas_n_est_pas_demande(demarche: Demarche):
    assert quotas_de(demarche, LE) == []
    decrire(
        demarche,
        COPIL | {"frequence": "a_la_demande", "par_an": None},
        COPIL | {"code": "lancement", "frequence": "une_fois", "par_an": None},
    )
    assert quotas_de(demarche, LE) == []


def test_une_demarche_close_ne_doit_plus_rien(demarche: Demarche):
    decrire(demarche, COPIL)
    assert quotas_de(demarche, LE)
    demarche.etat = "close"
    assert quotas_de(demarche, LE) == []


def test_une_reunion_tenue_avec_d_autres_territoires_compte_pour_chacun_et_une_fois_en_tout(
    demarche: Demarche,
):
    decrire(demarche, RDV)
    voisine = fabrique.demarche(
        fabrique.territoire(nom="Voisine"), demarche.version_processus.processus.dispositif
    )
    Demarche.objects.update(ouverte_le=date(2026, 1, 1))
    demarche.refresh_from_db()
    voisine.refresh_from_db()
    tenir(voisine, "rdv", date(2026, 2, 3), "tenue", demarche)
    for d in (demarche, voisine):
        [lu] = quotas_de(d, LE)
        assert (lu.quota.tenues, lu.quota.attendues, lu.quota.avant_le) == (1, 1, None)
    [du] = reunions_de_l_annee([demarche, voisine], LE)
    assert (du.tenues, du.attendues, du.avant_le) == (1, 5, date(2026, 5, 31))
    assert du.retards == (("L’ensemble des territoires", reverse("reunions:toutes"), 40),)


def test_la_reunion_de_la_realisation_se_compte_depuis_la_signature(demarche: Demarche):
    etape = {"code": "rendez-vous", "libelle": "Rendez-vous", "place": "realisation", "reunion": "rdv"}
    decrire(demarche, RDV, etapes=(etape,))
    assert quotas_de(demarche, LE) == []
    signature = Etape.objects.create(
        demarche=demarche, code="signature", libelle="Signature", phase="P", ordre=90, place="contrat"
    )
    assert quotas_de(demarche, LE) == []
    Etape.objects.filter(demarche=demarche, place="contrat").update(faite_le=date(2026, 3, 1))
    signature.refresh_from_db()
    [lu] = quotas_de(demarche, LE)
    assert (lu.quota.attendues, lu.quota.retard) == (1, 0)


def test_la_page_des_reunions_dit_ce_qui_est_du(
    client_cheffe: Client, demarche: Demarche, django_assert_max_num_queries: Any
):
    decrire(demarche, COPIL, RDV)
    url = reverse("reunions:liste", args=[demarche.slug])
    client_cheffe.get(url)
    with django_assert_max_num_queries(16):
        texte = client_cheffe.get(url).content.decode()
    assert f"0 sur 2 en {date.today().year}" in texte
    assert "de retard" in texte  # nothing was held the year before
    tenir(demarche, "copil", date.today(), "tenue")
    tenir(demarche, "copil", date.today(), "convoquee")
    tenir(demarche, "rdv", date.today(), "tenue")
    texte = client_cheffe.get(url).content.decode()
    assert f"1 sur 2 en {date.today().year}" in texte
    assert "Une réunion est préparée pour le" in texte
    assert "L’année est complète." in texte


def test_qui_convoque_voit_a_l_accueil_la_reunion_en_retard_et_elle_seule(
    connecte: Connecte, cheffe: Agent, demarche: Demarche
):
    decrire(demarche, COPIL)
    page = connecte(cheffe).get(reverse("portail:accueil"))
    [attente] = [a for a in page.context["attentes"] if a.titre == "Réunions à convoquer"]
    [lien] = attente.liens
    assert lien.url == reverse("reunions:creer", args=[demarche.slug]) + "?genre=copil"
    assert "Comité de pilotage, avant le" in lien.libelle
    maire = connecte(fabrique.agent("maire", demarche)).get(reverse("portail:accueil"))
    assert "Réunions à convoquer" not in [a.titre for a in maire.context["attentes"]]


def test_une_reunion_preparee_n_est_plus_a_convoquer(cheffe: Agent, demarche: Demarche):
    decrire(demarche, COPIL)
    tenir_l_an_dernier(demarche)
    [attente] = reunions_a_convoquer(cheffe, [demarche], LE)
    assert attente.nombre == 1
    tenir(demarche, "copil", date(2026, 7, 20), "convoquee")
    assert reunions_a_convoquer(cheffe, [demarche], LE) == []
    assert reunions_a_convoquer(cheffe, [], LE) == []


def test_le_pilotage_additionne_et_nomme_les_retards(demarche: Demarche, django_assert_num_queries: Any):
    decrire(demarche, COPIL)
    voisine = fabrique.demarche(
        fabrique.territoire(nom="Voisine"), demarche.version_processus.processus.dispositif
    )
    Demarche.objects.update(ouverte_le=date(2025, 1, 1))
    voisine.refresh_from_db()
    tenir_l_an_dernier(demarche)
    tenir(demarche, "copil", date(2026, 2, 3))
    with django_assert_num_queries(3):
        [du] = reunions_de_l_annee([demarche, voisine], LE)
    assert (du.tenues, du.attendues, du.avant_le) == (1, 4, date(2025, 6, 30))
    assert du.retards == (("Voisine", reverse("reunions:liste", args=[voisine.slug]), 375),)


def test_la_page_de_pilotage_montre_les_reunions_de_l_annee(connecte: Connecte, demarche: Demarche):
    decrire(demarche, COPIL)
    dispositif = demarche.version_processus.processus.dispositif
    elu = connecte(fabrique.agent("elu_autorite", demarche))
    texte = elu.get(reverse("portail:pilotage", args=[dispositif.slug])).content.decode()
    assert "Les réunions de l’année" in texte
    assert "Comité de pilotage" in texte
