"""What was issued: file, frozen data, template version and fingerprint."""

from django.db import models

from arpent.plateforme.socle.models import ModeleVersionne


class DocumentEmis(models.Model):
    """A document as it left. `donnees` is what it was made from; it is never recomputed."""

    class Format(models.TextChoices):
        PDF = "pdf", "PDF"
        DOCX = "docx", "Word"
        XLSX = "xlsx", "Excel"
        PPTX = "pptx", "diapositives"
        JSON = "json", "preuve (JSON)"

    titre = models.CharField(max_length=300)
    genre = models.CharField("nature du document", max_length=40)
    format = models.CharField(max_length=5, choices=Format.choices)
    objet_type = models.CharField(max_length=60)
    objet_id = models.CharField(max_length=60)
    demarche_id = models.BigIntegerField(null=True, db_index=True)
    gabarit = models.CharField("gabarit et version", max_length=60)
    fichier = models.FileField(upload_to="documents/%Y/%m")
    taille = models.PositiveIntegerField("taille en octets")
    sha256 = models.CharField(max_length=64)
    donnees = models.JSONField(default=dict)
    emis_le = models.DateTimeField(auto_now_add=True)
    emis_par_id = models.BigIntegerField(null=True)
    emis_par_nom = models.CharField(max_length=200, blank=True)

    class Meta:
        verbose_name = "document émis"
        verbose_name_plural = "documents émis"
        ordering = ["-emis_le", "-pk"]
        indexes = [models.Index(fields=["objet_type", "objet_id"], name="document_objet")]

    def __str__(self) -> str:
        return self.titre


class PublicationDocument(models.Model):
    """An issued document that is on the public site. Withdrawn, the row goes and the journal stays."""

    document = models.OneToOneField(DocumentEmis, on_delete=models.CASCADE, related_name="publication")
    publie_le = models.DateTimeField("publié le", auto_now_add=True)

    class Meta:
        verbose_name = "document publié"
        verbose_name_plural = "documents publiés"
        ordering = ["-publie_le", "-pk"]

    def __str__(self) -> str:
        return str(self.document)


class Charte(ModeleVersionne):
    """How an authority's documents look: its logo, the colour of the titles, header and footer.

    `autorite_id`: the body in `acteurs`, which lies above. The logo is kept as a PNG on white.
    """

    autorite_id = models.BigIntegerField(unique=True)
    couleur = models.CharField(max_length=7, blank=True)
    entete = models.CharField("en-tête", max_length=120, blank=True)
    pied = models.CharField("pied de page", max_length=200, blank=True)
    fait_a = models.CharField("lieu de signature", max_length=80, blank=True)
    bloc = models.CharField("bloc de signature", max_length=300, blank=True)
    logo = models.FileField(upload_to="chartes", blank=True)
    logo_sha256 = models.CharField(max_length=64, blank=True)

    class Meta:
        verbose_name = "charte graphique"
        verbose_name_plural = "chartes graphiques"

    def __str__(self) -> str:
        return "charte graphique"


class PoliceCharte(models.Model):
    """A face of the fonts of an authority. One that is replaced stays: what was issued in it names it."""

    class Emploi(models.TextChoices):
        TEXTE = "texte", "texte"
        TEXTE_GRAS = "texte_gras", "texte en gras"
        TITRES = "titres", "titres"

    charte = models.ForeignKey(Charte, on_delete=models.CASCADE, related_name="polices")
    emploi = models.CharField(max_length=10, choices=Emploi.choices)
    famille = models.CharField(max_length=80)
    nom_fichier = models.CharField("nom du fichier déposé", max_length=200)
    fichier = models.FileField(upload_to="chartes/polices")
    sha256 = models.CharField(max_length=64)
    retiree_le = models.DateTimeField("retirée le", null=True, blank=True)

    class Meta:
        verbose_name = "police de la charte"
        verbose_name_plural = "polices de la charte"
        ordering = ["emploi", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["charte", "emploi"],
                condition=models.Q(retiree_le__isnull=True),
                name="police_charte_en_service",
            )
        ]

    def __str__(self) -> str:
        return self.famille


class GabaritAutorite(models.Model):
    """A Word template of an authority, in place of the shipped one `livre` (« contrat/v1 »).

    The one in service is the only one with `en_service_le` and no `retire_le`; the others stay, because
    what was made with them names them (`code`).
    """

    autorite_id = models.BigIntegerField(db_index=True)
    nom = models.CharField("document", max_length=40)
    numero = models.PositiveIntegerField("numéro")
    livre = models.CharField("gabarit livré remplacé", max_length=60)
    fichier = models.FileField(upload_to="gabarits")
    nom_fichier = models.CharField("nom du fichier déposé", max_length=200)
    sha256 = models.CharField(max_length=64)
    depose_le = models.DateTimeField("déposé le", auto_now_add=True)
    par_nom = models.CharField("déposé par", max_length=200)
    en_service_le = models.DateTimeField("en service depuis le", null=True, blank=True)
    retire_le = models.DateTimeField("retiré le", null=True, blank=True)

    class Meta:
        verbose_name = "gabarit de l’autorité"
        verbose_name_plural = "gabarits de l’autorité"
        ordering = ["nom", "-numero"]
        constraints = [
            models.UniqueConstraint(fields=["autorite_id", "nom", "numero"], name="gabarit_autorite_numero"),
            models.UniqueConstraint(
                fields=["autorite_id", "nom"],
                condition=models.Q(en_service_le__isnull=False, retire_le__isnull=True),
                name="gabarit_autorite_en_service",
            ),
        ]

    def __str__(self) -> str:
        return self.code

    @property
    def code(self) -> str:
        """« contrat/autorite-3 », as stored beside each document made with it."""
        return f"{self.nom}/autorite-{self.numero}"

    @property
    def est_en_service(self) -> bool:
        return self.en_service_le is not None and self.retire_le is None

    @property
    def est_a_l_essai(self) -> bool:
        return self.en_service_le is None and self.retire_le is None
