"""What changes the text of a contract: an article chosen, rewritten, taken out or added; remarks on it."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from arpent.metier.clauses import PAR_DEFAUT, ArticleModele, ModeleContrat, controler_champs, lire_modele
from arpent.plateforme.acteurs.lecteurs import agents_du_perimetre
from arpent.plateforme.acteurs.mentions import mentionner, prevenir_mentions
from arpent.plateforme.acteurs.models import Agent, Habilitation, Organisation
from arpent.plateforme.acteurs.remarques import (
    Portee,
    RemarqueRefusee,
    cadrer,
    ecrire,
    noter_reglee,
)
from arpent.plateforme.acteurs.roles import ROLES
from arpent.plateforme.journal.actions import consigner, consigner_modification
from arpent.plateforme.notifications.actions import notifier
from arpent.plateforme.socle.envois import Envoi
from arpent.plateforme.socle.versions import ConflitDeVersion, ecarts_entre, enregistrer_version

from .exigences import ContratRefuse, exiger_redaction, verrouiller
from .models import ArticleRedige, Contrat, RemarqueArticle

CHAMPS_ARTICLE = ("variante", "retire", "titre", "texte", "apres", "motif")
LONGUEUR_ARTICLE = 30_000
AJOUT = "ajout-"
_LISENT = [role.code for role in ROLES.values() if "contrat.commenter" in role.droits]


class ArticleRefuse(ContratRefuse):
    """The article cannot be what was typed. `champ`: the field of the form."""

    def __init__(self, champ: str, message: str) -> None:
        self.champ = champ
        super().__init__(message)


def modele_de(contrat: Contrat) -> ModeleContrat:
    return lire_modele(contrat.demarche.processus.dispositif.modele_contrat)


def _net(valeurs: Mapping[str, Any]) -> dict[str, Any]:
    """The typed values, one line ending, no space around."""
    lu = {nom: valeurs.get(nom) or "" for nom in CHAMPS_ARTICLE if nom != "retire"}
    return {nom: str(v).replace("\r\n", "\n").strip() for nom, v in lu.items()} | {
        "retire": bool(valeurs.get("retire"))
    }


def _controler_textes(valeurs: Mapping[str, Any], modele: ModeleContrat) -> None:
    for nom in ("titre", "texte"):
        if refus := controler_champs(valeurs[nom], modele.champs):
            raise ArticleRefuse(nom, refus)
    if len(valeurs["texte"]) > LONGUEUR_ARTICLE:
        raise ArticleRefuse("texte", f"Le texte dépasse {LONGUEUR_ARTICLE} caractères : découpez l’article.")


def _du_modele(article: ArticleModele, valeurs: dict[str, Any]) -> dict[str, Any]:
    """What is kept of a choice on an article of the model: a wording that is the model's is no rewriting."""
    if article.verrouille:
        raise ArticleRefuse(
            "texte", "Cet article est verrouillé par le modèle : il ne se modifie pas contrat par contrat."
        )
    variante = valeurs["variante"]
    choisie = article.variante(variante)
    if variante not in ("", PAR_DEFAUT) and choisie is None:
        raise ArticleRefuse("variante", "Cette rédaction n’existe pas dans le modèle.")
    if valeurs["retire"]:
        if article.obligatoire:
            raise ArticleRefuse("retire", "Le modèle rend cet article obligatoire : réécrivez-le au besoin.")
        if not valeurs["motif"]:
            raise ArticleRefuse("motif", "Dites pourquoi l’article est retiré : le motif reste au contrat.")
    textes = {article.texte.strip()} | {v.texte.strip() for v in article.variantes}
    if valeurs["texte"] in textes:
        repris = next((v.code for v in article.variantes if v.texte.strip() == valeurs["texte"]), PAR_DEFAUT)
        valeurs["variante"] = valeurs["variante"] or (repris if article.variantes else "")
        valeurs["texte"] = ""
    if valeurs["titre"] == article.titre:
        valeurs["titre"] = ""
    return valeurs | {"apres": ""}


def _stocke(contrat: Contrat, code: str, version_lue: int, valeurs: Mapping[str, Any]) -> ArticleRedige:
    """The stored row, or a new one when nobody made it since the page was read."""
    stocke = ArticleRedige.objects.filter(contrat=contrat, code=code).first()
    if stocke is None:
        if version_lue:
            raise ContratRefuse("Cet article a été supprimé entre-temps : revenez à la rédaction.")
        return ArticleRedige(contrat=contrat, code=code)
    if stocke.version != version_lue:
        raise ConflitDeVersion(stocke, ecarts_entre(stocke, dict(valeurs)))
    return stocke


@transaction.atomic
def enregistrer_article(
    contrat: Contrat, code: str, valeurs: Mapping[str, Any], *, version_lue: int, par: Agent | None
) -> ArticleRedige:
    """Saves what is decided on an article (`valeurs` by field of CHAMPS_ARTICLE).

    ArticleRefuse (by field), ContratRefuse when the contract is not being drafted, ConflitDeVersion.
    """
    contrat = verrouiller(contrat)
    exiger_redaction(contrat)
    modele, lu = modele_de(contrat), _net(valeurs)
    _controler_textes(lu, modele)
    article = modele.article(code)
    if article is not None:
        lu = _du_modele(article, lu)
    elif not code.startswith(AJOUT):
        raise ContratRefuse("Cet article n’est plus dans le modèle du dispositif.")
    else:
        _exiger_ajout(contrat, modele, code, lu)
    redige = _stocke(contrat, code, version_lue, lu)
    avant = {nom: getattr(redige, nom) for nom in CHAMPS_ARTICLE}
    for nom, valeur in lu.items():
        setattr(redige, nom, valeur)
    redige.ajoute, redige.par_nom = article is None, par.nom_complet if par else "Arpent"
    if redige.pk is None:
        redige.save(force_insert=True)
    else:
        enregistrer_version(redige, version_lue, [*CHAMPS_ARTICLE, "par_nom"])
    consigner_modification(
        redige, avant, lu, par=par, demarche_id=contrat.demarche_id, geste="rediger_article",
        libelle=f"Article : {redige.titre or (article.titre if article else code)}",
    )  # fmt: skip
    return redige


def _exiger_ajout(contrat: Contrat, modele: ModeleContrat, code: str, lu: Mapping[str, Any]) -> None:
    for nom, mot in (("titre", "son titre"), ("texte", "son texte")):
        if not lu[nom]:
            raise ArticleRefuse(nom, f"Un article ajouté demande {mot}.")
    if lu["retire"] or lu["variante"]:
        raise ArticleRefuse("texte", "Un article ajouté ne se retire pas : supprimez-le.")
    apres = lu["apres"]
    connus = {a.code for a in modele.articles} | set(
        contrat.articles.filter(ajoute=True).values_list("code", flat=True)
    )
    if apres and (apres not in connus or apres == code):
        raise ArticleRefuse("apres", "Choisissez l’article qu’il suit dans la liste.")


@transaction.atomic
def ajouter_article(contrat: Contrat, valeurs: Mapping[str, Any], *, par: Agent | None) -> ArticleRedige:
    """Adds an article of the drafters' own. ArticleRefuse, ContratRefuse."""
    contrat = verrouiller(contrat)
    pris = contrat.articles.filter(ajoute=True).values_list("code", flat=True)
    numero = max((int(c.removeprefix(AJOUT)) for c in pris), default=0) + 1
    return enregistrer_article(contrat, f"{AJOUT}{numero}", valeurs, version_lue=0, par=par)


@transaction.atomic
def supprimer_article(contrat: Contrat, code: str, *, version_lue: int, par: Agent | None) -> None:
    """Takes out an added article, or gives an article of the model back its own wording."""
    contrat = verrouiller(contrat)
    exiger_redaction(contrat)
    redige = ArticleRedige.objects.filter(contrat=contrat, code=code).first()
    if redige is None:
        return
    if redige.version != version_lue:
        raise ConflitDeVersion(redige, ecarts_entre(redige, {}))
    avant = {nom: getattr(redige, nom) for nom in CHAMPS_ARTICLE if getattr(redige, nom)}
    contrat.articles.filter(apres=code).update(apres=redige.apres)
    consigner(
        "supprimer_article", sur=redige, par=par, demarche_id=contrat.demarche_id, avant=avant,
        libelle=f"Article : {redige}",
    )  # fmt: skip
    redige.delete()


# --- remarks --------------------------------------------------------------------------------------


def _page(contrat: Contrat, code: str) -> str:
    return reverse("contrats:article", args=[contrat.demarche.slug, code]) + "#remarques"


def lecteurs_de(contrat: Contrat) -> list[Agent]:
    """Whoever reads the contract, by name. Two queries; its démarche comes from `avec_contexte()`."""
    demarche = contrat.demarche
    return agents_du_perimetre(
        "contrat.voir", territoire_id=demarche.territoire_id, autorite_id=demarche.autorite.pk
    )


def _concernes(contrat: Contrat, remarque: RemarqueArticle) -> set[int]:
    """Who is told: the body it stays in (interne), else the authority's drafters and the territory's."""
    en_cours = Habilitation.objects.en_cours(date.today()).filter(role__in=_LISENT)
    if remarque.portee == Portee.INTERNE:
        maison = remarque.organisation_id
        qui = Q(organisation=maison) | Q(organisation__isnull=True, autorite=maison)
    else:
        qui = Q(role="chef_de_projet", autorite=contrat.demarche.autorite.pk) | Q(
            territoire=contrat.demarche.territoire_id,
            organisation__in=contrat.parties.exclude(role="signataire").values("organisation"),
        )
    return set(en_cours.filter(qui).values_list("agent_id", flat=True))


@transaction.atomic
def remarquer(
    contrat: Contrat,
    code: str,
    texte: str,
    *,
    par: Agent,
    portee: str = Portee.PARTAGEE,
    proposition: str = "",
    reponse_a: RemarqueArticle | None = None,
    envoi: Envoi | None = None,
    prevenir: Collection[int] = (),
) -> RemarqueArticle:
    """Writes a remark on an article, or an answer; `proposition` is the wording it asks for.

    The text stays out of the journal: an internal remark is not for those who read it. ArticleRefuse.
    """
    try:
        texte, portee, maison = cadrer(texte, par=par, portee=portee, reponse_a=reponse_a)
        cites: set[int] = set()
        if prevenir or "@" in texte:
            cites = mentionner(
                texte, prevenir, lecteurs=lecteurs_de(contrat), portee=portee, maison=maison,
                maison_nom=Organisation.objects.get(pk=maison).nom if maison else "", de_quoi="ce contrat",
            )  # fmt: skip
    except RemarqueRefusee as refus:
        raise ArticleRefuse(refus.champ, str(refus)) from None
    proposition = "" if reponse_a else proposition
    proposition = proposition.replace("\r\n", "\n").strip()
    if faute := controler_champs(proposition, modele_de(contrat).champs):
        raise ArticleRefuse("proposition", faute)
    if len(proposition) > LONGUEUR_ARTICLE:
        raise ArticleRefuse("proposition", f"La rédaction proposée dépasse {LONGUEUR_ARTICLE} caractères.")
    remarque = RemarqueArticle(
        contrat=contrat, article=code if reponse_a is None else reponse_a.article, texte=texte, portee=portee,
        organisation_id=maison, proposition=proposition, reponse_a=reponse_a, auteur=par,
        auteur_nom=par.nom_complet,
    )  # fmt: skip
    try:
        ecrire(remarque, envoi=envoi, mentions=cites)
    except RemarqueRefusee as refus:
        raise ArticleRefuse(refus.champ, str(refus)) from None
    consigner(
        "commenter", sur=contrat, par=par, demarche_id=contrat.demarche_id,
        apres={"article": code, "portee": Portee(portee).label},
    )  # fmt: skip
    de_quoi = f"Contrat de {contrat.demarche.territoire.nom} : {texte}"
    prevenir_mentions(cites - {par.pk}, par=par, texte=de_quoi, url=_page(contrat, remarque.article))
    notifier(
        _concernes(contrat, remarque) - {par.pk} - cites,
        rubrique="remarques",
        sujet="Une remarque sur le contrat" if reponse_a is None else "Une réponse sur le contrat",
        texte=de_quoi[:300],
        url=_page(contrat, remarque.article),
    )
    return remarque


@transaction.atomic
def regler_remarque(remarque: RemarqueArticle, *, resolu: bool, par: Agent) -> None:
    """Settles a thread, or opens it again. ContratRefuse when it is so already."""
    stocke = RemarqueArticle.objects.select_for_update(of=("self",)).get(pk=remarque.pk)
    try:
        noter_reglee(stocke, resolu=resolu, par=par)
    except RemarqueRefusee as refus:
        raise ContratRefuse(str(refus)) from None
    consigner(
        "regler_commentaire" if resolu else "rouvrir_commentaire", sur=remarque.contrat, par=par,
        demarche_id=remarque.contrat.demarche_id,
        apres={"article": stocke.article, "portee": stocke.get_portee_display()},
    )  # fmt: skip


@transaction.atomic
def reprendre_proposition(remarque: RemarqueArticle, *, version_lue: int, par: Agent) -> ArticleRedige:
    """The proposed wording becomes that of the article, and the thread is settled."""
    stocke = RemarqueArticle.objects.select_for_update(of=("self",)).get(pk=remarque.pk)
    if not stocke.proposition:
        raise ContratRefuse("Cette remarque ne propose pas de rédaction.")
    actuel = ArticleRedige.objects.filter(contrat=remarque.contrat, code=stocke.article).first()
    valeurs = {nom: getattr(actuel, nom) for nom in CHAMPS_ARTICLE} if actuel else {}
    valeurs |= {"texte": stocke.proposition, "retire": False}
    redige = enregistrer_article(remarque.contrat, stocke.article, valeurs, version_lue=version_lue, par=par)
    stocke.reprise_le = timezone.now()
    stocke.save(update_fields=["reprise_le"])
    if stocke.resolu_le is None:
        regler_remarque(stocke, resolu=True, par=par)
    return redige
