"""Preparing an avenant: opening it, writing its movements, giving it up. The contract does not move here."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import Max

from arpent.metier.argent import arrondir
from arpent.metier.avenants import Consolide, EtatContractuel, Genre, Mouvement, appliquer, phrase
from arpent.metier.cycles import CYCLE_AVENANT, EtatAvenant, EtatContrat
from arpent.plateforme.acteurs.models import Agent, Organisation
from arpent.plateforme.journal.actions import consigner, consigner_modification
from arpent.plateforme.plans.models import Fiche
from arpent.plateforme.socle.versions import ConflitDeVersion, Ecart, enregistrer_version

from ..exigences import verrouiller
from ..models import Avenant, Contrat, EmplacementSignature, MouvementAvenant, Partie
from ..signatures.fermeture import OUVERT, fermer_les_circuits
from .conversion import mouvement_de
from .lecture import AvenantRefuse, base_de, etat_consolide, lignes_de_mouvements

CHAMPS_AVENANT = ("objet", "date_effet")
CHAMPS_MOUVEMENT = ("genre", "fiche", "entrante", "organisation", "avant", "apres", "motif")
MOUVEMENTS_MAX = 200


@dataclass(frozen=True, slots=True)
class Saisie:
    """What a form says of a movement; a field that its kind does not touch stays empty."""

    genre: Genre
    fiche: Fiche | None = None
    entrante: Fiche | None = None
    organisation: Organisation | None = None
    montant: Decimal | None = None
    annee: int | None = None
    sort: bool = False
    date_fin: date | None = None
    article: str = ""
    texte: str = ""
    fonds: str = ""
    motif: str = ""

    @property
    def apres(self) -> dict[str, Any]:
        """The values of the movement, as JSON keeps them."""
        valeurs: dict[str, Any] = {
            "montant": None if self.montant is None else str(arrondir(self.montant)),
            "annee": self.annee,
            "date_fin": self.date_fin.isoformat() if self.date_fin else None,
            "article": self.article,
            "texte": self.texte,
            "fonds": self.fonds,
        }
        gardees = {nom: v for nom, v in valeurs.items() if v not in ("", None)}
        return gardees | ({"sort": self.sort} if self.genre is Genre.PERIMETRE else {})


def verrouiller_avenant(avenant: Avenant) -> Avenant:
    """The avenant read again under the lock of its contract, then its own."""
    contrat = verrouiller(avenant.contrat)
    relu = Avenant.objects.select_for_update(of=("self",)).get(pk=avenant.pk)
    relu.contrat = contrat
    return relu


def exiger_en_vigueur(contrat: Contrat) -> None:
    if contrat.etat != EtatContrat.EN_VIGUEUR:
        raise AvenantRefuse(
            f"Le contrat est « {contrat.get_etat_display().lower()} » : un avenant ne change qu’un contrat "
            "en vigueur."
        )


def exiger_preparation(avenant: Avenant) -> None:
    if avenant.etat == EtatAvenant.PREPARATION:
        return
    if avenant.etat == EtatAvenant.EN_VIGUEUR:
        raise AvenantRefuse(f"{avenant} est en vigueur : il ne change plus. Préparez un autre avenant.")
    raise AvenantRefuse(
        f"L’avenant est « {avenant.get_etat_display().lower()} » : reprenez sa préparation pour le changer."
    )


def tracer(
    geste: str, avenant: Avenant, par: Agent | None, *, motif: str = "", avant: Any = None, apres: Any = None
) -> None:
    consigner(
        geste, sur=avenant, par=par, demarche_id=avenant.contrat.demarche_id, motif=motif,
        libelle=f"{avenant} : {avenant.objet}"[:300], avant=avant or {}, apres=apres or {},
    )  # fmt: skip


@transaction.atomic
def preparer_avenant(
    contrat: Contrat, objet: str, date_effet: date | None, *, par: Agent | None, demonstration: bool = False
) -> Avenant:
    """Opens one more avenant; several may be prepared at once. AvenantRefuse."""
    contrat = verrouiller(contrat)
    exiger_en_vigueur(contrat)
    base_de(contrat)
    objet = objet.strip()
    if not objet:
        raise AvenantRefuse("Écrivez l’objet de l’avenant : ce qu’il change, en une phrase.")
    avenant = Avenant.objects.create(
        contrat=contrat,
        objet=objet[:300],
        date_effet=date_effet,
        cree_par_nom=par.nom_complet[:150] if par else "Arpent",
        demonstration=demonstration,
    )
    tracer("preparer_avenant", avenant, par, apres={"objet": objet, "date_effet": date_effet})
    return avenant


@transaction.atomic
def enregistrer_avenant(
    avenant: Avenant, valeurs: Mapping[str, Any], *, version_lue: int, par: Agent | None
) -> Avenant:
    """Saves the object and the date of effect. AvenantRefuse; ConflitDeVersion on a stale save."""
    avenant = verrouiller_avenant(avenant)
    exiger_preparation(avenant)
    anciens = {nom: getattr(avenant, nom) for nom in CHAMPS_AVENANT}
    nouveaux = {nom: valeurs[nom] for nom in CHAMPS_AVENANT}
    for nom, valeur in nouveaux.items():
        setattr(avenant, nom, valeur)
    enregistrer_version(avenant, version_lue, CHAMPS_AVENANT)
    consigner_modification(
        avenant, anciens, nouveaux, par=par, demarche_id=avenant.contrat.demarche_id, geste="modifier_avenant"
    )
    return avenant


# --- movements ------------------------------------------------------------------------------------


def avant_de(etat: EtatContractuel, m: Mouvement) -> dict[str, Any]:
    """What the movement replaces, as the contract says it now."""
    ligne = etat.ligne(m.cle)
    match m.genre:
        case Genre.MONTANT | Genre.FONGIBILITE | Genre.RETRAIT | Genre.REMPLACEMENT:
            return {"montant": str(ligne.aide)} if ligne else {}
        case Genre.MAITRE_OUVRAGE:
            return {"maitre_ouvrage": ligne.maitre_ouvrage} if ligne else {}
        case Genre.ANNEE:
            return {"annee": ligne.annee} if ligne else {}
        case Genre.DUREE:
            return {"date_fin": etat.date_fin.isoformat()} if etat.date_fin else {}
        case Genre.TEXTE:
            article = etat.article(m.article)
            return {"texte": article.texte} if article else {}
        case _:
            return {}


def _poser(row: MouvementAvenant, saisie: Saisie) -> Mouvement:
    row.genre = saisie.genre.value
    row.fiche, row.entrante, row.organisation = saisie.fiche, saisie.entrante, saisie.organisation
    row.apres, row.motif = saisie.apres, saisie.motif.strip()[:500]
    try:
        return mouvement_de(row)
    except ValueError as erreur:
        raise AvenantRefuse(str(erreur)) from None


def _exiger_applicables(lu: Consolide, mouvements: Iterable[Mouvement]) -> None:
    if raisons := appliquer(lu.etat, mouvements, lu)[1]:
        raise AvenantRefuse(" ".join(raisons))


@transaction.atomic
def ecrire_mouvement(
    avenant: Avenant,
    saisie: Saisie,
    *,
    par: Agent | None,
    mouvement: MouvementAvenant | None = None,
    version_lue: int = 0,
) -> MouvementAvenant:
    """Adds a movement, or rewrites one. AvenantRefuse when it does not apply on the contract as it stands
    with the movements before it; ConflitDeVersion on a stale save."""
    avenant = verrouiller_avenant(avenant)
    exiger_preparation(avenant)
    rows = lignes_de_mouvements(avenant)
    lu = etat_consolide(avenant.contrat)
    if mouvement is None:
        if len(rows) >= MOUVEMENTS_MAX:
            raise AvenantRefuse(
                f"Un avenant porte {MOUVEMENTS_MAX} mouvements au plus : préparez-en un autre."
            )
        dernier = avenant.mouvements.aggregate(n=Max("ordre"))["n"] or 0
        row = MouvementAvenant(avenant=avenant, ordre=dernier + 1)
        precedents = [mouvement_de(r) for r in rows]
        suivants: list[Mouvement] = []
    else:
        row = next((r for r in rows if r.pk == mouvement.pk), mouvement)
        rang = rows.index(row) if row in rows else len(rows)
        precedents = [mouvement_de(r) for r in rows[:rang]]
        suivants = [mouvement_de(r) for r in rows[rang + 1 :]]
    voulu = _poser(row, saisie)
    _exiger_applicables(lu, [*precedents, voulu, *suivants])
    ici = appliquer(lu.etat, precedents)[0]
    row.avant = avant_de(ici, voulu)
    if mouvement is None:
        row.save(force_insert=True)
    else:
        _exiger_a_jour(row, version_lue, ici, voulu)
        enregistrer_version(row, version_lue, CHAMPS_MOUVEMENT)
    tracer("ecrire_mouvement_avenant", avenant, par, motif=row.motif, apres={"mouvement": phrase(ici, voulu)})
    return row


def _exiger_a_jour(row: MouvementAvenant, version_lue: int, etat: EtatContractuel, voulu: Mouvement) -> None:
    """Both movements are told in words: the row in hand holds what was typed, the other is read again."""
    relus = {r.pk: r for r in lignes_de_mouvements(row.avenant)}
    stocke = relus.get(row.pk)
    if stocke is None:
        raise AvenantRefuse("Ce mouvement n’est plus dans l’avenant : la page est à jour.")
    if stocke.version != version_lue:
        en_base = phrase(etat, mouvement_de(stocke))
        raise ConflitDeVersion(stocke, [Ecart("apres", "Mouvement", en_base, phrase(etat, voulu))])


@transaction.atomic
def retirer_mouvement(avenant: Avenant, pk: int, *, par: Agent | None) -> None:
    """Takes a movement out; those that leaned on it are then said not to apply. AvenantRefuse."""
    avenant = verrouiller_avenant(avenant)
    exiger_preparation(avenant)
    rows = lignes_de_mouvements(avenant)
    row = next((r for r in rows if r.pk == pk), None)
    if row is None:
        raise AvenantRefuse("Ce mouvement n’est plus dans l’avenant : la page est à jour.")
    etat = etat_consolide(avenant.contrat).etat
    rang = rows.index(row)
    ici = appliquer(etat, [mouvement_de(r) for r in rows[:rang]])[0]
    tracer("retirer_mouvement_avenant", avenant, par, avant={"mouvement": phrase(ici, mouvement_de(row))})
    row.delete()


# --- going back, giving up ------------------------------------------------------------------------


def franchir(
    avenant: Avenant, geste: str, champs: Mapping[str, Any], *, par: Agent | None, motif: str = ""
) -> Avenant:
    """Crosses one transition with these fields. The avenant is locked. TransitionRefusee."""
    avant = avenant.etat
    avenant.etat = CYCLE_AVENANT.franchir(geste, avant).vers.value
    for nom, valeur in champs.items():
        setattr(avenant, nom, valeur)
    avenant.version += 1
    avenant.save(update_fields=["etat", "version", "modifie_le", *champs])
    tracer(geste, avenant, par, motif=motif, avant={"etat": avant}, apres={"etat": avenant.etat, **champs})
    return avenant


def signatures_recueillies(avenant: Avenant) -> int:
    """How many parties have signed it in the circuit under way. One query."""
    places = EmplacementSignature.objects.filter(
        circuit__avenant=avenant, circuit__etat=OUVERT, etat=EmplacementSignature.Etat.RECUEILLIE
    )
    return places.count()


@transaction.atomic
def reprendre(avenant: Avenant, *, par: Agent | None, motif: str = "") -> Avenant:
    """Back to its preparation; its votes lapse if it changes before it is proposed again.

    Its circuit is closed; the reason is asked for once somebody has signed.
    """
    avenant, motif = verrouiller_avenant(avenant), motif.strip()[:500]
    CYCLE_AVENANT.franchir("reprendre_avenant", avenant.etat)
    if not motif and (nombre := signatures_recueillies(avenant)):
        s = "s" if nombre > 1 else ""
        raise AvenantRefuse(
            f"{nombre} partie{s} {'ont' if s else 'a'} déjà signé : écrivez pourquoi l’avenant est repris."
        )
    avenant = franchir(avenant, "reprendre_avenant", {}, par=par, motif=motif)
    fermer_les_circuits(avenant.contrat, motif or "l’avenant est repris", par=par, avenant=avenant)
    _retirer_les_entrants(avenant)
    return avenant


@transaction.atomic
def abandonner(avenant: Avenant, motif: str, *, par: Agent | None) -> Avenant:
    """Gives it up, with the reason: it stays readable and holds no credit any more; its circuit is closed."""
    motif = motif.strip()
    if not motif:
        raise AvenantRefuse("Écrivez pourquoi l’avenant est abandonné.")
    avenant = franchir(verrouiller_avenant(avenant), "abandonner_avenant", {}, par=par, motif=motif[:500])
    fermer_les_circuits(avenant.contrat, motif, par=par, avenant=avenant)
    _retirer_les_entrants(avenant)
    return avenant


def _retirer_les_entrants(avenant: Avenant) -> None:
    """Who was to join by it, noted no vote and was asked no signature is not expected any more."""
    avenant.concernees.clear()
    Partie.objects.filter(entree=avenant, votes__isnull=True, emplacements__isnull=True).delete()
