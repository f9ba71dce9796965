"""Fills the instance: a hundred démarches, real project titles and owners, as many fiches as asked.

    python -m bench.semis TAILLE    prints, as JSON, the session cookie of a chef de projet

Run again with a larger number, it adds what is missing.
"""

from __future__ import annotations

import json
import sys
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

import django

django.setup()

from django.conf import settings  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.db import connection  # noqa: E402

from arpent.metier.argent import arrondir  # noqa: E402
from arpent.metier.cycles.fiche import EtatFiche as E  # noqa: E402
from arpent.plateforme.acteurs.chargement import charger_organisations  # noqa: E402
from arpent.plateforme.acteurs.models import Agent, Habilitation, Organisation  # noqa: E402
from arpent.plateforme.config.demo import projets, strategie  # noqa: E402
from arpent.plateforme.config.demo.plans import Annuaire  # noqa: E402
from arpent.plateforme.demarches import actions as demarches  # noqa: E402
from arpent.plateforme.demarches.models import Demarche  # noqa: E402
from arpent.plateforme.negociations.models import Proposition, Scenario  # noqa: E402
from arpent.plateforme.observatoire.chargement import charger_extraits  # noqa: E402
from arpent.plateforme.plans.actions import texte_recherche  # noqa: E402
from arpent.plateforme.plans.models import Fiche  # noqa: E402
from arpent.plateforme.portail.recherche.ensemble import refaire_le_vocabulaire  # noqa: E402
from arpent.plateforme.reglements.chargement import charger_dispositif, lister_livres  # noqa: E402
from arpent.plateforme.reglements.models import Dispositif, Theme  # noqa: E402
from arpent.plateforme.territoires.chargement import GEOGRAPHIE, charger_territoires  # noqa: E402
from arpent.plateforme.territoires.models import Composition, Groupement, Territoire  # noqa: E402

from .pages import COURRIEL, DEMARCHE, DEMARCHE_CONTRAT, MOT_DE_PASSE  # noqa: E402
from .seance import seance_de  # noqa: E402

DEMARCHES = 100
FICHES_AU_CONTRAT = 12
LOT = 1_000
ORIGINALES = 10_000
"""Fiches made one by one; beyond, they are copied."""
ETATS = (
    (E.BROUILLON,) * 2 + (E.PROPOSEE,) * 5 + (E.A_COMPLETER,) * 2 + (E.PRE_INSTRUITE,) * 3
    + (E.RETENUE,) * 5 + (E.DIFFEREE, E.REFUSEE, E.CONTRACTUALISEE)
)  # fmt: skip
OUVERTURE = date(2026, 6, 1)


@dataclass(frozen=True, slots=True)
class Modele:
    """A real project, its owner and its theme: what fiches are made from."""

    projet: projets.ProjetReel
    maitre_ouvrage: Organisation
    theme: Theme


def preparer() -> None:
    """The empty instance: reference data, dispositifs, démarches, the account. Nothing when already there."""
    call_command("migrate", verbosity=0)
    if Demarche.objects.exists():
        return
    charger_territoires()
    charger_organisations()
    charger_extraits(settings.DONNEES)
    for dossier in lister_livres():
        charger_dispositif(dossier, demonstration=True, par=None)
    dispositif = Dispositif.objects.get(slug="lozere")
    epci = list(Groupement.objects.filter(nature="CC", departements__contains="48").order_by("siren"))
    for rang in range(1, DEMARCHES + 1):
        _ouvrir(f"banc-{rang}", f"{epci[rang % len(epci)].nom} ({rang})", epci[rang % len(epci)], dispositif)
    _ouvrir(DEMARCHE_CONTRAT, epci[0].nom, epci[0], dispositif)
    for slug in (DEMARCHE, DEMARCHE_CONTRAT):
        strategie.poser(Demarche.objects.avec_contexte().get(slug=slug), dispositif.slug)
    agent = Agent.objects.creer(COURRIEL, MOT_DE_PASSE, nom="Banc", prenom="Camille")
    Habilitation.objects.create(
        agent=agent, role="chef_de_projet", autorite=dispositif.autorite, debut=date(2026, 1, 1)
    )


def _ouvrir(slug: str, nom: str, epci: Groupement, dispositif: Dispositif) -> Demarche:
    territoire = Territoire.objects.create(slug=slug, nom=nom, departement="48")
    Composition.objects.create(territoire=territoire, groupement=epci, debut=GEOGRAPHIE)
    version = dispositif.processus.versions.get()
    return demarches.ouvrir(
        territoire, version, slug=slug, generation="2026-2028", ouverte_le=OUVERTURE, par=None
    )


def _modeles(dispositif: Dispositif) -> list[Modele]:
    annuaire, classement = Annuaire(), projets.Classement()
    themes = {t.code: t for t in dispositif.themes.all()}
    groupes = projets.projets_par_territoire()
    return [
        Modele(projet, maitre_ouvrage, themes[classement.theme(dispositif.slug, projet)])
        for slug in sorted(groupes)
        for projet in groupes[slug]
        if (maitre_ouvrage := annuaire.trouver(projet))
    ]


def _fiche(rang: int, demarche: Demarche, numero: int, modele: Modele, etat: str) -> Fiche:
    """The `rang`-th fiche: the amounts vary so that no two pages of a sort look alike."""
    projet = modele.projet
    facteur = Decimal(700 + rang * 37 % 600) / 1000
    fiche = Fiche(
        demarche=demarche,
        numero=numero,
        titre=f"{projet.titre[:270]} ({rang})",
        maitre_ouvrage=modele.maitre_ouvrage,
        theme=modele.theme,
        commune=modele.maitre_ouvrage.commune,
        etat=etat,
        maturite=Fiche.Maturite.values[rang % 3],
        priorite_territoire=numero,
        annee=2026 + rang % 3,
        cout_ht=arrondir(projet.cout * facteur),
        assiette=arrondir(projet.cout * facteur),
        montant_acquis=arrondir(projet.etat * facteur),
        aide_demandee=arrondir(projet.aide_demandee * facteur),
        source_identifiant=projet.identifiant,
        demonstration=True,
    )
    fiche.texte_recherche = texte_recherche(fiche)
    return fiche


def _recopier(deja: int, taille: int) -> None:
    """From `deja` to `taille`, later tranches of the first fiches: copied in SQL, with other amounts."""
    colonnes = [str(f.column) for f in Fiche._meta.concrete_fields if not f.primary_key]
    while deja < taille:
        tranche, debut = divmod(deja, ORIGINALES)
        nombre = min(ORIGINALES - debut, taille - deja)
        change = {
            "numero": f"numero + {tranche * ORIGINALES // DEMARCHES}",
            "titre": f"titre || ' – tranche {tranche + 1}'",
            "priorite_territoire": "NULL",
        }
        for montant in ("cout_ht", "assiette", "montant_acquis", "aide_demandee"):
            change[montant] = f"ROUND({montant} * {100 + tranche} / 100, 2)"
        sources = ", ".join(change.get(nom, nom) for nom in colonnes)
        with connection.cursor() as cursor:
            cursor.execute(
                f"INSERT INTO plans_fiche ({', '.join(colonnes)}) SELECT {sources} FROM plans_fiche "
                "WHERE numero <= %s AND demarche_id <> (SELECT id FROM demarches_demarche WHERE slug = %s) "
                "ORDER BY id LIMIT %s OFFSET %s",
                [ORIGINALES // DEMARCHES, DEMARCHE_CONTRAT, nombre, debut],
            )
        deja += nombre


def _financer() -> None:
    """Three rows a fiche that has none: State, authority, owner. In SQL: they are three hundred thousand."""
    reste = "ROUND(cout_ht - montant_acquis - aide_demandee, 2)"
    sans = (
        "FROM plans_fiche f WHERE NOT EXISTS "
        "(SELECT 1 FROM plans_lignefinancement l WHERE l.fiche_id = f.id AND l.financeur = %s)"
    )
    with connection.cursor() as cursor:
        for financeur, libelle, montant, statut in (
            ("etat", "DETR 2019", "montant_acquis", "acquis"),
            ("departement", "", "aide_demandee", "sollicite"),
            ("autofinancement", "", reste, "envisage"),
        ):
            cursor.execute(
                "INSERT INTO plans_lignefinancement "
                "(fiche_id, financeur, libelle, montant, statut, demonstration) "
                f"SELECT id, %s, %s, {montant}, %s, TRUE {sans}",
                [financeur, libelle, statut, financeur],
            )


def semer(taille: int) -> None:
    """Adds fiches up to `taille`, one démarche after the other in turn, by lots of a thousand."""
    dispositif = Dispositif.objects.get(slug="lozere")
    modeles = _modeles(dispositif)
    if not Scenario.objects.exists():
        contrat = Demarche.objects.get(slug=DEMARCHE_CONTRAT)
        Fiche.objects.bulk_create(
            _fiche(n, contrat, n, modeles[n * 7], E.RETENUE.value) for n in range(1, FICHES_AU_CONTRAT + 1)
        )
        _maquette(contrat)
    par_rang = [Demarche.objects.get(slug=f"banc-{rang}") for rang in range(1, DEMARCHES + 1)]
    deja = Fiche.objects.exclude(demarche__slug=DEMARCHE_CONTRAT).count()
    for debut in range(deja, min(taille, ORIGINALES), LOT):
        Fiche.objects.bulk_create(
            _fiche(
                rang,
                par_rang[rang % DEMARCHES],
                rang // DEMARCHES + 1,
                modeles[rang % len(modeles)],
                ETATS[(rang // DEMARCHES + rang) % len(ETATS)].value,
            )
            for rang in range(debut, min(debut + LOT, taille))
        )
    _recopier(max(deja, ORIGINALES), taille)
    _financer()
    _maquette(par_rang[0])
    refaire_le_vocabulaire()
    if connection.vendor == "postgresql":  # what autovacuum does after a while
        with connection.cursor() as cursor:
            cursor.execute("VACUUM ANALYZE")


def _maquette(demarche: Demarche) -> None:
    """A first offer on every retained fiche of the démarche."""
    scenario, _ = Scenario.objects.get_or_create(demarche=demarche, est_courant=True, nom="Première offre")
    retenues = Fiche.objects.filter(demarche=demarche, etat=E.RETENUE.value, propositions=None)
    Proposition.objects.bulk_create(
        [
            Proposition(
                scenario=scenario, fiche=f, montant=f.aide_demandee, annee=f.annee, demonstration=True
            )
            for f in retenues
        ],
        batch_size=LOT,
    )


def session() -> dict[str, str]:
    """The cookies of the chef de projet, logged in."""
    return {settings.SESSION_COOKIE_NAME: seance_de(Agent.objects.get(courriel=COURRIEL))}


if __name__ == "__main__":
    preparer()
    semer(int(sys.argv[1]))
    print(json.dumps(session()))
