"""Sixty hostile texts in every text field, read back on every page, export and document."""

from __future__ import annotations

import csv
import io
import zlib
from collections import Counter
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any
from urllib.parse import urljoin

import pytest
from django.apps import apps
from django.conf import settings
from django.core.files.base import ContentFile
from django.db import models, transaction

from arpent.metier.flux_revenus import PARAMETRES
from arpent.metier.repartition.soldes import Stade
from arpent.plateforme.acteurs.models import Agent, DemandeAppui, Organisation
from arpent.plateforme.contrats import actions as contrats
from arpent.plateforme.contrats import models as du_contrat
from arpent.plateforme.contrats.models import ArticleRedige, Contrat, Partie, RemarqueArticle, Vote
from arpent.plateforme.demarches.models import Demarche, Etape, Processus
from arpent.plateforme.diagnostics.models import (
    Atelier,
    ConstatTerritorial,
    ContributionAtelier,
    Echange,
    Enjeu,
    ModeleVulnerabilite,
    ParametreFlux,
    Preuve,
    TableAtelier,
)
from arpent.plateforme.documents.models import Charte, DocumentEmis, GabaritAutorite, PoliceCharte
from arpent.plateforme.echanges.models import CorrespondanceMemorisee, ImportPlan
from arpent.plateforme.negociations.credits import noeuds
from arpent.plateforme.negociations.credits.registre import Ecriture, Piece, inscrire
from arpent.plateforme.negociations.models import (
    Accord,
    DemandeReserve,
    DonneeRepartition,
    EnsembleScenarios,
    Enveloppe,
    Genre,
    JustificationReserve,
    PositionTour,
    Proposition,
    Scenario,
    Tour,
)
from arpent.plateforme.notifications.models import Notification
from arpent.plateforme.plans.brouillons import garder_saisie
from arpent.plateforme.plans.colonnes import COLONNES
from arpent.plateforme.plans.models import (
    AvisService,
    Axe,
    CadreJuridique,
    Classement,
    Commentaire,
    Deliberation,
    DemarcheFinanceur,
    DerogationRegle,
    Fiche,
    LigneDepense,
    LigneFinancement,
    PieceJointe,
    Preinstruction,
    VueEnregistree,
)
from arpent.plateforme.reglements.models import (
    AideAnterieure,
    BrouillonReglement,
    Dispositif,
    DonneeBeneficiaire,
    Fonds,
    ParametreLegal,
    PolitiqueSectorielle,
    Theme,
    VersionReglement,
)
from arpent.plateforme.territoires.models import Commune, Groupement, Territoire, VersionPerimetre
from tests import charges
from tests.architecture import matrice
from tests.architecture.monde import Monde, batir

pytestmark = pytest.mark.django_db
MODELES: tuple[type[models.Model], ...] = (
    Agent, AideAnterieure, Atelier, AvisService, Axe, BrouillonReglement, CadreJuridique, Classement,
    Commentaire, Commune, ConstatTerritorial, Contrat, ContributionAtelier, CorrespondanceMemorisee,
    Deliberation, DemandeAppui, Demarche, DemarcheFinanceur, DerogationRegle, Dispositif, DocumentEmis,
    DonneeBeneficiaire, DonneeRepartition, Echange, Enjeu, Etape, Fiche, Fonds, Groupement, ImportPlan,
    LigneDepense, LigneFinancement, ModeleVulnerabilite, Notification, Organisation, ParametreFlux,
    ParametreLegal, Partie, PieceJointe, PolitiqueSectorielle, Preinstruction, Preuve, Processus,
    Scenario, TableAtelier, Territoire, Theme, VersionPerimetre, VersionReglement, VueEnregistree,
    Accord, PositionTour, Tour, Enveloppe, EnsembleScenarios, DemandeReserve, JustificationReserve,
    Proposition, Vote, ArticleRedige, RemarqueArticle, du_contrat.Avenant, du_contrat.MouvementAvenant,
    du_contrat.CircuitSignature, du_contrat.EmplacementSignature, Charte, du_contrat.FinContrat,
    GabaritAutorite, PoliceCharte,
)  # fmt: skip
AILLEURS = {  # the others that hold text, and why nothing is put in them
    "Sceau": "fingerprints and a token, made by the machine; its table refuses any change",
    "Entree": "append only: its texts are those of the gestures, trapped by the forms below",
    "Habilitation": "codes of themes, chosen in a list",
    "Mouvement": "append only: written with payloads by `_mouvements_de`",
    "Jeu": "the manifest of the sources, shipped with the application",
    "Place": "one line that the application writes",
    "Soumission": "keys, addresses, and a page already rendered",
    "VersionAvenant": "frozen from the avenant when it is proposed",
    "VersionContrat": "frozen from the contract, generated again once its texts are trapped",
}
# JSON fields, by who writes their texts: people (trapped), or the application.
JSON_PIEGES = frozenset({
    "BrouillonReglement.contenu", "Fiche.complements", "Fiche.cadre_strategique", "Fiche.contrats_lies",
    "Fiche.criteres", "Fiche.zonages", "ImportPlan.entetes", "ImportPlan.lignes", "SaisieEnCours.donnees",
    "VersionReglement.contenu", "Vote.ecarts", "MouvementAvenant.apres", "Avenant.raisons",
})  # fmt: skip
JSON_DE_LA_MACHINE = frozenset({
    "Accord.lignes", "Atelier.deroule", "Contour.geometrie", "CorrespondanceMemorisee.correspondance",
    "CorrespondanceMemorisee.entetes", "Deliberation.plan_adopte", "DemandeReserve.constats",
    "DerogationRegle.constat", "Dispositif.modele_contrat", "Dispositif.modele_vulnerabilite",
    "Dispositif.parametres", "DocumentEmis.donnees", "EmplacementSignature.preuve",
    "EnsembleScenarios.recherche", "Entree.apres", "Entree.avant", "Fiche.quantites", "Fonds.cle_repartition",
    "Fonds.themes", "ImportPlan.correspondance", "ImportPlan.numeros", "ImportPlan.rapport",
    "ModeleVulnerabilite.definition", "Preinstruction.constats", "Preinstruction.donnees",
    "Scenario.recherche", "VersionContrat.donnees", "VersionProcessus.definition", "MouvementAvenant.avant",
    "VersionAvenant.donnees",
})  # fmt: skip
# Words of the machine: keys that the code looks up, never typed as text.
MOTS_DE_LA_MACHINE = frozenset({
    "affichage", "categorie", "chemin", "cle", "code", "code_acces", "courriel", "critere", "departement",
    "empreinte", "etat", "fichier", "format", "gabarit", "indicateur", "nature", "password",
    "plafond_liant", "region", "regle", "reglement", "sha256", "signature", "siren", "siret", "slug",
    "couleur", "type_mime", "url", "verdict",
})  # fmt: skip
# JSON that holds texts, by field; the shapes of the others are the machine's.
LISTES_DE_TEXTES = frozenset({"cadre_strategique", "zonages", "contrats_lies", "criteres"})
LE = date(2026, 3, 1)


def champs_de_texte(modele: type[models.Model]) -> Iterator[models.Field[Any, Any]]:
    for champ in modele._meta.concrete_fields:
        libre = isinstance(champ, models.CharField | models.TextField) and not champ.choices
        if (libre and champ.name not in MOTS_DE_LA_MACHINE) or champ.name in LISTES_DE_TEXTES:
            yield champ


def _valeur(champ: models.Field[Any, Any], rang: int) -> Any:
    if champ.name in LISTES_DE_TEXTES:
        return [charges.texte_piege(200, rang + i) for i in range(3)]
    texte = charges.texte_piege(champ.max_length, rang)
    assert len(texte) <= (champ.max_length or len(texte))
    return texte


def _pieger_le_json(valeur: Any, rang: int) -> Any:
    """The same JSON, each text that a person wrote (a title, a prose, a label…) replaced by a payload."""
    ecrits = {"titre", "prose", "intitule", "libelle", "source", "texte", "preambule"}
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


def _lignes_de(monde: Monde) -> None:
    """One object of each kind that the world of the matrix does not have."""
    fiche, fichier = monde.a.fiche, ContentFile(b"%PDF-1.4", "piece.pdf")
    fiche.depenses.create(libelle="x", montant=10)
    fiche.demarches_financeurs.create(financeur="etat", genre="demarche")
    fiche.demarches_financeurs.create(financeur="region", genre="piste")
    PieceJointe.objects.create(fiche=fiche, titre="x", fichier=fichier, nom_fichier="piece.pdf", taille=8,
                               type_mime="application/pdf", sha256="0" * 64)  # fmt: skip
    CadreJuridique.objects.create(fiche=fiche, convention="cper")
    Classement.objects.create(demarche=monde.a.demarche, niveau="territoire", arrete_le=LE)
    _donnees_de(monde)


def _donnees_de(monde: Monde) -> None:
    """The figures and words of rooms that the matrix leaves empty."""
    demarche, owner = monde.a.demarche, monde.a.fiche.maitre_ouvrage
    dispositif = demarche.processus.dispositif
    AideAnterieure.objects.create(dispositif=dispositif, organisation=owner, libelle="x", annee=24, montant=9)
    DonneeBeneficiaire.objects.create(organisation=owner, code="voirie_km", annee=2025, valeur=9, source="x")
    PolitiqueSectorielle.objects.get_or_create(dispositif=dispositif, code="eau", defaults={"libelle": "x"})
    CorrespondanceMemorisee.objects.create(organisation=owner, signature="0" * 64, entetes=[],
                                           correspondance={}, nom_fichier="x")  # fmt: skip
    ParametreFlux.objects.create(demarche=demarche, code=PARAMETRES[0].code, valeur=1, source="x", depuis=LE)
    voirie = {"territoire": demarche.territoire, "critere": "voirie"}
    DonneeRepartition.objects.get_or_create(**voirie, defaults={"valeur": 9, "unite": "km"})
    charte = Charte.objects.create(
        autorite_id=demarche.autorite.pk, entete="x", pied="x", fait_a="x", bloc="x"
    )
    PoliceCharte.objects.create(charte=charte, emploi="titres", famille="x", nom_fichier="x")
    GabaritAutorite.objects.create(autorite_id=demarche.autorite.pk, nom="contrat", numero=1, par_nom="x")
    VersionPerimetre.objects.create(territoire=demarche.territoire, numero=1, debut=LE)
    atelier = Atelier.objects.filter(demarche=demarche).first()
    assert atelier is not None
    table, _ = TableAtelier.objects.get_or_create(atelier=atelier, numero=1)
    ContributionAtelier.objects.create(atelier=atelier, table=table, nature="force", texte="x")
    _mouvements_de(monde)
    Preinstruction.objects.create(fiche=monde.a.fiche, reglement="x", verdict="conforme", aide_maximale=9,
                                  constats=[], par_nom="x")  # fmt: skip


def _mouvements_de(monde: Monde) -> None:
    """A line of the territory, and movements whose texts are payloads: nothing changes them afterwards."""
    demarche = monde.a.demarche
    base = demarche.processus.dispositif.fonds.get(code="base")
    territoire = noeuds.noeud_du_territoire(base, demarche)
    ligne = noeuds.ligne_de(territoire, demarche.processus.dispositif.themes.first(), 2026)
    textes = [charges.texte_piege(120, i) for i in range(len(charges.CHARGES))]
    inscrire(
        [
            Ecriture(ligne, Stade.PROPOSE, Genre.PROPOSITION, Decimal(1), 2026, monde.a.fiche.pk,
                     piece=Piece(texte, texte, LE))
            for texte in textes
        ],
        par=None,
    )  # fmt: skip


def _rang(modele: type[models.Model], champ: models.Field[Any, Any]) -> int:
    """Where a field starts in the list of payloads: a new model or field moves no other."""
    return zlib.crc32(f"{modele.__name__}.{champ.name}".encode())


def pieger(monde: Monde) -> set[str]:
    """Puts payloads in every text of the database; answers the payloads that were put."""
    _lignes_de(monde)
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
    lignes = [[c, c, "1000"] for c in charges.CHARGES]
    entetes = [charges.texte_piege(90, i) for i in range(3)]
    ImportPlan.objects.filter(pk=monde.a.importation.pk).update(lignes=lignes, entetes=entetes)
    reponses = {
        code: charges.texte_piege(200, i) for i, code in enumerate(monde.a.fiche.complements or {"bail": ""})
    }
    Fiche.objects.update(complements=reponses)
    for agent in monde.agents.values():
        if isinstance(agent, Agent):
            garder_saisie(agent, monde.a.demarche, monde.a.fiche, _saisie_piegee(), version_lue=1)
    contrats.generer(monde.a.contrat, None, LE)
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
