"""Conversations: live chat, mail, calls and letters, in one inbox."""
