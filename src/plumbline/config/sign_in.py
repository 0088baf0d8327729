"""The settings of signing in: what allauth and axes are told, and the identity providers of this installation."""

from datetime import timedelta
from importlib.util import find_spec
from typing import Any

from plumbline.config.environment import switch, text
from plumbline.organisation.signin.providers import Provider, as_allauth, origins, read

PLUMBLINE_PROVIDERS: list[Provider] = read(text("PLUMBLINE_SIGN_IN"))
BEHIND_PROXY = switch("PLUMBLINE_BEHIND_PROXY")

APPS = [
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    *(["allauth.socialaccount.providers.saml"] if find_spec("onelogin") else []),
    "axes",
]
BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "plumbline.organisation.accounts.Backend",
    "plumbline.organisation.signin.directory.Directory",
]
FORM_ORIGINS = origins(PLUMBLINE_PROVIDERS)  # a form of ours leads on to the provider

LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
ACCOUNT_ADAPTER = "plumbline.organisation.accounts.Adapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"  # an invitation to an address proves it; there is no open sign-up
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_EMAIL_NOTIFICATIONS = True
# By address and machine together: axes below. By address alone a stranger could lock others out.
ACCOUNT_RATE_LIMITS = {"login_failed": "30/m/ip", "second_factor": "10/15m/key"}

MFA_ADAPTER = "plumbline.organisation.signin.factors.Factors"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_WEBAUTHN_USER_VERIFICATION = "required"
MFA_TOTP_ISSUER = "Plumbline"
MFA_TOTP_TOLERANCE = 1
MFA_ALLOW_UNVERIFIED_EMAIL = True  # an invitation has proven it
MFA_FORMS = {
    "authenticate": "plumbline.organisation.signin.factors.CodeForm",
    "reauthenticate": "plumbline.organisation.signin.factors.CodeAgainForm",
    "activate_totp": "plumbline.organisation.signin.factors.ActivateForm",
    "add_webauthn": "plumbline.organisation.signin.factors.PasskeyForm",
    "login_webauthn": "plumbline.organisation.signin.factors.PasskeyLogin",
    "authenticate_webauthn": "plumbline.organisation.signin.factors.PasskeySecond",
    "reauthenticate_webauthn": "plumbline.organisation.signin.factors.PasskeyAgain",
}
SOCIALACCOUNT_ADAPTER = "plumbline.organisation.signin.linking.Linking"
SOCIALACCOUNT_PROVIDERS: dict[str, Any] = as_allauth(PLUMBLINE_PROVIDERS)
SOCIALACCOUNT_STORE_TOKENS = False

AXES_FAILURE_LIMIT = 10
AXES_COOLOFF_TIME = timedelta(minutes=15)
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_RESET_ON_SUCCESS = True
AXES_LOCKOUT_CALLABLE = "plumbline.organisation.signin.strangers.rests"
AXES_VERBOSE = False
AXES_USERNAME_CALLABLE = "plumbline.organisation.accounts.tried"
AXES_CLIENT_IP_CALLABLE = "plumbline.organisation.accounts.machine"
AXES_DISABLE_ACCESS_LOG = True  # where somebody is signed in stands with the sessions
