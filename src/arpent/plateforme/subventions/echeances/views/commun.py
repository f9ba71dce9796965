"""What an action on the deadlines refuses."""

from arpent.metier.cycles import TransitionRefusee
from arpent.plateforme.negociations.credits.registre import CreditRefuse

from ...dossiers.actions import DossierRefuse
from ..actions import EcheanceRefusee

REFUS = (EcheanceRefusee, DossierRefuse, CreditRefuse, TransitionRefusee)
