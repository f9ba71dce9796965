"""The resources of the API, in the order of its documentation."""

from .base import Ressource
from .conduite import RESSOURCES as CONDUITE
from .contrats import RESSOURCES as CONTRATS
from .lieux import RESSOURCES as LIEUX
from .projets import RESSOURCES as PROJETS
from .realisation import RESSOURCES as REALISATION
from .reunions import RESSOURCES as REUNIONS
from .suivis import RESSOURCES as SUIVIS

RESSOURCES: tuple[Ressource, ...] = (*LIEUX, *CONDUITE, *REUNIONS, *PROJETS, *CONTRATS, *REALISATION, *SUIVIS)
PAR_CODE = {r.code: r for r in RESSOURCES}

__all__ = ["PAR_CODE", "RESSOURCES", "Ressource"]
