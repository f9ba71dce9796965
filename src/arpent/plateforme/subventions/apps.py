from django.apps import AppConfig


class SubventionsConfig(AppConfig):
    default_auto_field = "django.db.models.BigAutoField"
    name = "arpent.plateforme.subventions"
    label = "subventions"
