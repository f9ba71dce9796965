from django.apps import AppConfig


class SocleConfig(AppConfig):
    default_auto_field = "django.db.models.BigAutoField"
    name = "arpent.plateforme.socle"
    label = "socle"
