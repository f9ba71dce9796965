"""What the pages show: figures whose title states the finding, ranked lists, tables written."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from arpent.metier.argent import formater_nombre, formater_taux
from arpent.metier.vulnerabilite import (
    MEMBRES,
    Classe,
    Croisement,
    Deplacement,
    Echelle,
    Modele,
    Notes,
    Sensibilite,
)
from arpent.plateforme.socle.graphiques.barres import Barre, barres_horizontales
from arpent.plateforme.socle.graphiques.base import Figure, Nombre

from ..models import ModeleVulnerabilite
from .bibliotheque import lisible, livres
from .carte import carte_des_classes
from .evaluation import Vulnerabilite, noms_des_membres

LISTE_MAX = 40


@dataclass(frozen=True, slots=True)
class Marche:
    """One step of the scale of classes. `nombre`: compared places in it; `ici`: the territory is there."""

    libelle: str
    nombre: int
    ici: bool


@dataclass(frozen=True, slots=True)
class LigneClassement:
    nom: str
    score: float | None
    rang: int | None
    classe: str
    ici: bool


@dataclass(frozen=True, slots=True)
class LigneEssai:
    """One weight tried both ways; a share is written with the number of territories."""

    libelle: str
    genre: str
    hausse: str
    baisse: str
    ici_hausse: str
    ici_baisse: str


@dataclass(frozen=True, slots=True)
class Effet:
    """What a class opens, in words."""

    libelle: str
    valeur: str


def echelle(v: Vulnerabilite) -> list[Marche]:
    compares = set(v.compares)
    comptes: dict[str, int] = {}
    for note in v.notes.notes:
        if note.classe and note.territoire in compares:
            comptes[note.classe.code] = comptes.get(note.classe.code, 0) + 1
    ici = v.composee.classe
    return [Marche(c.libelle, comptes.get(c.code, 0), c == ici) for c in v.modele.classes]


def effets(classe: Classe | None, types: Mapping[str, str], type_contrat: str | None = None) -> list[Effet]:
    """The effects that the policy draws; an empty list when it draws none."""
    if classe is None:
        return []
    dits = []
    if code := type_contrat or classe.type_contrat:
        dits.append(Effet("Type de contrat", types.get(code, code)))
    if classe.ingenierie is not None:
        dits.append(Effet("Aide à l’ingénierie", "ouverte" if classe.ingenierie else "fermée"))
    if classe.taux_bonus is not None:
        points = formater_nombre((classe.taux_bonus * 100).normalize(), 1).removesuffix(",0")
        dits.append(
            Effet("Bonus de taux", f"{points} point{'s' if classe.taux_bonus >= 0.02 else ''} de plus")
        )
    if classe.plafond is not None:
        dits.append(Effet("Aide plafonnée à", f"{formater_nombre(classe.plafond, 0)}\u00a0€"))
    return dits


def carte(v: Vulnerabilite) -> Figure | None:
    noms = noms_des_membres(v.modele, [*v.compares, *v.populations])
    return carte_des_classes(v.notes, v.compares, noms, v.populations, titre_carte(v.notes, v.compares))


def titre_carte(notes: Notes, compares: Sequence[str]) -> str:
    derniere, connus = notes.modele.classes[-1], set(compares)
    nombre = sum(n.classe == derniere for n in notes.notes if n.territoire in connus)
    membres = MEMBRES[notes.modele.echelle]
    return f"{derniere.libelle} : {nombre} {membres} sur {len(compares)}"


def raisons(v: Vulnerabilite) -> Figure | None:
    """Gap of each indicator to the mean, towards vulnerability on the right."""
    if not v.apports:
        return None
    pire, mieux = v.apports[0], v.apports[-1]
    if pire.ecart > 0:
        titre = f"Ce qui pèse le plus : {pire.libelle[:1].lower()}{pire.libelle[1:]}"
    else:
        titre = f"Ce qui protège le plus : {mieux.libelle[:1].lower()}{mieux.libelle[1:]}"
    return barres_horizontales(
        titre,
        [Barre(a.libelle, a.ecart, a.ecart > 0) for a in v.apports],
        ecrire=_signe,
        libelle_valeur="Écart à la moyenne, en points de score",
        libelle_nom="Indicateur",
    )


def _signe(x: Nombre) -> str:
    nombre = float(x)
    ecrit = f"{abs(nombre):.2f}".replace(".", ",")
    return f"{'−' if nombre < 0 else '+'}{ecrit}" if ecrit != "0,00" else "0,00"


def classement(v: Vulnerabilite, limite: int | None = LISTE_MAX) -> list[LigneClassement]:
    """The most vulnerable first; the members of the territory are always there, whatever the limit."""
    noms = noms_des_membres(v.modele, [n.territoire for n in v.notes.notes])
    rangees = sorted(v.notes.notes, key=lambda n: (n.rang is None, n.rang or 0, n.territoire))
    lignes = [
        LigneClassement(
            noms.get(n.territoire, n.territoire),
            n.score,
            n.rang,
            n.classe.libelle if n.classe else n.motif or "non classé",
            n.territoire in v.populations,
        )
        for n in rangees
    ]
    if limite is None or len(lignes) <= limite:
        return lignes
    return lignes[:limite] + [x for x in lignes[limite:] if x.ici]


def essais(s: Sensibilite, modele: Modele) -> list[LigneEssai]:
    """One line a weight, the most decisive first."""
    libelles = {c.code: c.libelle for c in modele.classes}
    par_cible: dict[str, list[int]] = {}
    for rang, essai in enumerate(s.essais):
        par_cible.setdefault(essai.cible, []).append(rang)
    lignes = []
    for cible, (h, b) in sorted(par_cible.items(), key=lambda x: -max(s.essais[r].part for r in x[1])):
        hausse, baisse = s.essais[h], s.essais[b]
        lignes.append(
            LigneEssai(
                libelle=hausse.libelle,
                genre="Famille" if cible.startswith("famille:") else "Indicateur",
                hausse=_part(hausse.part, hausse.nombre),
                baisse=_part(baisse.part, baisse.nombre),
                ici_hausse="" if hausse.ici == s.ici else libelles.get(hausse.ici or "", "non classé"),
                ici_baisse="" if baisse.ici == s.ici else libelles.get(baisse.ici or "", "non classé"),
            )
        )
    return lignes


def _part(part: float, nombre: int) -> str:
    return f"{taux(part, 1)} ({nombre})" if nombre else "aucun"


def taux(part: float, decimales: int) -> str:
    return formater_taux(Decimal(str(round(part, 6))), decimales)


def barres_sensibilite(s: Sensibilite, membres: str) -> Figure | None:
    """The larger of the two shares for each weight."""
    plus: dict[str, tuple[str, float]] = {}
    for essai in s.essais:
        libelle, part = plus.get(essai.cible, (essai.libelle, 0.0))
        plus[essai.cible] = (libelle, max(part, essai.part))
    if not plus:
        return None
    triees = sorted(plus.items(), key=lambda x: -x[1][1])
    titre = _titre_sensibilite([x for _, x in triees], membres)
    return barres_horizontales(
        titre,
        [
            Barre(f"{nom} (famille)" if cible.startswith("famille:") else nom, p, p > 0)
            for cible, (nom, p) in triees
        ],
        ecrire=lambda x: taux(float(x), 1),
        libelle_valeur="Part qui change de classe",
        libelle_nom="Poids déplacé de ±20\u00a0%",
    )


def _titre_sensibilite(triees: Sequence[tuple[str, float]], membres: str) -> str:
    """The weight that decides most, when there is one."""
    libelle, part = triees[0]
    if not part:
        return f"Aucun poids, bougé de 20\u00a0%, ne fait changer de classe une des {membres}"
    if part == triees[-1][1]:
        return f"Chaque poids fait changer de classe {taux(part, 0)} des {membres}"
    nom = f"{libelle[:1].lower()}{libelle[1:]}"
    return f"Le poids le plus décisif : {nom} ({taux(part, 0)} des {membres} changent de classe)"


def deplacements(
    croisement: Croisement, noms: Mapping[str, str], limite: int = LISTE_MAX
) -> list[tuple[str, Deplacement]]:
    """Those that change class; when classes cannot be matched, the widest jumps in rank."""
    lus: Sequence[Deplacement] = croisement.changent
    if not croisement.classes_comparables:
        lus = sorted(croisement.communs, key=lambda d: (-abs(d.saut), d.territoire))
    return [(noms.get(d.territoire, d.territoire), d) for d in lus[:limite]]


def phrase_correlation(valeur: float | None) -> str:
    """What a rank correlation says, in words."""
    if valeur is None:
        return "Trop peu de territoires communs pour comparer les deux classements."
    mot = (
        "presque le même ordre"
        if valeur >= 0.9
        else "un ordre proche"
        if valeur >= 0.7
        else ("un ordre assez différent" if valeur >= 0.4 else "un ordre très différent")
    )
    ecrit = f"{valeur:.2f}".replace(".", ",").replace("-", "−")
    return f"Les deux modèles rangent les territoires dans {mot} (corrélation des rangs : {ecrit} sur 1)."


def tableau_croise(croisement: Croisement | None) -> list[tuple[str, tuple[int, ...]]]:
    """Label of the class before, then the numbers by class after."""
    if croisement is None:
        return []
    return [(c.libelle, x) for c, x in zip(croisement.avant.classes, croisement.tableau, strict=True)]


def modeles_comparables(modele: Modele, processus_id: int) -> list[tuple[str, str]]:
    """Code and name of the other models of the same scale that can be applied. One query."""
    lus = [
        lisible(d)
        for d in ModeleVulnerabilite.objects.filter(processus_id=processus_id).values_list(
            "definition", flat=True
        )
    ]
    tous = [m for m in lus if m is not None] + [x.modele for x in livres().values()]
    return [
        (m.code, m.libelle)
        for m in tous
        if m.code != modele.code and m.echelle is modele.echelle and m.est_applicable
    ]


def classement_csv(v: Vulnerabilite) -> str:
    """The whole ranking as text, safe for a spreadsheet."""
    lignes = tuple(
        (
            x.nom,
            "" if x.score is None else f"{x.score:.4f}".replace(".", ","),
            "" if x.rang is None else str(x.rang),
            x.classe,
        )
        for x in classement(v, None)
    )
    return Figure(v.modele.libelle, "", "", ("Lieu", "Score", "Rang", "Classe"), lignes).csv()


def dire_echelle(modele: Modele) -> str:
    return "intercommunalités" if modele.echelle is Echelle.EPCI else "communes"
