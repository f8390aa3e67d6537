"""An applicant's own program: it knows the API's addresses and a token, and nothing inside."""
