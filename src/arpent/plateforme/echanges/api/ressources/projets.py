"""Constats, enjeux, axes, fiches with their financing plan, scenarios."""

from __future__ import annotations

from typing import Any

from django.db.models import Prefetch, Q, QuerySet

from arpent.metier.cycles.fiche import LIBELLES as LIBELLES_FICHE
from arpent.metier.cycles.fiche import EtatFiche
from arpent.metier.plan_financement import LIBELLES_FINANCEUR, Financeur
from arpent.plateforme.acteurs.models import Organisation
from arpent.plateforme.diagnostics.models import ConstatTerritorial, Enjeu
from arpent.plateforme.negociations.models import Camp, Proposition, Scenario
from arpent.plateforme.negociations.scenarios.acces import LIRE
from arpent.plateforme.plans.models import Axe, Fiche, LigneDepense, LigneFinancement
from arpent.plateforme.reglements.models import Theme

from ..lecteur import Lecteur
from ..perimetres import fiches_visibles
from .base import DEMARCHE, Cle, Forme, Instant, Jour, Montant, Ressource, filtre_entier, filtre_mot, montant

RUBRIQUE = "Diagnostic et projets"


class ConstatLu(Forme):
    id: Cle
    demarche: Cle
    nature: str
    theme: str
    texte: str
    accord: str
    indicateur: str
    valeur_citee: str
    millesime_cite: str
    demonstration: bool


class EnjeuLu(Forme):
    id: Cle
    demarche: Cle
    libelle: str
    description: str
    priorite: int
    constats: list[int]
    demonstration: bool


class AxeLu(Forme):
    id: Cle
    demarche: Cle
    numero: int
    libelle: str
    enjeux: list[int]
    demonstration: bool


class MaitreOuvrageLu(Forme):
    id: Cle
    nom: str
    siren: str


class FinancementLu(Forme):
    financeur: str
    financeur_libelle: str
    libelle: str
    montant: Montant
    statut: str
    le: Jour | None
    demonstration: bool


class DepenseLue(Forme):
    nature: str
    libelle: str
    montant: Montant
    eligible: bool


class FicheLue(Forme):
    id: Cle
    demarche: Cle
    numero: int
    titre: str
    description: str
    maitre_ouvrage: MaitreOuvrageLu
    theme: str | None
    theme_libelle: str | None
    axe: int | None
    enjeu: int | None
    commune: str | None
    latitude: str | None
    longitude: str | None
    etat: str
    etat_libelle: str
    maturite: str
    nature_depense: str
    categorie: str
    realisation: str
    annee: int | None
    debut_le: Jour | None
    fin_le: Jour | None
    cout_ht: Montant
    cout_ttc: Montant | None
    assiette: Montant | None
    aide_demandee: Montant
    aide_accordee: Montant | None
    autres_aides_acquises: Montant
    priorite_maitre_ouvrage: int | None
    priorite_territoire: int | None
    priorite_autorite: int | None
    demonstration: bool
    version: int
    modifie_le: Instant
    financements: list[FinancementLu]
    depenses: list[DepenseLue]


class PropositionLue(Forme):
    fiche: Cle
    montant: Montant
    annee: int | None
    decision: str
    motif: str
    fonds: str | None
    demonstration: bool


class ScenarioLu(Forme):
    id: Cle
    demarche: Cle
    nom: str
    etat: str
    etat_libelle: str
    maquette_en_cours: bool
    camp: str
    partage: bool
    propositions: list[PropositionLue]


def _constats(lecteur: Lecteur) -> QuerySet[ConstatTerritorial]:
    return ConstatTerritorial.objects.filter(demarche__in=lecteur.cles("diagnostic.voir"))


def _constat(c: ConstatTerritorial) -> dict[str, Any]:
    noms = (
        "nature", "theme", "texte", "accord", "indicateur", "valeur_citee", "millesime_cite", "demonstration",
    )  # fmt: skip
    return {"id": c.pk, "demarche": c.demarche_id} | {nom: getattr(c, nom) for nom in noms}


def _enjeux(lecteur: Lecteur) -> QuerySet[Enjeu]:
    return Enjeu.objects.filter(demarche__in=lecteur.cles("diagnostic.voir")).prefetch_related(
        Prefetch("constats", ConstatTerritorial.objects.only("pk").order_by("pk"))
    )


def _enjeu(e: Enjeu) -> dict[str, Any]:
    return {
        "id": e.pk,
        "demarche": e.demarche_id,
        "libelle": e.libelle,
        "description": e.description,
        "priorite": e.priorite,
        "constats": [c.pk for c in e.constats.all()],
        "demonstration": e.demonstration,
    }


def _axes(lecteur: Lecteur) -> QuerySet[Axe]:
    return Axe.objects.filter(demarche__in=lecteur.cles("plan.voir")).prefetch_related(
        Prefetch("enjeux", Enjeu.objects.only("pk").order_by("pk"))
    )


def _axe(a: Axe) -> dict[str, Any]:
    return {
        "id": a.pk,
        "demarche": a.demarche_id,
        "numero": a.numero,
        "libelle": a.libelle,
        "enjeux": [e.pk for e in a.enjeux.all()],
        "demonstration": a.demonstration,
    }


_TELS_QUELS = (
    "numero", "titre", "description", "etat", "maturite", "nature_depense", "categorie", "realisation",
    "annee", "debut_le", "fin_le", "priorite_maitre_ouvrage", "priorite_territoire", "priorite_autorite",
    "demonstration", "version", "modifie_le",
)  # fmt: skip
_MONTANTS = ("cout_ht", "cout_ttc", "assiette", "aide_demandee", "aide_accordee")
_LUS = (
    *_TELS_QUELS, *_MONTANTS, "montant_acquis", "latitude", "longitude", "demarche", "axe", "enjeu",
    "commune", "maitre_ouvrage", "theme",
)  # fmt: skip
"""What is written, and nothing else: a fiche has twice as many columns."""


def fiches_lues(lecteur: Lecteur) -> QuerySet[Fiche]:
    """The fiches of the pages: drafts for their owner alone. Five queries: an owner is read once for all."""
    return (
        fiches_visibles(lecteur)
        .only(*_LUS)
        .prefetch_related(
            Prefetch("maitre_ouvrage", Organisation.objects.only("nom", "siren")),
            Prefetch("theme", Theme.objects.only("code", "libelle")),
            Prefetch("financements", LigneFinancement.objects.order_by("pk"), to_attr="financements_lus"),
            Prefetch("depenses", LigneDepense.objects.order_by("pk"), to_attr="depenses_lues"),
        )
    )


def ecrire_fiche(f: Any) -> dict[str, Any]:
    """A fiche with its financing plan, as read by `fiches_lues`. No query."""
    return {
        "id": f.pk,
        "demarche": f.demarche_id,
        "maitre_ouvrage": {
            "id": f.maitre_ouvrage_id,
            "nom": f.maitre_ouvrage.nom,
            "siren": f.maitre_ouvrage.siren,
        },
        "theme": f.theme.code if f.theme else None,
        "theme_libelle": f.theme.libelle if f.theme else None,
        "axe": f.axe_id,
        "enjeu": f.enjeu_id,
        "commune": f.commune_id,
        "latitude": None if f.latitude is None else f"{f.latitude:f}",
        "longitude": None if f.longitude is None else f"{f.longitude:f}",
        "etat_libelle": LIBELLES_FICHE[EtatFiche(f.etat)],
        "autres_aides_acquises": montant(f.montant_acquis),
        "financements": [
            {
                "financeur": x.financeur,
                "financeur_libelle": LIBELLES_FINANCEUR[Financeur(x.financeur)],
                "libelle": x.libelle,
                "montant": montant(x.montant),
                "statut": x.statut,
                "le": x.le,
                "demonstration": x.demonstration,
            }
            for x in f.financements_lus
        ],
        "depenses": [
            {
                "nature": x.nature,
                "libelle": x.libelle,
                "montant": montant(x.montant),
                "eligible": x.eligible,
            }
            for x in f.depenses_lues
        ],
        **{nom: getattr(f, nom) for nom in _TELS_QUELS},
        **{nom: montant(getattr(f, nom)) for nom in _MONTANTS},
    }


def _scenarios(lecteur: Lecteur) -> QuerySet[Scenario]:
    """The maquette in progress, the variants that are shown, and those of one's own side."""
    siens = Q(est_courant=True) | Q(partage=True)
    for camp in Camp:
        siens |= Q(camp=camp, demarche__in=lecteur.cles(LIRE[camp]))
    lignes = Proposition.objects.select_related("fonds").order_by("fiche__numero", "pk")
    return Scenario.objects.filter(siens, demarche__in=lecteur.cles("maquette.voir")).prefetch_related(
        Prefetch("propositions", lignes)
    )


def _scenario(s: Scenario) -> dict[str, Any]:
    return {
        "id": s.pk,
        "demarche": s.demarche_id,
        "nom": s.nom,
        "etat": s.etat,
        "etat_libelle": s.get_etat_display(),
        "maquette_en_cours": s.est_courant,
        "camp": s.camp,
        "partage": s.partage,
        "propositions": [
            {
                "fiche": p.fiche_id,
                "montant": montant(p.montant),
                "annee": p.annee,
                "decision": p.decision,
                "motif": p.motif,
                "fonds": p.fonds.code if p.fonds else None,
                "demonstration": p.demonstration,
            }
            for p in s.propositions.all()
        ],
    }


RESSOURCES = (
    Ressource(
        "constats", RUBRIQUE, "Constats", "Forces, faiblesses, opportunités, menaces du territoire.",
        "diagnostic.voir", ConstatLu, _constats, _constat,
        filtres={**DEMARCHE, "nature": filtre_mot("nature", "force, faiblesse, opportunite, menace.")},
    ),
    Ressource(
        "enjeux", RUBRIQUE, "Enjeux", "Ce qui compte pour le territoire, et les constats qui le montrent.",
        "diagnostic.voir", EnjeuLu, _enjeux, _enjeu, filtres=DEMARCHE,
    ),
    Ressource(
        "axes", RUBRIQUE, "Axes du plan", "Les axes du plan d’actions et leurs enjeux.",
        "plan.voir", AxeLu, _axes, _axe, filtres=DEMARCHE,
    ),
    Ressource(
        "fiches", RUBRIQUE, "Fiches projets",
        "Les projets avec leur plan de financement. Un brouillon n’est lu que par qui le rédige.",
        "plan.voir", FicheLue, fiches_lues, ecrire_fiche,
        filtres={
            **DEMARCHE,
            "etat": filtre_mot("etat", "État : brouillon, proposee, retenue, contractualisee…"),
            "theme": filtre_mot("theme__code", "Code du thème."),
            "maitre_ouvrage": filtre_entier("maitre_ouvrage", "Numéro de l’organisation."),
            "annee": filtre_entier("annee", "Année de programmation."),
        },
    ),
    Ressource(
        "scenarios", RUBRIQUE, "Scénarios",
        "La maquette en cours, les variantes montrées et celles de votre côté, avec leurs montants.",
        "maquette.voir", ScenarioLu, _scenarios, _scenario, filtres=DEMARCHE,
    ),
)  # fmt: skip
