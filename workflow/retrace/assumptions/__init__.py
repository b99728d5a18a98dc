"""Does a decision depend on what is assumed of the responses?"""
