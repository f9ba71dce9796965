"""What the meetings know of the plan: the fiches they may be about, and the projects that are blocked.

A fiche is named by its number in the démarche. Drafts and confidential avis are never handed down: whoever
reads a meeting may not read them.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import timedelta

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.urls import reverse
from django.utils import timezone

from arpent.metier.cycles import EtatFiche
from arpent.plateforme.acteurs.models import Agent
from arpent.plateforme.demarches.models import Demarche
from arpent.plateforme.demarches.reunions.objets import (
    PROPOSES_MAX,
    Cle,
    Fait,
    GenreObjet,
    Objet,
    ObjetLu,
    declarer,
    declarer_releve,
)

from .droits import voit
from .lot import adoptees
from .models import AvisService, Fiche

A_COMPLETER_DEPUIS, SANS_NOUVELLES = timedelta(days=60), timedelta(days=180)
FAITS_MAX = 100
E = EtatFiche


def _objet(fiche: Fiche) -> Objet:
    return Objet("fiche", fiche.numero, f"Fiche {fiche.numero}\N{NO-BREAK SPACE}: {fiche.titre}")


def _fiches(demarche: Demarche) -> QuerySet[Fiche]:
    """Those that everybody on the territory may read."""
    return Fiche.objects.filter(demarche=demarche).exclude(etat=E.BROUILLON.value).order_by("numero")


def chercher_fiches(demarche: Demarche, texte: str) -> Sequence[Objet]:
    """By its number, or by words of its title. One query."""
    condition = Q(titre__icontains=texte)
    if texte.isdecimal() and len(texte) < 9:
        condition = Q(numero=int(texte))
    elif texte.startswith("Fiche ") and ":" in texte:
        numero = texte.removeprefix("Fiche ").partition(":")[0].strip()
        condition = Q(numero=int(numero)) if numero.isdecimal() and len(numero) < 9 else condition
    return [_objet(f) for f in _fiches(demarche).filter(condition)[:9]]


def lister_fiches(demarche: Demarche) -> Sequence[Objet]:
    """By number. One query."""
    return [_objet(f) for f in _fiches(demarche).only("numero", "titre")[:PROPOSES_MAX]]


def lire_fiches(cles: Collection[Cle]) -> Mapping[Cle, ObjetLu]:
    """By their number in the démarche; a draft is read by its owner and those who run it. One query."""
    fiches = (
        Fiche.objects.filter(demarche__in={d for d, _ in cles}, numero__in={n for _, n in cles})
        .select_related("demarche__version_processus__processus__autorite", "theme")
        .defer("demarche__version_processus__definition")
        .order_by()
    )
    lues = {(f.demarche_id, f.numero): ObjetLu(
            _objet(f).libelle, _lisible(f), pour=f.maitre_ouvrage_id,
            themes=frozenset({f.theme.code} if f.theme else ()),
        )
        for f in fiches
    }  # fmt: skip
    return {cle: lu for cle, lu in lues.items() if cle in set(cles)}


def _lisible(fiche: Fiche) -> Callable[[Agent], bool]:
    return lambda agent: voit(agent, fiche)


def relever_les_blocages(demarche: Demarche) -> Sequence[Fait]:
    """What a permanence may talk about, in four lists. Four queries."""
    le = timezone.now()
    fiches = _fiches(demarche).select_related("maitre_ouvrage")
    faits = [
        Fait("À compléter depuis plus de deux mois", _dire(f), _objet(f))
        for f in fiches.filter(etat=E.A_COMPLETER.value, modifie_le__lt=le - A_COMPLETER_DEPUIS)[:FAITS_MAX]
    ]
    retenues = fiches.filter(etat=E.RETENUE.value)
    faits += [
        Fait("Sans délibération du maître d’ouvrage", _dire(f), _objet(f))
        for f in retenues.filter(~Exists(adoptees(OuterRef("pk"))))[:FAITS_MAX]
    ]
    avis = (
        AvisService.objects.filter(
            fiche__in=_fiches(demarche).order_by(), confidentiel=False, rendu_le__isnull=False,
            sens__in=(AvisService.Sens.RESERVE, AvisService.Sens.DEFAVORABLE),
        )
        .select_related("fiche__maitre_ouvrage")
        .order_by("fiche__numero", "pk")
    )  # fmt: skip
    faits += [
        Fait(f"Avis {a.get_sens_display()} : {a.service}"[:120], _dire(a.fiche), _objet(a.fiche))
        for a in avis[:FAITS_MAX]
    ]
    inscrites = fiches.filter(
        etat=E.CONTRACTUALISEE.value,
        realisation=Fiche.Realisation.A_VENIR,
        modifie_le__lt=le - SANS_NOUVELLES,
    )
    faits += [Fait("Sans nouvelles depuis six mois", _dire(f), _objet(f)) for f in inscrites[:FAITS_MAX]]
    return faits


def _dire(fiche: Fiche) -> str:
    return f"{fiche.titre} ({fiche.maitre_ouvrage.nom}) : où en est ce projet ?"


def declarer_au_demarrage() -> None:
    declarer(
        GenreObjet(
            "fiche",
            "Fiche projet",
            chercher_fiches,
            lambda demarche, numero: reverse("plans:fiche", args=[demarche.slug, numero]),
            lire=lire_fiches,
            droit="plan.voir",
            ce="cette fiche",
            converse=False,
            lister=lister_fiches,
        )
    )
    declarer_releve("plans", relever_les_blocages)
