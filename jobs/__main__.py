"""`python -m jobs`: both queues' workers, the sweep and the watched folder."""

import sys

from jobs.crew import main

sys.exit(main())
