"""The look of an authority, as its documents print it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class PoliceDoc:
    """A face of the authority. `role`: texte or titres; `fichier`: its name in the store of files."""

    role: str
    famille: str
    fichier: str
    sha256: str


@dataclass(frozen=True, slots=True)
class CharteDoc:
    """The look of the authority. `couleur` « #17573c »; `logo` a stand-alone SVG around a PNG, or empty.

    `bloc`: what stands above its signature, one line each (« Pour le Président et par délégation »).
    """

    couleur: str
    entete: str = ""
    pied: str = ""
    logo: str = ""
    alternative: str = ""
    fait_a: str = ""
    bloc: str = ""
    polices: tuple[PoliceDoc, ...] = ()

    def familles(self, role: str) -> tuple[str, ...]:
        """The families of the texts or of the titles; the titles take that of the texts when alone."""
        trouvees = [p.famille for p in self.polices if p.role == role]
        if not trouvees and role == "titres":
            return self.familles("texte")
        return tuple(dict.fromkeys(trouvees))
