"""Acts of award issued for good: frozen data, template version, SHA-256; a new issue keeps the old."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models.fields.json import KT

from arpent.metier.argent import formater_euros
from arpent.metier.attribution import obstacle_a_l_emission
from arpent.plateforme.acteurs.models import Agent
from arpent.plateforme.contrats.exigences import ContratRefuse, verrouiller
from arpent.plateforme.contrats.signatures.circuits import en_une_fois
from arpent.plateforme.demarches.models import Demarche
from arpent.plateforme.documents.actions import emettre
from arpent.plateforme.documents.donnees_attribution import GENRES_EMIS, AttributionDoc, CompletionDoc
from arpent.plateforme.documents.donnees_charte import CharteDoc
from arpent.plateforme.documents.empreinte import empreinte_des_donnees
from arpent.plateforme.documents.gabarits_autorite import GabaritWord
from arpent.plateforme.documents.models import DocumentEmis
from arpent.plateforme.documents.rendu.vue_attribution import blancs
from arpent.plateforme.documents.serie import en_json
from arpent.plateforme.journal.actions import consigner
from arpent.plateforme.plans.models import Fiche

from .actes import FORMATS, GENRES, acte_doc, charte_du, rendre, word_du
from .attribution import Cadre, Engagement, Octroi, contrat_en_vigueur, lire_cadre, lire_octrois
from .completions import Completions, completions_de

_SANS_DATE = date(1, 1, 1)
_CODES = {genre: code for code, genre in GENRES_EMIS.items()}


@dataclass(frozen=True, slots=True)
class ActeEmis:
    """One issue of an act: the same words in each of its files."""

    code: str
    fiche_id: int
    projet: str
    version: int
    aide: Decimal
    empreinte: str
    """That of what it was drawn from, whatever its day: two issues that say the same have the same."""
    fichiers: tuple[DocumentEmis, ...]

    @property
    def nom(self) -> str:
        return GENRES[self.code][1]

    @property
    def emis_le(self) -> Any:
        return self.fichiers[0].emis_le

    @property
    def par(self) -> str:
        return self.fichiers[0].emis_par_nom

    @property
    def gabarits(self) -> tuple[str, ...]:
        return tuple(f.gabarit for f in self.fichiers)


@dataclass(slots=True)
class Emission:
    """What one gesture issued; `refus`: what was left aside, and why (French sentences)."""

    emis: list[ActeEmis] = field(default_factory=list)
    refus: list[str] = field(default_factory=list)


def actes_emis(demarche: Demarche) -> dict[int, list[ActeEmis]]:
    """Every issue of each project, letters first, the latest first. One query, without the frozen data."""
    lus = (
        DocumentEmis.objects.filter(
            demarche_id=demarche.pk, objet_type=Fiche._meta.label_lower, genre__in=_CODES
        )
        .annotate(
            rang=KT("donnees__version"),
            aide=KT("donnees__acte__aide"),
            projet=KT("donnees__acte__numero_projet"),
            marque=KT("donnees__empreinte_des_donnees"),
        )
        .defer("donnees")
        .order_by("pk")
    )
    groupes: dict[tuple[int, str, int], list[Any]] = defaultdict(list)
    for document in lus:
        groupes[int(document.objet_id), _CODES[document.genre], int(document.rang)].append(document)
    par_fiche: dict[int, list[ActeEmis]] = defaultdict(list)
    ordre = list(GENRES)
    for (fiche_id, code, rang), documents in sorted(
        groupes.items(), key=lambda x: (x[0][0], ordre.index(x[0][1]), -x[0][2])
    ):
        premier = documents[0]
        par_fiche[fiche_id].append(
            ActeEmis(
                code, fiche_id, str(premier.projet), rang, Decimal(premier.aide), premier.marque,
                tuple(documents),
            )
        )  # fmt: skip
    return dict(par_fiche)


def obstacle(octroi: Octroi, cadre: Cadre) -> str:
    """Why this project has no act to issue yet; empty when it has."""
    if octroi.fiche is None:
        return "aucune fiche n’est liée à ce projet."
    if dossier := cadre.dossiers.get(octroi.fiche.pk):
        return obstacle_a_l_emission(dossier.decision, dossier.vote_le)
    engage = cadre.engagements.get(octroi.fiche.pk, Engagement())
    return obstacle_a_l_emission(engage.acte, engage.acte_le)


def a_verifier(octroi: Octroi, cadre: Cadre) -> str:
    """A sum committed that is not the aid; empty otherwise."""
    engage = cadre.engagements.get(octroi.fiche.pk, Engagement()) if octroi.fiche else Engagement()
    dossier = cadre.dossiers.get(octroi.fiche.pk) if octroi.fiche else None
    aide = octroi.ligne.aide if dossier is None else dossier.montant_attribue
    if not engage.montant or engage.montant == aide:
        return ""
    return f"crédits engagés : {formater_euros(engage.montant)}"


@dataclass(frozen=True, slots=True)
class _Atelier:
    """What the acts of one issue share."""

    cadre: Cadre
    charte: CharteDoc | None
    words: Mapping[str, GabaritWord]
    deja: Mapping[int, Sequence[ActeEmis]]
    connues: Completions
    blancs_permis: bool
    le: date
    par: Agent | None


def emettre_actes(
    demarche: Demarche,
    *,
    genres: Collection[str],
    projets: Collection[int] | None,
    le: date,
    par: Agent | None,
    completions: Completions | None = None,
    blancs_permis: bool = False,
) -> Emission:
    """Issues the acts of these projects (pk of fiches; None: all, a convention only where it may be due).

    `completions`: what goes in the blanks; what the last issue of a project said stands for the others. An
    act with a blank left is not issued, unless `blancs_permis`: they are then filled in by hand.
    One transaction; the files go away with it when it fails. ContratRefuse, RenduImpossible (French). What is
    not ready, or says what its last version says already, is left aside and told.
    """
    with en_une_fois() as ecrits:
        contrat = verrouiller(contrat_en_vigueur(demarche))
        contrat.demarche = demarche
        cadre, emission = lire_cadre(contrat, le), Emission()
        words = {code: word_du(cadre, GENRES[code][0]) for code in GENRES if code in genres}
        connues = completions_de(demarche, completions or Completions())
        atelier = _Atelier(
            cadre, charte_du(cadre), words, actes_emis(demarche), connues, blancs_permis, le, par
        )
        for octroi in _choisis(lire_octrois(contrat, le), projets):
            if raison := obstacle(octroi, cadre):
                emission.refus.append(f"Projet {octroi.ligne.numero} : {raison}")
                continue
            for code in words:
                if _concerne(octroi, code, projets):
                    _emettre_un(octroi, code, atelier, emission, ecrits)
        return emission


def blancs_des_actes(
    demarche: Demarche,
    *,
    genres: Collection[str],
    projets: Collection[int] | None,
    le: date,
    completions: Completions | None = None,
) -> dict[int, list[str]]:
    """What is to be filled in before these acts are issued, by project. Reads alone. ContratRefuse."""
    contrat = contrat_en_vigueur(demarche)
    cadre = lire_cadre(contrat, le)
    charte, connues = charte_du(cadre), completions or Completions()
    manquent: dict[int, list[str]] = {}
    for octroi in _choisis(lire_octrois(contrat, le), projets):
        if octroi.fiche is None or obstacle(octroi, cadre):
            continue
        trouves = [
            quoi
            for code in GENRES
            if code in genres and _concerne(octroi, code, projets)
            for quoi in blancs(_acte(cadre, octroi, code, le, charte, connues))
        ]
        if trouves:
            manquent[octroi.fiche.pk] = list(dict.fromkeys(trouves))
    return manquent


def _concerne(octroi: Octroi, code: str, projets: Collection[int] | None) -> bool:
    return projets is not None or code != "convention" or octroi.convention.requise is not False


def _acte(
    cadre: Cadre, octroi: Octroi, code: str, le: date, charte: CharteDoc | None, connues: Completions
) -> AttributionDoc:
    """The act with what is known of its blanks."""
    doc = acte_doc(cadre, octroi, GENRES[code][0], le, charte)
    assert octroi.fiche is not None
    valeurs, attendus = connues.du_projet(octroi.fiche.pk), blancs(doc)
    return replace(doc, completions=tuple(CompletionDoc(x, valeurs[x]) for x in attendus if valeurs.get(x)))


def _choisis(octrois: Iterable[Octroi], projets: Collection[int] | None) -> list[Octroi]:
    if projets is None:
        return list(octrois)
    choisis = [o for o in octrois if o.fiche is not None and o.fiche.pk in projets]
    if len(choisis) != len(set(projets)):
        raise ContratRefuse(
            "Un projet choisi n’a plus d’aide au contrat en vigueur : relisez la liste, puis recommencez."
        )
    return choisis


def marque_de(doc: AttributionDoc) -> str:
    """The fingerprint of what an act says, whatever its day and its version."""
    return empreinte_des_donnees(replace(doc, version=0, etabli_le=_SANS_DATE))


def _emettre_un(
    octroi: Octroi, code: str, atelier: _Atelier, emission: Emission, ecrits: list[DocumentEmis]
) -> None:
    fiche, word = octroi.fiche, atelier.words[code]
    assert fiche is not None
    projet = _acte(atelier.cadre, octroi, code, atelier.le, atelier.charte, atelier.connues)
    gabarits = tuple((f == "docx" and word.code) or projet.gabarit for f in FORMATS)
    marque = marque_de(projet)
    derniere = next((a for a in atelier.deja.get(fiche.pk, ()) if a.code == code), None)
    nom = GENRES[code][1]
    if (manquent := blancs(projet)) and not atelier.blancs_permis:
        emission.refus.append(
            f"Projet {octroi.ligne.numero} : {nom.lower()}, il reste à compléter : {', '.join(manquent)}."
        )
        return
    if derniere is not None and (derniere.empreinte, derniere.gabarits) == (marque, gabarits):
        emission.refus.append(
            f"Projet {octroi.ligne.numero} : {nom.lower()}, la version {derniere.version} dit déjà la même "
            "chose."
        )
        return
    version = derniere.version + 1 if derniere else 1
    doc = replace(projet, version=version)
    donnees = {"version": version, "empreinte_des_donnees": marque, "acte": json.loads(en_json(doc))}
    fichiers = []
    for format, gabarit in zip(FORMATS, gabarits, strict=True):
        fichiers.append(
            emettre(
                rendre(doc, format, word),
                nom=f"{code}-{atelier.cadre.demarche.slug}-{fiche.numero}-v{version}.{format}",
                titre=f"{nom} du projet {octroi.ligne.numero}, version {version}",
                genre=GENRES_EMIS[code], gabarit=gabarit, sur=fiche, demarche_id=fiche.demarche_id,
                donnees=donnees, par_id=atelier.par.pk if atelier.par else None,
                par_nom=atelier.par.nom_complet if atelier.par else "Arpent",
            )
        )  # fmt: skip
        ecrits.append(fichiers[-1])
    consigner(
        "emettre_acte", sur=atelier.cadre.contrat, par=atelier.par, demarche_id=fiche.demarche_id,
        libelle=f"{nom} du projet {octroi.ligne.numero}",
        apres={"version": version, "aide": doc.aide, **{f"empreinte_{f.format}": f.sha256 for f in fichiers}},
    )  # fmt: skip
    emission.emis.append(
        ActeEmis(code, fiche.pk, doc.numero_projet, version, doc.aide, marque, tuple(fichiers))
    )
