"""Places: communes, groupements, dated membership, territories of contracts, contours."""

from django.db import models


class Commune(models.Model):
    """A commune of the COG in force. `population`: municipal population 2023; `surface_ha`: hectares."""

    code = models.CharField("code INSEE", max_length=5, primary_key=True)
    nom = models.CharField(max_length=100)
    departement = models.CharField(max_length=3, db_index=True)
    region = models.CharField(max_length=2)
    siren = models.CharField(max_length=9, blank=True)
    population = models.PositiveIntegerField(null=True)
    surface_ha = models.DecimalField(max_digits=12, decimal_places=2, null=True)
    longitude = models.FloatField(null=True)
    latitude = models.FloatField(null=True)

    class Meta:
        verbose_name = "commune"
        ordering = ["nom"]

    def __str__(self) -> str:
        return self.nom


class Groupement(models.Model):
    """An intercommunal body (EPCI with own taxation, syndicat, PETR), from BANATIC / DGCL."""

    siren = models.CharField(max_length=9, primary_key=True)
    nom = models.CharField(max_length=200)
    nature = models.CharField("nature juridique", max_length=10)
    departements = models.CharField("départements", max_length=40, blank=True)
    membres = models.ManyToManyField(Commune, through="Appartenance", related_name="groupements")

    class Meta:
        verbose_name = "groupement"
        ordering = ["nom"]

    def __str__(self) -> str:
        return self.nom

    @property
    def est_epci_a_fiscalite_propre(self) -> bool:
        return self.nature in {"CC", "CA", "CU", "METRO", "MET69"}


class Appartenance(models.Model):
    """A commune in a groupement, between two dates (`fin` None: still in)."""

    commune = models.ForeignKey(Commune, on_delete=models.CASCADE, related_name="appartenances")
    groupement = models.ForeignKey(Groupement, on_delete=models.CASCADE, related_name="appartenances")
    debut = models.DateField()
    fin = models.DateField(null=True, blank=True)

    class Meta:
        verbose_name = "appartenance"
        constraints = [
            models.UniqueConstraint(fields=["commune", "groupement", "debut"], name="appartenance_unique"),
            models.CheckConstraint(
                condition=models.Q(fin__isnull=True) | models.Q(fin__gt=models.F("debut")),
                name="appartenance_dates",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.commune_id} dans {self.groupement_id}"


class Canton(models.Model):
    """A canton, by the INSEE's « canton-ville »: the town of a canton that is split counts as one.

    `communes`: those of the canton in the COG in force.
    """

    code = models.CharField("code INSEE", max_length=5, primary_key=True)
    nom = models.CharField(max_length=100)
    departement = models.CharField(max_length=3, db_index=True)
    communes = models.ManyToManyField(Commune, related_name="cantons")

    class Meta:
        verbose_name = "canton"
        ordering = ["nom"]

    def __str__(self) -> str:
        return self.nom


class Territoire(models.Model):
    """The perimeter of a contract: one EPCI, or several (territoire de projet)."""

    slug = models.SlugField(max_length=60, unique=True)
    nom = models.CharField(max_length=150)
    departement = models.CharField(max_length=3, blank=True)
    porteur = models.CharField("structure porteuse", max_length=200, blank=True)
    source = models.CharField("source du périmètre", max_length=300, blank=True)
    groupements = models.ManyToManyField(Groupement, through="Composition", related_name="territoires")

    class Meta:
        verbose_name = "territoire"
        ordering = ["nom"]

    def __str__(self) -> str:
        return self.nom


class Composition(models.Model):
    """A groupement in a territory, between two dates."""

    territoire = models.ForeignKey(Territoire, on_delete=models.CASCADE, related_name="compositions")
    groupement = models.ForeignKey(Groupement, on_delete=models.PROTECT, related_name="compositions")
    debut = models.DateField()
    fin = models.DateField(null=True, blank=True)

    class Meta:
        verbose_name = "composition d’un territoire"
        constraints = [
            models.UniqueConstraint(fields=["territoire", "groupement", "debut"], name="composition_unique")
        ]

    def __str__(self) -> str:
        return f"{self.groupement_id} dans {self.territoire_id}"


class VersionPerimetre(models.Model):
    """A change of composition decided on a day: from when, why, by whom. The rows are `Composition`'s.

    The composition a territory was loaded with has no such row: `numero` 1 is the first change.
    """

    territoire = models.ForeignKey(Territoire, on_delete=models.CASCADE, related_name="versions_perimetre")
    numero = models.PositiveIntegerField("numéro")
    debut = models.DateField("en vigueur à partir du")
    motif = models.CharField(max_length=300, blank=True)
    cree_le = models.DateTimeField("enregistrée le", auto_now_add=True)
    cree_par = models.CharField("enregistrée par", max_length=200, blank=True)

    class Meta:
        verbose_name = "version de périmètre"
        ordering = ["territoire", "numero"]
        constraints = [
            models.UniqueConstraint(fields=["territoire", "numero"], name="version_perimetre_numero"),
            models.UniqueConstraint(fields=["territoire", "debut"], name="version_perimetre_debut"),
        ]

    def __str__(self) -> str:
        return f"{self.territoire}, périmètre au {self.debut:%d/%m/%Y}"


class Contour(models.Model):
    """The simplified outline of a commune (GeoJSON geometry, WGS84), apart: lists never load it."""

    commune = models.OneToOneField(Commune, on_delete=models.CASCADE, primary_key=True)
    geometrie = models.JSONField()

    class Meta:
        verbose_name = "contour"

    def __str__(self) -> str:
        return self.commune_id


class Adjacence(models.Model):
    """Two communes that share a border (`commune_a` < `commune_b`)."""

    commune_a = models.ForeignKey(Commune, on_delete=models.CASCADE, related_name="+")
    commune_b = models.ForeignKey(Commune, on_delete=models.CASCADE, related_name="+")
    longueur_m = models.PositiveIntegerField("longueur commune en mètres")

    class Meta:
        verbose_name = "adjacence"
        constraints = [models.UniqueConstraint(fields=["commune_a", "commune_b"], name="adjacence_unique")]

    def __str__(self) -> str:
        return f"{self.commune_a_id}–{self.commune_b_id}"
