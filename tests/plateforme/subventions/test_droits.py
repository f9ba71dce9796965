"""Who prepares, examines, decides a grant file; who asks for its payments, certifies, pays."""

from __future__ import annotations

import pytest

from arpent.metier.cycles import CYCLE_DOSSIER
from arpent.metier.cycles.versement import CERTIFIER, DEMANDER, PAYER
from arpent.plateforme.acteurs.models import Organisation
from arpent.plateforme.subventions.dossiers import droits
from arpent.plateforme.subventions.models import DemandeVersement, Dossier
from arpent.plateforme.subventions.versements import droits as des_versements
from tests.plateforme import personnes
from tests.plateforme.personnes import AUTRE_MAIRIE, AUTRE_TERRITOIRE, MAIRIE, habilitation, personne

SECRETAIRE = personne("secretaire_mairie")


def dossier(etat: str = "brouillon", mairie: int = MAIRIE) -> Dossier:
    demarche, fiche = personnes.demarche(), personnes.fiche("contractualisee", mairie)
    proprietaire = Organisation(pk=mairie, nom=f"Mairie {mairie}")
    return Dossier(demarche=demarche, fiche=fiche, maitre_ouvrage=proprietaire, etat=etat)


def demande(etat: str = "brouillon") -> DemandeVersement:
    return DemandeVersement(dossier=dossier("notifie"), etat=etat)


def gestes(qui: object, objet: Dossier) -> set[str]:
    return {t.geste for t in droits.gestes_ouverts(qui, objet)}  # type: ignore[arg-type]


def test_on_depose_pour_les_structures_que_l_on_represente() -> None:
    demarche = personnes.demarche()
    assert droits.porteurs_de(SECRETAIRE, demarche) == {MAIRIE}
    assert droits.porteurs_de(personne("administrateur"), demarche) is None
    assert droits.porteurs_de(personne(habilitation("agent_epci", organisation_id=None)), demarche) is None
    assert droits.porteurs_de(personne("agent_epci"), demarche) == {MAIRIE}
    ailleurs = habilitation("secretaire_mairie", territoire_id=AUTRE_TERRITOIRE)
    assert droits.porteurs_de(personne(ailleurs, "maire"), demarche) == set()


def test_le_dossier_d_une_autre_structure_ne_se_prepare_pas() -> None:
    assert droits.peut_preparer(SECRETAIRE, dossier())
    refus = droits.peut_preparer(SECRETAIRE, dossier(mairie=AUTRE_MAIRIE))
    assert not refus
    assert "Mairie 31" in refus.raison
    assert not droits.peut_preparer(personne("maire"), dossier())
    assert droits.peut_preparer(personne("administrateur"), dossier())


@pytest.mark.parametrize(
    ("etat", "dit"),
    [
        ("brouillon", ""), ("a_completer", ""), ("depose", "le dossier vous revient alors"),
        ("notifie", "ne se modifie plus"), ("rejete", "ne se modifie plus"),
    ],
)  # fmt: skip
def test_un_dossier_se_modifie_tant_qu_il_est_chez_son_porteur(etat: str, dit: str) -> None:
    avis = droits.peut_modifier(SECRETAIRE, dossier(etat))
    assert bool(avis) == (not dit)
    assert dit in avis.raison
    assert not droits.peut_modifier(personne("maire"), dossier(etat))


def test_le_service_instruit_et_l_autorite_decide() -> None:
    assert droits.peut_instruire(personne("instructeur"), dossier("depose"))
    assert not droits.peut_instruire(SECRETAIRE, dossier("depose"))
    assert droits.peut_decider(personne("chef_de_projet"), dossier("propose"))
    assert not droits.peut_decider(SECRETAIRE, dossier("propose"))


def test_chaque_geste_a_son_porteur() -> None:
    assert gestes(SECRETAIRE, dossier()) & {"deposer_dossier"}
    assert "deposer_dossier" not in gestes(personne("instructeur"), dossier())
    assert gestes(personne("instructeur"), dossier("depose"))
    assert gestes(personne("maire"), dossier("depose")) == set()
    for etat in ("propose", "vote", "notifie"):
        assert not gestes(personne("chef_de_projet"), dossier(etat)) & droits.AILLEURS
    connus = {"dossier.deposer", "dossier.instruire", "dossier.decider"}
    assert {t.droit for t in CYCLE_DOSSIER.transitions} <= connus


def test_qui_depose_demande_a_etre_paye_et_le_service_certifie() -> None:
    lu = dossier("notifie")
    assert des_versements.peut_sur_dossier(SECRETAIRE, DEMANDER, lu)
    assert not des_versements.peut_sur_dossier(SECRETAIRE, CERTIFIER, lu)
    assert des_versements.peut_sur_dossier(personne("instructeur"), CERTIFIER, lu)
    assert not des_versements.peut_sur_dossier(personne("instructeur"), PAYER, lu)
    assert des_versements.peut_sur_dossier(personne("chef_de_projet"), PAYER, lu)


def test_une_demande_se_modifie_chez_son_porteur() -> None:
    assert des_versements.peut_modifier(SECRETAIRE, demande())
    assert "ne se modifie plus" in des_versements.peut_modifier(SECRETAIRE, demande("certifiee")).raison
    assert not des_versements.peut_modifier(personne("maire"), demande())
    assert des_versements.gestes_ouverts(SECRETAIRE, demande())
    assert des_versements.gestes_ouverts(personne("maire"), demande()) == []
