"""Small builders: one line makes what a test needs, with sensible values."""

from __future__ import annotations

import itertools
from datetime import date
from decimal import Decimal
from typing import Any

from arpent.plateforme.acteurs.models import Agent, Habilitation, Organisation
from arpent.plateforme.acteurs.roles import ROLES, Portee
from arpent.plateforme.demarches import actions as demarches
from arpent.plateforme.demarches.models import Demarche, Processus, VersionProcessus
from arpent.plateforme.plans.models import Fiche, LigneFinancement
from arpent.plateforme.reglements.models import Dispositif, Theme
from arpent.plateforme.territoires.models import Appartenance, Commune, Composition, Groupement, Territoire

_n = itertools.count(1)
DEFINITION = {
    "phases": [
        {
            "code": "diagnostic",
            "libelle": "Diagnostic partagé",
            "etapes": [
                {"code": "copil", "libelle": "COPIL de lancement", "mois": 1, "place": "diagnostic"},
                {"code": "atelier", "libelle": "Atelier", "mois": 3, "facultative": True},
            ],
        }
    ]
}


def commune(nom: str = "", **champs: Any) -> Commune:
    n = next(_n)
    defaut: dict[str, Any] = {
        "code": f"{48_000 + n}",
        "departement": "48",
        "region": "76",
        "population": 500,
        "surface_ha": Decimal("2000"),
    }
    return Commune.objects.create(nom=nom or f"Commune {n}", **(defaut | champs))


def groupement(*communes: Commune, nature: str = "CC", nom: str = "") -> Groupement:
    n = next(_n)
    g = Groupement.objects.create(siren=f"2000{n:05d}", nom=nom or f"CC numéro {n}", nature=nature)
    Appartenance.objects.bulk_create(
        Appartenance(commune=c, groupement=g, debut=date(2017, 1, 1)) for c in communes
    )
    return g


def territoire(*groupements: Groupement, nom: str = "") -> Territoire:
    n = next(_n)
    t = Territoire.objects.create(slug=f"territoire-{n}", nom=nom or f"Territoire {n}", departement="48")
    for g in groupements or (groupement(commune(), commune()),):
        Composition.objects.create(territoire=t, groupement=g, debut=date(2017, 1, 1))
    return t


def organisation(nature: str = "commune", nom: str = "", **champs: Any) -> Organisation:
    n = next(_n)
    return Organisation.objects.create(nom=nom or f"{nature} {n}", nature=nature, **champs)


def dispositif(autorite: Organisation | None = None, **champs: Any) -> Dispositif:
    n = next(_n)
    autorite = autorite or organisation("departement", "Département de la Lozère")
    processus = Processus.objects.create(slug=f"processus-{n}", nom=f"Processus {n}", autorite=autorite)
    VersionProcessus.objects.create(processus=processus, numero=1, definition=DEFINITION)
    defaut: dict[str, Any] = {"nom": "Contrats territoriaux", "duree_annees": 3}
    d = Dispositif.objects.create(
        slug=f"dispositif-{n}", autorite=autorite, processus=processus, **(defaut | champs)
    )
    for ordre, (code, libelle) in enumerate([("voirie", "Voirie"), ("cadre-de-vie", "Cadre de vie")], 1):
        Theme.objects.create(dispositif=d, code=code, libelle=libelle, ordre=ordre)
    return d


def demarche(sur: Territoire | None = None, dans: Dispositif | None = None, slug: str = "") -> Demarche:
    dans = dans or dispositif()
    version = dans.processus.versions.get()
    return demarches.ouvrir(
        sur or territoire(),
        version,
        slug=slug or f"demarche-{next(_n)}",
        generation="2026-2028",
        ouverte_le=date(2026, 1, 15),
        par=None,
    )


def agent(
    role: str, sur: Demarche | None = None, *, pour: Organisation | None = None, **champs: Any
) -> Agent:
    """An agent with one habilitation of that role over `sur` (its authority, territory or an owner in it)."""
    n = next(_n)
    defaut: dict[str, Any] = {"nom": f"Agent {n}", "prenom": role}
    a = Agent.objects.creer(f"agent{n}@exemple.fr", "mot-de-passe-solide", **(defaut | champs))
    portee = ROLES[role].portee
    Habilitation.objects.create(
        agent=a,
        role=role,
        organisation=pour or (organisation("commune") if portee is Portee.ORGANISATION else None),
        autorite=sur.autorite if sur and portee is Portee.AUTORITE else None,
        territoire=sur.territoire if sur and portee in {Portee.TERRITOIRE, Portee.ORGANISATION} else None,
        debut=date(2020, 1, 1),
    )
    return a


def fiche(dans: Demarche | None = None, **champs: Any) -> Fiche:
    """A proposed fiche of 100 000 € HT that asks for 20 000 €."""
    dans = dans or demarche()
    n = next(_n)
    defaut: dict[str, Any] = {
        "numero": n,
        "titre": f"Projet {n}",
        "maitre_ouvrage": champs.pop("maitre_ouvrage", None) or organisation("commune"),
        "theme": dans.processus.dispositif.themes.first(),
        "cout_ht": Decimal("100000"),
        "assiette": Decimal("100000"),
        "aide_demandee": Decimal("20000"),
        "annee": 2026,
    }
    champs.setdefault("etat", "proposee")
    return Fiche.objects.create(demarche=dans, **(defaut | champs))


def financement(pour: Fiche, financeur: str, montant: str, statut: str = "acquis") -> LigneFinancement:
    return LigneFinancement.objects.create(
        fiche=pour, financeur=financeur, montant=Decimal(montant), statut=statut
    )
