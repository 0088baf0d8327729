from django.apps import AppConfig


class ExclusionsConfig(AppConfig):
    name = "plumbline.registers.context.exclusions"
    label = "exclusions"
