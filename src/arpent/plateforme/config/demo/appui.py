"""Support structures and requests of the demonstration: asked, routed, waiting, late, answered.

Everything here is invented, through the gestures of the pages; only the dates are put back.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta

from django.utils import timezone

from arpent.plateforme.acteurs.models import Agent, DemandeAppui, Organisation, StructureAppui
from arpent.plateforme.acteurs.remarques import Portee
from arpent.plateforme.demarches.appui import actions
from arpent.plateforme.demarches.conversations.actions import dire
from arpent.plateforme.demarches.conversations.lecture import Sujet, trouver
from arpent.plateforme.demarches.models import Demarche
from arpent.plateforme.plans.models import Fiche

from .comptes import agent

HAUT_ALLIER = "haut-allier-margeride"
MENTION = "(exemple de démonstration)"


def semer(vitrine: Demarche, fiches: Sequence[Fiche], le: date) -> None:
    """Two structures of the Département, five requests on two territories, a conversation on one of them."""
    mission, epci, maire = agent("mission.appui"), agent("agent.epci"), agent("maire")
    secretaire, cheffe = agent("secretaire"), agent("chef.projet")
    appui, conseil = _structures(vitrine.autorite, mission)
    haut_allier = Demarche.objects.avec_contexte().get(slug=HAUT_ALLIER)

    financement = _demander(
        vitrine, epci, appui, "financement",
        f"Quels autres financeurs solliciter pour ce projet ? {MENTION}", le - timedelta(days=3),
        fiche=fiches[2], souhaitee_le=le + timedelta(days=20),
    )  # fmt: skip
    actions.prendre(financement, par=mission)
    _parler(vitrine, financement, mission, f"Le dossier peut aller à la DETR. Avez-vous un devis ? {MENTION}")
    actions.noter_temps(financement, jour=le, minutes=45, quoi="Recherche des dispositifs", par=mission)

    juridique = _demander(
        vitrine, maire, appui, "juridique",
        f"La commune peut-elle acheter la maison avant l’arrêté ? {MENTION}", le - timedelta(days=40),
    )  # fmt: skip
    actions.prendre(juridique, par=mission)
    actions.clore(
        juridique, resultat="resolu", par=mission,
        reponse=f"Oui, mais la dépense ne sera pas aidée : attendez l’accusé de réception. {MENTION}",
    )  # fmt: skip
    actions.dire_satisfait(juridique, satisfait=True, par=maire)
    actions.noter_temps(juridique, jour=le, minutes=90, quoi="Lecture du règlement", par=mission)
    juridique.refresh_from_db()
    _dater(juridique, le - timedelta(days=40), close_le=le - timedelta(days=33))

    technique = _demander(
        haut_allier, secretaire, appui, "technique",
        f"Qui peut nous aider à dessiner la place du village ? {MENTION}", le - timedelta(days=12),
    )  # fmt: skip
    actions.orienter(technique, conseil, motif="Le conseil en architecture suit ces projets.", par=mission)

    montage = _demander(
        haut_allier, secretaire, appui, "montage", f"Quelles pièces joindre à notre dossier ? {MENTION}",
        le - timedelta(days=8),
    )  # fmt: skip
    actions.prendre(montage, par=mission)
    actions.attendre(montage, par=mission)
    _parler(haut_allier, montage, mission, f"De quel projet s’agit-il ? {MENTION}")

    _demander(
        vitrine, epci, appui, "petr", f"Comment nous organiser avec la vallée voisine ? {MENTION}",
        le - timedelta(days=30),
    )  # fmt: skip
    sujet = _sujet(vitrine, "territoire", vitrine.pk, cheffe)
    question = dire(
        sujet, f"@{epci.nom_complet}, pouvez-vous confirmer la date du comité ? {MENTION}", par=cheffe
    )
    dire(sujet, f"Oui, le comité se tient comme prévu. {MENTION}", par=epci, reponse_a=question)
    dire(sujet, f"Préparons la note avant la réunion. {MENTION}", par=cheffe, portee=Portee.INTERNE)


def _structures(autorite: Organisation, mission: Agent) -> tuple[StructureAppui, StructureAppui]:
    appui = StructureAppui.objects.create(
        autorite=autorite, organisation=autorite, nom="Mission d’appui aux projets", delai_jours=10, ordre=10
    )
    appui.agents.add(mission)
    exemple, _ = Organisation.objects.get_or_create(
        nom="Conseil en architecture (exemple)", nature=Organisation.Nature.ASSOCIATION
    )
    conseil = StructureAppui.objects.create(
        autorite=autorite, organisation=exemple, nom="Conseil en architecture (exemple)", delai_jours=20,
        genres=["technique"], themes=["cadre-de-vie"], ordre=20,
    )  # fmt: skip
    return appui, conseil


def _demander(
    demarche: Demarche, par: Agent, structure: StructureAppui, genre: str, question: str, faite_le: date,
    *, fiche: Fiche | None = None, souhaitee_le: date | None = None,
) -> DemandeAppui:  # fmt: skip
    pour = next(h.organisation for h in par.habilitations_en_cours if h.organisation)
    objet = None
    if fiche is not None:
        objet = ("fiche", fiche.numero, f"Fiche {fiche.numero}\N{NO-BREAK SPACE}: {fiche.titre}")
    demande = actions.demander(
        demarche, organisation=fiche.maitre_ouvrage if fiche else pour, genre=genre, question=question,
        par=par, structure=structure, souhaitee_le=souhaitee_le, objet=objet,
    )  # fmt: skip
    _dater(demande, faite_le)
    demande.refresh_from_db()
    return demande


def _dater(demande: DemandeAppui, faite_le: date, close_le: date | None = None) -> None:
    """Puts the dates of a request back in time."""
    valeurs = {"demandee_le": _a_neuf_heures(faite_le)}
    if close_le is not None:
        valeurs |= {"close_le": _a_neuf_heures(close_le), "premiere_reponse_le": _a_neuf_heures(close_le)}
    DemandeAppui.objects.filter(pk=demande.pk).update(
        **valeurs,
        echeance_le=faite_le + timedelta(days=demande.structure.delai_jours if demande.structure else 15),
    )


def _a_neuf_heures(jour: date) -> datetime:
    return timezone.make_aware(datetime.combine(jour, time(9)))


def _sujet(demarche: Demarche, genre: str, objet: int, par: Agent) -> Sujet:
    sujet = trouver(par, demarche, genre, objet)
    if sujet is None:
        raise LookupError(f"{genre} {objet}")
    return sujet


def _parler(demarche: Demarche, demande: DemandeAppui, par: Agent, texte: str) -> None:
    """A message, written two days after the question: the first answer."""
    dire(_sujet(demarche, "appui", demande.pk, par), texte, par=par)
    le = timezone.localtime(demande.demandee_le).date() + timedelta(days=2)
    DemandeAppui.objects.filter(pk=demande.pk).update(premiere_reponse_le=_a_neuf_heures(le))
