"""What changes the votes of the parties: noting one, asking for it, its lapse when the contract changes."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import date
from typing import Any

from django.db import transaction

from arpent.metier.contenu_vote import ContenuVote, ecarts
from arpent.metier.cycles import CYCLE_CONTRAT, EtatAvenant, EtatContrat
from arpent.metier.deliberation import Remarque
from arpent.metier.votes import TENUS
from arpent.plateforme.acteurs.models import Agent
from arpent.plateforme.journal.actions import consigner, consigner_modification
from arpent.plateforme.notifications.actions import notifier
from arpent.plateforme.plans.assemblees import delibere, types_possibles
from arpent.plateforme.plans.destinataires import gens_d_une_autorite, gens_de_la_structure
from arpent.plateforme.reglements.parametres import table_legale
from arpent.plateforme.socle.envois import Envoi
from arpent.plateforme.socle.fichiers import FichierRefuse
from arpent.plateforme.socle.versions import enregistrer_version

from . import adresses
from .actes_signes import poser
from .avenants.ecarts_votes import completer_vote
from .exigences import ContratRefuse, verrouiller
from .lecture_votes import (
    VotePartie,
    contenu_de,
    examiner_vote,
    lire_votes,
    vote_vierge,
    votes_des_couples,
)
from .models import Avenant, Contrat, Partie, VersionContrat, Vote

CHAMPS_VOTE = (
    "type_assemblee", "assemblee", "objet", "attendue_le", "heure", "lieu", "version_votee", "convoquee_le",
    "adoptee_le", "numero", "sens", "en_exercice", "presents", "representes", "seconde_convocation",
    "ecartes", "ecartes_noms", "pour", "contre", "abstentions", "transmise_le", "recue_le", "accuse",
    "publiee_le",
)  # fmt: skip
CHAMPS_SIGNE = ("fichier", "nom_fichier", "type_mime", "sha256")
APRES_SIGNATURE = frozenset({"recue_le", "accuse"})
"""What may still be completed once the contract is in force."""
AVENANT_OUVERT = frozenset({EtatAvenant.VOTE.value, EtatAvenant.SIGNATURE.value})
OUVERTS = frozenset({EtatContrat.REDACTION.value, EtatContrat.VOTE.value, EtatContrat.SIGNATURE.value})


class VoteRefuse(ContratRefuse):
    """The vote cannot be what was typed. `par_champ`: (field, sentence), in the order of the form."""

    def __init__(self, par_champ: Iterable[tuple[str, str]]) -> None:
        self.par_champ = list(par_champ)
        super().__init__(" ".join(texte for _, texte in self.par_champ))


def _journal(vote: Vote) -> dict[str, Any]:
    """The fields as the journal writes them: a version by its number."""
    return {nom: getattr(vote, nom) for nom in CHAMPS_VOTE} | {"version_votee": _numero(vote)}


def _exiger_avenant_ouvert(
    avenant: Avenant, avant: Mapping[str, Any], apres: Mapping[str, Any], nouveau: bool
) -> None:
    """The state of the avenant lets this be noted; in force, only the receipt is completed."""
    changes = {nom for nom in CHAMPS_VOTE if avant[nom] != apres[nom]}
    if avenant.etat in AVENANT_OUVERT or (not nouveau and changes <= APRES_SIGNATURE):
        return
    etat = avenant.get_etat_display().lower()
    raison = (
        "soumettez-le au vote avant de noter une séance."
        if avenant.etat in {EtatAvenant.PREPARATION, EtatAvenant.PROPOSE}
        else "ses votes ne changent plus, seul l’accusé de réception se complète."
    )
    raise ContratRefuse(f"L’avenant est « {etat} » : {raison}")


def _exiger_ouvert(
    contrat: Contrat, avant: Mapping[str, Any], apres: Mapping[str, Any], nouveau: bool
) -> None:
    """The state of the contract lets this be noted."""
    changes = {nom for nom in CHAMPS_VOTE if avant[nom] != apres[nom]}
    if contrat.etat not in OUVERTS and (nouveau or not changes <= APRES_SIGNATURE):
        raise ContratRefuse(
            f"Le contrat est « {CYCLE_CONTRAT.libelle(contrat.etat).lower()} » : ses votes ne changent plus, "
            "seul l’accusé de réception se complète."
        )
    if contrat.etat == EtatContrat.REDACTION and apres["adoptee_le"] and avant["adoptee_le"] is None:
        raise VoteRefuse(
            [("adoptee_le", "Le contrat est en rédaction : soumettez-le au vote avant de noter une séance.")]
        )


def _lu(partie: Partie, le: date, avenant: Avenant | None) -> VotePartie:
    (lu,) = lire_votes(Partie.objects.filter(pk=partie.pk), le, avenant=avenant)
    return lu


def _exiger_nouveau(lu: VotePartie) -> None:
    if lu.vote is not None and not lu.a_recommencer:
        raise ContratRefuse(
            f"Un vote de {lu.partie.organisation.nom} est déjà suivi ({lu.libelle.lower()}) : complétez-le."
        )


def _completer(vote: Vote, contrat: Contrat) -> None:
    """The version voted (the last one when it is not said) and what has changed since."""
    if vote.adoptee_le is None:
        vote.ecarts = []
        return
    derniere = contrat.versions.order_by("-numero").first()
    if derniere is None:
        raise VoteRefuse(
            [("adoptee_le", "Générez d’abord la version soumise au vote : c’est sur elle qu’il porte.")]
        )
    if vote.version_votee is None:
        vote.version_votee = derniere
    if vote.version_votee.contrat_id != contrat.pk:
        raise VoteRefuse([("version_votee", "Cette version est celle d’un autre contrat.")])
    vote.ecarts = list(ecarts(contenu_de(vote.version_votee.donnees), contenu_de(derniere.donnees)))


def _exiger_possible(vote: Vote, le: date) -> tuple[Remarque, ...]:
    """The remarks left on it; VoteRefuse when something is impossible."""
    organisation = vote.partie.organisation
    fautes: list[tuple[str, str]] = []
    if vote.type_assemblee not in {t.value for t in types_possibles(organisation)}:
        fautes.append(("type_assemblee", f"{organisation.nom} n’a pas d’assemblée de ce type."))
        raise VoteRefuse(fautes)
    autres = Vote.objects.filter(partie=vote.partie, avenant=vote.avenant).exclude(pk=vote.pk)
    if vote.numero and autres.filter(numero=vote.numero).exists():
        fautes.append(("numero", f"L’acte {vote.numero} est déjà noté pour cette partie."))
    examen = examiner_vote(vote, organisation, le, table_legale())
    fautes += [(r.champ, r.texte) for r in examen.remarques if r.impossible]
    if fautes:
        raise VoteRefuse(fautes)
    return examen.remarques


def _garder(vote: Vote, envoi: Envoi) -> None:
    """The signed act. VoteRefuse on the field when it cannot be kept."""
    try:
        poser(vote, envoi, defaut="acte")
    except FichierRefuse as refus:
        raise VoteRefuse([("signe", str(refus))]) from refus


@transaction.atomic
def enregistrer_vote(
    partie: Partie,
    valeurs: Mapping[str, Any],
    *,
    par: Agent | None,
    le: date,
    vote: Vote | None = None,
    version_lue: int | None = None,
    signe: Envoi | None = None,
    avenant: Avenant | None = None,
) -> tuple[Vote, tuple[Remarque, ...]]:
    """Adds the vote of a party (or what is planned), or completes one; gives what is left to look at.

    `avenant`: the vote is that of an avenant; a vote that is completed keeps its own.

    `valeurs` by field of CHAMPS_VOTE. VoteRefuse (by field), ContratRefuse; ConflitDeVersion when stale.
    """
    contrat = verrouiller(partie.contrat)
    partie = Partie.objects.select_related("organisation__commune").get(pk=partie.pk)
    if not delibere(partie.organisation):
        raise ContratRefuse(f"{partie.organisation.nom} signe sans délibération.")
    nouveau = vote is None
    if nouveau:
        _exiger_nouveau(_lu(partie, le, avenant))
    vote = vote or vote_vierge(partie, avenant)
    avenant = vote.avenant
    vote.partie = partie
    avant = _journal(vote)
    for nom, valeur in valeurs.items():
        setattr(vote, nom, valeur)
    vote.numero = vote.numero.strip()
    if avenant is None:
        _exiger_ouvert(contrat, avant, _journal(vote), nouveau)
        _completer(vote, contrat)
    else:
        avenant = Avenant.objects.select_for_update(of=("self",)).get(pk=avenant.pk)
        if nouveau and not avenant.concernees.filter(pk=partie.pk).exists():
            raise ContratRefuse(f"{partie.organisation.nom} n’a pas à voter cet avenant.")
        _exiger_avenant_ouvert(avenant, avant, _journal(vote), nouveau)
        completer_vote(vote, avenant)
    remarques = _exiger_possible(vote, le)
    if signe is not None:
        _garder(vote, signe)
    if nouveau:
        vote.save(force_insert=True)
        apres = {nom: valeur for nom, valeur in _journal(vote).items() if valeur not in (None, "", False)}
        consigner(
            "noter_vote", sur=vote, par=par, demarche_id=contrat.demarche_id, apres=apres,
            libelle=f"Vote : {partie}",
        )  # fmt: skip
    else:
        enregistrer_version(vote, version_lue or 0, [*CHAMPS_VOTE, "avenant_vote", "ecarts", *CHAMPS_SIGNE])
        consigner_modification(
            vote, avant, _journal(vote), par=par, demarche_id=contrat.demarche_id, geste="modifier_vote",
            libelle=f"Vote : {partie}",
        )  # fmt: skip
    accorder_les_visas(contrat, par=par)
    return vote, remarques


def _numero(vote: Vote) -> int | None:
    return vote.version_votee.numero if vote.version_votee else None


def accorder_les_visas(contrat: Contrat, *, par: Agent | None) -> bool:
    """The act that each party cites is that of the vote that holds; whether one moved. Four queries."""
    if contrat.etat not in OUVERTS:
        return False
    bouge = False
    for lu in lire_votes(contrat.parties.d_origine().order_by("ordre", "pk"), date.today()):
        tenu = lu.vote if lu.vote is not None and lu.examen.etat in TENUS else None
        visa = {
            "deliberation_numero": tenu.numero if tenu else "",
            "deliberation_le": tenu.adoptee_le if tenu else None,
        }
        avant = {nom: getattr(lu.partie, nom) for nom in visa}
        if avant == visa:
            continue
        for nom, valeur in visa.items():
            setattr(lu.partie, nom, valeur)
        enregistrer_version(lu.partie, lu.partie.version, visa)
        consigner_modification(
            lu.partie, avant, visa, par=par, demarche_id=contrat.demarche_id, libelle=f"Partie : {lu.partie}"
        )
        bouge = True
    return bouge


def responsables(partie: Partie, contrat: Contrat) -> list[int]:
    """Who has to see to the vote of that party. One query."""
    if partie.role == Partie.RolePartie.AUTORITE:
        return gens_d_une_autorite(contrat.demarche.autorite.pk)
    return gens_de_la_structure(partie.organisation_id, contrat.demarche.territoire_id)


def revoir_les_votes(contrat: Contrat, actuel: ContenuVote, *, par: Agent | None) -> bool:
    """Compares every vote held with the version about to be issued: lapsed, or standing again.

    Says it to the people of the party. Returns whether the visas of the contract moved.
    """
    if contrat.etat not in OUVERTS:
        return False
    votes = Vote.objects.select_for_update(of=("self",)).filter(
        partie__contrat=contrat, adoptee_le__isnull=False, version_votee__isnull=False
    )
    lues: dict[int, tuple[str, ...]] = {}
    for vote in votes.select_related("partie__organisation", "version_votee").order_by("pk"):
        version = vote.version_votee
        assert isinstance(version, VersionContrat)
        if version.pk not in lues:
            lues[version.pk] = ecarts(contenu_de(version.donnees), actuel)
        changes, avant = list(lues[version.pk]), vote.ecarts
        if changes == avant:
            continue
        vote.ecarts = changes
        enregistrer_version(vote, vote.version, ["ecarts"])
        consigner_modification(
            vote, {"ecarts": avant}, {"ecarts": changes}, par=par, demarche_id=contrat.demarche_id,
            geste="revoir_vote", libelle=f"Vote : {vote.partie}",
        )  # fmt: skip
        if changes and not avant and vote.sens in ("", Vote.Sens.ADOPTEE):
            _annoncer_la_caducite(vote, contrat, par)
    return accorder_les_visas(contrat, par=par)


def _annoncer_la_caducite(vote: Vote, contrat: Contrat, par: Agent | None) -> None:
    nombre = len(vote.ecarts)
    autres = f", et {nombre - 1} autre{'s' if nombre > 2 else ''} point{'s' if nombre > 2 else ''}"
    notifier(
        [pk for pk in responsables(vote.partie, contrat) if par is None or pk != par.pk],
        rubrique="contrat",
        sujet="Un vote du contrat est caduc",
        texte=f"{vote.partie.organisation.nom} : depuis la délibération {vote.numero}, {vote.ecarts[0]}"
        + (autres if nombre > 1 else ""),
        url=adresses.page(contrat.demarche, None, "votes"),
    )


@transaction.atomic
def relancer_votes(
    voulus: Collection[tuple[Partie, Avenant | None]],
    *,
    attendue_le: date | None,
    par: Agent | None,
    le: date,
) -> int:
    """Asks these parties for their vote on the contract (None) or on an avenant, for a date or not.

    Due vote, journal, notification. Returns how many were concerned: those whose vote holds are left alone.
    """
    faites = 0
    lues = Partie.objects.select_related(
        "contrat__demarche__territoire", "contrat__demarche__version_processus__processus__autorite",
        "organisation__commune",
    ).in_bulk([p.pk for p, _ in voulus])  # fmt: skip
    couples = [(lues[p.pk], avenant) for p, avenant in voulus]
    for (_, avenant), lu in zip(couples, votes_des_couples(couples, le), strict=True):
        if not lu.a_voter:
            continue
        contrat = lu.partie.contrat
        vote = vote_vierge(lu.partie, avenant) if lu.vote is None or lu.a_recommencer else lu.vote
        vote.attendue_le = attendue_le or vote.attendue_le
        if vote.pk:
            vote.version += 1
            vote.save(update_fields=["attendue_le", "version", "modifie_le"])
        else:
            vote.save(force_insert=True)
        quand = f" pour le {vote.attendue_le:%d/%m/%Y}" if vote.attendue_le else ""
        consigner(
            "relancer_vote", sur=vote, par=par, demarche_id=contrat.demarche_id,
            apres={"assemblee": vote.assemblee, "attendue_le": vote.attendue_le},
            libelle=f"Vote : {lu.partie}",
        )  # fmt: skip
        notifier(
            [pk for pk in responsables(lu.partie, contrat) if par is None or pk != par.pk],
            rubrique="contrat",
            sujet=f"Le vote {adresses.du_nom(avenant)} est attendu",
            texte=f"{f'{avenant} au contrat' if avenant else 'Contrat'} de "
            f"{contrat.demarche.territoire.nom} : le vote de {lu.partie.organisation.nom} est attendu"
            f"{quand}.",
            url=adresses.page(contrat.demarche, avenant, "votes"),
        )
        faites += 1
    return faites
