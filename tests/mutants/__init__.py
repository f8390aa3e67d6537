"""Do the tests bite? Mutation testing of the rules and the steps."""
