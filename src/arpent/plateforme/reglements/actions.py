"""The règlement being written: each gesture is locked, checked against the version read, journaled.

The journal keeps, for each article touched, its text before and after (as YAML, which one can read and
which `annuler` can put back), never the whole content.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import Max

from arpent.plateforme.acteurs.models import Agent
from arpent.plateforme.journal.actions import consigner
from arpent.plateforme.journal.models import Entree
from arpent.plateforme.socle.versions import ConflitDeVersion, Ecart, ecarts_entre, enregistrer_version

from .chargement import empreinte_contenu
from .contenu import Contenu, inserer_article, ordonner, remplacer_article, retirer_article
from .controles import Controle, articles_de, controler
from .droits import est_modifiable
from .fichiers import ecrire_texte, lire_texte
from .models import BrouillonReglement, Dispositif, VersionReglement

TAILLE_MAX = 400_000  # characters of the content written as YAML
_TETE = ("version", "en_vigueur_le", "acte", "financeur", "libelles")


class ActionRefusee(Exception):
    """The gesture cannot be made; the French message says why and what to do."""


@transaction.atomic
def ouvrir_brouillon(
    dispositif: Dispositif,
    intitule: str,
    contenu: Mapping[str, Any],
    *,
    par: Agent,
    depuis: VersionReglement | None = None,
    demonstration: bool = False,
    origine: str = "",
) -> BrouillonReglement:
    """A new draft holding that content, whatever is wrong in it. `origine` is said in the journal."""
    repris = ordonner({**contenu, "dispositif": dispositif.slug, "intitule": intitule})
    _borner(repris)
    brouillon = BrouillonReglement.objects.create(
        dispositif=dispositif,
        depuis=depuis,
        intitule=intitule,
        contenu=repris,
        demonstration=demonstration,
        cree_par_nom=par.nom_complet,
    )
    consigner("ouvrir_brouillon", sur=brouillon, par=par, apres={"origine": origine})
    return brouillon


def _borner(contenu: Contenu) -> None:
    if len(ecrire_texte(contenu)) > TAILLE_MAX:
        raise ActionRefusee("Ce règlement est trop long : raccourcissez le texte de ses articles.")


def _verrouiller(brouillon: BrouillonReglement) -> BrouillonReglement:
    return BrouillonReglement.objects.select_for_update(of=("self",)).get(pk=brouillon.pk)


@transaction.atomic
def enregistrer_contenu(
    brouillon: BrouillonReglement,
    contenu: Contenu,
    *,
    par: Agent,
    version_lue: int,
    intitule: str | None = None,
    demonstration: bool | None = None,
    geste: str = "modifier",
) -> BrouillonReglement:
    """Saves the content (and its title). ConflitDeVersion when stale, ActionRefusee when it is closed."""
    stored = _verrouiller(brouillon)
    if not (avis := est_modifiable(stored)):
        raise ActionRefusee(avis.raison)
    avant, apres = changements(stored.contenu, contenu)
    if stored.version != version_lue:
        raise ConflitDeVersion(stored, _ecarts(avant, apres))
    _borner(contenu)
    for nom, valeur in (("intitule", intitule), ("demonstration", demonstration)):
        if valeur is not None and valeur != getattr(stored, nom):
            avant[nom], apres[nom] = getattr(stored, nom), valeur
            setattr(stored, nom, valeur)
    if not apres and not avant:
        return stored
    stored.contenu = ordonner({**contenu, "intitule": stored.intitule})
    enregistrer_version(stored, version_lue, ["contenu", "intitule", "demonstration"])
    consigner(geste, sur=stored, par=par, avant=avant, apres=apres)
    return stored


def changements(
    ancien: Mapping[str, Any], nouveau: Mapping[str, Any]
) -> tuple[dict[str, Any], dict[str, Any]]:
    """What moved, before and after: the keys of the head, the articles as YAML text, their order."""
    avant: dict[str, Any] = {}
    apres: dict[str, Any] = {}
    for cle in _TETE:
        if ancien.get(cle) != nouveau.get(cle):
            avant[cle], apres[cle] = ancien.get(cle), nouveau.get(cle)
    a, b = articles_de(ancien), articles_de(nouveau)
    partis = [x for x in a if x not in b]
    venus = [x for x in b if x not in a]
    for cote, liste in ((avant, partis), (apres, venus)):
        for article in liste:
            cote[_cle_article(article)] = ecrire_texte(article)
    if len(a) != len(b) or not (partis or venus):
        numeros = [[str(x.get("numero", "")) for x in liste] for liste in (a, b)]
        if numeros[0] != numeros[1]:
            avant["ordre"], apres["ordre"] = numeros
    return avant, apres


def _cle_article(article: Mapping[str, Any]) -> str:
    return f"article {article.get('numero') or 'sans numéro'}"


def _ecarts(avant: dict[str, Any], apres: dict[str, Any]) -> list[Ecart]:
    """What the person proposed beside what is saved, article by article."""
    noms = [*apres, *(nom for nom in avant if nom not in apres)]
    return [
        Ecart(
            nom,
            nom[:1].upper() + nom[1:].replace("_", " "),
            str(avant.get(nom) or "(absent)"),
            str(apres.get(nom) or "(absent)"),
        )
        for nom in noms
        if nom != "ordre"
    ]


def historique(brouillon: BrouillonReglement) -> list[Entree]:
    """The gestures made on this draft, the last first. One query."""
    type_objet = BrouillonReglement._meta.label_lower
    return list(
        Entree.objects.filter(objet_type=type_objet, objet_id=str(brouillon.pk)).order_by("-numero")[:300]
    )


def annulation(contenu: Mapping[str, Any], entree: Entree) -> Contenu | None:
    """The content without that gesture; None when an article has been written again since."""
    cles = {c for c in (*entree.avant, *entree.apres) if c.startswith("article ")}
    resultat: Contenu = ordonner(contenu)
    for cle in sorted(cles):
        articles = articles_de(resultat)
        voulu = relire_article(entree.avant.get(cle))
        actuel = relire_article(entree.apres.get(cle))
        if actuel is None:
            if voulu is None or any(_cle_article(a) == cle for a in articles):
                return None
            ordre = entree.avant.get("ordre") or []
            numero = str(voulu.get("numero", ""))
            rang = ordre.index(numero) if numero in ordre else len(articles)
            resultat = inserer_article(resultat, rang, voulu)
        elif actuel not in articles:
            return None
        elif voulu is None:
            resultat = retirer_article(resultat, articles.index(actuel))
        else:
            resultat = remplacer_article(resultat, articles.index(actuel), voulu)
    return resultat if cles else None


def relire_article(texte: Any) -> dict[str, Any] | None:
    """An article kept in the journal; None when there was none."""
    if not isinstance(texte, str):
        return None
    valeur = lire_texte(texte)[0]
    return valeur if isinstance(valeur, dict) else None


@transaction.atomic
def annuler(
    brouillon: BrouillonReglement, entree: Entree, *, par: Agent, version_lue: int
) -> BrouillonReglement:
    """Puts back the articles as they were before that gesture; the gesture stays in the journal."""
    voulu = annulation(_verrouiller(brouillon).contenu, entree)
    if voulu is None:
        raise ActionRefusee(
            "Un article a été modifié depuis ce geste : annulez d’abord les gestes plus récents."
        )
    return enregistrer_contenu(
        brouillon, voulu, par=par, version_lue=version_lue, geste="annuler_modification"
    )


@transaction.atomic
def changer_etat(brouillon: BrouillonReglement, etat: str, *, par: Agent, version_lue: int) -> None:
    """Abandons a draft, or takes it up again. Nothing of it is lost."""
    stored = _verrouiller(brouillon)
    if stored.version != version_lue:
        raise ConflitDeVersion(stored, ecarts_entre(stored, {"etat": etat}))
    attendu = {
        BrouillonReglement.Etat.ABANDONNE: BrouillonReglement.Etat.REDACTION,
        BrouillonReglement.Etat.REDACTION: BrouillonReglement.Etat.ABANDONNE,
    }
    if attendu.get(BrouillonReglement.Etat(etat)) != stored.etat:
        raise ActionRefusee(f"Ce brouillon est déjà « {stored.get_etat_display()} ».")
    avant = {"etat": stored.etat}
    stored.etat = etat
    enregistrer_version(stored, version_lue, ["etat"])
    abandonne = etat == BrouillonReglement.Etat.ABANDONNE
    consigner(
        "abandonner_brouillon" if abandonne else "reprendre_brouillon",
        sur=stored,
        par=par,
        avant=avant,
        apres={"etat": etat},
    )


def obstacles(controle: Controle) -> list[str]:
    """What forbids the publication, each with its case or its place."""
    contradictions = [f"{i.message} Le cas : {i.cas}." for i in controle.incoherences]
    return [*map(str, controle.anomalies), *contradictions]


@transaction.atomic
def publier(
    brouillon: BrouillonReglement, *, acte: str, en_vigueur_le: date, par: Agent, version_lue: int
) -> VersionReglement:
    """The draft becomes a version that never changes. ActionRefusee names what is wrong."""
    Dispositif.objects.select_for_update(of=("self",)).get(pk=brouillon.dispositif_id)
    stored = _verrouiller(brouillon)
    if stored.version != version_lue:
        raise ConflitDeVersion(stored, [])
    if not (avis := est_modifiable(stored)):
        raise ActionRefusee(avis.raison)
    versions = VersionReglement.objects.filter(dispositif_id=stored.dispositif_id)
    dernieres = versions.aggregate(numero=Max("numero"), le=Max("en_vigueur_le"))
    if dernieres["le"] and en_vigueur_le < dernieres["le"]:
        raise ActionRefusee(
            f"L’entrée en vigueur ne peut pas précéder celle de la version déjà publiée "
            f"({dernieres['le']:%d/%m/%Y})."
        )
    numero = (dernieres["numero"] or 0) + 1
    contenu = ordonner(
        {
            **stored.contenu,
            "version": str(numero),
            "en_vigueur_le": en_vigueur_le.isoformat(),
            "acte": acte,
            "intitule": stored.intitule,
        }
    )
    controle = controler(contenu, stored.demonstration)
    if refus := obstacles(controle):
        raise ActionRefusee(refus[0])
    assert controle.reglement is not None
    emploie_exemple = stored.demonstration and controle.reglement.demonstration
    version = VersionReglement.objects.create(
        dispositif_id=stored.dispositif_id,
        numero=numero,
        intitule=stored.intitule,
        en_vigueur_le=en_vigueur_le,
        acte=acte,
        contenu=contenu,
        demonstration=emploie_exemple,
        empreinte=empreinte_contenu(contenu, emploie_exemple),
    )
    stored.etat = BrouillonReglement.Etat.PUBLIE
    stored.publie_en = version
    stored.contenu = contenu
    enregistrer_version(stored, version_lue, ["etat", "publie_en", "contenu"])
    consigner(
        "publier_reglement",
        sur=version,
        par=par,
        apres={
            "numero": numero,
            "en_vigueur_le": en_vigueur_le,
            "acte": acte,
            "empreinte": version.empreinte,
            "valeurs non publiées": controle.nombre_vides,
        },
    )
    return version
