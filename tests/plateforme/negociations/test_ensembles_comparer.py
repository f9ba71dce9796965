"""An ensemble beside another one or the maquettes, line by line; its parts taken back."""

from __future__ import annotations

import csv
import io
from decimal import Decimal
from typing import Any

import pytest
from openpyxl import load_workbook

from arpent.plateforme.demarches.models import Demarche
from arpent.plateforme.journal.models import Entree
from arpent.plateforme.negociations.actions import scenario_courant
from arpent.plateforme.negociations.ensembles import actions
from arpent.plateforme.negociations.ensembles.comparaison import comparer, cote_courant, cote_de
from arpent.plateforme.negociations.models import EnsembleScenarios, Proposition
from arpent.plateforme.negociations.scenarios.comparaison import comparer_scenarios
from arpent.plateforme.plans.models import Fiche
from tests.plateforme import fabrique

from .conftest import Monde
from .ensembles import Connecte, lignes, part, texte, url

# --- side by side -----------------------------------------------------------------------------------


@pytest.fixture
def changes(monde: Monde, ensemble: EnsembleScenarios, ailleurs: Fiche) -> EnsembleScenarios:
    """One raised and moved, one in, one out, one out of the plan’s totals, a draft that never counts."""
    ici, la = part(ensemble, monde.demarche), part(ensemble, monde.voisine)
    ici.propositions.update(montant=Decimal("12500.50"), annee=2028)
    Proposition.objects.create(scenario=ici, fiche=monde.fiches[2], montant=Decimal("3000"), annee=2026)
    la.propositions.update(decision="refusee")
    a_part = fabrique.fiche(monde.voisine, numero=9, realisation="realise", aide_demandee=Decimal(0))
    Proposition.objects.create(scenario=la, fiche=a_part, montant=Decimal("800"), annee=2026)
    brouillon = fabrique.fiche(monde.voisine, numero=10, etat="brouillon")
    Proposition.objects.create(scenario=la, fiche=brouillon, montant=Decimal("50"), annee=2026)
    return ensemble


def test_la_comparaison_est_la_somme_de_celles_des_territoires(
    monde: Monde, changes: EnsembleScenarios
) -> None:
    comparee = comparer(cote_courant(monde.dispositif), cote_de(changes))
    for t in comparee.territoires:
        seule = comparer_scenarios(t.demarche, scenario_courant(t.demarche), part(changes, t.demarche))
        assert (t.avant, t.apres) == (seule.avant.total, seule.apres.total)
        assert (t.nombre_avant, t.nombre_apres) == (seule.avant.nombre, seule.apres.nombre)
        assert [_dite(x) for x in t.lignes] == [_dite(x) for x in seule.lignes]
        assert sum(x.net for x in t.lignes) == t.net
    assert comparee.net == comparee.net_des_lignes == Decimal("15500.50") + 800 - 17_000
    assert (comparee.nombre_avant, comparee.nombre_apres, comparee.changees) == (2, 3, 4)
    inverse = comparer(cote_de(changes), cote_courant(monde.dispositif))
    assert inverse.net == -comparee.net
    assert {x.ligne.genre for x in inverse.lignes} == {"entre", "sort", "baisse"}


def _dite(x: Any) -> tuple[Any, ...]:
    return (
        x.genre, x.net, x.annee_avant, x.annee_apres, x.decision_avant, x.decision_apres, x.avant.numero,
        x.avant.assiette, x.apres.priorite,
    )  # fmt: skip


def test_un_territoire_que_l_autre_cote_n_a_pas_y_est_sans_aide(
    monde: Monde, ensemble: EnsembleScenarios, ailleurs: Fiche
) -> None:
    part(ensemble, monde.voisine).delete()
    Demarche.objects.filter(pk=monde.demarche.pk).update(etat="close")
    comparee = comparer(cote_courant(monde.dispositif), cote_de(ensemble))
    par_nom = {t.demarche.slug: t for t in comparee.territoires}
    assert (par_nom["margeride"].avant, par_nom["margeride"].apres) == (Decimal(7_000), Decimal(0))
    assert par_nom["margeride"].part is None
    assert (par_nom["gevaudan"].avant, par_nom["gevaudan"].apres) == (Decimal(0), Decimal(10_000))


def test_la_page_montre_ancien_et_nouveau_et_garde_le_territoire_choisi(
    connecte: Connecte, monde: Monde, changes: EnsembleScenarios
) -> None:
    client, ici = connecte(monde.chef), url(monde, "ensemble_comparer")
    page = texte(client.get(f"{ici}?apres={changes.pk}"))
    for attendu in ("4 lignes qui changent", "12\u202f500,50", "monte", "sort", "Halle"):
        assert attendu in page
    seul = texte(client.get(f"{ici}?apres={changes.pk}&territoire=gevaudan"))
    assert "2 lignes qui changent" in seul
    assert "Halle" not in seul
    double = actions.copier(monde.dispositif, "Double", changes, par=monde.chef)
    memes = texte(client.get(f"{ici}?avant={changes.pk}&apres={double.pk}"))
    assert "sont identiques" in memes
    assert "Reprendre</a>" not in memes
    assert "sont identiques" in texte(client.get(ici))
    assert client.get(f"{ici}?apres=zut").status_code == 404
    assert client.get(f"{ici}?apres=999999").status_code == 404


def test_une_fermeture_ne_cache_pas_une_maquette(
    connecte: Connecte, monde: Monde, ensemble: EnsembleScenarios
) -> None:
    """The maquette of a démarche closed since the copy is still what its part is compared with."""
    Demarche.objects.filter(pk=monde.demarche.pk).update(etat="close")
    client, ici = connecte(monde.chef), url(monde, "ensemble_comparer")
    for requete in (f"apres={ensemble.pk}", f"avant={ensemble.pk}"):
        assert "sont identiques" in texte(client.get(f"{ici}?{requete}"))


@pytest.mark.parametrize("table", ["lignes", "territoires"])
def test_les_fichiers_disent_ce_que_la_page_montre(
    connecte: Connecte, monde: Monde, changes: EnsembleScenarios, table: str
) -> None:
    client = connecte(monde.chef)
    requete = f"?apres={changes.pk}&territoire=gevaudan"
    lu = client.get(url(monde, "ensemble_csv", table) + requete).content.decode("utf-8-sig")
    rangees = list(csv.DictReader(io.StringIO(lu), delimiter=";"))
    comparee = comparer(cote_courant(monde.dispositif), cote_de(changes), seul="gevaudan")
    attendues = comparee.lignes if table == "lignes" else comparee.territoires
    assert len(rangees) == len(attendues) + 1
    net = comparee.net_des_lignes if table == "lignes" else comparee.net
    assert Decimal(rangees[-1]["Écart (€)"].replace(",", ".")) == net
    ecrits = [Decimal(r["Écart (€)"].replace(",", ".")) for r in rangees[:-1]]
    assert ecrits == [x.ligne.net for x in comparee.lignes] if table == "lignes" else sum(ecrits) == net
    classeur = client.get(url(monde, "ensemble_xlsx", table) + requete)
    feuille = load_workbook(io.BytesIO(classeur.content)).active
    assert feuille is not None
    valeurs = {c.value for ligne in feuille.iter_rows() for c in ligne}
    assert "Écart (€)" in valeurs
    assert monde.demarche.territoire.nom in valeurs
    assert client.get(url(monde, "ensemble_csv", "rien")).status_code == 404


# --- merged -----------------------------------------------------------------------------------------


def test_fusionner_prend_les_territoires_coches_du_second(
    connecte: Connecte, monde: Monde, changes: EnsembleScenarios
) -> None:
    client, ici = connecte(monde.chef), url(monde, "ensemble_fusionner")
    envoi = {"avant": "courant", "apres": str(changes.pk), "prise": [str(monde.demarche.pk), "zut"]}
    refus = client.post(ici, envoi | {"nom": "Prudent"})
    assert refus.status_code == 422
    assert "s’appelle déjà" in texte(refus)
    assert f'value="{monde.demarche.pk}" checked' in texte(refus)
    assert client.post(ici, envoi | {"nom": "Les deux"}).status_code == 302
    fusion = EnsembleScenarios.objects.get(nom="Les deux")
    assert fusion.origine == "Fusion : les maquettes en cours et « Prudent »"
    assert lignes(part(fusion, monde.demarche)) == lignes(part(changes, monde.demarche))
    assert lignes(part(fusion, monde.voisine)) == {1: (Decimal("7000.00"), 2027)}
    assert client.post(ici, envoi | {"apres": "999999", "nom": "Rien"}).status_code == 404


# --- taken back -------------------------------------------------------------------------------------


def test_reprendre_se_fait_un_territoire_a_la_fois_avec_son_compte_rendu(
    connecte: Connecte, monde: Monde, changes: EnsembleScenarios
) -> None:
    la_part = part(changes, monde.demarche)
    la_part.propositions.filter(fiche=monde.fiches[0]).update(montant=Decimal("8000"))
    Proposition.objects.create(
        scenario=la_part, fiche=monde.fiches[1], montant=Decimal("99999999"), annee=2026
    )
    client, ici = connecte(monde.chef), url(monde, "ensemble_reprendre", changes.pk)
    question = texte(client.get(f"{ici}?part={la_part.pk}"))
    assert "3 lignes diffèrent" in question
    assert lignes(scenario_courant(monde.demarche)) == {1: (Decimal("10000.00"), 2026)}
    page = texte(client.post(ici, {"part": str(la_part.pk)}))
    assert "2 lignes de la maquette ont changé, 1 refusée" in page
    assert "dépasse le coût du projet" in page
    assert lignes(scenario_courant(monde.demarche)) == {
        1: (Decimal("8000.00"), 2028), 3: (Decimal("3000.00"), 2026),
    }  # fmt: skip
    assert lignes(scenario_courant(monde.voisine)) == {1: (Decimal("7000.00"), 2027)}
    assert Entree.objects.get(geste="reprendre_scenario").apres == {"scenario": "Prudent", "lignes": 2}


def test_rien_a_reprendre_et_une_part_d_un_autre_ensemble(
    connecte: Connecte, monde: Monde, ensemble: EnsembleScenarios
) -> None:
    client, ici = connecte(monde.chef), url(monde, "ensemble_reprendre", ensemble.pk)
    page = texte(client.get(f"{ici}?part={part(ensemble, monde.demarche).pk}"))
    assert "il n’y a rien à reprendre" in page
    autre = actions.copier(monde.dispositif, "Autre", None, par=monde.chef)
    for faux in (str(part(autre, monde.demarche).pk), "zut", "99999"):
        assert client.get(f"{ici}?part={faux}").status_code == 404
    assert "Choisissez le territoire à reprendre" in texte(client.get(ici, follow=True))


def test_un_compte_rendu_renvoye_ne_refait_rien(
    connecte: Connecte, monde: Monde, changes: EnsembleScenarios
) -> None:
    client, ici = connecte(monde.chef), url(monde, "ensemble_reprendre", changes.pk)
    envoi = {"part": str(part(changes, monde.demarche).pk), "_soumission": "une-fois"}
    premiere = texte(client.post(ici, envoi))
    assert texte(client.post(ici, envoi)) == premiere
    assert Entree.objects.filter(geste="reprendre_scenario").count() == 1
