"""What a Rendez-vous or a permanence should talk about: blocked projects, aids near their lapse, money left.

A fact is told without a number that moves every day: found again the next week, it is the same question.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from arpent.metier.argent import ZERO
from arpent.metier.echeances_dossier import LIBELLES_ECHEANCE, EtatEcheance
from arpent.plateforme.demarches.models import Demarche
from arpent.plateforme.demarches.reunions.objets import Fait, Objet, declarer_releve
from arpent.plateforme.negociations.enveloppes import montants_des as enveloppes_des
from arpent.plateforme.plans.models import Fiche
from arpent.plateforme.subventions.echeances.lecture import dossiers_suivis, situations
from arpent.plateforme.subventions.models import Dossier

from ..etat import EtatContrat, etat_du_contrat

FAITS_MAX = 60
BLOQUE, CADUC, PROCHE, RESTE = (
    "Projet bloqué",
    "Aide qui peut devenir caduque",
    "Échéance proche",
    "Reste de l’enveloppe",
)


def relever_le_suivi(demarche: Demarche) -> Sequence[Fait]:
    """Twelve queries whatever the number of projects."""
    le = date.today()
    etat = etat_du_contrat(demarche, le)
    faits = [*_bloques(etat), *_aides(demarche, le), *_enveloppe(demarche, etat)]
    return faits[:FAITS_MAX]


def _objet(fiche: Fiche) -> Objet:
    return Objet("fiche", fiche.numero, f"Fiche {fiche.numero}\N{NO-BREAK SPACE}: {fiche.titre}")


def _bloques(etat: EtatContrat) -> Iterator[Fait]:
    for x in etat.lignes:
        for b in x.projet.bloquants:
            texte = f"{x.projet.fiche.titre} ({b.responsable.nom}) : {b.texte}"
            yield Fait(BLOQUE, texte, _objet(x.projet.fiche))


def _aides(demarche: Demarche, le: date) -> Iterator[Fait]:
    """Awarded files whose deadline is past or near."""
    for s in situations(dossiers_suivis(Dossier.objects.filter(demarche=demarche)), le):
        titre = s.dossier.fiche.titre
        if s.caducite.possible:
            yield Fait(CADUC, f"{titre} : prolonger, achever ou rendre l’aide ?", _objet(s.dossier.fiche))
            continue
        for e in s.echeances:
            if e.etat is EtatEcheance.PROCHE and e.le:
                libelle = LIBELLES_ECHEANCE[e.genre].lower()
                yield Fait(
                    PROCHE, f"{titre} : {libelle} avant le {e.le:%d/%m/%Y}, sera-ce tenu ?",
                    _objet(s.dossier.fiche),
                )  # fmt: skip
                break


def _enveloppe(demarche: Demarche, etat: EtatContrat) -> Iterator[Fait]:
    dotation = enveloppes_des([demarche.pk]).get(demarche.pk)
    if dotation is not None and dotation - sum((x.montants.accorde for x in etat.lignes), ZERO) > 0:
        nom = demarche.territoire.nom
        yield Fait(RESTE, f"{nom} : à quels projets va le reste de l’enveloppe ?")


def declarer_au_demarrage() -> None:
    declarer_releve("suivi", relever_le_suivi)
