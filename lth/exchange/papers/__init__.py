"""Official papers: what an office signs, numbers and sends (Nghị định 30/2020/NĐ-CP).

`text` is a paper as it is laid out, `writing` makes one of a plan, `word` and `pdf` write it.
"""
