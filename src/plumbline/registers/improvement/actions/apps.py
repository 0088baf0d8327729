from django.apps import AppConfig


class ActionsConfig(AppConfig):
    name = "plumbline.registers.improvement.actions"
    label = "actions"
