"""What is followed once projects are retained: the progress of their works."""

from .avancement import JalonProjet, PhotoChantier, PointBloquant, SuiviProjet

__all__ = ["JalonProjet", "PhotoChantier", "PointBloquant", "SuiviProjet"]
