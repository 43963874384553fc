"""numpy.ma: arrays with missing elements.

    _fill.py masks, fill values    core.py MaskedArray    _special.py records, the constant    _ufuncs.py ufuncs and operators    _functions.py functions
    extras.py statistics, sets, rows and columns    mrecords.py record arrays    testutils.py assertions"""
from numpy.ma import core, extras  # noqa: F401
from numpy.ma.core import *  # noqa: F401,F403
from numpy.ma.extras import *  # noqa: F401,F403
