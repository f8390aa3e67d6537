"""Mutation testing of the rules and the steps: does each change fail a test?"""
