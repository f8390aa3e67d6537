"""One suite for every port. Memory, moto and ministack must give the same answers."""
