"""`arpent demo`: everything from nothing, one progress line a step, harmless when run again."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from django.conf import settings
from django.db import transaction

from arpent.extraits import lecture
from arpent.plateforme.acteurs.chargement import charger_organisations
from arpent.plateforme.demarches.models import Demarche
from arpent.plateforme.demarches.processus.lancement import lancer
from arpent.plateforme.diagnostics.ateliers import exemple
from arpent.plateforme.observatoire.chargement import charger_extraits
from arpent.plateforme.portail.public import actions as site_public
from arpent.plateforme.portail.public.lecture import contrats_de, documents_publiables
from arpent.plateforme.reglements.chargement import charger_dispositif, lister_livres
from arpent.plateforme.reglements.models import Dispositif
from arpent.plateforme.territoires.chargement import charger_territoires
from arpent.plateforme.territoires.models import Territoire

from ..commandes.instance import preparer_la_base
from ..commandes.sortie import etape, ligne
from . import (
    avancement,
    avis,
    comptes,
    evaluation,
    gens,
    plans,
    programmes,
    rendez_vous,
    reunions,
    strategie,
    suivi,
    vie,
)
from .projets import projets_par_territoire

MARQUE = "demo"
GENERATION = "2026-2028 (démonstration)"
OUVERTURE = date(2026, 6, 1)
ATELIERS = {"gorges-causses-cevennes", "ouest-et-sud-creusois"}
"""Territories that have held a workshop."""


def tout() -> None:
    """Loads what is missing. A second run only checks the mark and the migrations."""
    marque: Path = settings.DONNEES / MARQUE
    with etape("Base de données"):
        preparer_la_base()
    if marque.exists():
        ligne("  Démonstration déjà chargée.")
        return
    with etape("Communes, intercommunalités, contours"):
        charger_territoires()
    with etape("Organisations"):
        charger_organisations()
    with etape("Observatoire"):
        charger_extraits(settings.DONNEES)
    dispositifs = {}
    for dossier in lister_livres():
        with etape(f"Dispositif « {dossier.name} »"):
            dispositif = charger_dispositif(dossier, demonstration=True, par=None)
            dispositifs[dispositif.slug] = dispositif
    with etape("Démarches, constats, enjeux, plans d’actions"):
        nombre = _demarches(dispositifs)
    ligne(f"    {nombre} fiches projets, d’après les dotations de l’État de 2018 et 2019")
    with etape("Comptes de démonstration"):
        comptes.creer(dispositifs["lozere"].autorite, dispositifs["nouvelle-aquitaine"].autorite)
        comptes.inviter()
    with etape("Élus, services, structures partenaires (personnes fictives)"):
        nombre = gens.peupler(dispositifs["lozere"].autorite, dispositifs["nouvelle-aquitaine"].autorite)
    ligne(f"    {nombre} mandats et fonctions de personnes fictives")
    with etape("Enveloppes, pré-instruction, première offre, contrat"):
        avancement.faire(dispositifs)
    with etape("Avis, corrections, priorités, demandes d’appui"):
        vie.animer(avancement.ETAPES_FAITES_LE)
    with etape("Suivi des travaux"):
        suivi.suivre(date.today())
        evaluation.mesurer(date.today())
        avis.recueillir(date.today())
    with etape("Réunions"):
        reunions.reunir(date.today())
        rendez_vous.fixer(date.today())
    with etape("Site public"):
        _publier(dispositifs["lozere"])
    with etape("Jetons d’accès, abonnement aux événements"):
        programmes.relier(date.today())
    marque.write_text("Base de démonstration. Effacez ce répertoire pour repartir de zéro.\n", "utf-8")


def _publier(dispositif: Dispositif) -> None:
    """The site of the Département is open, with one signed contract."""
    editeur = f"{dispositif.autorite.nom} (démonstration) ; direction de la publication : le président"
    valeurs = {"presentation": "", "contact": "Mission d’appui aux territoires", "editeur": editeur}
    site_public.regler_site(dispositif, valeurs, ouvert=True, version_lue=1, par=None)
    demarches = [c.demarche_id for c in contrats_de(dispositif)]
    for document in documents_publiables(demarches).filter(genre="contrat", format="pdf")[:1]:
        site_public.publier_document(document, par=None)


@transaction.atomic
def _demarches(dispositifs: dict[str, Dispositif]) -> int:
    projets, annuaire, nombre = projets_par_territoire(), plans.Annuaire(), 0
    for ligne_territoire in lecture.territoires():
        dispositif = dispositifs[ligne_territoire["dispositif"]]
        territoire = Territoire.objects.get(slug=ligne_territoire["slug"])
        demarche = _ouvrir(territoire, dispositif)
        strategie.poser(demarche, dispositif.slug)
        if territoire.slug in ATELIERS:
            exemple.semer(demarche)
        nombre += plans.prefill(demarche, dispositif, projets.get(territoire.slug, []), annuaire)
        plans.deliberer(demarche)
    return nombre


def _ouvrir(territoire: Territoire, dispositif: Dispositif) -> Demarche:
    existante = Demarche.objects.avec_contexte().filter(slug=territoire.slug).first()
    if existante:
        return existante
    return lancer(
        territoire,
        dispositif.processus,
        generation=GENERATION,
        ouverte_le=OUVERTURE,
        par=None,
        retenues={"atelier-regards-croises"} if territoire.slug in ATELIERS else None,
    )
