"""Read what people type: numbers, days and numbers of documents, one reader for each."""
