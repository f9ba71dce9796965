"""Saying where a project stands: lock, save, journal, notification, in one transaction."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.utils import timezone

from arpent.metier.avancement import proposer_dates
from arpent.plateforme.acteurs.lecteurs import agents_du_perimetre
from arpent.plateforme.acteurs.models import Agent, Organisation
from arpent.plateforme.journal.actions import consigner
from arpent.plateforme.notifications.actions import notifier
from arpent.plateforme.plans.models import Fiche
from arpent.plateforme.socle.envois import Envoi, recevoir
from arpent.plateforme.socle.fichiers import FichierRefuse
from arpent.plateforme.socle.versions import enregistrer_version

from ..models import JalonProjet, PhotoChantier, PointBloquant, SuiviProjet
from .droits import NOTER
from .types import jalons_types

PHOTOS_MAX = 40
JALONS_MAX = 12


class SuiviRefuse(ValueError):
    """What was sent has no effect; the French message says why and what to do."""


@dataclass(frozen=True, slots=True)
class JalonSaisi:
    """A milestone as typed. `pk` None: a new one."""

    pk: int | None
    libelle: str
    poids: int
    prevu_le: date | None
    atteint_le: date | None


def _nom(par: Agent | None) -> str:
    return par.nom_complet if par else "Arpent"


def _verrouiller(fiche: Fiche) -> SuiviProjet:
    """The follow-up of that fiche, locked; opened when it is not. Two queries."""
    Fiche.objects.select_for_update(of=("self",), no_key=True).get(pk=fiche.pk)
    suivi, _ = SuiviProjet.objects.get_or_create(fiche=fiche)
    suivi.fiche = fiche
    return suivi


@transaction.atomic
def poser_jalons(fiche: Fiche, *, par: Agent | None, demonstration: bool = False) -> SuiviProjet:
    """The model milestones of the dispositif, spread over the works. SuiviRefuse when it has some."""
    suivi = _verrouiller(fiche)
    if suivi.jalons.exists():
        raise SuiviRefuse("Ce projet a déjà des jalons : modifiez-les.")
    modeles = jalons_types(fiche)
    dates = proposer_dates(fiche.debut_le, fiche.fin_le, [m.poids for m in modeles])
    JalonProjet.objects.bulk_create(
        JalonProjet(suivi=suivi, ordre=rang, libelle=m.libelle, poids=m.poids, prevu_le=jour)
        for rang, (m, jour) in enumerate(zip(modeles, dates, strict=True), 1)
    )
    if demonstration:
        suivi.demonstration = True
        suivi.save(update_fields=["demonstration"])
    consigner(
        "poser_jalons", sur=fiche, par=par, demarche_id=fiche.demarche_id,
        apres={"jalons": [m.libelle for m in modeles]},
    )  # fmt: skip
    return suivi


@transaction.atomic
def ecrire_jalons(
    fiche: Fiche, saisis: Sequence[JalonSaisi], *, version_lue: int, par: Agent | None
) -> SuiviProjet:
    """Replaces the milestones by those typed, in that order. ConflitDeVersion, SuiviRefuse."""
    if len(saisis) > JALONS_MAX:
        raise SuiviRefuse(f"Un projet a {JALONS_MAX} jalons au plus : réunissez-en.")
    suivi = _verrouiller(fiche)
    anciens = {j.pk: j for j in suivi.jalons.all()}
    avant = [_dire(j.libelle, j.poids, j.prevu_le, j.atteint_le) for j in anciens.values()]
    enregistrer_version(suivi, version_lue, [])
    suivi.jalons.exclude(pk__in=[s.pk for s in saisis if s.pk in anciens]).delete()
    for rang, jalon in enumerate(suivi.jalons.all(), 1):  # out of the way: an order is unique
        JalonProjet.objects.filter(pk=jalon.pk).update(ordre=1_000 + rang)
    for rang, s in enumerate(saisis, 1):
        valeurs = {
            "ordre": rang, "libelle": s.libelle.strip(), "poids": s.poids, "prevu_le": s.prevu_le,
            "atteint_le": s.atteint_le,
        }  # fmt: skip
        if s.pk in anciens:
            JalonProjet.objects.filter(pk=s.pk).update(**valeurs)
        else:
            JalonProjet.objects.create(suivi=suivi, **valeurs)
    apres = [_dire(s.libelle, s.poids, s.prevu_le, s.atteint_le) for s in saisis]
    consigner(
        "ecrire_jalons", sur=fiche, par=par, demarche_id=fiche.demarche_id,
        avant={"jalons": avant}, apres={"jalons": apres},
    )  # fmt: skip
    return suivi


def _dire(libelle: str, poids: int, prevu: date | None, atteint: date | None) -> str:
    jours = [f"prévu le {prevu:%d/%m/%Y}"] if prevu else []
    jours += [f"franchi le {atteint:%d/%m/%Y}"] if atteint else []
    return ", ".join([f"{libelle} ({poids})", *jours])


@transaction.atomic
def faire_le_point(
    fiche: Fiche,
    *,
    franchis: Collection[int],
    le: date,
    photo: Envoi | None = None,
    description: str = "",
    blocage: str = "",
    responsable: Organisation | None = None,
    echeance: date | None = None,
    par: Agent | None,
    demonstration: bool = False,
) -> SuiviProjet:
    """What the owner says in two minutes: milestones reached that day, a photo, what blocks. SuiviRefuse.

    All of it is kept, or nothing. With nothing to add, « nothing has changed » is kept as a sign of life.
    """
    suivi = _verrouiller(fiche)
    jalons = list(suivi.jalons.filter(pk__in=franchis, atteint_le=None))
    if len(jalons) != len(set(franchis)):
        raise SuiviRefuse("Un jalon coché a changé entre-temps : relisez la liste, puis recommencez.")
    suivi.jalons.filter(pk__in=franchis).update(atteint_le=le)
    dernier = jalons[-1] if jalons else None
    if photo is not None:
        deposer_photo(
            fiche, photo, description=description, prise_le=le, jalon=dernier, par=par,
            demonstration=demonstration,
        )  # fmt: skip
    if blocage.strip():
        if responsable is None or echeance is None:
            raise SuiviRefuse("Dites qui lève le point bloquant, et avant quelle date.")
        signaler_blocage(
            fiche, blocage, responsable=responsable, echeance=echeance, le=le, par=par,
            demonstration=demonstration,
        )  # fmt: skip
    suivi.point_le, suivi.point_par_nom = le, _nom(par)
    enregistrer_version(suivi, suivi.version, ["point_le", "point_par_nom"])
    consigner(
        "faire_le_point", sur=fiche, par=par, demarche_id=fiche.demarche_id,
        apres={"franchis": [j.libelle for j in jalons], "le": le},
    )  # fmt: skip
    return suivi


@transaction.atomic
def deposer_photo(
    fiche: Fiche,
    envoi: Envoi,
    *,
    description: str,
    prise_le: date,
    par: Agent | None,
    jalon: JalonProjet | None = None,
    demonstration: bool = False,
) -> PhotoChantier:
    """Keeps a photo, reduced and bare. SuiviRefuse: no words, not a picture, too many, twice."""
    if not description.strip():
        raise SuiviRefuse("Dites ce que montre la photo : ce texte la remplace pour qui ne la voit pas.")
    try:
        recu = recevoir(envoi, defaut="photo")
    except FichierRefuse as refus:
        raise SuiviRefuse(str(refus)) from refus
    if not recu.est_image:
        raise SuiviRefuse("Une photo est une image (JPEG, PNG ou WebP) : choisissez un autre fichier.")
    _verrouiller(fiche)
    gardees = fiche.photos_chantier.filter(retiree_le=None)
    if gardees.filter(sha256=recu.sha256).exists():
        raise SuiviRefuse("Cette photo est déjà dans le suivi du projet.")
    if gardees.count() >= PHOTOS_MAX:
        raise SuiviRefuse(f"Le projet a déjà {PHOTOS_MAX} photos : retirez-en une d’abord.")
    photo = PhotoChantier(
        fiche=fiche, jalon=jalon, description=description.strip()[:200], prise_le=prise_le,
        nom_fichier=recu.nom, type_mime=recu.type_mime, taille=recu.taille, sha256=recu.sha256,
        deposee_par_nom=_nom(par), demonstration=demonstration,
    )  # fmt: skip
    recu.ranger(photo.fichier)
    photo.save(force_insert=True)
    consigner(
        "deposer_photo", sur=fiche, par=par, demarche_id=fiche.demarche_id,
        apres={"photo": photo.description, "sha256": recu.sha256},
    )  # fmt: skip
    return photo


@transaction.atomic
def retirer_photo(photo: PhotoChantier, *, par: Agent | None) -> None:
    """No longer shown nor served; it stays in the store, and the journal says so."""
    retiree = PhotoChantier.objects.filter(pk=photo.pk, retiree_le=None).update(retiree_le=timezone.now())
    if not retiree:
        raise SuiviRefuse("Cette photo est déjà retirée.")
    consigner(
        "retirer_photo", sur=photo.fiche, par=par, demarche_id=photo.fiche.demarche_id,
        avant={"photo": photo.description},
    )  # fmt: skip


def _charges_de(fiche: Fiche, responsable: Organisation) -> set[int]:
    """Accounts that act for that body on the territory. Two queries."""
    agents = agents_du_perimetre(
        NOTER, territoire_id=fiche.demarche.territoire_id, autorite_id=fiche.demarche.autorite.pk
    )
    return {
        a.pk for a in agents
        if any(
            responsable.pk in (h.organisation_id, h.autorite_id) for h in a.habilitations_en_cours
        )
    }  # fmt: skip


@transaction.atomic
def signaler_blocage(
    fiche: Fiche,
    texte: str,
    *,
    responsable: Organisation,
    echeance: date,
    le: date,
    par: Agent | None,
    demonstration: bool = False,
) -> PointBloquant:
    """Says what blocks the project; those who must clear it are told."""
    point = PointBloquant.objects.create(
        fiche=fiche, texte=texte.strip()[:300], responsable=responsable, echeance=echeance, ouvert_le=le,
        ouvert_par_nom=_nom(par), demonstration=demonstration,
    )  # fmt: skip
    consigner(
        "signaler_blocage", sur=fiche, par=par, demarche_id=fiche.demarche_id,
        apres={"blocage": point.texte, "responsable": responsable.nom, "echeance": echeance},
    )  # fmt: skip
    suivi = SuiviProjet(fiche=fiche)
    notifier(
        _charges_de(fiche, responsable) - ({par.pk} if par else set()),
        rubrique="echeances",
        sujet=f"À lever avant le {echeance:%d/%m/%Y} : {fiche.titre}"[:150],
        texte=point.texte,
        url=f"{suivi.get_absolute_url()}#blocages",
    )
    return point


@transaction.atomic
def lever_blocage(
    point: PointBloquant, mot: str, *, le: date, version_lue: int, par: Agent | None
) -> PointBloquant:
    """Closes a blocking point with a word. ConflitDeVersion, SuiviRefuse."""
    if not mot.strip():
        raise SuiviRefuse("Dites en un mot comment ce point a été levé.")
    stored = PointBloquant.objects.select_for_update(of=("self",)).get(pk=point.pk)
    if stored.clos_le is not None:
        raise SuiviRefuse("Ce point est déjà levé.")
    stored.clos_le, stored.clos_par_nom, stored.mot = le, _nom(par), mot.strip()[:300]
    enregistrer_version(stored, version_lue, ["clos_le", "clos_par_nom", "mot"])
    consigner(
        "lever_blocage", sur=point.fiche, par=par, demarche_id=point.fiche.demarche_id,
        avant={"blocage": stored.texte}, apres={"mot": stored.mot},
    )  # fmt: skip
    return stored
