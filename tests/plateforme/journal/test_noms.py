"""The journal names nobody: of a person a gesture is made on, it writes a function and a number."""

from __future__ import annotations

import inspect
import json
import re
from datetime import date, time, timedelta

import pytest
from django.apps import apps
from django.db import models

from arpent.plateforme.acteurs import absences, annuaire, designations, habilitations
from arpent.plateforme.acteurs.comptes import anonymisation, mots_de_passe, ouverture
from arpent.plateforme.acteurs.comptes.invitations import Offre, annuler_invitation, inviter
from arpent.plateforme.acteurs.models import Agent, Designation, Mandat, Personne
from arpent.plateforme.demarches.reunions import actions, seance, suites
from arpent.plateforme.demarches.reunions.genres import genres_de
from arpent.plateforme.demarches.reunions.models import Reunion
from arpent.plateforme.demarches.reunions.models_suites import Decision
from arpent.plateforme.journal.actions import consigner, verifier
from arpent.plateforme.journal.models import Entree
from arpent.plateforme.journal.voile import CHAMPS_VOILES, voiler
from arpent.plateforme.plans.historique import version_apres
from tests.plateforme import fabrique

pytestmark = pytest.mark.django_db
NOM, PRENOM = "Quatremère", "Zibeline"
LE = date.today()


def ecrits() -> str:
    """Everything the lines of the journal hold, but the author, held apart."""
    champs = ("geste", "libelle", "motif", "avant", "apres")
    return json.dumps(list(Entree.lignes.values_list(*champs)), ensure_ascii=False)


def sans_nom() -> bool:
    lus = ecrits()
    return NOM not in lus and PRENOM not in lus and NOM.lower() not in lus


@pytest.fixture
def admin() -> Agent:
    return fabrique.agent("administrateur")


@pytest.fixture
def elle() -> Agent:
    demarche = fabrique.demarche()
    return fabrique.agent("maire", demarche, nom=NOM, prenom=PRENOM)


def test_les_gestes_de_l_annuaire(admin: Agent):
    mairie = fabrique.organisation("commune", "Mairie de Florac")
    mandat = {"organisation": mairie, "fonction": "maire", "debut": LE - timedelta(100)}
    personne = annuaire.ajouter_personne(par=admin, mandat=mandat, nom=NOM, prenom=PRENOM, civilite="mme")
    annuaire.modifier_personne(personne, version_lue=1, par=admin, nom=f"{NOM}-Roux", courriel="z@exemple.fr")
    tenu = personne.mandats.get()
    annuaire.modifier_mandat(tenu, version_lue=tenu.version, par=admin, intitule="maire déléguée")
    annuaire.clore_mandat(tenu, fin=LE, motif="Démission", par=admin)
    assert Entree.objects.count() == 5
    assert sans_nom()
    assert f"maire déléguée, Mairie de Florac, personne n° {personne.pk}" in ecrits()
    assert "z@exemple.fr" not in ecrits()
    changements = list(Entree.objects.values_list("apres", flat=True))
    assert {"identite": "changée", "coordonnees": "changées"} in changements


def test_les_gestes_sur_un_compte(admin: Agent, elle: Agent):
    tenue = elle.habilitations.get()
    autre = fabrique.agent("maire", nom="Roux")
    autre.habilitations.update(territoire=tenue.territoire, organisation=tenue.organisation)
    absences.declarer(autre, elle, debut=LE, fin=LE + timedelta(5), par=autre)
    absences.declarer(elle, autre, debut=LE, fin=LE + timedelta(5), par=elle)
    absences.terminer(elle.absences.get(), par=elle)
    corps = tenue.organisation or tenue.autorite
    assert corps is not None
    nommee = Designation.objects.create(organisation=corps, agent=elle, fonction="signataire", debut=LE)
    designations.cesser(nommee, le=LE + timedelta(1), par=admin)
    habilitations.prolonger(tenue, fin=LE + timedelta(90), par=admin)
    mots_de_passe.changer_mot_de_passe(elle, "une phrase assez longue 2026", par=elle)
    ouverture.desactiver_compte(elle, par=admin, motif="départ")
    ouverture.reactiver_compte(elle, par=admin, motif="retour")
    ouverture.desactiver_compte(elle, par=admin, motif="départ")
    anonymisation.anonymiser(elle, par=admin, motif="demande de la personne")
    assert Entree.objects.count() >= 10
    assert sans_nom()
    assert f"compte n° {elle.pk}" in ecrits()
    assert verifier().intacte


def test_les_gestes_d_une_reunion(elle: Agent):
    demarche = fabrique.demarche()
    reunion = Reunion(demarche=demarche, titre="Concertation", jour=LE + timedelta(3))
    actions.preparer(reunion, genres_de(demarche)["permanence"], par=None)
    personne = Personne.objects.create(nom=NOM, prenom=PRENOM)
    membre = actions.ajouter_membre(
        reunion, nom=personne.nom_complet, qualite="maire de Florac", courriel="", personne=personne, par=elle
    )
    actions.changer_membre(membre, "presidence", par=elle)
    creneau_de = suites.ouvrir_creneaux(reunion, time(9), 1, 30, par=elle)
    assert creneau_de == 1
    creneau = reunion.creneaux.get()
    suites.prendre_creneau(creneau, {"pour": personne.nom_complet, "sujet": "Voirie"}, par=elle)
    creneau.refresh_from_db()
    suites.liberer_creneau(creneau, par=elle)
    actions.ajouter_point(reunion.points.model(reunion=reunion, titre="Voirie", rapporteur=NOM), par=elle)
    Reunion.objects.update(etat="convoquee")
    seance.noter_presences(reunion, {membre.pk: ("represente", personne.nom_complet)}, par=elle)
    decision = Decision(
        reunion=reunion, texte="Lancer le marché", responsable=personne, responsable_nom=str(personne)
    )
    seance.decider(decision, par=elle)
    suites.ouvrir_agenda(elle)
    assert sans_nom()
    assert f"maire de Florac, membre n° {membre.pk}" in ecrits()


def test_une_invitation(admin: Agent):
    florac = fabrique.commune("Florac")
    demarche = fabrique.demarche(fabrique.territoire(fabrique.groupement(florac, fabrique.commune())))
    mairie = fabrique.organisation("commune", "Mairie de Florac", commune=florac)
    invitation = inviter(
        Offre(
            courriel="z.quatremere@exemple.fr", nom=NOM, prenom=PRENOM, role="maire", organisation=mairie,
            territoire=demarche.territoire, debut=LE,
        ),
        par=admin, territoires=[demarche.territoire_id], adresse=lambda jeton: f"https://exemple.fr/{jeton}",
    )  # fmt: skip
    annuler_invitation(invitation, par=admin, territoires=[demarche.territoire_id])
    assert sans_nom()
    assert "quatremere" not in ecrits()


def test_le_referent_d_une_fiche_est_voile_et_son_changement_se_voit(elle: Agent):
    fiche = fabrique.fiche()
    fiche.contact_nom = f"{PRENOM} {NOM}"
    fiche.save()
    entree = consigner(
        "modifier", sur=fiche, par=elle, demarche_id=fiche.demarche_id,
        avant={"contact_nom": "Paul Roux", "titre": "Avant"},
        apres={"contact_nom": f"{PRENOM} {NOM}", "titre": fiche.titre},
    )  # fmt: skip
    suite = consigner(
        "modifier", sur=fiche, par=elle, demarche_id=fiche.demarche_id, avant={"titre": "x"},
        apres={"titre": fiche.titre},
    )  # fmt: skip
    assert sans_nom()
    assert entree.avant["contact_nom"] != entree.apres["contact_nom"]
    assert entree.avant["titre"] == "Avant"
    passee = version_apres(fiche, suite.numero)
    assert passee is not None
    assert f"{PRENOM} {NOM}" in {r.valeur for r in passee.reponses}


def test_un_texte_voile_garde_son_vide_et_se_reconnait():
    assert voiler("") == ""
    assert voiler(None) is None
    assert voiler("Paul Roux") == voiler("Paul Roux") != voiler("Paul Rou")
    assert voiler(voiler("Paul Roux")) == voiler("Paul Roux")
    assert "Roux" not in voiler("Paul Roux")


def test_ce_qui_est_voile_existe_dans_un_modele():
    connus = {f.name for m in apps.get_models() for f in m._meta.concrete_fields}
    assert connus >= CHAMPS_VOILES


def _nomme(modele: type[models.Model]) -> bool:
    """Whether the text of an object is made of the name of a person."""
    source = inspect.getsource(modele.__str__)
    return re.search(r"self\.(agent|personne|auteur|\w*_nom|nom_complet)\b", source) is not None


def test_un_objet_qui_se_dit_par_un_nom_a_un_libelle_pour_le_journal():
    fautifs = [
        m._meta.label
        for m in apps.get_models()
        if m.__module__.startswith("arpent.")
        and m._meta.label != "journal.AuteurJournal"
        and _nomme(m)
        and not hasattr(m, "libelle_journal")
    ]
    assert fautifs == []
    assert _nomme(Mandat)
