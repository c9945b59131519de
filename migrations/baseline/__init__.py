"""Declare what the first migration makes: tables, their protection, PostgreSQL's functions."""
