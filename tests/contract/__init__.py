"""One suite for every port, in memory, on moto and on ministack: they answer alike."""
