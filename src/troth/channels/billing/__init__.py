"""Billing: what a company sells, orders, the hand-off to a payment company, invoices."""
