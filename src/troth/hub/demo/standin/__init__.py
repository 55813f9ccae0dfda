"""A stand-in for a payment company: its interface, its own page for the card, signed messages.

No money moves. It speaks as much of Stripe's interface as the checkout needs, over HTTP on
loopback, and needs nothing but the standard library:

    python -m troth.hub.demo.standin --key sk_test_x --secret whsec_x --hook http://…/payments/heard
"""
