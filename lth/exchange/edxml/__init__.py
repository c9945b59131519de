"""Documents between offices' systems as files (edXML): written, read and answered, never sent.

The structure is that of the axis's sample packages; nothing here claims to conform to a standard.
"""
