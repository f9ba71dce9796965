"""The maquette as plain data: for the command line, for the documents."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from arpent.metier.argent import formater_euros, formater_taux
from arpent.metier.cycles.scenario import EtatScenario
from arpent.metier.plan_financement import (
    LIBELLES_FINANCEUR,
    LIBELLES_STATUT,
    Financeur,
    StatutFinancement,
    Total,
)
from arpent.metier.repartition import LIBELLES_ETAPES, lire_formule
from arpent.plateforme.demarches.models import Demarche
from arpent.plateforme.documents.donnees import LigneMaquetteDoc, LignePlanDoc, MaquetteDoc
from arpent.plateforme.reglements.models import Dispositif

from .actions import trouver_scenario
from .enveloppes import DIVISION, Critere, criteres_de, montant_des, parts_de, parts_principales
from .imputations import dire_raison, ouverts_parmi
from .models import PartEnveloppe, Proposition, Scenario
from .passerelle import LigneArbitrage, lignes_de, maquette_des


def scenario_ou_vierge(demarche: Demarche) -> Scenario:
    """The maquette in progress, or an unsaved empty one: reading never writes."""
    return trouver_scenario(demarche) or Scenario(demarche=demarche, nom="Maquette de travail")


def _texte(montant: Decimal | None) -> str | None:
    return None if montant is None else f"{montant:.2f}"


def _totaux(totaux: Iterable[Total]) -> list[dict[str, Any]]:
    return [
        {
            "cle": t.cle,
            "nombre": t.nombre,
            "cout_ht": _texte(t.cout),
            "demande": _texte(t.demande),
            "propose": _texte(t.propose),
        }
        for t in totaux
    ]


def _libelle_part(part: PartEnveloppe, criteres: Mapping[str, Critere]) -> str:
    if part.critere == DIVISION:
        return "Lignes par thème ou par année"
    connu = criteres.get(part.critere)
    return connu.libelle if connu else LIBELLES_ETAPES.get(part.critere, part.critere)


def _enveloppe(dispositif: Dispositif, parts: Sequence[PartEnveloppe]) -> dict[str, Any]:
    criteres = criteres_de(dispositif)

    def en_json(part: PartEnveloppe) -> dict[str, Any]:
        return {
            "fonds": part.fonds.code,
            "critere": part.critere,
            "libelle": _libelle_part(part, criteres),
            "montant": _texte(part.montant),
            "demonstration": part.demonstration,
        }

    principales = parts_principales(parts)
    return {
        "fonds": principales[0].fonds.libelle if principales else "",
        "demonstration": any(p.demonstration for p in parts),
        "detail": [en_json(p) for p in principales],
        "autres_fonds": [en_json(p) for p in parts[len(principales) :]],
    }


def _ligne(x: LigneArbitrage) -> dict[str, Any]:
    ligne = x.ligne
    return {
        "numero": ligne.numero,
        "titre": ligne.titre,
        "maitre_ouvrage": ligne.maitre_ouvrage,
        "theme": ligne.theme,
        "annee": ligne.annee,
        "cout_ht": _texte(ligne.cout_ht),
        "assiette": _texte(ligne.assiette),
        "aides_acquises": {f.value: _texte(m) for f, m in ligne.financements.items()},
        "aide_demandee": _texte(ligne.aide_demandee),
        "aide_proposee": _texte(ligne.aide_proposee),
        "aide_comptee": _texte(ligne.aide_comptee),
        "decision": ligne.decision,
        "motif": x.proposition.motif if x.proposition else "",
        "fonds": ligne.fonds,
        "fonds_raison": dire_raison(x.imputation, x.proposition.fonds_par if x.proposition else ""),
        "aide_maximale": _texte(x.maximum),
        "plafond_liant": x.plafond_liant.intitule if x.plafond_liant else "",
        "demonstration": x.demonstration,
    }


def maquette_json(
    demarche: Demarche, le: date | None = None, *, scenario: Scenario | None = None
) -> dict[str, Any]:
    """The maquette of a démarche, or a scenario; amounts are texts with two decimals, None when unknown."""
    scenario = scenario or scenario_ou_vierge(demarche)
    dispositif = demarche.processus.dispositif
    parts = parts_de(demarche)
    ouverts = ouverts_parmi(parts, dispositif)
    lignes = lignes_de(scenario, le or date.today(), ouverts=ouverts)
    maquette = maquette_des(lignes, ouverts, dispositif)
    return {
        "territoire": {"slug": demarche.slug, "nom": demarche.territoire.nom},
        "generation": demarche.generation,
        "dispositif": dispositif.slug,
        "autorite": demarche.autorite.nom,
        "etat": scenario.etat,
        "enveloppe": _texte(maquette.enveloppe),
        "enveloppe_detail": _enveloppe(dispositif, parts),
        "nombre": len(lignes),
        "total_cout": _texte(maquette.total_cout),
        "total_demande": _texte(maquette.total_demande),
        "total_propose": _texte(maquette.total_propose),
        "solde": _texte(maquette.solde),
        "par_fonds": [
            {
                "fonds": c.code,
                "libelle": c.libelle,
                "enveloppe": _texte(c.montant),
                "nombre": c.nombre,
                "propose": _texte(c.propose),
                "solde": _texte(c.solde),
            }
            for c in maquette.par_fonds()
        ],
        "par_theme": _totaux(maquette.par_theme()),
        "par_maitre_ouvrage": _totaux(maquette.par_maitre_ouvrage()),
        "par_financeur": _totaux(maquette.par_financeur()),
        "par_annee": _totaux(maquette.par_annee()),
        "projets": [_ligne(x) for x in lignes],
    }


# --- documents ------------------------------------------------------------------------------------


def _autres_aides(x: LigneArbitrage) -> tuple[LignePlanDoc, ...]:
    """Aids already granted by others, row by row: what the screen adds up."""
    return tuple(
        LignePlanDoc(
            financeur=LIBELLES_FINANCEUR[Financeur(row.financeur)],
            libelle=row.libelle,
            statut=LIBELLES_STATUT[StatutFinancement(row.statut)].lower(),
            montant=row.montant,
            demonstration=row.demonstration,
            est_prive=not Financeur(row.financeur).est_public,
        )
        for row in x.fiche.financements.all()
        if row.statut == StatutFinancement.ACQUIS and row.financeur != Financeur.AUTOFINANCEMENT
    )


def calendrier_de(x: LigneArbitrage) -> str:
    """« 2026-2027 » from the dates of the works, else the year of the aid."""
    bornes = [d.year for d in (x.fiche.debut_le, x.fiche.fin_le) if d]
    if bornes:
        return "-".join(dict.fromkeys(str(a) for a in bornes))
    return str(x.ligne.annee) if x.ligne.annee else ""


def ligne_doc(x: LigneArbitrage, *, avec_fonds: bool = False) -> LigneMaquetteDoc:
    """`avec_fonds`: names the fund that pays, when the territory has several."""
    decision = Proposition.Decision(x.ligne.decision).label
    return LigneMaquetteDoc(
        numero=str(x.ligne.numero),
        titre=x.ligne.titre,
        maitre_ouvrage=x.ligne.maitre_ouvrage,
        theme=x.ligne.theme,
        annee=x.ligne.annee,
        cout_ht=x.ligne.cout_ht,
        assiette=x.ligne.assiette,
        aide=x.ligne.aide_comptee,
        financements=_autres_aides(x),
        fonds=x.imputation.fonds.libelle if avec_fonds and x.imputation else "",
        demonstration=x.demonstration,
        axe=x.ligne.axe,
        maturite=x.fiche.get_maturite_display().partition(" : ")[0],
        calendrier=calendrier_de(x),
        priorite=str(x.ligne.priorite or ""),
        statut=decision[:1].upper() + decision[1:],
        cout_ttc=x.fiche.cout_ttc,
        reference=str(x.fiche.pk),
    )


def formule_de(parts: Sequence[PartEnveloppe], dispositif: Dispositif) -> tuple[str, ...]:
    """How the envelope is made up, one sentence per key; the fund is named when there are several."""
    criteres = criteres_de(dispositif)
    phrases, plusieurs = [], len({p.fonds_id for p in parts}) > 1
    for part in parts:
        formule = lire_formule(part.fonds.cle_repartition)
        poids = next((c.poids for c in formule.cles if c.critere == part.critere), None)
        entier = not (formule.fixe or formule.par_habitant or formule.rang)
        dit = f" ({formater_taux(poids, None)} du {'fonds' if entier else 'reste'})" if poids else ""
        fonds = f"{part.fonds.libelle}, " if plusieurs else ""
        phrases.append(f"{fonds}{_libelle_part(part, criteres)}{dit} : {formater_euros(part.montant)}")
    return tuple(phrases)


def mentions_de(lignes: Sequence[LigneArbitrage], parts: Sequence[PartEnveloppe]) -> tuple[str, ...]:
    """What exactly is made up in this maquette."""
    mentions = []
    if any(p.demonstration for p in parts):
        mentions.append("Enveloppe : repose sur au moins une valeur de démonstration.")
    if any(x.proposition and x.proposition.demonstration for x in lignes):
        mentions.append("Aides proposées : valeurs de démonstration.")
    if any(x.fiche.demonstration for x in lignes):
        mentions.append("Fiches projets : certaines données sont des valeurs de démonstration.")
    if any(x.examen and any(c.demonstration for c in x.examen.constats) for x in lignes):
        mentions.append("Règlement : taux et plafonds de démonstration.")
    return tuple(mentions)


ECHEANCIER = (Decimal("0.30"), Decimal("0.50"), Decimal("0.20"))


def echeancier_de(dispositif: Dispositif) -> tuple[tuple[Decimal, ...], str]:
    """Shares of an aid paid each year, and where they come from: the key `echeancier` of the dispositif
    (« [0.4, 0.6] », together 1), else an hypothesis (empty source)."""
    try:
        parts = tuple(Decimal(str(x)) for x in dispositif.parametres.get("echeancier") or ())
    except (ArithmeticError, TypeError):
        parts = ()
    if parts and sum(parts) == 1 and all(0 <= part <= 1 for part in parts):
        return parts, dispositif.nom
    return ECHEANCIER, ""


def maquette_doc(
    scenario: Scenario,
    lignes: Sequence[LigneArbitrage],
    parts: Sequence[PartEnveloppe],
    *,
    etabli_le: date,
    brouillon: bool = True,
    retenues_seules: bool = False,
    retour: bool = False,
) -> MaquetteDoc:
    """The document of a maquette already read. No query where a fund was shared out.

    `retenues_seules` leaves out the other projects; `retour` makes a workbook that may come back.
    """
    demarche = scenario.demarche
    dispositif = demarche.processus.dispositif
    gardees = [x for x in lignes if not retenues_seules or est_inscrite(x)]
    ouverts = ouverts_parmi(parts, dispositif)
    echeancier, source = echeancier_de(dispositif)
    variante = "" if scenario.est_courant else f", scénario « {scenario.nom} »"
    return MaquetteDoc(
        titre=f"Maquette financière {demarche.generation}{variante}",
        autorite=demarche.autorite.nom,
        territoire=demarche.territoire.nom,
        etabli_le=etabli_le,
        lignes=tuple(ligne_doc(x, avec_fonds=ouverts.plusieurs) for x in gardees),
        enveloppe=montant_des(parts),
        formule=formule_de(parts, dispositif),
        sources=tuple(dict.fromkeys(p.fonds.source for p in parts if p.fonds.source)),
        mentions_demonstration=mentions_de(gardees, parts),
        enveloppe_demonstration=any(p.demonstration for p in parts),
        brouillon=brouillon,
        echeancier=echeancier,
        echeancier_source=source,
        retour=f"{demarche.slug}:{scenario.pk or 0}" if retour else "",
        credits=ouverts.caisses if ouverts.plusieurs else (),
    )


def maquette_du_jour(scenario: Scenario, le: date) -> MaquetteDoc:
    """The document of a scenario as it stands, to be edited and sent back. A fixed number of queries."""
    parts = parts_de(scenario.demarche)
    ouverts = ouverts_parmi(parts, scenario.demarche.processus.dispositif)
    return maquette_doc(
        scenario,
        lignes_de(scenario, le, ouverts=ouverts),
        parts,
        etabli_le=le,
        brouillon=scenario.etat != EtatScenario.ACCEPTE,
        retour=True,
    )


def est_inscrite(x: LigneArbitrage) -> bool:
    """A project enters the contract when it is retained with an aid, by a proposition somebody made."""
    return (
        x.proposition is not None
        and x.ligne.decision == Proposition.Decision.RETENUE
        and x.ligne.aide_proposee > 0
    )
