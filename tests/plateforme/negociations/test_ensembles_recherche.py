"""The optimiser over a whole dispositif: what is asked, what is kept, what is refused."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from arpent.plateforme.negociations.actions import scenario_courant
from arpent.plateforme.negociations.ensembles import recherche
from arpent.plateforme.negociations.ensembles.lecture import contenu_de
from arpent.plateforme.negociations.models import EnsembleScenarios, PartEnveloppe, Proposition
from arpent.plateforme.negociations.scenarios.recherche import Resultat
from arpent.plateforme.plans.models import Fiche

from .conftest import Monde
from .ensembles import Connecte, lignes, part, texte, url

# --- the optimiser ----------------------------------------------------------------------------------


def demande(**reste: str) -> dict[str, str]:
    envoi = {
        "nom": "Proposition", "objectif": "travaux", "ponderation": "", "classement": "territoire",
        "modulation": "", "enveloppe": "50 000", "locales": "on", "minimum": "", "maximum": "",
        "minimum_territoire": "", "euros_territoire": "",
    }  # fmt: skip
    return envoi | reste


def test_une_recherche_sur_tout_le_dispositif_devient_un_ensemble(
    connecte: Connecte, monde: Monde, ailleurs: Fiche
) -> None:
    reponse = connecte(monde.chef).post(url(monde, "ensemble_rechercher"), demande(theme_0="25 000"))
    assert reponse.status_code == 302
    objet = EnsembleScenarios.objects.get()
    lu = contenu_de(objet)
    assert 0 < lu.tout.total <= 50_000
    assert {t.libelle: t.total for t in lu.themes}["Voirie"] <= 25_000
    assert {s.demarche.slug for s in objet.scenarios.all()} == {"gevaudan", "margeride"}
    toutes = Proposition.objects.filter(scenario__ensemble=objet)
    assert {p.fiche_id for p in toutes} == {ailleurs.pk, *(f.pk for f in monde.fiches)}
    assert all(p.motif for p in toutes.exclude(decision="retenue"))
    page = texte(connecte(monde.chef).get(reponse.url))
    for attendu in ("c’est prouvé", "Au mieux possible", "Voirie, au plus 25", "euros de travaux"):
        assert attendu in page
    assert lignes(scenario_courant(monde.voisine)) == {1: (Decimal("7000.00"), 2027)}


def test_chaque_territoire_a_au_moins_ce_qui_est_demande(
    connecte: Connecte, monde: Monde, ailleurs: Fiche
) -> None:
    Fiche.objects.filter(pk=ailleurs.pk).update(cout_ht=Decimal("20000"), assiette=Decimal("20000"))
    envois = [demande(enveloppe="20 000"), demande(enveloppe="40 000", minimum_territoire="1", nom="Partout")]
    for envoi in envois:
        assert connecte(monde.chef).post(url(monde, "ensemble_rechercher"), envoi).status_code == 302
    seul, partout = (contenu_de(EnsembleScenarios.objects.get(nom=n)) for n in ("Proposition", "Partout"))
    assert min(t.nombre for t in seul.territoires) == 0
    assert [t.nombre for t in partout.territoires] == [1, 1]
    en_euros = demande(enveloppe="40 000", euros_territoire="15 000", nom="En euros")
    assert connecte(monde.chef).post(url(monde, "ensemble_rechercher"), en_euros).status_code == 302
    objet = EnsembleScenarios.objects.get(nom="En euros")
    assert min(t.total for t in contenu_de(objet).territoires) >= 15_000
    page = texte(connecte(monde.chef).get(url(monde, "ensemble", objet.pk)))
    assert "Aides par territoire, au moins 15" in page


def test_deux_objectifs_ensemble_et_l_enveloppe_de_chacun(
    connecte: Connecte, monde: Monde, ailleurs: Fiche
) -> None:
    fonds = monde.dispositif.fonds.get()
    PartEnveloppe.objects.create(demarche=monde.voisine, fonds=fonds, critere="forfait", montant=1)
    client, ici = connecte(monde.chef), url(monde, "ensemble_rechercher")
    envoi = demande(objectif="travaux_equite", ponderation="70")
    assert client.post(ici, envoi).status_code == 302
    borne = contenu_de(EnsembleScenarios.objects.get())
    assert {t.libelle: t.nombre for t in borne.territoires}[monde.voisine.territoire.nom] == 0
    page = texte(client.get(url(monde, "ensemble", EnsembleScenarios.objects.get().pk)))
    assert "Les deux ensemble" in page
    assert "soutenir le plus de travaux (70" in page
    del envoi["locales"]
    assert client.post(ici, envoi | {"nom": "Commune", "enveloppe": "90 000"}).status_code == 302
    libre = contenu_de(EnsembleScenarios.objects.get(nom="Commune"))
    assert {t.libelle: t.nombre for t in libre.territoires}[monde.voisine.territoire.nom] == 1


@pytest.mark.parametrize(
    ("champs", "message"),
    [
        ({"ponderation": "50"}, "Une seule chose est recherchée"),
        ({"objectif": "rien", "ponderation": "50"}, "Une seule chose est recherchée"),
        ({"enveloppe": "10", "minimum_territoire": "1"}, "Ces demandes ne peuvent pas tenir ensemble"),
        ({"enveloppe": ""}, "Aucune enveloppe ne limite les aides"),
        ({"nom": ""}, "obligatoire"),
    ],
)
def test_une_recherche_impossible_reste_remplie(
    connecte: Connecte, monde: Monde, ailleurs: Fiche, champs: dict[str, str], message: str
) -> None:
    envoi = demande(minimum="0") | champs
    reponse = connecte(monde.chef).post(url(monde, "ensemble_rechercher"), envoi)
    assert reponse.status_code == 422
    assert message in texte(reponse)
    assert not EnsembleScenarios.objects.exists()


def test_au_dela_de_la_borne_la_page_renvoie_a_la_commande(
    connecte: Connecte, monde: Monde, ailleurs: Fiche, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(recherche, "PROJETS_MAX", 3)
    client, ici = connecte(monde.chef), url(monde, "ensemble_rechercher")
    assert "Trop de projets pour une page" in texte(client.get(ici))
    reponse = client.post(ici, demande(nom="Grande"))
    assert reponse.status_code == 422
    assert f"--dispositif {monde.dispositif.slug}" in texte(reponse)
    assert "Grande" in texte(reponse)


def test_une_recherche_arretee_avant_toute_preuve_se_garde_et_le_dit(
    connecte: Connecte, monde: Monde, ailleurs: Fiche, monkeypatch: pytest.MonkeyPatch
) -> None:
    """JSON has no infinity: PostgreSQL would refuse it."""
    vraie = recherche.chercher

    def sans_borne(*args: Any) -> Resultat:
        lu = vraie(*args)
        etapes = tuple(replace(e, borne=float("inf")) for e in lu.solution.etapes)
        return replace(lu, solution=replace(lu.solution, etapes=etapes))

    monkeypatch.setattr(recherche, "chercher", sans_borne)
    reponse = connecte(monde.chef).post(url(monde, "ensemble_rechercher"), demande(), follow=True)
    assert "Le temps a manqué pour prouver" in texte(reponse)
    assert "– euros de travaux" in texte(reponse)


def test_la_part_d_un_territoire_ne_nomme_pas_les_projets_des_autres(
    connecte: Connecte, monde: Monde, ailleurs: Fiche
) -> None:
    """A fiche left out could take the place of « Halle », elsewhere: its territory must not read it."""
    Fiche.objects.filter(demarche=monde.demarche).update(
        aide_demandee=Decimal("50000"), priorite_territoire=1
    )
    Fiche.objects.filter(pk=ailleurs.pk).update(priorite_territoire=2, aide_demandee=Decimal("50000"))
    envoi = demande(enveloppe="50 000", objectif="travaux")
    Fiche.objects.filter(pk=ailleurs.pk).update(cout_ht=Decimal("900000"), assiette=Decimal("900000"))
    assert connecte(monde.chef).post(url(monde, "ensemble_rechercher"), envoi).status_code == 302
    objet = EnsembleScenarios.objects.get()
    assert contenu_de(objet).themes[0].libelle == "Cadre de vie"
    motifs = [p.motif for p in part(objet, monde.demarche).propositions.all()]
    assert any("un projet d’un autre territoire" in m for m in motifs)
    assert not any("Halle" in m for m in motifs)
    sien = (part(objet, monde.demarche).recherche or {})["second_avis"]
    tous = (objet.recherche or {})["second_avis"]
    assert sien["nombre"] < tous["nombre"]
