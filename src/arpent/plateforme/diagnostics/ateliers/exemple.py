"""Two workshops for the demonstration: one closed with its results, one open with its code."""

from __future__ import annotations

import hashlib
from datetime import date, timedelta

from django.db import transaction

from arpent.plateforme.demarches.models import Demarche

from ..models import Atelier, ContributionAtelier, Participant, TableAtelier, Vote
from . import actions, deroule, ecran

DITS = (
    ("force", "environnement", 1, "Des paysages et une eau de qualité que l’on vient chercher de loin.", 9),
    ("force", "services", 2, "La maison de santé a redonné des médecins à la vallée.", 7),
    ("force", "emploi", 4, "Des artisans qui travaillent et qui cherchent à transmettre.", 4),
    ("force", "services", 3, "Une vie associative forte, même dans les petites communes.", 3),
    (
        "faiblesse",
        "logement",
        1,
        "On ne trouve pas à louer à l’année : les maisons vides ne sont pas à louer.",
        14,
    ),
    ("faiblesse", "mobilites", 3, "Sans voiture, on ne va ni au travail ni chez le médecin.", 11),
    ("faiblesse", "habitants", 2, "Les jeunes partent au lycée et ne reviennent pas.", 8),
    ("faiblesse", "finances", 4, "Des communes trop petites pour porter seules un gros projet.", 2),
    ("opportunite", "emploi", 2, "Le télétravail : des familles demandent à s’installer.", 10),
    (
        "opportunite",
        "agriculture",
        4,
        "Le bois d’ici part ailleurs ; on pourrait le transformer sur place.",
        6,
    ),
    ("opportunite", "tourisme", 1, "Un tourisme de printemps et d’automne, pas seulement d’été.", 5),
    ("menace", "environnement", 3, "Les sources qui baissent l’été : que dira-t-on aux éleveurs ?", 12),
    ("menace", "services", 2, "La fermeture de la dernière classe dans trois villages.", 9),
    ("menace", "emploi", 1, "Un commerce sur deux à reprendre dans les cinq ans.", 6),
)
REPETE = ("faiblesse", "logement", 4, "Pas de logement à louer pour les saisonniers ni pour les soignants.")
TABLES = ("Vallée", "Causse", "", "")
PARTICIPANTS = 24


@transaction.atomic
def semer(demarche: Demarche) -> None:
    """Both workshops, marked as demonstration; nothing when the démarche already has one."""
    if Atelier.objects.filter(demarche=demarche).exists():
        return
    aujourdhui = date.today()
    _clos(demarche, aujourdhui - timedelta(days=42))
    _ouvert(demarche, aujourdhui)


def _preparer(demarche: Demarche, titre: str, le: date, lieu: str, points: int) -> Atelier:
    atelier = Atelier(
        demarche=demarche, titre=titre, tenu_le=le, lieu=lieu, points=points, demonstration=True
    )
    actions.creer_atelier(atelier, len(TABLES), par=None)
    actions.nommer_tables(atelier, dict(enumerate(TABLES, 1)), par=None)
    return actions.faire_avancer(atelier, "ouvrir_atelier", par=None)


def _asseoir(atelier: Atelier, nombre: int) -> list[Participant]:
    tables = list(TableAtelier.objects.filter(atelier=atelier))
    return Participant.objects.bulk_create(
        Participant(
            atelier=atelier,
            empreinte=hashlib.sha256(f"demonstration {atelier.pk} {n}".encode()).hexdigest(),
            table=tables[n % len(tables)],
        )
        for n in range(nombre)
    )


def _dire(atelier: Atelier, nature: str, theme: str, table: int, texte: str) -> ContributionAtelier:
    return ContributionAtelier.objects.create(
        atelier=atelier, table=atelier.tables.get(numero=table), nature=nature, theme=theme, texte=texte
    )


def _clos(demarche: Demarche, le: date) -> None:
    """24 phones, 5 points each; 106 of the 120 points are placed."""
    atelier = _preparer(demarche, "Regards croisés sur notre territoire", le, "Salle des fêtes", 5)
    gens = _asseoir(atelier, PARTICIPANTS)
    dites = [(_dire(atelier, *dit[:4]), dit[4]) for dit in DITS]
    repete = _dire(atelier, *REPETE)
    logement = next(c for c, _ in dites if c.theme == "logement")
    actions.fusionner(atelier, [logement.pk, repete.pk], par=None)
    actions.faire_avancer(atelier, "ouvrir_vote", par=None)
    reste = {p.pk: atelier.points for p in gens}
    votes: dict[tuple[int, int], int] = {}
    tour = 0
    for contribution, points in dites:
        for _ in range(points):
            while not reste[gens[tour % len(gens)].pk]:
                tour += 1
            qui = gens[tour % len(gens)].pk
            reste[qui] -= 1
            votes[qui, contribution.pk] = votes.get((qui, contribution.pk), 0) + 1
            tour += 1
    Vote.objects.bulk_create(
        Vote(participant_id=qui, contribution_id=quoi, points=points) for (qui, quoi), points in votes.items()
    )
    montres = [e.indicateur for e in deroule.lire(atelier.deroule) if e.indicateur]
    actions.faire_avancer(atelier, "clore_atelier", par=None, chiffres=ecran.chiffres(demarche, montres))


def _ouvert(demarche: Demarche, le: date) -> None:
    atelier = _preparer(demarche, "Ce qui compte pour demain", le, "Mairie", 5)
    _asseoir(atelier, 9)
    for nature, theme, table, texte, _ in DITS[::2]:
        _dire(atelier, nature, theme, table, texte)
