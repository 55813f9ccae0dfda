"""What machines call, and the page behind “Unsubscribe”."""
