from __future__ import annotations

from support.askers import ada, company, mails, owner, template

__all__ = ["ada", "company", "mails", "owner", "template"]
