def as_text(b): return ""
def write(b, f): return []
