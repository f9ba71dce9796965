"""The contract at a date: the signed version, then every act in force by order of effect.

An act is applied whole or not at all: what stops one of its movements is said, and the others are left out
with it. Each line keeps the act that brought it and those that changed it, old and new values.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal

from arpent.metier.argent import ZERO, formater_euros

from .etat import EtatContractuel, LigneContrat
from .mouvements import Genre, Mouvement, refus_de_montant

BASE = "base"
"""Code of the contract as signed, where the acts are named."""
_ESSAI = "essai"


@dataclass(frozen=True, slots=True)
class Acte:
    """An avenant: `code` names it (« avenant-2 »), `ordre` ranks those that take effect the same day."""

    code: str
    libelle: str
    effet: date
    mouvements: tuple[Mouvement, ...]
    ordre: int = 0


@dataclass(frozen=True, slots=True)
class Changement:
    """One field of a line, of the duration or of the text, changed by an act."""

    acte: str
    champ: str
    ancien: object
    nouveau: object
    motif: str = ""


@dataclass(frozen=True, slots=True)
class Trace:
    """Where a line comes from: the act that brought it, those that changed it, the one that took it out."""

    origine: str = BASE
    changements: tuple[Changement, ...] = ()
    sortie: str = ""


@dataclass(frozen=True, slots=True)
class Refus:
    """Why an act was left out."""

    acte: str
    raison: str


@dataclass(frozen=True, slots=True)
class Consolide:
    """The state, the trace of each line that was ever there (by key), and what could not apply."""

    etat: EtatContractuel
    traces: Mapping[str, Trace]
    sorties: tuple[LigneContrat, ...] = ()
    """The lines that left, as they were."""
    generaux: tuple[Changement, ...] = ()
    """Changes of the parties, the duration, the text."""
    appliques: tuple[str, ...] = ()
    refus: tuple[Refus, ...] = ()


class _Bloque(Exception):
    """A movement does not apply; the message is French."""


@dataclass(slots=True)
class _Travail:
    """The contract while one act is applied."""

    etat: EtatContractuel
    lignes: dict[str, LigneContrat]
    traces: dict[str, Trace]
    sorties: dict[str, LigneContrat]
    generaux: list[Changement] = field(default_factory=list)

    def copie(self) -> _Travail:
        return _Travail(
            self.etat, dict(self.lignes), dict(self.traces), dict(self.sorties), list(self.generaux)
        )

    def fige(self) -> EtatContractuel:
        return replace(self.etat, lignes=tuple(self.lignes.values()))


def consolider(base: EtatContractuel, actes: Iterable[Acte], le: date | None = None) -> Consolide:
    """The contract on that day (None: with every act). Acts of a later effect are not read."""
    voulus = [a for a in actes if le is None or a.effet <= le]
    travail = _Travail(
        base, {x.cle: x for x in base.lignes}, {x.cle: Trace() for x in base.lignes}, sorties={}
    )
    appliques, refus = [], []
    for acte in sorted(voulus, key=lambda a: (a.effet, a.ordre, a.code)):
        essai = travail.copie()
        try:
            for mouvement in acte.mouvements:
                _appliquer(essai, acte, mouvement)
        except _Bloque as bloque:
            refus.append(Refus(acte.code, str(bloque)))
            continue
        travail = essai
        appliques.append(acte.code)
    return Consolide(
        travail.fige(), travail.traces, tuple(travail.sorties.values()), tuple(travail.generaux),
        tuple(appliques), tuple(refus),
    )  # fmt: skip


def appliquer(
    etat: EtatContractuel, mouvements: Iterable[Mouvement], connu: Consolide | None = None
) -> tuple[EtatContractuel, list[str]]:
    """The state after these movements, one after the other; those that do not apply are said and left out.

    `connu`: what `etat` was read from, so that a refusal names the act that took a line out.
    """
    sorties = {x.cle: x for x in connu.sorties} if connu else {}
    travail = _Travail(
        etat, {x.cle: x for x in etat.lignes}, dict(connu.traces) if connu else {}, sorties=sorties
    )
    acte = Acte(_ESSAI, "", date.min, ())
    raisons = []
    for mouvement in mouvements:
        try:
            _appliquer(travail, acte, mouvement)
        except _Bloque as bloque:
            raisons.append(str(bloque))
    return travail.fige(), raisons


# --- one movement ---------------------------------------------------------------------------------


def _appliquer(t: _Travail, acte: Acte, m: Mouvement) -> None:
    for raison in refus_de_montant(m):
        raise _Bloque(raison)
    _GESTES[m.genre](t, acte, m)


def _exiger(t: _Travail, cle: str) -> LigneContrat:
    ligne = t.lignes.get(cle)
    if ligne is not None:
        return ligne
    if partie := t.sorties.get(cle):
        trace = t.traces.get(cle, Trace())
        par = f" par {nom_de_l_acte(trace.sortie)}" if trace.sortie and trace.sortie != _ESSAI else ""
        raise _Bloque(f"Le {partie.nom} a déjà été retiré du contrat{par} : il ne peut plus être changé.")
    raise _Bloque("Ce projet n’est pas au contrat : ajoutez-le d’abord.")


def nom_de_l_acte(code: str) -> str:
    """« l’avenant n° 2 » from « avenant-2 »; the code itself when it is not one of an avenant."""
    debut, _, numero = code.partition("-")
    return f"l’avenant n°\u00a0{numero}" if debut == "avenant" and numero else code


def _changer(t: _Travail, acte: Acte, cle: str, motif: str, **valeurs: object) -> None:
    ancienne = t.lignes[cle]
    t.lignes[cle] = replace(ancienne, **valeurs)  # type: ignore[arg-type]
    changements = tuple(
        Changement(acte.code, nom, getattr(ancienne, nom), valeur, motif)
        for nom, valeur in valeurs.items()
        if nom != "maitre_ouvrage_id" and getattr(ancienne, nom) != valeur
    )
    trace = t.traces.get(cle, Trace())
    t.traces[cle] = replace(trace, changements=(*trace.changements, *changements))


def _entrer(t: _Travail, acte: Acte, ligne: LigneContrat) -> None:
    if ligne.cle in t.lignes:
        raise _Bloque(f"Le {ligne.nom} est déjà au contrat : changez son montant au lieu de l’ajouter.")
    t.sorties.pop(ligne.cle, None)
    t.lignes[ligne.cle] = ligne
    t.traces[ligne.cle] = Trace(acte.code)


def _sortir(t: _Travail, acte: Acte, cle: str) -> None:
    ligne = _exiger(t, cle)
    del t.lignes[cle]
    t.sorties[cle] = ligne
    t.traces[cle] = replace(t.traces.get(cle, Trace()), sortie=acte.code)


def _ajout(t: _Travail, acte: Acte, m: Mouvement) -> None:
    assert m.ligne is not None
    _entrer(t, acte, m.ligne)


def _retrait(t: _Travail, acte: Acte, m: Mouvement) -> None:
    _sortir(t, acte, m.cle)


def _remplacement(t: _Travail, acte: Acte, m: Mouvement) -> None:
    assert m.ligne is not None
    _sortir(t, acte, m.cle)
    _entrer(t, acte, m.ligne)


def _montant(t: _Travail, acte: Acte, m: Mouvement) -> None:
    ligne = _exiger(t, m.cle)
    assert m.montant is not None
    if m.montant == ligne.aide:
        raise _Bloque(f"L’aide du {ligne.nom} est déjà de {formater_euros(ligne.aide)}.")
    _changer(t, acte, m.cle, m.motif, aide=m.montant)


def _maitre_ouvrage(t: _Travail, acte: Acte, m: Mouvement) -> None:
    ligne = _exiger(t, m.cle)
    if m.maitre_ouvrage == ligne.maitre_ouvrage:
        raise _Bloque(f"Le {ligne.nom} est déjà porté par {ligne.maitre_ouvrage}.")
    _changer(t, acte, m.cle, m.motif, maitre_ouvrage=m.maitre_ouvrage, maitre_ouvrage_id=m.maitre_ouvrage_id)


def _annee(t: _Travail, acte: Acte, m: Mouvement) -> None:
    ligne = _exiger(t, m.cle)
    if m.annee == ligne.annee:
        raise _Bloque(f"Le {ligne.nom} est déjà inscrit en {ligne.annee}.")
    _changer(t, acte, m.cle, m.motif, annee=m.annee)


def _fongibilite(t: _Travail, acte: Acte, m: Mouvement) -> None:
    donneur, receveur = _exiger(t, m.cle), _exiger(t, m.vers)
    somme: Decimal = m.montant or ZERO
    if m.cle == m.vers:
        raise _Bloque("Choisissez deux projets différents : l’un donne, l’autre reçoit.")
    if donneur.hors_enveloppe != receveur.hors_enveloppe:
        raise _Bloque("Une somme de la réserve ne passe pas à un projet payé par l’enveloppe, ni l’inverse.")
    if somme >= donneur.aide:
        raise _Bloque(
            f"Le {donneur.nom} a {formater_euros(donneur.aide)} : il ne peut pas donner "
            f"{formater_euros(somme)}. Donnez moins, ou retirez ce projet."
        )
    _changer(t, acte, m.cle, m.motif, aide=donneur.aide - somme)
    _changer(t, acte, m.vers, m.motif, aide=receveur.aide + somme)


def _perimetre(t: _Travail, acte: Acte, m: Mouvement) -> None:
    presentes = t.etat.parties
    if m.sort:
        if m.partie not in presentes:
            raise _Bloque(f"{m.partie} n’est pas partie au contrat.")
        if restants := [x for x in t.lignes.values() if x.maitre_ouvrage == m.partie]:
            raise _Bloque(
                f"{m.partie} porte encore le {restants[0].nom} : retirez ses projets ou changez leur maître "
                "d’ouvrage avant sa sortie."
            )
        t.etat = replace(t.etat, parties=tuple(p for p in presentes if p != m.partie))
        t.generaux.append(Changement(acte.code, "partie", m.partie, None, m.motif))
        return
    if m.partie in presentes:
        raise _Bloque(f"{m.partie} est déjà partie au contrat.")
    t.etat = replace(t.etat, parties=(*presentes, m.partie))
    t.generaux.append(Changement(acte.code, "partie", None, m.partie, m.motif))


def _duree(t: _Travail, acte: Acte, m: Mouvement) -> None:
    assert m.date_fin is not None
    if m.date_fin == t.etat.date_fin:
        raise _Bloque(f"Le contrat prend déjà fin le {m.date_fin:%d/%m/%Y}.")
    if t.etat.date_effet is not None and m.date_fin <= t.etat.date_effet:
        raise _Bloque("La fin du contrat doit suivre sa date d’effet.")
    t.generaux.append(Changement(acte.code, "date_fin", t.etat.date_fin, m.date_fin, m.motif))
    t.etat = replace(t.etat, date_fin=m.date_fin)


def _texte(t: _Travail, acte: Acte, m: Mouvement) -> None:
    ancien = t.etat.article(m.article)
    if ancien is None:
        raise _Bloque(f"Le contrat n’a pas d’article « {m.article} ».")
    if ancien.texte == m.texte:
        raise _Bloque(f"L’article « {m.article} » a déjà ce texte.")
    articles = tuple(replace(a, texte=m.texte) if a is ancien else a for a in t.etat.articles)
    t.etat = replace(t.etat, articles=articles)
    t.generaux.append(Changement(acte.code, f"article {m.article}", ancien.texte, m.texte, m.motif))


_GESTES: dict[Genre, Callable[[_Travail, Acte, Mouvement], None]] = {
    Genre.AJOUT: _ajout,
    Genre.RESERVE: _ajout,
    Genre.RETRAIT: _retrait,
    Genre.REMPLACEMENT: _remplacement,
    Genre.MONTANT: _montant,
    Genre.MAITRE_OUVRAGE: _maitre_ouvrage,
    Genre.ANNEE: _annee,
    Genre.FONGIBILITE: _fongibilite,
    Genre.PERIMETRE: _perimetre,
    Genre.DUREE: _duree,
    Genre.TEXTE: _texte,
}
