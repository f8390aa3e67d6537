"""What is true: orders, serials, refunds, money, placement. Pure: no input, no output, no clock."""
