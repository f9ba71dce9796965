"""Light colours of the charts for files that leave the site; tokens.css is the reference."""

from typing import Final

SERIE: Final = ("#1f6446", "#cb9233", "#3c6d92", "#a2583d", "#7a5c86", "#7b8079")
RAMPE: Final = ("#e3ecdf", "#b5d0b9", "#7fae8e", "#468567", "#17573c")
TIRETS: Final = {2: "7 4", 3: "2 4", 4: "10 3 2 3"}

_REGLES: Final = (
    "text{font:400 14px 'Source Sans Pro',sans-serif;fill:#1a231e}.doux{fill:#55605a}.fort{font-weight:600}"
    ".fin{text-anchor:end}.milieu{text-anchor:middle}.axe{stroke:#8a8471}.repere{stroke:#1a231e;stroke-width:2}.grille-trait{stroke:#e0d9c9}"
    ".rail{fill:#f1ece0}.motif{stroke:#fff;stroke-width:2.5;opacity:.5}.blanc{stroke:#fff;stroke-width:1.5}"
    ".courbe{fill:none;stroke-width:2.5;vector-effect:non-scaling-stroke}.bande{opacity:.42}"
    ".attenue{fill:#7b8079;opacity:.55}.lieu{stroke:#fff}.lieu.sans{fill:#f1ece0;stroke:#8a8471}"
    ".lieu.voisin{fill:#e7e3d9;stroke:#e0d9c9}.lieu.choisi{stroke:#c98a1b;stroke-width:3}"
    ".lieu,.contour{vector-effect:non-scaling-stroke}.contour{fill:none;stroke:#1a231e;stroke-width:1.6}"
    ".titre-figure{font-weight:600;font-size:18px}.source-figure{font-size:13px;fill:#55605a}"
    ".points{fill:#fff;stroke-width:2;stroke-dasharray:none}.lieu.pale{fill-opacity:.4}"
    ".noeud{fill:#fff;stroke:#8a8471;stroke-width:1.2}.noeud.tirets{stroke-dasharray:5 4}"
    ".fleche{fill:#8a8471}"
    "text.menu{font-size:13px}.creuse{fill:#fff;stroke:#cb9233;stroke-width:2.5}"
)
STYLE_AUTONOME: Final = (
    "<style>"
    + _REGLES
    + "".join(f".s{i}{{fill:{c}}}.c{i}{{stroke:{c}}}" for i, c in enumerate(SERIE, 1))
    + "".join(f".c{i}{{stroke-dasharray:{t}}}" for i, t in TIRETS.items())
    + "".join(f".r{i},.lieu.voisin.r{i}{{fill:{c}}}" for i, c in enumerate(RAMPE))
    + "</style>"
)
