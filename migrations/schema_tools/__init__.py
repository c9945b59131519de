"""Make tables, keep what stands in them, and open them to the application.

A migration that adds a table creates it and protects it by a row of its own, for instance
``protect({"annex": CONTENT})``. What released migrations use keeps its meaning here.
"""
