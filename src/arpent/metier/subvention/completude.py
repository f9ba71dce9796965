"""Is the file whole: what the policy expects by theme and stage, what was given, what was refused."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum


class EtatPiece(StrEnum):
    """State of an expected piece."""

    A_FOURNIR = "a_fournir"
    RECUE = "recue"
    ACCEPTEE = "acceptee"
    REFUSEE = "refusee"


@dataclass(frozen=True, slots=True)
class Attendu:
    """A piece of the policy. `themes`, `stades` empty: all of them. `demonstration`: not published."""

    code: str
    libelle: str
    themes: tuple[str, ...] = ()
    stades: tuple[str, ...] = ()
    precision: str = ""
    source: str = ""
    demonstration: bool = False

    def concerne(self, theme: str, stade: str) -> bool:
        """A file without a stage yet is shown the pieces of every stage."""
        return (not self.themes or theme in self.themes) and (
            not stade or not self.stades or stade in self.stades
        )


@dataclass(frozen=True, slots=True)
class PieceLue:
    """A file given for a piece; `motif`: why it was refused."""

    code: str
    etat: EtatPiece
    motif: str = ""


@dataclass(frozen=True, slots=True)
class Manque:
    """What stops the deposit or the acknowledgement: where (`champ`), what to do."""

    champ: str
    libelle: str
    quoi_faire: str


@dataclass(frozen=True, slots=True)
class Completude:
    """Each expected piece with its state, and what is missing."""

    etats: tuple[tuple[Attendu, EtatPiece, str], ...]
    """Piece, state, reason of the last refusal."""

    @property
    def a_fournir(self) -> tuple[Manque, ...]:
        """The pieces without a file that stands: what stops the deposit."""
        return tuple(
            Manque(
                f"piece_{a.code}",
                a.libelle,
                f"Le fichier a été refusé : {motif}" if motif else "Joignez le fichier.",
            )
            for a, etat, motif in self.etats
            if etat in {EtatPiece.A_FOURNIR, EtatPiece.REFUSEE}
        )

    @property
    def a_examiner(self) -> tuple[Attendu, ...]:
        """Received, neither accepted nor refused yet: what stops the acknowledgement, with `a_fournir`."""
        return tuple(a for a, etat, _ in self.etats if etat is EtatPiece.RECUE)

    @property
    def est_complet(self) -> bool:
        return all(etat is EtatPiece.ACCEPTEE for _, etat, _ in self.etats)

    @property
    def recues(self) -> int:
        return len(self.etats) - len(self.a_fournir)


_ORDRE = {EtatPiece.ACCEPTEE: 0, EtatPiece.RECUE: 1, EtatPiece.REFUSEE: 2, EtatPiece.A_FOURNIR: 3}


def examiner_completude(
    attendus: Sequence[Attendu], theme: str, stade: str, pieces: Iterable[PieceLue]
) -> Completude:
    """The state of each piece that this theme and stage call for: that of its best file.

    A piece accepted stays accepted when another file is refused; one received waits for its examination.
    """
    par_code: dict[str, list[PieceLue]] = {}
    for piece in pieces:
        par_code.setdefault(piece.code, []).append(piece)
    etats = []
    for attendu in attendus:
        if not attendu.concerne(theme, stade):
            continue
        siennes = par_code.get(attendu.code, [])
        etat = min((p.etat for p in siennes), key=_ORDRE.__getitem__, default=EtatPiece.A_FOURNIR)
        motif = next((p.motif for p in reversed(siennes) if p.etat is EtatPiece.REFUSEE), "")
        etats.append((attendu, etat, motif if etat is EtatPiece.REFUSEE else ""))
    return Completude(tuple(etats))
