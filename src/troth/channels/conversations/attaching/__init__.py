"""Files of messages: looked at before they are kept, scanned before anybody gets them."""
