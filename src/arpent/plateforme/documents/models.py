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


class Charte(ModeleVersionne):
    """How an authority's documents look: its logo, the colour of the titles, header and footer.

    `autorite_id`: the body in `acteurs`, which lies above. The logo is kept as a PNG on white.
    """

    autorite_id = models.BigIntegerField(unique=True)
    couleur = models.CharField(max_length=7, blank=True)
    entete = models.CharField("en-tête", max_length=120, blank=True)
    pied = models.CharField("pied de page", max_length=200, blank=True)
    fait_a = models.CharField("lieu de signature", max_length=80, blank=True)
    logo = models.FileField(upload_to="chartes", blank=True)
    logo_sha256 = models.CharField(max_length=64, blank=True)

    class Meta:
        verbose_name = "charte graphique"
        verbose_name_plural = "chartes graphiques"

    def __str__(self) -> str:
        return "charte graphique"
