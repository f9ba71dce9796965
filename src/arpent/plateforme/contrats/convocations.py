"""The convocation of the assembly of a party. No article of law that was not checked.

L2121-10 (dematerialised unless asked otherwise), L2121-11 and L2121-12 (delay and note), L5211-1
(intercommunalités), L3121-19 and L4132-18 (reports of the Départements and Régions). Others have statutes.
"""

from __future__ import annotations

from datetime import date

from arpent.metier.assemblees import Delai, TypeAssemblee
from arpent.metier.convocations import DelaiEnvoi
from arpent.plateforme.acteurs.models import Organisation
from arpent.plateforme.demarches.models import Demarche
from arpent.plateforme.documents.chartes import charte_doc
from arpent.plateforme.documents.donnees_seance import ConvocationDoc, ReunionDoc
from arpent.plateforme.plans.assemblees import regime_pour
from arpent.plateforme.reglements.parametres import table_legale

from .lecture_votes import VotePartie, delai_avant
from .models import Partie, Vote
from .projets_deliberation import collectivite_qui_vote, version_soumise, vote_a_tenir

T = TypeAssemblee
_MEMBRES: dict[str, str] = {
    T.CONSEIL_MUNICIPAL: "les conseillers municipaux",
    T.CONSEIL_COMMUNAUTAIRE: "les conseillers communautaires",
    T.COMITE_SYNDICAL: "les délégués",
    T.SEANCE_PLENIERE: "les conseillers départementaux",
    T.COMMISSION_PERMANENTE: "les membres de la commission permanente",
    T.AUTRE: "les membres de l’assemblée",
}
_RENVOI = {
    T.CONSEIL_MUNICIPAL.value: "",
    T.CONSEIL_COMMUNAUTAIRE.value: ", applicable par renvoi de l’article L5211-1",
}
"""The assemblies that L2121-10 rules, and by which article."""


def convocation_doc(lu: VotePartie, demarche: Demarche, le: date) -> ConvocationDoc:
    """The letter of one party. Four queries. ContratRefuse while no version was issued."""
    vote = vote_a_tenir(lu)
    version = version_soumise(vote, lu.partie.contrat)
    titre = str(version.donnees.get("titre") or lu.partie.contrat)
    return convoquer(
        lu,
        vote,
        demarche,
        le,
        titre=titre,
        version=version.numero,
        piece=f"la version {version.numero} du contrat et ses annexes",
        demonstration=bool(version.donnees.get("mentions_demonstration")),
    )


def convoquer(
    lu: VotePartie,
    vote: Vote,
    demarche: Demarche,
    le: date,
    *,
    titre: str,
    version: int,
    piece: str,
    demonstration: bool,
) -> ConvocationDoc:
    """The letter that calls the assembly of a party for that vote. Three queries.

    `titre`: what is voted; `piece`: the document itself, as the list of the enclosures names it.
    """
    partie, organisation = lu.partie, lu.partie.organisation
    delai = delai_avant(vote, organisation, le, table_legale())
    seance = vote.adoptee_le or vote.attendue_le
    limite = delai.dernier_envoi(seance) if delai and seance else None
    sienne = partie.role == Partie.RolePartie.AUTORITE
    return ConvocationDoc(
        collectivite=collectivite_qui_vote(organisation, vote),
        destinataires=membres(organisation, vote),
        territoire=demarche.territoire.nom,
        titre_contrat=titre,
        version=str(version),
        etabli_le=le,
        objet=vote.objet or f"{titre} : approbation et autorisation de le signer",
        reunion=reunion_doc(vote),
        envoyee_le=vote.convoquee_le,
        limite_le=limite,
        delai=dire_delai(delai),
        regles=tuple(_regles(organisation, vote, delai)),
        pieces=tuple(_pieces(delai, piece)),
        pouvoir=_pouvoir(organisation, vote),
        rappels=tuple(_rappels(vote, delai, limite, le)),
        demonstration=demonstration or vote.demonstration,
        charte=charte_doc(organisation.pk, organisation.nom) if sienne else None,
    )


def membres(organisation: Organisation, vote: Vote) -> str:
    """« les conseillers municipaux »: whom the letter is written to."""
    if vote.type_assemblee == T.SEANCE_PLENIERE and organisation.nature == Organisation.Nature.REGION:
        return "les conseillers régionaux"
    return _MEMBRES[vote.type_assemblee]


def reunion_doc(vote: Vote) -> ReunionDoc:
    heure = f"{vote.heure.hour}\N{NO-BREAK SPACE}h" if vote.heure else ""
    if vote.heure and vote.heure.minute:
        heure += f"\N{NO-BREAK SPACE}{vote.heure.minute:02d}"
    return ReunionDoc(vote.adoptee_le or vote.attendue_le, heure, vote.lieu)


def dire_delai(delai: DelaiEnvoi | None) -> str:
    """« 3 jours francs avant la séance, commune de moins de 3 500 habitants (CGCT, art. L2121-11) »."""
    if delai is None:
        return ""
    commune = f", commune {delai.classe}" if delai.classe else ""
    return f"{delai.dit} avant la séance{commune} ({delai.article})"


def _regles(organisation: Organisation, vote: Vote, delai: DelaiEnvoi | None) -> list[str]:
    regles = []
    if delai is not None and delai.quoi is Delai.CONVOCATION:
        regles.append(
            f"La présente convocation vous est adressée {delai.dit} au moins avant la séance "
            f"({delai.article})."
        )
    elif delai is not None:
        regles.append(
            f"Le rapport sur cette affaire vous est adressé {delai.dit} au moins avant la réunion "
            f"({delai.article}). Il peut être mis à la disposition de ceux qui le souhaitent par voie "
            "électronique, de manière sécurisée (même article)."
        )
    renvoi = _RENVOI.get(vote.type_assemblee)
    if renvoi is not None:
        qui = membres(organisation, vote)
        regles.append(
            f"La convocation est transmise de manière dématérialisée ou, si {qui} en font la demande, "
            f"adressée par écrit à leur domicile ou à une autre adresse (CGCT, art. L2121-10{renvoi})."
        )
    return regles


def _pieces(delai: DelaiEnvoi | None, piece: str) -> list[str]:
    if delai is not None and delai.quoi is Delai.RAPPORTS:
        note = f"le rapport sur l’affaire ({delai.article})"
    elif delai is not None and delai.note_due:
        note = f"la note explicative de synthèse ({delai.article})"
    else:
        note = "une note de synthèse"
    return [note, "le projet de délibération", piece]


def _pouvoir(organisation: Organisation, vote: Vote) -> str:
    regime = regime_pour(organisation, vote.type_assemblee)
    if regime is None or not regime.pouvoirs or vote.type_assemblee == T.COMITE_SYNDICAL:
        return "Les pouvoirs suivent les statuts ou le règlement intérieur de l’assemblée."
    return f"Un membre ne peut porter qu’un seul pouvoir ({regime.pouvoirs})."


def _rappels(vote: Vote, delai: DelaiEnvoi | None, limite: date | None, le: date) -> list[str]:
    rappels = ["Complétez l’ordre du jour avec les autres points de la séance."]
    if delai is None:
        rappels.append(
            "Le délai de convocation de cette assemblée n’est pas dans les textes lus : suivez ses statuts "
            "ou son règlement intérieur."
        )
    if limite is not None and limite < le and vote.convoquee_le is None:
        rappels.append(
            f"La date limite d’envoi ({limite:%d/%m/%Y}) est passée : reculez la séance, ou faites constater "
            "l’urgence à son ouverture si elle le justifie (jamais moins d’un jour franc)."
        )
    if vote.seconde_convocation:
        rappels.append("Seconde convocation : le quorum n’est plus demandé (CGCT, art. L2121-17).")
    rappels.append("Notez la date d’envoi sur la page du vote : l’acte la cite.")
    return rappels
