"""In-app notifications. Mail digests come with the démarche and its people (issue F)."""

from django.db import models


class Notification(models.Model):
    """One thing told to one agent (`destinataire_id`: the people lie above this room)."""

    destinataire_id = models.BigIntegerField()
    sujet = models.CharField(max_length=60)
    texte = models.CharField(max_length=300)
    url = models.CharField(max_length=300, blank=True)
    creee_le = models.DateTimeField(auto_now_add=True)
    lue_le = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = "notification"
        ordering = ["-creee_le", "-pk"]
        indexes = [models.Index(fields=["destinataire_id", "lue_le"], name="notification_a_lire")]

    def __str__(self) -> str:
        return self.texte
