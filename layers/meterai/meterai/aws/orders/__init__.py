"""Orders, payments, serials and refunds in DynamoDB."""
