"""Forms to send twice: each prepares what it needs, and counts its effects in the database."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from arpent.plateforme.acteurs.models import Agent, Organisation
from arpent.plateforme.demarches.models import Demarche
from arpent.plateforme.echanges.models import ImportPlan
from arpent.plateforme.plans.models import AvisService, Commentaire, Deliberation, Fiche
from tests.plateforme import fabrique
from tests.plateforme.plans.reglement import publier


@dataclass(frozen=True, slots=True)
class Lieu:
    """A démarche of its own for each process, so that effects are counted apart."""

    demarche: Demarche
    mairie: Organisation
    agent: Agent

    @property
    def plan(self) -> str:
        return f"/territoires/{self.demarche.slug}/plan/"


@dataclass(frozen=True, slots=True)
class Cas:
    """One form ready to be sent, and how many times it took effect."""

    adresse: str
    donnees: dict[str, Any]
    effets: Callable[[], int]


def decor(slug: str) -> Lieu:
    """Several processes build theirs at once: the codes of the communes come from the rank in the slug."""
    rang = int(slug.rpartition("-")[2])
    for _ in range(400 * rang):
        next(fabrique._n)
    commune = fabrique.commune(f"Chirac {rang}")
    demarche = fabrique.demarche(fabrique.territoire(fabrique.groupement(commune)), slug=slug)
    publier(demarche.processus.dispositif)
    mairie = fabrique.organisation("commune", f"Commune de Chirac {rang}", commune=commune)
    return Lieu(demarche, mairie, fabrique.agent("administrateur", demarche))


def _cle() -> dict[str, str]:
    return {"_soumission": secrets.token_urlsafe(12)}


def _saisie(lieu: Lieu, titre: str, version: int) -> dict[str, Any]:
    return _cle() | {
        "titre": titre, "maitre_ouvrage": lieu.mairie.pk, "maturite": "structurant", "version_lue": version,
        "nature_depense": "investissement", "cout_ht": "100 000,00", "lignes-0-financeur": "etat",
        "lignes-0-montant": "40 000,10", "lignes-0-statut": "acquis", "lignes-TOTAL_FORMS": 1,
        "lignes-INITIAL_FORMS": 0, "lignes-MIN_NUM_FORMS": 0, "lignes-MAX_NUM_FORMS": 60,
    }  # fmt: skip


def _fiche(lieu: Lieu, n: int, **champs: Any) -> Fiche:
    return fabrique.fiche(
        lieu.demarche, numero=100_000 + n, titre=f"Pont {n}", maitre_ouvrage=lieu.mairie, **champs
    )


def _creer(lieu: Lieu, n: int) -> Cas:
    titre = f"École {n}"
    crees = Fiche.objects.filter(demarche=lieu.demarche, titre=titre)
    return Cas(f"{lieu.plan}fiches/nouvelle/", _saisie(lieu, titre, 1), crees.count)


def _enregistrer(lieu: Lieu, n: int) -> Cas:
    fiche = _fiche(lieu, n)
    lue = Fiche.objects.filter(pk=fiche.pk)
    return Cas(
        f"{fiche.get_absolute_url()}modifier/",
        _saisie(lieu, f"Passerelle {n}", fiche.version),
        lambda: lue.get().version - fiche.version,
    )


def _commenter(lieu: Lieu, n: int) -> Cas:
    fiche = _fiche(lieu, n)
    donnees = _cle() | {"texte": f"Remarque {n}", "portee": "partagee"}
    return Cas(
        f"{fiche.get_absolute_url()}commentaires/", donnees, Commentaire.objects.filter(fiche=fiche).count
    )


def _avis(lieu: Lieu, n: int) -> Cas:
    fiche = _fiche(lieu, n)
    donnees = _cle() | {
        "service": "Routes",
        "question": f"Question {n}",
        "echeance_le": (date.today() + timedelta(days=9)).isoformat(),
    }
    return Cas(
        f"{fiche.get_absolute_url()}avis/demander/", donnees, AvisService.objects.filter(fiche=fiche).count
    )


def _deliberer(lieu: Lieu, n: int) -> Cas:
    fiche = _fiche(lieu, n)
    donnees = _cle() | {"assemblee": "Conseil", "numero": f"2026-{n}", "version_lue": 1, "sens": "adoptee"}
    return Cas(
        f"{fiche.get_absolute_url()}deliberations/",
        donnees | {"adoptee_le": "2026-03-12"},
        Deliberation.objects.filter(fiche=fiche).count,
    )


def _lot(lieu: Lieu, n: int) -> Cas:
    fiche = _fiche(lieu, n)
    lue = Fiche.objects.filter(pk=fiche.pk)
    donnees = _cle() | {"n": [fiche.pk], "v": [f"{fiche.pk}:{fiche.version}"], "geste": "annee"}
    return Cas(
        f"{lieu.plan}lot/",
        donnees | {"valeur": "2031", "confirme": "1"},
        lambda: lue.get().version - fiche.version,
    )


def _importer(lieu: Lieu, n: int) -> Cas:
    titre = f"Halle {n}"
    lu = ImportPlan.objects.create(
        demarche=lieu.demarche, agent_id=lieu.agent.pk, nom_fichier="plan.csv", sha256=secrets.token_hex(32),
        entetes=["Intitulé", "Maître d’ouvrage", "Coût HT"], lignes=[[titre, lieu.mairie.nom, "1000"]],
        correspondance={"0": "titre", "1": "mo", "2": "cout_ht"},
    )  # fmt: skip
    crees = Fiche.objects.filter(demarche=lieu.demarche, titre=titre)
    return Cas(f"{lieu.plan}importer/{lu.pk}/confirmer/", _cle() | {"attendu": 1}, crees.count)


FORMULAIRES: tuple[tuple[str, Callable[[Lieu, int], Cas]], ...] = (
    ("fiche créée", _creer), ("fiche enregistrée", _enregistrer), ("remarque", _commenter),
    ("demande d’avis", _avis), ("délibération", _deliberer), ("geste en lot", _lot),
    ("import confirmé", _importer),
)  # fmt: skip
