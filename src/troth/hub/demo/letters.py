"""What the demo's campaigns say. The company's name is put in; nothing else tells them apart."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Letter:
    """A campaign's words. `{company}` is the company's name."""

    name: str
    subject: str
    body: str
    subject_b: str = ""
    public: bool = False


AUTUMN: Final = Letter(
    "Autumn letter",
    "What we built since summer",
    """# What we built since summer

Dear {{{{ name | friend }}}},

the evenings grow longer, and here is what kept us busy:

- **Quicker answers.** Whoever writes to us before noon hears from us the same day.
- **Fewer steps.** Three forms became one.
- **Your choices on one page.** What we may use your data for, each with a switch.

Thank you for reading,
{company}
""",
    public=True,
)
SPRING: Final = Letter(
    "Spring letter",
    "Three things that people asked for",
    """# Three things that people asked for

Dear {{{{ name | friend }}}},

we read what you write to us. This spring we made:

1. a list of everything that waits for you, on one page
2. exports that open in any spreadsheet
3. a receipt for every choice, which you can check without us

> Tell us what should be next: just answer this mail.

Yours, {company}
""",
    subject_b="You asked, we made it",
    public=True,
)
OFFER: Final = Letter(
    "Offer of the month",
    "A month for the price of none",
    """Dear {{{{ name | reader }}}},

whoever brings a colleague along this month gets the next one free. There is nothing to fill in:
mention it when you write to us.

Yours, {company}
""",
)
INVITATION: Final = Letter(
    "Open day",
    "Come and see us",
    """# Come and see us

Dear {{{{ name | friend }}}},

next week our doors are open: coffee, a look behind the scenes, and time for your questions.

Yours, {company}
""",
)
DRAFT: Final = Letter(
    "Summer letter",
    "Before the holidays",
    """# Before the holidays

Dear {{{{ name | friend }}}},

*to be written: what is new, who is there in August*
""",
)
SHOUT: Final = Letter(
    "Last chance",
    "LAST CHANCE: you have won",
    """**You have won!** Answer today, or it is gone.
""",
)
REPLY: Final = "The subject promises a prize that the letter does not give. Please say what it is."
