from django.apps import AppConfig


class HooksConfig(AppConfig):
    name = "plumbline.faces.hooks"
    label = "hooks"
    default_auto_field = "django.db.models.BigAutoField"
