"""Pré-instruction: done again on a fiche, a rule set aside, and by batch on a plan or a dispositif."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any, cast

from django.contrib import messages
from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from arpent.metier.argent import ZERO
from arpent.metier.cycles import EtatFiche
from arpent.metier.reglement import LIBELLES_VERDICT, Verdict
from arpent.plateforme.acteurs.acces import page
from arpent.plateforme.acteurs.droits import peut
from arpent.plateforme.acteurs.models import Agent
from arpent.plateforme.demarches.acces import page_demarche, peut_sur
from arpent.plateforme.demarches.models import Demarche
from arpent.plateforme.reglements.models import Dispositif

from ..actions import ActionRefusee
from ..avancement import Bilan, conclure_en_lot
from ..colonnes import pastille_etat
from ..conclusions import refaire
from ..constats import GENRES_VERDICT, depuis_json
from ..derogations import codes_de_droit, deroger, lever_derogation
from ..droits import PRE_INSTRUIRE, du_ressort, peut_sur_le_theme
from ..filtres import ETATS
from ..forms.actes import DerogerForm, LeverForm
from ..lot import lire_lot
from ..models import DerogationRegle, Fiche
from ..preinstruction import constat_en_json, examiner, preinstruire_fiche, reglement_de
from .fiche import exiger
from .formulaires import PageFormulaire
from .volets import fiche_ou_404

PAR_PAGE = 100
CONCLUABLES = frozenset(e.value for e in (EtatFiche.PROPOSEE, EtatFiche.PRE_INSTRUITE))


@page_demarche("fiche.pre_instruire", "POST")
def preinstruction_refaire(request: HttpRequest, demarche: Demarche, numero: int) -> HttpResponse:
    """Concludes again with the fiche and the règlement of today; the earlier conclusion stays."""
    fiche = fiche_ou_404(request, demarche, numero)
    exiger(peut_sur_le_theme(cast(Agent, request.user), PRE_INSTRUIRE, fiche))
    try:
        refaire(fiche, par=cast(Agent, request.user), le=date.today())
    except ActionRefusee as refus:
        messages.error(request, str(refus))
    else:
        messages.success(request, "La pré-instruction est refaite ; la précédente reste dans l’historique.")
    return redirect(f"{fiche.get_absolute_url()}#preinstruction")


@page_demarche("regle.deroger", "GET", "HEAD", "POST")
def regle_deroger(request: HttpRequest, demarche: Demarche, numero: int, regle: str) -> HttpResponse:
    """Sets a rule aside for this fiche, as it answers today."""
    fiche = fiche_ou_404(request, demarche, numero)
    examen = preinstruire_fiche(fiche, date.today())
    resultat = examen.resultat
    constat = next((c for c in resultat.constats if c.regle == regle), None) if resultat else None
    if constat is None:
        raise Http404("Cette règle n’est pas dans le règlement en vigueur.")
    en_json = constat_en_json(constat)
    form = DerogerForm(request.POST if request.method == "POST" else None)
    formulaire = PageFormulaire(
        demarche=demarche,
        fiche=fiche,
        titre="Écarter une règle pour ce projet",
        envoyer="Écarter cette règle",
        retour=f"{fiche.get_absolute_url()}#preinstruction",
        intro="Votre nom, la date et le motif resteront visibles sur la fiche, dans la pré-instruction et "
        "dans la liste des dérogations du dispositif.",
        genre="danger",
        extra={"constat": depuis_json(en_json)},
    )

    def agir() -> DerogationRegle:
        de_droit = regle in codes_de_droit(reglement_de(examen))
        d = form.cleaned_data
        return deroger(
            fiche, en_json, de_droit=de_droit, motif=d["motif"], plafond=d["plafond"],
            par=cast(Agent, request.user),
        )  # fmt: skip

    return formulaire.traiter(request, form, agir, "La règle est écartée pour ce projet.")


@page_demarche("regle.deroger", "GET", "HEAD", "POST")
def derogation_lever(request: HttpRequest, demarche: Demarche, numero: int, pk: int) -> HttpResponse:
    """Withdraws an override: it stays readable."""
    fiche = fiche_ou_404(request, demarche, numero)
    objet = get_object_or_404(DerogationRegle, pk=pk, fiche=fiche)
    form = LeverForm(request.POST if request.method == "POST" else None)
    formulaire = PageFormulaire(
        demarche=demarche,
        fiche=fiche,
        titre="Retirer une dérogation",
        envoyer="Retirer la dérogation",
        retour=f"{fiche.get_absolute_url()}#preinstruction",
        intro=f"« {objet.intitule} » (article {objet.article}) s’appliquera de nouveau. La dérogation et son "
        "retrait resteront visibles.",
        genre="danger",
    )

    def agir() -> DerogationRegle:
        return lever_derogation(objet, motif=form.cleaned_data["motif"], par=cast(Agent, request.user))

    return formulaire.traiter(request, form, agir, "La dérogation est retirée.")


def _dispositif(request: HttpRequest, slug: str) -> tuple[Dispositif, QuerySet[Fiche]]:
    """A dispositif in the perimeter, with its visible fiches."""
    agent = cast(Agent, request.user)
    dispositif = Dispositif.objects.select_related("autorite").filter(slug=slug).first()
    visibles = Demarche.objects.visibles_par(agent)
    if (
        dispositif is None
        or not visibles.filter(version_processus__processus=dispositif.processus_id).exists()
    ):
        raise Http404("Ce dispositif n’existe pas, ou n’est pas dans votre périmètre.")
    fiches = Fiche.objects.visibles_par(agent).filter(
        demarche__version_processus__processus=dispositif.processus_id
    )
    return dispositif, fiches


@page("dispositif.voir")
def derogations(request: HttpRequest, slug: str) -> HttpResponse:
    """Every rule set aside under a dispositif, withdrawn ones included."""
    dispositif, fiches = _dispositif(request, slug)
    toutes = list(
        DerogationRegle.objects.filter(fiche__in=fiches.values("pk"))
        .select_related("fiche__demarche__territoire", "fiche__maitre_ouvrage")
        .order_by("-decidee_le", "-pk")[:500]
    )
    contexte = {
        "dispositif": dispositif,
        "derogations": toutes,
        "en_cours": sum(d.levee_le is None for d in toutes),
        "peut_preinstruire": peut(cast(Agent, request.user), "fiche.pre_instruire"),
    }
    return render(request, "plans/derogations.html", contexte)


@dataclass(frozen=True, slots=True)
class LigneLot:
    """One fiche of a batch and what the règlement says of it today."""

    numero: int
    titre: str
    slug: str
    maitre_ouvrage: str
    etat: Any
    verdict: tuple[str, str] | None
    aide: Any
    demandee: Any
    plafond: str
    manque: str
    concluable: bool


def _ligne(lue: Any, examen: Any) -> LigneLot:
    resultat = examen.resultat
    a_verifier = (
        [c.intitule for c in resultat.constats if c.verdict is Verdict.A_VERIFIER] if resultat else []
    )
    liant = resultat.plafond_liant if resultat else None
    return LigneLot(
        lue.numero,
        lue.titre,
        lue.slug,
        lue.maitre_ouvrage,
        pastille_etat(lue.etat),
        (GENRES_VERDICT[resultat.verdict], LIBELLES_VERDICT[resultat.verdict]) if resultat else None,
        resultat.aide_maximale if resultat else None,
        lue.aide_demandee,
        f"{liant.intitule} (article {liant.article})" if liant else "",
        " ; ".join(a_verifier),
        lue.etat in CONCLUABLES,
    )


def _examiner_page(fiches: QuerySet[Fiche], request: HttpRequest) -> tuple[Page[Any], list[LigneLot]]:
    """The page asked for, examined: a fixed number of queries."""
    feuilles = Paginator(fiches.values_list("pk", flat=True), PAR_PAGE)
    feuille = feuilles.get_page(request.GET.get("page"))
    cles = list(feuille.object_list)
    rang = {pk: n for n, pk in enumerate(cles)}
    lot = lire_lot(Fiche.objects.filter(pk__in=cles).order_by(), date.today())
    lues = sorted(lot.fiches, key=lambda f: rang[f.pk or 0])
    return feuille, [_ligne(lue, examiner(lot, lue)) for lue in lues]


def _etat_demande(request: HttpRequest) -> str:
    etat = request.GET.get("etat", EtatFiche.PROPOSEE.value)
    return etat if etat in ETATS else ""


def _contexte(request: HttpRequest, fiches: QuerySet[Fiche], ordre: tuple[str, ...]) -> dict[str, Any]:
    etat = _etat_demande(request)
    if etat:
        fiches = fiches.filter(etat=etat)
    feuille, lignes = _examiner_page(fiches.order_by(*ordre), request)
    return {
        "page": feuille,
        "lignes": lignes,
        "etats": [(code, mot, code == etat) for code, mot in ETATS.items()],
        "total_aide": sum((x.aide for x in lignes if x.aide is not None), ZERO),
        "total_demande": sum((x.demandee for x in lignes), ZERO),
    }


def _page_lot(
    request: HttpRequest,
    demarche: Demarche,
    bilans: list[Bilan] | None = None,
    erreur: str = "",
    status: int = 200,
) -> HttpResponse:
    agent = cast(Agent, request.user)
    contexte = _contexte(request, Fiche.objects.visibles_par(agent).filter(demarche=demarche), ("numero",))
    contexte |= {
        "demarche": demarche,
        "peut_conclure": peut_sur(agent, "fiche.pre_instruire", demarche),
        "bilans": bilans,
        "erreur": erreur,
    }
    return render(request, "plans/preinstruction_lot.html", contexte, status=status)


@page_demarche("plan.voir", "GET", "HEAD", "POST")
def preinstruction_lot(request: HttpRequest, demarche: Demarche) -> HttpResponse:
    """The règlement over the whole plan; POST concludes the ticked fiches and reports on each."""
    if request.method != "POST":
        return _page_lot(request, demarche)
    agent = cast(Agent, request.user)
    exiger(peut_sur(agent, "fiche.pre_instruire", demarche))
    numeros = [int(n) for n in request.POST.getlist("fiche") if n.isascii() and n.isdigit() and len(n) < 10]
    choisies = list(
        Fiche.objects.visibles_par(agent)
        .filter(demarche=demarche, numero__in=numeros[:500])
        .order_by("numero")
    )
    if not choisies:
        return _page_lot(request, demarche, erreur="Cochez au moins une fiche à conclure.", status=400)
    return _page_lot(request, demarche, conclure_en_lot(choisies, par=agent, le=date.today()))


@page("fiche.pre_instruire")
def preinstruction_dispositif(request: HttpRequest, slug: str) -> HttpResponse:
    """The règlement over every fiche of a dispositif, a hundred a page."""
    dispositif, fiches = _dispositif(request, slug)
    fiches = fiches.filter(du_ressort(cast(Agent, request.user), PRE_INSTRUIRE))
    contexte = _contexte(request, fiches, ("demarche__slug", "numero")) | {"dispositif": dispositif}
    return render(request, "plans/preinstruction_dispositif.html", contexte)
