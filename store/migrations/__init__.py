"""Steps from one shape of the tables to the next, run at start by store.database."""
