"""The demo: a company's site with generated people, a history, and the outside world's mailbox."""
