from __future__ import annotations

from django.urls import path

from troth.hub.console.views import (
    exporting,
    home,
    ledger,
    merging,
    people,
    policy,
    publishing,
    purpose,
    roles,
    staff,
)

app_name = "console"
urlpatterns = [
    path("", home.home, name="home"),
    path("undertaking", home.undertaking, name="undertaking"),
    path("purpose", purpose.purpose, name="purpose"),
    path("people", people.people, name="people"),
    path("people/find", people.find, name="find"),
    path("people/export", exporting.people, name="people-export"),
    path("people/<slug:ref>", people.person, name="person"),
    path("people/<slug:ref>/why", people.why, name="why"),
    path("people/<slug:ref>/history", people.history, name="history"),
    path("people/<slug:ref>/merge", merging.find, name="merge-find"),
    path("people/<slug:ref>/merge/<slug:other>", merging.merge, name="merge"),
    path("people/<slug:ref>/unmerge", merging.unmerge, name="unmerge"),
    path("policy", policy.policy, name="policy"),
    path("policy/picture", policy.picture, name="policy-picture"),
    path("policy/compare", policy.compare, name="policy-compare"),
    path("policy/new", publishing.new, name="policy-new"),
    path("policy/publish", publishing.publish, name="policy-publish"),
    path("policy/versions/<str:name>", policy.policy_version, name="policy-version"),
    path("ledger", ledger.ledger, name="ledger"),
    path("ledger/proof", ledger.proof, name="ledger-proof"),
    path("ledger/verify", ledger.verify, name="ledger-verify"),
    path("ledger/export", ledger.export, name="ledger-export"),
    path("ledger/<uuid:entry>", ledger.entry, name="entry"),
    path("ledger/<uuid:entry>/receipt", ledger.receipt, name="receipt"),
    path("settings", roles.roles, name="roles"),
    path("settings/roles/new", roles.role_new, name="role-new"),
    path("settings/roles/<uuid:pk>", roles.role, name="role"),
    path("settings/roles/<uuid:pk>/remove", roles.remove, name="role-remove"),
    path("settings/staff", staff.staff, name="staff"),
    path("settings/staff/invite", staff.invite, name="invite"),
    path("settings/staff/<slug:ref>", staff.member, name="member"),
    path("settings/staff/<slug:ref>/remove", staff.remove, name="member-remove"),
]
