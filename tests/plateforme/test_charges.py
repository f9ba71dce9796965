"""Sixty hostile texts in every text field, read back on every page, export and document."""

from __future__ import annotations

import csv
import io
import zlib
from collections import Counter
from collections.abc import Iterator
from typing import Any
from urllib.parse import urljoin

import pytest
from django.apps import apps
from django.conf import settings
from django.db import models, transaction

from arpent.plateforme.acteurs.models import Agent
from arpent.plateforme.contrats import actions as contrats
from arpent.plateforme.contrats.models import Vote
from arpent.plateforme.demarches.models import BrouillonProcessus, VersionProcessus
from arpent.plateforme.echanges.models import ImportElus, ImportFinances, ImportPlan
from arpent.plateforme.plans.brouillons import garder_saisie
from arpent.plateforme.plans.colonnes import COLONNES
from arpent.plateforme.plans.models import (
    Fiche,
)
from arpent.plateforme.reglements.models import (
    BrouillonReglement,
    VersionReglement,
)
from arpent.plateforme.suivi.models import ReponseQuestionnaire
from tests import charges
from tests.architecture import matrice
from tests.architecture.monde import Monde, batir
from tests.plateforme.mobilier import LE, lignes_de
from tests.plateforme.pieges import (
    AILLEURS,
    JSON_DE_LA_MACHINE,
    JSON_PIEGES,
    LISTES_DE_TEXTES,
    MODELES,
    champs_de_texte,
)

pytestmark = pytest.mark.django_db


def _valeur(champ: models.Field[Any, Any], rang: int) -> Any:
    if champ.name in LISTES_DE_TEXTES:
        return [charges.texte_piege(200, rang + i) for i in range(3)]
    texte = charges.texte_piege(champ.max_length, rang)
    assert len(texte) <= (champ.max_length or len(texte))
    return texte


def _pieger_le_json(valeur: Any, rang: int) -> Any:
    """The same JSON, each text that a person wrote (a title, a prose, a label…) replaced by a payload."""
    ecrits = {"acteur", "titre", "prose", "intitule", "libelle", "source", "texte", "preambule"}
    if isinstance(valeur, list):
        return [_pieger_le_json(v, rang + i) for i, v in enumerate(valeur)]
    if isinstance(valeur, dict):
        return {
            cle: charges.texte_piege(150, rang + i)
            if cle in ecrits and isinstance(v, str)
            else _pieger_le_json(v, rang + i)
            for i, (cle, v) in enumerate(valeur.items())
        }
    return valeur


def _saisie_piegee() -> dict[str, list[str]]:
    """What somebody left in the form of the fiche, unsaved."""
    return {nom: [charges.texte_piege(200, i)] for i, nom in enumerate(("titre", "besoin", "effets"))}


def _rang(modele: type[models.Model], champ: models.Field[Any, Any]) -> int:
    """Where a field starts in the list of payloads: a new model or field moves no other."""
    return zlib.crc32(f"{modele.__name__}.{champ.name}".encode())


def pieger(monde: Monde) -> set[str]:
    """Puts payloads in every text of the database; answers the payloads that were put."""
    lignes_de(monde)
    mis = set()
    for modele in MODELES:
        champs = list(champs_de_texte(modele))
        assert champs, modele
        for n, ligne in enumerate(modele._default_manager.order_by("pk")):
            valeurs = {champ.name: _valeur(champ, _rang(modele, champ) + n) for champ in champs}
            modele._default_manager.filter(pk=ligne.pk).update(**valeurs)
            mis |= {c for c in charges.CHARGES for v in valeurs.values() if c in str(v)}
    for modele in (BrouillonReglement, VersionReglement):
        for ecrit in modele._default_manager.all():
            contenu = _pieger_le_json(ecrit.contenu, 7)
            modele._default_manager.filter(pk=ecrit.pk).update(contenu=contenu)
    for ecrit_processus in (*BrouillonProcessus.objects.all(), *VersionProcessus.objects.all()):
        ecrit_processus.definition = _pieger_le_json(ecrit_processus.definition, 11)
        ecrit_processus.save(update_fields=["definition"])
    lignes = [[c, c, "1000"] for c in charges.CHARGES]
    entetes = [charges.texte_piege(90, i) for i in range(3)]
    ImportPlan.objects.filter(pk=monde.a.importation.pk).update(lignes=lignes, entetes=entetes)
    ImportFinances.objects.filter(pk=monde.a.export_finances.pk).update(lignes=lignes, entetes=entetes)
    elus = [
        {"numero": i, "nom": c, "prenom": c, "structure": c, "fonctions": ["maire"]}
        for i, c in enumerate(charges.CHARGES, 2)
    ]
    ImportElus.objects.filter(pk=monde.a.liste_elus.pk).update(lignes=elus)
    reponses = {
        code: charges.texte_piege(200, i) for i, code in enumerate(monde.a.fiche.complements or {"bail": ""})
    }
    Fiche.objects.update(complements=reponses)
    for agent in monde.agents.values():
        if isinstance(agent, Agent):
            garder_saisie(agent, monde.a.demarche, monde.a.fiche, _saisie_piegee(), version_lue=1)
    contrats.generer(monde.a.contrat, None, LE)
    libres = {code: charges.texte_piege(200, i) for i, code in enumerate(("a_garder", "a_changer"))}
    ReponseQuestionnaire.objects.update(reponses=libres)
    Vote.objects.update(ecarts=[charges.texte_piege(200, i) for i in range(3)])
    return mis


@pytest.fixture(scope="module")
def monde(django_db_setup: None, django_db_blocker: Any) -> Iterator[Monde]:
    """The world of the access matrix, trapped, once for the module."""
    with django_db_blocker.unblock(), transaction.atomic():
        monde = batir()
        mis = pieger(monde)
        assert len(mis) >= 55, sorted(set(charges.CHARGES) - mis)
        yield monde
        transaction.set_rollback(True)


def _lire(monde: Monde, demande: dict[str, Any]) -> tuple[list[str], Counter[str]]:
    """Every route asked by the administrator: the faults, how many answers of each kind show a payload."""
    trouvees, montrees = [], Counter[str]()
    visiteur = matrice.Visiteur(monde.agents["administrateur"])
    for route in matrice.routes():
        reponse = visiteur.demander("GET", matrice.adresse(route, monde, monde.a), demande)
        if reponse.statut >= 500:
            trouvees.append(f"{route.nom} : {reponse.statut}")
        elif reponse.statut != 302 and reponse.contenu:
            if charges.montre(reponse.type_contenu, reponse.contenu):
                montrees[reponse.type_contenu.partition(";")[0].rpartition(".")[2]] += 1
            trouvees += [f"{route.nom} : {f}" for f in charges.fautes(reponse.type_contenu, reponse.contenu)]
            if settings.SECRET_KEY.encode() in reponse.contenu:
                trouvees.append(f"{route.nom} : la clé secrète")
    return trouvees, montrees


def test_chaque_texte_de_la_base_est_piege_ou_dit_pourquoi() -> None:
    """A new field, a new model: trapped above, or declared with its reason."""
    tous = [m for m in apps.get_models() if m.__module__.startswith("arpent.")]
    avec_texte = {m.__name__ for m in tous if list(champs_de_texte(m))}
    pieges = {m.__name__ for m in MODELES}
    assert avec_texte == pieges | set(AILLEURS)
    assert not pieges & set(AILLEURS)
    json = {
        f"{m.__name__}.{champ.name}"
        for m in tous
        for champ in m._meta.concrete_fields
        if isinstance(champ, models.JSONField)
    }
    assert json == JSON_PIEGES | JSON_DE_LA_MACHINE
    assert not JSON_PIEGES & JSON_DE_LA_MACHINE


def test_chaque_modele_piege_a_un_objet_dans_le_monde(monde: Monde) -> None:
    vides = {m.__name__ for m in MODELES if not m._default_manager.exists()}
    assert not vides


def test_soixante_textes_differents() -> None:
    assert len(set(charges.CHARGES)) == 60
    assert len(charges.LONGUE) == 5_000


@pytest.mark.parametrize("charge", charges.BALISES[:17])
def test_une_balise_ecrite_sans_precaution_est_vue(charge: str) -> None:
    assert charges.fautes("text/html", f"<p>{charge}</p>".encode())


@pytest.mark.parametrize("charge", [*charges.ATTRIBUTS[:5], *charges.ADRESSES[:6]])
def test_un_attribut_ecrit_sans_precaution_est_vu(charge: str) -> None:
    guillemet = "'" if charge.startswith("'") else '"'
    assert charges.fautes("text/html", f"<a href={guillemet}{charge}{guillemet}>a</a>".encode())


@pytest.mark.parametrize("charge", charges.FORMULES[:7])
def test_une_formule_ecrite_sans_precaution_est_vue(charge: str) -> None:
    sortie = io.StringIO()
    csv.writer(sortie, delimiter=";").writerow(["1", charge])
    assert charges.fautes("text/csv", sortie.getvalue().encode())


def test_aucun_texte_enregistre_ne_prend_vie_nulle_part(monde: Monde) -> None:
    trouvees, montrees = _lire(monde, {"col": [c.code for c in COLONNES]})
    assert not trouvees, "\n".join(trouvees)
    assert montrees["text/html"] > 80
    attendus = {"text/csv", "application/pdf", "sheet", "spreadsheet", "document", "image/svg+xml"}
    assert attendus <= set(montrees), "aucun fichier de ce genre ne montre un texte piégé"


def test_aucun_texte_de_l_adresse_ne_prend_vie(monde: Monde) -> None:
    demande = {
        nom: charges.texte_piege(90, rang)
        for rang, nom in enumerate(
            ("q", "recherche", "theme", "etat", "tri", "col", "commune", "annee", "vue")
        )
    }
    trouvees, _ = _lire(monde, demande)
    assert not trouvees, "\n".join(trouvees)


def _formulaires(monde: Monde) -> Iterator[tuple[str, dict[str, str | None]]]:
    """Each form with a typed text that the administrator can meet, once per address and set of fields."""
    visiteur, vus = matrice.Visiteur(monde.agents["administrateur"]), set()
    for route in matrice.routes():
        url = matrice.adresse(route, monde, monde.a)
        page = visiteur.demander("GET", url)
        if page.statut != 200 or not page.type_contenu.startswith("text/html"):
            continue
        lecteur = charges.Formulaires()
        lecteur.feed(page.texte)
        for action, champs in lecteur.trouves:
            adresse = urljoin(url, action)
            cle = (adresse, frozenset(champs))
            if None in champs.values() and cle not in vus:
                vus.add(cle)
                yield adresse, champs


def test_un_caractere_nul_ou_un_texte_hostile_ne_fait_rien_tomber(monde: Monde) -> None:
    """The form comes back inert, or is saved; never an error of ours, and NUL never reaches the database."""
    visiteur = matrice.Visiteur(monde.agents["administrateur"])
    trouvees, envois = [], 0
    for adresse, champs in _formulaires(monde):
        for fin in ("", *charges.INTERDITS):
            donnees = {
                nom: charges.texte_piege(120, i) + fin if valeur is None else valeur
                for i, (nom, valeur) in enumerate(champs.items())
            }
            reponse = visiteur.demander("POST", adresse, donnees)
            envois += 1
            if reponse.statut >= 500 or (fin and reponse.statut != 400):
                trouvees.append(f"{adresse} : {reponse.statut} ({fin!r}) {sorted(donnees)}")
            elif reponse.statut != 302 and reponse.contenu:
                fautes = charges.fautes(reponse.type_contenu, reponse.contenu)
                trouvees += [f"{adresse} : {f}" for f in fautes]
    assert not trouvees, "\n".join(trouvees)
    assert envois > 40
