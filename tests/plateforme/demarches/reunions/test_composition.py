"""Whom a meeting calls: mandates and perimeter of its day, what is missing, what hands changed."""

from __future__ import annotations

from datetime import date

import pytest

from arpent.plateforme.acteurs.models import Agent, Mandat
from arpent.plateforme.demarches.models import Demarche
from arpent.plateforme.demarches.reunions import actions, gestes
from arpent.plateforme.demarches.reunions.composition import composer
from arpent.plateforme.demarches.reunions.genres import USUELS, genres_de
from arpent.plateforme.demarches.reunions.models import Reunion
from arpent.plateforme.territoires.models import Appartenance, Canton, Composition
from tests.plateforme import fabrique

from .conftest import JOUR, elu, preparer

pytestmark = pytest.mark.django_db
TOUT = USUELS[5].composition


def noms(demarche: Demarche, *groupes: str, le: date = JOUR) -> list[str]:
    return [c.nom for c in composer([demarche], groupes, le).convies]


def test_le_maire_convie_est_celui_du_jour_de_la_reunion(demarche: Demarche):
    ancien = Mandat.objects.get(fonction="maire")
    Mandat.objects.filter(pk=ancien.pk).update(fin=date(2026, 3, 20))
    elu(ancien.organisation, "maire", "Nouvelle", debut=date(2026, 3, 21))
    assert noms(demarche, "maires", le=JOUR) == ["Élu Durand"]
    assert noms(demarche, "maires", le=date(2026, 4, 1)) == ["Élu Nouvelle"]


def test_une_commune_partie_n_est_plus_conviee(demarche: Demarche):
    Appartenance.objects.filter(commune__nom="Florac").update(fin=date(2026, 1, 1))
    composition = composer([demarche], ["maires"], JOUR)
    assert composition.convies == ()
    assert composition.manques == ("Aucun maire connu pour 1 commune\u00a0: Ispagnac.",)


def test_qui_a_deux_mandats_est_convie_une_fois_avec_les_deux(demarche: Demarche):
    maire = Mandat.objects.get(fonction="maire").personne
    cc = Mandat.objects.get(fonction="president").organisation
    Mandat.objects.filter(organisation=cc).update(personne=maire)
    (convie,) = composer([demarche], ["maires", "presidents_epci"], JOUR).convies
    assert (convie.groupe, convie.qualite) == (
        "maires", "maire, Commune de Florac ; président, CC des Gorges",
    )  # fmt: skip


def test_le_conseiller_du_canton_et_le_president_du_syndicat_sont_convies(demarche: Demarche):
    commune = Appartenance.objects.get(commune__nom="Florac").commune
    canton = Canton.objects.create(code="4805", nom="Le Collet-de-Dèze", departement="48")
    sans = Canton.objects.create(code="4806", nom="Florac", departement="48")
    canton.communes.add(commune)
    sans.communes.add(commune)
    elu(demarche.autorite, "conseiller_departemental", "Astruc", canton=canton)
    syndicat = fabrique.groupement(commune, nature="SIVU", nom="SIVU des eaux")
    muet = fabrique.groupement(commune, nature="SIVU", nom="SIVU muet")
    elu(fabrique.organisation("syndicat", "SIVU des eaux", groupement=syndicat), "president", "Teissier")
    composition = composer([demarche], ["conseillers", "presidents_syndicats"], JOUR)
    assert [c.nom for c in composition.convies] == ["Élu Teissier", "Élu Astruc"]
    assert composition.manques == (
        f"Aucun président connu pour 1 syndicat\u00a0: {muet.nom}.",
        f"Aucun conseiller départemental connu pour 1 canton\u00a0: {sans.nom}.",
    )


def test_les_comptes_de_l_autorite_et_de_l_etat_sont_convies_et_les_absents_dits(demarche: Demarche):
    fabrique.agent("sous_prefet", demarche, nom="Lemaire", prenom="Anne", fonction="Sous-préfète")
    fabrique.agent("mission_appui", fabrique.demarche(), nom="Ailleurs")
    composition = composer([demarche], ["mission_appui", "sous_prefet", "autorite"], JOUR)
    assert [(c.groupe, c.nom) for c in composition.convies] == [("sous_prefet", "Anne Lemaire")]
    assert "Personne n’est connu à la mission d’appui." in composition.manques
    assert len(composition.manques) == 2


def test_plusieurs_territoires_sont_convies_ensemble(demarche: Demarche, reunion: Reunion):
    voisine = fabrique.demarche(dans=demarche.processus.dispositif)
    groupement = Composition.objects.get(territoire=voisine.territoire).groupement
    elu(fabrique.organisation("cc", groupement.nom, groupement=groupement), "president", "Brun")
    commune = preparer(demarche, "rdv", autres=[voisine])
    assert {"Élu Molines", "Élu Brun"} <= {m.nom for m in commune.membres.all()}


def test_recalculer_garde_les_retires_et_les_invites(reunion: Reunion, cheffe: Agent):
    durand = reunion.membres.get(nom="Élu Durand")
    actions.changer_membre(durand, "retirer", par=cheffe)
    actions.ajouter_membre(
        reunion, nom="Invitée", qualite="experte", courriel="i@exemple.fr", personne=None, par=cheffe
    )
    actions.recomposer(reunion, par=cheffe)
    assert reunion.membres.get(nom="Élu Durand").retire
    assert reunion.membres.filter(nom="Invitée").count() == 1
    actions.changer_membre(durand, "remettre", par=cheffe)
    assert not reunion.membres.get(nom="Élu Durand").retire


def test_une_personne_de_l_annuaire_n_est_ajoutee_qu_une_fois(reunion: Reunion, cheffe: Agent):
    personne = reunion.membres.get(nom="Élu Durand").personne
    with pytest.raises(actions.ReunionRefusee, match="déjà dans la liste"):
        actions.ajouter_membre(reunion, nom="Durand", qualite="", courriel="", personne=personne, par=cheffe)


def test_la_composition_est_figee_par_la_convocation(reunion: Reunion, cheffe: Agent):
    gestes.convoquer(reunion, le=JOUR, par=cheffe)
    membre = reunion.membres.get(nom="Élu Durand")
    for essai in (
        lambda: actions.recomposer(reunion, par=cheffe),
        lambda: actions.changer_membre(membre, "retirer", par=cheffe),
    ):
        with pytest.raises(actions.ReunionRefusee, match="arrêtée depuis la convocation"):
            essai()


def test_une_demarche_sans_reunions_decrites_a_les_genres_usuels(demarche: Demarche):
    assert list(genres_de(demarche)) == [g.code for g in USUELS]
    version = demarche.version_processus
    version.definition = version.definition | {
        "reunions": [{"code": "rdv", "libelle": "Rendez-vous", "duree_minutes": 90,
                      "composition": ["services", "maires", "inconnu"], "villes": ["Mende"],
                      "ordre_du_jour": ["Bilan"]}]
    }  # fmt: skip
    version.save()
    genres = genres_de(demarche)
    assert list(genres) == ["rdv", "atelier", "coordination", "permanence"]
    genre = genres["rdv"]
    assert (genre.composition, genre.villes, genre.duree_minutes) == (("maires", "services"), ("Mende",), 90)
