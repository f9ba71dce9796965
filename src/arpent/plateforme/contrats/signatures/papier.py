"""The paper channel: the copy to print, the pile that comes back, the copy signed outside Arpent."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time

from django.conf import settings
from django.utils import timezone

from arpent.metier.argent import formater_nombre
from arpent.plateforme.acteurs.models import Agent
from arpent.plateforme.documents.empreinte import empreinte
from arpent.plateforme.documents.signature import isole
from arpent.plateforme.documents.signature.papier import Marque, Pile, PileRefusee, intervalles, marque_de
from arpent.plateforme.socle.envois import Envoi, recevoir
from arpent.plateforme.socle.fichiers import FichierRefuse

from ..models import CircuitSignature, EmplacementSignature
from .circuits import (
    GENRE_PAPIER,
    Canal,
    SignatureRefusee,
    en_une_fois,
    exiger_ouvert,
    exiger_tour,
    garder,
    lire_document,
    place_attendue,
    recueillir,
    verrouiller_circuit,
)

FICHIERS_MAX = 100


class PileIncomplete(SignatureRefusee):
    """The pages were read, and something is wrong with them: `pile` names each one."""

    def __init__(self, pile: Pile) -> None:
        self.pile = pile
        super().__init__(f"Rien n’est enregistré. {dire_la_pile(pile)}")


def dire_la_pile(pile: Pile) -> str:
    """What is wrong, then what to do. Empty when the pile is complete."""
    phrases = []
    if pile.manquantes:
        nombre = len(pile.manquantes)
        sujet = "Il manque les pages" if nombre > 1 else "Il manque la page"
        phrases.append(f"{sujet} {intervalles(pile.manquantes)} sur {pile.attendues} : numérisez-les.")
    for vue in pile.refusees:
        phrases.append(
            f"« {vue.fichier} », feuille {vue.rang} : {vue.detail} ; retirez-la ou numérisez-la mieux."
        )
    return " ".join(phrases[:8])


def marque_du_circuit(circuit: CircuitSignature) -> Marque:
    return marque_de(circuit.contrat_id, circuit.rang_imprime, circuit.document.sha256)


def exemplaire_a_imprimer(circuit: CircuitSignature) -> bytes:
    """The PDF with a code on each page. Writes nothing. SignatureRefusee."""
    exiger_ouvert(circuit)
    try:
        return isole.marquer(lire_document(circuit.document), marque_du_circuit(circuit), circuit.objet)
    except PileRefusee as refus:
        raise SignatureRefusee(str(refus)) from refus


def _exiger_taille(envois: Sequence[Envoi]) -> None:
    if not envois:
        raise SignatureRefusee("Choisissez le ou les fichiers numérisés.")
    if len(envois) > FICHIERS_MAX:
        raise SignatureRefusee(f"La pile dépasse {FICHIERS_MAX} fichiers : réunissez les pages dans un PDF.")
    limite = settings.ARPENT_TAILLE_MAX_FICHIER
    if sum(len(e.contenu) for e in envois) > 2 * limite:
        taille = formater_nombre(2 * limite // 1024**2)
        raise SignatureRefusee(
            f"La pile dépasse {taille} Mo : numérisez en niveaux de gris, à 200 points par pouce."
        )


def _instant(jour: date) -> datetime:
    if jour > timezone.localdate():
        raise SignatureRefusee(
            "La date de signature est dans l’avenir : reprenez celle écrite sur l’exemplaire."
        )
    return timezone.make_aware(datetime.combine(jour, time(12)))


def _exiger_places(places: Sequence[EmplacementSignature]) -> None:
    if not places:
        raise SignatureRefusee("Cochez les parties qui ont signé cet exemplaire.")


def lire_la_pile(circuit: CircuitSignature, envois: Sequence[Envoi]) -> tuple[Pile, bytes]:
    """The pages against the document of the circuit; nothing is written. SignatureRefusee, PileIncomplete."""
    _exiger_taille(envois)
    try:
        pile, rangees = isole.reconnaitre(
            lire_document(circuit.document),
            [(e.nom.replace("\\", "/").rpartition("/")[2][:120], e.contenu) for e in envois],
            marque_du_circuit(circuit),
        )
    except PileRefusee as refus:
        raise SignatureRefusee(str(refus)) from refus
    if not pile.complete:
        raise PileIncomplete(pile)
    return pile, rangees


def recevoir_papier(
    circuit: CircuitSignature,
    envois: Sequence[Envoi],
    places: Sequence[EmplacementSignature],
    *,
    signe_le: date,
    par: Agent | None,
) -> Pile:
    """Attaches a scanned copy to every party that signed it: all of them or none.

    The pages are recognised before the lock. PileIncomplete names each page that is wrong.
    """
    exiger_ouvert(circuit)
    _exiger_places(places)
    le = _instant(signe_le)
    pile, rangees = lire_la_pile(circuit, envois)
    with en_une_fois() as emis:
        circuit = verrouiller_circuit(circuit)
        retenues = [place_attendue(circuit, p.pk) for p in sorted(places, key=lambda p: p.ordre)]
        exiger_tour(circuit, retenues)
        noms = [p.partie.organisation.nom for p in retenues]
        rapport = isole.pile_en_valeurs(pile)
        document = garder(
            circuit, rangees, emis, genre=GENRE_PAPIER, par=par,
            titre=f"{circuit.objet}, exemplaire papier signé", donnees={"pile": rapport, "parties": noms},
        )  # fmt: skip
        recus = [{"nom": e.nom, "sha256": empreinte(e.contenu)} for e in envois]
        for place in retenues:
            place.circuit = circuit
            preuve = {
                "original": circuit.document.sha256, "pages": pile.attendues, "recus": recus,
                "doubles": len(pile.doubles), "hors_arpent": False,
            }  # fmt: skip
            recueillir(place, canal=Canal.PAPIER.value, document=document, preuve=preuve, le=le, par=par)
    return pile


def recevoir_exemplaire(
    circuit: CircuitSignature,
    envoi: Envoi,
    places: Sequence[EmplacementSignature],
    *,
    signe_le: date,
    motif: str,
    par: Agent | None,
) -> None:
    """A copy signed outside Arpent, without codes: kept as it is, and marked as such."""
    _exiger_places(places)
    if not motif.strip():
        raise SignatureRefusee("Dites pourquoi cet exemplaire ne porte pas les codes d’Arpent.")
    le = _instant(signe_le)
    try:
        recu = recevoir(envoi)
    except FichierRefuse as refus:
        raise SignatureRefusee(str(refus)) from refus
    if recu.extension != "pdf":
        raise SignatureRefusee("Envoyez l’exemplaire signé en un seul PDF.")
    with en_une_fois() as emis:
        circuit = verrouiller_circuit(circuit)
        exiger_ouvert(circuit)
        retenues = [place_attendue(circuit, p.pk) for p in sorted(places, key=lambda p: p.ordre)]
        exiger_tour(circuit, retenues)
        document = garder(
            circuit, recu.contenu, emis, genre=GENRE_PAPIER, par=par,
            titre=f"{circuit.objet}, exemplaire signé hors d’Arpent",
            donnees={"hors_arpent": True, "motif": motif.strip()[:500]},
        )  # fmt: skip
        for place in retenues:
            place.circuit = circuit
            preuve = {"original": circuit.document.sha256, "hors_arpent": True, "motif": motif.strip()[:500]}
            recueillir(place, canal=Canal.PAPIER.value, document=document, preuve=preuve, le=le, par=par)
