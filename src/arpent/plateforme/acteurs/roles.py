"""Roles and what each may do. A right is a word `place.verbe`; the perimeter is the Habilitation's."""

from dataclasses import dataclass
from enum import StrEnum


class Portee(StrEnum):
    """How far a role sees."""

    TOUT = "tout"
    AUTORITE = "autorite"  # every démarche of the authority's dispositifs
    TERRITOIRE = "territoire"  # one territory
    ORGANISATION = "organisation"  # one owner inside its territory


@dataclass(frozen=True, slots=True)
class Role:
    code: str
    libelle: str
    portee: Portee
    droits: frozenset[str]


_DEBATTRE = frozenset({"diagnostic.debattre"})
"""Say something on a finding: whoever works on the territory, not those who only read."""
_LIRE = frozenset(
    {
        "territoire.voir",
        "diagnostic.voir",
        "plan.voir",
        "dispositif.voir",
        "reunion.voir",
        "conversation.ecrire",
    }
)
_REUNIR = frozenset({"reunion.conduire", "creneau.prendre"})
"""Prepare a meeting, convene it, hold it, write its minutes."""
_SERVICE = frozenset({"contribution.lire", "contribution.rendre"})
"""What the services of the authority tell each other before a coordination."""
_SUIVRE = frozenset(
    {
        "maquette.voir",
        "reserve.voir",
        "credits.lire_territoire",
        "contrat.voir",
        "realisation.voir",
        "dossier.voir",
        "piece.lire",
        "bilan.voir",
        "journal.voir",
    }
)
_DEPOSER = frozenset({"dossier.deposer"})
"""Prepare and file a grant file for the body one acts for."""
_INSTRUIRE_DOSSIER = frozenset({"dossier.instruire", "dossier.decider"})
"""Examine grant files, carry them to the commission, note its vote, notify."""
_CERTIFIER = frozenset({"versement.certifier"})
"""Attest that the expense was made and is due: the service that follows the project."""
_PAYER = frozenset({"versement.payer"})
"""Note the mandate, ask money back, close a file: another hand than the one that certifies."""
_FICHE = frozenset(
    {
        "fiche.rediger",
        "fiche.proposer",
        "deliberation.noter",
        "fiche.commenter",
        "contrat.commenter",
        "appui.demander",
        "creneau.prendre",
        "signature.suivre",
        "avancement.noter",
    }
)
_SIGNER = frozenset({"contrat.signer"})
"""Sign for the body one acts for, and for no other: the administrator, who acts for none, signs nothing."""
_INVITER = frozenset({"compte.inviter"})
"""Offer an account to somebody; whom and where: `comptes/droits.py`."""
PERSONNELS = frozenset({"contrat.signer", "habilitation.gerer", "instance.administrer", "compte.inviter"})
"""Rights that nobody lends: neither a stand-in during an absence, nor anybody else, has them by somebody."""
_ANNUAIRE = frozenset({"annuaire.voir"})
"""Read the directory: organisations, people, mandates. Not for guests."""
_CHEF = (
    _LIRE
    | _INVITER
    | _ANNUAIRE
    | _SUIVRE
    | _FICHE
    | _DEBATTRE
    | _REUNIR
    | _SERVICE
    | {
        "diagnostic.rediger",
        "plan.importer",
        "plan.structurer",
        "fiche.prioriser",
        "fiche.pre_instruire",
        "fiche.arbitrer",
        "avis.demander",
        "avis.rendre",
        "appui.repondre",
        "appui.organiser",
        "regle.deroger",
        "reglement.rediger",
        "reglement.publier",
        "parametre.editer",
        "maquette.arbitrer",
        "scenario.preparer",
        "scenario.lire_autorite",
        "enveloppe.simuler",
        "credits.lire_autorite",
        "credits.gerer",
        "reserve.lire_autorite",
        "reserve.instruire",
        "reserve.decider",
        "avenant.preparer",
        "contrat.rediger",
        "contrat.generer",
        "contrat.conclure",
        "attribution.preparer",
        "demarche.conduire",
        "processus.rediger",
        "pilotage.voir",
        "annuaire.gerer",
        "election.importer",
        "habilitation.gerer",
        "reunion.valider",
        "contribution.demander",
        "evaluation.rediger",
    }
    | _INSTRUIRE_DOSSIER
    | _CERTIFIER
    | _PAYER
)
_TERRITOIRE = (
    _LIRE
    | _INVITER
    | _ANNUAIRE
    | _SUIVRE
    | _FICHE
    | _DEBATTRE
    | _REUNIR
    | {
        "diagnostic.rediger",
        "plan.importer",
        "plan.structurer",
        "fiche.prioriser",
        "scenario.preparer",
        "scenario.lire_territoire",
        "reserve.demander",
        "avenant.preparer",
        "evaluation.rediger",
    }
    | _DEPOSER
)
_OWNER = (
    _LIRE
    | _ANNUAIRE
    | _FICHE
    | _DEBATTRE
    | {"contrat.voir", "realisation.voir", "dossier.voir", "piece.lire", "bilan.voir"}
    | {"reserve.voir", "reserve.demander"}
)

ROLES: dict[str, Role] = {
    role.code: role
    for role in (
        Role("chef_de_projet", "chef de projet territorial", Portee.AUTORITE, _CHEF),
        Role(
            "mission_appui",
            "mission d’appui",
            Portee.AUTORITE,
            _LIRE
            | _ANNUAIRE
            | _SUIVRE
            | _DEBATTRE
            | _REUNIR
            | _SERVICE
            | {
                "pilotage.voir",
                "diagnostic.rediger",
                "annuaire.gerer",
                "fiche.commenter",
                "contrat.commenter",
                "avis.rendre",
                "appui.repondre",
                "scenario.lire_autorite",
                "enveloppe.simuler",
                "credits.lire_autorite",
                "reserve.lire_autorite",
            },
        ),
        Role(
            "instructeur",
            "instructeur",
            Portee.AUTORITE,
            _LIRE
            | _ANNUAIRE
            | _SUIVRE
            | _SERVICE
            | _INSTRUIRE_DOSSIER
            | _CERTIFIER
            | {
                "pilotage.voir",
                "fiche.pre_instruire",
                "fiche.commenter",
                "contrat.commenter",
                "deliberation.noter",
                "avis.demander",
                "avis.rendre",
                "scenario.lire_autorite",
                "enveloppe.simuler",
                "credits.lire_autorite",
                "reserve.lire_autorite",
                "reserve.instruire",
                "attribution.preparer",
            },
        ),
        Role(
            "elu_autorite",
            "élu de l’autorité",
            Portee.AUTORITE,
            _LIRE
            | _ANNUAIRE
            | _SUIVRE
            | _SIGNER
            | {
                "pilotage.voir",
                "signature.suivre",
                "reunion.valider",
                "contribution.lire",
                "fiche.commenter",
                "contrat.commenter",
                "scenario.lire_autorite",
                "enveloppe.simuler",
                "credits.lire_autorite",
                "reserve.lire_autorite",
            },
        ),
        Role(
            "president_epci",
            "président d’intercommunalité",
            Portee.TERRITOIRE,
            _TERRITOIRE | _SIGNER | {"maquette.accepter", "reunion.valider"},
        ),
        Role("agent_epci", "agent d’intercommunalité", Portee.TERRITOIRE, _TERRITOIRE),
        Role("maire", "maire", Portee.ORGANISATION, _OWNER | _SIGNER | _INVITER),
        Role("secretaire_mairie", "secrétaire de mairie", Portee.ORGANISATION, _OWNER | _DEPOSER),
        Role(
            "president_syndicat",
            "président de syndicat",
            Portee.ORGANISATION,
            _OWNER | _SIGNER | _DEPOSER,
        ),
        Role(
            "sous_prefet",
            "sous-préfet",
            Portee.AUTORITE,
            _LIRE
            | _ANNUAIRE
            | _SUIVRE
            | {
                "pilotage.voir",
                "avis.rendre",
                "enveloppe.simuler",
                "credits.lire_autorite",
                "reserve.lire_autorite",
            },
        ),
        Role(
            "invite",
            "invité en lecture",
            Portee.TERRITOIRE,
            _LIRE | {"contrat.voir", "realisation.voir", "dossier.voir", "bilan.voir"},
        ),
        Role(
            "invite_redacteur",
            "invité rédacteur",
            Portee.ORGANISATION,
            _LIRE | _DEBATTRE | {"contrat.voir", "fiche.rediger", "fiche.commenter"},
        ),
        Role(
            "administrateur",
            "administrateur",
            Portee.TOUT,
            _CHEF
            | _SIGNER
            | {
                "maquette.accepter",
                "scenario.lire_territoire",
                "reserve.demander",
                "dossier.deposer",
                "instance.administrer",
                "donnees_personnelles.gerer",
            },
        ),
    )
}


def tous_les_droits() -> frozenset[str]:
    return frozenset().union(*(role.droits for role in ROLES.values()))
