"""Proposing an avenant: it is checked, numbered, frozen with its document, and its track is decided."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import Max

from arpent.metier.avenants import Piste
from arpent.metier.cycles import CYCLE_AVENANT
from arpent.plateforme.acteurs.models import Agent, Organisation
from arpent.plateforme.documents.actions import emettre
from arpent.plateforme.documents.empreinte import empreinte
from arpent.plateforme.documents.gabarits_autorite import gabarit_word
from arpent.plateforme.documents.rendu.pdf_avenant import rendre_avenant_pdf
from arpent.plateforme.documents.serie import en_json as doc_en_json

from ..exigences import MONTRES
from ..models import Avenant, Partie, VersionAvenant
from .actions import avant_de, exiger_en_vigueur, franchir, verrouiller_avenant
from .conversion import en_json
from .documents import avenant_doc
from .examen import Examen, examiner, variation
from .lecture import AvenantRefuse, lignes_de_mouvements
from .votes_avenant import revoir_les_votes_de


def exiger_proposable(examen: Examen) -> None:
    if examen.blocages:
        reste = len(examen.blocages) - MONTRES
        suite = f" Et {reste} autre{'s' if reste > 1 else ''} point{'s' if reste > 1 else ''}." * (reste > 0)
        raise AvenantRefuse(" ".join(examen.blocages[:MONTRES]) + suite)


@transaction.atomic
def proposer(avenant: Avenant, *, par: Agent | None, le: date) -> Avenant:
    """Freezes it: number (once), track, parties, data, PDF. AvenantRefuse says all that stops it."""
    avenant = verrouiller_avenant(avenant)
    exiger_en_vigueur(avenant.contrat)
    CYCLE_AVENANT.franchir("proposer_avenant", avenant.etat)
    examen = examiner(avenant, le)
    exiger_proposable(examen)
    champs: dict[str, Any] = {
        "piste": examen.piste.piste.value,
        "raisons": [r.texte for r in examen.piste.raisons],
    }
    if avenant.numero is None:
        dernier = avenant.contrat.avenants.aggregate(n=Max("numero"))["n"] or 0
        champs["numero"] = dernier + 1
    _noter_l_avant(avenant, examen)
    avenant = franchir(avenant, "proposer_avenant", champs, par=par)
    avenant.concernees.set(_concernees(avenant, examen))
    version = _figer(avenant, examen, par, le)
    revoir_les_votes_de(avenant, version, par=par)
    return avenant


def _noter_l_avant(avenant: Avenant, examen: Examen) -> None:
    """What each movement replaces, as of today."""
    for row, m in zip(lignes_de_mouvements(avenant), examen.mouvements, strict=True):
        avant = avant_de(examen.etat, m)
        if row.avant != avant:
            type(row).objects.filter(pk=row.pk).update(avant=avant)


# --- who approves ---------------------------------------------------------------------------------


def _concernees(avenant: Avenant, examen: Examen) -> list[Partie]:
    """The parties that approve it, by its track; those that join by it are made parties, to come."""
    contrat = avenant.contrat
    presentes = list(contrat.parties.en_cours().select_related("organisation").order_by("ordre", "pk"))
    entrantes = _faire_entrer(avenant, examen, presentes)
    match Piste(avenant.piste):
        case Piste.SIMPLE:
            return []
        case Piste.COMMISSION:
            noms = _noms_touches(examen)
            autorite = Partie.RolePartie.AUTORITE
            gardees = [p for p in presentes if p.role == autorite or p.organisation.nom in noms]
            return [*gardees, *entrantes]
        case _:
            return [*presentes, *entrantes]


def _noms_touches(examen: Examen) -> set[str]:
    """Owners, before and after, of the projects that move; parties that join or leave."""
    cles = {cle for m in examen.mouvements for cle in m.touchees}
    lignes = [*examen.etat.lignes, *examen.apres.lignes]
    return {x.maitre_ouvrage for x in lignes if x.cle in cles} | {
        m.partie for m in examen.mouvements if m.partie
    }


def _faire_entrer(avenant: Avenant, examen: Examen, presentes: Sequence[Partie]) -> list[Partie]:
    """The bodies that the avenant makes parties: named by a movement, or owners that are not one yet."""
    connus = {p.organisation.nom for p in presentes}
    voulus = {m.partie for m in examen.mouvements if m.partie and not m.sort}
    voulus |= {x.maitre_ouvrage for x in examen.apres.lignes} - connus
    cles = {cle for m in examen.mouvements for cle in m.touchees}
    touchees = [x for x in examen.apres.lignes if x.cle in cles and x.maitre_ouvrage in voulus]
    porteurs = {x.maitre_ouvrage_id for x in touchees if x.maitre_ouvrage_id is not None}
    organisations = _organisations(avenant, voulus - connus, porteurs)
    ordre = max((p.ordre for p in presentes), default=0)
    entrees = []
    for rang, organisation in enumerate(organisations, 1):
        partie, _ = Partie.objects.update_or_create(
            contrat=avenant.contrat,
            organisation=organisation,
            defaults={"entree": avenant, "sortie": None},
            create_defaults={
                "role": Partie.RolePartie.SIGNATAIRE,
                "ordre": ordre + rang,
                "entree": avenant,
            },
        )
        entrees.append(partie)
    return entrees


def _organisations(avenant: Avenant, noms: set[str], porteurs: set[int]) -> list[Organisation]:
    """The bodies of those names among those that the movements name. Two queries."""
    if not noms:
        return []
    nommees = set(
        avenant.mouvements.filter(organisation__isnull=False).values_list("organisation", flat=True)
    )
    pks = {pk for pk in (*nommees, *porteurs) if pk is not None}
    return list(Organisation.objects.filter(pk__in=pks, nom__in=noms).order_by("nom"))


# --- freezing -------------------------------------------------------------------------------------


def _figer(avenant: Avenant, examen: Examen, par: Agent | None, le: date) -> VersionAvenant:
    """The version: data, fingerprint, PDF (what is signed), Word. RenduImpossible (French)."""
    derniere = avenant.versions.order_by("-numero").first()
    numero = derniere.numero + 1 if derniere else 1
    doc = avenant_doc(avenant, examen, etabli_le=le, version=numero)
    donnees = {
        "mouvements": [en_json(m) for m in examen.mouvements],
        "variation": str(variation(examen)),
        "date_effet": avenant.date_effet.isoformat() if avenant.date_effet else None,
        "document": json.loads(doc_en_json(doc)),
    }
    canonique = json.dumps(donnees, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    marque = empreinte(canonique.encode())
    version = VersionAvenant.objects.create(
        avenant=avenant, numero=numero, gabarit=doc.gabarit, donnees=donnees, empreinte=marque,
        par_nom=par.nom_complet if par else "Arpent",
    )  # fmt: skip
    demarche = avenant.contrat.demarche
    word = gabarit_word(demarche.autorite.pk, "avenant")
    version.documents.set(
        emettre(
            contenu,
            nom=f"avenant-{avenant.numero}-{demarche.slug}-v{numero}.{suffixe}",
            titre=f"{doc.titre}, version {numero}",
            genre="avenant",
            gabarit=gabarit,
            sur=version,
            demarche_id=demarche.pk,
            donnees={"avenant": avenant.numero, "version": numero, "empreinte_des_donnees": marque},
            par_id=par.pk if par else None,
            par_nom=version.par_nom,
        )
        for suffixe, gabarit, contenu in (
            ("pdf", doc.gabarit, rendre_avenant_pdf(doc)),
            ("docx", word.code or doc.gabarit, word.rendre(doc)),
        )
    )
    return version
