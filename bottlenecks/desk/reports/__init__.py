"""Reports at the desk: the inbox, one report, and files of them."""
