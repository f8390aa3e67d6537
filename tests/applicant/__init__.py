"""An applicant's client program: it knows the API's addresses and a token, and nothing internal."""
