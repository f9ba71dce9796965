"""What was decided since the previous meeting: in meetings, by avenants, by awards and extensions."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date

from django.db.models import Q
from django.utils import timezone

from arpent.metier.cycles import EtatAvenant
from arpent.metier.cycles.versement import EtatProrogation
from arpent.plateforme.contrats.models import Avenant
from arpent.plateforme.demarches.reunions.models import Reunion
from arpent.plateforme.demarches.reunions.models_suites import Decision
from arpent.plateforme.documents.donnees_rendez_vous import DecisionPriseDoc
from arpent.plateforme.subventions.models import Dossier, Prorogation


def decisions_depuis(
    reunion: Reunion, noms: Mapping[int, str], depuis: date, le: date
) -> tuple[DecisionPriseDoc, ...]:
    """The latest first. `noms`: the territories of the meeting, by pk of their démarche. Four queries."""
    prises = [
        *_en_reunion(reunion, noms, depuis, le),
        *_avenants(noms, depuis, le),
        *_aides(noms, depuis, le),
        *_prorogations(noms, depuis, le),
    ]
    return tuple(sorted(prises, key=lambda d: (-d.le.toordinal(), d.nature, d.territoire, d.texte)))


def _en_reunion(
    reunion: Reunion, noms: Mapping[int, str], depuis: date, le: date
) -> Iterator[DecisionPriseDoc]:
    partagees = Reunion.autres.through.objects.filter(demarche__in=noms).values("reunion_id")
    prises = (
        Decision.objects.filter(
            Q(objet_demarche__in=noms)
            | Q(objet_demarche__isnull=True, reunion__demarche__in=noms)
            | Q(objet_demarche__isnull=True, objet_genre="", reunion__in=partagees),
            reunion__jour__range=(depuis, le),
        )
        .exclude(reunion=reunion)
        .select_related("reunion__demarche__territoire", "objet_demarche__territoire")
        .defer("reunion__synthese", "reunion__message")
    )
    for d in prises:
        ou = d.objet_demarche or d.reunion.demarche
        suite = [str(d.get_etat_display()).lower()]
        suite += [d.responsable_nom] if d.responsable_nom else []
        suite += [f"avant le {d.echeance:%d/%m/%Y}"] if d.echeance and d.etat == "a_faire" else []
        yield DecisionPriseDoc(
            d.reunion.jour, d.reunion.genre_libelle, noms.get(ou.pk, ou.territoire.nom), d.texte,
            ", ".join(suite),
        )  # fmt: skip


def _avenants(noms: Mapping[int, str], depuis: date, le: date) -> Iterator[DecisionPriseDoc]:
    en_vigueur = Avenant.objects.filter(
        contrat__demarche__in=noms, etat=EtatAvenant.EN_VIGUEUR.value,
        en_vigueur_le__date__range=(depuis, le),
    ).select_related("contrat")  # fmt: skip
    for a in en_vigueur:
        if a.en_vigueur_le:
            yield DecisionPriseDoc(
                timezone.localdate(a.en_vigueur_le), "Avenant", noms[a.contrat.demarche_id],
                f"{a} : {a.objet}", "en vigueur",
            )  # fmt: skip


def _aides(noms: Mapping[int, str], depuis: date, le: date) -> Iterator[DecisionPriseDoc]:
    attribues = Dossier.objects.filter(
        demarche__in=noms, vote_le__range=(depuis, le), montant_attribue__isnull=False
    ).select_related("fiche", "maitre_ouvrage")
    for d in attribues:
        if d.vote_le:
            suite = f"{d.maitre_ouvrage.nom}, dossier {d.reference}"
            yield DecisionPriseDoc(
                d.vote_le, "Aide attribuée", noms[d.demarche_id], d.fiche.titre, suite,
                d.montant_attribue,
            )  # fmt: skip


def _prorogations(noms: Mapping[int, str], depuis: date, le: date) -> Iterator[DecisionPriseDoc]:
    accordees = Prorogation.objects.filter(
        dossier__demarche__in=noms, etat=EtatProrogation.ACCORDEE.value,
        decidee_le__range=(depuis, le),
    ).select_related("dossier__fiche")  # fmt: skip
    for p in accordees:
        if p.decidee_le:
            texte = f"{p.get_genre_display()} de « {p.dossier.fiche.titre} »"
            yield DecisionPriseDoc(
                p.decidee_le, "Prorogation", noms[p.dossier.demarche_id],
                f"{texte} : {p.mois_accordes}\N{NO-BREAK SPACE}mois de plus", "accordée",
            )  # fmt: skip
