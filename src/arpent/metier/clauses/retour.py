"""A contract that comes back from Word: what was changed in it, article by article.

Three texts are compared: the version that was sent, what came back, the drafting of today. An article that
came back as it was sent proposes nothing; one that changed on both sides is a conflict, said as such.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from arpent.metier.clauses.fusion import champs_employes

_BLANCS = re.compile(r"[ \t\u00a0\u202f]+")
VALEUR_MINIMALE = 4
"""A shorter value (« 3 ») is too common in a text to be put back as a field."""


class EtatRetour(StrEnum):
    """What became of an article between the version sent and the file that came back."""

    INCHANGE = "inchange"
    MODIFIE = "modifie"
    CONFLIT = "conflit"
    AJOUTE = "ajoute"
    ABSENT = "absent"


@dataclass(frozen=True, slots=True)
class ArticleEcrit:
    """An article as it is read. `code`: that of the drafting, empty when it is not known."""

    titre: str
    texte: str
    numero: str = ""
    code: str = ""


@dataclass(frozen=True, slots=True)
class ArticleRevenu:
    """One article of the comparison. `actuel` and `propose` are merged texts, as they are read."""

    etat: EtatRetour
    titre: str
    code: str = ""
    envoye: str = ""
    actuel: str = ""
    propose: str = ""
    titre_propose: str = ""


def net(texte: str) -> str:
    """The same text with plain spaces, one empty line between paragraphs: Word changes the others."""
    lignes = (_BLANCS.sub(" ", ligne).strip() for ligne in texte.replace("\r\n", "\n").split("\n"))
    return re.sub(r"\n{2,}", "\n\n", "\n".join(lignes)).strip()


def _cle(titre: str) -> str:
    return net(titre).casefold()


def _paires(revenus: Sequence[ArticleEcrit], envoyes: Sequence[ArticleEcrit]) -> dict[int, int]:
    """Rank sent by rank that came back: same title first, then same number among those left."""
    paires: dict[int, int] = {}
    for cle in (lambda a: _cle(a.titre), lambda a: a.numero):
        for i, revenu in enumerate(revenus):
            if i in paires or not cle(revenu):
                continue
            pris = paires.values()
            libre = next((j for j, e in enumerate(envoyes) if j not in pris and cle(e) == cle(revenu)), None)
            if libre is not None:
                paires[i] = libre
    return paires


def comparer_retour(
    envoyes: Sequence[ArticleEcrit], revenus: Sequence[ArticleEcrit], actuels: Sequence[ArticleEcrit]
) -> tuple[ArticleRevenu, ...]:
    """Every article that came back, in its order, then those of the version that did not."""
    d_aujourd_hui = {_cle(a.titre): a for a in actuels}
    paires = _paires(revenus, envoyes)
    rendus: list[ArticleRevenu] = []
    for i, revenu in enumerate(revenus):
        if i in paires:
            envoye = envoyes[paires[i]]
            rendus.append(_rapprocher(envoye, revenu, d_aujourd_hui.get(_cle(envoye.titre))))
        else:
            titre, texte = revenu.titre, net(revenu.texte)
            rendus.append(ArticleRevenu(EtatRetour.AJOUTE, titre, propose=texte, titre_propose=titre))
    rendus += [
        ArticleRevenu(
            EtatRetour.ABSENT, a.titre, _code(d_aujourd_hui.get(_cle(a.titre))), envoye=net(a.texte)
        )
        for i, a in enumerate(envoyes)
        if i not in paires.values()
    ]
    return tuple(rendus)


def _code(article: ArticleEcrit | None) -> str:
    return article.code if article else ""


def _rapprocher(envoye: ArticleEcrit, revenu: ArticleEcrit, actuel: ArticleEcrit | None) -> ArticleRevenu:
    avant, apres = net(envoye.texte), net(revenu.texte)
    maintenant = net(actuel.texte) if actuel else ""
    titre_change = _cle(envoye.titre) != _cle(revenu.titre)
    if (avant == apres and not titre_change) or (apres == maintenant and not titre_change):
        etat = EtatRetour.INCHANGE
    elif maintenant != avant:
        etat = EtatRetour.CONFLIT
    else:
        etat = EtatRetour.MODIFIE
    return ArticleRevenu(
        etat, envoye.titre, _code(actuel), avant, maintenant, apres, revenu.titre if titre_change else ""
    )


def remettre_champs(texte: str, brut: str, champs: Mapping[str, str | None]) -> str:
    """The text with the merge fields that its source `brut` used, where their value is still written.

    The longest value first; values of less than four characters are left as they are.
    """
    valeurs = _valeurs(champs_employes(brut), champs)
    texte = net(texte)
    for valeur, nom in valeurs:
        texte = texte.replace(valeur, f"{{{{ {nom} }}}}")
    return texte


def _valeurs(noms: Iterable[str], champs: Mapping[str, str | None]) -> list[tuple[str, str]]:
    lues = [(net(champs.get(nom) or ""), nom) for nom in noms]
    return sorted(((v, n) for v, n in lues if len(v) >= VALEUR_MINIMALE), key=lambda x: -len(x[0]))
