"""Pages of the contract. Reading writes nothing; until it is signed, the text is that of today's data."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Count, Prefetch
from django.http import FileResponse, Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from arpent.metier.cycles import CYCLE_CONTRAT, EtatAvenant, EtatContrat, Transition, TransitionRefusee
from arpent.metier.votes import EtatVote
from arpent.plateforme.acteurs.acces import RequeteAgent
from arpent.plateforme.demarches.acces import page_demarche, peut_sur
from arpent.plateforme.demarches.models import Demarche
from arpent.plateforme.documents.actions import servir, telecharger
from arpent.plateforme.documents.models import DocumentEmis
from arpent.plateforme.documents.rendu.pdf import RenduImpossible
from arpent.plateforme.negociations.credits.restes import restes_rendus
from arpent.plateforme.negociations.sorties import mentions_de
from arpent.plateforme.socle.versions import ConflitDeVersion, page_conflit

from . import actions, particuliers, parties_ajoutees
from .archives import archiver
from .assemblage import assembler, trouver_contrat
from .contrat_exterieur import est_reprise, lire_reprise
from .droits import CONCLURE, peut_noter_vote
from .exigences import ContratRefuse
from .fin import FINISSABLES, fin_en_cours
from .forms import ContratForm, PartieAjoutForm, PartieForm
from .lecture_votes import votes_des
from .models import CircuitSignature, Contrat, FinContrat, Partie, VersionContrat
from .seances import PIECES
from .signatures.lecture import CircuitLu, lire_circuits
from .signatures.separement import GENRE as GENRE_PARTICULIER
from .terme import terme_de
from .texte_en_vigueur import contrat_fige

VOIR, REDIGER, GENERER = "contrat.voir", "contrat.rediger", "contrat.generer"
PREPARER_AVENANT = "avenant.preparer"
GENRES_AVENANT = {e.value: "info" for e in EtatAvenant} | {
    EtatAvenant.EN_VIGUEUR.value: "ok",
    EtatAvenant.ABANDONNE.value: "neutre",
    EtatAvenant.SIGNE.value: "alerte",
}
VERSIONS_MONTREES = 20
A_PART = frozenset({"reprendre_contrat_signe", "solder"})
"""Gestures that have their own page."""
EMIS = ("contrats.versioncontrat", "contrats.versionavenant", "contrats.contrat")


def _retour(demarche: Demarche) -> str:
    return reverse("contrats:contrat", args=[demarche.slug])


def _contrat(demarche: Demarche) -> Contrat:
    contrat = trouver_contrat(demarche)
    if contrat is None:
        raise Http404("Le contrat de ce territoire n’est pas encore préparé.")
    return contrat


def _gestes(
    request: RequeteAgent, contrat: Contrat, demarche: Demarche, fin: FinContrat | None
) -> list[Transition]:
    if contrat.pk is None:
        return []
    caches = A_PART if fin is not None and fin.effet_le <= date.today() else A_PART | {"resilier"}
    possibles = CYCLE_CONTRAT.gestes_possibles(contrat.etat)
    ouverts = [t for t in possibles if t.geste not in caches and peut_sur(request.user, t.droit, demarche)]
    if any(t.geste == "constater_echeance" for t in ouverts):  # only whoever concludes pays its three queries
        terme = terme_de(contrat)
        if terme is not None and date.today() <= terme:
            return [t for t in ouverts if t.geste != "constater_echeance"]
    return ouverts


def _fin(request: RequeteAgent, contrat: Contrat, demarche: Demarche) -> dict[str, Any]:
    """The early end that was noted, and what the reader may do about it. One query."""
    fin = fin_en_cours(contrat) if contrat.pk else None
    conclut = contrat.etat in FINISSABLES and bool(peut_sur(request.user, CONCLURE, demarche))
    return {
        "fin": fin,
        "peut_mettre_fin": conclut and fin is None,
        "peut_abandonner_fin": conclut and fin is not None,
        "gestes": _gestes(request, contrat, demarche, fin),
    }


def _versions(contrat: Contrat) -> list[VersionContrat]:
    """Last versions with their files; the frozen data stay in the database. Two queries."""
    if contrat.pk is None:
        return []
    files = Prefetch("documents", DocumentEmis.objects.defer("donnees").order_by("pk"))
    recentes = contrat.versions.defer("donnees").prefetch_related(files).order_by("-numero")
    return list(recentes[:VERSIONS_MONTREES])


def _votes(
    request: RequeteAgent, parties: Sequence[Partie], demarche: Demarche, versions: Sequence[VersionContrat]
) -> dict[str, Any]:
    """The vote of each party, and whether the reader may note it. Two queries.

    Of a contract signed outside Arpent, what was typed when it was taken over. One query.
    """
    le = date.today()
    d_origine = [p for p in parties if p.entree_id is None]
    if est_reprise(versions):
        return {"reprise": lire_reprise(versions[0], d_origine)}
    lus = votes_des(d_origine, le)
    deliberent = [v for v in lus if v.examen.etat is not EtatVote.SANS_OBJET]
    return {
        "votes": [
            (v, v.examen.en_retard(le), bool(peut_noter_vote(request.user, v.partie, demarche))) for v in lus
        ],
        "pieces_de_seance": PIECES,
        "executoires": sum(v.examen.etat is EtatVote.EXECUTOIRE for v in deliberent),
        "a_deliberer": len(deliberent),
    }


def _signature(
    request: RequeteAgent, contrat: Contrat, parties: Sequence[Partie], demarche: Demarche
) -> dict[str, Any]:
    """The circuits that count (one, or one a signatory), the abandoned ones, what may open. Two queries."""
    lus: list[CircuitLu] = lire_circuits(contrat, request.user, demarche) if contrat.pk else []
    vivants = [c for c in reversed(lus) if c.circuit.etat != CircuitSignature.Etat.ABANDONNE]
    appelees = {p.place.partie_id for c in vivants for p in c.places}
    ouvrable = contrat.etat == EtatContrat.SIGNATURE and bool(peut_sur(request.user, CONCLURE, demarche))
    oubliees = [p for p in parties if p.entree_id is None and p.pk not in appelees] if vivants else []
    propre = any(c.circuit.document.genre == GENRE_PARTICULIER for c in vivants)
    separees = propre or len(vivants) > 1 or (bool(oubliees) and contrat.etat == EtatContrat.SIGNATURE)
    return {
        "signature": vivants[0] if vivants and not separees else None,
        "signatures_separees": vivants if separees else [],
        "signees": sum(c.faites for c in vivants),
        "a_signer": sum(len(c.places) for c in vivants),
        "sans_circuit": oubliees,
        "circuits_passes": [c for c in lus if c.circuit.etat == CircuitSignature.Etat.ABANDONNE],
        "peut_ouvrir": ouvrable and not vivants,
        "peut_completer": ouvrable and bool(oubliees),
    }


def _avenants(request: RequeteAgent, contrat: Contrat, demarche: Demarche) -> dict[str, Any]:
    """The avenants of a contract that was signed, what its awards gave back. Two queries."""
    signe = contrat.etat in {EtatContrat.EN_VIGUEUR, EtatContrat.ECHU, EtatContrat.SOLDE, EtatContrat.RESILIE}
    if contrat.pk is None or not signe:
        return {"signe": False}
    avenants = contrat.avenants.annotate(nombre=Count("mouvements")).order_by("numero", "pk")
    return {
        "signe": True,
        "avenants": [(a, GENRES_AVENANT[a.etat]) for a in avenants],
        "restes": restes_rendus(demarche),
        "peut_preparer": contrat.etat == EtatContrat.EN_VIGUEUR
        and bool(peut_sur(request.user, PREPARER_AVENANT, demarche)),
    }


@page_demarche(VOIR)
def contrat(request: RequeteAgent, demarche: Demarche) -> HttpResponse:
    assemblage = assembler(demarche, date.today())
    matiere = assemblage.matiere
    versions = _versions(matiere.contrat)
    fige = contrat_fige(matiere.contrat, date.today())
    contexte: dict[str, Any] = {
        "demarche": demarche,
        "dispositif": matiere.dispositif,
        "contrat": matiere.contrat,
        "existe": matiere.contrat.pk is not None,
        "etat": CYCLE_CONTRAT.libelle(matiere.contrat.etat),
        "parties": matiere.parties,
        "fige": fige,
        "texte": fige.texte if fige else assemblage.texte,
        "nombre_projets": fige.nombre if fige else len(matiere.inscrites),
        "total_aides": fige.total if fige else assemblage.total_aides,
        "versions": versions,
        "peut_rediger": bool(peut_sur(request.user, REDIGER, demarche)),
        "peut_generer": matiere.contrat.pk is not None
        and matiere.contrat.etat in actions.GENERABLES
        and bool(peut_sur(request.user, GENERER, demarche)),
        "peut_archiver": matiere.contrat.pk is not None and bool(peut_sur(request.user, GENERER, demarche)),
        "particuliers": {p.pk for p in particuliers.signataires(assemblage)},
        "mentions": mentions_de(matiere.inscrites, assemblage.parts),
        **_fin(request, matiere.contrat, demarche),
        **_votes(request, matiere.parties, demarche, versions),
        **_signature(request, matiere.contrat, matiere.parties, demarche),
        **_avenants(request, matiere.contrat, demarche),
        "peut_reprendre": matiere.contrat.pk is not None
        and matiere.contrat.etat == EtatContrat.REDACTION
        and bool(peut_sur(request.user, "contrat.conclure", demarche)),
    }
    return render(request, "contrats/contrat.html", contexte)


def _agir(request: RequeteAgent, demarche: Demarche, geste: Callable[[], str]) -> HttpResponse:
    """Makes a gesture, says how it went, comes back to the contract."""
    try:
        messages.success(request, geste())
    except (ContratRefuse, TransitionRefusee, RenduImpossible) as refus:
        messages.error(request, str(refus))
    return redirect(_retour(demarche))


@page_demarche(REDIGER, "POST")
def preparer(request: RequeteAgent, demarche: Demarche) -> HttpResponse:
    def geste() -> str:
        contrat = actions.contrat_de(demarche, request.user)
        return f"Le contrat est préparé avec {contrat.parties.count()} parties."

    return _agir(request, demarche, geste)


@page_demarche(REDIGER, "POST")
def parties(request: RequeteAgent, demarche: Demarche) -> HttpResponse:
    def geste() -> str:
        nombre = actions.completer_parties(_contrat(demarche), par=request.user)
        return f"{nombre} parties ajoutées." if nombre > 1 else "Une partie ajoutée." if nombre else (
            "La liste des parties est à jour."
        )  # fmt: skip

    return _agir(request, demarche, geste)


@page_demarche(GENERER, "POST")
def generer(request: RequeteAgent, demarche: Demarche) -> HttpResponse:
    def geste() -> str:
        version = actions.generer(_contrat(demarche), request.user)
        return f"La version {version.numero} est générée : PDF, Word et Excel sont à télécharger ci-dessous."

    return _agir(request, demarche, geste)


@page_demarche(VOIR, "POST")
def geste(request: RequeteAgent, demarche: Demarche) -> HttpResponse:
    """One gesture of the cycle; the right is that of the gesture."""
    nom = request.POST.get("geste", "")
    voulu = next((t for t in CYCLE_CONTRAT.transitions if t.geste == nom), None)
    if voulu is None:
        raise Http404("Ce geste n’existe pas.")
    if not (avis := peut_sur(request.user, voulu.droit, demarche)):
        raise PermissionDenied(avis.raison)

    def faire() -> str:
        contrat = actions.faire_avancer(_contrat(demarche), nom, par=request.user)
        return f"Le contrat est maintenant : {CYCLE_CONTRAT.libelle(contrat.etat).lower()}."

    return _agir(request, demarche, faire)


@page_demarche(REDIGER, "GET", "HEAD", "POST")
def modifier(request: RequeteAgent, demarche: Demarche) -> HttpResponse:
    contrat = _contrat(demarche)
    form = ContratForm(request.POST or None, instance=contrat)
    if request.method == "POST" and form.is_valid():
        lu = form.cleaned_data
        try:
            actions.enregistrer_contrat(contrat, lu, version_lue=lu["version_lue"], par=request.user)
        except ConflitDeVersion as conflit:
            retour = reverse("contrats:modifier", args=[demarche.slug])
            return page_conflit(request, conflit, titre="Le contrat a changé entre-temps", retour=retour)
        except ContratRefuse as refus:
            form.add_error(None, str(refus))
        else:
            messages.success(request, "Le contrat est enregistré.")
            return redirect(_retour(demarche))
    titre = f"Contrat de {demarche.territoire.nom} : référence, date d’effet, préambule"
    return _formulaire(request, demarche, form, titre)


@page_demarche(REDIGER, "GET", "HEAD", "POST")
def partie(request: RequeteAgent, demarche: Demarche, pk: int) -> HttpResponse:
    objet = get_object_or_404(
        Partie.objects.select_related("organisation", "contrat"), pk=pk, contrat__demarche=demarche
    )
    form = PartieForm(request.POST or None, instance=objet)
    if request.method == "POST" and form.is_valid():
        lu = form.cleaned_data
        try:
            actions.enregistrer_partie(objet, lu, version_lue=lu["version_lue"], par=request.user)
        except ConflitDeVersion as conflit:
            retour = reverse("contrats:partie", args=[demarche.slug, pk])
            return page_conflit(request, conflit, titre="La partie a changé entre-temps", retour=retour)
        except ContratRefuse as refus:
            form.add_error(None, str(refus))
        else:
            messages.success(request, f"{objet.organisation.nom} : enregistré.")
            return redirect(_retour(demarche))
    return _formulaire(request, demarche, form, objet.organisation.nom)


@page_demarche(REDIGER, "GET", "HEAD", "POST")
def partie_ajouter(request: RequeteAgent, demarche: Demarche) -> HttpResponse:
    contrat = _contrat(demarche)
    form = PartieAjoutForm(request.POST if request.method == "POST" else None, contrat=contrat)
    if request.method == "POST" and form.is_valid():
        try:
            ajoutee = parties_ajoutees.ajouter_partie(contrat, form.cleaned_data, par=request.user)
        except ContratRefuse as refus:
            form.add_error(None, str(refus))
        else:
            messages.success(request, f"{ajoutee.organisation.nom} est partie au contrat.")
            return redirect(_retour(demarche))
    return _formulaire(request, demarche, form, "Ajouter une partie au contrat")


@page_demarche(REDIGER, "POST")
def partie_retirer(request: RequeteAgent, demarche: Demarche, pk: int) -> HttpResponse:
    objet = get_object_or_404(
        Partie.objects.select_related("organisation", "contrat"), pk=pk, contrat__demarche=demarche
    )

    def geste() -> str:
        parties_ajoutees.retirer_partie(objet, par=request.user)
        return f"{objet.organisation.nom} n’est plus partie au contrat."

    return _agir(request, demarche, geste)


@page_demarche(VOIR)
def particulier(request: RequeteAgent, demarche: Demarche, pk: int, format: str) -> HttpResponse:
    """The contract of one signatory, drawn from today's data; nothing is kept."""
    if format not in particuliers.RENDUS:
        raise Http404("Ce format n’existe pas : pdf ou docx.")
    assemblage = assembler(demarche, date.today(), complet=True)
    voulue = next((p for p in assemblage.matiere.parties if p.pk == pk), None)
    if voulue is None:
        raise Http404("Cette partie n’est pas au contrat.")
    try:
        doc = particuliers.particulier_doc(assemblage, voulue, version="de travail")
        contenu = particuliers.RENDUS[format](doc, particuliers.word_de(assemblage))
    except (ContratRefuse, RenduImpossible) as refus:
        messages.error(request, str(refus))
        return redirect(_retour(demarche))
    return telecharger(contenu, particuliers.nom_de_fichier(voulue.ordre, voulue, format))


@page_demarche(GENERER)
def archive(request: RequeteAgent, demarche: Demarche) -> HttpResponseBase:
    """Every act of the contract in one zip, with its manifest; drawn now, kept nowhere."""
    contrat = _contrat(demarche)
    dossier = TemporaryDirectory()
    chemin = Path(dossier.name) / "archive.zip"
    archiver(contrat, chemin, date.today())
    reponse = FileResponse(chemin.open("rb"), as_attachment=True, filename=f"contrat-{demarche.slug}.zip")
    dossier.cleanup()
    reponse["Cache-Control"] = "private, no-store"
    return reponse


def _formulaire(
    request: RequeteAgent, demarche: Demarche, form: ContratForm | PartieForm | PartieAjoutForm, titre: str
) -> HttpResponse:
    status = 422 if form.is_bound else 200
    contexte = {"demarche": demarche, "form": form, "titre": titre, "retour": _retour(demarche)}
    return render(request, "contrats/formulaire.html", contexte, status=status)


@page_demarche(VOIR)
def document(request: RequeteAgent, demarche: Demarche, pk: int) -> HttpResponse:
    """One file of an issued version; a document of another démarche does not exist here."""
    emis = get_object_or_404(DocumentEmis, pk=pk, demarche_id=demarche.pk, objet_type__in=EMIS)
    return servir(emis)
