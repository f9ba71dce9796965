"""The columns of a fiche that a pré-instruction reads, as one plain tuple."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

from arpent.metier.reglement import CadreJuridique

from .models import Fiche


class FicheLue(NamedTuple):
    """The columns of a fiche that a pré-instruction reads or a table of pré-instructions shows."""

    pk: int | None
    numero: int
    titre: str
    etat: str
    demonstration: bool
    demarche_id: int
    territoire: str
    maitre_ouvrage_id: int
    maitre_ouvrage: str
    nature_beneficiaire: str
    population: int | None
    dispositif_id: int | None
    reglement_id: int | None
    reglement_empreinte: str | None
    theme: str | None
    maturite: str
    nature_depense: str
    categorie: str
    zonages: list[str]
    criteres: list[str]
    quantites: dict[str, Any]
    complements: dict[str, Any]
    contrats_lies: list[str]
    annee: int | None
    debut_le: date | None
    dossier_complet_le: date | None
    commence_le: date | None
    rang: int | None
    cout_ht: Decimal
    assiette: Decimal | None
    aide_demandee: Decimal
    derogation_taux: Decimal | None
    derogation_acte: str
    derogation_le: date | None
    a_deliberation: bool
    slug: str
    cout_ttc: Decimal | None = None
    tva: str = ""
    chef_de_file: bool | None = None
    convention: str | None = None
    regime: str | None = None
    derogation_motif: str | None = None
    plan_ttc: bool | None = None
    sans_travaux: bool | None = None
    votes_concordants: bool | None = None


COLONNES: tuple[str, ...] = (
    "pk", "numero", "titre", "etat", "demonstration", "demarche_id", "demarche__territoire__slug",
    "maitre_ouvrage_id", "maitre_ouvrage__nom", "maitre_ouvrage__nature", "lu_population",
    "demarche__version_processus__processus__dispositif__pk", "lu_reglement", "lu_empreinte", "theme__code",
    "maturite", "nature_depense", "categorie", "zonages", "criteres", "quantites", "complements",
    "contrats_lies", "annee", "debut_le", "dossier_complet_le", "commence_le", "priorite_maitre_ouvrage",
    "cout_ht", "assiette", "aide_demandee", "derogation_taux", "derogation_acte", "derogation_le",
    "lu_deliberation", "demarche__slug", "cout_ttc", "tva", "cadre__chef_de_file", "cadre__convention",
    "cadre__regime", "cadre__derogation_motif", "cadre__plan_ttc", "cadre__sans_travaux",
    "cadre__votes_concordants",
)  # fmt: skip


def cadre_juridique(fiche: FicheLue) -> CadreJuridique:
    """The legal frame of the fiche; the common one while nobody has said anything."""
    return CadreJuridique(
        chef_de_file=fiche.chef_de_file,
        regime=fiche.regime or "",
        plan_ttc=bool(fiche.plan_ttc),
        cout_ttc=fiche.cout_ttc,
        fctva=None if not fiche.tva else fiche.tva == Fiche.Tva.FCTVA.value,
        sans_travaux=bool(fiche.sans_travaux),
        votes_concordants=fiche.votes_concordants,
    )
