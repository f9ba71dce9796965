"""The page of the contract, its parties, the gestures of its cycle and their gates."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from arpent.metier.cycles import TransitionRefusee
from arpent.plateforme.acteurs.models import Agent
from arpent.plateforme.contrats import actions
from arpent.plateforme.contrats.exigences import ContratRefuse
from arpent.plateforme.contrats.models import Contrat, Partie
from arpent.plateforme.journal.models import Entree
from arpent.plateforme.negociations import actions as negociations
from arpent.plateforme.plans.models import Fiche
from tests.plateforme import fabrique
from tests.plateforme.contrats.atelier_signature import signer_sur_papier
from tests.plateforme.contrats.conftest import deliberer
from tests.plateforme.negociations.conftest import Monde

URL = "/territoires/gevaudan/contrat/"
Connecte = Callable[[Agent], Client]


def avancer(contrat: Contrat, *gestes: str, par: Agent) -> Contrat:
    for geste in gestes:
        contrat = actions.faire_avancer(contrat, geste, par=par)
    return contrat


def test_la_page_dit_ce_qui_manque_avant_la_signature(accord: Monde, connecte: Connecte) -> None:
    actions.contrat_de(accord.demarche, accord.chef)
    page = connecte(accord.maire).get(URL).content.decode()
    assert "À compléter avant signature" in page
    assert "[à compléter : date d’effet]" in page


def test_lire_le_contrat_ne_le_cree_pas(accord: Monde, connecte: Connecte) -> None:
    assert connecte(accord.chef).get(URL).status_code == 200
    assert not Contrat.objects.exists()


def test_les_parties_sont_l_autorite_l_epci_et_les_maitres_d_ouvrage(
    accord: Monde, connecte: Connecte
) -> None:
    connecte(accord.chef).post(URL + "preparer/")
    parties = list(Partie.objects.order_by("ordre"))
    assert [p.role for p in parties] == ["autorite", "porteur", "signataire", "signataire"]
    assert {p.organisation_id for p in parties[2:]} == {f.maitre_ouvrage_id for f in accord.fiches[:2]}


def test_mettre_a_jour_les_parties_garde_ce_qui_est_saisi(accord: Monde, contrat: Contrat) -> None:
    partie = contrat.parties.order_by("-ordre").first()
    assert partie is not None
    Partie.objects.filter(pk=partie.pk).update(signataire="Mme Martin")
    assert actions.completer_parties(contrat, par=accord.chef) == 0
    assert Partie.objects.get(pk=partie.pk).signataire == "Mme Martin"


def test_une_partie_s_edite_avec_son_signataire(accord: Monde, contrat: Contrat, connecte: Connecte) -> None:
    partie = contrat.parties.get(role="porteur")
    donnees = {"version_lue": "1", "signataire": "Mme Jeanne Martin", "qualite": "présidente"}
    client = connecte(accord.chef)
    assert client.get(f"{URL}parties/{partie.pk}/").status_code == 200
    assert client.post(f"{URL}parties/{partie.pk}/", donnees).status_code == 302
    assert "Mme Jeanne Martin, présidente" in client.get(URL).content.decode()
    assert client.post(f"{URL}parties/{partie.pk}/", donnees | {"qualite": "maire"}).status_code == 409
    assert Partie.objects.get(pk=partie.pk).qualite == "présidente"


def test_le_texte_s_edite_et_un_envoi_perime_repond_409(
    accord: Monde, contrat: Contrat, connecte: Connecte
) -> None:
    client = connecte(accord.chef)
    donnees = {"version_lue": str(contrat.version), "reference": "CT-2", "date_effet": "", "preambule": ""}
    assert client.post(URL + "modifier/", donnees).status_code == 302
    assert client.post(URL + "modifier/", donnees | {"reference": "CT-3"}).status_code == 409
    assert Contrat.objects.get().reference == "CT-2"


def test_sans_accord_le_vote_est_refuse(monde: Monde, connecte: Connecte) -> None:
    actions.contrat_de(monde.demarche, monde.chef)
    reponse = connecte(monde.chef).post(URL + "etat/", {"geste": "soumettre_au_vote"}, follow=True)
    assert "La maquette n’est pas acceptée" in reponse.content.decode()
    assert Contrat.objects.get().etat == "redaction"


def test_un_texte_incomplet_ne_part_pas_au_vote(accord: Monde) -> None:
    contrat = actions.contrat_de(accord.demarche, accord.chef)
    with pytest.raises(ContratRefuse, match="Date d’effet"):
        actions.faire_avancer(contrat, "soumettre_au_vote", par=accord.chef)


def test_sans_toutes_les_deliberations_pas_de_signature(accord: Monde, contrat: Contrat) -> None:
    contrat = avancer(contrat, "soumettre_au_vote", par=accord.chef)
    with pytest.raises(ContratRefuse, match="Département de la Lozère : la délibération manque"):
        actions.faire_avancer(contrat, "ouvrir_signature", par=accord.chef)


def test_du_vote_a_l_entree_en_vigueur(accord: Monde, contrat: Contrat) -> None:
    Fiche.objects.filter(pk=accord.fiches[0].pk).update(etat="retenue")
    contrat = avancer(contrat, "soumettre_au_vote", par=accord.chef)
    deliberer(contrat)
    contrat = avancer(contrat, "ouvrir_signature", par=accord.chef)
    with pytest.raises(ContratRefuse, match="Générez d’abord la version à signer"):
        actions.faire_avancer(contrat, "constater_signature", par=accord.chef)
    actions.generer(contrat, accord.chef)
    signer_sur_papier(contrat)
    contrat = avancer(contrat, "constater_signature", par=accord.chef)
    assert contrat.etat == "en_vigueur"
    assert Fiche.objects.get(pk=accord.fiches[0].pk).etat == "contractualisee"
    assert Entree.objects.filter(geste="constater_signature").count() == 1


def test_sans_deliberation_exigee_une_fiche_n_entre_pas_au_contrat(accord: Monde, contrat: Contrat) -> None:
    accord.dispositif.parametres = {"deliberation": {"exigee_pour": "contractualiser"}}
    accord.dispositif.save(update_fields=["parametres"])
    Fiche.objects.filter(pk=accord.fiches[0].pk).update(etat="retenue")
    contrat = avancer(contrat, "soumettre_au_vote", par=accord.chef)
    deliberer(contrat)
    contrat = avancer(contrat, "ouvrir_signature", par=accord.chef)
    actions.generer(contrat, accord.chef)
    signer_sur_papier(contrat)
    with pytest.raises(ContratRefuse, match="Il manque la délibération"):
        avancer(contrat, "constater_signature", par=accord.chef)
    assert Contrat.objects.get().etat == "signature"


def test_une_maquette_au_vote_ne_se_rouvre_pas(accord: Monde, contrat: Contrat) -> None:
    avancer(contrat, "soumettre_au_vote", par=accord.chef)
    with pytest.raises(negociations.ArbitrageRefuse, match="reprenez sa rédaction"):
        negociations.changer_etat(
            negociations.scenario_courant(accord.demarche), "reprendre", par=accord.chef
        )


def test_un_geste_hors_du_cycle_est_refuse(accord: Monde, contrat: Contrat) -> None:
    with pytest.raises(TransitionRefusee):
        actions.faire_avancer(contrat, "solder", par=accord.chef)


def test_le_president_lit_sans_les_boutons(accord: Monde, contrat: Contrat, connecte: Connecte) -> None:
    client = connecte(accord.president)
    page = client.get(URL).content.decode()
    assert "Générer le contrat</button>" not in page
    assert client.post(URL + "etat/", {"geste": "soumettre_au_vote"}).status_code == 403
    assert client.post(URL + "etat/", {"geste": "inventer"}).status_code == 404
    assert client.get(URL + "modifier/").status_code == 403


def test_hors_perimetre_le_contrat_n_existe_pas(accord: Monde, contrat: Contrat, connecte: Connecte) -> None:
    etranger = fabrique.agent("maire", accord.voisine)
    assert connecte(etranger).get(URL).status_code == 404
    partie = contrat.parties.get(role="porteur")
    ailleurs = f"/territoires/margeride/contrat/parties/{partie.pk}/"
    assert connecte(accord.chef).get(ailleurs).status_code == 404


def test_le_nombre_de_requetes_ne_depend_pas_des_projets(
    accord: Monde,
    contrat: Contrat,
    connecte: Connecte,
    django_assert_max_num_queries: Callable[[int], object],
) -> None:
    client = connecte(accord.chef)
    client.get(URL)
    with django_assert_max_num_queries(34):  # type: ignore[attr-defined]
        client.get(URL)
