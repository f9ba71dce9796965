"""From the rows of a scenario to the maquette of `arpent.metier`: what is counted, and how it is read."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache, lru_cache
from typing import Any

from django.db.models import Prefetch, Q, Sum, prefetch_related_objects

from arpent.metier.argent import ZERO
from arpent.metier.cycles.fiche import EtatFiche
from arpent.metier.plan_financement import Financeur, LigneMaquette, Maquette, StatutFinancement
from arpent.metier.reglement import Constat, Preinstruction
from arpent.metier.repartition import Imputation
from arpent.metier.temps import annees_contrat
from arpent.plateforme.demarches.models import Demarche
from arpent.plateforme.plans.lot import FicheLue, Lot, lire_lot
from arpent.plateforme.plans.models import Fiche, LigneFinancement, est_a_part
from arpent.plateforme.plans.models.fiche import FicheQuerySet
from arpent.plateforme.plans.preinstruction import examiner
from arpent.plateforme.reglements.models import Dispositif

from .credits_promis import avec_enveloppes
from .imputations import Ouverts, ouverts_de
from .models import Proposition, Scenario

SANS_THEME = "Sans thème"
RETENUE = Proposition.Decision.RETENUE.value
_FINANCEUR_DE = {"departement": Financeur.DEPARTEMENT, "region": Financeur.REGION, "etat": Financeur.ETAT}
_GENERATION = re.compile(r"(20\d\d)\D+(20\d\d)")


@dataclass(frozen=True, slots=True)
class LigneArbitrage:
    """One fiche of the arbitration table: its row, its proposition (None: nothing yet), its examen."""

    fiche: Fiche
    proposition: Proposition | None
    ligne: LigneMaquette
    acquis_etat: Decimal
    acquis_autres: Decimal
    examen: Preinstruction | None
    demonstration: bool
    imputation: Imputation | None = None

    @property
    def maximum(self) -> Decimal | None:
        """The most that the règlement allows; None when no règlement is in force."""
        return None if self.examen is None else self.examen.aide_maximale

    @property
    def plafond_liant(self) -> Constat | None:
        return None if self.examen is None else self.examen.plafond_liant

    @property
    def depasse(self) -> bool:
        """True when the aid that counts is above the maximum (it then carries a motif)."""
        return self.maximum is not None and self.ligne.aide_comptee > self.maximum


def financeur_de(dispositif: Dispositif) -> Financeur:
    """The kind of funder the authority is."""
    return _FINANCEUR_DE.get(dispositif.autorite.nature, Financeur.AUTRE_PUBLIC)


def annees_de(demarche: Demarche, dispositif: Dispositif) -> tuple[int, ...]:
    """Budget years of the contract: those its generation names, else from the opening of the démarche."""
    return _annees_ecrites(demarche) or annees_contrat(demarche.ouverte_le, dispositif.duree_annees)


def premiere_annee(demarche: Demarche) -> int:
    """The first of `annees_de`, which does not depend on how long the contract lasts. No query."""
    return next(iter(_annees_ecrites(demarche)), demarche.ouverte_le.year)


def _annees_ecrites(demarche: Demarche) -> tuple[int, ...]:
    """Those that its generation names; none when it names no period of at most 16 years."""
    if trouve := _GENERATION.search(demarche.generation):
        debut, fin = int(trouve[1]), int(trouve[2])
        if 0 <= fin - debut <= 15:
            return tuple(range(debut, fin + 1))
    return ()


def _acquis(fiche: Fiche) -> dict[Financeur, Decimal]:
    """Aids already granted by others, by kind of funder. No query when the rows are prefetched."""
    sommes: dict[Financeur, Decimal] = {}
    for row in fiche.financements.all():
        financeur = Financeur(row.financeur)
        if row.statut == StatutFinancement.ACQUIS and financeur is not Financeur.AUTOFINANCEMENT:
            sommes[financeur] = sommes.get(financeur, ZERO) + row.montant
    return sommes


def assiette_de(fiche: Fiche, proposition: Proposition | None = None) -> Decimal:
    """The base: what the negotiation retains, else that of the fiche, else its whole cost."""
    if proposition is not None and proposition.assiette is not None:
        return proposition.assiette
    return fiche.cout_ht if fiche.assiette is None else fiche.assiette


def priorite_de(fiche: Fiche, proposition: Proposition | None = None) -> int | None:
    """The priority of the scenario, else the authority's, else the territory's."""
    propre = proposition.priorite if proposition else None
    return propre or fiche.priorite_autorite or fiche.priorite_territoire


def imputation_de(fiche: Fiche, proposition: Proposition | None, ouverts: Ouverts) -> Imputation | None:
    """The fund that pays that line, and why. No query when the theme and the chosen fund are read."""
    choisi = proposition.fonds.code if proposition and proposition.fonds else ""
    return ouverts.imputer(fiche.theme.code if fiche.theme else "", choisi)


def _ligne(fiche: Fiche, proposition: Proposition | None, ouverts: Ouverts) -> LigneMaquette:
    imputation = imputation_de(fiche, proposition, ouverts)
    return LigneMaquette(
        identifiant=str(fiche.pk),
        numero=fiche.numero,
        titre=fiche.titre,
        maitre_ouvrage=fiche.maitre_ouvrage.nom,
        theme=fiche.theme.libelle if fiche.theme else SANS_THEME,
        axe=str(fiche.axe) if fiche.axe else "",
        maturite=fiche.maturite,
        annee=proposition.annee if proposition else fiche.annee,
        cout_ht=fiche.cout_ht,
        assiette=assiette_de(fiche, proposition),
        aide_demandee=fiche.aide_demandee,
        aide_proposee=proposition.montant if proposition else ZERO,
        financements=_acquis(fiche),
        priorite=priorite_de(fiche, proposition),
        decision=proposition.decision if proposition else Proposition.Decision.RETENUE.value,
        fonds=imputation.fonds.code if imputation else "",
    )


def avec_base(lue: FicheLue, assiette: Decimal | None) -> FicheLue:
    """The fiche as the règlement reads it with the base that the negotiation retains."""
    return lue if assiette is None else lue._replace(assiette=assiette)


def ligne_de(
    fiche: Fiche, proposition: Proposition | None, lot: Lot, lue: FicheLue, ouverts: Ouverts
) -> LigneArbitrage:
    """One line from a fiche and what its règlement reads of it. No query.

    The règlement is read for the aid proposed; for the aid asked as long as nothing is proposed.
    """
    ligne = _ligne(fiche, proposition, ouverts)
    lue = avec_base(lue, proposition.assiette if proposition else None)
    examen = examiner(lot, lue._replace(aide_demandee=ligne.aide_comptee or fiche.aide_demandee))
    etat = ligne.financements.get(Financeur.ETAT, ZERO)
    return LigneArbitrage(
        fiche=fiche,
        proposition=proposition,
        ligne=ligne,
        acquis_etat=etat,
        acquis_autres=sum(ligne.financements.values(), ZERO) - etat,
        examen=examen.resultat,
        demonstration=fiche.demonstration or bool(proposition and proposition.demonstration),
        imputation=imputation_de(fiche, proposition, ouverts),
    )


def _rang(ligne: LigneArbitrage) -> tuple[int, int, int]:
    """Authority's priority, then the territory's, then the number; no priority comes last."""
    fiche = ligne.fiche
    propre = ligne.proposition.priorite if ligne.proposition else None
    return (propre or fiche.priorite_autorite or 9_999, fiche.priorite_territoire or 9_999, fiche.numero)


def en_lice_de(scenario: Scenario) -> FicheQuerySet:
    """The fiches up for arbitration: drafts, merged and split ones left out.

    So are projects carried out that ask for nothing, as long as nothing is proposed for them.
    """
    return _en_lice(scenario.pk or 0, scenario.demarche_id).all()


@lru_cache(maxsize=256)
def _en_lice(scenario: int, demarche: int) -> FicheQuerySet:
    """Never evaluated, only copied: making it takes longer than running it, and a cell asks six times."""
    proposees = Proposition.objects.order_by().filter(scenario_id=scenario, montant__gt=0)
    demandees = ~est_a_part() | Q(pk__in=proposees.values("fiche"))
    fiches = Fiche.objects.filter(demandees, demarche_id=demarche).comptees()
    return fiches.exclude(etat=EtatFiche.BROUILLON.value)


def _propositions_de(scenario: Scenario) -> Prefetch[Any]:
    siennes = Proposition.objects.filter(scenario_id=scenario.pk or 0).select_related("fonds")
    return Prefetch("propositions", siennes, to_attr="du_scenario")


def _avec_propositions(fiches: FicheQuerySet, scenario: Scenario) -> FicheQuerySet:
    return fiches.select_related("maitre_ouvrage", "theme", "axe", "enjeu", "commune").prefetch_related(
        "financements", _propositions_de(scenario)
    )


def fiches_a_arbitrer(scenario: Scenario, parmi: Collection[int]) -> list[Fiche]:
    """Those of these pks that are up for arbitration, as the table prints them. Two queries."""
    en_lice = en_lice_de(scenario).filter(pk__in=parmi).defer("texte_recherche", "description")
    return list(
        en_lice.select_related("maitre_ouvrage", "theme", "axe", "enjeu", "commune").prefetch_related(
            "financements"
        )
    )


def _maquette(lignes: Sequence[LigneMaquette], ouverts: Ouverts, dispositif: Dispositif) -> Maquette:
    return Maquette(tuple(lignes), ouverts.montant, financeur_de(dispositif), ouverts.caisses)


def maquette_nue(scenario: Scenario, ouverts: Ouverts, dispositif: Dispositif) -> Maquette:
    """The maquette without what the règlement says of it: ten thousand lines in a second. Three queries."""
    fiches = _avec_propositions(en_lice_de(scenario), scenario).defer("texte_recherche", "description")
    lignes = [_ligne(f, next(iter(f.du_scenario), None), ouverts) for f in fiches]  # type: ignore[attr-defined]
    return _maquette(lignes, ouverts, dispositif)


def maquette_legere(scenario: Scenario, ouverts: Ouverts, dispositif: Dispositif) -> Maquette:
    """The amounts of every line, and nothing else: all the totals of the table. Three queries."""
    en_lice = en_lice_de(scenario).order_by()
    acquis: dict[int, dict[Financeur, Decimal]] = {}
    sommes = (
        LigneFinancement.objects.filter(fiche__in=en_lice.values("pk"), statut=StatutFinancement.ACQUIS)
        .exclude(financeur=Financeur.AUTOFINANCEMENT)
        .order_by()
        .values_list("fiche_id", "financeur")
        .annotate(total=Sum("montant"))
    )
    for pk, financeur, total in sommes:
        acquis.setdefault(pk, {})[Financeur(financeur)] = total
    proposees: dict[int, tuple[Decimal, int | None, str, Decimal | None, str]] = {
        pk: (montant, annee, decision, base, choisi or "")
        for pk, montant, annee, decision, base, choisi in Proposition.objects.filter(
            scenario_id=scenario.pk or 0
        )
        .order_by()
        .values_list("fiche_id", "montant", "annee", "decision", "assiette", "fonds__code")
    }
    lues = en_lice_de(scenario).values_list(
        "pk", "numero", "maitre_ouvrage__nom", "theme__libelle", "annee", "cout_ht", "assiette",
        "aide_demandee", "theme__code",
    )  # fmt: skip
    lignes, code_de = [], cache(ouverts.code_de)
    for pk, numero, porteur, theme, annee, cout, assiette, demande, code in lues:
        montant, l_an, decision, base, choisi = proposees.get(pk, (ZERO, annee, RETENUE, None, ""))
        propre = cout if assiette is None else assiette
        lignes.append(
            LigneMaquette(
                str(pk), numero, "", porteur, theme or SANS_THEME, "", "", l_an, cout,
                propre if base is None else base, demande, montant, acquis.get(pk, {}), None, decision,
                code_de(code, choisi),
            )
        )  # fmt: skip
    return _maquette(lignes, ouverts, dispositif)


def lignes_de(
    scenario: Scenario,
    le: date,
    *,
    complet: bool = False,
    parmi: Collection[int] | None = None,
    lot: Lot | None = None,
    ouverts: Ouverts | None = None,
    fiches: Sequence[Fiche] | None = None,
) -> list[LigneArbitrage]:
    """Every fiche up for arbitration (drafts left out), by rank. A fixed number of queries.

    `complet` also loads the long texts of the fiches, which the table does not print; `parmi` keeps only
    the fiches of those pks, `lot` is what the règlement reads of them when it was already read; `ouverts`:
    the funds of the territory, when they were; `fiches`: those of `fiches_a_arbitrer`, of which only the
    proposals are then read.
    """
    ouverts = ouverts or ouverts_de(scenario.demarche)
    en_lice = en_lice_de(scenario)
    if parmi is not None:
        en_lice = en_lice.filter(pk__in=parmi)
    lot = avec_enveloppes(lot or lire_lot(en_lice, le), scenario, en_lice_de(scenario), ouverts)
    lues = {lue.pk: lue for lue in lot.fiches}
    if fiches is None:
        fiches = list(
            _avec_propositions(en_lice, scenario).defer(
                "texte_recherche", *(() if complet else ("description",))
            )
        )
    else:
        prefetch_related_objects(fiches, _propositions_de(scenario))
    lignes = [
        ligne_de(fiche, next(iter(fiche.du_scenario), None), lot, lues[fiche.pk], ouverts)  # type: ignore[attr-defined]
        for fiche in fiches
    ]
    return sorted(lignes, key=_rang)


def maquette_des(lignes: Sequence[LigneArbitrage], ouverts: Ouverts, dispositif: Dispositif) -> Maquette:
    """The maquette of `metier` from lines already read. No query."""
    return _maquette([x.ligne for x in lignes], ouverts, dispositif)


def maquette_de(scenario: Scenario, le: date | None = None) -> Maquette:
    """The maquette of a scenario with its envelope. Seven queries, plus those of an unloaded dispositif."""
    dispositif = scenario.demarche.processus.dispositif
    ouverts = ouverts_de(scenario.demarche, dispositif)
    return maquette_des(lignes_de(scenario, le or date.today(), ouverts=ouverts), ouverts, dispositif)
