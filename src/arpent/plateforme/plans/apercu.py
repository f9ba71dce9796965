"""The pré-instruction of a fiche being typed: nothing is saved, the same calculation answers."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from arpent.plateforme.acteurs.models import Organisation
from arpent.plateforme.demarches.models import Demarche
from arpent.plateforme.reglements.models import VersionReglement

from .annexes import annexes_de
from .lot import FicheLue, Lot, en_financement, lire_lot, population_de, sommes_par_nature
from .models import Fiche
from .preinstruction import Examen, examiner
from .saisies import DepenseSaisie, LigneSaisie


def _vierge(demarche: Demarche, le: date) -> FicheLue:
    """What is known of a fiche not saved yet: its territory, and the règlement in force. One query."""
    version = (
        VersionReglement.objects.filter(
            dispositif__processus=demarche.version_processus.processus_id, en_vigueur_le__lte=le
        )
        .order_by("-en_vigueur_le", "-numero")
        .values_list("dispositif_id", "pk", "empreinte")
        .first()
    )
    dispositif, pk, empreinte = version or (None, None, None)
    defauts = dict.fromkeys(FicheLue._fields) | {
        "numero": 0, "titre": "", "etat": "brouillon", "demonstration": False, "demarche_id": demarche.pk,
        "territoire": demarche.territoire.slug, "maitre_ouvrage_id": 0, "maitre_ouvrage": "",
        "nature_beneficiaire": "", "dispositif_id": dispositif, "reglement_id": pk,
        "reglement_empreinte": empreinte, "derogation_acte": "", "a_deliberation": False,
        "slug": demarche.slug,
    }  # fmt: skip
    return FicheLue(**defauts)  # type: ignore[arg-type]


def _proprietaire(lue: FicheLue, pk: int | None, le: date) -> FicheLue:
    """The owner chosen in the form, when it is not the stored one. One query at most."""
    if pk is None or pk == lue.maitre_ouvrage_id:
        return lue
    row = (
        Organisation.objects.filter(pk=pk)
        .annotate(habitants=population_de(le, ""))
        .values_list("pk", "nom", "nature", "habitants")
        .first()
    )
    if row is None:
        return lue
    return lue._replace(
        maitre_ouvrage_id=row[0], maitre_ouvrage=row[1], nature_beneficiaire=row[2], population=row[3]
    )


def _avec_saisie(lue: FicheLue, fiche: Fiche) -> FicheLue:
    """The columns that a form writes, as they are in memory."""
    return lue._replace(
        titre=fiche.titre,
        theme=fiche.theme.code if fiche.theme else None,
        maturite=fiche.maturite,
        nature_depense=fiche.nature_depense,
        categorie=fiche.categorie,
        zonages=list(fiche.zonages or ()),
        criteres=list(fiche.criteres or ()),
        quantites=dict(fiche.quantites or {}),
        complements=dict(fiche.complements or {}),
        contrats_lies=list(fiche.contrats_lies or ()),
        annee=fiche.annee,
        debut_le=fiche.debut_le,
        dossier_complet_le=fiche.dossier_complet_le,
        commence_le=fiche.commence_le,
        rang=fiche.priorite_maitre_ouvrage,
        cout_ht=fiche.cout_ht or Decimal(0),
        assiette=fiche.assiette,
        aide_demandee=fiche.aide_demandee or Decimal(0),
        derogation_taux=fiche.derogation_taux,
        derogation_acte=fiche.derogation_acte,
        derogation_le=fiche.derogation_le,
    )


def examiner_saisie(
    fiche: Fiche,
    financements: Sequence[LigneSaisie],
    depenses: Sequence[DepenseSaisie],
    secteurs: Sequence[str] | None,
    le: date,
) -> Examen:
    """Pré-instruction of what is typed on `fiche`, in memory, saved or not. Eight queries at most.

    `secteurs` None: those stored. Never writes.
    """
    cle = fiche.pk or 0
    if fiche.pk:
        lot = lire_lot(Fiche.objects.filter(pk=fiche.pk), le)
        lue = lot.fiches[0]
    else:
        lue = _vierge(fiche.demarche, le)
        lot = Lot(le, [lue])
    lue = _avec_saisie(_proprietaire(lue, fiche.maitre_ouvrage_id, le), fiche)
    annexes = annexes_de([lue], le.year) if fiche.pk is None or lue != lot.fiches[0] else {}
    saisi = Lot(
        le,
        [lue],
        financements={
            cle: tuple(
                en_financement((x.financeur, x.libelle, x.montant, x.statut, x.le)) for x in financements
            )
        },
        depenses={cle: sommes_par_nature((d.nature, d.montant) for d in depenses)} if depenses else {},
        secteurs=lot.secteurs if secteurs is None else {cle: tuple(sorted(secteurs))},
        pieces=lot.pieces,
        derogations=lot.derogations,
        aides=annexes.get("aides", lot.aides),
        engagees=annexes.get("engagees", lot.engagees),
        postes=annexes.get("postes", lot.postes),
        indicateurs=annexes.get("indicateurs", lot.indicateurs),
    )
    return examiner(saisi, lue)
