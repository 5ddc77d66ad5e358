"""Takes the next update of a database within a transaction, and hangs.

`holds_an_update.py URL SECRET`
"""

import sys
import time

from bottlenecks.crypto import Cipher
from bottlenecks.store import open_database

if __name__ == "__main__":
    with open_database(sys.argv[1], Cipher(sys.argv[2])) as database, database.work() as work:
        received = work.inbox.next()
        print(received.payload if received else None, flush=True)
        time.sleep(600)
