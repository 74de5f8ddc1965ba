"""Pages of offers: what donors give, followed to the last hand."""
