"""Running a démarche: conditions of a step, dates, optional steps, version followed, launching."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from arpent.plateforme.acteurs.models import Agent
from arpent.plateforme.demarches import actions
from arpent.plateforme.demarches.models import Demarche, Etape, VersionProcessus
from arpent.plateforme.demarches.processus.lancement import LancementRefuse, lancer
from arpent.plateforme.demarches.processus.versions import changer_version, preparer
from arpent.plateforme.journal.models import Entree
from tests.plateforme import fabrique

pytestmark = pytest.mark.django_db
Connecte = Callable[[Agent], Client]
LE = date(2026, 1, 20)
DEFINITION: dict[str, Any] = {
    "phases": [
        {
            "code": "tout",
            "libelle": "Tout",
            "etapes": [
                {"code": "lancement", "libelle": "Lancement", "duree_jours": 10},
                {"code": "atelier", "libelle": "Atelier", "duree_jours": 20, "facultative": True},
                {
                    "code": "plan",
                    "libelle": "Plan",
                    "duree_jours": 30,
                    "conditions": [{"code": "etapes_precedentes"}, {"code": "fiches_proposees", "nombre": 1}],
                },
                {
                    "code": "reunion",
                    "libelle": "Réunion",
                    "duree_jours": 5,
                    "reunion": "copil",
                    "conditions": [{"code": "reunion_tenue", "cible": "copil"}],
                },
                {
                    "code": "signature",
                    "libelle": "Signature",
                    "duree_jours": 5,
                    "place": "contrat",
                    "conditions": [
                        {"code": "contrat_signe"},
                        {"code": "contrat_vote"},
                        {"code": "accord_conclu"},
                    ],
                },
            ],
        }
    ],
    "reunions": [
        {"code": "copil", "libelle": "Comité de pilotage", "echelle": "territoire", "frequence": "une_fois"}
    ],
}


@pytest.fixture
def demarche() -> Demarche:
    dispositif = fabrique.dispositif()
    dispositif.processus.versions.update(definition=DEFINITION)
    return fabrique.demarche(dans=dispositif)


@pytest.fixture
def chef(connecte: Connecte, demarche: Demarche) -> Client:
    return connecte(fabrique.agent("chef_de_projet", demarche))


def etape(demarche: Demarche, code: str) -> Etape:
    return demarche.etapes.get(code=code)


def url(nom: str, demarche: Demarche, *suite: str) -> str:
    return reverse(f"demarches:{nom}", args=[demarche.slug, *suite])


def dire_faite(client: Client, e: Etape, **champs: str) -> str:
    envoi = {"etape": e.pk, "faite_le": "2026-02-03", **champs}
    reponse = client.post(url("marquer_etape", e.demarche), envoi, follow=True)
    e.refresh_from_db()
    return reponse.content.decode().replace("\u00a0", " ")


def test_une_etape_refusee_dit_ce_qui_manque(chef: Client, demarche: Demarche) -> None:
    plan = etape(demarche, "plan")
    texte = dire_faite(chef, plan)
    assert plan.faite_le is None
    assert "Restent à faire : Lancement." in texte
    assert "Il en faut 1 : aucune n’est proposée." in texte
    assert "Raison de passer outre" in texte
    assert 'value="2026-02-03"' in texte


def test_passer_outre_demande_une_raison_et_la_garde(chef: Client, demarche: Demarche) -> None:
    plan = etape(demarche, "plan")
    dire_faite(chef, plan, motif="Le comité l’a admis.")
    assert (plan.faite_le, plan.passee_outre) == (date(2026, 2, 3), "Le comité l’a admis.")
    entree = Entree.objects.order_by("-numero")[0]
    assert (entree.geste, entree.motif) == ("marquer_etape", "Le comité l’a admis.")
    assert entree.apres["sans"] == ["les étapes précédentes sont faites", "au moins 1 fiche proposée"]
    assert "Le comité l’a admis." in chef.get(url("etape", demarche, "plan")).content.decode()
    actions.marquer_etape(plan, date(2026, 2, 4), par=None)
    plan.refresh_from_db()
    assert plan.passee_outre == "Le comité l’a admis."
    actions.marquer_etape(plan, None, par=None)
    plan.refresh_from_db()
    assert plan.passee_outre == ""


def test_une_etape_dont_tout_est_rempli_se_dit_faite_sans_raison(chef: Client, demarche: Demarche) -> None:
    actions.marquer_etape(etape(demarche, "lancement"), date(2026, 1, 20), par=None)
    fabrique.fiche(demarche, etat="proposee")
    plan = etape(demarche, "plan")
    dire_faite(chef, plan, motif="Inutile")
    assert (plan.faite_le, plan.passee_outre) == (date(2026, 2, 3), "")


def test_ce_qu_arpent_ne_sait_pas_n_empeche_rien_et_se_voit(
    chef: Client, demarche: Demarche, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("arpent.plateforme.demarches.evenements.FAITS", [])
    page = chef.get(url("etape", demarche, "reunion")).content.decode().replace("\u00a0", " ")
    assert "à vérifier vous-même" in page
    assert "La réunion « Comité de pilotage » est tenue" in page
    reunion = etape(demarche, "reunion")
    dire_faite(chef, reunion)
    assert reunion.faite_le == date(2026, 2, 3)


def test_la_signature_attend_l_accord_les_votes_et_les_signatures(chef: Client, demarche: Demarche) -> None:
    texte = dire_faite(chef, etape(demarche, "signature"))
    assert "Toutes les parties n’ont pas signé" in texte
    assert "Le contrat n’est pas encore ouvert" in texte
    assert "ne se rejoignent pas" in texte


def test_le_calendrier_est_calcule_a_l_ouverture(demarche: Demarche) -> None:
    assert [(e.code, e.debut_prevu_le, e.prevue_le) for e in demarche.etapes.all()] == [
        ("lancement", date(2026, 1, 15), date(2026, 1, 25)),
        ("atelier", date(2026, 1, 25), date(2026, 2, 14)),
        ("plan", date(2026, 2, 14), date(2026, 3, 16)),
        ("reunion", date(2026, 3, 16), date(2026, 3, 21)),
        ("signature", date(2026, 3, 21), date(2026, 3, 26)),
    ]


def test_une_date_changee_entraine_les_suivantes_et_garde_celle_du_depart(
    chef: Client, demarche: Demarche
) -> None:
    envoi = {"prevue_le": "2026-03-26", "motif": "Élections", "suivre": "on"}
    chef.post(url("replanifier", demarche, "plan"), envoi)
    plan, signature = etape(demarche, "plan"), etape(demarche, "signature")
    assert (plan.prevue_le, plan.prevue_au_depart_le) == (date(2026, 3, 26), date(2026, 3, 16))
    assert (signature.prevue_le, signature.prevue_au_depart_le) == (date(2026, 4, 5), date(2026, 3, 26))
    assert Entree.objects.order_by("-numero")[0].motif == "Élections"
    chef.post(url("replanifier", demarche, "plan"), {"prevue_le": "2026-03-20", "motif": "Plus tôt"})
    assert etape(demarche, "signature").prevue_le == date(2026, 4, 5)


def test_sans_raison_la_date_ne_change_pas(chef: Client, demarche: Demarche) -> None:
    reponse = chef.post(url("replanifier", demarche, "plan"), {"prevue_le": "2026-03-26"})
    assert reponse.status_code == 422
    assert "Dites pourquoi la date change" in reponse.content.decode()
    assert etape(demarche, "plan").prevue_le == date(2026, 3, 16)


def test_le_territoire_dit_s_il_retient_une_etape_facultative(connecte: Connecte, demarche: Demarche) -> None:
    president = connecte(fabrique.agent("president_epci", demarche))
    president.post(url("retenir", demarche, "atelier"), {"retenue": "oui"})
    assert etape(demarche, "atelier").retenue is True
    president.post(url("retenir", demarche, "atelier"), {"retenue": "non"})
    assert etape(demarche, "atelier").est_ecartee
    assert president.post(url("retenir", demarche, "atelier"), {}).status_code == 422
    president.post(url("retenir", demarche, "plan"), {"retenue": "non"})
    assert etape(demarche, "plan").retenue is None
    maire = connecte(fabrique.agent("maire", demarche))
    assert maire.post(url("retenir", demarche, "atelier"), {"retenue": "oui"}).status_code == 403


def test_une_etape_qui_n_est_pas_facultative_ne_se_choisit_pas(demarche: Demarche) -> None:
    with pytest.raises(ValueError, match="pas une étape facultative"):
        actions.retenir_etape(etape(demarche, "plan"), True, par=None)


def nouvelle_version(demarche: Demarche) -> VersionProcessus:
    """Without « lancement » nor « atelier », with « bilan », « plan » three times as long."""
    etapes = [dict(e) for e in DEFINITION["phases"][0]["etapes"][2:]]
    etapes[0] = etapes[0] | {"duree_jours": 90, "conditions": []}
    etapes.append({"code": "bilan", "libelle": "Bilan", "duree_jours": 5})
    phases = [{"code": "tout", "libelle": "Tout", "etapes": etapes}]
    return VersionProcessus.objects.create(
        processus=demarche.processus, numero=2, definition=DEFINITION | {"phases": phases}
    )


def test_changer_de_version_ne_perd_rien_de_ce_qui_est_fait(demarche: Demarche) -> None:
    actions.marquer_etape(etape(demarche, "lancement"), date(2026, 1, 20), par=None)
    passage = changer_version(demarche, nouvelle_version(demarche), par=None, motif="Plus simple", le=LE)
    assert [e.code for e in passage.ajoutees] == ["bilan"]
    assert [e.code for e in passage.retirees] == ["atelier"]
    assert [e.code for e in passage.conservees] == ["lancement"]
    demarche.refresh_from_db()
    assert demarche.version_processus.numero == 2
    assert [(e.code, e.hors_processus) for e in demarche.etapes.all()] == [
        ("plan", False), ("reunion", False), ("signature", False), ("bilan", False), ("lancement", True),
    ]  # fmt: skip
    assert etape(demarche, "lancement").faite_le == date(2026, 1, 20)
    assert etape(demarche, "plan").prevue_le == date(2026, 4, 15)
    entree = Entree.objects.order_by("-numero")[0]
    assert (entree.geste, entree.motif) == ("changer_processus", "Plus simple")


def test_une_etape_qui_arrive_n_est_pas_en_retard_en_naissant(demarche: Demarche) -> None:
    passage = preparer(demarche, nouvelle_version(demarche), date(2026, 11, 2))
    (bilan,) = passage.ajoutees
    assert (bilan.debut_prevu_le, bilan.prevue_le) == (date(2026, 11, 2), date(2026, 11, 7))
    plan = next(e for e in passage.suite if e.code == "plan")
    assert plan.prevue_le == date(2026, 11, 2) + timedelta(days=90)


def test_la_version_d_un_autre_processus_est_refusee(demarche: Demarche) -> None:
    ailleurs = fabrique.dispositif().processus.versions.get()
    with pytest.raises(ValueError, match="autre processus"):
        changer_version(demarche, ailleurs, par=None, motif="", le=LE)


def test_la_page_montre_le_passage_avant_de_le_faire(chef: Client, demarche: Demarche) -> None:
    adresse = url("changer_version", demarche)
    assert "rien à changer" in chef.get(adresse).content.decode()
    nouvelle_version(demarche)
    page = chef.get(adresse).content.decode()
    assert "1 étape ajoutée" in page
    assert "2 étapes retirées" in page
    assert not preparer(demarche, demarche.version_processus, LE).change
    perimee = chef.post(adresse, {"version_visee": 1, "motif": "x"})
    assert "Une autre version a été publiée" in perimee.content.decode()
    assert chef.post(adresse, {"version_visee": 2}).status_code == 422
    chef.post(adresse, {"version_visee": 2, "motif": "Plus simple"})
    demarche.refresh_from_db()
    assert demarche.version_processus.numero == 2
    deja = chef.post(adresse, {"version_visee": 2, "motif": "Encore"})
    assert "suit déjà la dernière version" in deja.content.decode()


def test_on_lance_une_demarche_depuis_l_ecran(chef: Client, demarche: Demarche) -> None:
    processus, territoire = demarche.processus, fabrique.territoire(nom="Causse")
    adresse = reverse("demarches:lancer", args=[processus.slug])
    assert "Lancement" in chef.get(adresse).content.decode()
    envoi = {"territoire": territoire.pk, "generation": "2027-2029", "ouverte_le": "2027-01-04"}
    apercu = chef.post(adresse, envoi | {"apercu": "1", "retenues": ["atelier"]}).content.decode()
    assert "15 mars 2027" in apercu
    assert not territoire.demarches.exists()
    reponse = chef.post(adresse, envoi)
    lancee = territoire.demarches.get()
    assert reponse["Location"] == lancee.get_absolute_url()
    assert (lancee.generation, lancee.version_processus.numero) == ("2027-2029", 1)
    assert lancee.etapes.get(code="atelier").est_ecartee
    assert lancee.etapes.get(code="atelier").prevue_le is None
    assert lancee.places.get(code="territoire").resume.startswith("2 communes")
    encore = chef.post(adresse, envoi)
    assert encore.status_code == 422
    assert "a déjà une démarche 2027-2029" in encore.content.decode()
    assert chef.post(adresse, {}).status_code == 422


def test_on_ne_lance_rien_sans_version_ni_hors_de_son_autorite(
    connecte: Connecte, demarche: Demarche
) -> None:
    vide = fabrique.dispositif(demarche.autorite).processus
    vide.versions.all().delete()
    with pytest.raises(LancementRefuse, match="pas encore de version"):
        lancer(demarche.territoire, vide, generation="x", ouverte_le=date(2026, 1, 1), par=None)
    chef = connecte(fabrique.agent("chef_de_projet", demarche))
    assert chef.get(reverse("demarches:lancer", args=[vide.slug])).status_code == 404
    maire = connecte(fabrique.agent("maire", demarche))
    assert maire.get(reverse("demarches:lancer", args=[demarche.processus.slug])).status_code == 403


def test_le_territoire_d_une_autre_autorite_ne_se_propose_pas(chef: Client, demarche: Demarche) -> None:
    region = fabrique.dispositif(fabrique.organisation("region", "Région"))
    groupement = fabrique.groupement(fabrique.commune(departement="33"))
    ailleurs = fabrique.demarche(fabrique.territoire(groupement, nom="Ailleurs"), region).territoire
    fabrique.demarche(fabrique.territoire(nom="Ici aussi"), region)
    adresse = reverse("demarches:lancer", args=[demarche.processus.slug])
    page = chef.get(adresse).content.decode()
    assert "Ailleurs" not in page
    assert "Ici aussi" in page
    envoi = {"territoire": ailleurs.pk, "generation": "2027-2029", "ouverte_le": "2027-01-04"}
    assert chef.post(adresse, envoi).status_code == 422
    assert ailleurs.demarches.count() == 1


def test_une_etape_inconnue_n_existe_pas(chef: Client, demarche: Demarche) -> None:
    assert chef.get(url("etape", demarche, "disparue")).status_code == 404


def test_chacun_lit_une_etape_et_seul_qui_conduit_la_dit_faite(
    connecte: Connecte, demarche: Demarche, django_assert_max_num_queries: Callable[..., Any]
) -> None:
    maire = connecte(fabrique.agent("maire", demarche))
    with django_assert_max_num_queries(20):
        page = maire.get(url("etape", demarche, "plan")).content.decode()
    assert "Dire l’étape faite" not in page
    assert maire.post(url("replanifier", demarche, "plan"), {}).status_code == 403
