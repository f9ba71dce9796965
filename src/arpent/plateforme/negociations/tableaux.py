"""What the arbitration page prints: rows and totals already written, so that templates only place them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from django.urls import reverse

from arpent.metier.argent import ZERO, formater_euros, formater_nombre, formater_taux
from arpent.metier.plan_financement import LIBELLES_FINANCEUR, Financeur, Maquette, Total
from arpent.metier.reglement import Verdict
from arpent.plateforme.socle.versions import ConflitDeVersion

from .actions import ArbitrageRefuse, DepassementRefuse
from .forms import ecrire_lu, ecrire_taux
from .imputations import Ouverts, dire_raison
from .models import Proposition
from .passerelle import LigneArbitrage
from .propositions import valeurs_de

DECISIONS = tuple((d.value, d.label[:1].upper() + d.label[1:]) for d in Proposition.Decision)
CASES = ("montant", "taux", "base", "annee", "decision", "motif", "lu", "fonds")
TRIS: dict[str, Callable[[LigneArbitrage], Any]] = {
    "numero": lambda x: x.fiche.numero,
    "theme": lambda x: (x.ligne.theme, x.fiche.numero),
    "cout": lambda x: x.ligne.cout_ht,
    "demande": lambda x: x.ligne.aide_demandee,
    "propose": lambda x: x.ligne.aide_proposee,
}


def ecrire(montant: Decimal) -> str:
    """Euros of a table cell: cents only when there are some, no sign (the caption says euros)."""
    return formater_nombre(montant, 0 if montant == montant.to_integral_value() else 2)


@dataclass(frozen=True, slots=True)
class Rangee:
    """One row of the table. `lu` comes back with the row; `erreur` and `conflit` follow a refused save."""

    pk: str
    numero: str
    rang: str
    titre: str
    url: str
    maitre_ouvrage: str
    theme: str
    cout: str
    acquis_etat: str
    acquis_autres: str
    demande: str
    base: str
    montant: str
    taux: str
    annee: str
    decision: str
    lu: str
    genre: str
    avis: str
    detail: str
    motif: str
    par: str
    demonstration: bool
    fonds: str = ""
    """Code of the fund chosen, empty when it is left to the theme."""
    fonds_par_theme: str = ""
    """Code of the one that the theme gives."""
    fonds_dit: str = ""
    """« Fonds voirie, selon le thème »."""
    etat: str = ""
    erreur: str = ""
    derogeable: bool = False
    conflit: ConflitDeVersion | None = None
    version_en_base: str = ""

    @property
    def libelle_motif(self) -> str:
        return "Motif de la dérogation" if self.derogeable else "Motif"


def _avis(x: LigneArbitrage) -> tuple[str, str]:
    """Pill of the règlement: kind and words."""
    if x.examen is None:
        return "neutre", "sans règlement"
    if x.depasse:
        return "alerte", "dérogation"
    if x.maximum == 0:
        return "non", "aucune aide possible"
    if not x.ligne.aide_comptee and x.ligne.aide_demandee > x.examen.aide_maximale:
        return "alerte", "demande plafonnée"
    return {
        Verdict.NON_CONFORME: ("alerte", "à revoir"),
        Verdict.A_VERIFIER: ("info", "à vérifier"),
    }.get(x.examen.verdict, ("ok", "conforme"))


def _detail(x: LigneArbitrage) -> str:
    if x.examen is None:
        return ""
    cause = x.plafond_liant.intitule if x.plafond_liant else "coût restant à financer"
    return f"max {ecrire(x.examen.aide_maximale)}\u00a0€ : {cause}"


def rangee_de(x: LigneArbitrage, slug: str, ouverts: Ouverts) -> Rangee:
    ligne, fiche = x.ligne, x.fiche
    genre, avis = _avis(x)
    lu = valeurs_de(fiche, x.proposition)
    return Rangee(
        pk=str(fiche.pk),
        numero=str(fiche.numero),
        rang=str(ligne.priorite or ""),
        titre=fiche.titre,
        url=reverse("plans:fiche", args=[slug, fiche.numero]),
        maitre_ouvrage=ligne.maitre_ouvrage,
        theme=ligne.theme,
        cout=ecrire(ligne.cout_ht),
        acquis_etat=ecrire(x.acquis_etat),
        acquis_autres=ecrire(x.acquis_autres),
        demande=ecrire(ligne.aide_demandee),
        base=formater_nombre(ligne.assiette, 2),
        montant=formater_nombre(ligne.aide_proposee, 2),
        taux=ecrire_taux(ligne.aide_proposee, ligne.assiette),
        annee=str(ligne.annee or ""),
        decision=ligne.decision,
        lu=ecrire_lu(x.proposition.version if x.proposition else 0, lu),
        genre=genre,
        avis=avis,
        detail=_detail(x),
        motif=lu.motif,
        par=x.proposition.modifie_par if x.proposition else "",
        demonstration=x.demonstration,
        fonds=lu.fonds if lu.fonds in ouverts.modeles else "",
        fonds_par_theme=ouverts.code_de(fiche.theme.code if fiche.theme else ""),
        fonds_dit=_dire_fonds(x),
    )


def _dire_fonds(x: LigneArbitrage) -> str:
    if x.imputation is None:
        return ""
    par = x.proposition.fonds_par if x.proposition else ""
    return f"{x.imputation.fonds.libelle}, {dire_raison(x.imputation, par)}"


def triees(lignes: Sequence[LigneArbitrage], tri: str) -> list[LigneArbitrage]:
    """Lines by rank (as given), or by the column asked for; `-` reverses."""
    inverse, cle = tri.startswith("-"), TRIS.get(tri.removeprefix("-"))
    if cle is not None:
        return sorted(lignes, key=cle, reverse=inverse)
    return list(reversed(lignes)) if inverse else list(lignes)


def refusee(rangee: Rangee, envoi: Mapping[str, str], refus: ArbitrageRefuse) -> Rangee:
    """The row as it was sent, with the reason why it is not saved."""
    derogeable = isinstance(refus, DepassementRefuse)
    envoyee = telle_qu_envoyee(rangee, envoi)
    return replace(envoyee, etat="refusee", erreur=str(refus), derogeable=derogeable)


def en_conflit(rangee: Rangee, envoi: Mapping[str, str], conflit: ConflitDeVersion) -> Rangee:
    """The row as it was sent, beside what somebody else saved meanwhile."""
    envoyee = telle_qu_envoyee(rangee, envoi)
    return replace(envoyee, etat="conflit", conflit=conflit, version_en_base=str(conflit.objet.version))


def telle_qu_envoyee(rangee: Rangee, envoi: Mapping[str, str]) -> Rangee:
    """The row with the cells of the POST, nothing lost of what was typed."""
    cases = {"rang": "priorite"} | {c: c for c in CASES}
    return replace(
        rangee, **{c: envoi.get(f"{nom}-{rangee.pk}", getattr(rangee, c)) for c, nom in cases.items()}
    )


# --- totals ---------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class LigneTotal:
    """`cle` names it to the script that moves it while one types; empty: it does not move."""

    libelle: str
    nombre: str
    demande: str
    propose: str
    cle: str = ""


@dataclass(frozen=True, slots=True)
class Groupe:
    """One table of totals."""

    titre: str
    entete: str
    lignes: tuple[LigneTotal, ...]
    ouvert: bool


@dataclass(frozen=True, slots=True)
class JaugeFonds:
    """A fund of the territory beside the others; `montant` None: nothing was shared out to it here."""

    code: str
    libelle: str
    montant: Decimal | None
    propose: Decimal
    depassement: str


@dataclass(frozen=True, slots=True)
class Bilan:
    """Everything that moves while one edits."""

    constat: str
    enveloppe: Decimal | None
    propose: Decimal
    solde: Decimal | None
    depassement: str
    nombre: str
    cout: str
    acquis_etat: str
    acquis_autres: str
    demande: str
    total_propose: str
    solde_ecrit: str
    taux: str
    groupes: tuple[Groupe, ...]
    fonds: tuple[JaugeFonds, ...] = ()
    """Empty when one fund only pays: its gauge is that of the envelope."""


def _jauges(maquette: Maquette) -> tuple[JaugeFonds, ...]:
    caisses = maquette.par_fonds()
    return tuple(
        JaugeFonds(
            c.code, c.libelle, c.montant, c.propose,
            formater_euros(-c.solde) if c.solde is not None and c.solde < 0 else "",
        )
        for c in caisses
        if len(caisses) > 1
    )  # fmt: skip


def _totaux(genre: str, totaux: Iterable[Total], vide: str) -> tuple[LigneTotal, ...]:
    return tuple(
        LigneTotal(t.cle or vide, str(t.nombre), ecrire(t.demande), ecrire(t.propose), f"{genre}:{t.cle}")
        for t in totaux
    )


def _financeurs(totaux: Iterable[Total], autorite: Financeur | None) -> tuple[LigneTotal, ...]:
    return tuple(
        LigneTotal(
            LIBELLES_FINANCEUR[Financeur(t.cle)], str(t.nombre), ecrire(t.demande), ecrire(t.propose),
            "autorite" if t.cle == autorite else "",
        )
        for t in totaux
    )  # fmt: skip


def _constat(maquette: Maquette) -> str:
    """The finding that heads the page."""
    solde, propose = maquette.solde, maquette.total_propose
    if not maquette.lignes:
        return "Aucun projet n’est encore à l’arbitrage"
    if solde is None:
        return f"{formater_euros(propose, centimes=False)} d’aides proposées, enveloppe non renseignée"
    if solde < 0:
        return f"Les aides proposées dépassent l’enveloppe de {formater_euros(-solde, centimes=False)}"
    if (trop := maquette.caisses_depassees) and trop[0].solde is not None:
        reste = formater_euros(-trop[0].solde, centimes=False)
        return f"Les aides imputées sur « {trop[0].libelle} » dépassent son crédit de {reste}"
    if solde == 0:
        return "Toute l’enveloppe est répartie"
    return f"Il reste {formater_euros(solde, centimes=False)} à répartir"


def _acquis(maquette: Maquette) -> tuple[Decimal, Decimal]:
    """Aids already granted: by the State, by the other funders."""
    etat = sum((x.financements.get(Financeur.ETAT, ZERO) for x in maquette.lignes), ZERO)
    tous = sum((sum(x.financements.values(), ZERO) for x in maquette.lignes), ZERO)
    return etat, tous - etat


def bilan_de(maquette: Maquette) -> Bilan:
    solde, (acquis_etat, acquis_autres) = maquette.solde, _acquis(maquette)
    assiette = sum((x.assiette for x in maquette.lignes), ZERO)
    return Bilan(
        fonds=_jauges(maquette),
        constat=_constat(maquette),
        enveloppe=maquette.enveloppe,
        propose=maquette.total_propose,
        solde=solde,
        depassement=formater_euros(-solde) if solde is not None and solde < 0 else "",
        nombre=str(len(maquette.lignes)),
        cout=ecrire(maquette.total_cout),
        acquis_etat=ecrire(acquis_etat),
        acquis_autres=ecrire(acquis_autres),
        demande=ecrire(maquette.total_demande),
        total_propose=formater_nombre(maquette.total_propose, 2),
        solde_ecrit=formater_euros(solde),
        taux=formater_taux(maquette.total_propose / assiette if assiette else None),
        groupes=(
            Groupe("Par thème", "Thème", _totaux("theme", maquette.par_theme(), "Sans thème"), True),
            Groupe("Par année", "Année", _totaux("annee", maquette.par_annee(), "Sans année"), True),
            Groupe(
                "Par financeur", "Financeur", _financeurs(maquette.par_financeur(), maquette.financeur), True
            ),
            Groupe(
                "Par maître d’ouvrage",
                "Maître d’ouvrage",
                _totaux("porteur", maquette.par_maitre_ouvrage(), "–"),
                False,
            ),
        ),
    )
