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
from .models import Proposition
from .passerelle import LigneArbitrage
from .propositions import valeurs_de

DECISIONS = tuple((d.value, d.label[:1].upper() + d.label[1:]) for d in Proposition.Decision)
CASES = ("montant", "taux", "base", "annee", "decision", "motif", "lu")
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


def rangee_de(x: LigneArbitrage, slug: str) -> Rangee:
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
    )


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
    cases = {"rang": "priorite"} | {
        c: c for c in ("montant", "taux", "base", "annee", "decision", "motif", "lu")
    }
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
