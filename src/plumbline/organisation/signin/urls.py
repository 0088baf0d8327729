"""Addresses of signing in: what we use of allauth, and our own pages. No sign-up, no list of social accounts."""

from allauth.account import urls as accounts
from allauth.mfa.base import views as factors
from allauth.mfa.recovery_codes import views as recovery
from allauth.mfa.totp import views as totp
from allauth.mfa.webauthn import views as webauthn
from allauth.socialaccount import views as providers
from django.urls import URLPattern, URLResolver, include, path
from django.views.generic import RedirectView

from . import device_pages, leading, needed, pages, passkeys

KEPT = {
    "account_logout",
    "account_reauthenticate",
    "account_change_password",
    "account_set_password",
    "account_inactive",
    "account_reset_password",
    "account_reset_password_done",
    "account_reset_password_from_key",
    "account_reset_password_from_key_done",
}
to_security = RedirectView.as_view(pattern_name="security")


def saml() -> list[URLPattern | URLResolver]:
    """Ours before allauth's: allauth answers what a provider does wrong as a fault of ours."""
    return [
        path("saml/<str:organization_slug>/login/", leading.saml_login),
        path("saml/<str:organization_slug>/acs/finish/", leading.saml_finished),
        path("saml/<str:organization_slug>/metadata/", leading.saml_metadata),
        path("saml/<str:organization_slug>/sls/", leading.saml_left),
        path("", include("allauth.socialaccount.providers.saml.urls")),
    ]


urls: list[URLPattern | URLResolver] = [
    *(pattern for pattern in accounts.urlpatterns if getattr(pattern, "name", "") in KEPT),
    path("login/", device_pages.SignIn.as_view(), name="account_login"),
    path("device/", device_pages.Who.as_view(), name="device"),
    path("device/new-pin/", device_pages.NewPin.as_view(), name="device-new-pin"),
    path("device/next/", device_pages.NextPerson.as_view(), name="device-next"),
    path("device/bind/<str:ticket>/", device_pages.Bind.as_view(), name="device-bind"),
    path("device/<uuid:uid>/", device_pages.TypePin.as_view(), name="device-pin"),
    path("security/", pages.Security.as_view(), name="security"),
    path("security/all/", to_security, name="mfa_index"),
    path("security/passkeys/", to_security, name="mfa_list_webauthn"),
    path("security/providers/", to_security, name="socialaccount_connections"),
    path("security/session/<int:pk>/end/", pages.EndSession.as_view(), name="session-end"),
    path("security/session/<uuid:uid>/end/", pages.EndAtShared.as_view(), name="session-end-shared"),
    path("security/sessions/end/", pages.EndOthers.as_view(), name="sessions-end"),
    path("security/provider/<int:pk>/disconnect/", pages.Disconnect.as_view(), name="provider-disconnect"),
    path("security/authenticator/", totp.activate_totp, name="mfa_activate_totp"),
    path("security/authenticator/remove/", totp.deactivate_totp, name="mfa_deactivate_totp"),
    path("security/recovery-codes/", pages.RecoveryCodes.as_view(), name="mfa_view_recovery_codes"),
    path("security/recovery-codes/new/", recovery.generate_recovery_codes, name="mfa_generate_recovery_codes"),
    path(
        "security/recovery-codes/file/", pages.RecoveryCodes.as_view(as_file=True), name="mfa_download_recovery_codes"
    ),
    path("security/passkey/", passkeys.AddPasskey.as_view(), name="mfa_add_webauthn"),
    path("security/passkey/<int:pk>/remove/", webauthn.remove_webauthn, name="mfa_remove_webauthn"),
    path("security/passkey/<int:pk>/", webauthn.edit_webauthn, name="mfa_edit_webauthn"),
    path("second-factor/", factors.authenticate, name="mfa_authenticate"),
    path("second-factor/again/", factors.reauthenticate, name="mfa_reauthenticate"),
    path("passkey/again/", passkeys.AgainByPasskey.as_view(), name="mfa_reauthenticate_webauthn"),
    path("passkey/sign/", passkeys.PasskeyForSigning.as_view(), name="passkey-for-signing"),
    path("passkey/", passkeys.ByPasskey.as_view(), name="mfa_login_webauthn"),
    path("security/directory/<slug:id>/", pages.ConnectDirectory.as_view(), name="provider-directory"),
    path("provider/prove/", pages.Prove.as_view(), name="provider-prove"),
    path("needed/<slug:slug>/", needed.Needed.as_view(), name="entry-needed"),
    path("provider/cancelled/", providers.login_cancelled, name="socialaccount_login_cancelled"),
    path("provider/failed/", providers.login_error, name="socialaccount_login_error"),
    path("oidc/<str:provider_id>/login/", leading.oidc_login),
    path("oidc/<str:provider_id>/login/callback/", leading.oidc_callback),
    path("", include("allauth.socialaccount.providers.openid_connect.urls")),
    *(saml() if leading.SAML else []),
]
