"""What people added to the fiches of the demonstration: avis, corrections, requests, ranks, overrides.

Everything here is invented, by the accounts of the demonstration and through the gestures of the pages.
"""

from __future__ import annotations

from datetime import date, timedelta

from django.db import transaction

from arpent.metier.cycles import EtatFiche
from arpent.metier.reglement import Verdict
from arpent.plateforme.acteurs.models import Agent
from arpent.plateforme.demarches.models import Demarche
from arpent.plateforme.plans.avancement import faire_avancer_fiche
from arpent.plateforme.plans.avis import demander_avis, rendre_avis
from arpent.plateforme.plans.corrections import demander_corrections
from arpent.plateforme.plans.derogations import codes_de_droit, deroger
from arpent.plateforme.plans.models import AvisService, Classement, Fiche
from arpent.plateforme.plans.preinstruction import constat_en_json, preinstruire_fiches
from arpent.plateforme.plans.priorites import Ordre, classer
from arpent.plateforme.reglements.models import VersionReglement
from arpent.plateforme.reglements.presentation import lire_version

from . import appui
from .avancement import ACCORD, AU_VOTE, SIGNE, VITRINE
from .comptes import agent

HAUT_ALLIER = "haut-allier-margeride"
DEPASSE = "aubrac-lot-causses-tarn"
"""A territory whose dearest project asks for more than a ceiling of the règlement."""
CLASSEES = 24
TEMOINS, DECIDEES = 10, 15
COMMENCEES_LE = date(2026, 10, 5)
_EXAMEN = ("pre_instruire", "")
PARCOURS: tuple[tuple[tuple[str, str], ...], ...] = (
    (_EXAMEN, ("retenir", "")),
    (),
    (_EXAMEN,),
    (_EXAMEN, ("retenir", "")),
    (_EXAMEN, ("differer", "À revoir avec le prochain budget (décision de démonstration).")),
    (),
    (("demander_complement", "Précisez le plan de financement (demande de démonstration)."),),
    (_EXAMEN, ("retenir", "")),
    (_EXAMEN, ("refuser", "Hors des priorités du contrat (décision de démonstration).")),
)
"""Demonstration: what becomes of one fiche after the other."""


@transaction.atomic
def animer(le: date) -> None:
    """All or nothing, once: an interrupted first load starts this step again."""
    if AvisService.objects.exists():
        return
    cheffe, instructrice = agent("chef.projet"), agent("instructeur")
    vitrine = Demarche.objects.avec_contexte().get(slug=VITRINE)
    fiches = list(vitrine.fiches.select_related("demarche", "maitre_ouvrage").order_by("numero")[:CLASSEES])
    _avis(fiches, cheffe, instructrice, le)
    _classements(vitrine, fiches, cheffe)
    _deroger(cheffe, le)
    _corriger(instructrice)
    appui.semer(vitrine, fiches, le)
    for demarche in Demarche.objects.avec_contexte().exclude(slug__in=(ACCORD, SIGNE, AU_VOTE, HAUT_ALLIER)):
        _decider(demarche, cheffe)


def _decider(demarche: Demarche, cheffe: Agent) -> None:
    """A few fiches of each plan move on, the first ones aside: examined, kept, put off, sent back."""
    suivantes = demarche.fiches.order_by("numero").filter(numero__gt=TEMOINS)[:DECIDEES]
    for rang, fiche in enumerate(suivantes):
        fiche.demarche = demarche
        for geste, motif in PARCOURS[rang % len(PARCOURS)]:
            if geste == "pre_instruire" and fiche.etat != EtatFiche.PROPOSEE.value:
                continue
            fiche = faire_avancer_fiche(fiche, geste, par=cheffe, motif=motif)
        if rang % len(PARCOURS) == 0 and fiche.maturite == Fiche.Maturite.STRUCTURANT:
            Fiche.objects.filter(pk=fiche.pk).update(
                realisation=Fiche.Realisation.EN_COURS, commence_le=COMMENCEES_LE
            )


def _avis(fiches: list[Fiche], cheffe: Agent, instructrice: Agent, le: date) -> None:
    rendu = demander_avis(
        fiches[0],
        service="Direction des routes",
        question="L’accès au stade depuis la départementale est-il suffisant ?",
        echeance_le=le - timedelta(days=5),
        confidentiel=False,
        par=cheffe,
        agent=instructrice,
    )
    rendre_avis(
        rendu,
        sens=AvisService.Sens.RESERVE,
        motifs="L’accès existe ; un passage piéton est à prévoir à l’entrée (avis de démonstration).",
        version_lue=rendu.version,
        par=instructrice,
    )
    demander_avis(
        fiches[1],
        service="Service eau et assainissement",
        question="Le projet est-il compatible avec le schéma d’assainissement ?",
        echeance_le=le + timedelta(days=10),
        confidentiel=True,
        par=cheffe,
        agent=instructrice,
    )


def _classements(demarche: Demarche, fiches: list[Fiche], cheffe: Agent) -> None:
    """The authority's order: the projects of the territory, those ready to start first."""
    prets = sorted(fiches, key=lambda f: (f.maturite != Fiche.Maturite.STRUCTURANT, f.annee or 0, f.numero))
    classer(
        demarche,
        Classement.Niveau.AUTORITE,
        Ordre(
            {f.numero: rang for rang, f in enumerate(prets, 1)},
            {f.numero: f.priorite_autorite for f in fiches},
            methode="Les projets prêts d’abord, puis l’année de programmation (méthode de démonstration).",
            arrete_par="Mission d’appui aux projets",
            arrete_le=date(2026, 11, 12),
        ),
        par=cheffe,
        version_lue=0,
    )


def _deroger(cheffe: Agent, le: date) -> None:
    """Sets aside the first rule of the authority that a project does not respect."""
    fiches = list(Fiche.objects.filter(demarche__slug=DEPASSE).order_by("numero")[:5])
    dispositif = fiches[0].demarche.processus.dispositif
    version = VersionReglement.objects.en_vigueur(dispositif, le)
    assert version is not None
    de_droit = codes_de_droit(lire_version(version))
    examens = preinstruire_fiches(fiches, le)
    for fiche in fiches:
        resultat = examens[fiche.pk].resultat
        for constat in resultat.constats if resultat else ():
            if constat.verdict is Verdict.NON_CONFORME and constat.regle not in de_droit:
                deroger(
                    fiche,
                    constat_en_json(constat),
                    de_droit=False,
                    motif="Projet attendu par plusieurs communes ; accord de principe en concertation "
                    "(dérogation de démonstration).",
                    plafond=None,
                    par=cheffe,
                )
                return


def _corriger(instructrice: Agent) -> None:
    """A fiche of Langogne comes back to its secrétaire de mairie."""
    fiche = (
        Fiche.objects.filter(demarche__slug=HAUT_ALLIER, maitre_ouvrage__commune__code="48080")
        .filter(etat="proposee")
        .select_related("demarche", "maitre_ouvrage")
        .order_by("numero")
        .first()
    )
    if fiche is not None:
        demandes = {
            "debut_le": "Précisez le mois de démarrage des travaux.",
            "description": "Dites à quels habitants le projet servira.",
        }
        demander_corrections(
            fiche, demandes, motif="Deux précisions avant la pré-instruction.", par=instructrice
        )
