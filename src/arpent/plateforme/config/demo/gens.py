"""Fictitious elected people, services and partners, so that the directory is alive.

Nobody here exists: the surnames are invented, and drawn from the code of the seat, so that the demonstration
is the same everywhere. Each mandate says so in its source.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from datetime import date, timedelta

from django.db import transaction

from arpent.plateforme.acteurs.models import Agent, Habilitation, Mandat, Organisation, Personne
from arpent.plateforme.reglements.models import Theme
from arpent.plateforme.territoires.models import Canton, Composition, Territoire

from .comptes import LOZERE

F = Mandat.Fonction
SOURCE = "Démonstration : personne fictive"
MUNICIPALES, DEPARTEMENTALES = date(2026, 3, 22), date(2021, 7, 1)
PRISE_DE_POSTE = date(2024, 9, 1)
INVITE_DU = date(2026, 10, 1)
_NOMS = (
    "Aubréjac", "Boisvaron", "Cazalbou", "Combescau", "Dalmérac", "Estournac", "Fontaubrac", "Garrigoult",
    "Hauterac", "Issanjou", "Jalabrac", "Lacombrade", "Malbosquet", "Montrozat", "Nozièras", "Orliagou",
    "Peyrastre", "Quézaret", "Rocanière", "Sauveplan", "Tarnassac", "Urugnac", "Valcrozade", "Vernhadou",
)  # fmt: skip
_PRENOMS = (
    "Agathe", "Bastien", "Colette", "Damien", "Edwige", "Firmin", "Gisèle", "Hubert", "Isaure", "Joachim",
    "Léonie", "Mathurin", "Noélie", "Octave", "Pauline", "Romuald", "Sidonie", "Tancrède",
)  # fmt: skip
"""Women and men by turns."""
_FONCTIONS = {
    "maire": F.MAIRE, "president_epci": F.PRESIDENT, "president_syndicat": F.PRESIDENT,
    "secretaire_mairie": F.SECRETAIRE, "agent_epci": F.DIRECTION, "sous_prefet": F.SOUS_PREFET,
    "chef_de_projet": F.CHARGE_DE_MISSION, "mission_appui": F.CHARGE_DE_MISSION, "instructeur": F.REFERENT,
}  # fmt: skip
PARTENAIRES = (
    ("Conseil d’architecture, d’urbanisme et de l’environnement de démonstration",
     "Conseille les communes sur leurs bâtiments et leurs espaces publics.", "caue@demo.arpent.fr"),
    ("Agence d’ingénierie territoriale de démonstration",
     "Aide à écrire les cahiers des charges et à suivre les marchés.", "agence@demo.arpent.fr"),
    ("Syndicat d’énergie de démonstration",
     "Accompagne les économies d’énergie et l’éclairage public.", "energie@demo.arpent.fr"),
)  # fmt: skip


def _tirage(cle: str) -> int:
    return int.from_bytes(hashlib.sha256(cle.encode()).digest()[:6], "big")


def personne_fictive(cle: str) -> Personne:
    """Always the same for the same seat; not saved. No contact: nobody is at the other end."""
    tirage = _tirage(cle)
    rang = tirage % len(_PRENOMS)
    civilite = "m" if rang % 2 else "mme"
    return Personne(nom=_NOMS[tirage // 97 % len(_NOMS)], prenom=_PRENOMS[rang], civilite=civilite)


def _siege(
    cle: str, organisation: Organisation, fonction: str, debut: date, **champs: object
) -> tuple[Personne, Mandat]:
    personne = personne_fictive(cle)
    mandat = Mandat(
        personne=personne, organisation=organisation, fonction=fonction, debut=debut, source=SOURCE, **champs
    )
    return personne, mandat


def _elus_du_bloc_communal(territoires: list[Territoire]) -> Iterator[tuple[Personne, Mandat]]:
    """A mayor by commune, who sits at the EPCI; a president by EPCI, two vice-presidents."""
    epci = Organisation.objects.filter(
        groupement__in=Composition.objects.filter(territoire__in=territoires).values("groupement")
    ).select_related("groupement")
    for corps in epci.order_by("pk"):
        communes = Organisation.objects.filter(commune__groupements=corps.groupement).order_by("commune")
        for commune in communes:
            personne, mandat = _siege(f"maire {commune.commune_id}", commune, F.MAIRE, MUNICIPALES)
            yield personne, mandat
            yield personne, Mandat(
                personne=personne, organisation=corps, fonction=F.CONSEILLER_COMMUNAUTAIRE,
                debut=MUNICIPALES, source=SOURCE,
            )  # fmt: skip
        yield _siege(f"président {corps.siren}", corps, F.PRESIDENT, MUNICIPALES)
        for rang, objet in ((1, "aux finances"), (2, "à l’habitat")):
            intitule = f"{rang}{'er' if rang == 1 else 'e'} vice-président {objet}"
            yield _siege(f"vp {rang} {corps.siren}", corps, F.VICE_PRESIDENT, MUNICIPALES, intitule=intitule)


def _elus_du_departement(departement: Organisation) -> Iterator[tuple[Personne, Mandat]]:
    """A pair by canton; two pairs for the pseudo-canton of a town split in two."""
    for canton in Canton.objects.filter(departement="48").order_by("code"):
        for rang in range(4 if canton.code.endswith("99") else 2):
            cle = f"conseiller {canton.code} {rang}"
            yield _siege(cle, departement, F.CONSEILLER_DEPARTEMENTAL, DEPARTEMENTALES, canton=canton)
    yield _siege("président 48", departement, F.PRESIDENT, DEPARTEMENTALES)


def _services(autorite: Organisation) -> Iterator[tuple[Personne, Mandat]]:
    """One referent by theme of the policy."""
    for theme in Theme.objects.filter(dispositif__autorite=autorite).order_by("ordre", "pk"):
        intitule = f"référent « {theme.libelle} »"[:150]
        yield _siege(
            f"service {autorite.siren} {theme.code}", autorite, F.REFERENT, PRISE_DE_POSTE,
            intitule=intitule, themes=theme.code,
        )  # fmt: skip


def _partenaires(autorite: Organisation) -> Iterator[tuple[Personne, Mandat]]:
    for nom, missions, courriel in PARTENAIRES:
        corps, _ = Organisation.objects.get_or_create(
            nom=nom,
            defaults={
                "nature": Organisation.Nature.AUTRE, "partenaire_de": autorite, "missions": missions,
                "courriel": courriel, "telephone": "04 00 00 00 00",
            },
        )  # fmt: skip
        yield _siege(f"partenaire {nom}", corps, F.CHARGE_DE_MISSION, PRISE_DE_POSTE)


def _des_comptes() -> Iterator[tuple[Personne, Mandat]]:
    """The demonstration accounts are in the directory too, for the body they act for."""
    comptes = Agent.objects.filter(est_demonstration=True, personne__isnull=True).order_by("pk")
    for compte in comptes.prefetch_related("habilitations__organisation"):
        personne = Personne(nom=compte.nom, prenom=compte.prenom, courriel=compte.courriel, agent=compte)
        for h in compte.habilitations.all():
            if h.organisation is not None:
                fonction = _FONCTIONS.get(h.role, F.AUTRE)
                yield personne, Mandat(
                    personne=personne, organisation=h.organisation, fonction=fonction,
                    intitule=compte.fonction, debut=MUNICIPALES, source=SOURCE,
                )  # fmt: skip


def _invite(departement: Organisation) -> None:
    """A consultancy invited on one territory until a day: one click, like the other accounts."""
    invite = Agent.objects.creer(
        "invite@demo.arpent.fr", prenom="Lise", nom="Montrozat", fonction="Bureau d’études invité",
        est_demonstration=True,
    )  # fmt: skip
    Habilitation.objects.create(
        agent=invite, role="invite", territoire=Territoire.objects.get(slug=LOZERE), debut=INVITE_DU,
        fin=INVITE_DU + timedelta(days=365), motif="Étude de mobilité (démonstration)",
        donnee_par=Agent.objects.filter(
            habilitations__autorite=departement, habilitations__role="chef_de_projet"
        ).first(),
    )  # fmt: skip


@transaction.atomic
def peupler(departement: Organisation, region: Organisation) -> int:
    """Adds what misses; nothing when it was done. Returns how many mandates. In bulk."""
    if Mandat.objects.filter(source=SOURCE).exists():
        return 0
    territoires = list(Territoire.objects.filter(departement="48").order_by("slug"))
    couples = list(_des_comptes())
    tenus = {(m.organisation.pk, m.fonction) for _, m in couples}
    uniques = {F.MAIRE, F.PRESIDENT}
    for personne, mandat in [
        *_elus_du_bloc_communal(territoires), *_elus_du_departement(departement), *_services(departement),
        *_services(region), *_partenaires(departement),
    ]:  # fmt: skip
        if mandat.fonction in uniques and (mandat.organisation.pk, mandat.fonction) in tenus:
            continue  # a demonstration account holds that seat
        couples.append((personne, mandat))
    distinctes = {id(p): p for p, _ in couples}
    Personne.objects.bulk_create(distinctes.values(), batch_size=500)
    for personne, mandat in couples:
        mandat.personne = personne
    Mandat.objects.bulk_create([m for _, m in couples], batch_size=500)
    Organisation.objects.filter(nom="Sous-préfecture de Florac").update(
        partenaire_de=departement, missions="Représente l’État ; DETR, DSIL, fonds vert.",
    )  # fmt: skip
    autorites = Organisation.objects.filter(pk__in=[departement.pk, region.pk], telephone="")
    autorites.update(telephone="04 00 00 00 00")
    _invite(departement)
    return len(couples)
