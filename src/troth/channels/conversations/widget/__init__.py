"""The visitor's side: what the script on a web site talks to."""
