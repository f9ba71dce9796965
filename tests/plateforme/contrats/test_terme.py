"""The last day of a contract: that of the version issued, then of its avenants, never of the policy."""

from __future__ import annotations

from datetime import date

import pytest

from arpent.metier.avenants import Genre
from arpent.plateforme.contrats.avenants.actions import Saisie
from arpent.plateforme.contrats.contrat_exterieur import reprendre_contrat_signe
from arpent.plateforme.contrats.exigences import ContratRefuse
from arpent.plateforme.contrats.lecture_votes import lire_votes
from arpent.plateforme.contrats.models import Contrat, Partie, VersionContrat
from arpent.plateforme.contrats.presentations import presentation_doc
from arpent.plateforme.contrats.projets_deliberation import approbation_doc
from arpent.plateforme.contrats.terme import exiger_echeance, terme_de
from arpent.plateforme.demarches.models import Demarche
from arpent.plateforme.reglements.models import Dispositif
from tests.plateforme.contrats.conftest import AUJOURD_HUI, LE, conclure, preparer
from tests.plateforme.contrats.test_contrat_exterieur import SIGNE
from tests.plateforme.negociations.conftest import Monde

pytestmark = pytest.mark.usefixtures("sans_fichiers", "sans_pdf")
FIN = date(2029, 2, 28)
"""Three years from the first of March 2026."""


def relu(contrat: Contrat) -> Contrat:
    return Contrat.objects.get(pk=contrat.pk)


def changer_la_politique(annees: int = 7) -> None:
    Dispositif.objects.update(duree_annees=annees)


def test_la_politique_qui_change_ne_deplace_pas_la_fin_d_un_contrat_en_vigueur(en_vigueur: Contrat) -> None:
    assert terme_de(relu(en_vigueur)) == FIN
    changer_la_politique()
    assert terme_de(relu(en_vigueur)) == FIN
    with pytest.raises(ContratRefuse, match="court jusqu’au 28/02/2029"):
        exiger_echeance(relu(en_vigueur), FIN)
    exiger_echeance(relu(en_vigueur), date(2029, 3, 1))


def test_un_avenant_de_duree_deplace_la_fin_et_lui_seul(en_vigueur: Contrat) -> None:
    conclure(preparer(en_vigueur, Saisie(Genre.DUREE, date_fin=date(2029, 12, 31), motif="Prorogation")))
    changer_la_politique(1)
    assert terme_de(relu(en_vigueur)) == date(2029, 12, 31)


def test_un_contrat_repris_garde_la_duree_du_jour_de_sa_reprise(accord: Monde, contrat: Contrat) -> None:
    reprendre_contrat_signe(contrat, SIGNE, par=accord.chef, le=AUJOURD_HUI)
    changer_la_politique()
    assert terme_de(relu(contrat)) == date(2028, 12, 31)


def test_les_documents_de_la_seance_disent_la_fin_de_la_version_votee(au_vote: Contrat) -> None:
    changer_la_politique()
    partie = au_vote.parties.get(role=Partie.RolePartie.PORTEUR)
    (lu,) = lire_votes(Partie.objects.filter(pk=partie.pk).select_related("contrat"), LE)
    demarche = Demarche.objects.avec_contexte().get(pk=au_vote.demarche_id)
    assert presentation_doc(lu, demarche, LE).contrat.date_fin == FIN
    assert approbation_doc(lu, demarche, LE).duree_annees == 3


def test_une_version_sans_duree_gardee_suit_la_politique(en_vigueur: Contrat) -> None:
    VersionContrat.objects.update(duree_annees=None)
    changer_la_politique(1)
    assert terme_de(relu(en_vigueur)) == date(2027, 2, 28)
