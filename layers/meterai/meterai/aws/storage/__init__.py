"""Files in S3: documents, daily records and reports."""
