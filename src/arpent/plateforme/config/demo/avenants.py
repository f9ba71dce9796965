"""Demonstration of avenants: a small one in force by a simple act, a larger one under vote.

Every object, amount, reason and act below is invented and says so.
"""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

from django.utils import timezone

from arpent.metier.avenants import Genre
from arpent.metier.cycles.fiche import EtatFiche
from arpent.plateforme.contrats.assemblage import trouver_contrat
from arpent.plateforme.contrats.avenants import actions, proposition, vigueur
from arpent.plateforme.contrats.avenants.actions import Saisie
from arpent.plateforme.contrats.avenants.lecture import etat_consolide
from arpent.plateforme.contrats.avenants.signature import ouvrir_signature
from arpent.plateforme.contrats.models import Avenant, Contrat, Partie, Vote
from arpent.plateforme.contrats.votes import enregistrer_vote
from arpent.plateforme.demarches.models import Demarche
from arpent.plateforme.plans.avancement import faire_avancer_fiche
from arpent.plateforme.plans.models import Fiche
from arpent.plateforme.plans.preinstruction import preinstruire_fiche, preinstruire_fiches

from .signature import signer_partout

EXAMINE_LE, VOTE_LE, EXECUTOIRE_LE = date(2026, 11, 20), date(2026, 11, 20), date(2026, 11, 23)
SECOND_EFFET_LE, DELAI = date(2027, 1, 4), timedelta(days=38)
HAUSSE, CENT = Decimal(2_000), Decimal("0.01")
AIDE_MAX_AJOUTEE = Decimal(10_000)


def amender(demarche: Demarche) -> None:
    """On a contract in force. Nothing when no aid has room under its cap.

    The certificates sign at the time of the loading: an avenant does not count for the past, so that its date
    of effect is that day.
    """
    contrat = trouver_contrat(demarche)
    assert contrat is not None
    contrat.demarche = demarche
    ce_jour = timezone.localdate()
    _petit(contrat, ce_jour)
    _grand(contrat, max(SECOND_EFFET_LE, ce_jour + DELAI))


def _petit(contrat: Contrat, effet: date) -> None:
    """One aid goes up, another project waits a year: a simple act, signed and in force that day."""
    etat = etat_consolide(contrat).etat
    fiches = {str(f.pk): f for f in Fiche.objects.filter(pk__in=[int(x.cle) for x in etat.lignes])}
    examens = preinstruire_fiches(list(fiches.values()), EXAMINE_LE)
    places = [
        (x, min(HAUSSE, r.aide_maximale - x.aide))
        for x in etat.lignes
        if (r := examens[fiches[x.cle].pk].resultat) and r.aide_maximale - x.aide >= 1
    ]
    if not places:
        return
    ligne, hausse = places[0]
    avenant = _ouvrir(contrat, "Aléa de chantier (exemple)", effet)
    motif = "Exemple de démonstration : un rocher imprévu sur le chantier."
    montant = (ligne.aide + hausse).quantize(CENT)
    _ajouter(avenant, Saisie(Genre.MONTANT, fiche=fiches[ligne.cle], montant=montant, motif=motif))
    autre = next((x for x in etat.lignes if x.cle != ligne.cle and x.annee == 2026), None)
    if autre is not None:
        motif = "Exemple de démonstration : le marché est infructueux, les travaux glissent."
        _ajouter(avenant, Saisie(Genre.ANNEE, fiche=fiches[autre.cle], annee=2027, motif=motif))
    avenant = proposition.proposer(avenant, par=None, le=EXAMINE_LE)
    if avenant.piste != "simple":
        return
    signer_partout(ouvrir_signature(avenant, par=None, le=EXAMINE_LE, acte="DEMO-ACTE-01"))
    avenant.refresh_from_db()
    vigueur.mettre_en_vigueur(avenant, par=None, le=effet)


def _grand(contrat: Contrat, effet: date) -> None:
    """A project enters: the commission permanente has voted, its owner is awaited."""
    etat = etat_consolide(contrat).etat
    presents = [int(x.cle) for x in etat.lignes]
    candidates = (
        Fiche.objects.filter(
            demarche=contrat.demarche, etat=EtatFiche.PROPOSEE.value, demandes_reserve__isnull=True,
            aide_demandee__gt=0,
        )
        .exclude(pk__in=presents)
        .comptees()
        .order_by("cout_ht", "numero")
    )  # fmt: skip
    for fiche in candidates[:6]:
        resultat = preinstruire_fiche(fiche, EXAMINE_LE).resultat
        if resultat is None or resultat.aide_maximale < 1:
            continue
        fiche = faire_avancer_fiche(fiche, "pre_instruire", par=None)
        aide = min(AIDE_MAX_AJOUTEE, fiche.aide_demandee, resultat.aide_maximale).quantize(CENT)
        avenant = _ouvrir(contrat, "Un projet de plus (exemple)", effet)
        motif = "Exemple de démonstration : le projet est prêt plus tôt que prévu."
        _ajouter(avenant, Saisie(Genre.AJOUT, entrante=fiche, montant=aide, annee=2027, motif=motif))
        avenant = proposition.proposer(avenant, par=None, le=EXAMINE_LE)
        avenant = vigueur.soumettre(avenant, par=None)
        autorite = avenant.concernees.filter(role=Partie.RolePartie.AUTORITE).first()
        if autorite is not None:
            _voter(autorite, avenant)
        return


def _ouvrir(contrat: Contrat, objet: str, effet: date) -> Avenant:
    return actions.preparer_avenant(contrat, objet, effet, par=None, demonstration=True)


def _ajouter(avenant: Avenant, saisie: Saisie) -> None:
    actions.ecrire_mouvement(avenant, saisie, par=None)


def _voter(partie: Partie, avenant: Avenant) -> None:
    valeurs = {
        "type_assemblee": "commission_permanente",
        "assemblee": f"Commission permanente – {partie}",
        "objet": "Avenant au contrat territorial (exemple)",
        "convoquee_le": date(2026, 11, 6),
        "adoptee_le": VOTE_LE,
        "numero": "DEMO-AV-01",
        "sens": "adoptee",
        "en_exercice": 26,
        "presents": 16,
        "representes": 2,
        "pour": 18,
        "contre": 0,
        "abstentions": 0,
        "transmise_le": date(2026, 11, 20),
        "recue_le": date(2026, 11, 20),
        "publiee_le": EXECUTOIRE_LE,
    }
    vote, _ = enregistrer_vote(partie, valeurs, par=None, le=EXECUTOIRE_LE, avenant=avenant)
    Vote.objects.filter(pk=vote.pk).update(demonstration=True)
