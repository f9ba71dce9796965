"""Sixty hostile texts in every text field, read back on every page, export and document."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Iterator
from datetime import date
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urljoin

import pytest
from django.conf import settings
from django.core.files.base import ContentFile
from django.db import models, transaction

from arpent.plateforme.acteurs.models import DemandeAppui, Organisation
from arpent.plateforme.contrats import actions as contrats
from arpent.plateforme.contrats.models import Contrat, Partie
from arpent.plateforme.demarches.models import Etape
from arpent.plateforme.diagnostics.models import (
    Atelier,
    ConstatTerritorial,
    Echange,
    Enjeu,
    ModeleVulnerabilite,
    Preuve,
)
from arpent.plateforme.documents.models import DocumentEmis
from arpent.plateforme.echanges.models import ImportPlan
from arpent.plateforme.notifications.models import Notification
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
    VueEnregistree,
)
from arpent.plateforme.reglements.models import BrouillonReglement, Fonds, ParametreLegal, Theme
from arpent.plateforme.territoires.models import Commune, Groupement, Territoire
from tests import charges
from tests.architecture import matrice
from tests.architecture.monde import Monde, batir

pytestmark = pytest.mark.django_db
MODELES: tuple[type[models.Model], ...] = (
    Atelier, AvisService, Axe, BrouillonReglement, CadreJuridique, Classement, Commentaire, Commune,
    ConstatTerritorial, Contrat, Deliberation, DemandeAppui, DemarcheFinanceur, DerogationRegle,
    DocumentEmis, Echange, Enjeu, Etape, Fiche, Fonds, Groupement, ImportPlan, LigneDepense,
    LigneFinancement, ModeleVulnerabilite, Notification, Organisation, ParametreLegal, Partie, PieceJointe,
    Preuve, Territoire, Theme, VueEnregistree,
)  # fmt: skip
# Words of the machine: keys that the code looks up, never typed as text.
MOTS_DE_LA_MACHINE = frozenset({
    "affichage", "code", "code_acces", "departement", "empreinte", "fichier", "format", "gabarit",
    "indicateur", "nature", "regle", "region", "sha256", "siren", "siret", "slug", "type_mime", "url",
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


def pieger(monde: Monde) -> set[str]:
    """Puts payloads in every text of the database; answers the payloads that were put."""
    _lignes_de(monde)
    rang, mis = 0, set()
    for modele in MODELES:
        champs = list(champs_de_texte(modele))
        assert champs, modele
        for ligne in modele._default_manager.all():
            valeurs = {champ.name: _valeur(champ, rang + i) for i, champ in enumerate(champs)}
            rang += len(champs)
            modele._default_manager.filter(pk=ligne.pk).update(**valeurs)
            mis |= {c for c in charges.CHARGES for v in valeurs.values() if c in str(v)}
    brouillon = monde.a.brouillon_reglement
    BrouillonReglement.objects.filter(pk=brouillon.pk).update(contenu=_pieger_le_json(brouillon.contenu, 7))
    lignes = [[c, c, "1000"] for c in charges.CHARGES]
    ImportPlan.objects.filter(pk=monde.a.importation.pk).update(lignes=lignes)
    contrats.generer(monde.a.contrat, None, LE)
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


class _Formulaires(HTMLParser):
    """The forms of a page that are sent by POST: address, and fields by name (typed ones are None)."""

    def __init__(self) -> None:
        super().__init__()
        self.trouves: list[tuple[str, dict[str, str | None]]] = []
        self._ouvert: dict[str, str | None] | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        a = dict(attrs)
        if tag == "form":
            self._ouvert = {} if (a.get("method") or "").lower() == "post" else None
            if self._ouvert is not None:
                self.trouves.append((a.get("action") or "", self._ouvert))
        elif self._ouvert is not None and (nom := a.get("name")):
            if tag == "textarea" or (tag == "input" and (a.get("type") or "text") in _TAPES):
                self._ouvert[nom] = None
            elif tag in {"input", "button"} and a.get("type") not in {"file", "checkbox", "radio"}:
                self._ouvert[nom] = a.get("value") or ""

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._ouvert = None


_TAPES = {"text", "search", "email", "tel", "url"}


def _formulaires(monde: Monde) -> Iterator[tuple[str, dict[str, str | None]]]:
    """Each form with a typed text that the administrator can meet, once per address and set of fields."""
    visiteur, vus = matrice.Visiteur(monde.agents["administrateur"]), set()
    for route in matrice.routes():
        url = matrice.adresse(route, monde, monde.a)
        page = visiteur.demander("GET", url)
        if page.statut != 200 or not page.type_contenu.startswith("text/html"):
            continue
        lecteur = _Formulaires()
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
