"""The life of a meeting: convened, put off, called off, held, its minutes submitted, validated, sent."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from arpent.metier.cycles.reunion import CYCLE_REUNION, EtatReunion
from arpent.plateforme.acteurs.models import Agent
from arpent.plateforme.documents.actions import TYPES, emettre
from arpent.plateforme.documents.empreinte import empreinte_des_donnees
from arpent.plateforme.documents.gabarits_autorite import gabarit_word
from arpent.plateforme.documents.models import DocumentEmis
from arpent.plateforme.documents.rendu.pdf_reunion import (
    rendre_compte_rendu_pdf,
    rendre_convocation_reunion_pdf,
)
from arpent.plateforme.notifications.actions import notifier
from arpent.plateforme.notifications.courriels import mettre_en_file
from arpent.plateforme.notifications.textes import redacteur
from arpent.plateforme.socle.templatetags.formats import date_fr
from arpent.plateforme.socle.versions import enregistrer_version

from ..acces import peut_sur
from ..actions import EtapeRefusee, marquer_etape
from .actions import ReunionRefusee, demarches_de, noter, valeurs, verrouiller
from .adresses import absolue, adresse_agenda, adresse_arret
from .agendas import avis_ics, courriel_de
from .lecture import demarche_pour, membres_de
from .models import MembreReunion, Reunion
from .models_suites import AbonnementAgenda
from .papiers import champs_du_courriel, compte_rendu_doc, convocation_docs, modele_du_courriel

E = EtatReunion
COMPTE_RENDU, CONVOCATION = "compte rendu de réunion", "convocation de réunion"
RAISON = "vous êtes convié à une réunion d’un contrat territorial"
CHAMPS_SEANCE = ("jour", "heure", "duree_minutes", "lieu", "visio", "message")


def _franchir(reunion: Reunion, geste: str) -> tuple[Reunion, str]:
    """The locked meeting in its new state, not saved yet; its state before. TransitionRefusee."""
    ici = verrouiller(reunion)
    avant = ici.etat
    ici.etat = CYCLE_REUNION.franchir(geste, E(avant)).vers.value
    return ici, avant


def _garder(
    ici: Reunion, geste: str, avant: str, champs: Sequence[str], par: Agent | None, **reste: Any
) -> Reunion:
    enregistrer_version(ici, ici.version, ["etat", *champs])
    ici.modifie_le = timezone.now()
    apres = {"etat": ici.etat} | reste.pop("apres", {})
    noter(geste, ici, par, avant={"etat": avant}, apres=apres, **reste)
    return ici


def manques_pour_convoquer(reunion: Reunion) -> list[str]:
    """What the notice still needs; empty when it may leave. Two queries."""
    membres = reunion.membres.filter(retire=False)
    absents = (
        ("l’heure", reunion.heure is None),
        ("le lieu ou le lien à distance", not (reunion.lieu or reunion.visio)),
        ("au moins une personne conviée", not membres.exists()),
        ("au moins un point à l’ordre du jour", not reunion.points.exists()),
    )
    return [quoi for quoi, manque in absents if manque]


@transaction.atomic
def convoquer(reunion: Reunion, *, le: date, par: Agent | None) -> Reunion:
    """Freezes who is called and sends each their letter and their calendar event; the common one is issued.

    After a report it is a new notice of the same event. ReunionRefusee, TransitionRefusee, RenduImpossible.
    """
    ici, avant = _franchir(reunion, "convoquer_reunion")
    if manques := manques_pour_convoquer(ici):
        raise ReunionRefusee(f"Complétez d’abord la réunion : il manque {', '.join(manques)}.")
    if avant == E.REPORTEE:
        ici.sequence += 1
    ici.convoquee_le = timezone.now()
    champs = ["sequence", "convoquee_le"]
    membres = membres_de(ici)
    ici.membres.filter(retire=False).update(convoque_le=ici.convoquee_le)
    _garder(
        ici, "convoquer_reunion", avant, champs, par, apres={"convies": [m.libelle_journal for m in membres]}
    )
    _envoyer_avis(ici, membres, le, par)
    return ici


@transaction.atomic
def changer_seance(
    reunion: Reunion, nouveau: dict[str, Any], *, motif: str, version_lue: int, le: date, par: Agent | None
) -> Reunion:
    """Another day, hour or place after the notice: a new notice of the same event leaves at once."""
    ici = verrouiller(reunion, E.CONVOQUEE)
    anciens = valeurs(ici)
    for nom in CHAMPS_SEANCE:
        setattr(ici, nom, nouveau[nom])
    change = {n: v for n, v in valeurs(ici).items() if anciens[n] != v}
    if not change:
        raise ReunionRefusee("Rien n’a changé : aucun nouvel avis n’est parti.")
    if not motif.strip():
        raise ReunionRefusee(
            "Dites pourquoi la séance change : le nouvel avis le dit aux personnes conviées."
        )
    ici.sequence, ici.motif = ici.sequence + 1, motif.strip()[:300]
    enregistrer_version(ici, version_lue, [*CHAMPS_SEANCE, "sequence", "motif"])
    ici.modifie_le = timezone.now()
    noter("changer_seance", ici, par, motif=ici.motif, avant={n: anciens[n] for n in change}, apres=change)
    _envoyer_avis(ici, membres_de(ici), le, par)
    return ici


@transaction.atomic
def renoncer(reunion: Reunion, geste: str, *, motif: str, le: date, par: Agent | None) -> Reunion:
    """`reporter_reunion` or `annuler_reunion`, with a reason; those who were convened are told."""
    ici, avant = _franchir(reunion, geste)
    if not motif.strip():
        raise ReunionRefusee("Écrivez le motif : les personnes conviées le liront.")
    ici.motif = motif.strip()[:300]
    ici.sequence += 1
    _garder(ici, geste, avant, ["motif", "sequence"], par, motif=ici.motif)
    if avant != E.PREPAREE:
        _envoyer_avis(ici, membres_de(ici), le, par)
    return ici


def _envoyer_avis(ici: Reunion, membres: Sequence[MembreReunion], le: date, par: Agent | None) -> None:
    """Mails and notifications of a notice. One letter rendered a person (about a tenth of a second each)."""
    adresses = _adresses(ici, membres)
    signataire = _signataire(par)
    commune, lettres = convocation_docs(ici, membres, le, signataire)
    vivante = ici.etat == E.CONVOQUEE
    if vivante:
        contenu = rendre_convocation_reunion_pdf(commune)
        _emettre(ici, contenu, f"convocation-{ici.pk}-{ici.sequence + 1}.pdf", CONVOCATION, commune, par)
    _donner_les_agendas(membres)
    ecrire = redacteur(modele_du_courriel(ici))
    for membre, lettre in zip(membres, lettres, strict=True):
        if not membre.courriel:
            continue
        pieces = [
            (
                "reunion.ics",
                f"text/calendar; method={'REQUEST' if vivante else 'CANCEL'}",
                avis_ics(
                    ici,
                    membre,
                    organisateur=courriel_de(settings.DEFAULT_FROM_EMAIL),
                    url=absolue(adresses[membre.pk]) if membre.pk in adresses else "",
                ),
            )
        ]
        if vivante:
            pieces.insert(0, ("convocation.pdf", TYPES["pdf"], rendre_convocation_reunion_pdf(lettre)))
        page = absolue(adresses[membre.pk]) if membre.pk in adresses else ""
        sujet, texte = ecrire(nature=_SUJETS[ici.etat], **champs_du_courriel(ici, membre, page))
        mettre_en_file(
            membre.courriel,
            sujet=sujet,
            texte=texte,
            cle=f"reunion-{ici.pk}-avis-{ici.sequence}-{ici.etat}-{membre.pk}",
            raison=RAISON,
            pieces=pieces,
        )
    _prevenir(
        membres,
        adresses,
        par,
        sujet=f"{_SUJETS[ici.etat]} : {ici.genre_libelle}",
        texte=f"{ici.titre}, {date_fr(ici.jour)}, {ici.lieu or 'à distance'}.",
    )


def _adresses(ici: Reunion, membres: Sequence[MembreReunion]) -> dict[int, str]:
    """Where each member with an account reads the meeting: through the first démarche that they see."""
    demarches = demarches_de(ici)
    par_membre = {}
    for membre in membres:
        if membre.agent is None:
            continue
        vues = {d.pk: d for d in demarches if peut_sur(membre.agent, "reunion.voir", d)}
        if demarche := demarche_pour(ici, vues):
            par_membre[membre.pk] = reverse("reunions:reunion", args=[demarche.slug, ici.pk])
    return par_membre


def _prevenir(
    membres: Sequence[MembreReunion],
    adresses: dict[int, str],
    par: Agent | None,
    *,
    sujet: str,
    texte: str,
) -> None:
    """One piece of news to each account called, but for who made the gesture."""
    par_adresse: dict[str, list[int]] = {}
    for membre in membres:
        if membre.agent_id and membre.pk in adresses and (par is None or membre.agent_id != par.pk):
            par_adresse.setdefault(adresses[membre.pk], []).append(membre.agent_id)
    for url, agents in par_adresse.items():
        notifier(agents, sujet=sujet, texte=texte, url=url, rubrique="reunions")


_SUJETS = {
    E.CONVOQUEE.value: "Convocation",
    E.REPORTEE.value: "Réunion reportée",
    E.ANNULEE.value: "Réunion annulée",
}


def _signataire(par: Agent | None) -> str:
    if par is None:
        return ""
    return f"{par.nom_complet}, {par.fonction}" if par.fonction else par.nom_complet


def _donner_les_agendas(membres: Sequence[MembreReunion]) -> None:
    """Each member without an account is sent, once, the address of a calendar of their own. Three queries.

    It goes apart from the notice: a mail that carries a personal link is erased once sent.
    """
    sans_compte = {m.personne_id: m for m in membres if m.personne_id and not m.agent_id and m.courriel}
    connus = AbonnementAgenda.objects.filter(personne__in=sans_compte).values_list("personne_id", flat=True)
    nouveaux = set(sans_compte) - set(connus)
    AbonnementAgenda.objects.bulk_create(AbonnementAgenda(personne_id=pk) for pk in sorted(nouveaux))
    ouverts = {a.personne_id: a for a in AbonnementAgenda.objects.filter(personne__in=nouveaux)}
    ecrire = redacteur("agenda")
    for pk in sorted(nouveaux):
        membre, abonnement = sans_compte[pk], ouverts[pk]
        civilite = membre.civilite or "Madame, Monsieur"
        sujet, texte = ecrire(
            civilite=civilite,
            lien=absolue(adresse_agenda(abonnement)),
            arret=absolue(adresse_arret(abonnement)),
        )
        mettre_en_file(
            membre.courriel,
            sujet=sujet,
            texte=texte,
            cle=f"agenda-{abonnement.pk}-{abonnement.numero}",
            raison=RAISON,
            secret=True,
        )


@transaction.atomic
def tenir(reunion: Reunion, *, par: Agent | None) -> Reunion:
    """It took place."""
    ici, avant = _franchir(reunion, "tenir_reunion")
    if ici.jour > timezone.localdate():
        raise ReunionRefusee(
            f"La réunion est prévue le {date_fr(ici.jour)} : elle ne peut pas être déjà tenue."
        )
    return _garder(ici, "tenir_reunion", avant, [], par)


@transaction.atomic
def rediger(reunion: Reunion, geste: str, *, par: Agent | None) -> Reunion:
    """`rediger_compte_rendu` (the minutes are submitted) or `reprendre_compte_rendu`."""
    ici, avant = _franchir(reunion, geste)
    if geste == "rediger_compte_rendu":
        if not ici.membres.exclude(presence="").exists():
            raise ReunionRefusee("Notez d’abord les présences : le compte rendu les dit.")
        _prevenir_la_presidence(ici, par)
    return _garder(ici, geste, avant, [], par)


def _prevenir_la_presidence(ici: Reunion, par: Agent | None) -> None:
    preside = ici.membres.filter(place=MembreReunion.Place.PRESIDENCE, agent__isnull=False)
    notifier(
        preside.exclude(agent=par).values_list("agent_id", flat=True),
        sujet="Compte rendu à valider",
        texte=f"{ici.titre}, {date_fr(ici.jour)}.",
        url=ici.get_absolute_url(),
        rubrique="reunions",
    )


@transaction.atomic
def valider(reunion: Reunion, *, avec_etape: bool, le: date, par: Agent | None) -> Reunion:
    """Freezes the minutes: PDF and Word issued with fingerprints; the step may be marked done."""
    ici, avant = _franchir(reunion, "valider_compte_rendu")
    ici.valide_le, ici.valide_par_nom = timezone.now(), par.nom_complet if par else "Arpent"
    doc = compte_rendu_doc(ici, le)
    _garder(ici, "valider_compte_rendu", avant, ["valide_le", "valide_par_nom"], par)
    word = gabarit_word(ici.demarche.autorite.pk, "compte_rendu")
    nom = f"compte-rendu-{ici.demarche.slug}-{ici.pk}"
    _emettre(ici, rendre_compte_rendu_pdf(doc), f"{nom}.pdf", COMPTE_RENDU, doc, par)
    _emettre(ici, word.rendre(doc), f"{nom}.docx", COMPTE_RENDU, doc, par, word.code)
    if avec_etape and ici.etape is not None and ici.etape.faite_le is None:
        try:
            marquer_etape(ici.etape, ici.jour, par=par)
        except EtapeRefusee as refus:
            raise ReunionRefusee(
                f"{refus} Validez le compte rendu sans dire l’étape faite : vous la direz ensuite."
            ) from None
    return ici


def _emettre(
    ici: Reunion, contenu: bytes, nom: str, genre: str, doc: Any, par: Agent | None, gabarit: str = ""
) -> DocumentEmis:
    return emettre(
        contenu,
        nom=nom,
        titre=f"{genre[:1].upper()}{genre[1:]} : {ici.titre}",
        genre=genre,
        gabarit=gabarit or doc.gabarit,
        sur=ici,
        demarche_id=ici.demarche_id,
        donnees={"empreinte_des_donnees": empreinte_des_donnees(doc), "version": ici.version},
        par_id=par.pk if par else None,
        par_nom=par.nom_complet if par else "Arpent",
    )


def documents_de(reunion: Reunion, genre: str) -> list[DocumentEmis]:
    """What was issued for the meeting, the latest first. One query."""
    return list(
        DocumentEmis.objects.filter(
            objet_type=reunion._meta.label_lower, objet_id=str(reunion.pk), genre=genre
        )
    )


@transaction.atomic
def envoyer(reunion: Reunion, *, par: Agent | None) -> Reunion:
    """The validated minutes to everybody called, present or not."""
    ici, avant = _franchir(reunion, "envoyer_compte_rendu")
    pdf = next((d for d in documents_de(ici, COMPTE_RENDU) if d.format == "pdf"), None)
    if pdf is None:
        raise ReunionRefusee("Le compte rendu validé n’a pas de PDF : validez-le d’abord.")
    try:
        with pdf.fichier.open("rb") as flux:
            contenu = bytes(flux.read())
    except FileNotFoundError as erreur:
        raise ReunionRefusee("Le PDF du compte rendu n’est plus dans le dossier des fichiers.") from erreur
    ici.envoye_le = timezone.now()
    membres = membres_de(ici)
    ecrire = redacteur("reunion_compte_rendu")
    for membre in membres:
        if membre.courriel:
            civilite = membre.civilite or "Madame, Monsieur"
            sujet, texte = ecrire(
                civilite=civilite, titre=ici.titre, jour=date_fr(ici.jour), valideur=ici.valide_par_nom
            )
            mettre_en_file(
                membre.courriel,
                sujet=sujet,
                texte=texte,
                cle=f"reunion-{ici.pk}-compte-rendu-{membre.pk}",
                raison=RAISON,
                pieces=[("compte-rendu.pdf", TYPES["pdf"], contenu)],
            )
    _prevenir(
        membres,
        _adresses(ici, membres),
        par,
        sujet="Compte rendu de réunion",
        texte=f"{ici.titre}, {date_fr(ici.jour)} : le compte rendu est validé.",
    )
    return _garder(
        ici, "envoyer_compte_rendu", avant, ["envoye_le"], par,
        apres={"envoyes": sum(1 for m in membres if m.courriel)},
    )  # fmt: skip
