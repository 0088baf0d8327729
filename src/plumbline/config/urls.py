"""Every address of the installation; the pages of a register come from its declaration."""

from django.urls import include, path
from django.views.i18n import set_language

from plumbline.desk import urls as desk
from plumbline.faces.api import gate
from plumbline.faces.scim import gate as scim
from plumbline.kernel.register import registers
from plumbline.kernel.urls import pages_of
from plumbline.organisation.signin import urls as signing_in

from . import trust

urlpatterns = [
    path("accounts/", include(signing_in.urls)),
    path("language/", set_language, name="set_language"),
    *gate.urls,
    *scim.urls,
    *trust.urls,
    *desk.outside,
    *[pages_of(register) for register in registers()],
    *desk.inside,
]
