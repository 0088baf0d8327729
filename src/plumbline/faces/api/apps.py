from django.apps import AppConfig


class ApiConfig(AppConfig):
    name = "plumbline.faces.api"
    label = "api"
    verbose_name = "API"
