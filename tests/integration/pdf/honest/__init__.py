"""What honest people and software add to a stamped file, each of it `extended`.

`python -m tests.integration.pdf.honest DIR` signs every PDF of a folder after stamping it, and
prints how many are called anything else.
"""
