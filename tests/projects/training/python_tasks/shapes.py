import tables


def of(line):
    r"""A docstring with \d in it, and ''' in it."""
    return [[tables.POINTS, line.coef_[0]]]
