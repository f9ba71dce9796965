"""From stored fiches to what the règlement reads, a whole batch at a time.

A batch is a fixed number of queries whatever its size, and reads plain tuples: ten thousand fiches are
pré-instructed in seconds. The same builder serves a fiche being typed (`lue_de`).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any, NamedTuple

from django.db.models import (
    CharField,
    DecimalField,
    Exists,
    IntegerField,
    OuterRef,
    QuerySet,
    Subquery,
    Sum,
    Value,
)
from django.db.models.functions import Cast, Coalesce

from arpent.metier.argent import ZERO
from arpent.metier.cycles import EtatFiche
from arpent.metier.plan_financement import Financement, Financeur, StatutFinancement
from arpent.metier.reglement import (
    LIVRES,
    AideAnterieure,
    CadreJuridique,
    Derogation,
    DerogationRegle,
    Enveloppe,
    ParametresLegaux,
    Poste,
    Projet,
)
from arpent.plateforme.reglements.models import VersionReglement
from arpent.plateforme.reglements.parametres import table_legale
from arpent.plateforme.territoires.models import Appartenance

from .annexes import POSTE_SORTE, Engagee, annexes_de, derogations_de, par_fiche
from .models import Deliberation, Fiche, LigneDepense, LigneFinancement, PieceJointe

# A figure of an owner whose code begins so says that it is on a published list (any value but zero).
PREFIXE_LISTE = "liste_"
# Own fields of a fiche that describe an engineering post.
POSTE_QUOTITE, POSTE_LEADER = "poste_quotite", "poste_leader"


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


_COLONNES: tuple[str, ...] = (
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


def adoptees(fiche: Any) -> QuerySet[Deliberation]:
    """Délibérations of a fiche (an id or an OuterRef) that were adopted. No query."""
    return Deliberation.objects.filter(
        fiche=fiche, adoptee_le__isnull=False, sens__in=("", Deliberation.Sens.ADOPTEE.value)
    )


def population_de(le: date, qui: str = "maitre_ouvrage__") -> Coalesce:
    """Inhabitants of an organisation (`qui`: the way to it): its commune's, or those of its groupement's
    members that day.
    """
    en_cours = Appartenance.objects.filter(debut__lte=le)
    en_cours = en_cours.filter(fin__isnull=True) | en_cours.filter(fin__gt=le)
    groupement = (
        en_cours.filter(groupement=OuterRef(f"{qui}groupement_id"))
        .order_by()
        .values("groupement")
        .annotate(total=Sum("commune__population"))
        .values("total")[:1]
    )
    return Coalesce(f"{qui}commune__population", Subquery(groupement), output_field=IntegerField())


def _lues(fiches: QuerySet[Fiche], le: date) -> list[FicheLue]:
    version = VersionReglement.objects.filter(
        dispositif__processus=OuterRef("demarche__version_processus__processus_id"), en_vigueur_le__lte=le
    ).order_by("-en_vigueur_le", "-numero")
    rows = fiches.annotate(
        lu_reglement=Subquery(version.values("pk")[:1]),
        lu_empreinte=Subquery(version.values("empreinte")[:1]),
        lu_population=population_de(le),
        lu_deliberation=Exists(adoptees(OuterRef("pk"))),
    ).values_list(*_COLONNES)
    return [FicheLue._make(row) for row in rows]


def _nombre(valeur: Any) -> Decimal | None:
    try:
        nombre = Decimal(str(valeur).replace(",", "."))
    except InvalidOperation:
        return None
    return nombre if nombre.is_finite() else None


@dataclass(frozen=True, slots=True)
class Lot:
    """Fiches and all that their règlement reads of them; `projet` costs no query."""

    le: date
    fiches: list[FicheLue]
    financements: Mapping[int, tuple[Financement, ...]] = field(default_factory=dict)
    depenses: Mapping[int, Mapping[str, Decimal]] = field(default_factory=dict)
    secteurs: Mapping[int, tuple[str, ...]] = field(default_factory=dict)
    pieces: Mapping[int, tuple[str, ...]] = field(default_factory=dict)
    aides: Mapping[tuple[int, int], tuple[AideAnterieure, ...]] = field(default_factory=dict)
    engagees: Mapping[tuple[int, int], tuple[Engagee, ...]] = field(default_factory=dict)
    postes: Mapping[int, tuple[Engagee, ...]] = field(default_factory=dict)
    indicateurs: Mapping[int, Mapping[str, Decimal]] = field(default_factory=dict)
    derogations: Mapping[int, Mapping[str, DerogationRegle]] = field(default_factory=dict)
    parametres: ParametresLegaux = LIVRES
    enveloppes: Mapping[int, tuple[Enveloppe, ...]] = field(default_factory=dict)
    """By démarche, handed down by the negotiation: `engagee` is all that is promised there."""
    promis: Mapping[int, tuple[str, Decimal, bool]] = field(default_factory=dict)
    """By fiche, its own part of it: code of the envelope, euros, whether it is priority."""
    payeurs: Mapping[int, str] = field(default_factory=dict)
    """By fiche, code of the envelope that pays it or would."""

    def _enveloppes(self, fiche: FicheLue) -> tuple[Enveloppe, ...] | None:
        """What the others are promised: the fiche under examination is in no sum."""
        connues = self.enveloppes.get(fiche.demarche_id)
        if connues is None or (promis := self.promis.get(fiche.pk or 0)) is None:
            return connues
        code, montant, prioritaire = promis
        return tuple(
            replace(
                e,
                engagee=e.engagee - montant,
                engagee_prioritaire=e.engagee_prioritaire - (montant if prioritaire else ZERO),
            )
            if e.code == code
            else e
            for e in connues
        )

    def _anterieures(self, fiche: FicheLue) -> tuple[AideAnterieure, ...]:
        cle = (fiche.maitre_ouvrage_id, fiche.dispositif_id or 0)
        siennes = self.aides.get(cle, ())
        if autres := self.engagees.get(cle):
            siennes += tuple(
                replace(e.aide, annee=e.annee or self.le.year) for e in autres if e.pk != fiche.pk
            )
        return siennes

    def _poste(self, fiche: FicheLue) -> Poste | None:
        if not (sorte := fiche.complements.get(POSTE_SORTE)):
            return None
        quotite = _nombre(fiche.complements.get(POSTE_QUOTITE) or 1)
        leader = {"oui": True, "non": False, True: True, False: False}.get(
            fiche.complements.get(POSTE_LEADER)
        )
        deja = sum(e.sorte == sorte and e.pk != fiche.pk for e in self.postes.get(fiche.demarche_id, ()))
        return Poste(str(sorte), Decimal(1) if quotite is None else quotite, leader, deja)

    def projet(self, fiche: FicheLue, *, classe: str | None = None) -> Projet:
        """The fiche as the règlement sees it."""
        pk = fiche.pk or 0
        indicateurs = self.indicateurs.get(fiche.maitre_ouvrage_id, {})
        listes = {c: v for c, v in indicateurs.items() if c.startswith(PREFIXE_LISTE)}
        lies = " ".join(map(str, fiche.contrats_lies)).casefold() if fiche.contrats_lies else ""
        derogation = None
        if fiche.derogation_taux is not None and fiche.derogation_le is not None:
            derogation = Derogation(
                fiche.derogation_taux,
                fiche.derogation_acte,
                fiche.derogation_le,
                fiche.derogation_motif or "",
            )
        return Projet(
            titre=fiche.titre,
            theme=fiche.theme or "",
            maturite=fiche.maturite,
            nature_depense=fiche.nature_depense,
            beneficiaire_nature=fiche.nature_beneficiaire,
            beneficiaire_population=fiche.population,
            cout_ht=fiche.cout_ht,
            assiette=fiche.assiette,
            aide_demandee=fiche.aide_demandee,
            financements=self.financements.get(pk, ()),
            classe_vulnerabilite=classe,
            a_deliberation=bool(fiche.a_deliberation),
            derogation=derogation,
            secteurs=self.secteurs.get(pk, ()),
            categorie=fiche.categorie,
            territoire=fiche.territoire,
            zonages=tuple(fiche.zonages) or None,
            listes=tuple(c for c, v in listes.items() if v) if listes else None,
            criteres=tuple(fiche.criteres),
            pieces=self.pieces.get(pk),
            indicateurs=indicateurs,
            depenses=self.depenses.get(pk),
            quantites={u: n for u, v in fiche.quantites.items() if (n := _nombre(v)) is not None}
            if fiche.quantites
            else {},
            annee=fiche.annee,
            debut_le=fiche.debut_le,
            dossier_complet_le=fiche.dossier_complet_le,
            commence_le=fiche.commence_le or fiche.debut_le,
            rang=fiche.rang,
            aides_anterieures=self._anterieures(fiche),
            enveloppes=self._enveloppes(fiche),
            payeur=self.payeurs.get(pk, ""),
            poste=self._poste(fiche) if fiche.complements else None,
            en_contrat=fiche.etat == EtatFiche.CONTRACTUALISEE.value or fiche.convention == "contrat",
            cper="cper" in lies or fiche.convention == "cper",
            ctec="ctec" in lies or fiche.convention == "ctec",
            cadre=_cadre(fiche),
        )


def _cadre(fiche: FicheLue) -> CadreJuridique:
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


def en_financement(row: tuple[Any, ...]) -> Financement:
    """financeur, libelle, montant, statut, le."""
    return Financement(Financeur(row[0]), row[1], row[2], StatutFinancement(row[3]), row[4])


def en_financements(rows: Iterable[LigneFinancement]) -> tuple[Financement, ...]:
    """Stored rows as values."""
    return tuple(en_financement((r.financeur, r.libelle, r.montant, r.statut, r.le)) for r in rows)


def sommes_par_nature(rows: Iterable[tuple[str, Decimal]]) -> dict[str, Decimal]:
    """Expenses added up by kind."""
    sommes: dict[str, Decimal] = defaultdict(lambda: ZERO)
    for nature, montant in rows:
        sommes[nature] += montant
    return dict(sommes)


_MONTANT = DecimalField(max_digits=12, decimal_places=2)


def _etiquetees(rows: QuerySet[Any], genre: str, texte: str, montant: str | None = None) -> Any:
    """(genre, fiche, text, amount): rows of several tables in one shape."""
    return (
        rows.order_by()
        .annotate(
            u_genre=Value(genre, output_field=CharField()),
            u_texte=Cast(texte, CharField()),
            u_montant=Cast(montant or Value(0), _MONTANT),
        )
        .values_list("u_genre", "fiche_id", "u_texte", "u_montant")
    )


def _lignes(cles: list[int]) -> dict[str, dict[int, list[tuple[str, Decimal]]]]:
    """Expenses, sector policies and kinds of attachments of these fiches. One query."""
    pieces = PieceJointe.objects.filter(fiche__in=cles, retiree_le__isnull=True)
    secteurs = Fiche.politiques.through.objects.filter(fiche__in=cles)
    rows = _etiquetees(LigneDepense.objects.filter(fiche__in=cles), "depense", "nature", "montant").union(
        _etiquetees(secteurs, "secteur", "politiquesectorielle__code"),
        _etiquetees(pieces, "piece", "nature"),
        all=True,
    )
    groupes: dict[str, dict[int, list[tuple[str, Decimal]]]] = {
        genre: defaultdict(list) for genre in ("depense", "secteur", "piece")
    }
    for genre, pk, texte, montant in rows:
        groupes[genre][pk].append((texte, montant))
    return groupes


def lire_lot(fiches: QuerySet[Fiche], le: date) -> Lot:
    """Reads a batch: eight queries whatever its size. The order is that of `fiches`."""
    lues = _lues(fiches, le)
    cles = [f.pk for f in lues if f.pk is not None]
    financements = (
        LigneFinancement.objects.filter(fiche__in=cles)
        .order_by("fiche_id", "pk")
        .values_list("fiche_id", "financeur", "libelle", "montant", "statut", "le")
    )
    lignes = _lignes(cles)
    return Lot(
        le=le,
        fiches=lues,
        financements=par_fiche((row[0], en_financement(row[1:])) for row in financements),
        depenses={pk: sommes_par_nature(rows) for pk, rows in lignes["depense"].items()},
        secteurs={pk: tuple(sorted(code for code, _ in rows)) for pk, rows in lignes["secteur"].items()},
        pieces={pk: tuple(sorted({code for code, _ in rows})) for pk, rows in lignes["piece"].items()},
        derogations=derogations_de(cles),
        parametres=table_legale(),
        **annexes_de(lues, le.year),
    )
