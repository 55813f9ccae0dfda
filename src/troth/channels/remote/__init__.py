"""Remote help: an agent sees a customer's screen, from browser to browser, while they let it."""
