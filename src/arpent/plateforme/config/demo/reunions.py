"""Meetings of the demonstration: one held and told, one convened, a permanence, a coordination of services.

Everything here is invented. The people are those that the directory knows; without any, the accounts alone.
"""

from __future__ import annotations

from datetime import date, time, timedelta
from decimal import Decimal

from django.db import transaction

from arpent.plateforme.acteurs.models import Agent
from arpent.plateforme.demarches.models import Demarche
from arpent.plateforme.demarches.reunions import actions, gestes, objets, seance, suites
from arpent.plateforme.demarches.reunions.genres import Genre, genres_de
from arpent.plateforme.demarches.reunions.models import MembreReunion, Reunion
from arpent.plateforme.demarches.reunions.models_suites import Decision

from .avancement import VITRINE
from .comptes import agent

P = MembreReunion.Presence
NOTES = (
    "Les communes présentent leurs projets. L’école et la salle des fêtes sont prêtes ; la voirie attend "
    "un plan de financement (notes de démonstration).",
    "La maquette reste au-dessus de l’enveloppe. Deux projets passeront l’année suivante.",
)
SERVICES = (
    ("Direction des routes", "Voirie", "Trois ponts à reprendre d’abord.", "reserve", "180000.00"),
    (
        "Direction de l’eau",
        "Eau potable",
        "Les réseaux de Florac sont prioritaires.",
        "favorable",
        "95000.00",
    ),
    ("Direction de l’éducation", "Écoles", "", "", ""),
)
"""Demonstration: what the services say; the last one is still awaited."""


@transaction.atomic
def reunir(le: date) -> None:
    """All or nothing, once."""
    if Reunion.objects.exists():
        return
    demarche = Demarche.objects.avec_contexte().get(slug=VITRINE)
    cheffe, conseiller = agent("chef.projet"), agent("conseiller")
    _tenue(demarche, cheffe, conseiller, le - timedelta(days=40))
    prochaine = _preparer(demarche, "concertation", cheffe, le + timedelta(days=12), time(18, 30))
    gestes.convoquer(prochaine, le=le, par=cheffe)
    permanence = _preparer(demarche, "permanence", cheffe, le + timedelta(days=20), time(9))
    suites.ouvrir_creneaux(permanence, time(9), 6, 30, par=cheffe)
    suites.preparer_questions(permanence, objets.relever(demarche)[:8], par=cheffe)
    creneau = permanence.creneaux.first()
    if creneau is not None:
        rendez_vous = {"pour": "Commune de Florac", "sujet": "Plan de financement de l’école", "courriel": ""}
        suites.prendre_creneau(creneau, rendez_vous, par=agent("maire"))
    _coordonner(demarche, cheffe, le)


def _genre(demarche: Demarche, debut: str) -> Genre:
    """The first kind of the processus whose code begins so; the first one of all without any."""
    genres = genres_de(demarche)
    return next((g for code, g in genres.items() if code.startswith(debut)), next(iter(genres.values())))


def _preparer(demarche: Demarche, debut: str, par: Agent, jour: date, heure: time) -> Reunion:
    genre = _genre(demarche, debut)
    reunion = Reunion(
        demarche=demarche,
        titre=f"{genre.libelle}, {demarche.territoire.nom}"[:200],
        jour=jour,
        heure=heure,
        duree_minutes=genre.duree_minutes,
        lieu="Salle du conseil, Florac-Trois-Rivières",
        demonstration=True,
    )
    actions.preparer(reunion, genre, par=par)
    if not reunion.membres.exists():
        actions.ajouter_membre(
            reunion, nom=par.nom_complet, qualite=par.fonction, courriel=par.courriel, personne=None, par=par
        )
    if not reunion.points.exists():
        actions.ajouter_point(reunion.points.model(reunion=reunion, titre="Questions diverses"), par=par)
    return reunion


def _tenue(demarche: Demarche, cheffe: Agent, conseiller: Agent, jour: date) -> None:
    """From its preparation to the minutes that were sent."""
    reunion = _preparer(demarche, "concertation", cheffe, jour, time(18))
    premier = reunion.points.first()
    if premier is not None and (fiche := demarche.fiches.filter(numero=1).first()):
        premier.objet_genre, premier.objet_id = "fiche", fiche.numero
        premier.objet_libelle = f"Fiche {fiche.numero}\N{NO-BREAK SPACE}: {fiche.titre}"[:300]
        premier.save()
    preside = actions.ajouter_membre(
        reunion, nom=conseiller.nom_complet, qualite=conseiller.fonction, courriel=conseiller.courriel,
        personne=None, par=cheffe,
    )  # fmt: skip
    MembreReunion.objects.filter(pk=preside.pk).update(agent=conseiller)
    actions.changer_membre(preside, MembreReunion.Place.PRESIDENCE, par=cheffe)
    gestes.convoquer(reunion, le=jour - timedelta(days=15), par=cheffe)
    gestes.tenir(reunion, par=cheffe)
    roulement = (P.PRESENT, P.PRESENT, P.EXCUSE, P.PRESENT, P.ABSENT)
    membres = list(reunion.membres.filter(retire=False))
    presences = {m.pk: (str(roulement[rang % 5]), "") for rang, m in enumerate(membres)}
    presences[preside.pk] = (str(P.PRESENT), "")
    seance.noter_presences(reunion, presences, par=cheffe)
    for point, notes in zip(reunion.points.all(), NOTES, strict=False):
        seance.ecrire_notes(point, notes, version_lue=point.version, par=cheffe)
    epci = agent("agent.epci").habilitations.select_related("organisation").first()
    decision = Decision(
        reunion=reunion, point=premier, texte="Compléter le plan de financement avant la prochaine séance.",
        organisation=epci.organisation if epci else None, echeance=jour + timedelta(days=60),
        responsable_nom=str(epci.organisation) if epci else "",
    )  # fmt: skip
    if premier is not None:
        decision.objet_genre, decision.objet_id = premier.objet_genre, premier.objet_id
        decision.objet_libelle = premier.objet_libelle
    seance.decider(decision, par=cheffe)
    if enjeu := demarche.enjeux.order_by("priorite").first():
        sur_enjeu = Decision(
            reunion=reunion, texte="Réunir les communes sur cet enjeu avant le vote.",
            objet_genre="enjeu", objet_id=enjeu.pk, objet_libelle=enjeu.libelle[:300],
            responsable_nom=cheffe.nom_complet, echeance=jour + timedelta(days=90),
        )  # fmt: skip
        seance.decider(sur_enjeu, par=cheffe)
    faite = Decision(
        reunion=reunion, texte="Envoyer la maquette aux maires.", responsable_nom=cheffe.nom_complet
    )
    seance.decider(faite, par=cheffe)
    seance.suivre_decision(faite, "accomplir_decision", le=jour + timedelta(days=3), par=cheffe)
    reunion.refresh_from_db()
    seance.ecrire_synthese(
        reunion, "Le territoire et le Département ont relu les projets de l’année (exemple).",
        version_lue=reunion.version, par=cheffe,
    )  # fmt: skip
    gestes.rediger(reunion, "rediger_compte_rendu", par=cheffe)
    gestes.valider(reunion, avec_etape=False, le=jour + timedelta(days=7), par=conseiller)
    gestes.envoyer(reunion, par=cheffe)


def _coordonner(demarche: Demarche, cheffe: Agent, le: date) -> None:
    reunion = _preparer(demarche, "coordination", cheffe, le + timedelta(days=30), time(14))
    Reunion.objects.filter(pk=reunion.pk).update(reponses_le=le + timedelta(days=20))
    for service, theme, texte, avis, credits in SERVICES:
        contribution = suites.demander_contribution(reunion, service, theme, par=cheffe)
        if texte:
            contribution.texte, contribution.avis = texte, avis
            contribution.credits_proposes = Decimal(credits)
            suites.rendre_contribution(contribution, version_lue=1, par=agent("instructeur"))
