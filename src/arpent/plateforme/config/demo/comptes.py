"""Demonstration accounts: one click each on the login page, no password known to anybody."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db import transaction

from arpent.plateforme.acteurs.comptes.invitations import Offre
from arpent.plateforme.acteurs.comptes.invitations import inviter as envoyer_invitation
from arpent.plateforme.acteurs.models import Agent, Habilitation, Invitation, Organisation
from arpent.plateforme.territoires.models import Territoire

LOZERE = "gorges-causses-cevennes"
AQUITAINE = "gueret"


@dataclass(frozen=True, slots=True)
class Compte:
    """Who; `pour` names the body: departement, region, etat, epci, syndicat, or an INSEE code."""

    courriel: str
    prenom: str
    nom: str
    fonction: str
    role: str
    pour: str
    territoire: str = ""


COMPTES = (
    Compte(
        "chef.projet@demo.arpent.fr",
        "Claire",
        "Vidal",
        "Cheffe de projet territorial",
        "chef_de_projet",
        "departement",
    ),
    Compte(
        "mission.appui@demo.arpent.fr",
        "Hugo",
        "Pages",
        "Mission d’appui aux projets",
        "mission_appui",
        "departement",
    ),
    Compte(
        "instructeur@demo.arpent.fr",
        "Nadia",
        "Roux",
        "Instructrice voirie et eau potable",
        "instructeur",
        "departement",
    ),
    Compte(
        "conseiller@demo.arpent.fr",
        "Bernard",
        "Astruc",
        "Conseiller départemental",
        "elu_autorite",
        "departement",
    ),
    Compte(
        "president.cc@demo.arpent.fr",
        "Jeanne",
        "Molines",
        "Présidente de la communauté de communes",
        "president_epci",
        "epci",
        LOZERE,
    ),
    Compte(
        "agent.epci@demo.arpent.fr",
        "Karim",
        "Benali",
        "Agent de la communauté de communes",
        "agent_epci",
        "epci",
        LOZERE,
    ),
    Compte(
        "directrice.cc@demo.arpent.fr",
        "Élise",
        "Brun",
        "Directrice de la communauté de communes",
        "agent_epci",
        "epci",
        "randon-margeride",
    ),
    Compte("maire@demo.arpent.fr", "Michel", "Chaptal", "Maire", "maire", "48061", LOZERE),
    Compte(
        "secretaire@demo.arpent.fr",
        "Sylvie",
        "Rouvière",
        "Secrétaire de mairie",
        "secretaire_mairie",
        "48080",
        "haut-allier-margeride",
    ),
    Compte(
        "secretaire.randon@demo.arpent.fr",
        "Odile",
        "Chauvet",
        "Secrétaire générale",
        "secretaire_mairie",
        "48070",
        "randon-margeride",
    ),
    Compte(
        "president.syndicat@demo.arpent.fr",
        "André",
        "Teissier",
        "Président de syndicat",
        "president_syndicat",
        "syndicat",
        LOZERE,
    ),
    Compte(
        "charge.mission@demo.arpent.fr",
        "Lucie",
        "Faure",
        "Chargée de mission territoriale",
        "chef_de_projet",
        "region",
    ),
    Compte(
        "vice.presidente@demo.arpent.fr",
        "Hélène",
        "Duret",
        "Vice-présidente de la Région",
        "elu_autorite",
        "region",
    ),
    Compte("sous.prefete@demo.arpent.fr", "Anne", "Lemaire", "Sous-préfète", "sous_prefet", "etat"),
    Compte(
        "administrateur@demo.arpent.fr",
        "Paul",
        "Garnier",
        "Administrateur de l’instance",
        "administrateur",
        "",
    ),
)


def _organisation(compte: Compte, autorites: dict[str, Organisation]) -> Organisation | None:
    match compte.pour:
        case "":
            return None
        case "departement" | "region":
            return autorites[compte.pour]
        case "etat":
            prefecture, _ = Organisation.objects.get_or_create(
                nom="Sous-préfecture de Florac", nature=Organisation.Nature.ETAT
            )
            return prefecture
        case "epci":
            return Organisation.objects.filter(
                groupement__compositions__territoire__slug=compte.territoire
            ).first()
        case "syndicat":
            return (
                Organisation.objects.filter(
                    nature=Organisation.Nature.SYNDICAT,
                    groupement__membres__groupements__compositions__territoire__slug=compte.territoire,
                )
                .order_by("-fiches__pk", "nom")
                .first()
            )
        case code:
            return Organisation.objects.get(commune_id=code)


@transaction.atomic
def creer(departement: Organisation, region: Organisation) -> int:
    """Makes the accounts that miss. Returns how many were new."""
    autorites = {"departement": departement, "region": region, "etat": departement}
    neufs = 0
    for compte in COMPTES:
        if Agent.objects.filter(courriel=compte.courriel).exists():
            continue
        agent = Agent.objects.creer(
            compte.courriel,
            prenom=compte.prenom,
            nom=compte.nom,
            fonction=compte.fonction,
            est_demonstration=True,
        )
        Habilitation.objects.create(
            agent=agent,
            role=compte.role,
            organisation=_organisation(compte, autorites),
            autorite=autorites.get(compte.pour),
            territoire=Territoire.objects.get(slug=compte.territoire) if compte.territoire else None,
            debut=date(2026, 1, 1),
        )
        neufs += 1
    return neufs


INVITATIONS = (
    ("bureau.etudes@exemple.fr", "Léa", "Fontaine", "Bureau d’études", "invite", date(2027, 6, 30)),
    ("adjoint@exemple.fr", "Paul", "Rieutort", "Adjoint au maire", "agent_epci", None),
)


@transaction.atomic
def inviter() -> int:
    """Two invitations that wait, sent by the cheffe de projet. Returns how many were new."""
    if Invitation.objects.exists():
        return 0
    par, territoire = agent("chef.projet"), Territoire.objects.get(slug=LOZERE)
    for courriel, prenom, nom, fonction, role, fin in INVITATIONS:
        offre = Offre(
            courriel=courriel, prenom=prenom, nom=nom, fonction=fonction, role=role, fin=fin,
            debut=date.today(), territoire=territoire,
        )  # fmt: skip
        envoyer_invitation(
            offre, par=par, territoires={territoire.pk}, adresse=lambda jeton: f"/invitation/{jeton}/"
        )
    return len(INVITATIONS)


def agent(courriel: str) -> Agent:
    """The account of that name."""
    return Agent.objects.get(courriel=f"{courriel}@demo.arpent.fr")


def afficher(adresse: str, port: int) -> None:
    """The addresses and the accounts, on the terminal."""
    print()
    print("  Comptes de démonstration (un clic chacun sur la page de connexion) :")
    for compte in COMPTES:
        print(f"    {compte.fonction:<42} {compte.prenom} {compte.nom}")
    print()
    print(f"  Page de connexion : http://{adresse}:{port}/connexion/")
    print(f"  Territoires       : http://{adresse}:{port}/territoires/")
    print(f"  Composants        : http://{adresse}:{port}/composants/")
    print(flush=True)
