"""What goes by itself, in words: the page of retention lists it beside what clauses remove."""

from __future__ import annotations

from troth.core.retention.api import also, expires
from troth.hub.request_log import let_go


def register() -> None:
    """Called once, when the application is ready."""
    expires("forms.SignUp", "Sign-ups that nobody confirmed: after the days their link works.")
    expires("domains.Order", "Orders of domains nobody confirmed: after the days their link works.")
    expires("billing.Begun", "Orders that were begun: with their cookie, or when they are placed.")
    expires("imports.Import", "Uploaded lists of people: their key goes when the import ends.")
    expires("imports.Piece", "Rows of uploaded lists: with the list.")
    expires("referral.Referral", "Invitations that could not be delivered: after their days.")
    expires(
        "rights.Request",
        "What people wrote in a request: when it is answered, 30 days after at the latest.",
    )
    expires(
        "conversations.RawMail",
        "Mails as they came: when they are read; undecided ones after 90 days, and so those put "
        "aside in the folder for incoming mail.",
    )
    expires("cases.Case", "What was written in a case: three years after it ended.")
    expires("cases.Document", "Papers of cases: with the case.")
    expires("cases.DocumentPart", "What those papers say: with them.")
    expires("cases.Event", "What was written at the steps of a case: with the case.")
    expires("billing.Order", "Orders that nobody paid: after 30 days.")
    expires("billing.Heard", "Names of the payment company's messages: after 30 days.")
    expires("conversations.SecureForm", "Answers of secure forms: when their chat ends.")
    expires("accounts.SignIn", "Log-ins: 90 days after they were last seen.")
    expires("accounts.Refused", "The security log: as the policy says, or 90 days.")
    expires("accounts.Registration", "Registrations nobody confirmed: when their link has run out.")
    expires("requests", "The log of requests: the file of a day, as the policy says.")
    also(let_go)
    expires("sessions.Session", "Sessions: after 12 hours without use.")
    expires("throttle.Count", "Counts of attempts: when their window is over.")
    expires("django_tasks_database.DBTaskResult", "Records of finished tasks: after a day.")
