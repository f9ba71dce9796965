"""The draft délibération by which a party approves the contract. No article of law that was not checked.

Everything comes from the frozen data of the version that is voted; what is missing is listed, never blank.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from arpent.metier.assemblees import Delai, Regime, TypeAssemblee
from arpent.metier.reglement.parametres import RAPPORTS_REGION_DELAI
from arpent.plateforme.acteurs.models import Organisation
from arpent.plateforme.demarches.models import Demarche
from arpent.plateforme.documents.donnees import VisaDoc
from arpent.plateforme.documents.donnees_approbation import ApprobationDoc, ProjetApprouveDoc
from arpent.plateforme.documents.donnees_fiche import CollectiviteDoc, SeanceDoc
from arpent.plateforme.documents.rendu.texte import jour
from arpent.plateforme.plans.assemblees import regime_pour, sous_controle
from arpent.plateforme.plans.projets_deliberation import collectivite_de, visa_du_reglement
from arpent.plateforme.reglements.models import VersionReglement

from .champs import duree_figee
from .exigences import ContratRefuse
from .lecture_votes import VotePartie, contenu_de, vote_vierge
from .models import Contrat, VersionContrat, Vote

T = TypeAssemblee
CODE = "le code général des collectivités territoriales, notamment "
_VISAS: dict[tuple[str, bool], str] = {
    (T.CONSEIL_MUNICIPAL, False): "ses articles L2121-17, L2121-20, L2121-29 et L2131-11",
    (
        T.CONSEIL_COMMUNAUTAIRE,
        False,
    ): "ses articles L2121-17, L2121-20 et L2131-11, applicables par renvoi aux intercommunalités",
    (T.SEANCE_PLENIERE, False): "ses articles L3121-14 et L3211-1",
    (T.COMMISSION_PERMANENTE, False): "ses articles L3121-14-1 et L3211-2",
    (T.SEANCE_PLENIERE, True): "son article L4132-13",
    (T.COMMISSION_PERMANENTE, True): "son article L4132-13-1",
}
"""By assembly and whether it is that of a Région. A syndicat follows its statutes: none is cited."""


def approbation_doc(lu: VotePartie, demarche: Demarche, le: date) -> ApprobationDoc:
    """The draft act of one party. Two queries. ContratRefuse while no version was issued."""
    partie, organisation = lu.partie, lu.partie.organisation
    vote = vote_a_tenir(lu)
    contrat = partie.contrat
    version = version_soumise(vote, contrat)
    contenu = contenu_de(version.donnees)
    projets = [
        ProjetApprouveDoc(p.numero, p.titre, p.maitre_ouvrage, p.cout, p.aide)
        for p in contenu.projets
        if p.aide is not None
    ]
    projets.sort(key=lambda p: (len(p.numero), p.numero))
    siens = [p for p in projets if p.maitre_ouvrage == organisation.nom]
    reglement = VersionReglement.objects.en_vigueur(demarche.processus.dispositif, le)
    return ApprobationDoc(
        collectivite=collectivite_qui_vote(organisation, vote),
        autorite=demarche.autorite.nom,
        territoire=demarche.territoire.nom,
        dispositif=demarche.processus.dispositif.nom,
        titre_contrat=str(version.donnees.get("titre") or contrat),
        version=str(version.numero),
        etabli_le=le,
        parties=contenu.parties,
        nombre_projets=version.nombre_projets,
        total_aides=version.total_aides,
        reference=contrat.reference,
        seance=seance_du_vote(vote),
        signataire=partie.signataire,
        qualite=partie.qualite,
        ecartes=vote.ecartes_noms,
        visas=tuple(
            VisaDoc(x)
            for x in (
                *visas_generaux(organisation, vote, reglement, demarche),
                f"le plan d’actions et la maquette financière du territoire {demarche.territoire.nom}",
                f"la version {version.numero} du contrat, annexée à la présente délibération",
            )
        ),
        projets=tuple(siens or projets),
        projets_de_la_partie=bool(siens),
        enveloppe=contenu.enveloppe,
        duree_annees=duree_figee(version.duree_annees, contrat),
        date_effet=jour(contrat.date_effet) if contrat.date_effet else "",
        manques=(
            *manques_du_vote(vote, reglement),
            *(() if contrat.date_effet else ("la date d’effet du contrat",)),
        ),
        rappels=tuple(rappels_du_vote(organisation, vote, "du contrat")),
        demonstration=bool(version.donnees.get("mentions_demonstration")) or vote.demonstration,
    )


def vote_a_tenir(lu: VotePartie) -> Vote:
    """The vote that the papers prepare: the one followed, or a new one when the last settles nothing."""
    return lu.vote if lu.vote is not None and not lu.a_recommencer else vote_vierge(lu.partie)


def version_soumise(vote: Vote, contrat: Contrat) -> VersionContrat:
    """The version voted, else the last issued. At most one query. ContratRefuse when none was issued."""
    version = vote.version_votee or contrat.versions.order_by("-numero").first()
    if version is None:
        raise ContratRefuse(
            "Générez d’abord la version soumise au vote : les documents de la séance la citent et l’annexent."
        )
    return version


def collectivite_qui_vote(organisation: Organisation, vote: Vote) -> CollectiviteDoc:
    """The body and the assembly that votes, as its acts name them."""
    collectivite = collectivite_de(organisation)
    if vote.type_assemblee == T.COMMISSION_PERMANENTE:
        return replace(collectivite, assemblee=f"commission permanente du {collectivite.assemblee}")
    return collectivite


def seance_du_vote(vote: Vote) -> SeanceDoc:
    return SeanceDoc(
        numero=vote.numero,
        tenue_le=vote.adoptee_le or vote.attendue_le,
        convoquee_le=vote.convoquee_le,
        en_exercice=vote.en_exercice,
        presents=vote.presents,
        representes=vote.representes,
        pour=vote.pour,
        contre=vote.contre,
        abstentions=vote.abstentions,
    )


def visas_generaux(
    organisation: Organisation, vote: Vote, reglement: VersionReglement | None, demarche: Demarche
) -> list[str]:
    """The code, by assembly, then the règlement in force."""
    region = organisation.nature == Organisation.Nature.REGION
    articles = _VISAS.get((vote.type_assemblee, region), "")
    return [
        *([CODE + articles] if articles else []),
        *([visa_du_reglement(reglement, demarche.autorite.nom)] if reglement else []),
    ]


def manques_du_vote(vote: Vote, reglement: VersionReglement | None) -> list[str]:
    """What the act owes and the data do not give, whatever is approved."""
    absents = (
        (
            "la délibération par laquelle l’assemblée a délégué cette compétence à sa commission permanente",
            vote.type_assemblee == T.COMMISSION_PERMANENTE,
        ),
        ("le règlement en vigueur du dispositif", reglement is None),
        ("les noms des membres écartés", bool(vote.ecartes) and not vote.ecartes_noms),
    )
    return [quoi for quoi, manque in absents if manque]


def rappels_du_vote(organisation: Organisation, vote: Vote, page: str) -> list[str]:
    """What to check before the vote; `page`: « du contrat », where its dates are noted afterwards."""
    regime = regime_pour(organisation, vote.type_assemblee)
    syndicat = vote.type_assemblee == T.COMITE_SYNDICAL
    rappels = []
    if regime is None or syndicat:
        rappels.append(
            "Convocation, quorum, pouvoirs et majorité : suivez les statuts et les textes propres à "
            "l’organisme ; ce projet ne les connaît pas."
        )
    else:
        rappels.append(_rappel_quorum(regime))
    if sous_controle(organisation):
        rappels.append("Un membre intéressé à l’affaire ne prend pas part au vote (CGCT, art. L2131-11).")
        rappels.append(
            "L’acte devient exécutoire une fois publié et transmis au préfet : la signature attend cette "
            f"date. Reportez ensuite son numéro et ses dates sur la page {page}."
        )
    return rappels


def _rappel_quorum(regime: Regime) -> str:
    qui = "présente ou représentée" if regime.representes_au_quorum else "présente"
    article = "L4132-18" if regime.parametre == RAPPORTS_REGION_DELAI else "L3121-19"
    rapports = (
        f" Les rapports partent douze jours avant (CGCT, art. {article})."
        if regime.delai is Delai.RAPPORTS
        else ""
    )
    return f"Quorum : la majorité des membres en exercice est {qui} ({regime.quorum}).{rapports}"
