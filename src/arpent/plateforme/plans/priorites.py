"""The order of the projects by those who rank them: the owner, the territory, the authority."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import transaction

from arpent.metier.classements import Comparaison, comparer, dernier, ex_aequo
from arpent.metier.cycles import EtatFiche
from arpent.plateforme.acteurs.droits import Avis, organisations_de, themes_de
from arpent.plateforme.acteurs.models import Agent
from arpent.plateforme.demarches.acces import peut_sur
from arpent.plateforme.demarches.models import Demarche
from arpent.plateforme.journal.actions import consigner
from arpent.plateforme.socle.versions import ConflitDeVersion, Ecart, enregistrer_version

from .actions import ActionRefusee
from .filtres import Filtre
from .listes import fiches_du_plan
from .models import Classement, Fiche

N = Classement.Niveau
CHAMPS = {
    N.MAITRE_OUVRAGE: "priorite_maitre_ouvrage",
    N.TERRITOIRE: "priorite_territoire",
    N.AUTORITE: "priorite_autorite",
}
RANG_MAX = 999
CLASSABLES_MAX = 1_000
"""Fiches on one page of ordering: a form has a bounded number of fields (DATA_UPLOAD_MAX_NUMBER_FIELDS)."""
_HORS = (EtatFiche.BROUILLON.value, EtatFiche.REFUSEE.value)
_DROITS = {N.TERRITOIRE: "fiche.prioriser", N.AUTORITE: "fiche.arbitrer"}


def fiches_a_classer(demarche: Demarche, agent: Agent) -> list[Fiche]:
    """The fiches that are ranked: not the drafts, not those refused. One query."""
    return list(
        fiches_du_plan(demarche, agent, Filtre())
        .exclude(etat__in=_HORS)
        .select_related("maitre_ouvrage", "theme")
        .only(
            "numero", "titre", "etat", "version", "cout_ht", "maturite", "demarche_id", "maitre_ouvrage__nom",
            "theme__libelle", *CHAMPS.values(),
        )
        .order_by("numero")[:CLASSABLES_MAX]
    )  # fmt: skip


def rangs(fiches: Sequence[Fiche], niveau: str) -> dict[int, int | None]:
    """Ranks by number of fiche."""
    champ = CHAMPS[N(niveau)]
    return {f.numero: getattr(f, champ) for f in fiches}


def peut_classer(agent: Agent, demarche: Demarche, niveau: str, organisation_id: int | None = None) -> Avis:
    """The territory and the authority rank for themselves, each owner its own fiches. No query."""
    if niveau != N.MAITRE_OUVRAGE:
        return peut_sur(agent, _DROITS[N(niveau)], demarche)
    if not (avis := peut_sur(agent, "fiche.rediger", demarche)):
        return avis
    siennes = organisations_de(agent, demarche.territoire_id)
    if organisation_id is None or (siennes is not None and organisation_id not in siennes):
        return Avis(False, "Chaque maître d’ouvrage classe ses propres projets : choisissez le vôtre.")
    if themes_de(agent, demarche.territoire_id, organisation_id) is not None:
        return Avis(False, "Votre compte est limité à des thèmes : le maître d’ouvrage classe ses projets.")
    return Avis(True)


@dataclass(frozen=True, slots=True)
class Ecartement:
    """How far two orders are from one another, as people say it."""

    titre: str
    comparaison: Comparaison

    @property
    def texte(self) -> str:
        c = self.comparaison
        if not c.paires:
            return "pas encore comparables : il faut au moins deux projets classés par les deux."
        if not c.inversees:
            return "le même ordre."
        s = "s" if c.inversees > 1 else ""
        return (
            f"sur {c.paires} paires de projets classés par les deux, {c.inversees} "
            f"{'sont' if s else 'est'} dans l’ordre inverse ({round(100 * (c.part or 0))} %)."
        )


@dataclass(frozen=True, slots=True)
class Tension:
    """A disagreement or a gap to be looked at, with the fiches concerned."""

    titre: str
    fiches: tuple[Fiche, ...]
    texte: str


def ecartements(fiches: Sequence[Fiche]) -> list[Ecartement]:
    """The three comparisons, two by two."""
    mo, territoire, autorite = (rangs(fiches, n) for n in CHAMPS)
    return [
        Ecartement("Territoire et autorité", comparer(territoire, autorite)),
        Ecartement("Maîtres d’ouvrage et territoire", _meme_proprietaire(fiches, mo, territoire)),
        Ecartement("Maîtres d’ouvrage et autorité", _meme_proprietaire(fiches, mo, autorite)),
    ]


def _meme_proprietaire(
    fiches: Sequence[Fiche], mo: Mapping[int, int | None], autre: Mapping[int, int | None]
) -> Comparaison:
    """An owner ranks its own fiches only: pairs of two owners say nothing."""
    paires = inversees = 0
    for qui in {f.maitre_ouvrage_id for f in fiches}:
        siennes = {f.numero: mo[f.numero] for f in fiches if f.maitre_ouvrage_id == qui}
        c = comparer(siennes, autre)
        paires, inversees = paires + c.paires, inversees + c.inversees
    return Comparaison(paires, inversees)


def tensions(fiches: Sequence[Fiche]) -> list[Tension]:
    """The first of an owner that the others put last, equal ranks, fiches that nobody ranked."""
    trouvees: list[Tension] = []
    for niveau, qui in ((N.TERRITOIRE, "le territoire"), (N.AUTORITE, "l’autorité")):
        fin = dernier(rangs(fiches, niveau).values())
        champ = CHAMPS[niveau]
        opposees = tuple(
            f
            for f in fiches
            if f.priorite_maitre_ouvrage == 1 and fin and fin > 1 and getattr(f, champ) == fin
        )
        if opposees:
            texte = f"Premier choix de son maître d’ouvrage, dernier pour {qui}."
            trouvees.append(Tension(f"Premier d’un côté, dernier pour {qui}", opposees, texte))
        par_numero = {f.numero: f for f in fiches}
        for rang, numeros in ex_aequo(rangs(fiches, niveau)).items():
            egales = tuple(par_numero[n] for n in numeros)
            trouvees.append(Tension(f"Rang {rang} donné plusieurs fois par {qui}", egales, "Ex æquo."))
    trouvees += _ex_aequo_des_porteurs(fiches)
    sans = tuple(f for f in fiches if not any(getattr(f, champ) for champ in CHAMPS.values()))
    if sans:
        trouvees.append(Tension("Projets que personne n’a classés", sans, "Aucun rang donné."))
    return trouvees


def _ex_aequo_des_porteurs(fiches: Sequence[Fiche]) -> list[Tension]:
    trouvees = []
    for qui in dict.fromkeys(f.maitre_ouvrage_id for f in fiches):
        siennes = [f for f in fiches if f.maitre_ouvrage_id == qui]
        par_numero = {f.numero: f for f in siennes}
        for rang, numeros in ex_aequo(rangs(siennes, N.MAITRE_OUVRAGE)).items():
            egales = tuple(par_numero[n] for n in numeros)
            nom = egales[0].maitre_ouvrage.nom
            trouvees.append(Tension(f"Rang {rang} donné plusieurs fois par {nom}", egales, "Ex æquo."))
    return trouvees


def classement_de(demarche: Demarche, niveau: str, organisation_id: int | None) -> Classement:
    """The stored ranking, or a new one not saved yet. One query."""
    quoi: dict[str, Any] = {"demarche": demarche, "niveau": niveau, "organisation_id": organisation_id}
    return Classement.objects.filter(**quoi).first() or Classement(**quoi, version=0)


@dataclass(frozen=True, slots=True)
class Ordre:
    """An order as sent by a page: ranks by number of fiche, those that the page had shown, the method."""

    rangs: Mapping[int, int | None]
    lus: Mapping[int, int | None]
    methode: str = ""
    arrete_par: str = ""
    arrete_le: date | None = None


@transaction.atomic
def classer(
    demarche: Demarche,
    niveau: str,
    ordre: Ordre,
    *,
    par: Agent,
    version_lue: int,
    organisation_id: int | None = None,
) -> Classement:
    """Saves a whole order and its method at once. ConflitDeVersion shows both orders when it has moved."""
    Demarche.objects.select_for_update(of=("self",)).get(pk=demarche.pk)
    champ = CHAMPS[N(niveau)]
    if any(r is not None and not 1 <= r <= RANG_MAX for r in ordre.rangs.values()):
        raise ActionRefusee(f"Un rang va de 1 à {RANG_MAX}.")
    fiches = {
        f.numero: f
        for f in Fiche.objects.select_for_update(of=("self",))
        .filter(demarche=demarche, numero__in=ordre.rangs)
        .order_by("pk")
    }
    classement = classement_de(demarche, niveau, organisation_id)
    _exiger_inchange(classement, version_lue, fiches, champ, ordre)
    classement.methode, classement.arrete_par = ordre.methode.strip(), ordre.arrete_par.strip()
    classement.arrete_le = ordre.arrete_le
    if classement.pk is None:
        classement.version = 1
        classement.save(force_insert=True)
    else:
        enregistrer_version(classement, version_lue, ["methode", "arrete_par", "arrete_le"])
    changees = [f for n, f in fiches.items() if getattr(f, champ) != ordre.rangs[n]]
    avant = {str(f): getattr(f, champ) for f in changees}
    for fiche in changees:
        setattr(fiche, champ, ordre.rangs[fiche.numero])
        fiche.version += 1
    Fiche.objects.bulk_update(changees, [champ, "version"], batch_size=200)
    consigner(
        "classer", sur=classement, par=par, demarche_id=demarche.pk,
        libelle=f"{classement}, {demarche.territoire.nom}"[:300], avant={"rangs": avant},
        apres={"rangs": {str(f): getattr(f, champ) for f in changees}, "methode": classement.methode},
    )  # fmt: skip
    return classement


def _exiger_inchange(
    classement: Classement, version_lue: int, fiches: Mapping[int, Fiche], champ: str, ordre: Ordre
) -> None:
    bouge = [n for n, f in fiches.items() if n in ordre.lus and getattr(f, champ) != ordre.lus[n]]
    if not bouge and classement.version == version_lue:
        return

    def ecrit(rang: int | None) -> str:
        return "non classé" if rang is None else str(rang)

    ecarts = [
        Ecart(champ, str(f), ecrit(getattr(f, champ)), ecrit(ordre.rangs[n]))
        for n, f in fiches.items()
        if getattr(f, champ) != ordre.rangs[n]
    ]
    if classement.methode != ordre.methode.strip():
        ecarts.append(Ecart("methode", "Méthode", classement.methode or "(vide)", ordre.methode or "(vide)"))
    raise ConflitDeVersion(classement, ecarts)
