"""What others did since the last visit, object by object, from the journal."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import Q
from django.urls import reverse

from arpent.plateforme.acteurs.models import Agent
from arpent.plateforme.demarches.acces import peut_sur
from arpent.plateforme.demarches.models import Demarche
from arpent.plateforme.journal.models import Entree
from arpent.plateforme.plans.models import Fiche

from ..gestes import libelle_geste

CONNEXION = "se_connecter"
LUES = 600
"""Latest entries read: beyond, the list says that it is cut."""
FICHE = "plans.fiche"


@dataclass(slots=True)
class Change:
    """What happened to one object: the last gesture, how many, by whom, when; its page when it has one."""

    demarche: Demarche
    libelle: str
    geste: str
    par: list[str]
    le: datetime
    url: str
    nombre: int = 1
    objet: tuple[str, str] = field(default=("", ""))

    @property
    def autres(self) -> int:
        return self.nombre - 1


@dataclass(frozen=True, slots=True)
class Changements:
    """Since when, what, and whether the list is cut."""

    depuis: datetime | None
    lignes: tuple[Change, ...]
    coupe: bool = False


def visite_precedente(agent: Agent) -> datetime | None:
    """The login before the present one; None for a first visit. One query."""
    connexions = Entree.objects.filter(par_id=agent.pk, geste=CONNEXION).order_by("-numero")
    dates = list(connexions.values_list("le", flat=True)[:2])
    return dates[1] if len(dates) > 1 else None


def _lisibles(agent: Agent, demarches: Mapping[int, Demarche]) -> Q:
    """Entries the person may read: whole démarches with the journal, else those of their own fiches."""
    entieres = [pk for pk, d in demarches.items() if peut_sur(agent, "journal.voir", d)]
    condition = Q(demarche_id__in=entieres)
    organisations = [h.organisation_id for h in agent.habilitations_en_cours if h.organisation_id]
    if len(entieres) < len(demarches) and organisations:
        miennes = (
            Fiche.objects.visibles_par(agent)
            .filter(maitre_ouvrage__in=organisations, demarche__in=list(demarches))
            .order_by()
            .values_list("pk", flat=True)
        )
        condition |= Q(objet_type=FICHE, objet_id__in=[str(pk) for pk in miennes])
    return condition


def changements(
    agent: Agent, demarches: Sequence[Demarche], depuis: datetime | None, *, limite: int = LUES
) -> Changements:
    """Objects touched by others since then, the latest first. Four queries at most."""
    if depuis is None:
        return Changements(None, ())
    par_pk = {d.pk: d for d in demarches}
    entrees = list(
        Entree.objects.filter(_lisibles(agent, par_pk), le__gt=depuis, demarche_id__in=list(par_pk))
        .exclude(par_id=agent.pk)
        .defer("avant", "apres")
        .order_by("-numero")[: limite + 1]
    )
    visibles = _fiches_visibles(agent, entrees)
    par_objet: OrderedDict[tuple[str, str], Change] = OrderedDict()
    for entree in entrees[:limite]:
        objet = (entree.objet_type, entree.objet_id)
        if entree.objet_type == FICHE and entree.objet_id not in visibles:
            continue
        if change := par_objet.get(objet):
            change.nombre += 1
            if entree.auteur not in change.par:
                change.par.append(entree.auteur)
            continue
        demarche = par_pk[entree.demarche_id or 0]
        url = visibles.get(entree.objet_id, "") if entree.objet_type == FICHE else _page(objet[0], demarche)
        par_objet[objet] = Change(
            demarche, entree.libelle, libelle_geste(entree.geste), [entree.auteur], entree.le, url,
            objet=objet,
        )  # fmt: skip
    return Changements(depuis, tuple(par_objet.values()), len(entrees) > limite)


def _fiches_visibles(agent: Agent, entrees: Sequence[Entree]) -> dict[str, str]:
    """Id → page of the fiches among the entries that the agent still sees. One query."""
    ids = {e.objet_id for e in entrees if e.objet_type == FICHE and e.objet_id.isdecimal()}
    if not ids:
        return {}
    lignes = Fiche.objects.visibles_par(agent).filter(pk__in=ids).order_by()
    return {
        str(pk): reverse("plans:fiche", args=[slug, numero])
        for pk, slug, numero in lignes.values_list("pk", "demarche__slug", "numero")
    }


def _page(objet_type: str, demarche: Demarche) -> str:
    """The place of the thread where that kind of object is read."""
    room = objet_type.partition(".")[0]
    noms = {
        "plans": "plans:plan", "negociations": "negociations:maquette", "contrats": "contrats:contrat",
        "diagnostics": "diagnostics:diagnostic", "subventions": "subventions:realisation",
    }  # fmt: skip
    return reverse(noms[room], args=[demarche.slug]) if room in noms else demarche.get_absolute_url()
