from django.apps import AppConfig


class ReglementsConfig(AppConfig):
    default_auto_field = "django.db.models.BigAutoField"
    name = "arpent.plateforme.reglements"
    label = "reglements"
