"""The délibérations of the owners on their fiches: what is due, what was adopted, what has changed since."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import Prefetch, QuerySet

from arpent.metier.argent import formater_euros
from arpent.metier.cycles import EtatFiche
from arpent.metier.deliberation import LIBELLES_ACTE, Acte, EtatActe, Remarque, verifier_acte
from arpent.metier.plan_financement import LIBELLES_FINANCEUR, StatutFinancement
from arpent.metier.reglement import ParametresLegaux
from arpent.plateforme.acteurs.models import Agent
from arpent.plateforme.demarches.models import Demarche
from arpent.plateforme.journal.actions import consigner, consigner_modification
from arpent.plateforme.notifications.actions import notifier
from arpent.plateforme.reglements.models import Dispositif
from arpent.plateforme.reglements.parametres import table_legale
from arpent.plateforme.socle.envois import Envoi
from arpent.plateforme.socle.versions import enregistrer_version

from .actions import ActionRefusee, LigneSaisie, lignes_de
from .assemblees import habitants_de, nom_assemblee, regime_pour
from .destinataires import gens_du_porteur
from .models import Deliberation, Fiche, PieceJointe
from .pieces import deposer_piece

CHAMPS_ACTE = (
    "numero", "adoptee_le", "assemblee", "objet", "attendue_le", "convoquee_le", "sens", "en_exercice",
    "presents", "representes", "pour", "contre", "abstentions", "transmise_le", "recue_le", "accuse",
    "publiee_le", "seconde_convocation",
)  # fmt: skip
# States in which a délibération is awaited: not while the fiche is a private draft, nor once it is refused.
ATTENDUE_DANS = tuple(e.value for e in EtatFiche if e not in {EtatFiche.BROUILLON, EtatFiche.REFUSEE})
_SUIVIS = {
    "cout_ht": "Coût total HT", "assiette": "Dépense éligible",
    "aide_demandee": "Aide demandée", "financements": "Plan de financement",
}  # fmt: skip


def acte_de(deliberation: Deliberation, fiche: Fiche) -> Acte:
    """The stored act as the checks read it. No query when owner and commune are loaded."""
    champs = {nom: getattr(deliberation, nom) for nom in CHAMPS_ACTE if nom in Acte.__dataclass_fields__}
    mo = fiche.maitre_ouvrage
    return Acte(**champs, regime=regime_pour(mo), habitants=habitants_de(mo))


def remarques_sur(deliberation: Deliberation, fiche: Fiche, le: date) -> tuple[Remarque, ...]:
    """What does not hold in an act, with the delays of the law that this instance uses. One query."""
    return verifier_acte(acte_de(deliberation, fiche), le, table_legale())


def plan_de(fiche: Fiche, lignes: Sequence[LigneSaisie]) -> dict[str, Any]:
    """What an assembly adopts: the cost, the aid asked, the plan, as texts.

    The status of a row is left out: a grant that is now acquired does not undo the vote.
    """
    return {
        "cout_ht": formater_euros(fiche.cout_ht),
        "assiette": "" if fiche.assiette is None else formater_euros(fiche.assiette),
        "aide_demandee": formater_euros(fiche.aide_demandee),
        "financements": [
            f"{x.libelle or LIBELLES_FINANCEUR[x.financeur]} : {formater_euros(x.montant)}"
            for x in lignes
            if x.statut is not StatutFinancement.REFUSE
        ],
    }


@dataclass(frozen=True, slots=True)
class Changement:
    """A thing adopted that is no longer so."""

    libelle: str
    adopte: str
    actuel: str


def changements(adopte: dict[str, Any], actuel: dict[str, Any]) -> tuple[Changement, ...]:
    """What differs between what was adopted and the fiche; nothing when the act kept no plan."""

    def ecrit(valeur: Any) -> str:
        return " ; ".join(valeur) if isinstance(valeur, list) else str(valeur or "–")

    return tuple(
        Changement(libelle, ecrit(adopte[nom]), ecrit(actuel[nom]))
        for nom, libelle in _SUIVIS.items()
        if nom in adopte and adopte[nom] != actuel[nom]
    )


@dataclass(frozen=True, slots=True)
class ActeLu:
    """An act with its state, what does not hold in it, and what has changed since the vote."""

    deliberation: Deliberation
    etat: EtatActe
    remarques: tuple[Remarque, ...]
    a_reprendre: tuple[Changement, ...]

    @property
    def libelle(self) -> str:
        return LIBELLES_ACTE[self.etat]


def lire_acte(
    deliberation: Deliberation, fiche: Fiche, lignes: Sequence[LigneSaisie], le: date, loi: ParametresLegaux
) -> ActeLu:
    acte = acte_de(deliberation, fiche)
    tenu = acte.etat in {EtatActe.ADOPTEE, EtatActe.TRANSMISE, EtatActe.EXECUTOIRE}
    ecarts = changements(deliberation.plan_adopte, plan_de(fiche, lignes)) if tenu else ()
    return ActeLu(deliberation, acte.etat, verifier_acte(acte, le, loi), ecarts)


def lire_actes(fiche: Fiche, lignes: Sequence[LigneSaisie], le: date, loi: ParametresLegaux) -> list[ActeLu]:
    """Every act of a fiche, the last one first. One query."""
    return [lire_acte(d, fiche, lignes, le, loi) for d in fiche.deliberations.all()]


@dataclass(frozen=True, slots=True)
class Attendue:
    """A line of the list: a fiche and the act that counts (None: nothing yet)."""

    fiche: Fiche
    assemblee: str
    attendue_le: date | None
    acte: ActeLu | None

    @property
    def etat(self) -> EtatActe:
        if self.acte is None or self.acte.etat is EtatActe.SANS_SUITE:
            return EtatActe.A_PRENDRE
        return self.acte.etat

    @property
    def a_reprendre(self) -> bool:
        return self.acte is not None and bool(self.acte.a_reprendre)

    def en_retard(self, le: date) -> bool:
        return self.etat is EtatActe.A_PRENDRE and self.attendue_le is not None and self.attendue_le < le


def _qui_compte(actes: Sequence[ActeLu]) -> ActeLu | None:
    """The last act adopted, else the one that is due."""
    tenus = [a for a in actes if a.etat not in {EtatActe.A_PRENDRE, EtatActe.SANS_SUITE}]
    return next(iter(tenus or actes), None)


def lire_attendues(fiches: QuerySet[Fiche], le: date) -> list[Attendue]:
    """The délibération of each of these fiches, in their order. Five queries whatever their number."""
    loi = table_legale()
    lues = fiches.select_related("maitre_ouvrage__commune", "demarche__territoire").prefetch_related(
        "financements", Prefetch("deliberations", Deliberation.objects.order_by("-adoptee_le", "-pk"))
    )
    return [_attendue(fiche, le, loi) for fiche in lues]


def _attendue(fiche: Fiche, le: date, loi: ParametresLegaux) -> Attendue:
    saisies = lignes_de(fiche)
    actes = [lire_acte(d, fiche, saisies, le, loi) for d in fiche.deliberations.all()]
    # PostgreSQL puts unknown dates first, SQLite last: the acts due come after those taken.
    actes.sort(key=lambda a: a.etat is EtatActe.A_PRENDRE)
    acte = _qui_compte(actes)
    due = next((a.deliberation for a in actes if a.etat is EtatActe.A_PRENDRE), None)
    return Attendue(
        fiche,
        (acte and acte.deliberation.assemblee) or nom_assemblee(fiche.maitre_ouvrage),
        due.attendue_le if due else None,
        acte,
    )


def attendues(fiches: QuerySet[Fiche], le: date) -> list[Attendue]:
    """The délibération of each fiche that needs one, by owner, those to be taken first. Five queries."""
    voulues = fiches.filter(etat__in=ATTENDUE_DANS).order_by("maitre_ouvrage__nom", "numero")
    return sorted(lire_attendues(voulues, le), key=lambda ligne: ligne.etat is not EtatActe.A_PRENDRE)


def _journal(deliberation: Deliberation) -> dict[str, Any]:
    return {nom: getattr(deliberation, nom) for nom in CHAMPS_ACTE}


def _exiger_possible(deliberation: Deliberation, fiche: Fiche, le: date) -> None:
    impossibles = [r.texte for r in remarques_sur(deliberation, fiche, le) if r.impossible]
    if impossibles:
        raise ActionRefusee(" ".join(impossibles))


@transaction.atomic
def enregistrer_deliberation(
    fiche: Fiche,
    valeurs: dict[str, Any],
    *,
    par: Agent | None,
    le: date,
    deliberation: Deliberation | None = None,
    version_lue: int | None = None,
    signe: Envoi | None = None,
) -> Deliberation:
    """Adds an act (or what is due), or corrects one. `valeurs` by field of CHAMPS_ACTE.

    `signe` is the file of the signed act, kept beside it. The plan is kept the day the act becomes adopted.
    Refuses an impossible act and the same number twice;
    raises ConflitDeVersion when somebody saved it meanwhile.
    """
    fiche = (
        Fiche.objects.select_for_update(of=("self",))
        .select_related("maitre_ouvrage__commune")
        .get(pk=fiche.pk)
    )
    nouvelle = deliberation is None
    acte = deliberation or Deliberation(fiche=fiche, assemblee=nom_assemblee(fiche.maitre_ouvrage))
    avant = _journal(acte)
    for nom, valeur in valeurs.items():
        setattr(acte, nom, valeur)
    acte.numero = acte.numero.strip()
    autres = Deliberation.objects.filter(fiche=fiche).exclude(pk=acte.pk)
    if acte.numero and autres.filter(numero=acte.numero).exists():
        raise ActionRefusee(f"La délibération {acte.numero} est déjà enregistrée sur cette fiche.")
    _exiger_possible(acte, fiche, le)
    if acte.adoptee_le and (nouvelle or avant["adoptee_le"] is None):
        acte.plan_adopte = plan_de(fiche, lignes_de(fiche))
    if nouvelle:
        acte.save(force_insert=True)
        apres = {"deliberation": str(acte), "assemblee": acte.assemblee}
        consigner("ajouter_deliberation", sur=fiche, par=par, demarche_id=fiche.demarche_id, apres=apres)
        _joindre(acte, fiche, signe, par)
        return acte
    enregistrer_version(acte, version_lue or 0, [*CHAMPS_ACTE, "plan_adopte"])
    consigner_modification(
        fiche, avant, _journal(acte), par=par, demarche_id=fiche.demarche_id, geste="modifier_deliberation"
    )
    _joindre(acte, fiche, signe, par)
    return acte


def _joindre(acte: Deliberation, fiche: Fiche, signe: Envoi | None, par: Agent | None) -> None:
    if signe is not None:
        nature, titre = PieceJointe.Nature.DELIBERATION, f"Délibération {acte.numero} signée"
        deposer_piece(fiche, signe, nature=nature, titre=titre, par=par, deliberation=acte)


def pieces_de_l_acte(acte: Deliberation) -> list[PieceJointe]:
    """The files kept beside an act. One query."""
    return list(acte.pieces.filter(retiree_le=None).order_by("pk"))


@transaction.atomic
def relancer(fiches: Collection[Fiche], *, attendue_le: date | None, par: Agent | None) -> int:
    """Asks the owners for their délibération, for a date or not: due act, journal, notification.

    Returns how many fiches were concerned: those that already have an act adopted are left alone.
    """
    faites = 0
    cles = [f.pk for f in fiches]
    for fiche in (
        Fiche.objects.select_related("maitre_ouvrage", "demarche").filter(pk__in=cles).order_by("pk")
    ):
        actes = list(fiche.deliberations.all())
        if any(a.adoptee_le and a.sens in ("", Deliberation.Sens.ADOPTEE) for a in actes):
            continue
        due = next((a for a in actes if a.adoptee_le is None), None)
        if due is None:
            due = Deliberation(fiche=fiche, assemblee=nom_assemblee(fiche.maitre_ouvrage))
        due.attendue_le = attendue_le or due.attendue_le
        due.version = due.version + 1 if due.pk else 1
        due.save()
        quand = f" pour le {due.attendue_le:%d/%m/%Y}" if due.attendue_le else ""
        consigner(
            "relancer_deliberation", sur=fiche, par=par, demarche_id=fiche.demarche_id,
            apres={"assemblee": due.assemblee, "attendue_le": due.attendue_le},
        )  # fmt: skip
        notifier(
            [pk for pk in gens_du_porteur(fiche) if par is None or pk != par.pk],
            rubrique="deliberations",
            sujet="Une délibération est attendue",
            texte=f"{fiche.titre} : la délibération de votre assemblée est attendue{quand}."[:300],
            url=f"{fiche.get_absolute_url()}#actes",
        )
        faites += 1
    return faites


def geste_bloque(demarche: Demarche) -> str:
    """The gesture that the dispositif refuses without a délibération; empty when it asks none. One query."""
    parametres: dict[str, Any] | None = (
        Dispositif.objects.filter(processus=demarche.version_processus.processus_id)
        .values_list("parametres", flat=True)
        .first()
    )
    return str(((parametres or {}).get("deliberation") or {}).get("exigee_pour", ""))


def exiger_deliberation(fiche: Fiche, geste: str, le: date) -> None:
    """Refuses the gesture when the dispositif asks for an act that is missing, or that no longer holds."""
    if geste_bloque(fiche.demarche) != geste:
        return
    (ligne,) = attendues(Fiche.objects.filter(pk=fiche.pk), le) or (None,)
    if ligne is None:
        return
    if ligne.etat is EtatActe.A_PRENDRE:
        raise ActionRefusee(
            f"Il manque la délibération : {ligne.assemblee} doit d’abord adopter le projet. Ajoutez "
            "l’acte sur la fiche, ou demandez-le depuis la page « Délibérations attendues »."
        )
    if ligne.a_reprendre and ligne.acte:
        quoi = ", ".join(c.libelle.lower() for c in ligne.acte.a_reprendre)
        raise ActionRefusee(
            f"La délibération {ligne.acte.deliberation.numero} est à reprendre : depuis le vote ont changé "
            f"{quoi}. L’assemblée doit adopter le plan actuel, ou la fiche revenir à ce qui a été voté."
        )
