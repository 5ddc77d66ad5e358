"""The inputs of a flow: what a button sends, and what typed text is read into.

Commands begin with `!`, typed text with `=`; what else there is, is the value of a choice.
"""

PREFIX = "f"
STOP, BACK, SKIP, FINISH = "!stop", "!terug", "!skip", "!klaar"
LEAVE = "!laat"
CHANGE = "!wijzig"
RESTART, EXPLAIN, OVERVIEW = "!opnieuw", "!uitleg", "!overzicht"
HAND_OVER, KEEP = "!doorgeven", "!bewaren"
READY_TEXT = "!tekst-"
REPORT = "!melden"
# the report goes without the name of the practice, which is the answer to this step
ANONYMOUS, PRACTICE = "!anoniem", "praktijk"
# takes off the topic that a report points to
NO_TOPIC = "!geen-onderwerp"
# at the summary of a report: takes more out of its texts, or puts something back (number follows)
TAKE_OUT, RESTORE, RESTORE_ONE = "!weghalen", "!terugzetten", "!zet-"
TYPED = "="
SEND = "versturen"
READ = "verder"
PICK, UNPICK = "+", "-"
# takes the place of the last item of a list
REPLACE = "~"
# a choice at a summary that stops, like the button
CANCEL = "nee"
DOCUMENT = "!document"
# leaves all that may be left open, up to what may not
REST = "!rest"
# more buttons than this under a summary are shown on request
MAX_CHANGE_BUTTONS = 8
