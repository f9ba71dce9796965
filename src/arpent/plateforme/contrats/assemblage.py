"""From the database to the document of the contract. A dozen queries, whatever the number of projects."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import cast

from arpent.metier.argent import ZERO
from arpent.metier.clauses import Choix, Clause, ModeleContrat, TexteContrat, composer, fusionner, lire_modele
from arpent.metier.cycles.contrat import EtatContrat
from arpent.metier.plan_financement import (
    LIBELLES_FINANCEUR,
    LIBELLES_STATUT,
    Financeur,
    StatutFinancement,
)
from arpent.metier.reglement import LIBELLES_VERDICT, Constat, Verdict
from arpent.plateforme.acteurs.models import Organisation
from arpent.plateforme.demarches.models import Demarche
from arpent.plateforme.diagnostics.models import Enjeu
from arpent.plateforme.documents import donnees as docs
from arpent.plateforme.documents.chartes import charte_doc
from arpent.plateforme.negociations.enveloppes import montant_des, parts_de
from arpent.plateforme.negociations.imputations import ouverts_parmi
from arpent.plateforme.negociations.models import PartEnveloppe, Scenario
from arpent.plateforme.negociations.passerelle import LigneArbitrage, financeur_de, lignes_de
from arpent.plateforme.negociations.sorties import (
    calendrier_de,
    est_inscrite,
    maquette_doc,
    mentions_de,
    scenario_ou_vierge,
)
from arpent.plateforme.plans.models import Axe

from .champs import Matiere, champs_et_faits
from .diagnostic import diagnostic_doc
from .models import Contrat, Partie

GABARIT = "contrat/v1"


@dataclass(frozen=True, slots=True)
class Assemblage:
    """The contract ready to be shown or rendered. `matiere` is what it was made from."""

    matiere: Matiere
    scenario: Scenario
    lignes: Sequence[LigneArbitrage]
    parts: Sequence[PartEnveloppe]
    texte: TexteContrat
    clauses: Sequence[Clause]
    modele: ModeleContrat
    champs: Mapping[str, str | None]

    @property
    def total_aides(self) -> Decimal:
        return sum((x.ligne.aide_comptee for x in self.matiere.inscrites), ZERO)

    @property
    def proprietaires(self) -> list[Organisation]:
        """Owners of the projects that enter the contract, each once."""
        return list(
            {x.fiche.maitre_ouvrage_id: x.fiche.maitre_ouvrage for x in self.matiere.inscrites}.values()
        )


def trouver_contrat(demarche: Demarche) -> Contrat | None:
    return Contrat.objects.filter(demarche=demarche).first()


def assembler(demarche: Demarche, le: date, *, complet: bool = False) -> Assemblage:
    """Reads everything and merges the text; a démarche without a contract yet is read as a first draft."""
    contrat = trouver_contrat(demarche) or Contrat(demarche=demarche)
    lues = Partie.objects.en_cours().filter(contrat=contrat.pk).select_related("organisation__commune")
    parties = list(lues.order_by("ordre", "pk")) if contrat.pk else []
    scenario = scenario_ou_vierge(demarche)
    dispositif = scenario.demarche.processus.dispositif
    parts = parts_de(demarche)
    lignes = lignes_de(scenario, le, complet=complet, ouverts=ouverts_parmi(parts, dispositif))
    matiere = Matiere(
        demarche=demarche,
        dispositif=dispositif,
        contrat=contrat,
        parties=parties,
        inscrites=[x for x in lignes if est_inscrite(x)],
        enveloppe=montant_des(parts),
        enjeux=list(Enjeu.objects.filter(demarche=demarche)),
        axes=list(Axe.objects.filter(demarche=demarche)),
        etabli_le=le,
    )
    modele = lire_modele(dispositif.modele_contrat)
    champs, faits = champs_et_faits(matiere)
    choix = choix_de(contrat)
    texte = fusionner(modele, champs, contrat.preambule, faits=faits, choix=choix)
    clauses = composer(modele, champs, faits, choix)
    return Assemblage(matiere, scenario, lignes, parts, texte, clauses, modele, champs)


def choix_de(contrat: Contrat) -> list[Choix]:
    """What the drafters decided, article by article. One query."""
    if contrat.pk is None:
        return []
    return [
        Choix(
            code=a.code, variante=a.variante, retire=a.retire, titre=a.titre, texte=a.texte, ajoute=a.ajoute,
            apres=a.apres, motif=a.motif,
        )
        for a in contrat.articles.order_by("pk")
    ]  # fmt: skip


# --- the document ---------------------------------------------------------------------------------


def _partie(partie: Partie) -> docs.PartieDoc:
    return docs.PartieDoc(
        nom=partie.organisation.nom,
        representant=partie.signataire,
        qualite=", ".join(x for x in (partie.qualite, partie.delegation) if x),
        siren=partie.organisation.siren,
    )


def _plan(x: LigneArbitrage, autorite: str, financeur: Financeur) -> tuple[docs.LignePlanDoc, ...]:
    """The plan with the aid of the contract: others' money, the aid, then what the owner keeps."""
    autres = [
        docs.LignePlanDoc(
            LIBELLES_FINANCEUR[Financeur(row.financeur)],
            row.libelle,
            LIBELLES_STATUT[StatutFinancement(row.statut)].lower(),
            row.montant,
            demonstration=row.demonstration,
        )
        for row in x.fiche.financements.all()
        if row.statut != StatutFinancement.REFUSE
        and row.financeur != Financeur.AUTOFINANCEMENT
        and not (row.financeur == financeur and row.statut != StatutFinancement.ACQUIS)
    ]
    suppose = bool(x.proposition and x.proposition.demonstration)
    aide = docs.LignePlanDoc(
        autorite, "Contrat", "inscrite au contrat", x.ligne.aide_comptee, demonstration=suppose
    )
    reste = x.ligne.cout_ht - aide.montant - sum((a.montant for a in autres), ZERO)
    a_charge = docs.LignePlanDoc("Maître d’ouvrage", "Reste à charge", "", reste, est_autofinancement=True)
    return (*autres, aide, a_charge)


def _constat(constat: Constat) -> docs.ConstatRegleDoc:
    return docs.ConstatRegleDoc(
        libelle=constat.intitule,
        article=constat.article,
        verdict=cast(docs.Verdict, LIBELLES_VERDICT[constat.verdict].lower()),
        explication=constat.explication,
        plafond=constat.plafond,
        demonstration=constat.demonstration,
    )


def _fiche(x: LigneArbitrage, autorite: str, financeur: Financeur) -> docs.FicheDoc:
    fiche, examen = x.fiche, x.examen
    return docs.FicheDoc(
        numero=str(fiche.numero),
        titre=fiche.titre,
        maitre_ouvrage=x.ligne.maitre_ouvrage,
        theme=x.ligne.theme,
        axe=x.ligne.axe,
        enjeu=fiche.enjeu.libelle if fiche.enjeu else "",
        maturite=fiche.get_maturite_display(),
        priorite=f"priorité {x.ligne.priorite}" if x.ligne.priorite else "",
        calendrier=calendrier_de(x),
        localisation=fiche.commune.nom if fiche.commune else "",
        description=fiche.description,
        cout_ht=fiche.cout_ht,
        cout_ttc=fiche.cout_ttc,
        assiette=x.ligne.assiette,
        plan=_plan(x, autorite, financeur),
        aide_proposee=x.ligne.aide_comptee,
        aide_maximale=x.maximum,
        plafond_liant=x.plafond_liant.intitule if x.plafond_liant else "",
        constats=tuple(_constat(c) for c in examen.constats if c.verdict is not Verdict.SANS_OBJET)
        if examen
        else (),
        demonstration=x.demonstration,
    )


def contrat_doc(assemblage: Assemblage, *, version: str) -> docs.ContratDoc:
    """The frozen document. `assemblage` is complete (long texts loaded). Two queries for the diagnostic."""
    matiere, texte = assemblage.matiere, assemblage.texte
    demarche, contrat = matiere.demarche, matiere.contrat
    brouillon = contrat.etat == EtatContrat.REDACTION
    autorite, financeur = demarche.autorite.nom, financeur_de(matiere.dispositif)
    maquette = maquette_doc(
        assemblage.scenario,
        assemblage.lignes,
        assemblage.parts,
        etabli_le=matiere.etabli_le,
        brouillon=brouillon,
        retenues_seules=True,
    )
    par_axe = sorted(matiere.inscrites, key=lambda x: (x.ligne.axe or "zzz", x.ligne.numero))
    articles = [docs.ArticleDoc(a.numero, a.titre, a.paragraphes) for a in texte.articles]
    if texte.conclusion and articles:
        dernier = articles[-1]
        articles[-1] = docs.ArticleDoc(
            dernier.numero, dernier.titre, (*dernier.paragraphes, *texte.conclusion)
        )
    charte = charte_doc(demarche.autorite.pk, autorite)
    return docs.ContratDoc(
        titre=texte.titre,
        reference=contrat.reference,
        autorite=autorite,
        territoire=demarche.territoire.nom,
        parties=tuple(_partie(p) for p in matiere.parties),
        etabli_le=matiere.etabli_le,
        dispositif=matiere.dispositif.nom,
        periode=demarche.generation,
        version=version,
        preambule=texte.preambule,
        visas=tuple(docs.VisaDoc(v) for v in texte.visas),
        articles=tuple(articles),
        diagnostic=diagnostic_doc(demarche, matiere.enjeux),
        fiches=tuple(_fiche(x, autorite, financeur) for x in par_axe),
        maquette=maquette,
        mentions_demonstration=mentions_de(matiere.inscrites, assemblage.parts),
        brouillon=brouillon,
        gabarit=GABARIT,
        charte=charte,
        fait_a=charte.fait_a if charte else "",
    )
