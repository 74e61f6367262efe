"""Statements composed once: what Django's query builder makes of a query or an insert is kept and used again.

Composing takes several times as long as the database needs to answer, and a page asks a dozen questions of a shape that
never changes. The queries are written with the ORM as everywhere, and give what they would give.
"""

from tenir.statements.inserting import insert as insert
from tenir.statements.prepared import Prepared as Prepared
