"""One cause behind many cases ("no lids in stock"): who answers for it, what it concerns, which cases are tied to it.

A cause lasts until somebody says that it is fixed; in that one move every open promise behind it gets its date, and
every customer is to be told. Anybody who answers may note a cause and tie cases; its owner and supervisors fix it.
"""
