"""The SCDL files « subventions » 2.1.1 and « délibérations » 2.1.5: valid by construction.

A line that lacks what the schema requires is not written: it is told, with what to complete.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from arpent.metier.temps import ajouter_mois
from arpent.plateforme.acteurs.models import Organisation
from arpent.plateforme.contrats.models import Vote

from .lecture import Attribution

SUBVENTIONS = (
    "nomAttribuant", "idAttribuant", "dateConvention", "referenceDecision", "nomBeneficiaire",
    "idBeneficiaire", "rnaBeneficiaire", "objet", "montant", "nature", "conditionsVersement",
    "datesPeriodeVersement", "idRAE", "notificationUE", "pourcentageSubvention", "dispositifAide",
)  # fmt: skip
DELIBERATIONS = (
    "COLL_NOM", "COLL_SIRET", "DELIB_ID", "DELIB_DATE", "DELIB_MATIERE_CODE", "DELIB_MATIERE_NOM",
    "DELIB_OBJET", "BUDGET_ANNEE", "BUDGET_NOM", "PREF_ID", "PREF_DATE", "VOTE_EFFECTIF", "VOTE_REEL",
    "VOTE_POUR", "VOTE_CONTRE", "VOTE_ABSTENTION", "DELIB_URL",
)  # fmt: skip
MATIERE = ("8.4", "Domaines de competences par themes/Amenagement du territoire")
"""Of the nomenclature « Actes »: what approves a territorial contract."""
OBJET_MAX = 256
DELAI_MOIS = 3
"""Décret n° 2017-779: within three months of the signature."""
ALERTE_JOURS = 30


@dataclass(frozen=True, slots=True)
class Ecartee:
    """An award that cannot be written yet: what is missing, on which bodies, until when it is due."""

    attribution: Attribution
    manques: tuple[str, ...]
    organisations: tuple[Organisation, ...]
    echeance: date
    obligatoire: bool | None
    """None: the nature of the body is not known."""

    def est_en_retard(self, le: date) -> bool:
        return self.obligatoire is not False and le > self.echeance

    def approche(self, le: date) -> bool:
        return self.obligatoire is not False and 0 <= (self.echeance - le).days <= ALERTE_JOURS


def _une_ligne(texte: str, longueur: int) -> str:
    propre = " ".join(texte.split())
    return propre if len(propre) <= longueur else f"{propre[: longueur - 1]}…"


def _subvention(a: Attribution, siret: Mapping[int, str]) -> dict[str, str] | tuple[str, ...]:
    """The line, or what is missing."""
    qui, acte = a.octroi.beneficiaire, a.engagement
    assert acte.acte_le is not None
    manques = []
    if a.attribuant.pk not in siret:
        manques.append(f"le SIRET de {a.attribuant.nom}")
    if qui is None:
        manques.append(f"{a.octroi.ligne.maitre_ouvrage} n’est pas dans l’annuaire")
    elif qui.pk not in siret:
        manques.append(f"le SIRET de {qui.nom}")
    if not _inerte(a.octroi.ligne.titre.strip()):
        manques.append("l’intitulé du projet")
    if manques or qui is None:
        return tuple(manques)
    debut = acte.acte_le.isoformat()
    periode = f"{debut}/{a.fin.isoformat()}" if a.fin and a.fin > acte.acte_le else debut
    return {
        "nomAttribuant": _une_ligne(a.attribuant.nom, 300),
        "idAttribuant": siret[a.attribuant.pk],
        "dateConvention": debut,
        "referenceDecision": _une_ligne(acte.acte, 120),
        "nomBeneficiaire": _une_ligne(qui.nom, 300),
        "idBeneficiaire": siret[qui.pk],
        "rnaBeneficiaire": "",
        "objet": _une_ligne(a.octroi.ligne.titre, OBJET_MAX),
        "montant": f"{acte.montant.quantize(Decimal('0.01')):f}",
        "nature": "aide en numéraire",
        "conditionsVersement": "échelonné",
        "datesPeriodeVersement": periode,
        "idRAE": "",
        "notificationUE": "non",
        "pourcentageSubvention": "1.00",
        "dispositifAide": _une_ligne(a.dispositif, 300),
    }


def subventions(
    attributions: Iterable[Attribution], siret: Mapping[int, str]
) -> tuple[list[dict[str, str]], list[Ecartee]]:
    """The lines of the file, one for each beneficiary of each award; and what cannot be written yet."""
    lignes, ecartees = [], []
    for a in attributions:
        lue = _subvention(a, siret)
        if isinstance(lue, dict):
            lignes.append(lue)
            continue
        corps = (a.attribuant, a.octroi.beneficiaire)
        assert a.engagement.acte_le is not None
        ecartees.append(
            Ecartee(
                a,
                lue,
                tuple(o for o in corps if o is not None and o.pk not in siret),
                ajouter_mois(a.engagement.acte_le, DELAI_MOIS),
                a.octroi.convention.requise,
            )
        )
    return lignes, ecartees


def deliberations(votes: Iterable[Vote], siret: Mapping[int, str]) -> tuple[list[dict[str, str]], list[str]]:
    """The lines, and the names of the bodies whose SIRET is missing."""
    lignes, sans = [], set()
    for vote in votes:
        corps, contrat = vote.partie.organisation, vote.partie.contrat
        assert vote.adoptee_le is not None
        if corps.pk not in siret:
            sans.add(corps.nom)
            continue
        voix = (vote.pour, vote.contre, vote.abstentions)
        compte = all(v is not None for v in (*voix, vote.en_exercice))
        votants = sum(v or 0 for v in voix)
        compte = compte and votants <= (vote.en_exercice or 0)
        recue = vote.recue_le if vote.recue_le and vote.recue_le >= vote.adoptee_le else None
        lignes.append(
            dict.fromkeys(DELIBERATIONS, "")
            | {
                "COLL_NOM": _une_ligne(corps.nom, 300),
                "COLL_SIRET": siret[corps.pk],
                "DELIB_ID": _une_ligne(vote.numero, 60),
                "DELIB_DATE": vote.adoptee_le.isoformat(),
                "DELIB_MATIERE_CODE": MATIERE[0],
                "DELIB_MATIERE_NOM": MATIERE[1],
                "DELIB_OBJET": _une_ligne(vote.objet or f"Approbation : {contrat}", 300),
                "PREF_ID": _une_ligne(vote.accuse, 100) if recue else "",
                "PREF_DATE": recue.isoformat() if recue else "",
                "VOTE_EFFECTIF": str(vote.en_exercice) if compte else "",
                "VOTE_REEL": str(votants) if compte else "",
                "VOTE_POUR": str(vote.pour) if compte else "",
                "VOTE_CONTRE": str(vote.contre) if compte else "",
                "VOTE_ABSTENTION": str(vote.abstentions) if compte else "",
            }
        )
    return lignes, sorted(sans)


def en_csv(colonnes: tuple[str, ...], lignes: Iterable[Mapping[str, str]]) -> bytes:
    """UTF-8, commas, the columns in their order. A text that looks like a formula keeps its words."""
    sortie = io.StringIO()
    ecrit = csv.writer(sortie, lineterminator="\r\n")
    ecrit.writerow(colonnes)
    ecrit.writerows([_inerte(ligne[c]) for c in colonnes] for ligne in lignes)
    return sortie.getvalue().encode()


def _inerte(texte: str) -> str:
    """No spreadsheet computes it; no quotation mark is added to what another program reads."""
    return texte.lstrip("=+-@\t\r \n'") if texte[:1] in "=+-@\t\r" and texte else texte
