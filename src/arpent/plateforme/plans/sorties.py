"""From stored fiches to the documents one hands over: the fiches projets themselves.

A batch is a fixed number of queries whatever its size. The other documents have their own module: `rapports`,
`projets_deliberation`, `pieces_attendues`.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from django.db.models import Prefetch, QuerySet

from arpent.metier.argent import ZERO
from arpent.metier.cycles import EtatFiche
from arpent.metier.plan_financement import (
    LIBELLES_FINANCEUR,
    LIBELLES_STATUT,
    Financeur,
    StatutFinancement,
)
from arpent.plateforme.demarches.models import Demarche
from arpent.plateforme.documents import donnees_fiche as docs
from arpent.plateforme.documents.donnees import LignePlanDoc
from arpent.plateforme.documents.rendu.photo import photo
from arpent.plateforme.documents.rendu.texte import jour
from arpent.plateforme.reglements.fiches import ModeleFiche

from .champs import modele_de
from .equilibre import AUTORITES, equilibre_de
from .lot import en_financements
from .models import Deliberation, DemarcheFinanceur, Fiche, LigneFinancement, PieceJointe
from .preinstruction import Examen, preinstruire_fiches
from .rapports import examen_doc
from .situation import Fond, carte, lire_fond
from .valeurs import reperes_et_textes

FICHES_MAX = 200
"""Fiches in one booklet: beyond, it is neither read nor composed in time."""


class TropDeFiches(ValueError):
    """More fiches than one document can hold; the message is French and says what to do."""

    def __init__(self) -> None:
        super().__init__(
            f"Un document réunit au plus {FICHES_MAX} fiches : filtrez le plan (thème, axe, état), puis "
            "demandez-le de nouveau."
        )


def du_plan(fiches: QuerySet[Fiche]) -> QuerySet[Fiche]:
    """Those that a document of the whole plan holds: neither drafts nor fiches merged into another."""
    return fiches.exclude(etat=EtatFiche.BROUILLON).filter(fusionnee_dans__isnull=True)


def completes(fiches: QuerySet[Fiche], demarche: Demarche) -> list[Fiche]:
    """The fiches with all that their documents print, in the order of the numbers: nine queries.

    Raises TropDeFiches.
    """
    rows = fiches.select_related(
        "maitre_ouvrage", "maitre_ouvrage_delegue", "theme", "axe", "enjeu", "commune"
    ).prefetch_related(
        "financements",
        "depenses",
        "demarches_financeurs",
        "deliberations",
        "politiques",
        "derogations_regles",
        "preinstructions",
        Prefetch("pieces", PieceJointe.objects.filter(retiree_le__isnull=True)),
    )
    lues = list(rows.order_by("numero")[: FICHES_MAX + 1])
    if len(lues) > FICHES_MAX:
        raise TropDeFiches
    for fiche in lues:
        fiche.demarche = demarche  # already loaded with its authority and territory
    return lues


def fiches_doc(demarche: Demarche, fiches: Sequence[Fiche], le: date, *, seule: bool) -> docs.FichesDoc:
    """The booklet of `completes` fiches, photos included. A fixed number of queries."""
    modele, fond = modele_de(demarche), lire_fond(demarche, le)
    examens = preinstruire_fiches(fiches, le) if fiches else {}
    titre = "Les fiches projets du plan d’actions"
    if seule and fiches:
        titre = f"Fiche {fiches[0].numero} : {fiches[0].titre}"
    return docs.FichesDoc(
        titre=titre,
        autorite=demarche.autorite.nom,
        territoire=demarche.territoire.nom,
        dispositif=demarche.processus.dispositif.nom,
        etabli_le=le,
        fiches=tuple(_fiche(f, modele, fond, examens[f.pk]) for f in fiches),
    )


def _fiche(fiche: Fiche, modele: ModeleFiche, fond: Fond | None, examen: Examen) -> docs.FicheProjetDoc:
    reperes, textes = reperes_et_textes(fiche, modele)
    natures = {n.code: n.libelle for n in modele.natures}
    source = ", n° ".join(x for x in (fiche.source, fiche.source_identifiant) if x)
    return docs.FicheProjetDoc(
        numero=str(fiche.numero),
        titre=fiche.titre,
        maitre_ouvrage=fiche.maitre_ouvrage.nom,
        lieu=fiche.commune.nom if fiche.commune else "",
        etat=fiche.get_etat_display(),
        reperes=reperes,
        textes=textes,
        cout_ht=fiche.cout_ht or None,
        cout_ttc=fiche.cout_ttc,
        assiette=fiche.assiette,
        aide_demandee=fiche.aide_demandee or None,
        depenses=tuple(
            docs.DepenseDoc(d.libelle, natures.get(d.nature, d.nature), d.montant, d.eligible)
            for d in fiche.depenses.all()
        ),
        plan=lignes_du_plan(fiche),
        refuses=tuple(
            _ligne(row, fiche) for row in fiche.financements.all() if row.statut == StatutFinancement.REFUSE
        ),
        contacts=tuple(_contact(d) for d in fiche.demarches_financeurs.all()),
        examen=examen_doc(fiche, examen),
        actes=tuple(_acte(d) for d in fiche.deliberations.all()),
        carte=carte(fond, fiche),
        photo=_photo(fiche),
        source=source,
        demonstration=fiche.demonstration,
    )


def lignes_du_plan(fiche: Fiche) -> tuple[LignePlanDoc, ...]:
    """The rows that count; the aid agreed, else the aid asked that none carries, has one of its own."""
    plan = equilibre_de(fiche, en_financements(fiche.financements.all()))
    comptes = [
        row
        for row in fiche.financements.all()
        if row.statut != StatutFinancement.REFUSE and not plan.remplace(row.financeur, row.statut)
    ]
    rows = [_ligne(row, fiche) for row in comptes if row.financeur != Financeur.AUTOFINANCEMENT]
    if plan.accordee is not None:
        rows.append(_de_l_autorite(fiche, "Aide accordée", StatutFinancement.ACQUIS, plan.accordee))
    elif plan.aide_hors_plan > ZERO:
        rows.append(_de_l_autorite(fiche, "Aide demandée", StatutFinancement.SOLLICITE, plan.aide_hors_plan))
    propres = [_ligne(row, fiche) for row in comptes if row.financeur == Financeur.AUTOFINANCEMENT]
    return (*rows, *propres)


def _de_l_autorite(fiche: Fiche, libelle: str, statut: StatutFinancement, montant: Decimal) -> LignePlanDoc:
    nom, mot = fiche.demarche.autorite.nom, LIBELLES_STATUT[statut].lower()
    return LignePlanDoc(nom, libelle, mot, montant, demonstration=fiche.demonstration)


def _ligne(row: LigneFinancement, fiche: Fiche) -> LignePlanDoc:
    financeur = Financeur(row.financeur)
    nom = LIBELLES_FINANCEUR[financeur]
    if AUTORITES.get(fiche.demarche.autorite.nature) is financeur:
        nom = fiche.demarche.autorite.nom
    return LignePlanDoc(
        financeur=nom,
        libelle=", ".join(x for x in (row.libelle, jour(row.le) if row.le else "") if x),
        statut=LIBELLES_STATUT[StatutFinancement(row.statut)].lower(),
        montant=row.montant,
        est_autofinancement=financeur is Financeur.AUTOFINANCEMENT,
        demonstration=row.demonstration,
    )


def _contact(d: DemarcheFinanceur) -> docs.ContactFinanceurDoc:
    suite = ", ".join(x for x in (d.suite, f"pour le {jour(d.suite_le)}" if d.suite_le else "") if x)
    reponse = d.get_reponse_display() if d.genre == DemarcheFinanceur.Genre.DEMARCHE else ""
    return docs.ContactFinanceurDoc(
        financeur=d.get_financeur_display(),
        genre=d.get_genre_display(),
        quoi=", ".join(x for x in (d.dispositif, d.interlocuteur) if x),
        reponse=" : ".join(x for x in (reponse, d.precision) if x),
        suite=suite,
        montant=d.montant,
        le=d.le,
    )


def _acte(d: Deliberation) -> docs.ActeDoc:
    return docs.ActeDoc(
        assemblee=d.assemblee,
        numero=d.numero,
        prise_le=d.adoptee_le,
        sens=d.get_sens_display() if d.sens else "",
        attendue_le=d.attendue_le,
        recue_le=d.recue_le,
    )


def _photo(fiche: Fiche) -> docs.ImageDoc | None:
    """The first photo whose file is still there and can be read."""
    for piece in fiche.pieces.all():
        if piece.nature == PieceJointe.Nature.PHOTO:
            try:
                with piece.fichier.open("rb") as flux:
                    image = photo(flux.read(), piece.titre)
            except OSError:
                continue
            if image is not None:
                return image
    return None
