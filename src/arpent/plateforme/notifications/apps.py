from django.apps import AppConfig


class NotificationsConfig(AppConfig):
    default_auto_field = "django.db.models.BigAutoField"
    name = "arpent.plateforme.notifications"
    label = "notifications"

    def ready(self) -> None:
        from arpent.plateforme.socle.sante import SOURCES

        from .mesures import en_attente

        SOURCES.append(en_attente)
