from __future__ import annotations

from troth.channels.billing.paying.till import CONNECT
from troth.channels.billing.products import ABILITY
from troth.kit.permissions import PERSON, PUBLIC

PERMISSIONS = {
    **{f"billing:{name}": PUBLIC for name in ("shop", "product", "checkout", "keep", "heard")},
    # The address carries a signature, which the page checks.
    **{f"billing:{name}": PUBLIC for name in ("order", "pay", "returned", "invoice-link")},
    **{f"billing:{name}": PERSON for name in ("mine", "own", "own-invoice")},
    **{
        f"billing:{name}": ABILITY
        for name in ("orders", "console-order", "move", "invoices", "invoice")
    },
    **{f"billing:{name}": ABILITY for name in ("sources", "record")},
    "billing:till": CONNECT,
    **{f"billing:{name}": ABILITY for name in ("products", "new", "edit", "remove")},
}
