"""Moving a fiche along its cycle, and what people add to it on the way."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from django.db import transaction
from django.db.models import Q

from arpent.metier.cycles import CYCLE_FICHE, EtatFiche
from arpent.metier.reglement import LIBELLES_VERDICT
from arpent.plateforme.acteurs.models import Agent, Habilitation
from arpent.plateforme.journal.actions import consigner
from arpent.plateforme.notifications.actions import notifier
from arpent.plateforme.reglements.fiches import ETAPES

from .actions import ActionRefusee, noter_champs
from .champs import manques
from .models import Deliberation, Fiche, Preinstruction
from .place import noter_plan
from .preinstruction import constat_en_json, preinstruire_fiche

# Gestures that make no sense without saying why.
AVEC_MOTIF = frozenset({"demander_complement", "differer", "refuser"})
ANNONCES = {
    EtatFiche.PROPOSEE: "Une fiche est à pré-instruire",
    EtatFiche.A_COMPLETER: "Un complément est demandé",
    EtatFiche.PRE_INSTRUITE: "Une fiche est pré-instruite",
    EtatFiche.RETENUE: "Une fiche est retenue",
    EtatFiche.DIFFEREE: "Une fiche est différée",
    EtatFiche.REFUSEE: "Une fiche n’est pas retenue",
}
_INSTRUISENT = ("chef_de_projet", "instructeur")
_PORTENT = ("maire", "secretaire_mairie", "president_syndicat", "agent_epci", "president_epci")


def _exiger_complete(fiche: Fiche, geste: str) -> None:
    """A step is crossed with what the dispositif asks for it; what earlier ones asked was theirs to check."""
    if noms := [str(m) for m in manques(fiche, geste) if m.etape == geste]:
        suite = noms[0] if len(noms) == 1 else f"{', '.join(noms[:-1])} et {noms[-1]}"
        raise ActionRefusee(
            f"Pour {ETAPES[geste]}, il manque : {suite}. Modifiez la fiche, puis recommencez."
        )


def _destinataires(fiche: Fiche, vers: EtatFiche) -> list[int]:
    """Who is told: those who examine when it is proposed, else those who carry the project."""
    en_cours = Habilitation.objects.en_cours(date.today())
    if vers is EtatFiche.PROPOSEE:
        rows = en_cours.filter(role__in=_INSTRUISENT, autorite_id=fiche.demarche.autorite.pk)
    else:
        a_qui = Q(organisation_id=fiche.maitre_ouvrage_id, territoire_id=fiche.demarche.territoire_id)
        rows = en_cours.filter(a_qui, role__in=_PORTENT)
    return list(rows.values_list("agent_id", flat=True))


def _conclure(fiche: Fiche, par: Agent | None, le: date) -> Preinstruction:
    """Freezes the pré-instruction as it stands that day."""
    examen = preinstruire_fiche(fiche, le)
    if examen.resultat is None:
        raise ActionRefusee(
            "Aucun règlement n’est en vigueur pour ce dispositif : l’autorité doit d’abord le publier."
        )
    resultat = examen.resultat
    return Preinstruction.objects.create(
        fiche=fiche,
        reglement=examen.reglement,
        verdict=resultat.verdict.value,
        aide_maximale=resultat.aide_maximale,
        plafond_liant=resultat.plafond_liant.intitule if resultat.plafond_liant else "",
        constats=[constat_en_json(c) for c in resultat.constats],
        par_nom=par.nom_complet if par else "Arpent",
    )


@transaction.atomic
def faire_avancer_fiche(fiche: Fiche, geste: str, *, par: Agent | None, motif: str = "") -> Fiche:
    """Crosses one transition of CYCLE_FICHE. Raises TransitionRefusee or ActionRefusee, in French."""
    fiche = (
        Fiche.objects.select_for_update(of=("self",))
        .select_related(
            "maitre_ouvrage", "demarche__territoire", "demarche__version_processus__processus__autorite"
        )
        .get(pk=fiche.pk)
    )
    avant, motif = fiche.etat, motif.strip()
    transition = CYCLE_FICHE.franchir(geste, avant)
    vers = EtatFiche(transition.vers)
    if geste in AVEC_MOTIF and not motif:
        raise ActionRefusee(
            f"« {transition.libelle} » demande un motif : écrivez-le, il sera lu par le porteur."
        )
    apres: dict[str, object] = {"etat": vers.value}
    _exiger_complete(fiche, geste)
    if geste == "pre_instruire":
        conclue = _conclure(fiche, par, date.today())
        apres |= {"verdict": conclue.verdict, "aide_maximale": conclue.aide_maximale}
    fiche.etat = vers.value
    fiche.version += 1
    fiche.save(update_fields=["etat", "version", "modifie_le"])
    consigner(
        geste,
        sur=fiche,
        par=par,
        demarche_id=fiche.demarche_id,
        motif=motif,
        avant={"etat": avant},
        apres=apres,
    )
    if sujet := ANNONCES.get(vers):
        qui = [pk for pk in _destinataires(fiche, vers) if par is None or pk != par.pk]
        suite = f" : {motif}" if motif else ""
        notifier(qui, sujet=sujet, texte=f"{fiche.titre}{suite}"[:300], url=fiche.get_absolute_url())
    noter_plan(fiche.demarche)
    return fiche


def noter_priorites(
    fiche: Fiche, priorites: dict[str, int | None], *, version_lue: int, par: Agent | None
) -> Fiche:
    """Sets one or several of the three priorities (1 = first)."""
    return noter_champs(fiche, priorites, version_lue=version_lue, par=par, geste="prioriser")


def noter_derogation(
    fiche: Fiche, *, taux: Decimal | None, acte: str, le: date | None, version_lue: int, par: Agent | None
) -> Fiche:
    """Records the préfet's act that lowers the owner's minimum share, or removes it (all empty)."""
    if len({taux is None, not acte, le is None}) > 1:
        raise ActionRefusee("Une dérogation se saisit entière : le taux, l’acte du préfet et sa date.")
    valeurs = {"derogation_taux": taux, "derogation_acte": acte, "derogation_le": le}
    return noter_champs(fiche, valeurs, version_lue=version_lue, par=par, geste="noter_derogation")


@transaction.atomic
def ajouter_deliberation(
    fiche: Fiche, *, numero: str, adoptee_le: date, assemblee: str, par: Agent | None
) -> Deliberation:
    """Adds the act by which the owner adopts the project; the same number twice is refused."""
    numero = numero.strip()
    if Deliberation.objects.filter(fiche=fiche, numero=numero).exists():
        raise ActionRefusee(f"La délibération {numero} est déjà enregistrée sur cette fiche.")
    acte = Deliberation.objects.create(fiche=fiche, numero=numero, adoptee_le=adoptee_le, assemblee=assemblee)
    consigner(
        "ajouter_deliberation",
        sur=fiche,
        par=par,
        demarche_id=fiche.demarche_id,
        apres={"deliberation": str(acte), "assemblee": assemblee},
    )
    return acte


def libelle_verdict(verdict: str) -> str:
    """French label of a frozen verdict."""
    return next((libelle for code, libelle in LIBELLES_VERDICT.items() if code.value == verdict), verdict)
