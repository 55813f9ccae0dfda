"""Mounted by the hub at ``account/``."""

from __future__ import annotations

from django.urls import path

from troth.channels.accounts.views import (
    logging_in,
    my_data,
    passkeys,
    passwords,
    profile,
    registering,
    security,
)  # fmt: skip

app_name = "accounts"
urlpatterns = [
    path("", my_data.home, name="home"),
    path("register/", registering.register, name="register"),
    path("register/sent/", registering.registered, name="registered"),
    path("confirm/<str:token>/", registering.confirm, name="confirm"),
    path("login/", logging_in.login, name="login"),
    path("login/code/", logging_in.login_code, name="login-code"),
    path("login/passkey/", logging_in.login_passkey, name="login-passkey"),
    path("login/passkey/options/", logging_in.passkey_options, name="login-passkey-options"),
    path("logout/", logging_in.log_out, name="logout"),
    path("logged-out/", logging_in.logged_out, name="logged-out"),
    path("reset/", passwords.reset, name="reset"),
    path("reset/sent/", passwords.reset_sent, name="reset-sent"),
    path("reset/<str:uid>/<str:token>/", passwords.reset_link, name="reset-link"),
    path("let-in/<str:uid>/<str:token>/", passwords.let_in, name="let-in"),
    path("password/", passwords.change, name="password"),
    path("invitation/<str:token>/", passwords.invitation, name="invitation"),
    path("profile/", profile.profile, name="profile"),
    path("address/", profile.address, name="address"),
    path("address/confirm/<str:token>/", profile.address_confirm, name="address-confirm"),
    path("security/", security.security, name="security"),
    path("sessions/", security.sessions, name="sessions"),
    path("sessions/others/end/", security.end_others, name="end-others"),
    path("sessions/<uuid:sign_in>/end/", security.end_session, name="end-session"),
    path("second-factor/", security.factor, name="factor"),
    path("second-factor/off/", security.factor_off, name="factor-off"),
    path("second-factor/codes/", security.new_codes, name="new-codes"),
    path("passkeys/", passkeys.passkeys, name="passkeys"),
    path("passkeys/options/", passkeys.passkey_options, name="passkey-options"),
    path("passkeys/<uuid:passkey>/remove/", passkeys.passkey_remove, name="passkey-remove"),
    path("not-me/<str:token>/", security.not_me, name="not-me"),
    path("my-data/", my_data.my_data, name="my-data"),
    path("my-data/receipts/<uuid:entry>.json", my_data.receipt, name="receipt"),
    path("my-data/checking/", my_data.checking, name="checking"),
]
