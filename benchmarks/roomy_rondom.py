"""Rondom as `rondom serve` runs it, with boards that hold what S3 and S4 write: no meeting types that much.

python -m benchmarks.roomy_rondom serve …
"""

from app.command_line import main
from meetings.boards import replica

if __name__ == "__main__":
    for limit in ("MOST_PIECES", "MOST_STATE_BYTES", "MOST_LOG_BYTES"):
        setattr(replica, limit, getattr(replica, limit) * 20)
    main()
