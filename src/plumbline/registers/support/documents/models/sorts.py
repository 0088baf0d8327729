from django.db import models
from django.utils.translation import gettext_lazy as _


class Sort(models.TextChoices):
    """The kinds of documents that ship; an organisation renames them and adds its own (DocumentKind)."""

    POLICY = "policy", _("Policy")
    MANUAL = "manual", _("Manual")
    PROCEDURE = "procedure", _("Procedure")
    WORK_INSTRUCTION = "work_instruction", _("Work instruction")
    FORM = "form", _("Form")
    SPECIFICATION = "specification", _("Specification")
    RECORD_TEMPLATE = "record_template", _("Record template")
    RECORD = "record", _("Record")
    EXTERNAL = "external", _("External document")
