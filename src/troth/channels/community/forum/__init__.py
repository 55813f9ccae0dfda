"""The forum: threads of posts, read by everybody."""
