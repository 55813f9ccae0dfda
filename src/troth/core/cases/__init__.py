"""Cases: what a ground, a document and people have to see to before anything happens with data."""
