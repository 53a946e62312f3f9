"""Numbers over time: shares, means, trends and changes, each with what it was made of.

Values in, values out: no database, no network, no words of a person. `store.reports` fetches the
rows, a program shows the figures; docs/reports.md defines each of them.
"""
