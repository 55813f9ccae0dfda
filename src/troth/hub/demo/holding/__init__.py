"""“See it hold”: a page of the demo on which a newcomer tries to break a promise.

Each try calls the functions that the rest of the software calls, and shows what they answered.
"""
