"""Charts drawn on the server: typed values in, one `Figure` out (SVG text, and the table behind it).

Horizontal positions are percentages and text is in pixels, so that a chart is as readable on a phone as on a
projector. Colours are classes of the style sheet (light, dark, print); nothing needs a script or a style
attribute. `Figure.svg_autonome()` gives a file that stands alone, for a download or a document.
"""

from .barres import Barre, Empilement, barres_empilees, barres_horizontales
from .base import Figure
from .cartes import Lieu, choroplethe
from .flux import Apport, Flux, bandes_autour, bandes_de_flux
from .fourchettes import Estimation, barres_a_fourchette
from .gantt import Jalon, LigneGantt, Periode, gantt
from .lignes import Serie, lignes, petits_multiples
from .positions import Position, positions
from .pyramide import Tranche, pyramide
from .schema import Bloc, Noeud, schema
from .suites import Suite, suites

__all__ = [
    "Apport",
    "Barre",
    "Bloc",
    "Empilement",
    "Estimation",
    "Figure",
    "Flux",
    "Jalon",
    "Lieu",
    "LigneGantt",
    "Noeud",
    "Periode",
    "Position",
    "Serie",
    "Suite",
    "Tranche",
    "bandes_autour",
    "bandes_de_flux",
    "barres_a_fourchette",
    "barres_empilees",
    "barres_horizontales",
    "choroplethe",
    "gantt",
    "lignes",
    "petits_multiples",
    "positions",
    "pyramide",
    "schema",
    "suites",
]
