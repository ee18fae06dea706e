"""What went wrong, in words for the clerk: the one kind of error whose text may be shown as it is.

Each module raises its own subclass, with one Vietnamese sentence that says what happened and what to do.
Keep out: errors of the machine (OSError), which may pass with time and are worth a retry; these are not.
"""

# Set in the environment, it lets unexpected errors show all they know: for a maintainer, never for a log that is kept.
TRACEBACK = "MOTCUA_TRACEBACK"


class Problem(Exception):
    """A failure a person can mend; `str()` is a Vietnamese sentence without personal data."""
