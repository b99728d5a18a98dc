"""Do the printed results follow from the printed statistics?

A check is a module of this package; what several of them share lies in the folder of its kind.
"""
