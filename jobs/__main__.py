"""`python -m jobs`: both queues' workers, the sweep and the watched folder."""

from jobs.main import main

main()
