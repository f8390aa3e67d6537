"""What applicants prepare on the pages, in DynamoDB."""
