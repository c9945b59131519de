"""The digital signatures of a PDF that came back: looked at one by one, told line by line.

Nothing here says of a signature as a whole that it is good: each of three things is known, known
not to be so, or not known. pyHanko, the extra `sign`, does the reckoning in a process of its own.
"""
