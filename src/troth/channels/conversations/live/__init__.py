"""Chats in real time: what goes over a socket, and into the database in batches."""
