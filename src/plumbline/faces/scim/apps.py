from django.apps import AppConfig


class ScimConfig(AppConfig):
    name = "plumbline.faces.scim"
    label = "scim"
    verbose_name = "SCIM"
