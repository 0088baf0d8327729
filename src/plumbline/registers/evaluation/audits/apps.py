from django.apps import AppConfig


class AuditsConfig(AppConfig):
    name = "plumbline.registers.evaluation.audits"
    label = "audits"
