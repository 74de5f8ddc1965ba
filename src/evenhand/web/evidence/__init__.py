"""Pages of evidence: what a document, photo or receipt is about, and its file for whom it is for."""
