"""The hand-off to a payment company: its own library, its own page for the card, its messages."""
