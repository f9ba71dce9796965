"""What happens to a support request. Each function: lock, cycle, save, journal, tell; one transaction."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from arpent.metier.cycles.appui import CYCLE_APPUI, EtatAppui
from arpent.metier.cycles.cycle import TransitionRefusee
from arpent.plateforme.acteurs.lecteurs import agents_du_perimetre
from arpent.plateforme.acteurs.models import Agent, DemandeAppui, Organisation, StructureAppui, TempsAppui
from arpent.plateforme.journal.actions import consigner, consigner_modification
from arpent.plateforme.notifications.actions import notifier
from arpent.plateforme.notifications.courriels import mettre_en_file
from arpent.plateforme.notifications.textes import rediger
from arpent.plateforme.socle.templatetags.formats import date_fr
from arpent.plateforme.socle.versions import enregistrer_version

from ..models import Demarche
from .routage import echeance

MINUTES_MAX = 1_440
CHAMPS_STRUCTURE = (
    "organisation", "nom", "genres", "themes", "delai_jours", "courriel", "telephone", "ordre", "active",
)  # fmt: skip
E = EtatAppui


class AppuiRefuse(ValueError):
    """The gesture has no effect; the message says why and what to do. `champ`: the field at fault."""

    def __init__(self, message: str, champ: str | None = None) -> None:
        super().__init__(message)
        self.champ = champ


def page_de(demande: DemandeAppui) -> str:
    """The page of a request; the list when its démarche is not known. One query."""
    slug = Demarche.objects.filter(pk=demande.demarche_id or 0).values_list("slug", flat=True).first()
    return reverse("appui:demande", args=[slug, demande.pk]) if slug else reverse("appui:liste")


def charges_de(demande: DemandeAppui) -> set[int]:
    """Who answers it: whoever took it, else the people of its structure, else the mission d'appui."""
    if demande.prise_par_id is not None:
        return {demande.prise_par_id}
    gens: set[int] = set()
    if demande.structure is not None:
        gens = set(demande.structure.agents.filter(is_active=True).values_list("pk", flat=True))
        if not gens and demande.structure.courriel:
            return set()
    return gens or {
        a.pk
        for a in agents_du_perimetre(
            "appui.repondre", territoire_id=demande.territoire_id, autorite_id=demande.autorite_id or 0
        )
        if any(h.role == "mission_appui" for h in a.habilitations_en_cours)
    }


def _annoncer(demande: DemandeAppui, qui: set[int], sujet: str, texte: str, par: Agent | None) -> None:
    notifier(
        qui - ({par.pk} if par else set()), rubrique="appui", sujet=sujet, texte=texte[:300],
        url=page_de(demande),
    )  # fmt: skip


def _confier(demande: DemandeAppui, par: Agent | None) -> None:
    """Tells the structure that has the request; a partner without an account gets a mail."""
    quoi = demande.objet_libelle or demande.territoire.nom
    texte = f"{demande.organisation.nom}, {quoi} : {demande.question}"
    _annoncer(demande, charges_de(demande), "Une demande d’appui vous est adressée", texte, par)
    structure = demande.structure
    if structure is not None and structure.courriel and not structure.agents.filter(is_active=True).exists():
        demandeur, nom = demande.demandee_par, demande.demandee_par_nom
        sujet, corps = rediger(
            "appui_structure", demandeur=demande.organisation.nom, objet=quoi, question=demande.question,
            echeance=date_fr(demande.echeance_le),
            contact=f"{nom}, {demandeur.courriel}" if demandeur else nom,
        )  # fmt: skip
        mettre_en_file(
            structure.courriel,
            sujet=sujet,
            texte=corps,
            cle=f"appui:{demande.pk}:{structure.pk}:{demande.echeance_le}",
            raison="votre structure répond aux demandes d’appui de ce territoire.",
        )


def _noter(geste: str, demande: DemandeAppui, par: Agent | None, **reste: Any) -> None:
    """One entry of the journal; neither the question nor the answer: not all its readers may read them."""
    consigner(
        geste, sur=demande, par=par, demarche_id=demande.demarche_id,
        libelle=f"Demande d’appui : {demande.get_genre_display()}", **reste,
    )  # fmt: skip


@transaction.atomic
def demander(
    demarche: Demarche,
    *,
    organisation: Organisation,
    genre: str,
    question: str,
    par: Agent,
    structure: StructureAppui | None,
    souhaitee_le: date | None = None,
    objet: tuple[str, int, str] | None = None,
) -> DemandeAppui:
    """Opens a request and sends it to `structure` (None: the mission d'appui). `objet`: kind, id, name."""
    question = question.strip()
    if not question:
        raise AppuiRefuse("Écrivez votre question, même en une phrase.", "question")
    genre_objet, objet_id, libelle = objet or ("", None, "")
    demande = DemandeAppui.objects.create(
        territoire_id=demarche.territoire_id, autorite_id=demarche.autorite.pk, demarche_id=demarche.pk,
        organisation=organisation, genre=genre, question=question, souhaitee_le=souhaitee_le,
        objet_genre=genre_objet, objet_id=objet_id, objet_libelle=libelle[:300], structure=structure,
        echeance_le=echeance(structure, timezone.localdate()), demandee_par=par,
        demandee_par_nom=par.nom_complet,
    )  # fmt: skip
    _noter("demander_appui", demande, par, apres={"structure": structure.nom if structure else ""})
    _confier(demande, par)
    return demande


def _franchir(demande: DemandeAppui, geste: str) -> DemandeAppui:
    """The request, locked, its state moved (not saved). AppuiRefuse when the gesture is not possible."""
    ici = (
        DemandeAppui.objects.select_for_update(of=("self",), no_key=True)
        .select_related("organisation", "territoire", "structure", "demandee_par", "prise_par")
        .get(pk=demande.pk)
    )
    try:
        ici.etat = CYCLE_APPUI.franchir(geste, ici.etat).vers.value
    except TransitionRefusee as refus:
        raise AppuiRefuse(str(refus)) from None
    return ici


def _au_demandeur(demande: DemandeAppui, texte: str, par: Agent) -> None:
    if demande.demandee_par_id is not None:
        _annoncer(demande, {demande.demandee_par_id}, "Votre demande d’appui", texte, par)


@transaction.atomic
def orienter(demande: DemandeAppui, structure: StructureAppui, *, motif: str, par: Agent) -> DemandeAppui:
    """Sends it to another structure, with a reason; its deadline starts again."""
    if not motif.strip():
        raise AppuiRefuse("Dites pourquoi la demande change de main : le demandeur le lira.", "motif")
    ici = _franchir(demande, "orienter_appui")
    if ici.structure_id == structure.pk and demande.etat == E.ORIENTEE.value:
        raise AppuiRefuse(f"La demande est déjà chez {structure.nom}.", "structure")
    if not structure.active or structure.autorite_id != ici.autorite_id:
        raise AppuiRefuse(
            f"{structure.nom} ne reçoit pas de demandes : choisissez-en une autre.", "structure"
        )
    avant = ici.structure.nom if ici.structure else ""
    ici.structure, ici.prise_par = structure, None
    ici.echeance_le = echeance(structure, timezone.localdate())
    ici.save(update_fields=["etat", "structure", "prise_par", "echeance_le"])
    _noter(
        "orienter_appui", ici, par, avant={"structure": avant}, apres={"structure": structure.nom},
        motif=motif.strip()[:300],
    )  # fmt: skip
    _confier(ici, par)
    _au_demandeur(ici, f"Votre demande va à {structure.nom} : {motif.strip()}", par)
    return ici


@transaction.atomic
def prendre(demande: DemandeAppui, *, par: Agent, agent: Agent | None = None) -> DemandeAppui:
    """Somebody takes it in hand, or gives it to `agent`; taken by another, it says by whom."""
    qui = agent or par
    ici = _franchir(demande, "prendre_appui")
    if demande.etat == E.PRISE.value and agent is None and ici.prise_par_id not in {None, par.pk}:
        nom = ici.prise_par.nom_complet if ici.prise_par else ""
        raise AppuiRefuse(f"Cette demande est déjà prise en charge par {nom}.")
    ici.prise_par = qui
    ici.save(update_fields=["etat", "prise_par"])
    _noter("prendre_appui", ici, par, apres={"prise par": qui.libelle_journal})
    _annoncer(
        ici, {qui.pk}, "Une demande d’appui vous est confiée", f"{ici.organisation.nom} : {ici.question}", par
    )
    _au_demandeur(ici, f"{qui.nom_complet} suit votre demande.", par)
    return ici


@transaction.atomic
def attendre(demande: DemandeAppui, *, par: Agent) -> DemandeAppui:
    """The structure needs a precision from the asker: the question is a message of the conversation."""
    ici = _franchir(demande, "attendre_appui")
    ici.save(update_fields=["etat"])
    _noter("attendre_appui", ici, par)
    return ici


@transaction.atomic
def preciser(demande: DemandeAppui, *, par: Agent) -> DemandeAppui:
    """The asker brought the precision: the structure's turn."""
    ici = _franchir(demande, "preciser_appui")
    ici.save(update_fields=["etat"])
    _noter("preciser_appui", ici, par)
    return ici


@transaction.atomic
def clore(demande: DemandeAppui, *, resultat: str, reponse: str, par: Agent) -> DemandeAppui:
    """Answers and closes, with a result."""
    if resultat not in DemandeAppui.Resultat.values:
        raise AppuiRefuse("Choisissez ce que la demande a donné.", "resultat")
    if not reponse.strip():
        raise AppuiRefuse("Écrivez la réponse : le demandeur la lira.", "reponse")
    ici = _franchir(demande, "clore_appui")
    maintenant = timezone.now()
    ici.resultat, ici.reponse, ici.close_le = resultat, reponse.strip(), maintenant
    ici.premiere_reponse_le = ici.premiere_reponse_le or maintenant
    ici.prise_par = ici.prise_par or par
    ici.satisfait = None
    ici.save(
        update_fields=[
            "etat", "resultat", "reponse", "close_le", "premiere_reponse_le", "prise_par", "satisfait",
        ]
    )  # fmt: skip
    _noter("clore_appui", ici, par, apres={"resultat": ici.get_resultat_display()})
    _au_demandeur(ici, reponse, par)
    return ici


@transaction.atomic
def rouvrir(demande: DemandeAppui, *, motif: str, par: Agent) -> DemandeAppui:
    """The answer was not enough: the same structure has it again, with a new deadline."""
    if not motif.strip():
        raise AppuiRefuse("Dites ce qu’il manque à la réponse.", "motif")
    ici = _franchir(demande, "rouvrir_appui")
    ici.close_le, ici.resultat, ici.satisfait = None, "", None
    ici.echeance_le = echeance(ici.structure, timezone.localdate())
    ici.save(update_fields=["etat", "close_le", "resultat", "satisfait", "echeance_le"])
    _noter("rouvrir_appui", ici, par, motif=motif.strip()[:300])
    texte = f"{ici.organisation.nom} rouvre sa demande : {motif.strip()}"
    _annoncer(ici, charges_de(ici), "Une demande d’appui est rouverte", texte, par)
    return ici


@transaction.atomic
def noter_temps(demande: DemandeAppui, *, jour: date, minutes: int, quoi: str, par: Agent) -> TempsAppui:
    """Time spent, by whom it was spent. Between 1 minute and a day."""
    if not 1 <= minutes <= MINUTES_MAX:
        raise AppuiRefuse(f"Comptez de 1 à {MINUTES_MAX} minutes.", "minutes")
    if jour > timezone.localdate():
        raise AppuiRefuse("Ce jour n’est pas encore passé.", "jour")
    temps = TempsAppui.objects.create(
        demande=demande, agent=par, agent_nom=par.nom_complet, jour=jour, minutes=minutes,
        quoi=quoi.strip()[:200],
    )  # fmt: skip
    consigner("noter_temps_appui", sur=temps, par=par, apres={"minutes": minutes})
    return temps


@transaction.atomic
def dire_satisfait(demande: DemandeAppui, *, satisfait: bool, par: Agent) -> DemandeAppui:
    """Whether the answer helped, said by whoever asked."""
    ici = DemandeAppui.objects.select_for_update(of=("self",), no_key=True).get(pk=demande.pk)
    if ici.etat != E.CLOSE.value:
        raise AppuiRefuse("La demande a été rouverte : vous le direz à la réponse suivante.")
    ici.satisfait = satisfait
    ici.save(update_fields=["satisfait"])
    _noter("juger_appui", ici, par, apres={"satisfait": satisfait})
    return ici


@transaction.atomic
def enregistrer_structure(
    structure: StructureAppui, agents: list[Agent], *, avant: dict[str, Any], version_lue: int, par: Agent
) -> StructureAppui:
    """Creates a structure, or saves it if nobody changed it since (ConflitDeVersion)."""
    if structure.pk is None:
        structure.save()
        structure.agents.set(agents)
        consigner(
            "creer_structure_appui", sur=structure, par=par,
            apres={n: getattr(structure, n) for n in CHAMPS_STRUCTURE},
        )  # fmt: skip
        return structure
    enregistrer_version(structure, version_lue, CHAMPS_STRUCTURE)
    avant = avant | {"agents": sorted(structure.agents.values_list("pk", flat=True))}
    structure.agents.set(agents)
    apres = {n: getattr(structure, n) for n in CHAMPS_STRUCTURE} | {"agents": sorted(a.pk for a in agents)}
    consigner_modification(structure, avant, apres, par=par, geste="modifier_structure_appui")
    return structure
